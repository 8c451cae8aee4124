//! One case that shows a set is not empty, told as widely as it can be.

// A list of ranges is what a fact may be; most lists have one.
#![allow(clippy::single_range_in_vec_init)]

use super::{Cases, OutOfFuel, Set};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// A block of cases that all lie in a set: for each fact that matters, the cells that it may have.
/// A fact that is not named may have any value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// By fact, in order; each with ranges of cells in order.
    pub facts: Vec<(usize, Vec<Range<u32>>)>,
    /// One case of the block: a cell for each fact.
    pub case: Vec<u32>,
}

impl Cases {
    /// A case of the set: the first by cells, in the order of the facts.
    pub fn first(&self, set: Set) -> Option<Vec<u32>> {
        let mut case = vec![0; self.facts()];
        let mut at = set;
        while at != Set::ALL {
            let mut start = 0;
            let edge = self.edges(at).iter().find(|edge| {
                let found = !edge.to.is_empty();
                if !found {
                    start = edge.end;
                }
                found
            })?;
            case[self.level(at) as usize] = start;
            at = edge.to;
        }
        Some(case)
    }

    /// The widest block of cases around the first one: facts that do not matter are left out, and
    /// each other fact has as many cells as it can have with those before it.
    pub fn widest(&mut self, set: Set) -> Result<Option<Witness>, OutOfFuel> {
        self.widest_among(set, Set::ALL)
    }

    /// The same among the cases of `all`: what holds in all of them is left out too.
    pub fn widest_among(&mut self, set: Set, all: Set) -> Result<Option<Witness>, OutOfFuel> {
        self.widest_around(set, all, set)
    }

    /// The same around the first case of `around`, which lies within the set.
    pub fn widest_around(
        &mut self,
        set: Set,
        all: Set,
        around: Set,
    ) -> Result<Option<Witness>, OutOfFuel> {
        let beside = self.minus(all, set)?;
        let Some(case) = self.first(around) else { return Ok(None) };
        let mut block: Block = case.iter().map(|cell| vec![*cell..cell + 1]).collect();
        // What the set says of the facts behind, given the cells chosen for those before.
        for fact in 0..block.len() {
            let outside = self.cells_in(beside, fact, &block)?;
            let own = case[fact];
            block[fact] = ranges(&outside, |cell, outside| !outside || cell == own);
        }
        let matters = |fact: &usize| block[*fact] != vec![0..self.cells(*fact)];
        let facts =
            (0..block.len()).filter(matters).map(|fact| (fact, block[fact].clone())).collect();
        Ok(Some(Witness { facts, case }))
    }

    /// For each cell of a fact, whether some case of the set has it.
    pub fn values(&mut self, set: Set, fact: usize) -> Result<Vec<bool>, OutOfFuel> {
        let all: Block = (0..self.facts()).map(|fact| vec![0..self.cells(fact)]).collect();
        self.cells_in(set, fact, &all)
    }

    /// For each cell of a fact, whether a case of the set has it that is otherwise in the block.
    fn cells_in(&mut self, set: Set, fact: usize, block: &Block) -> Result<Vec<bool>, OutOfFuel> {
        let mut found = vec![false; self.cells(fact) as usize];
        let mut look = Look { cases: self, block, fact: fact as u32, met: FxHashMap::default() };
        let mut seen = FxHashSet::default();
        look.mark(set, &mut seen, &mut found);
        let steps = look.met.len() + seen.len();
        self.burn(steps)?;
        Ok(found)
    }
}

/// Cells for each fact; all cases with them.
type Block = Vec<Vec<Range<u32>>>;

/// A walk through the part of a set that is in a block.
struct Look<'c> {
    cases: &'c Cases,
    block: &'c Block,
    fact: u32,
    /// Whether a set has cases in the block.
    met: FxHashMap<Set, bool>,
}

impl Look<'_> {
    /// Marks the cells of the fact.
    fn mark(&mut self, set: Set, seen: &mut FxHashSet<Set>, found: &mut [bool]) {
        let level = self.cases.level(set);
        if level > self.fact {
            if self.meets(set) {
                found.fill(true);
            }
            return;
        }
        if !seen.insert(set) {
            return;
        }
        let mut start = 0;
        for edge in self.cases.edges(set) {
            let cells = start..edge.end;
            start = edge.end;
            if level < self.fact {
                if self.has(level, &cells) {
                    self.mark(edge.to, seen, found);
                }
            } else if self.meets(edge.to) {
                found[cells.start as usize..cells.end as usize].fill(true);
            }
        }
    }

    fn meets(&mut self, set: Set) -> bool {
        if set.is_empty() || set == Set::ALL {
            return set == Set::ALL;
        }
        if let Some(met) = self.met.get(&set) {
            return *met;
        }
        let level = self.cases.level(set);
        let mut start = 0;
        let met = self.cases.edges(set).iter().any(|edge| {
            let cells = start..edge.end;
            start = edge.end;
            self.has(level, &cells) && self.meets(edge.to)
        });
        self.met.insert(set, met);
        met
    }

    /// Whether the block has one of these cells of a fact.
    fn has(&self, fact: u32, cells: &Range<u32>) -> bool {
        let ranges = self.block.get(fact as usize);
        ranges.into_iter().flatten().any(|own| own.start < cells.end && cells.start < own.end)
    }
}

/// The cells that are kept, as ranges.
fn ranges(cells: &[bool], mut keep: impl FnMut(u32, bool) -> bool) -> Vec<Range<u32>> {
    let mut kept: Vec<Range<u32>> = Vec::new();
    for (cell, is) in (0u32..).zip(cells) {
        if !keep(cell, *is) {
            continue;
        }
        match kept.last_mut() {
            Some(last) if last.end == cell => last.end = cell + 1,
            _ => kept.push(cell..cell + 1),
        }
    }
    kept
}
