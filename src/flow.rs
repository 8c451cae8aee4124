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

mod effects;
mod lower;
mod search;

pub use lower::{last_inside, lower};

use crate::model::{ArtifactUse, EnvironmentId, FactId, Guard, ItemId, Model, OutcomeId, SwitchId};
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
    /// Which of the branches of its item it is.
    pub branch: Option<usize>,
    pub place: Place,
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
}

impl Flow {
    pub fn node(&self, index: NodeIndex) -> &Node {
        &self.graph[index]
    }

    /// The edges that leave a node, in the order of the text.
    pub fn out(&self, index: NodeIndex) -> Vec<(EdgeIndex, NodeIndex)> {
        let mut edges: Vec<_> =
            self.graph.edges(index).map(|edge| (edge.id(), edge.target())).collect();
        edges.sort();
        edges
    }

    pub fn edge(&self, index: EdgeIndex) -> &Edge {
        &self.graph[index]
    }

    /// Where an edge leads when the branches of each `any order` are gone through one after the
    /// other, as they are written; none where it would start a branch that is not the first. No
    /// branch reads what another writes, so one order stands for all.
    pub fn in_sequence(&self, model: &Model, edge: EdgeIndex) -> Option<NodeIndex> {
        let (from, to) = self.graph.edge_endpoints(edge)?;
        let (source, target) = (self.node(from), self.node(to));
        if source.kind == NodeKind::Fork {
            let first = model.item(source.item).children.first();
            let is_first = first.is_none_or(|first| self.arrive[first.0 as usize] == to);
            return is_first.then_some(to);
        }
        if target.kind != NodeKind::Join {
            return Some(to);
        }
        let branches = &model.item(target.item).children;
        let at = branches.iter().position(|branch| model.is_within(source.item, *branch));
        let next = at.and_then(|at| branches.get(at + 1));
        Some(next.map_or(to, |next| self.arrive[next.0 as usize]))
    }
}
