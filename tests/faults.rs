//! One fault at a time is put into a valid file: exactly one error, at most a line away.
//!
//! Every `{` and `}` dropped and doubled, every keyword misspelt, every quote dropped. What only
//! follows from bad text (names, required lines, the flow) must not be told. The table is printed:
//! `cargo test --test faults -- --nocapture`.

#[path = "support/words.rs"]
mod words;

use std::collections::BTreeMap;
use std::fmt::Write;
use vup::diagnostic::{Diagnostic, Severity};
use vup::source::{FileId, SourceFile};
use vup::{Compiled, fix};
use words::words;

const SAMPLE: &str = include_str!("faults/sample.vup");
const SHARED: &str = include_str!("faults/shared.vup");
const NINE: &str = include_str!("faults/nine.vup");
const GRAMMAR: &str = include_str!("../grammar/vup.pest");

/// Of all faults, so many are mended by what is safe.
const LEAST_MENDED: usize = 57;

/// A text with one fault in it.
struct Fault {
    class: &'static str,
    /// From 1.
    line: usize,
    what: String,
    text: String,
}

/// What the faults of one class led to.
#[derive(Default)]
struct Tally {
    faults: usize,
    exactly_one: usize,
    near: usize,
    /// All safe edits together give back the sample, byte for byte.
    mended: usize,
}

#[test]
fn the_sample_is_valid() {
    let findings = compiled(SAMPLE);
    assert!(findings.is_empty(), "{findings:#?}");
    let statements = vup::syntax::parse(SAMPLE, FileId(0)).tree.statements.len();
    assert!(statements >= 100, "only {statements} statements");
}

#[test]
fn one_fault_gives_one_error_where_it_is() {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut failures = String::new();
    let verbose = std::env::var_os("VUP_FAULTS").is_some();
    for fault in faults() {
        let errors = errors(&fault.text);
        if errors.is_empty() {
            continue;
        }
        let file = SourceFile::new("sample.vup", fault.text.as_str());
        let line = |error: &Diagnostic| file.position(error.place().span.start).0;
        let near = errors.len() == 1 && line(&errors[0]).abs_diff(fault.line) <= 1;
        let tally = tallies.entry(fault.class).or_default();
        tally.faults += 1;
        tally.exactly_one += usize::from(errors.len() == 1);
        tally.near += usize::from(near);
        let mended = mended(&fault.text);
        tally.mended += usize::from(mended == SAMPLE);
        if verbose && mended != SAMPLE {
            let _ = writeln!(failures, "    not mended: {}, line {}", fault.class, fault.line);
        }
        if !near || verbose {
            let _ = writeln!(failures, "{}, line {}: {}", fault.class, fault.line, fault.what);
            for error in &errors {
                let help = error.help.as_deref().unwrap_or_default();
                let place = line(error);
                let _ = writeln!(failures, "    {place}: {} [{help}]", error.message);
            }
        }
    }
    println!("{}", table(&tallies));
    println!("{failures}");
    for (class, tally) in &tallies {
        assert!(tally.near * 100 >= tally.faults * 95, "too many faults are told badly: {class}");
    }
    assert!(tallies.len() == 8, "a class has no faults");
    let sum = |of: fn(&Tally) -> usize| tallies.values().map(of).sum::<usize>();
    let (mended, all) = (sum(|tally| tally.mended), sum(|tally| tally.faults));
    assert!(mended * 100 >= all * LEAST_MENDED, "only {mended} of {all} faults are mended");
}

#[test]
fn nine_faults_give_nine_errors() {
    let parsed = vup::syntax::parse(NINE, FileId(0)).errors;
    let file = SourceFile::new("nine.vup", NINE);
    let told: Vec<String> = compiled(NINE)
        .iter()
        .map(|error| {
            let line = file.position(error.place().span.start).0;
            format!("{} {line}: {}", error.rule.name, error.message)
        })
        .collect();
    assert_eq!(parsed.len(), 9, "{told:#?}");
    assert_eq!(told.join("\n"), include_str!("faults/nine.txt").trim_end());
}

fn table(tallies: &BTreeMap<&str, Tally>) -> String {
    let mut table = String::from(
        "class                faults  exactly one  within a line      %   mended      %\n",
    );
    let mut row = |name: &str, tally: &Tally| {
        let percent = tally.near as f64 * 100.0 / tally.faults as f64;
        let Tally { faults, exactly_one, near, mended } = tally;
        let _ = write!(table, "{name:<20} {faults:>6} {exactly_one:>12} {near:>14} {percent:>6.1}");
        let percent = *mended as f64 * 100.0 / *faults as f64;
        let _ = writeln!(table, " {mended:>8} {percent:>6.1}");
    };
    let mut all = Tally::default();
    for (class, tally) in tallies {
        row(class, tally);
        all.faults += tally.faults;
        all.exactly_one += tally.exactly_one;
        all.near += tally.near;
        all.mended += tally.mended;
    }
    row("all", &all);
    table
}

