//! Mends a text by the edits of its findings, as often as there is something to mend.
//!
//! What is safe is applied as a whole or not at all: not, if the text then has an error that it did not
//! have. What is suggested is applied one by one, but for what would bring an error, until none is left. What
//! was not looked at before cannot be known to be new: names behind lines that could not be read, the
//! flow behind names that mean nothing. It counts from the round on in which it is looked at first.

use crate::compile::{Compiled, Load, compile};
use crate::diagnostic::{Applicability, Change, Diagnostic, Edit, Severity};
use crate::model::rules as names;
use crate::source::{FileId, Place, SourceFile, Span};
use crate::syntax::rules as lines;
use std::collections::{HashMap, HashSet};

/// A text that still has something to mend after so many rounds is left as it then is.
const MOST_ROUNDS: usize = 30;

/// So many are tried: each is looked at by itself, which takes as long as to check the file.
const MOST_SUGGESTED: usize = 200;

/// What became of a text.
#[derive(Debug)]
pub struct Mended {
    pub text: String,
    /// How many edits were applied.
    pub edits: usize,
    /// The findings whose suggested edits would bring an error, and were left out.
    pub left: Vec<Left>,
    /// Why none was, although there are some.
    pub refused: Option<Refused>,
}

/// A finding whose suggested edit was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub message: String,
    pub why: Refused,
}

/// Why a text is not mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It would then have this error, in this line of this file.
    Brings { message: String, file: String, line: usize },
    /// One edit would undo the other.
    GoesRound,
}

/// How a text is looked at, again and again.
pub struct Look<'l> {
    pub load: &'l mut Load<'l>,
    /// For each finding, whether it is told at all: what is not is not mended.
    pub told: &'l dyn Fn(&Compiled) -> Vec<bool>,
}

impl Look<'_> {
    fn at(&mut self, file: SourceFile) -> Compiled {
        let mut compiled = compile(file, self.load);
        let told = (self.told)(&compiled);
        for (finding, is_told) in compiled.findings.iter_mut().zip(told) {
            if !is_told {
                finding.edit = None;
            }
        }
        compiled
    }
}

/// Applies the edits of the first file of a compilation: those that are safe, or also those that are
/// suggested.
pub fn mend(
    file: SourceFile,
    least: Applicability,
    known: &mut Known,
    look: &mut Look<'_>,
) -> Mended {
    let SourceFile { name, text: original, .. } = file;
    let mut mended = Mended { text: original.clone(), edits: 0, left: Vec::new(), refused: None };
    let compiled = match mend_safely(&name, &mut mended, known, look) {
        Ok(compiled) => compiled,
        Err(reason) => {
            let (edits, left) = (0, Vec::new());
            return Mended { text: original, edits, left, refused: Some(reason) };
        }
    };
    if least == Applicability::Suggested {
        mend_as_suggested(compiled, &mut mended, known, look);
    }
    mended
}

/// All that is safe, one stage after the other, again and again, and a look at it in the end.
fn mend_safely(
    name: &str,
    mended: &mut Mended,
    known: &mut Known,
    look: &mut Look<'_>,
) -> Result<Compiled, Refused> {
    let mut seen = HashSet::from([mended.text.clone()]);
    let (mut rounds, mut stage) = (0, None);
    let mut written = Vec::new();
    loop {
        let compiled = look.at(SourceFile::new(name, mended.text.clone()));
        if stage == Some(Stage::Lines)
            && let Some(reason) = brought_beside(&compiled, &written)
        {
            return Err(reason);
        }
        match stage {
            Some(stage) => known.note_after(stage, &compiled),
            None => known.note(&compiled),
        }
        stage = Stage::ALL.into_iter().find(|stage| !chosen(&compiled, Some(*stage)).is_empty());
        let round = stage.filter(|_| rounds < MOST_ROUNDS);
        let round = round.and_then(|stage| applied_once(&compiled, Some(stage)));
        let Some(round) = round else {
            return known.brought(&compiled).map_or(Ok(compiled), Err);
        };
        rounds += 1;
        mended.edits += round.edits;
        written = round.written;
        mended.text = round.text;
        if !seen.insert(mended.text.clone()) {
            return Err(Refused::GoesRound);
        }
    }
}

