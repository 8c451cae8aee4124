//! What `at most N times` counts, as one more level each.
//!
//! A counter matters only where it can grow and be asked again: from where the edges that it counts
//! lead to, as far as one of them can be reached again. On the way into that region it is none; on the
//! way out it is forgotten, so that loops one after the other cost no more than each by itself.

use super::Facts;
use crate::cases::{OutOfFuel, Set};
use crate::flow::{EdgeIndex, EdgeKind, Effect, Flow, NodeIndex, NodeKind};
use crate::model::{FactId, ItemId, ItemKind, Model};
use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::visit::{EdgeRef, Reversed, Walker};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Longer loops are taken for endless ones: what happens in round 100 happened in round 50.
pub const MOST_ROUNDS: u32 = 50;

/// What an edge does to a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// It is none, here and from here on.
    Zero(usize),
    /// The edge is there only once it is used up.
    UsedUp(usize),
    /// The edge is there as long as it is not used up, and counts.
    Count(usize),
    Forget(usize),
    /// The edge is never there: it waits for a counter that nothing counts on.
    Never,
}

#[derive(Clone, Debug, Default)]
pub struct Counters {
    steps: HashMap<EdgeIndex, Vec<Step>>,
    /// Of each counter that is followed.
    at_most: HashMap<usize, u32>,
}

impl Counters {
    pub fn new(model: &Model, flow: &Flow, facts: &Facts, asked: &[Vec<FactId>]) -> Counters {
        let mut counters = Counters::default();
        if flow.counters.is_empty() {
            return counters;
        }
        let mut counted: Vec<Vec<EdgeIndex>> = vec![Vec::new(); flow.counters.len()];
        let mut waiting = counted.clone();
        for edge in flow.graph.edge_references() {
            if let Some(counter) = edge.weight().counter {
                counted[counter].push(edge.id());
            }
            if let Some(counter) = edge.weight().used_up {
                waiting[counter].push(edge.id());
            }
        }
        let loops = Loops::new(flow);
        for (counter, of) in flow.counters.iter().enumerate() {
            if of.at_most > MOST_ROUNDS {
                continue;
            }
            let (counted, waiting) = (&counted[counter], &waiting[counter]);
            let region = loops.region(flow, counted, waiting);
            let region = with_all_branches(model, flow, region);
            if waiting.is_empty() && !matters(flow, facts, asked, &region) {
                continue;
            }
            counters.follow(flow, counter, &region, counted, waiting);
        }
        counters
    }

    fn follow(
        &mut self,
        flow: &Flow,
        counter: usize,
        region: &[NodeIndex],
        counted: &[EdgeIndex],
        waiting: &[EdgeIndex],
    ) {
        self.at_most.insert(counter, flow.counters[counter].at_most);
        if region.is_empty() {
            waiting.iter().for_each(|edge| self.add(*edge, Step::Never));
            return;
        }
        let mut edges: Vec<EdgeIndex> = region
            .iter()
            .flat_map(|node| {
                let of = |direction| flow.graph.edges_directed(*node, direction);
                of(Direction::Incoming).chain(of(Direction::Outgoing)).map(|edge| edge.id())
            })
            .chain(counted.iter().copied())
            .collect();
        edges.sort_unstable();
        edges.dedup();
        for edge in edges {
            let Some((from, to)) = flow.graph.edge_endpoints(edge) else { continue };
            let has = |node| region.binary_search(&node).is_ok();
            let (inside, stays) = (has(from), has(to));
            let counts = flow.edge(edge).counter == Some(counter);
            let starts = !inside && (stays || counts);
            if starts || flow.edge(edge).resets.contains(&counter) {
                self.add(edge, Step::Zero(counter));
            }
            if flow.edge(edge).used_up == Some(counter) {
                self.add(edge, Step::UsedUp(counter));
            }
            if counts {
                self.add(edge, Step::Count(counter));
            }
            if !stays {
                self.add(edge, Step::Forget(counter));
            }
        }
    }

    fn add(&mut self, edge: EdgeIndex, step: Step) {
        self.steps.entry(edge).or_default().push(step);
    }

