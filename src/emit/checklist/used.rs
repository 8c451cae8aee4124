//! Which roles, environments, artifacts and switches a checklist speaks of.

use crate::model::{
    ArtifactId, ArtifactUse, EnvironmentId, Head, Item, ItemId, ItemKind, Line, Model, RoleId,
    SwitchId, Task, TaskKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// What appears; for artifacts and switches, with the numbers of the steps or tasks.
#[derive(Debug, Default)]
pub(super) struct Used {
    pub roles: BTreeSet<RoleId>,
    pub environments: BTreeSet<EnvironmentId>,
    pub made: BTreeMap<ArtifactId, Vec<String>>,
    pub needed: BTreeMap<ArtifactId, Vec<String>>,
    /// The number of the task, and whether it is turned on there.
    pub turned: BTreeMap<SwitchId, Vec<(String, bool)>>,
}

/// The items of a checklist, in order of the text: the process, what stands before the paths, and the
/// path with what it holds.
///
/// Whoever enters a path by a jump has done what stands before the paths already.
pub(super) fn scope(model: &Model, path: Option<ItemId>) -> Vec<ItemId> {
    let has_before = path.is_none_or(|path| model.item(path).is_chosen());
    let is_here = |id: ItemId| match model.item(id).kind {
        ItemKind::Path { .. } => Some(id) == path,
        _ => has_before,
    };
    let mut found = vec![Model::ROOT];
    let top = &model.item(Model::ROOT).children;
    let mut open: Vec<ItemId> = top.iter().rev().copied().filter(|id| is_here(*id)).collect();
    while let Some(id) = open.pop() {
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