/// What is suggested, again and again until nothing of it can be applied; what is left out then, and why,
/// is told.
fn mend_as_suggested(
    mut compiled: Compiled,
    mended: &mut Mended,
    known: &mut Known,
    look: &mut Look<'_>,
) {
    let mut seen = HashSet::from([mended.text.clone()]);
    let mut tries = MOST_SUGGESTED;
    loop {
        let before = mended.edits;
        mended.left.clear();
        compiled = suggested_once(compiled, mended, (known, &mut seen, &mut tries), look);
        if mended.edits == before || tries == 0 {
            break;
        }
    }
}

/// What is suggested now, one after the other, each looked at by itself.
fn suggested_once(
    mut compiled: Compiled,
    mended: &mut Mended,
    (known, seen, tries): (&mut Known, &mut HashSet<String>, &mut usize),
    look: &mut Look<'_>,
) -> Compiled {
    let key = |finding: &Diagnostic| (finding.rule.name, finding.message.clone());
    let name = compiled.sources.file(FileId(0)).name.clone();
    let offers =
        compiled.findings.iter().filter(|finding| our_changes(finding, &compiled).is_some());
    let offers: Vec<_> = offers.map(key).collect();
    let mut left: HashMap<_, usize> = HashMap::new();
    for offer in offers {
        if *tries == 0 {
            break;
        }
        // Of those that say the same, the first of them that are left out stay the first.
        let left = left.entry(offer.clone()).or_default();
        let same = compiled.findings.iter().filter(|finding| key(finding) == offer);
        let mut same = same.filter_map(|finding| Some((finding, our_changes(finding, &compiled)?)));
        let Some((finding, changes)) = same.nth(*left) else { continue };
        *tries -= 1;
        let (of_lines, written) = (Stage::of(finding) == Stage::Lines, written(&changes));
        let text = applied(mended.text.clone(), changes);
        let after = look.at(SourceFile::new(name.clone(), text.clone()));
        let mut known_after = known.clone();
        known_after.note(&after);
        let beside = || brought_beside(&after, &written).filter(|_| of_lines);
        let round = || (!seen.insert(text.clone())).then_some(Refused::GoesRound);
        if let Some(why) = known_after.brought(&after).or_else(beside).or_else(round) {
            mended.left.push(Left { message: offer.1, why });
            *left += 1;
            continue;
        }
        mended.edits += 1;
        (mended.text, *known, compiled) = (text, known_after, after);
    }
    compiled
}

/// The changes that mend a finding, where they are all in the first file.
fn our_changes(finding: &Diagnostic, compiled: &Compiled) -> Option<Vec<Change>> {
    let changes = finding.edit.as_ref()?.changes(&compiled.sources)?;
    changes.iter().all(|change| change.place.file == FileId(0)).then_some(changes)
}

/// A text after one round.
#[derive(Debug)]
pub struct Round {
    pub text: String,
    pub edits: usize,
    /// What is written in it that was not there.
    written: Vec<Span>,
}

/// Applies once what is safe and can be applied together, unlooked at; none where there is nothing.
pub fn round(compiled: &Compiled) -> Option<Round> {
    applied_once(compiled, None)
}

fn applied_once(compiled: &Compiled, stage: Option<Stage>) -> Option<Round> {
    let chosen = chosen(compiled, stage);
    let edits = chosen.len();
    let text = compiled.sources.file(FileId(0)).text.clone();
    let mut changes: Vec<Change> = chosen.into_iter().flatten().collect();
    changes.sort_by_key(|change| change.place);
    let written = written(&changes);
    (edits > 0).then(|| Round { text: applied(text, changes), edits, written })
}

/// Where what changes write stands in the text afterwards; they are in its order.
fn written(changes: &[Change]) -> Vec<Span> {
    let mut moved = 0_isize;
    let written = changes.iter().map(|change| {
        let (span, length) = (change.place.span, change.replacement.len());
        let start = span.range().start.saturating_add_signed(moved);
        moved += length as isize - span.range().len() as isize;
        Span::new(start, start + length)
    });
    written.collect()
}

/// An error of the line that was mended: a name that begins where what was written ends, and means
/// nothing there, shows that the line was not meant so. Names further on were hidden by what was
/// mended, and are not new.
fn brought_beside(compiled: &Compiled, written: &[Span]) -> Option<Refused> {
    let text = &compiled.sources.file(FileId(0)).text;
    let beside = |finding: &&Diagnostic| {
        let Place { file, span } = finding.place();
        let is_behind = |one: &Span| {
            let between = text.get(one.range().end..span.range().start);
            one.start < one.end
                && between.is_some_and(|between| between.chars().all(|char| char == ' '))
        };
        file == FileId(0) && written.iter().any(is_behind)
    };
    let errors = compiled.findings.iter().filter(|finding| is_error(finding));
    let mut errors = errors.filter(|finding| {
        Stage::of(finding) == Stage::Names && finding.edit.is_none() && beside(finding)
    });
    errors.next().map(|finding| Refused::brings(finding, compiled))
}

