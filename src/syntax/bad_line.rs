//! What to say of a line that could not be read.
//!
//! The line is read again by itself; how far that came, and what could have stood there, makes the
//! message.

use super::elsewhere::{self, Here};
use super::expected::Expected;
use super::grammar::{Rule, VupParser};
use super::habits::{self, Habit};
use super::keyword::{Keyword, first_word, is_mended, is_statement};
use super::lines::Fault;
use super::mistake::Mistakes;
use super::over_lines;
use super::phrases::unreadable_from;
use super::statement::{BadKind, Blocks, FORMS, Kind};
use super::titles::{Meant, Title, Titles};
use super::unseen;
use crate::diagnostic::{Applicability, Edit, Mend, Near, nearest};
use crate::source::Span;
use pest::Parser;
use pest::error::{ErrorVariant, InputLocation};

/// Reports the bad line at `span` and says what it was to be.
pub fn explain(mistakes: &mut Mistakes, titles: &Titles<'_>, line: &str, span: Span) -> BadKind {
    let keyword = Keyword::of(line);
    if line.contains('\0') {
        mistakes.add(span, "this is not text: it has NUL bytes").help =
            Some("a `.vup` file is UTF-8 text".into());
        return BadKind::UNKNOWN;
    }
    if unseen::tell(mistakes, line, span) {
        return keyword.kind.map_or(BadKind::UNKNOWN, BadKind::read);
    }
    let Some(kind) = keyword.kind else {
        return unknown_keyword(mistakes, keyword.word, line, span);
    };
    if !open_quote(mistakes, titles, line, span) && !foreign(mistakes, line, span) {
        unexpected(mistakes, titles, line, span);
    }
    BadKind::read(kind)
}

/// Reports lines that were cut out before the grammar saw them.
pub fn explain_fault(mistakes: &mut Mistakes, fault: Fault, header: &str, at: Span) -> BadKind {
    let (message, help) = match fault {
        Fault::Unclosed => {
            ("a text block is not closed", "add a line with `\"\"\"` alone after this one")
        }
        Fault::ClosedShort | Fault::OpenedShort => {
            let message = match fault {
                Fault::ClosedShort => "a text block is closed by three quotes",
                _ => "a text block is opened by three quotes at the end of its line",
            };
            mistakes.replace(at, message, "\"\"\"");
            return bad_kind(header);
        }
        Fault::ClosedBeside => (
            "a text block is closed by `\"\"\"` alone on its line",
            "put what stands beside it on a line of its own",
        ),
        Fault::Stray => ("this `\"\"\"` closes nothing", "delete it, or open the text above it"),
        Fault::TooDeep => (
            "more than 32 parentheses in each other",
            "give parts of the condition names: `fact urgent = …`",
        ),
    };
    mistakes.add(at, message).help = Some(help.into());
    bad_kind(header)
}

fn bad_kind(line: &str) -> BadKind {
    Keyword::of(line).kind.map_or(BadKind::UNKNOWN, BadKind::read)
}

fn unknown_keyword(mistakes: &mut Mistakes, word: &str, line: &str, span: Span) -> BadKind {
    let trimmed = line.trim_start();
    if trimmed.starts_with(['#', ';']) || trimmed.starts_with("/*") || trimmed.starts_with("--") {
        let place = mistakes.place(span);
        let mistake = mistakes.add(span, "this is no statement");
        mistake.help = Some("comments start with `//`".into());
        mistake.edit = comment(trimmed).map(|line| Edit::safe(place, Mend::Instead(line)));
        return BadKind::UNKNOWN;
    }
    if let Some(bullet) = bullet(trimmed) {
        return bulleted(mistakes, &trimmed[bullet..], bullet, line, span);
    }
    if word.is_empty() {
        mistakes.add(span, "a line starts with a keyword").help =
            Some("longer prose stands between two lines of `\"\"\"`".into());
        return BadKind::UNKNOWN;
    }
    let start = span.start as usize + (line.len() - trimmed.len());
    let at = trimmed.find(word).unwrap_or(0);
    let place = Span::new(start + at, start + at + word.len());
    let lower = word.to_lowercase();
    if let Some(times) = elsewhere::times_first(&trimmed[at..]) {
        let place = within(span, line.len() - trimmed.len() + at, times.len);
        let message = "how often is said at the end of the line";
        mistakes.replace_if(Applicability::Suggested, place, message, &times.instead);
        return BadKind::guessed(Kind::Repeat);
    }
    if let Some(help) = elsewhere::advice(&lower, &trimmed[at..]) {
        mistakes.add(place, format!("`{word}` is no statement")).help = Some(help);
        return BadKind::UNKNOWN;
    }
    if let Some((Near { word: instead, sure }, len)) = keyword_for(&lower, &trimmed[at..]) {
        let (from, to) = (line.len() - trimmed.len() + at, len);
        let place = within(span, from, to);
        let written = &trimmed[at..at + len];
        let sure = sure && is_mended(line, from, to, instead);
        let applicability = if sure { Applicability::Safe } else { Applicability::Suggested };
        let message = format!("`{written}` is no statement");
        mistakes.replace_if(applicability, place, message, instead);
        if !sure {
            mend_behind(mistakes, line, (from, to), instead, span);
        }
        return Keyword::of(instead).kind.map_or(BadKind::UNKNOWN, BadKind::guessed);
    }
    // A sentence, as in a list of what is to be done.
    let is_sentence = word.starts_with(char::is_uppercase) && trimmed.split(' ').count() > 2;
    let help = match is_sentence {
        true => "every line starts with a keyword; what is done in a step is written `do \"…\"`",
        false => "every line starts with a keyword; the language reference lists them",
    };
    mistakes.add(place, format!("`{word}` is no statement")).help = Some(help.into());
    BadKind::UNKNOWN
}

