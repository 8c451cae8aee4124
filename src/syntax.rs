//! Text to tree.
//!
//! In: the text of a file. Out: a [`Parse`]: its statements, block in block, the comments beside
//! them, and everything that is wrong with the writing. Nothing is lost: a line that cannot be
//! read is a statement of the kind `Bad`. This is the only stage that knows pest.

mod bad_line;
mod block;
mod elsewhere;
mod expected;
mod grammar;
mod habits;
mod keyword;
mod lines;
mod lower;
mod mistake;
mod over_lines;
mod phrases;
pub mod rules;
pub mod statement;
mod titles;
pub mod tree;
mod unseen;

use crate::diagnostic::{Diagnostic, sort};
use crate::source::{FileId, Span};
use block::Event;
use grammar::{Rule, VupParser};
use lines::Piece;
use lower::Lowering;
use mistake::Mistakes;
use pest::Parser;
use pest::iterators::Pair;
use statement::{BadKind, Kind};
use titles::Titles;
use tree::{Statement, Tree};

/// What a text says, and what is wrong with its writing.
#[derive(Debug)]
pub struct Parse {
    pub tree: Tree,
    pub errors: Vec<Diagnostic>,
}

/// A larger text is not one process.
pub const LARGEST: usize = 1 << 30;

/// From so many pieces on, a second thread pays.
const MANY_PIECES: usize = 4;

/// Reads a text. `file` is what its places will name.
pub fn parse(text: &str, file: FileId) -> Parse {
    if text.len() > LARGEST {
        let mut mistakes = Mistakes { file, found: Vec::new() };
        mistakes.add(Span::default(), "the file is larger than 1 GB");
        return Parse { tree: Tree::default(), errors: mistakes.found };
    }
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let pieces = lines::pieces(text, start);
    let titles = Titles::of(text);
    let Reader { mut tree, events, mut mistakes, .. } = Reader::read(&titles, file, &pieces);
    block::nest(&mut tree, &events, &mut mistakes);
    sort(&mut mistakes.found);
    Parse { tree, errors: mistakes.found }
}

/// Reads pieces of a text into one list of statements.
struct Reader<'t> {
    text: &'t str,
    titles: &'t Titles<'t>,
    tree: Tree,
    events: Vec<Event>,
    mistakes: Mistakes,
}

impl<'t> Reader<'t> {
    /// Reads all pieces: where there are many, half of them on a second thread.
    fn read(titles: &'t Titles<'t>, file: FileId, pieces: &[Piece]) -> Self {
        if pieces.len() < MANY_PIECES {
            return Reader::read_here(titles, file, pieces, pieces);
        }
        let (first, second) = pieces.split_at(pieces.len() / 2);
        let (mut reader, next) = rayon::join(
            || Reader::read_here(titles, file, first, pieces),
            || Reader::read_here(titles, file, second, second),
        );
        reader.append(next);
        reader
    }

    /// Reads pieces; makes room for what there is in `all`, which is joined to it.
    fn read_here(titles: &'t Titles<'t>, file: FileId, pieces: &[Piece], all: &[Piece]) -> Self {
        let text = titles.text;
        let mistakes = Mistakes { file, found: Vec::new() };
        let lines = all.iter().map(|piece| piece.lines(text)).sum();
        let tree = Tree { statements: Vec::with_capacity(lines), ..Tree::default() };
        let events = Vec::with_capacity(lines);
        let mut reader = Reader { text, titles, tree, events, mistakes };
        reader.pieces(pieces);
        reader
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match *piece {
                Piece::Lines(span) => self.lines(span),
                Piece::Broken { lines, fault, at } => {
                    let header = lines.of(self.text).lines().next().unwrap_or_default();
                    let guess = bad_line::explain_fault(&mut self.mistakes, fault, header, at);
                    self.bad(lines, guess, None);
                }
            }
        }
    }

    /// Adds what was read of the pieces that follow.
    fn append(&mut self, mut next: Reader<'_>) {
        let before = self.tree.statements.len() as u32;
        for event in &mut next.events {
            event.statement = event.statement.map(|statement| statement + before);
        }
        self.tree.statements.append(&mut next.tree.statements);
        self.tree.comments.append(&mut next.tree.comments);
        self.tree.left_out.append(&mut next.tree.left_out);
        self.events.append(&mut next.events);
        self.mistakes.found.append(&mut next.mistakes.found);
    }

    fn lines(&mut self, span: Span) {
        let text = span.of(self.text);
        let Ok(mut pairs) = VupParser::parse(Rule::lines, text) else {
            // `lines` reads any text: what is no statement is a bad line.
            return self.bad(span, BadKind::UNKNOWN, None);
        };
        let clauses = Vec::with_capacity(8);
        let mut internal = None;
        // Up to where lines were told with one before them.
        let mut told_to = 0;
        let mut lowering =
            Lowering { base: span.start as usize, mistakes: &mut self.mistakes, clauses };
        for pair in pairs.next().into_iter().flat_map(Pair::into_inner) {
            let place = lowering.span(&pair);
            if place.start < told_to {
                continue;
            }
            match pair.as_rule() {
                Rule::EOI => {}
                Rule::comment => self.tree.comments.push(trim_end(self.text, place)),
                Rule::internal_is => internal = Some(place),
                Rule::open => opened(&mut self.events, place),
                Rule::wrong_open => {
                    let header = self.tree.statements.last().map(|header| header.kind);
                    let written = trim_end(self.text, place);
                    if !unseen::tell(lowering.mistakes, pair.as_str(), place) {
                        lowering.mistakes.after_brace(header, pair.as_str(), written);
                    }
                    self.tree.left_out.push(place);
                    if !pair.as_str().contains('}') {
                        opened(&mut self.events, place);
                    }
                }
                Rule::close => self.events.push(event(self.text, None, place, Some(place))),
                Rule::bad => {
                    let line = trim_ascii(self.text, place);
                    if !line.of(self.text).trim().is_empty() {
                        told_to = bad_line(
                            &mut lowering,
                            self.titles,
                            (line, span.end),
                            &mut self.tree,
                            &mut self.events,
                        );
                    }
                }
                _ => {
                    let mut statement = lowering.statement(pair, internal.take());
                    statement.span = trim_end(self.text, statement.span);
                    let index = self.tree.statements.len() as u32;
                    self.events.push(event(self.text, Some(index), statement.span, None));
                    self.tree.statements.push(statement);
                }
            }
        }
    }

    fn bad(&mut self, lines: Span, guess: BadKind, brace: Option<Span>) {
        push_bad(&mut self.tree, &mut self.events, self.text, trim(self.text, lines), guess, brace);
    }
}

