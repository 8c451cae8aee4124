//! One run through a process, in the picture of it.

use super::arrows::{Answers, leads_on};
use super::scene::{Key, Piece, Scene, Shown};
use super::{Arrow, Highlight, Shape, ShapeKind, ShownRun};
use super::{passed, words};
use crate::emit::prose::plain;
use crate::model::ItemId;

/// All that a case says is longer than what stands in a box.
const MOST_OF_A_TITLE: usize = 400;

/// Which shapes and arrows a run comes by; the numbers are those of its steps, in order.
pub fn highlight(
    scene: &Scene<'_>,
    keys: &[Key],
    shapes: &[Shape],
    arrows: &[Arrow],
    run: &ShownRun,
) -> Highlight {
    let mut found = Highlight {
        title: words::at_most(&plain(&run.title), MOST_OF_A_TITLE),
        visits: vec![Vec::new(); shapes.len()],
        shapes: vec![false; shapes.len()],
        arrows: vec![false; arrows.len()],
        open_shapes: vec![false; shapes.len()],
        open_arrows: vec![false; arrows.len()],
        groups: Vec::new(),
        reasons: vec![None; shapes.len()],
    };
    let stops = stops(scene, keys, run);
    let mut number = 0;
    for (shape, _) in &stops {
        found.shapes.get_mut(*shape).into_iter().for_each(|lit| *lit = true);
        let counts = shapes.get(*shape).is_some_and(|shape| {
            matches!(
                shape.kind,
                ShapeKind::Step | ShapeKind::Decision | ShapeKind::Block | ShapeKind::Before
            )
        });
        if counts {
            number += 1;
            found.visits.get_mut(*shape).into_iter().for_each(|list| list.push(number));
        }
    }
    let answers = answers(scene, keys, run);
    light_events(scene, keys, run, &mut found);
    for pair in stops.windows(2) {
        let [(from, _), (to, _)] = pair else { continue };
        leads_on(arrows, shapes, *from, *to, &answers, &mut found);
    }
    if let (Some(outcome), Some((last, _))) = (run.end, stops.last()) {
        let is_end = |key: &Key| matches!(key, Key::End(end, _) if *end == outcome);
        let ends = keys.iter().enumerate().filter(|(_, key)| is_end(key)).map(|(index, _)| index);
        for end in ends.collect::<Vec<_>>() {
            leads_on(arrows, shapes, *last, end, &answers, &mut found);
        }
    }
    join_up(arrows, shapes, &mut found);
    let last = stops.last().map(|(shape, _)| *shape);
    leave_open(scene, keys, arrows, run, (last, &answers), &mut found);
    passed::pass_by(scene, keys, (shapes, arrows), (run, &answers), &mut found);
    give_reasons(scene, keys, run, &mut found);
    found
}

/// Says of what is neither on the run nor open why it does not apply.
fn give_reasons(scene: &Scene<'_>, keys: &[Key], run: &ShownRun, found: &mut Highlight) {
    for ((key, reason), lit) in keys.iter().zip(&mut found.reasons).zip(&found.shapes) {
        if let (Key::Within(id, Piece::Itself), false) = (key, *lit) {
            let why = run.why_not(scene.model, *id).filter(|_| !run.is_open(scene.model, *id));
            *reason = why.map(|why| words::short(&why));
        }
    }
}

/// What a case leaves open: what the run may still come to, and the ways there from where it stopped,
/// the last stop with the answers that were given.
fn leave_open(
    scene: &Scene<'_>,
    keys: &[Key],
    arrows: &[Arrow],
    run: &ShownRun,
    (last, answers): (Option<usize>, &Answers),
    found: &mut Highlight,
) {
    let model = scene.model;
    found.open_shapes = keys
        .iter()
        .map(|key| match key {
            Key::Within(id, Piece::Event(_)) => run.may_be_left(model, *id),
            Key::Within(id, _) | Key::From(id) => run.is_open(model, *id),
            Key::PathChoice => run.chooses_later(model),
            _ => false,
        })
        .collect();
    let is_led_to = |shape: usize| {
        matches!(keys.get(shape), Some(Key::End(..) | Key::To(..) | Key::Nowhere | Key::PathChoice))
    };
    for (index, arrow) in arrows.iter().enumerate() {
        let is = |all: &[bool], shape: usize| all.get(shape).copied().unwrap_or(false);
        let goes_on = last == Some(arrow.from)
            && run.end.is_none()
            && (arrow.labels.is_empty() || answers.lead_by(arrow));
        let from = is(&found.open_shapes, arrow.from) || goes_on;
        let to = is(&found.open_shapes, arrow.to) || is(&found.shapes, arrow.to);
        let round = match (keys.get(arrow.from), keys.get(arrow.to)) {
            (Some(Key::Within(from, _)), Some(Key::Within(to, _))) if arrow.is_round() => {
                is(&found.shapes, arrow.from)
                    && is(&found.shapes, arrow.to)
                    && run.may_go_round(model, *from, *to)
            }
            _ => false,
        };
        if round {
            found.open_arrows.get_mut(index).into_iter().for_each(|open| *open = true);
        } else if run.leaves_something_open() && from && (to || is_led_to(arrow.to)) {
            for (list, at) in [(&mut found.open_arrows, index), (&mut found.open_shapes, arrow.to)]
            {
                list.get_mut(at).into_iter().for_each(|open| *open = true);
            }
        }
    }
}

