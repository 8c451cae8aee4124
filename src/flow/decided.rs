//! Which decisions it hangs on whether an item is come to.

use super::{ChosenBy, Edge, Flow, NodeKind};
use crate::model::ItemId;
use petgraph::Direction;
use petgraph::algo::dominators::{Dominators, simple_fast};
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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

/// What hangs on more decisions than these is told by the one that every way passes.
const MOST: usize = 3;

/// Where there are more decisions than these before an item, no more are looked at.
const LOOKED_AT: usize = 24;

impl Deciders<'_> {
    /// The decisions by one of which it is come to an item: the last on each way of which some branches
    /// lead there, without one more of these decisions, and others do not. What is come to without any
    /// hangs on none.
    pub fn all_of(&mut self, item: ItemId) -> Vec<Decider> {
        let several = self.nearest(item).unwrap_or_default();
        // What is decided only after it leads back to it: it has been come to before.
        let to = self.flow.arrive.get(item.0 as usize).copied();
        let is_behind = |at: NodeIndex| {
            self.passed.dominators(at).into_iter().flatten().any(|before| Some(before) == to)
        };
        let earlier = several.keys().filter(|at| !is_behind(**at));
        let told = earlier.filter(|at| !self.is_implied(**at, &several));
        let told: Vec<Decider> = told.filter_map(|at| several.get(at)).cloned().collect();
        match told.len() {
            2..=MOST => told,
            _ => self.of(item).into_iter().collect(),
        }
    }

    /// Of each way to an item the last decision; none where a way has none, or there are many.
    fn nearest(&self, item: ItemId) -> Option<BTreeMap<NodeIndex, Decider>> {
        let to = *self.flow.arrive.get(item.0 as usize)?;
        let mut stops = HashSet::new();
        // With each decision found, those before it are asked anew: they may lead there only by it.
        loop {
            let (before, met) = self.before(to, &stops);
            let decisions: Vec<_> = before.iter().filter(|at| self.is_decision(**at)).collect();
            if decisions.len() > LOOKED_AT || stops.len() > MOST * 2 {
                return None;
            }
            let next = decisions.into_iter().find(|at| {
                let branches = self.branches(**at, to, &stops);
                is_mixed(&branches)
            });
            match next {
                Some(next) => stops.insert(*next),
                None if before.contains(&self.passed.root()) => return None,
                None => {
                    let decider = |at: NodeIndex| Decider {
                        item: self.flow.node(at).item,
                        branches: self.branches(at, to, &stops),
                    };
                    return Some(met.into_iter().map(|at| (at, decider(at))).collect());
                }
            };
        }
    }

    /// What leads to a node without any of these decisions, nearest first; and those of them that lead
    /// there. An event comes whatever is decided.
    fn before(
        &self,
        to: NodeIndex,
        stops: &HashSet<NodeIndex>,
    ) -> (Vec<NodeIndex>, BTreeSet<NodeIndex>) {
        let mut before = vec![to];
        let mut seen = HashSet::from([to]);
        let mut met = BTreeSet::new();
        let mut next = 0;
        while let Some(at) = before.get(next).copied() {
            next += 1;
            for edge in self.flow.graph.edges_directed(at, Direction::Incoming) {
                let from = edge.source();
                let is_come_to =
                    from == self.passed.root() || self.passed.immediate_dominator(from).is_some();
                let own = self.own_branch(from, edge.weight()).is_some();
                if stops.contains(&from) && own {
                    met.insert(from);
                } else if is_come_to && seen.insert(from) {
                    before.push(from);
                }
            }
        }
        (before, met)
    }

    /// Whether it cannot come to a decision but by another one that says as much.
    fn is_implied(&self, at: NodeIndex, among: &BTreeMap<NodeIndex, Decider>) -> bool {
        let mut earlier = self.passed.strict_dominators(at).into_iter().flatten();
        earlier.any(|earlier| {
            among.get(&earlier).is_some_and(|told| {
                let mut here = self.branches(earlier, at, &HashSet::new()).into_iter();
                here.all(|(branch, leads)| !leads || told.branches.get(&branch) == Some(&true))
            })
        })
    }

    /// The last decision on every way to an item of which some branches lead there and others do not.
    /// It cannot come to that one without the answers that earlier ones need, so these say no more.
    ///
    /// What decides whether a node is come to that every way passes decides all that is behind it, too.
    fn of(&mut self, item: ItemId) -> Option<Decider> {
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

    fn is_decision(&self, node: NodeIndex) -> bool {
        let kind = self.flow.node(node).kind;
        matches!(kind, NodeKind::Choose(ChosenBy::People | ChosenBy::Facts))
    }

    /// The decision at a node, if not all of its branches lead to what it is passed on the way to.
    fn decides(&self, above: NodeIndex, at: NodeIndex) -> Option<Decider> {
        if !self.is_decision(above) {
            return None;
        }
        let branches = self.branches(above, at, &HashSet::new());
        is_mixed(&branches).then_some(Decider { item: self.flow.node(above).item, branches })
    }

    /// For each branch of a decision, whether it leads to a node without coming to it again, nor to any of
    /// some others.
    fn branches(
        &self,
        above: NodeIndex,
        at: NodeIndex,
        others: &HashSet<NodeIndex>,
    ) -> BTreeMap<usize, bool> {
        let leading = self.leading(above, at, others);
        let mut branches = BTreeMap::new();
        for (edge, to) in self.flow.out(above) {
            if let Some(branch) = self.own_branch(above, self.flow.edge(edge)) {
                *branches.entry(branch).or_insert(false) |= leading.contains(&to);
            }
        }
        branches
    }

    /// The branch of a decision that an edge is; none of an event around it.
    fn own_branch(&self, from: NodeIndex, edge: &Edge) -> Option<usize> {
        let item = self.flow.node(from).item;
        edge.branch.filter(|_| edge.event_of.is_none_or(|block| block == item))
    }

    /// From where a node is come to without passing the one above it, nor others.
    fn leading(
        &self,
        above: NodeIndex,
        at: NodeIndex,
        others: &HashSet<NodeIndex>,
    ) -> HashSet<NodeIndex> {
        let mut leading = HashSet::from([at]);
        let mut open = vec![at];
        while let Some(node) = open.pop() {
            let before = self.flow.graph.neighbors_directed(node, Direction::Incoming);
            open.extend(
                before.filter(|node| {
                    *node != above && !others.contains(node) && leading.insert(*node)
                }),
            );
        }
        leading
    }
}

fn is_mixed(branches: &BTreeMap<usize, bool>) -> bool {
    branches.values().any(|leads| *leads) && branches.values().any(|leads| !leads)
}
