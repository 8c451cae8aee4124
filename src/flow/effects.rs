//! What a step does, in the order written; tasks with conditions apart.

use super::{Effect, Round};
use crate::model::{
    ArtifactId, Condition, EnvironmentId, FactId, Guard, ItemId, ItemKind, Line, Model, RoleId,
    Skip, Who,
};
use crate::source::Place;
use std::collections::BTreeSet;

/// A stretch of a step's lines.
pub enum Part {
    /// Always happens.
    Always(Vec<Effect>),
    /// Happens as a whole, or not at all. The number counts the lines of the step.
    Asked { line: usize, asked: Asked, effects: Vec<Effect>, place: Place },
    /// Happens for each of something: at least once, or perhaps not at all. The facts are those that
    /// are found out for each anew.
    ForEach {
        line: usize,
        at_least_one: bool,
        parts: Vec<Part>,
        learned: Vec<FactId>,
        place: Place,
    },
}

impl Part {
    /// What is made in it.
    pub fn makes(&self, all: &mut Vec<ArtifactId>) {
        match self {
            Part::Always(effects) | Part::Asked { effects, .. } => {
                all.extend(effects.iter().filter_map(Effect::makes));
            }
            Part::ForEach { parts, .. } => parts.iter().for_each(|part| part.makes(all)),
        }
    }
}

impl Effect {
    /// The artifact that is made.
    pub fn makes(&self) -> Option<ArtifactId> {
        match self {
            Effect::Make(made, _) => Some(made.artifact),
            _ => None,
        }
    }

    /// Whether one of these facts is unknown again.
    pub fn forgets(&self, model: &Model, facts: &BTreeSet<FactId>) -> bool {
        match self {
            Effect::Forget { first, last } => (first.0..=last.0)
                .flat_map(|id| model.asked(model.item(ItemId(id))))
                .any(|fact| facts.contains(&fact)),
            Effect::ForgetFacts(forgotten) => forgotten.iter().any(|fact| facts.contains(fact)),
            _ => false,
        }
    }
}

/// The `for each` that an item stands in, from the inside out; itself where it is one.
pub fn for_each_around(model: &Model, id: ItemId) -> impl Iterator<Item = ItemId> + '_ {
    model.ancestors(id).filter(|id| matches!(model.item(*id).kind, ItemKind::ForEach(_)))
}

/// What a round does to what the `for each` makes.
pub fn own(depth: usize, makes: &[ArtifactId], round: Round) -> Option<Effect> {
    (!makes.is_empty()).then(|| Effect::Round { depth, makes: makes.to_vec(), round })
}

/// When something applies, and when it is passed by.
#[derive(Clone, Debug)]
pub struct Asked {
    /// None: it always may apply.
    pub applies: Option<Guard>,
    /// The ways past it; one that is none is always open.
    pub passes: Vec<Option<Guard>>,
}

/// The effects of an item's lines, cut where a task has conditions.
pub fn parts(model: &Model, id: ItemId) -> Vec<Part> {
    let item = model.item(id);
    let mut parts = Vec::new();
    for (line, content) in item.lines.iter().enumerate() {
        add_part(model, id, line, content, &item.head.on, &mut parts);
    }
    parts
}

fn add_part(
    model: &Model,
    id: ItemId,
    line: usize,
    content: &Line,
    on: &[EnvironmentId],
    parts: &mut Vec<Part>,
) {
    if let Line::ForEach { each, lines, place, .. } = content {
        let mut inner = Vec::new();
        lines.iter().for_each(|content| add_part(model, id, line, content, on, &mut inner));
        if !inner.is_empty() {
            let at_least_one = each.at_least_one;
            let mut learned = Vec::new();
            content.learned(&mut learned);
            learned.retain(|fact| model.fact(*fact).later);
            parts.push(Part::ForEach { line, at_least_one, parts: inner, learned, place: *place });
        }
        return;
    }
    let mut effects = Vec::new();
    collect(content, id, on, &mut effects);
    let asked = match content {
        Line::Task(task) => asked(model, &task.when, &[], task.head.by.as_ref()),
        _ => None,
    };
    match (asked, content, parts.last_mut()) {
        // A condition is asked even where nothing but the task itself depends on it.
        (Some(asked), Line::Task(task), _) => {
            let place = task.when.first().map_or(task.place, |condition| condition.place);
            parts.push(Part::Asked { line, asked, effects, place });
        }
        _ if effects.is_empty() => {}
        (_, _, Some(Part::Always(before))) => before.extend(effects),
        _ => parts.push(Part::Always(effects)),
    }
}