fn compiled(text: &str) -> Vec<Diagnostic> {
    compile(text).findings
}

fn compile(text: &str) -> Compiled {
    let file = SourceFile::new("sample.vup", text);
    let mut load = |_: &str, wanted: &str| match wanted {
        "shared.vup" => Ok(SourceFile::new("shared.vup", SHARED)),
        _ => Err("there is no such file".to_string()),
    };
    vup::compile(file, &mut load)
}

/// The text with what is safe applied, as often as there is something, but not more than three times.
fn mended(text: &str) -> String {
    let mut text = text.to_string();
    for _ in 0..3 {
        if text == SAMPLE {
            break;
        }
        let Some(round) = fix::round(&compile(&text)) else { break };
        text = round.text;
    }
    text
}

fn errors(text: &str) -> Vec<Diagnostic> {
    let mut findings = compiled(text);
    findings.retain(|finding| finding.severity() == Severity::Error);
    findings
}

fn faults() -> Vec<Fault> {
    let keywords = keywords();
    let mut faults = Vec::new();
    let mut offset = 0;
    let mut in_block = false;
    for (index, line) in SAMPLE.split_inclusive('\n').enumerate() {
        let at = Line { line: index + 1, start: offset, text: line };
        offset += line.len();
        let content = line.trim();
        let prose = in_block && content != "\"\"\"";
        if content.ends_with("\"\"\"") {
            in_block = !in_block;
        }
        if !prose && !content.starts_with("//") {
            at.braces(&mut faults);
            at.quotes(&mut faults);
            at.keywords(&keywords, &mut faults);
        }
    }
    faults
}

struct Line<'t> {
    line: usize,
    start: usize,
    text: &'t str,
}

impl Line<'_> {
    /// The sample with bytes `from..to` of this line replaced.
    fn fault(&self, class: &'static str, from: usize, to: usize, instead: &str) -> Fault {
        let (start, end) = (self.start + from, self.start + to);
        let text = format!("{}{instead}{}", &SAMPLE[..start], &SAMPLE[end..]);
        let what = format!(
            "`{}` for `{}` in {}",
            instead.trim_end(),
            self.text[from..to].trim(),
            self.text.trim()
        );
        Fault { class, line: self.line, what, text }
    }

    fn braces(&self, faults: &mut Vec<Fault>) {
        let end = self.text.trim_end().len();
        if self.text.trim() == "}" {
            faults.push(self.fault("} dropped", 0, self.text.len(), ""));
            faults.push(self.fault("} doubled", end - 1, end, "}}"));
            faults.push(self.fault(
                "} doubled as a line",
                end,
                end,
                &format!("\n{}", &self.text[..end]),
            ));
        } else if self.text.trim_end().ends_with('{') {
            faults.push(self.fault("{ dropped", end - 1, end, ""));
            faults.push(self.fault("{ doubled", end - 1, end, "{{"));
        }
    }

    fn quotes(&self, faults: &mut Vec<Fault>) {
        let block = self.text.trim_end().ends_with("\"\"\"");
        for (at, _) in self.text.match_indices('"') {
            let class = if block { "quote of \"\"\" dropped" } else { "quote dropped" };
            faults.push(self.fault(class, at, at + 1, ""));
        }
    }

    /// Misspells each keyword: two letters swapped, and one left out.
    fn keywords(&self, keywords: &[&str], faults: &mut Vec<Fault>) {
        let class = "keyword misspelt";
        for (at, word) in words(self.text) {
            if word.len() < 2 || !keywords.contains(&word) {
                continue;
            }
            let middle = (word.len() - 1) / 2;
            let (start, end) = (&word[..middle], &word[middle + 2..]);
            let (one, two) = (&word[middle..middle + 1], &word[middle + 1..middle + 2]);
            for misspelt in [format!("{start}{two}{one}{end}"), format!("{start}{one}{end}")] {
                if misspelt != word {
                    faults.push(self.fault(class, at, at + word.len(), &misspelt));
                }
            }
        }
    }
}

/// Every word of the grammar's keywords, of its units of time and of its types of records.
fn keywords() -> Vec<&'static str> {
    let rules = GRAMMAR.lines().filter(|line| {
        line.starts_with("k_") || line.starts_with("unit ") || line.starts_with("record_type ")
    });
    let mut words: Vec<&str> = rules.flat_map(|rule| rule.split('"').skip(1).step_by(2)).collect();
    words.retain(|word| word.len() > 1);
    words.extend(["minutes", "hours", "days", "weeks", "months", "times"]);
    words
}
