//! Comparisons in the words of every day, and units behind numbers.

use super::grammar::{Rule, VupParser};
use super::habits::Habit;
use pest::Parser;
use pest::error::InputLocation;

/// How people compare, and the sign for it; longer ones before those that they start with.
const COMPARED: [(&str, &str); 36] = [
    ("is less than or equal to", "<="),
    ("is greater than or equal to", ">="),
    ("is not more than", "<="),
    ("is no more than", "<="),
    ("is not less than", ">="),
    ("is no less than", ">="),
    ("is at most", "<="),
    ("is at least", ">="),
    ("is up to", "<="),
    ("is less than", "<"),
    ("is smaller than", "<"),
    ("is lower than", "<"),
    ("is below", "<"),
    ("is under", "<"),
    ("is more than", ">"),
    ("is greater than", ">"),
    ("is larger than", ">"),
    ("is bigger than", ">"),
    ("is higher than", ">"),
    ("is above", ">"),
    ("is over", ">"),
    ("is equal to", "="),
    ("is not", "!="),
    ("is", "="),
    ("equals", "="),
    ("less than", "<"),
    ("smaller than", "<"),
    ("lower than", "<"),
    ("below", "<"),
    ("more than", ">"),
    ("greater than", ">"),
    ("larger than", ">"),
    ("bigger than", ">"),
    ("above", ">"),
    ("at most", "<="),
    ("at least", ">="),
];

/// `when area is at most 150`: also where something else is wrong further on.
pub fn compared(line: &str, at: usize, found: &str) -> Option<Habit> {
    let rest = &line[at..];
    let starts = |word: &str| {
        let after = rest.strip_prefix(word).filter(|_| word.starts_with(found));
        !found.is_empty() && after.is_some_and(|after| !after.starts_with(char::is_alphanumeric))
    };
    let (word, sign) = COMPARED.iter().find(|(word, _)| starts(word))?;
    gets_further(line, at, word.len(), sign).then(|| Habit {
        at,
        len: word.len(),
        message: format!("`{word}` is not of the language"),
        instead: Some((*sign).to_string()),
        help: "",
    })
}

/// Whether a line can be read further than to behind `instead`, where that is written.
fn gets_further(line: &str, at: usize, len: usize, instead: &str) -> bool {
    let mended = format!("{}{instead}{}", &line[..at], &line[at + len..]);
    let behind = at + instead.len();
    unreadable_from(&mended).is_none_or(|end| !mended[behind.min(end)..end].trim().is_empty())
}

/// Up to where a line can be read, if not to its end.
pub fn unreadable_from(line: &str) -> Option<usize> {
    let error = VupParser::parse(Rule::one_line, line).err()?;
    let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
    let rest = &line[at..];
    Some(at + (rest.len() - rest.trim_start_matches([' ', '\t']).len()))
}

/// `when area < 150 m2`.
pub fn unit(line: &str, at: usize, found: &str) -> Option<Habit> {
    let before = line[..at].trim_end();
    let is_unit = before.ends_with(|char: char| char.is_ascii_digit())
        && found.starts_with(|char: char| char.is_alphabetic() || UNIT_SIGNS.contains(&char))
        && !JOINTS.contains(&found);
    // Signs such as `²` are no part of a word.
    let rest = line[at..].strip_prefix(found).filter(|_| is_unit)?;
    let sign = rest.chars().next().filter(|char| UNIT_SIGNS.contains(char));
    let len = at + found.len() + sign.map_or(0, char::len_utf8) - before.len();
    gets_further(line, before.len(), len, "").then(|| {
        let unit = line[before.len()..before.len() + len].trim_start().to_string();
        Habit {
            at: before.len(),
            len,
            message: format!("`{unit}` is no part of a number: a number has no unit here"),
            instead: Some(String::new()),
            help: "leave it out; the title of the fact can say what is counted",
        }
    })
}

const UNIT_SIGNS: [char; 7] = ['%', '€', '$', '£', '²', '³', '°'];

/// What may stand behind a number and be meant as something else.
const JOINTS: [&str; 8] = ["and", "or", "not", "then", "else", "go", "goto", "to"];
