//! Which of two items comes first, as far as the flow alone says so.

use super::{EdgeKind, Flow};
use crate::model::{ItemId, Model};
use petgraph::algo::has_path_connecting;
use petgraph::visit::EdgeFiltered;

/// How certain it is that one item comes before another, whatever the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precedence {
    /// In every run that comes to both.
    Always,
    /// Unless the flow goes back over it, or one is a part of the other.
    AtFirst,
}

impl Flow {
    /// Whether a run may come from one item to another. What is unreachable is told as that.
    pub fn may_come_after(&self, model: &Model, first: ItemId, then: ItemId) -> bool {
        if !self.is_reached(first) || !self.is_reached(then) {
            return true;
        }
        let [from, to] = [first, then].map(|id| self.arrive[id.0 as usize]);
        model.are_beside(first, then) || has_path_connecting(&self.graph, from, to, None)
    }

    /// Whether one item comes before another. None where the other may as well come first, or none of
    /// the two comes behind the other.
    pub fn comes_before(&self, model: &Model, first: ItemId, then: ItemId) -> Option<Precedence> {
        let one_is_never = !self.is_reached(first) || !self.is_reached(then);
        if first == then || one_is_never || model.are_beside(first, then) {
            return None;
        }
        let [from, to] = [first, then].map(|id| self.arrive[id.0 as usize]);
        let forward =
            EdgeFiltered::from_fn(&self.graph, |edge| edge.weight().kind != EdgeKind::Back);
        let leads = |from, to| has_path_connecting(&forward, from, to, None);
        if !leads(from, to) || leads(to, from) {
            return None;
        }
        let comes_again = has_path_connecting(&self.graph, to, from, None);
        match comes_again || model.is_within(then, first) {
            true => Some(Precedence::AtFirst),
            false => Some(Precedence::Always),
        }
    }

    fn is_reached(&self, item: ItemId) -> bool {
        self.reached()[self.arrive[item.0 as usize].index()]
    }
}
