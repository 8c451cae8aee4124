//! `vup checklist` for one case: what is settled, what is told to whom, and what is refused.

#[path = "support/program.rs"]
mod program;

use program::{code, err, folder, out, vup};
use serde_json::Value;
use std::path::Path;

/// Everything that is marked as internal says SECRET.
const SHOP: &str = r#"process shop "The shop" {
  version 1.0.0
  role us "Us" {
    role clerk "Clerk"
    role back-office "SECRET office"
  }
  role buyer "Buyer" external
  environment counter "Counter"
  environment vault "SECRET vault" uses safe
  resource safe "SECRET safe" live
  artifact bill "Bill"
  artifact margin "SECRET margin" sheet "SECRET column", "Amount"
  switch alarm "SECRET alarm"
  fact rush "Is it urgent?" : yes-no
  fact gift "Is it a gift?" : yes-no later
  fact price "SECRET price" : number 1..9 later
  fact rating "SECRET rating" : yes-no
  fact trusted "SECRET trust" = rating and rush
  outcome sold "Sold"
  outcome kept "Kept"
  internal note "SECRET note of the process"
  stage sell "Sell it" by clerk on counter {
    internal warning "SECRET warning of a stage"
    step ask "Ask" with buyer {
      do "Ask whether it is a gift" {
        learns gift
        internal record "SECRET record of a task" : text
        internal link "SECRET link" "https://example.org/SECRET"
      }
      internal do "SECRET task" by back-office on vault {
        makes margin
        learns price
        turns on alarm
        turns off alarm
        note "SECRET note in a task"
      }
      internal do "SECRET discount" by back-office {
        when price > 5 and trusted
      }
      internal notify back-office "SECRET message"
      internal record "SECRET record" : text
    }
    step wrap "Wrap it" {
      when gift
      do "Wrap it in paper"
    }
    decide take "Does the buyer take it?" by buyer {
      at least 2 days before step hand-over
      answer yes "Yes" -> next
      answer no "No" -> end kept
    }
    step hand-over "Hand it over" {
      skip when rush "There is no time for it"
      do "Give the bill" by buyer {
        makes bill
      }
      notify buyer "It is theirs" {
        when not gift
      }
      within 3 days of step take
    }
  }
  end sold
}
"#;

fn checklist(folder: &Path, args: &str) -> String {
    let args: Vec<&str> = ["checklist"].into_iter().chain(args.split(' ')).collect();
    let output = vup(folder, &args);
    assert_eq!(code(&output), 0, "{args:?}: {}", err(&output));
    out(&output)
}

/// A case that says what only internal lines ask for.
const SECRETS: &str = " --given rush=no --given gift=yes --given price=7 --given rating=yes";

#[test]
fn what_is_internal_is_in_no_document_for_external_roles() {
    let folder = folder(&[("shop.vup", SHOP)]);
    for only in ["", " --only communication-plan"] {
        for format in ["md", "html", "json"] {
            for case in ["", " --given rush=no --given gift=yes --answer take=yes", SECRETS] {
                let args = format!("shop.vup --format {format}{case}{only}");
                let ours = checklist(folder.path(), &args);
                assert!(ours.contains("SECRET message"), "{args}");
                assert!(!only.is_empty() || ours.matches("SECRET").count() > 12, "{args}");
                for view in ["--audience client", "--role buyer", "--role clerk --audience client"]
                {
                    let args = format!("{args} {view}");
                    let theirs = checklist(folder.path(), &args);
                    assert!(!theirs.to_lowercase().contains("secret"), "{args}: {theirs}");
                }
            }
        }
    }
}

/// The shop before anybody had a secret: the lines that say so, and what stands in them, are not there.
fn without_secrets() -> String {
    let mut depth = 0;
    let mut kept = String::new();
    for line in SHOP.lines() {
        if depth > 0 || line.contains("SECRET") {
            depth += line.matches('{').count();
            depth -= line.matches('}').count();
        } else {
            kept += line;
            kept += "\n";
        }
    }
    kept.replace(" = rating and rush", "")
}

#[test]
fn what_is_internal_is_in_no_release_notes() {
    let (before, renamed) = (without_secrets(), SHOP.replace("SECRET", "SECRET new"));
    let files = [("before.vup", &*before), ("shop.vup", SHOP), ("renamed.vup", &renamed)];
    let folder = folder(&files);
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    for (old, new) in names.iter().flat_map(|old| names.iter().map(move |new| (*old, *new))) {
        let run = |command| {
            let output = vup(folder.path(), &[command, old, new]);
            assert_eq!(code(&output), 0, "{}", err(&output));
            out(&output)
        };
        // Roles, artifacts, environments, resources, switches, facts, tasks.
        let told = run("diff").matches("SECRET").count();
        assert!(old == new || told > 12, "{old} {new}: {told}");
        let notes = run("release-notes");
        assert!(notes.contains("Nothing changes for you."), "{old} {new}: {notes}");
    }
}

