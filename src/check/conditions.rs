//! `constant-condition`, `always-skipped`, `skip-never-applies`: lines whose answer is always the
//! same where they stand.
//!
//! A `when` stands behind those above it: it is asked only where they hold. A line of a procedure is
//! one line: it is told of only if it is so in every run of it.

use super::because::{Because, asked_task, has_constant, own};
use super::words::called;
use crate::cases::{OutOfFuel, Set};
use crate::diagnostic::{Diagnostic, Edit, Mend, Rule, Severity};
use crate::flow::{ChosenBy, Flow, NodeIndex, NodeKind};
use crate::model::{Condition, ItemKind, Model};
use crate::reach::Reach;
use crate::source::Place;
use std::collections::BTreeMap;

pub const CONSTANT: Rule = Rule {
    name: "constant-condition",
    severity: Severity::Warning,
    summary: "a condition comes out the same in every case where it stands",
    why: "Whoever reads it thinks that there are cases in which it comes out otherwise, and looks for \
          them. Either it is left over, or it was to ask something else.",
    wrong: include_str!("examples/constant-condition.wrong.vup"),
    right: include_str!("examples/constant-condition.right.vup"),
};

pub const ALWAYS_SKIPPED: Rule = Rule {
    name: "always-skipped",
    severity: Severity::Warning,
    summary: "a step is skipped in every case",
    why: "It is printed on the checklist with the remark that it may be skipped, and nobody ever \
          does it.",
    wrong: include_str!("examples/always-skipped.wrong.vup"),
    right: include_str!("examples/always-skipped.right.vup"),
};

pub const SKIP_NEVER: Rule = Rule {
    name: "skip-never-applies",
    severity: Severity::Warning,
    summary: "a `skip` applies in no case",
    why: "Whoever reads it thinks that there are cases in which the step need not be done, and \
          there are none.",
    wrong: include_str!("examples/skip-never-applies.wrong.vup"),
    right: include_str!("examples/skip-never-applies.right.vup"),
};

