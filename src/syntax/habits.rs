//! Habits from elsewhere in the middle of a line: what is written so here.

use super::keyword::is_mended;
use super::phrases;
use super::statement::FORMS;
use super::titles::Titles;

/// A habit, and what to write instead, or else what to do.
pub struct Habit {
    pub at: usize,
    pub len: usize,
    pub message: String,
    pub instead: Option<String>,
    pub help: &'static str,
}

/// What is meant by what stands at `at`, up to where the line can be read.
pub fn at(line: &str, at: usize, found: &str) -> Option<Habit> {
    let rest = line[at..].trim_end();
    phrases::compared(line, at, found)
        .or_else(|| in_other_words(line, at, found))
        .or_else(|| quotes_in_quotes(line, at))
        .or_else(|| thousands(line, at, found))
        .or_else(|| colon(line, at, found))
        .or_else(|| between(line, at, found))
        .or_else(|| several(line, at, found))
        .or_else(|| states(line, at, rest))
        .or_else(|| how_often(line, at, rest))
        .or_else(|| single_quotes(line, at, rest))
        .or_else(|| comment(line, at, rest))
        .or_else(|| date(line, at, rest))
        .or_else(|| internal(line, at, found))
        .or_else(|| no_quotes(line, at, rest))
        .or_else(|| title_without_quotes(line, at, found))
        .or_else(|| phrases::unit(line, at, found))
}

/// A name before which it is not said what it is of. It may also be a misspelt keyword.
pub fn bare_name(titles: &Titles<'_>, line: &str, at: usize, found: &str) -> Option<Habit> {
    target(titles, line, at, found).or_else(|| rule(line, at, found))
}

/// The habit, if the line is a statement with `instead` for it.
fn mended(line: &str, at: usize, len: usize, message: &str, instead: String) -> Option<Habit> {
    let message = message.to_string();
    let is_mended = is_mended(line, at, len, &instead);
    is_mended.then_some(Habit { at, len, message, instead: Some(instead), help: "" })
}

fn advice(at: usize, len: usize, message: String, help: &'static str) -> Habit {
    Habit { at, len, message, instead: None, help }
}

/// Words with which other languages say it, and ours.
const WORDS: [(&str, &str); 12] = [
    ("max", "at most"),
    ("maximum", "at most"),
    ("up to", "at most"),
    ("boolean", "yes-no"),
    ("bool", "yes-no"),
    ("yes/no", "yes-no"),
    ("min", "minutes"),
    ("mins", "minutes"),
    ("hr", "hours"),
    ("hrs", "hours"),
    ("workdays", "working days"),
    ("business days", "working days"),
];

fn in_other_words(line: &str, at: usize, found: &str) -> Option<Habit> {
    let rest = &line[at..];
    let starts = |word: &str| {
        let after = rest.strip_prefix(word).filter(|_| word.starts_with(found));
        !found.is_empty() && after.is_some_and(|after| !after.starts_with(char::is_alphanumeric))
    };
    WORDS.iter().filter(|(word, _)| starts(word)).find_map(|(word, here)| {
        let message = format!("`{word}` is not of the language");
        mended(line, at, word.len(), &message, (*here).to_string())
    })
}

/// `step pay: "Pay"`, `step "Pay", by clerk`.
fn colon(line: &str, at: usize, found: &str) -> Option<Habit> {
    let is_mended = matches!(found, ":" | ",") && is_mended(line, at, 1, "");
    is_mended.then(|| advice(at, 1, format!("no `{found}` stands here"), "leave it out"))
}

/// `1,000,000.00`.
fn thousands(line: &str, at: usize, found: &str) -> Option<Habit> {
    let before = &line[..at];
    let digits = before.len() - before.trim_end_matches(|char: char| char.is_ascii_digit()).len();
    if found != "," || !(1..=3).contains(&digits) {
        return None;
    }
    let is_digit = |char: char| char.is_ascii_digit();
    let mut written = before[at - digits..].to_string();
    let mut rest = &line[at..];
    while let Some(behind) = rest.strip_prefix(',')
        && behind.find(|char| !is_digit(char)).unwrap_or(behind.len()) == 3
    {
        written.push_str(&behind[..3]);
        rest = &behind[3..];
    }
    let len = digits + line.len() - at - rest.len();
    let message = "a number is written without signs between its thousands";
    mended(line, at - digits, len, message, written)
}

/// `do Look at it`.
fn no_quotes(line: &str, at: usize, rest: &str) -> Option<Habit> {
    let keyword = line[..at].trim();
    let keyword = keyword.strip_prefix("internal ").map_or(keyword, str::trim_start);
    let is_text = ["do", "note", "warning", "about", "undo", "no way back"].contains(&keyword);
    let text = rest.strip_suffix('{').unwrap_or(rest).trim_end();
    if !is_text || text.is_empty() || text.contains(['"', '\\']) {
        return None;
    }
    mended(line, at, text.len(), "a text stands between two `\"`", format!("\"{text}\""))
}

