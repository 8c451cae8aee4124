//! One realistic mistake at a time is put into a real process: the rule that is meant for it sees it.
//!
//! `mutants/CLASS.txt` holds the mistakes of one class. Each is a title, the file, what is to see it,
//! and the edit, as in a diff: ` ` stays, `-` goes, `+` comes, `@@` before another place. Indentation
//! and blank lines do not count, and what stays and goes stands once in the file. What is to see it:
//!
//! - `rule NAME`: a rule of the language, which sees it in whatever process;
//! - `author's rule "T"`, `scenario "T"`: nothing but what the author of the process wants of it.
//!   These are counted apart.
//!
//! What is not seen so is told in `mutants/known-misses.txt`, each with the reason. The table is
//! printed: `cargo test --test mutants -- --nocapture`.

#[path = "support/edits.rs"]
mod edits;

#[path = "support/formatted.rs"]
mod formatted;

use edits::{Hunk, apply, hunks};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use vup::Compiled;
use vup::diagnostic::{Diagnostic, Severity};
use vup::source::{FileId, Place, SourceFile};

/// Of what a rule of the language can see, its rule sees at least so much.
const LEAST_PERCENT: usize = 95;

/// What these tell of a mistake in the process is a consequence, and welcome.
const OF_AUTHORS: [&str; 2] = ["rule-broken", "scenario-failed"];

const PROCESSES: [&str; 4] =
    ["version-update.vup", "cluster-upgrade.vup", "major-incident.vup", "release-vote.vup"];

struct Mutant {
    class: String,
    /// The mistake in plain words.
    title: String,
    /// The file with the mistake.
    edited: String,
    /// The process that is compiled: that file, or one that uses it.
    process: String,
    expected: Expected,
    hunks: Vec<Hunk>,
}

enum Expected {
    Rule(String),
    /// A rule or a scenario of the author's, by how its line begins.
    Own(Own, String),
}

#[derive(Clone, Copy)]
enum Own {
    Rule,
    Scenario,
}

/// What became of a mutant.
enum Outcome {
    /// Caught as intended, and what else was told.
    Caught {
        also: BTreeSet<&'static str>,
    },
    /// Only other rules speak.
    Otherwise(BTreeSet<&'static str>),
    Missed,
}

#[derive(Default)]
struct Tally {
    mutants: usize,
    caught: usize,
    /// Caught, and no other rule of the language speaks.
    alone: usize,
    otherwise: usize,
    missed: usize,
}

#[test]
fn the_processes_are_clean() {
    let texts = texts();
    for process in PROCESSES {
        let compiled = compile(process, &texts);
        let told = findings(&compiled);
        assert!(told.is_empty(), "{process}: {told:#?}");
    }
}

#[test]
fn mistakes_are_caught_by_their_rules() {
    let mutants = mutants();
    let outcomes = try_all(&mutants);
    let report = Report::new(&mutants, &outcomes);
    println!("{}", report.text);
    assert_eq!(
        report.not_caught,
        known_misses(),
        "tests/mutants/known-misses.txt is not up to date"
    );
    let Tally { mutants, caught, .. } = report.language;
    assert!(
        caught * 100 >= mutants * LEAST_PERCENT,
        "{caught} of {mutants} are less than {LEAST_PERCENT} %"
    );
}

#[test]
fn mistakes_are_kept_when_formatted() {
    let (texts, mut tried) = (texts(), 0);
    for mutant in mutants() {
        let mutated = apply(&texts[&mutant.edited], &mutant.hunks).expect("tried above");
        if vup::syntax::parse(&mutated, FileId(0)).errors.is_empty() {
            formatted::formatted(&mutated);
            tried += 1;
        }
    }
    assert!(tried > 200, "only {tried} of the mutants can be formatted");
}

#[test]
fn there_are_mistakes_of_many_kinds() {
    let mutants = mutants();
    let classes: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.class.as_str()).collect();
    let titles: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.title.as_str()).collect();
    assert!(mutants.len() >= 90 && classes.len() >= 14);
    assert_eq!(titles.len(), mutants.len(), "two mutants have the same title");
}

