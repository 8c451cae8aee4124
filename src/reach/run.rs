//! The shortest run on which something happens: breadth first, with the cases that come along.

use super::Reach;
use super::facts::Facts;
use crate::cases::{OutOfFuel, Set};
use crate::flow::{EdgeIndex, Effect, Flow, NodeIndex, Order};
use crate::model::Model;

/// A run up to the edge on which it happens, that edge included.
#[derive(Clone, Debug)]
pub struct ShortestRun {
    pub edges: Vec<EdgeIndex>,
    /// The cases in which it happens on this run.
    pub cases: Set,
    /// Whether it happens only behind the last edge.
    pub is_behind: bool,
}

/// So far all searches of one proof go together; then the case alone is told.
pub const MOST_VISITS: usize = 20_000;

struct Visit {
    at: NodeIndex,
    cases: Set,
    before: Option<(usize, EdgeIndex)>,
}

impl Reach {
    /// The shortest run on which `happens` has cases. It is shown each effect before it takes place, and
    /// then, without one, the cases in which an edge has been gone along.
    ///
    /// The branches of `any order` are gone through one after the other: one of the runs that there are.
    pub fn shortest(
        &mut self,
        model: &Model,
        flow: &Flow,
        order: Order,
        mut happens: impl FnMut(&mut Facts, EdgeIndex, Option<&Effect>, Set) -> Result<Set, OutOfFuel>,
    ) -> Result<Option<ShortestRun>, OutOfFuel> {
        let start = self.at(flow.start);
        let mut visits = vec![Visit { at: flow.start, cases: start, before: None }];
        let mut seen = vec![Set::NONE; flow.graph.node_count()];
        seen[flow.start.index()] = start;
        let mut next = 0;
        while let Some(Visit { at, cases, .. }) = visits.get(next) {
            let (at, cases) = (*at, *cases);
            let Some(left) = self.visits.checked_sub(1) else { return Ok(None) };
            self.visits = left;
            for (edge, _) in flow.out(at) {
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
                if !found.is_empty() {
                    let edges = way(&visits, next, edge);
                    return Ok(Some(ShortestRun { edges, cases: found, is_behind }));
                }
                let new = self.facts.cases.minus(behind, seen[to.index()])?;
                if !new.is_empty() {
                    seen[to.index()] = self.facts.cases.or(seen[to.index()], new)?;
                    visits.push(Visit { at: to, cases: new, before: Some((next, edge)) });
                }
            }
            next += 1;
        }
        Ok(None)
    }
}

fn way(visits: &[Visit], last: usize, edge: EdgeIndex) -> Vec<EdgeIndex> {
    let mut edges = vec![edge];
    let mut at = &visits[last];
    while let Some((before, edge)) = at.before {
        edges.push(edge);
        at = &visits[before];
    }
    edges.reverse();
    edges
}
