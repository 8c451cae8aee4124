//! One artifact in one environment, one switch, or whether one point of no return was passed, as a
//! state that steps change.

use crate::flow::Effect;
use crate::model::{ArtifactId, ArtifactUse, EnvironmentId, ItemId, Model, SwitchId};
use crate::source::Place;

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
    /// States: absent, then its own from the lowest on; "made" alone where it has none.
    Artifact(ArtifactId, Option<EnvironmentId>),
    /// States: as it normally is, then turned last by each of these.
    Switch(SwitchId, Vec<Turn>),
    /// States: still before a step, or behind it. Going back over it is before it again.
    Passed(ItemId),
}

impl Thing {
    /// An artifact, in one environment if it has a state in each.
    pub fn artifact(model: &Model, id: ArtifactId, on: Option<EnvironmentId>) -> Thing {
        let artifact = model.artifact(id);
        let states = artifact.states.len().max(1) as u32 + 1;
        let first = if artifact.given { states - 1 } else { 0 };
        Thing { kind: Kind::Artifact(id, on), first, states }
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

    /// How many states it has.
    pub fn states(&self) -> u32 {
        self.states
    }

    /// The state that an effect puts it in; none where the effect is about something else.
    pub fn becomes(&self, effect: &Effect) -> Option<u32> {
        match (&self.kind, effect) {
            (Kind::Artifact(..), Effect::Make(made, on)) => {
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
            Kind::Artifact(id, environment) => {
                artifact.artifact == *id && environment.is_none_or(|one| on.contains(&one))
            }
            Kind::Switch(..) | Kind::Passed(_) => false,
        }
    }
}

fn state_of(artifact: &ArtifactUse) -> u32 {
    artifact.state.map_or(1, |state| state as u32 + 1)
}
