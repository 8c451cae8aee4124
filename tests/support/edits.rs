//! Edits of a text, written as in a diff: ` ` stays, `-` goes, `+` comes, `@@` before another place.
//! Indentation and blank lines do not count, and what stays and goes stands once in the text.

use std::ops::Range;

/// The lines of one place.
pub type Hunk = Vec<Line>;

pub enum Line {
    Stays(String),
    Goes(String),
    Comes(String),
}

/// The edits that lines say.
pub fn hunks(lines: &[&str]) -> Vec<Hunk> {
    let hunks = lines.split(|line| *line == "@@");
    hunks.map(|hunk| hunk.iter().map(|line| Line::read(line)).collect()).collect()
}

/// A text with edits in it.
pub fn apply(text: &str, hunks: &[Hunk]) -> Result<String, String> {
    let mut edits = Vec::new();
    for hunk in hunks {
        edits.push((place_of(hunk, text)?, instead(hunk)));
    }
    edits.sort_by_key(|(place, _)| place.start);
    let mut mutated = String::new();
    let mut done = 0;
    for (place, lines) in edits {
        let between = text.get(done..place.start).ok_or("two hunks are of the same lines")?;
        mutated.push_str(between);
        mutated.push_str(&lines);
        done = place.end;
    }
    mutated.push_str(&text[done..]);
    Ok(mutated)
}

/// What the lines that stay and go cover; they follow each other but for blank lines.
fn place_of(hunk: &[Line], text: &str) -> Result<Range<usize>, String> {
    let before: Vec<&str> = hunk.iter().filter_map(Line::before).collect();
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            lines.push((start..start + line.len(), line.trim()));
        }
        start += line.len();
    }
    let is_match = |window: &&[(Range<usize>, &str)]| {
        window.iter().map(|(_, line)| *line).eq(before.iter().copied())
    };
    let first = before.first().ok_or("a hunk without a line of the file")?;
    let places: Vec<_> = lines.windows(before.len()).filter(is_match).collect();
    match places[..] {
        [only] => Ok(only[0].0.start..only[only.len() - 1].0.end),
        _ => Err(format!("the hunk of `{first}` matches {} times", places.len())),
    }
}

fn instead(hunk: &[Line]) -> String {
    hunk.iter().filter_map(Line::after).map(|line| format!("{line}\n")).collect()
}

impl Line {
    fn read(line: &str) -> Line {
        let text = line[1..].trim().to_string();
        match line.as_bytes()[0] {
            b' ' => Line::Stays(text),
            b'-' => Line::Goes(text),
            b'+' => Line::Comes(text),
            _ => panic!("a line of an edit starts with a space, `-` or `+`: {line}"),
        }
    }

    fn before(&self) -> Option<&str> {
        match self {
            Line::Stays(text) | Line::Goes(text) => Some(text),
            Line::Comes(_) => None,
        }
    }

    fn after(&self) -> Option<&str> {
        match self {
            Line::Stays(text) | Line::Comes(text) => Some(text),
            Line::Goes(_) => None,
        }
    }
}
