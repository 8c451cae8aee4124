//! Markdown to the points of an outline.

use super::{Label, Point};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Lists deeper in each other than this are taken to be this deep: no process has so many levels.
const DEEPEST: usize = 8;

/// A longer first line is prose.
const LONGEST_TITLE: usize = 80;

/// Headings stand above all lists.
const HEADINGS: usize = 6;

pub struct Outline {
    pub title: Option<String>,
    pub points: Vec<Point>,
    pub left_out: Vec<usize>,
}

pub fn outline(markdown: &str) -> Outline {
    let markdown = markdown.strip_prefix('\u{feff}').unwrap_or(markdown);
    let mut reader = Reader::default();
    let options = Options::ENABLE_TASKLISTS | Options::ENABLE_TABLES;
    let (mut line, mut counted) = (1, 0);
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        // The end of something stands where it started.
        if let Some(more) = markdown.get(counted..range.start) {
            line += more.matches('\n').count();
            counted = range.start;
        }
        reader.line = line;
        reader.event(event);
    }
    reader.close(0);
    let Reader { title, opening, mut points, mut left_out, has_points, .. } = reader;
    if has_points {
        without_empty_headings(&mut points, &mut left_out);
    }
    let title = title.or(match opening {
        Opening::Title(_, said) => Some(said),
        Opening::None | Opening::Over => None,
    });
    left_out.sort_unstable();
    left_out.dedup();
    Outline { title, points, left_out }
}

/// What stands before all else.
#[derive(Default)]
enum Opening {
    #[default]
    None,
    /// A short line that can be a title, and where it is.
    Title(usize, String),
    Over,
}

