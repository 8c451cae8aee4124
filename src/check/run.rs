//! A run, told step by step.

use crate::cases::{OutOfFuel, Set};
use crate::flow::{ChosenBy, Edge, EdgeIndex, EdgeKind, Effect, Flow, NodeIndex, NodeKind, Order};
use crate::model::{Branch, BranchKind, ItemId, Model};
use crate::reach::{Facts, Reach, ShortestRun};

/// Of a longer run, the middle is left out.
const MOST_LINES: usize = 14;

/// The shortest run that stands at a node in one of these cases, told; nothing where none was found.
pub fn to_node(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    node: NodeIndex,
    cases: Set,
) -> Result<Vec<String>, OutOfFuel> {
    shortest(model, flow, reach, |facts, edge, effect, set| {
        let to = flow.graph.edge_endpoints(edge).map(|(_, to)| to);
        if effect.is_some() || to != Some(node) {
            return Ok(Set::NONE);
        }
        facts.cases.and(set, cases)
    })
}

/// The shortest run on which an effect takes place in one of these cases, told.
pub fn to_effect(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    is_it: impl Fn(&Effect) -> bool,
    cases: Set,
) -> Result<Vec<String>, OutOfFuel> {
    shortest(model, flow, reach, |facts, _, effect, set| match effect {
        Some(effect) if is_it(effect) => facts.cases.and(set, cases),
        _ => Ok(Set::NONE),
    })
}

fn shortest(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    mut happens: impl FnMut(&mut Facts, EdgeIndex, Option<&Effect>, Set) -> Result<Set, OutOfFuel>,
) -> Result<Vec<String>, OutOfFuel> {
    for order in [Order::AsWritten, Order::LastFirst] {
        if let Some(run) = reach.shortest(model, flow, order, &mut happens)? {
            return Ok(told(model, flow, &run));
        }
    }
    Ok(Vec::new())
}

/// What is done on a run, in order, and what is decided and happens.
pub fn told(model: &Model, flow: &Flow, run: &ShortestRun) -> Vec<String> {
    let mut lines: Vec<(Option<ItemId>, String)> = Vec::new();
    for index in &run.edges {
        let edge = flow.edge(*index);
        let origin = flow.node(edge.origin);
        let own = own_branch(model, origin.item, edge);
        if edge.branch.is_some() && own.is_none() {
            lines.extend(event(model, origin.item, edge).map(|line| (None, line)));
            continue;
        }
        if origin.kind == NodeKind::Ask && edge.kind == EdgeKind::Skip {
            lines.push((None, format!("{}: does not apply", step(model, origin.item))));
        }
        let performed = matches!(
            origin.kind,
            NodeKind::Act | NodeKind::Choose(ChosenBy::People | ChosenBy::Facts)
        );
        let acted = lines.last().is_some_and(|(item, _)| *item == Some(origin.item))
            && origin.kind != NodeKind::Act;
        if performed && !acted {
            lines.push((Some(origin.item), step(model, origin.item)));
        }
        if let (Some(chosen), Some((_, line))) = (own.and_then(chosen), lines.last_mut()) {
            line.push_str(&chosen);
        }
    }
    let last = run.edges.last().filter(|_| run.is_behind);
    let last = last.and_then(|edge| flow.graph.edge_endpoints(*edge));
    if let Some((_, to)) = last
        && let NodeKind::End(outcome) = flow.node(to).kind
    {
        let title = plain(model, &model.outcome(outcome).title);
        lines.push((None, format!("the end: {title}")));
    }
    shortened(lines.into_iter().map(|(_, line)| line).collect())
}

fn shortened(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > MOST_LINES {
        let left_out = lines.len() - MOST_LINES + 1;
        let last = lines.split_off(lines.len() - (MOST_LINES - 4));
        lines.truncate(3);
        lines.push(format!("… {left_out} more …"));
        lines.extend(last);
    }
    lines
}

fn step(model: &Model, id: ItemId) -> String {
    let item = model.item(id);
    let title = plain(model, &item.title);
    match item.number.as_str() {
        "" => title,
        number => format!("{number} {title}"),
    }
}

fn plain(model: &Model, title: &crate::model::Prose) -> String {
    title.filled(|fact| format!("{{{}}}", model.fact(fact).name))
}

/// The branch of a decision that an edge is, and not an event of what is around it.
fn own_branch<'m>(model: &'m Model, item: ItemId, edge: &Edge) -> Option<&'m Branch> {
    let branch = edge.branch.and_then(|index| model.item(item).branches.get(index));
    branch.filter(|branch| branch.place == edge.place)
}

fn chosen(branch: &Branch) -> Option<String> {
    match &branch.kind {
        BranchKind::Answer(name) | BranchKind::Event(name) => Some(format!(" → `{name}`")),
        BranchKind::After(duration) => Some(format!(" → after {duration}")),
        BranchKind::When(_) | BranchKind::Otherwise => None,
    }
}

fn event(model: &Model, item: ItemId, edge: &Edge) -> Option<String> {
    let around = model.ancestors(item).flat_map(|id| &model.item(id).branches);
    let branch = around.into_iter().find(|branch| branch.place == edge.place)?;
    match (&branch.kind, edge.kind) {
        (BranchKind::Event(name), EdgeKind::Abandon | EdgeKind::Event | EdgeKind::Back) => {
            Some(format!("the event `{name}` happens"))
        }
        _ => None,
    }
}
