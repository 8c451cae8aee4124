//! What to say of a line that could not be read.
//!
//! The line is read again by itself; how far that came, and what could have stood there, makes the
//! message.

use super::expected::{Expected, human};
use super::grammar::{Rule, VupParser};
use super::lines::Fault;
use super::lower::kind_of;
use super::mistake::Mistakes;
use super::statement::{BadKind, FORMS, Kind};
use crate::diagnostic::nearest;
use crate::source::Span;
use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};

/// Reports the bad line at `span` and says what it was to be.
pub fn explain(mistakes: &mut Mistakes, line: &str, span: Span) -> BadKind {
    let keyword = Keyword::of(line);
    if line.contains('\0') {
        mistakes.add(span, "this is not text: it has NUL bytes").help =
            Some("a `.vup` file is UTF-8 text".into());
        return BadKind::UNKNOWN;
    }
    let Some(kind) = keyword.kind else {
        unknown_keyword(mistakes, keyword.word, line, span);
        return BadKind::UNKNOWN;
    };
    if !open_quote(mistakes, line, span) && !foreign(mistakes, line, span) {
        unexpected(mistakes, line, span);
    }
    BadKind::guessed(kind)
}

/// Reports lines that were cut out before the grammar saw them.
pub fn explain_fault(mistakes: &mut Mistakes, fault: Fault, header: &str, at: Span) -> BadKind {
    let (message, help) = match fault {
        Fault::Unclosed => {
            ("a text block is not closed", "add a line with `\"\"\"` alone after this one")
        }
        Fault::ClosedShort => ("a text block is closed by three quotes", "write `\"\"\"`"),
        Fault::OpenedShort => {
            ("a text block is opened by three quotes at the end of its line", "write `\"\"\"`")
        }
        Fault::Stray => ("this `\"\"\"` closes nothing", "delete it, or open the text above it"),
        Fault::TooDeep => (
            "more than 32 parentheses in each other",
            "give parts of the condition names: `fact urgent = …`",
        ),
    };
    mistakes.add(at, message).help = Some(help.into());
    Keyword::of(header).kind.map_or(BadKind::UNKNOWN, BadKind::guessed)
}

/// The word or words with which a line starts.
struct Keyword<'l> {
    word: &'l str,
    kind: Option<Kind>,
}

