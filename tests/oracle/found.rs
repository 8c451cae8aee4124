//! What the explorer has seen, and the findings that follow from it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use vup::model::{ItemId, ItemKind, Model};
use vup::source::Place;

/// Where each rule speaks.
pub type Places = BTreeMap<&'static str, BTreeSet<Place>>;

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
    /// What each condition of an item says to those that come to it.
    pub answers: BTreeMap<(ItemId, Place), BTreeSet<Option<bool>>>,
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

    /// The findings. `ways` is what was seen with every condition either way; `split` where items
    /// that a `skip` keeps from ever running are told by a rule of their own.
    pub fn findings(mut self, model: &Model, ways: &Found, split: bool) -> Places {
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
        let (mut places, mut skipped) = (BTreeSet::new(), BTreeSet::new());
        for id in model.ids().filter(|id| *id != Model::ROOT && never(*id)) {
            let item = model.item(id);
            // Only the outermost is told; and what no run comes to is told by what keeps runs from
            // it: a dead branch, a missing one, another item that never applies.
            let inside = item.parent.is_some_and(never);
            let path = matches!(item.kind, ItemKind::Path { .. });
            if self.arrived.contains(&id) && !inside && !path {
                places.insert(item.place);
                // With `always-skipped` in `JUDGED`, that is what is told.
                if self.wanted.contains(&id) {
                    skipped.insert(item.place);
                }
            }
        }
        let has_choice = ways.arrived_choice(model);
        if let (true, false, Some((_, path))) =
            (has_choice, self.arrived_choice(model), model.paths().next())
        {
            places.insert(path.place);
        }
        if split {
            places.retain(|place| !skipped.contains(place));
        }
        places.into_iter().for_each(|place| self.note("never-runs", place));
        skipped.into_iter().for_each(|place| self.note("always-skipped", place));
        for ((id, place), answers) in std::mem::take(&mut self.answers) {
            let only = |answer| answers.iter().all(|other| *other == Some(answer));
            match model.item(id).when.iter().any(|when| when.place == place) {
                true if only(true) => self.note("constant-condition", place),
                false if only(false) => self.note("skip-never-applies", place),
                _ => {}
            }
        }
        if self.stuck && !ways.stuck {
            self.note("stuck", model.item(Model::ROOT).place);
        }
        self.places
    }

    /// Whether some run comes to the choice of a path.
    fn arrived_choice(&self, model: &Model) -> bool {
        self.offered.iter().any(|(id, _)| *id == Model::ROOT)
            && model.paths().any(|(_, path)| path.is_chosen())
    }
}
