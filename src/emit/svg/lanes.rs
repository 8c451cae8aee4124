//! A diagram in lanes: what is drawn where, and the picture of it.

use super::cards::{self, Card};
use super::draft::{Token, is_outside, order, path_of, style as style_of};
use super::pen::Pen;
use crate::emit::diagram::{Arrow, ArrowKind, Course, Diagram, GroupKind, Shape, ShapeKind};
use crate::emit::layout::lanes::{Draft, Edge, Layout, Slot, lanes};
use crate::emit::layout::measure::{Font, width, wrap};
use crate::emit::layout::{Rect, Size};

const WIDTH: i32 = 150;
const TITLE: i32 = 122;
const LANE: Font = Font { size: 10, bold: true };
/// As the mark of what is live in boxes.
const LIVE: &str = "#8a1c1c";
/// What an A4 page holds across when the text can still be read.
const PAGE: i32 = 1390;

/// What stands in the lanes.
pub struct Sheet {
    pub layout: Layout,
    /// The shape of each slot, and its card.
    slots: Vec<(usize, Card)>,
    /// The arrow of each edge.
    edges: Vec<usize>,
}

pub fn sheet(diagram: &Diagram) -> Sheet {
    let shapes: Vec<usize> = order(diagram)
        .into_iter()
        .filter_map(|token| match token {
            Token::Row(shape) => Some(shape),
            _ => None,
        })
        .collect();
    let mut slot_of: Vec<Option<usize>> = vec![None; diagram.shapes.len()];
    for (slot, shape) in shapes.iter().enumerate() {
        // Where an end stands several times, each is reached from the slot before it.
        slot_of.get_mut(*shape).into_iter().for_each(|known| {
            known.get_or_insert(slot);
        });
    }
    let sheet = laid_out(diagram, &shapes, &slot_of, &[]);
    let far: Vec<usize> = sheet.far().collect();
    match far.is_empty() {
        true => sheet,
        // Only now is it known what is reached from another row of lanes.
        false => laid_out(diagram, &shapes, &slot_of, &far),
    }
}

/// `far` are the arrows without a line.
fn laid_out(
    diagram: &Diagram,
    shapes: &[usize],
    slot_of: &[Option<usize>],
    far: &[usize],
) -> Sheet {
    let mut draft =
        Draft { lanes: diagram.lanes.len(), title: TITLE, page: PAGE, ..Draft::default() };
    let (edges, mut notes) = connect(diagram, &mut draft, shapes, slot_of);
    for arrow in far.iter().filter_map(|index| diagram.arrows.get(*index)) {
        note_arrival(diagram, &mut notes, arrow);
    }
    let lanes_of = lanes_of(diagram, shapes);
    let mut slots = Vec::new();
    for (shape, lanes) in shapes.iter().zip(lanes_of) {
        let Some(found) = diagram.shapes.get(*shape) else { continue };
        let notes = notes.get(*shape).map(Vec::as_slice).unwrap_or_default();
        let card = card(found, notes, diagram.view == "environments");
        let is_bar = matches!(found.kind, ShapeKind::Fork | ShapeKind::Join);
        let size = match is_bar {
            true => Size { width: 8, height: 44 },
            false => Size {
                width: super::fitted_width(found, card.size, WIDTH),
                height: card.size.height + 14,
            },
        };
        let aside = found.kind == ShapeKind::Event;
        let (lane, also) =
            (lanes.first().copied().unwrap_or(0), lanes.get(1..).unwrap_or_default());
        draft.slots.push(Slot {
            size,
            lane,
            also: also.to_vec(),
            mark: mark_width(found),
            band: band(diagram, found),
            aside,
        });
        slots.push((*shape, card));
    }
    Sheet { layout: lanes(&draft), slots, edges }
}

impl Sheet {
    /// The arrows whose ends stand in two rows of lanes, so that no line leads from one to the other.
    fn far(&self) -> impl Iterator<Item = usize> {
        let all = self.edges.iter().zip(&self.layout.routes);
        all.filter(|(_, route)| route.is_none()).map(|(arrow, _)| *arrow)
    }
}