/// What an author writes is no image and no script, in whatever shows the Markdown.
#[test]
fn links_in_markdown_are_what_was_tried() {
    let shop = SHOP
        .replace("\"Wrap it in paper\"", "\"Wrap \\\\![it](https://example.org/p.png?a=1&b=2) up\"")
        .replace(
            "notify buyer \"It is theirs\"",
            "link \"here\" \"javascript&colon;alert(1)\"\n      notify buyer \"Pay \\\\![x](https://example.org/q.png) and [y](javascript&amp;colon;alert(1))\"",
        );
    let folder = folder(&[("shop.vup", &shop)]);
    for only in ["", " --only communication-plan"] {
        let told = checklist(folder.path(), &format!("shop.vup --format md{only}"));
        let mut page = String::new();
        let tables = pulldown_cmark::Options::ENABLE_TABLES;
        pulldown_cmark::html::push_html(&mut page, pulldown_cmark::Parser::new_ext(&told, tables));
        assert!(page.contains("!<a href=\"https://example.org/q.png\">x</a>"), "{page}");
        assert!(!page.contains("<img") && !page.contains("javascript:"), "{page}");
        let query = "<a href=\"https://example.org/p.png?a=1&amp;b=2\">it</a>";
        assert!(!only.is_empty() || page.contains(query), "{page}");
    }
}

#[test]
fn a_client_has_a_name() {
    let folder = folder(&[("shop.vup", SHOP)]);
    let output = vup(folder.path(), &["checklist", "shop.vup", "--client", " "]);
    assert_eq!(code(&output), 2, "{}", out(&output));
    assert!(err(&output).contains("this one is empty: leave it out"), "{}", err(&output));
}

/// Every byte of a tracker, unzipped, with the names of its files.
fn tracker(folder: &Path, args: &str) -> Vec<u8> {
    let args: Vec<&str> =
        ["tracker", "-o", "t.xlsx", "--force"].into_iter().chain(args.split(' ')).collect();
    let output = vup(folder, &args);
    assert_eq!(code(&output), 0, "{args:?}: {}", err(&output));
    let file = std::fs::File::open(folder.join("t.xlsx")).expect("it was written");
    let mut archive = zip::ZipArchive::new(file).expect("it is a zip");
    let mut all = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("a file");
        all.extend(file.name().expect("a name").to_string().into_bytes());
        std::io::Read::read_to_end(&mut file, &mut all).expect("read");
    }
    all
}

#[test]
fn what_is_internal_is_in_no_byte_of_a_tracker_for_external_roles() {
    let folder = folder(&[("shop.vup", SHOP)]);
    for case in ["", " --given rush=no --given gift=yes --answer take=yes --client ACME", SECRETS] {
        let args = format!("shop.vup{case}");
        let ours = String::from_utf8_lossy(&tracker(folder.path(), &args)).into_owned();
        assert!(ours.contains("SECRET message") && ours.contains("SECRET column"), "{args}");
        assert!(ours.contains("name=\"SECRET margin\""), "{args}");
        for view in ["--audience client", "--role buyer", "--role clerk --audience client"] {
            let args = format!("{args} {view}");
            let theirs = String::from_utf8_lossy(&tracker(folder.path(), &args)).to_lowercase();
            assert!(theirs.contains("give the bill") && !theirs.contains("secret"), "{args}");
        }
    }
}

#[test]
fn a_tracker_is_written_to_an_excel_file_and_over_nothing_else() {
    let folder = folder(&[("shop.vup", SHOP), ("old.xlsx", "old")]);
    for (file, exit, told) in [
        ("t.xls", 2, "let t.xls end in .xlsx"),
        ("t", 2, "let t end in .xlsx"),
        ("old.xlsx", 4, "old.xlsx is there already; --force overwrites it"),
    ] {
        let output = vup(folder.path(), &["tracker", "shop.vup", "-o", file]);
        assert_eq!(code(&output), exit, "{file}");
        assert!(err(&output).contains(told), "{}", err(&output));
    }
    assert_eq!(code(&vup(folder.path(), &["tracker", "shop.vup"])), 2, "it needs a file");
}

