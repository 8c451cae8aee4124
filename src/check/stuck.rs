//! `stuck`: in some case a run comes to where no end can be reached any more.
//!
//! A run that never ends stays, from some moment on, in one loop of the flow graph: in nodes that
//! lead to each other. So for each such group of nodes it is asked in which cases one of the edges
//! that lead out of it can still be taken, whatever is found out and decided in it: a fixpoint that
//! goes backwards from those edges. All other cases in which a run can stand there are stuck: it goes
//! round and round, or comes to where each edge is used up. Groups that no edge leads out of are told
//! by `loop-without-exit`.
//!
//! The branches of `any order` are gone through one after the other, as they are written, since none
//! reads what another writes. Where a node stands in a branch, it is stuck only if it is so whatever
//! the others have written, and where none of them need leave the block: that would take it along.

use super::run;
use super::words::{called, named};
use crate::cases::{OutOfFuel, Set};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::{ChosenBy, EdgeIndex, EdgeKind, Flow, NodeIndex, NodeKind};
use crate::model::{ItemId, Model};
use crate::reach::{Beside, Reach};
use crate::source::Place;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use std::collections::{BTreeMap, BTreeSet};

pub const RULE: Rule = Rule {
    name: "stuck",
    severity: Severity::Error,
    summary: "in some case the process gets to where it can never end",
    why: "Who has that case goes round and round: what would lead on depends on something that \
          nothing in the loop changes. Or each answer may be given so many times, and once all are \
          used up, nobody knows how to go on.",
    wrong: include_str!("examples/stuck.wrong.vup"),
    right: include_str!("examples/stuck.right.vup"),
};

pub fn check(model: &Model, flow: &Flow, reach: &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let ways = ways(model, flow);
    let reached = flow.reached();
    let mut beside = None;
    let mut findings = Vec::new();
    for group in kosaraju_scc(&ways) {
        // Most nodes are in no loop.
        if let [only] = group.as_slice()
            && ways.find_edge(*only, *only).is_none()
        {
            continue;
        }
        let group: BTreeSet<NodeIndex> = group.into_iter().collect();
        let can_be_left = |edge: &(NodeIndex, NodeIndex, EdgeIndex)| !group.contains(&edge.1);
        let edges: Vec<_> = group.iter().flat_map(|node| out(&ways, *node)).collect();
        let is_loop = edges.iter().any(|(_, to, _)| group.contains(to));
        let is_reached = group.iter().all(|node| reached[node.index()]);
        let may_stay = is_loop && is_reached && edges.iter().any(can_be_left);
        if !may_stay || is_freely_left(flow, &ways, &group) {
            continue;
        }
        let out = leaves(flow, reach, &ways, &group)?;
        let mut stuck = BTreeMap::new();
        for node in &group {
            let can_leave = out.get(node).copied().unwrap_or(Set::NONE);
            if reach.facts.cases.is_within(reach.at(*node), can_leave)? {
                continue;
            }
            let beside = match &mut beside {
                Some(beside) => beside,
                none => none.insert(Beside::new(model, flow, reach)?),
            };
            let can_leave = beside.whatever_others_write(reach, *node, can_leave)?;
            let left = reach.facts.cases.minus(reach.at(*node), can_leave)?;
            let others = beside.others_stay(reach, *node)?;
            let left = reach.facts.cases.and(left, others)?;
            if !left.is_empty() {
                stuck.insert(*node, left);
            }
        }
        let standing = standing(reach, flow, &ways, &stuck)?;
        if !standing.is_empty() {
            // Who goes round here comes to stand in the end.
            for (node, cases) in standing {
                findings.push(tell_standing(model, flow, reach, node, cases)?);
            }
            continue;
        }
        for nodes in last_loops(reach, flow, &ways, &stuck)? {
            findings.extend(tell(model, flow, reach, &ways, &stuck, &nodes)?);
        }
    }
    Ok(findings)
}

/// The flow with the branches of `any order` one after the other.
type Ways = DiGraph<(), EdgeIndex>;

fn ways(model: &Model, flow: &Flow) -> Ways {
    let mut ways = flow.graph.map(|_, _| (), |index, _| index);
    ways.clear_edges();
    for edge in flow.graph.edge_indices() {
        let Some((from, _)) = flow.graph.edge_endpoints(edge) else { continue };
        if let Some(to) = flow.in_sequence(model, edge) {
            ways.add_edge(from, to, edge);
        }
    }
    ways
}

