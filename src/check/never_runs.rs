//! `never-runs`: a way leads there, but conditions on it contradict each other.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::{ChosenBy, Flow, NodeKind};
use crate::model::{ItemId, ItemKind, Model};
use crate::reach::Reach;

pub const RULE: Rule = Rule {
    name: "never-runs",
    severity: Severity::Error,
    summary: "a step is on the way, but no case ever gets to it",
    why: "Its condition, or those on every way to it, contradict each other. It is printed, and \
          nobody ever does it.",
    wrong: include_str!("examples/never-runs.wrong.vup"),
    right: include_str!("examples/never-runs.right.vup"),
};

pub fn check(model: &Model, flow: &Flow, reach: &Reach) -> Vec<Diagnostic> {
    let reached = flow.reached();
    let mut runs = vec![false; model.items.len()];
    let mut on_a_way = vec![false; model.items.len()];
    for node in flow.graph.node_indices() {
        let Some(item) = entered(flow.node(node).kind).then(|| flow.node(node).item) else {
            continue;
        };
        runs[item.0 as usize] |= !reach.at(node).is_empty();
        on_a_way[item.0 as usize] |= reached[node.index()];
    }
    let mut findings = Vec::new();
    let mut told = vec![false; model.items.len()];
    for id in model.ids() {
        let index = id.0 as usize;
        if id == Model::ROOT || runs[index] || !on_a_way[index] {
            continue;
        }
        told[index] = true;
        let item = model.item(id);
        let inside = item.parent.is_some_and(|parent| told[parent.0 as usize]);
        // A branch or a path that is taken in no case is told as such, and not what is behind it.
        let arrived = !reach.at(flow.arrive[index]).is_empty();
        if !inside && arrived && !matches!(item.kind, ItemKind::Path { .. }) {
            findings.push(tell(model, id));
        }
    }
    findings.extend(no_path(model, flow, reach, &reached));
    findings
}

/// The paths, where no case gets to the choice between them.
fn no_path(model: &Model, flow: &Flow, reach: &Reach, reached: &[bool]) -> Option<Diagnostic> {
    let choice = flow
        .graph
        .node_indices()
        .find(|node| flow.node(*node).kind == NodeKind::Choose(ChosenBy::Paths))?;
    if !reach.at(choice).is_empty() || !reached[choice.index()] {
        return None;
    }
    let (_, first) = model.paths().next()?;
    let message = "no case gets to the choice of a path";
    let finding = Diagnostic::new(&RULE, first.place, message);
    Some(
        finding.help(
            "what stands before the paths ends the process in every case; mend its conditions",
        ),
    )
}

/// Whether being at a node means that its item applies.
fn entered(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Act | NodeKind::Enter | NodeKind::Choose(_) | NodeKind::Fork)
}

fn tell(model: &Model, id: ItemId) -> Diagnostic {
    let item = model.item(id);
    let named = item.name.as_ref().map_or(String::new(), |name| format!(" `{name}`"));
    let place = item.when.first().map_or(item.place, |when| when.place);
    let message = format!("the {}{named} never applies", item.kind.word());
    let mut finding = Diagnostic::new(&RULE, place, message);
    if place != item.place {
        finding = finding.label(item.place, "it stands here");
    }
    let around = model.ancestors(id).skip(1).flat_map(|outer| &model.item(outer).when);
    for when in around.filter(|when| when.guard.is_some()).take(2) {
        finding = finding.label(when.place, "this holds for whoever gets here");
    }
    finding.help(
        "its condition contradicts itself, or what always holds here; mend it, or delete the item",
    )
}