/// What is found of a line: the last place in the flow where it is asked, with the cases that are
/// ruled out there; none once it comes out otherwise somewhere.
type Found = BTreeMap<(Place, &'static str), Option<(NodeIndex, Set, Diagnostic)>>;

pub fn check(model: &Model, flow: &Flow, reach: &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut found = Found::new();
    for node in flow.graph.node_indices() {
        if reach.at(node).is_empty() {
            continue;
        }
        let item = model.item(flow.node(node).item);
        match flow.node(node).kind {
            NodeKind::Ask => {
                constants(reach, node, &item.when, &mut found)?;
                skips(model, flow, reach, node, &mut found)?;
            }
            NodeKind::Task(_) => {
                if let Some(task) = asked_task(model, flow, node) {
                    constants(reach, node, &task.when, &mut found)?;
                }
            }
            NodeKind::Choose(ChosenBy::Until) => {
                // What has one round does not ask whether it is done.
                if let ItemKind::Repeat { until, at_most } = &item.kind
                    && *at_most != Some(1)
                {
                    until_constant(reach, node, until, at_most.is_some(), &mut found)?;
                }
            }
            _ => {}
        }
    }
    let mut because = Because::new(model, flow);
    let mut findings = Vec::new();
    for (node, cases, finding) in found.into_values().flatten() {
        // A `when` is not explained by itself.
        let item = model.item(flow.node(node).item);
        let own = if finding.rule == &CONSTANT { Vec::new() } else { own(model, item) };
        findings.push(because.explain(reach, finding, node, cases, &own)?);
    }
    Ok(findings)
}

/// Notes how a line comes out at a node.
fn note(
    found: &mut Found,
    place: Place,
    finding: Diagnostic,
    node: NodeIndex,
    ruled_out: Option<Set>,
) {
    let entry = found.entry((place, finding.rule.name));
    let new = ruled_out.map(|cases| (node, cases, finding));
    entry
        .and_modify(|before| {
            let is_same = match (&*before, &new) {
                (Some((_, _, one)), Some((_, _, other))) => one.message == other.message,
                _ => false,
            };
            if !is_same {
                *before = None;
            }
        })
        .or_insert(new);
}

/// The `when` lines of an item or a task, each where those above it hold.
fn constants(
    reach: &mut Reach,
    node: NodeIndex,
    lines: &[Condition],
    found: &mut Found,
) -> Result<(), OutOfFuel> {
    let all = reach.at(node);
    let mut here = all;
    for (index, when) in lines.iter().enumerate() {
        let Some(guard) = &when.guard else { continue };
        let answer = reach.facts.answer(guard)?;
        let holds = reach.facts.cases.is_within(here, answer.yes)?;
        let always = holds && !here.is_empty() && !has_constant(guard);
        let mut finding =
            Diagnostic::new(&CONSTANT, when.place, "this condition always holds here")
                .help("leave the line out, or let it ask what it was meant to")
                .edit(Edit::suggested(when.place, Mend::NoLine));
        if always && !reach.facts.cases.is_within(all, answer.yes)? {
            for above in lines[..index].iter().filter(|above| above.guard.is_some()) {
                finding = finding.label(above.place, "it is asked only where this holds");
            }
        }
        note(found, when.place, finding, node, always.then_some(answer.no));
        here = reach.facts.cases.minus(here, answer.no)?;
    }
    Ok(())
}

/// What a loop waits for; one that is repeated `at most` so often may wait for what never comes.
fn until_constant(
    reach: &mut Reach,
    node: NodeIndex,
    until: &Condition,
    is_limited: bool,
    found: &mut Found,
) -> Result<(), OutOfFuel> {
    let Some(guard) = until.guard.as_ref().filter(|guard| !has_constant(guard)) else {
        return Ok(());
    };
    let (here, answer) = (reach.at(node), reach.facts.answer(guard)?);
    let always = reach.facts.cases.is_within(here, answer.yes)?;
    let never = is_limited && reach.facts.cases.is_within(here, answer.no)?;
    let (message, help, ruled_out) = match never {
        true => (
            "this loop always goes all its rounds: what it waits for never holds by then",
            "let it wait for what its steps bring about",
            Some(answer.yes),
        ),
        false => (
            "this loop is never repeated: what it waits for always holds by then",
            "take what is in it out of the loop, or let it wait for something else",
            always.then_some(answer.no),
        ),
    };
    let finding = Diagnostic::new(&CONSTANT, until.place, message).help(help);
    note(found, until.place, finding, node, ruled_out);
    Ok(())
}

/// The `skip` lines of an item, among the cases in which its `when` lines hold.
fn skips(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    node: NodeIndex,
    found: &mut Found,
) -> Result<(), OutOfFuel> {
    let id = flow.node(node).item;
    let item = model.item(id);
    if item.skips.is_empty() {
        return Ok(());
    }
    let mut here = reach.at(node);
    for (guard, _) in own(model, item) {
        let answer = reach.facts.answer(&guard)?;
        here = reach.facts.cases.minus(here, answer.no)?;
    }
    let (mut left, mut by_constant) = (here, here.is_empty());
    let (mut must, mut not_skipped) = (None, Set::ALL);
    for skip in &item.skips {
        let Some(guard) = &skip.condition.guard else { continue };
        let place = skip.condition.place;
        let answer = reach.facts.answer(guard)?;
        let possible = reach.facts.cases.minus(here, answer.no)?;
        let never = possible.is_empty() && !here.is_empty() && !has_constant(guard);
        let finding = Diagnostic::new(&SKIP_NEVER, place, "this `skip` applies in no case")
            .label(item.place, "so this is never skipped by it")
            .help("mend its condition, or leave the line out")
            .edit(Edit::suggested(place, Mend::NoLine));
        note(found, place, finding, node, never.then_some(answer.yes));
        if skip.by.is_none() {
            by_constant |= has_constant(guard);
            left = reach.facts.cases.minus(left, answer.yes)?;
            not_skipped = reach.facts.cases.and(not_skipped, answer.no)?;
            must = must.or(Some(place));
        }
    }
    if let Some(place) = must {
        let message = format!("{} is skipped in every case", called(model, id));
        let others =
            item.skips.iter().filter(|skip| skip.by.is_none() && skip.condition.guard.is_some());
        let finding = others
            .skip(1)
            .fold(Diagnostic::new(&ALWAYS_SKIPPED, place, message), |finding, skip| {
                finding.label(skip.condition.place, "or by this")
            });
        let finding = finding
            .label(item.place, "it stands here")
            .help("narrow the condition of its `skip`, or delete it");
        let always = left.is_empty() && !by_constant;
        note(found, item.place, finding, node, always.then_some(not_skipped));
    }
    Ok(())
}
