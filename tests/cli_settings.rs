//! What decides which findings are told: `vup.toml`, `allow` in the text, a baseline.

#[path = "support/program.rs"]
mod program;

use program::{code, err, folder, out, vup};
use std::path::Path;

/// An unused role, and a decision to go back that may be taken for ever.
const PROCESS: &str = r#"process tea "Tea" {
  version 1.0.0
  role cook "Cook"
  role idler "Idler"
  outcome done "The tea is served"
  step brew "Brew" by cook
  decide good "Is it good?" by cook {
    answer yes "Yes" -> next
    answer no "No" -> step brew
  }
  end done
}
"#;

/// The rules of what is told, each with its severity.
fn told(folder: &Path, args: &[&str]) -> Vec<String> {
    let args = [&["check", "--format", "plain"], args].concat();
    let output = vup(folder, &args);
    assert!(code(&output) < 2, "{}", err(&output));
    let text = out(&output);
    let lines = text.lines().filter(|line| line.ends_with(']') && !line.starts_with(' '));
    lines
        .map(|line| {
            let (_, rule) = line.rsplit_once('[').expect("a rule");
            let severity = line.split(": ").nth(1).expect("a severity");
            format!("{severity} {}", rule.trim_end_matches(']'))
        })
        .collect()
}

#[test]
fn rules_weigh_what_is_said_for_the_path() {
    let config = r#"
[rules]
unused-role = "error"

[[paths]]
files = ["drafts/"]
rules = { unused-role = "off", loop-without-bound = "warning" }

[[paths]]
files = ["drafts/old-*.vup", "!drafts/old-but-good.vup"]
rules = { loop-without-bound = "off" }
"#;
    let folder = folder(&[
        ("vup.toml", config),
        ("tea.vup", PROCESS),
        ("drafts/new.vup", PROCESS),
        ("drafts/old-tea.vup", PROCESS),
    ]);
    let folder = folder.path();
    assert_eq!(told(folder, &["tea.vup"]), ["error unused-role", "note loop-without-bound"]);
    assert_eq!(told(folder, &["drafts/new.vup"]), ["warning loop-without-bound"]);
    assert_eq!(told(folder, &["drafts/old-tea.vup"]), [""; 0]);
    // It is found upwards, and its paths are seen from its folder.
    assert_eq!(told(&folder.join("drafts"), &["new.vup"]), ["warning loop-without-bound"]);
    assert_eq!(code(&vup(folder, &["check", "tea.vup"])), 1);
    let built = vup(folder, &["build", "tea.vup"]);
    assert_eq!(code(&built), 1, "what is an error for check is one for build: {}", err(&built));
    assert_eq!(code(&vup(folder, &["build", "drafts/new.vup"])), 0);
}

#[test]
fn commands_do_what_is_said_where_nothing_is() {
    let config = "[check]\nrules = \"recommended\"\nfail-on = \"warning\"\nformat = \"github\"\n\n[build]\nout = \"site\"\n";
    let folder = folder(&[("vup.toml", config), ("tea.vup", PROCESS)]);
    let output = vup(folder.path(), &["check"]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).starts_with("::warning file=tea.vup,"), "{}", out(&output));
    assert_eq!(out(&output).lines().count(), 1, "notes are not recommended");
    assert_eq!(code(&vup(folder.path(), &["check", "--fail-on", "error"])), 0);
    assert!(out(&vup(folder.path(), &["check", "--format", "json"])).starts_with('{'));
    let built = vup(folder.path(), &["build"]);
    assert!(err(&built).contains("site/index.html"), "{}", err(&built));
    assert!(folder.path().join("site/index.html").exists());
}

