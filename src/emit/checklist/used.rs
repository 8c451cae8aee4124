//! Which roles, environments, artifacts and switches a checklist speaks of.

use super::view::View;
use crate::model::{
    ArtifactId, ArtifactUse, EnvironmentId, Head, Item, ItemId, ItemKind, Line, Model, RoleId,
    SwitchId, Task, TaskKind,
};
use crate::source::Place;
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
/// path with what it holds, without what does not apply.
///
/// Whoever enters a path by a jump has done what stands before the paths already.
pub(super) fn scope(view: &View<'_>) -> Vec<ItemId> {
    in_document(view, |id| view.not_applicable(id, None).is_none())
}

/// The same, of those that are kept, and of what stands in them.
pub(super) fn in_document(view: &View<'_>, is_kept: impl Fn(ItemId) -> bool) -> Vec<ItemId> {
    let (model, path) = (view.model, view.wanted.path);
    let has_before = path.is_none_or(|path| model.item(path).is_chosen());
    let is_here = |id: ItemId| match model.item(id).kind {
        ItemKind::Path { .. } => Some(id) == path,
        _ => has_before,
    };
    let mut found = vec![Model::ROOT];
    let top = &model.item(Model::ROOT).children;
    let mut open: Vec<ItemId> = top.iter().rev().copied().filter(|id| is_here(*id)).collect();
    while let Some(id) = open.pop() {
        if !is_kept(id) {
            continue;
        }
        found.push(id);
        open.extend(model.item(id).children.iter().rev());
    }
    found
}

/// What those of the scope speak of that apply.
pub(super) fn used(view: &View<'_>, scope: &[ItemId]) -> Used {
    let mut used = Used::default();
    for id in scope {
        let applies = |place| view.not_applicable(*id, Some(place)).is_none();
        item(view.model.item(*id), &applies, &mut used);
    }
    used
}

fn item(item: &Item, applies: &dyn Fn(Place) -> bool, used: &mut Used) {
    // What a stage gives as its default counts where a step takes it up.
    let acts = matches!(item.kind, ItemKind::Step | ItemKind::Decide { .. });
    if acts {
        head(&item.head, used);
    }
    used.roles.extend(item.skips.iter().filter_map(|skip| skip.by));
    lines(&item.lines, &item.number, applies, used);
}

fn head(head: &Head, used: &mut Used) {
    used.roles.extend(head.by.iter().flat_map(|who| who.roles()));
    used.roles.extend(&head.with);
    used.environments.extend(&head.on);
}

fn lines(lines_here: &[Line], number: &str, applies: &dyn Fn(Place) -> bool, used: &mut Used) {
    for line in lines_here {
        match line {
            Line::Task(line) if applies(line.place) => task(line, applies, used),
            Line::Task(_) => {}
            Line::Needs(line) => artifact(line, number, &mut used.needed, &mut used.environments),
            Line::Makes(line) => artifact(line, number, &mut used.made, &mut used.environments),
            Line::Turns { switch, on, .. } => {
                used.turned.entry(*switch).or_default().push((number.to_string(), *on));
            }
            Line::ApprovedBy { who, .. } => used.roles.extend(who.roles()),
            Line::ForEach { lines: inner, number, .. } => lines(inner, number, applies, used),
            Line::Learns { .. }
            | Line::Record(_)
            | Line::Undo { .. }
            | Line::NoWayBack { .. }
            | Line::Remark(_) => {}
        }
    }
}

fn task(task: &Task, applies: &dyn Fn(Place) -> bool, used: &mut Used) {
    head(&task.head, used);
    if let TaskKind::Notify(roles) = &task.kind {
        used.roles.extend(roles);
    }
    lines(&task.lines, &task.number, applies, used);
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