/// The safe edits, of one stage or of all, that can be applied together: of two that touch each other's place, one waits for the next
/// round.
fn chosen(compiled: &Compiled, stage: Option<Stage>) -> Vec<Vec<Change>> {
    let is_wanted = |finding: &&Diagnostic| {
        let is_safe = |edit: &Edit| edit.applicability == Applicability::Safe;
        finding.edit.as_ref().is_some_and(is_safe)
            && stage.is_none_or(|stage| Stage::of(finding) == stage)
    };
    let mut chosen: Vec<Vec<Change>> = Vec::new();
    let mut taken: Vec<Place> = Vec::new();
    for finding in compiled.findings.iter().filter(is_wanted) {
        let Some(changes) = our_changes(finding, compiled) else { continue };
        if !changes.iter().any(|change| taken.iter().any(|other| touch(change.place, *other))) {
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
#[derive(Clone, Debug, Default)]
pub struct Known {
    stages: [Vec<Error>; 3],
    /// So many stages saw all of it; what later ones say can still change with what is mended before.
    complete: usize,
}

/// Places move, and what a finding says may: it names one case of several.
#[derive(Clone, Debug, PartialEq)]
struct Error {
    rule: &'static str,
    message: String,
    /// What stands in its line.
    line: String,
}

impl Known {
    /// Takes the errors of the stages that were not known yet.
    pub fn note(&mut self, compiled: &Compiled) {
        let reached = Stage::reached(compiled) as usize + 1;
        if self.complete == 0 || reached > self.complete {
            self.retake(self.complete, compiled);
            self.complete = self.complete.max(reached);
        }
    }

    /// The same, once edits of a stage were applied: what was hidden by what they mend is not new.
    fn note_after(&mut self, stage: Stage, compiled: &Compiled) {
        self.retake(self.complete.max(stage as usize + 1), compiled);
        self.note(compiled);
    }

    fn retake(&mut self, from: usize, compiled: &Compiled) {
        for stage in Stage::ALL.into_iter().skip(from) {
            let errors = compiled.findings.iter().filter(|finding| is_error(finding));
            let errors = errors.filter(|finding| Stage::of(finding) == stage);
            self.stages[stage as usize] =
                errors.map(|finding| Error::of(finding, compiled)).collect();
        }
    }

    /// An error that was not there when its stage was first seen.
    pub fn brought(&self, compiled: &Compiled) -> Option<Refused> {
        let mut left: Vec<&Error> = self.stages.iter().flatten().collect();
        let mut take = |is_it: &dyn Fn(&Error) -> bool| {
            let found = left.iter().position(|error| is_it(error));
            found.map(|index| left.swap_remove(index)).is_some()
        };
        let errors = compiled.findings.iter().filter(|finding| is_error(finding));
        let errors = errors.map(|finding| (finding, Error::of(finding, compiled)));
        let new: Vec<_> = errors.filter(|(_, error)| !take(&|known| known == error)).collect();
        let new = new.into_iter().find(|(_, error)| {
            let same = |known: &Error| known.message == error.message || known.line == error.line;
            !take(&|known| known.rule == error.rule && same(known))
        });
        new.map(|(new, _)| Refused::brings(new, compiled))
    }
}

impl Refused {
    fn brings(finding: &Diagnostic, compiled: &Compiled) -> Refused {
        let Place { file, span } = finding.place();
        let file = compiled.sources.file(file);
        let (line, _) = file.position(span.start);
        Refused::Brings { message: finding.message.clone(), file: file.name.clone(), line }
    }
}

impl Error {
    fn of(finding: &Diagnostic, compiled: &Compiled) -> Error {
        let Place { file, span } = finding.place();
        let file = compiled.sources.file(file);
        let start = file.lines.start(file.lines.line(span.start)).unwrap_or(0) as usize;
        let rest = file.text.get(start..).unwrap_or_default();
        let line = rest.lines().next().unwrap_or_default().trim().to_string();
        Error { rule: finding.rule.name, message: finding.message.clone(), line }
    }
}
