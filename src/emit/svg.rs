//! A diagram as SVG, drawn by ourselves: text is text, and nothing is needed to look at it but a browser.
//!
//! In: a [`Diagram`]. Out: a picture that stands by itself or in a page. `draft` says what is to be
//! placed and how large it is, [`crate::emit::layout`] places it, the rest prints it.

mod cards;
mod changes;
mod draft;
mod lanes;
mod legend;
mod pen;
mod style;

use crate::emit::diagram::{
    Arrow, ArrowKind, Course, Diagram, Group, GroupKind, Shape, ShapeKind, Sign,
};
use crate::emit::layout::columns::columns;
use crate::emit::layout::measure::{self, wrap};
use crate::emit::layout::quality::{Drawn, Quality, of_columns, of_lanes, quality};
use crate::emit::layout::{Layout, Piece, Point, Rect, Route, Size};
use crate::emit::words::xml as escape;
use cards::Card;
use draft::{Content, Measures, Sheet};
use pen::Pen;
use std::fmt::Write;

/// Around everything.
const MARGIN: i32 = 20;
/// A picture is at least so wide, for its title and legend.
const LEAST_WIDTH: i32 = 520;

/// The diagram as an SVG document.
pub fn svg(diagram: &Diagram) -> String {
    linked(diagram, &|_| None)
}

/// The same, where a click on a shape leads to an address.
pub fn linked(diagram: &Diagram, link: &dyn Fn(&Shape) -> Option<String>) -> String {
    let links = diagram.shapes.iter().map(link).collect();
    let mut body = Pen { links, ..Pen::default() };
    let size = if diagram.lanes.is_empty() {
        let (sheet, layout) = placed(diagram);
        draw(&mut body, diagram, &sheet, &layout);
        layout.size
    } else {
        let sheet = lanes::sheet(diagram);
        lanes::draw(&mut body, diagram, &sheet);
        sheet.layout.size
    };
    picture(diagram, &body.out, size)
}

/// A picture in columns. What stands far from where it is reached is known only when all is placed.
fn placed(diagram: &Diagram) -> (Sheet, Layout) {
    let measures = measures(diagram);
    let mut sheet = draft::sheet(diagram, measures);
    let mut layout = columns(&sheet.draft);
    if draft::add_arrivals(&mut sheet, diagram, &layout, measures) {
        layout = columns(&sheet.draft);
    }
    (sheet, layout)
}

/// How good the layout of a diagram is.
pub fn quality_of(diagram: &Diagram) -> Quality {
    quality(&drawn(diagram))
}

fn drawn(diagram: &Diagram) -> Drawn {
    if diagram.lanes.is_empty() {
        let (sheet, layout) = placed(diagram);
        of_columns(&sheet.draft, &layout)
    } else {
        of_lanes(&lanes::sheet(diagram).layout)
    }
}

/// About what an A4 page holds when the text can still be read.
fn measures(diagram: &Diagram) -> Measures {
    let page = Size { width: 1390, height: 950 };
    let usual =
        Measures { width: 216, label: 104, tag: 92, page, one_page: false, in_heads: false };
    match diagram.view {
        "overview" => Measures { one_page: true, in_heads: true, ..usual },
        // Without paths it is one long column: that is cut as in the other views.
        "changes" => Measures {
            one_page: diagram.groups.iter().any(|group| group.kind == GroupKind::Path),
            in_heads: true,
            ..usual
        },
        "stage" => Measures { width: 330, ..usual },
        _ => usual,
    }
}

/// The document around what was drawn.
fn picture(diagram: &Diagram, body: &str, size: Size) -> String {
    let width = size.width.max(LEAST_WIDTH);
    let mut head = Pen::default();
    let top = MARGIN + legend::head(&mut head, diagram, MARGIN, MARGIN, width) + 10;
    let (width, height) = (width + 2 * MARGIN, size.height + top + MARGIN);
    let mut out = String::with_capacity(head.out.len() + body.len() + 2000);
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"vup\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" font-family=\"{}\" role=\"graphics-document document\" \
         aria-label=\"{}\">",
        style::FONT,
        escape(&format!("{}: {}", diagram.title, diagram.part))
    );
    let _ = writeln!(out, "<title>{}: {}</title>", escape(&diagram.title), escape(&diagram.part));
    let more = if diagram.changes.is_some() { changes::CSS } else { "" };
    let _ = writeln!(out, "<style>{}{more}</style>", style::CSS);
    let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
    let _ = write!(out, "<g>\n{}</g>\n", head.out);
    let _ = write!(out, "<g transform=\"translate({MARGIN} {top})\">\n{body}</g>\n</svg>\n");
    out
}

