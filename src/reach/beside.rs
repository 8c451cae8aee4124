//! What goes on beside a place in a branch of `any order`.

use super::Reach;
use super::parallel::Parallel;
use crate::cases::{OutOfFuel, Set};
use crate::flow::{Flow, NodeIndex};
use crate::model::Model;

/// The branches of all `any order`, each followed to its end.
#[derive(Debug)]
pub struct Beside {
    parallel: Parallel,
}

impl Beside {
    pub fn new(model: &Model, flow: &Flow, reach: &mut Reach) -> Result<Beside, OutOfFuel> {
        let mut parallel = Parallel::new(model, flow, reach);
        for edge in flow.graph.edge_indices() {
            if parallel.ends(edge) {
                let ended = reach.along(flow, edge, reach.going_along(flow, edge))?;
                parallel.arriving(reach, edge, ended)?;
            }
        }
        Ok(Beside { parallel })
    }

    /// What may have become of cases at a node by what the branches beside it write.
    pub fn whatever_others_write(
        &self,
        reach: &mut Reach,
        node: NodeIndex,
        cases: Set,
    ) -> Result<Set, OutOfFuel> {
        self.parallel.whatever_others_write(reach, node, cases)
    }

    /// The cases in which no branch beside a node need end the whole block early.
    pub fn others_stay(&self, reach: &mut Reach, node: NodeIndex) -> Result<Set, OutOfFuel> {
        self.parallel.others_stay(reach, node)
    }
}
