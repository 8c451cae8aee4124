//! Puts statements into the blocks that braces make of them.
//!
//! Pass 1 goes by braces alone, so a valid file may be indented as it likes. Only when that finds
//! something wrong does pass 2 let indentation decide where blocks end. What both find is beyond
//! doubt; of the rest, braces may find up to half as much and still be wrong: a `}` that is missing
//! here and one too many there look like a few statements in the wrong place.
//!
//! Where neither explains it well, what may stand where does, if then a single thing is wrong: a
//! `}` is missing before the first line that cannot stand in the block that is open.

use super::mistake::Mistakes;
use super::statement::{Blocks, FORMS, Form, Kind, form_of};
use super::tree::{Block, Tree};
use crate::diagnostic::{Applicability, Edit, Mend};
use crate::source::Span;
use std::collections::HashSet;

/// So much is not wrong by itself: something before it is.
const MANY: usize = 2;

/// No process is nested deeper than this.
const DEEPEST: usize = 64;

/// What a line does to the nesting.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// The index of the statement; none for a `}`.
    pub statement: Option<u32>,
    /// How far its line is indented, in bytes.
    pub indentation: u32,
    /// Where its `{` or `}` stands.
    pub brace: Option<Span>,
    /// Where the line's text ends.
    pub end: u32,
}

impl Event {
    /// Whether it is a statement whose `{` may still come.
    pub fn may_open(&self) -> bool {
        self.statement.is_some() && self.brace.is_none()
    }
}

/// Nests the statements of `tree` by `events`.
pub fn nest(tree: &mut Tree, events: &[Event], mistakes: &mut Mistakes) {
    let kinds: Vec<Kind> = tree.statements.iter().map(|statement| statement.kind).collect();
    let mut nesting = Nesting::by(&kinds, events, Judge::Braces);
    if !nesting.faults.is_empty() {
        let indented = Nesting::by(&kinds, events, Judge::Indentation);
        let (braces, lines): (HashSet<&Fault>, HashSet<&Fault>) =
            (nesting.faults.iter().collect(), indented.faults.iter().collect());
        let common = braces.intersection(&lines).count();
        if lines.len() - common <= 2 * (braces.len() - common) {
            nesting = indented;
        }
        if nesting.faults.len() > MANY {
            let fitting = Nesting::by(&kinds, events, Judge::Kinds);
            nesting = if fitting.faults.len() == 1 { fitting } else { nesting };
        }
    }
    for (statement, (until, block)) in tree.statements.iter_mut().zip(nesting.blocks) {
        statement.until = until;
        statement.block = block;
    }
    // Of two things that are wrong, one may be why the other seems to be.
    let applicability = match nesting.faults.len() {
        1 if mistakes.found.is_empty() => Applicability::Safe,
        _ => Applicability::Suggested,
    };
    for (statement, parent) in nesting.misfits {
        let span = tree.statements[statement as usize].span;
        let here = |at: Span| span.start <= at.start && at.end <= span.end;
        let found = mistakes.found.iter_mut().filter(|mistake| here(mistake.place().span));
        for mistake in found {
            let replaced = mistake.edit.take().is_some();
            if let Some(help) = elsewhere_only(tree.statements[statement as usize].kind, parent)
                && replaced
            {
                mistake.help = Some(help);
            }
        }
    }
    for fault in nesting.faults {
        let is_safe = applicability == Applicability::Safe && is_placed(&fault, events);
        let sure = if is_safe { Applicability::Safe } else { Applicability::Suggested };
        tell(tree, fault, sure, mistakes);
    }
}

/// Whether the lines say by their indentation where a missing `}` belongs.
fn is_placed(fault: &Fault, events: &[Event]) -> bool {
    let Fault::Unclosed { header, after } = fault else { return true };
    let is_header = |event: &&Event| event.statement == Some(*header);
    let Some(opened) = events.iter().find(is_header) else { return false };
    let mut inside = events.iter().filter(|event| opened.end < event.end && event.end <= *after);
    inside.all(|event| event.indentation > opened.indentation)
}

