//! Random edits of real processes: whatever the text, no panic, and findings that stand in it.
//!
//! 3,000 edits run in `cargo test`; `VUP_FUZZ=100000 cargo test --release --test mutations` runs
//! more. The seed of a failing edit is in the message, and `VUP_SEED=…` tries that one alone.

#[path = "support/formatted.rs"]
mod formatted;

use std::sync::OnceLock;
use std::time::{Duration, Instant};
use vup::Compiled;
use vup::diagnostic::Diagnostic;
use vup::emit::{checklist, html, markdown};
use vup::source::{FileId, Place, SourceFile, Sources};
use vup::syntax::statement::Kind;
use vup::syntax::tree::Tree;

const SHARED: (&str, &str) =
    ("shared/operations.vup", include_str!("../processes/shared/operations.vup"));

const PROCESSES: [(&str, &str); 4] = [
    ("version-update.vup", include_str!("../processes/version-update.vup")),
    ("cluster-upgrade.vup", include_str!("../processes/cluster-upgrade.vup")),
    ("major-incident.vup", include_str!("../processes/major-incident.vup")),
    ("release-vote.vup", include_str!("../processes/release-vote.vup")),
];

/// No edit may make a process of a few hundred lines take longer: the work of the proof is bounded, and
/// the bound is what takes longest. Without optimisation, and on a
/// machine that others use too, everything takes several times as long.
const LONGEST: Duration =
    Duration::from_millis(if cfg!(debug_assertions) { 10_000 } else { 1_500 });

/// What is put into texts: signs of the language, and what editors and copying leave behind.
const SNIPPETS: [&str; 40] = [
    "{",
    "}",
    "{{",
    "}}",
    "\"",
    "\"\"\"",
    "\"\"\"\n",
    "\n\"\"\"\n",
    "(",
    ")",
    "((((",
    "->",
    "=>",
    "<=",
    "=",
    ":",
    ",",
    ".",
    "\\",
    "//",
    "\0",
    "\t",
    "\r",
    "\r\n",
    "\u{feff}",
    "é",
    "日本",
    "🦀",
    "\u{301}",
    "\u{2028}",
    "“",
    "”",
    "not ",
    " and ",
    " by ",
    " when ",
    "-",
    "99999999999999999999",
    "1.2.3",
    "{from}",
];