/// Draws the arrows that have both ends; gives back which they are, and what the boxes are to say of
/// them and of the others.
fn connect(
    diagram: &Diagram,
    draft: &mut Draft,
    shapes: &[usize],
    slot_of: &[Option<usize>],
) -> (Vec<usize>, Vec<Vec<String>>) {
    let mut edges = Vec::new();
    let mut notes: Vec<Vec<String>> = vec![Vec::new(); diagram.shapes.len()];
    let is_event =
        |shape: &usize| diagram.shapes.get(*shape).is_some_and(|it| it.kind == ShapeKind::Event);
    for (index, arrow) in diagram.arrows.iter().enumerate() {
        let mut is_next = false;
        if let Some((from, to)) = ends(diagram, shapes, slot_of, arrow) {
            draft.edges.push(Edge { from, to, style: style_of(arrow) });
            edges.push(index);
            let skipped = shapes.get(from + 1..to).unwrap_or_default();
            is_next = from < to && skipped.iter().all(is_event);
        }
        note(diagram, &mut notes, arrow, is_next);
    }
    (edges, notes)
}

/// The slots of an arrow; an end is reached only from the slot before it.
fn ends(
    diagram: &Diagram,
    shapes: &[usize],
    slot_of: &[Option<usize>],
    arrow: &Arrow,
) -> Option<(usize, usize)> {
    let is_out = |shape: usize| diagram.shapes.get(shape).is_none_or(|it| is_outside(it.kind));
    let slot = |shape: usize| slot_of.get(shape).copied().flatten();
    if is_out(arrow.from) {
        let (from, to) = (slot(arrow.from)?, slot(arrow.to)?);
        return (from + 1 == to).then_some((from, to));
    }
    let from = slot(arrow.from)?;
    if is_out(arrow.to) {
        return (shapes.get(from + 1) == Some(&arrow.to)).then_some((from, from + 1));
    }
    Some((from, slot(arrow.to)?))
}

/// Says in the box what its lines cannot: an answer, and where it leads.
fn note(diagram: &Diagram, notes: &mut [Vec<String>], arrow: &Arrow, is_next: bool) {
    let shape = |index: usize| diagram.shapes.get(index);
    let (Some(from), Some(to)) = (shape(arrow.from), shape(arrow.to)) else { return };
    let outside = is_outside(from.kind);
    let place = if outside { from } else { to };
    let target = called(place);
    let target = match other_path(diagram, from, to).filter(|_| !outside) {
        Some(path) if from.kind == ShapeKind::PathChoice => {
            let when = arrow.labels.join("; ");
            let text = if when.is_empty() { path.clone() } else { format!("{path}: {when}") };
            return notes.get_mut(arrow.from).into_iter().for_each(|list| list.push(text.clone()));
        }
        Some(path) => format!("{target} of {path}"),
        None => target,
    };
    let word = match (outside, to.kind) {
        (true, _) => "from ",
        (_, ShapeKind::End) => "end: ",
        _ => "to ",
    };
    let labels = arrow.labels.join(" / ");
    // Where it leads to another row of lanes, there is no line.
    let leads_away = matches!(arrow.kind, ArrowKind::Event | ArrowKind::Jump) || arrow.back;
    let is_far = place.number.is_empty() || is_outside(place.kind) || leads_away;
    let text = match (labels.is_empty(), is_next) {
        (true, true) => return,
        (true, false) if !is_far => return,
        (false, true) => labels,
        (true, false) => format!("{word}{target}"),
        (false, false) => format!("{labels}: {word}{target}"),
    };
    let own = if outside { arrow.to } else { arrow.from };
    notes.get_mut(own).into_iter().for_each(|list| list.push(text.clone()));
}

/// Says in the box from where no line comes to it.
fn note_arrival(diagram: &Diagram, notes: &mut [Vec<String>], arrow: &Arrow) {
    let shape = |index: usize| diagram.shapes.get(index);
    let (Some(from), Some(to)) = (shape(arrow.from), shape(arrow.to)) else { return };
    let text = match other_path(diagram, to, from) {
        Some(path) => format!("from {} of {path}", called(from)),
        None => format!("from {}", called(from)),
    };
    notes.get_mut(arrow.to).into_iter().for_each(|list| list.push(text.clone()));
}

/// What other boxes call a shape.
fn called(shape: &Shape) -> String {
    match (shape.number.as_str(), shape.kind) {
        (_, ShapeKind::Fork) => "the work in any order".to_string(),
        (_, ShapeKind::Join) => "the end of the work in any order".to_string(),
        ("", _) => shape.title.clone(),
        (number, ShapeKind::Step | ShapeKind::Decision) => number.to_string(),
        (number, _) => format!("{number} {}", shape.title),
    }
}

