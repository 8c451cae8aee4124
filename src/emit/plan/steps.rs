//! What is done, in the order in which it is done first.

use super::{Entry, Helper, Judged, Part, Place, Skip, Step, filled};
use crate::emit::{prose::plain, words};
use crate::flow::presence;
use crate::model::{BranchKind, Condition, Item, ItemId, ItemKind, Model, RoleId, Target};
use crate::plan::{Run, Values, route};
use std::collections::HashMap;

pub(super) fn entries(model: &Model, values: &Values<'_>, run: &Run) -> Vec<Entry> {
    let performed = run.items.iter().copied().filter(|id| model.item(*id).kind.is_performed());
    let (mut order, mut done) = (Vec::new(), HashMap::<ItemId, Done>::new());
    for id in performed {
        let times = &mut done.entry(id).or_default().times;
        *times += 1;
        if *times == 1 {
            order.push(id);
        }
    }
    for (id, branch) in &run.taken {
        if let Some(done) = done.get_mut(id) {
            done.taken.push(*branch);
        }
    }
    let (mut entries, mut open) = (Vec::new(), Vec::new());
    for id in order {
        let around = around(model, id);
        let same = open.iter().zip(&around).take_while(|(a, b)| a == b).count();
        for (depth, part) in around.iter().enumerate().skip(same) {
            entries.push(Entry::Part(told(model, values, run, *part, depth)));
        }
        let done = done.remove(&id).unwrap_or_default();
        entries.push(Entry::Step(step(model, values, id, around.len(), &done)));
        open = around;
    }
    entries
}

/// How often a step was performed, and which branches were taken there.
#[derive(Default)]
struct Done {
    times: usize,
    taken: Vec<usize>,
}

/// What an item stands in, from the outside in; procedures are told by what is in them.
fn around(model: &Model, id: ItemId) -> Vec<ItemId> {
    let shown =
        |id: &ItemId| !matches!(model.item(*id).kind, ItemKind::Process | ItemKind::Run { .. });
    let mut around: Vec<ItemId> = model.ancestors(id).skip(1).filter(shown).collect();
    around.reverse();
    around
}

fn told(model: &Model, values: &Values<'_>, run: &Run, id: ItemId, depth: usize) -> Part {
    let item = model.item(id);
    let title = filled(values, model, &item.title);
    let title = match &item.kind {
        ItemKind::Repeat { until, at_most } => {
            let times = at_most.map(|count| format!(" ({})", words::times(count)));
            let until = reason(model, until);
            format!("Repeat until this is so: {until}{}", times.unwrap_or_default())
        }
        ItemKind::ForEach(each) => match legs(model, values).filter(|_| each.in_route) {
            Some(legs) => format!("For each leg of the way: {}", legs.join(", ")),
            None => plain(&words::each(each, &item.title)),
        },
        ItemKind::AnyOrder { at_a_time } => {
            let limit = at_a_time.map(|count| format!(", at most {count} at a time"));
            let colon = if title.is_empty() { "" } else { ": " };
            format!("In any order{}{colon}{title}", limit.unwrap_or_default())
        }
        _ => title,
    };
    let number = item.number.clone();
    let (because, judged) = (led_to(model, run, id), judged(model, values, item));
    Part { depth, kind: item.kind.word(), number, title, because, judged }
}

/// The legs of the way between the versions, where all of them are known: "1.0.0 to 2.0.0".
pub(crate) fn legs(model: &Model, values: &Values<'_>) -> Option<Vec<String>> {
    let route = route::route(model, values)?;
    if route.stops.iter().any(|stop| !stop.depends_on.is_empty()) {
        return None;
    }
    let mut from = &route.from;
    let mut legs = Vec::new();
    let stops = route.stops.iter().map(|stop| &stop.release.version);
    for to in stops.chain(std::iter::once(&route.to)) {
        legs.push(format!("{from} to {to}"));
        from = to;
    }
    Some(legs)
}

/// The answer or event that led to a path which was not chosen.
fn led_to(model: &Model, run: &Run, path: ItemId) -> Option<String> {
    if !matches!(model.item(path).kind, ItemKind::Path { .. }) {
        return None;
    }
    let leads_here = |(id, index): &&(ItemId, usize)| {
        let branch = model.item(*id).branches.get(*index);
        branch.is_some_and(|branch| branch.target == Target::Item(path))
    };
    run.taken.iter().find(leads_here).map(|(id, index)| because(model, *id, *index))
}

