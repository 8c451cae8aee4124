//! Steps through every state of a process, one after the other.
//!
//! Written from docs/language.md, construct by construct, and meant to be obviously right rather
//! than fast. It knows the model, and nothing of how the compiler proves things.
//!
//! Where the reference leaves something open, it is read so:
//!
//! - A step is done in one go: events, and the end of another branch, come before or after it.
//!   Before it means: it is known that it applies. A decision waits for its answer after its lines.
//! - An event happens before a step or decision inside its block that applies.
//! - "Only if": texts are judged first, then `when`, then `skip when`, then `skip by`; what is
//!   decided already asks no further.

use crate::facts::{Facts, Known, UNKNOWN, takes_part};
use crate::found::Found;
use crate::graph::{Act, Did, Graph, Rise};
use crate::made::{self, Made};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use vup::model::{
    ArtifactId, ArtifactUse, BranchKind, Condition, EnvironmentId, FactType, Guard, Happening,
    ItemId, ItemKind, Line, Model, OutcomeId, RoleId, SwitchId, Target, Task, Who,
};
use vup::source::Place;

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct State {
    pub at: At,
    pub store: Store,
}

/// Where the process stands.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum At {
    Item(ItemId, Phase),
    /// In an `any order`, somewhere in each of its branches.
    Together {
        block: ItemId,
        branches: Vec<At>,
    },
    /// At the end of a branch of `any order`.
    Done,
    Ended(OutcomeId),
    /// The flow stops without an outcome.
    Nowhere,
    /// What is learned can have no value by what is assumed: nobody gets further.
    Impossible,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// It is not asked yet whether the item applies.
    Arrive,
    /// It applies, and is about to be done or entered.
    Begin,
    /// A choice: of an answer, of a case, of a path.
    Choose,
    /// What stands in it is done.
    End,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Store {
    pub known: Known,
    /// For each artifact, its state without and in each environment; 0 where there is none yet. Then the
    /// same once more, as if what was needed had been there: that it was not, was told.
    artifacts: Vec<u8>,
    /// The line that turned each switch last, as a number in `Explorer::turns`; 0 where none has.
    switches: Vec<u8>,
    /// How often each branch with `at most` was taken, and the rounds of each `repeat`.
    counts: Vec<((ItemId, usize), u32)>,
    /// For each `for each` that it is in, how what is made in it was found.
    found: BTreeMap<ItemId, Vec<u8>>,
    /// The steps passed from which there is no way back.
    passed: BTreeSet<ItemId>,
    /// What has been done since the last state; between two states only.
    trail: Vec<Did>,
}

impl Store {
    /// What was done between the first time and the last tells nothing new, nor what was known then.
    fn with_each_twice(&self) -> Self {
        let mut trail: Vec<Did> = Vec::new();
        for did in &self.trail {
            let did = Did { act: did.act.clone(), known: Known::new() };
            if trail.iter().filter(|other| **other == did).count() == 2 {
                let last = trail.iter().rposition(|other| *other == did);
                last.map(|last| trail.remove(last));
            }
            trail.push(did);
        }
        Store { trail, ..self.clone() }
    }

    fn did(mut self, act: Act) -> Self {
        let known = self.known.clone();
        self.trail.push(Did { act, known });
        self
    }
}

/// A line that turns a switch, and whether on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Turn {
    item: ItemId,
    place: Place,
    on: bool,
}

/// Of the rounds of tasks in one step, so many different ones are looked at.
const MOST_ROUNDS: usize = 1_000;

/// There are more states than anybody wants to look at.
#[derive(Debug)]
pub struct TooMany;

pub struct Explorer<'m> {
    model: &'m Model,
    pub facts: Facts<'m>,
    pub found: Found,
    /// The lines that turn switches.
    turns: Vec<Turn>,
    /// Every condition may come out either way: only the ways between the items are looked at.
    blind: bool,
    /// Whether no branch or path applies in the state that is looked at.
    unanswered: bool,
    /// Whether the tasks of a step for each of something come to more than anybody wants to look at.
    too_many: bool,
    /// What has been done where nothing can be learned any more.
    ruled_out: Vec<Store>,
    /// What nothing makes.
    never_made: BTreeMap<Made, Place>,
    /// The lines that need what another branch of an `any order` around them has to do with, too.
    beside: BTreeSet<Place>,
    /// The artifacts that rules of the author speak of.
    ruled: HashSet<ArtifactId>,
    pub graph: Graph,
}

/// What can come of a question.
#[derive(Clone, Copy, Default)]
struct Asked {
    applies: bool,
    passes: bool,
    unknown: bool,
}

impl<'m> Explorer<'m> {
    pub fn new(model: &'m Model, blind: bool) -> Self {
        let (facts, found) = (Facts::new(model), Found::default());
        let (turns, unanswered, graph) = (Vec::new(), false, Graph::default());
        let artifact = |happening: &Happening| match happening {
            Happening::Artifact(artifact) => Some(artifact.artifact),
            _ => None,
        };
        let spoken = model.rules.iter().flat_map(|rule| rule.template.happenings());
        let ruled = spoken.filter_map(artifact).collect();
        let (ruled_out, never_made) = (Vec::new(), made::never(model));
        let beside = made::beside(model);
        Explorer {
            model,
            facts,
            found,
            turns,
            blind,
            unanswered,
            too_many: false,
            ruled_out,
            beside,
            never_made,
            ruled,
            graph,
        }
    }