    /// The cases that go along an edge, counted.
    pub fn along(&self, facts: &mut Facts, edge: EdgeIndex, from: Set) -> Result<Set, OutOfFuel> {
        let mut set = from;
        for step in self.steps.get(&edge).into_iter().flatten() {
            set = match step {
                Step::Zero(counter) => facts.put_counter(set, *counter, 0)?,
                Step::Never => Set::NONE,
                Step::Forget(counter) => facts.without_counter(set, *counter)?,
                Step::UsedUp(counter) => {
                    let full = facts.counter_is(*counter, self.most(*counter))?;
                    facts.cases.and(set, full)?
                }
                Step::Count(counter) => self.count(facts, set, *counter)?,
            };
        }
        Ok(set)
    }

    /// The cases that may lead into others along an edge.
    pub fn before(&self, facts: &mut Facts, edge: EdgeIndex, after: Set) -> Result<Set, OutOfFuel> {
        let mut set = after;
        for step in self.steps.get(&edge).into_iter().flatten().rev() {
            set = match step {
                Step::Zero(counter) => {
                    let none = facts.counter_is(*counter, 0)?;
                    let none = facts.cases.and(set, none)?;
                    facts.without_counter(none, *counter)?
                }
                Step::Never => Set::NONE,
                Step::Forget(counter) => facts.without_counter(set, *counter)?,
                Step::UsedUp(counter) => {
                    let full = facts.counter_is(*counter, self.most(*counter))?;
                    facts.cases.and(set, full)?
                }
                Step::Count(counter) => self.count_back(facts, set, *counter)?,
            };
        }
        Ok(set)
    }

    /// One less, in the cases in which there was one.
    fn count_back(&self, facts: &mut Facts, set: Set, counter: usize) -> Result<Set, OutOfFuel> {
        let mut before = Set::NONE;
        for count in 0..self.most(counter) {
            let more = facts.counter_is(counter, count + 1)?;
            let more = facts.cases.and(set, more)?;
            let less = facts.put_counter(more, counter, count)?;
            before = facts.cases.or(before, less)?;
        }
        Ok(before)
    }

    /// One more, in the cases in which there may be one more.
    fn count(&self, facts: &mut Facts, set: Set, counter: usize) -> Result<Set, OutOfFuel> {
        let mut counted = Set::NONE;
        for count in 0..self.most(counter) {
            let so_far = facts.counter_is(counter, count)?;
            let so_far = facts.cases.and(set, so_far)?;
            let more = facts.put_counter(so_far, counter, count + 1)?;
            counted = facts.cases.or(counted, more)?;
        }
        Ok(counted)
    }

    fn most(&self, counter: usize) -> u32 {
        self.at_most.get(&counter).copied().unwrap_or(0)
    }

    /// The cases in which an edge is there since its counter is used up; none where that is not counted.
    pub fn used_up(&self, facts: &mut Facts, edge: EdgeIndex) -> Result<Set, OutOfFuel> {
        let mut used_up = Set::NONE;
        for step in self.steps.get(&edge).into_iter().flatten() {
            if let Step::UsedUp(counter) = step {
                used_up = facts.counter_is(*counter, self.most(*counter))?;
            }
        }
        Ok(used_up)
    }

    /// The levels that an edge changes.
    pub fn writes(&self, facts: &Facts, edge: EdgeIndex) -> Vec<usize> {
        let steps = self.steps.get(&edge).into_iter().flatten();
        steps
            .filter_map(|step| match step {
                Step::Zero(counter) | Step::Count(counter) => {
                    Some(facts.level_of_counter(*counter))
                }
                _ => None,
            })
            .collect()
    }
}

/// Whether it makes a difference how often the counted edges were taken: something changes on the way
/// back to them, or it may be that there is no other way on.
fn matters(flow: &Flow, facts: &Facts, asked: &[Vec<FactId>], region: &[NodeIndex]) -> bool {
    let inside = region.iter().flat_map(|node| flow.graph.edges(*node));
    let is_read = |fact: &FactId| !facts.tied_to(*fact).is_empty();
    let mut effects = inside.flat_map(|edge| &edge.weight().effects);
    let changes = effects.any(|effect| match effect {
        Effect::Need(..) => false,
        Effect::Learn(fact, _) | Effect::Answer(fact, _) => is_read(fact),
        Effect::Forget { first, last } => {
            asked[first.0 as usize..=last.0 as usize].iter().flatten().any(is_read)
        }
        Effect::ForgetFacts(facts) => facts.iter().any(is_read),
        _ => true,
    });
    changes || !is_freely_left(flow, region)
}

