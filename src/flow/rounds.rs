//! What starts anew with a loop, and with each of its rounds.

use super::effects::{for_each_around, own};
use super::lower::Lowering;
use super::{ChosenBy, EdgeKind, Effect, NodeKind, Round};
use crate::model::{ArtifactId, ItemId};
use petgraph::visit::EdgeRef;
use std::collections::BTreeMap;

impl Lowering<'_> {
    /// Whoever comes into a `repeat` from outside has all its rounds.
    pub fn reset_rounds(&mut self) {
        if self.rounds.is_empty() {
            return;
        }
        for edge in self.flow.graph.edge_indices() {
            let Some((from, to)) = self.flow.graph.edge_endpoints(edge) else { continue };
            let (from, to) = (self.flow.node(from).item, self.flow.node(to).item);
            let entered = self.model.ancestors(to).filter(|id| !self.model.is_within(from, *id));
            let counters = entered.filter_map(|id| self.rounds.get(&id).copied());
            self.flow.graph[edge].resets = counters.collect();
        }
    }

    /// What a `for each` makes is each item's own. Who jumps into one starts its first round.
    pub fn mark_rounds(&mut self) {
        let mut made: BTreeMap<ItemId, Vec<ArtifactId>> = BTreeMap::new();
        for edge in self.flow.graph.edge_references() {
            let makes = edge.weight().effects.iter().filter_map(Effect::makes);
            let item = self.flow.node(edge.source()).item;
            for artifact in makes {
                for around in for_each_around(self.model, item) {
                    made.entry(around).or_default().push(artifact);
                }
            }
        }
        for makes in made.values_mut() {
            makes.sort_unstable();
            makes.dedup();
        }
        let of = |id: ItemId, round| {
            let depth = for_each_around(self.model, id).count() - 1;
            made.get(&id).and_then(|makes| own(depth, makes, round))
        };
        for edge in self.flow.graph.edge_indices().filter(|_| !made.is_empty()) {
            let Some((from, to)) = self.flow.graph.edge_endpoints(edge) else { continue };
            let chooses = self.flow.node(from).kind == NodeKind::Choose(ChosenBy::Each);
            let again = chooses && self.flow.edge(edge).kind == EdgeKind::Back;
            let (from, to) = (self.flow.node(from).item, self.flow.node(to).item);
            let left = for_each_around(self.model, from);
            let left = left.filter(|id| !self.model.is_within(to, *id));
            let entered = for_each_around(self.model, to);
            let entered = entered.filter(|id| !self.model.is_within(from, *id));
            // What is left is over before what is entered finds anything.
            let rounds: Vec<Effect> = (left.filter_map(|id| of(id, Round::Over)))
                .chain(entered.filter_map(|id| of(id, Round::First)))
                .chain(again.then(|| of(from, Round::Next)).flatten())
                .collect();
            self.flow.graph[edge].effects.extend(rounds);
        }
    }
}