#[derive(Clone, Copy, PartialEq)]
enum Judge {
    Braces,
    Indentation,
    /// Braces, and what may stand where.
    Kinds,
}

/// What is wrong with the nesting. Numbers are indices of statements.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Fault {
    /// Block of `header` has no `}`; it should stand behind `after`.
    Unclosed {
        header: u32,
        after: u32,
    },
    Extra {
        brace: Span,
    },
    /// Lines belong to `header`, but it has no `{`.
    Unopened {
        header: u32,
    },
    Misplaced {
        statement: u32,
        parent: Kind,
    },
    NoBlock {
        statement: u32,
    },
    CannotHaveBlock {
        statement: u32,
        brace: Span,
    },
    TooDeep {
        statement: u32,
    },
}

struct Open {
    statement: u32,
    indentation: u32,
}

struct Nesting<'k> {
    kinds: &'k [Kind],
    judge: Judge,
    stack: Vec<Open>,
    blocks: Vec<(u32, Option<Block>)>,
    faults: Vec<Fault>,
    /// Bad lines that would stand in the wrong place if they were what they seem to be.
    misfits: Vec<(u32, Kind)>,
    /// The end of the last line that was seen.
    end: u32,
    /// The index that the next statement has.
    next: u32,
}

impl<'k> Nesting<'k> {
    fn by(kinds: &'k [Kind], events: &[Event], judge: Judge) -> Self {
        let blocks = (1..=kinds.len() as u32).map(|until| (until, None)).collect();
        let (stack, faults, misfits) = (Vec::new(), Vec::new(), Vec::new());
        let mut nesting = Nesting { kinds, judge, stack, blocks, faults, misfits, end: 0, next: 0 };
        let mut previous: Option<Event> = None;
        for event in events {
            match event.statement {
                Some(statement) => nesting.statement(statement, event, previous),
                None => nesting.close(event),
            }
            nesting.end = event.end;
            previous = Some(*event);
        }
        while !nesting.stack.is_empty() {
            nesting.unclosed(kinds.len() as u32);
        }
        nesting
    }

    fn statement(&mut self, statement: u32, event: &Event, previous: Option<Event>) {
        if self.judge == Judge::Indentation {
            while self.stack.last().is_some_and(|open| open.indentation >= event.indentation) {
                self.unclosed(statement);
            }
            if let Some(header) = previous.and_then(|previous| self.lacks_brace(previous, event)) {
                let indentation = previous.map_or(0, |previous| previous.indentation);
                self.open(header, indentation, Span::default());
                if !matches!(self.kinds[header as usize], Kind::Bad(_)) {
                    self.faults.retain(|fault| !matches!(fault, Fault::NoBlock { statement } if *statement == header));
                    self.faults.push(Fault::Unopened { header });
                }
            }
        }
        let kind = self.kinds[statement as usize];
        if self.judge == Judge::Kinds {
            self.close_for(kind, statement);
        }
        self.next = statement + 1;
        let parent =
            self.stack.last().map_or(Kind::File, |open| self.kinds[open.statement as usize]);
        if !kind.may_stand_in(parent) {
            self.faults.push(Fault::Misplaced { statement, parent });
        }
        if let (Kind::Bad(_), Some(guess)) = (kind, kind.intended())
            && !FORMS
                .iter()
                .any(|form| form.keyword == guess.word() && form.kind.may_stand_in(parent))
        {
            self.misfits.push((statement, parent));
        }
        match (event.brace, kind.blocks()) {
            (Some(brace), blocks) => {
                if blocks == Blocks::Never {
                    self.faults.push(Fault::CannotHaveBlock { statement, brace });
                }
                self.open(statement, event.indentation, brace);
                if self.stack.len() == DEEPEST + 1 {
                    self.faults.push(Fault::TooDeep { statement });
                }
            }
            (None, Blocks::Must) => self.faults.push(Fault::NoBlock { statement }),
            (None, _) => {}
        }
    }