/// So much can be wrong with one line and still be plainly meant.
const MOST_HABITS: usize = 4;

/// Adds to the last mistake what else is to be written in its line, if then it can be read: `instead` stands
/// for `len` bytes of it already.
fn mend_behind(
    mistakes: &mut Mistakes,
    line: &str,
    (from, len): (usize, usize),
    instead: &str,
    span: Span,
) {
    let mut mended = format!("{}{instead}{}", &line[..from], &line[from + len..]);
    let mut behind = from + instead.len();
    let (mut mends, mut told) = (Vec::new(), vec![format!("write `{instead}`")]);
    while let Some(at) = unreadable_from(&mended) {
        let habit = habits::at(&mended, at, found_word(&mended[at..]));
        let Some(habit) = habit.filter(|it| it.at >= behind && mends.len() < MOST_HABITS) else {
            return;
        };
        let Some(second) = habit.instead else { return };
        let written = mended[habit.at..habit.at + habit.len].trim().to_string();
        told.push(match second.is_empty() {
            true => format!("leave out `{written}`"),
            false => format!("write `{second}` for `{written}`"),
        });
        // What is behind the last mend has moved by as much as the text got longer.
        let place = within(span, habit.at + line.len() - mended.len(), habit.len);
        mends.push((mistakes.place(place), Mend::Instead(second.clone())));
        mended.replace_range(habit.at..habit.at + habit.len, &second);
        behind = habit.at + second.len();
    }
    let Some(mistake) = mistakes.found.last_mut().filter(|_| !mends.is_empty()) else { return };
    mistake.help = Some(told.join(", and "));
    if let Some(edit) = &mut mistake.edit {
        edit.mends.extend(mends);
    }
}

/// How long the sign is with which a line starts as a point of a list: `- `, `1. `, `a) `.
fn bullet(line: &str) -> Option<usize> {
    let sign =
        ["- ", "* ", "+ ", "• ", "– ", "— ", "· "].iter().find(|sign| line.starts_with(**sign));
    let numbered = || {
        let number = line.find(['.', ')'])?;
        let is_digits = line[..number].chars().all(|char| char.is_ascii_digit() || char == '.');
        let is_letter = number == 1 && line[1..].starts_with(')');
        let is_number = (is_digits && number > 0) || is_letter;
        let len = line.find(' ').filter(|_| is_number)?;
        let tail = &line[number..len];
        tail.chars()
            .all(|char| char.is_ascii_digit() || matches!(char, '.' | ')'))
            .then_some(len + 1)
    };
    sign.map(|sign| sign.len()).or_else(numbered)
}

/// Reports a line that starts as a point of a list.
fn bulleted(mistakes: &mut Mistakes, said: &str, bullet: usize, line: &str, span: Span) -> BadKind {
    let start = line.len() - line.trim_start().len();
    let place = within(span, start, bullet);
    let at = mistakes.place(place);
    let mistake = mistakes.add(place, "a line starts with a keyword, not as a point of a list");
    let is_said = is_statement(said.trim());
    mistake.help = Some(match is_said {
        true => "leave it out".into(),
        false => "what is done in a step is written `do \"…\"`".into(),
    });
    mistake.edit = is_said.then(|| Edit::safe(at, Mend::Instead(String::new())));
    bad_kind(said)
}

