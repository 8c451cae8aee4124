//! One case, gone through from the start: which path is taken, which steps apply, how it ends.
//!
//! The *plain run* of a case: what the case does not say turns out as it does when nothing
//! unforeseen happens. A condition that is judged on the spot is met, what may be skipped is not,
//! a `repeat` until a text is done after one round, a `for each` has one item, and no event happens
//! that the case does not name.

pub mod calendar;
pub mod case_file;
pub mod coverage;
pub mod dates;
pub mod given;
pub mod open;
pub mod route;
pub mod trial;
mod values;

pub use values::{Known, Values};

use crate::flow::{
    ChosenBy, Edge, EdgeIndex, EdgeKind, Effect, Flow, Node, NodeIndex, NodeKind, last_inside,
};
use crate::model::{
    Condition, FactId, FactOrigin, FactType, ItemId, ItemKind, Model, OutcomeId, ScenarioEvent,
    Value,
};
use std::collections::{HashMap, HashSet};

/// What is known of a case.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Facts that are known at the start, and what the others turn out to be when they are learned.
    pub facts: HashMap<FactId, Value>,
    /// The answers of each decision, for successive askings: indices into its choices.
    pub answers: HashMap<ItemId, Vec<usize>>,
    /// In the order in which they happen.
    pub events: Vec<ScenarioEvent>,
}

/// How a case went.
#[derive(Clone, Debug)]
pub struct Run {
    /// The items that were entered or performed, in order.
    pub items: Vec<ItemId>,
    /// The branches that were taken, in order: answers, timeouts and cases of decisions, and events.
    pub taken: Vec<(ItemId, usize)>,
    /// The items that did not apply, in order, and why.
    pub passed: Vec<(ItemId, Passed)>,
    /// What was known where a path was to be chosen; none where it did not come to that.
    pub at_paths: Option<Known>,
    /// What it came to, and what it may still come to.
    pub possible: HashSet<ItemId>,
    /// What it may still come to as far as the facts of the case do not rule it out: from where it could
    /// not go on, or by an event.
    pub open: HashSet<ItemId>,
    /// Of a run that came to an end: what the events of the blocks that it entered may lead to.
    pub by_events: HashSet<ItemId>,
    /// The same: what the answers may lead to that were not given.
    pub by_other_answers: HashSet<ItemId>,
    /// The decisions of which the case has more answers than they were asked for, with how often that
    /// was; in the order of the text.
    pub left_over: Vec<(ItemId, usize)>,
    pub end: Result<OutcomeId, Halt>,
}

/// Why an item did not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Passed {
    /// This one of its `when` lines does not hold.
    When(usize),
    /// This one of its `skip` lines holds.
    Skip(usize),
    /// Nobody takes part who could do it.
    Nobody,
}

/// Why a run could not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// The facts that must be known to go on, and the item that asks.
    NotKnown { facts: Vec<FactId>, item: ItemId },
    /// The decision was asked so often, and the case has fewer answers.
    NoAnswer { item: ItemId, asked: usize },
    /// The answer is used up: it could be given fewer times.
    UsedUp { item: ItemId, choice: usize },
    /// No way on from here applies.
    NoWay { item: ItemId },
    /// The event can no longer happen, or never could.
    NoEvent { event: usize },
    /// It went on for very long without an end.
    NoEnd,
}

/// Longer runs are taken for endless.
const LONGEST: usize = 200_000;

/// Goes through a case.
pub fn run(model: &Model, flow: &Flow, case: &Case) -> Run {
    let values = Values::at_start(model, case);
    let mut walk = Walk {
        model,
        flow,
        case,
        values,
        asked: HashMap::new(),
        taken: HashMap::new(),
        rounds: HashSet::new(),
        items: Vec::new(),
        branches: Vec::new(),
        passed: Vec::new(),
        at_paths: None,
        at: flow.start,
        possible: HashSet::new(),
        events: 0,
        since_event: HashSet::new(),
    };
    let end = walk.go();
    let (mut by_events, mut by_other_answers) = (HashSet::new(), HashSet::new());
    let mut open = HashSet::new();
    match end {
        Err(_) => {
            open = walk.look_ahead(vec![walk.at], walk.not_ruled_out());
        }
        Ok(_) => {
            by_events = walk.aside(|_, edge| edge.event_of.is_some());
            by_other_answers = walk.aside(|node, edge| {
                edge.event_of.is_none() && node.kind == NodeKind::Choose(ChosenBy::People)
            });
            open.extend(&by_events);
        }
    }
    walk.possible.extend(&open);
    let left_over = walk.left_over();
    let Walk { items, branches: taken, passed, at_paths, possible, .. } = walk;
    Run {
        items,
        taken,
        passed,
        at_paths,
        possible,
        open,
        by_events,
        by_other_answers,
        left_over,
        end,
    }
}

