//! Lists as word processors paste them, to lists of Markdown.
//!
//! Markdown knows `1.` and `-`, and nests by indentation. People paste `1.1`, `a)`, `iv.` and `•`, with
//! tabs or without any indentation: Markdown reads all of that as one long line.

use std::borrow::Cow;

/// The text with every point as `- ` and nested by spaces, where it has points that Markdown does not
/// know; otherwise as it is. No line is added or taken away.
pub fn as_markdown(text: &str) -> Cow<'_, str> {
    let all = text.lines().flat_map(|line| marks(line.trim(), 0));
    let second = all.filter(|(mark, _)| mark.numbers == [2]).map(|(mark, _)| mark.style);
    let mut lists = Lists { second: second.collect(), ..Lists::default() };
    let lines: Vec<String> = text.lines().map(|line| lists.line(line)).collect();
    match lines.is_empty() || !lists.is_foreign {
        true => Cow::Borrowed(text),
        false => Cow::Owned(lines.join("\n") + "\n"),
    }
}

/// How a point is marked. Points of one list are marked alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Bullet(char),
    /// With what stands behind the number.
    Number(char),
    /// Of several numbers, such as `2.1`.
    Numbers,
    Letter(char, bool),
    Roman(char, bool),
}

#[derive(Debug)]
struct Mark {
    style: Style,
    /// Its place in its list, with those of the points around it where it says them.
    numbers: Vec<u32>,
    /// How far it is indented, a tab counting as far as the next fourth column.
    indent: usize,
}

#[derive(Default)]
struct Lists {
    /// The points that others may still come into, outermost first.
    open: Vec<Mark>,
    /// There was a mark that Markdown does not know.
    is_foreign: bool,
    is_in_code: bool,
    is_after_blank: bool,
    /// How the second points of lists are marked: `A. Smith` starts no list if there is no `B.`.
    second: Vec<Style>,
}

impl Lists {
    fn line(&mut self, line: &str) -> String {
        let said = line.trim();
        if said.starts_with("```") || said.starts_with("~~~") {
            self.is_in_code = !self.is_in_code;
            return line.to_string();
        }
        if self.is_in_code {
            return line.to_string();
        }
        let is_after_blank = std::mem::replace(&mut self.is_after_blank, said.is_empty());
        if said.is_empty() {
            return String::new();
        }
        let indent = indent(line);
        if let Some(rest) = self.point(said, indent) {
            return format!("{}- {rest}", "  ".repeat(self.open.len() - 1));
        }
        let is_rule = said.chars().all(|sign| "-=_*".contains(sign));
        if said.starts_with(['#', '|', '>']) || is_rule || (is_after_blank && indent == 0) {
            self.open.clear();
        }
        match self.open.is_empty() {
            true => line.to_string(),
            false => format!("{}{said}", "  ".repeat(self.open.len())),
        }
    }

    /// What a line says as a point of a list; it is then the last that is open.
    fn point<'t>(&mut self, said: &'t str, indent: usize) -> Option<&'t str> {
        marks(said, indent).into_iter().find_map(|(mark, rest)| {
            let at = self.depth(&mark)?;
            self.is_foreign |= match mark.style {
                Style::Bullet(sign) => !"-*+".contains(sign),
                Style::Number(close) => !".)".contains(close),
                Style::Numbers | Style::Letter(..) | Style::Roman(..) => true,
            };
            self.open.truncate(at);
            self.open.push(mark);
            Some(rest)
        })
    }

    /// How many points a point stands in; none where a text only looks like a mark.
    fn depth(&self, mark: &Mark) -> Option<usize> {
        self.by_numbers(mark).or_else(|| self.by_indentation(mark))
    }

    /// `2.1` is in `2`, or follows what is.
    fn by_numbers(&self, mark: &Mark) -> Option<usize> {
        let (last, around) = mark.numbers.split_last().filter(|(_, around)| !around.is_empty())?;
        let is_around = |open: &Mark| {
            matches!(open.style, Style::Number(_) | Style::Numbers) && open.numbers == around
        };
        let is_before = |open: &Mark| {
            open.numbers.split_last().is_some_and(|(one, rest)| rest == around && one < last)
        };
        let inside = self.open.iter().rposition(is_around).map(|at| at + 1);
        inside.or_else(|| self.open.iter().rposition(is_before))
    }

    fn by_indentation(&self, mark: &Mark) -> Option<usize> {
        let last = mark.numbers.last().copied().unwrap_or_default();
        // What stands further out ends what is further in.
        let shallower = self.open.iter().rposition(|open| open.indent <= mark.indent + 1);
        let count = shallower.map_or(0, |at| at + 1);
        let is_as_far_in = |open: &&Mark| open.indent + 1 >= mark.indent;
        let level = self.open[..count].iter().rev().take_while(is_as_far_in).count();
        let ends_some = count < self.open.len();
        let is_alike = |open: &Mark| match (open.style, mark.style) {
            (Style::Number(_), Style::Number(_)) => {
                open.style == mark.style
                    || open.numbers.last().map(|before| before + 1) == Some(last)
            }
            // Signs differ from level to level; here a level ended, and it is the one further out.
            (Style::Bullet(_), Style::Bullet(_)) if ends_some => true,
            (one, other) => one == other,
        };
        let beside = &self.open[count - level..count];
        let alike = beside.iter().rposition(is_alike).or_else(|| {
            // Signs stand within numbers, not numbers within signs.
            let is_sign = |style| matches!(style, Style::Bullet(_));
            beside.iter().position(|open| is_sign(open.style)).filter(|_| !is_sign(mark.style))
        });
        let sibling = alike.map(|at| count - level + at);
        let starts = last == 1 && self.second.contains(&mark.style);
        let before = sibling.and_then(|at| self.open[at].numbers.last());
        let is_list = match mark.style {
            Style::Bullet(_) | Style::Number(_) => true,
            Style::Numbers => last == 1,
            Style::Letter(..) => starts || before.is_some_and(|before| before + 1 == last),
            Style::Roman(..) => starts || before.is_some_and(|before| *before < last),
        };
        is_list.then(|| sibling.unwrap_or(count))
    }
}

