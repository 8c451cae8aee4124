//! How it is shown what changed between two editions: by a sign, by the kind of border, and by colour, so
//! that two of them are left where there are no colours.

use super::legend::pointed;
use super::pen::Pen;
use super::style::Stroke;
use crate::emit::diagram::{Diagram, ShapeKind, Sign};
use crate::emit::layout::Rect;
use crate::emit::layout::measure::{Font, wrap};

/// What only these pictures need.
pub const CSS: &str =
    ".vup .same{opacity:.74}.vup .gone{text-decoration:line-through;fill:#5b3030}";

const SUM: Font = Font { size: 12, bold: true };
const NOTE: Font = Font { size: 11, bold: false };
const SIGN: Font = Font { size: 13, bold: true };
/// More lines about the process as a whole are counted only.
const MOST_NOTES: usize = 14;

pub fn of_shape(diagram: &Diagram, shape: usize) -> Option<Sign> {
    let changes = diagram.changes.as_ref()?;
    Some(changes.shape(shape).map(|mark| mark.sign).unwrap_or_default())
}

pub fn of_group(diagram: &Diagram, group: usize) -> Sign {
    let changes = diagram.changes.as_ref();
    changes.and_then(|it| it.group(group)).map(|mark| mark.sign).unwrap_or_default()
}

pub fn of_arrow(diagram: &Diagram, arrow: usize) -> Sign {
    diagram.changes.as_ref().map(|it| it.arrow(arrow)).unwrap_or_default()
}

pub fn notes_of_shape(diagram: &Diagram, shape: usize) -> &[String] {
    let mark = diagram.changes.as_ref().and_then(|changes| changes.shape(shape));
    mark.map(|mark| mark.notes.as_slice()).unwrap_or_default()
}

pub fn notes_of_group(diagram: &Diagram, group: usize) -> &[String] {
    let mark = diagram.changes.as_ref().and_then(|changes| changes.group(group));
    mark.map(|mark| mark.notes.as_slice()).unwrap_or_default()
}

/// What all of it comes to, and what has no place in the picture; gives back how high it is.
pub fn head(pen: &mut Pen, diagram: &Diagram, (left, top): (i32, i32), most: i32) -> i32 {
    let Some(changes) = &diagram.changes else { return 0 };
    let mut y = top;
    let mut write = |text: &str, font: Font, lines: usize| {
        for line in wrap(text, font, most, lines) {
            pen.text(left, y + font.size, &line, font, "");
            y += font.size + 5;
        }
    };
    write(&changes.sum, SUM, 2);
    for note in changes.notes.iter().take(MOST_NOTES) {
        write(&format!("– {note}"), NOTE, 3);
    }
    let more = changes.notes.len().saturating_sub(MOST_NOTES);
    if more > 0 {
        write(&format!("– and {more} more"), NOTE, 1);
    }
    y - top
}

/// The signs that occur.
pub fn signs(diagram: &Diagram) -> Vec<Sign> {
    let Some(changes) = &diagram.changes else { return Vec::new() };
    let marks = changes.shapes.iter().chain(&changes.groups).map(|mark| mark.sign);
    let all: Vec<Sign> = marks.chain(changes.arrows.iter().copied()).collect();
    [Sign::Added, Sign::Gone, Sign::Changed].into_iter().filter(|it| all.contains(it)).collect()
}

pub fn meaning(sign: Sign) -> &'static str {
    match sign {
        Sign::Same => "as it was",
        Sign::Added => "new",
        Sign::Gone => "gone; it stood here",
        Sign::Changed => "changed, or moved here",
    }
}

/// What a screen reader says first.
pub fn titled(sign: Sign, words: &str) -> String {
    match sign {
        Sign::Same => words.to_string(),
        Sign::Added => format!("new: {words}"),
        Sign::Gone => format!("gone: {words}"),
        Sign::Changed => format!("changed: {words}"),
    }
}

