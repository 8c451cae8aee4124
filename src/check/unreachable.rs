//! `unreachable`: no way leads there, whatever the facts are.

use super::words::called;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::{Flow, last_inside};
use crate::model::{ItemId, ItemKind, Model, Target};
use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::NodeIndex;
use std::collections::{HashMap, HashSet};

pub const RULE: Rule = Rule {
    name: "unreachable",
    severity: Severity::Error,
    summary: "no way leads to a step",
    why: "It is printed on the checklist, and nobody ever comes to it. Most often a jump or an \
          `end` stands before it, or the answer that should lead there leads elsewhere.",
    wrong: include_str!("examples/unreachable.wrong.vup"),
    right: include_str!("examples/unreachable.right.vup"),
};

pub fn check(model: &Model, flow: &Flow) -> Vec<Diagnostic> {
    let reached = flow.reached();
    if flow.arrive.iter().all(|node| reached[node.index()]) {
        return Vec::new();
    }
    let endless: HashSet<ItemId> =
        flow.closed_loops().iter().flatten().map(|node| flow.node(*node).item).collect();
    let dead = flow
        .graph
        .filter_map(|index, _| (!reached[index.index()]).then_some(index), |_, _| Some(()));
    let mut items: HashMap<NodeIndex, ItemId> = HashMap::new();
    for id in model.ids().skip(1) {
        items.entry(flow.arrive[id.0 as usize]).or_insert(id);
    }
    // Only what nothing else that is not reached leads to is a cause; of things that lead to each
    // other, the first.
    let mut explained = vec![false; flow.graph.node_count()];
    let mut findings = Vec::new();
    for group in kosaraju_scc(&dead).into_iter().rev() {
        let nodes: Vec<NodeIndex> = group.into_iter().map(|node| dead[node]).collect();
        let mut is_explained = nodes.iter().any(|node| {
            let mut before = flow.graph.neighbors_directed(*node, Direction::Incoming);
            before.any(|before| explained[before.index()])
        });
        let first = nodes.iter().filter_map(|node| items.get(node)).min();
        if let (Some(id), false) = (first, is_explained) {
            let before = before(model, *id);
            // What stands behind a loop that is never left waits for that loop to be mended.
            let waits = before.is_some_and(|before| {
                endless.iter().any(|inside| model.is_within(*inside, before))
            });
            findings.extend((!waits).then(|| tell(model, *id, before)));
            is_explained = true;
        }
        nodes.iter().for_each(|node| explained[node.index()] = is_explained);
    }
    findings
}

/// The item from which the flow would go on to this one.
fn before(model: &Model, id: ItemId) -> Option<ItemId> {
    let item = model.item(id);
    if matches!(item.kind, ItemKind::Path { .. }) {
        return None;
    }
    let siblings = &model.item(item.parent?).children;
    let position = siblings.iter().position(|sibling| *sibling == id)?;
    position.checked_sub(1).map(|position| siblings[position])
}

fn tell(model: &Model, id: ItemId, before: Option<ItemId>) -> Diagnostic {
    let item = model.item(id);
    let message = format!("no way leads to {}", called(model, id));
    let finding = Diagnostic::new(&RULE, item.place, message);
    match (before, &item.kind) {
        (_, ItemKind::Path { .. }) => {
            finding.help("give it a `when` or `otherwise`, let something jump to it, or delete it")
        }
        (Some(before), _) => {
            let last = model.item(last_inside(model, before));
            match last.kind {
                ItemKind::Go { target: Target::Item(to), at_most: None, .. } if model.is_within(to, before) => finding
                    .label(last.place, "this goes back every time")
                    .help("let a decision say when to go back, and when to go on; or delete what is never come to"),
                _ => finding
                    .label(model.item(before).place, "the flow never goes on from here")
                    .help("lead something to it, or delete it"),
            }
        }
        (None, _) => finding.help("lead something to it, or delete it"),
    }
}
