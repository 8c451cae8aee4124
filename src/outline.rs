//! An outline to the skeleton of a process.
//!
//! In: Markdown with headings and nested lists, as articles have them. Out: a `.vup` file without syntax
//! errors, with every point of every list in it. What an outline does not say (who does it, how it
//! ends) is left open: marked with `// TODO`, and told by the checks.

mod read;
mod write;

use crate::diagnostic::derived_name;

/// What a point of an outline says by the word that it starts with, as in `Step 2: …`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Label {
    Path,
    Stage,
    Step,
    Decision,
    Note,
    Warning,
}

/// A point of a list or a heading, without its label and number, and the points inside.
#[derive(Debug, Default)]
struct Point {
    text: String,
    label: Option<Label>,
    is_heading: bool,
    points: Vec<Point>,
}

/// Words that cannot be names.
const RESERVED: [&str; 11] =
    ["by", "with", "on", "when", "otherwise", "next", "end", "and", "or", "not", "in"];

/// The name that a text gives, if it gives one that can be written.
pub fn name(text: &str) -> Option<String> {
    derived_name(text).filter(|name| !RESERVED.contains(&name.as_str()))
}

/// The skeleton of a process called `name`; none where there is no list.
pub fn skeleton(markdown: &str, name: &str) -> Option<String> {
    let (title, points) = read::outline(markdown);
    (!points.is_empty()).then(|| write::process(name, title.as_deref(), points))
}
