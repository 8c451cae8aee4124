//! An outline to the skeleton of a process.
//!
//! In: Markdown with headings and nested lists, as articles have them, or lists as word processors paste
//! them. Out: a `.vup` file without syntax errors, with every point of every list and every row of every
//! table in it, and which lines are left out. What an outline does not say (who does it, how it
//! ends) is left open: marked with `// TODO`, and told by the checks.

mod pasted;
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
    /// Of what is linked to in a text.
    Link,
}

/// A point of a list or a heading, without its label and number, and the points inside.
#[derive(Debug, Default)]
struct Point {
    text: String,
    label: Option<Label>,
    is_heading: bool,
    /// Where it starts, from 1.
    line: usize,
    /// Where a link leads.
    url: String,
    points: Vec<Point>,
}

/// What an outline comes to.
pub struct Skeleton {
    pub text: String,
    /// The lines of the outline where something starts that is not in it: prose that stands in no list.
    pub left_out: Vec<usize>,
}

/// Words that cannot be names.
const RESERVED: [&str; 11] =
    ["by", "with", "on", "when", "otherwise", "next", "end", "and", "or", "not", "in"];

/// The name that a text gives, if it gives one that can be written.
pub fn name(text: &str) -> Option<String> {
    derived_name(text).filter(|name| !RESERVED.contains(&name.as_str()))
}

/// The skeleton of a process called `name`; none where there are no points.
pub fn skeleton(outline: &str, name: &str) -> Option<Skeleton> {
    let read::Outline { title, points, left_out } = read::outline(&pasted::as_markdown(outline));
    let text = (!points.is_empty()).then(|| write::process(name, title.as_deref(), points))?;
    Some(Skeleton { text, left_out })
}
