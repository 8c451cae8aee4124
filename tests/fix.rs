//! What edits do to texts: they bring no error, they come to an end, and a name that is misspelt in a
//! real process is what it was. The table is printed: `cargo test --test fix -- --nocapture`.

#[path = "support/compile.rs"]
mod support;
#[path = "support/words.rs"]
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use support::{compile_in, mended_in};
use vup::diagnostic::{Applicability, Change};
use vup::fix::{self, Known};
use vup::syntax::rules::SYNTAX;
use words::words;

/// Of the names that are misspelt, so many are as they were once what is safe is applied.
const LEAST_RESTORED: usize = 79;

/// Files whose safe edits are not applied, since that would bring an error.
const REFUSED: [&str; 1] = ["tests/cases/procedures/never-run/"];

#[test]
fn safe_edits_bring_no_error_and_come_to_an_end() {
    let mut edits = 0;
    let mut refused = BTreeSet::new();
    for (name, folder, text) in corpus() {
        let mended = mended_in(&folder, &text, Applicability::Safe);
        edits += mended.edits;
        if let Some(reason) = mended.refused {
            assert_eq!(mended.text, text, "{name}: all or nothing");
            refused.insert(format!("{name}: {reason:?}"));
            continue;
        }
        let again = mended_in(&folder, &mended.text, Applicability::Safe);
        assert_eq!(again.edits, 0, "{name} is not mended at once:\n{}", mended.text);
    }
    println!("{edits} safe edits; refused: {refused:#?}");
    let is_known = |told: &&String| !REFUSED.iter().any(|name| told.starts_with(name));
    let unknown: Vec<_> = refused.iter().filter(is_known).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert!(edits >= 90, "only {edits} edits");
}

/// One by one: what is safe brings no error that was not there, what is suggested can be read.
#[test]
fn each_edit_by_itself_makes_nothing_worse() {
    let mut tried = BTreeMap::<_, usize>::new();
    for (name, folder, text) in corpus() {
        let before = compile_in(&folder, "input.vup", &text);
        let mut known = Known::default();
        known.note(&before);
        let unread = |compiled: &vup::Compiled| {
            compiled.findings.iter().filter(|finding| finding.rule == &SYNTAX).count()
        };
        for finding in &before.findings {
            let Some(edit) = &finding.edit else { continue };
            let Some(changes) = edit.changes(&before.sources) else { continue };
            if changes.iter().any(|change| change.place.file.0 != 0) {
                continue;
            }
            let mended = applied(&text, &changes);
            let after = compile_in(&folder, "input.vup", &mended);
            let (rule, message) = (finding.rule.name, &finding.message);
            assert!(unread(&after) <= unread(&before), "{name}: {rule}: {message}\n{mended}");
            *tried.entry((edit.applicability, rule)).or_default() += 1;
        }
    }
    for ((applicability, rule), count) in &tried {
        println!("{:<10} {rule:<22} {count:>4}", format!("{applicability:?}").to_lowercase());
    }
    assert!(tried.len() > 20, "{tried:#?}");
}

/// What is suggested would seldom bring an error; where it would, it is left out.
#[test]
fn suggested_edits_bring_no_error() {
    let (mut edits, mut left) = (0, Vec::new());
    for (name, folder, text) in corpus() {
        let mut known = Known::default();
        known.note(&compile_in(&folder, "input.vup", &text));
        let mended = mended_in(&folder, &text, Applicability::Suggested);
        let after = compile_in(&folder, "input.vup", &mended.text);
        // What could not be seen before is not new.
        known.note(&after);
        assert_eq!(known.brought(&after), None, "{name}:\n{}", mended.text);
        edits += mended.edits;
        left.extend(mended.left.iter().map(|left| format!("{name}: {}", left.message)));
    }
    println!("{edits} edits; left: {left:#?}");
    assert!(left.len() * 10 <= edits, "{edits} edits are applied, and not these: {left:#?}");
}

