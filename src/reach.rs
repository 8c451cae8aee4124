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
//! What `at most N times` counts is one more level of the sets where it matters.

mod back;
mod beside;
mod counters;
mod facts;
mod parallel;
mod run;
mod thing;
mod watch;
mod words;

use counters::Counters;
use parallel::Parallel;

pub use beside::Beside;
pub use facts::{Answer, Facts, constants, guards};
pub use run::ShortestRun;
pub use thing::{Thing, Turn};
pub use watch::Watch;
pub use words::{Part, Told, Unknown, Values};

use crate::cases::{OutOfFuel, Set};
use crate::flow::{EdgeIndex, Effect, Flow, NodeIndex};
use crate::model::{FactId, ItemId, Model};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// The fixpoint, and the facts that it is over.
#[derive(Clone, Debug)]
pub struct Reach {
    pub facts: Facts,
    at: Vec<Set>,
    /// The cases that go along edges that leave an `any order` before its other branches have ended:
    /// these may stand anywhere.
    leaving: HashMap<EdgeIndex, Set>,
    /// The `later` facts and answers that each item asks for.
    asked: Vec<Vec<FactId>>,
    counters: Rc<Counters>,
    thing: Option<Thing>,
    /// How far runs may still be searched for.
    visits: usize,
    /// Where what was asked last stands.
    looking: NodeIndex,
}

impl Reach {
    /// Follows all cases through the flow; as an error, where they have become too many.
    pub fn new(model: &Model, flow: &Flow) -> Result<Reach, NodeIndex> {
        let facts = Facts::new(model, flow).map_err(|OutOfFuel| flow.start)?;
        let asked = model.items.iter().map(|item| model.asked(item)).collect();
        Reach::over(model, flow, facts, asked)
    }

    /// The same over facts that need not be those of the model alone; `asked` are the `later` facts and
    /// answers that each item asks for.
    pub fn over(
        model: &Model,
        flow: &Flow,
        facts: Facts,
        asked: Vec<Vec<FactId>>,
    ) -> Result<Reach, NodeIndex> {
        let counters = Rc::new(Counters::new(model, flow, &facts, &asked));
        let mut reach = Reach {
            facts,
            at: Vec::new(),
            leaving: HashMap::new(),
            asked,
            counters,
            thing: None,
            visits: run::MOST_VISITS,
            looking: flow.start,
        };
        match reach.follow(model, flow) {
            Ok(()) => Ok(reach),
            Err(OutOfFuel) => Err(reach.looking),
        }
    }

    /// Follows all cases, and with them the states of one thing: an artifact, a switch, a point of no
    /// return.
    ///
    /// The flow does not depend on such things, so that each of them can be followed by
    /// itself, and together with the facts nothing is lost. `base` gives its facts, and the work that
    /// is done counts as its own.
    pub fn of_thing(
        model: &Model,
        flow: &Flow,
        base: &mut Reach,
        thing: Thing,
    ) -> Result<Reach, OutOfFuel> {
        let facts = base.facts.with_thing(thing.states());
        let counters = base.counters.clone();
        base.followed_with(model, flow, facts, counters, thing)
    }

    /// Follows all cases, and with them what has happened of what a rule speaks of. The flow may be one
    /// in which branches are interleaved.
    pub fn watching(
        model: &Model,
        flow: &Flow,
        base: &mut Reach,
        watch: &Watch,
    ) -> Result<Reach, OutOfFuel> {
        let thing = Thing::watched(model, watch);
        let facts = base.facts.with_thing(thing.states());
        let counters = Rc::new(Counters::new(model, flow, &facts, &base.asked));
        base.followed_with(model, flow, facts, counters, thing)
    }

    /// Work that is done counts as its own.
    fn followed_with(
        &mut self,
        model: &Model,
        flow: &Flow,
        facts: Facts,
        counters: Rc<Counters>,
        thing: Thing,
    ) -> Result<Reach, OutOfFuel> {
        let mut reach = Reach {
            facts,
            at: Vec::new(),
            leaving: HashMap::new(),
            asked: self.asked.clone(),
            counters,
            thing: Some(thing),
            visits: self.visits,
            looking: flow.start,
        };
        let followed = reach.follow(model, flow);
        self.spend(&reach);
        followed.map(|()| reach)
    }

    /// The cases in which a run can stand at a node.
    pub fn at(&self, node: NodeIndex) -> Set {
        self.at[node.index()]
    }