/// A comment that is written as elsewhere, as it is written here; none where it may go on.
fn comment(line: &str) -> Option<String> {
    let line = line.trim_end();
    let text = match line.strip_prefix("/*") {
        Some(rest) => rest.strip_suffix("*/").filter(|inner| !inner.contains("*/"))?,
        None => line.trim_start_matches(['#', ';', '-']),
    };
    Some(format!("// {}", text.trim()).trim_end().to_string())
}

/// The keyword that was likely meant, and how many bytes of the line stand for it.
fn keyword_for(word: &str, line: &str) -> Option<(Near<'static>, usize)> {
    let meant = |here: Here| (Near { word: here.keyword, sure: here.sure }, here.len);
    if let Some(here) = elsewhere::keyword(word, line) {
        return Some(meant(here));
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
        let internal = (words == 0).then_some("internal");
        if let Some(near) = nearest(&written, same.chain(internal)) {
            return Some((near, *end));
        }
    }
    let mut known = FORMS.iter().map(|form| form.keyword);
    match known.find(|keyword| *keyword == word) {
        Some(keyword) => Some((Near { word: keyword, sure: true }, word.len())),
        None => elsewhere::first_half(word).map(meant),
    }
}

/// A text without an end, or without a beginning.
fn open_quote(mistakes: &mut Mistakes, titles: &Titles<'_>, line: &str, span: Span) -> bool {
    let Some(Unpaired { at, opens, escaped }) = unpaired_quote(line) else { return false };
    // Where the text may be one with that of the line beside it, it does not end here.
    let missing = missing_quote(line).filter(|_| {
        !over_lines::may_go_on(titles.text, span)
            && !over_lines::may_come_from_above(titles.text, span)
    });
    let missing = missing.map(|missing| mistakes.place(within(span, missing, 0)));
    let (place, message) = match opens {
        true => (within(span, at, line.len() - at), "this text has no closing quote"),
        false => (within(span, at, 1), "this text has no opening quote"),
    };
    let mistake = mistakes.add(place, message);
    mistake.help = Some(match escaped {
        true => {
            "`\\\"` is a quote inside the text; a backslash at its end is written `\\\\`".into()
        }
        false => {
            "a text stands between two `\"` on one line, a longer one between two lines of `\"\"\"`"
                .into()
        }
    });
    mistake.edit = missing.map(|missing| Edit::safe(missing, Mend::Instead("\"".into())));
    true
}

/// A quote that has no partner.
pub struct Unpaired {
    pub at: usize,
    /// It is the partner at the end that is missing.
    pub opens: bool,
    /// Whether a quote of the line is escaped.
    escaped: bool,
}

/// The first quote that cannot have a partner, going by the space around it; else the last one.
pub fn unpaired_quote(line: &str) -> Option<Unpaired> {
    let (mut open, mut backslash, mut escaped) = (None, false, false);
    let mut odd = None;
    let space = |char: Option<char>| char.is_none_or(|char| char.is_whitespace() || char == ',');
    for (at, char) in line.char_indices() {
        match char {
            '\\' if open.is_some() && !backslash => {
                backslash = true;
                continue;
            }
            '"' if backslash => escaped = true,
            '"' => {
                let before = space(line[..at].chars().next_back());
                let after = space(line[at + 1..].chars().next());
                odd = odd.or(match open {
                    None if after && !before => Some((at, false)),
                    Some(start) if before && !after => Some((start, true)),
                    _ => None,
                });
                open = if open.is_some() { None } else { Some(at) };
            }
            '/' if open.is_none() && line[at..].starts_with("//") => break,
            _ => {}
        }
        backslash = false;
    }
    let last = open?;
    let (at, opens) = odd.unwrap_or((last, true));
    Some(Unpaired { at, opens, escaped })
}

/// The only place beside a word where one more quote makes a statement of the line.
fn missing_quote(line: &str) -> Option<usize> {
    if line.len() > 300 {
        return None;
    }
    let space = |char: Option<char>| char.is_none_or(char::is_whitespace);
    let mends = |at: &usize| {
        let (before, after) = line.split_at(*at);
        // What opens a text has a space before it, what closes one has a space behind it.
        let opens = before.matches('"').count() - before.matches("\\\"").count();
        let sides = (space(before.chars().next_back()), space(after.chars().next()));
        sides == if opens.is_multiple_of(2) { (true, false) } else { (false, true) }
            && VupParser::parse(Rule::one_line, &format!("{before}\"{after}")).is_ok()
    };
    let mut places = line.char_indices().map(|(at, _)| at).chain([line.len()]).filter(mends);
    places.next().filter(|_| places.next().is_none())
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
        mistake.help = Some("leave it out".into());
        mistake.edit = Some(Edit::safe(at, Mend::Instead(String::new())));
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
        .find(|at| line[..*at].matches('"').count().is_multiple_of(2))
}

