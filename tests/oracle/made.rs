//! Which artifacts are made at all, wherever that is.

use std::collections::{BTreeMap, BTreeSet};
use vup::model::{ArtifactId, ArtifactUse, EnvironmentId, ItemId, ItemKind, Line, Model};
use vup::source::Place;

/// An artifact, and where, if it has a state in each environment.
pub type Made = (ArtifactId, Option<EnvironmentId>);

/// The artifacts that are needed and nothing makes, with the first line that needs each.
pub fn never(model: &Model) -> BTreeMap<Made, Place> {
    let mut touched = Vec::new();
    for item in &model.items {
        item.lines.iter().for_each(|line| touch(line, &item.head.on, &mut touched));
    }
    let mut made = BTreeSet::new();
    let mut needed: BTreeMap<Made, Place> = BTreeMap::new();
    for (used, on, makes) in touched {
        let artifact = model.artifact(used.artifact);
        let own = used.on.map_or(on, |own| vec![own]);
        let all =
            if artifact.per_environment { own.into_iter().map(Some).collect() } else { vec![None] };
        for on in all {
            let key = (used.artifact, on);
            if makes || artifact.given {
                made.insert(key);
            } else {
                let first = needed.entry(key).or_insert(used.place);
                *first = used.place.min(*first);
            }
        }
    }
    needed.retain(|key, _| !made.contains(key));
    needed
}

/// The lines that need or make an artifact with which another branch of an `any order` around has to do, too.
pub fn beside(model: &Model) -> BTreeSet<Place> {
    let is_block = |id: &ItemId| matches!(model.item(*id).kind, ItemKind::AnyOrder { .. });
    let mut beside = BTreeSet::new();
    for block in model.ids().filter(is_block) {
        let branches = &model.item(block).children;
        let of_branch = |branch: &ItemId| -> Vec<ArtifactUse> {
            let inside = model.ids().filter(|id| model.is_within(*id, *branch));
            inside.flat_map(|id| uses(model, id)).collect()
        };
        let uses: Vec<Vec<ArtifactUse>> = branches.iter().map(of_branch).collect();
        for (index, used) in uses.iter().enumerate() {
            let others = uses.iter().enumerate().filter(|(other, _)| *other != index);
            let others: BTreeSet<ArtifactId> =
                others.flat_map(|(_, other)| other).map(|used| used.artifact).collect();
            let both = used.iter().filter(|used| others.contains(&used.artifact));
            beside.extend(both.map(|used| used.place));
        }
    }
    beside
}

/// What the lines of an item need and make.
fn uses(model: &Model, item: ItemId) -> Vec<ArtifactUse> {
    let mut touched = Vec::new();
    model.item(item).lines.iter().for_each(|line| touch(line, &[], &mut touched));
    touched.into_iter().map(|(used, ..)| used).collect()
}

/// The artifacts that a line needs or makes, where, and whether it makes them.
fn touch(
    line: &Line,
    on: &[EnvironmentId],
    all: &mut Vec<(ArtifactUse, Vec<EnvironmentId>, bool)>,
) {
    match line {
        Line::Needs(used) => all.push((used.clone(), on.to_vec(), false)),
        Line::Makes(used) => all.push((used.clone(), on.to_vec(), true)),
        Line::Task(task) => {
            let on = if task.head.on.is_empty() { on } else { &task.head.on };
            task.lines.iter().for_each(|line| touch(line, on, all));
        }
        Line::ForEach { lines, .. } => lines.iter().for_each(|line| touch(line, on, all)),
        _ => {}
    }
}
