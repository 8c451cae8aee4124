//! `fact-before-learned`: a condition reads what nobody has found out yet.

use super::run;
use super::words::either;
use crate::cases::OutOfFuel;
use crate::diagnostic::{Diagnostic, Rule, RunKind, RunStep, Severity};
use crate::flow::{EdgeKind, Effect, Flow};
use crate::model::{FactId, FactOrigin, Guard, ItemId, ItemKind, Line, Model};
use crate::reach::Reach;
use crate::source::Place;
use std::collections::BTreeSet;

pub const RULE: Rule = Rule {
    name: "fact-before-learned",
    severity: Severity::Error,
    summary: "a condition reads a fact that may not have been learned yet",
    why: "Whoever stands before it cannot answer: the step that finds it out comes later, was \
          skipped, or lies on another way.",
    wrong: include_str!("examples/fact-before-learned.wrong.vup"),
    right: include_str!("examples/fact-before-learned.right.vup"),
};

pub fn check(model: &Model, flow: &Flow, reach: &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut findings = Vec::new();
    let mut told = BTreeSet::new();
    for edge in flow.graph.edge_indices() {
        let Some((from, _)) = flow.graph.edge_endpoints(edge) else { continue };
        let Some(guard) = &flow.edge(edge).guard else { continue };
        let place = flow.edge(edge).place;
        let answer = reach.facts.answer(guard)?;
        let answered = reach.facts.cases.or(answer.yes, answer.no)?;
        let item = flow.node(from).item;
        if told.contains(&item) || reach.facts.cases.is_within(reach.at(from), answered)? {
            continue;
        }
        let here = reach.asked_at(flow, from)?;
        let unknown = reach.facts.cases.minus(here, answered)?;
        if unknown.is_empty() {
            continue;
        }
        told.insert(item);
        let Read { names, found_out, never } = read(model, flow, guard);
        let shown = run::to_node(model, flow, reach, from, unknown)?;
        // That it is not known is said already; told is when that is so.
        let (mut when, mut among, mut around) = (unknown, here, shown.cases);
        for fact in model.depends_on(guard).into_iter().filter(|id| model.fact(*id).later) {
            when = reach.facts.whatever(when, fact)?;
            among = reach.facts.whatever(among, fact)?;
            around = reach.facts.whatever(around, fact)?;
        }
        let told = reach.facts.told_around(model, when, among, around)?;
        let when = told.map(|told| told.when()).unwrap_or_default();
        let message = match never.is_empty() {
            true => format!("{names} might not be known here yet{when}"),
            false => format!(
                "no step finds out {}, which is asked for here{when}",
                either(never.iter().map(|id| &model.fact(*id).name))
            ),
        };
        let back = forgotten_by(model, flow, guard, &shown.steps);
        let around = for_each_of_none(model, guard, item, &shown.steps);
        let mut finding = Diagnostic::new(&RULE, place, message).run(shown.steps);
        if let Some(around) = around {
            finding = finding
                .label(around, "it is found out in here, and there may be none of these")
                .help("write `at least 1` in the `for each` if there always is one, or ask only where it is known");
            findings.push(finding);
            continue;
        }
        if let Some(back) = back {
            let text =
                "this goes back in the text, so what was found out in between is unknown again";
            finding = finding.label(back, text);
        }
        for place in found_out.into_iter().filter(|_| never.is_empty()).take(3) {
            finding = finding.label(place, "this comes later, or is not always passed");
        }
        for fact in &never {
            finding = finding.label(model.fact(*fact).place, "it is declared as found out later");
        }
        findings.push(finding.help(match never.is_empty() {
            true => help(model, guard),
            false => {
                "say which step `learns` it, or leave out `later` if it is known from the start"
            }
        }));
    }
    Ok(findings)
}

