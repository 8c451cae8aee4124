//! What stands in a shape: its lines, measured.

use crate::emit::diagram::{Environment, Group, GroupKind, Shape, ShapeKind};
use crate::emit::layout::Size;
use crate::emit::layout::measure::{Font, width, wrap};

/// Between a border and the text in it.
pub const PAD: i32 = 9;
/// How far the sides of a decision are pointed.
pub const POINT: i32 = 13;

pub const TITLE: Font = Font { size: 11, bold: true };
pub const SMALL: Font = Font { size: 10, bold: false };
pub const VISIT: Font = Font { size: 10, bold: true };
const STRONG: Font = Font { size: 10, bold: true };
const CHIP: Font = Font { size: 9, bold: true };
const GROUP_TITLE: Font = Font { size: 12, bold: true };
pub const TAG: Font = Font { size: 9, bold: false };
const TAG_END: Font = Font { size: 9, bold: true };
/// Lines of one text; the rest is in the tooltip.
const MOST_LINES: usize = 6;
/// What decides where it goes on is not cut if it can be helped.
const MOST_LINES_OF_A_NOTE: usize = 15;

/// How a line looks, beside its font.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Plain,
    Soft,
    Italic,
}

/// A line of a card, or a row of chips.
#[derive(Clone, Debug)]
pub enum Item {
    Text { text: String, font: Font, look: Look, indent: i32 },
    Chips(Vec<Chip>),
}

#[derive(Clone, Debug)]
pub struct Chip {
    pub text: String,
    pub live: bool,
    pub x: i32,
    pub width: i32,
}

impl Item {
    pub fn height(&self) -> i32 {
        match self {
            Item::Text { font, .. } => font.size + 3,
            Item::Chips(_) => 17,
        }
    }
}

/// Everything in a shape.
#[derive(Clone, Debug, Default)]
pub struct Card {
    pub items: Vec<Item>,
    /// All of it in words, for those who do not see it, and for what was cut.
    pub whole: String,
    /// Of its texts; the borders not counted.
    pub size: Size,
}

/// Collects the items of a card.
struct Builder {
    width: i32,
    card: Card,
}

impl Builder {
    fn new(width: i32) -> Self {
        Builder { width, card: Card::default() }
    }

    fn text(&mut self, text: &str, font: Font, look: Look) {
        self.say(text);
        for text in wrap(text, font, self.width, MOST_LINES) {
            self.card.items.push(Item::Text { text, font, look, indent: 0 });
        }
    }

    fn bullet(&mut self, text: &str, font: Font, look: Look) {
        self.bullet_of(text, font, look, MOST_LINES);
    }

    fn bullet_of(&mut self, text: &str, font: Font, look: Look, most: usize) {
        self.say(text);
        let indent = 9;
        for (index, line) in wrap(text, font, self.width - indent, most).into_iter().enumerate() {
            let (text, indent) = match index {
                0 => (format!("– {line}"), 0),
                _ => (line, indent),
            };
            self.card.items.push(Item::Text { text, font, look, indent });
        }
    }

    fn chips(&mut self, environments: &[Environment]) {
        let mut row: Vec<Chip> = Vec::new();
        let mut x = 0;
        for place in environments {
            let live = if place.live { " (live)" } else { "" };
            self.say(&format!("on {}{live}", place.title));
            let most = self.width - 12;
            let text = wrap(&place.title, CHIP, most, 1).pop().unwrap_or_default();
            let own = self::width(&text, CHIP) + 12;
            if x + own > self.width && !row.is_empty() {
                self.card.items.push(Item::Chips(std::mem::take(&mut row)));
                x = 0;
            }
            row.push(Chip { text, live: place.live, x, width: own });
            x += own + 4;
        }
        if !row.is_empty() {
            self.card.items.push(Item::Chips(row));
        }
    }

    fn say(&mut self, text: &str) {
        if !text.is_empty() {
            if !self.card.whole.is_empty() {
                self.card.whole.push_str(" · ");
            }
            self.card.whole.push_str(text);
        }
    }

    fn done(mut self) -> Card {
        let height = self.card.items.iter().map(Item::height).sum();
        let widths = self.card.items.iter().map(|item| match item {
            Item::Text { text, font, indent, .. } => width(text, *font) + indent,
            Item::Chips(chips) => chips.last().map_or(0, |chip| chip.x + chip.width),
        });
        self.card.size = Size { width: widths.max().unwrap_or(0), height };
        self.card
    }
}

