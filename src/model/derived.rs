//! Facts that follow from others: not from themselves, and not by way of very many.

use super::resolve::Resolver;
use super::rules::{TOO_LARGE, TYPE_MISMATCH};
use super::{FactId, FactOrigin, Guard};
use crate::diagnostic::Diagnostic;

/// By how many steps facts may follow from each other: nobody reads a longer chain, and later
/// stages follow it into the depth.
const DEEPEST_FACT: usize = 100;

/// What becomes of a derived fact that is refused, so that it is told once.
const SETTLED: FactOrigin = FactOrigin::Derived(Guard::Constant(true));

/// How far the search for circles among facts has come with one.
#[derive(Clone, Copy, PartialEq)]
enum Search {
    New,
    /// It lies on the way to the fact at hand.
    Open,
    /// The same, and it was found to follow from itself.
    Circular,
    /// By how many steps it follows from what is known.
    Done(usize),
}

impl Resolver<'_> {
    /// A derived fact may not follow from itself, nor by way of very many others.
    pub fn refuse_circular_facts(&mut self) {
        let mut search = vec![Search::New; self.model.facts.len()];
        let mut too_deep = false;
        for index in 0..self.model.facts.len() {
            // Facts on the way from the first one, each with those that it reads and are left.
            let mut way: Vec<(FactId, Vec<FactId>, usize)> = Vec::new();
            let mut next = Some(FactId(index as u32));
            while next.is_some() || !way.is_empty() {
                if let Some(fact) = next.take() {
                    match search[fact.0 as usize] {
                        Search::New => {
                            search[fact.0 as usize] = Search::Open;
                            way.push((fact, self.reads(fact), 0));
                        }
                        Search::Open => {
                            search[fact.0 as usize] = Search::Circular;
                            self.refuse_circular(fact);
                        }
                        Search::Circular => {}
                        Search::Done(depth) => {
                            if let Some((_, _, deepest)) = way.last_mut() {
                                *deepest = depth.max(*deepest);
                            }
                        }
                    }
                }
                let Some((fact, left, deepest)) = way.last_mut() else { break };
                next = left.pop();
                if next.is_some() {
                    continue;
                }
                let fact = *fact;
                let is_derived = matches!(self.model.fact(fact).origin, FactOrigin::Derived(_));
                let mut depth = *deepest + usize::from(is_derived);
                if depth > DEEPEST_FACT {
                    if !std::mem::replace(&mut too_deep, true) {
                        self.refuse_deep(fact);
                    }
                    self.model.facts[fact.0 as usize].origin = SETTLED;
                    depth = 0;
                }
                if search[fact.0 as usize] == Search::Circular {
                    depth = 0;
                }
                search[fact.0 as usize] = Search::Done(depth);
                way.pop();
                if let Some((_, _, deepest)) = way.last_mut() {
                    *deepest = depth.max(*deepest);
                }
            }
        }
    }

    /// The facts that a fact follows from, the first last.
    fn reads(&self, fact: FactId) -> Vec<FactId> {
        let mut read = Vec::new();
        if let FactOrigin::Derived(guard) = &self.model.fact(fact).origin {
            guard.facts(&mut |fact| read.push(fact));
        }
        read.reverse();
        read
    }

    fn refuse_circular(&mut self, fact: FactId) {
        let refused = &mut self.model.facts[fact.0 as usize];
        refused.origin = SETTLED;
        let message = format!("the fact `{}` follows from itself", refused.name);
        let finding = Diagnostic::new(&TYPE_MISMATCH, refused.place, message)
            .help("let it follow from facts that are known without it");
        self.find(finding);
    }

    fn refuse_deep(&mut self, fact: FactId) {
        let fact = self.model.fact(fact);
        let message = format!(
            "the fact `{}` follows from others by more than {DEEPEST_FACT} steps",
            fact.name
        );
        let finding = Diagnostic::new(&TOO_LARGE, fact.place, message)
            .help("let it follow from facts that are nearer to what is known");
        self.find(finding);
    }
}
