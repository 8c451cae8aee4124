//! The branches of `any order`: put together where all of them end, and where something leaves them.
//!
//! What a branch writes, no other reads or writes (`parallel-conflict`), so a state of the whole is a
//! state of each branch, freely combined, with what was known before the fork in common.

use super::Reach;
use crate::cases::{OutOfFuel, Set};
use crate::flow::{EdgeIndex, Effect, Flow, NodeIndex, NodeKind, last_inside};
use crate::model::{ItemId, ItemKind, Model};
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[derive(Debug)]
struct Block {
    branches: Vec<Branch>,
    /// What its branches change together.
    writes: BTreeSet<usize>,
    /// How many branches no case has come to the end of.
    open: usize,
    /// The cases in which all branches have ended.
    joined: Set,
}

#[derive(Debug)]
struct Branch {
    nodes: Vec<NodeIndex>,
    /// The levels of the facts and of the thing that it changes.
    writes: BTreeSet<usize>,
    /// The cases in which it has ended.
    ended: Set,
}

#[derive(Debug)]
pub struct Parallel {
    blocks: Vec<Block>,
    /// The branches that each node is in, those within a step included: block, then branch.
    within: Vec<Vec<(usize, usize)>>,
    /// The edges that end a branch of a block: block, then branch. They may leave blocks inside of it, too.
    ends: HashMap<EdgeIndex, (usize, usize)>,
    /// The edges that leave blocks before the other branches have ended, with the branches that they leave: block,
    /// then branch.
    leaving: BTreeMap<EdgeIndex, Vec<(usize, usize)>>,
}

impl Parallel {
    pub fn new(model: &Model, flow: &Flow, reach: &Reach) -> Self {
        let (ends, leaving) = (HashMap::new(), BTreeMap::new());
        let within = vec![Vec::new(); flow.graph.node_count()];
        let mut parallel = Parallel { blocks: Vec::new(), within, ends, leaving };
        let is_block = |id: &ItemId| matches!(model.item(*id).kind, ItemKind::AnyOrder { .. });
        let ids: Vec<ItemId> = model.ids().filter(is_block).collect();
        if ids.is_empty() {
            return parallel;
        }
        let block_of: HashMap<ItemId, usize> =
            ids.iter().enumerate().map(|(index, id)| (*id, index)).collect();
        parallel.blocks = ids.iter().map(|id| Block::new(model.item(*id).children.len())).collect();
        for node in flow.graph.node_indices() {
            let branches = around(model, flow.node(node).item, &block_of);
            // A step is done in one go: nobody stands within it.
            if !matches!(flow.node(node).kind, NodeKind::Task(_)) {
                for (block, branch) in &branches {
                    parallel.blocks[*block].branches[*branch].nodes.push(node);
                }
            }
            parallel.within[node.index()] = branches;
        }
        for edge in flow.graph.edge_indices() {
            parallel.place(model, flow, &ids, &block_of, edge, reach);
        }
        parallel
    }

    /// Finds out what an edge does, and what the branches that it is in write with it.
    fn place(
        &mut self,
        model: &Model,
        flow: &Flow,
        ids: &[ItemId],
        block_of: &HashMap<ItemId, usize>,
        edge: EdgeIndex,
        reach: &Reach,
    ) {
        let Some((from, to)) = flow.graph.edge_endpoints(edge) else { return };
        let (source, target) = (flow.node(from), flow.node(to));
        let inside = around(model, source.item, block_of);
        let written = writes(model, flow, reach, edge);
        let mut left = Vec::new();
        for (block, branch) in inside {
            let id = ids[block];
            if target.kind == NodeKind::Join && target.item == id {
                self.ends.insert(edge, (block, branch));
            } else if !model.is_within(target.item, id) {
                // What it does is done behind the block, with what all branches have come to.
                left.push((block, branch));
                continue;
            }
            self.blocks[block].branches[branch].writes.extend(&written);
            self.blocks[block].writes.extend(&written);
        }
        if !left.is_empty() {
            self.leaving.insert(edge, left);
        }
    }

    /// Whether an edge leaves a block before the other branches have ended.
    pub fn leaves(&self, edge: EdgeIndex) -> bool {
        self.leaving.contains_key(&edge)
    }

    /// Whether an edge ends a branch of a block.
    pub fn ends(&self, edge: EdgeIndex) -> bool {
        self.ends.contains_key(&edge)
    }

    /// What arrives where an edge leads. Where it ends a branch, that has ended in these cases, too: then it is those
    /// in which all branches have.
    pub fn arriving(
        &mut self,
        reach: &mut Reach,
        edge: EdgeIndex,
        cases: Set,
    ) -> Result<Set, OutOfFuel> {
        let Some((block, branch)) = self.ends.get(&edge).copied() else { return Ok(cases) };
        let before = self.blocks[block].branches[branch].ended;
        let ended = reach.facts.cases.or(before, cases)?;
        let block = &mut self.blocks[block];
        if ended == before {
            return Ok(block.joined);
        }
        block.branches[branch].ended = ended;
        block.open -= usize::from(before.is_empty());
        if block.open > 0 {
            return Ok(Set::NONE);
        }
        let mut all = Set::ALL;
        for branch in &block.branches {
            let free = block.without_others(reach, branch, branch.ended)?;
            all = reach.facts.cases.and(all, free)?;
        }
        block.joined = all;
        Ok(all)
    }

    /// The same cases, whatever the branches beside this node have written.
    pub fn whatever_others_write(
        &self,
        reach: &mut Reach,
        node: NodeIndex,
        cases: Set,
    ) -> Result<Set, OutOfFuel> {
        let mut free = cases;
        for (block, branch) in &self.within[node.index()] {
            let block = &self.blocks[*block];
            free = block.without_others(reach, &block.branches[*branch], free)?;
        }
        Ok(free)
    }

