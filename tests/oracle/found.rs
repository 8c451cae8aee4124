//! What the explorer has seen, and the findings that follow from it.

use crate::explore::has_constant;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use vup::model::{ItemId, ItemKind, Model, Skip};
use vup::source::Place;

/// Where each rule speaks.
pub type Places = BTreeMap<&'static str, BTreeSet<Place>>;

/// What a condition says, for each item that it is of.
pub type Heard = BTreeMap<ItemId, BTreeSet<Option<bool>>>;

#[derive(Default)]
pub struct Found {
    places: Places,
    /// What was noted since this was last taken.
    pub new: Vec<(&'static str, Place)>,
    /// Whether what is assumed leaves a case.
    pub is_possible: bool,
    /// The items that some run comes to, and those that apply in some run.
    pub arrived: HashSet<ItemId>,
    pub begun: HashSet<ItemId>,
    /// The items that only a `skip` keeps from applying, in some run.
    pub wanted: HashSet<ItemId>,
    /// What each condition says to those that ask it, by the rule about that and the item that it is of:
    /// a procedure is one text of several items.
    pub answers: BTreeMap<(&'static str, Place), Heard>,
    /// What loops wait for that go only so many rounds.
    pub limited: HashSet<Place>,
    /// Whether some run comes to a state from which no way leads to an end.
    pub stuck: bool,
    /// Whether some run stops without an outcome.
    pub stops: bool,
    /// The ways out of choices by facts that some run comes to, and those that can be taken there.
    pub offered: HashSet<(ItemId, Place)>,
    pub taken: HashSet<(ItemId, Place)>,
}

impl Found {
    pub fn note(&mut self, rule: &'static str, place: Place) {
        self.places.entry(rule).or_default().insert(place);
        self.new.push((rule, place));
    }

    /// The findings. `ways` is what was seen with every condition either way.
    pub fn findings(mut self, model: &Model, ways: &Found) -> Places {
        if !self.is_possible && !model.assumptions.is_empty() {
            // Nothing more is said of a process without cases.
            let last = model.assumptions.last().map(|assumption| assumption.place);
            return Places::from([("impossible-assumption", last.into_iter().collect())]);
        }
        let dead = self.offered.difference(&self.taken).copied();
        for (_, way) in dead.collect::<Vec<_>>() {
            self.note("dead-branch", way);
        }
        let never = |id: ItemId| !self.begun.contains(&id) && ways.begun.contains(&id);
        let mut places = BTreeSet::new();
        for id in model.ids().filter(|id| *id != Model::ROOT && never(*id)) {
            let item = model.item(id);
            // Only the outermost is told; and what no run comes to is told by what keeps runs from
            // it: a dead branch, a missing one, another item that never applies.
            let inside = item.parent.is_some_and(never);
            let path = matches!(item.kind, ItemKind::Path { .. });
            // What a `skip` alone keeps from applying is told by another rule.
            if self.arrived.contains(&id) && !self.wanted.contains(&id) && !inside && !path {
                places.insert(item.place);
            }
        }
        let has_choice = ways.arrived_choice(model);
        if let (true, false, Some((_, path))) =
            (has_choice, self.arrived_choice(model), model.paths().next())
        {
            places.insert(path.place);
        }
        places.into_iter().for_each(|place| self.note("never-runs", place));
        for place in self.always_skipped(model) {
            self.note("always-skipped", place);
        }
        for ((rule, place), answers) in std::mem::take(&mut self.answers) {
            let always = |says| answers.values().all(|all| *all == BTreeSet::from([Some(says)]));
            let is_limited = self.limited.contains(&place);
            if always(rule == "constant-condition") || is_limited && always(false) {
                self.note(rule, place);
            }
        }
        if self.stuck && !ways.stuck {
            self.note("stuck", model.item(Model::ROOT).place);
        }
        self.places
    }

    /// What applies by its `when` in some case, and is skipped in each; in every run of a procedure.
    fn always_skipped(&self, model: &Model) -> BTreeSet<Place> {
        let mut of: BTreeMap<Place, bool> = BTreeMap::new();
        for id in &self.arrived {
            let must = model.item(*id).skips.iter().filter(|skip| skip.by.is_none());
            let must: Vec<_> = must.filter(|skip| skip.condition.guard.is_some()).collect();
            let Some(first) = must.first() else { continue };
            let is_given = |skip: &&Skip| skip.condition.guard.as_ref().is_some_and(has_constant);
            let is_so = self.wanted.contains(id) && !self.begun.contains(id);
            *of.entry(first.condition.place).or_insert(true) &= is_so && !must.iter().any(is_given);
        }
        of.into_iter().filter(|(_, is_so)| *is_so).map(|(place, _)| place).collect()
    }

    /// Whether some run comes to the choice of a path.
    fn arrived_choice(&self, model: &Model) -> bool {
        self.offered.iter().any(|(id, _)| *id == Model::ROOT)
            && model.paths().any(|(_, path)| path.is_chosen())
    }
}
