//! A run that shows a finding: what is done on it, one after the other.

use super::words;
use crate::cases::{OutOfFuel, Set};
use crate::diagnostic::{RunKind, RunStep};
use crate::flow::{ChosenBy, EdgeIndex, EdgeKind, Effect, Flow, NodeIndex, NodeKind, Order};
use crate::model::{Branch, BranchKind, ItemId, Model};
use crate::reach::{Facts, Reach, ShortestRun};

/// A run, and the cases in which it shows what it is to show.
pub struct Shown {
    pub steps: Vec<RunStep>,
    /// All those that were asked for, where no run was found.
    pub cases: Set,
}

/// The shortest run that stands at a node in one of these cases; without steps where none was found.
pub fn to_node(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    node: NodeIndex,
    cases: Set,
) -> Result<Shown, OutOfFuel> {
    shortest(model, flow, reach, cases, |facts, edge, effect, set| {
        let to = flow.graph.edge_endpoints(edge).map(|(_, to)| to);
        if effect.is_some() || to != Some(node) {
            return Ok(Set::NONE);
        }
        facts.cases.and(set, cases)
    })
}

/// The shortest run that goes along an edge in one of these cases, as they are before what it does.
pub fn to_edge(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    edge: EdgeIndex,
    cases: Set,
) -> Result<Shown, OutOfFuel> {
    shortest(model, flow, reach, cases, |facts, here, _, set| match here == edge {
        true => facts.cases.and(set, cases),
        false => Ok(Set::NONE),
    })
}

/// The shortest run on which an effect takes place in one of these cases.
pub fn to_effect(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    is_it: impl Fn(&Effect) -> bool,
    cases: Set,
) -> Result<Shown, OutOfFuel> {
    shortest(model, flow, reach, cases, |facts, _, effect, set| match effect {
        Some(effect) if is_it(effect) => facts.cases.and(set, cases),
        _ => Ok(Set::NONE),
    })
}

fn shortest(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    cases: Set,
    mut happens: impl FnMut(&mut Facts, EdgeIndex, Option<&Effect>, Set) -> Result<Set, OutOfFuel>,
) -> Result<Shown, OutOfFuel> {
    for order in [Order::AsWritten, Order::LastFirst] {
        if let Some(run) = reach.shortest(model, flow, order, Set::NONE, &mut happens)? {
            let steps = told(model, flow, &run, |_| false);
            return Ok(Shown { steps, cases: run.cases });
        }
    }
    Ok(Shown { steps: Vec::new(), cases })
}

/// What is done on a run. The finding speaks of what happens on edges that are `marked`.
pub fn told(
    model: &Model,
    flow: &Flow,
    run: &ShortestRun,
    marked: impl Fn(EdgeIndex) -> bool,
) -> Vec<RunStep> {
    let mut steps: Vec<RunStep> = Vec::new();
    for (index, edge) in run.edges.iter().enumerate() {
        steps.extend(step(model, flow, *edge));
        let id = flow.node(flow.edge(*edge).origin).item;
        let item = model.item(id);
        if let Some(branch) = chosen(model, flow, *edge) {
            let waited = steps.last().is_none_or(|step| step.place != item.place);
            // Something else was done since it was asked.
            steps.extend(waited.then(|| RunStep { kind: RunKind::Decided, ..of(model, id) }));
            if let Some(decision) = steps.last_mut() {
                decision.branch = Some(branch.place);
                decision.text.push_str(&words::chosen(model, branch));
            }
        }
        if let Some(step) = steps.last_mut()
            && step.place == item.place
        {
            step.marked |= marked(*edge);
        }
        let is_over = index + 1 < run.edges.len() || run.is_behind;
        steps.extend(end(model, flow, *edge).filter(|_| is_over));
    }
    steps
}

/// What an edge is, unless it only leads on.
fn step(model: &Model, flow: &Flow, edge: EdgeIndex) -> Option<RunStep> {
    let edge = flow.edge(edge);
    let origin = flow.node(edge.origin);
    if let Some(block) = edge.event_of {
        let branch = edge.branch.and_then(|index| model.item(block).branches.get(index))?;
        let BranchKind::Event(name) = &branch.kind else { return None };
        let (kind, place) = (RunKind::Event, branch.place);
        let text = format!("the event `{name}` happens");
        return Some(RunStep { kind, place, branch: None, text, marked: false });
    }
    match (origin.kind, edge.kind) {
        (NodeKind::Ask, EdgeKind::Skip) => {
            Some(RunStep { kind: passed_by(model, origin.item), ..of(model, origin.item) })
        }
        (NodeKind::Act, _) => Some(of(model, origin.item)),
        _ => None,
    }
}

/// How an item is passed by: without a `when`, and with those who do it there, only somebody's decision
/// to skip it leads past it.
fn passed_by(model: &Model, id: ItemId) -> RunKind {
    let item = model.item(id);
    let by = item.head.by.iter().flat_map(|who| who.roles());
    let applies =
        item.when.is_empty() && by.into_iter().all(|role| model.role(*role).optional.is_none());
    match applies && item.skips.iter().any(|skip| skip.by.is_some()) {
        true => RunKind::Skipped,
        false => RunKind::PassedBy,
    }
}

fn of(model: &Model, id: ItemId) -> RunStep {
    let item = model.item(id);
    let title = plain(model, &item.title);
    let text = match item.number.as_str() {
        "" => title,
        number => format!("{number} {title}"),
    };
    let place = item.place;
    RunStep { kind: RunKind::Done, place, branch: None, text, marked: false }
}

/// The branch of a decision that an edge is.
fn chosen<'m>(model: &'m Model, flow: &Flow, edge: EdgeIndex) -> Option<&'m Branch> {
    let edge = flow.edge(edge);
    let origin = flow.node(edge.origin);
    let decides = matches!(origin.kind, NodeKind::Choose(ChosenBy::People | ChosenBy::Facts));
    let branch = edge.branch.filter(|_| decides && edge.event_of.is_none())?;
    model.item(origin.item).branches.get(branch)
}

/// The end that an edge leads to.
fn end(model: &Model, flow: &Flow, edge: EdgeIndex) -> Option<RunStep> {
    let (_, to) = flow.graph.edge_endpoints(edge)?;
    let NodeKind::End(outcome) = flow.node(to).kind else { return None };
    let outcome = model.outcome(outcome);
    let text = format!("the end: {}", plain(model, &outcome.title));
    let (kind, place) = (RunKind::End, outcome.place);
    Some(RunStep { kind, place, branch: None, text, marked: false })
}

fn plain(model: &Model, title: &crate::model::Prose) -> String {
    title.filled(|fact| format!("{{{}}}", model.fact(fact).name))
}
