//! Where runs get stuck: held against what the compiler says of it, place by place and kind by kind.
//!
//! What a run that can never end does at last is stay in states that lead to each other and nowhere
//! else. The compiler tells of them by a place in them, or on the way there.

use crate::explore::At;
use crate::graph::Graph;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;
use petgraph::unionfind::UnionFind;
use std::collections::{BTreeMap, BTreeSet};
use vup::model::Model;
use vup::source::Place;

/// States from which nothing leads to an end.
#[derive(Default)]
pub struct Last {
    /// Where the items stand that somebody is at.
    pub places: BTreeSet<Place>,
    /// Whether somebody stands still there, and whether somebody goes round.
    pub stands: bool,
    pub goes_round: bool,
}

/// What is said of a place: that one stands still there, or goes round.
pub struct Told {
    pub item: Place,
    /// Where it is asked whether that applies, if that is elsewhere: of a path, where the paths stand.
    pub asked_at: Place,
    pub stands: bool,
}

/// All that is not left any more, with what leads there and nowhere else; what shares an item is one.
pub fn last(model: &Model, graph: &Graph) -> Vec<Last> {
    let stuck: Vec<bool> = graph.goes_on().iter().map(|goes_on| !goes_on).collect();
    let mut ways: DiGraph<usize, ()> = DiGraph::new();
    let nodes: Vec<_> = (0..stuck.len()).map(|state| ways.add_node(state)).collect();
    let mut together = UnionFind::new(stuck.len());
    for (state, next) in graph.ways.iter().enumerate().filter(|(state, _)| stuck[*state]) {
        for (to, _) in next {
            ways.add_edge(nodes[state], nodes[*to], ());
            together.union(state, *to);
        }
    }
    let mut found: BTreeMap<usize, Last> = BTreeMap::new();
    for state in (0..stuck.len()).filter(|state| stuck[*state]) {
        let one = found.entry(together.find(state)).or_default();
        stand_at(model, &graph.states[state].at, &mut one.places);
    }
    for group in kosaraju_scc(&ways) {
        let group: BTreeSet<_> = group.into_iter().collect();
        let stays = |node: &_| ways.neighbors(*node).all(|to| group.contains(&to));
        if let Some(one) = group.first().and_then(|node| found.get_mut(&together.find(ways[*node])))
            && group.iter().all(stays)
        {
            let stands = group.iter().all(|node| ways.neighbors(*node).next().is_none());
            one.stands |= stands;
            one.goes_round |= !stands;
        }
    }
    let mut all: Vec<Last> = Vec::new();
    for mut one in found.into_values() {
        let shares = |other: &Last| !other.places.is_disjoint(&one.places);
        let (sharing, others): (Vec<Last>, Vec<Last>) = all.into_iter().partition(shares);
        for other in sharing {
            one.places.extend(other.places);
            one.stands |= other.stands;
            one.goes_round |= other.goes_round;
        }
        all = others;
        all.push(one);
    }
    all
}

fn stand_at(model: &Model, at: &At, places: &mut BTreeSet<Place>) {
    match at {
        At::Item(id, _) => _ = places.insert(model.item(*id).place),
        At::Together { branches, .. } => {
            branches.iter().for_each(|branch| stand_at(model, branch, places));
        }
        _ => {}
    }
}

/// Of branches done in any order, one may stand while another goes round, so it is the place alone
/// that counts there.
fn fits(one: &Last, told: &Told, parallel: bool) -> bool {
    let kind = if told.stands { one.stands } else { one.goes_round };
    let is_there = one.places.contains(&told.item) || one.places.contains(&told.asked_at);
    is_there && (parallel || kind)
}

/// What is told and is not so.
pub fn untrue(last: &[Last], told: &[Told], parallel: bool) -> Vec<String> {
    let is_so = |told: &Told| last.iter().any(|one| fits(one, told, parallel));
    let how = |told: &Told| if told.stands { "standing" } else { "going round" };
    let untrue = told.iter().filter(|told| !is_so(told));
    untrue
        .map(|told| format!("  stuck: the compiler alone, {} at {:?}", how(told), told.item))
        .collect()
}

/// What is so and is not told.
pub fn untold(last: &[Last], told: &[Told], parallel: bool) -> Vec<String> {
    let is_told = |one: &Last| told.iter().any(|told| fits(one, told, parallel));
    let untold = last.iter().filter(|one| !is_told(one));
    untold.map(|one| format!("  stuck: the oracle alone, at {:?}", one.places)).collect()
}