/// The class of a text.
pub fn text(sign: Sign) -> &'static str {
    if sign == Sign::Gone { " gone" } else { "" }
}

fn look(sign: Sign) -> Option<(&'static str, &'static str)> {
    match sign {
        Sign::Same => None,
        Sign::Added => Some(("+", "#00704f")),
        Sign::Gone => Some(("−", "#a00000")),
        Sign::Changed => Some(("~", "#1f4f94")),
    }
}

/// The attributes of the frame of a group that is new, or gone.
pub fn frame(sign: Sign) -> Option<String> {
    let (_, colour) = look(sign)?;
    match sign {
        Sign::Added => Some(format!("fill=\"#ffffff\" stroke=\"{colour}\" stroke-width=\"2.6\"")),
        Sign::Gone => Some(format!(
            "fill=\"#fbf7f7\" stroke=\"{colour}\" stroke-width=\"1.6\" stroke-dasharray=\"3 3\""
        )),
        Sign::Same | Sign::Changed => None,
    }
}

/// A border over that of a shape: heavy where it is new, broken where it is gone, double where it changed.
pub fn ring(pen: &mut Pen, kind: ShapeKind, sign: Sign, area: Rect) {
    let Some((_, colour)) = look(sign) else { return };
    let out = |by: i32| Rect {
        x: area.x - by,
        y: area.y - by,
        width: area.width + 2 * by,
        height: area.height + 2 * by,
    };
    let mut draw = |area: Rect, look: &str| match kind {
        ShapeKind::Decision | ShapeKind::PathChoice => pen.polygon(&pointed(area), look),
        ShapeKind::Start | ShapeKind::End => pen.rect(area, area.height.min(28) / 2, look),
        _ => pen.rect(area, 3, look),
    };
    let line = |width: &str| format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"");
    match sign {
        Sign::Same => {}
        Sign::Added => draw(out(0), &line("3")),
        Sign::Gone => {
            let fill = format!("fill=\"#fbf7f7\" stroke=\"{colour}\" stroke-width=\"1.6\"");
            draw(out(0), &format!("{fill} stroke-dasharray=\"3 3\""));
        }
        Sign::Changed => {
            draw(out(0), &line("1.2"));
            draw(out(3), &line("1.2"));
        }
    }
}

/// The sign itself, at the upper left corner.
pub fn badge(pen: &mut Pen, sign: Sign, area: Rect) {
    let Some((mark, colour)) = look(sign) else { return };
    let place = Rect { x: area.x - 9, y: area.y - 8, width: 17, height: 17 };
    pen.rect(place, 8, &format!("fill=\"{colour}\" stroke=\"#ffffff\""));
    pen.text(place.centre().x, place.y + 13, mark, SIGN, " mid on-dark");
}

/// In the legend.
pub fn sample(pen: &mut Pen, sign: Sign, area: Rect) {
    let own = Rect { x: area.x + 8, width: area.width - 12, ..area };
    ring(pen, ShapeKind::Step, sign, own);
    badge(pen, sign, Rect { y: own.y + 6, x: own.x - 3, ..own });
}

/// Lines run together only with those of the same sign.
pub fn style(diagram: &Diagram, arrow: usize) -> u8 {
    match of_arrow(diagram, arrow) {
        Sign::Same | Sign::Changed => 0,
        Sign::Added => 8,
        Sign::Gone => 16,
    }
}

pub fn line(sign: Sign) -> &'static str {
    match sign {
        Sign::Added => " style=\"stroke-width:2.6\"",
        _ => "",
    }
}

/// The stroke of a line: what is gone is dotted, whatever it was.
pub fn stroke(sign: Sign, own: Stroke) -> Stroke {
    match (sign, look(sign)) {
        (Sign::Gone, Some((_, colour))) => Stroke { colour, dashes: "2 4", ..own },
        (Sign::Added, Some((_, colour))) => Stroke { colour, ..own },
        _ => own,
    }
}
