//! Spaces and hyphens that are not the usual ones, and signs that nobody sees: they come along from
//! word processors and web pages.

use super::keyword::is_statement;
use super::mistake::Mistakes;
use crate::diagnostic::{Applicability, Edit, Mend, is_needless};
use crate::source::Span;

/// Reports those of a line that cannot be read, if it has any outside of its texts.
pub fn tell(mistakes: &mut Mistakes, line: &str, span: Span) -> bool {
    let is_one = |at: usize, char: char| is_unseen(char) || is_hyphen(line, at, char);
    let found: Vec<(usize, char)> =
        outside_texts(line).filter(|(at, char)| is_one(*at, *char)).collect();
    let mended: String = line
        .char_indices()
        .filter_map(|(at, char)| match found.binary_search(&(at, char)).is_ok() {
            true => instead(char).chars().next(),
            false => Some(char),
        })
        .collect();
    let applicability = match is_statement(mended.trim()) || mended.trim() == "{" {
        true => Applicability::Safe,
        false => Applicability::Suggested,
    };
    tell_found(mistakes, &found, span, applicability)
}

/// Reports signs in a text that nobody sees and nobody needs: a name that is made of the text would be
/// another one than is read. Those that some scripts need stay.
pub fn tell_in_text(mistakes: &mut Mistakes, text: &str, span: Span) {
    if !text.is_ascii() {
        let found: Vec<(usize, char)> =
            text.char_indices().filter(|(_, char)| is_needless(*char)).collect();
        tell_found(mistakes, &found, span, Applicability::Safe);
    }
}

fn tell_found(
    mistakes: &mut Mistakes,
    found: &[(usize, char)],
    span: Span,
    applicability: Applicability,
) -> bool {
    let Some((first, char)) = found.first().copied() else { return false };
    let place = |at: usize, char: char| {
        let start = span.start as usize + at;
        Span::new(start, start + char.len_utf8())
    };
    let edits = found.iter().map(|(at, char)| {
        (mistakes.place(place(*at, *char)), Mend::Instead(instead(*char).to_string()))
    });
    let mends = edits.collect();
    let mistake = mistakes.add(place(first, char), message(char));
    mistake.help = Some(match instead(char) {
        "" => "delete it; word processors and web pages leave such signs behind".into(),
        "-" => "write `-`; word processors and web pages have others".into(),
        _ => "write a usual space; word processors and web pages have others".into(),
    });
    mistake.edit = Some(Edit { applicability, mends });
    true
}

fn is_unseen(char: char) -> bool {
    instead(char) == " " || is_of_no_width(char)
}

/// What looks like a hyphen, where one is plainly meant: within a name, before a number, in an arrow. A
/// dash between two numbers may stand for what is between them.
fn is_hyphen(line: &str, at: usize, char: char) -> bool {
    let before = line[..at].chars().next_back();
    let after = line[at + char.len_utf8()..].chars().next();
    let is_digit = |char: Option<char>| char.is_some_and(|char| char.is_ascii_digit());
    let joins =
        before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
    let range = is_digit(before) && is_digit(after);
    match char {
        // Behind a dash, `>` is an arrow that the grammar knows.
        '\u{2013}' => joins && !range,
        char if HYPHENS.contains(&char) => {
            joins || after == Some('>') || (is_digit(after) && !is_digit(before))
        }
        _ => false,
    }
}

/// Hyphen, no-break hyphen, figure dash, minus; the small and the wide hyphen.
const HYPHENS: [char; 6] = ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2212}', '\u{fe63}', '\u{ff0d}'];

fn is_of_no_width(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What is meant by it: a space, a hyphen, or nothing.
fn instead(char: char) -> &'static str {
    match char {
        '\u{2013}' => "-",
        char if HYPHENS.contains(&char) => "-",
        char if char.is_whitespace() && !char.is_ascii() => " ",
        _ => "",
    }
}

fn message(char: char) -> String {
    let name = match char {
        '\u{a0}' => " (no-break space)",
        '\u{ad}' => " (soft hyphen)",
        '\u{2028}' => " (line separator)",
        '\u{200b}' => " (space of no width)",
        '\u{2010}' => " (hyphen)",
        '\u{2011}' => " (no-break hyphen)",
        '\u{2012}' => " (figure dash)",
        '\u{2013}' => " (en dash)",
        '\u{2060}' => " (word joiner)",
        '\u{2212}' => " (minus)",
        '\u{202f}' => " (narrow no-break space)",
        '\u{feff}' => " (byte order mark)",
        _ => "",
    };
    let number = u32::from(char);
    match instead(char) {
        "" => format!("here is a sign that nobody sees, U+{number:04X}{name}"),
        "-" => format!("this hyphen is not the usual one, but U+{number:04X}{name}"),
        _ => format!("this space is not the usual one, but U+{number:04X}{name}"),
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