fn draw(pen: &mut Pen, diagram: &Diagram, sheet: &Sheet, layout: &Layout) {
    for piece in &layout.frames {
        draw_frame(pen, diagram, sheet, piece);
    }
    for route in &layout.routes {
        draw_route(pen, diagram, sheet, layout, route);
    }
    for (row, area) in layout.rows.iter().enumerate() {
        draw_row(pen, diagram, sheet, layout, row, *area);
    }
    for (title, piece) in continued(diagram, sheet, layout) {
        // As wide as a row, since frames in it have their borders beside that.
        draw_continued(pen, &title, piece.area, sheet.draft.width / 2 - 14);
    }
}

fn draw_frame(pen: &mut Pen, diagram: &Diagram, sheet: &Sheet, piece: &Piece) {
    let group = sheet.groups.get(piece.frame).and_then(|group| diagram.groups.get(*group));
    let Some(group) = group else { return };
    let is_passed = sheet.groups.get(piece.frame).is_some_and(|it| diagram.is_passed(*it));
    if is_passed {
        pen.raw("<g class=\"dim\">");
    }
    let sign = sheet.groups.get(piece.frame).map(|group| changes::of_group(diagram, *group));
    match sign.and_then(changes::frame) {
        Some(look) => pen.rect(piece.area, 5, &look),
        None => pen.rect(piece.area, 5, style::frame(group.kind)),
    }
    // Where a frame goes on elsewhere, its border is open.
    let Rect { x, y, width, .. } = piece.area;
    for (open, y) in [(!piece.begins, y), (!piece.ends, piece.area.bottom())] {
        if open {
            let cover = Rect { x: x + 8, y: y - 2, width: width - 16, height: 4 };
            pen.rect(cover, 0, "fill=\"#ffffff\"");
        }
    }
    if is_passed {
        pen.raw("</g>");
    }
}

/// The frames that go on at the top of a column, each with what it is of. Of a path and a stage of it,
/// the stage says enough.
fn continued<'l>(diagram: &Diagram, sheet: &Sheet, layout: &'l Layout) -> Vec<(String, &'l Piece)> {
    let group = |piece: &Piece| diagram.groups.get(*sheet.groups.get(piece.frame)?);
    let is_path = |piece: &Piece| group(piece).is_some_and(|it| it.kind == GroupKind::Path);
    let of_path = |piece: &&Piece| {
        let own = group(piece).filter(|own| !piece.begins && !own.title.is_empty());
        let around = |own: &Group| own.group.and_then(|around| diagram.groups.get(around));
        own.is_some_and(|own| around(own).is_none_or(|around| around.kind == GroupKind::Path))
    };
    let found: Vec<&Piece> = layout.frames.iter().filter(of_path).collect();
    let says_more = |piece: &&&Piece| {
        let inside = |other: &&Piece| !is_path(other) && other.area.overlaps(piece.area);
        !is_path(piece) || !found.iter().any(inside)
    };
    let titled = found.iter().filter(says_more).filter_map(|piece| {
        let group = group(piece)?;
        Some((cards::numbered(&group.number, &group.title), *piece))
    });
    titled.collect()
}

/// To the right of the line that comes from above.
fn draw_continued(pen: &mut Pen, title: &str, area: Rect, room: i32) {
    let whole = format!("{title} (continued)");
    let line = match measure::width(&whole, cards::TAG) <= room {
        true => whole,
        false => format!("… {title}"),
    };
    let line = wrap(&line, cards::TAG, room, 1).pop().unwrap_or_default();
    pen.text(area.centre().x + 10, area.y + 11, &line, cards::TAG, " i soft");
}

fn draw_row(
    pen: &mut Pen,
    diagram: &Diagram,
    sheet: &Sheet,
    layout: &Layout,
    row: usize,
    area: Rect,
) {
    let (Some(content), Some(card)) = (sheet.contents.get(row), sheet.cards.get(row)) else {
        return;
    };
    match content {
        Content::Group(group) => {
            let sign = changes::of_group(diagram, *group);
            let class = if diagram.is_passed(*group) { " class=\"dim\"" } else { "" };
            pen.raw(&format!("<g role=\"graphics-object\"{class}>"));
            pen.title(&changes::titled(sign, &card.whole));
            pen.card(card, area.x + cards::PAD, area.y + 6, changes::text(sign));
            changes::badge(pen, sign, area);
            pen.raw("</g>");
        }
        Content::Shape(shape) => {
            let kind = diagram.shapes.get(*shape).map(|shape| shape.kind);
            if matches!(kind, Some(ShapeKind::Fork | ShapeKind::Join)) && area.height > 8 {
                legend::stem(pen, area, &at_sides(layout, area));
            }
            // An end stands once in each path that leads there, also in those that are passed by.
            let is_lit = diagram.comes_by(*shape).is_some_and(|it| it != Course::Not);
            let is_pale = is_lit
                && kind == Some(ShapeKind::End)
                && (is_in_passed(diagram, sheet, layout, area)
                    || is_led_to_by_none(diagram, sheet, layout, area));
            if is_pale {
                pen.raw("<g class=\"dim\">");
            }
            draw_box(pen, diagram, *shape, card, area);
            if is_pale {
                pen.raw("</g>");
            }
        }
    }
}