/// The effects of a line that stands where `on` holds.
fn collect(line: &Line, item: ItemId, on: &[EnvironmentId], effects: &mut Vec<Effect>) {
    match line {
        Line::Needs(artifact) => {
            effects.push(Effect::Need(artifact.clone(), artifact.environments(on)))
        }
        Line::Makes(artifact) => {
            effects.push(Effect::Make(artifact.clone(), artifact.environments(on)))
        }
        Line::Turns { switch, on, place } => {
            effects.push(Effect::Turn { switch: *switch, on: *on, item, place: *place });
        }
        Line::Learns { fact, place } => effects.push(Effect::Learn(*fact, *place)),
        Line::NoWayBack { place, .. } => effects.push(Effect::Pass(item, *place)),
        Line::Task(task) => {
            let on = if task.head.on.is_empty() { on } else { &task.head.on };
            task.lines.iter().for_each(|line| collect(line, item, on, effects));
        }
        Line::ForEach { lines, .. } => {
            lines.iter().for_each(|line| collect(line, item, on, effects))
        }
        Line::Record(_) | Line::ApprovedBy { .. } | Line::Undo { .. } | Line::Remark(_) => {}
    }
}

/// When an item or a task applies; none where it always does.
pub fn asked(model: &Model, when: &[Condition], skips: &[Skip], by: Option<&Who>) -> Option<Asked> {
    let presence = by.and_then(|who| presence(model, who.roles()));
    if when.is_empty() && skips.is_empty() && presence.is_none() {
        return None;
    }
    let free = when.iter().any(|condition| condition.guard.is_none())
        || skips.iter().any(|skip| skip.condition.guard.is_none());
    let mut needed: Vec<Guard> = when.iter().filter_map(|when| when.guard.clone()).collect();
    needed.extend(presence);
    let guards = |by_role: bool| {
        let skips = skips.iter().filter(move |skip| skip.by.is_some() == by_role);
        skips.filter_map(|skip| skip.condition.guard.clone())
    };
    let (must, may): (Vec<Guard>, Vec<Guard>) = (guards(false).collect(), guards(true).collect());
    let unmet = needed.iter().cloned().map(not).chain(must.iter().cloned());
    let unmet: Vec<Guard> = unmet.collect();
    needed.extend(must.into_iter().map(not));
    let mut passes = Vec::new();
    if !free {
        passes.push(Some(any(unmet.into_iter().chain(may).collect())));
    } else {
        passes.push(None);
        // What a role may decide is asked where no text passes it by.
        if !may.is_empty() {
            passes.push(Some(all(needed.iter().cloned().chain([any(may)]).collect())));
        }
    }
    let applies = (!needed.is_empty()).then(|| all(needed));
    Some(Asked { applies, passes })
}

/// Who approves, and where that is said.
pub fn approvals(lines: &[Line]) -> Vec<(&Who, Place)> {
    let mut found = Vec::new();
    for line in lines {
        match line {
            Line::ApprovedBy { who, place } => found.push((who, *place)),
            Line::Task(task) => found.extend(approvals(&task.lines)),
            Line::ForEach { lines, .. } => found.extend(approvals(lines)),
            _ => {}
        }
    }
    found
}

/// That one of these roles is there; none where one always is.
pub fn presence(model: &Model, roles: &[RoleId]) -> Option<Guard> {
    let mut parts: Vec<Guard> = Vec::new();
    for role in roles {
        let part = takes_part(model, *role)?;
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    (!parts.is_empty()).then(|| any(parts))
}

/// That a role takes part; none where it always does.
fn takes_part(model: &Model, role: RoleId) -> Option<Guard> {
    let roles = std::iter::successors(Some(role), |role| model.role(*role).parent);
    let facts = roles.filter_map(|role| model.role(role).optional);
    let parts: Vec<Guard> = facts.map(Guard::is_so).collect();
    (!parts.is_empty()).then(|| all(parts))
}

fn not(guard: Guard) -> Guard {
    Guard::Not(Box::new(guard))
}

fn all(mut guards: Vec<Guard>) -> Guard {
    if guards.len() == 1 { guards.remove(0) } else { Guard::All(guards) }
}

fn any(mut guards: Vec<Guard>) -> Guard {
    if guards.len() == 1 { guards.remove(0) } else { Guard::Any(guards) }
}
