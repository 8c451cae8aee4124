//! The facts of two editions as one: what both have is one fact, with the values of both.
//!
//! So conditions of either edition are conditions over the same facts, and the cases of one can be
//! compared with those of the other.

use super::names::{Same, Side};
use crate::cases::OutOfFuel;
use crate::flow::{Effect, Flow, NodeIndex};
use crate::model::{Fact, FactId, FactOrigin, FactType, Guard, Model, Op, Value};
use crate::reach::{Facts, Reach, constants};
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

/// The facts of both editions.
pub struct Joined {
    /// Holds nothing but facts, versions and releases. Those of the old edition have their own numbers.
    pub model: Model,
    /// Whether what breaks between two versions is looked up in each edition's own releases.
    own_releases: bool,
}

impl Joined {
    /// Also says, for each fact of the new edition, which one of them it is.
    pub fn of(old: &Model, new: &Model, same: &Same) -> (Joined, Vec<FactId>) {
        let mut model = Model::empty();
        model.facts = old.facts.clone();
        model.facts.iter_mut().for_each(detach);
        let mut facts = Vec::new();
        for (fact, same) in new.facts.iter().zip(same) {
            let is_derived = |fact: &Fact| matches!(fact.origin, FactOrigin::Derived(_));
            let with = same.filter(|at| !is_derived(fact) && !is_derived(&old.facts[*at]));
            let joined =
                with.and_then(|at| Some((at, kind_of_both(&model.facts[at].kind, &fact.kind)?)));
            match joined {
                Some((at, kind)) => {
                    model.facts[at].kind = kind;
                    model.facts[at].later |= fact.later;
                    facts.push(FactId(at as u32));
                }
                None => {
                    facts.push(FactId(model.facts.len() as u32));
                    let mut own = fact.clone();
                    detach(&mut own);
                    model.facts.push(own);
                }
            }
        }
        let breaking = |model: &Model| -> Vec<semver::Version> {
            let breaking = model.releases.iter().filter(|release| release.breaking);
            breaking.map(|release| release.version.clone()).collect()
        };
        let own_releases =
            breaking(old) != breaking(new) || old.releases.is_empty() != new.releases.is_empty();
        if !own_releases {
            model.releases = old.releases.clone();
        }
        model.versions = old.versions.clone().or_else(|| {
            let mut versions = new.versions.clone()?;
            for id in
                [&mut versions.from, &mut versions.to, &mut versions.hop, &mut versions.breaking]
            {
                *id = facts[id.0 as usize];
            }
            Some(versions)
        });
        (Joined { model, own_releases }, facts)
    }

    /// What follows from other facts, of both editions. Facts that follow from the same are one.
    pub fn derive(&mut self, old: &Side<'_>, new: &mut Side<'_>, same: &Same) {
        self.derive_those_of(old);
        // Each round finds those that follow from what the rounds before found.
        loop {
            self.derive_those_of(new);
            let is_same = |at: &usize| {
                let own = new.facts[*at];
                let before = same[*at].map(|old| &self.model.facts[old].origin);
                let origin = &self.model.facts[own.0 as usize].origin;
                matches!(origin, FactOrigin::Derived(_)) && before == Some(origin)
            };
            let found = (0..new.facts.len()).filter(is_same);
            let found: Vec<usize> =
                found.filter(|at| same[*at] != Some(new.facts[*at].0 as usize)).collect();
            if found.is_empty() {
                return;
            }
            for at in found {
                new.facts[at] = FactId(same[at].unwrap_or_default() as u32);
            }
        }
    }

    fn derive_those_of(&mut self, side: &Side<'_>) {
        for (at, fact) in side.model.facts.iter().enumerate() {
            if let FactOrigin::Derived(guard) = &fact.origin {
                let guard = self.guard(side, guard);
                let id = side.facts[at];
                self.model.facts[id.0 as usize].origin = FactOrigin::Derived(guard);
            }
        }
    }

