//! What changed between two editions: a history of real edits, each with the bump that a careful reviewer
//! asks for, and the program as people run it.

#[path = "support/edits.rs"]
mod edits;
#[path = "support/program.rs"]
mod program;
#[path = "support/snapshot.rs"]
mod snapshot;

use edits::{Hunk, apply, hunks};
use program::{code, err, folder, out, vup, vup_told};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use vup::Compiled;
use vup::diff::{Bump, Diff, Edition, Kind, Verdict, diff, picture};
use vup::emit::svg::{quality_of, svg};
use vup::source::SourceFile;

/// One edition of the history.
struct Entry {
    title: String,
    bump: Bump,
    hunks: Vec<Hunk>,
    text: String,
}

/// The first edition, and those after it.
fn history() -> (String, Vec<Entry>) {
    let read = |name: &str| fs::read_to_string(root().join(name)).expect("it can be read");
    let first = read("processes/version-update.vup");
    let mut text = first.clone();
    let mut version = semver::Version::new(1, 0, 0);
    let mut entries = Vec::new();
    for entry in read("tests/history.txt").split("\n\n").filter(|entry| !entry.starts_with('#')) {
        let lines: Vec<&str> = entry.trim_end().lines().collect();
        let [title, bump, because, edits @ ..] = lines.as_slice() else { panic!("{entry}") };
        assert!(because.starts_with("because "), "{title}: a bump has a reason");
        let bump = match bump.strip_prefix("bump ") {
            Some("major") => Bump::Major,
            Some("minor") => Bump::Minor,
            Some("patch") => Bump::Patch,
            _ => panic!("{title}: {bump}"),
        };
        let hunks = hunks(edits);
        text = apply(&text, &hunks).unwrap_or_else(|problem| panic!("{title}: {problem}"));
        let next = bump.of(&version);
        text =
            text.replacen(&format!("\n  version {version}\n"), &format!("\n  version {next}\n"), 1);
        version = next;
        let title = title.to_string();
        entries.push(Entry { title, bump, hunks, text: text.clone() });
    }
    (first, entries)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn compile(text: &str) -> Compiled {
    vup::compile(SourceFile::new("p.vup", text), &mut |_, _| Err("there is no other".into()))
}

fn edition(compiled: &Compiled) -> Edition<'_> {
    let flow = compiled.flow.as_ref().unwrap_or_else(|| panic!("{:#?}", compiled.findings));
    let verdicts = compiled.model.rules.iter().map(|_| Verdict::Holds).collect();
    Edition { model: &compiled.model, flow, verdicts }
}

fn changes(old: &str, new: &str) -> Diff {
    let (old, new) = (compile(old), compile(new));
    diff(&edition(&old), &edition(&new))
}

/// All changes, as lines.
fn shown(diff: &Diff) -> String {
    let mut lines = Vec::new();
    for change in &diff.changes {
        lines.push(format!("{} | {} | {}", change.bump, change.place, change.text));
        for case in &change.cases {
            let ways = case.was.iter().zip(&case.is).map(|(was, is)| format!(": {was} → {is}"));
            lines.push(format!("      {}{}", case.when, ways.collect::<String>()));
        }
    }
    lines.join("\n")
}

#[test]
fn each_edition_owes_the_bump_of_a_careful_reviewer() {
    let (mut before, history) = history();
    assert!(history.len() >= 12);
    let (mut told, mut wrong) = (String::new(), Vec::new());
    for entry in &history {
        let compiled = compile(&entry.text);
        assert!(compiled.findings.is_empty(), "{}: {:#?}", entry.title, compiled.findings);
        let diff = changes(&before, &entry.text);
        told += &format!("{}\n{}\n\n", entry.title, shown(&diff));
        if (diff.owed, diff.declared) != (entry.bump, entry.bump) {
            wrong.push(format!("{}: {} is owed, not {}", entry.title, diff.owed, entry.bump));
        }
        before.clone_from(&entry.text);
    }
    assert!(wrong.is_empty(), "{wrong:#?}\n{told}");
    insta::assert_snapshot!("history", told);
}