fn out(ways: &Ways, node: NodeIndex) -> Vec<(NodeIndex, NodeIndex, EdgeIndex)> {
    let mut edges: Vec<_> = ways
        .edges(node)
        .map(|edge| (node, petgraph::visit::EdgeRef::target(&edge), *edge.weight()))
        .collect();
    edges.sort_by_key(|(.., edge)| *edge);
    edges
}

/// Whether each node of a group has a way out of it on which nothing is asked and nothing used up.
fn is_freely_left(flow: &Flow, ways: &Ways, group: &BTreeSet<NodeIndex>) -> bool {
    let is_free = |edge: EdgeIndex| {
        let edge = flow.edge(edge);
        edge.guard.is_none() && edge.counter.is_none() && edge.used_up.is_none()
    };
    let mut free: BTreeSet<NodeIndex> = BTreeSet::new();
    let mut next: Vec<NodeIndex> = group.iter().copied().collect();
    while let Some(node) = next.pop() {
        let leaves = |(_, to, edge): (NodeIndex, NodeIndex, EdgeIndex)| {
            is_free(edge) && (!group.contains(&to) || free.contains(&to))
        };
        if free.contains(&node) || !out(ways, node).into_iter().any(leaves) {
            continue;
        }
        free.insert(node);
        let before = ways.neighbors_directed(node, petgraph::Direction::Incoming);
        next.extend(before.filter(|before| group.contains(before)));
    }
    free.len() == group.len()
}

/// For each node of a group, the cases in which a run that stands there can get out of the group.
fn leaves(
    flow: &Flow,
    reach: &mut Reach,
    ways: &Ways,
    group: &BTreeSet<NodeIndex>,
) -> Result<BTreeMap<NodeIndex, Set>, OutOfFuel> {
    let mut known: BTreeMap<NodeIndex, Set> = BTreeMap::new();
    for node in group {
        let uncovered = uncovered(flow, reach, *node)?;
        known.insert(*node, uncovered);
    }
    let mut waiting = group.clone();
    while let Some(node) = waiting.pop_last() {
        let before = known.get(&node).copied().unwrap_or(Set::NONE);
        let mut all = before;
        for (_, to, edge) in out(ways, node) {
            let behind = match group.contains(&to) {
                true => known.get(&to).copied().unwrap_or(Set::NONE),
                false => Set::ALL,
            };
            let here = reach.before(flow, edge, behind)?;
            all = reach.facts.cases.or(all, here)?;
        }
        if all != before {
            known.insert(node, all);
            let neighbours = ways.neighbors_directed(node, petgraph::Direction::Incoming);
            waiting.extend(neighbours.filter(|before| group.contains(before)));
        }
    }
    Ok(known)
}

/// The cases that a choice by facts has no way for; `missing-branch` and `uncovered-case` tell them.
fn uncovered(flow: &Flow, reach: &mut Reach, node: NodeIndex) -> Result<Set, OutOfFuel> {
    let by_facts =
        matches!(flow.node(node).kind, NodeKind::Choose(ChosenBy::Facts | ChosenBy::Paths));
    let mut left = if by_facts { Set::ALL } else { Set::NONE };
    for (edge, _) in flow.out(node) {
        if by_facts && !matches!(flow.edge(edge).kind, EdgeKind::Event | EdgeKind::Abandon) {
            let open = reach.open(flow, edge)?;
            left = reach.facts.cases.minus(left, open)?;
        }
    }
    Ok(left)
}

/// The cases in which nothing at all leads on from a node: all that would is used up.
fn standing(
    reach: &mut Reach,
    flow: &Flow,
    ways: &Ways,
    stuck: &BTreeMap<NodeIndex, Set>,
) -> Result<Vec<(NodeIndex, Set)>, OutOfFuel> {
    let mut standing = Vec::new();
    for (node, cases) in stuck {
        let mut left = *cases;
        for (.., edge) in out(ways, *node) {
            let goes_on = reach.before(flow, edge, Set::ALL)?;
            left = reach.facts.cases.minus(left, goes_on)?;
        }
        if !left.is_empty() {
            standing.push((*node, left));
        }
    }
    Ok(standing)
}