/// The branch of a run that goes back last, where that makes unknown again what a condition reads.
fn forgotten_by(model: &Model, flow: &Flow, guard: &Guard, run: &[RunStep]) -> Option<Place> {
    let read = model.depends_on(guard);
    let forgets = |effect: &Effect| effect.forgets(model, &read);
    let taken = run.iter().rev().filter_map(|step| step.branch);
    let is_back = |place: &Place| {
        let mut edges = flow.graph.edge_weights().filter(|edge| edge.place == *place);
        edges.any(|edge| edge.kind == EdgeKind::Back && edge.effects.iter().any(forgets))
    };
    taken.into_iter().find(is_back)
}

/// The `for each` before an item in which a fact of its condition is learned, where the run does
/// nothing of it, since there is nothing that it could be done for.
fn for_each_of_none(model: &Model, guard: &Guard, item: ItemId, run: &[RunStep]) -> Option<Place> {
    let read: Vec<_> =
        model.depends_on(guard).into_iter().filter(|id| model.fact(*id).later).collect();
    let learns = |line: &Line| {
        let mut facts = Vec::new();
        line.learned(&mut facts);
        facts.iter().any(|fact| read.contains(fact))
    };
    let is_done = |id: &ItemId| {
        let mut done = run.iter().filter(|step| step.kind == RunKind::Done);
        done.any(|step| step.place == model.item(*id).place)
    };
    let of_steps = |id: ItemId| {
        let around = model.ancestors(id).find(
            |id| matches!(&model.item(*id).kind, ItemKind::ForEach(each) if !each.at_least_one),
        )?;
        let learns_here = model.item(id).lines.iter().any(learns);
        let is_inside = model.ancestors(item).any(|inside| inside == around);
        (learns_here && !is_inside && !is_done(&id)).then(|| model.item(around).place)
    };
    let of_tasks = |id: ItemId| {
        let mut lines = model.item(id).lines.iter();
        lines.find_map(|line| match line {
            Line::ForEach { each, place, .. } if !each.at_least_one && learns(line) => Some(*place),
            _ => None,
        })
    };
    let before = |place: &Place| *place < model.item(item).place;
    let mut places = model.ids().filter_map(|id| of_steps(id).or_else(|| of_tasks(id)));
    places.find(before)
}

/// What can be done: no step learns the answer to a decision.
fn help(model: &Model, guard: &Guard) -> &'static str {
    let later = model.depends_on(guard).into_iter().filter(|id| model.fact(*id).later);
    let mut answers = later.map(|id| matches!(model.fact(id).origin, FactOrigin::Answer(_)));
    match answers.all(|is_answer| is_answer) {
        true => {
            "let every way to this come by the decision, without `skip`; or ask only on ways \
             on which it was answered"
        }
        false => "let a step before this `learns` it on every way, or ask only where it is known",
    }
}

/// The facts that a guard reads and that are not known at the start.
struct Read {
    names: String,
    /// Where they are found out: the decisions, and the lines that learn them.
    found_out: Vec<Place>,
    /// Those that no step finds out.
    never: Vec<FactId>,
}

fn read(model: &Model, flow: &Flow, guard: &Guard) -> Read {
    let later: Vec<FactId> =
        model.depends_on(guard).into_iter().filter(|id| model.fact(*id).later).collect();
    let (mut found_out, mut never) = (Vec::new(), Vec::new());
    for id in later.iter().copied() {
        let learned = || {
            let effects = flow.graph.edge_weights().flat_map(|edge| &edge.effects);
            effects.filter_map(move |effect| match effect {
                Effect::Learn(fact, place) if *fact == id => Some(*place),
                _ => None,
            })
        };
        match model.fact(id).origin {
            FactOrigin::Answer(item) => found_out.push(model.item(item).place),
            FactOrigin::Declared if learned().next().is_none() => never.push(id),
            FactOrigin::Declared => found_out.extend(learned()),
            _ => {}
        }
    }
    found_out.sort();
    found_out.dedup();
    Read { names: either(later.iter().map(|id| &model.fact(*id).name)), found_out, never }
}