/// Where a line could be read no further, and what could have stood there; none where it can be read.
fn read_until(line: &str) -> Option<(usize, Vec<Rule>)> {
    let error = VupParser::parse(Rule::one_line, line).err()?;
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let rules = match error.variant {
        ErrorVariant::ParsingError { positives, .. } => positives,
        ErrorVariant::CustomError { .. } => Vec::new(),
    };
    let rest = &line[at..];
    Some((at + (rest.len() - rest.trim_start_matches([' ', '\t']).len()), rules))
}

/// What was expected where the line could be read no further.
fn unexpected(mistakes: &mut Mistakes, titles: &Titles<'_>, line: &str, span: Span) {
    let Some((at, rules)) = read_until(line) else {
        mistakes.add(span, "this line cannot be read");
        return;
    };
    let found = found_word(&line[at..]);
    let expected = Expected::of(&rules);
    if RESERVED.contains(&found) && rules.contains(&Rule::name) {
        let place = within(span, at, found.len());
        mistakes.add(place, format!("`{found}` is reserved: it cannot be a name")).help =
            Some(format!("these words are reserved: {}", RESERVED.join(", ")));
        return;
    }
    if stands_inside(mistakes, line, found, within(span, at, found.len())) {
        return;
    }
    if let Some(habit) = habits::at(line, at, found) {
        let first = (habit.at, habit.len);
        let instead = habit.instead.clone();
        tell_habit(mistakes, habit, span);
        if let Some(instead) = instead.filter(|instead| !instead.is_empty()) {
            mend_behind(mistakes, line, first, &instead, span);
        }
        return;
    }
    let misspelt = misspelt(line, at, &expected);
    if !misspelt.as_ref().is_some_and(|misspelt| misspelt.meant.sure)
        && let Some(title) = titles.declared_for_a_name(line, at)
    {
        return title_for_a_name(mistakes, title, span);
    }
    if let Some(Misspelt { at, len, mut meant }) = misspelt {
        meant.sure &= is_mended(line, at, len, meant.word);
        let place = mistakes.place(within(span, at, len));
        let message = format!("`{}` is not understood here", &line[at..at + len]);
        let mistake = mistakes.add(place.span, message);
        *mistake = mistake.clone().meant(place, &meant);
        return;
    }
    if let Some(habit) = habits::bare_name(titles, line, at, found) {
        return tell_habit(mistakes, habit, span);
    }
    if line[..at].ends_with('"') && found.starts_with(char::is_alphanumeric) {
        let message = format!("`{found}` follows right behind a text");
        mistakes.add(within(span, at, found.len()), message).help =
            Some("a quote inside a text is written `\\\"`".into());
        return;
    }
    if let Some(title) = titles.for_a_name(line, at) {
        return title_for_a_name(mistakes, title, span);
    }
    if found.is_empty() && is_mended(line, line.trim_end().len(), 0, " -> next") {
        let message = format!("this `{}` leads nowhere", Keyword::of(line).word);
        mistakes.add(within(span, at, 0), message).help =
            Some("say where it leads: `-> next`, `-> step X`, `-> end X`".into());
        return;
    }
    let message = match found {
        "" => format!("the line ends where {expected} should stand"),
        "\"" => format!("found a text where {expected} should stand"),
        _ => format!("found `{found}` where {expected} should stand"),
    };
    let mistake = mistakes.add(within(span, at, found.len()), message);
    mistake.help = written_so(line);
}

fn tell_habit(mistakes: &mut Mistakes, habit: Habit, line: Span) {
    let place = within(line, habit.at, habit.len);
    match habit.instead {
        Some(instead) => {
            mistakes.replace_if(Applicability::Suggested, place, habit.message, &instead);
            if let (false, Some(mistake)) = (habit.help.is_empty(), mistakes.found.last_mut()) {
                mistake.help = Some(habit.help.into());
            }
        }
        None => mistakes.add(place, habit.message).help = Some(habit.help.into()),
    }
}

/// Says which name is meant by a title.
fn title_for_a_name(mistakes: &mut Mistakes, title: Title, line: Span) {
    let place = within(line, title.at, title.len);
    let message = "a name stands here, not a title";
    let help = match title.meant {
        Meant::Name(name) => {
            return mistakes.replace_if(Applicability::Suggested, place, message, &name);
        }
        Meant::OneOf(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("write the one that is meant: {}", names.join(" or "))
        }
        Meant::Unknown => {
            "write the name that stands before the title where it is declared; nothing in this file \
             has this title"
                .to_string()
        }
    };
    mistakes.add(place, message).help = Some(help);
}