    /// The cases at a node in which its condition is asked: a loop whose rounds are used up goes on
    /// without.
    pub fn asked_at(&mut self, flow: &Flow, node: NodeIndex) -> Result<Set, OutOfFuel> {
        let (mut asked, counters) = (self.at(node), self.counters.clone());
        for (edge, _) in flow.out(node) {
            if flow.edge(edge).used_up.is_some() {
                let used_up = counters.used_up(&mut self.facts, edge)?;
                asked = self.facts.cases.minus(asked, used_up)?;
            }
        }
        Ok(asked)
    }

    /// Work that another has done counts as its own.
    pub fn spend(&mut self, other: &Reach) {
        self.facts.cases.burn_as(&other.facts.cases);
        self.visits = self.visits.min(other.visits);
        self.looking = other.looking;
    }

    /// The node at which something was asked last: where it became too much, if it did.
    pub fn looking(&self) -> NodeIndex {
        self.looking
    }

    /// Lets the next rule have work enough, whatever those before it took.
    pub fn refuel(&mut self) {
        self.facts.cases.refuel(facts::FUEL_OF_A_RULE);
    }

    /// The cases in which a run may go along an edge, as far as its guard does not rule them out.
    pub fn going_along(&self, flow: &Flow, edge: EdgeIndex) -> Set {
        let from = flow.graph.edge_endpoints(edge).map(|(from, _)| self.at(from));
        self.leaving.get(&edge).copied().or(from).unwrap_or(Set::NONE)
    }

    /// The cases in which a run goes along an edge, as they are before it.
    pub fn taking(&mut self, flow: &Flow, edge: EdgeIndex) -> Result<Set, OutOfFuel> {
        let (here, counters) = (self.going_along(flow, edge), self.counters.clone());
        let counted = counters.along(&mut self.facts, edge, here)?;
        let open = self.open(flow, edge)?;
        self.facts.cases.and(counted, open)
    }

    fn follow(&mut self, model: &Model, flow: &Flow) -> Result<(), OutOfFuel> {
        self.at = vec![Set::NONE; flow.graph.node_count()];
        let start = self.facts.start();
        self.at[flow.start.index()] = match &self.thing {
            Some(thing) => self.facts.put_thing(start, thing.first)?,
            None => start,
        };
        let mut parallel = Parallel::new(model, flow, self);
        let mut waiting = BTreeSet::from([flow.start]);
        loop {
            while let Some(node) = waiting.pop_first() {
                let mut arriving: BTreeMap<NodeIndex, Vec<Set>> = BTreeMap::new();
                for (edge, target) in flow.out(node) {
                    // Looked at again once all branches have been followed.
                    if parallel.leaves(edge) {
                        continue;
                    }
                    let along = self.along(flow, edge, self.at(node))?;
                    let along = parallel.arriving(self, edge, along)?;
                    arriving.entry(target).or_default().push(along);
                }
                for (target, cases) in arriving {
                    let cases = self.facts.cases.unite(cases)?;
                    self.arrive(target, cases, &mut waiting)?;
                }
            }
            for (edge, target, here) in parallel.leave(self, flow)? {
                self.leaving.insert(edge, here);
                let along = self.along(flow, edge, here)?;
                let arriving = parallel.arriving(self, edge, along)?;
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
        self.looking = flow.edge(edge).origin;
        let counters = self.counters.clone();
        let mut set = counters.along(&mut self.facts, edge, from)?;
        let edge = flow.edge(edge);
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
                _ => set,
            };
            if let Some(change) = self.thing.as_ref().and_then(|thing| thing.change(effect)) {
                set = self.facts.change_thing(set, &change)?;
            }
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
            let here = self.going_along(flow, edge);
            if !here.is_empty() && !flow.edge(edge).effects.is_empty() {
                self.along_seeing(flow, edge, here, &mut see)?;
            }
        }
        Ok(())
    }

    fn forget(&mut self, set: Set, first: ItemId, last: ItemId) -> Result<Set, OutOfFuel> {
        let facts = self.forgotten(first, last);
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

    /// What going back over these items makes unknown.
    fn forgotten(&self, first: ItemId, last: ItemId) -> BTreeSet<FactId> {
        self.asked[first.0 as usize..=last.0 as usize].iter().flatten().copied().collect()
    }
}