    /// Looks at every state that a run can be in.
    pub fn explore(&mut self, most: usize) -> Result<(), TooMany> {
        let cases = match self.blind {
            true => vec![vec![UNKNOWN; self.model.facts.len()]],
            false => self.facts.cases(),
        };
        self.found.is_possible = self.blind || self.facts.can_all_be_known(&cases);
        let mut states: Vec<State> = cases.into_iter().map(|known| self.start(known)).collect();
        let mut seen: HashMap<State, usize> =
            states.iter().cloned().enumerate().map(|(index, state)| (state, index)).collect();
        self.graph.starts = states.len();
        let mut at = 0;
        while at < states.len() {
            let state = states[at].clone();
            self.look(&state);
            self.unanswered = false;
            let mut ways = Vec::new();
            for (next, trail) in self.successors(&state) {
                let index = *seen.entry(next).or_insert_with_key(|next| {
                    states.push(next.clone());
                    states.len() - 1
                });
                ways.push((index, trail));
            }
            self.graph.ways.push(ways);
            self.graph.notes.push(std::mem::take(&mut self.found.new));
            // Who finds no branch is told so by `missing-branch`.
            self.graph.unanswered.push(self.unanswered);
            at += 1;
            if states.len() > most || self.too_many {
                return Err(TooMany);
            }
        }
        self.graph.states = states;
        self.found.stuck = self.graph.gets_stuck();
        Ok(())
    }

    fn start(&self, known: Known) -> State {
        let places = self.model.environments.len() + 1;
        let twice = self.model.artifacts.iter().chain(&self.model.artifacts);
        let artifacts = twice.flat_map(|artifact| {
            let last = artifact.states.len().max(1) as u8;
            std::iter::repeat_n(if artifact.given { last } else { 0 }, places)
        });
        let store = Store {
            known,
            artifacts: artifacts.collect(),
            switches: vec![0; self.model.switches.len()],
            counts: Vec::new(),
            found: BTreeMap::new(),
            passed: BTreeSet::new(),
            trail: Vec::new(),
        };
        State { at: At::Item(Model::ROOT, Phase::Begin), store }
    }

    /// What can be seen in a state by itself.
    fn look(&mut self, state: &State) {
        self.found.stops |= state.at == At::Nowhere;
        if let At::Ended(_) = state.at {
            for (switch, turned) in self.model.switches.iter().zip(&state.store.switches) {
                if let Some(turn) = self.turned(*turned)
                    && turn.on != switch.normally_on
                {
                    self.found.note("switch-left-on", turn.place);
                }
            }
        }
    }

    /// Where each next thing leads, and what it is.
    fn successors(&mut self, state: &State) -> Vec<(State, Vec<Did>)> {
        let moves = self.moves(&state.at, &state.store);
        let next = |(at, store): (At, Store)| {
            let mut store = match at {
                At::Ended(outcome) => store.did(Act::Ends(outcome)),
                _ => store,
            };
            let trail = std::mem::take(&mut store.trail);
            (State { at, store }, trail)
        };
        moves.into_iter().map(next).collect()
    }

    fn moves(&mut self, at: &At, store: &Store) -> Vec<(At, Store)> {
        let mut moves = self.moves_within(at, store);
        let from = item_of(at);
        for (to, store) in &mut moves {
            self.keep_what_is_found(from, item_of(to), store);
        }
        moves
    }

    /// Whoever comes into a `for each` from outside will find what is made in it so for each item.
    fn keep_what_is_found(&self, from: Option<ItemId>, to: Option<ItemId>, store: &mut Store) {
        let around = |id: Option<ItemId>| {
            let around = id.into_iter().flat_map(|id| self.model.ancestors(id));
            around.filter(|id| matches!(self.model.item(*id).kind, ItemKind::ForEach(_)))
        };
        store.found.retain(|id, _| around(to).any(|other| other == *id));
        for id in around(to).filter(|id| !around(from).any(|other| other == *id)) {
            let slots = self.made_in(id);
            if !slots.is_empty() {
                let states = slots.iter().map(|slot| store.artifacts[*slot]).collect();
                store.found.insert(id, states);
            }
        }
    }

    /// Where the states of all artifacts are kept that are made in a `for each`.
    fn made_in(&self, id: ItemId) -> Vec<usize> {
        let inside = self.model.ids().filter(|other| self.model.is_within(*other, id));
        let mut made = BTreeSet::new();
        for item in inside.map(|id| self.model.item(id)) {
            made_by(&item.lines, &mut made);
        }
        self.all_slots(&made)
    }

    fn all_slots(&self, artifacts: &BTreeSet<ArtifactId>) -> Vec<usize> {
        let places = self.model.environments.len() + 1;
        let slots = |id: ArtifactId| (0..places).map(move |at| id.0 as usize * places + at);
        let slots: Vec<usize> = artifacts.iter().copied().flat_map(slots).collect();
        let supposed = slots.iter().map(|slot| slot + self.supposed());
        slots.iter().copied().chain(supposed).collect()
    }

    /// Where the states of artifacts start as if what was needed had been there.
    fn supposed(&self) -> usize {
        self.model.artifacts.len() * (self.model.environments.len() + 1)
    }

