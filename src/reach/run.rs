//! The shortest run on which something happens: breadth first, with the cases that come along.

use super::Reach;
use super::facts::Facts;
use crate::cases::{OutOfFuel, Set};
use crate::flow::{EdgeIndex, Effect, Flow, NodeIndex, Order};
use crate::model::Model;
use std::collections::VecDeque;

/// A run up to the edge on which it happens, that edge included.
#[derive(Clone, Debug)]
pub struct ShortestRun {
    pub edges: Vec<EdgeIndex>,
    /// The cases in which it happens on this run.
    pub cases: Set,
    /// Whether it happens only behind the last edge.
    pub is_behind: bool,
    /// After so many edges it was in the free cases.
    pub free_from: Option<usize>,
}

/// So far all searches of one proof go together; then the case alone is told.
pub const MOST_VISITS: usize = 20_000;

struct Visit {
    at: NodeIndex,
    cases: Set,
    before: Option<(usize, EdgeIndex)>,
    is_free: bool,
}

impl Reach {
    /// The shortest run on which `happens` has cases: that with the fewest deeds, and among those the
    /// first. It is shown each effect before it takes place, and then, without one, the cases in which
    /// an edge has been gone along. What is done in the cases of `free` does not count.
    ///
    /// The branches of `any order` are gone through one after the other: one of the runs that there are.
    pub fn shortest(
        &mut self,
        model: &Model,
        flow: &Flow,
        order: Order,
        free: Set,
        mut happens: impl FnMut(&mut Facts, EdgeIndex, Option<&Effect>, Set) -> Result<Set, OutOfFuel>,
    ) -> Result<Option<ShortestRun>, OutOfFuel> {
        let start = self.at(flow.start);
        let mut visits = vec![Visit { at: flow.start, cases: start, before: None, is_free: false }];
        let mut seen = vec![Set::NONE; flow.graph.node_count()];
        // Those that are as many deeds away, and those that are one more.
        let (mut here, mut further) = (VecDeque::from([0]), VecDeque::new());
        let mut one_more = None;
        while let Some(index) = here.pop_front() {
            let Visit { at, cases, is_free, .. } = visits[index];
            let cases = self.facts.cases.minus(cases, seen[at.index()])?;
            seen[at.index()] = self.facts.cases.or(seen[at.index()], cases)?;
            if !cases.is_empty() {
                visits[index].cases = cases;
                let Some(left) = self.visits.checked_sub(1) else { return Ok(None) };
                self.visits = left;
            }
            for (edge, _) in flow.out(at).into_iter().filter(|_| !cases.is_empty()) {
                let Some(to) = flow.in_order(model, edge, order) else { continue };
                let mut found = Set::NONE;
                let behind = self.along_seeing(flow, edge, cases, |facts, effect, set| {
                    let here = happens(facts, edge, Some(effect), set)?;
                    found = facts.cases.or(found, here)?;
                    Ok(())
                })?;
                let is_behind = found.is_empty();
                if is_behind {
                    found = happens(&mut self.facts, edge, None, behind)?;
                }
                let is_near = is_free || !flow.is_a_deed(edge);
                if !found.is_empty() {
                    let (edges, free_from) = way(&visits, index, edge);
                    let run = ShortestRun { edges, cases: found, is_behind, free_from };
                    if is_near {
                        return Ok(Some(run));
                    }
                    one_more.get_or_insert(run);
                    continue;
                }
                let new = self.facts.cases.minus(behind, seen[to.index()])?;
                let in_free = self.facts.cases.and(new, free)?;
                let others = self.facts.cases.minus(new, free)?;
                let sets = [(in_free, true), (others, false)].into_iter();
                for (cases, is_free) in sets.filter(|(cases, _)| !cases.is_empty()) {
                    visits.push(Visit { at: to, cases, before: Some((index, edge)), is_free });
                    let queue = if is_near { &mut here } else { &mut further };
                    queue.push_back(visits.len() - 1);
                }
            }
            if here.is_empty() {
                if one_more.is_some() {
                    return Ok(one_more);
                }
                std::mem::swap(&mut here, &mut further);
            }
        }
        Ok(None)
    }

    /// Goes along the first edges of a run, so many as are `told`, with the cases that go along all of
    /// it; `see` is shown each effect on the last of them.
    pub fn along_run(
        &mut self,
        flow: &Flow,
        edges: &[EdgeIndex],
        told: usize,
        mut see: impl FnMut(&mut Facts, &Effect, Set) -> Result<(), OutOfFuel>,
    ) -> Result<(), OutOfFuel> {
        let mut goes_on = vec![Set::ALL; edges.len() + 1];
        for (index, edge) in edges.iter().enumerate().rev() {
            goes_on[index] = self.before(flow, *edge, goes_on[index + 1])?;
        }
        let mut cases = self.at(flow.start);
        for (index, edge) in edges[..told].iter().enumerate() {
            cases = self.facts.cases.and(cases, goes_on[index])?;
            let is_last = index + 1 == told;
            cases = self.along_seeing(flow, *edge, cases, |facts, effect, set| match is_last {
                true => see(facts, effect, set),
                false => Ok(()),
            })?;
        }
        Ok(())
    }
}

/// The edges that lead to a visit and one more, and how many of them there are until it is free.
fn way(visits: &[Visit], last: usize, edge: EdgeIndex) -> (Vec<EdgeIndex>, Option<usize>) {
    let (mut edges, mut free) = (vec![edge], Vec::new());
    let mut at = &visits[last];
    while let Some((before, edge)) = at.before {
        edges.push(edge);
        free.push(at.is_free);
        at = &visits[before];
    }
    edges.reverse();
    free.reverse();
    (edges, free.iter().position(|is_free| *is_free).map(|index| index + 1))
}
