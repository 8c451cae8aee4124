//! The facts of a process as sets of cases: which values they can have together, and what a
//! condition says of them.

use super::counters::MOST_ROUNDS;
use super::thing::Change;
use crate::cases::{Cases, Cell, Domain, OutOfFuel, Set, VersionPair};
use crate::flow::{Flow, approvals, presence};
use crate::model::{FactId, FactOrigin, FactType, Guard, Model, Op, Value};
use rustc_hash::FxHashMap;
use semver::Version;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

/// Steps of all operations together while cases are followed; well below a second.
const FUEL: usize = 1_000_000;

/// Steps that each rule may take at least.
pub(super) const FUEL_OF_A_RULE: usize = 200_000;

/// Sets over more facts than this would be nested too deep.
const MOST_FACTS: usize = 2_000;

/// Where a condition holds, and where it does not. In all other cases that is not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub yes: Set,
    pub no: Set,
}

impl Answer {
    /// What the opposite condition says.
    fn turned(self) -> Answer {
        Answer { yes: self.no, no: self.yes }
    }
}

#[derive(Clone, Debug)]
pub struct Facts {
    pub cases: Cases,
    /// The facts that some condition reads, in the order of their levels.
    levels: Vec<(FactId, Domain)>,
    level_of: HashMap<FactId, usize>,
    /// Their levels lie behind those of the facts.
    counters: usize,
    derived: HashMap<FactId, Guard>,
    /// What the conditions that were asked for come to.
    answered: FxHashMap<Guard, Answer>,
    /// Two versions and what follows from them: forgotten and known together.
    versions: Option<Tied>,
    /// What facts can be together, unknown ones aside.
    possible: Set,
    /// The same, before anything is assumed.
    unassumed: Set,
    start: Set,
}

/// The levels of `from`, `to`, `hop` and `breaking`.
#[derive(Clone, Copy, Debug)]
struct Tied {
    from: usize,
    to: usize,
    hop: usize,
    /// Where a catalogue says what is breaking.
    breaking: Option<usize>,
}

impl Facts {
    /// The facts of a process. Behind their levels lie those of its counters, then that of a thing.
    pub fn new(model: &Model, flow: &Flow) -> Result<Facts, OutOfFuel> {
        let rounds = flow.counters.iter().map(|counter| counter.at_most.min(MOST_ROUNDS) + 1);
        let lines = model.items.iter().flat_map(|item| approvals(&item.lines));
        let approvers: Vec<Guard> =
            lines.filter_map(|(who, _)| presence(model, who.roles())).collect();
        let read = guards(model, flow).chain(&approvers);
        let mut facts = Facts::reading(model, read, rounds.collect())?;
        let later = model_facts(model).filter(|id| model.fact(*id).later).collect();
        facts.begin(later, model.assumptions.iter().map(|assumption| &assumption.guard))?;
        Ok(facts)
    }

