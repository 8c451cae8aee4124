//! What the scenarios of a process come by, and what none of them does.

use super::{Passed, Run};
use crate::flow::presence;
use crate::model::{ItemId, ItemKind, Model, OutcomeId};
use std::collections::HashSet;

/// Something that a scenario can come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Point {
    Path(ItemId),
    /// A step or a decision is performed.
    Step(ItemId),
    /// An answer, an event, a timeout or a case of a decision.
    Branch(ItemId, usize),
    /// An event of a block.
    Event(ItemId, usize),
    /// An item does not apply, for this reason.
    Passed(ItemId, Passed),
    Outcome(OutcomeId),
}

/// Every point of a process, in the order of the text, the outcomes last.
///
/// What is judged on the spot (a text alone, `skip by`) is no reason here: no scenario can say how
/// that turns out.
pub fn points(model: &Model) -> Vec<Point> {
    let mut points = Vec::new();
    for id in model.ids() {
        let item = model.item(id);
        let branches = 0..item.branches.len();
        match item.kind {
            ItemKind::Path { .. } => points.push(Point::Path(id)),
            ItemKind::Step | ItemKind::Decide { .. } => points.push(Point::Step(id)),
            _ => {}
        }
        points.extend(reasons(model, id).map(|reason| Point::Passed(id, reason)));
        match item.kind {
            ItemKind::Decide { .. } => points.extend(branches.map(|it| Point::Branch(id, it))),
            _ => points.extend(branches.map(|it| Point::Event(id, it))),
        }
    }
    points.extend((0..model.outcomes.len() as u32).map(|id| Point::Outcome(OutcomeId(id))));
    points
}

/// Why an item may not apply, as far as facts tell.
fn reasons(model: &Model, id: ItemId) -> impl Iterator<Item = Passed> {
    let item = model.item(id);
    let is_path = matches!(item.kind, ItemKind::Path { .. });
    let whens =
        item.when.iter().enumerate().filter(move |(_, when)| !is_path && when.guard.is_some());
    let skips = item.skips.iter().enumerate();
    let skips = skips.filter(|(_, skip)| skip.by.is_none() && skip.condition.guard.is_some());
    let by = item.head.by.as_ref().filter(|_| item.kind.is_performed());
    let nobody = by.and_then(|who| presence(model, who.roles()));
    whens
        .map(|(index, _)| Passed::When(index))
        .chain(skips.map(|(index, _)| Passed::Skip(index)))
        .chain(nobody.map(|_| Passed::Nobody))
}

/// The points that a run comes by.
pub fn covered(model: &Model, run: &Run) -> HashSet<Point> {
    let items = run.items.iter().filter_map(|id| match model.item(*id).kind {
        ItemKind::Path { .. } => Some(Point::Path(*id)),
        ItemKind::Step | ItemKind::Decide { .. } => Some(Point::Step(*id)),
        _ => None,
    });
    let taken = run.taken.iter().map(|(id, index)| match model.item(*id).kind {
        ItemKind::Decide { .. } => Point::Branch(*id, *index),
        _ => Point::Event(*id, *index),
    });
    let passed = run.passed.iter().map(|(id, reason)| Point::Passed(*id, *reason));
    items
        .chain(taken)
        .chain(passed)
        .chain(run.end.as_ref().ok().map(|end| Point::Outcome(*end)))
        .collect()
}
