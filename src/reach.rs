//! Which cases get where: for each node of the flow graph, the set of cases in which a run can
//! stand at it.
//!
//! A worklist fixpoint: a guard intersects, what is learned or answered is forgotten and then
//! constrained, and where ways meet, their sets are united. So what holds together along a way stays
//! together, which ranges for each fact by itself would lose.
//!
//! The branches of `any order` are followed one after the other, as they are written: no branch
//! reads what another writes, so that their order makes no difference to what is known behind them.
//!
//! Two things are not followed yet, so that a set may have cases that no run brings: counters of `at
//! most N times` (what a run does in its last round it may do here in every round), and how far the
//! other branches of an `any order` have come when an event or an `end` abandons them.

mod facts;
mod thing;
mod words;

pub use facts::{Answer, Facts};
pub use thing::Thing;
pub use words::Told;

use crate::cases::{OutOfFuel, Set};
use crate::flow::{EdgeIndex, Effect, Flow, NodeIndex};
use crate::model::{FactId, ItemId, Model};
use std::collections::BTreeSet;

/// The fixpoint, and the facts that it is over.
#[derive(Clone, Debug)]
pub struct Reach {
    pub facts: Facts,
    at: Vec<Set>,
    /// The `later` facts and answers that each item asks for.
    asked: Vec<Vec<FactId>>,
    /// Where each edge leads, the branches of `any order` one after the other; none where it would
    /// start a branch that is not the first.
    targets: Vec<Option<NodeIndex>>,
    thing: Option<Thing>,
}

impl Reach {
    /// Follows all cases through the flow.
    pub fn new(model: &Model, flow: &Flow) -> Result<Reach, OutOfFuel> {
        Reach::of_thing(model, flow, None)
    }

    /// Follows all cases, and with them the states of one artifact or switch.
    ///
    /// The flow does not depend on artifacts and switches, so that each of them can be followed by
    /// itself, and together with the facts nothing is lost.
    pub fn of_thing(model: &Model, flow: &Flow, thing: Option<Thing>) -> Result<Reach, OutOfFuel> {
        let facts = Facts::new(model, flow, thing.as_ref().map(Thing::states))?;
        let at = vec![Set::NONE; flow.graph.node_count()];
        let asked = model.items.iter().map(|item| model.asked(item)).collect();
        let targets = flow.graph.edge_indices().map(|edge| flow.in_sequence(model, edge)).collect();
        let mut reach = Reach { facts, at, asked, targets, thing };
        let start = reach.facts.start();
        reach.at[flow.start.index()] = match &reach.thing {
            Some(thing) => reach.facts.put_thing(start, thing.first)?,
            None => start,
        };
        reach.follow(flow)?;
        Ok(reach)
    }

    /// The cases in which a run can stand at a node.
    pub fn at(&self, node: NodeIndex) -> Set {
        self.at[node.index()]
    }

    fn follow(&mut self, flow: &Flow) -> Result<(), OutOfFuel> {
        let mut waiting = BTreeSet::from([flow.start]);
        while let Some(node) = waiting.pop_first() {
            let edges: Vec<EdgeIndex> = flow.out(node).into_iter().map(|(edge, _)| edge).collect();
            for edge in edges {
                let Some(target) = self.targets[edge.index()] else { continue };
                let arriving = self.along(flow, edge, self.at(node))?;
                let known = self.at(target);
                let united = self.facts.cases.or(known, arriving)?;
                if united != known {
                    self.at[target.index()] = united;
                    waiting.insert(target);
                }
            }
        }
        Ok(())
    }

    /// What becomes of cases along an edge.
    fn along(&mut self, flow: &Flow, edge: EdgeIndex, from: Set) -> Result<Set, OutOfFuel> {
        self.along_seeing(flow, edge, from, |_, _, _| Ok(()))
    }

    /// The same; `see` is shown each effect and the cases in which it happens.
    pub fn along_seeing(
        &mut self,
        flow: &Flow,
        edge: EdgeIndex,
        from: Set,
        mut see: impl FnMut(&mut Facts, &Effect, Set) -> Result<(), OutOfFuel>,
    ) -> Result<Set, OutOfFuel> {
        let edge = flow.edge(edge);
        let mut set = from;
        if let Some(guard) = &edge.guard {
            // Where the answer is not known, both ways are gone on with.
            let answer = self.facts.answer(guard)?;
            set = self.facts.cases.minus(set, answer.no)?;
        }
        for effect in &edge.effects {
            if set.is_empty() {
                break;
            }
            see(&mut self.facts, effect, set)?;
            set = match effect {
                Effect::Learn(fact, _) => self.facts.learn(set, *fact)?,
                Effect::Answer(fact, choice) => self.facts.decide(set, *fact, *choice)?,
                Effect::Forget { first, last } => self.forget(set, *first, *last)?,
                Effect::Need(..) => set,
                Effect::Make(..) | Effect::Turn { .. } => {
                    match self.thing.as_ref().and_then(|thing| thing.becomes(effect)) {
                        Some(state) => self.facts.put_thing(set, state)?,
                        None => set,
                    }
                }
            };
        }
        Ok(set)
    }

    fn forget(&mut self, mut set: Set, first: ItemId, last: ItemId) -> Result<Set, OutOfFuel> {
        let facts: BTreeSet<FactId> =
            self.asked[first.0 as usize..=last.0 as usize].iter().flatten().copied().collect();
        for fact in facts {
            set = self.facts.unlearn(set, fact)?;
        }
        Ok(set)
    }
}