fn indent(line: &str) -> usize {
    let mut columns = 0;
    for sign in line.chars() {
        match sign {
            '\t' => columns += 4 - columns % 4,
            sign if sign.is_whitespace() => columns += 1,
            _ => break,
        }
    }
    columns
}

/// The marks that a line may start with, the likeliest first, and what comes behind each: `i)` is the first
/// of one list and the ninth of another.
fn marks(said: &str, indent: usize) -> Vec<(Mark, &str)> {
    let mark = |style, numbers| Mark { style, numbers, indent };
    if let Some((sign, rest)) = bullet(said, indent) {
        return vec![(mark(Style::Bullet(sign), Vec::new()), rest)];
    }
    let Some((mark_text, rest)) = said.split_once(char::is_whitespace) else { return Vec::new() };
    let rest = rest.trim_start();
    let is_open = mark_text.starts_with('(');
    let number = mark_text.strip_prefix('(').unwrap_or(mark_text);
    let body = number.trim_end_matches(['.', ')']);
    let close = match &number[body.len()..] {
        ")" if is_open => '(',
        "." if !is_open => '.',
        ")" if !is_open => ')',
        // A number alone is one where a tab follows, or where it has others in it.
        "" if !is_open && (said[number.len()..].starts_with('\t') || body.contains('.')) => '\t',
        _ => return Vec::new(),
    };
    let parts: Option<Vec<u32>> = body.split('.').map(digits).collect();
    match parts {
        Some(numbers) if numbers.len() > 1 => vec![(mark(Style::Numbers, numbers), rest)],
        Some(numbers) => vec![(mark(Style::Number(close), numbers), rest)],
        None if close == '\t' => Vec::new(),
        None => {
            let is_large = body.chars().all(char::is_uppercase);
            let letter = letter(body).map(|at| (Style::Letter(close, is_large), at));
            let roman = roman(body).map(|at| (Style::Roman(close, is_large), at));
            let both = letter.into_iter().chain(roman);
            both.map(|(style, at)| (mark(style, vec![at]), rest)).collect()
        }
    }
}

/// The sign of a point, and what comes behind it.
fn bullet(said: &str, indent: usize) -> Option<(char, &str)> {
    let sign = said.chars().next()?;
    let rest = &said[sign.len_utf8()..];
    let is_apart = rest.starts_with(char::is_whitespace);
    let is_bullet = match sign {
        '•' | '◦' | '▪' | '▫' | '‣' | '●' | '○' | '■' | '□' | '❖' | '➢' | '✓' | '✔' | '☐' | '☑'
        | '☒' | '\u{f0b7}' | '\u{f0a7}' => true,
        '-' | '*' | '+' | '–' | '—' | '·' => is_apart,
        // What a word processor makes of a circle and of a square.
        'o' | '§' => rest.starts_with('\t') || (is_apart && indent > 0),
        _ => false,
    };
    let list = if "☐☑☒".contains(sign) { '☐' } else { sign };
    is_bullet.then(|| (list, rest.trim_start()))
}

fn digits(text: &str) -> Option<u32> {
    let is_number =
        !text.is_empty() && text.len() <= 3 && text.bytes().all(|it| it.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// `a` is 1.
fn letter(text: &str) -> Option<u32> {
    match text.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => {
            Some(u32::from(letter.to_ascii_lowercase() - b'a') + 1)
        }
        _ => None,
    }
}

/// `iv` is 4; up to 39, which is more than lists have.
fn roman(text: &str) -> Option<u32> {
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let text = text.to_lowercase();
    let ones = text.trim_start_matches('x');
    let tens = text.len() - ones.len();
    let ones = ONES.iter().position(|one| *one == ones)?;
    let number = u32::try_from(tens * 10 + ones).ok()?;
    (number > 0 && tens < 4).then_some(number)
}
