//! Markdown to the points of an outline.

use super::{Label, Point};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Lists deeper in each other than this are taken to be this deep: no process has so many levels.
const DEEPEST: usize = 8;

/// Headings stand above all lists.
const HEADINGS: usize = 6;

/// The title, if the text starts with one, and the points.
pub fn outline(markdown: &str) -> (Option<String>, Vec<Point>) {
    let mut reader = Reader::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_TASKLISTS) {
        reader.event(event);
    }
    reader.close(0);
    let mut points = reader.points;
    without_empty_headings(&mut points);
    (reader.title, points)
}

#[derive(Default)]
struct Reader {
    title: Option<String>,
    points: Vec<Point>,
    /// The points that others may still come into, outermost first, with their levels.
    open: Vec<(usize, Point)>,
    /// In how many lists the reader is.
    lists: usize,
    /// The text that is read is that of the last point.
    is_in_text: bool,
    is_in_title: bool,
    /// What a paragraph outside of lists says so far.
    paragraph: Option<String>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let is_first = self.points.is_empty() && self.open.is_empty();
                self.is_in_title = is_first && self.title.is_none() && level as usize == 1;
                match self.is_in_title {
                    true => self.title = Some(String::new()),
                    false => self.start(level as usize, true),
                }
            }
            Event::Start(Tag::Paragraph) if self.lists == 0 => {
                self.is_in_text = false;
                self.paragraph = Some(String::new());
            }
            Event::End(TagEnd::Paragraph) if self.paragraph.is_some() => {
                if let Some(said) = self.paragraph.take() {
                    self.said(&said);
                }
            }
            Event::Start(Tag::List(_)) => {
                self.lists += 1;
                self.is_in_text = false;
            }
            Event::End(TagEnd::List(_)) => self.lists = self.lists.saturating_sub(1),
            Event::Start(Tag::Item) => self.start(HEADINGS + self.lists.min(DEEPEST), false),
            Event::End(TagEnd::Heading(_) | TagEnd::Item | TagEnd::Paragraph)
            | Event::Start(Tag::CodeBlock(_)) => {
                self.is_in_text = false;
                self.is_in_title = false;
            }
            Event::Text(text) => self.text(&text),
            Event::Code(code) => self.text(&format!("`{code}`")),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            _ => {}
        }
    }

    fn start(&mut self, level: usize, is_heading: bool) {
        self.close(level);
        self.open.push((level, Point { is_heading, ..Point::default() }));
        self.is_in_text = true;
    }

    /// A paragraph outside of lists is prose, unless it says that it is a part of the process: then it
    /// is a heading that is not marked as one.
    fn said(&mut self, paragraph: &str) {
        let level = match labelled(paragraph).0 {
            Some(Label::Path) => 1,
            Some(Label::Stage) => HEADINGS - 1,
            Some(Label::Step | Label::Decision) => HEADINGS,
            Some(Label::Note | Label::Warning) | None => return,
        };
        self.start(level, true);
        self.text(paragraph);
        self.is_in_text = false;
    }

    fn text(&mut self, text: &str) {
        if let Some(paragraph) = &mut self.paragraph {
            paragraph.push_str(text);
        } else if self.is_in_title {
            self.title.get_or_insert_default().push_str(text);
        } else if let Some((_, point)) = self.open.last_mut().filter(|_| self.is_in_text) {
            point.text.push_str(text);
        }
    }

    /// Puts the open points of this level and below into those that they belong to.
    fn close(&mut self, level: usize) {
        while let Some((_, mut point)) = self.open.pop_if(|(own, _)| *own >= level) {
            (point.label, point.text) = labelled(&point.text);
            if point.text.is_empty() && point.points.is_empty() {
                continue;
            }
            match self.open.last_mut() {
                Some((_, around)) => around.points.push(point),
                None => self.points.push(point),
            }
        }
    }
}

/// Headings of mere prose are no part of the outline; what says that it is a part, is.
fn without_empty_headings(points: &mut Vec<Point>) {
    points.iter_mut().for_each(|point| without_empty_headings(&mut point.points));
    points.retain(|point| !point.is_heading || point.label.is_some() || !point.points.is_empty());
}

/// The label of a text, as in `Step 2: Test it`, and the text without it.
fn labelled(text: &str) -> (Option<Label>, String) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let word = text.split(|char: char| !char.is_alphabetic()).next().unwrap_or_default();
    let label = match word.to_lowercase().as_str() {
        "path" => Label::Path,
        "stage" | "phase" => Label::Stage,
        "step" => Label::Step,
        "decision" => Label::Decision,
        "note" => Label::Note,
        "warning" => Label::Warning,
        _ => return (None, text),
    };
    let rest = text[word.len()..].trim_start_matches([' ', '#']);
    let rest = rest.trim_start_matches(|char: char| char.is_ascii_digit()).trim_start();
    match rest.strip_prefix([':', '-', '–', '—']).map(str::trim) {
        Some(said) if !said.is_empty() => (Some(label), said.to_string()),
        // `Step 2`, and nothing more.
        None if rest.is_empty() => (Some(label), text),
        _ => (None, text),
    }
}