    /// A condition of one edition, over the facts of both.
    pub fn guard(&self, side: &Side<'_>, guard: &Guard) -> Guard {
        let inner = |parts: &[Guard]| parts.iter().map(|part| self.guard(side, part)).collect();
        match guard {
            Guard::Constant(value) => Guard::Constant(*value),
            Guard::Not(part) => Guard::Not(Box::new(self.guard(side, part))),
            Guard::All(parts) => Guard::All(inner(parts)),
            Guard::Any(parts) => Guard::Any(inner(parts)),
            Guard::Versions { left, op, right } => Guard::Versions {
                left: side.facts[left.0 as usize],
                op: *op,
                right: side.facts[right.0 as usize],
            },
            Guard::In { fact, values } => Guard::In {
                fact: side.facts[fact.0 as usize],
                values: values.iter().map(|value| self.value(side, *fact, value)).collect(),
            },
            Guard::Compare { fact, op, value } => self.compare(side, *fact, *op, value),
        }
    }

    fn compare(&self, side: &Side<'_>, id: FactId, op: Op, value: &Value) -> Guard {
        if let Some(guard) = self.crossed(side, id) {
            let wanted = (*value == Value::YesNo(true)) == op.holds(Ordering::Equal);
            return if wanted { guard } else { Guard::Not(Box::new(guard)) };
        }
        let (fact, own) = (side.facts[id.0 as usize], &side.model.fact(id).kind);
        if own == &self.model.fact(fact).kind || own.choices().is_none() {
            return Guard::Compare { fact, op, value: self.value(side, id, value) };
        }
        // In the order of one edition, among the values of both.
        let choices = (0..own.choices().map_or(0, <[String]>::len)).map(Value::Choice);
        let index = |value: &Value| if let Value::Choice(index) = value { *index } else { 0 };
        let meant = choices.filter(|choice| op.holds(index(choice).cmp(&index(value))));
        let values = meant.map(|choice| self.value(side, id, &choice)).collect();
        Guard::In { fact, values }
    }

    fn value(&self, side: &Side<'_>, id: FactId, value: &Value) -> Value {
        let joined = &self.model.fact(side.facts[id.0 as usize]).kind;
        match (value, &side.model.fact(id).kind, joined) {
            (Value::Choice(index), own, joined) => {
                let name = own.choices().and_then(|choices| choices.get(*index));
                let is_it = |choice: &String| Some(choice) == name;
                let at = joined.choices().and_then(|choices| choices.iter().position(is_it));
                Value::Choice(at.unwrap_or(*index))
            }
            (
                Value::Number(number),
                FactType::Number { decimals: own, .. },
                FactType::Number { decimals, .. },
            ) => Value::Number(number.saturating_mul(10i64.saturating_pow(decimals - own))),
            _ => value.clone(),
        }
    }

    /// A value of a fact of both as one of an edition's own fact; none where that has no such value.
    pub fn value_of(&self, side: &Side<'_>, id: FactId, value: &Value) -> Option<Value> {
        let own = &side.model.fact(id).kind;
        match (value, own, &self.model.fact(side.facts[id.0 as usize]).kind) {
            (Value::Choice(index), own, joined) => {
                let name = joined.choices()?.get(*index)?;
                own.choices()?.iter().position(|other| other == name).map(Value::Choice)
            }
            (
                Value::Number(number),
                FactType::Number { decimals: own, .. },
                FactType::Number { decimals, .. },
            ) => {
                let factor = 10i64.checked_pow(decimals.checked_sub(*own)?)?;
                (number % factor == 0).then(|| Value::Number(number / factor))
            }
            _ => Some(value.clone()),
        }
    }

    /// What `breaking` says where each edition has its own releases.
    fn crossed(&self, side: &Side<'_>, id: FactId) -> Option<Guard> {
        let versions = side.model.versions.as_ref().filter(|versions| versions.breaking == id)?;
        if !self.own_releases || side.model.releases.is_empty() {
            return None;
        }
        let (from, to) = (side.facts[versions.from.0 as usize], side.facts[versions.to.0 as usize]);
        let crossed =
            side.model.releases.iter().filter(|release| release.breaking).map(|release| {
                let value = Value::Version(release.version.clone());
                Guard::All(vec![
                    Guard::Compare { fact: from, op: Op::Less, value: value.clone() },
                    Guard::Compare { fact: to, op: Op::AtLeast, value },
                ])
            });
        Some(Guard::Any(crossed.collect()))
    }

