//! The keyword that a line starts with, and whether the line is a statement.

use super::grammar::{Rule, VupParser};
use super::statement::{FORMS, Kind};
use pest::Parser;

/// Whether a line starts with a keyword.
pub fn starts_statement(line: &str) -> bool {
    Keyword::of(line).kind.is_some()
}

/// Whether a line is a statement, or closes a block.
pub fn is_statement(line: &str) -> bool {
    line == "}" || (starts_statement(line) && VupParser::parse(Rule::one_line, line).is_ok())
}

/// What a line is that has the `}` of the block around at its end.
pub fn closed_behind(line: &str) -> Option<Kind> {
    let said = line.strip_suffix('}')?.trim_end();
    Keyword::of(said).kind.filter(|_| is_statement(said) && !said.ends_with('{'))
}

/// Whether a line is a statement once `instead` stands for `len` bytes of it.
pub fn is_mended(line: &str, at: usize, len: usize, instead: &str) -> bool {
    let mended = format!("{}{instead}{}", &line[..at], &line[at + len..]);
    VupParser::parse(Rule::one_line, mended.trim()).is_ok()
}

/// The word or words with which a line starts.
pub struct Keyword<'l> {
    pub word: &'l str,
    pub kind: Option<Kind>,
}

impl<'l> Keyword<'l> {
    pub fn of(line: &'l str) -> Self {
        let line = line.trim_start();
        let rest = line.strip_prefix("internal ").map_or(line, str::trim_start);
        let word = first_word(rest);
        let starts = |keyword: &str| {
            let mut words = rest.split_whitespace();
            keyword.split(' ').all(|part| words.next().is_some_and(|word| first_word(word) == part))
        };
        let known = FORMS.iter().filter(|form| starts(form.keyword));
        let kind = known.max_by_key(|form| form.keyword.len()).map(|form| form.kind);
        Keyword { word, kind }
    }
}

impl Keyword<'_> {
    /// How the statements of this keyword are written.
    pub fn forms(&self) -> Vec<String> {
        let keyword = self.kind.map(Kind::word).unwrap_or_default();
        let forms = FORMS.iter().filter(|form| form.keyword == keyword);
        let mut written: Vec<String> = forms.map(|form| form.spelt_out()).collect();
        written.dedup();
        written
    }
}

/// The word that a text starts with; empty where it starts with something else.
pub fn first_word(text: &str) -> &str {
    let end = text.find(|char: char| !(char.is_alphanumeric() || matches!(char, '-' | '_')));
    &text[..end.unwrap_or(text.len())]
}
