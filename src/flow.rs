//! The flow graph: every construct in one normal form.
//!
//! In: a model without errors. Out: a [`Flow`]. Being at a node means standing before what it
//! does; the edge by which it is left carries the effects of that, in order. An edge without a
//! guard can always be taken, so a node with several such edges is a free choice: of people, of
//! what happens around them, or of a condition that is judged on the spot.
//!
//! Invariants: one `Start`; one `End` for each outcome; every node but `Start`, the ends and
//! `Nowhere` stands for an item; each place is in the text; edges leave a node in the order of the
//! text.

mod decided;
mod effects;
mod happenings;
mod interleave;
mod lower;
mod precedence;
mod rounds;
mod search;

pub use decided::{Decider, Deciders};
pub use effects::{approvals, presence};
pub use lower::{last_inside, lower};
pub use precedence::Precedence;

use crate::model::{
    ArtifactId, ArtifactUse, EnvironmentId, FactId, Guard, ItemId, Model, OutcomeId, SwitchId,
};
use crate::source::Place;
use petgraph::graph::DiGraph;
pub use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

/// The flow of one process.
#[derive(Clone, Debug)]
pub struct Flow {
    pub graph: DiGraph<Node, Edge>,
    pub start: NodeIndex,
    /// Where each item is arrived at, by its index. Conditions are asked there.
    pub arrive: Vec<NodeIndex>,
    /// Where each outcome is, by its index.
    pub ends: Vec<NodeIndex>,
    /// Where the flow stops without an outcome.
    pub nowhere: NodeIndex,
    /// How often edges were taken, as far as something depends on it.
    pub counters: Vec<Counter>,
    found: search::Found,
}

/// Counts how often an edge was taken, or several that stand for the same line.
#[derive(Clone, Debug)]
pub struct Counter {
    /// Then it is used up.
    pub at_most: u32,
}

#[derive(Clone, Debug)]
pub struct Node {
    pub kind: NodeKind,
    pub item: ItemId,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    Start,
    /// Here it is asked whether an item applies.
    Ask,
    /// A path, stage, run or loop is entered.
    Enter,
    /// A step is performed, or what a decide does before it is taken.
    Act,
    /// A task that has conditions; the number counts the lines of its step.
    Task(usize),
    Choose(ChosenBy),
    /// The branches of `any order` start here, and end at the join.
    Fork,
    Join,
    Leave,
    /// A `go` or an `end`.
    Go,
    End(OutcomeId),
    Nowhere,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    /// Answers, events and timeouts.
    People,
    Facts,
    /// Which path is taken.
    Paths,
    /// Whether a `repeat` is done.
    Until,
    /// Whether a `for each` has one more.
    Each,
}

#[derive(Clone, Debug)]
pub struct Edge {
    pub kind: EdgeKind,
    pub guard: Option<Guard>,
    pub effects: Vec<Effect>,
    /// Gone after so many times.
    pub at_most: Option<u32>,
    /// What counts it: an index into [`Flow::counters`].
    pub counter: Option<usize>,
    /// There only once this counter is used up.
    pub used_up: Option<usize>,
    /// These start anew: the edge enters the `repeat` that they count the rounds of.
    pub resets: Vec<usize>,
    /// The node that it leaves; where branches are interleaved, the one of its branch.
    pub origin: NodeIndex,
    /// Which of the branches of its item it is; of an event, of the block that has it.
    pub branch: Option<usize>,
    /// The block around whose event it is.
    pub event_of: Option<ItemId>,
    pub place: Place,
}