/// The shapes that a run comes by, in order, each with the item that brought it there.
fn stops(scene: &Scene<'_>, keys: &[Key], run: &ShownRun) -> Vec<(usize, ItemId)> {
    let index = |wanted: Key| keys.iter().position(|key| *key == wanted);
    let mut stops: Vec<(usize, ItemId)> = Vec::new();
    if let (Some(start), Some(first)) = (index(Key::Start), run.items.first()) {
        stops.push((start, *first));
    }
    for item in &run.items {
        let performed = scene.model.item(*item).kind.is_performed();
        let key = match scene.shown(*item) {
            Shown::Shape(shape) => Key::Within(shape, Piece::Itself),
            Shown::Before if performed => Key::Before,
            _ => continue,
        };
        // Another step of the same box is no new stop; the same step once more is one.
        let again = key == Key::Within(*item, Piece::Itself);
        let Some(shape) = index(key) else { continue };
        if again || stops.last().is_none_or(|(last, _)| *last != shape) {
            stops.push((shape, *item));
        }
    }
    stops
}

/// What was answered on a run, and what happened, at the shapes that say so.
fn answers(scene: &Scene<'_>, keys: &[Key], run: &ShownRun) -> Answers {
    let mut all = Vec::new();
    for (item, index) in &run.taken {
        let Some(branch) = scene.model.item(*item).branches.get(*index) else { continue };
        let own = match scene.shown(*item) {
            Shown::Shape(shape) => Some(Key::Within(shape, Piece::Itself)),
            Shown::Before => Some(Key::Before),
            _ => None,
        };
        let event = Key::Within(*item, Piece::Event(*index));
        let said = words::branch(scene.model, branch);
        let at = keys.iter().enumerate().filter(|(_, key)| **key == event || Some(**key) == own);
        all.extend(at.map(|(shape, _)| (shape, said.clone())));
    }
    Answers(all)
}

/// The events that happened, where they have a shape.
fn light_events(scene: &Scene<'_>, keys: &[Key], run: &ShownRun, found: &mut Highlight) {
    for (item, branch) in &run.taken {
        if scene.model.item(*item).kind.is_performed() {
            continue;
        }
        let wanted = Key::Within(*item, Piece::Event(*branch));
        if let Some(index) = keys.iter().position(|key| *key == wanted) {
            found.shapes.get_mut(index).into_iter().for_each(|lit| *lit = true);
        }
    }
}

/// What stands between lit shapes and was not a stop of its own: where parallel work starts and
/// comes together, and where an event leads.
fn join_up(arrows: &[Arrow], shapes: &[Shape], found: &mut Highlight) {
    let kind = |shape: usize| shapes.get(shape).map(|shape| shape.kind);
    let lit = |found: &Highlight, shape: usize| found.shapes.get(shape).copied().unwrap_or(false);
    for round in [ShapeKind::Fork, ShapeKind::Join, ShapeKind::Event] {
        for (index, arrow) in arrows.iter().enumerate() {
            let joins = match round {
                ShapeKind::Join => kind(arrow.to) == Some(round) && lit(found, arrow.from),
                _ => kind(arrow.from) == Some(round) && lit(found, arrow.to) && !arrow.back,
            };
            // An event is lit only if it happened.
            if joins && (round != ShapeKind::Event || lit(found, arrow.from)) {
                found.arrows.get_mut(index).into_iter().for_each(|lit| *lit = true);
                for shape in [arrow.from, arrow.to] {
                    found.shapes.get_mut(shape).into_iter().for_each(|lit| *lit = true);
                }
            }
        }
    }
}
