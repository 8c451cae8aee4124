//! `vup check --fix` as people run it: what is written, what is left alone, what is said.

#[path = "support/program.rs"]
mod program;

use program::{code, err, folder, out, vup, vup_told};
use std::path::Path;

const SLIPS: &str = r#"process tea "Tea" {
  version 1.0
  role cook "Cook"
  step pour "Pour" by coook
}
"#;

const MENDED: &str = r#"process tea "Tea" {
  version 1.0.0
  role cook "Cook"
  step pour "Pour" by cook
}
"#;

const NOT_FOLLOWED: &str = "the flow is followed once the error is mended";

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).expect("it can be read")
}

#[test]
fn slips_are_mended_and_what_remains_decides() {
    let folder = folder(&[("tea.vup", SLIPS)]);
    let told = vup(folder.path(), &["check"]);
    let last = "2 errors; `--fix` mends 2; the flow is followed once the errors are mended\n";
    assert!(err(&told).ends_with(last), "{}", err(&told));

    let output = vup(folder.path(), &["check", "--fix"]);
    assert_eq!(read(folder.path(), "tea.vup"), MENDED);
    assert_eq!((code(&output), out(&output).as_str()), (0, ""));
    assert_eq!(
        err(&output),
        "tea.vup:2: version 1.0.0\ntea.vup:4: step pour \"Pour\" by cook\n\
         2 edits in 1 file made\n1 file checked: nothing found\n"
    );

    let again = vup(folder.path(), &["check", "--fix"]);
    assert_eq!(err(&again), "nothing is mended\n1 file checked: nothing found\n");
    assert_eq!(read(folder.path(), "tea.vup"), MENDED);
}

#[test]
fn line_ends_and_a_byte_order_mark_stay() {
    let with = |text: &str| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let open = SLIPS.replace("coook\n", "coook {\n    do \"Pour\"\n");
    let closed = MENDED.replace("cook\n}", "cook {\n    do \"Pour\"\n  }\n}");
    let folder = folder(&[("tea.vup", &with(&open))]);
    // The missing `}` is sure only once nothing else is wrong.
    assert_eq!(code(&vup(folder.path(), &["check", "--fix"])), 0);
    assert_eq!(read(folder.path(), "tea.vup"), with(&closed));
}

#[test]
fn a_diff_is_shown_and_nothing_is_written() {
    let folder = folder(&[("tea.vup", SLIPS)]);
    let output = vup(folder.path(), &["check", "--diff"]);
    assert_eq!(read(folder.path(), "tea.vup"), SLIPS);
    let diff = out(&output);
    assert!(diff.starts_with("--- tea.vup\n+++ tea.vup\n@@ -1,5 +1,5 @@\n"), "{diff}");
    assert!(diff.contains("-  version 1.0\n") && diff.contains("+  version 1.0.0\n"), "{diff}");
    assert!(err(&output).starts_with("2 edits in 1 file to be made"), "{}", err(&output));
    assert_eq!(code(&output), 1, "the file is as it was");
    assert_eq!(code(&vup(folder.path(), &["check", "--diff", "--format", "json"])), 2);
    assert_eq!(code(&vup(folder.path(), &["check", "--suggested"])), 2);
}

#[test]
fn of_standard_input_the_mended_text_is_printed() {
    let folder = folder(&[]);
    let output = vup_told(folder.path(), &["check", "--fix", "-"], SLIPS);
    assert_eq!((code(&output), out(&output).as_str()), (0, MENDED));
    let wrong = SLIPS.replace("coook", "somebody");
    let output = vup_told(folder.path(), &["check", "--fix", "-"], &wrong);
    assert_eq!(out(&output), MENDED.replace("by cook", "by somebody"));
    assert!(err(&output).contains("there is no role `somebody`"), "{}", err(&output));
    assert_eq!(code(&output), 1);
}

#[test]
fn what_would_bring_an_error_is_not_written() {
    // Which of the two steps is meant, nobody knows.
    let text = r#"process bill "Bill" {
  version 1.0
  role clerk "Clerk"
  stage first "First" by clerk {
    step enter "Enter"
  }
  stage second "Second" by clerk {
    step enter "Enter"
  }
  decide fine "Fine?" by clerk {
    answer yes "Yes" -> next
    answer no "No" -> step entre at most 2 times
  }
}
"#;
    let folder = folder(&[("bill.vup", text)]);
    let output = vup(folder.path(), &["check", "--fix"]);
    assert_eq!(read(folder.path(), "bill.vup"), text);
    assert!(
        err(&output).starts_with(
            "bill.vup: nothing is mended, since that would bring an error: bill.vup:12: \
             `enter` could be 2 things\n"
        ),
        "{}",
        err(&output)
    );
    assert_eq!(code(&output), 1);
}

#[test]
fn files_that_are_used_are_changed_only_when_they_are_named() {
    let library = "role cook \"Cook\"\nprocedure pour() {\n  step \"Pour\" by coook\n}\n";
    let tea = "use \"lib.vup\"\nprocess tea \"Tea\" {\n  version 1.0\n  run pour()\n}\n";
    let folder = folder(&[("tea.vup", tea), ("lib.vup", library)]);
    let output = vup(folder.path(), &["check", "--fix", "tea.vup"]);
    assert_eq!(read(folder.path(), "lib.vup"), library);
    let told = "tea.vup:3: version 1.0.0\n1 edit in 1 file made\nlib.vup is used, and was not named: it is left as it is\n";
    assert_eq!(err(&output), format!("{told}1 file checked: 1 error; {NOT_FOLLOWED}\n"));
    assert!(read(folder.path(), "tea.vup").contains("version 1.0.0"));
    assert_eq!(code(&output), 1);
    assert_eq!(code(&vup(folder.path(), &["check", "--fix"])), 0);
    assert!(read(folder.path(), "lib.vup").contains("by cook\n"));
}