/// "2.1 Deploy".
pub fn numbered(number: &str, title: &str) -> String {
    format!("{number} {title}").trim().to_string()
}

/// The card of a shape that is `width` wide, with what its lines cannot say.
pub fn with_notes(shape: &Shape, width: i32, notes: &[String]) -> Card {
    let pad = if is_pointed(shape.kind) { POINT + 5 } else { PAD };
    let mut card = Builder::new(width - 2 * pad);
    let title = numbered(&shape.number, &shape.title);
    match shape.kind {
        ShapeKind::Fork | ShapeKind::Join => return Card::default(),
        ShapeKind::Event => card.text(&title, SMALL, Look::Italic),
        ShapeKind::From => card.text(&format!("from {title}"), SMALL, Look::Plain),
        ShapeKind::To => card.text(&format!("to {title}"), SMALL, Look::Plain),
        _ => card.text(&title, TITLE, Look::Plain),
    }
    if let Some(who) = &shape.who {
        card.text(who, SMALL, Look::Soft);
    }
    card.chips(&shape.environments);
    for line in &shape.lines {
        card.bullet(line, SMALL, Look::Plain);
    }
    for task in &shape.tasks {
        let who = task.who.as_ref().map(|who| format!(" ({who})")).unwrap_or_default();
        let maybe = if task.conditional { " [if it applies]" } else { "" };
        let line = format!("{} {}{who}{maybe}", task.number, task.title);
        card.bullet(line.trim(), SMALL, Look::Plain);
    }
    for mark in &shape.marks {
        let strong = mark.kind == crate::emit::diagram::MarkKind::NoWayBack;
        let font = if strong { STRONG } else { SMALL };
        card.text(&mark.text, font, Look::Italic);
    }
    for note in notes {
        card.bullet_of(note, TAG, Look::Plain, MOST_LINES_OF_A_NOTE);
    }
    card.done()
}

/// A decision, or the choice of a path.
pub fn is_pointed(kind: ShapeKind) -> bool {
    matches!(kind, ShapeKind::Decision | ShapeKind::PathChoice)
}

/// The head of a group, and of a path when it is chosen; with what is noted of it.
pub fn group(group: &Group, width: i32, conditions: &[String], notes: &[String]) -> Card {
    let mut card = Builder::new(width - 2 * PAD);
    let font =
        if group.kind == GroupKind::Path { Font { size: 13, bold: true } } else { GROUP_TITLE };
    card.text(&numbered(&group.number, &group.title), font, Look::Plain);
    if let Some(sentence) = &group.sentence {
        card.text(sentence, SMALL, Look::Italic);
    }
    for mark in &group.marks {
        card.text(&mark.text, SMALL, Look::Italic);
    }
    match conditions {
        [] => {}
        [one] => card.text(one, SMALL, Look::Soft),
        all => all.iter().for_each(|line| card.bullet(line, SMALL, Look::Soft)),
    }
    notes.iter().for_each(|note| card.bullet(note, TAG, Look::Plain));
    card.done()
}

/// A tag beside a row: where the process ends, or goes on, or comes from.
pub fn tag(shape: &Shape, word: &str, width: i32) -> Card {
    let mut card = Builder::new(width);
    let title = numbered(&shape.number, &shape.title);
    let (text, font) = match word {
        "" => (title, TAG_END),
        _ if shape.kind == ShapeKind::Join => ("until all are done".to_string(), TAG),
        _ if shape.kind == ShapeKind::Fork => (format!("{word} the work in any order"), TAG),
        word => (format!("{word} {title}"), TAG),
    };
    card.text(&text, font, Look::Plain);
    card.done()
}

/// A tag for a block that stands elsewhere.
pub fn tag_of_group(group: &Group, width: i32) -> Card {
    let mut card = Builder::new(width);
    let title =
        if group.title.is_empty() { group.sentence.as_deref().unwrap_or("") } else { &group.title };
    card.text(&format!("to {}", numbered(&group.number, title)), TAG, Look::Plain);
    card.done()
}

/// What stands at a line; several each on lines of their own.
pub fn label(labels: &[String], width: i32) -> Card {
    let mut card = Builder::new(width);
    match labels {
        [one] => card.text(one, TAG, Look::Plain),
        several => several.iter().for_each(|label| card.bullet(label, TAG, Look::Plain)),
    }
    card.done()
}
