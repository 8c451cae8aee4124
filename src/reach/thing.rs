//! One artifact in one environment, one switch, whether one point of no return was passed, or how far
//! a rule has come, as a state that steps change.

use super::watch::{Moves, Watch};
use crate::cases::OutOfFuel;
use crate::flow::{Effect, Flow, Round};
use crate::model::{
    ArtifactId, ArtifactUse, EnvironmentId, Guard, ItemId, ItemKind, Model, SwitchId,
};
use crate::source::Place;
use petgraph::visit::EdgeRef;
use std::collections::{BTreeMap, BTreeSet};

/// More states than this are not followed.
const MOST_STATES: u32 = 10_000;

/// A thing that is followed through the flow.
#[derive(Clone, Debug)]
pub struct Thing {
    kind: Kind,
    /// The state that it has at the start.
    pub first: u32,
    states: u32,
}

/// A line that turns a switch, in one item: a procedure that is run twice has it twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    pub item: ItemId,
    pub place: Place,
    pub on: bool,
}

#[derive(Clone, Debug)]
enum Kind {
    /// States: absent, then its own from the lowest on; "made" alone where it has none. With them goes
    /// the state in which each `for each` around found it. Behind the lines that are `told`, what they need
    /// is taken to be there: that it may not be is told of them, and of what comes later only what is new.
    Artifact { id: ArtifactId, on: Option<EnvironmentId>, own: u32, told: BTreeSet<Place> },
    /// States: as it normally is, then turned last by each of these.
    Switch(SwitchId, Vec<Turn>),
    /// States: still before a step, or behind it. Going back over it is before it again.
    Passed(ItemId),
    /// What has happened of what a rule speaks of.
    Watched(Watch),
}

/// What an effect does to a thing.
#[derive(Clone, Debug)]
pub enum Change {
    /// Whatever its state was, it is this one.
    To(u32),
    /// The next state of each, where a condition holds and where it does not or is not known.
    Each { when: Option<Guard>, moves: Moves },
}

impl Thing {
    /// An artifact, in one environment if it has a state in each. Where loops in each other make one of very many
    /// states, that is too much to be followed.
    pub fn artifact(
        model: &Model,
        flow: &Flow,
        id: ArtifactId,
        on: Option<EnvironmentId>,
    ) -> Result<Thing, OutOfFuel> {
        let artifact = model.artifact(id);
        let own = artifact.states.len().max(1) as u32 + 1;
        let first = if artifact.given { own - 1 } else { 0 };
        let states = own.checked_pow(1 + flow.rounds_of(id) as u32);
        let states = states.filter(|states| *states <= MOST_STATES).ok_or(OutOfFuel)?;
        let told = alone(model, flow, id);
        Ok(Thing { kind: Kind::Artifact { id, on, own, told }, first, states })
    }

    /// A switch, with all the lines that turn it.
    pub fn switch(id: SwitchId, turns: Vec<Turn>) -> Thing {
        let states = turns.len() as u32 + 1;
        Thing { kind: Kind::Switch(id, turns), first: 0, states }
    }

    /// Whether a step from which there is no way back was passed: state 1.
    pub fn passed(step: ItemId) -> Thing {
        Thing { kind: Kind::Passed(step), first: 0, states: 2 }
    }

    /// A rule, with what has happened of what it speaks of.
    pub fn watched(model: &Model, watch: &Watch) -> Thing {
        let (first, states) = (watch.first(model), watch.states());
        Thing { kind: Kind::Watched(watch.clone()), first, states }
    }

    /// How many states it has.
    pub fn states(&self) -> u32 {
        self.states
    }

    /// What an effect does to it; none where it is about something else.
    pub fn change(&self, effect: &Effect) -> Option<Change> {
        match &self.kind {
            Kind::Watched(watch) => {
                let moves = watch.moves(effect)?;
                Some(Change::Each { when: watch.when.clone(), moves })
            }
            Kind::Artifact { own, .. } if self.states > *own || self.needed(effect).is_some() => {
                let next: Vec<u32> =
                    (0..self.states).map(|state| self.next(effect, state, *own)).collect();
                let changes = (0..).zip(&next).any(|(state, next)| state != *next);
                let moves = Moves { yes: next, otherwise: Vec::new() };
                changes.then_some(Change::Each { when: None, moves })
            }
            _ => self.becomes(effect).map(Change::To),
        }
    }

