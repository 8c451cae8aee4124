//! `loop-without-exit`: who gets in never gets out.

use super::words::named;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::{EdgeKind, Flow};
use crate::model::{ItemId, ItemKind, Model};
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
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
    let loops = flow.closed_loops();
    loops.iter().filter_map(|nodes| tell(model, flow, nodes)).collect()
}

fn tell(model: &Model, flow: &Flow, nodes: &[NodeIndex]) -> Option<Diagnostic> {
    let mut items: Vec<ItemId> = nodes.iter().map(|node| flow.node(*node).item).collect();
    items.sort();
    items.dedup();
    let inside: HashSet<_> = nodes.iter().copied().collect();
    let back: Vec<_> = nodes
        .iter()
        .flat_map(|node| flow.graph.edges(*node))
        .filter(|edge| inside.contains(&edge.target()))
        .filter(|edge| edge.weight().kind == EdgeKind::Back)
        .collect();
    // A jump that is always taken: all that stands before it may well be as it is meant.
    let jump = back.iter().find(|edge| {
        let item = model.item(flow.node(edge.source()).item);
        matches!(item.kind, ItemKind::Go { at_most: None, .. })
    });
    let first = model.item(*items.first()?);
    let place = jump.or(back.first()).map_or(first.place, |edge| edge.weight().place);
    let message = format!("nothing leads out of this loop: {}", named(model, &items));
    let mut finding = Diagnostic::new(&RULE, place, message);
    if place != first.place {
        finding = finding.label(first.place, "the loop starts here");
    }
    Some(finding.help(match jump {
        Some(_) => "say how often it goes back, as in `go step X at most 3 times`, or let a decision lead past it",
        None => "give a decision in it an answer that leads on, or end a `repeat` with `until`",
    }))
}