fn step(model: &Model, values: &Values<'_>, id: ItemId, depth: usize, done: &Done) -> Step {
    let item = model.item(id);
    let acts = item.head.acting();
    let helpers = item.head.with.iter().filter(|role| !acts.contains(role));
    Step {
        depth,
        number: item.number.clone(),
        title: filled(values, model, &item.title),
        who: item.head.by.as_ref().map(|by| words::who(model, by)),
        with: helpers.filter_map(|role| helper(model, values, *role)).collect(),
        places: item
            .head
            .on
            .iter()
            .map(|id| Place {
                title: model.environment(*id).title.clone(),
                live: model.is_live(*id),
            })
            .collect(),
        times: done.times,
        judged: judged(model, values, item),
        taken: done.taken.iter().map(|index| taken(model, id, *index)).collect(),
    }
}

/// A condition by its text; by its words where it has none.
fn reason(model: &Model, condition: &Condition) -> String {
    let text = words::some_text(condition.text.as_ref());
    plain(&text.unwrap_or_else(|| words::condition(model, condition)))
}

/// What those who do it judge on the spot. Where facts say that something is no reason to leave it out,
/// it is not told.
fn judged(model: &Model, values: &Values<'_>, item: &Item) -> Judged {
    let is_path = matches!(item.kind, ItemKind::Path { .. });
    let judged = item.when.iter().filter(|when| when.guard.is_none() && !is_path);
    let may_skip = item.skips.iter().filter(|skip| match &skip.condition.guard {
        Some(guard) => skip.by.is_some() && values.holds(guard) != Ok(false),
        None => true,
    });
    let may_skip = may_skip.map(|skip| Skip {
        by: skip.by.map(|role| model.role(role).title.clone()),
        why: reason(model, &skip.condition),
    });
    Judged {
        only_if: judged.map(|when| reason(model, when)).collect(),
        may_skip: may_skip.collect(),
    }
}

/// Who helps; nobody where it is known that they do not take part.
fn helper(model: &Model, values: &Values<'_>, role: RoleId) -> Option<Helper> {
    let title = model.role(role).title.clone();
    let part = presence(model, &[role]);
    let takes_part = part.map_or(Ok(true), |part| values.holds(&part));
    (takes_part != Ok(false)).then_some(Helper { title, perhaps: takes_part.is_err() })
}

/// A branch that was taken. Each step is told where it comes first, so that a way back has to be told here.
fn taken(model: &Model, id: ItemId, index: usize) -> String {
    let said = branch(model, id, index);
    match model.item(id).branches.get(index).map(|branch| branch.target) {
        Some(back @ Target::Item(to)) if to <= id => {
            format!("{said} ({})", plain(&words::target(model, id, back)))
        }
        _ => said,
    }
}

/// What a reader sees of a branch: "Publish to Live now".
pub(super) fn branch(model: &Model, id: ItemId, index: usize) -> String {
    let Some(branch) = model.item(id).branches.get(index) else { return String::new() };
    let title = words::some_text(Some(&branch.title));
    plain(&match &branch.kind {
        BranchKind::Answer(name) | BranchKind::Event(name) => words::answer_title(model, id, name),
        BranchKind::After(duration) => format!("no answer after {duration}"),
        BranchKind::When(guard) => title.unwrap_or_else(|| words::guard(model, guard)),
        BranchKind::Otherwise => title.unwrap_or_else(|| "in every other case".to_string()),
    })
}

/// Why it went on by a branch: "at 2.8 Dry run or live roll-out? the answer is: Proceed to a dry run".
pub(super) fn because(model: &Model, id: ItemId, index: usize) -> String {
    let item = model.item(id);
    let at = plain(&words::item_title(model, id));
    // Whoever reads of this one branch does not see the others.
    let words = match words::is_plain_otherwise(item, index) {
        true => plain(&words::no_other(model, item)),
        false => branch(model, id, index),
    };
    match item.branches.get(index).map(|branch| &branch.kind) {
        Some(BranchKind::Event(_)) => format!("this happens: {words}"),
        Some(BranchKind::Answer(_)) => format!("at {at} the answer is: {words}"),
        _ => format!("at {at} it is so: {words}"),
    }
}