/// The path of the second shape, where it is another than that of the first, and there are several.
fn other_path(diagram: &Diagram, from: &Shape, to: &Shape) -> Option<String> {
    let path = path_of(diagram, to).filter(|path| path_of(diagram, from) != Some(*path))?;
    diagram.groups.get(path).filter(|_| has_paths(diagram)).map(|path| path.title.clone())
}

/// Whether steps of several paths are drawn.
fn has_paths(diagram: &Diagram) -> bool {
    diagram.groups.iter().filter(|group| group.kind == GroupKind::Path).count() > 1
}

fn card(shape: &Shape, notes: &[String], without_places: bool) -> Card {
    let mut shape = shape.clone();
    if without_places {
        shape.environments.clear();
    }
    cards::with_notes(&shape, WIDTH, notes)
}

/// The mark of a step in another lane holds its number.
fn mark_width(shape: &Shape) -> i32 {
    (width(&shape.number, LANE) + 16).clamp(44, WIDTH / 2)
}

/// What has no lane of its own stands where the next thing of the flow does, or else the one before.
fn lanes_of(diagram: &Diagram, shapes: &[usize]) -> Vec<Vec<usize>> {
    let mut lanes: Vec<Vec<usize>> = shapes
        .iter()
        .map(|shape| {
            diagram.shapes.get(*shape).map(|shape| shape.lanes.clone()).unwrap_or_default()
        })
        .collect();
    let kind = |index: usize| {
        let shape = shapes.get(index).and_then(|shape| diagram.shapes.get(*shape));
        shape.map_or(ShapeKind::Nowhere, |shape| shape.kind)
    };
    let is_end = |index: usize| {
        matches!(
            kind(index),
            ShapeKind::End | ShapeKind::To | ShapeKind::Join | ShapeKind::PathChoice
        )
    };
    for backwards in [false, true] {
        let mut known: Option<usize> = None;
        for step in 0..lanes.len() {
            let index = if backwards { lanes.len() - 1 - step } else { step };
            let Some(own) = lanes.get_mut(index) else { continue };
            match (own.first(), known) {
                // What may happen at any time stands beside the flow.
                (Some(first), _) if kind(index) != ShapeKind::Event => known = Some(*first),
                (None, Some(lane)) if backwards || is_end(index) => own.push(lane),
                _ => {}
            }
        }
    }
    lanes
}

/// The outermost group around a shape that is not a path.
fn band(diagram: &Diagram, shape: &Shape) -> Option<usize> {
    let mut band = None;
    let mut around = shape.group;
    while let Some(index) = around {
        let group = diagram.groups.get(index)?;
        if group.kind != GroupKind::Path || band.is_none() {
            band = Some(index);
        }
        around = group.group;
    }
    band
}

pub fn draw(pen: &mut Pen, diagram: &Diagram, sheet: &Sheet) {
    for (lane, area) in &sheet.layout.lanes {
        draw_lane(pen, diagram, *lane, *area);
    }
    for (_, area) in &sheet.layout.bands {
        pen.rect(*area, 4, "fill=\"none\" stroke=\"#68727c\" stroke-dasharray=\"4 3\"");
    }
    for (slot, area) in &sheet.layout.also {
        dimmed(pen, diagram, sheet, *slot, |pen| draw_thread(pen, sheet, *slot, *area));
    }
    for (arrow, route) in sheet.edges.iter().zip(&sheet.layout.routes) {
        if let Some(points) = route {
            super::draw_line(pen, diagram, *arrow, points);
            pen.raw("</g>");
        }
    }
    // Lines from above go behind the heads of the bands.
    for (band, area) in &sheet.layout.bands {
        draw_band(pen, diagram, *band, *area);
    }
    for (slot, area) in &sheet.layout.also {
        dimmed(pen, diagram, sheet, *slot, |pen| draw_also(pen, diagram, sheet, *slot, *area));
    }
    for ((shape, card), area) in sheet.slots.iter().zip(&sheet.layout.slots) {
        super::draw_box(pen, diagram, *shape, card, *area);
    }
}

