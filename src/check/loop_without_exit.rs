//! `loop-without-exit`: who gets in never gets out.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::{EdgeKind, Flow, NodeKind};
use crate::model::{ItemId, Model};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::NodeIndex;
use petgraph::visit::{Dfs, EdgeRef, VisitMap, Visitable};
use std::collections::HashSet;

pub const RULE: Rule = Rule {
    name: "loop-without-exit",
    severity: Severity::Error,
    summary: "steps lead to each other, and nothing leads out",
    why: "Once in the loop, the process never ends, whatever anybody answers.",
    wrong: include_str!("examples/loop-without-exit.wrong.vup"),
    right: include_str!("examples/loop-without-exit.right.vup"),
};

pub fn check(model: &Model, flow: &Flow) -> Vec<Diagnostic> {
    let mut reached = flow.graph.visit_map();
    let mut search = Dfs::new(&flow.graph, flow.start);
    while let Some(node) = search.next(&flow.graph) {
        reached.visit(node);
    }
    kosaraju_scc(&flow.graph)
        .into_iter()
        .filter(|loop_| loop_.iter().all(|node| reached.is_visited(node)))
        .filter(|loop_| never_left(flow, loop_))
        .filter_map(|loop_| tell(model, flow, loop_))
        .collect()
}

/// Whether these nodes, which reach each other, have no edge to any other.
fn never_left(flow: &Flow, nodes: &[NodeIndex]) -> bool {
    if nodes
        .iter()
        .any(|node| matches!(flow.node(*node).kind, NodeKind::End(_) | NodeKind::Nowhere))
    {
        return false;
    }
    let inside: HashSet<_> = nodes.iter().copied().collect();
    let leads_on = nodes.iter().any(|node| flow.graph.neighbors(*node).next().is_some());
    leads_on
        && nodes.iter().all(|node| flow.graph.neighbors(*node).all(|next| inside.contains(&next)))
}

fn tell(model: &Model, flow: &Flow, mut nodes: Vec<NodeIndex>) -> Option<Diagnostic> {
    nodes.sort();
    let mut items: Vec<ItemId> = nodes.iter().map(|node| flow.node(*node).item).collect();
    items.sort();
    items.dedup();
    let inside: HashSet<_> = nodes.iter().copied().collect();
    let back = nodes
        .iter()
        .flat_map(|node| flow.graph.edges(*node))
        .filter(|edge| inside.contains(&edge.target()))
        .find(|edge| edge.weight().kind == EdgeKind::Back)
        .map(|edge| edge.weight().place);
    let titles: Vec<String> = items
        .iter()
        .map(|id| model.item(*id))
        .filter_map(|item| item.name.as_ref().map(|name| format!("`{name}`")))
        .collect();
    let first = model.item(*items.first()?);
    let place = back.unwrap_or(first.place);
    let shown = match titles.len() {
        0..=4 => titles.join(", "),
        count => format!("{} and {} more", titles[..3].join(", "), count - 3),
    };
    let message = format!("nothing leads out of this loop: {shown}");
    let mut finding = Diagnostic::new(&RULE, place, message);
    if place != first.place {
        finding = finding.label(first.place, "the loop starts here");
    }
    Some(
        finding
            .help("give a decision in it an answer that leads on, or end a `repeat` with `until`"),
    )
}