impl<'l> Keyword<'l> {
    fn of(line: &'l str) -> Self {
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

fn first_word(text: &str) -> &str {
    let end = text.find(|char: char| !(char.is_alphanumeric() || matches!(char, '-' | '_')));
    &text[..end.unwrap_or(text.len())]
}

fn unknown_keyword(mistakes: &mut Mistakes, word: &str, line: &str, span: Span) {
    let trimmed = line.trim_start();
    if trimmed.starts_with(['#', ';']) || trimmed.starts_with("/*") || trimmed.starts_with("--") {
        mistakes.add(span, "this is no statement").help = Some("comments start with `//`".into());
        return;
    }
    if word.is_empty() {
        mistakes.add(span, "a line starts with a keyword").help =
            Some("longer prose stands between two lines of `\"\"\"`".into());
        return;
    }
    let start = span.start as usize + (line.len() - trimmed.len());
    let at = trimmed.find(word).unwrap_or(0);
    let place = Span::new(start + at, start + at + word.len());
    let lower = word.to_lowercase();
    let meant = keyword_for(&lower, trimmed);
    match meant {
        Some((instead, len)) => {
            let place = Span::new(start + at, start + at + len);
            let written = &trimmed[at..at + len];
            mistakes.replace(place, format!("`{written}` is no statement"), instead);
        }
        None => {
            let help = "every line starts with a keyword; the language reference lists them";
            mistakes.add(place, format!("`{word}` is no statement")).help = Some(help.into());
        }
    }
}

/// The keyword that was likely meant, and how many bytes of the line stand for it.
fn keyword_for(word: &str, line: &str) -> Option<(&'static str, usize)> {
    let foreign = match word {
        "task" | "todo" | "action" => Some("do"),
        "if" => Some("when"),
        "else" | "default" => Some("otherwise"),
        "phase" | "section" => Some("stage"),
        "goto" => Some("go"),
        "actor" | "participant" => Some("role"),
        "decision" | "gateway" => Some("decide"),
        "description" => Some("about"),
        "while" | "loop" => Some("repeat until"),
        "parallel" => Some("any order"),
        "import" | "include" => Some("use"),
        _ => None,
    };
    if let Some(keyword) = foreign {
        return Some((keyword, word.len()));
    }
    // A keyword of two words may be misspelt in either.
    let ends: Vec<usize> = line
        .match_indices(char::is_whitespace)
        .map(|(at, _)| at)
        .chain([line.len()])
        .filter(|at| *at >= word.len())
        .take(3)
        .collect();
    for (words, end) in ends.iter().enumerate().rev() {
        let written = line[..*end].to_lowercase();
        let known = FORMS.iter().map(|form| form.keyword);
        let same = known.filter(|keyword| keyword.split(' ').count() == words + 1);
        if let Some(keyword) = nearest(&written, same) {
            return Some((keyword, *end));
        }
    }
    let known = FORMS.iter().map(|form| form.keyword);
    known.into_iter().find(|keyword| *keyword == word).map(|keyword| (keyword, word.len()))
}

/// A text without an end, or without a beginning.
fn open_quote(mistakes: &mut Mistakes, line: &str, span: Span) -> bool {
    let mut open = None;
    let mut escaped = false;
    let mut last_escaped = None;
    for (at, char) in line.char_indices() {
        match char {
            '\\' if open.is_some() && !escaped => {
                escaped = true;
                continue;
            }
            '"' if escaped => last_escaped = Some(at),
            '"' => open = if open.is_some() { None } else { Some(at) },
            '/' if open.is_none() && line[at..].starts_with("//") => break,
            _ => {}
        }
        escaped = false;
    }
    let Some(at) = open else { return false };
    let start = span.start as usize + at;
    let place = Span::new(start, (span.end as usize).max(start));
    let mistake = mistakes.add(place, "a text has no end: its quotes are not in pairs");
    mistake.help = Some(match last_escaped {
        Some(_) => {
            "`\\\"` is a quote inside the text; a backslash at its end is written `\\\\`".into()
        }
        None => {
            "a text stands between two `\"` on one line; a longer one between two lines of `\"\"\"`"
                .into()
        }
    });
    true
}

/// Habits from elsewhere that no rule of the grammar reads.
fn foreign(mistakes: &mut Mistakes, line: &str, span: Span) -> bool {
    let trimmed = line.trim_end();
    let end = span.start as usize + trimmed.len();
    if trimmed.ends_with([';', ',']) {
        let place = Span::new(end - 1, end);
        let at = mistakes.place(place);
        let last = &trimmed[trimmed.len() - 1..];
        let mistake =
            mistakes.add(place, format!("a statement ends with its line, without `{last}`"));
        *mistake = mistake.clone().help("leave it out").edit(at, "");
        return true;
    }
    for (written, instead) in [("&&", "and"), ("||", "or"), ("===", "=")] {
        if let Some(at) = outside_texts(line, written) {
            let start = span.start as usize + at;
            let place = Span::new(start, start + written.len());
            mistakes.replace(place, format!("`{written}` is not of the language"), instead);
            return true;
        }
    }
    false
}

/// Where `wanted` stands outside of strings.
fn outside_texts(line: &str, wanted: &str) -> Option<usize> {
    line.match_indices(wanted)
        .map(|(at, _)| at)
        .find(|at| line[..*at].matches('"').count() % 2 == 0)
}

/// What was expected where the line could be read no further.
fn unexpected(mistakes: &mut Mistakes, line: &str, span: Span) {
    let Err(error) = VupParser::parse(Rule::one_line, line) else {
        mistakes.add(span, "this line cannot be read");
        return;
    };
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let rules = match error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    let rest = &line[at..];
    let skipped = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let found = found_word(&rest[skipped..]);
    let start = span.start as usize + at + skipped;
    let place = Span::new(start, start + found.len());
    let expected = Expected::of(&rules);
    let message = match found {
        "" => format!("the line ends where {expected} should stand"),
        "{" => format!("found `{{` where {expected} should stand"),
        _ => format!("found `{found}` where {expected} should stand"),
    };
    let at = mistakes.place(place);
    let reserved = RESERVED.contains(&found) && rules.contains(&Rule::name);
    let meant = nearest(found, expected.keywords());
    let mistake = mistakes.add(place, message);
    if reserved {
        mistake.help = Some(format!("`{found}` is reserved: it cannot be a name"));
    } else if let Some(meant) = meant {
        mistake.help = Some(format!("did you mean `{meant}`?"));
        *mistake = mistake.clone().edit(at, meant);
    } else if let Some(form) = Keyword::of(line).kind.and_then(super::statement::form_of) {
        mistake.help = Some(format!("it is written: {}", form.syntax));
    }
}

const RESERVED: [&str; 11] =
    ["by", "with", "on", "when", "otherwise", "next", "end", "and", "or", "not", "in"];

/// The word, text or sign that a rest of a line starts with.
fn found_word(rest: &str) -> &str {
    let rest = rest.trim_end();
    let word = first_word(rest);
    if !word.is_empty() {
        return word;
    }
    if rest.starts_with("//") {
        return "";
    }
    let first = rest.chars().next().map_or(0, char::len_utf8);
    &rest[..first]
}

/// The word that a rule of the grammar is to people; `kind_of` names the statements.
pub fn word_of(rule: Rule) -> &'static str {
    match kind_of(rule) {
        Kind::File => human(rule),
        kind => kind.word(),
    }
}
