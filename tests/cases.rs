//! What `vup` says, case by case: each folder `cases/SUITE/CASE` has an `input.vup`, the files
//! that it uses, and beside it the snapshot of what is found.
//!
//! A case is added by adding a folder. `INSTA_UPDATE=always cargo test --test cases` writes the
//! snapshots; read them before you commit them.

#[path = "support/snapshot.rs"]
mod snapshot;
#[path = "support/compile.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use support::{compile_in, mended_in, shown};
use vup::diagnostic::Applicability;

#[test]
fn findings_are_as_they_were() {
    insta::glob!("cases/*/*/input.vup", |input| {
        let folder = input.parent().expect("a case is a file in a folder");
        let text = fs::read_to_string(input).expect("the case can be read");
        let compiled = compile_in(folder, "input.vup", &text);
        let mut shown = format!("{}\n----- findings\n{}", files(folder), shown(&compiled));
        shown += &mends(folder, &text);
        shown = shown.replace('\t', "␉").replace('\r', "␍");
        snapshot::in_folder(folder, "findings", &shown);
    });
}

/// An edit that is offered mends what it is offered for.
#[test]
fn edits_mend() {
    let mut tried = 0;
    for folder in cases() {
        let text = fs::read_to_string(folder.join("input.vup")).expect("the case can be read");
        let before = compile_in(&folder, "input.vup", &text);
        for finding in &before.findings {
            let Some(edit) = &finding.edit else { continue };
            let Some(changes) = edit.changes(&before.sources) else { continue };
            if changes.iter().any(|change| change.place.file.0 != 0) {
                continue;
            }
            let mut mended = text.clone();
            for change in changes.iter().rev() {
                mended.replace_range(change.place.span.range(), &change.replacement);
            }
            let after = compile_in(&folder, "input.vup", &mended);
            let is_same = |other: &&vup::diagnostic::Diagnostic| {
                other.rule == finding.rule && other.message == finding.message
            };
            let told = before.findings.iter().filter(is_same).count();
            let left = after.findings.iter().filter(is_same).count();
            assert!(
                left < told,
                "{}: the edit does not mend `{}`:\n{mended}",
                folder.display(),
                finding.message
            );
            tried += 1;
        }
    }
    assert!(tried > 30, "only {tried} edits in the cases");
}

/// House style of what people read.
#[test]
fn messages_are_in_the_house_style() {
    for folder in cases() {
        let text = fs::read_to_string(folder.join("input.vup")).expect("the case can be read");
        for finding in compile_in(&folder, "input.vup", &text).findings {
            let labels = finding.labels.iter().map(|label| label.text.as_str());
            let texts = [Some(finding.message.as_str()), finding.help.as_deref()];
            for told in texts.into_iter().flatten().chain(labels) {
                let first = told.chars().next();
                assert!(!first.is_some_and(char::is_uppercase), "upper case: {told}");
                assert!(!told.ends_with('.'), "a full stop at the end: {told}");
                assert!(!told.contains("``"), "empty backticks: {told}");
            }
            assert!(finding.help.is_some(), "no advice: {}", finding.message);
        }
    }
}

/// What all safe edits together change, and what the suggested ones change after them.
fn mends(folder: &Path, text: &str) -> String {
    let mut shown = String::new();
    let mut before = text.to_string();
    for (least, title) in
        [(Applicability::Safe, "mended"), (Applicability::Suggested, "with what is suggested")]
    {
        let mended = mended_in(folder, &before, least);
        let diff = similar::TextDiff::from_lines(&before, &mended.text);
        let changed: Vec<String> = diff
            .iter_all_changes()
            .filter(|change| change.tag() != similar::ChangeTag::Equal)
            .map(|change| format!("{}{}", change.tag(), change.value().trim_end_matches('\n')))
            .collect();
        match (&mended.refused, changed.is_empty()) {
            (Some(reason), _) => shown += &format!("\n----- not {title}\n{reason:?}\n"),
            (None, true) => {}
            (None, false) => shown += &format!("\n----- {title}\n{}\n", changed.join("\n")),
        }
        for left in &mended.left {
            let (finding, why) = (&left.message, &left.why);
            shown +=
                &format!("\n----- left, since the edit would bring an error\n{finding}\n{why:?}\n");
        }
        before = mended.text;
    }
    shown
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> = folders(&root).iter().flat_map(|suite| folders(suite)).collect();
    cases.sort();
    assert!(cases.len() >= 40);
    cases
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    paths.filter(|path| path.is_dir()).collect()
}

/// The texts of a case, the input first.
fn files(folder: &Path) -> String {
    let mut names: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("an entry can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "vup"))
        .collect();
    names.sort_by_key(|path| (!path.ends_with("input.vup"), path.clone()));
    let mut shown = String::new();
    for path in names {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(&path).expect("the file can be read");
        shown.push_str(&format!("----- {name}\n{}\n", text.trim_end_matches('\n')));
    }
    shown
}