#[test]
fn what_is_known_is_settled() {
    let folder = folder(&[("shop.vup", SHOP)]);
    let told = checklist(folder.path(), "shop.vup --given rush --given gift=no");
    for part in [
        "- Is it urgent? **yes**\n",
        "- Is it a gift? **no** *(so it is taken to be; it is found out on the way)*\n",
        "- 1.2 Wrap it — *not applicable:* “Is it a gift?” is no\n",
        "- 1.4 Hand it over — *not applicable:* There is no time for it (“Is it urgent?” is yes)\n",
        "    - Is it a gift? *(taken to be no)*\n",
    ] {
        assert!(told.contains(part), "{part}\nis not in\n{told}");
    }
    assert!(!told.contains("Give the bill") && !told.contains("Bill"), "{told}");
    // What is not known stays a question, and a condition.
    let told = checklist(folder.path(), "shop.vup --given gift=no");
    assert!(told.contains("- Is it urgent?\n  - [ ] yes\n  - [ ] no\n"), "{told}");
    assert!(told.contains("  - Skip it if: There is no time for it"), "{told}");
    assert!(told.contains("  - [ ] 1.4.2 **Tell Buyer:** It is theirs\n  - Result"), "{told}");
    // An answer that is planned.
    let told = checklist(folder.path(), "shop.vup --given rush=no --given gift --answer take=no");
    for part in [
        "    - [ ] No → end: Kept — *planned*\n",
        "- 1.4 Hand it over — *not applicable:* at 1.3 Does the buyer take it? the answer is: No\n",
        "- [ ] **1.2 Wrap it**\n",
    ] {
        assert!(told.contains(part), "{part}\nis not in\n{told}");
    }
    assert!(!told.contains("**End:** Sold"), "{told}");
}

#[test]
fn a_role_gets_its_own_steps_and_those_of_others_in_a_line() {
    let folder = folder(&[("shop.vup", SHOP)]);
    let told = checklist(folder.path(), "shop.vup --role buyer");
    for part in [
        "For **Buyer**: what others do is told in a line.",
        "- [ ] **1.1 Ask**\n",
        "- 1.2 Wrap it — *Clerk* on Counter\n",
        "- [ ] Decide: **1.3 Does the buyer take it?**\n",
        "  - [ ] 1.4.1 Give the bill — *Buyer*\n",
        "  - [ ] 1.4.2 **Tell Buyer:** It is theirs\n",
    ] {
        assert!(told.contains(part), "{part}\nis not in\n{told}");
    }
    let told = checklist(folder.path(), "shop.vup --role back-office");
    let own = "- **1.1 Ask**\n  - *Clerk* with Buyer on Counter\n  - 1.1.1 Ask whether it is a gift\n  - [ ] \
               1.1.2 SECRET task";
    assert!(told.contains(own), "{told}");
    let told = checklist(folder.path(), "shop.vup --role clerk");
    assert!(told.contains("  - 1.4.1 Give the bill — *Buyer*\n"), "{told}");
    assert!(told.contains("- Decide: **1.3 Does the buyer take it?**\n"), "{told}");
}

#[test]
fn planned_dates_make_dates_of_times() {
    let case = "client = \"Ümit & Söhne\"\ndate = 2026-02-20\n[people]\nclerk = [\"Kim\", \"Lee\"]\n\
                [dates]\nhand-over = 2026-03-03\n\"sell.take\" = \"2026-03-01 10:00\"\n";
    let files = [("shop.vup", SHOP), ("case.toml", case)];
    let folder = folder(&files);
    let told = checklist(folder.path(), "shop.vup --case case.toml");
    for part in [
        "Client: **Ümit & Söhne**\n",
        "Date: **Fri 20 Feb 2026**\n",
        "  - Clerk: **Kim, Lee**\n",
        "- Time: planned: **Sun 1 Mar 2026, 10:00**, at least 2 days before 1.4 Hand it over: by Sun 1 \
         Mar 2026 at the latest\n",
        "- Time: planned: **Tue 3 Mar 2026**, within 3 days of 1.3 Does the buyer take it?: by Wed 4 Mar \
         2026, 10:00 at the latest\n",
    ] {
        assert!(told.contains(part), "{part}\nis not in\n{told}");
    }
}

