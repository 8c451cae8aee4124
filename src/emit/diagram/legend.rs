//! Colours of roles, and what shapes and lines mean.

use super::words::clip;
use super::{Arrow, ArrowKind, ArrowMeaning, Legend, Role, Shape, ShapeKind, ShapeMeaning};
use crate::model::{ItemKind, Model, RoleId, Who};
use std::collections::BTreeSet;

/// Fills and lines after Okabe and Ito, so that people who see few colours can tell them apart: light
/// tints first, then stronger ones, all of them light enough for black text.
const COLOURS: [(&str, &str); 16] = [
    ("#cfe8f7", "#2b7fb0"),
    ("#fbe2b0", "#9c6c00"),
    ("#bfe6d9", "#00704f"),
    ("#f3d9e7", "#9a3f72"),
    ("#fbf6b6", "#857a00"),
    ("#f8cfb6", "#a04600"),
    ("#e4e4e4", "#555555"),
    ("#c3d3ee", "#1f4f94"),
    ("#8fcbee", "#2b7fb0"),
    ("#f5c45c", "#9c6c00"),
    ("#74cdb0", "#00704f"),
    ("#e0a3c6", "#9a3f72"),
    ("#f2e660", "#857a00"),
    ("#eb9d68", "#a04600"),
    ("#bdbdbd", "#555555"),
    ("#8eaedd", "#1f4f94"),
];

/// The roles that lead a step anywhere in the process: each has one colour in all pictures of it.
pub fn leading_roles(model: &Model) -> Vec<RoleId> {
    let steps = model
        .items
        .iter()
        .filter(|item| matches!(item.kind, ItemKind::Step | ItemKind::Decide { .. }));
    let leads = steps.filter_map(|item| item.head.by.as_ref()).filter_map(leader);
    leads.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The role that gives a step its colour.
pub fn leader(who: &Who) -> Option<RoleId> {
    who.roles().first().copied()
}

/// The legend with all roles that lead anything, in the order of [`leading_roles`].
pub fn roles(model: &Model) -> Legend {
    let roles = leading_roles(model)
        .into_iter()
        .zip(COLOURS.iter().cycle())
        .map(|(role, (fill, line))| Role {
            title: clip(&model.role(role).title),
            external: model.is_external(role),
            fill,
            line,
        })
        .collect();
    Legend { roles, ..Legend::default() }
}

/// Says what occurs in the picture, and forgets the roles that do not.
pub fn explain(legend: &mut Legend, shapes: &mut [Shape], arrows: &[Arrow]) {
    let used: BTreeSet<usize> = shapes.iter().filter_map(|shape| shape.role).collect();
    for shape in shapes.iter_mut() {
        shape.role = shape.role.and_then(|role| used.iter().position(|used| *used == role));
    }
    let mut index = 0..;
    legend.roles.retain(|_| index.next().is_some_and(|index| used.contains(&index)));
    legend.external = shapes.iter().any(|shape| shape.external);
    legend.live = shapes.iter().any(|shape| shape.environments.iter().any(|place| place.live));
    let kinds: BTreeSet<ShapeKind> = shapes.iter().map(|shape| shape.kind).collect();
    legend.shapes = kinds
        .into_iter()
        .filter_map(|kind| shape_meaning(kind).map(|meaning| ShapeMeaning { kind, meaning }))
        .collect();
    let kinds: BTreeSet<(bool, ArrowKind)> =
        arrows.iter().map(|arrow| (arrow.is_loop(), arrow.kind)).collect();
    let mut meanings = Vec::new();
    for (back, kind) in kinds {
        let meaning = if back { "back, and again from there" } else { arrow_meaning(kind) };
        let known = |line: &ArrowMeaning| line.meaning == meaning;
        if !meaning.is_empty() && !meanings.iter().any(known) {
            meanings.push(ArrowMeaning { kind, back, meaning });
        }
    }
    legend.arrows = meanings;
}

fn shape_meaning(kind: ShapeKind) -> Option<&'static str> {
    Some(match kind {
        ShapeKind::Start => "start",
        ShapeKind::Step => "step",
        ShapeKind::Decision => "decision",
        ShapeKind::Block => "several steps",
        ShapeKind::Before => "steps before the paths",
        ShapeKind::Fork => "in any order, until all are done",
        ShapeKind::Event => "may happen at any step in its frame",
        ShapeKind::From => "comes from elsewhere",
        ShapeKind::To => "goes on elsewhere",
        ShapeKind::End => "end",
        ShapeKind::PathChoice | ShapeKind::Join | ShapeKind::Nowhere => return None,
    })
}

fn arrow_meaning(kind: ArrowKind) -> &'static str {
    match kind {
        ArrowKind::Next | ArrowKind::Choice | ArrowKind::Jump => "goes on",
        ArrowKind::Event => "when it happens",
        ArrowKind::Wait => "when the time is over",
        ArrowKind::Skip => "if the stage is skipped",
    }
}