fn draw_lane(pen: &mut Pen, diagram: &Diagram, lane: usize, area: Rect) {
    let fill = if lane.is_multiple_of(2) { "#f6f8fa" } else { "#ffffff" };
    pen.rect(area, 0, &format!("fill=\"{fill}\" stroke=\"#8b96a1\""));
    let Some(title) = diagram.lanes.get(lane) else { return };
    let role =
        diagram.legend.roles.iter().find(|role| diagram.view == "roles" && role.title == *title);
    let live = diagram.view == "environments" && is_live(diagram, title);
    let fill = role.map_or(if live { LIVE } else { "#e8ebee" }, |role| role.fill);
    let look = if live { " on-dark" } else { "" };
    let head = Rect { width: TITLE, ..area };
    pen.rect(head, 0, &format!("fill=\"{fill}\" stroke=\"#8b96a1\""));
    let most = usize::try_from((area.height - 8) / 13).unwrap_or(1).max(1);
    let lines = wrap(title, LANE, TITLE - 14, most);
    let height = i32::try_from(lines.len()).unwrap_or(1) * 13;
    let mut y = area.centre().y - height / 2;
    for text in lines {
        pen.text(area.x + 8, y + 10, &text, LANE, look);
        y += 13;
    }
}

/// Whether what is done in the environment of that title touches what is live.
fn is_live(diagram: &Diagram, title: &str) -> bool {
    let mut places = diagram.shapes.iter().flat_map(|shape| &shape.environments);
    places.any(|place| place.live && place.title == title)
}

fn draw_band(pen: &mut Pen, diagram: &Diagram, band: usize, area: Rect) {
    let Some(group) = diagram.groups.get(band) else { return };
    let title = match group.title.is_empty() {
        true => group.sentence.clone().unwrap_or_default(),
        false => cards::numbered(&group.number, &group.title),
    };
    // Numbers begin anew in each path.
    let path = group.group.and_then(|around| diagram.groups.get(around));
    let path = path.filter(|around| around.kind == GroupKind::Path && has_paths(diagram));
    let path = path.map(|path| format!(" · {}", path.title)).unwrap_or_default();
    let title = format!("{title}{path}");
    let head = Rect { height: 16, ..area };
    // Lines run behind the head, so it is its text alone that steps back.
    pen.rect(head, 4, "fill=\"#e8ebee\" stroke=\"#68727c\"");
    let text = wrap(&title, LANE, area.width - 12, 1).pop().unwrap_or_default();
    pen.raw(if diagram.is_passed(band) { "<g class=\"dim\">" } else { "<g>" });
    pen.text(area.x + 6, area.y + 12, &text, LANE, "");
    pen.raw("</g>");
}

/// Draws what belongs to a step, pale where a run does not come by it.
fn dimmed(pen: &mut Pen, diagram: &Diagram, sheet: &Sheet, slot: usize, draw: impl Fn(&mut Pen)) {
    let shape = sheet.slots.get(slot).map(|(shape, _)| *shape);
    let is_pale = shape.and_then(|it| diagram.comes_by(it)) == Some(Course::Not);
    pen.raw(if is_pale { "<g class=\"dim\">" } else { "<g>" });
    draw(pen);
    pen.raw("</g>");
}

/// From a step to where it is done too.
fn draw_thread(pen: &mut Pen, sheet: &Sheet, slot: usize, area: Rect) {
    let Some(own) = sheet.layout.slots.get(slot) else { return };
    let x = area.centre().x;
    let (from, to) = if area.y > own.y { (own.bottom(), area.y) } else { (area.bottom(), own.y) };
    let thread = Rect { x: x - 1, y: from, width: 2, height: (to - from).max(0) };
    pen.rect(thread, 0, "fill=\"#8b96a1\"");
}

/// A step is also done here: its number.
fn draw_also(pen: &mut Pen, diagram: &Diagram, sheet: &Sheet, slot: usize, area: Rect) {
    let Some((shape, _)) = sheet.slots.get(slot) else { return };
    let Some(shape) = diagram.shapes.get(*shape) else { return };
    let role = shape.role.and_then(|role| diagram.legend.roles.get(role));
    let (fill, stroke) = role.map_or(("#ffffff", "#39434d"), |role| (role.fill, role.line));
    pen.raw("<g role=\"graphics-object\">");
    let step = cards::numbered(&shape.number, &shape.title);
    pen.title(&match shape.who.as_ref().filter(|_| diagram.view == "roles") {
        Some(who) => format!("{step}: {who}"),
        None => format!("{step} is also done here"),
    });
    pen.rect(area, 7, &format!("fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.2\""));
    let number = wrap(&shape.number, LANE, area.width - 8, 1).pop().unwrap_or_default();
    pen.text(area.x + 8, area.y + 12, &number, LANE, "");
    pen.raw("</g>");
}