#[test]
fn a_misspelt_name_is_what_it_was() {
    let mut table = BTreeMap::<(String, &str), [usize; 3]>::new();
    let folder = root().join("processes");
    for file in
        ["version-update.vup", "cluster-upgrade.vup", "major-incident.vup", "release-vote.vup"]
    {
        let text = fs::read_to_string(folder.join(file)).expect("the process can be read");
        for (index, (at, name)) in references(&text).into_iter().enumerate() {
            let (slip, misspelt) = slip(name, index);
            let mut wrong = text.clone();
            wrong.replace_range(at..at + name.len(), &misspelt);
            let compiled = compile_in(&folder, file, &wrong);
            let round = fix::round(&compiled);
            let row = table.entry((file.to_string(), slip)).or_default();
            row[0] += 1;
            match round {
                Some(round) if round.text == text => row[1] += 1,
                Some(round) => {
                    row[2] += 1;
                    println!("{file}: `{misspelt}` for `{name}` became something else");
                    assert_ne!(round.text, wrong);
                }
                None => println!("{file}: `{misspelt}` for `{name}` is left"),
            }
        }
    }
    println!("process              slip       names  restored  otherwise");
    let mut all = [0; 3];
    for ((file, slip), [names, restored, otherwise]) in &table {
        println!("{file:<20} {slip:<9} {names:>6} {restored:>9} {otherwise:>10}");
        all = [all[0] + names, all[1] + restored, all[2] + otherwise];
    }
    println!("{:<30} {:>6} {:>9} {:>10}", "all", all[0], all[1], all[2]);
    assert!(all[0] > 200, "only {} names", all[0]);
    assert!(all[1] * 100 >= all[0] * LEAST_RESTORED, "only {} of {} names", all[1], all[0]);
}

/// Names that are declared in a text, at each place that is not their declaration nor in a string.
fn references(text: &str) -> Vec<(usize, &str)> {
    const DECLARE: [&str; 14] = [
        "role",
        "resource",
        "environment",
        "artifact",
        "switch",
        "fact",
        "outcome",
        "trigger",
        "step",
        "stage",
        "path",
        "decide",
        "procedure",
        "answer",
    ];
    let mut declared = BTreeSet::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        if words.next().is_some_and(|word| DECLARE.contains(&word))
            && let Some(name) = words.next().filter(|name| is_name(name) && name.len() >= 4)
        {
            declared.insert(name);
        }
    }
    let mut found = Vec::new();
    let (mut offset, mut in_block) = (0, false);
    for line in text.split_inclusive('\n') {
        let opens = line.trim_end().ends_with("\"\"\"");
        let declares = line.split_whitespace().next().is_some_and(|word| DECLARE.contains(&word));
        if !in_block && !line.trim_start().starts_with("//") {
            let own = if declares { line.split_whitespace().nth(1) } else { None };
            let words = words(line).into_iter().filter(|(_, word)| declared.contains(word));
            let references = words.filter(|(_, word)| own != Some(*word));
            found.extend(references.map(|(at, word)| (offset + at, word)));
        }
        in_block ^= opens;
        offset += line.len();
    }
    found
}

fn is_name(word: &str) -> bool {
    word.starts_with(char::is_alphabetic)
        && word.chars().all(|char| char.is_alphanumeric() || char == '-')
}

/// A slip of the pen in the middle of a name.
fn slip(name: &str, index: usize) -> (&'static str, String) {
    let mut letters: Vec<char> = name.chars().collect();
    let middle = letters.len() / 2;
    let slip = match index % 4 {
        0 => {
            let differs = (1..letters.len() - 1).find(|at| letters[*at] != letters[at + 1]);
            let at = differs.unwrap_or(0);
            letters.swap(at, at + 1);
            "swapped"
        }
        1 => {
            letters.remove(middle);
            "left out"
        }
        2 => {
            letters.insert(middle, letters[middle]);
            "doubled"
        }
        _ => {
            letters[middle] = if letters[middle] == 'x' { 'z' } else { 'x' };
            "replaced"
        }
    };
    (slip, letters.into_iter().collect())
}

fn applied(text: &str, changes: &[Change]) -> String {
    let mut text = text.to_string();
    for change in changes.iter().rev() {
        text.replace_range(change.place.span.range(), &change.replacement);
    }
    text
}

/// Every text that the tests and the rules have: a name, the folder for what it uses, the text.
fn corpus() -> Vec<(String, PathBuf, String)> {
    let mut corpus = Vec::new();
    let mut folders = vec![root().join("tests/cases"), root().join("tests/faults")];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).expect("the folder can be read");
        for path in entries.map(|entry| entry.expect("an entry can be read").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "vup") {
                let text = fs::read_to_string(&path).expect("the file can be read");
                let name = path.strip_prefix(root()).expect("it is below").display().to_string();
                corpus.push((name, folder.clone(), text));
            }
        }
    }
    for rule in vup::rules() {
        for (kind, text) in [("wrong", rule.wrong), ("right", rule.right)] {
            corpus.push((format!("{} ({kind})", rule.name), root().join("docs"), text.to_string()));
        }
    }
    corpus.sort();
    assert!(corpus.len() > 200, "only {} texts", corpus.len());
    corpus
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