/// Whether a place is in the frame of what is passed by.
fn is_in_passed(diagram: &Diagram, sheet: &Sheet, layout: &Layout, area: Rect) -> bool {
    let mut around = layout.frames.iter().filter(|piece| piece.area.overlaps(area));
    around.any(|piece| sheet.groups.get(piece.frame).is_some_and(|it| diagram.is_passed(*it)))
}

/// Whether all arrows that end at a place are off the run, and not open.
fn is_led_to_by_none(diagram: &Diagram, sheet: &Sheet, layout: &Layout, area: Rect) -> bool {
    let ends_here = |route: &&Route| {
        let point = route.points.last();
        point.is_some_and(|point| {
            (area.x..=area.right()).contains(&point.x)
                && (area.y..=area.bottom()).contains(&point.y)
        })
    };
    let arrows = layout.routes.iter().filter(ends_here);
    let mut arrows = arrows.filter_map(|route| sheet.edges.get(route.edge?)).peekable();
    arrows.peek().is_some() && arrows.all(|(arrow, ..)| diagram.takes(*arrow) == Some(Course::Not))
}

/// Where lines leave and reach the sides of a row.
fn at_sides(layout: &Layout, area: Rect) -> Vec<Point> {
    let ends = layout.routes.iter().flat_map(|it| [it.points.first(), it.points.last()]);
    let is_here = |point: &&Point| {
        let beside = point.x == area.x || point.x == area.right();
        beside && (area.y..area.bottom()).contains(&point.y)
    };
    ends.flatten().filter(is_here).copied().collect()
}

/// A shape with what stands in it.
fn draw_box(pen: &mut Pen, diagram: &Diagram, shape: usize, card: &Card, area: Rect) {
    let index = shape;
    let Some(shape) = diagram.shapes.get(index) else { return };
    let sign = changes::of_shape(diagram, index);
    let class = match (diagram.comes_by(index), sign) {
        (Some(Course::Not), _) => " class=\"dim\"",
        (_, Some(Sign::Same)) => " class=\"same\"",
        _ => "",
    };
    let link = pen.links.get(index).cloned().flatten();
    if let Some(link) = &link {
        pen.raw(&format!("<a href=\"{}\">", escape(link)));
    }
    pen.raw(&format!("<g role=\"graphics-object\"{class}>"));
    match diagram.why_not(index) {
        Some(reason) => pen.title(&format!("{} · {reason}", card.whole)),
        None if card.whole.is_empty() => {}
        None => pen.title(&changes::titled(sign.unwrap_or_default(), &card.whole)),
    }
    let area = fitted(shape, card.size, area);
    draw_shape(pen, diagram, shape, area);
    changes::ring(pen, shape.kind, sign.unwrap_or_default(), area);
    let colour = match shape.kind {
        ShapeKind::Start => " on-dark",
        _ => changes::text(sign.unwrap_or_default()),
    };
    let pad = match shape.kind {
        kind if cards::is_pointed(kind) => cards::POINT + 5,
        ShapeKind::Start | ShapeKind::End | ShapeKind::From | ShapeKind::To => {
            (area.width - card.size.width) / 2
        }
        _ => cards::PAD + 2,
    };
    let top = area.y + (area.height - card.size.height) / 2;
    pen.card(card, area.x + pad, top, colour);
    changes::badge(pen, sign.unwrap_or_default(), area);
    pen.raw(if link.is_some() { "</g></a>" } else { "</g>" });
    if let Some(stops) = diagram.stops(index) {
        draw_stops(pen, shape.kind, &stops, area);
    }
}

