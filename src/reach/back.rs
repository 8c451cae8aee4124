//! Seen backwards: from which cases an edge leads into others.

use super::{Facts, Reach};
use crate::cases::{OutOfFuel, Set};
use crate::flow::{EdgeIndex, Effect, Flow};
use crate::model::FactId;

impl Reach {
    /// The cases in which an edge can be taken. Where its condition is not known yet, it may be.
    pub fn open(&mut self, flow: &Flow, edge: EdgeIndex) -> Result<Set, OutOfFuel> {
        match &flow.edge(edge).guard {
            None => Ok(Set::ALL),
            Some(guard) => {
                let answer = self.facts.answer(guard)?;
                self.facts.cases.not(answer.no)
            }
        }
    }

    /// The cases in which an edge can be taken and may lead into `after`: what is found out may be
    /// any value, and each decision is free.
    ///
    /// Every effect forgets something and then says what it can be. So, backwards, it is said first
    /// and forgotten then, which is exact.
    pub fn before(&mut self, flow: &Flow, edge: EdgeIndex, after: Set) -> Result<Set, OutOfFuel> {
        let mut set = after;
        for effect in flow.edge(edge).effects.iter().rev() {
            set = match effect {
                Effect::Learn(fact, _) => self.before_learning(set, *fact)?,
                Effect::Answer(fact, choice) => {
                    let said = self.facts.decide(Set::ALL, *fact, *choice)?;
                    let levels = self.facts.tied_to(*fact);
                    self.free(set, said, &levels)?
                }
                Effect::Forget { first, last } => {
                    let facts = self.forgotten(*first, *last);
                    self.before_forgetting(set, &facts)?
                }
                Effect::ForgetFacts(facts) => self.before_forgetting(set, facts)?,
                // How things stand decides nowhere how the flow goes on.
                _ => set,
            };
        }
        let open = self.open(flow, edge)?;
        let set = self.facts.cases.and(open, set)?;
        let counters = self.counters.clone();
        counters.before(&mut self.facts, edge, set)
    }

    fn before_learning(&mut self, after: Set, fact: FactId) -> Result<Set, OutOfFuel> {
        let said = self.facts.learn(Set::ALL, fact)?;
        let levels = self.facts.tied_to(fact);
        let some = self.free(after, said, &levels)?;
        // Nobody stands where what is assumed leaves the fact no value.
        let any = self.free(said, said, &levels)?;
        let none = self.facts.cases.not(any)?;
        self.facts.cases.or(some, none)
    }

    fn before_forgetting<'f>(
        &mut self,
        after: Set,
        facts: impl IntoIterator<Item = &'f FactId>,
    ) -> Result<Set, OutOfFuel> {
        let mut set = after;
        for fact in facts {
            let said = self.facts.unlearn(Set::ALL, *fact)?;
            let levels = self.facts.tied_to(*fact);
            set = self.free(set, said, levels.get(..1).unwrap_or_default())?;
        }
        Ok(set)
    }

    /// The cases of `after` that go with what is said, whatever the levels were before.
    fn free(&mut self, after: Set, said: Set, levels: &[usize]) -> Result<Set, OutOfFuel> {
        let mut set = self.facts.cases.and(after, said)?;
        for level in levels {
            set = self.facts.cases.forget(set, *level)?;
        }
        Ok(set)
    }
}

impl Facts {
    /// What is so in a set of cases, as far as it is about facts that matter to another.
    pub fn about_the_facts_of(&mut self, set: Set, other: Set) -> Result<Set, OutOfFuel> {
        let mut about = set;
        for level in 0..self.cases.facts() {
            if self.cases.forget(other, level)? == other {
                about = self.cases.forget(about, level)?;
            }
        }
        Ok(about)
    }
}
