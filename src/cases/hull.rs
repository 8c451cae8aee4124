//! Where a set lies: for each fact, from the first to the last of its cells that some case has.
//!
//! Sets whose hulls do not meet have no case in common. For conditions that are ranges side by side, as
//! those of a table are, that tells nearly all pairs apart without a union or an intersection.

use super::{Cases, Set};
use rustc_hash::FxHashSet;
use std::ops::Range;

/// The facts with fewer cells than they could have, each with the smallest range that holds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hull {
    facts: Vec<(u32, Range<u32>)>,
}

/// Sets of more nodes are taken to lie anywhere.
const MOST_NODES: usize = 64;

impl Hull {
    /// Whether both may have a case in common.
    pub fn meets(&self, other: &Hull) -> bool {
        let (mut own, mut others) = (self.facts.iter().peekable(), other.facts.iter().peekable());
        while let (Some((fact, range)), Some((with, beside))) = (own.peek(), others.peek()) {
            match fact.cmp(with) {
                std::cmp::Ordering::Less => _ = own.next(),
                std::cmp::Ordering::Greater => _ = others.next(),
                std::cmp::Ordering::Equal => {
                    if range.end <= beside.start || beside.end <= range.start {
                        return false;
                    }
                    (_, _) = (own.next(), others.next());
                }
            }
        }
        true
    }
}

impl Cases {
    /// A range for each fact that holds the cells of all cases of a set.
    pub fn hull(&self, set: Set) -> Hull {
        let nowhere = Range { start: u32::MAX, end: 0 };
        let mut ranges = vec![nowhere.clone(); self.facts()];
        let mut seen = FxHashSet::from_iter([set]);
        let mut next = vec![set];
        let asked = |set: Set| (self.level(set) as usize).min(self.facts());
        // A fact that some way through the diagram does not ask for may be anything on it.
        let whatever = |ranges: &mut [Range<u32>], between: Range<usize>| {
            for fact in between {
                ranges[fact] = 0..self.cells(fact);
            }
        };
        whatever(&mut ranges, 0..asked(set));
        while let Some(set) = next.pop() {
            if seen.len() > MOST_NODES {
                return Hull { facts: Vec::new() };
            }
            let fact = asked(set);
            let mut start = 0;
            for edge in self.edges(set) {
                if !edge.to.is_empty() {
                    let range = &mut ranges[fact];
                    *range = range.start.min(start)..range.end.max(edge.end);
                    whatever(&mut ranges, fact + 1..asked(edge.to));
                    if seen.insert(edge.to) {
                        next.push(edge.to);
                    }
                }
                start = edge.end;
            }
        }
        let narrower = |(fact, range): &(usize, Range<u32>)| *range != (0..self.cells(*fact));
        let facts = ranges.into_iter().enumerate().filter(narrower);
        Hull { facts: facts.map(|(fact, range)| (fact as u32, range)).collect() }
    }
}