#[test]
fn mistakes_in_vup_toml_are_told_all_at_once() {
    let config = r#"[chekc]
[check]
fial-on = "warning"
format = "gihtub"
rules = 7
[rules]
unused-rol = "off"
unused-role = "of"
syntax = "warning"
parallel-conflict = "error"
[[paths]]
rules = {}
"#;
    let folder = folder(&[("vup.toml", config), ("tea.vup", PROCESS)]);
    let output = vup(folder.path(), &["check"]);
    assert_eq!((code(&output), out(&output).as_str()), (2, ""));
    let told = err(&output);
    insta::assert_snapshot!(told, @r#"
    error: vup.toml:1:2: there is no `chekc` here; did you mean `check`?
    error: vup.toml:3:1: there is no `fial-on` here; did you mean `fail-on`?
    error: vup.toml:4:10: this cannot be chosen; did you mean "github"?
    error: vup.toml:5:9: this cannot be chosen; there is "recommended" and "all"
    error: vup.toml:7:1: there is no rule `unused-rol`; did you mean `unused-role`?
    error: vup.toml:8:15: this cannot be chosen; did you mean "off"?
    error: vup.toml:9:10: `syntax` stays an error: what stands behind it is not checked
    error: vup.toml:11:1: it is not said which `files` this is about
    "#);
    std::fs::write(folder.path().join("vup.toml"), "[check\n").expect("written");
    let output = vup(folder.path(), &["check"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).starts_with("error: vup.toml:1:"), "{}", err(&output));
}

#[test]
fn documents_have_the_colour_and_the_logo_of_the_house() {
    let config = "[documents]\naccent = \"#0A6640\"\nlogo = \"art/logo.svg\"\n";
    let files = [("vup.toml", config), ("tea.vup", PROCESS), ("art/logo.svg", "<svg/>")];
    let folder = folder(&files);
    let page = out(&vup(folder.path(), &["checklist", "tea.vup", "--format", "html"]));
    let logo = "src=\"data:image/svg+xml;base64,PHN2Zy8+\"";
    assert!(page.contains("--accent: #0a6640;") && page.contains(logo), "{page}");
    assert_eq!(code(&vup(folder.path(), &["build", "tea.vup"])), 0);
    for file in ["out/index.html", "out/tea/checklists/process.html"] {
        let page = std::fs::read_to_string(folder.path().join(file)).expect("it is written");
        assert!(page.contains("--accent: #0a6640;") && page.contains(logo), "{file}");
    }
    for (line, status, says) in [
        ("accent = \"#ffee00\"", 2, "vup.toml:2:10: this colour is too light to be read on white"),
        ("accent = 7", 2, "vup.toml:2:10: a colour is written \"#0a6640\""),
        (
            "acent = \"#0a6640\"",
            2,
            "vup.toml:2:1: there is no `acent` here; did you mean `accent`?",
        ),
        ("logo = \"gone.png\"", 4, "cannot use the logo gone.png: "),
        (
            "logo = \"tea.vup\"",
            4,
            "cannot use the logo tea.vup: a logo is a picture in SVG, PNG or JPEG",
        ),
    ] {
        std::fs::write(folder.path().join("vup.toml"), format!("[documents]\n{line}\n"))
            .expect("written");
        let output = vup(folder.path(), &["checklist", "tea.vup", "--format", "html"]);
        assert_eq!((code(&output), out(&output).as_str()), (status, ""), "{line}");
        assert!(err(&output).contains(says), "{line}: {}", err(&output));
    }
}

#[test]
fn what_counts_is_shown_and_can_be_read_again() {
    let config = "[documents]\naccent = \"#0a6640\"\nlogo = \"logo.svg\"\n\n[check]\nfail-on = \"note\"\nbaseline = \"old.json\"\n\n[rules]\nunused-role = \"off\"\n\n[[paths]]\nfiles = \"x/\"\nrules = { stuck = \"warning\" }\n";
    let folder = folder(&[("vup.toml", config), ("x/tea.vup", PROCESS)]);
    let shown = out(&vup(folder.path(), &["check", "--show-config", "x/tea.vup"]));
    for line in [
        "# vup.toml",
        "fail-on = \"note\"",
        "format = \"human\"",
        "baseline = \"old.json\"",
        "accent = \"#0a6640\"",
        "logo = \"logo.svg\"",
        "unused-role = \"off\"",
        "stuck = \"warning\"",
        "syntax = \"error\"",
        "# with what is said of x/",
    ] {
        assert!(shown.lines().any(|told| told == line), "{line}\n{shown}");
    }
    std::fs::write(folder.path().join("vup.toml"), &shown).expect("written");
    let again = out(&vup(folder.path(), &["check", "--show-config"]));
    let settings = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.starts_with('#')).map(str::to_string).collect()
    };
    assert_eq!(
        settings(&again).iter().filter(|line| !line.is_empty()).collect::<Vec<_>>(),
        settings(&shown).iter().filter(|line| !line.is_empty()).collect::<Vec<_>>()
    );
}