    /// What one edition assumes, and that facts have values that it knows.
    pub fn assumed(&self, side: &Side<'_>) -> Vec<Guard> {
        let stated = side.model.assumptions.iter();
        let mut assumed: Vec<Guard> = stated.map(|it| self.guard(side, &it.guard)).collect();
        for (at, own) in side.model.facts.iter().enumerate() {
            let (id, fact) = (FactId(at as u32), side.facts[at]);
            if own.kind == self.model.fact(fact).kind {
                continue;
            }
            match &own.kind {
                FactType::Number { low, high, .. } => {
                    for (op, bound) in [(Op::AtLeast, low), (Op::AtMost, high)] {
                        let value = self.value(side, id, &Value::Number(*bound));
                        assumed.push(Guard::Compare { fact, op, value });
                    }
                }
                kind => {
                    let choices = 0..kind.choices().map_or(0, <[String]>::len);
                    let values = choices.map(|it| self.value(side, id, &Value::Choice(it)));
                    assumed.push(Guard::In { fact, values: values.collect() });
                }
            }
        }
        assumed
    }

    /// The flow of one edition, over the facts of both. What `at most N times` counts is left out.
    fn flow(&self, side: &Side<'_>, flow: &Flow) -> Flow {
        let mut flow = flow.clone();
        flow.counters.clear();
        for edge in flow.graph.edge_weights_mut() {
            edge.guard = edge.guard.as_ref().map(|guard| self.guard(side, guard));
            (edge.counter, edge.used_up) = (None, None);
            edge.resets.clear();
            for effect in &mut edge.effects {
                match effect {
                    Effect::Learn(fact, _) => *fact = side.facts[fact.0 as usize],
                    Effect::ForgetFacts(facts) => {
                        facts.iter_mut().for_each(|fact| *fact = side.facts[fact.0 as usize]);
                    }
                    Effect::Answer(fact, choice) => {
                        let value = self.value(side, *fact, &Value::Choice(*choice));
                        if let Value::Choice(index) = value {
                            *choice = index;
                        }
                        *fact = side.facts[fact.0 as usize];
                    }
                    _ => {}
                }
            }
        }
        flow
    }

    /// That facts of an edition have no values between those it knows: at the constants that only the other
    /// edition can write. Elsewhere a stretch has values of both.
    fn coarse(&self, side: &Side<'_>, read: &HashMap<FactId, Vec<Value>>) -> Vec<Guard> {
        let mut coarse = Vec::new();
        for (at, own) in side.model.facts.iter().enumerate() {
            let fact = side.facts[at];
            let (FactType::Number { decimals: own, .. }, FactType::Number { decimals, .. }) =
                (&own.kind, &self.model.fact(fact).kind)
            else {
                continue;
            };
            let factor = 10i64.saturating_pow(decimals.saturating_sub(*own));
            let constants = read.get(&fact).into_iter().flatten();
            let numbers: BTreeSet<i64> = constants
                .filter_map(|it| if let Value::Number(number) = it { Some(*number) } else { None })
                .collect();
            for number in numbers.into_iter().filter(|number| number % factor != 0) {
                let below = number - number.rem_euclid(factor);
                let compare = |op, bound| Guard::Compare { fact, op, value: Value::Number(bound) };
                coarse.push(Guard::Any(vec![
                    compare(Op::AtMost, below),
                    compare(Op::AtLeast, below.saturating_add(factor)),
                ]));
            }
        }
        coarse
    }

    /// Follows the cases of one edition, on the facts that they have together.
    fn follow(
        &self,
        side: &Side<'_>,
        flow: &Flow,
        mut facts: Facts,
        assumed: &[Guard],
    ) -> Result<Reach, OutOfFuel> {
        let is_later = |at: &usize| side.model.facts[*at].later;
        let later: BTreeSet<FactId> =
            (0..side.facts.len()).filter(is_later).map(|at| side.facts[at]).collect();
        facts.begin(later, assumed)?;
        let asked = side.model.items.iter().map(|item| {
            let asked = side.model.asked(item).into_iter();
            asked.map(|fact| side.facts[fact.0 as usize]).collect()
        });
        Reach::over(side.model, flow, facts, asked.collect()).map_err(|_| OutOfFuel)
    }

