//! What mends a finding, and how sure that is.
//!
//! An edit says what is to be, such as "a line after this one"; the bytes follow from the text, so
//! that its indentation and its line ends stay as they are.

use crate::source::{Place, SourceFile, Sources, Span};

/// How sure it is that an edit makes the text say what its author meant.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// It writes what was plainly meant: a slip of the pen, a spelling from elsewhere.
    Safe,
    /// It is one way out of several, or has to be completed: a person chooses.
    Suggested,
}

/// A change to the text that mends a finding. Its mends belong together: all of them, or none.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    pub applicability: Applicability,
    pub mends: Vec<(Place, Mend)>,
}

/// What is done at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Mend {
    /// This is written instead of what stands there.
    Instead(String),
    /// Lines are added behind that in which the place ends, indented as the line of `like`.
    LineAfter { text: String, like: Place },
    /// The same before the line in which the place starts, indented as that.
    LineBefore(String),
    /// Lines are added at the start of the block of the statement there; where it has none, it gets
    /// one.
    LineInside(String),
    /// A `{` is added to the statement there.
    Opened,
    /// The lines of the statement go; not where it has a block.
    NoLine,
}

/// An edit in bytes: `replacement` is written instead of what is at `place`.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub place: Place,
    pub replacement: String,
}

impl Edit {
    pub fn new(applicability: Applicability, place: Place, mend: Mend) -> Self {
        Edit { applicability, mends: vec![(place, mend)] }
    }

    /// What was plainly meant.
    pub fn safe(place: Place, mend: Mend) -> Self {
        Edit::new(Applicability::Safe, place, mend)
    }

    /// One of several ways out.
    pub fn suggested(place: Place, mend: Mend) -> Self {
        Edit::new(Applicability::Suggested, place, mend)
    }

    pub fn and(mut self, place: Place, mend: Mend) -> Self {
        self.mends.push((place, mend));
        self
    }

    /// The changes to the texts, in their order; none where the lines are not laid out so that they
    /// can be made.
    pub fn changes(&self, sources: &Sources) -> Option<Vec<Change>> {
        let changes = self.mends.iter().map(|(place, mend)| change(sources, *place, mend));
        let mut changes: Vec<Change> = changes.collect::<Option<_>>()?;
        changes.sort_by_key(|change| change.place);
        Some(changes)
    }
}

/// What an edit does to the lines of a text.
#[derive(Debug, PartialEq)]
pub struct Preview<'t> {
    /// The line that goes first, or before which lines are added; from 1.
    pub line: usize,
    pub goes: Vec<&'t str>,
    pub comes: Vec<String>,
}

impl Edit {
    /// What it does to the lines, change by change.
    pub fn previews<'t>(&self, sources: &'t Sources) -> Vec<Preview<'t>> {
        let changes = self.changes(sources).unwrap_or_default();
        changes.iter().map(|change| preview(sources.file(change.place.file), change)).collect()
    }
}

fn preview<'t>(file: &'t SourceFile, change: &Change) -> Preview<'t> {
    let text = Text(&file.text);
    let range = change.place.span.range();
    let (start, end) = (text.line_start(range.start), text.line_end(range.end));
    let before = &file.text[start..end];
    let mut after = before.to_string();
    after.replace_range(range.start - start..range.end - start, &change.replacement);
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let same = |(a, b): &(&&str, &&str)| a == b;
    let head = old.iter().zip(&new).take_while(same).count();
    let (old, new) = (&old[head..], &new[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(same).count();
    Preview {
        line: file.position(start as u32).0 + head,
        goes: old[..old.len() - tail].to_vec(),
        comes: new[..new.len() - tail].iter().map(|line| line.to_string()).collect(),
    }
}

fn change(sources: &Sources, place: Place, mend: &Mend) -> Option<Change> {
    let file = sources.file(place.file);
    let text = Text(&file.text);
    let Span { start, end } = place.span;
    let (start, end) = (start as usize, end as usize);
    let (at, written) = match mend {
        Mend::Instead(instead) => (start..end, instead.clone()),
        Mend::LineAfter { text: lines, like } => {
            if text.opens_block(end) {
                return None;
            }
            let indentation = text.indentation(like.span.start as usize);
            let behind = text.line_end(end);
            (behind..behind, format!("\n{}", indented(lines, indentation)))
        }
        Mend::LineBefore(lines) => {
            let line = text.line_start(start);
            (line..line, format!("{}\n", indented(lines, text.indentation(start))))
        }
        Mend::LineInside(lines) => {
            let around = text.indentation(start);
            let inner = indented(lines, &text.inner_indentation(start, end));
            match text.opens_block(end) {
                true => {
                    let behind = text.line_end(end);
                    (behind..behind, format!("\n{inner}"))
                }
                false => (end..end, format!(" {{\n{inner}\n{around}}}")),
            }
        }
        Mend::Opened => {
            // Blanks at the end of the line are as good as none.
            let line_end = text.line_end(end);
            let blank = text.0[end..line_end].trim().is_empty();
            (end..if blank { line_end } else { end }, " {".to_string())
        }
        Mend::NoLine => {
            let alone = text.0[text.line_start(start)..start].trim().is_empty();
            if !alone || text.opens_block(end) {
                return None;
            }
            (text.line_start(start)..text.next_line(end), String::new())
        }
    };
    let span = Span::new(at.start, at.end);
    let replacement = match text.ends_lines_with_cr(file, start) {
        true => written.replace('\n', "\r\n"),
        false => written,
    };
    Some(Change { place: Place { file: place.file, span }, replacement })
}

/// The text of a file, asked for its lines.
struct Text<'t>(&'t str);

impl<'t> Text<'t> {
    fn line_start(&self, at: usize) -> usize {
        self.0[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// Where the line ends, its line end not included.
    fn line_end(&self, at: usize) -> usize {
        let rest = &self.0[at..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    fn next_line(&self, at: usize) -> usize {
        self.0[at..].find('\n').map_or(self.0.len(), |newline| at + newline + 1)
    }

    fn indentation(&self, at: usize) -> &'t str {
        let line = &self.0[self.line_start(at)..self.line_end(at)];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// How lines in the block of a statement are indented: as the next one is, where it is deeper.
    fn inner_indentation(&self, start: usize, end: usize) -> String {
        let around = self.indentation(start);
        let mut at = self.next_line(end);
        while at < self.0.len() && self.0[at..self.line_end(at)].trim().is_empty() {
            at = self.next_line(at);
        }
        let next = self.indentation(at);
        match next.len() > around.len() && self.opens_block(end) {
            true => next.to_string(),
            false if around.contains('\t') => format!("{around}\t"),
            false => format!("{around}  "),
        }
    }

    /// Whether a `{` follows what ends at `at`.
    fn opens_block(&self, at: usize) -> bool {
        self.0[at..self.line_end(at)].trim_start().starts_with('{')
    }

    /// As the line at hand has it; the last line as the first.
    fn ends_lines_with_cr(&self, file: &SourceFile, at: usize) -> bool {
        let end = match self.0[at..].find('\n') {
            Some(newline) => at + newline,
            None => file.lines.start(1).map_or(0, |second| second as usize - 1),
        };
        self.0[..end].ends_with('\r')
    }
}

fn indented(lines: &str, indentation: &str) -> String {
    let lines: Vec<String> = lines.lines().map(|line| format!("{indentation}{line}")).collect();
    lines.join("\n")
}
