//! Which artifacts are made at all, wherever that is.

use std::collections::{BTreeMap, BTreeSet};
use vup::model::{ArtifactId, ArtifactUse, EnvironmentId, Line, Model};
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

/// The lines that make a state where the same step needs the one before, in one of the places `needs`.
pub fn behind_needs(model: &Model, needs: &BTreeSet<Place>) -> BTreeSet<Place> {
    let mut behind = BTreeSet::new();
    for item in &model.items {
        let mut touched = Vec::new();
        item.lines.iter().for_each(|line| touch(line, &item.head.on, &mut touched));
        for (index, (made, _, makes)) in touched.iter().enumerate() {
            let is_needed = touched[..index].iter().any(|(needed, _, makes)| {
                let before = made.state.and_then(|state| state.checked_sub(1));
                let is_it = needed.artifact == made.artifact && needed.state == before;
                !makes && is_it && needs.contains(&needed.place)
            });
            if *makes && is_needed {
                behind.insert(made.place);
            }
        }
    }
    behind
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