#[test]
fn what_is_suggested_is_shown_and_written_only_when_asked_for() {
    let text = r#"process repair "Repair" {
  version 1.0.0
  role desk "Desk"
  fact damage "How bad?" : scale none < some < severe
  decide next-step "What next?" {
    when damage = none -> next
    when damage = severe -> next // hopeless
  }
  step look "Look at it" by desk
}
"#;
    let folder = folder(&[("repair.vup", text)]);
    let output = vup(folder.path(), &["check", "--fix"]);
    assert_eq!(read(folder.path(), "repair.vup"), text);
    assert!(out(&output).contains("for example, as line 8:"), "{}", out(&output));
    assert!(out(&output).contains("+ when damage = some -> next"), "{}", out(&output));
    let output = vup(folder.path(), &["check", "--fix", "--suggested"]);
    let line = "// hopeless\n    when damage = some -> next\n";
    assert_eq!(read(folder.path(), "repair.vup"), text.replace("// hopeless\n", line));
    assert_eq!(code(&output), 0, "{}", out(&output));
}

#[cfg(unix)]
#[test]
fn a_file_stays_what_it_was() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("there/tea.vup", SLIPS)]);
    let there = folder.path().join("there/tea.vup");
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(&there, mode(0o664)).expect("set");
    symlink(&there, folder.path().join("tea.vup")).expect("linked");
    assert_eq!(code(&vup(folder.path(), &["check", "--fix", "tea.vup"])), 0);
    assert!(folder.path().join("tea.vup").symlink_metadata().expect("there").is_symlink());
    assert_eq!(read(folder.path(), "there/tea.vup"), MENDED);
    let is = std::fs::metadata(&there).expect("there").permissions().mode() & 0o777;
    assert_eq!(is, 0o664);

    std::fs::write(&there, SLIPS).expect("written");
    std::fs::set_permissions(&there, mode(0o444)).expect("set");
    let output = vup(folder.path(), &["check", "--fix", "tea.vup"]);
    assert_eq!(code(&output), 4);
    assert!(err(&output).contains("it may not be written"), "{}", err(&output));
    assert_eq!(read(folder.path(), "there/tea.vup"), SLIPS);
}

#[test]
fn a_file_that_cannot_be_written_is_told_from_those_that_were() {
    let folder = folder(&[("a.vup", SLIPS), ("b.vup", SLIPS), ("c.vup", SLIPS)]);
    let path = folder.path().join("b.vup");
    let mut permissions = std::fs::metadata(&path).expect("it is there").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).expect("they can be set");
    let output = vup(folder.path(), &["check", "--fix"]);
    assert_eq!(code(&output), 4, "{}", err(&output));
    for (name, text) in [("a.vup", MENDED), ("b.vup", SLIPS), ("c.vup", MENDED)] {
        assert_eq!(read(folder.path(), name), text, "{name}");
    }
    let told = err(&output);
    let why = "error: cannot write b.vup: it may not be written; it is left as it was\n";
    assert!(told.contains(why), "{told}");
    let sum = "4 edits in 2 files made\nwritten: a.vup\nwritten: c.vup\nnot written: b.vup\n";
    assert!(told.contains(sum), "{told}");
    assert!(!told.contains("b.vup:2: version 1.0.0"), "that is not so: {told}");
    // What is told is how the files are now.
    let last = "2 errors; `--fix` mends 2; the flow is followed once the errors are mended\n";
    assert!(told.ends_with(&format!("3 files checked: {last}")), "{told}");
    assert!(out(&output).contains("b.vup:4"), "{}", out(&output));
}

#[test]
fn what_is_suggested_goes_on_until_nothing_is_left_and_is_told_by_its_first_lines() {
    let text = include_str!("cases/mends/until-nothing-is-left/input.vup");
    let folder = folder(&[("p.vup", text)]);
    let output = vup(folder.path(), &["check", "--fix", "--suggested"]);
    let told = err(&output);
    for line in [
        "p.vup: line 5 is gone: artifact list \"List\"\n",
        " by clerk { … and 2 more lines\n",
        " -> step put at most 3 times\n",
    ] {
        assert!(told.contains(line), "{line}\nis not in\n{told}");
    }
    assert!(!told.contains(": }\n"), "{told}");
    let mended = read(folder.path(), "p.vup");
    let again = vup(folder.path(), &["check", "--fix", "--suggested"]);
    assert!(err(&again).starts_with("nothing is mended\n"), "{}", err(&again));
    assert_eq!(read(folder.path(), "p.vup"), mended);
}

#[test]
fn what_is_suggested_brings_no_error_into_its_own_line() {
    let text = "process p \"P\" {\n  version 1.0.0\n  role clerk \"Clerk\"\n  step \"Post\" by clerk in charge\n}\n";
    let folder = folder(&[("p.vup", text)]);
    let output = vup(folder.path(), &["check", "--fix", "--suggested"]);
    assert_eq!(read(folder.path(), "p.vup"), text);
    let why = "p.vup: `in` is not understood here: left as it is, since that would bring an error: \
               p.vup:4: there is no environment `charge`\n";
    assert!(err(&output).starts_with(why), "{}", err(&output));
}
