//! A text that goes over several lines, though it has to stand on one.

use super::bad_line::unpaired_quote;
use super::keyword::{Keyword, is_mended, is_statement, starts_statement};
use super::mistake::Mistakes;
use super::statement::BadKind;
use crate::diagnostic::{Applicability, Edit, Mend};
use crate::source::Span;

/// What goes over more lines than this is no text whose line was broken.
const MOST: usize = 8;

/// A line and those below it in which its text goes on.
pub struct Lines {
    pub span: Span,
    /// What of the first one is of the text.
    begins: Span,
    /// Between what two of them say.
    gaps: Vec<Span>,
    /// They as one line, which is a statement.
    written: String,
}

/// The line at `line` with those below, up to `end`, that make one statement with it.
pub fn joined(text: &str, line: Span, end: u32) -> Option<Lines> {
    let mut written = line.of(text).to_string();
    if written.contains('\n') || !starts_statement(&written) {
        return None;
    }
    let quote = unpaired_quote(&written).filter(|quote| quote.opens)?;
    let begins = Span { start: line.start + quote.at as u32, end: line.end };
    let mut lines = Lines { span: line, begins, gaps: Vec::new(), written: String::new() };
    let mut at = line.end;
    for _ in 0..MOST {
        let next = next_line(text, at).filter(|next| next.end <= end)?;
        let said = next.of(text);
        if starts_statement(said) || !is_prose(said) {
            return None;
        }
        lines.gaps.push(Span { start: lines.span.end, end: next.start });
        lines.span.end = next.end;
        written = format!("{written} {said}");
        if said.contains('"') {
            break;
        }
        at = next.end;
    }
    lines.written = written;
    is_mended(&lines.written, 0, 0, "").then_some(lines)
}

/// Whether the text without an end at `line` may go on in the line below.
pub fn may_go_on(text: &str, line: Span) -> bool {
    let Some(next) = next_line(text, line.end) else { return false };
    let said = next.of(text);
    let closes = unpaired_quote(said).is_some_and(|quote| !quote.opens);
    let is_bare = !said.contains('"') && !starts_statement(said);
    is_prose(said) && !is_statement(said) && (closes || is_bare)
}

/// Whether the text without a beginning at `line` may be that of the line above.
pub fn may_come_from_above(text: &str, line: Span) -> bool {
    let before = text[..line.start as usize].trim_end_matches([' ', '\t']);
    let above = before.strip_suffix('\n').and_then(|before| before.lines().next_back());
    let above = above.and_then(unpaired_quote);
    above.is_some_and(|quote| quote.opens)
        && unpaired_quote(line.of(text)).is_some_and(|quote| !quote.opens)
}

fn is_prose(said: &str) -> bool {
    !said.is_empty() && !said.starts_with(['{', '}']) && !said.starts_with("//")
}

/// What the line below that in which `at` is says, without the space around it.
fn next_line(text: &str, at: u32) -> Option<Span> {
    let rest = &text[at as usize..];
    let start = at as usize + rest.find('\n')? + 1;
    let line = text[start..].split('\n').next()?;
    let start = start + (line.len() - line.trim_start().len());
    Some(Span::new(start, start + line.trim().len()))
}

impl Lines {
    pub fn tell(&self, mistakes: &mut Mistakes) -> BadKind {
        let gaps = self.gaps.iter().map(|gap| (mistakes.place(*gap), Mend::Instead(" ".into())));
        let mends = gaps.collect();
        let mistake = mistakes.add(self.begins, "this text goes on in the line below");
        mistake.help =
            Some("write it on one line; a longer text stands between two lines of `\"\"\"`".into());
        mistake.edit = Some(Edit { applicability: Applicability::Safe, mends });
        Keyword::of(&self.written).kind.map_or(BadKind::UNKNOWN, BadKind::read)
    }

    /// The `{` at the end of the statement.
    pub fn brace(&self) -> Option<Span> {
        let code = self.written.split(" //").next().unwrap_or_default().trim_end();
        let behind = self.written.len() - code.len();
        let end = self.span.end.saturating_sub(behind as u32);
        code.ends_with('{').then_some(Span { start: end.saturating_sub(1), end })
    }
}
