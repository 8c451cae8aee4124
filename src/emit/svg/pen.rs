//! Writes SVG elements; all text is escaped here.

use super::cards::{Card, Item, Look};
use crate::emit::layout::measure::Font;
use crate::emit::layout::{Point, Rect};
use crate::emit::words::xml as escape;
use std::fmt::Write;

/// SVG that grows.
#[derive(Default)]
pub struct Pen {
    pub out: String,
    /// Where a click on each shape leads.
    pub links: Vec<Option<String>>,
}

impl Pen {
    pub fn raw(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    pub fn title(&mut self, text: &str) {
        let _ = writeln!(self.out, "<title>{}</title>", escape(text));
    }

    /// A box; `look` holds attributes.
    pub fn rect(&mut self, area: Rect, radius: i32, look: &str) {
        let Rect { x, y, width, height } = area;
        let _ = writeln!(
            self.out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\" {look}/>"
        );
    }

    pub fn polygon(&mut self, points: &[(i32, i32)], look: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let _ = writeln!(self.out, "<polygon points=\"{}\" {look}/>", points.join(" "));
    }

    /// Stretches with rounded corners.
    pub fn path(&mut self, points: &[Point], look: &str) {
        let mut path = String::new();
        for (index, point) in points.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| points.get(before));
            let after = points.get(index + 1);
            match (before, after) {
                (Some(before), Some(after)) => {
                    let (near, far) = (towards(*point, *before), towards(*point, *after));
                    let _ = write!(
                        path,
                        "L{} {}Q{} {} {} {}",
                        near.x, near.y, point.x, point.y, far.x, far.y
                    );
                }
                (None, _) => {
                    let _ = write!(path, "M{} {}", point.x, point.y);
                }
                (Some(_), None) => {
                    let _ = write!(path, "L{} {}", point.x, point.y);
                }
            }
        }
        let _ = writeln!(self.out, "<path d=\"{path}\" {look}/>");
    }

    /// A line of text; `look` holds classes.
    pub fn text(&mut self, x: i32, baseline: i32, text: &str, font: Font, look: &str) {
        let weight = if font.bold { " b" } else { "" };
        let size = font.size;
        let _ = writeln!(
            self.out,
            "<text x=\"{x}\" y=\"{baseline}\" class=\"s{size}{weight}{look}\">{}</text>",
            escape(text)
        );
    }

    /// The lines of a card, from its top left corner on.
    pub fn card(&mut self, card: &Card, x: i32, y: i32, look: &str) {
        let mut top = y;
        for item in &card.items {
            match item {
                Item::Text { text, font, look: own, indent } => {
                    let own = match own {
                        Look::Plain => "",
                        Look::Soft => " soft",
                        Look::Italic => " i",
                    };
                    let baseline = top + font.size;
                    self.text(x + indent, baseline, text, *font, &format!("{own}{look}"));
                }
                Item::Chips(chips) => {
                    for chip in chips {
                        let area =
                            Rect { x: x + chip.x, y: top + 1, width: chip.width, height: 14 };
                        self.chip(area, &chip.text, chip.live);
                    }
                }
            }
            top += item.height();
        }
    }

    pub fn chip(&mut self, area: Rect, text: &str, live: bool) {
        let look = if live { "class=\"live\"" } else { "class=\"place\"" };
        self.rect(area, 3, look);
        let colour = if live { " on-dark" } else { "" };
        let (x, y) = (area.centre().x, area.y + 10);
        let text = escape(text);
        let _ = writeln!(
            self.out,
            "<text x=\"{x}\" y=\"{y}\" class=\"s9 b mid{colour}\">{text}</text>"
        );
    }
}

/// A little from a corner towards a neighbour.
fn towards(corner: Point, other: Point) -> Point {
    let step = |from: i32, to: i32| {
        from + (to - from)
            .clamp(-4, 4)
            .min((to - from).abs() / 2 + 1)
            .max(-((to - from).abs() / 2 + 1))
    };
    Point { x: step(corner.x, other.x), y: step(corner.y, other.y) }
}
