//! `unreachable`: no way leads there, whatever the facts are.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::Flow;
use crate::model::{ItemId, ItemKind, Model};
use petgraph::visit::Dfs;

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
    let mut reached = vec![false; flow.graph.node_count()];
    let mut search = Dfs::new(&flow.graph, flow.start);
    while let Some(node) = search.next(&flow.graph) {
        reached[node.index()] = true;
    }
    let is_reached = |id: ItemId| reached[flow.arrive[id.0 as usize].index()];
    let mut findings = Vec::new();
    let mut told = vec![false; model.items.len()];
    for id in model.ids() {
        let item = model.item(id);
        let inside = item.parent.is_some_and(|parent| told[parent.0 as usize]);
        if is_reached(id) {
            continue;
        }
        told[id.0 as usize] = true;
        // The outermost item, and the first of those that follow each other, is the cause.
        let before = before(model, id);
        if !inside && before.is_none_or(|before| is_reached(before)) {
            findings.push(tell(model, id, before));
        }
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
    let word = item.kind.word();
    let named =
        item.name.as_ref().map_or(format!("this `{word}`"), |name| format!("the {word} `{name}`"));
    let finding = Diagnostic::new(&RULE, item.place, format!("no way leads to {named}"));
    match (before, &item.kind) {
        (_, ItemKind::Path { .. }) => {
            finding.help("give it a `when` or `otherwise`, let something jump to it, or delete it")
        }
        (Some(before), _) => {
            let before = model.item(before);
            finding
                .label(before.place, "the flow never goes on from here")
                .help("lead something to it, or delete it")
        }
        (None, _) => finding.help("lead something to it, or delete it"),
    }
}