#[test]
fn mistakes_in_a_case_file_are_told_with_their_places() {
    for (case, says) in [
        ("clinet = \"A\"", "1:1: a case file has no `clinet`; did you mean `client`?"),
        ("rush = true", "1:1: a case file has no `rush`; it belongs below `[facts]`"),
        ("clerk = \"A\"", "1:1: a case file has no `clerk`; it belongs below `[people]`"),
        ("client = 3", "1:10: this is a text in quotes"),
        ("client = \" \"", "1:10: this is a text in quotes"),
        ("date = \"1 March\"", "1:8: a date is written 2026-03-01"),
        ("date = 10:00:00", "1:8: a date is written 2026-03-01"),
        ("from = \"1.0.0\"", "1:1: the process has no versions; leave `from` out"),
        ("trigger = \"x\"", "1:1: the process declares no triggers; leave `trigger` out"),
        ("facts = 1", "1:9: this is a table"),
        ("[facts]\nrsuh = true", "2:8: there is no fact `rsuh`; did you mean `rush`?"),
        ("[facts]\nrush = 3", "2:8: `rush` is never `3`; its values are"),
        ("[facts]\nrush = [1]", "2:8: this is a text in quotes, a number, true or false"),
        ("[facts]\nprice = 12", "2:9: `price` is never `12`"),
        ("[takes-part]\nbuyer = true", "2:9: `buyer` is not optional"),
        ("[answers]\ntake = \"yse\"", "2:8: `take` is never answered `yse`; did you mean `yes`?"),
        ("[answers]\ntkae = \"yes\"", "2:8: there is no decision `tkae`; did you mean `take`?"),
        ("[each]\nguest = [\"A\"]", "2:1: no `for each` goes over `guest`; it goes over nothing"),
        ("[people]\nclrek = \"A\"", "2:1: there is no role `clrek`; did you mean `clerk`?"),
        ("[dates]\nhandover = 2026-01-01", "2:1: there is no stage, step or decision `handover`"),
        (
            "[dates]\nhand-over = 2026-03-03\ntake = 2026-03-02",
            "3:8: `sell.take` cannot be on Mon 2 Mar 2026: it is at least 2 days before \
             `sell.hand-over`, on Tue 3 Mar 2026, so by Sun 1 Mar 2026 at the latest (at 2:13)",
        ),
        (
            "[dates]\ntake = 2026-03-01\nask = 2026-03-02",
            "2:8: `sell.take` cannot be on Sun 1 Mar 2026: `sell.ask` comes before it, and is planned \
             for Mon 2 Mar 2026 (at 3:7)",
        ),
        (
            "[answers]\ntake = \"no\"\n\"sell.take\" = \"yes\"",
            "3:1: `sell.take` is answered further up already; leave one of the two out",
        ),
        (
            "[dates]\n\"sell.wrap\" = 2026-04-01\nwrap = 2026-03-01",
            "3:1: `sell.wrap` is given a date further up already; leave one of the two out",
        ),
        (
            "[people]\nclerk = \"A\"\n\" clerk\" = \"B\"",
            "3:1: `clerk` is filled further up already; leave one of the two out",
        ),
        ("client = \"A", "1:12: invalid basic string"),
        ("client = \"A\"\nclient = \"B\"", "2:1: this stands here twice"),
        ("client = 4.2.0", "1:13: this is no number; a text or a version stands in quotes"),
    ] {
        let folder = folder(&[("shop.vup", SHOP), ("case.toml", case)]);
        for command in ["checklist", "plan"] {
            let output = vup(folder.path(), &[command, "shop.vup", "--case", "case.toml"]);
            assert_eq!((code(&output), out(&output).as_str()), (2, ""), "{case}");
            let told = err(&output);
            assert!(told.contains(&format!("error: case.toml:{says}")), "{case}: {told}");
        }
    }
    // All of them at once, in order.
    let case = "x = 1\n[facts]\ny = 1\n[people]\nz = \"A\"\n";
    let folder = folder(&[("shop.vup", SHOP), ("case.toml", case)]);
    let told = err(&vup(folder.path(), &["plan", "shop.vup", "--case", "case.toml"]));
    let lines: Vec<&str> = told.lines().filter_map(|line| line.split(':').nth(2)).collect();
    assert_eq!(lines, ["1", "3", "5"], "{told}");
}

#[test]
fn what_there_is_of_each_is_named() {
    let process = r#"process visit "Visit" {
  version 1.0.0
  role nurse "Nurse"
  for each ward "Ward" {
    step look "Look at {ward}" by nurse {
      for each bed "Each bed by the window" {
        do "Make it"
      }
    }
  }
}
"#;
    let case = "[each]\nward = [\"North\", \"*South*\"]\nbed = \"7\"\n";
    let files = [("visit.vup", process), ("case.toml", case)];
    let told = checklist(folder(&files).path(), "visit.vup --case case.toml");
    for line in [
        "*For each ward, one after the other*",
        "For each bed by the window, one after the other",
        "- [ ] North\n",
        "- [ ] \\*South\\*\n",
        "- [ ] 7\n",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
    for (case, says) in [
        ("[each]\nwrad = \"A\"", "2:1: no `for each` goes over `wrad`; did you mean `ward`?"),
        ("[each]\nroom = \"A\"", "2:1: no `for each` goes over `room`; there is `bed` and `ward`"),
        ("[each]\nward = []", "2:8: name at least one, or leave the line out"),
        ("[each]\nward = 3", "2:8: this is a text in quotes"),
    ] {
        let folder = folder(&[("visit.vup", process), ("case.toml", case)]);
        let output = vup(folder.path(), &["checklist", "visit.vup", "--case", "case.toml"]);
        assert_eq!((code(&output), out(&output).as_str()), (2, ""), "{case}");
        assert!(err(&output).contains(&format!("error: case.toml:{says}")), "{}", err(&output));
    }
}

