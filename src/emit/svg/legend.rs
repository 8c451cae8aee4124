//! The title, and what colours, shapes and lines mean.

use super::cards::SMALL;
use super::changes;
use super::pen::Pen;
use super::style::{self, Stroke, of_kind};
use crate::emit::diagram::{ArrowMeaning, Diagram, Role, ShapeKind, ShapeMeaning, Sign};
use crate::emit::layout::measure::{Font, width, wrap};
use crate::emit::layout::{Point, Rect};

const TITLE: Font = Font { size: 20, bold: true };
const PART: Font = Font { size: 12, bold: false };
const RUN: Font = Font { size: 12, bold: true };
/// Of a sign in the legend.
const SIGN: i32 = 30;
const LINE: i32 = 20;

enum Entry<'d> {
    Role(&'d Role),
    Shape(&'d ShapeMeaning),
    Arrow(&'d ArrowMeaning),
    External,
    Live,
    Sign(Sign),
}

/// Writes both from the top of the page on; gives back how high they are.
pub fn head(pen: &mut Pen, diagram: &Diagram, left: i32, top: i32, most: i32) -> i32 {
    let mut y = top;
    for line in wrap(&diagram.title, TITLE, most, 3) {
        pen.text(left, y + 20, &line, TITLE, "");
        y += 26;
    }
    let part = format!("{} · version {}", diagram.part, diagram.version);
    for line in wrap(&part, PART, most, 2) {
        pen.text(left, y + 12, &line, PART, " soft");
        y += 17;
    }
    for sentence in diagram.highlight.iter().flat_map(|run| run.sentences()) {
        for line in wrap(&sentence, RUN, most, 4) {
            pen.text(left, y + 12, &line, RUN, "");
            y += 17;
        }
    }
    y += changes::head(pen, diagram, (left, y), most);
    y += 8;
    let mut x = left;
    for entry in entries(diagram) {
        let text = entry.words();
        let room = (most - SIGN - 6).max(60);
        let text = wrap(text, SMALL, room, 1).pop().unwrap_or_default();
        let own = SIGN + 6 + width(&text, SMALL) + 18;
        if x > left && x + own > left + most {
            x = left;
            y += LINE;
        }
        entry.draw(pen, x, y);
        pen.text(x + SIGN + 6, y + 11, &text, SMALL, "");
        x += own;
    }
    y + LINE - top
}

fn entries(diagram: &Diagram) -> Vec<Entry<'_>> {
    let legend = &diagram.legend;
    let mut entries: Vec<Entry<'_>> = legend.roles.iter().map(Entry::Role).collect();
    entries.extend(legend.external.then_some(Entry::External));
    entries.extend(legend.live.then_some(Entry::Live));
    // Lanes have no tags.
    let is_tag = |kind: ShapeKind| matches!(kind, ShapeKind::From | ShapeKind::To);
    let explained = legend
        .shapes
        .iter()
        .filter(|it| it.kind != ShapeKind::Step && (diagram.lanes.is_empty() || !is_tag(it.kind)));
    entries.extend(explained.map(Entry::Shape));
    entries.extend(legend.arrows.iter().map(Entry::Arrow));
    entries.extend(changes::signs(diagram).into_iter().map(Entry::Sign));
    entries
}

impl Entry<'_> {
    fn words(&self) -> &str {
        match self {
            Entry::Role(role) => &role.title,
            Entry::Shape(shape) => shape.meaning,
            Entry::Arrow(arrow) => arrow.meaning,
            Entry::External => "external role",
            Entry::Live => "touches what is live",
            Entry::Sign(sign) => changes::meaning(*sign),
        }
    }

    fn draw(&self, pen: &mut Pen, x: i32, y: i32) {
        let area = Rect { x, y: y + 1, width: SIGN, height: 13 };
        match self {
            Entry::Role(role) => step(pen, area, role.fill, role.line, role.external),
            Entry::External => step(pen, area, "#ffffff", "#39434d", true),
            Entry::Live => pen.chip(Rect { height: 14, ..area }, "", true),
            Entry::Sign(sign) => changes::sample(pen, *sign, area),
            Entry::Shape(shape) => outline(pen, shape.kind, area, "#ffffff", "#39434d", false),
            Entry::Arrow(arrow) => {
                let y = y + 8;
                let points = [Point { x, y }, Point { x: x + SIGN, y }];
                line(pen, &points, of_kind(arrow.kind, arrow.back), "");
            }
        }
    }
}

/// The border of a step, with the stripe that shows its role.
pub fn step(pen: &mut Pen, area: Rect, fill: &str, stroke: &str, external: bool) {
    outline(pen, ShapeKind::Step, area, fill, stroke, external);
}