/// `step Draw the plan by clerk {`: a title of several words, of which the first was taken for a name.
fn title_without_quotes(line: &str, at: usize, found: &str) -> Option<Habit> {
    let start = line.len() - line.trim_start().len();
    let entitled = FORMS.iter().filter(|form| form.syntax.contains('"'));
    let keyword = entitled
        .map(|form| form.keyword)
        .filter(|keyword| line[start..].strip_prefix(keyword).is_some_and(|it| it.starts_with(' ')))
        .max_by_key(|keyword| keyword.len())?;
    let from = start + keyword.len();
    let from = from + (line[from..].len() - line[from..].trim_start().len());
    let first = line.get(from..at)?.trim_end();
    let is_title = first.starts_with(char::is_uppercase) && !first.contains([' ', '"', '“']);
    if !is_title || !found.starts_with(char::is_alphanumeric) {
        return None;
    }
    let end = line[at..].find(['"', '{']).map_or(line.len(), |end| at + end);
    let ends = line[at..end].match_indices(' ').map(|(end, _)| at + end).chain([end]);
    // Up to the first word that can follow a title.
    ends.take(MOST_WORDS).map(|end| line[..end].trim_end().len()).find_map(|end| {
        let title = &line[from..end];
        mended(line, from, title.len(), "a title stands between two `\"`", format!("\"{title}\""))
    })
}

/// More words are no title.
const MOST_WORDS: usize = 20;

/// `step “Draw the “big” plan”`.
fn quotes_in_quotes(line: &str, at: usize) -> Option<Habit> {
    const CURLY: [char; 5] = ['“', '”', '„', '«', '»'];
    if !line[..at].trim_end().ends_with(CURLY) {
        return None;
    }
    let (from, to) = (line.find(CURLY)?, line.rfind(CURLY)?);
    let to = to + line[to..].chars().next().map_or(0, char::len_utf8);
    let inner = line[from..to].trim_matches(CURLY).replace('\\', "\\\\");
    let text = inner.replace(CURLY, "\\\"");
    mended(line, from, to - from, "a quote inside a text is written `\\\"`", format!("\"{text}\""))
}

/// `when n between 1 and 3`.
fn between(line: &str, at: usize, found: &str) -> Option<Habit> {
    if found != "between" {
        return None;
    }
    let help = "a range is two comparisons, as in `n >= 1 and n <= 3`";
    let message = "`between` is not of the language";
    let written = || {
        let before = line[..at].trim_end();
        let from = before.rfind(char::is_whitespace)? + 1;
        let name = &before[from..];
        let (low, rest) = line[at..].strip_prefix("between ")?.split_once(" and ")?;
        let high = rest.split_whitespace().next()?;
        let len = line.len() - rest.len() + high.len() - from;
        mended(line, from, len, message, format!("{name} >= {low} and {name} <= {high}"))
    };
    Some(written().unwrap_or_else(|| advice(at, found.len(), message.into(), help)))
}

/// `by clerk or manager`, `with clerk and manager`.
fn several(line: &str, at: usize, found: &str) -> Option<Habit> {
    if !matches!(found, "and" | "or") {
        return None;
    }
    let (keyword, from) = LISTS
        .iter()
        .filter_map(|word| {
            let start = line[..at].rfind(&format!("{word} "))?;
            let is_word = line[..start].chars().next_back().is_none_or(char::is_whitespace);
            is_word.then_some((*word, start + word.len() + 1))
        })
        .max_by_key(|(_, from)| *from)?;
    let said = line[from..].trim_start();
    let from = line.len() - said.len();
    let counted = if found == "or" { "any of " } else { "all of " };
    let (names, len) = listed(said.strip_prefix(counted).unwrap_or(said), found)?;
    let len = len + if said.starts_with(counted) { counted.len() } else { 0 };
    let names = names.join(", ");
    let message = format!("several are not listed with `{found}`");
    match (keyword, found) {
        ("by", _) => mended(line, from, len, &message, format!("{counted}{names}")).or_else(|| {
            let help = "one of several is written `any of a, b`, all of them `all of a, b`";
            Some(advice(at, found.len(), message, help))
        }),
        (_, "and") => mended(line, from, len, &message, names),
        _ => is_mended(line, from, len, &names).then(|| {
            let help = "all are listed, as in `a, b`; only who does it can be one of several: \
                        `by any of a, b`";
            advice(at, found.len(), message, help)
        }),
    }
}

/// Behind which names are listed.
const LISTS: [&str; 6] = ["by", "with", "on", "notify", "learns", "uses"];