    /// The facts that conditions read, which need not be those of one flow; counters have so many
    /// states. What a run begins with is said by [`Facts::begin`].
    pub fn reading<'g>(
        model: &Model,
        guards: impl Iterator<Item = &'g Guard>,
        counters: Vec<u32>,
    ) -> Result<Facts, OutOfFuel> {
        let read = read_facts(model, guards);
        let levels: Vec<(FactId, Domain)> =
            read.iter().map(|(id, constants)| (*id, domain(model, *id, constants))).collect();
        if levels.len() > MOST_FACTS {
            return Err(OutOfFuel);
        }
        let cells = levels.iter().map(|(_, domain)| domain.cells().len() as u32);
        let cells = cells.chain(counters.iter().copied()).chain([1]).collect();
        let level_of = levels.iter().enumerate().map(|(level, (id, _))| (*id, level)).collect();
        let (versions, possible, start) = (None, Set::ALL, Set::ALL);
        let mut facts = Facts {
            cases: Cases::new(cells, FUEL),
            levels,
            level_of,
            counters: counters.len(),
            derived: derived(model),
            answered: FxHashMap::default(),
            versions,
            possible,
            unassumed: possible,
            start,
        };
        facts.tie_versions(model)?;
        facts.unassumed = facts.possible;
        Ok(facts)
    }

    /// What there can be when a run begins, and what is assumed of it all along. Facts that are found
    /// out later are unknown at first; all others are known.
    pub fn begin<'g>(
        &mut self,
        later: BTreeSet<FactId>,
        assumed: impl IntoIterator<Item = &'g Guard>,
    ) -> Result<(), OutOfFuel> {
        self.cases.refuel(FUEL);
        self.possible = self.possible_if(assumed)?;
        self.start = self.possible;
        for level in 0..self.levels.len() {
            let id = self.levels[level].0;
            if later.contains(&id) {
                self.start = self.unlearn(self.start, id)?;
            } else {
                let known = self.test(id, |_| true)?.yes;
                self.start = self.cases.and(self.start, known)?;
            }
        }
        Ok(())
    }

    /// The cases that there can be at the start.
    pub fn start(&self) -> Set {
        self.start
    }

    /// Whether all facts together can have values for which everything holds that is assumed, those
    /// among them that are not known at the start.
    pub fn can_all_be_known(&mut self, model: &Model) -> Result<bool, OutOfFuel> {
        let mut all = self.unassumed;
        for assumption in &model.assumptions {
            let holds = self.answer(&assumption.guard)?.yes;
            all = self.cases.and(all, holds)?;
        }
        Ok(!all.is_empty())
    }

    /// What facts can be together, whatever is assumed.
    pub fn unassumed(&self) -> Set {
        self.unassumed
    }

    /// Those of the cases in which every fact is known.
    pub fn known(&mut self, mut set: Set) -> Result<Set, OutOfFuel> {
        for level in 0..self.levels.len() {
            let known = self.test(self.levels[level].0, |_| true)?.yes;
            set = self.cases.and(set, known)?;
        }
        Ok(set)
    }

    /// What a condition says in each case.
    pub fn answer(&mut self, guard: &Guard) -> Result<Answer, OutOfFuel> {
        if let Some(answer) = self.answered.get(guard) {
            return Ok(*answer);
        }
        let answer = self.find_answer(guard)?;
        self.answered.insert(guard.clone(), answer);
        Ok(answer)
    }

    fn find_answer(&mut self, guard: &Guard) -> Result<Answer, OutOfFuel> {
        match guard {
            Guard::Constant(true) => Ok(Answer { yes: Set::ALL, no: Set::NONE }),
            Guard::Constant(false) => Ok(Answer { yes: Set::NONE, no: Set::ALL }),
            Guard::Not(inner) => self.answer(inner).map(Answer::turned),
            Guard::All(parts) => self.combine(parts, false),
            Guard::Any(parts) => self.combine(parts, true),
            Guard::Compare { fact, op, value } => {
                if let Some(guard) = self.derived.get(fact).cloned() {
                    let wanted = op.holds(Ordering::Equal) == (*value == Value::YesNo(true));
                    let answer = self.answer(&guard)?;
                    return Ok(if wanted { answer } else { answer.turned() });
                }
                self.test(*fact, |cell| compare(cell, value).is_some_and(|order| op.holds(order)))
            }
            Guard::In { fact, values } => self.test(*fact, |cell| {
                values.iter().any(|value| compare(cell, value) == Some(Ordering::Equal))
            }),
            Guard::Versions { left, op, .. } => self.versions_compare(*left, *op),
        }
    }

    /// `and` of the parts, or `or`.
    fn combine(&mut self, parts: &[Guard], any: bool) -> Result<Answer, OutOfFuel> {
        let mut all = match any {
            true => Answer { yes: Set::NONE, no: Set::ALL },
            false => Answer { yes: Set::ALL, no: Set::NONE },
        };
        for part in parts {
            let part = self.answer(part)?;
            all = match any {
                true => Answer {
                    yes: self.cases.or(all.yes, part.yes)?,
                    no: self.cases.and(all.no, part.no)?,
                },
                false => Answer {
                    yes: self.cases.and(all.yes, part.yes)?,
                    no: self.cases.or(all.no, part.no)?,
                },
            };
        }
        Ok(all)
    }

    fn test(&mut self, fact: FactId, holds: impl Fn(&Cell) -> bool) -> Result<Answer, OutOfFuel> {
        let Some(level) = self.level_of.get(&fact).copied() else {
            return Ok(Answer { yes: Set::NONE, no: Set::NONE });
        };
        let domain = &self.levels[level].1;
        let yes = domain.ranges(|cell| *cell != Cell::Unknown && holds(cell));
        let no = domain.ranges(|cell| *cell != Cell::Unknown && !holds(cell));
        Ok(Answer { yes: self.cases.where_in(level, &yes)?, no: self.cases.where_in(level, &no)? })
    }

    /// How the two versions compare is what the hop says.
    fn versions_compare(&mut self, left: FactId, op: Op) -> Result<Answer, OutOfFuel> {
        let Some(tied) = self.versions else {
            return Ok(Answer { yes: Set::NONE, no: Set::NONE });
        };
        let (hop, from) = (self.levels[tied.hop].0, self.levels[tied.from].0);
        self.test(hop, |cell| {
            let order = match cell {
                Cell::Choice(0) => Ordering::Greater,
                Cell::Choice(1) => Ordering::Equal,
                _ => Ordering::Less,
            };
            op.holds(if left == from { order } else { order.reverse() })
        })
    }

    /// The same facts, with a thing that has so many states.
    pub fn with_thing(&self, states: u32) -> Facts {
        let mut facts = self.clone();
        facts.cases.set_cells(self.level_of_thing(), states);
        facts
    }

    pub fn level_of_counter(&self, counter: usize) -> usize {
        self.levels.len() + counter
    }

    /// The level behind all others.
    pub fn level_of_thing(&self) -> usize {
        self.levels.len() + self.counters
    }

    /// The cases in which a counter has counted so far.
    pub fn counter_is(&mut self, counter: usize, count: u32) -> Result<Set, OutOfFuel> {
        let level = self.level_of_counter(counter);
        self.cases.where_in(level, std::slice::from_ref(&(count..count + 1)))
    }

    /// The same cases, whatever the counter has counted.
    pub fn without_counter(&mut self, set: Set, counter: usize) -> Result<Set, OutOfFuel> {
        self.cases.forget(set, self.level_of_counter(counter))
    }

    /// The counter stands there from now on.
    pub fn put_counter(&mut self, set: Set, counter: usize, count: u32) -> Result<Set, OutOfFuel> {
        let open = self.without_counter(set, counter)?;
        let there = self.counter_is(counter, count)?;
        self.cases.and(open, there)
    }

    /// The levels that change when a fact does: its own, and for a version those that follow from it.
    pub fn tied_to(&self, fact: FactId) -> Vec<usize> {
        let Some(level) = self.level_of.get(&fact).copied() else { return Vec::new() };
        match self.versions {
            Some(tied) if level == tied.from || level == tied.to => {
                [Some(level), Some(tied.hop), tied.breaking].into_iter().flatten().collect()
            }
            _ => vec![level],
        }
    }

    /// The cases in which the thing is in this state.
    pub fn thing_is(&mut self, state: u32) -> Result<Set, OutOfFuel> {
        self.cases.where_in(self.level_of_thing(), std::slice::from_ref(&(state..state + 1)))
    }

    /// The same cases of the facts, however counters and the thing stand.
    pub fn facts_alone(&mut self, set: Set) -> Result<Set, OutOfFuel> {
        let mut alone = set;
        for level in self.levels.len()..=self.level_of_thing() {
            alone = self.cases.forget(alone, level)?;
        }
        Ok(alone)
    }

    /// What becomes of cases where the thing changes.
    pub fn change_thing(&mut self, set: Set, change: &Change) -> Result<Set, OutOfFuel> {
        let (when, moves) = match change {
            Change::To(state) => return self.put_thing(set, *state),
            Change::Each { when, moves } => (when, moves),
        };
        let holds = match when {
            Some(guard) => self.answer(guard)?.yes,
            None => Set::ALL,
        };
        let (yes, no) = (self.cases.and(set, holds)?, self.cases.minus(set, holds)?);
        let yes = self.move_thing(yes, &moves.yes)?;
        let no = self.move_thing(no, &moves.otherwise)?;
        self.cases.or(yes, no)
    }

    fn move_thing(&mut self, set: Set, next: &[u32]) -> Result<Set, OutOfFuel> {
        let mut moved = Set::NONE;
        for (state, next) in (0..).zip(next).filter(|_| !set.is_empty()) {
            let there = self.thing_is(state)?;
            let there = self.cases.and(set, there)?;
            let there = self.put_thing(there, *next)?;
            moved = self.cases.or(moved, there)?;
        }
        Ok(moved)
    }

    /// The thing is in this state from now on.
    pub fn put_thing(&mut self, set: Set, state: u32) -> Result<Set, OutOfFuel> {
        let open = self.cases.forget(set, self.level_of_thing())?;
        let there = self.thing_is(state)?;
        self.cases.and(open, there)
    }

    /// A fact is found out: it may have any value that goes with what is known.
    pub fn learn(&mut self, set: Set, fact: FactId) -> Result<Set, OutOfFuel> {
        let Some(level) = self.level_of.get(&fact).copied() else { return Ok(set) };
        let mut open = self.cases.forget(set, level)?;
        for tied in self.tied_to(fact) {
            open = self.cases.forget(open, tied)?;
        }
        let known = self.test(fact, |_| true)?.yes;
        let known = self.cases.and(open, known)?;
        self.cases.and(known, self.possible)
    }

    /// A decision is taken: its fact has this choice.
    pub fn decide(&mut self, set: Set, fact: FactId, choice: usize) -> Result<Set, OutOfFuel> {
        let Some(level) = self.level_of.get(&fact).copied() else { return Ok(set) };
        let open = self.cases.forget(set, level)?;
        let chosen = self.test(fact, |cell| *cell == Cell::Choice(choice))?.yes;
        let chosen = self.cases.and(open, chosen)?;
        self.cases.and(chosen, self.possible)
    }

    /// The same cases, whatever the fact is, known or not.
    pub fn whatever(&mut self, set: Set, fact: FactId) -> Result<Set, OutOfFuel> {
        let mut open = set;
        for level in self.tied_to(fact) {
            open = self.cases.forget(open, level)?;
        }
        Ok(open)
    }

    /// A fact is unknown again, or still.
    pub fn unlearn(&mut self, set: Set, fact: FactId) -> Result<Set, OutOfFuel> {
        let Some(level) = self.level_of.get(&fact).copied() else { return Ok(set) };
        let open = self.cases.forget(set, level)?;
        let unknown = self.levels[level].1.ranges(|cell| *cell == Cell::Unknown);
        let unknown = self.cases.where_in(level, &unknown)?;
        self.cases.and(open, unknown)
    }

    /// The hop is that of the two versions, and breaking what the catalogue says.
    fn tie_versions(&mut self, model: &Model) -> Result<(), OutOfFuel> {
        let Some(versions) = &model.versions else { return Ok(()) };
        let level = |facts: &Facts, id: FactId| facts.level_of.get(&id).copied();
        let (Some(from), Some(to), Some(hop)) =
            (level(self, versions.from), level(self, versions.to), level(self, versions.hop))
        else {
            return Ok(());
        };
        let pair = VersionPair::new(&self.levels[from].1, &self.levels[to].1)?;
        let tie = pair.possible(&mut self.cases, from, to, hop)?;
        self.possible = self.cases.and(self.possible, tie)?;
        let breaking = level(self, versions.breaking).filter(|_| !model.releases.is_empty());
        self.versions = Some(Tied { from, to, hop, breaking });
        if model.releases.is_empty() || level(self, versions.breaking).is_none() {
            return Ok(());
        }
        let mut breaking = Set::NONE;
        for release in model.releases.iter().filter(|release| release.breaking) {
            let value = Value::Version(release.version.clone());
            let before = Guard::Compare { fact: versions.from, op: Op::Less, value: value.clone() };
            let until = Guard::Compare { fact: versions.to, op: Op::AtLeast, value };
            let crossed = self.answer(&Guard::All(vec![before, until]))?.yes;
            breaking = self.cases.or(breaking, crossed)?;
        }
        let said = self.test(versions.breaking, |cell| *cell == Cell::Choice(1))?;
        let quiet = self.cases.minus(said.no, breaking)?;
        let loud = self.cases.and(said.yes, breaking)?;
        let agree = self.cases.or(quiet, loud)?;
        self.possible = self.cases.and(self.possible, agree)?;
        Ok(())
    }

    /// What facts can be together if some of the assumptions, by their index, are left out. Assumptions
    /// hold wherever their facts are known.
    pub fn possible_without(
        &mut self,
        model: &Model,
        left_out: &BTreeSet<usize>,
    ) -> Result<Set, OutOfFuel> {
        let assumed = model.assumptions.iter().enumerate();
        let assumed = assumed.filter(|(index, _)| !left_out.contains(index));
        self.possible_if(assumed.map(|(_, assumption)| &assumption.guard))
    }

    /// What facts can be together if these conditions hold wherever their facts are known.
    fn possible_if<'g>(
        &mut self,
        assumed: impl IntoIterator<Item = &'g Guard>,
    ) -> Result<Set, OutOfFuel> {
        let mut possible = self.unassumed;
        for guard in assumed {
            let answer = self.answer(guard)?;
            possible = self.cases.minus(possible, answer.no)?;
        }
        Ok(possible)
    }

    /// The facts that conditions read, by level.
    pub fn level(&self, level: usize) -> Option<&(FactId, Domain)> {
        self.levels.get(level)
    }
}