    /// Ends the blocks in which a statement cannot stand, if it can in one around them.
    fn close_for(&mut self, kind: Kind, statement: u32) {
        let may = |open: &Open| kind.may_stand_in(self.kinds[open.statement as usize]);
        if let Some(around) = self.stack.iter().rposition(may) {
            while self.stack.len() > around + 1 {
                self.unclosed(statement);
            }
        }
    }

    /// The statement before, if the deeper line at hand shows that it lacks its `{`.
    fn lacks_brace(&self, previous: Event, event: &Event) -> Option<u32> {
        let header = previous.statement?;
        let deeper = event.indentation > previous.indentation && previous.brace.is_none();
        let can = self.kinds[header as usize].blocks() != Blocks::Never;
        (deeper && can).then_some(header)
    }

    fn open(&mut self, statement: u32, indentation: u32, brace: Span) {
        self.blocks[statement as usize].1 = Some(Block { open: brace.start, close: 0 });
        self.stack.push(Open { statement, indentation });
    }

    fn close(&mut self, event: &Event) {
        let brace = event.brace.unwrap_or_default();
        let next = self.next;
        if self.judge == Judge::Indentation {
            while self.stack.last().is_some_and(|open| open.indentation > event.indentation) {
                self.unclosed(next);
            }
            let matches = |open: &Open| {
                let opened =
                    self.blocks[open.statement as usize].1.is_some_and(|block| block.open > 0);
                open.indentation == event.indentation
                    || (!opened && open.indentation <= event.indentation)
            };
            if !self.stack.last().is_some_and(matches) {
                self.faults.push(Fault::Extra { brace });
                return;
            }
        }
        match self.stack.pop() {
            Some(open) => self.finish(open.statement, next, brace.start),
            None => self.faults.push(Fault::Extra { brace }),
        }
    }

    fn unclosed(&mut self, until: u32) {
        if let Some(open) = self.stack.pop() {
            self.faults.push(Fault::Unclosed { header: open.statement, after: self.end });
            self.finish(open.statement, until, 0);
        }
    }

    fn finish(&mut self, statement: u32, until: u32, close: u32) {
        let (end, block) = &mut self.blocks[statement as usize];
        *end = until;
        if let Some(block) = block {
            block.close = close;
        }
    }
}