/// The names of a list that `joint` or commas join, and how long it is.
fn listed<'l>(said: &'l str, joint: &str) -> Option<(Vec<&'l str>, usize)> {
    let is_of_name = |char: char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.');
    let mut names = Vec::new();
    let mut rest = said;
    loop {
        let end = rest.find(|char| !is_of_name(char)).unwrap_or(rest.len());
        names.push(&rest[..end]);
        rest = &rest[end..];
        let next = rest.trim_start();
        let behind = next.strip_prefix(',').or_else(|| {
            next.strip_prefix(joint).filter(|behind| behind.starts_with(char::is_whitespace))
        });
        match behind {
            _ if end == 0 => return None,
            Some(behind) => rest = behind.trim_start(),
            None => return Some((names, said.len() - rest.len())),
        }
    }
}

/// `states draft, final`.
fn states(line: &str, at: usize, rest: &str) -> Option<Habit> {
    let before = line[..at].trim_end();
    let is_list = rest.starts_with(',') && before.rsplit(' ').nth(1) == Some("states");
    let list = rest.split(" sheet ").next().filter(|_| is_list)?;
    let from = before.rfind(' ')? + 1;
    let states: Vec<&str> = line[from..at + list.len()].split(',').map(str::trim).collect();
    let message = "states follow each other with `->`";
    mended(line, from, at - from + list.len(), message, states.join(" -> "))
}

/// `do 'Look'`.
fn single_quotes(line: &str, at: usize, rest: &str) -> Option<Habit> {
    let inner = rest.strip_prefix(['\'', '‘', '‚', '`'])?;
    let end = inner.find(['\'', '’', '‘', '`'])?;
    let closing = inner[end..].chars().next().map_or(0, char::len_utf8);
    let len = rest.len() - inner.len() + end + closing;
    let text = inner[..end].replace('\\', "\\\\");
    mended(line, at, len, "a text stands between two `\"`", format!("\"{text}\""))
}

/// `do "Look" # well`.
fn comment(line: &str, at: usize, rest: &str) -> Option<Habit> {
    let said = rest.strip_prefix('#').or_else(|| rest.strip_prefix("--"))?;
    let instead = format!("// {}", said.trim_start_matches(['#', '-']).trim());
    mended(line, at, rest.len(), "a comment starts with `//`", instead)
}

/// `release 1.2.0 01.02.2024`.
fn date(line: &str, at: usize, rest: &str) -> Option<Habit> {
    let written = rest.split_whitespace().next()?;
    let parts: Vec<&str> = written.split(['.', '/']).collect();
    let [day, month, year] = parts.as_slice() else { return None };
    let is_number = |part: &str, len| part.len() <= len && part.parse::<u16>().is_ok();
    if !is_number(day, 2) || !is_number(month, 2) || year.len() != 4 || !is_number(year, 4) {
        return None;
    }
    let message = "a date is written year, month, day, as in `2026-01-31`";
    mended(line, at, written.len(), message, format!("{year}-{month:0>2}-{day:0>2}"))
}

/// `-> pay` or `-> "Pay"`.
fn target(titles: &Titles<'_>, line: &str, at: usize, found: &str) -> Option<Habit> {
    let before = line[..at].trim_end();
    if !before.ends_with("->") && before.trim_start() != "go" {
        return None;
    }
    let len = match line[at..].strip_prefix('"') {
        Some(text) => text.find('"')? + 2,
        None => found.len(),
    };
    let message = "it is not said what this leads to";
    let help = "say what it is: `step X`, `stage X`, `path X`, `end X`, or `next`";
    let target = titles.target(line[at..at + len].trim_matches('"'));
    let instead = target.and_then(|target| mended(line, at, len, message, target));
    let is_named = len > 0 && is_mended(line, at, len, "next");
    instead.or_else(|| is_named.then(|| advice(at, len, message.into(), help)))
}

/// `note internal "Look"`.
fn internal(line: &str, at: usize, found: &str) -> Option<Habit> {
    let first = line.len() - line.trim_start().len();
    let len = at + found.len() - first;
    let instead = format!("internal {}", line[first..at].trim_end());
    let message = "`internal` stands at the start of its line";
    (found == "internal").then(|| mended(line, first, len, message, instead))?
}

/// `answer no "No" at most 2 times -> step look`.
fn how_often(line: &str, at: usize, rest: &str) -> Option<Habit> {
    let (times, target) =
        rest.split_once("->").filter(|(times, _)| times.starts_with("at most "))?;
    let instead = format!("-> {} {}", target.trim(), times.trim());
    mended(line, at, rest.len(), "how often stands behind what it leads to", instead)
}

/// `rule "…" : pay only after sign`.
fn rule(line: &str, at: usize, found: &str) -> Option<Habit> {
    let is_rule = line.trim_start().starts_with("rule ") && found.starts_with(char::is_alphabetic);
    let before = line[..at].trim_end();
    let asks = [":", "after", "always", "and", "both", "since", "never"];
    let is_bare = is_rule && asks.iter().any(|word| before.ends_with(word));
    is_bare.then(|| {
        let message = format!("it is not said what `{found}` is");
        advice(at, found.len(), message, "say what each is, as in `step pay only after step sign`")
    })
}
