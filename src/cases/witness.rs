//! One case that shows a set is not empty, told as widely as it can be.

// A list of ranges is what a fact may be; most lists have one.
#![allow(clippy::single_range_in_vec_init)]

use super::{Cases, OutOfFuel, Set};
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
            let node = self.node(at);
            let mut start = 0;
            let edge = node.edges.iter().find(|edge| {
                let found = !edge.to.is_empty();
                if !found {
                    start = edge.end;
                }
                found
            })?;
            case[node.level as usize] = start;
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
        let mut block: Vec<Vec<Range<u32>>> =
            case.iter().map(|cell| vec![*cell..cell + 1]).collect();
        // What the set says of the facts behind, given the cells chosen for those before.
        for fact in 0..block.len() {
            let whole = vec![0..self.cells(fact)];
            let chosen = std::mem::replace(&mut block[fact], whole);
            if self.avoids(beside, &block)? {
                continue;
            }
            block[fact] = self.widened(beside, &mut block, fact, chosen)?;
        }
        let matters = |fact: &usize| block[*fact] != vec![0..self.cells(*fact)];
        let facts =
            (0..block.len()).filter(matters).map(|fact| (fact, block[fact].clone())).collect();
        Ok(Some(Witness { facts, case }))
    }

    /// The cells of a fact with which the block stays in the set: all that can be added one by one.
    fn widened(
        &mut self,
        beside: Set,
        block: &mut [Vec<Range<u32>>],
        fact: usize,
        chosen: Vec<Range<u32>>,
    ) -> Result<Vec<Range<u32>>, OutOfFuel> {
        let mut kept: Vec<Range<u32>> = Vec::new();
        for cell in 0..self.cells(fact) {
            block[fact] = vec![cell..cell + 1];
            if !chosen.iter().any(|range| range.contains(&cell)) && !self.avoids(beside, block)? {
                continue;
            }
            match kept.last_mut() {
                Some(last) if last.end == cell => last.end = cell + 1,
                _ => kept.push(cell..cell + 1),
            }
        }
        Ok(kept)
    }

    /// Whether no case of a block is in a set.
    fn avoids(&mut self, set: Set, block: &[Vec<Range<u32>>]) -> Result<bool, OutOfFuel> {
        let mut cells = Set::ALL;
        for (fact, ranges) in block.iter().enumerate().rev() {
            let here = self.where_in(fact, ranges)?;
            cells = self.and(here, cells)?;
        }
        Ok(self.and(cells, set)?.is_empty())
    }
}