#[test]
fn the_text_allows_what_it_gives_a_reason_for() {
    let allow = PROCESS.replace(
        "  role idler",
        "  // vup: allow(unused-role) he comes in spring\n  // and leaves in autumn\n  role idler",
    );
    let folder = folder(&[("tea.vup", &allow)]);
    let output = vup(folder.path(), &["check", "--fail-on", "warning"]);
    assert_eq!(code(&output), 0, "{}", out(&output));
    let counted = "1 file checked: 1 note; 1 allowed; `--fix --suggested` may help with 1\n";
    assert_eq!(err(&output), counted);
    let stale = allow.replace("Brew\" by cook", "Brew\" by cook with idler");
    std::fs::write(folder.path().join("tea.vup"), &stale).expect("written");
    let all = ["warning stale-allow", "note loop-without-bound"];
    assert_eq!(told(folder.path(), &[]), all);
    // Nobody knows what else is found once the rest can be read.
    std::fs::write(folder.path().join("tea.vup"), stale.replace("end done", "end doen"))
        .expect("written");
    assert_eq!(told(folder.path(), &[]), ["error unknown-name"]);
}

#[test]
fn what_all_else_stands_on_is_not_allowed() {
    let wrong = PROCESS
        .replace("  end done", "  // vup: allow(unknown-name) it is known to us\n  end doen");
    let folder = folder(&[("tea.vup", &wrong)]);
    assert_eq!(told(folder.path(), &[]), ["error bad-allow", "error unknown-name"]);
    let update = ["check", "--baseline", "base.json", "--update-baseline"];
    assert_eq!(code(&vup(folder.path(), &update)), 1, "nor is it taken into a baseline");
}

#[test]
fn a_baseline_lets_old_findings_pass_and_tells_of_new_and_finished_ones() {
    let folder =
        folder(&[("tea.vup", PROCESS), ("vup.toml", "[check]\nbaseline = \"base.json\"\n")]);
    let folder = folder.path();
    let output = vup(folder, &["check"]);
    assert_eq!(code(&output), 4);
    assert!(err(&output).contains("there is no baseline"), "{}", err(&output));

    let output = vup(folder, &["check", "--update-baseline"]);
    assert_eq!((code(&output), out(&output).as_str()), (0, ""));
    assert!(err(&output).contains("base.json: 2 findings written"), "{}", err(&output));
    let output = vup(folder, &["check", "--fail-on", "note"]);
    assert_eq!((code(&output), out(&output).as_str()), (0, ""));
    assert_eq!(err(&output), "1 file checked: nothing found; 2 in the baseline\n");

    let more = PROCESS.replace("  role idler", "\n  role sleeper \"Sleeper\"\n\n  role idler");
    std::fs::write(folder.join("tea.vup"), &more).expect("written");
    assert_eq!(told(folder, &[]), ["warning unused-role"], "the new one");

    let fewer = more.replace("  role idler \"Idler\"\n", "");
    std::fs::write(folder.join("tea.vup"), &fewer).expect("written");
    let output = vup(folder, &["check"]);
    assert!(err(&output).contains("1 finding is no longer there"), "{}", err(&output));
    assert!(err(&output).contains("  tea.vup: the role `idler` does nothing [unused-role]"));
    vup(folder, &["check", "--update-baseline"]);
    let kept = std::fs::read_to_string(folder.join("base.json")).expect("there");
    assert!(kept.contains("sleeper") && !kept.contains("idler"), "{kept}");

    // What is not told is not mended; what is new is.
    let both = more.replace("  role idler", "  role cat \"Cat\"\n  role idler");
    std::fs::write(folder.join("tea.vup"), both).expect("written");
    let output = vup(folder, &["check", "--fix", "--suggested"]);
    let left = std::fs::read_to_string(folder.join("tea.vup")).expect("there");
    assert!(left.contains("sleeper"), "it is in the baseline: {left}");
    assert!(!left.contains("cat") && !left.contains("idler"), "{left}\n{}", err(&output));
    let output = vup(folder, &["check", "--fix", "--suggested"]);
    assert!(err(&output).starts_with("nothing is mended\n"), "{}", err(&output));

    std::fs::write(folder.join("base.json"), "{}").expect("written");
    let output = vup(folder, &["check"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("is no baseline"), "{}", err(&output));
}

#[test]
fn the_settings_in_the_documentation_can_be_read() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    let block = |language: &str| {
        let (_, rest) = page.split_once(&format!("```{language}\n")).expect("a block");
        rest.split_once("```").expect("an end").0.to_string()
    };
    let folder = folder(&[("vup.toml", &block("toml")), ("tea.vup", &block("vup"))]);
    let shown = vup(folder.path(), &["check", "--show-config"]);
    assert_eq!(code(&shown), 0, "{}", err(&shown));
    std::fs::remove_file(folder.path().join("vup.toml")).expect("removed");
    let output = vup(folder.path(), &["check", "--fail-on", "note"]);
    assert_eq!(err(&output), "1 file checked: nothing found; 1 allowed\n");
    for rule in vup::rules() {
        let (_, listed) = page.split_once("weigh less in `vup.toml`:").expect("the list");
        let is_listed = listed.contains(&format!("`{}`", rule.name));
        assert_eq!(vup::is_soundness(rule), is_listed, "`{}`", rule.name);
    }
}