/// Larger parts of a flow are not looked through for ways out.
const MOST_NODES: usize = 64;

/// Whether each node has a way out of its region on which nothing is asked and nothing counted.
fn is_freely_left(flow: &Flow, region: &[NodeIndex]) -> bool {
    let is_fork = |node: &NodeIndex| flow.node(*node).kind == NodeKind::Fork;
    if region.len() > MOST_NODES || region.iter().any(is_fork) {
        return false;
    }
    let mut left: BTreeSet<NodeIndex> = BTreeSet::new();
    loop {
        let before = left.len();
        for node in region {
            let leads_out = flow.graph.edges(*node).any(|edge| {
                let (to, edge) = (edge.target(), edge.weight());
                let is_event = matches!(edge.kind, EdgeKind::Event | EdgeKind::Abandon);
                let is_free = edge.guard.is_none() && edge.counter.is_none() && !is_event;
                is_free && (left.contains(&to) || region.binary_search(&to).is_err())
            });
            if leads_out {
                left.insert(*node);
            }
        }
        if left.len() == before {
            return left.len() == region.len();
        }
    }
}

/// A region that takes in several branches of an `any order`, or its fork, takes in all of it: on a run
/// one branch follows the other, and what was counted in the first counts in the second.
fn with_all_branches(model: &Model, flow: &Flow, region: Vec<NodeIndex>) -> Vec<NodeIndex> {
    let mut first: BTreeMap<ItemId, ItemId> = BTreeMap::new();
    let mut whole: BTreeSet<ItemId> = BTreeSet::new();
    for node in region.iter().map(|node| flow.node(*node)) {
        if node.kind == NodeKind::Fork {
            whole.insert(node.item);
        }
        for branch in model.ancestors(node.item) {
            let Some(block) = model.item(branch).parent else { continue };
            let in_any_order = matches!(model.item(block).kind, ItemKind::AnyOrder { .. });
            if in_any_order && *first.entry(block).or_insert(branch) != branch {
                whole.insert(block);
            }
        }
    }
    if whole.is_empty() {
        return region;
    }
    let is_in = |node: &NodeIndex| {
        let item = flow.node(*node).item;
        region.binary_search(node).is_ok() || model.ancestors(item).any(|id| whole.contains(&id))
    };
    flow.graph.node_indices().filter(is_in).collect()
}

/// The loops of a flow: nodes that reach each other.
struct Loops {
    members: Vec<Vec<NodeIndex>>,
    of: Vec<usize>,
}

impl Loops {
    fn new(flow: &Flow) -> Loops {
        let mut members = kosaraju_scc(&flow.graph);
        let mut of = vec![0; flow.graph.node_count()];
        for (index, nodes) in members.iter_mut().enumerate() {
            nodes.sort_unstable();
            nodes.iter().for_each(|node| of[node.index()] = index);
        }
        Loops { members, of }
    }

    /// Where a counter matters, in order; nowhere, if no way leads from what it counts back to that.
    fn region(&self, flow: &Flow, counted: &[EdgeIndex], waiting: &[EdgeIndex]) -> Vec<NodeIndex> {
        let ends = |edge: &EdgeIndex| flow.graph.edge_endpoints(*edge);
        if let [only] = counted {
            let Some((from, to)) = ends(only) else { return Vec::new() };
            let (from, to) = (self.of[from.index()], self.of[to.index()]);
            return if from == to { self.members[from].clone() } else { Vec::new() };
        }
        // An event of a block: from wherever it leads to, as far as it can happen again.
        let targets = counted.iter().filter_map(ends).map(|(_, to)| to);
        let sources = counted.iter().chain(waiting).filter_map(ends).map(|(from, _)| from);
        let mut ahead = vec![false; flow.graph.node_count()];
        let mut search = petgraph::visit::Dfs::empty(&flow.graph);
        search.stack.extend(targets);
        search.iter(&flow.graph).for_each(|node| ahead[node.index()] = true);
        let reversed = Reversed(&flow.graph);
        let mut search = petgraph::visit::Dfs::empty(reversed);
        search.stack.extend(sources);
        let mut nodes: Vec<NodeIndex> =
            search.iter(reversed).filter(|node| ahead[node.index()]).collect();
        nodes.sort_unstable();
        nodes
    }
}
