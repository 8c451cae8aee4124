//! Which decision it hangs on whether an item is come to.

use super::{ChosenBy, Flow, NodeKind};
use crate::model::ItemId;
use petgraph::Direction;
use petgraph::algo::dominators::{Dominators, simple_fast};
use petgraph::graph::NodeIndex;
use std::collections::{BTreeMap, HashMap, HashSet};

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
    /// What was found for nodes.
    known: HashMap<NodeIndex, Option<Decider>>,
}

impl Flow {
    /// The decisions from an item on, the process or a path.
    pub fn deciders(&self, from: ItemId) -> Deciders<'_> {
        let from = self.arrive.get(from.0 as usize).copied().unwrap_or(self.start);
        Deciders { flow: self, passed: simple_fast(&self.graph, from), known: HashMap::new() }
    }
}

impl Deciders<'_> {
    /// The last decision on every way to an item of which some branches lead there and others do not.
    /// It cannot come to that one without the answers that earlier ones need, so these say no more.
    ///
    /// What decides whether a node is come to that every way passes decides all that is behind it, too.
    pub fn of(&mut self, item: ItemId) -> Option<Decider> {
        let mut at = *self.flow.arrive.get(item.0 as usize)?;
        let mut behind = Vec::new();
        let found = loop {
            if let Some(known) = self.known.get(&at) {
                break known.clone();
            }
            behind.push(at);
            let Some(above) = self.passed.immediate_dominator(at) else { break None };
            if let Some(found) = self.decides(above, at) {
                break Some(found);
            }
            at = above;
        };
        self.known.extend(behind.into_iter().map(|node| (node, found.clone())));
        found
    }

    /// The decision at a node, if not all of its branches lead to what it is passed on the way to.
    fn decides(&self, above: NodeIndex, at: NodeIndex) -> Option<Decider> {
        let node = self.flow.node(above);
        if !matches!(node.kind, NodeKind::Choose(ChosenBy::People | ChosenBy::Facts)) {
            return None;
        }
        let leading = self.leading(above, at);
        let mut branches = BTreeMap::new();
        for (edge, to) in self.flow.out(above) {
            let edge = self.flow.edge(edge);
            let own = edge.branch.filter(|_| edge.event_of.is_none_or(|block| block == node.item));
            if let Some(branch) = own {
                *branches.entry(branch).or_insert(false) |= leading.contains(&to);
            }
        }
        let mixed = branches.values().any(|leads| *leads) && branches.values().any(|leads| !leads);
        mixed.then_some(Decider { item: node.item, branches })
    }

    /// From where a node is come to without passing the one above it.
    fn leading(&self, above: NodeIndex, at: NodeIndex) -> HashSet<NodeIndex> {
        let mut leading = HashSet::from([at]);
        let mut open = vec![at];
        while let Some(node) = open.pop() {
            let before = self.flow.graph.neighbors_directed(node, Direction::Incoming);
            open.extend(before.filter(|node| *node != above && leading.insert(*node)));
        }
        leading
    }
}
