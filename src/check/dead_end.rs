//! `dead-end`: the flow stops without an outcome.

use crate::diagnostic::{Diagnostic, Edit, Mend, Rule, Severity};
use crate::flow::{Edge, Flow, NodeKind};
use crate::model::{BranchKind, ItemId, ItemKind, Model, OutcomeId, Symbol};
use crate::source::Place;
use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use std::collections::{BTreeMap, HashSet};

pub const RULE: Rule = Rule {
    name: "dead-end",
    severity: Severity::Error,
    summary: "the flow stops without an outcome",
    why: "Who gets there does not know whether the work is done. A process that declares outcomes \
          says with `end` in which of them each way ends.",
    wrong: include_str!("examples/dead-end.wrong.vup"),
    right: include_str!("examples/dead-end.right.vup"),
};

pub fn check(model: &Model, flow: &Flow) -> Vec<Diagnostic> {
    let reached = flow.reached();
    let mut stops: BTreeMap<ItemId, Vec<Stop>> = BTreeMap::new();
    let mut seen = HashSet::new();
    let mut next = vec![flow.nowhere];
    while let Some(node) = next.pop() {
        for edge in flow.graph.edges_directed(node, Direction::Incoming) {
            let from = edge.source();
            if !reached[from.index()] {
                continue;
            }
            match passed_on(model, flow, from) {
                true if seen.insert(from) => next.push(from),
                true => {}
                false => {
                    let stop = stop_of(model, flow.node(from).item, edge.weight());
                    let stops = stops.entry(model.path_of(stop.item)).or_default();
                    stops.push(stop);
                }
            }
        }
    }
    stops.into_iter().map(|(top, stops)| tell(model, top, stops)).collect()
}

/// Where something stops.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stop {
    place: Place,
    item: ItemId,
    branch: Option<usize>,
}

/// What an edge is that leads nowhere: of an event it is told where the event is written, not
/// where it may happen.
fn stop_of(model: &Model, from: ItemId, edge: &Edge) -> Stop {
    let is_of = |id: &ItemId| model.item(*id).branches.iter().any(|one| one.place == edge.place);
    let item = model.ancestors(from).find(|id| edge.branch.is_some() && is_of(id));
    Stop { place: edge.place, item: item.unwrap_or(from), branch: edge.branch }
}

/// Whether a node only hands on what comes to it, so that the cause is further back. What comes
/// out of a procedure is told where that is run.
fn passed_on(model: &Model, flow: &Flow, node: NodeIndex) -> bool {
    let node = flow.node(node);
    let item = model.item(node.item);
    let hands_on = matches!(item.kind, ItemKind::Path { .. } | ItemKind::Stage);
    node.kind == NodeKind::Leave && hands_on && !item.children.is_empty()
}

fn tell(model: &Model, top: ItemId, mut stops: Vec<Stop>) -> Diagnostic {
    stops.sort();
    stops.dedup_by_key(|stop| stop.place);
    let what = match &model.item(top).name {
        Some(name) => format!("the path `{name}`"),
        None => "the process".to_string(),
    };
    let first = stops[0];
    let branch = first.branch.and_then(|branch| model.item(first.item).branches.get(branch));
    let message = match branch.map(|branch| &branch.kind) {
        Some(BranchKind::Answer(name)) => {
            format!("the answer `{name}` leads nowhere: nothing follows in {what}")
        }
        Some(BranchKind::Event(name)) => {
            format!("the event `{name}` leads nowhere: nothing follows in {what}")
        }
        Some(_) => format!("this branch leads nowhere: nothing follows in {what}"),
        None => format!("{what} stops here without an outcome"),
    };
    let outcomes: Vec<String> =
        model.outcomes.iter().map(|outcome| format!("`end {}`", outcome.name)).collect();
    let mut finding = Diagnostic::new(&RULE, first.place, message);
    for stop in stops.iter().skip(1).take(4) {
        finding = finding.label(stop.place, "and here");
    }
    // What an event leads to is not what stands behind all else.
    let is_event = |stop: &Stop| {
        let branch = stop.branch.and_then(|branch| model.item(stop.item).branches.get(branch));
        matches!(branch.map(|branch| &branch.kind), Some(BranchKind::Event(_)))
    };
    if !stops.iter().any(is_event) {
        finding.edit = end_of(model, top);
    }
    finding.help(format!("say how it ends: {}", outcomes.join(" or ")))
}

/// An `end` behind all else in a path or the process: in the outcome that is still to be reached, or
/// the first.
fn end_of(model: &Model, top: ItemId) -> Option<Edit> {
    let last = model.item(*model.item(top).children.last()?);
    let is_unused =
        |(index, _): &(u32, _)| !model.used.contains(&Symbol::Outcome(OutcomeId(*index)));
    let unused = (0u32..).zip(&model.outcomes).find(is_unused).map(|(_, outcome)| outcome);
    let text = format!("end {}", unused.or(model.outcomes.first())?.name);
    Some(Edit::suggested(last.end, Mend::LineAfter { text, like: last.place }))
}