    /// The cases in which all branches beside this node can come to where they leave nothing any
    /// more: those that have ways out of their block, to their ends.
    pub fn others_stay(&self, reach: &mut Reach, node: NodeIndex) -> Result<Set, OutOfFuel> {
        let mut all = Set::ALL;
        for (block, branch) in &self.within[node.index()] {
            let leave: BTreeSet<usize> = self
                .leaving
                .values()
                .flatten()
                .filter(|(of, _)| of == block)
                .map(|(_, one)| *one)
                .collect();
            let block = &self.blocks[*block];
            for other in leave.into_iter().filter(|other| other != branch) {
                // Here it is not known yet what the others will have written by then.
                let mut ended = block.branches[other].ended;
                for level in &block.writes {
                    ended = reach.facts.cases.forget(ended, *level)?;
                }
                all = reach.facts.cases.and(all, ended)?;
            }
        }
        Ok(all)
    }

    /// For each edge that leaves, the cases in which it does, the other branches standing anywhere.
    pub fn leave(
        &self,
        reach: &mut Reach,
        flow: &Flow,
    ) -> Result<Vec<(EdgeIndex, NodeIndex, Set)>, OutOfFuel> {
        if self.leaving.is_empty() {
            return Ok(Vec::new());
        }
        let mut others = Vec::with_capacity(self.blocks.len());
        for block in &self.blocks {
            others.push(block.others(reach)?);
        }
        let mut ways = Vec::new();
        for (edge, left) in &self.leaving {
            let Some((from, to)) = flow.graph.edge_endpoints(*edge) else { continue };
            let mut cases = reach.at(from);
            for (block, branch) in left {
                let here = &self.blocks[*block];
                cases = here.without_others(reach, &here.branches[*branch], cases)?;
                cases = reach.facts.cases.and(cases, others[*block][*branch])?;
            }
            ways.push((*edge, to, cases));
        }
        Ok(ways)
    }
}

impl Block {
    fn new(branches: usize) -> Self {
        let branch = || Branch { nodes: Vec::new(), writes: BTreeSet::new(), ended: Set::NONE };
        let (writes, joined) = (BTreeSet::new(), Set::NONE);
        Block {
            branches: (0..branches).map(|_| branch()).collect(),
            writes,
            open: branches,
            joined,
        }
    }

    /// The same cases, whatever the other branches have written.
    fn without_others(
        &self,
        reach: &mut Reach,
        branch: &Branch,
        cases: Set,
    ) -> Result<Set, OutOfFuel> {
        let mut free = cases;
        for level in self.writes.difference(&branch.writes) {
            free = reach.facts.cases.forget(free, *level)?;
        }
        Ok(free)
    }

    /// For each branch, the cases of all others together, wherever they stand: before their first
    /// step, between two, at their end.
    fn others(&self, reach: &mut Reach) -> Result<Vec<Set>, OutOfFuel> {
        let mut anywhere = Vec::with_capacity(self.branches.len());
        for branch in &self.branches {
            let mut all = branch.ended;
            for node in &branch.nodes {
                let at = reach.at(*node);
                all = reach.facts.cases.or(all, at)?;
            }
            anywhere.push(self.without_others(reach, branch, all)?);
        }
        let mut behind = vec![Set::ALL; anywhere.len() + 1];
        for (index, cases) in anywhere.iter().enumerate().rev() {
            behind[index] = reach.facts.cases.and(behind[index + 1], *cases)?;
        }
        let mut others = Vec::with_capacity(anywhere.len());
        let mut before = Set::ALL;
        for (index, cases) in anywhere.iter().enumerate() {
            others.push(reach.facts.cases.and(before, behind[index + 1])?);
            before = reach.facts.cases.and(before, *cases)?;
        }
        Ok(others)
    }
}

/// The branches that an item stands in, from the inside out: block, then branch.
fn around(model: &Model, item: ItemId, block_of: &HashMap<ItemId, usize>) -> Vec<(usize, usize)> {
    let pairs = model.ancestors(item).filter_map(|id| {
        let block = model.item(id).parent?;
        let index = *block_of.get(&block)?;
        let branch = model.item(block).children.binary_search(&id).ok()?;
        Some((index, branch))
    });
    pairs.collect()
}

/// The levels that an edge changes.
fn writes(model: &Model, flow: &Flow, reach: &Reach, edge: EdgeIndex) -> BTreeSet<usize> {
    let (facts, thing) = (&reach.facts, reach.thing.as_ref());
    let mut levels: BTreeSet<usize> = reach.counters.writes(facts, edge).into_iter().collect();
    for effect in &flow.edge(edge).effects {
        match effect {
            Effect::Learn(fact, _) | Effect::Answer(fact, _) => levels.extend(facts.tied_to(*fact)),
            Effect::Forget { first, last } => {
                for id in (first.0..=last.0.max(last_inside(model, *last).0)).map(ItemId) {
                    let asked = model.asked(model.item(id));
                    levels.extend(asked.into_iter().flat_map(|fact| facts.tied_to(fact)));
                }
            }
            Effect::ForgetFacts(forgotten) => {
                levels.extend(forgotten.iter().flat_map(|fact| facts.tied_to(*fact)));
            }
            _ => {}
        }
        let changes = thing.is_some_and(|thing| thing.change(effect).is_some());
        levels.extend(changes.then(|| facts.level_of_thing()));
    }
    levels
}
