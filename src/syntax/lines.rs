//! Cuts a text into pieces that the grammar can read one after the other.
//!
//! A piece ends where a line ends, outside of `"""` blocks. So the memory that the parser takes is
//! bounded by the size of a piece, and a block that was never closed takes only its own lines
//! along: such a block is a piece by itself, with what is wrong with it.

use super::keyword::{is_statement, starts_statement};
use crate::source::Span;
use memchr::{memchr, memchr_iter, memrchr};

/// Large enough to make the cost of starting the parser small, small enough to keep its tokens few.
const PIECE: usize = 32 * 1024;

/// Beyond so many parentheses in each other, a line is refused before the parser sees it.
const DEEPEST: usize = 32;

#[derive(Debug, PartialEq)]
pub enum Piece {
    Lines(Span),
    /// Lines that belong together and cannot be read.
    Broken {
        lines: Span,
        fault: Fault,
        at: Span,
    },
}

impl Piece {
    /// How many lines it has; there are no more statements in it.
    pub fn lines(&self, text: &str) -> usize {
        match self {
            Piece::Lines(span) => 1 + memchr_iter(b'\n', span.of(text).as_bytes()).count(),
            Piece::Broken { .. } => 1,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A text block without its closing quotes.
    Unclosed,
    /// A text block whose closing line has too few quotes.
    ClosedShort,
    /// A text block whose closing quotes have something beside them.
    ClosedBeside,
    /// A closing `"""` whose block was not opened with three quotes.
    OpenedShort,
    /// A `"""` that closes nothing.
    Stray,
    /// Too many parentheses in each other.
    TooDeep,
}

/// Cuts `text`, from byte `start` on.
pub fn pieces(text: &str, start: usize) -> Vec<Piece> {
    let mut cutter = Cutter { text, piece: start, pieces: Vec::new() };
    let mut at = start;
    while at < text.len() {
        at = cutter.line(at);
        if at - cutter.piece >= PIECE {
            cutter.cut(at);
        }
    }
    cutter.cut(text.len());
    cutter.pieces
}

struct Cutter<'t> {
    text: &'t str,
    /// Where the piece at hand starts.
    piece: usize,
    pieces: Vec<Piece>,
}

impl Cutter<'_> {
    fn cut(&mut self, end: usize) {
        if end > self.piece {
            self.pieces.push(Piece::Lines(Span::new(self.piece, end)));
        }
        self.piece = end;
    }

    fn broken(&mut self, start: usize, end: usize, fault: Fault, at: Span) -> usize {
        self.cut(start);
        self.pieces.push(Piece::Broken { lines: Span::new(start, end), fault, at });
        self.piece = end;
        end
    }

    /// Looks at the line that starts at `start`, and gives back where the next one does.
    fn line(&mut self, start: usize) -> usize {
        let end = line_end(self.text, start);
        let line = &self.text[start..end];
        if memchr_iter(b'(', line.as_bytes()).nth(DEEPEST).is_some() && depth(line) > DEEPEST {
            return self.broken(start, end, Fault::TooDeep, trimmed(line, start));
        }
        let content = line.trim();
        if !content.ends_with("\"\"\"") || content.starts_with("//") {
            return end;
        }
        if content == "\"\"\"" {
            return self.stray(start, end);
        }
        match opens_block(content) {
            true => self.block(start, end),
            false => end,
        }
    }

    /// The lines of a text block that opens on the line from `start` to `body`.
    fn block(&mut self, start: usize, body: usize) -> usize {
        let outer = indentation(&self.text[start..body]);
        let mut at = body;
        while at < self.text.len() {
            let end = line_end(self.text, at);
            let content = self.text[at..end].trim();
            match content {
                "\"\"\"" => return end,
                "\"\"" | "\"" => {
                    let place = trimmed(&self.text[at..end], at);
                    return self.broken(start, end, Fault::ClosedShort, place);
                }
                _ if content.ends_with("\"\"\"") && opens_block(content) => {
                    if starts_statement(content) {
                        break;
                    }
                    let place = trimmed(&self.text[at..end], at);
                    return self.broken(start, end, Fault::ClosedBeside, place);
                }
                _ => at = end,
            }
        }
        // It ends where the next block opens, at the latest.
        let end = self.likely_end(body, outer).min(at);
        let last = self.text[..end].trim_end();
        let last_line = memrchr(b'\n', last.as_bytes()).map_or(0, |newline| newline + 1);
        self.broken(start, end, Fault::Unclosed, trimmed(&last[last_line..], last_line))
    }

    /// Where a block from `body` on that nobody closes is taken to end: before the first line that
    /// is not deeper than `outer`, or that is a statement.
    fn likely_end(&self, body: usize, outer: usize) -> usize {
        let mut at = body;
        while at < self.text.len() {
            let end = line_end(self.text, at);
            let line = &self.text[at..end];
            let content = line.trim();
            if !content.is_empty() && (indentation(line) <= outer || is_statement(content)) {
                return at;
            }
            at = end;
        }
        self.text.len()
    }

    /// A `"""` alone, outside of a block: its opening line may have too few quotes.
    fn stray(&mut self, start: usize, end: usize) -> usize {
        let outer = indentation(&self.text[start..end]);
        let mut at = start;
        while at > self.piece {
            let before = line_start(self.text, at - 1);
            let line = &self.text[before..at];
            if !line.trim().is_empty() && indentation(line) <= outer {
                if !line.trim_end().ends_with('"') {
                    break;
                }
                let quotes = line.trim_end();
                let first = before + quotes.trim_end_matches('"').len();
                let place = Span::new(first, before + quotes.len());
                return self.broken(before, end, Fault::OpenedShort, place);
            }
            at = before;
        }
        self.broken(start, end, Fault::Stray, trimmed(&self.text[start..end], start))
    }
}

/// Where the line that `start` is in ends, its line end included.
fn line_end(text: &str, start: usize) -> usize {
    memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |length| start + length + 1)
}

/// Where the line that `at` is in starts.
fn line_start(text: &str, at: usize) -> usize {
    memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |newline| newline + 1)
}

pub fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// What a line that starts at `start` says, without the space around it.
fn trimmed(line: &str, start: usize) -> Span {
    let from = start + (line.len() - line.trim_start().len());
    Span::new(from, (start + line.trim_end().len()).max(from))
}

/// Whether the `"""` that a line ends with stands outside of its strings.
fn opens_block(content: &str) -> bool {
    let before = &content[..content.len() - 3];
    let quotes = memchr_iter(b'"', before.as_bytes());
    quotes.filter(|quote| *quote == 0 || before.as_bytes()[quote - 1] != b'\\').count() % 2 == 0
}

/// How deep the parentheses of a line are, those in strings aside.
fn depth(line: &str) -> usize {
    let (mut depth, mut deepest, mut quoted) = (0usize, 0, false);
    for byte in line.bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}
