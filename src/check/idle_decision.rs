//! `idle-decision`: people decide something, and it makes no difference.

use super::words::called;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::{ChosenBy, Flow, NodeIndex, NodeKind};
use crate::model::{Branch, BranchKind, FactId, Item, ItemId, ItemKind, Model, Symbol, Target};
use crate::reach::guards;
use crate::source::Place;
use petgraph::visit::EdgeRef;
use std::collections::{HashMap, HashSet};

pub const RULE: Rule = Rule {
    name: "idle-decision",
    severity: Severity::Warning,
    summary: "whatever is decided, the process goes on in the same way",
    why: "A decision with one answer, or with answers that all lead to the same place and that nothing asks \
          for, is a branch that was forgotten: the no that nobody wrote down. Or it is no decision, but work.",
    wrong: include_str!("examples/idle-decision.wrong.vup"),
    right: include_str!("examples/idle-decision.right.vup"),
};

pub fn check(model: &Model, flow: &Flow) -> Vec<Diagnostic> {
    // A text that is filled in asks, too.
    let filled = |symbol: &Symbol| match symbol {
        Symbol::Fact(fact) => Some(*fact),
        _ => None,
    };
    let mut asked: HashSet<FactId> = model.used.iter().filter_map(filled).collect();
    guards(model, flow).for_each(|guard| guard.facts(&mut |fact| _ = asked.insert(fact)));
    let leads = leads(flow);
    let decisions = model.ids().map(|id| (id, model.item(id)));
    decisions.filter_map(|(id, item)| told(model, &leads, &asked, id, item)).collect()
}

/// Where each branch of a decision leads to, as `next` and the name of the next step are the same.
type Leads = HashMap<(ItemId, Place), NodeIndex>;

fn leads(flow: &Flow) -> Leads {
    let ways = flow.graph.edge_references().filter_map(|edge| {
        let from = flow.node(edge.source());
        let is_way = from.kind == NodeKind::Choose(ChosenBy::People);
        is_way.then(|| ((from.item, edge.weight().place), edge.target()))
    });
    ways.collect()
}

fn told(
    model: &Model,
    leads: &Leads,
    asked: &HashSet<FactId>,
    id: ItemId,
    item: &Item,
) -> Option<Diagnostic> {
    let ItemKind::Decide { answer: Some(answer) } = item.kind else { return None };
    let is_event = |branch: &&Branch| matches!(branch.kind, BranchKind::Event(_));
    let (events, ways): (Vec<&Branch>, Vec<&Branch>) = item.branches.iter().partition(is_event);
    let to = |branch: &Branch| leads.get(&(id, branch.place));
    let lead_alike = |first: &Branch, rest: &[&Branch]| {
        first.at_most.is_none()
            && rest.iter().all(|way| to(way) == to(first) && way.at_most.is_none())
    };
    let what = called(model, id);
    let (message, help) = match ways.as_slice() {
        [only] if lead_alike(only, &events) => (
            format!("{what} has one answer alone"),
            "say what else may be decided, and where that leads; or make a step of it",
        ),
        [first, rest @ ..]
            if !rest.is_empty()
                && !asked.contains(&answer)
                && lead_alike(first, rest)
                && leads_on(first, id) =>
        {
            (
                format!("whatever {what} comes to, it goes on in the same way"),
                "lead one of the answers elsewhere, ask for the answer in a condition, or make a step of it",
            )
        }
        _ => return None,
    };
    Some(Diagnostic::new(&RULE, item.place, message).help(help))
}

/// A loop that nothing leads out of is told as such.
fn leads_on(way: &Branch, decision: ItemId) -> bool {
    !matches!(way.target, Target::Item(to) if to <= decision)
}