#[test]
fn what_turns_letters_round_is_shown_as_a_sign_in_every_format() {
    let process = "process p \"A\u{202E}b\" {\n  version 1.0.0\n  role r \"C\u{202D}d\"\n  stage s \
                   \"E\u{202E}f\" by r {\n    step t \"\"\"\n      G\u{202E}h\n    \"\"\"\n  }\n}\n";
    let case = "client = \"I\u{202E}j\"\n";
    let folder = folder(&[("p.vup", process), ("case.toml", case)]);
    for format in ["md", "html", "json"] {
        let args = format!("p.vup --case case.toml --format {format}");
        let told = checklist(folder.path(), &args);
        assert!(!told.contains(['\u{202D}', '\u{202E}']), "{told}");
        for shown in ["A\u{FFFD}b", "C\u{FFFD}d", "E\u{FFFD}f", "G\u{FFFD}h", "I\u{FFFD}j"] {
            assert!(told.contains(shown), "{format} {shown}: {told}");
        }
    }
    let sheet = tracker(folder.path(), "p.vup --case case.toml");
    let sheet = String::from_utf8_lossy(&sheet);
    assert!(sheet.contains("A\u{FFFD}b") && !sheet.contains(['\u{202D}', '\u{202E}']));
}

#[test]
fn what_does_not_go_together_is_refused() {
    let case = "[facts]\nrush = true\n[answers]\ntake = \"yes\"\n";
    let folder = folder(&[("shop.vup", SHOP), ("case.toml", case)]);
    for (args, exit, says) in [
        ("--case case.toml --given rush=no", 2, "`rush` is given twice: as `yes` and as `no`"),
        ("--case case.toml --answer take=no", 2, "`take` is answered in the case file already"),
        ("--case gone.toml", 4, "cannot read gone.toml: there is no such file"),
        ("--date tomorrow", 2, "`tomorrow` is no date; one is written 2026-03-01"),
        ("--role byuer", 2, "there is no role `byuer`; did you mean `buyer`?"),
        ("--path simple", 2, "the process has no paths; leave --path out"),
    ] {
        let args: Vec<&str> =
            ["checklist", "shop.vup"].into_iter().chain(args.split(' ')).collect();
        let output = vup(folder.path(), &args);
        assert_eq!((code(&output), out(&output).as_str()), (exit, ""), "{args:?}");
        assert!(err(&output).contains(says), "{args:?}: {}", err(&output));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (args, says) in [
        ("--from 4.2.0 --to 4.2.1", "say which path with --path, or say what decides it"),
        ("--from 4.2.0 --to 5.0.0 --path simple", "it takes the path standard"),
        ("--from 4.2.0 --to 4.2.0 --path simple", "it ends before a path is chosen"),
    ] {
        let args = format!("checklist processes/version-update.vup {args}");
        let output = vup(root, &args.split(' ').collect::<Vec<_>>());
        assert_eq!((code(&output), out(&output).as_str()), (2, ""), "{args}");
        assert!(err(&output).contains(says), "{args}: {}", err(&output));
    }
}

#[test]
fn what_people_are_called_is_shown_as_it_is() {
    let hostile =
        "</textarea><script>alert(1)</script> | [x](javascript:alert(1)) \u{202e}\u{1f382} \"";
    let case = format!("client = '{hostile}'\n[people]\nclerk = '{hostile}'\n");
    let folder = folder(&[("shop.vup", SHOP), ("case.toml", &case)]);
    let page = checklist(folder.path(), "shop.vup --case case.toml --format html");
    assert_eq!((page.matches("<script").count(), page.matches("</script").count()), (1, 1));
    assert!(!page.contains("href=\"javascript") && page.contains("&lt;script&gt;"), "{page}");
    let text = checklist(folder.path(), "shop.vup --case case.toml");
    assert!(!text.contains("<script") || text.contains("\\<script"), "{text}");
    assert!(!text.contains("](javascript") || text.contains("\\](javascript"), "{text}");
    let list = checklist(folder.path(), "shop.vup --case case.toml --format json");
    let list: Value = serde_json::from_str(&list).expect("JSON");
    assert_eq!(list["client"], hostile.replace('\u{202e}', "\u{fffd}"));
}

#[test]
fn each_step_and_stage_can_be_linked_to() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = checklist(root, "processes/version-update.vup --path standard --format html");
    let anchors: Vec<&str> =
        page.split(" id=\"item-").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for anchor in ["triage", "standard.roll-out", "standard.roll-out.test-live"] {
        assert!(anchors.contains(&anchor), "{anchor}: {anchors:?}");
    }
    let different: std::collections::HashSet<_> = anchors.iter().collect();
    assert_eq!(different.len(), anchors.len());
    for link in page.split("href=\"#item-").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(anchors.contains(&link), "{link}");
    }
}