#[test]
fn a_reroute_by_one_character_is_shown_as_the_smallest_case() {
    let (_, history) = history();
    let at =
        history.iter().position(|it| it.title.contains("by one character")).expect("it is there");
    let diff = changes(&history[at - 1].text, &history[at].text);
    let rerouted: Vec<_> =
        diff.changes.iter().filter(|change| change.kind == Kind::Rerouted).collect();
    let [only] = rerouted.as_slice() else { panic!("{}", shown(&diff)) };
    let [case] = only.cases.as_slice() else { panic!("{}", shown(&diff)) };
    assert_eq!(
        case.when,
        "hop = minor and not breaking and not compatibility-work and client-work in (none, minor)"
    );
    assert_eq!(case.was.as_deref(), Some("path “Simple version update”"));
    assert_eq!(case.is.as_deref(), Some("path “Standard version update”"));
}

#[test]
fn a_pure_rename_is_no_removal() {
    let (first, history) = history();
    let renames = history.iter().enumerate().filter(|(_, it)| it.title.contains("name"));
    for (at, entry) in renames.filter(|(_, entry)| entry.bump == Bump::Patch) {
        let before = at.checked_sub(1).map_or(&first, |before| &history[before].text);
        let diff = changes(before, &entry.text);
        let is_move = |kind| matches!(kind, Kind::Gone | Kind::Moved);
        let moved: Vec<_> = diff.changes.iter().filter(|change| is_move(change.kind)).collect();
        assert!(moved.is_empty(), "{}: {moved:#?}", entry.title);
    }
}

#[test]
fn an_edition_compared_with_itself_has_no_changes() {
    let (first, history) = history();
    let last = &history.last().expect("there are editions").text;
    for text in [&first, last] {
        let diff = changes(text, text);
        assert!(diff.changes.is_empty(), "{}", shown(&diff));
        assert_eq!(diff.owed, Bump::None);
    }
    // Comments and blank lines are for the authors.
    let commented =
        first.replace("\n  owner support\n", "\n\n  // Who answers for it\n  owner support\n");
    assert!(changes(&first, &commented).changes.is_empty());
}

/// A reroute that is put in is found, and taken back it is found as well.
#[test]
fn every_edit_can_be_seen_both_ways() {
    let (mut before, history) = history();
    for entry in &history {
        assert!(!entry.hunks.is_empty());
        let back = changes(&entry.text, &before);
        assert!(back.owed >= Bump::Patch, "{}", entry.title);
        before.clone_from(&entry.text);
    }
}