    /// Follows the cases of both.
    pub fn cases(
        &self,
        (old, old_flow): (&Side<'_>, &Flow),
        (new, new_flow): (&Side<'_>, &Flow),
    ) -> Result<Cases, OutOfFuel> {
        let (old_flow, new_flow) = (self.flow(old, old_flow), self.flow(new, new_flow));
        let [mut before, mut after] = [self.assumed(old), self.assumed(new)];
        // Where a role always takes part, there is no case in which it is absent.
        for (at, same) in new.names.iter().flat_map(|names| names.roles.iter().enumerate()) {
            let Some(same) = same else { continue };
            match (old.model.roles[*same].optional, new.model.roles[at].optional) {
                (Some(fact), None) => after.push(takes_part(old, fact)),
                (None, Some(fact)) => before.push(takes_part(new, fact)),
                _ => {}
            }
        }
        let edges = [&old_flow, &new_flow].map(|flow| flow.graph.edge_weights());
        let guards = edges.into_iter().flatten().filter_map(|edge| edge.guard.as_ref());
        let guards: Vec<&Guard> = guards.collect();
        let derived = self.model.facts.iter().filter_map(|fact| match &fact.origin {
            FactOrigin::Derived(guard) => Some(guard),
            _ => None,
        });
        let derived: Vec<&Guard> = derived.collect();
        let written = [guards, derived, before.iter().chain(&after).collect()].concat();
        let mut read = HashMap::new();
        written.iter().for_each(|guard| constants(guard, &mut read));
        let (own, other) = (self.coarse(old, &read), self.coarse(new, &read));
        let all = written.into_iter().chain(&own).chain(&other);
        let facts = Facts::reading(&self.model, all, Vec::new())?;
        before.extend(own.iter().cloned());
        after.extend(other.iter().cloned());
        let before = self.follow(old, &old_flow, facts, &before)?;
        // The sets of the first edition are among those of the second.
        let after = self.follow(new, &new_flow, before.facts.clone(), &after)?;
        Ok(Cases { old: before, new: after, old_flow, new_flow })
    }
}

/// That a role takes part, by the fact of the edition in which it may be absent.
fn takes_part(side: &Side<'_>, fact: FactId) -> Guard {
    Guard::is_so(side.facts[fact.0 as usize])
}

/// What is of its own edition in a fact: what it follows from, and whose answer it is.
fn detach(fact: &mut Fact) {
    fact.origin = FactOrigin::Declared;
}

/// The values of both, if they are of the same type.
fn kind_of_both(old: &FactType, new: &FactType) -> Option<FactType> {
    if old == new {
        return Some(old.clone());
    }
    match (old, new) {
        (
            FactType::Number { low, high, decimals },
            FactType::Number { low: new_low, high: new_high, decimals: new_decimals },
        ) => {
            let most = *decimals.max(new_decimals);
            let scaled = |number: &i64, decimals: &u32| {
                number.checked_mul(10i64.checked_pow(most - decimals)?)
            };
            Some(FactType::Number {
                low: scaled(low, decimals)?.min(scaled(new_low, new_decimals)?),
                high: scaled(high, decimals)?.max(scaled(new_high, new_decimals)?),
                decimals: most,
            })
        }
        _ => {
            let (mut names, added) = (old.choices()?.to_vec(), new.choices()?);
            // What is new stands behind what it stood behind.
            let mut at = 0;
            for name in added {
                match names.iter().position(|known| known == name) {
                    Some(known) => at = known + 1,
                    None => {
                        names.insert(at, name.clone());
                        at += 1;
                    }
                }
            }
            Some(FactType::OneOf(names))
        }
    }
}

/// Which cases get where, in both editions.
pub struct Cases {
    pub old: Reach,
    /// Its facts hold the sets of both.
    pub new: Reach,
    pub old_flow: Flow,
    pub new_flow: Flow,
}

impl Cases {
    pub fn facts(&mut self) -> &mut Facts {
        &mut self.new.facts
    }

    /// The cases in which a run comes to one place by the old edition and to the other by the new.
    /// What nobody has found out yet by one of them may be anything.
    pub fn common(
        &mut self,
        old: NodeIndex,
        new: NodeIndex,
    ) -> Result<crate::cases::Set, OutOfFuel> {
        let (mut one, mut other) = (self.old.at(old), self.new.at(new));
        let facts = &mut self.new.facts;
        let mut level = 0;
        while let Some((_, domain)) = facts.level(level) {
            if domain.cells().first() == Some(&crate::cases::Cell::Unknown) {
                let only_unknown = |values: &[bool]| values[0] && !values[1..].contains(&true);
                let (before, after) =
                    (facts.cases.values(one, level)?, facts.cases.values(other, level)?);
                if only_unknown(&before) && !after[0] {
                    one = facts.cases.forget(one, level)?;
                } else if only_unknown(&after) && !before[0] {
                    other = facts.cases.forget(other, level)?;
                }
            }
            level += 1;
        }
        facts.cases.and(one, other)
    }
}