/// What somebody would send on. Two runs give the same bytes.
#[test]
fn checklists_of_two_updates() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let patch = "--from 4.2.0 --to 4.2.1 --given breaking=no --given compatibility-work=no --given \
                 client-work=none --answer client-decision=approve";
    for (name, args) in [
        ("patch", patch),
        ("major", "--case docs/examples/acme.toml"),
        ("major-testers", "--case docs/examples/acme.toml --role testers"),
        ("major-communication", "--case docs/examples/acme.toml --only communication-plan"),
    ] {
        let args = format!("processes/version-update.vup {args}");
        let text = checklist(root, &args);
        insta::assert_snapshot!(format!("checklist-{name}"), text);
        for format in ["md", "html", "json"] {
            let args = format!("{args} --format {format}");
            assert_eq!(checklist(root, &args), checklist(root, &args));
        }
    }
    let list: Value = serde_json::from_str(&checklist(
        root,
        &format!("processes/version-update.vup {patch} --format json"),
    ))
    .expect("JSON");
    assert_eq!((&list["path"]["name"], &list["for_case"]), (&"simple".into(), &true.into()));
    assert_eq!(list["case"]["conditions"][0]["holds"], true);
}

/// What may still happen, and what another answer leads to, in a case that is settled.
const HOUSE: &str = r#"process house "The house" {
  version 1.0.0
  role boss "Boss"
  fact size "Size?" : one of small, big
  outcome done "Done"
  outcome stop "Stopped"
  stage one "One" by boss {
    EVENT
    step prepare "Prepare" {
      do "Tell them" {
        at least 10 working days before step leave
      }
    }
    decide ok "OK?" {
      answer yes "Yes" -> end done
      answer no "No" -> stage emergency
    }
  }
  stage emergency "Emergency" by boss {
    step leave "Leave the house"
    step measure "Measure it" {
      when size = big
    }
  }
  end stop
}
"#;

fn house(event: &str, args: &str) -> String {
    let text = HOUSE.replace("EVENT", event);
    let folder = folder(&[("house.vup", &text)]);
    checklist(folder.path(), &format!("house.vup {args}"))
}

#[test]
fn the_first_page_tells_the_ends_of_other_answers_and_no_checklist_that_is_not() {
    let told = house("", "--answer ok=yes");
    assert!(!told.contains("another checklist"), "{told}");
    let ends = told.split("How it can end").nth(1).expect("it says how it can end");
    let ends: String = ends.lines().take(6).collect();
    assert!(ends.contains("Done") && ends.contains("Stopped"), "{told}");
}

#[test]
fn what_an_event_leads_to_is_left_out_only_by_the_case() {
    let event = "event fire \"Fire breaks out\" -> stage emergency";
    for (event, args, out) in [
        (event, "--answer ok=yes", vec![]),
        (event, "--answer ok=yes --given size=small", vec!["Measure it"]),
        ("event fire \"Fire breaks out\" -> step leave", "--answer ok=yes", vec![]),
        ("", "--answer ok=yes", vec!["at 1.2 OK? the answer is: Yes"]),
    ] {
        let told = house(event, args);
        let lines = told.lines().filter(|line| line.to_lowercase().contains("not applicable:"));
        let lines: Vec<&str> = lines.collect();
        assert_eq!(lines.len(), out.len(), "{args}: {lines:#?}\n{told}");
        let named = lines.iter().zip(&out).all(|(line, title)| line.contains(title));
        assert!(named, "{args}: {lines:#?}");
    }
}

#[test]
fn the_date_of_a_step_leaves_time_for_its_tasks() {
    let case = "[dates]\nprepare = 2026-01-05\nleave = 2026-01-08\n";
    let text = HOUSE.replace("EVENT", "");
    let folder = folder(&[("house.vup", &text), ("case.toml", case)]);
    let told = err(&vup(folder.path(), &["plan", "house.vup", "--case", "case.toml"]));
    let says = "case.toml:2:11: `one.prepare` cannot be on Mon 5 Jan 2026: its task 1.1.1 is at least 10 working days \
                before `emergency.leave`, on Thu 8 Jan 2026";
    assert!(told.contains(says), "{told}");
}

