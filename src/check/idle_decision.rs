//! `idle-decision`: people decide something, and it makes no difference.

use super::words::called;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::Flow;
use crate::model::{Branch, BranchKind, FactId, Item, ItemId, ItemKind, Model, Symbol, Target};
use crate::reach::guards;
use std::collections::HashSet;

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
    let decisions = model.ids().map(|id| (id, model.item(id)));
    decisions.filter_map(|(id, item)| told(model, &asked, id, item)).collect()
}

fn told(model: &Model, asked: &HashSet<FactId>, id: ItemId, item: &Item) -> Option<Diagnostic> {
    let ItemKind::Decide { answer: Some(answer) } = item.kind else { return None };
    let is_event = |branch: &&Branch| matches!(branch.kind, BranchKind::Event(_));
    let (events, ways): (Vec<&Branch>, Vec<&Branch>) = item.branches.iter().partition(is_event);
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

fn lead_alike(first: &Branch, rest: &[&Branch]) -> bool {
    first.at_most.is_none()
        && rest.iter().all(|way| way.target == first.target && way.at_most.is_none())
}

/// A loop that nothing leads out of is told as such.
fn leads_on(way: &Branch, decision: ItemId) -> bool {
    !matches!(way.target, Target::Item(to) if to <= decision)
}
