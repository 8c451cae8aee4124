//! What does not apply in a case, and why.

use super::steps::because;
use super::{LeftOut, because_of, filled};
use crate::emit::{prose::plain, words};
use crate::flow::last_inside;
use crate::model::{Condition, Guard, ItemId, ItemKind, Line, Model, Target};
use crate::plan::{Passed, Run, Values};
use std::collections::{HashMap, HashSet};

/// The stages, steps and tasks that are left out, of what stands before the paths and in those that are
/// entered. While the run is not at its end, only what it has passed by.
pub(super) fn left_out(model: &Model, values: &Values<'_>, run: &Run) -> Vec<LeftOut> {
    let performed: HashSet<ItemId> = run.items.iter().copied().collect();
    let done: HashSet<ItemId> = run.items.iter().flat_map(|id| model.ancestors(*id)).collect();
    let passed: HashMap<ItemId, Passed> = run.passed.iter().copied().collect();
    // Numbers begin anew in each path.
    let is_path = |id: &&ItemId| matches!(model.item(**id).kind, ItemKind::Path { .. });
    let several = done.iter().filter(is_path).count() > 1;
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(id) = (next < model.items.len()).then_some(ItemId(next as u32)) {
        let kind = &model.item(id).kind;
        next += 1;
        let is_path = matches!(kind, ItemKind::Path { .. });
        if is_path && !done.contains(&id) {
            next = last_inside(model, id).0 as usize + 1;
        }
        let path = several.then(|| path_title(model, id)).flatten();
        if performed.contains(&id) {
            tasks(model, values, &model.item(id).lines, &path, &mut found);
        }
        if done.contains(&id) || is_path {
            continue;
        }
        let why = match passed.get(&id) {
            Some(reason) => Some(reason_of(model, values, id, *reason)),
            None if !kind.is_performed() && *kind != ItemKind::Stage => None,
            None if run.end.is_ok() => Some(not_come_by(model, run, id)),
            None => None,
        };
        if let Some(why) = why {
            let item = model.item(id);
            found.push(LeftOut {
                number: item.number.clone(),
                path,
                title: filled(values, model, &item.title),
                why,
            });
            // What is in it is left out with it.
            next = last_inside(model, id).0 as usize + 1;
        }
    }
    found
}

fn path_title(model: &Model, id: ItemId) -> Option<String> {
    words::path_of(model, id).map(|path| plain(&words::text(&model.item(path).title)))
}

/// The tasks of a step that do not apply; only those of which that is known.
fn tasks(
    model: &Model,
    values: &Values<'_>,
    lines: &[Line],
    path: &Option<String>,
    found: &mut Vec<LeftOut>,
) {
    for line in lines {
        let task = match line {
            Line::Task(task) => task,
            Line::ForEach { lines, .. } => {
                tasks(model, values, lines, path, found);
                continue;
            }
            _ => continue,
        };
        let guards = task.when.iter().filter_map(|when| when.guard.clone());
        let part = words::needs_part(model, task.head.by.as_ref());
        let failed = guards.chain(part).find(|guard| values.holds(guard) == Ok(false));
        if let Some(failed) = failed {
            found.push(LeftOut {
                number: task.number.clone(),
                path: path.clone(),
                title: filled(values, model, &task.text),
                why: as_it_is(model, values, &not(failed)),
            });
        }
    }
}

/// Why an item did not apply.
fn reason_of(model: &Model, values: &Values<'_>, id: ItemId, reason: Passed) -> String {
    let item = model.item(id);
    let guard_of = |condition: &Condition| condition.guard.clone();
    match reason {
        Passed::When(index) => {
            let guard = item.when.get(index).and_then(guard_of);
            guard.map(|guard| as_it_is(model, values, &not(guard))).unwrap_or_default()
        }
        Passed::Skip(index) => {
            let Some(skip) = item.skips.get(index) else { return String::new() };
            let why = guard_of(&skip.condition).map(|guard| as_it_is(model, values, &guard));
            let text = words::some_text(skip.condition.text.as_ref()).map(|text| plain(&text));
            match (text, why.unwrap_or_default()) {
                (Some(text), why) => format!("{text} ({why})"),
                (None, why) => why,
            }
        }
        Passed::Nobody => words::needs_part(model, item.head.by.as_ref())
            .map(|guard| as_it_is(model, values, &not(guard)))
            .unwrap_or_default(),
    }
}

fn not(guard: Guard) -> Guard {
    Guard::Not(Box::new(guard))
}

/// Why a condition holds: the facts by which it does. Where they are not known from the case, the
/// condition.
fn as_it_is(model: &Model, values: &Values<'_>, guard: &Guard) -> String {
    let known = because_of(model, values, guard);
    match values.holds(guard) == Ok(true) && !known.is_empty() {
        true => words::list(&known, "and"),
        false => plain(&words::clause(model, guard)),
    }
}

/// Why a run that has ended does not come by: what led past it.
fn not_come_by(model: &Model, run: &Run, id: ItemId) -> String {
    let path = model.path_of(id);
    let led_past = |(from, index): &&(ItemId, usize)| {
        let target = model.item(*from).branches.get(*index).map(|branch| branch.target);
        let here = model.path_of(*from) == path && *from < id;
        here && match target {
            Some(Target::Item(to)) => model.path_of(to) != path || to > id,
            Some(Target::End(_)) => true,
            _ => false,
        }
    };
    match run.taken.iter().rev().find(led_past) {
        Some((from, index)) => because(model, *from, *index),
        None => "in this case nothing leads there".to_string(),
    }
}
