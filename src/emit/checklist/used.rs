//! Which roles, environments, artifacts, switches and outcomes a checklist speaks of.

use crate::model::{
    ArtifactId, ArtifactUse, EnvironmentId, Head, Item, ItemId, ItemKind, Line, Model, OutcomeId,
    RoleId, SwitchId, Target, Task, TaskKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// What appears; for artifacts and switches, with the numbers of the steps or tasks.
#[derive(Debug, Default)]
pub(super) struct Used {
    pub roles: BTreeSet<RoleId>,
    pub environments: BTreeSet<EnvironmentId>,
    pub outcomes: BTreeSet<OutcomeId>,
    pub made: BTreeMap<ArtifactId, Vec<String>>,
    pub needed: BTreeMap<ArtifactId, Vec<String>>,
    /// The number of the task, and whether it is turned on there.
    pub turned: BTreeMap<SwitchId, Vec<(String, bool)>>,
}

/// The items of a checklist, in order of the text: those before the paths and those of the path.
pub(super) fn scope(model: &Model, path: Option<ItemId>) -> Vec<ItemId> {
    let is_path = |id: ItemId| matches!(model.item(id).kind, ItemKind::Path { .. });
    let mut found = Vec::new();
    let mut open = vec![Model::ROOT];
    while let Some(id) = open.pop() {
        if is_path(id) && Some(id) != path {
            continue;
        }
        found.push(id);
        open.extend(model.item(id).children.iter().rev());
    }
    found
}

pub(super) fn used(model: &Model, scope: &[ItemId]) -> Used {
    let mut used = Used::default();
    for id in scope {
        item(model.item(*id), &mut used);
    }
    used
}

fn item(item: &Item, used: &mut Used) {
    // What a stage gives as its default counts where a step takes it up.
    let acts = matches!(item.kind, ItemKind::Step | ItemKind::Decide { .. });
    if acts {
        head(&item.head, used);
    }
    used.roles.extend(item.skips.iter().filter_map(|skip| skip.by));
    let branches = item.branches.iter().map(|branch| branch.target);
    let own = match item.kind {
        ItemKind::End(outcome) => Some(Target::End(outcome)),
        ItemKind::Go { target, .. } => Some(target),
        _ => None,
    };
    for target in branches.chain(own) {
        if let Target::End(outcome) = target {
            used.outcomes.insert(outcome);
        }
    }
    lines(&item.lines, &item.number, used);
}

fn head(head: &Head, used: &mut Used) {
    used.roles.extend(head.by.iter().flat_map(|who| who.roles()));
    used.roles.extend(&head.with);
    used.environments.extend(&head.on);
}

fn lines(lines_here: &[Line], number: &str, used: &mut Used) {
    for line in lines_here {
        match line {
            Line::Task(line) => task(line, used),
            Line::Needs(line) => artifact(line, number, &mut used.needed, &mut used.environments),
            Line::Makes(line) => artifact(line, number, &mut used.made, &mut used.environments),
            Line::Turns { switch, on, .. } => {
                used.turned.entry(*switch).or_default().push((number.to_string(), *on));
            }
            Line::ApprovedBy { who, .. } => used.roles.extend(who.roles()),
            Line::ForEach { lines: inner, number, .. } => lines(inner, number, used),
            Line::Learns { .. }
            | Line::Record(_)
            | Line::Undo { .. }
            | Line::NoWayBack { .. }
            | Line::Remark(_) => {}
        }
    }
}

fn task(task: &Task, used: &mut Used) {
    head(&task.head, used);
    if let TaskKind::Notify(roles) = &task.kind {
        used.roles.extend(roles);
    }
    lines(&task.lines, &task.number, used);
}

fn artifact(
    line: &ArtifactUse,
    number: &str,
    numbers: &mut BTreeMap<ArtifactId, Vec<String>>,
    environments: &mut BTreeSet<EnvironmentId>,
) {
    environments.extend(line.on);
    let numbers = numbers.entry(line.artifact).or_default();
    if numbers.last().is_none_or(|last| last != number) {
        numbers.push(number.to_string());
    }
}
