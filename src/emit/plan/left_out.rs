//! What does not apply in a case, and why.

use super::steps::because;
use super::{LeftOut, answered, because_of, decisive, filled};
use crate::emit::{prose::plain, words};
use crate::flow::{last_inside, presence};
use crate::model::{
    BranchKind, Condition, FactOrigin, Guard, Item, ItemId, ItemKind, Line, Model, Op, Target,
    Task, TaskKind,
};
use crate::plan::{Case, Passed, Run, Values};
use crate::source::Place;
use std::collections::{HashMap, HashSet};

/// A stage, step or task that does not apply.
pub(crate) struct Omitted {
    pub item: ItemId,
    /// Of a task of the item: where it stands.
    pub task: Option<Place>,
    pub why: String,
}

pub(super) fn left_out(model: &Model, case: &Case, values: &Values<'_>, run: &Run) -> Vec<LeftOut> {
    let omitted = omitted(model, case, run, None);
    // Numbers begin anew in each path.
    let paths = run.items.iter().map(|id| model.path_of(*id)).filter(|id| *id != Model::ROOT);
    let several = paths.collect::<HashSet<_>>().len() > 1;
    let told = omitted.into_iter().map(|Omitted { item: id, task: place, why }| {
        let item = model.item(id);
        let task = place.and_then(|place| task_at(&item.lines, place));
        let (number, title) = match task {
            Some(task) => (&task.number, &task.text),
            None => (&item.number, &item.title),
        };
        LeftOut {
            number: number.clone(),
            path: several.then(|| path_title(model, id)).flatten(),
            title: filled(values, model, title),
            why,
        }
    });
    told.collect()
}

/// The stages, steps and tasks that are left out, of what stands before the paths and in those that are
/// entered, or in `also`. While the run is not at its end: what it has passed by for good, and what the
/// facts of the case rule out. Of what an event may lead to: only what the case rules out.
pub(crate) fn omitted(model: &Model, case: &Case, run: &Run, also: Option<ItemId>) -> Vec<Omitted> {
    let values = settled(model, case, run);
    let performed: HashSet<ItemId> = run.items.iter().copied().collect();
    let mut done: HashSet<ItemId> = run.items.iter().flat_map(|id| model.ancestors(*id)).collect();
    done.extend(also);
    let passed: HashMap<ItemId, Passed> = run.passed.iter().copied().collect();
    let led = led(model, &values, run);
    let mut found = Vec::new();
    let mut next = 0;
    while let Some(id) = (next < model.items.len()).then_some(ItemId(next as u32)) {
        let item = model.item(id);
        next += 1;
        let is_path = matches!(item.kind, ItemKind::Path { .. });
        if is_path && !done.contains(&id) {
            next = last_inside(model, id).0 as usize + 1;
        }
        let may_come = match run.end {
            Err(_) => run.possible.contains(&id),
            // Nobody knows that no event happens.
            Ok(_) => run.by_events.contains(&id),
        };
        let applies = item.kind.is_performed() || item.kind == ItemKind::Stage;
        let why = match passed.get(&id) {
            _ if is_path || done.contains(&id) => None,
            _ if may_come => ruled_out(model, &values, id),
            Some(reason) => Some(reason_of(model, &values, id, *reason)),
            None => applies.then(|| not_come_by(model, run, &led, id)),
        };
        match why {
            Some(why) => {
                found.push(Omitted { item: id, task: None, why });
                // What is in it is left out with it.
                next = last_inside(model, id).0 as usize + 1;
            }
            None if performed.contains(&id) || may_come => {
                let tasks_out = &mut |place, why| {
                    found.push(Omitted { item: id, task: Some(place), why });
                };
                tasks(model, &values, &item.lines, tasks_out);
            }
            None => {}
        }
    }
    found
}

/// What is so throughout the case: its facts, and once it is at its end, the answers that were the same
/// each time.
pub(crate) fn settled<'m>(model: &'m Model, case: &Case, run: &Run) -> Values<'m> {
    if run.end.is_err() {
        return Values::new(model, case.facts.clone());
    }
    let mut branches: HashMap<ItemId, HashSet<usize>> = HashMap::new();
    for (id, branch) in &run.taken {
        branches.entry(*id).or_default().insert(*branch);
    }
    let mut known = answered(model, case, run);
    // After an event it may be asked again.
    let is_open = |id: &ItemId, taken: usize| taken > 1 || run.by_events.contains(id);
    for (id, _) in branches.iter().filter(|(id, taken)| is_open(id, taken.len())) {
        if let ItemKind::Decide { answer: Some(fact) } = model.item(*id).kind {
            known.remove(&fact);
        }
    }
    Values::new(model, known)
}

/// Why an item that has not been come to never applies in this case.
pub(crate) fn ruled_out(model: &Model, values: &Values<'_>, id: ItemId) -> Option<String> {
    let item = model.item(id);
    let is = |condition: &Condition, wanted: bool| {
        condition.guard.as_ref().is_some_and(|guard| values.holds(guard) == Ok(wanted))
    };
    let unmet = item.when.iter().position(|when| is(when, false)).map(Passed::When);
    let skipped = item.skips.iter().position(|skip| skip.by.is_none() && is(&skip.condition, true));
    let nobody = presence(model, item.head.acting())
        .filter(|part| item.kind.is_performed() && values.holds(part) == Ok(false));
    let reason = unmet.or(skipped.map(Passed::Skip)).or(nobody.map(|_| Passed::Nobody))?;
    Some(reason_of(model, values, id, reason))
}