#[test]
fn dates_against_the_order_of_the_steps_are_told_where_they_may_still_be_kept() {
    let text = "process tour \"The tour\" {
  version 1.0.0
  role guide \"Guide\"
  outcome done \"Done\"
  stage round \"Round\" by guide {
    step look \"Look\"
    any order {
      step left \"Left\"
      step right \"Right\"
    }
    decide more \"Once more?\" {
      answer yes \"Yes\" -> step look at most 2 times
      answer no \"No\" -> next
    }
  }
  end done
}
";
    let look = "`round.look` is planned for Mon 2 Mar 2026";
    for (dates, says) in [
        // The flow may come back to the first of them, so the date may be of the second round.
        (
            "look = 2026-03-02\nmore = 2026-03-01",
            "3:8: `round.more` is planned for Sun 1 Mar 2026, and `round.look`, which comes before it, for \
             Mon 2 Mar 2026 (at 2:8)",
        ),
        ("round = 2026-03-03\nlook = 2026-03-02", look),
        ("look = 2026-03-01\nmore = 2026-03-02", ""),
        // Without a time of day, the same day is no earlier one.
        ("look = 2026-03-01T10:00:00\nmore = 2026-03-01", ""),
        // One branch may come before the other.
        ("left = 2026-03-02\nright = 2026-03-01", ""),
        ("right = 2026-03-02\nleft = 2026-03-01", ""),
    ] {
        let case = format!("[dates]\n{dates}\n");
        let folder = folder(&[("tour.vup", text), ("case.toml", &case)]);
        let output = vup(folder.path(), &["plan", "tour.vup", "--case", "case.toml"]);
        let warned = err(&output);
        assert_eq!(code(&output), 0, "{dates}: {warned}");
        assert!(warned.contains(says) && warned.is_empty() == says.is_empty(), "{dates}: {warned}");
    }
}

/// Two roles are told, one approves, and one more is told and takes no part.
const SEND: &str = r#"process send "Send it" {
  version 1.0.0
  role clerk "Clerk"
  role buyer "Buyer" external
  role press "Press" optional
  fact ok "Is it ok?" : yes-no
  outcome sent "Sent"
  outcome refused "Refused"
  decide first "Is it ok?" {
    when ok -> step ask
    otherwise -> next
  }
  step refuse "Refuse" by clerk {
    approved by any of clerk, press
    notify press "We are sorry"
    notify buyer, clerk, press "It is refused"
  }
  end refused
  decide ask "Agreed?" by clerk {
    answer yes "Yes" -> end sent
    answer no "No" -> step refuse
  }
}
"#;

#[test]
fn who_takes_no_part_is_not_told_and_does_not_sign() {
    let case = "[facts]\nok = false\n[takes-part]\npress = false\n\
                [people]\nbuyer = [\"Bob\", \"Eve\"]\nclerk = \"Jim\"\n";
    let folder = folder(&[("send.vup", SEND), ("case.toml", case)]);
    let made = vup(folder.path(), &["checklist", "send.vup", "--case", "case.toml"]);
    let text = out(&made);
    assert!(
        text.contains("**Tell Press:** We are sorry — *not applicable:* Press does not"),
        "{text}"
    );
    assert!(text.contains("Tell Buyer, Clerk"), "{text}");
    assert!(!text.contains("Tell Buyer, Clerk, Press"), "{text}");
    assert!(text.contains("Buyer, Clerk (Buyer: Bob and Eve, Clerk: Jim)"), "{text}");
    assert!(!text.contains("Approved by Clerk or Press"), "{text}");
}

#[test]
fn what_another_answer_would_lead_to_says_which() {
    let folder = folder(&[("send.vup", SEND)]);
    let made =
        vup(folder.path(), &["checklist", "send.vup", "--given", "ok", "--answer", "ask=yes"]);
    let line = "2 Refuse — *not applicable:* at 3 Agreed? the answer is: Yes";
    assert!(out(&made).contains(line), "{}", out(&made));
}

#[test]
fn pdf_and_png_say_what_to_do_where_they_are_not_built_in() {
    let folder = folder(&[("shop.vup", SHOP)]);
    for (has, command, ending, start, way) in [
        (cfg!(feature = "pdf"), "checklist", "pdf", "%PDF-", "--format html"),
        (cfg!(feature = "png"), "diagram", "png", "\u{89}PNG", "SVG"),
    ] {
        let start: Vec<u8> = start.chars().map(|c| c as u8).collect();
        let file = format!("shop.{ending}");
        // Without --format the ending of the file says it.
        for args in [["--format", ending], ["-o", &file]] {
            let output = vup(folder.path(), &[&[command, "shop.vup"], args.as_slice()].concat());
            let written = std::fs::read(folder.path().join(&file)).unwrap_or_default();
            let made = [output.stdout.as_slice(), &written].concat();
            match has {
                true => assert!(code(&output) == 0 && made.starts_with(&start), "{args:?}"),
                false => {
                    assert_eq!((code(&output), made.len()), (2, 0), "{args:?}");
                    assert!(err(&output).contains("was built without"), "{}", err(&output));
                    assert!(err(&output).contains("--features p") && err(&output).contains(way));
                }
            }
        }
    }
    for (args, told) in [
        ("checklist shop.vup --format html --paper letter", "--paper is for PDF alone"),
        ("diagram shop.vup --scale 2", "--scale is for PNG alone"),
        ("diagram shop.vup --format png --scale 0", "it is from 0.1 to 10"),
        ("diagram shop.vup --format png --scale NaN", "it is from 0.1 to 10"),
        ("diagram shop.vup -o other.pdf", "not as pdf"),
        ("checklist shop.vup --format md -o other.pdf", "other.pdf is named as another format"),
        ("checklist shop.vup -o other.html --paper a4", "--paper is for PDF alone"),
        ("checklist shop.vup -o other.xlsx", "vup tracker"),
        ("checklist shop.vup -o other.docx", "not as docx"),
    ] {
        let output = vup(folder.path(), &args.split(' ').collect::<Vec<_>>());
        assert_eq!(code(&output), 2, "{args}");
        assert!(err(&output).contains(told), "{args}: {}", err(&output));
    }
    for (name, start) in
        [("a.md", "# "), ("a.HTML", "<!DOCTYPE html"), ("a.json", "{"), ("a", "# ")]
    {
        assert_eq!(code(&vup(folder.path(), &["checklist", "shop.vup", "-o", name])), 0, "{name}");
        let text = std::fs::read_to_string(folder.path().join(name)).expect("written");
        assert!(text.starts_with(start), "{name}: {text}");
    }
}