/// Compiles every mutant, on as many threads as there are.
fn try_all(mutants: &[Mutant]) -> Vec<Outcome> {
    let texts = texts();
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(BTreeMap::new());
    let run = || {
        while let Some(mutant) = mutants.get(next.fetch_add(1, Ordering::Relaxed)) {
            let outcome = try_one(mutant, &texts);
            outcomes.lock().expect("see above").insert(mutant.title.as_str(), outcome);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(run);
        }
    });
    let mut outcomes = outcomes.into_inner().expect("see above");
    mutants.iter().map(|mutant| outcomes.remove(mutant.title.as_str()).expect("tried")).collect()
}

fn try_one(mutant: &Mutant, texts: &BTreeMap<String, String>) -> Outcome {
    let mut texts = texts.clone();
    let text = &texts[&mutant.edited];
    let mutated = apply(text, &mutant.hunks)
        .unwrap_or_else(|problem| panic!("{}: {}: {problem}", mutant.class, mutant.title));
    texts.insert(mutant.edited.clone(), mutated);
    let compiled = compile(&mutant.process, &texts);
    let told = findings(&compiled);
    let is_intended = |finding: &&Diagnostic| is_intended(finding, &mutant.expected, &compiled);
    let (intended, others): (Vec<&Diagnostic>, Vec<_>) = told.into_iter().partition(is_intended);
    let others: BTreeSet<&str> = others.iter().map(|finding| finding.rule.name).collect();
    match (intended.is_empty(), others.is_empty()) {
        (false, _) => Outcome::Caught { also: others },
        (true, false) => Outcome::Otherwise(others),
        (true, true) => Outcome::Missed,
    }
}

/// What is more than a remark on style.
fn findings(compiled: &Compiled) -> Vec<&Diagnostic> {
    let weighs = |finding: &&Diagnostic| finding.severity() > Severity::Note;
    compiled.findings.iter().filter(weighs).collect()
}

fn is_intended(finding: &Diagnostic, expected: &Expected, compiled: &Compiled) -> bool {
    match expected {
        Expected::Rule(rule) => finding.rule.name == rule,
        Expected::Own(own, title) => {
            let rule = match own {
                Own::Rule => "rule-broken",
                Own::Scenario => "scenario-failed",
            };
            let file = FileId(0);
            let stretch = stretch(&compiled.sources.file(file).text, *own, title);
            let is_there =
                |place: Place| place.file == file && stretch.contains(&(place.span.start as usize));
            let there = finding.labels.iter().any(|label| is_there(label.place));
            finding.rule.name == rule && there
        }
    }
}

/// Where the author's rule or scenario of this title stands.
fn stretch(text: &str, own: Own, title: &str) -> Range<usize> {
    let (keyword, end) = match own {
        Own::Rule => ("rule", "\n"),
        Own::Scenario => ("scenario", "\n  }"),
    };
    let start = text.find(&format!("{keyword} \"{title}\"")).expect("the author's line is there");
    start..start + text[start..].find(end).expect("the author's line ends")
}

fn compile(process: &str, texts: &BTreeMap<String, String>) -> Compiled {
    let file = |name: &str| SourceFile::new(name, texts[name].as_str());
    vup::compile(file(process), &mut |_, wanted| match texts.contains_key(wanted) {
        true => Ok(file(wanted)),
        false => Err("there is no such file".to_string()),
    })
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The real processes and what they use, by their names.
fn texts() -> BTreeMap<String, String> {
    let names = PROCESSES.into_iter().chain(["shared/operations.vup"]);
    let read = |name: &str| fs::read_to_string(folder().join("processes").join(name));
    names.map(|name| (name.to_string(), read(name).expect("the process can be read"))).collect()
}

/// All mutants, by class, in the order of their files.
fn mutants() -> Vec<Mutant> {
    let entries = fs::read_dir(folder().join("tests/mutants")).expect("the folder can be read");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| !path.ends_with("known-misses.txt"));
    paths.sort();
    let mut mutants = Vec::new();
    for path in paths {
        let class = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("the class can be read");
        let entries = text.split("\n\n").filter(|entry| !entry.starts_with('#'));
        mutants.extend(entries.map(|entry| read(entry, &class)));
    }
    mutants
}

fn read(entry: &str, class: &str) -> Mutant {
    let mut lines = entry.trim_end().lines();
    let mut next = || lines.next().unwrap_or_else(|| panic!("{class}: not whole: {entry}"));
    let title = next().to_string();
    let files = next().strip_prefix("in ").expect("the second line says in which file");
    let expected = expected(next());
    let (edited, process) = files.split_once(", used by ").unwrap_or((files, files));
    let lines: Vec<&str> = lines.collect();
    let hunks = hunks(&lines);
    let [class, edited, process] = [class, edited, process].map(str::to_string);
    Mutant { class, title, edited, process, expected, hunks }
}