/// Of the nodes where something is stuck, those that lead to each other and nowhere else: there it
/// stays. What only leads there is not told.
fn last_loops(
    reach: &mut Reach,
    flow: &Flow,
    ways: &Ways,
    stuck: &BTreeMap<NodeIndex, Set>,
) -> Result<Vec<BTreeSet<NodeIndex>>, OutOfFuel> {
    if stuck.is_empty() {
        return Ok(Vec::new());
    }
    let mut followed = Ways::new();
    let nodes: BTreeMap<NodeIndex, NodeIndex> =
        stuck.keys().map(|node| (*node, followed.add_node(()))).collect();
    for (node, cases) in stuck {
        for (_, to, edge) in out(ways, *node) {
            let (Some(from), Some(to)) = (nodes.get(node), nodes.get(&to)) else { continue };
            let open = reach.before(flow, edge, Set::ALL)?;
            if !reach.facts.cases.and(*cases, open)?.is_empty() {
                followed.add_edge(*from, *to, edge);
            }
        }
    }
    let original: Vec<NodeIndex> = stuck.keys().copied().collect();
    let (mut loops, mut forks) = (Vec::new(), Vec::new());
    for group in kosaraju_scc(&followed) {
        let stays = |node: &NodeIndex| followed.neighbors(*node).all(|to| group.contains(&to));
        let goes_round = |node: &NodeIndex| followed.neighbors(*node).next().is_some();
        if group.iter().all(stays) {
            let kind = if group.iter().any(goes_round) { &mut loops } else { &mut forks };
            kind.push(group.iter().map(|node| original[node.index()]).collect());
        }
    }
    // Behind a fork it may be that no branch is stuck by itself, since another might leave the block.
    Ok(if loops.is_empty() { forks } else { loops })
}

fn tell(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    ways: &Ways,
    stuck: &BTreeMap<NodeIndex, Set>,
    nodes: &BTreeSet<NodeIndex>,
) -> Result<Option<Diagnostic>, OutOfFuel> {
    let mut exits: Vec<(Place, NodeIndex)> = Vec::new();
    for (from, to, edge) in nodes.iter().flat_map(|node| out(ways, *node)) {
        if !nodes.contains(&to) && flow.edge(edge).guard.is_some() {
            exits.push((flow.edge(edge).place, from));
        }
    }
    exits.sort();
    exits.dedup_by_key(|(place, _)| *place);
    let mut items: Vec<ItemId> = nodes.iter().map(|node| flow.node(*node).item).collect();
    items.sort();
    items.dedup();
    let first = exits.first().map(|(_, node)| *node).or_else(|| nodes.first().copied());
    let Some((node, left)) = first.and_then(|node| Some((node, *stuck.get(&node)?))) else {
        return Ok(None);
    };
    let shown = run::to_node(model, flow, reach, node, left)?;
    let told = reach.facts.told_around(model, left, reach.at(node), shown.cases)?;
    let when = told.map(|told| told.when()).unwrap_or_default();
    let names = match named(model, &items) {
        names if names.is_empty() => String::new(),
        names => format!(": {names}"),
    };
    let place = exits.first().map_or(flow.node(node).place, |(place, _)| *place);
    let message = format!("nothing leads out of this loop{when}{names}");
    let mut finding = Diagnostic::new(&RULE, place, message).run(shown.steps);
    if !exits.is_empty() {
        finding = finding.here("this would lead out, but does not apply then");
    }
    for (place, _) in exits.iter().skip(1).take(3) {
        finding = finding.label(*place, "nor does this");
    }
    Ok(Some(finding.help(
        "let a step in the loop `learns` what the way out depends on, let people decide it, or write `at most N times`",
    )))
}

fn tell_standing(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    node: NodeIndex,
    cases: Set,
) -> Result<Diagnostic, OutOfFuel> {
    let shown = run::to_node(model, flow, reach, node, cases)?;
    let told = reach.facts.told_around(model, cases, reach.at(node), shown.cases)?;
    let when = told.map(|told| told.when()).unwrap_or_default();
    let what = called(model, flow.node(node).item);
    let message = format!("all that leads on from {what} may be used up{when}");
    let mut finding = Diagnostic::new(&RULE, flow.node(node).place, message).run(shown.steps);
    let limited = flow.out(node).into_iter().map(|(edge, _)| flow.edge(edge));
    for edge in limited.filter(|edge| edge.counter.is_some()).take(4) {
        finding = finding.label(edge.place, "this is gone after so many times");
    }
    Ok(finding.help("let one of them stay that leads to an end: without `at most N times`"))
}
