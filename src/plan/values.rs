//! What the facts of one case are, as far as they are known.

use super::Case;
use crate::cases::Hop;
use crate::model::{FactId, FactOrigin, Guard, Model, Op, Value};
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

/// What is known of the facts.
pub type Known = HashMap<FactId, Value>;

/// The facts of a case at one moment.
pub struct Values<'m> {
    model: &'m Model,
    known: Known,
    /// What derived facts come to with what is known.
    derived: RefCell<HashMap<FactId, Result<bool, Vec<FactId>>>>,
}

impl<'m> Values<'m> {
    /// What is known where a run starts.
    pub fn at_start(model: &'m Model, case: &Case) -> Self {
        let at_start = |fact: &FactId| !model.fact(*fact).later;
        let known = case.facts.iter().filter(|(fact, _)| at_start(fact));
        Values::new(model, known.map(|(fact, value)| (*fact, value.clone())).collect())
    }

    pub fn new(model: &'m Model, known: Known) -> Self {
        let mut values = Values { model, known, derived: RefCell::default() };
        values.measure();
        values
    }

    /// What is known, and the hop that follows from it; not what other facts are derived.
    pub fn known(&self) -> &Known {
        &self.known
    }

    /// The hop, and whether it breaks something, follow from the two versions.
    fn measure(&mut self) {
        let Some(versions) = &self.model.versions else { return };
        let (Some(Value::Version(from)), Some(Value::Version(to))) =
            (self.known.get(&versions.from), self.known.get(&versions.to))
        else {
            return;
        };
        let hop = Hop::between(from, to) as usize;
        let crossed =
            self.model.releases.iter().filter(|release| release.breaking).any(|release| {
                release.version.cmp_precedence(from).is_gt()
                    && release.version.cmp_precedence(to).is_le()
            });
        self.known.insert(versions.hop, Value::Choice(hop));
        if !self.model.releases.is_empty() {
            self.known.insert(versions.breaking, Value::YesNo(crossed));
        }
    }

    /// A fact is found out.
    pub fn learn(&mut self, fact: FactId, value: Value) {
        self.set(fact, value);
        self.measure();
    }

    pub fn set(&mut self, fact: FactId, value: Value) {
        self.derived.get_mut().clear();
        self.known.insert(fact, value);
    }

    pub fn forget(&mut self, fact: FactId) {
        self.derived.get_mut().clear();
        self.known.remove(&fact);
    }

    /// Whether a condition holds; the facts that must be known to tell, where they are not.
    pub fn holds(&self, guard: &Guard) -> Result<bool, Vec<FactId>> {
        match guard {
            Guard::Constant(holds) => Ok(*holds),
            Guard::Not(inner) => self.holds(inner).map(|holds| !holds),
            Guard::All(parts) => self.fold(parts, false),
            Guard::Any(parts) => self.fold(parts, true),
            Guard::Compare { fact, op, value } => {
                Ok(order(&self.value(*fact)?, value).is_some_and(|order| op.holds(order)))
            }
            Guard::In { fact, values } => {
                let known = self.value(*fact)?;
                Ok(values.iter().any(|value| order(&known, value) == Some(Ordering::Equal)))
            }
            Guard::Versions { left, op, right } => self.versions(*left, *op, *right),
        }
    }

    /// `and` and `or`: one part may decide although others are not known.
    fn fold(&self, parts: &[Guard], decides: bool) -> Result<bool, Vec<FactId>> {
        let mut unknown = Vec::new();
        for part in parts {
            match self.holds(part) {
                Ok(holds) if holds == decides => return Ok(decides),
                Ok(_) => {}
                Err(facts) => unknown.extend(facts),
            }
        }
        // Derived facts may name the same one on many ways.
        let mut named = HashSet::new();
        unknown.retain(|fact| named.insert(*fact));
        if unknown.is_empty() { Ok(!decides) } else { Err(unknown) }
    }

    fn versions(&self, left: FactId, op: Op, right: FactId) -> Result<bool, Vec<FactId>> {
        let (left, right) = match (self.value(left), self.value(right)) {
            (Ok(left), Ok(right)) => (left, right),
            (one, other) => {
                return self.by_hop(op, left).ok_or_else(|| {
                    [one.err(), other.err()].into_iter().flatten().flatten().collect()
                });
            }
        };
        Ok(order(&left, &right).is_some_and(|order| op.holds(order)))
    }

    /// How the two versions compare, where nothing but the hop is known.
    fn by_hop(&self, op: Op, left: FactId) -> Option<bool> {
        let versions = self.model.versions.as_ref()?;
        let Some(Value::Choice(hop)) = self.known.get(&versions.hop) else { return None };
        let order = (Hop::None as usize).cmp(hop);
        Some(op.holds(if left == versions.from { order } else { order.reverse() }))
    }

    /// The value of a fact; the facts that must be known to tell, where they are not.
    pub fn value(&self, fact: FactId) -> Result<Value, Vec<FactId>> {
        if let FactOrigin::Derived(guard) = &self.model.fact(fact).origin {
            let before = self.derived.borrow().get(&fact).cloned();
            let holds = before.unwrap_or_else(|| self.holds(guard));
            self.derived.borrow_mut().insert(fact, holds.clone());
            return holds.map(Value::YesNo);
        }
        self.known.get(&fact).cloned().ok_or_else(|| vec![fact])
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::YesNo(a), Value::YesNo(b)) => Some(a.cmp(b)),
        (Value::Choice(a), Value::Choice(b)) => Some(a.cmp(b)),
        (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
        (Value::Version(a), Value::Version(b)) => Some(a.cmp_precedence(b)),
        _ => None,
    }
}