struct Walk<'m> {
    model: &'m Model,
    flow: &'m Flow,
    case: &'m Case,
    values: Values<'m>,
    /// How often each decision was asked.
    asked: HashMap<ItemId, usize>,
    /// How often each of the flow's counters was counted.
    taken: HashMap<usize, u32>,
    /// The `for each` that have had their one item.
    rounds: HashSet<ItemId>,
    items: Vec<ItemId>,
    branches: Vec<(ItemId, usize)>,
    passed: Vec<(ItemId, Passed)>,
    at_paths: Option<Known>,
    /// Where it stands.
    at: NodeIndex,
    possible: HashSet<ItemId>,
    /// How many events of the case have happened.
    events: usize,
    /// What was passed since the last of them did.
    since_event: HashSet<ItemId>,
}

impl Walk<'_> {
    fn go(&mut self) -> Result<OutcomeId, Halt> {
        for _ in 0..LONGEST {
            let at = self.at;
            let node = self.flow.node(at);
            self.possible.insert(node.item);
            match node.kind {
                NodeKind::End(outcome) => {
                    return match self.events < self.case.events.len() {
                        true => Err(Halt::NoEvent { event: self.events }),
                        false => Ok(outcome),
                    };
                }
                NodeKind::Nowhere => {
                    let item = self.items.last().copied().unwrap_or(node.item);
                    return Err(Halt::NoWay { item });
                }
                _ => {}
            }
            let edge = match self.event(at) {
                Some(edge) => edge,
                None => {
                    self.note(at);
                    let edge = self.choose(at)?;
                    self.note_choice(at, edge);
                    edge
                }
            };
            self.at = self.take(edge);
        }
        Err(Halt::NoEnd)
    }

    /// What can be come to from some nodes by these edges, and what that stands in.
    fn look_ahead(
        &self,
        mut open: Vec<NodeIndex>,
        may_be_taken: impl Fn(EdgeIndex) -> bool,
    ) -> HashSet<ItemId> {
        let mut seen: HashSet<NodeIndex> = open.iter().copied().collect();
        let mut found = HashSet::new();
        while let Some(at) = open.pop() {
            found.extend(self.model.ancestors(self.flow.node(at).item));
            let next = self.flow.out(at).into_iter().filter(|(edge, _)| may_be_taken(*edge));
            // Where a branch of `any order` ends, the others are still to be done.
            let next = next.flat_map(|(edge, to)| {
                [Some(to), self.flow.in_sequence(self.model, edge)].into_iter().flatten()
            });
            open.extend(next.filter(|to| seen.insert(*to)));
        }
        found
    }

    /// Whether the facts of the case leave it open that an edge is taken.
    fn not_ruled_out(&self) -> impl Fn(EdgeIndex) -> bool {
        let facts = Values::new(self.model, self.case.facts.clone());
        move |edge| {
            let guard = self.flow.edge(edge).guard.as_ref();
            guard.is_none_or(|guard| facts.holds(guard) != Ok(false))
        }
    }

    /// What may be come to by the edges of some kind that lead away from where the run was, as far as
    /// the facts of the case do not rule it out.
    fn aside(&self, leads_away: impl Fn(&Node, &Edge) -> bool) -> HashSet<ItemId> {
        let may_be_taken = self.not_ruled_out();
        let was_at: HashSet<ItemId> = self.items.iter().copied().collect();
        let starts = self.flow.graph.edge_indices().filter_map(|edge| {
            let (from, to) = self.flow.graph.edge_endpoints(edge)?;
            let from = self.flow.node(from);
            let leads = was_at.contains(&from.item) && leads_away(from, self.flow.edge(edge));
            (leads && may_be_taken(edge) && !self.is_used_up(edge)).then_some(to)
        });
        self.look_ahead(starts.collect(), may_be_taken)
    }

    fn left_over(&self) -> Vec<(ItemId, usize)> {
        let asked = |item: &ItemId| self.asked.get(item).copied().unwrap_or(0);
        let answers = self.case.answers.iter();
        let mut left: Vec<(ItemId, usize)> = answers
            .filter(|(item, answers)| asked(item) < answers.len())
            .map(|(item, _)| (*item, asked(item)))
            .collect();
        left.sort();
        left
    }

    /// Notes what is entered or performed.
    fn note(&mut self, at: NodeIndex) {
        let node = self.flow.node(at);
        let item = node.item;
        let happens = match node.kind {
            NodeKind::Act | NodeKind::Enter | NodeKind::Fork => true,
            NodeKind::Choose(ChosenBy::People | ChosenBy::Facts) => {
                self.items.last() != Some(&item)
            }
            _ => false,
        };
        if happens {
            self.happens(item);
        }
    }

    fn happens(&mut self, item: ItemId) {
        self.items.push(item);
        self.since_event.insert(item);
    }

    /// Notes which branch was taken, or why an item does not apply.
    fn note_choice(&mut self, at: NodeIndex, edge: EdgeIndex) {
        let (node, edge) = (self.flow.node(at), self.flow.edge(edge));
        match (node.kind, edge.branch) {
            (NodeKind::Choose(_), Some(branch)) => self.branches.push((node.item, branch)),
            (NodeKind::Ask, _) if edge.kind == EdgeKind::Skip => {
                self.passed.push((node.item, self.why_passed(node.item)));
                // It is passed by as if it were done.
                let last = last_inside(self.model, node.item);
                self.since_event.extend((node.item.0..=last.0).map(ItemId));
            }
            _ => {}
        }
    }

    fn why_passed(&self, item: ItemId) -> Passed {
        let item = self.model.item(item);
        let is = |condition: &Condition, wanted: bool| {
            condition.guard.as_ref().is_some_and(|guard| self.values.holds(guard) == Ok(wanted))
        };
        let unmet = item.when.iter().position(|when| is(when, false));
        let skip =
            item.skips.iter().position(|skip| skip.by.is_none() && is(&skip.condition, true));
        unmet.map(Passed::When).or(skip.map(Passed::Skip)).unwrap_or(Passed::Nobody)
    }

    /// The next event of the case, if it happens here.
    fn event(&mut self, at: NodeIndex) -> Option<EdgeIndex> {
        let wanted = self.case.events.get(self.events)?;
        if wanted.after.is_some_and(|step| !self.since_event.contains(&step)) {
            return None;
        }
        let branch = self.model.item(wanted.item).branches.get(wanted.branch)?;
        let is_it = |edge: &Edge| {
            matches!(edge.kind, EdgeKind::Event | EdgeKind::Abandon | EdgeKind::Back)
                && edge.place == branch.place
                && edge.branch == Some(wanted.branch)
        };
        let (edge, _) =
            self.flow.out(at).into_iter().find(|(edge, _)| is_it(self.flow.edge(*edge)))?;
        if self.is_used_up(edge) {
            return None;
        }
        // A decide that is left by an event of its own has been come to.
        if self.flow.node(at).item == wanted.item {
            self.note(at);
        }
        self.events += 1;
        self.since_event.clear();
        self.branches.push((wanted.item, wanted.branch));
        Some(edge)
    }

    /// The edge by which the plain run goes on.
    fn choose(&mut self, at: NodeIndex) -> Result<EdgeIndex, Halt> {
        let node = self.flow.node(at);
        let ways: Vec<EdgeIndex> = self
            .flow
            .out(at)
            .into_iter()
            .map(|(edge, _)| edge)
            .filter(|edge| self.flow.in_sequence(self.model, *edge).is_some())
            .filter(|edge| !self.is_surrounding_event(node.item, *edge))
            .collect();
        match node.kind {
            NodeKind::Choose(ChosenBy::People) => self.answer(node.item, &ways),
            NodeKind::Choose(ChosenBy::Each) => {
                let more = self.rounds.insert(node.item);
                let wanted = if more { EdgeKind::Back } else { EdgeKind::Branch };
                let way = ways.iter().find(|edge| self.flow.edge(**edge).kind == wanted);
                way.copied().ok_or(Halt::NoWay { item: node.item })
            }
            NodeKind::Choose(ChosenBy::Until) => self.until(node.item, &ways),
            kind => {
                if kind == NodeKind::Choose(ChosenBy::Paths) {
                    self.at_paths = Some(self.values.known().clone());
                }
                let task = matches!(kind, NodeKind::Task(_));
                self.first_that_applies(node.item, &ways, task)
            }
        }
    }

    /// Whether an edge is an event of a block around, which the plain run does not have.
    fn is_surrounding_event(&self, item: ItemId, edge: EdgeIndex) -> bool {
        let edge = self.flow.edge(edge);
        let own = self.model.item(item).branches.iter().any(|branch| branch.place == edge.place);
        let event = edge.branch.is_some()
            && matches!(edge.kind, EdgeKind::Event | EdgeKind::Abandon | EdgeKind::Back);
        event && !own
    }

    fn answer(&mut self, item: ItemId, ways: &[EdgeIndex]) -> Result<EdgeIndex, Halt> {
        let asked = self.asked.entry(item).or_default();
        *asked += 1;
        let asked = *asked;
        let given = self.case.answers.get(&item).and_then(|answers| answers.get(asked - 1));
        let Some(choice) = given.copied() else { return Err(Halt::NoAnswer { item, asked }) };
        let chosen =
            |effect: &Effect| matches!(effect, Effect::Answer(_, other) if *other == choice);
        let way = ways.iter().find(|edge| self.flow.edge(**edge).effects.iter().any(chosen));
        match way.copied() {
            Some(edge) if self.is_used_up(edge) => Err(Halt::UsedUp { item, choice }),
            Some(edge) => Ok(edge),
            None => Err(Halt::NoWay { item }),
        }
    }

    /// A `repeat`: by its guard, else done after one round.
    fn until(&self, item: ItemId, ways: &[EdgeIndex]) -> Result<EdgeIndex, Halt> {
        let of_kind =
            |wanted| ways.iter().copied().find(|edge| self.flow.edge(*edge).kind == wanted);
        let (again, done) = (of_kind(EdgeKind::Back), of_kind(EdgeKind::Branch));
        let judged = matches!(&self.model.item(item).kind, ItemKind::Repeat { until, .. } if until.guard.is_none());
        let way = match again {
            Some(again) if !judged && !self.is_used_up(again) => {
                if self.applies(item, again)? {
                    Some(again)
                } else {
                    done
                }
            }
            _ => done,
        };
        way.ok_or(Halt::NoWay { item })
    }

    fn first_that_applies(
        &self,
        item: ItemId,
        ways: &[EdgeIndex],
        task: bool,
    ) -> Result<EdgeIndex, Halt> {
        // A task whose condition is not known makes no difference if it changes nothing.
        let changes = ways.iter().any(|edge| !self.flow.edge(*edge).effects.is_empty());
        for edge in ways {
            if self.is_used_up(*edge) {
                continue;
            }
            match self.applies(item, *edge) {
                Ok(true) => return Ok(*edge),
                Ok(false) => {}
                Err(_) if task && !changes => return Ok(*edge),
                Err(halt) => return Err(halt),
            }
        }
        Err(Halt::NoWay { item })
    }

    fn applies(&self, item: ItemId, edge: EdgeIndex) -> Result<bool, Halt> {
        let Some(guard) = &self.flow.edge(edge).guard else { return Ok(true) };
        self.values.holds(guard).map_err(|facts| Halt::NotKnown { facts, item })
    }

    fn is_used_up(&self, edge: EdgeIndex) -> bool {
        let edge = self.flow.edge(edge);
        let taken = edge.counter.and_then(|counter| self.taken.get(&counter)).copied().unwrap_or(0);
        edge.at_most.is_some_and(|most| taken >= most)
    }

    /// Who comes into a loop from outside has all its rounds; who jumps into a `for each` is at its first.
    fn enter(&mut self, edge: EdgeIndex) {
        let flow = self.flow;
        for counter in &flow.edge(edge).resets {
            self.taken.remove(counter);
        }
        let Some((from, to)) = flow.graph.edge_endpoints(edge) else { return };
        let (from, to) = (flow.node(from).item, flow.node(to));
        let entered = self.model.ancestors(to.item).filter(|id| !self.model.is_within(from, *id));
        // From the outside in.
        for id in entered.collect::<Vec<_>>().into_iter().rev() {
            let at_its_start = to.item == id;
            if !at_its_start {
                self.happens(id);
            }
            let ItemKind::ForEach(each) = &self.model.item(id).kind else { continue };
            // With at least one, the first is gone to without being asked for.
            match !at_its_start || each.at_least_one {
                true => self.rounds.insert(id),
                false => self.rounds.remove(&id),
            };
        }
    }

    fn take(&mut self, edge: EdgeIndex) -> NodeIndex {
        self.enter(edge);
        if let Some(counter) = self.flow.edge(edge).counter {
            *self.taken.entry(counter).or_default() += 1;
        }
        for effect in &self.flow.edge(edge).effects {
            match effect {
                Effect::Learn(fact, _) => {
                    // What the case says nothing of stays unknown.
                    if let Some(value) = self.case.facts.get(fact) {
                        self.values.learn(*fact, value.clone());
                    }
                }
                Effect::Answer(fact, choice) => self.values.set(*fact, Value::Choice(*choice)),
                Effect::Forget { first, last } => {
                    for id in (first.0..=last.0).map(ItemId) {
                        for fact in self.model.asked(self.model.item(id)) {
                            self.values.forget(fact);
                        }
                    }
                }
                Effect::ForgetFacts(facts) => {
                    facts.iter().for_each(|fact| self.values.forget(*fact));
                }
                _ => {}
            }
        }
        self.flow.in_sequence(self.model, edge).unwrap_or(self.flow.nowhere)
    }
}

/// The choices of a decision, as people read them.
pub fn choice_name(model: &Model, item: ItemId, choice: usize) -> String {
    let ItemKind::Decide { answer: Some(fact) } = model.item(item).kind else {
        return String::new();
    };
    match (&model.fact(fact).kind, &model.fact(fact).origin) {
        (FactType::OneOf(names), FactOrigin::Answer(_)) => {
            names.get(choice).cloned().unwrap_or_default()
        }
        _ => String::new(),
    }
}