#[test]
fn random_edits_do_no_harm() {
    let wanted = std::env::var("VUP_FUZZ").ok().and_then(|count| count.parse().ok());
    let count: u64 = wanted.unwrap_or(3_000);
    if let Some(seed) = std::env::var("VUP_SEED").ok().and_then(|seed| seed.parse().ok()) {
        try_seed(seed);
        return;
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let mut slowest = Duration::ZERO;
    std::thread::scope(|scope| {
        let run = |thread| move || (thread..count).step_by(threads as usize).map(try_seed).max();
        let runs: Vec<_> = (0..threads).map(|thread| scope.spawn(run(thread))).collect();
        for run in runs {
            let took = run.join().expect("an edit does harm: see the seed above");
            slowest = slowest.max(took.unwrap_or_default());
        }
    });
    println!("{count} edits, the slowest took {slowest:?}");
}

/// Edits a process as `seed` says, and tries everything on it; gives back how long it took.
fn try_seed(seed: u64) -> Duration {
    let outcome = std::panic::catch_unwind(|| {
        let mut random = Random::new(seed);
        let (name, text) = PROCESSES[random.below(PROCESSES.len())];
        let in_shared = seed.is_multiple_of(8) && text.contains(SHARED.0);
        let original = if in_shared { SHARED.1 } else { text };
        let edited = edit(original, &mut random);
        check_parse(original, &edited);
        let (process, shared) = match in_shared {
            true => (text, edited.text.as_str()),
            false => (edited.text.as_str(), SHARED.1),
        };
        check_compile(name, process, shared, seed)
    });
    match outcome {
        Ok(took) => took,
        Err(reason) => {
            eprintln!("seed {seed} does harm");
            std::panic::resume_unwind(reason)
        }
    }
}

fn check_parse(original: &str, edited: &Edited) {
    let parse = vup::syntax::parse(&edited.text, FileId(0));
    let mut sources = Sources::default();
    sources.add(SourceFile::new("edited.vup", edited.text.as_str()));
    check_places(&parse.errors, &sources);
    for statement in &parse.tree.statements {
        assert!(edited.text.get(statement.span.range()).is_some(), "{statement:?}");
    }
    if parse.errors.is_empty() {
        formatted::formatted(&edited.text);
    }
    if edited.lines == 1 {
        let (before, after) = (statements(original), readable(&parse.tree));
        let change = first_change(original, &edited.text);
        assert!(after * 5 >= before * 4, "of {before} statements {after} remain: {change}");
    }
}

/// The first line that differs, as it was and as it is.
fn first_change(before: &str, after: &str) -> String {
    let mut lines = before.lines().zip(after.lines()).zip(1..);
    let changed = lines.find(|((before, after), _)| before != after);
    changed.map_or("at the end".into(), |((before, after), line)| {
        format!("line {line}, `{before}` is `{after}`")
    })
}

/// How many statements one of the processes has.
fn statements(original: &str) -> usize {
    static COUNTS: OnceLock<Vec<(&str, usize)>> = OnceLock::new();
    let count = |text| (text, readable(&vup::syntax::parse(text, FileId(0)).tree));
    let texts = || PROCESSES.map(|(_, text)| text).into_iter().chain([SHARED.1]);
    let counts = COUNTS.get_or_init(|| texts().map(count).collect());
    counts.iter().find(|(text, _)| *text == original).map_or(0, |(_, count)| *count)
}

fn readable(tree: &Tree) -> usize {
    tree.statements.iter().filter(|statement| !matches!(statement.kind, Kind::Bad(_))).count()
}

fn check_compile(name: &str, process: &str, shared: &str, seed: u64) -> Duration {
    let start = Instant::now();
    let compiled = compile(name, process, shared);
    let mut took = start.elapsed();
    check_places(&compiled.findings, &compiled.sources);
    let mut again = seed.is_multiple_of(16);
    // Others may have had the machine at the first times.
    for _ in 0..5 {
        if !again && took < LONGEST {
            break;
        }
        let start = Instant::now();
        assert_eq!(compiled.findings, compile(name, process, shared).findings);
        took = took.min(start.elapsed());
        again = false;
    }
    assert!(took < LONGEST, "it took {took:?}");
    if seed.is_multiple_of(3) && !compiled.has_errors() && compiled.model.is_process {
        print_checklists(&compiled);
    }
    took
}

fn compile(name: &str, process: &str, shared: &str) -> Compiled {
    let mut load = |_: &str, wanted: &str| match wanted == SHARED.0 {
        true => Ok(SourceFile::new(SHARED.0, shared)),
        false => Err("there is no such file".to_string()),
    };
    vup::compile(SourceFile::new(name, process), &mut load)
}

fn print_checklists(compiled: &Compiled) {
    let paths = compiled.model.paths().map(|(id, _)| Some(id));
    for path in paths.chain([None]) {
        let list = checklist::checklist(&compiled.model, &compiled.sources, path);
        assert!(!markdown::markdown(&list).is_empty());
        assert!(!html::html(&list).is_empty());
    }
}

/// Every place is in its file and cuts no character in two.
fn check_places(findings: &[Diagnostic], sources: &Sources) {
    let check = |place: &Place, finding: &Diagnostic| {
        let text = &sources.file(place.file).text;
        assert!(text.get(place.span.range()).is_some(), "{finding:?}");
    };
    for finding in findings {
        assert!(!finding.message.is_empty());
        finding.labels.iter().for_each(|label| check(&label.place, finding));
        let changes = finding.edit.as_ref().and_then(|edit| edit.changes(sources));
        changes.iter().flatten().for_each(|change| check(&change.place, finding));
    }
}

struct Edited {
    text: String,
    /// How many lines were touched.
    lines: usize,
}

/// One to four edits; half of the time a single one.
fn edit(original: &str, random: &mut Random) -> Edited {
    let count = if random.below(2) == 0 { 1 } else { 1 + random.below(4) };
    let mut text = original.to_string();
    let mut lines = 0;
    for _ in 0..count {
        lines += edit_once(&mut text, random);
    }
    Edited { text, lines }
}

fn edit_once(text: &mut String, random: &mut Random) -> usize {
    let at = boundary(text, random.below(text.len() + 1));
    let line = line_at(text, at);
    match random.below(13) {
        0 => text.replace_range(line, ""),
        1 => {
            let copy = text[line.clone()].to_string();
            text.insert_str(line.start, &copy);
        }
        2 => {
            let other = line_at(text, boundary(text, random.below(text.len() + 1)));
            let moved = text[other].to_string();
            text.insert_str(line.start, &moved);
        }
        3 => {
            let next = line_at(text, line.end.min(text.len()));
            let swapped = format!("{}{}", &text[next.clone()], &text[line.clone()]);
            text.replace_range(line.start..next.end.max(line.end), &swapped);
            return 2;
        }
        4 => text.truncate(at),
        5 => text.replace_range(at..next_boundary(text, at), ""),
        6 => {
            let copy = text[at..next_boundary(text, at)].to_string();
            text.insert_str(at, &copy);
        }
        7 => {
            let word = word_at(text, at);
            text.replace_range(word, "");
        }
        8 => {
            let other = word_at(text, boundary(text, random.below(text.len() + 1)));
            let copy = text[other].to_string();
            text.replace_range(word_at(text, at), &copy);
        }
        9 if random.below(20) == 0 => {
            *text = text.replace('\n', "\r\n");
            return 2;
        }
        _ => {
            let snippet = SNIPPETS[random.below(SNIPPETS.len())];
            let times = if random.below(10) == 0 { 50 } else { 1 };
            text.insert_str(at, &snippet.repeat(times));
            return if times == 1 { 1 } else { 2 };
        }
    }
    // A text that ends in the middle has lost more than a line.
    if at == text.len() { 2 } else { 1 }
}

/// The character boundary at or before `at`.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn next_boundary(text: &str, at: usize) -> usize {
    (at + 1..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

/// The line that `at` is in, its line end included.
fn line_at(text: &str, at: usize) -> std::ops::Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline + 1);
    start..end
}

/// The word, or the sign, that stands at `at`.
fn word_at(text: &str, at: usize) -> std::ops::Range<usize> {
    let inside = |char: char| char.is_alphanumeric() || char == '-';
    let start = text[..at].trim_end_matches(inside).len();
    let length = text[at..].find(|char| !inside(char)).unwrap_or(text.len() - at);
    let end = if start == at + length { next_boundary(text, at) } else { at + length };
    start..end
}

/// The numbers of Marsaglia's xorshift; a seed always gives the same ones.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        (0..4).for_each(|_| _ = random.below(2));
        random
    }

    /// A number below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}
