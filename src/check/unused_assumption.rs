//! `unused-assumption`: without it, the process would be the same.
//!
//! The cases that there can be are compared with it and without it, as far as they are about facts
//! that a condition of the flow or of a rule reads. Where they are the same, nothing that is proved of
//! the process depends on the assumption. Of two that say the same, the second is told.

use crate::cases::{OutOfFuel, Set};
use crate::diagnostic::{Diagnostic, Edit, Mend, Rule, Severity};
use crate::flow::Flow;
use crate::model::Model;
use crate::reach::Reach;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    name: "unused-assumption",
    severity: Severity::Warning,
    summary: "an assumption changes nothing",
    why: "Readers take it for a condition of entry that the process relies on. Either it follows from \
          what is said elsewhere, or the step that was to rely on it is missing.",
    wrong: include_str!("examples/unused-assumption.wrong.vup"),
    right: include_str!("examples/unused-assumption.right.vup"),
};

pub fn check(model: &Model, flow: &Flow, reach: &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let read = levels_read(model, flow, reach);
    let mut left_out = BTreeSet::new();
    let mut findings = Vec::new();
    for (index, assumption) in model.assumptions.iter().enumerate().rev() {
        let with = reach.facts.possible_without(model, &left_out)?;
        left_out.insert(index);
        let without = reach.facts.possible_without(model, &left_out)?;
        let same = about(reach, with, &read)? == about(reach, without, &read)?;
        if !same {
            left_out.remove(&index);
            continue;
        }
        let finding = Diagnostic::new(&RULE, assumption.place, "this assumption changes nothing")
            .edit(Edit::suggested(assumption.place, Mend::NoLine));
        findings.push(match with == without {
            true => {
                let no = reach.facts.answer(&assumption.guard)?.no;
                let mut finding = finding
                    .here("it holds in every case anyway")
                    .help("leave it out, or mend its condition");
                for (other, said) in model.assumptions.iter().enumerate() {
                    let yes = reach.facts.answer(&said.guard)?.yes;
                    if !left_out.contains(&other) && reach.facts.cases.and(yes, no)?.is_empty() {
                        finding = finding.label(said.place, "this says it already");
                    }
                }
                finding
            }
            false => finding
                .here("nothing in the process depends on what it rules out")
                .help("leave it out, or let a condition ask for what it is about"),
        });
    }
    Ok(findings)
}

/// The facts that conditions of the flow and of rules read, by their levels.
fn levels_read(model: &Model, flow: &Flow, reach: &Reach) -> BTreeSet<usize> {
    let guards = flow.graph.edge_weights().filter_map(|edge| edge.guard.as_ref());
    let ruled = model.rules.iter().filter_map(|rule| rule.when.as_ref());
    let facts = guards.chain(ruled).flat_map(|guard| model.depends_on(guard));
    let mut levels: BTreeSet<usize> =
        facts.flat_map(|fact| reach.facts.tied_to(fact).first().copied()).collect();
    // How two versions compare is read off the hop.
    if let Some(versions) = &model.versions {
        let tied = |fact| reach.facts.tied_to(fact);
        let ends = [versions.from, versions.to];
        if ends.iter().any(|fact| tied(*fact).iter().any(|level| levels.contains(level))) {
            levels.extend(tied(versions.hop));
        }
    }
    levels
}

/// A set of cases, as far as it is about some levels.
fn about(reach: &mut Reach, set: Set, levels: &BTreeSet<usize>) -> Result<Set, OutOfFuel> {
    let mut about = set;
    for level in (0..reach.facts.cases.facts()).filter(|level| !levels.contains(level)) {
        about = reach.facts.cases.forget(about, level)?;
    }
    Ok(about)
}
