//! Which cases get where: for each node of the flow graph, the set of cases in which a run can
//! stand at it.
//!
//! A worklist fixpoint: a guard intersects, what is learned or answered is forgotten and then
//! constrained, and where ways meet, their sets are united. So what holds together along a way stays
//! together, which ranges for each fact by itself would lose.
//!
//! The branches of `any order` are followed each from the fork, and put together behind it: no branch
//! reads what another writes, so the cases behind it are those in which each branch has come to its
//! end. Where an event or an `end` leaves the block, the other branches may stand anywhere.
//!
//! Counters of `at most N times` are not followed, so that a set may have cases that no run brings:
//! what a run does in its last round, it may do here in every round.

mod facts;
mod parallel;
mod thing;
mod words;

use parallel::{Parallel, Role};

pub use facts::{Answer, Facts};
pub use thing::{Thing, Turn};
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
    thing: Option<Thing>,
}

impl Reach {
    /// Follows all cases through the flow.
    pub fn new(model: &Model, flow: &Flow) -> Result<Reach, OutOfFuel> {
        let facts = Facts::new(model, flow)?;
        let asked = model.items.iter().map(|item| model.asked(item)).collect();
        let mut reach = Reach { facts, at: Vec::new(), asked, thing: None };
        reach.follow(model, flow)?;
        Ok(reach)
    }

    /// Follows all cases, and with them the states of one artifact or switch.
    ///
    /// The flow does not depend on artifacts and switches, so that each of them can be followed by
    /// itself, and together with the facts nothing is lost. `base` gives its facts, and the work that
    /// is done counts as its own.
    pub fn of_thing(
        model: &Model,
        flow: &Flow,
        base: &mut Reach,
        thing: Thing,
    ) -> Result<Reach, OutOfFuel> {
        let facts = base.facts.with_thing(thing.states());
        let asked = base.asked.clone();
        let mut reach = Reach { facts, at: Vec::new(), asked, thing: Some(thing) };
        let followed = reach.follow(model, flow);
        base.facts.cases.burn_as(&reach.facts.cases);
        followed.map(|()| reach)
    }

    /// The cases in which a run can stand at a node.
    pub fn at(&self, node: NodeIndex) -> Set {
        self.at[node.index()]
    }

    fn follow(&mut self, model: &Model, flow: &Flow) -> Result<(), OutOfFuel> {
        self.at = vec![Set::NONE; flow.graph.node_count()];
        let start = self.facts.start();
        self.at[flow.start.index()] = match &self.thing {
            Some(thing) => self.facts.put_thing(start, thing.first)?,
            None => start,
        };
        let mut parallel = Parallel::new(model, flow, &self.facts, self.thing.as_ref());
        let mut waiting = BTreeSet::from([flow.start]);
        loop {
            while let Some(node) = waiting.pop_first() {
                for (edge, target) in flow.out(node) {
                    let arriving = self.along(flow, edge, self.at(node))?;
                    let arriving = match parallel.role(edge) {
                        Role::Plain => arriving,
                        // Looked at again once all branches have been followed.
                        Role::Leaves => continue,
                        Role::Ends { block, branch } => {
                            parallel.end(self, block, branch, arriving)?
                        }
                    };
                    self.arrive(target, arriving, &mut waiting)?;
                }
            }
            for (edge, target, here) in parallel.leave(self, flow)? {
                let arriving = self.along(flow, edge, here)?;
                self.arrive(target, arriving, &mut waiting)?;
            }
            if waiting.is_empty() {
                return Ok(());
            }
        }
    }

    /// Adds cases to those of a node; the node is gone on from if they are new.
    fn arrive(
        &mut self,
        node: NodeIndex,
        cases: Set,
        waiting: &mut BTreeSet<NodeIndex>,
    ) -> Result<(), OutOfFuel> {
        let known = self.at(node);
        let united = self.facts.cases.or(known, cases)?;
        if united != known {
            self.at[node.index()] = united;
            waiting.insert(node);
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
                Effect::ForgetFacts(facts) => self.forget_facts(set, facts)?,
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

    /// Shows every effect that happens in some case, and the cases in which it does.
    pub fn each_effect(
        &mut self,
        flow: &Flow,
        mut see: impl FnMut(&mut Facts, &Effect, Set) -> Result<(), OutOfFuel>,
    ) -> Result<(), OutOfFuel> {
        for edge in flow.graph.edge_indices() {
            let Some((from, _)) = flow.graph.edge_endpoints(edge) else { continue };
            let here = self.at(from);
            if !here.is_empty() && !flow.edge(edge).effects.is_empty() {
                self.along_seeing(flow, edge, here, &mut see)?;
            }
        }
        Ok(())
    }

    fn forget(&mut self, set: Set, first: ItemId, last: ItemId) -> Result<Set, OutOfFuel> {
        let facts: BTreeSet<FactId> =
            self.asked[first.0 as usize..=last.0 as usize].iter().flatten().copied().collect();
        self.forget_facts(set, &facts)
    }

    fn forget_facts<'f>(
        &mut self,
        mut set: Set,
        facts: impl IntoIterator<Item = &'f FactId>,
    ) -> Result<Set, OutOfFuel> {
        for fact in facts {
            set = self.facts.unlearn(set, *fact)?;
        }
        Ok(set)
    }
}
