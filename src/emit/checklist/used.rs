//! Which roles, environments, artifacts, switches and facts a checklist speaks of.

use super::view::View;
use crate::model::{
    ArtifactId, ArtifactUse, BranchKind, Condition, EnvironmentId, FactId, Guard, Head, Item,
    ItemId, ItemKind, Line, Model, Part, Prose, RoleId, SwitchId, Task, TaskKind,
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
    /// Those that are asked for, found out, or filled in.
    pub facts: BTreeSet<FactId>,
}

impl Used {
    pub fn guard(&mut self, guard: &Guard) {
        guard.facts(&mut |fact| {
            self.facts.insert(fact);
        });
    }

    pub fn text(&mut self, text: &Prose) {
        self.facts.extend(text.parts.iter().filter_map(|part| match part {
            Part::Fact(fact) => Some(*fact),
            Part::Text(_) | Part::Item(_) => None,
        }));
    }

    fn condition(&mut self, condition: &Condition) {
        condition.guard.iter().for_each(|guard| self.guard(guard));
        condition.text.iter().for_each(|text| self.text(text));
    }
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
    used_by(view.model, scope, &|id, place| view.not_applicable(id, Some(place)).is_none())
}

/// What items speak of, without those tasks in them that do not apply.
pub(super) fn used_by(
    model: &Model,
    items: &[ItemId],
    applies: &dyn Fn(ItemId, Place) -> bool,
) -> Used {
    let mut used = Used::default();
    for id in items {
        item(model.item(*id), &|place| applies(*id, place), &mut used);
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
    [Some(&item.title), item.about.as_ref()].into_iter().flatten().for_each(|it| used.text(it));
    let skips = item.skips.iter().map(|skip| &skip.condition);
    item.when.iter().chain(skips).for_each(|condition| used.condition(condition));
    if let ItemKind::Repeat { until, .. } = &item.kind {
        used.condition(until);
    }
    for branch in &item.branches {
        used.text(&branch.title);
        if let BranchKind::When(guard) = &branch.kind {
            used.guard(guard);
        }
    }
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
            Line::ForEach { lines: inner, number, title, .. } => {
                used.text(title);
                lines(inner, number, applies, used);
            }
            Line::Learns { fact, .. } => {
                used.facts.insert(*fact);
            }
            Line::Record(record) => used.text(&record.title),
            Line::Undo { text, .. } | Line::NoWayBack { text, .. } => used.text(text),
            Line::Remark(remark) => used.text(&remark.text),
        }
    }
}

fn task(task: &Task, applies: &dyn Fn(Place) -> bool, used: &mut Used) {
    head(&task.head, used);
    used.text(&task.text);
    task.when.iter().for_each(|when| used.condition(when));
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