/// The border of a shape.
pub fn outline(
    pen: &mut Pen,
    kind: ShapeKind,
    area: Rect,
    fill: &str,
    stroke: &str,
    external: bool,
) {
    let dashes = if external { " stroke-dasharray=\"5 2.5\"" } else { "" };
    let look = format!("fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.2\"{dashes}");
    let Rect { x, y, width, height } = area;
    let (right, bottom, middle) = (area.right(), area.bottom(), area.centre().y);
    match kind {
        ShapeKind::Start => {
            pen.rect(area, height.min(28) / 2, "fill=\"#1d232a\" stroke=\"#1d232a\"")
        }
        ShapeKind::Step => {
            pen.rect(area, 3, &look);
            let stripe = Rect { width: 4, ..area };
            pen.rect(stripe, 2, &format!("fill=\"{stroke}\""));
        }
        ShapeKind::Block | ShapeKind::Before => {
            // Several steps: sheets behind each other, all of them within the area, so that no arrow
            // that comes to its border has its head below a sheet.
            let area = Rect { width: width - 3, height: height - 3, ..area };
            let behind = Rect { x: x + 3, y: y + 3, ..area };
            pen.rect(
                behind,
                3,
                &format!("fill=\"#ffffff\" stroke=\"{stroke}\" stroke-width=\"1\""),
            );
            pen.rect(area, 3, &look);
            let stripe = Rect { width: 4, ..area };
            pen.rect(stripe, 2, &format!("fill=\"{stroke}\""));
        }
        ShapeKind::Decision | ShapeKind::PathChoice => {
            let corners = pointed(area);
            pen.polygon(&corners, &look);
        }
        ShapeKind::Fork | ShapeKind::Join => {
            let bar = if width < height { area } else { bar(area) };
            pen.rect(bar, 1, INK);
        }
        ShapeKind::Event => pen.rect(
            area,
            height.min(20) / 2,
            "fill=\"#fff8f1\" stroke=\"#a04600\" stroke-width=\"1.2\" stroke-dasharray=\"6 3\"",
        ),
        ShapeKind::From | ShapeKind::To => {
            let corners =
                [(x, y), (right - 8, y), (right, middle), (right - 8, bottom), (x, bottom)];
            pen.polygon(&corners, "fill=\"#e8ebee\" stroke=\"#68727c\"");
        }
        ShapeKind::End => draw_end(pen, area),
        ShapeKind::Nowhere => {
            pen.rect(area, 3, "fill=\"#ffffff\" stroke=\"#a00000\" stroke-dasharray=\"4 3\"");
        }
    }
}

const INK: &str = "fill=\"#1d232a\"";

/// The bar in the middle of a row.
fn bar(row: Rect) -> Rect {
    Rect { y: row.centre().y - 3, height: 6, ..row }
}

/// What joins the bar of a row that became higher to the lines at its borders.
pub fn stem(pen: &mut Pen, row: Rect, lines: &[Point]) {
    let bar = bar(row);
    let through = Rect { x: row.centre().x - 1, width: 2, ..row };
    pen.rect(through, 0, INK);
    for line in lines {
        let x = if line.x == row.x { row.x } else { row.right() - 2 };
        let (top, bottom) = (line.y.min(bar.y), line.y.max(bar.bottom()));
        pen.rect(Rect { x, y: top - 1, width: 2, height: bottom - top + 2 }, 0, INK);
    }
}

/// Two borders, one in the other.
fn draw_end(pen: &mut Pen, area: Rect) {
    let look = "fill=\"#ffffff\" stroke=\"#1d232a\" stroke-width=\"1.2\"";
    let radius = area.height.min(28) / 2;
    let Rect { x, y, width, height } = area;
    let inner = Rect { x: x + 3, y: y + 3, width: width - 6, height: height - 6 };
    pen.rect(area, radius, look);
    pen.rect(inner, (radius - 3).max(1), look);
}

/// The corners of a box with pointed sides.
pub fn pointed(area: Rect) -> [(i32, i32); 6] {
    let (y, bottom, middle) = (area.y, area.bottom(), area.centre().y);
    let point = super::cards::POINT.min(area.width / 3);
    let (left, right) = (area.x + point, area.right() - point);
    [
        (area.x, middle),
        (left, y),
        (right, y),
        (area.right(), middle),
        (right, bottom),
        (left, bottom),
    ]
}

/// A heavy border: a run comes by here.
pub fn ring(pen: &mut Pen, kind: ShapeKind, area: Rect) {
    let look = "fill=\"none\" stroke=\"#1d232a\" stroke-width=\"2.4\"";
    match super::cards::is_pointed(kind) {
        true => pen.polygon(&pointed(area), look),
        false => pen.rect(area, 3, look),
    }
}

/// A line with its head, and the sign where it begins.
pub fn line(pen: &mut Pen, points: &[Point], stroke: Stroke, more: &str) {
    let dashes = match stroke.dashes {
        "" => String::new(),
        dashes => format!(" stroke-dasharray=\"{dashes}\""),
    };
    let colour = stroke.colour;
    pen.path(points, &format!("class=\"line\" stroke=\"{colour}\"{dashes}{more}"));
    if let [.., before, last] = points {
        let (dx, dy) = ((last.x - before.x).signum(), (last.y - before.y).signum());
        let at = |back: i32, aside: i32| {
            (last.x - dx * back + dy * aside, last.y - dy * back + dx * aside)
        };
        pen.polygon(&[at(0, 0), at(7, 4), at(7, -4)], &format!("fill=\"{colour}\""));
    }
    if let (Some(sign), [first, second, ..]) = (stroke.start, points) {
        let (dx, dy) = ((second.x - first.x).signum(), (second.y - first.y).signum());
        let at = |away: i32, aside: i32| {
            (first.x + dx * away + dy * aside, first.y + dy * away + dx * aside)
        };
        let look = format!("fill=\"#ffffff\" stroke=\"{colour}\"");
        match sign {
            style::Sign::Diamond => pen.polygon(&[at(0, 0), at(4, 4), at(8, 0), at(4, -4)], &look),
            style::Sign::Circle => {
                let (x, y) = at(4, 0);
                let area = Rect { x: x - 3, y: y - 3, width: 6, height: 6 };
                pen.rect(area, 3, &look);
            }
        }
    }
}
