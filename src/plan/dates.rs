//! Planned dates: what follows from them for the times that a process asks for, and whether they can be
//! kept together.

use super::calendar::{Moment, Way};
use crate::flow::{Flow, Precedence};
use crate::model::{ItemId, Model, Relation, Timing};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// When stages, steps and decisions are planned.
pub type Planned = BTreeMap<ItemId, Moment>;

/// What a time comes to on the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    AtLatest(Moment),
    NotBefore(Moment),
}

impl Limit {
    pub fn is_kept_by(self, moment: Moment) -> bool {
        match self {
            Limit::AtLatest(last) => !last.is_before(moment),
            Limit::NotBefore(first) => !moment.is_before(first),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::AtLatest(moment) => write!(f, "by {moment} at the latest"),
            Limit::NotBefore(moment) => write!(f, "not before {moment}"),
        }
    }
}

/// The limits of what stands in `at`, in the order of the times themselves: `within`, then `at least`.
/// None where it depends on what has no date.
pub fn limits(planned: &Planned, at: ItemId, timing: &Timing) -> Vec<Option<Limit>> {
    let within = timing.within.iter().map(|(duration, of, _)| {
        let from = planned.get(&of.unwrap_or(at))?;
        from.moved(Way::After, *duration).map(Limit::AtLatest)
    });
    let at_least = timing.at_least.iter().map(|anchor| {
        let from = planned.get(&anchor.step)?;
        match anchor.relation {
            Relation::Before => from.moved(Way::Before, anchor.duration).map(Limit::AtLatest),
            Relation::After => from.moved(Way::After, anchor.duration).map(Limit::NotBefore),
        }
    });
    within.chain(at_least).collect()
}

/// Two planned dates that go against the order of the steps: what comes first is planned for later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Swapped {
    pub first: ItemId,
    pub then: ItemId,
    pub certain: Precedence,
}

/// The dates that go against the order, each named once: of those that are planned too late the nearest.
pub fn swapped(model: &Model, flow: &Flow, planned: &Planned) -> Vec<Swapped> {
    let mut named = BTreeSet::new();
    let mut found = Vec::new();
    for (then, early) in planned {
        let late = planned.iter().rev().filter(|(_, moment)| early.is_before(**moment));
        let pair = late.filter(|(first, _)| !named.contains(*first)).find_map(|(first, _)| {
            let certain = flow.comes_before(model, *first, *then)?;
            Some(Swapped { first: *first, then: *then, certain })
        });
        named.extend(pair.map(|pair| pair.first));
        found.extend(pair);
    }
    found
}