/// Reports a line that no statement is, and keeps its braces. Gives back up to where it has told.
fn bad_line(
    lowering: &mut Lowering<'_>,
    titles: &Titles<'_>,
    (line, piece_end): (Span, u32),
    tree: &mut Tree,
    events: &mut Vec<Event>,
) -> u32 {
    let text = titles.text;
    let written = line.of(text);
    if let Some(lines) = over_lines::joined(text, line, piece_end) {
        let guess = lines.tell(lowering.mistakes);
        push_bad(tree, events, text, lines.span, guess, lines.brace());
        return lines.span.end;
    }
    if written.starts_with('}') {
        if !unseen::tell(lowering.mistakes, written, line) {
            lowering.mistakes.after_close(written, line);
        }
        let brace = Span { start: line.start, end: line.start + 1 };
        events.push(event(text, None, brace, Some(brace)));
        if written.ends_with('{') {
            push_bad(
                tree,
                events,
                text,
                line,
                BadKind::UNKNOWN,
                Some(Span { start: line.end - 1, end: line.end }),
            );
        }
        return line.end;
    }
    if written.trim() == "{"
        && let Some(header) = events.last().filter(|event| event.may_open())
    {
        lowering.mistakes.brace_alone(line, header.end);
        opened(events, line);
        return line.end;
    }
    let code = written.split(" //").next().unwrap_or(written).trim_end();
    let at = line.start + code.len() as u32;
    if let Some(kind) = keyword::closed_behind(code) {
        let brace = Span { start: at - 1, end: at };
        lowering.mistakes.close_behind(brace);
        push_bad(tree, events, text, line, BadKind::read(kind), None);
        events.push(event(text, None, brace, Some(brace)));
        return line.end;
    }
    let guess = bad_line::explain(lowering.mistakes, titles, written, line);
    let brace = code.ends_with('{').then_some(Span { start: at.saturating_sub(1), end: at });
    push_bad(tree, events, text, line, guess, brace);
    line.end
}

fn push_bad(
    tree: &mut Tree,
    events: &mut Vec<Event>,
    text: &str,
    span: Span,
    guess: BadKind,
    brace: Option<Span>,
) {
    let index = tree.statements.len() as u32;
    events.push(event(text, Some(index), span, brace));
    let clauses = Box::default();
    let kind = Kind::Bad(guess);
    tree.statements.push(Statement {
        kind,
        span,
        name: None,
        title: None,
        clauses,
        block: None,
        until: 0,
    });
}

/// The `{` at `place` belongs to the last statement.
fn opened(events: &mut [Event], place: Span) {
    if let Some(event) = events.last_mut() {
        event.brace = Some(Span { start: place.start, end: place.start + 1 });
        event.end = event.end.max(place.start + 1);
    }
}

fn event(text: &str, statement: Option<u32>, span: Span, brace: Option<Span>) -> Event {
    let before = &text[..span.start as usize];
    let line = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |newline| newline + 1);
    let indentation = lines::indentation(&text[line..span.start as usize]) as u32;
    Event { statement, indentation, brace, end: span.end }
}

fn trim_end(text: &str, span: Span) -> Span {
    let length = span.of(text).trim_end().len() as u32;
    Span { start: span.start, end: span.start + length }
}

/// Without the usual spaces around it.
fn trim_ascii(text: &str, span: Span) -> Span {
    let written = span.of(text);
    let start = span.start as usize + (written.len() - written.trim_ascii_start().len());
    Span::new(start, start + written.trim_ascii().len())
}

fn trim(text: &str, span: Span) -> Span {
    let written = span.of(text);
    let start = span.start + (written.len() - written.trim_start().len()) as u32;
    trim_end(text, Span { start: start.min(span.end), end: span.end })
}