/// When a run comes to a shape, at its upper right corner.
fn draw_stops(pen: &mut Pen, kind: ShapeKind, stops: &str, area: Rect) {
    let text = wrap(stops, cards::VISIT, area.width - 20, 1).pop().unwrap_or_default();
    let width = measure::width(&text, cards::VISIT) + 12;
    let badge = Rect { x: area.right() - width + 6, y: area.y - 8, width, height: 16 };
    legend::ring(pen, kind, area);
    pen.rect(badge, 8, "fill=\"#1d232a\" stroke=\"#ffffff\"");
    pen.text(badge.x + 6, badge.y + 12, &text, cards::VISIT, " on-dark");
}

fn fitted(shape: &Shape, text: Size, area: Rect) -> Rect {
    let width = fitted_width(shape, text, area.width);
    Rect { x: area.centre().x - width / 2, width, ..area }
}

/// Starts and ends are as wide as their text.
fn fitted_width(shape: &Shape, text: Size, most: i32) -> i32 {
    match shape.kind {
        ShapeKind::Start | ShapeKind::End | ShapeKind::From | ShapeKind::To => {
            (text.width + 32).min(most)
        }
        _ => most,
    }
}

fn draw_shape(pen: &mut Pen, diagram: &Diagram, shape: &Shape, area: Rect) {
    let role = shape.role.and_then(|role| diagram.legend.roles.get(role));
    let (fill, line) = role.map_or(("#ffffff", "#39434d"), |role| (role.fill, role.line));
    legend::outline(pen, shape.kind, area, fill, line, shape.external);
}

fn draw_route(pen: &mut Pen, diagram: &Diagram, sheet: &Sheet, layout: &Layout, route: &Route) {
    let found = route.edge.and_then(|edge| sheet.edges.get(edge));
    let Some((arrow, card, tag)) = found else {
        let stroke = style::of_kind(ArrowKind::Next, false);
        let is_pale = first_in_frame(sheet, layout, route).is_some_and(|shape| {
            diagram.comes_by(shape) == Some(Course::Not) && !diagram.is_reached(shape)
        });
        pen.raw(if is_pale { "<g class=\"dim\">" } else { "<g>" });
        legend::line(pen, &route.points, stroke, "");
        pen.raw("</g>");
        return;
    };
    draw_line(pen, diagram, *arrow, &route.points);
    let look = changes::text(changes::of_arrow(diagram, *arrow));
    if let Some(label) = route.label {
        pen.card(card, label.x, label.y, look);
    }
    if let Some(area) = route.tag {
        legend::outline(pen, tag.kind, area, "#ffffff", "#39434d", false);
        let at = Point {
            x: area.x + (area.width - tag.card.size.width) / 2 - 1,
            y: area.y + (area.height - tag.card.size.height) / 2,
        };
        pen.card(&tag.card, at.x, at.y, look);
    }
    pen.raw("</g>");
}

/// The shape at the end of a line that leads from the head of a frame to what stands first in it.
fn first_in_frame(sheet: &Sheet, layout: &Layout, route: &Route) -> Option<usize> {
    let end = route.points.last()?;
    let is_there = |area: &Rect| area.y == end.y && (area.x..=area.right()).contains(&end.x);
    let row = layout.rows.iter().position(is_there)?;
    match sheet.contents.get(row)? {
        Content::Shape(shape) => Some(*shape),
        Content::Group(_) => None,
    }
}

/// Begins the group of an arrow, with its line: heavy where a run comes by, and pale elsewhere.
fn draw_line(pen: &mut Pen, diagram: &Diagram, index: usize, points: &[Point]) {
    let Some(arrow) = diagram.arrows.get(index) else { return };
    let lit = diagram.takes(index);
    let class = if lit == Some(Course::Not) { " class=\"dim\"" } else { "" };
    let sign = changes::of_arrow(diagram, index);
    pen.raw(&format!("<g role=\"graphics-symbol\"{class}>"));
    pen.title(&changes::titled(sign, &words(diagram, arrow)));
    let heavy =
        if lit == Some(Course::Taken) { " style=\"stroke-width:3\"" } else { changes::line(sign) };
    legend::line(pen, points, changes::stroke(sign, style::stroke(arrow)), heavy);
}

/// An arrow in words.
fn words(diagram: &Diagram, arrow: &Arrow) -> String {
    let title = |shape: usize| {
        let shape = diagram.shapes.get(shape);
        let title = shape.map(|shape| match shape.kind {
            ShapeKind::Fork | ShapeKind::Join => "any order".to_string(),
            _ => cards::numbered(&shape.number, &shape.title),
        });
        title.unwrap_or_default()
    };
    let labels = arrow.labels.join("; ");
    let labels = if labels.is_empty() { labels } else { format!(": {labels}") };
    format!("{} → {}{labels}", title(arrow.from), title(arrow.to))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test reads the real processes")]
mod tests;