fn tell(tree: &Tree, fault: Fault, applicability: Applicability, mistakes: &mut Mistakes) {
    let header = |index: u32| &tree.statements[index as usize];
    match fault {
        Fault::Unclosed { header: index, after } => {
            let statement = header(index);
            let opened = mistakes.place(statement.span);
            let place = Span { start: after.saturating_sub(1), end: after };
            let end = mistakes.place(Span { start: after, end: after });
            let open = match statement.kind.intended() {
                Some(kind) => format!("the `{}`", kind.word()),
                None => "a block".to_string(),
            };
            let message = format!("a `}}` is missing after this line: {open} is still open");
            let mistake = mistakes.add(place, message);
            let told = mistake.clone().label(opened, "opened here");
            let close = Mend::LineAfter { text: "}".into(), like: opened };
            let edit = Edit::new(applicability, end, close);
            *mistake = told.help("close the block with `}` alone on a line").edit(edit);
        }
        Fault::Extra { brace } => {
            let place = mistakes.place(brace);
            let mistake = mistakes.add(brace, "this `}` closes nothing");
            *mistake = mistake
                .clone()
                .help("delete it, or open the block that it is to close")
                .edit(Edit::new(applicability, place, Mend::NoLine));
        }
        Fault::Unopened { header: index } => {
            let statement = header(index);
            let end = statement.span.end;
            let at = mistakes.place(Span { start: end, end });
            let mistake = mistakes.add(
                statement.span,
                format!(
                    "a `{{` is missing at the end of this line: what follows belongs to this `{}`",
                    statement.kind.word()
                ),
            );
            *mistake = mistake.clone().help("end the line with `{`").edit(Edit::new(
                applicability,
                at,
                Mend::Opened,
            ));
        }
        Fault::NoBlock { statement: index } => {
            let statement = header(index);
            let word = statement.kind.word();
            mistakes.add(statement.span, format!("`{word}` needs a block")).help =
                Some("end the line with `{`, and close the block with `}` alone on a line".into());
        }
        Fault::CannotHaveBlock { statement: index, brace } => {
            let statement = header(index);
            let after = Span { start: statement.span.end, end: brace.end };
            let (after, close) = (mistakes.place(after), statement.block.map(|block| block.close));
            let close = close.map(|at| mistakes.place(Span { start: at, end: at + 1 }));
            let mistake = mistakes.add(brace, format!("`{}` has no block", statement.kind.word()));
            mistake.help = Some("leave out the `{`, and the `}` that closes it".into());
            // What stands in the block would have to find another place.
            let is_empty = statement.until == index + 1;
            mistake.edit = close.filter(|close| is_empty && close.span.start > 0).map(|close| {
                Edit::new(applicability, after, Mend::Instead(String::new()))
                    .and(close, Mend::NoLine)
            });
        }
        Fault::TooDeep { statement: index } => {
            mistakes
                .add(header(index).span, format!("blocks are nested more than {DEEPEST} deep"))
                .help = Some("take parts out into a `procedure`".into());
        }
        Fault::Misplaced { statement: index, parent } => misplaced(tree, index, parent, mistakes),
    }
}

fn misplaced(tree: &Tree, index: u32, parent: Kind, mistakes: &mut Mistakes) {
    let statement = &tree.statements[index as usize];
    let kind = statement.kind.intended();
    let Some(form) = kind.and_then(form_of) else { return };
    let here = FORMS.iter().find(|other| {
        other.keyword == form.keyword && other.kind != form.kind && other.kind.may_stand_in(parent)
    });
    let help = match here {
        Some(other) => format!("here it is written: {}", other.spelt_out()),
        None => stands_in(form, parent, form.stands_in),
    };
    mistakes.add(statement.span, cannot_stand(form, parent)).help = Some(help);
}

/// What to say of a bad line that would stand in the wrong place as what it seems to be.
fn elsewhere_only(bad: Kind, parent: Kind) -> Option<String> {
    let form = bad.intended().and_then(form_of)?;
    // Which of the statements of its keyword it was to be is not known.
    let forms = FORMS.iter().filter(|other| other.keyword == form.keyword);
    let places: Vec<Kind> = forms.flat_map(|form| form.stands_in).copied().collect();
    Some(format!("{}: {}", cannot_stand(form, parent), stands_in(form, parent, &places)))
}

fn cannot_stand(form: &Form, parent: Kind) -> String {
    let word = form.keyword;
    match parent {
        Kind::File => format!("`{word}` cannot stand outside of a block"),
        _ => {
            let parent = parent.intended().map_or("block", Kind::word);
            format!("`{word}` cannot stand in {} {parent}", article(parent))
        }
    }
}

/// Where a statement stands instead; or what stands instead of it, where that may.
fn stands_in(form: &Form, parent: Kind, places: &[Kind]) -> String {
    if form.kind == Kind::About && Kind::Note.may_stand_in(parent) {
        return "write `note` instead".into();
    }
    let mut told: Vec<String> = Vec::with_capacity(places.len());
    for place in places {
        let place = match place {
            Kind::File => "outside of all blocks".to_string(),
            kind => format!("in {} {}", article(kind.word()), kind.word()),
        };
        if !told.contains(&place) {
            told.push(place);
        }
    }
    format!("it stands {}", listed(&told))
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// "a, b or c".
fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