    /// The next state of an artifact that a `for each` makes, and that has so many of its own.
    fn next(&self, effect: &Effect, state: u32, own: u32) -> u32 {
        let now = state % own;
        match effect {
            Effect::Round { depth, makes, round } if self.is_one_of(makes) => {
                let place = own.saturating_pow(1 + *depth as u32);
                if place >= self.states {
                    return state;
                }
                let kept = state / place % own;
                match round {
                    Round::First => state - kept * place + now * place,
                    Round::Next => state - now + kept,
                    Round::Over => state - kept * place,
                }
            }
            Effect::Need(used, _) if self.is_told(used) => {
                self.needed(effect).map_or(state, |least| state - now + now.max(least))
            }
            _ => self.becomes(effect).map_or(state, |becomes| state - now + becomes),
        }
    }

    fn is_told(&self, used: &ArtifactUse) -> bool {
        matches!(&self.kind, Kind::Artifact { told, .. } if told.contains(&used.place))
    }

    fn is_one_of(&self, makes: &[ArtifactId]) -> bool {
        matches!(&self.kind, Kind::Artifact { id, .. } if makes.contains(id))
    }

    /// The states in which an artifact is below one of its own.
    pub fn below(&self, state: u32) -> impl Iterator<Item = u32> + use<> {
        let own = match self.kind {
            Kind::Artifact { own, .. } => own,
            _ => self.states,
        };
        (0..self.states).filter(move |now| now % own < state)
    }

    /// The state that an effect puts it in; none where the effect is about something else.
    pub fn becomes(&self, effect: &Effect) -> Option<u32> {
        match (&self.kind, effect) {
            (Kind::Artifact { .. }, Effect::Make(made, on)) => {
                self.is_meant(made, on).then(|| state_of(made))
            }
            (Kind::Switch(id, turns), Effect::Turn { switch, item, place, .. }) if id == switch => {
                let same = |turn: &Turn| turn.item == *item && turn.place == *place;
                turns.iter().position(same).map(|index| index as u32 + 1)
            }
            (Kind::Passed(step), Effect::Pass(passed, _)) if step == passed => Some(1),
            (Kind::Passed(step), Effect::Forget { first, last }) => {
                (first..=last).contains(&step).then_some(0)
            }
            _ => None,
        }
    }

    /// The least state that an effect needs it in.
    pub fn needed(&self, effect: &Effect) -> Option<u32> {
        match effect {
            Effect::Need(needed, on) => self.is_meant(needed, on).then(|| state_of(needed)),
            _ => None,
        }
    }

    fn is_meant(&self, artifact: &ArtifactUse, on: &[EnvironmentId]) -> bool {
        match &self.kind {
            Kind::Artifact { id, on: environment, .. } => {
                artifact.artifact == *id && environment.is_none_or(|one| on.contains(&one))
            }
            Kind::Switch(..) | Kind::Passed(_) | Kind::Watched(_) => false,
        }
    }
}

/// The lines that need an artifact with no other branch of an `any order` around them having to do with it:
/// what one branch takes to be there, is not there for another.
fn alone(model: &Model, flow: &Flow, id: ArtifactId) -> BTreeSet<Place> {
    let mut needs: Vec<(ItemId, Place)> = Vec::new();
    let mut concerned: BTreeMap<ItemId, BTreeSet<ItemId>> = BTreeMap::new();
    for edge in flow.graph.edge_references() {
        let item = flow.node(edge.source()).item;
        for effect in &edge.weight().effects {
            let (Effect::Need(used, _) | Effect::Make(used, _)) = effect else { continue };
            if used.artifact != id {
                continue;
            }
            if let Effect::Need(..) = effect {
                needs.push((item, used.place));
            }
            for (block, branch) in branches_around(model, item) {
                concerned.entry(block).or_default().insert(branch);
            }
        }
    }
    let is_alone = |item: ItemId| {
        branches_around(model, item)
            .all(|(block, _)| concerned.get(&block).is_none_or(|one| one.len() == 1))
    };
    // A procedure that is run twice has a line twice.
    let beside: BTreeSet<Place> =
        needs.iter().filter(|(item, _)| !is_alone(*item)).map(|(_, place)| *place).collect();
    needs.into_iter().map(|(_, place)| place).filter(|place| !beside.contains(place)).collect()
}

/// The branches of `any order` that an item is in, each with its block.
fn branches_around(model: &Model, item: ItemId) -> impl Iterator<Item = (ItemId, ItemId)> {
    let is_block = |id: &ItemId| matches!(model.item(*id).kind, ItemKind::AnyOrder { .. });
    model.ancestors(item).filter_map(move |id| Some((model.item(id).parent.filter(is_block)?, id)))
}

fn state_of(artifact: &ArtifactUse) -> u32 {
    artifact.state.map_or(1, |state| state as u32 + 1)
}