    fn moves_within(&mut self, at: &At, store: &Store) -> Vec<(At, Store)> {
        match at {
            At::Item(id, Phase::Arrive) => self.arrive(*id, store),
            At::Item(id, Phase::Begin) => self.begin(*id, store),
            At::Item(id, Phase::Choose) => self.choose(*id, store),
            At::Item(id, Phase::End) => self.end(*id, store),
            At::Together { block, branches } => self.together(*block, branches, store),
            At::Done | At::Ended(_) | At::Nowhere | At::Impossible => Vec::new(),
        }
    }

    /// Somebody in one of the branches does the next thing.
    fn together(&mut self, block: ItemId, branches: &[At], store: &Store) -> Vec<(At, Store)> {
        if branches.iter().all(|branch| *branch == At::Done) {
            return vec![(self.next(block), store.clone())];
        }
        let children = &self.model.item(block).children;
        let limit = match self.model.item(block).kind {
            ItemKind::AnyOrder { at_a_time: Some(limit) } => limit as usize,
            _ => usize::MAX,
        };
        let is_first = |branch: &At, child: ItemId| *branch == At::Item(child, Phase::Arrive);
        let under_way = branches
            .iter()
            .zip(children)
            .filter(|(branch, child)| **branch != At::Done && !is_first(branch, **child))
            .count();
        let mut moves = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            if under_way >= limit && is_first(branch, children[index]) {
                continue;
            }
            for (to, store) in self.moves(branch, store) {
                let inside = match &to {
                    At::Item(id, _) | At::Together { block: id, .. } => {
                        self.model.is_within(*id, children[index])
                    }
                    _ => false,
                };
                let to = match to {
                    At::Item(id, Phase::End) if id == block => At::Done,
                    to if inside => to,
                    // It leads out: the others are abandoned wherever they stand.
                    to => {
                        moves.push((to, store));
                        continue;
                    }
                };
                let mut branches = branches.to_vec();
                branches[index] = to;
                moves.push((At::Together { block, branches }, store));
            }
        }
        moves
    }

    /// It is asked whether the item applies. A path is not asked again.
    fn arrive(&mut self, id: ItemId, store: &Store) -> Vec<(At, Store)> {
        self.found.arrived.insert(id);
        let item = self.model.item(id);
        if matches!(item.kind, ItemKind::Path { .. }) {
            return vec![(At::Item(id, Phase::Begin), store.clone())];
        }
        let must: Vec<&Condition> = item
            .skips
            .iter()
            .filter(|skip| skip.by.is_none())
            .map(|skip| &skip.condition)
            .collect();
        let may: Vec<&Condition> = item
            .skips
            .iter()
            .filter(|skip| skip.by.is_some())
            .map(|skip| &skip.condition)
            .collect();
        let by = item.head.by.as_ref().filter(|_| item.kind.is_performed());
        let there = by.map_or(Some(true), |who| self.is_there(who, store));
        let when = item.when.iter().map(|when| match &when.guard {
            Some(guard) => self.holds(guard, store),
            None => Some(true),
        });
        let is_wanted = and(when.chain([there])) != Some(false);
        if is_wanted {
            self.found.wanted.insert(id);
        }
        self.hear_each(id, &item.when, store);
        for skip in must.iter().chain(&may) {
            self.hear("skip-never-applies", id, skip, is_wanted.then_some(store));
        }
        let asked = self.ask(&item.when, by, &must, &may, store);
        if asked.unknown {
            self.found.note("fact-before-learned", item.place);
        }
        if let (ItemKind::Decide { answer: Some(_) }, Some(false)) = (&item.kind, there) {
            let is_skipped = must.iter().filter_map(|skip| skip.guard.as_ref());
            let is_skipped = or(is_skipped.map(|guard| self.holds(guard, store))) == Some(true);
            let own = item.when.iter().filter_map(|when| when.guard.as_ref());
            let is_own = and(own.map(|guard| self.holds(guard, store))) != Some(false);
            if is_own && !is_skipped {
                self.found.note("undecidable-by-anyone", item.place);
            }
        }
        let mut moves = Vec::new();
        if asked.applies {
            moves.push((At::Item(id, Phase::Begin), store.clone()));
        }
        if asked.passes {
            moves.push((self.next(id), store.clone().did(Act::Skips(id))));
        }
        moves
    }

    /// Keeps what a condition says to those that come to it, if they ask.
    fn hear(&mut self, rule: &'static str, id: ItemId, asked: &Condition, store: Option<&Store>) {
        let Some(guard) = asked.guard.as_ref().filter(|_| !self.blind) else { return };
        let answer = store.map(|store| self.holds(guard, store));
        let heard = self.found.answers.entry((rule, asked.place)).or_default();
        let heard = heard.entry(id).or_default();
        heard.extend(answer);
        if has_constant(guard) {
            // It comes out so for this run of a procedure.
            heard.extend([Some(true), Some(false)]);
        }
    }

    /// A `when` is asked where those above it hold.
    fn hear_each(&mut self, id: ItemId, lines: &[Condition], store: &Store) {
        let mut is_asked = true;
        for when in lines {
            self.hear("constant-condition", id, when, is_asked.then_some(store));
            let guard = when.guard.as_ref();
            is_asked &= guard.and_then(|guard| self.holds(guard, store)) != Some(false);
        }
    }

    /// All `when` must hold and somebody must be there; any `skip` passes it by.
    fn ask(
        &self,
        when: &[Condition],
        by: Option<&Who>,
        must: &[&Condition],
        may: &[&Condition],
        store: &Store,
    ) -> Asked {
        let mut asked = Asked::default();
        let when: Vec<&Condition> = when.iter().collect();
        let there = by.map_or(Some(true), |who| self.is_there(who, store));
        for when in self.judged(&when, store) {
            for must in self.judged(must, store) {
                for may in self.judged(may, store) {
                    let applies = and(when.iter().copied().chain([there]));
                    match (applies, or(must.iter().copied())) {
                        (Some(false), _) | (_, Some(true)) => asked.passes = true,
                        (Some(true), Some(false)) => {
                            asked.applies = true;
                            asked.passes |= or(may.iter().copied()) != Some(false);
                            asked.unknown |= or(may.iter().copied()).is_none();
                        }
                        _ => {
                            (asked.applies, asked.passes) = (true, true);
                            asked.unknown = true;
                        }
                    }
                }
            }
        }
        asked
    }

    /// What conditions say, for each way in which the texts among them can be judged.
    fn judged(&self, conditions: &[&Condition], store: &Store) -> Vec<Vec<Option<bool>>> {
        let mut ways = vec![Vec::new()];
        for condition in conditions {
            let answers = match &condition.guard {
                Some(guard) => vec![self.holds(guard, store)],
                None => vec![Some(false), Some(true)],
            };
            let with = |way: &Vec<Option<bool>>| {
                let way = way.clone();
                let add = move |answer| [way.clone(), vec![answer]].concat();
                answers.iter().copied().map(add).collect::<Vec<_>>()
            };
            ways = ways.iter().flat_map(with).collect();
        }
        ways
    }

    fn holds(&self, guard: &Guard, store: &Store) -> Option<bool> {
        if self.blind { None } else { self.facts.holds(guard, &store.known) }
    }

    /// Whether one of those who act is there.
    fn is_there(&self, who: &Who, store: &Store) -> Option<bool> {
        or(who.roles().iter().map(|role| self.role_is_there(*role, store)))
    }

    /// A role is there if it, and each role that it is part of, is not optional or takes part.
    fn role_is_there(&self, role: RoleId, store: &Store) -> Option<bool> {
        let around = std::iter::successors(Some(role), |role| self.model.role(*role).parent);
        and(around.map(|role| match self.model.role(role).optional {
            Some(fact) => self.holds(&takes_part(fact), store),
            None => Some(true),
        }))
    }

    fn begin(&mut self, id: ItemId, store: &Store) -> Vec<(At, Store)> {
        self.found.arrived.insert(id);
        self.found.begun.insert(id);
        let item = self.model.item(id);
        let first = item.children.iter().copied().find(|child| !self.is_path(*child));
        let first = first.map_or(At::Item(id, Phase::End), |id| At::Item(id, Phase::Arrive));
        match &item.kind {
            ItemKind::Process | ItemKind::Path { .. } | ItemKind::Stage | ItemKind::Run { .. } => {
                vec![(first, store.clone().did(Act::Starts(id)))]
            }
            ItemKind::Step | ItemKind::Decide { .. } => {
                let after = match item.kind {
                    ItemKind::Step => self.next(id),
                    _ => At::Item(id, Phase::Choose),
                };
                for line in &item.lines {
                    let is_point =
                        item.lines.iter().any(|line| matches!(line, Line::NoWayBack { .. }));
                    if let Line::Undo { place, .. } = line
                        && (is_point || store.passed.iter().any(|point| self.is_behind(id, *point)))
                    {
                        self.found.note("after-no-way-back", *place);
                    }
                }
                // It happens before what its lines do.
                let begun = store.clone().did(Act::Starts(id)).did(Act::Finishes(id));
                let done = match self.blind {
                    true => vec![begun],
                    false => self.perform(id, &item.lines, &item.head.on, vec![begun]),
                };
                let mut moves: Vec<_> =
                    done.into_iter().map(|store| (after.clone(), store)).collect();
                let ruled_out = self.ruled_out.drain(..);
                moves.extend(ruled_out.map(|store| (At::Impossible, store)));
                moves.extend(self.events(id, store));
                moves
            }
            ItemKind::Repeat { .. } => {
                // Rounds count each time the loop is entered.
                let mut store = store.clone();
                store.counts.retain(|(counted, _)| *counted != (id, 0));
                vec![(first, store)]
            }
            ItemKind::ForEach(each) => match each.at_least_one {
                true => vec![(first, store.clone())],
                false => vec![(At::Item(id, Phase::End), store.clone())],
            },
            ItemKind::AnyOrder { .. } => {
                let branches: Vec<At> =
                    item.children.iter().map(|child| At::Item(*child, Phase::Arrive)).collect();
                vec![(At::Together { block: id, branches }, store.clone())]
            }
            ItemKind::Go { target, at_most } => {
                if self.count(store, (id, 0), *at_most).is_some() {
                    self.look_back(id, *target, item.place, store);
                }
                match self.count(store, (id, 0), *at_most) {
                    // Whether it is used up is not looked at: both ways are there.
                    Some(after) if self.blind && at_most.is_some() => {
                        vec![self.jump(id, *target, after), (self.next(id), store.clone())]
                    }
                    Some(store) => vec![self.jump(id, *target, store)],
                    // Used up: it goes on with the next item.
                    None => vec![(self.next(id), store.clone())],
                }
            }
            ItemKind::End(outcome) => vec![(At::Ended(*outcome), store.clone())],
        }
    }

    /// Events of the blocks around happen before what stands in them is done.
    fn events(&mut self, id: ItemId, store: &Store) -> Vec<(At, Store)> {
        let mut moves = Vec::new();
        for scope in self.model.ancestors(id).skip(1) {
            for (index, branch) in self.model.item(scope).branches.iter().enumerate() {
                if let Some(store) = self.count(store, (scope, index), branch.at_most) {
                    self.look_back(id, branch.target, branch.place, &store);
                    let store = store.did(Act::Event(scope, index));
                    moves.push(match branch.target {
                        // What comes after the whole block.
                        Target::Next => (self.next(scope), store),
                        target => self.jump(id, target, store),
                    });
                }
            }
        }
        moves
    }

    /// Counted once more; none where it is used up.
    fn count(&self, store: &Store, what: (ItemId, usize), most: Option<u32>) -> Option<Store> {
        let mut store = store.clone();
        let Some(most) = most.filter(|_| !self.blind) else { return Some(store) };
        match store.counts.binary_search_by_key(&what, |(counted, _)| *counted) {
            Ok(at) if store.counts[at].1 >= most => return None,
            Ok(at) => store.counts[at].1 += 1,
            Err(at) => store.counts.insert(at, (what, 1)),
        }
        Some(store)
    }

    /// The lines of a step, each after the other; from each store that there was before.
    fn perform(
        &mut self,
        id: ItemId,
        lines: &[Line],
        on: &[EnvironmentId],
        stores: Vec<Store>,
    ) -> Vec<Store> {
        let mut stores = stores;
        for line in lines {
            stores = self.line(id, line, on, stores);
            let mut seen = HashSet::new();
            stores.retain(|store| seen.insert(store.clone()));
        }
        stores
    }

    fn line(
        &mut self,
        id: ItemId,
        line: &Line,
        on: &[EnvironmentId],
        mut stores: Vec<Store>,
    ) -> Vec<Store> {
        match line {
            Line::Task(task) => {
                stores.into_iter().flat_map(|store| self.task(id, task, on, store)).collect()
            }
            Line::ForEach { each, lines, .. } => {
                // None, one, two …, until a round starts from nothing new; what is done at most once
                // could be done again in the second.
                let learned = self.learned(lines);
                let mut started: HashSet<Store> = HashSet::new();
                started.extend(stores.iter().map(Store::with_each_twice));
                let mut after = if each.at_least_one { Vec::new() } else { stores.clone() };
                let mut made = BTreeSet::new();
                made_by(lines, &mut made);
                let slots = self.all_slots(&made);
                while let Some(store) = stores.pop() {
                    // What is made is each item's own, so the next round finds it as this one did.
                    let found: Vec<u8> = slots.iter().map(|slot| store.artifacts[*slot]).collect();
                    self.too_many |= started.len() > MOST_ROUNDS;
                    if self.too_many {
                        break;
                    }
                    for mut store in self.perform(id, lines, on, vec![store]) {
                        after.push(store.clone());
                        self.forget(&learned, &mut store);
                        for (slot, state) in slots.iter().zip(&found) {
                            store.artifacts[*slot] = *state;
                        }
                        let is_new = started.insert(store.with_each_twice());
                        stores.extend(is_new.then_some(store));
                    }
                }
                after
            }
            Line::Needs(artifact) => {
                stores.iter_mut().for_each(|store| self.needs(artifact, on, store));
                stores
            }
            Line::Makes(artifact) => {
                stores.into_iter().map(|store| self.makes(artifact, on, store)).collect()
            }
            Line::Turns { switch, on, place } => {
                let turn = Turn { item: id, place: *place, on: *on };
                for store in &mut stores {
                    self.turn(*switch, turn, store);
                }
                stores
            }
            Line::Learns { fact, .. } => {
                let mut learned = Vec::new();
                for store in stores {
                    let known = self.facts.learn(&store.known, *fact);
                    if known.is_empty() {
                        self.ruled_out.push(store.clone());
                    }
                    let with = |known| Store { known, ..store.clone() };
                    learned.extend(known.into_iter().map(with));
                }
                learned
            }
            Line::ApprovedBy { who, place } => {
                if stores.iter().any(|store| self.is_there(who, store) == Some(false)) {
                    self.found.note("undecidable-by-anyone", *place);
                }
                stores
            }
            Line::NoWayBack { .. } => {
                stores.iter_mut().for_each(|store| _ = store.passed.insert(id));
                stores
            }
            _ => stores,
        }
    }

    fn learned(&self, lines: &[Line]) -> Vec<vup::model::FactId> {
        let mut learned = Vec::new();
        lines.iter().for_each(|line| line.learned(&mut learned));
        learned.retain(|fact| self.model.fact(*fact).later);
        learned
    }

    fn task(&mut self, id: ItemId, task: &Task, on: &[EnvironmentId], store: Store) -> Vec<Store> {
        let asked = self.ask(&task.when, task.head.by.as_ref(), &[], &[], &store);
        self.hear_each(id, &task.when, &store);
        if asked.unknown {
            self.found.note("fact-before-learned", self.model.item(id).place);
        }
        let mut stores = Vec::new();
        if asked.passes {
            stores.push(store.clone());
        }
        if asked.applies {
            let on = if task.head.on.is_empty() { on } else { &task.head.on };
            stores.extend(self.perform(id, &task.lines, on, vec![store]));
        }
        stores
    }

    /// Where the states of an artifact are kept that a line means.
    fn slots(&self, artifact: &ArtifactUse, on: &[EnvironmentId]) -> Vec<usize> {
        let places = self.model.environments.len() + 1;
        let base = artifact.artifact.0 as usize * places;
        if !self.model.artifact(artifact.artifact).per_environment {
            return vec![base];
        }
        let on = artifact.on.map_or(on.to_vec(), |own| vec![own]);
        on.iter().map(|environment| base + 1 + environment.0 as usize).collect()
    }

    fn needs(&mut self, artifact: &ArtifactUse, on: &[EnvironmentId], store: &mut Store) {
        let least = artifact.state.map_or(1, |state| state as u8 + 1);
        let places = self.model.environments.len() + 1;
        // Where nothing makes it at all, that is told.
        let is_made = |slot: &usize| {
            let on = (slot % places).checked_sub(1).map(|on| EnvironmentId(on as u32));
            !self.never_made.contains_key(&(artifact.artifact, on))
        };
        let slots: Vec<usize> = self.slots(artifact, on).into_iter().filter(is_made).collect();
        let (supposed, is_alone) = (self.supposed(), !self.beside.contains(&artifact.place));
        for slot in slots.into_iter().map(|slot| slot + supposed) {
            if store.artifacts[slot] < least {
                self.found.note("artifact-before-made", artifact.place);
            }
            if is_alone {
                store.artifacts[slot] = store.artifacts[slot].max(least);
            }
        }
    }

    fn makes(&mut self, artifact: &ArtifactUse, on: &[EnvironmentId], mut store: Store) -> Store {
        let to = artifact.state.map_or(1, |state| state as u8 + 1);
        let places = self.model.environments.len() + 1;
        let mut rises = Vec::new();
        for slot in self.slots(artifact, on) {
            let from = std::mem::replace(&mut store.artifacts[slot], to);
            let supposed = slot + self.supposed();
            if std::mem::replace(&mut store.artifacts[supposed], to) + 1 < to {
                self.found.note("artifact-state-order", artifact.place);
            }
            rises.push(Rise { environment: slot % places, from, to });
        }
        // Else what is done would tell states apart that nothing tells apart.
        match self.ruled.contains(&artifact.artifact) {
            true => store.did(Act::Makes(artifact.artifact, rises)),
            false => store,
        }
    }

    /// A line that turns it again, with nothing in between, does so in a loop: that is all right.
    fn turn(&mut self, switch: SwitchId, turn: Turn, store: &mut Store) {
        let before = self.turned(store.switches[switch.0 as usize]);
        let is_on = before.map_or(self.model.switch(switch).normally_on, |turn| turn.on);
        if is_on == turn.on && before != Some(turn) {
            self.found.note("switch-turned-twice", turn.place);
        }
        let known = self.turns.iter().position(|other| *other == turn);
        let number = known.unwrap_or_else(|| {
            self.turns.push(turn);
            self.turns.len() - 1
        });
        store.switches[switch.0 as usize] = number as u8 + 1;
    }

    fn turned(&self, number: u8) -> Option<Turn> {
        number.checked_sub(1).map(|index| self.turns[index as usize])
    }

    fn choose(&mut self, id: ItemId, store: &Store) -> Vec<(At, Store)> {
        match &self.model.item(id).kind {
            ItemKind::Process => self.choose_path(store),
            ItemKind::Decide { answer: None } => self.by_facts(id, store),
            _ => self.by_people(id, store),
        }
    }

    fn by_people(&mut self, id: ItemId, store: &Store) -> Vec<(At, Store)> {
        let item = self.model.item(id);
        let mut moves = Vec::new();
        for (index, branch) in item.branches.iter().enumerate() {
            let Some(mut store) = self.count(store, (id, index), branch.at_most) else { continue };
            let name = match &branch.kind {
                BranchKind::Answer(name) | BranchKind::Event(name) => name.as_str(),
                _ => "timeout",
            };
            if let ItemKind::Decide { answer: Some(fact) } = item.kind
                && let FactType::OneOf(names) = &self.model.fact(fact).kind
                && !self.blind
            {
                let choice = names.iter().position(|other| other == name);
                let choice = choice.expect("each branch is a value of the answer");
                let Some(known) = self.facts.answer(&store.known, fact, choice) else { continue };
                store.known = known;
            }
            self.look_back(id, branch.target, branch.place, &store);
            moves.push(self.jump(id, branch.target, store.did(Act::Takes(id, index))));
        }
        moves
    }

    fn by_facts(&mut self, id: ItemId, store: &Store) -> Vec<(At, Store)> {
        let item = self.model.item(id);
        let guards = item.branches.iter().map(|branch| match &branch.kind {
            BranchKind::When(guard) => Some(self.holds(guard, store)),
            _ => None,
        });
        let ways = item.branches.iter().map(|branch| branch.place).collect::<Vec<_>>();
        let rules = ["missing-branch", "overlapping-branches"];
        let taken = self.exactly_one(id, guards.collect(), &ways, rules);
        for branch in taken.iter().map(|index| &item.branches[*index]) {
            self.look_back(id, branch.target, branch.place, store);
        }
        let jump = |index: usize| {
            let store = store.clone().did(Act::Takes(id, index));
            self.jump(id, item.branches[index].target, store)
        };
        taken.into_iter().map(jump).collect()
    }

    fn choose_path(&mut self, store: &Store) -> Vec<(At, Store)> {
        let model = self.model;
        let paths: Vec<_> = model.paths().filter(|(_, path)| path.is_chosen()).collect();
        let guards = paths.iter().map(|(_, path)| match path.kind {
            ItemKind::Path { otherwise: true } => None,
            _ => {
                let guards = path.when.iter().filter_map(|when| when.guard.as_ref());
                Some(and(guards.map(|guard| self.holds(guard, store))))
            }
        });
        let ways = paths.iter().map(|(_, path)| path.place).collect::<Vec<_>>();
        let rules = ["uncovered-case", "ambiguous-path"];
        let taken = self.exactly_one(Model::ROOT, guards.collect(), &ways, rules);
        for (path, item) in taken.iter().map(|index| paths[*index]) {
            self.look_back(Model::ROOT, Target::Item(path), item.place, store);
        }
        let enter = |index: usize| (At::Item(paths[index].0, Phase::Begin), store.clone());
        taken.into_iter().map(enter).collect()
    }

    /// Which ways can be taken where facts choose; a way without a guard is `otherwise`.
    fn exactly_one(
        &mut self,
        id: ItemId,
        guards: Vec<Option<Option<bool>>>,
        ways: &[Place],
        [missing, both]: [&'static str; 2],
    ) -> Vec<usize> {
        let place = self.model.item(id).place;
        let other = or(guards.iter().flatten().copied()).map(|any| !any);
        let all: Vec<Option<bool>> = guards.into_iter().map(|way| way.unwrap_or(other)).collect();
        if all.contains(&None) {
            self.found.note("fact-before-learned", place);
        }
        let taken: Vec<usize> = (0..all.len()).filter(|way| all[*way] != Some(false)).collect();
        if taken.is_empty() {
            self.found.note(missing, place);
            self.unanswered = true;
        }
        let certain = (0..all.len()).filter(|way| all[*way] == Some(true));
        for way in certain.skip(1) {
            self.found.note(both, ways[way]);
        }
        for (index, way) in ways.iter().enumerate() {
            self.found.offered.insert((id, *way));
            if taken.contains(&index) {
                self.found.taken.insert((id, *way));
            }
        }
        taken
    }

    fn end(&mut self, id: ItemId, store: &Store) -> Vec<(At, Store)> {
        let item = self.model.item(id);
        if matches!(item.kind, ItemKind::Repeat { .. } | ItemKind::ForEach(_)) {
            // Who jumped into a loop is in it, too.
            self.found.begun.insert(id);
        }
        match &item.kind {
            ItemKind::Process if self.model.paths().any(|(_, path)| path.is_chosen()) => {
                self.found.arrived.insert(id);
                vec![(At::Item(id, Phase::Choose), store.clone())]
            }
            ItemKind::Repeat { until, at_most } => {
                if *at_most != Some(1) {
                    self.found.limited.extend(at_most.map(|_| until.place));
                    self.hear("constant-condition", id, until, Some(store));
                }
                let again = match at_most {
                    Some(most) => self.count(store, (id, 0), Some(most - 1)),
                    None => Some(store.clone()),
                };
                // Used up: it goes on, whatever its condition says.
                let Some(again) = again.filter(|_| *at_most != Some(1)) else {
                    return vec![(self.next(id), store.clone())];
                };
                let done = match &until.guard {
                    Some(guard) => self.holds(guard, store),
                    None => None,
                };
                if until.guard.is_some() && done.is_none() {
                    self.found.note("fact-before-learned", item.place);
                }
                let mut moves = Vec::new();
                if done != Some(false) {
                    moves.push((self.next(id), store.clone()));
                }
                if done != Some(true) {
                    moves.push(self.again(id, again));
                }
                moves
            }
            ItemKind::ForEach(_) => {
                vec![(self.next(id), store.clone()), self.again(id, store.clone())]
            }
            _ => vec![(self.next(id), store.clone().did(Act::Finishes(id)))],
        }
    }

    /// One more round: what is asked for in the loop is not known any more.
    fn again(&self, id: ItemId, mut store: Store) -> (At, Store) {
        let first = self.model.item(id).children.first();
        let first = first.map_or(At::Item(id, Phase::End), |id| At::Item(*id, Phase::Arrive));
        let is_inside = |other: &ItemId| self.model.is_within(*other, id);
        store.passed.retain(|point| !self.model.is_within(*point, id));
        for inside in self.model.ids().filter(is_inside) {
            self.forget(&self.model.asked(self.model.item(inside)), &mut store);
        }
        if let (ItemKind::ForEach(_), Some(found)) =
            (&self.model.item(id).kind, store.found.get(&id))
        {
            for (slot, state) in self.made_in(id).into_iter().zip(found) {
                store.artifacts[slot] = *state;
            }
        }
        (first, store)
    }

    fn forget(&self, facts: &[vup::model::FactId], store: &mut Store) {
        for fact in facts {
            store.known[fact.0 as usize] = UNKNOWN;
        }
    }

    /// Whether somebody goes back to before a point of no return that was passed.
    fn look_back(&mut self, from: ItemId, target: Target, place: Place, store: &Store) {
        let Target::Item(to) = target else { return };
        let leads_back = |point: &ItemId| {
            let from_behind =
                from == *point || self.is_behind(from, *point) || self.is_beside(from, *point);
            let is_performed = |id| self.model.item(ItemId(id)).kind.is_performed();
            // What is gone back to may start with the point itself.
            let to_before =
                to < *point && !self.is_behind(to, *point) && !self.is_beside(to, *point);
            from_behind && to_before && (to.0..point.0).any(is_performed)
        };
        if store.passed.iter().any(leads_back) {
            self.found.note("after-no-way-back", place);
        }
    }

    /// Whether an item stands behind a point in its path, or in another path.
    fn is_behind(&self, item: ItemId, point: ItemId) -> bool {
        let same_path = self.model.path_of(item) == self.model.path_of(point);
        !same_path || item > point && !self.is_beside(item, point)
    }

    /// Whether two items stand in two branches of an `any order`.
    fn is_beside(&self, one: ItemId, other: ItemId) -> bool {
        let around = self.model.ancestors(one).find(|id| self.model.is_within(other, *id));
        let around = around.map(|id| &self.model.item(id).kind);
        matches!(around, Some(ItemKind::AnyOrder { .. }))
    }

    /// Goes on at a target. Going back forgets what was asked for since the target.
    fn jump(&self, from: ItemId, target: Target, mut store: Store) -> (At, Store) {
        let to = match target {
            Target::Next => return (self.next(from), store),
            Target::End(outcome) => return (At::Ended(outcome), store),
            Target::Item(to) => to,
        };
        let path = self.model.path_of(to);
        let is_back = to <= from && (path == Model::ROOT || path == self.model.path_of(from));
        if is_back {
            store.passed.retain(|point| !(to..=from).contains(point));
            for id in (to.0..=from.0).map(ItemId) {
                self.forget(&self.model.asked(self.model.item(id)), &mut store);
            }
        }
        // Whoever comes into a loop from outside has all its rounds.
        let model = self.model;
        let entered = |id: ItemId| model.is_within(to, id) && !model.is_within(from, id);
        store.counts.retain(|((id, _), _)| {
            !(matches!(model.item(*id).kind, ItemKind::Repeat { .. }) && entered(*id))
        });
        // Whoever jumps into the middle of a block starts it.
        let inside: Vec<ItemId> = model.ancestors(to).skip(1).filter(|id| entered(*id)).collect();
        for id in inside.into_iter().rev() {
            if matches!(
                model.item(id).kind,
                ItemKind::Path { .. } | ItemKind::Stage | ItemKind::Run { .. }
            ) {
                store = store.did(Act::Starts(id));
            }
        }
        (At::Item(to, Phase::Arrive), store)
    }

    fn is_path(&self, id: ItemId) -> bool {
        matches!(self.model.item(id).kind, ItemKind::Path { .. })
    }

    /// The item after this one; at the end of a block, what comes there.
    fn next(&self, id: ItemId) -> At {
        let item = self.model.item(id);
        let Some(parent) = item.parent else { return self.stop() };
        if self.is_path(id) {
            return self.stop();
        }
        let block = self.model.item(parent);
        if matches!(block.kind, ItemKind::AnyOrder { .. }) {
            return At::Item(parent, Phase::End);
        }
        let behind = block.children.iter().copied().skip_while(|child| *child != id).nth(1);
        match behind.filter(|next| !self.is_path(*next)) {
            Some(next) => At::Item(next, Phase::Arrive),
            None => At::Item(parent, Phase::End),
        }
    }

    /// The end of a path, or of a process without paths.
    fn stop(&self) -> At {
        match self.model.outcomes.first() {
            Some(outcome) if !outcome.declared => At::Ended(OutcomeId(0)),
            _ => At::Nowhere,
        }
    }
}

fn item_of(at: &At) -> Option<ItemId> {
    match at {
        At::Item(id, _) | At::Together { block: id, .. } => Some(*id),
        At::Done | At::Ended(_) | At::Nowhere | At::Impossible => None,
    }
}

/// What lines make.
fn made_by(lines: &[Line], made: &mut BTreeSet<ArtifactId>) {
    for line in lines {
        match line {
            Line::Makes(artifact) => _ = made.insert(artifact.artifact),
            Line::Task(task) => made_by(&task.lines, made),
            Line::ForEach { lines, .. } => made_by(lines, made),
            _ => {}
        }
    }
}

pub fn and(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    or(parts.map(|part| part.map(|holds| !holds))).map(|any| !any)
}

fn or(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let parts: Vec<Option<bool>> = parts.collect();
    match parts.contains(&Some(true)) {
        true => Some(true),
        false if parts.contains(&None) => None,
        false => Some(false),
    }
}

/// Whether a value that a `run` gave is in a condition.
pub fn has_constant(guard: &Guard) -> bool {
    match guard {
        Guard::Constant(_) => true,
        Guard::Not(inner) => has_constant(inner),
        Guard::All(parts) | Guard::Any(parts) => parts.iter().any(has_constant),
        _ => false,
    }
}
