//! The real processes use every construct of the language.
//!
//! `constructs.txt` names a line for each; and the statements and parts of the language are looked
//! for by themselves, so that a new one cannot be forgotten there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use vup::source::FileId;
use vup::syntax::parse;
use vup::syntax::statement::{FORMS, Kind};
use vup::syntax::tree::{Clause, Guard, ParameterKind, Type, Who};

/// Parts of statements by the names that the tree gives them; found by their `Debug`.
const FLAGS: [&str; 17] = [
    "External",
    "Optional",
    "Live",
    "Given",
    "PerEnvironment",
    "NormallyOn",
    "Breaking",
    "RequiredStop",
    "Later",
    "Internal",
    "AtLeastOne",
    "InRoute",
    "TurnOn",
    "TurnOff",
    "Not",
    "Never",
    "TakesPart",
];
const CLAUSES: [&str; 25] = [
    "By",
    "With",
    "On",
    "Uses",
    "Flag",
    "States",
    "Sheet",
    "Type",
    "Guard",
    "Version",
    "Date",
    "Parameters",
    "Arguments",
    "As",
    "To",
    "Times",
    "AtATime",
    "Subject",
    "State",
    "Duration",
    "Anchor",
    "RecordType",
    "Second",
    "Template",
    "Values",
];
const TYPES: [&str; 5] = ["YesNo", "OneOf", "Scale", "Number", "Version"];
const WHO: [&str; 4] = ["Bare", "AllOf", "AnyOf", "Count"];
const GUARDS: [&str; 7] = ["Test", "Compare", "In", "TakesPart", "Not", "All", "Any"];
const COMPARISONS: [&str; 6] = ["Equal", "NotEqual", "Less", "AtMost", "Greater", "AtLeast"];
const TEMPLATES: [&str; 6] =
    ["OnlyAfter", "Always", "NeverAfter", "NeverBoth", "AtMostOnce", "DifferentRoles"];
const TARGETS: [&str; 5] = ["Next", "Step", "Stage", "Path", "End"];
const ANCHORS: [&str; 3] = ["Of", "Before", "After"];

#[test]
fn each_listed_line_stands_in_its_file() {
    let list = fs::read_to_string(root().join("tests/constructs.txt")).expect("the list is there");
    let mut checked = 0;
    for row in list.lines().filter(|row| !row.trim().is_empty() && !row.starts_with('#')) {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [construct, line, file] = cells.as_slice() else { panic!("not three cells: {row}") };
        let text = fs::read_to_string(root().join("processes").join(file.trim()))
            .unwrap_or_else(|_| panic!("`{construct}`: there is no file `{file}`"));
        let stands = text.lines().any(|written| written.trim() == line.trim());
        assert!(stands, "`{construct}`: `{file}` has no line `{line}`");
        checked += 1;
    }
    assert!(checked > 200, "only {checked} lines");
}

#[test]
fn every_statement_is_used() {
    let mut used = BTreeSet::new();
    for path in processes() {
        let text = fs::read_to_string(&path).expect("a process can be read");
        used.extend(parse(&text, FileId(0)).tree.statements.iter().map(|line| line.kind));
    }
    for form in FORMS.iter().filter(|form| form.kind != Kind::File) {
        assert!(used.contains(&form.kind), "no process has a `{}`: {}", form.keyword, form.syntax);
    }
}

#[test]
fn every_part_of_a_statement_is_used() {
    let mut seen = BTreeSet::new();
    for path in processes() {
        let text = fs::read_to_string(&path).expect("a process can be read");
        for line in &parse(&text, FileId(0)).tree.statements {
            seen.extend(line.title.map(|title| title_word(title.is_block(&text))));
            line.clauses.iter().for_each(|clause| note(clause, &mut seen));
        }
    }
    let wanted = [
        ("flag", FLAGS.as_slice()),
        ("type", &TYPES),
        ("who", &WHO),
        ("guard", &GUARDS),
        ("comparison", &COMPARISONS),
        ("template", &TEMPLATES),
        ("target", &TARGETS),
        ("anchor", &ANCHORS),
        ("parameter", &["Role", "Environment", "Fact"]),
        ("value", &["Name", "Number", "Version"]),
        ("title", &["string", "block"]),
    ];
    let clauses = CLAUSES.iter().map(|one| ("clause", *one));
    let parts =
        wanted.iter().flat_map(|(what, names)| names.iter().map(move |name| (*what, *name)));
    for (what, name) in parts.chain(clauses) {
        let key = format!("{what} {name}");
        assert!(seen.contains(&key), "no process has the {key}");
    }
}

fn title_word(is_block: bool) -> String {
    format!("title {}", if is_block { "block" } else { "string" })
}

/// The name of an enum's variant, as `Debug` writes it.
fn variant(of: &impl std::fmt::Debug) -> String {
    let written = format!("{of:?}");
    let end = written.find(|char: char| !char.is_alphanumeric()).unwrap_or(written.len());
    written[..end].to_string()
}

fn note(clause: &Clause, seen: &mut BTreeSet<String>) {
    seen.insert(format!("clause {}", variant(clause)));
    match clause {
        Clause::By(who) => note_who(who, seen),
        Clause::Flag(flag, _) => {
            seen.insert(format!("flag {}", variant(flag)));
        }
        Clause::Type(kind) => note_type(kind, seen),
        Clause::Parameters(parameters) => {
            for parameter in parameters {
                seen.insert(format!("parameter {}", variant(&parameter.kind)));
                if let ParameterKind::Fact(kind) = &parameter.kind {
                    note_type(kind, seen);
                }
            }
        }
        Clause::Guard(guard) => note_guard(guard, seen),
        Clause::Template(template) => {
            seen.insert(format!("template {}", variant(template)));
        }
        Clause::To(target) => {
            seen.insert(format!("target {}", variant(&target.kind)));
        }
        Clause::Anchor(anchor, _) => {
            seen.insert(format!("anchor {}", variant(anchor)));
        }
        Clause::Values(values) | Clause::Arguments(values) => {
            seen.extend(values.iter().map(|value| format!("value {}", variant(value))));
        }
        _ => {}
    }
}

fn note_who(who: &Who, seen: &mut BTreeSet<String>) {
    seen.insert(format!("who {}", variant(who)));
}

fn note_type(kind: &Type, seen: &mut BTreeSet<String>) {
    seen.insert(format!("type {}", variant(kind)));
}

fn note_guard(guard: &Guard, seen: &mut BTreeSet<String>) {
    seen.insert(format!("guard {}", variant(guard)));
    match guard {
        Guard::Compare { op, value, .. } => {
            seen.insert(format!("comparison {}", variant(op)));
            seen.insert(format!("value {}", variant(value)));
        }
        Guard::Not(inner) => note_guard(inner, seen),
        Guard::All(parts) | Guard::Any(parts) => {
            parts.iter().for_each(|part| note_guard(part, seen));
        }
        Guard::Test { .. } | Guard::In { .. } | Guard::TakesPart { .. } => {}
    }
}

fn processes() -> Vec<PathBuf> {
    let folder = root().join("processes");
    let mut paths = Vec::new();
    for folder in [folder.clone(), folder.join("shared")] {
        let entries = fs::read_dir(folder).expect("the folder is there");
        let files = entries.map(|entry| entry.expect("an entry can be read").path());
        paths.extend(files.filter(|path| path.extension().is_some_and(|end| end == "vup")));
    }
    assert!(paths.len() >= 5);
    paths
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
