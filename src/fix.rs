//! Mends a text by the edits of its findings, as often as there is something to mend.
//!
//! A text is mended as a whole or not at all: not, if it then has an error that it did not have. What
//! was not looked at before cannot be known to be new: names behind lines that could not be read, the
//! flow behind names that mean nothing. It counts from the round on in which it is looked at first.

use crate::compile::{Compiled, Load, compile};
use crate::diagnostic::{Applicability, Change, Diagnostic, Severity};
use crate::model::rules as names;
use crate::source::{FileId, Place, SourceFile};
use crate::syntax::rules as lines;
use std::collections::{HashMap, HashSet};

/// A text that still has something to mend after so many rounds is left as it then is.
const MOST_ROUNDS: usize = 30;

/// What became of a text.
#[derive(Debug)]
pub struct Mended {
    pub text: String,
    /// How many edits were applied.
    pub edits: usize,
    /// Why none was, although there are some.
    pub refused: Option<Refused>,
}

/// Why a text is not mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It would then have this error, in this line of this file.
    Brings { message: String, file: String, line: usize },
    /// One edit would undo the other.
    GoesRound,
}

/// Applies the edits of the first file of a compilation: those that are safe, or also those that are
/// suggested.
pub fn mend(
    file: SourceFile,
    least: Applicability,
    known: &mut Known,
    load: &mut Load<'_>,
) -> Mended {
    let SourceFile { name, text: original, .. } = file;
    let refused = |text, reason| Mended { text, edits: 0, refused: Some(reason) };
    let (mut text, mut edits) = (original.clone(), 0);
    let mut seen = HashSet::from([text.clone()]);
    for _ in 0..MOST_ROUNDS {
        let compiled = compile(SourceFile::new(name.clone(), text.clone()), load);
        known.note(&compiled);
        let chosen = chosen(&compiled, least);
        if chosen.is_empty() {
            return match known.brought(&compiled) {
                Some(reason) => refused(original, reason),
                None => Mended { text, edits, refused: None },
            };
        }
        edits += chosen.len();
        text = applied(text, chosen.into_iter().flatten().collect());
        if !seen.insert(text.clone()) {
            return refused(original, Refused::GoesRound);
        }
    }
    let compiled = compile(SourceFile::new(name, text.clone()), load);
    match known.brought(&compiled) {
        Some(reason) => refused(original, reason),
        None => Mended { text, edits, refused: None },
    }
}

/// How many edits a `--fix` would apply at once.
pub fn count(findings: &[Diagnostic], least: Applicability) -> usize {
    let edits = findings.iter().filter_map(|finding| finding.edit.as_ref());
    edits.filter(|edit| edit.applicability <= least).count()
}

/// The edits that can be applied together, safe ones first: of two that touch each other's place, one
/// waits for the next round.
fn chosen(compiled: &Compiled, least: Applicability) -> Vec<Vec<Change>> {
    let edits = compiled.findings.iter().filter_map(|finding| finding.edit.as_ref());
    let mut edits: Vec<_> = edits.filter(|edit| edit.applicability <= least).collect();
    edits.sort_by_key(|edit| edit.applicability);
    let mut chosen: Vec<Vec<Change>> = Vec::new();
    let mut taken: Vec<Place> = Vec::new();
    for edit in edits {
        let Some(changes) = edit.changes(&compiled.sources) else { continue };
        let ours = changes.iter().all(|change| change.place.file == FileId(0));
        let free = |change: &Change| !taken.iter().any(|other| touch(change.place, *other));
        if ours && changes.iter().all(free) {
            taken.extend(changes.iter().map(|change| change.place));
            chosen.push(changes);
        }
    }
    chosen
}

/// Whether two places have something in common, or what is written at them would have no order.
fn touch(one: Place, other: Place) -> bool {
    let (one, other) = (one.span, other.span);
    one == other || (one.start < other.end && other.start < one.end)
}

fn applied(mut text: String, mut changes: Vec<Change>) -> String {
    changes.sort_by_key(|change| change.place);
    for change in changes.iter().rev() {
        text.replace_range(change.place.span.range(), &change.replacement);
    }
    text
}

/// How far a text was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Lines,
    Names,
    Flow,
}

impl Stage {
    const ALL: [Stage; 3] = [Stage::Lines, Stage::Names, Stage::Flow];

    fn of(finding: &Diagnostic) -> Stage {
        let rule = finding.rule;
        if [&lines::SYNTAX, &names::USE_FAILED, &names::USE_CYCLE].contains(&rule) {
            Stage::Lines
        } else if rule == &lines::WHO_COUNTS || names::ALL.contains(&rule) {
            Stage::Names
        } else {
            Stage::Flow
        }
    }

    /// The last stage that saw all of a text.
    fn reached(compiled: &Compiled) -> Stage {
        let wrong = compiled.findings.iter().filter(|finding| is_error(finding)).map(Stage::of);
        match wrong.min() {
            Some(Stage::Lines) => Stage::Lines,
            Some(Stage::Names) => Stage::Names,
            _ => Stage::Flow,
        }
    }
}

fn is_error(finding: &Diagnostic) -> bool {
    finding.severity() == Severity::Error
}

/// The errors that a text had when each stage first saw all of it.
#[derive(Debug, Default)]
pub struct Known {
    stages: [Option<Errors>; 3],
}

/// How often each error is told: by its rule and its message, since places move.
type Errors = HashMap<(&'static str, String), usize>;

impl Known {
    /// Takes the errors of the stages that were not known yet.
    pub fn note(&mut self, compiled: &Compiled) {
        let reached = Stage::reached(compiled);
        for stage in Stage::ALL.into_iter().filter(|stage| *stage <= reached) {
            self.stages[stage as usize].get_or_insert_with(|| errors(compiled, stage));
        }
    }

    /// An error that was not there when its stage was first seen.
    pub fn brought(&self, compiled: &Compiled) -> Option<Refused> {
        let mut left = self.stages.clone();
        let new = compiled.findings.iter().filter(|finding| is_error(finding)).find(|finding| {
            let Some(known) = &mut left[Stage::of(finding) as usize] else { return false };
            match known.get_mut(&(finding.rule.name, finding.message.clone())) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    false
                }
                _ => true,
            }
        })?;
        let Place { file, span } = new.place();
        let file = compiled.sources.file(file);
        let (line, _) = file.position(span.start);
        Some(Refused::Brings { message: new.message.clone(), file: file.name.clone(), line })
    }
}

fn errors(compiled: &Compiled, stage: Stage) -> Errors {
    let mut errors = Errors::new();
    for finding in compiled.findings.iter().filter(|finding| is_error(finding)) {
        if Stage::of(finding) == stage {
            *errors.entry((finding.rule.name, finding.message.clone())).or_default() += 1;
        }
    }
    errors
}
