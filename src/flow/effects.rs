//! What a step does, in the order written; tasks with conditions apart.

use super::Effect;
use crate::model::{
    ArtifactUse, Condition, EnvironmentId, Guard, Item, Line, Model, Op, RoleId, Skip, Value, Who,
};

/// A stretch of a step's lines that happens as a whole, or not at all.
pub struct Part<'m> {
    /// Counts the lines of the step; the first line of the stretch.
    pub line: usize,
    /// None for what always happens.
    pub asked: Option<Asked>,
    pub effects: Vec<Effect>,
    pub conditions: &'m [Condition],
}

/// When something applies, and when it is passed by.
#[derive(Clone, Debug)]
pub struct Asked {
    /// None: it always may apply.
    pub applies: Option<Guard>,
    /// None: it always may be passed by.
    pub passes: Option<Guard>,
}

/// The effects of an item's lines, cut where a task has conditions.
pub fn parts<'m>(model: &Model, item: &'m Item) -> Vec<Part<'m>> {
    let mut parts: Vec<Part<'m>> = Vec::new();
    for (line, content) in item.lines.iter().enumerate() {
        add_part(model, line, content, &item.head.on, &mut parts);
    }
    parts
}

fn add_part<'m>(
    model: &Model,
    line: usize,
    content: &'m Line,
    on: &[EnvironmentId],
    parts: &mut Vec<Part<'m>>,
) {
    match content {
        Line::ForEach { each, lines, .. } if each.at_least_one => {
            lines.iter().for_each(|inner| add_part(model, line, inner, on, parts));
        }
        _ => {
            let mut effects = Vec::new();
            collect(content, on, &mut effects);
            if effects.is_empty() {
                return;
            }
            let (asked, conditions) = match content {
                Line::Task(task) => {
                    (asked(model, &task.when, &[], task.head.by.as_ref()), task.when.as_slice())
                }
                // None or more of them: what they do may happen, or not.
                Line::ForEach { .. } => {
                    (Some(Asked { applies: None, passes: None }), [].as_slice())
                }
                _ => (None, [].as_slice()),
            };
            match parts.last_mut() {
                Some(part) if part.asked.is_none() && asked.is_none() => {
                    part.effects.extend(effects)
                }
                _ => parts.push(Part { line, asked, effects, conditions }),
            }
        }
    }
}

/// The effects of a line that stands where `on` holds.
fn collect(line: &Line, on: &[EnvironmentId], effects: &mut Vec<Effect>) {
    match line {
        Line::Needs(artifact) => {
            effects.push(Effect::Need(artifact.clone(), where_of(artifact, on)))
        }
        Line::Makes(artifact) => {
            effects.push(Effect::Make(artifact.clone(), where_of(artifact, on)))
        }
        Line::Turns { switch, on, place } => {
            effects.push(Effect::Turn { switch: *switch, on: *on, place: *place });
        }
        Line::Learns { fact, place } => effects.push(Effect::Learn(*fact, *place)),
        Line::Task(task) => {
            let on = if task.head.on.is_empty() { on } else { &task.head.on };
            task.lines.iter().for_each(|line| collect(line, on, effects));
        }
        Line::ForEach { lines, .. } => lines.iter().for_each(|line| collect(line, on, effects)),
        Line::Record(_)
        | Line::ApprovedBy { .. }
        | Line::Undo { .. }
        | Line::NoWayBack { .. }
        | Line::Remark(_) => {}
    }
}

/// The environments that `needs` or `makes` means: its own, else those around it.
fn where_of(artifact: &ArtifactUse, around: &[EnvironmentId]) -> Vec<EnvironmentId> {
    artifact.on.map_or_else(|| around.to_vec(), |own| vec![own])
}

/// When an item or a task applies; none where it always does.
pub fn asked(model: &Model, when: &[Condition], skips: &[Skip], by: Option<&Who>) -> Option<Asked> {
    let presence = by.and_then(|who| presence(model, who));
    if when.is_empty() && skips.is_empty() && presence.is_none() {
        return None;
    }
    let free = when.iter().any(|condition| condition.guard.is_none())
        || skips.iter().any(|skip| skip.condition.guard.is_none());
    let mut needed: Vec<Guard> = when.iter().filter_map(|when| when.guard.clone()).collect();
    needed.extend(presence);
    let skip = |skip: &Skip| skip.condition.guard.clone();
    let must: Vec<Guard> = skips.iter().filter(|skip| skip.by.is_none()).filter_map(skip).collect();
    let may: Vec<Guard> = skips.iter().filter_map(skip).collect();
    let passes = (!free).then(|| {
        let unmet = needed.iter().cloned().map(|guard| Guard::Not(Box::new(guard)));
        any(unmet.chain(may).collect())
    });
    needed.extend(must.into_iter().map(|guard| Guard::Not(Box::new(guard))));
    let applies = (!needed.is_empty()).then(|| all(needed));
    Some(Asked { applies, passes })
}

/// That one of those who act is there; none where somebody always is.
fn presence(model: &Model, who: &Who) -> Option<Guard> {
    let parts: Vec<Option<Guard>> =
        who.roles().iter().map(|role| takes_part(model, *role)).collect();
    let parts: Option<Vec<Guard>> = parts.into_iter().collect();
    parts.filter(|parts| !parts.is_empty()).map(any)
}

/// That a role takes part; none where it always does.
fn takes_part(model: &Model, role: RoleId) -> Option<Guard> {
    let roles = std::iter::successors(Some(role), |role| model.role(*role).parent);
    let facts = roles.filter_map(|role| model.role(role).optional);
    let parts: Vec<Guard> = facts
        .map(|fact| Guard::Compare { fact, op: Op::Equal, value: Value::YesNo(true) })
        .collect();
    (!parts.is_empty()).then(|| all(parts))
}

fn all(mut guards: Vec<Guard>) -> Guard {
    if guards.len() == 1 { guards.remove(0) } else { Guard::All(guards) }
}

fn any(mut guards: Vec<Guard>) -> Guard {
    if guards.len() == 1 { guards.remove(0) } else { Guard::Any(guards) }
}