/// How the values of a cell compare with a constant; none for another kind.
fn compare(cell: &Cell, value: &Value) -> Option<Ordering> {
    match (cell, value) {
        (Cell::Choice(choice), Value::YesNo(yes)) => Some(choice.cmp(&usize::from(*yes))),
        (Cell::Choice(choice), Value::Choice(constant)) => Some(choice.cmp(constant)),
        (Cell::Numbers { low, .. }, Value::Number(constant)) => Some(low.cmp(constant)),
        (Cell::Versions { .. }, Value::Version(constant)) => {
            cell.version().map(|version| version.cmp_precedence(constant))
        }
        _ => None,
    }
}

fn model_facts(model: &Model) -> impl Iterator<Item = FactId> + use<> {
    (0..model.facts.len() as u32).map(FactId)
}

fn derived(model: &Model) -> HashMap<FactId, Guard> {
    let guard = |id: FactId| match &model.fact(id).origin {
        FactOrigin::Derived(guard) => Some((id, guard.clone())),
        _ => None,
    };
    model_facts(model).filter_map(guard).collect()
}

fn domain(model: &Model, id: FactId, constants: &[Value]) -> Domain {
    let fact = model.fact(id);
    let domain = match &fact.kind {
        FactType::YesNo => Domain::choices(2),
        FactType::OneOf(choices) | FactType::Scale(choices) => Domain::choices(choices.len()),
        FactType::Number { low, high, .. } => {
            let numbers: Vec<i64> = constants
                .iter()
                .filter_map(
                    |value| if let Value::Number(number) = value { Some(*number) } else { None },
                )
                .collect();
            Domain::numbers(*low, *high, &numbers)
        }
        FactType::Version => {
            let versions: Vec<Version> = constants
                .iter()
                .filter_map(|value| {
                    if let Value::Version(version) = value { Some(version.clone()) } else { None }
                })
                .collect();
            Domain::versions(&versions)
        }
    };
    if fact.later { domain.or_unknown() } else { domain }
}