#[test]
#[cfg(feature = "pdf")]
fn a_pdf_says_what_its_fonts_lack_and_where_and_has_the_letterhead_of_a_house() {
    let odd = SHOP.replace("\"Wrap it\"", "\"Wrap it 漢字🦄\"");
    assert_ne!(odd, SHOP);
    let settings = "[documents]\naccent = \"#0a6640\"\nlogo = \"logo.svg\"\n";
    let logo = r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>"#;
    let folder = folder(&[
        ("odd.vup", &odd),
        ("shop.vup", SHOP),
        ("us/vup.toml", settings),
        ("us/logo.svg", logo),
        ("bad/vup.toml", settings),
        ("bad/logo.svg", "<svg"),
    ]);
    let warned = vup(folder.path(), &["checklist", "odd.vup", "-o", "odd.pdf"]);
    let told = err(&warned);
    assert_eq!(code(&warned), 0, "{told}");
    assert!(
        told.contains("warning: the fonts of a PDF have no sign") && told.contains("漢字🦄 in "),
        "{told}"
    );
    let made = |inside: &str| {
        let args = ["checklist", "../shop.vup", "--format", "pdf"];
        vup(&folder.path().join(inside), &args)
    };
    let (ours, bad) = (made("us"), made("bad"));
    let plain = vup(folder.path(), &["checklist", "shop.vup", "--format", "pdf"]);
    assert_eq!((code(&ours), err(&ours), err(&plain)), (0, String::new(), String::new()));
    assert_ne!(ours.stdout, plain.stdout);
    assert!(code(&bad) == 4 && err(&bad).contains("the logo cannot be drawn"), "{}", err(&bad));
}

#[test]
#[cfg(feature = "pdf")]
fn a_pdf_is_of_the_paper_that_is_asked_for_and_in_what_build_makes() {
    let settings = "[pdf]\npaper = \"letter\"\n";
    let folder = folder(&[("shop.vup", SHOP), ("us/vup.toml", settings), ("us/shop.vup", SHOP)]);
    let us = folder.path().join("us");
    let made = |folder: &Path, args: &str| {
        let args = format!("checklist shop.vup --format pdf{args}");
        let output = vup(folder, &args.split(' ').collect::<Vec<_>>());
        assert_eq!(code(&output), 0, "{args}: {}", err(&output));
        output.stdout
    };
    let (a4, letter) = (made(folder.path(), ""), made(folder.path(), " --paper letter"));
    assert_ne!(a4, letter);
    assert_eq!(made(&us, ""), letter, "vup.toml says so");
    assert_eq!(made(&us, " --paper a4"), a4);
    assert_eq!(code(&vup(&us, &["build", "shop.vup"])), 0);
    assert_eq!(std::fs::read(us.join("out/shop/checklists/process.pdf")).ok(), Some(letter));
    let index = std::fs::read_to_string(us.join("out/index.html")).expect("it was written");
    assert!(index.contains("process.pdf\">PDF"), "{index}");
    assert_ne!(made(folder.path(), " --audience client"), a4);
}

#[test]
fn one_of_those_who_fill_a_role_signs_and_switches_need_no_environment() {
    let text = r#"process p "P" {
  version 1.0.0
  role boss "Boss"
  switch block "The stock is blocked"
  step sign "Sign it" by boss {
    turns on block
    approved by boss
  }
  step free "Free it" by boss {
    turns off block
  }
}
"#;
    let case = "[people]\nboss = [\"A. Berg\", \"T. Noor\"]\n";
    let folder = folder(&[("p.vup", text), ("case.toml", case)]);
    let list = checklist(folder.path(), "p.vup --case case.toml");
    assert!(list.contains("Approved by Boss (A. Berg or T. Noor): signature"), "{list}");
    let page = checklist(folder.path(), "p.vup --case case.toml --format html");
    assert!(page.contains("What is turned on and off"), "{page}");
}
