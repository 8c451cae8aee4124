//! What a case leaves open, and what would have to be known to go on. Nothing else is asked.

use super::{Case, Halt, Run, Values, route::route};
use crate::model::{FactId, FactOrigin, Guard, ItemId, ItemKind, Model};
use semver::Version;
use std::collections::HashSet;

/// Something that the case does not say, and that still decides something.
#[derive(Clone, Debug, PartialEq)]
pub enum Open {
    Facts {
        facts: Vec<FactId>,
        decide: Decides,
    },
    /// The decision was asked so often, and the case has fewer answers.
    Answer {
        item: ItemId,
        asked: usize,
    },
}

/// What depends on facts that are not known.
#[derive(Clone, Debug, PartialEq)]
pub enum Decides {
    /// Which path is taken.
    Path,
    /// Whether the item applies, or how it goes on from there.
    Item(ItemId),
    /// Whether the way between the versions stops at this one.
    Stop(Version),
}

/// What is open after a run of the case.
pub fn open(model: &Model, case: &Case, run: &Run) -> Vec<Open> {
    let mut found = Vec::new();
    match &run.end {
        // Told with the path, below.
        Err(Halt::NotKnown { item: Model::ROOT, .. }) => {}
        Err(Halt::NotKnown { item, facts }) => {
            let decide = Decides::Item(*item);
            found.push(Open::Facts { facts: to_ask(model, case, facts), decide });
        }
        Err(Halt::NoAnswer { item, asked }) => {
            found.push(Open::Answer { item: *item, asked: *asked });
        }
        _ => {}
    }
    let facts = undecided(model, case, &at_choice(model, case, run));
    if run.end.is_err() && !is_on_path(model, run) {
        found.push(Open::Facts { facts, decide: Decides::Path });
    }
    let values = Values::new(model, case.facts.clone());
    for stop in route(model, &values).into_iter().flat_map(|route| route.stops) {
        let facts = to_ask(model, case, &stop.depends_on);
        found.push(Open::Facts { facts, decide: Decides::Stop(stop.release.version.clone()) });
    }
    ask_once(&mut found);
    found
}

/// Keeps of each fact the first place that asks for it.
fn ask_once(found: &mut Vec<Open>) {
    let mut seen = HashSet::new();
    found.retain_mut(|open| match open {
        Open::Facts { facts, .. } => {
            facts.retain(|fact| seen.insert(*fact));
            !facts.is_empty()
        }
        Open::Answer { .. } => true,
    });
}

/// What is known where the path is chosen. Before a run has come there: what the case says, as far as
/// that goes.
pub fn at_choice<'m>(model: &'m Model, case: &Case, run: &Run) -> Values<'m> {
    Values::new(model, run.at_paths.as_ref().unwrap_or(&case.facts).clone())
}

/// Whether a path has been entered.
pub fn is_on_path(model: &Model, run: &Run) -> bool {
    run.items.iter().any(|id| matches!(model.item(*id).kind, ItemKind::Path { .. }))
}

/// The facts on which it depends which path is taken; none where that is decided. Answers are asked
/// for where their decisions are taken.
fn undecided(model: &Model, case: &Case, values: &Values<'_>) -> Vec<FactId> {
    let mut facts = Vec::new();
    for (_, path) in model.paths() {
        let guards = path.when.iter().filter_map(|when| when.guard.clone());
        facts.extend(values.holds(&Guard::All(guards.collect())).err().unwrap_or_default());
    }
    let is_answer = |id: &FactId| matches!(model.fact(*id).origin, FactOrigin::Answer(_));
    facts.retain(|id| !is_answer(id));
    to_ask(model, case, &facts)
}

/// What people are asked for: the hop and what is breaking follow from the versions, where there are
/// releases.
fn to_ask(model: &Model, case: &Case, facts: &[FactId]) -> Vec<FactId> {
    let mut asked: Vec<FactId> = Vec::new();
    for fact in facts {
        let follows =
            model.fact(*fact).origin == FactOrigin::Versions && model.fixed(*fact).is_some();
        match model.versions.as_ref().filter(|_| follows) {
            Some(versions) => {
                let missing = |fact: &FactId| !case.facts.contains_key(fact);
                asked.extend([versions.from, versions.to].into_iter().filter(missing));
            }
            None => asked.push(*fact),
        }
    }
    let mut seen = HashSet::new();
    asked.retain(|fact| seen.insert(*fact));
    asked
}
