//! The decision diagrams themselves: nodes that are shared, and operations that are remembered.

use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::fmt;
use std::hash::BuildHasher;
use std::ops::Range;

/// A set of cells of one [`Cases`]. Equal sets have equal values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Set(u32);

impl Set {
    /// No case.
    pub const NONE: Set = Set(0);
    /// Every case.
    pub const ALL: Set = Set(1);

    pub fn is_empty(self) -> bool {
        self == Set::NONE
    }
}

/// An operation would have needed more work than is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfFuel;

impl fmt::Display for OutOfFuel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sets of cases have become too large")
    }
}

impl std::error::Error for OutOfFuel {}

/// The cells before `end`, from the end of the edge before, lead to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Edge {
    pub end: u32,
    pub to: Set,
}

/// Asks for one fact. Neighbouring edges lead to different sets, and there are at least two. They are
/// a range of [`Cases::edges`].
#[derive(Clone, Copy, Debug)]
struct Node {
    level: u32,
    first: u32,
    count: u32,
}

/// The level of the two sets that ask for nothing: behind all others.
const LEAF: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Operation {
    And,
    Or,
    Minus,
}

impl Operation {
    /// The result, where one of the two already decides it.
    fn shortcut(self, a: Set, b: Set) -> Option<Set> {
        let (none, all) = (Set::NONE, Set::ALL);
        match self {
            Operation::And if a == none || b == none => Some(none),
            Operation::And if a == all || a == b => Some(b),
            Operation::And if b == all => Some(a),
            Operation::Or if a == all || b == all => Some(all),
            Operation::Or if a == none || a == b => Some(b),
            Operation::Or if b == none => Some(a),
            Operation::Minus if a == none || b == all || a == b => Some(none),
            Operation::Minus if b == none => Some(a),
            _ => None,
        }
    }

    fn commutes(self) -> bool {
        self != Operation::Minus
    }
}

/// All sets over some facts. The order of the facts is fixed when it is made.
#[derive(Clone, Debug)]
pub struct Cases {
    /// How many cells each fact has.
    cells: Vec<u32>,
    /// The first two stand for [`Set::NONE`] and [`Set::ALL`].
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    /// All nodes but the first two, to be found by what they are.
    known: HashTable<Set>,
    done: FxHashMap<(Operation, Set, Set), Set>,
    projected: FxHashMap<(Set, u32), Set>,
    fuel: usize,
}

impl Cases {
    /// Sets over facts with so many cells each; `fuel` bounds the steps of all operations together.
    pub fn new(cells: Vec<u32>, fuel: usize) -> Self {
        let leaf = Node { level: LEAF, first: 0, count: 0 };
        Cases {
            cells,
            nodes: vec![leaf, leaf],
            edges: Vec::new(),
            known: HashTable::new(),
            done: FxHashMap::default(),
            projected: FxHashMap::default(),
            fuel,
        }
    }

    /// How many facts there are.
    pub fn facts(&self) -> usize {
        self.cells.len()
    }

    /// How many cells a fact has.
    pub fn cells(&self, fact: usize) -> u32 {
        self.cells.get(fact).copied().unwrap_or(1)
    }

    /// How many nodes all sets together have: what memory is used for.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// The fact that a set asks for first; behind all facts for the two that ask for none.
    pub(super) fn level(&self, set: Set) -> u32 {
        self.nodes[set.0 as usize].level
    }

    pub(super) fn edges(&self, set: Set) -> &[Edge] {
        let Node { first, count, .. } = self.nodes[set.0 as usize];
        &self.edges[first as usize..(first + count) as usize]
    }

    /// One of the edges of a set at a level; a set that does not ask there has one for all cells.
    fn edge_at(&self, set: Set, level: u32, index: usize) -> Option<Edge> {
        match self.level(set) == level {
            true => self.edges(set).get(index).copied(),
            false => (index == 0).then(|| Edge { end: self.cells(level as usize), to: set }),
        }
    }

    /// The cases in which a fact is in one of these ranges of cells; in order, not overlapping.
    pub fn where_in(&mut self, fact: usize, ranges: &[Range<u32>]) -> Result<Set, OutOfFuel> {
        let mut edges = Vec::new();
        for range in ranges.iter().filter(|range| range.start < range.end) {
            push(&mut edges, range.start, Set::NONE);
            push(&mut edges, range.end, Set::ALL);
        }
        push(&mut edges, self.cells(fact), Set::NONE);
        self.make(fact as u32, edges)
    }

    pub fn and(&mut self, a: Set, b: Set) -> Result<Set, OutOfFuel> {
        self.apply(Operation::And, a, b)
    }

    pub fn or(&mut self, a: Set, b: Set) -> Result<Set, OutOfFuel> {
        self.apply(Operation::Or, a, b)
    }

    /// The cases of `a` that are not in `b`.
    pub fn minus(&mut self, a: Set, b: Set) -> Result<Set, OutOfFuel> {
        self.apply(Operation::Minus, a, b)
    }

    pub fn not(&mut self, a: Set) -> Result<Set, OutOfFuel> {
        self.apply(Operation::Minus, Set::ALL, a)
    }

