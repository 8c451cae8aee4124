//! `loop-without-bound`: people may go round and round, and nothing says how often.

use super::words::called;
use crate::diagnostic::{Diagnostic, Edit, Mend, Rule, Severity};
use crate::flow::{ChosenBy, EdgeKind, Flow, NodeIndex, NodeKind};
use crate::model::{BranchKind, ItemId, Model};
use crate::source::{Place, Span};
use petgraph::algo::kosaraju_scc;
use petgraph::visit::EdgeFiltered;
use std::cell::LazyCell;
use std::collections::{BTreeMap, HashSet};

pub const RULE: Rule = Rule {
    name: "loop-without-bound",
    severity: Severity::Note,
    summary: "people decide to go back, and nothing says how often they may",
    why: "Each time there is a reason to try once more, and nobody stops to ask whether it will ever \
          work. With `at most N times` somebody decides what happens then.",
    wrong: include_str!("examples/loop-without-bound.wrong.vup"),
    right: include_str!("examples/loop-without-bound.right.vup"),
};

pub fn check(model: &Model, flow: &Flow) -> Vec<Diagnostic> {
    let endless: HashSet<NodeIndex> = flow.closed_loops().iter().flatten().copied().collect();
    let circles = LazyCell::new(|| Circles::new(flow));
    let mut found: BTreeMap<Place, Diagnostic> = BTreeMap::new();
    for edge in flow.graph.edge_indices() {
        let Some((from, to)) = flow.graph.edge_endpoints(edge) else { continue };
        let (edge, source) = (flow.edge(edge), flow.node(from));
        // That nothing leads out of a loop is more than that nothing bounds it.
        if endless.contains(&from) {
            continue;
        }
        let leads_back = edge.kind == EdgeKind::Back;
        let may_lead_back = leads_back || to_what_is_before(flow, from, to);
        let bounded = edge.at_most.is_some() || edge.guard.is_some();
        if bounded || !may_lead_back || !circles.has(from, to) {
            continue;
        }
        let what = match source.kind {
            NodeKind::Choose(ChosenBy::People) if is_own(model, source.item, edge.place) => {
                format!("this leads back to {}", called(model, flow.node(to).item))
            }
            NodeKind::Choose(ChosenBy::Until) if leads_back => "this is repeated".to_string(),
            // Before it people decide whether they get here.
            NodeKind::Go if leads_back && circles.are_decided(flow, from) => {
                format!("this leads back to {}", called(model, flow.node(to).item))
            }
            _ => continue,
        };
        if is_after(model, source.item, edge.place) {
            let message = format!("{what} as often as nobody answers");
            let help = "lead to a step of its own, and back from there with `go … at most N times`";
            found.insert(edge.place, Diagnostic::new(&RULE, edge.place, message).help(help));
            continue;
        }
        let message = format!("{what} as often as people like");
        let help = "write `at most N times` at the end of the line";
        let end = Span { start: edge.place.span.end, ..edge.place.span };
        let end = Place { span: end, ..edge.place };
        let bound = Edit::suggested(end, Mend::Instead(" at most 3 times".into()));
        let finding = Diagnostic::new(&RULE, edge.place, message).help(help).edit(bound);
        found.insert(edge.place, finding);
    }
    found.into_values().collect()
}

/// Whether a jump leads to what is entered before, as between two paths that lead to each other.
fn to_what_is_before(flow: &Flow, from: NodeIndex, to: NodeIndex) -> bool {
    let (from, to) = (flow.node(from), flow.node(to));
    to.kind == NodeKind::Enter && to.item <= from.item
}

/// The circles of a flow on which nothing is counted. What counts on one of its ways bounds a circle.
struct Circles {
    /// Of each node.
    number: Vec<usize>,
}

impl Circles {
    fn new(flow: &Flow) -> Circles {
        let unbounded = EdgeFiltered::from_fn(&flow.graph, |edge| {
            edge.weight().at_most.is_none() && edge.weight().counter.is_none()
        });
        let mut number = vec![0; flow.graph.node_count()];
        for (index, nodes) in kosaraju_scc(&unbounded).iter().enumerate() {
            nodes.iter().for_each(|node| number[node.index()] = index);
        }
        Circles { number }
    }

    /// Whether an edge between these nodes is part of a circle.
    fn has(&self, from: NodeIndex, to: NodeIndex) -> bool {
        self.number[from.index()] == self.number[to.index()]
    }

    /// Whether people decide anything on the circle of a node.
    fn are_decided(&self, flow: &Flow, node: NodeIndex) -> bool {
        let mut nodes = flow.graph.node_indices();
        nodes.any(|other| {
            self.has(node, other) && flow.node(other).kind == NodeKind::Choose(ChosenBy::People)
        })
    }
}

/// Whether an edge is a branch of the decision that it leaves, not an event of a block around.
fn is_own(model: &Model, item: ItemId, place: Place) -> bool {
    model.item(item).branches.iter().any(|branch| branch.place == place)
}

/// Whether a branch is taken because time has passed. Such a one cannot be counted.
fn is_after(model: &Model, item: ItemId, place: Place) -> bool {
    let mut branches = model.item(item).branches.iter();
    branches.any(|branch| branch.place == place && matches!(branch.kind, BranchKind::After(..)))
}