/// Whether a line goes on with what belongs into its block, which is told then.
fn stands_inside(mistakes: &mut Mistakes, line: &str, found: &str, place: Span) -> bool {
    let kind = Keyword::of(line).kind.filter(|kind| kind.blocks() != Blocks::Never);
    let may_stand =
        |kind| FORMS.iter().any(|form| form.keyword == found && form.stands_in.contains(&kind));
    let Some(kind) = kind.filter(|kind| may_stand(*kind)) else { return false };
    let message = format!("`{found}` stands on a line of its own, inside this `{}`", kind.word());
    let help = match line.trim_end().ends_with('{') {
        true => "put it below, inside the block",
        false => "end this line with `{`, and put a line with `}` behind what is inside",
    };
    mistakes.add(place, message).help = Some(help.into());
    true
}

/// How a line like this one is written.
fn written_so(line: &str) -> Option<String> {
    let mut forms = Keyword::of(line).forms();
    // Where one of two forms has a text, a line with a text is of that form.
    if line.contains('"') && forms.iter().any(|form| form.contains('"')) {
        forms.retain(|form| form.contains('"'));
    }
    // The same goes for an arrow.
    if line.contains("->") && forms.iter().any(|form| form.contains("->")) {
        forms.retain(|form| form.contains("->"));
    }
    let forms = forms.join("  or  ");
    let duration = match forms.contains("DURATION") {
        true => "; a duration is a whole number and its unit, such as `2 days` or `4 hours`",
        false => "",
    };
    let templates = match forms.contains("TEMPLATE") {
        true => format!(", where TEMPLATE is one of\n  {}", TEMPLATES.join("\n  ")),
        false => String::new(),
    };
    (!forms.is_empty()).then(|| format!("it is written: {forms}{duration}{templates}"))
}

/// What a rule can say of steps, and so of stages, paths, ends and artifacts.
const TEMPLATES: [&str; 7] = [
    "step X only after step Y [since step Z]",
    "after step X always step Y",
    "never step X after step Y",
    "never both step X and step Y",
    "always step X",
    "step X at most once",
    "step X and step Y by different roles",
];

/// `len` bytes from `at` on in a line at `line`.
fn within(line: Span, at: usize, len: usize) -> Span {
    let start = line.start as usize + at;
    Span::new(start, start + len)
}

/// Words of a line that are much like a keyword which may stand there.
struct Misspelt {
    at: usize,
    len: usize,
    meant: Near<'static>,
}

/// Words that may stand before a name, and are taken for a name when misspelt.
const BEFORE_NAMES: [&str; 3] = ["not", "all of", "any of"];

/// The misspelt keyword at `at`; or the one before, which was taken for a name.
fn misspelt(line: &str, at: usize, expected: &Expected) -> Option<Misspelt> {
    let here = nearest_words(&line[at..], expected.keywords());
    let before = line[..at].trim_end();
    let is_word = |char: char| char.is_alphanumeric() || char == '-';
    let start = before.trim_end_matches(is_word).len();
    let earlier = nearest_words(&line[start..], expected.keywords().chain(BEFORE_NAMES)).filter(
        |(len, _)| 0 < start && start < before.len() && (here.is_none() || start + len > at),
    );
    match (earlier, here) {
        (Some((len, meant)), _) => Some(Misspelt { at: start, len, meant }),
        (None, Some((len, meant))) => Some(Misspelt { at, len, meant }),
        (None, None) => None,
    }
}

/// The keyword that the first words of `text` are much like, and how long these are.
fn nearest_words(
    text: &str,
    keywords: impl Iterator<Item = &'static str>,
) -> Option<(usize, Near<'static>)> {
    let keywords: Vec<&str> =
        keywords.filter(|keyword| keyword.starts_with(char::is_alphabetic)).collect();
    let mut end = 0;
    let mut ends = Vec::new();
    for _ in 0..3 {
        let rest = &text[end..];
        let skipped = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let word = first_word(&rest[skipped..]);
        if word.is_empty() {
            break;
        }
        end += skipped + word.len();
        ends.push(end);
    }
    ends.iter().enumerate().rev().find_map(|(words, end)| {
        let same = |keyword: &&str| keyword.split(' ').count() == words + 1;
        let written = text[..*end].to_lowercase();
        let near = nearest(&written, keywords.iter().copied().filter(same));
        let same = || keywords.iter().find(|keyword| **keyword == written);
        near.or_else(|| same().map(|word| Near { word, sure: true })).map(|meant| (*end, meant))
    })
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
