//! The union of many sets at once.
//!
//! One after the other, each union goes through all that the ones before have come to. Together they are
//! gone through once: fact by fact, with only those sets at hand that still differ, a sweep over the cells
//! as in Calvanese et al., "Semantics and Analysis of DMN Decision Tables" (2016).

use super::diagram::{Edge, push};
use super::{Cases, OutOfFuel, Set};
use rustc_hash::FxHashMap;

/// What lists of sets come to, each in order and without repeats.
type Done = FxHashMap<Box<[Set]>, Set>;

impl Cases {
    /// The cases that are in any of the sets.
    pub fn unite(&mut self, sets: impl IntoIterator<Item = Set>) -> Result<Set, OutOfFuel> {
        let mut sets: Vec<Set> = sets.into_iter().collect();
        self.unite_list(&mut sets, &mut Done::default())
    }

    fn unite_list(&mut self, sets: &mut Vec<Set>, done: &mut Done) -> Result<Set, OutOfFuel> {
        sets.sort_unstable();
        sets.dedup();
        sets.retain(|set| !set.is_empty());
        match sets.as_slice() {
            [] => return Ok(Set::NONE),
            [Set::ALL, ..] => return Ok(Set::ALL),
            [only] => return Ok(*only),
            [one, other] => return self.or(*one, *other),
            _ => {}
        }
        if let Some(done) = done.get(sets.as_slice()) {
            return Ok(*done);
        }
        self.burn(1 + sets.len() / 8)?;
        let level = sets.iter().map(|set| self.level(*set)).min().unwrap_or(0);
        let mut starts = self.parts_at(sets, level);
        let mut edges = Vec::new();
        let mut open: Vec<Part> = Vec::new();
        let mut at = 0;
        let mut together = Vec::new();
        while at < self.cells(level as usize) {
            self.burn(open.len() / 16)?;
            open.retain(|part| part.end > at);
            while let Some(part) = starts.pop_if(|part| part.start <= at) {
                open.push(part);
            }
            let next = starts.last().map(|part| part.start);
            let ends = open.iter().map(|part| part.end);
            let until = ends.chain(next).min().unwrap_or(self.cells(level as usize));
            together.clear();
            together.extend(open.iter().map(|part| part.to));
            let to = self.unite_list(&mut together, done)?;
            push(&mut edges, until, to);
            at = until;
        }
        let united = self.make(level, edges)?;
        done.insert(sets.as_slice().into(), united);
        Ok(united)
    }

    /// What the sets are in parts of the cells of a fact, the last first; where one is empty, there is none.
    fn parts_at(&self, sets: &[Set], level: u32) -> Vec<Part> {
        let mut parts = Vec::new();
        for set in sets {
            if self.level(*set) != level {
                parts.push(Part { start: 0, end: self.cells(level as usize), to: *set });
                continue;
            }
            let mut start = 0;
            for Edge { end, to } in self.edges(*set) {
                if !to.is_empty() {
                    parts.push(Part { start, end: *end, to: *to });
                }
                start = *end;
            }
        }
        parts.sort_unstable_by_key(|part| std::cmp::Reverse(part.start));
        parts
    }
}

/// From one cell of a fact up to another: what a set is there.
#[derive(Clone, Copy)]
struct Part {
    start: u32,
    end: u32,
    to: Set,
}