fn expected(line: &str) -> Expected {
    let own = |own, rest: &str| Expected::Own(own, rest.trim_matches('"').to_string());
    let (kind, rest) = [("rule ", 0), ("author's rule ", 1), ("scenario ", 2)]
        .into_iter()
        .find_map(|(prefix, kind)| Some((kind, line.strip_prefix(prefix)?)))
        .unwrap_or_else(|| panic!("this does not say what is to see a mistake: {line}"));
    match kind {
        0 => Expected::Rule(rest.to_string()),
        1 => own(Own::Rule, rest),
        _ => own(Own::Scenario, rest),
    }
}

/// The titles of the mutants that are known not to be caught as intended. Each has a reason.
fn known_misses() -> BTreeSet<String> {
    let path = folder().join("tests/mutants/known-misses.txt");
    let text = fs::read_to_string(path).expect("the known misses can be read");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let titles = lines.map(|line| match line.split_once(" — ") {
        Some((title, reason)) if !reason.is_empty() => title.to_string(),
        _ => panic!("a known miss has a reason: {line}"),
    });
    titles.collect()
}

struct Report {
    text: String,
    /// What rules of the language see.
    language: Tally,
    not_caught: BTreeSet<String>,
}

impl Report {
    fn new(mutants: &[Mutant], outcomes: &[Outcome]) -> Report {
        let mut classes: BTreeMap<&str, Tally> = BTreeMap::new();
        let (mut language, mut own) = (Tally::default(), Tally::default());
        let mut not_caught = BTreeSet::new();
        let mut list = String::new();
        for (mutant, outcome) in mutants.iter().zip(outcomes) {
            match mutant.expected {
                Expected::Rule(_) => {
                    classes.entry(&mutant.class).or_default().count(outcome);
                    language.count(outcome);
                }
                Expected::Own(..) => own.count(outcome),
            }
            let _ = write!(list, "{}", told(mutant, outcome));
            if !matches!(outcome, Outcome::Caught { .. }) {
                not_caught.insert(mutant.title.clone());
            }
        }
        let mut text = format!("{}\n", Tally::HEAD);
        for (class, tally) in &classes {
            let _ = writeln!(text, "{}", tally.row(class));
        }
        let _ = writeln!(text, "{}", language.row("rules of the language"));
        let _ = writeln!(text, "{}", own.row("author's own alone"));
        let _ = write!(text, "\n{list}");
        Report { text, language, not_caught }
    }
}

/// A mutant of which more is to be told than that it was caught.
fn told(mutant: &Mutant, outcome: &Outcome) -> String {
    let expected = match &mutant.expected {
        Expected::Rule(rule) => rule.clone(),
        Expected::Own(Own::Rule, title) => format!("the rule \"{title}\""),
        Expected::Own(Own::Scenario, title) => format!("the scenario \"{title}\""),
    };
    let list = |rules: &BTreeSet<&str>| rules.iter().copied().collect::<Vec<_>>().join(", ");
    let told = match outcome {
        Outcome::Caught { also } if also.is_empty() => return String::new(),
        Outcome::Caught { also } => format!("{expected}, and also {}", list(also)),
        Outcome::Otherwise(rules) => format!("NOT {expected}, but {}", list(rules)),
        Outcome::Missed => format!("NOT {expected}, and nothing else"),
    };
    format!("{}: {}\n    {told}\n", mutant.class, mutant.title)
}

impl Tally {
    const HEAD: &str =
        "class                    mutants  as intended  alone  otherwise  missed      %";

    fn count(&mut self, outcome: &Outcome) {
        self.mutants += 1;
        match outcome {
            Outcome::Caught { also } => {
                self.caught += 1;
                self.alone += usize::from(also.iter().all(|rule| OF_AUTHORS.contains(rule)));
            }
            Outcome::Otherwise(_) => self.otherwise += 1,
            Outcome::Missed => self.missed += 1,
        }
    }

    fn row(&self, name: &str) -> String {
        let Tally { mutants, caught, alone, otherwise, missed } = self;
        let percent = *caught as f64 * 100.0 / *mutants as f64;
        format!(
            "{name:<24} {mutants:>7} {caught:>12} {alone:>6} {otherwise:>10} {missed:>7} {percent:>6.1}"
        )
    }
}