/// A procedure of a library: what is noted of it shows only where it is run.
const LIBRARY: &str = r#"role clerk "Clerk"
procedure pack(role who) "Pack it" {
  repeat until "It is packed" {
    step wrap "Wrap it" by who
  }
}
"#;

#[test]
fn what_shows_only_in_a_process_is_not_finished_when_its_library_is_checked_alone() {
    let main = "use \"lib.vup\"\n\nprocess p \"P\" {\n  version 1.0.0\n  run pack(clerk)\n}\n";
    let folder = folder(&[("lib.vup", LIBRARY), ("main.vup", main)]);
    let folder = folder.path();
    let check = |more: &[&str]| {
        let output = vup(folder, &[&["check", "--baseline", "base.json"], more].concat());
        assert_eq!(code(&output), 0, "{}", err(&output));
        err(&output)
    };
    check(&["--update-baseline"]);
    let kept = || std::fs::read_to_string(folder.join("base.json")).expect("there");
    assert!(kept().contains("\"process\": \"main.vup\""), "{}", kept());
    let before = kept();
    assert!(!check(&["lib.vup"]).contains("no longer there"), "only the library is looked at");
    check(&["lib.vup", "--update-baseline"]);
    assert_eq!(kept(), before);

    let mended = LIBRARY.replace("packed\"", "packed\" at most 3 times");
    std::fs::write(folder.join("lib.vup"), mended).expect("written");
    assert!(!check(&["lib.vup"]).contains("no longer there"), "the process may still have it");
    let told = check(&["main.vup"]);
    assert!(told.contains("1 finding is no longer there"), "{told}");
}

#[test]
fn what_is_turned_off_is_not_mended() {
    let off = "[rules]\nunused-role = \"off\"\n";
    let there = folder(&[("tea.vup", PROCESS), ("vup.toml", off)]);
    let output = vup(there.path(), &["check", "--fix", "--suggested"]);
    let text =
        |folder: &std::path::Path| std::fs::read_to_string(folder.join("tea.vup")).expect("there");
    assert!(text(there.path()).contains("role idler"), "{}", err(&output));
    let without = folder(&[("tea.vup", PROCESS)]);
    vup(without.path(), &["check", "--fix", "--suggested"]);
    assert!(
        !text(without.path()).contains("role idler"),
        "it is mended where nothing says otherwise"
    );
    // What cannot be read turns nothing off, and nothing on.
    std::fs::write(without.path().join("tea.vup"), PROCESS).expect("written");
    std::fs::write(without.path().join("vup.toml"), "[rulez]\n").expect("written");
    assert_eq!(code(&vup(without.path(), &["check", "--fix", "--suggested"])), 2);
    assert_eq!(text(without.path()), PROCESS);
}

/// Settings of a folder further down make no other project.
#[test]
fn a_baseline_keeps_what_is_known_of_a_folder_with_settings_of_its_own() {
    let folder = folder(&[("tea.vup", PROCESS), ("sub/tea.vup", PROCESS), ("sub/vup.toml", "")]);
    std::fs::create_dir(folder.path().join(".git")).expect("made");
    let update = ["check", "--baseline", "base.json", "--update-baseline"];
    let both = err(&vup(folder.path(), &update));
    assert!(both.contains("base.json: 4 findings written"), "{both}");
    let one = err(&vup(folder.path(), &[&update[..], &["tea.vup"]].concat()));
    assert!(one.contains("base.json: 4 findings written"), "{one}");
    let below = vup(&folder.path().join("sub"), &["check", "--baseline", "../base.json"]);
    assert!(err(&below).contains("nothing found; 2 in the baseline"), "{}", err(&below));
}
