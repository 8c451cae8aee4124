//! Which decision it hangs on whether an item is come to.

use super::{ChosenBy, Flow, NodeKind};
use crate::model::ItemId;
use petgraph::Direction;
use petgraph::algo::dominators::{Dominators, simple_fast};
use petgraph::graph::NodeIndex;
use std::collections::{BTreeMap, HashSet};

/// A decision, and its branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decider {
    pub item: ItemId,
    /// For each branch, whether it leads to what is asked for, without coming to the decision again.
    pub branches: BTreeMap<usize, bool>,
}

/// What every way from one item on passes.
pub struct Deciders<'f> {
    flow: &'f Flow,
    passed: Dominators<NodeIndex>,
}

impl Flow {
    /// The decisions from an item on, the process or a path.
    pub fn deciders(&self, from: ItemId) -> Deciders<'_> {
        let from = self.arrive.get(from.0 as usize).copied().unwrap_or(self.start);
        Deciders { flow: self, passed: simple_fast(&self.graph, from) }
    }
}

impl Deciders<'_> {
    /// The last decision on every way to an item of which some branches lead there and others do not.
    /// It cannot come to that one without the answers that earlier ones need, so these say no more.
    pub fn of(&self, item: ItemId) -> Option<Decider> {
        let at = *self.flow.arrive.get(item.0 as usize)?;
        let mut leading = HashSet::from([at]);
        let mut open = vec![at];
        for above in self.passed.strict_dominators(at)? {
            while let Some(node) = open.pop() {
                let before = self.flow.graph.neighbors_directed(node, Direction::Incoming);
                open.extend(before.filter(|node| *node != above && leading.insert(*node)));
            }
            if let Some(found) = self.decides(above, &leading) {
                return Some(found);
            }
            if leading.insert(above) {
                open.push(above);
            }
        }
        None
    }

    /// The decision at a node, if not all of its branches lead to one of these.
    fn decides(&self, at: NodeIndex, leading: &HashSet<NodeIndex>) -> Option<Decider> {
        let node = self.flow.node(at);
        let is_decision = matches!(node.kind, NodeKind::Choose(ChosenBy::People | ChosenBy::Facts));
        let mut branches = BTreeMap::new();
        for (edge, to) in self.flow.out(at).into_iter().filter(|_| is_decision) {
            let edge = self.flow.edge(edge);
            let own = edge.branch.filter(|_| edge.event_of.is_none_or(|block| block == node.item));
            if let Some(branch) = own {
                *branches.entry(branch).or_insert(false) |= leading.contains(&to);
            }
        }
        let mixed = branches.values().any(|leads| *leads) && branches.values().any(|leads| !leads);
        mixed.then_some(Decider { item: node.item, branches })
    }
}