    /// Whether each case of `a` is one of `b`.
    pub fn is_within(&mut self, a: Set, b: Set) -> Result<bool, OutOfFuel> {
        Ok(self.minus(a, b)?.is_empty())
    }

    /// The cases that differ from one of `set` in nothing but this fact: what is left when its
    /// value is forgotten.
    pub fn forget(&mut self, set: Set, fact: usize) -> Result<Set, OutOfFuel> {
        let fact = fact as u32;
        if self.level(set) > fact {
            return Ok(set);
        }
        if let Some(done) = self.projected.get(&(set, fact)) {
            return Ok(*done);
        }
        self.burn(1)?;
        let (level, edges) = (self.level(set), self.edges(set).to_vec());
        let result = if level == fact {
            self.unite(edges.iter().map(|edge| edge.to))?
        } else {
            let mut kept = Vec::with_capacity(edges.len());
            for edge in &edges {
                let to = self.forget(edge.to, fact as usize)?;
                push(&mut kept, edge.end, to);
            }
            self.make(level, kept)?
        };
        self.projected.insert((set, fact), result);
        Ok(result)
    }

    /// Whether the case with this cell for each fact is in the set.
    pub fn contains(&self, set: Set, case: &[u32]) -> bool {
        let mut at = set;
        while at != Set::NONE && at != Set::ALL {
            let cell = case.get(self.level(at) as usize).copied().unwrap_or(0);
            let edges = self.edges(at);
            let edge = edges.partition_point(|edge| edge.end <= cell);
            at = edges.get(edge).map_or(Set::NONE, |edge| edge.to);
        }
        at == Set::ALL
    }

    /// Gives a fact that no set asks for yet so many cells.
    pub fn set_cells(&mut self, fact: usize, cells: u32) {
        if let Some(own) = self.cells.get_mut(fact) {
            *own = cells;
        }
    }

    /// Takes the work that a copy has done since as work of its own.
    pub fn burn_as(&mut self, copy: &Cases) {
        self.fuel = self.fuel.min(copy.fuel);
    }

    /// Allows for so many steps, if there are fewer left.
    pub fn refuel(&mut self, steps: usize) {
        self.fuel = self.fuel.max(steps);
    }

    /// Counts steps of work, those done for a set elsewhere among them.
    pub fn burn(&mut self, steps: usize) -> Result<(), OutOfFuel> {
        self.fuel = self.fuel.checked_sub(steps).ok_or(OutOfFuel)?;
        Ok(())
    }

    fn apply(&mut self, operation: Operation, a: Set, b: Set) -> Result<Set, OutOfFuel> {
        if let Some(result) = operation.shortcut(a, b) {
            return Ok(result);
        }
        let (a, b) = if operation.commutes() && b < a { (b, a) } else { (a, b) };
        if let Some(done) = self.done.get(&(operation, a, b)) {
            return Ok(*done);
        }
        self.burn(1)?;
        let level = self.level(a).min(self.level(b));
        let mut edges = Vec::with_capacity(4);
        let (mut i, mut j) = (0, 0);
        while let (Some(from_a), Some(from_b)) =
            (self.edge_at(a, level, i), self.edge_at(b, level, j))
        {
            let to = self.apply(operation, from_a.to, from_b.to)?;
            let end = from_a.end.min(from_b.end);
            push(&mut edges, end, to);
            i += usize::from(from_a.end == end);
            j += usize::from(from_b.end == end);
        }
        let result = self.make(level, edges)?;
        self.done.insert((operation, a, b), result);
        Ok(result)
    }

    /// The set that asks for a fact first; the same node for the same question.
    pub(super) fn make(&mut self, level: u32, edges: Vec<Edge>) -> Result<Set, OutOfFuel> {
        match edges.as_slice() {
            [] => return Ok(Set::NONE),
            [only] => return Ok(only.to),
            _ => {}
        }
        let hash = FxBuildHasher.hash_one((level, edges.as_slice()));
        let is_it = |set: &Set| self.level(*set) == level && self.edges(*set) == edges;
        if let Some(known) = self.known.find(hash, is_it) {
            return Ok(*known);
        }
        self.burn(1 + edges.len() / 8)?;
        let full = |_| OutOfFuel;
        let set = Set(u32::try_from(self.nodes.len()).map_err(full)?);
        let first = u32::try_from(self.edges.len()).map_err(full)?;
        u32::try_from(self.edges.len() + edges.len()).map_err(full)?;
        self.nodes.push(Node { level, first, count: edges.len() as u32 });
        self.edges.extend(edges);
        let (nodes, all) = (&self.nodes, &self.edges);
        let hash_of = |set: &Set| {
            let Node { level, first, count } = nodes[set.0 as usize];
            let edges = &all[first as usize..(first + count) as usize];
            FxBuildHasher.hash_one((level, edges))
        };
        self.known.insert_unique(hash, set, hash_of);
        Ok(set)
    }
}

/// Adds the cells up to `end`; they join those before where both lead to the same set.
pub(super) fn push(edges: &mut Vec<Edge>, end: u32, to: Set) {
    let start = edges.last().map_or(0, |edge| edge.end);
    if end <= start {
        return;
    }
    match edges.last_mut() {
        Some(last) if last.to == to => last.end = end,
        _ => edges.push(Edge { end, to }),
    }
}
