//! The line of one statement: its words, with one space between them.
//!
//! The parts of a statement can be written in one order only, so this needs to know no statement: it
//! goes by words. Three things can be written in several ways that say the same: conditions have
//! only the parentheses that they need, no `not not`, and units are singular behind a 1.

use super::INDENTATION;
use crate::source::Span;
use crate::syntax::statement::Kind;
use crate::syntax::tree::{Clause, Statement, Text};

/// Writes a statement that stands `depth` blocks deep, from its keyword on.
pub fn write(out: &mut String, text: &str, statement: &Statement, depth: usize) {
    let words = match statement.guard() {
        Some(_) => needed(&words(statement.span.of(text))),
        None => words(statement.span.of(text)),
    };
    let is_call = matches!(statement.kind, Kind::Run | Kind::Procedure);
    let mut counts = counts(text, statement);
    let mut previous = "";
    let mut unit_of = None;
    for word in words {
        if !previous.is_empty() && !are_joined(previous, word, is_call) {
            out.push(' ');
        }
        match unit_of {
            Some(count) if word != "working" => {
                write_unit(out, word, count);
                unit_of = None;
            }
            _ if word.starts_with(QUOTES) && word.contains('\n') => write_block(out, word, depth),
            _ => out.push_str(word),
        }
        unit_of = unit_of.or_else(|| counts.next_if(|count| std::ptr::eq(*count, word)));
        previous = word;
    }
}

const QUOTES: &str = "\"\"\"";

/// The words of a statement: names, numbers, texts and signs.
fn words(statement: &str) -> Vec<&str> {
    let mut words = Vec::with_capacity(16);
    let mut rest = statement;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(length_of_first(rest));
        words.push(word);
        rest = after.trim_start_matches([' ', '\t']);
    }
    words
}

/// How long the word is that a text starts with.
fn length_of_first(text: &str) -> usize {
    let bytes = text.as_bytes();
    let run = |is_part: fn(u8) -> bool| bytes.iter().take_while(|byte| is_part(**byte)).count();
    let length = match bytes {
        [b'"', ..] => length_of_text(text),
        [b'-', b'>', ..] | [b'.', b'.', ..] => 2,
        [b'=' | b'<' | b'>' | b'!', ..] => run(|byte| matches!(byte, b'=' | b'<' | b'>' | b'!')),
        [b'(' | b')' | b',' | b':', ..] => 1,
        _ => length_of_name(bytes),
    };
    length.clamp(1, text.len())
}

/// A block is the last word of its statement.
fn length_of_text(text: &str) -> usize {
    let opens = text.strip_prefix(QUOTES).and_then(|block| block.split_once('\n'));
    if opens.is_some_and(|(line, _)| line.trim_ascii().is_empty()) {
        return text.len();
    }
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !escaped => return at + 1,
            _ => escaped = byte == b'\\' && !escaped,
        }
    }
    text.len()
}

/// Names, numbers, versions, dates: up to a space or a sign.
fn length_of_name(bytes: &[u8]) -> usize {
    let ends = |at: usize| match bytes[at] {
        b' ' | b'\t' | b'"' | b'(' | b')' | b',' | b':' | b'=' | b'<' | b'>' | b'!' => true,
        b'-' => bytes.get(at + 1) == Some(&b'>'),
        b'.' => bytes.get(at + 1) == Some(&b'.'),
        _ => false,
    };
    (1..bytes.len()).find(|at| ends(*at)).unwrap_or(bytes.len())
}

/// Whether two words have no space between them. `is_call`: the first `(` belongs to the name before.
fn are_joined(before: &str, after: &str, is_call: bool) -> bool {
    matches!(after, "," | ")" | "..") || matches!(before, "(" | "..") || (is_call && after == "(")
}

/// The counts of a statement that a unit follows, as they stand in it.
fn counts<'t>(
    text: &'t str,
    statement: &Statement,
) -> std::iter::Peekable<impl Iterator<Item = &'t str>> {
    let counts = statement.clauses.iter().filter_map(|clause| match clause {
        Clause::Times(count) => Some(*count),
        Clause::Duration(duration) => Some(duration.count),
        _ => None,
    });
    counts.map(|count| count.of(text)).peekable()
}

/// `1 day`, `2 days`.
fn write_unit(out: &mut String, unit: &str, count: &str) {
    out.push_str(unit.trim_end_matches('s'));
    if count != "1" {
        out.push('s');
    }
}

/// A `"""` block: its lines stand in the statement, as those of a block in braces would.
fn write_block(out: &mut String, block: &str, depth: usize) {
    let value = Text(Span::new(0, block.len())).value(block);
    out.push_str(QUOTES);
    for line in value.lines() {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(INDENTATION, depth + 1));
            out.push_str(line);
        }
    }
    out.push('\n');
    out.extend(std::iter::repeat_n(INDENTATION, depth));
    out.push_str(QUOTES);
}

/// The words of a statement with a condition, without those that change nothing: `not not`, and
/// parentheses around what belongs together anyway.
fn needed<'t>(words: &[&'t str]) -> Vec<&'t str> {
    let mut kept: Vec<&str> = Vec::with_capacity(words.len());
    for word in words {
        match (kept.last(), *word) {
            (Some(&"not"), "not") => drop(kept.pop()),
            (_, word) => kept.push(word),
        }
    }
    let groups = groups(&kept);
    let mut is_left_out = vec![false; kept.len()];
    for group in &groups {
        let before = (0..group.open).rev().find(|at| !is_left_out[*at]).map_or("", |at| kept[at]);
        let after = (group.close + 1..kept.len()).find(|at| !is_left_out[*at]);
        let after = after.map_or("", |at| kept[at]);
        let stands_alone =
            !matches!(before, "and" | "or" | "not") && !matches!(after, "and" | "or");
        let is_twice_negated = before == "not" && kept[group.open + 1] == "not";
        if stands_alone || !(group.joins || is_twice_negated) {
            is_left_out[group.open] = true;
            is_left_out[group.close] = true;
        }
    }
    let left = kept.iter().zip(&is_left_out).filter(|(_, is_left_out)| !**is_left_out);
    left.map(|(word, _)| *word).collect()
}

/// Parentheses in a condition, by their places among the words.
struct Group {
    open: usize,
    close: usize,
    /// Whether `and` or `or` stands right inside.
    joins: bool,
}

/// The groups of a condition, the outer ones first. The values behind `in` are none.
fn groups(words: &[&str]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        match *word {
            "(" => {
                open.push(groups.len());
                groups.push(Group { open: at, close: 0, joins: false });
            }
            ")" => {
                if let Some(group) = open.pop() {
                    groups[group].close = at;
                }
            }
            "and" | "or" => {
                if let Some(group) = open.last() {
                    groups[*group].joins = true;
                }
            }
            _ => {}
        }
    }
    groups.retain(|group| group.close > 0 && (group.open == 0 || words[group.open - 1] != "in"));
    groups
}
