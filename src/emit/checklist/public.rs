//! What somebody may know of a process for whom nothing internal is printed.

use super::resolved::leave_out_internal;
use super::used::used_by;
use crate::model::{
    ArtifactId, EnvironmentId, FactId, FactOrigin, ItemId, Model, ResourceId, RoleId, SwitchId,
};
use std::collections::BTreeSet;

/// What lines speak of that are not internal, of all paths and of every case. What only internal lines
/// speak of, or none, is not among it.
#[derive(Debug, Default)]
pub struct Public {
    pub roles: BTreeSet<RoleId>,
    pub environments: BTreeSet<EnvironmentId>,
    pub resources: BTreeSet<ResourceId>,
    pub artifacts: BTreeSet<ArtifactId>,
    pub switches: BTreeSet<SwitchId>,
    pub facts: BTreeSet<FactId>,
}

pub fn public(model: &Model) -> Public {
    let mut printed = model.clone();
    leave_out_internal(&mut printed);
    let items: Vec<ItemId> = printed.ids().collect();
    let mut used = used_by(&printed, &items, &|_, _| true);
    model.triggers.iter().for_each(|trigger| used.text(&trigger.title));
    model.outcomes.iter().for_each(|outcome| used.text(&outcome.title));
    for assumption in &model.assumptions {
        used.text(&assumption.text);
        used.guard(&assumption.guard);
    }
    // What is told of a fact speaks of others.
    let mut told = BTreeSet::new();
    while let Some(fact) = used.facts.difference(&told).next().copied() {
        told.insert(fact);
        used.text(&model.fact(fact).title);
        match &model.fact(fact).origin {
            FactOrigin::Derived(guard) => used.guard(guard),
            FactOrigin::TakesPart(role) => {
                used.roles.insert(*role);
            }
            _ => {}
        }
    }
    let around = |role| std::iter::successors(Some(role), |role| model.role(*role).parent);
    let uses = |id: &EnvironmentId| model.environment(*id).uses.iter().copied();
    Public {
        roles: used.roles.into_iter().chain(model.owner).flat_map(around).collect(),
        resources: used.environments.iter().flat_map(uses).collect(),
        environments: used.environments,
        artifacts: used.made.into_keys().chain(used.needed.into_keys()).collect(),
        switches: used.turned.into_keys().collect(),
        facts: used.facts,
    }
}
