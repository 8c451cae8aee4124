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
    let mut seen: BTreeMap<Place, Option<(ItemId, By)>> = BTreeMap::new();
    for id in model.ids() {
        let item = model.item(id);
        let ours = !(item.kind.is_performed() && is_external(model, &item.head));
        let by = if ours { By::Us } else { By::Step };
        internal(model, &item.lines, by, &mut |place, by| {
            let entry = seen.entry(place).or_insert(Some((id, by)));
            if by == By::Us {
                *entry = None;
            }
        });
    }
    let mut told = BTreeMap::new();
    for (place, (id, by)) in seen.iter().filter_map(|(place, seen)| Some((*place, (*seen)?))) {
        // The first line of a step; the others are shown with it.
        let key = (model.item(id).place, by);
        told.entry(key).or_insert((id, Vec::new())).1.push(place);
    }
    let told = told.into_iter();
    told.filter_map(|((_, by), (id, places))| tell(model, id, by, &places)).collect()
}

/// Who does an internal line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// Somebody on this side.
    Us,
    /// Those who do the step, external roles alone.
    Step,
    /// Those who do this task, external roles alone.
    Task,
}

fn tell(model: &Model, id: ItemId, by: By, places: &[Place]) -> Option<Diagnostic> {
    let (first, others) = places.split_first()?;
    if by == By::Task {
        let message = "this is internal, and done by external roles alone";
        let others = others.iter().take(3);
        return Some(
            others
                .fold(Diagnostic::new(&RULE, *first, message), |finding, place| {
                    finding.label(*place, "so is this")
                })
                .help("leave `internal` out, or let somebody on this side do it"),
        );
    }
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
    head.by.is_some()
        && !head.is_someone_unknown
        && by.chain(&head.with).all(|role| model.is_external(*role))
}

/// Shows each internal line, and who does it.
fn internal(model: &Model, lines: &[Line], by: By, see: &mut impl FnMut(Place, By)) {
    for line in lines {
        match line {
            Line::Task(task) => {
                let own = &task.head;
                let helps = || own.with.iter().any(|role| !model.is_external(*role));
                let by = match own.by.is_some() {
                    true if is_external(model, own) => By::Task,
                    true => By::Us,
                    false if helps() => By::Us,
                    false => by,
                };
                if task.internal {
                    see(task.place, by);
                } else {
                    internal(model, &task.lines, by, see);
                }
            }
            Line::Record(record) if record.internal => see(record.place, by),
            Line::Remark(remark) if remark.internal => see(remark.place, by),
            Line::ForEach { lines, .. } => internal(model, lines, by, see),
            _ => {}
        }
    }
}
