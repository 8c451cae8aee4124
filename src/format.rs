//! Text to text: the one way in which a process is written.
//!
//! In: a text without syntax errors. Out: the same statements and comments, in the same order, with
//! two spaces of indentation a block, one space between words, and at most one blank line in a row.
//! Formatting twice is formatting once. What was written is read again: where it would not say the
//! same, nothing is handed out.

mod line;
mod same;

use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::parse;
use crate::syntax::tree::{Statement, Tree};
use same::say_the_same;

/// Why a text is left as it is.
#[derive(Debug)]
pub enum Refusal {
    /// A line that cannot be read has no form.
    Errors(Vec<Diagnostic>),
    /// What was written would say something else. This is a fault of the formatter.
    WouldChange,
}

/// How deep a block stands in the one around it.
const INDENTATION: &str = "  ";

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Formats a text. It keeps the kind of line end that most of its lines have, and a byte order mark.
pub fn format(text: &str) -> Result<String, Refusal> {
    let parsed = parse(text, FileId::default());
    if !parsed.errors.is_empty() {
        return Err(Refusal::Errors(parsed.errors));
    }
    let written = write(text, &parsed.tree).ok_or(Refusal::WouldChange)?;
    if written == text {
        return Ok(written);
    }
    let again = parse(&written, FileId::default());
    let same =
        again.errors.is_empty() && say_the_same((&parsed.tree, text), (&again.tree, &written));
    if same { Ok(written) } else { Err(Refusal::WouldChange) }
}

/// Writes a tree; nothing where the text has something that the tree does not.
fn write(text: &str, tree: &Tree) -> Option<String> {
    let mut writer = Writer::new(text, tree);
    // The blocks that are open: the first statement behind each, and where it is closed.
    let mut open: Vec<(u32, u32)> = Vec::new();
    for (index, statement) in tree.statements.iter().enumerate() {
        while let Some((_, close)) = open.pop_if(|(until, _)| *until as usize == index) {
            writer.close(close);
        }
        writer.statement(statement);
        open.extend(statement.block.map(|block| (statement.until, block.close)));
    }
    while let Some((_, close)) = open.pop() {
        writer.close(close);
    }
    writer.finish()
}

struct Writer<'t> {
    text: &'t str,
    /// What is still to be written of the comments.
    comments: &'t [Span],
    out: String,
    depth: usize,
    /// Where in the text that ends which was written last.
    end: u32,
    /// Nothing of the block, or of the file, was written yet.
    at_start: bool,
    lost: bool,
}

impl<'t> Writer<'t> {
    fn new(text: &'t str, tree: &'t Tree) -> Self {
        let out = String::with_capacity(text.len() + text.len() / 8);
        let is_marked = text.starts_with(BYTE_ORDER_MARK);
        let end = if is_marked { BYTE_ORDER_MARK.len_utf8() as u32 } else { 0 };
        let comments = tree.comments.as_slice();
        Writer { text, comments, out, depth: 0, end, at_start: true, lost: false }
    }

    fn statement(&mut self, statement: &Statement) {
        self.comments_before(statement.span.start);
        self.start_line(statement.span.start, true);
        line::write(&mut self.out, self.text, statement, self.depth);
        self.at_start = false;
        self.end = statement.span.end;
        if let Some(block) = statement.block {
            self.skip_to(block.open);
            self.out.push_str(" {");
            self.depth += 1;
            self.at_start = true;
            self.end = block.open + 1;
        }
    }

    fn close(&mut self, at: u32) {
        self.comments_before(at);
        self.depth = self.depth.saturating_sub(1);
        self.start_line(at, false);
        self.out.push('}');
        self.at_start = false;
        self.end = at + 1;
    }

    fn comments_before(&mut self, place: u32) {
        while let Some((comment, rest)) = self.comments.split_first()
            && comment.start < place
        {
            self.comments = rest;
            self.comment(*comment);
        }
    }

    /// A comment stays behind what it stands behind.
    fn comment(&mut self, comment: Span) {
        let gap = Span { start: self.end, end: comment.start }.of(self.text);
        if self.out.is_empty() || gap.contains('\n') {
            self.start_line(comment.start, true);
            self.at_start = false;
        } else {
            self.skip_to(comment.start);
            self.out.push(' ');
        }
        self.out.push_str(comment.of(self.text));
        self.end = comment.end;
    }

    /// Ends the line before, and keeps a blank line where one was and `may` be.
    fn start_line(&mut self, place: u32, may: bool) {
        let gap = self.skip_to(place);
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        if may && !self.at_start && memchr::memchr_iter(b'\n', gap.as_bytes()).nth(1).is_some() {
            self.out.push('\n');
        }
        self.out.extend(std::iter::repeat_n(INDENTATION, self.depth));
    }

    /// What is passed over up to `place`: only space, as a tree loses nothing.
    fn skip_to(&mut self, place: u32) -> &'t str {
        let gap = Span { start: self.end, end: place }.of(self.text);
        self.lost |= !gap.trim().is_empty();
        gap
    }

    fn finish(mut self) -> Option<String> {
        self.comments_before(u32::MAX);
        self.skip_to(self.text.len() as u32);
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        if mostly_crlf(self.text) {
            self.out = self.out.replace('\n', "\r\n");
        }
        // Programs on Windows may tell by it that the file is UTF-8.
        if self.text.starts_with(BYTE_ORDER_MARK) {
            self.out.insert(0, BYTE_ORDER_MARK);
        }
        (!self.lost).then_some(self.out)
    }
}

/// Whether more lines end as they do on Windows than do otherwise.
fn mostly_crlf(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut crlf, mut lf) = (0, 0);
    for end in memchr::memchr_iter(b'\n', bytes) {
        match end > 0 && bytes[end - 1] == b'\r' {
            true => crlf += 1,
            false => lf += 1,
        }
    }
    crlf > lf
}
