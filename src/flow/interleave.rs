//! Branches of `any order` that a question spans, put together into one: whatever each of them does
//! next may come next.
//!
//! For all other questions each branch is followed by itself, since none reads what another writes. But
//! what has happened before what, a rule may ask across branches. So only the branches that it speaks
//! of are multiplied with each other, and no others.

use super::search::Found;
use super::{Edge, EdgeIndex, EdgeKind, Flow, Node, NodeIndex, NodeKind};
use crate::model::{ItemId, ItemKind, Model};
use std::collections::{BTreeSet, HashMap};

/// Larger products are not made.
const MOST_NODES: usize = 5_000;

/// Where each branch stands.
type Stand = Vec<At>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum At {
    /// It has not begun.
    Start,
    Within(NodeIndex),
    End,
}

impl Flow {
    /// The same flow, with some branches of an `any order` as one: the first of them; the others end
    /// where they start. None where that would be too large.
    pub fn interleaved(&self, model: &Model, branches: &[ItemId]) -> Option<Flow> {
        let (first, others) = branches.split_first()?;
        let block = model.item(*first).parent?;
        let ends = |kind| {
            let is_it =
                |node: &NodeIndex| self.node(*node).kind == kind && self.node(*node).item == block;
            self.graph.node_indices().find(is_it)
        };
        let (fork, join) = (ends(NodeKind::Fork)?, ends(NodeKind::Join)?);
        let inside: Vec<bool> = self
            .graph
            .node_indices()
            .map(|node| {
                branches.iter().any(|branch| model.is_within(self.node(node).item, *branch))
            })
            .collect();
        let mut flow = Flow { found: Found::default(), ..self.clone() };
        flow.graph.retain_edges(|graph, edge| {
            let ends = graph.edge_endpoints(edge);
            ends.is_some_and(|(from, to)| {
                !(inside[from.index()] || from == fork && inside[to.index()])
            })
        });
        let at_a_time = match model.item(block).kind {
            ItemKind::AnyOrder { at_a_time: Some(limit) } => limit as usize,
            _ => branches.len(),
        };
        let arrive = branches.iter().map(|branch| self.arrive[branch.0 as usize]).collect();
        let nodes = HashMap::new();
        let product = Product { model, flow: self, join, first: *first, arrive, at_a_time, nodes };
        let start = product.build(&mut flow)?;
        flow.arrive[first.0 as usize] = start;
        flow.connect(fork, start, fork);
        for branch in others {
            let place = model.item(*branch).place;
            let passed = flow.graph.add_node(Node { kind: NodeKind::Enter, item: *branch, place });
            flow.arrive[branch.0 as usize] = passed;
            flow.connect(fork, passed, fork);
            flow.connect(passed, join, fork);
        }
        Some(flow)
    }

    /// An edge on which nothing happens.
    fn connect(&mut self, from: NodeIndex, to: NodeIndex, origin: NodeIndex) {
        let place = self.node(from).place;
        self.graph.add_edge(from, to, Edge::plain(EdgeKind::Sequence, place, origin));
    }
}

struct Product<'f> {
    model: &'f Model,
    flow: &'f Flow,
    join: NodeIndex,
    /// The branch that stands for all.
    first: ItemId,
    /// Where each branch begins.
    arrive: Vec<NodeIndex>,
    /// So many may be under way. What the other branches take of that, they may take before or after.
    at_a_time: usize,
    nodes: HashMap<Stand, NodeIndex>,
}

impl Product<'_> {
    fn build(mut self, into: &mut Flow) -> Option<NodeIndex> {
        let start = vec![At::Start; self.arrive.len()];
        let first = self.node(into, start.clone());
        let mut next = vec![start.clone()];
        let mut seen = BTreeSet::from([start]);
        while let Some(stand) = next.pop() {
            if self.nodes.len() > MOST_NODES {
                return None;
            }
            let from = self.node(into, stand.clone());
            if stand.iter().all(|at| *at == At::End) {
                into.connect(from, self.join, from);
            }
            let under_way = stand.iter().filter(|at| matches!(at, At::Within(_))).count();
            for (branch, at) in stand.iter().enumerate() {
                let at = match at {
                    At::Start if under_way < self.at_a_time => self.arrive[branch],
                    At::Within(at) => *at,
                    At::Start | At::End => continue,
                };
                for (edge, step) in self.steps(at) {
                    let to = match step {
                        Step::Leaves(to) => to,
                        Step::Stays(at) => {
                            let mut stand = stand.clone();
                            stand[branch] = at;
                            if seen.insert(stand.clone()) {
                                next.push(stand.clone());
                            }
                            self.node(into, stand)
                        }
                    };
                    into.graph.add_edge(from, to, self.flow.edge(edge).clone());
                }
            }
        }
        Some(first)
    }

    fn node(&mut self, into: &mut Flow, stand: Stand) -> NodeIndex {
        let place = self.model.item(self.first).place;
        let node = || Node { kind: NodeKind::Enter, item: self.first, place };
        *self.nodes.entry(stand).or_insert_with(|| into.graph.add_node(node()))
    }

    /// What a branch may do next.
    fn steps(&self, at: NodeIndex) -> Vec<(EdgeIndex, Step)> {
        let block = self.flow.node(self.join).item;
        let steps = self.flow.out(at).into_iter().filter_map(|(edge, to)| {
            if to == self.join {
                return Some((edge, Step::Stays(At::End)));
            }
            // The branches of an `any order` within are one branch by now, or one after the other.
            let to = self.flow.in_sequence(self.model, edge)?;
            let stays = self.model.is_within(self.flow.node(to).item, block)
                && !matches!(self.flow.node(to).kind, NodeKind::End(_) | NodeKind::Nowhere);
            Some((edge, if stays { Step::Stays(At::Within(to)) } else { Step::Leaves(to) }))
        });
        steps.collect()
    }
}

enum Step {
    /// To a node of the branch, or its end.
    Stays(At),
    /// Out of the block.
    Leaves(NodeIndex),
}