/// The facts that conditions read, each with the constants that it is compared with. What a derived
/// fact follows from is read where that is.
fn read_facts<'g>(
    model: &Model,
    guards: impl Iterator<Item = &'g Guard>,
) -> Vec<(FactId, Vec<Value>)> {
    let mut read: HashMap<FactId, Vec<Value>> = HashMap::new();
    for guard in guards {
        constants(guard, &mut read);
    }
    if let Some(versions) = &model.versions
        && [versions.from, versions.to, versions.hop, versions.breaking]
            .iter()
            .any(|id| read.contains_key(id))
    {
        let stops: Vec<Value> = model
            .releases
            .iter()
            .filter(|release| release.breaking)
            .map(|release| Value::Version(release.version.clone()))
            .collect();
        for id in [versions.from, versions.to] {
            read.entry(id).or_default().extend(stops.clone());
        }
        read.entry(versions.hop).or_default();
    }
    let is_derived = |id: FactId| matches!(model.fact(id).origin, FactOrigin::Derived(_));
    let mut read: Vec<_> = read.into_iter().filter(|(id, _)| !is_derived(*id)).collect();
    read.sort_by_key(|(id, _)| *id);
    read
}

/// The facts that a condition reads, each with the constants that it is compared with.
pub fn constants(guard: &Guard, read: &mut HashMap<FactId, Vec<Value>>) {
    match guard {
        Guard::Constant(_) => {}
        Guard::Compare { fact, value, .. } => read.entry(*fact).or_default().push(value.clone()),
        Guard::In { fact, values } => read.entry(*fact).or_default().extend(values.iter().cloned()),
        Guard::Versions { left, right, .. } => {
            read.entry(*left).or_default();
            read.entry(*right).or_default();
        }
        Guard::Not(inner) => constants(inner, read),
        Guard::All(parts) | Guard::Any(parts) => {
            parts.iter().for_each(|part| constants(part, read))
        }
    }
}

/// Every condition that the process has, those included that follow from who takes part.
pub fn guards<'m>(model: &'m Model, flow: &'m Flow) -> impl Iterator<Item = &'m Guard> {
    let edges = flow.graph.edge_weights().filter_map(|edge| edge.guard.as_ref());
    let assumed = model.assumptions.iter().map(|assumption| &assumption.guard);
    let ruled = model.rules.iter().filter_map(|rule| rule.when.as_ref());
    let derived = model.facts.iter().filter_map(|fact| match &fact.origin {
        FactOrigin::Derived(guard) => Some(guard),
        _ => None,
    });
    edges.chain(assumed).chain(ruled).chain(derived)
}
