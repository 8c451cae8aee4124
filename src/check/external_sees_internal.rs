//! `external-sees-internal`: an internal line is meant for people who have no part in the step.

use super::words::called;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Head, ItemId, Line, Model};
use crate::source::Place;
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    name: "external-sees-internal",
    severity: Severity::Error,
    summary: "a line is internal, and only external roles do the step",
    why: "Whoever does the step is not to see the line, and whoever may see it does not do the step. \
          Either it is shown to the client, or nobody acts on it.",
    wrong: include_str!("examples/external-sees-internal.wrong.vup"),
    right: include_str!("examples/external-sees-internal.right.vup"),
};

pub fn check(model: &Model) -> Vec<Diagnostic> {
    // A line of a procedure is right if somebody on our side does it in one of its runs.
    let mut seen: BTreeMap<Place, Option<ItemId>> = BTreeMap::new();
    for id in model.ids() {
        let item = model.item(id);
        let ours = !(item.kind.is_performed() && is_external(model, &item.head));
        internal(model, &item.lines, ours, &mut |place, ours| {
            let entry = seen.entry(place).or_insert(Some(id));
            if ours {
                *entry = None;
            }
        });
    }
    let mut told = BTreeMap::new();
    for (place, id) in seen.iter().filter_map(|(place, id)| Some((*place, (*id)?))) {
        // The first line of a step; the others are shown with it.
        told.entry(model.item(id).place).or_insert((id, Vec::new())).1.push(place);
    }
    told.into_values().filter_map(|(id, places)| tell(model, id, &places)).collect()
}

fn tell(model: &Model, id: ItemId, places: &[Place]) -> Option<Diagnostic> {
    let (first, others) = places.split_first()?;
    let what = called(model, id);
    let message = format!("this is internal, and {what} is done by external roles alone");
    let mut finding = Diagnostic::new(&RULE, *first, message);
    for place in others.iter().take(3) {
        finding = finding.label(*place, "so is this");
    }
    Some(
        finding
            .label(model.item(id).place, "nobody on this side takes part")
            .help("leave `internal` out, let somebody on this side do the line, or move it to a step of theirs"),
    )
}

/// Whether somebody does it, and nobody of those who act and help is on our side.
fn is_external(model: &Model, head: &Head) -> bool {
    let by = head.by.iter().flat_map(|who| who.roles());
    head.by.is_some() && by.chain(&head.with).all(|role| model.is_external(*role))
}

/// Shows each internal line, and whether somebody on our side has a part in it.
fn internal(model: &Model, lines: &[Line], ours: bool, see: &mut impl FnMut(Place, bool)) {
    for line in lines {
        match line {
            Line::Task(task) => {
                let own = &task.head;
                let acts = own.by.iter().flat_map(|who| who.roles()).chain(&own.with);
                let ours = match own.by.is_some() {
                    true => !is_external(model, own),
                    false => ours || acts.into_iter().any(|role| !model.is_external(*role)),
                };
                if task.internal {
                    see(task.place, ours);
                } else {
                    internal(model, &task.lines, ours, see);
                }
            }
            Line::Record(record) if record.internal => see(record.place, ours),
            Line::Remark(remark) if remark.internal => see(remark.place, ours),
            Line::ForEach { lines, .. } => internal(model, lines, ours, see),
            _ => {}
        }
    }
}