impl Edge {
    /// An edge that can always be taken, and on which nothing happens.
    fn plain(kind: EdgeKind, place: Place, origin: NodeIndex) -> Edge {
        let (guard, effects, branch) = (None, Vec::new(), None);
        let (at_most, counter, used_up, resets, event_of) = (None, None, None, Vec::new(), None);
        Edge {
            kind,
            guard,
            effects,
            at_most,
            counter,
            used_up,
            resets,
            origin,
            branch,
            event_of,
            place,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeKind {
    Sequence,
    /// A way out of a choice.
    Branch,
    /// Past what does not apply.
    Skip,
    /// To what stands elsewhere, or further on.
    Jump,
    /// To what was passed already.
    Back,
    /// Something happens.
    Event,
    /// Time runs out.
    Timer,
    /// An event that ends the branches of `any order` wherever they stand.
    Abandon,
}

#[derive(Clone, Debug)]
pub enum Effect {
    /// The artifact must be there, in each of these environments where it has a state in each.
    Need(ArtifactUse, Vec<EnvironmentId>),
    Make(ArtifactUse, Vec<EnvironmentId>),
    Turn {
        switch: SwitchId,
        on: bool,
        item: ItemId,
        place: Place,
    },
    /// An item that a rule speaks of is entered or performed.
    Starts(ItemId),
    /// It is left in order, or was performed.
    Finishes(ItemId),
    /// An outcome that a rule speaks of is come to.
    Ends(OutcomeId),
    /// A step from which there is no way back.
    Pass(ItemId, Place),
    /// The fact is found out: any of its values.
    Learn(FactId, Place),
    /// A decision is taken: the fact has this one of its choices.
    Answer(FactId, usize),
    /// Facts and answers that the items from the first to the last ask for are unknown again.
    Forget {
        first: ItemId,
        last: ItemId,
    },
    /// These facts are unknown again: the tasks of a `for each` ask for them anew.
    ForgetFacts(Vec<FactId>),
    /// What a `for each` makes is each item's own: each round finds these as the first one did.
    Round {
        /// So many others are around it.
        depth: usize,
        makes: Vec<ArtifactId>,
        round: Round,
    },
}

/// Where a run of a `for each` stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    First,
    Next,
    /// There is no further item, or it is left.
    Over,
}

impl Flow {
    pub fn node(&self, index: NodeIndex) -> &Node {
        &self.graph[index]
    }

    /// The edges that leave a node, in the order of the text.
    pub fn out(&self, index: NodeIndex) -> Vec<(EdgeIndex, NodeIndex)> {
        let mut edges: Vec<_> =
            self.graph.edges(index).map(|edge| (edge.id(), edge.target())).collect();
        edges.sort_unstable();
        edges
    }

    pub fn edge(&self, index: EdgeIndex) -> &Edge {
        &self.graph[index]
    }

    /// Whether something is done on an edge: a step or decision is performed, or an event happens.
    pub fn is_a_deed(&self, edge: EdgeIndex) -> bool {
        let edge = self.edge(edge);
        edge.event_of.is_some() || self.node(edge.origin).kind == NodeKind::Act
    }

    /// Where an edge leads when the branches of each `any order` are gone through one after the
    /// other, as they are written; none where it would start a branch that is not the first. No
    /// branch reads what another writes, so one order stands for all.
    pub fn in_sequence(&self, model: &Model, edge: EdgeIndex) -> Option<NodeIndex> {
        self.in_order(model, edge, Order::AsWritten)
    }

    /// The same, by another order of the branches.
    pub fn in_order(&self, model: &Model, edge: EdgeIndex, order: Order) -> Option<NodeIndex> {
        let (from, to) = self.graph.edge_endpoints(edge)?;
        let (source, target) = (self.node(from), self.node(to));
        if source.kind == NodeKind::Fork {
            let first = order.next(&model.item(source.item).children, None);
            let is_first = first.is_none_or(|first| self.arrive[first.0 as usize] == to);
            return is_first.then_some(to);
        }
        if target.kind != NodeKind::Join {
            return Some(to);
        }
        let branches = &model.item(target.item).children;
        let at = branches.iter().position(|branch| model.is_within(source.item, *branch));
        let next = at.and_then(|at| order.next(branches, Some(at)));
        Some(next.map_or(to, |next| self.arrive[next.0 as usize]))
    }
}

/// An order in which the branches of `any order` are gone through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    AsWritten,
    LastFirst,
}

impl Order {
    /// The branch after one, or the first.
    fn next(self, branches: &[ItemId], after: Option<usize>) -> Option<ItemId> {
        let at = match (self, after) {
            (Order::AsWritten, None) => 0,
            (Order::AsWritten, Some(at)) => at + 1,
            (Order::LastFirst, None) => branches.len().checked_sub(1)?,
            (Order::LastFirst, Some(at)) => at.checked_sub(1)?,
        };
        branches.get(at).copied()
    }
}
