//! What can be reached in a flow, whatever the facts are, and what cannot be left.

use super::{Effect, Flow, NodeKind};
use crate::model::{ArtifactId, ItemId};
use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::NodeIndex;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

/// What was found of a flow: several checks ask for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    reached: OnceLock<Vec<bool>>,
    closed_loops: OnceLock<Vec<Vec<NodeIndex>>>,
    rounds: OnceLock<BTreeMap<ArtifactId, usize>>,
}

/// So many `for each` within each other are followed.
const MOST_ROUNDS: usize = 3;

impl Flow {
    /// For each node, by its index, whether some way leads there from the start. Behind `any order`
    /// a way leads only if each of its branches has one to its end.
    pub fn reached(&self) -> &[bool] {
        self.found.reached.get_or_init(|| self.find_reached())
    }

    /// How many `for each` within each other make an artifact, as far as that is followed.
    pub fn rounds_of(&self, id: ArtifactId) -> usize {
        let rounds = self.found.rounds.get_or_init(|| self.find_rounds());
        rounds.get(&id).copied().unwrap_or(0)
    }

    fn find_rounds(&self) -> BTreeMap<ArtifactId, usize> {
        let mut rounds: BTreeMap<ArtifactId, usize> = BTreeMap::new();
        for effect in self.graph.edge_weights().flat_map(|edge| &edge.effects) {
            let Effect::Round { depth, makes, .. } = effect else { continue };
            for artifact in makes {
                let most = rounds.entry(*artifact).or_default();
                *most = (depth + 1).min(MOST_ROUNDS).max(*most);
            }
        }
        rounds
    }

    fn find_reached(&self) -> Vec<bool> {
        let mut ended = self.branches();
        let mut reached = vec![false; self.graph.node_count()];
        reached[self.start.index()] = true;
        let mut next = vec![self.start];
        while let Some(node) = next.pop() {
            for target in self.graph.neighbors(node) {
                let (from, to) = (self.node(node).item, self.node(target));
                if to.kind == NodeKind::Join
                    && let Some(branches) = ended.get_mut(&to.item)
                {
                    // What stands in a branch comes after it in the text, and before the next one.
                    if let Some((_, ended)) = branches.range_mut(..=from).next_back() {
                        *ended = true;
                    }
                    if branches.values().any(|ended| !ended) {
                        continue;
                    }
                }
                if !std::mem::replace(&mut reached[target.index()], true) {
                    next.push(target);
                }
            }
        }
        reached
    }

    /// The branches of each `any order`, none of them ended.
    fn branches(&self) -> HashMap<ItemId, BTreeMap<ItemId, bool>> {
        let is_fork = |node: &NodeIndex| self.node(*node).kind == NodeKind::Fork;
        let branches = |fork: NodeIndex| {
            let block = self.node(fork).item;
            let items = self.graph.neighbors(fork).map(|branch| self.node(branch).item);
            (block, items.filter(|item| *item != block).map(|item| (item, false)).collect())
        };
        self.graph.node_indices().filter(is_fork).map(branches).collect()
    }

    /// The nodes of each loop that can be reached and never be left, in order of the text.
    pub fn closed_loops(&self) -> &[Vec<NodeIndex>] {
        self.found.closed_loops.get_or_init(|| self.find_closed_loops())
    }

    fn find_closed_loops(&self) -> Vec<Vec<NodeIndex>> {
        let reached = self.reached();
        if self.all_lead_out(reached) {
            return Vec::new();
        }
        let mut loops: Vec<Vec<NodeIndex>> = kosaraju_scc(&self.graph)
            .into_iter()
            .filter(|nodes| nodes.iter().all(|node| reached[node.index()]))
            .filter(|nodes| self.is_closed(nodes))
            .collect();
        loops.iter_mut().for_each(|nodes| nodes.sort());
        loops.sort();
        loops
    }

    /// Whether from each node that can be reached some way leads to where the flow stops.
    fn all_lead_out(&self, reached: &[bool]) -> bool {
        let mut leads_out = vec![false; self.graph.node_count()];
        let mut next: Vec<NodeIndex> = self.ends.iter().copied().chain([self.nowhere]).collect();
        while let Some(node) = next.pop() {
            if !std::mem::replace(&mut leads_out[node.index()], true) {
                next.extend(self.graph.neighbors_directed(node, Direction::Incoming));
            }
        }
        reached.iter().zip(leads_out).all(|(reached, leads_out)| !reached || leads_out)
    }

    /// Whether nodes that reach each other have edges, and none to any other node.
    fn is_closed(&self, nodes: &[NodeIndex]) -> bool {
        let is_end = |node: &NodeIndex| {
            matches!(self.node(*node).kind, NodeKind::End(_) | NodeKind::Nowhere)
        };
        if nodes.iter().any(is_end) {
            return false;
        }
        let inside: HashSet<_> = nodes.iter().copied().collect();
        let mut next = nodes.iter().flat_map(|node| self.graph.neighbors(*node)).peekable();
        next.peek().is_some() && next.all(|next| inside.contains(&next))
    }
}
