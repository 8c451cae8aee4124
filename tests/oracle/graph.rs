//! Every state of a process and every way from one to another, with what is done on it.

use crate::explore::{At, State};
use crate::facts::Known;
use std::collections::VecDeque;
use vup::model::{ArtifactId, ItemId, OutcomeId};
use vup::source::Place;

/// Something that is done, and what is known when it is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Did {
    pub act: Act,
    pub known: Known,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Act {
    /// An item does not apply, or is passed by.
    Skips(ItemId),
    /// A step is performed; a stage or path is entered.
    Starts(ItemId),
    /// A step was performed; a stage or path is left in order.
    Finishes(ItemId),
    /// A decision is taken: which of its branches.
    Takes(ItemId, usize),
    /// An event of a block happens: which of its branches.
    Event(ItemId, usize),
    /// An artifact is made, where it has a state in each in several environments at once.
    Makes(ArtifactId, Vec<Rise>),
    Ends(OutcomeId),
}

/// From which state to which, and where: 0 where it has one state for all environments.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Rise {
    pub environment: usize,
    pub from: u8,
    pub to: u8,
}

#[derive(Default)]
pub struct Graph {
    pub states: Vec<State>,
    /// The first so many states are those that a run may start in.
    pub starts: usize,
    /// From each state, where each way leads and what is done on it.
    pub ways: Vec<Vec<(usize, Vec<Did>)>>,
    /// From each state, what is wrong there or with what is done next.
    pub notes: Vec<Vec<(&'static str, Place)>>,
    /// Where no branch or path applies.
    pub unanswered: Vec<bool>,
}

impl Graph {
    pub fn is_end(&self, state: usize) -> bool {
        matches!(self.states[state].at, At::Ended(_))
    }

    /// From each state, whether some way leads to one of these.
    pub fn lead_to(&self, wanted: impl Fn(usize) -> bool) -> Vec<bool> {
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); self.states.len()];
        for (from, ways) in self.ways.iter().enumerate() {
            ways.iter().for_each(|(to, _)| before[*to].push(from));
        }
        let mut leads = vec![false; self.states.len()];
        let mut open: VecDeque<usize> = (0..self.states.len()).filter(|at| wanted(*at)).collect();
        while let Some(state) = open.pop_front() {
            if !std::mem::replace(&mut leads[state], true) {
                open.extend(&before[state]);
            }
        }
        leads
    }

    /// Whether some run comes to a state from which no way leads on to where it is over, rightly or not.
    pub fn gets_stuck(&self) -> bool {
        !self.goes_on().into_iter().all(|goes_on| goes_on)
    }

    /// From each state, whether some way leads on to where it is over, rightly or not.
    pub fn goes_on(&self) -> Vec<bool> {
        let over = |state: usize| {
            let at = &self.states[state].at;
            // Who finds no branch is told so, but while another goes round beside, it is not over.
            let unanswered = self.unanswered[state] && self.ways[state].is_empty();
            unanswered || matches!(at, At::Ended(_) | At::Nowhere | At::Impossible)
        };
        self.lead_to(over)
    }
}
