//! Spaces that are not the usual ones, and signs that nobody sees: they come along from word
//! processors and web pages.

use super::keyword::is_statement;
use super::mistake::Mistakes;
use crate::diagnostic::{Applicability, Edit, Mend};
use crate::source::Span;

/// Reports those of a line that cannot be read, if it has any outside of its texts.
pub fn tell(mistakes: &mut Mistakes, line: &str, span: Span) -> bool {
    let found: Vec<(usize, char)> =
        outside_texts(line).filter(|(_, char)| is_unseen(*char)).collect();
    let Some((first, char)) = found.first().copied() else { return false };
    let place = |at: usize, char: char| {
        let start = span.start as usize + at;
        Span::new(start, start + char.len_utf8())
    };
    let mended: String = line
        .char_indices()
        .filter_map(|(at, char)| match found.contains(&(at, char)) {
            true => instead(char).chars().next(),
            false => Some(char),
        })
        .collect();
    let applicability = match is_statement(mended.trim()) || mended.trim() == "{" {
        true => Applicability::Safe,
        false => Applicability::Suggested,
    };
    let edits = found.iter().map(|(at, char)| {
        (mistakes.place(place(*at, *char)), Mend::Instead(instead(*char).to_string()))
    });
    let mends = edits.collect();
    let mistake = mistakes.add(place(first, char), message(char));
    mistake.help = Some(match instead(char) {
        "" => "delete it; word processors and web pages leave such signs behind".into(),
        _ => "write a usual space; word processors and web pages have others".into(),
    });
    mistake.edit = Some(Edit { applicability, mends });
    true
}

fn is_unseen(char: char) -> bool {
    !instead(char).is_empty() || is_of_no_width(char)
}

fn is_of_no_width(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What is meant by it: a space, or nothing.
fn instead(char: char) -> &'static str {
    if char.is_whitespace() && !char.is_ascii() { " " } else { "" }
}

fn message(char: char) -> String {
    let name = match char {
        '\u{a0}' => " (no-break space)",
        '\u{ad}' => " (soft hyphen)",
        '\u{2028}' => " (line separator)",
        '\u{200b}' => " (space of no width)",
        '\u{202f}' => " (narrow no-break space)",
        '\u{feff}' => " (byte order mark)",
        _ => "",
    };
    let number = u32::from(char);
    match is_of_no_width(char) {
        true => format!("here is a sign that nobody sees, U+{number:04X}{name}"),
        false => format!("this space is not the usual one, but U+{number:04X}{name}"),
    }
}

/// The characters of a line outside of its texts, up to where its comment starts.
fn outside_texts(line: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut is_text, mut escaped) = (false, false);
    let is_comment = |at: usize| line[at..].starts_with("//");
    let mut over = false;
    line.char_indices().filter(move |(at, char)| {
        over |= !is_text && is_comment(*at);
        let quote = *char == '"' && !escaped;
        escaped = is_text && *char == '\\' && !escaped;
        is_text ^= quote;
        !is_text && !quote && !over
    })
}