#[derive(Default)]
struct Reader {
    title: Option<String>,
    opening: Opening,
    points: Vec<Point>,
    /// The points that others may still come into, outermost first, with their levels.
    open: Vec<(usize, Point)>,
    /// In how many lists the reader is.
    lists: usize,
    /// There is a list, or a table.
    has_points: bool,
    /// The text that is read is that of the last point.
    is_in_text: bool,
    is_in_title: bool,
    /// What a paragraph outside of lists says so far, and where it starts.
    paragraph: Option<(usize, String)>,
    /// The row of a table so far, and what its columns are called.
    row: Option<Vec<String>>,
    columns: Vec<String>,
    line: usize,
    left_out: Vec<usize>,
    /// Where the link leads that is read, and what it says so far.
    link: Option<(String, String)>,
    /// The links of a row.
    links: Vec<Point>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => self.heading(level as usize),
            Event::Start(Tag::Paragraph) if self.lists == 0 => {
                self.is_in_text = false;
                self.paragraph = Some((self.line, String::new()));
            }
            // A further paragraph of a point.
            Event::Start(Tag::Paragraph | Tag::CodeBlock(_))
                if self.lists > 0 && !self.is_in_text =>
            {
                self.start(self.inside() + 1, false);
                if let Some((_, point)) = self.open.last_mut() {
                    point.label = Some(Label::Note);
                }
            }
            Event::Start(Tag::CodeBlock(_)) if self.lists == 0 => self.leave_out(),
            Event::Start(Tag::HtmlBlock) => self.leave_out(),
            Event::End(TagEnd::Paragraph) if self.paragraph.is_some() => {
                if let Some((line, said)) = self.paragraph.take() {
                    self.line = line;
                    self.said(&said);
                }
            }
            Event::Start(Tag::List(_)) => {
                self.lists += 1;
                self.has_points = true;
                self.is_in_text = false;
            }
            Event::End(TagEnd::List(_)) => self.lists = self.lists.saturating_sub(1),
            Event::Start(Tag::Item) => self.start(self.inside(), false),
            Event::Start(Tag::Table(_)) => self.columns.clear(),
            Event::Start(Tag::TableHead | Tag::TableRow) => self.row = Some(Vec::new()),
            Event::Start(Tag::TableCell) => {
                self.row.get_or_insert_default().push(String::new());
            }
            Event::End(TagEnd::TableHead) => self.columns = self.row.take().unwrap_or_default(),
            Event::End(TagEnd::TableRow) => self.row(),
            Event::End(
                TagEnd::Heading(_) | TagEnd::Item | TagEnd::Paragraph | TagEnd::CodeBlock,
            ) => {
                self.is_in_text = false;
                self.is_in_title = false;
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                self.link = Some((dest_url.into_string(), String::new()));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.link(),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => self.text(&format!("`{code}`")),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.text(" "),
            _ => {}
        }
    }

    /// The level of a point in the list that is read.
    fn inside(&self) -> usize {
        HEADINGS + self.lists.min(DEEPEST)
    }

    fn heading(&mut self, level: usize) {
        let is_first = self.points.is_empty() && self.open.is_empty();
        self.is_in_title = is_first && self.title.is_none() && level == 1;
        if !self.is_in_title {
            return self.start(level, true);
        }
        self.title = Some(String::new());
        if let Opening::Title(line, _) = self.opening {
            self.left_out.push(line);
        }
        self.opening = Opening::Over;
    }

    /// A row of a table is a point: what it says first is its text, the rest are notes.
    fn row(&mut self) {
        let row = self.row.take().unwrap_or_default();
        let columns = std::mem::take(&mut self.columns);
        let is_number = |cell: &str| cell.trim_end_matches('.').parse::<f64>().is_ok();
        let mut cells = row.iter().zip(&columns).filter(|(cell, _)| !cell.trim().is_empty());
        let all_numbers = row.iter().all(|cell| cell.trim().is_empty() || is_number(cell.trim()));
        let first = cells.find(|(cell, _)| all_numbers || !is_number(cell.trim()));
        if let Some((said, _)) = first {
            self.has_points = true;
            self.lists += 1;
            self.start(self.inside(), false);
            self.text(said);
            let links = std::mem::take(&mut self.links);
            if let Some((_, point)) = self.open.last_mut() {
                point.points.extend(links);
            }
            for (cell, column) in cells {
                self.start(self.inside() + 1, false);
                let about = if column.trim().is_empty() { "" } else { ": " };
                self.text(&format!("Note: {}{about}{}", column.trim(), cell.trim()));
            }
            self.lists -= 1;
            self.is_in_text = false;
        }
        self.columns = columns;
    }

    /// Where a link of a point leads is a line of its own.
    fn link(&mut self) {
        let Some((url, text)) = self.link.take().filter(|(url, text)| url != text) else { return };
        let link =
            Point { text, url, label: Some(Label::Link), line: self.line, ..Point::default() };
        if self.row.is_some() {
            self.links.push(link);
        } else if let Some((_, point)) = self.open.last_mut().filter(|_| self.is_in_text) {
            point.points.push(link);
        }
    }

    fn leave_out(&mut self) {
        self.left_out.push(self.line);
        if matches!(self.opening, Opening::None) {
            self.opening = Opening::Over;
        }
    }

    fn start(&mut self, level: usize, is_heading: bool) {
        self.close(level);
        self.open.push((level, Point { is_heading, line: self.line, ..Point::default() }));
        self.is_in_text = true;
    }

    /// A paragraph outside of lists is prose, unless it says that it is a part of the process: then it
    /// is a heading that is not marked as one.
    fn said(&mut self, paragraph: &str) {
        let level = match labelled(paragraph).0 {
            Some(Label::Path) => 1,
            Some(Label::Stage) => HEADINGS - 1,
            Some(Label::Step | Label::Decision) => HEADINGS,
            Some(Label::Note | Label::Warning | Label::Link) | None => {
                return self.prose(paragraph);
            }
        };
        self.start(level, true);
        self.text(paragraph);
        self.is_in_text = false;
    }

    /// The first line may be the title, where no heading is.
    fn prose(&mut self, paragraph: &str) {
        let is_first = matches!(self.opening, Opening::None) && self.title.is_none();
        let is_title = paragraph.chars().count() <= LONGEST_TITLE
            && !paragraph.ends_with(|sign: char| sign.is_ascii_punctuation() && sign != ')');
        match is_first && is_title && self.points.is_empty() && self.open.is_empty() {
            true => self.opening = Opening::Title(self.line, paragraph.to_string()),
            false => self.leave_out(),
        }
    }

    fn text(&mut self, text: &str) {
        self.link.iter_mut().for_each(|(_, said)| said.push_str(text));
        if let Some(cell) = self.row.as_mut().and_then(|row| row.last_mut()) {
            cell.push_str(text);
        } else if let Some((_, paragraph)) = &mut self.paragraph {
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
            let (label, text) = labelled(&point.text);
            point.text = if point.is_heading { unnumbered(&text) } else { text };
            point.label = label.or(point.label);
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
fn without_empty_headings(points: &mut Vec<Point>, left_out: &mut Vec<usize>) {
    points.iter_mut().for_each(|point| without_empty_headings(&mut point.points, left_out));
    points.retain(|point| {
        let holds = point.points.iter().any(|inside| inside.label != Some(Label::Link));
        let stays = !point.is_heading || point.label.is_some() || holds;
        left_out.extend((!stays).then_some(point.line));
        stays
    });
}

/// A heading without its number, as in `2.1 Prepare`: steps are numbered by where they stand.
fn unnumbered(text: &str) -> String {
    let Some((number, rest)) = text.split_once(' ') else { return text.to_string() };
    let is_number = number.starts_with(|sign: char| sign.is_ascii_digit())
        && number.chars().all(|sign| sign.is_ascii_digit() || ".)".contains(sign));
    if is_number { rest.to_string() } else { text.to_string() }
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
    match rest.strip_prefix([':', '-', '–', '—', '.', ')']).map(str::trim) {
        Some(said) if !said.is_empty() => (Some(label), said.to_string()),
        // `Step 2`, and nothing more.
        None if rest.is_empty() => (Some(label), text),
        _ => (None, text),
    }
}