/// Pairs of editions in `tests/diff/`, each with the bump that a careful reviewer asks for and why, as
/// people are told of them.
#[test]
fn pairs_of_editions_owe_what_they_should() {
    let mut wrong = Vec::new();
    insta::glob!("diff/*/new.vup", |path| {
        let folder = path.parent().expect("it is in a folder");
        let text = fs::read_to_string(path).expect("it can be read");
        let wanted = text.lines().next().and_then(|line| line.strip_prefix("// bump "));
        assert!(
            text.lines().nth(1).is_some_and(|line| line.starts_with("// because ")),
            "{path:?}"
        );
        let told = out(&vup(folder, &["diff", "old.vup", "new.vup"]));
        let found = vup(folder, &["diff", "--format", "json", "old.vup", "new.vup"]);
        let found: serde_json::Value = serde_json::from_str(&out(&found)).expect("JSON");
        let owed = &found["processes"][0]["owed"];
        if owed.as_str() != wanted {
            wrong.push(format!("{}: {owed} is owed, not {wanted:?}\n{told}", folder.display()));
        }
        snapshot::in_folder(folder, "told", &told);
        let notes = out(&vup(folder, &["release-notes", "old.vup", "new.vup"]));
        snapshot::in_folder(folder, "notes", &notes);
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a picture of two editions says of what is marked in it, in the order in which it is drawn.
fn pictured(old: &str, new: &str) -> (String, String) {
    let (old, new) = (compile(old), compile(new));
    let (old, new) = (edition(&old), edition(&new));
    let drawn = picture(&diff(&old, &new), Some(&old), &new);
    let found = quality_of(&drawn);
    assert_eq!((found.overlaps, found.through), (0, 0), "{found:?}");
    let beside = drawn.changes.iter().flat_map(|changes| &changes.notes);
    let beside: Vec<String> = beside.map(|note| format!("beside the picture: {note}")).collect();
    let picture = svg(&drawn);
    let is_marked =
        |title: &&str| ["new: ", "gone: ", "changed: "].iter().any(|it| title.starts_with(it));
    let titles = picture.lines().filter_map(|line| line.strip_prefix("<title>"));
    let titles = titles.filter_map(|line| line.strip_suffix("</title>")).filter(is_marked);
    let told = beside.iter().map(String::as_str).chain(titles).collect::<Vec<_>>().join("\n");
    (told, picture)
}

#[test]
fn a_picture_marks_what_changed() {
    let (first, history) = history();
    let mut told = String::new();
    let mut editions = vec![&first];
    editions.extend(history.iter().map(|entry| &entry.text));
    for (at, entry) in history.iter().enumerate() {
        let (there, _) = pictured(editions[at], editions[at + 1]);
        let (back, _) = pictured(editions[at + 1], editions[at]);
        told += &format!("{}\n{there}\n\nTaken back\n{back}\n\n", entry.title);
    }
    insta::assert_snapshot!("pictures", told);
}

#[test]
fn a_heavy_rework_can_be_drawn() {
    let read = |name: &str| fs::read_to_string(root().join(name)).expect("it can be read");
    let old = read("processes/release-vote.vup");
    let edits = read("tests/rework.txt");
    let new = apply(&old, &hunks(&edits.lines().collect::<Vec<_>>())).expect("the edits fit");
    let (told, picture) = pictured(&old, &new);
    insta::assert_snapshot!("rework", told);
    for (sign, class) in [("+", ""), ("−", "text-decoration:line-through"), ("~", "")] {
        assert!(picture.contains(&format!(">{sign}</text>")) && picture.contains(class), "{sign}");
    }
    assert_eq!(picture, pictured(&old, &new).1);
}

#[test]
fn what_did_not_change_is_drawn_without_a_mark() {
    let (first, _) = history();
    let (told, picture) = pictured(&first, &first);
    assert_eq!(told, "");
    assert!(picture.contains("Nothing changed for those who follow it."), "{picture}");
}

const OLD: &str = r#"process tea "Tea" {
  version 1.0.0
  role cook "Cook"
  role guest "Guest" external
  fact guests "How many guests?" : number 1..100
  outcome done "The tea is served"
  step "Boil the water" by cook
  decide pot "Which pot?" by cook {
    when guests <= 10 "The small one" -> next
    when guests > 10 "The large one" -> step large
  }
  step small "Use the small pot" by cook {
    internal note "The small one leaks"
  }
  step large "Use the large pot" by cook {
    notify guest "The tea is coming"
  }
  end done
}
"#;

#[test]
fn what_only_one_edition_knows_is_told_as_such() {
    let old = OLD
        .replace("number 1..100", "scale few < many")
        .replace("<= 10", "= few")
        .replace("> 10", "= many");
    let new =
        old.replace("few < many", "few < some < many").replace("guests = many", "guests >= some");
    let told = shown(&changes(&old, &new));
    assert!(told.contains("the fact `guests` can now be `some`"), "{told}");
    assert!(!told.contains("go another way"), "no case of both goes another way: {told}");
}

#[test]
fn a_branch_that_loses_a_case_is_shown_with_it() {
    let new = OLD.replace("<= 10", "< 10").replace("> 10", ">= 10");
    let diff = changes(OLD, &new);
    assert!(
        shown(&diff).contains("guests = 10: 3 “Use the small pot” → 4 “Use"),
        "{}",
        shown(&diff)
    );
}

#[test]
fn the_example_of_the_documentation_is_true() {
    let text = fs::read_to_string(root().join("docs/diff.md")).expect("it is there");
    let block = |kind: &str| {
        let (_, rest) = text.split_once(&format!("```{kind}\n")).expect("it has the example");
        rest.split_once("```").expect("it ends").0
    };
    let old = block("vup");
    let new = old.replace("weight <= 2", "weight < 2").replace("1.0.0", "1.0.1");
    let folder = folder(&[("old.vup", old), ("new.vup", &new)]);
    assert!(vup(folder.path(), &["check", "old.vup"]).stdout.is_empty());
    assert_eq!(out(&vup(folder.path(), &["diff", "old.vup", "new.vup"])), block("text"));
}

fn git(folder: &Path, arguments: &[&str]) {
    let run = Command::new("git")
        .args(["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("git runs");
    assert!(run.status.success(), "{run:?}");
}

#[test]
fn two_files_are_compared_in_each_format() {
    let new = OLD.replace("<= 10", "< 10").replace("> 10", ">= 10");
    let folder = folder(&[("old.vup", OLD), ("new.vup", &new)]);
    let output = vup(folder.path(), &["diff", "old.vup", "new.vup"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("guests = 10: was 3 “Use the small pot”"), "{}", out(&output));
    assert!(out(&output).contains("the version should be 2.0.0"), "{}", out(&output));
    let output = vup(folder.path(), &["diff", "--format", "md", "old.vup", "new.vup"]);
    assert!(out(&output).contains("- **major** "), "{}", out(&output));
    assert!(out(&output).contains("`guests = 10`"), "{}", out(&output));
    let output = vup(folder.path(), &["diff", "--format", "json", "old.vup", "new.vup"]);
    let found: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(found["schema"], "vup-diff/1");
    let process = &found["processes"][0];
    assert_eq!((&process["owed"], &process["declared"]), (&"major".into(), &"none".into()));
    assert_eq!(process["changes"][0]["cases"][0]["when"], "guests = 10");
    let picture = out(&vup(folder.path(), &["diff", "--format", "svg", "old.vup", "new.vup"]));
    assert!(picture.contains("<title>changed: 2 Which pot?"), "{picture}");
    for (option, exit) in [("--exit-code", 1), ("--require-bump", 1)] {
        assert_eq!(code(&vup(folder.path(), &["diff", option, "old.vup", "new.vup"])), exit);
    }
    fs::write(folder.path().join("new.vup"), new.replace("1.0.0", "2.0.0")).expect("written");
    assert_eq!(code(&vup(folder.path(), &["diff", "--require-bump", "old.vup", "new.vup"])), 0);
    assert_eq!(code(&vup(folder.path(), &["diff", "--exit-code", "old.vup", "old.vup"])), 0);
}

#[test]
fn a_revision_of_git_is_compared_with_what_it_used_then() {
    let uses = "use \"shared/who.vup\"\n\nprocess p \"P\" {\n  version 1.0.0\n  step one \"One\" by cook\n}\n";
    let folder = folder(&[("a/p.vup", uses), ("a/shared/who.vup", "role cook \"Cook\"\n")]);
    let at = folder.path();
    git(at, &["init", "-q"]);
    git(at, &["add", "."]);
    git(at, &["commit", "-qm", "First"]);
    fs::write(at.join("a/shared/who.vup"), "role cook \"The cook\"\n").expect("written");
    fs::write(at.join("new.vup"), OLD).expect("written");
    let output = vup(at, &["diff", "--git", "HEAD", "a/p.vup"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("“Cook” is now called “The cook”"), "{}", out(&output));
    let output = vup(at, &["diff", "--git", "HEAD"]);
    assert!(out(&output).contains("the process “Tea” is new"), "{} {}", out(&output), err(&output));
    let drawn = vup(at, &["diff", "--git", "HEAD", "new.vup", "--format", "svg"]);
    assert!(out(&drawn).contains("<title>new: 1 Boil the water"), "{}", out(&drawn));
    let refused = vup(at, &["diff", "--git", "HEAD", "--format", "svg"]);
    assert_eq!(code(&refused), 2, "{}", err(&refused));
    assert!(err(&refused).contains("a picture is of one process"), "{}", err(&refused));
    for (arguments, exit, says) in [
        (vec!["diff", "--git", "nowhere", "a/p.vup"], 2, "git knows no revision `nowhere`"),
        (vec!["diff", "a/p.vup"], 2, "name two files"),
        (vec!["diff", "a/p.vup", "gone.vup"], 4, "there is no such file"),
    ] {
        let output = vup(at, &arguments);
        assert_eq!(code(&output), exit, "{arguments:?}: {}", err(&output));
        assert!(err(&output).contains(says), "{}", err(&output));
    }
    let output = vup_told(at, &["diff", "--git", "HEAD", "-"], OLD);
    assert_eq!(code(&output), 2, "standard input is no file of a revision");
    fs::rename(at.join("a/p.vup"), at.join("a/q.vup")).expect("renamed");
    for named in [&["a/q.vup"][..], &[]] {
        let output = vup(at, &[&["diff", "--git", "HEAD"], named].concat());
        assert!(err(&output).contains("a/q.vup: it was a/p.vup at HEAD"), "{}", err(&output));
        assert!(out(&output).contains("“Cook” is now called “The cook”"), "{}", out(&output));
        assert!(!err(&output).contains("gone"), "{}", err(&output));
    }
    fs::remove_dir_all(at.join("a")).expect("removed");
    let output = vup(at, &["diff", "--git", "HEAD", "new.vup"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let gone = |output: &std::process::Output| {
        assert_eq!(code(output), 1, "{}", err(output));
        let told = err(output);
        assert!(told.contains("a/p.vup: it was there at HEAD, and is gone"), "{told}");
        assert!(out(output).contains("the process “P” is gone: nobody"), "{}", out(output));
    };
    gone(&vup(at, &["diff", "--git", "HEAD", "--exit-code"]));
    gone(&vup(at, &["diff", "--git", "HEAD", "--exit-code", "a/p.vup"]));
    let notes = vup(at, &["release-notes", "--git", "HEAD", "a/p.vup"]);
    assert!(out(&notes).contains("no longer there"), "{}", out(&notes));
    let output = vup(at, &["diff", "--git", "HEAD", "no/p.vup"]);
    assert_eq!(code(&output), 4);
    let told = "there is no file no/p.vup, neither now nor at HEAD";
    assert!(err(&output).contains(told), "{}", err(&output));
    fs::remove_file(at.join("new.vup")).expect("removed");
    gone(&vup(at, &["diff", "--git", "HEAD", "--exit-code"]));
    gone(&vup(at, &["diff", "--git", "HEAD", "--exit-code", "a"]));
}

/// A folder may hold what others use; of what is gone, what was in it is told, and nothing else.
#[test]
fn a_folder_is_compared_with_what_was_in_it() {
    let library = "role baker \"Baker\"\n";
    let folder =
        folder(&[("p/who.vup", library), ("p/a.vup", OLD), ("p/b.vup", OLD), ("c.vup", OLD)]);
    let at = folder.path();
    git(at, &["init", "-q"]);
    git(at, &["add", "."]);
    git(at, &["commit", "-qm", "First"]);
    for name in ["p/b.vup", "c.vup"] {
        fs::remove_file(at.join(name)).expect("removed");
    }
    for named in ["p", "./p/"] {
        let output = vup(at, &["diff", "--git", "HEAD", "--require-bump", named]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        assert!(out(&output).contains("(p/b.vup)\nthe process “Tea” is gone"), "{}", out(&output));
        assert!(!out(&output).contains("c.vup"), "{}", out(&output));
    }
    let notes = vup(at, &["release-notes", "--git", "HEAD", "p"]);
    assert!(err(&notes).contains("name one process file"), "{}", err(&notes));
    let drawn = vup(at, &["diff", "p/a.vup", "p/a.vup", "-o", "same.svg"]);
    assert_eq!(code(&drawn), 0, "{}", err(&drawn));
    assert!(fs::read_to_string(at.join("same.svg")).expect("there").starts_with("<svg"));
    let refused = vup(at, &["diff", "p/a.vup", "p/a.vup", "--format", "md", "-o", "x.svg"]);
    assert_eq!(code(&refused), 2, "{}", err(&refused));
}

/// Of several processes, a reader is told which file is which, and only what changed.
#[test]
fn processes_in_which_nothing_changed_are_only_counted() {
    let folder = folder(&[("a.vup", OLD), ("b.vup", OLD), ("c.vup", OLD)]);
    let at = folder.path();
    git(at, &["init", "-q"]);
    git(at, &["add", "."]);
    git(at, &["commit", "-qm", "First"]);
    let none = vup(at, &["diff", "--git", "HEAD"]);
    assert_eq!(out(&none), "nothing changed for those who follow these processes\n");
    assert_eq!(err(&none), "3 files: nothing changed\n");
    fs::write(at.join("b.vup"), OLD.replace("Boil the water", "Heat the water")).expect("written");
    let one = vup(at, &["diff", "--git", "HEAD", "--format", "md"]);
    assert!(out(&one).starts_with("## Tea, 1.0.0 (`b.vup`)\n"), "{}", out(&one));
    assert_eq!(out(&one).matches("## Tea").count(), 1, "{}", out(&one));
    assert!(err(&one).ends_with("2 files more: nothing changed\n"), "{}", err(&one));
}

#[test]
fn a_version_that_goes_down_is_told_and_is_no_bump() {
    let down = OLD.replace("version 1.0.0", "version 0.9.0");
    let renamed = down.replace("\"Boil the water\"", "\"Heat the water\"");
    let folder = folder(&[("old.vup", OLD), ("down.vup", &down), ("renamed.vup", &renamed)]);
    for (new, told) in [
        ("down.vup", "from 1.0.0 to 0.9.0, though nothing changed for those who follow it"),
        ("renamed.vup", "from 1.0.0 to 0.9.0; it should be 1.0.1: patch is owed"),
    ] {
        let output = vup(folder.path(), &["diff", "--require-bump", "old.vup", new]);
        assert_eq!(code(&output), 1, "{}", out(&output));
        assert!(
            out(&output).contains(&format!("the version goes down, {told}")),
            "{}",
            out(&output)
        );
        assert!(err(&output).contains("goes down"), "{}", err(&output));
    }
}

#[test]
fn two_processes_are_not_taken_for_two_editions() {
    let two = ["diff", "processes/release-vote.vup", "processes/major-incident.vup"];
    let compare = |more: &[&str]| vup(&root(), &[&two[..], more].concat());
    let told = compare(&[]);
    assert!(
        out(&told).contains("\nthis is another process than “Release by vote”"),
        "{}",
        out(&told)
    );
    assert_eq!(out(&told).lines().count(), 2, "nothing is listed: {}", out(&told));
    assert_eq!((code(&told), code(&compare(&["--require-bump"]))), (0, 1));
    let found: serde_json::Value =
        serde_json::from_str(&out(&compare(&["--format", "json"]))).expect("JSON");
    assert_eq!(found["processes"][0]["relation"], "unrelated");
    let picture = out(&compare(&["--format", "svg"]));
    assert!(picture.contains("This is another process"), "{picture}");
    // Another name alone makes no other process.
    let renamed = OLD.replace("process tea \"Tea\"", "process drinks \"A hot drink\"");
    assert!(shown(&changes(OLD, &renamed)).contains("has the name `drinks`"));
}

#[test]
fn outside_of_a_repository_git_is_told_so() {
    let folder = folder(&[("p.vup", OLD)]);
    let output = vup(folder.path(), &["diff", "--git", "HEAD", "p.vup"]);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert!(err(&output).contains("is not in a git repository"), "{}", err(&output));
}

fn release_notes(old: &str, new: &str) -> String {
    let folder = folder(&[("old.vup", old), ("new.vup", new)]);
    let output = vup(folder.path(), &["release-notes", "old.vup", "new.vup"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    out(&output)
}

#[test]
fn the_client_reads_cases_in_plain_words() {
    let (first, history) = history();
    let at = history.iter().position(|it| it.title.contains("by one character"));
    let rerouted = &history[at.expect("it is there")].text;
    let last = &history.last().expect("there are editions").text;
    let minor = release_notes(&first, rerouted);
    assert!(
        minor.contains("the size of the hop is minor, **and** there is no breaking change"),
        "{minor}"
    );
    insta::assert_snapshot!("notes", format!("{minor}\n{}", release_notes(&first, last)));
    // What only one edition can say, ranges, roles that may be absent, decisions.
    let old = OLD.replace("role cook", "role waiter \"Waiter\" optional\n  role cook");
    let new = old
        .replace("<= 10", "< 10")
        .replace("> 10", ">= 10")
        .replace("    notify guest", "    when waiter takes part\n    notify guest")
        .replace(
            "small pot\" by cook {",
            "small pot\" by cook {\n    when guests > 3 and guests < 9",
        );
    insta::assert_snapshot!("notes_of_tea", release_notes(&old, &new));
}

#[test]
fn the_client_gets_nothing_internal() {
    let new = OLD
        .replace("version 1.0.0", "version 2.0.0")
        .replace(
            "internal note \"The small one leaks\"",
            "internal do \"Hide the leak\"\n    do \"Warm it\"",
        )
        .replace("    notify guest \"The tea is coming\"\n", "");
    let notes = release_notes(OLD, &new);
    assert!(!notes.contains("leak"), "{notes}");
    assert!(notes.contains("Version 2.0.0, compared with version 1.0.0"), "{notes}");
    assert!(notes.contains("the task “Warm it” is new"), "{notes}");
    assert!(notes.contains("The tea is coming") && notes.contains("*(Guest)*"), "{notes}");
}

/// Who is told something does nothing; what a step's own people do is not put down to those whom it tells.
#[test]
fn the_client_is_told_and_does_not_do_it() {
    let message = "    notify guest \"The tea is coming\"\n";
    let tasks = |first: &str, second: &str| format!("    do \"{first}\"\n    do \"{second}\"\n");
    let two = OLD.replace(message, &(tasks("Warm it", "Fill it") + message));
    let swapped = OLD.replace(message, &(tasks("Fill it", "Warm it") + message));
    let notes = release_notes(&two, &swapped);
    assert!(notes.contains("now comes first.\n"), "nobody of the client does it: {notes}");
    let silent = two.replace(message, "");
    let (less, more) = (release_notes(&two, &silent), release_notes(&silent, &two));
    let what = "told “The tea is coming” at 4 “Use the large pot”. *(Guest)*\n";
    assert!(less.contains(&format!("- You are no longer {what}")), "{less}");
    assert!(more.contains(&format!("- You are now {what}")), "{more}");
    let first = "step \"Boil the water\" by cook";
    let elsewhere = silent.replace(first, &format!("{first} {{\n{message}  }}"));
    let notes = release_notes(&two, &elsewhere);
    let moved = "You are told “The tea is coming” at 1 “Boil the water”, no longer at 4 “Use the";
    assert!(notes.contains(moved), "{notes}");
}

#[test]
fn what_becomes_visible_is_new_for_the_client_and_what_becomes_internal_is_gone() {
    let shown = OLD.replace(
        "internal note \"The small one leaks\"",
        "do \"Look for leaks\"\n    warning \"It is hot\"",
    );
    let hidden = shown
        .replace("do \"Look for leaks\"", "internal do \"Look for leaks in SECRET\"")
        .replace("warning \"It is hot\"", "internal warning \"It is hot: SECRET\"");
    let (come, gone) = (release_notes(&hidden, &shown), release_notes(&shown, &hidden));
    for what in ["the task “Look for leaks” is", "the warning “It is hot” is new"] {
        assert!(come.contains(what), "{what}: {come}");
    }
    assert!(gone.contains("the task “Look for leaks” is gone"), "{gone}");
    assert!(!come.contains("SECRET") && !gone.contains("SECRET"), "{come}{gone}");
    // Also where it stands elsewhere then.
    let line = "    internal do \"Look for leaks\"\n    notify guest";
    let moved = release_notes(&shown, &OLD.replace("    notify guest", line));
    assert!(moved.contains("3 “Use the small pot”: the task “Look for leaks” is gone"), "{moved}");
    // Where it is done now is not for the client.
    assert!(!moved.contains("large pot"), "{moved}");
}

/// What authors write, in titles of steps and of roles, is text for whoever reads it.
#[test]
fn what_authors_write_is_no_markup_of_a_comparison() {
    let new = OLD
        .replace("cook \"Cook\"", "cook \"Cook *lead* _x_ [x](http://example.org/y)\"")
        .replace("guest \"Guest\"", "guest \"Guest <img src=g>\"")
        .replace("\"Boil the water\"", "\"Boil <img src=x onerror=alert(1)> the water\"")
        .replace("the large pot", "the [large](javascript&amp;colon;alert(1)) pot")
        .replace(
            "    notify guest",
            "    do \"See \\\\![it](https://example.org/p.png)\"\n    notify guest",
        );
    let folder = folder(&[("old.vup", OLD), ("new.vup", &new)]);
    let run = |args: &[&str]| {
        let output = vup(folder.path(), &[args, &["old.vup", "new.vup"]].concat());
        assert_eq!(code(&output), 0, "{}", err(&output));
        out(&output)
    };
    for args in [&["diff", "--format", "md"][..], &["release-notes"]] {
        let mut page = String::new();
        let told = run(args);
        pulldown_cmark::html::push_html(&mut page, pulldown_cmark::Parser::new(&told));
        assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"), "{page}");
        assert!(page.contains("Cook *lead* _x_ [x](http://example.org/y)"), "{page}");
        assert!(page.contains("See !<a href=\"https://example.org/p.png\">it</a>"), "{page}");
        assert!(!page.contains("<img") && !page.contains("javascript:"), "{page}");
        assert!(!page.contains("href=\"http://example.org/y"), "{page}");
    }
    let human = run(&["diff"]);
    assert!(human.contains("“Cook *lead* _x_ [x](http://example.org/y)”"), "{human}");
    assert!(human.contains("“Boil <img src=x onerror=alert(1)> the water”"), "{human}");
}

/// Where a line starts with the words of an author, the log of a pipeline may take them for a command.
#[test]
fn no_line_for_people_starts_with_a_title() {
    let old = OLD.replace("\"Tea\"", "\"::warning::tea\"").replace(
        "  step \"Boil the water\" by cook\n",
        "  stage boil \"::error::boil\" by cook {\n    step \"::notice::one\"\n  }\n",
    );
    let new = old.replace("::notice::one", "::notice::two");
    let folder = folder(&[("old.vup", &old), ("new.vup", &new)]);
    for args in [&["diff", "old.vup", "new.vup"][..], &["test", "old.vup"]] {
        let told = out(&vup(folder.path(), args));
        assert!(told.contains("::warning::tea"), "{told}");
        assert!(told.lines().all(|line| !line.trim_start().starts_with("::")), "{told}");
    }
}