fn path_title(model: &Model, id: ItemId) -> Option<String> {
    words::path_of(model, id).map(|path| plain(&words::text(&model.item(path).title)))
}

fn task_at(lines: &[Line], place: Place) -> Option<&Task> {
    lines.iter().find_map(|line| match line {
        Line::Task(task) if task.place == place => Some(task.as_ref()),
        Line::ForEach { lines, .. } => task_at(lines, place),
        _ => None,
    })
}

/// Shows the tasks of a step that do not apply; only those of which that is known.
fn tasks(model: &Model, values: &Values<'_>, lines: &[Line], show: &mut impl FnMut(Place, String)) {
    for line in lines {
        let task = match line {
            Line::Task(task) => task,
            Line::ForEach { lines, .. } => {
                tasks(model, values, lines, show);
                continue;
            }
            _ => continue,
        };
        let guards = task.when.iter().filter_map(|when| when.guard.clone());
        let part = presence(model, task.head.acting());
        let told = match &task.kind {
            TaskKind::Notify(roles) => presence(model, roles),
            TaskKind::Do => None,
        };
        let failed = guards.chain(part).chain(told).find(|guard| values.holds(guard) == Ok(false));
        if let Some(failed) = failed {
            show(task.place, as_it_is(model, values, &not(failed)));
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
        Passed::Nobody => presence(model, item.head.acting())
            .map(|guard| as_it_is(model, values, &not(guard)))
            .unwrap_or_default(),
    }
}

fn not(guard: Guard) -> Guard {
    Guard::Not(Box::new(guard))
}

/// Why a condition holds: the facts by which it does, and beside what is compared, with what. Where they
/// are not known from the case, the condition.
fn as_it_is(model: &Model, values: &Values<'_>, guard: &Guard) -> String {
    let mut parts = Vec::new();
    decisive(values, guard, values.holds(guard).ok(), &mut parts);
    let mut told: Vec<String> = Vec::new();
    for part in parts {
        let known = because_of(model, values, part);
        match compares(model, part) && !known.is_empty() {
            true => {
                let holds = values.holds(part) == Ok(true);
                let so = if holds { part.clone() } else { not(part.clone()) };
                let so = plain(&words::clause(model, &so));
                told.push(format!("{so} ({})", value(&so, &words::list(&known, "and"))));
            }
            false => told.extend(known),
        }
    }
    let mut seen = HashSet::new();
    told.retain(|reason| seen.insert(reason.clone()));
    match values.holds(guard) == Ok(true) && !told.is_empty() {
        true => words::list(&told, "and"),
        false => plain(&words::clause(model, guard)),
    }
}

/// What is known, without the title that the condition beside it starts with.
fn value(condition: &str, known: &str) -> String {
    match (condition.split_once(" is "), known.split_once(" is ")) {
        (Some((title, _)), Some((same, value))) if title == same => format!("it is {value}"),
        _ => known.to_string(),
    }
}

/// Whether the value of a fact does not say by itself whether a condition holds.
fn compares(model: &Model, guard: &Guard) -> bool {
    match guard {
        Guard::Compare { op: Op::Equal | Op::NotEqual, fact, .. } => {
            matches!(model.fact(*fact).origin, FactOrigin::Derived(_))
        }
        Guard::Compare { .. } => true,
        _ => false,
    }
}

/// The branches that were taken, and those that the facts of the case will take.
fn led(model: &Model, values: &Values<'_>, run: &Run) -> Vec<(ItemId, usize)> {
    let to_come = model.ids().filter(|id| run.end.is_err() && run.open.contains(id));
    let ways = to_come.filter_map(|id| Some((id, by_facts(model.item(id), values)?)));
    run.taken.iter().copied().chain(ways).collect()
}

/// The branch that a decision takes by what is known.
fn by_facts(item: &Item, values: &Values<'_>) -> Option<usize> {
    if !matches!(item.kind, ItemKind::Decide { answer: None }) {
        return None;
    }
    for (index, branch) in item.branches.iter().enumerate() {
        match &branch.kind {
            BranchKind::When(guard) if values.holds(guard).ok()? => return Some(index),
            BranchKind::Otherwise => return Some(index),
            _ => {}
        }
    }
    None
}

/// Why a run does not come by: what leads past it, or the planned answer in place of which another
/// would lead there. `led` are the branches that lead on.
fn not_come_by(model: &Model, run: &Run, led: &[(ItemId, usize)], id: ItemId) -> String {
    let leads_here = |item: &Item, taken: usize| {
        let others = item.branches.iter().enumerate().filter(|(index, _)| *index != taken);
        others.into_iter().any(|(_, branch)| match branch.target {
            Target::Item(to) => to <= id && model.path_of(to) == model.path_of(id),
            _ => false,
        })
    };
    let planned = |(from, index): &&(ItemId, usize)| {
        let item = model.item(*from);
        matches!(item.kind, ItemKind::Decide { answer: Some(_) }) && leads_here(item, *index)
    };
    if run.by_other_answers.contains(&id)
        && let Some((from, index)) = run.taken.iter().rev().find(planned)
    {
        return because(model, *from, *index);
    }
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
    match led.iter().rev().find(led_past) {
        Some((from, index)) => because(model, *from, *index),
        None => "in this case nothing leads there".to_string(),
    }
}
