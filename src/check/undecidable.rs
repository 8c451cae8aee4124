//! `undecidable-by-anyone`: a decision that only optional roles take, or an approval that only they give,
//! is come to without any of them.
//!
//! What optional roles do is passed by where they are absent. Of a step that is what is meant; a
//! decision would be passed by as if somebody had said to go on. Where that is meant, it says so
//! itself, with `when ROLE takes part`.

use super::because::own;
use super::run;
use super::words::called;
use crate::cases::OutOfFuel;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::{Flow, NodeKind, approvals, presence};
use crate::model::{ItemKind, Model};
use crate::reach::Reach;
use crate::source::Place;
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    name: "undecidable-by-anyone",
    severity: Severity::Error,
    summary: "in some case nobody is there who could take a decision, or approve",
    why: "All who decide or approve may be absent. Then nobody does, and the process goes on as if \
          somebody had.",
    wrong: include_str!("examples/undecidable-by-anyone.wrong.vup"),
    right: include_str!("examples/undecidable-by-anyone.right.vup"),
};

pub fn check(model: &Model, flow: &Flow, reach: &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut found: BTreeMap<Place, Diagnostic> = BTreeMap::new();
    for id in model.ids() {
        let item = model.item(id);
        let by = item
            .head
            .by
            .as_ref()
            .filter(|_| matches!(item.kind, ItemKind::Decide { answer: Some(_) }));
        let Some(presence) = by.and_then(|who| presence(model, who.roles())) else { continue };
        let mut here = reach.at(flow.arrive[id.0 as usize]);
        // The last of its own conditions is that somebody is there.
        let own = own(model, item);
        for (guard, _) in &own[..own.len().saturating_sub(1)] {
            let answer = reach.facts.answer(guard)?;
            here = reach.facts.cases.minus(here, answer.no)?;
        }
        let skips = item.skips.iter().filter(|skip| skip.by.is_none());
        for guard in skips.filter_map(|skip| skip.condition.guard.as_ref()) {
            let answer = reach.facts.answer(guard)?;
            here = reach.facts.cases.minus(here, answer.yes)?;
        }
        let absent = reach.facts.answer(&presence)?.no;
        let undecided = reach.facts.cases.and(here, absent)?;
        if undecided.is_empty() || found.contains_key(&item.place) {
            continue;
        }
        let arrive = flow.arrive[id.0 as usize];
        let shown = run::to_node(model, flow, reach, arrive, undecided)?;
        let told = reach.facts.told_around(model, undecided, here, shown.cases)?;
        let when = told.map(|told| told.when()).unwrap_or_default();
        let message = format!("nobody may be there to take {}{when}", called(model, id));
        let finding = Diagnostic::new(&RULE, item.place, message).run(shown.steps).help(
            "let somebody decide who always takes part, or write `when ROLE takes part` where it is to be passed by",
        );
        found.insert(item.place, finding);
    }
    for node in flow.graph.node_indices().filter(|node| flow.node(*node).kind == NodeKind::Act) {
        let (id, here) = (flow.node(node).item, reach.at(node));
        for (who, place) in approvals(&model.item(id).lines) {
            let Some(presence) = presence(model, who.roles()) else { continue };
            let absent = reach.facts.answer(&presence)?.no;
            let unsigned = reach.facts.cases.and(here, absent)?;
            if unsigned.is_empty() || found.contains_key(&place) {
                continue;
            }
            let shown = run::to_node(model, flow, reach, node, unsigned)?;
            let told = reach.facts.told_around(model, unsigned, here, shown.cases)?;
            let when = told.map(|told| told.when()).unwrap_or_default();
            let message = format!("nobody may be there to approve {}{when}", called(model, id));
            let finding = Diagnostic::new(&RULE, place, message)
                .run(shown.steps)
                .help("let somebody approve who always takes part, or do the step only `when ROLE takes part`");
            found.insert(place, finding);
        }
    }
    Ok(found.into_values().collect())
}
