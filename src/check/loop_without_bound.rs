//! `loop-without-bound`: people may go round and round, and nothing says how often.

use super::words::called;
use crate::diagnostic::{Diagnostic, Edit, Mend, Rule, Severity};
use crate::flow::{ChosenBy, EdgeKind, Flow, NodeIndex, NodeKind};
use crate::model::{ItemId, Model};
use crate::source::{Place, Span};
use petgraph::algo::kosaraju_scc;
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
    let mut loops = None;
    let mut found: BTreeMap<Place, Diagnostic> = BTreeMap::new();
    for edge in flow.graph.edge_indices() {
        let Some((from, to)) = flow.graph.edge_endpoints(edge) else { continue };
        let (edge, source) = (flow.edge(edge), flow.node(from));
        // That nothing leads out of a loop is more than that nothing bounds it.
        if endless.contains(&from) {
            continue;
        }
        let leads_back = edge.kind == EdgeKind::Back
            || matches!(edge.kind, EdgeKind::Branch | EdgeKind::Timer)
                && matches!(flow.node(to).kind, NodeKind::Enter)
                && leads_round(flow, from, to, &mut loops);
        if !leads_back || edge.at_most.is_some() || edge.guard.is_some() {
            continue;
        }
        let what = match source.kind {
            NodeKind::Choose(ChosenBy::People) if is_own(model, source.item, edge.place) => {
                format!("this leads back to {}", called(model, flow.node(to).item))
            }
            NodeKind::Choose(ChosenBy::Until) => "this is repeated".to_string(),
            _ => continue,
        };
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

/// Whether a jump to what stands before closes a circle, as between two paths that lead to each other.
/// Loops are numbered when first asked for.
fn leads_round(
    flow: &Flow,
    from: NodeIndex,
    to: NodeIndex,
    loops: &mut Option<Vec<usize>>,
) -> bool {
    let loops = loops.get_or_insert_with(|| {
        let mut of = vec![0; flow.graph.node_count()];
        for (number, nodes) in kosaraju_scc(&flow.graph).iter().enumerate() {
            nodes.iter().for_each(|node| of[node.index()] = number);
        }
        of
    });
    flow.node(to).item <= flow.node(from).item && loops[from.index()] == loops[to.index()]
}

/// Whether an edge is a branch of the decision that it leaves, not an event of a block around.
fn is_own(model: &Model, item: ItemId, place: Place) -> bool {
    model.item(item).branches.iter().any(|branch| branch.place == place)
}
