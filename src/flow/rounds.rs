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
        for edge in self.flow.graph.edge_indices().filter(|_| !made.is_empty()) {
            let Some((from, to)) = self.flow.graph.edge_endpoints(edge) else { continue };
            let again = matches!(self.flow.node(from).kind, NodeKind::Choose(ChosenBy::Each))
                && self.flow.edge(edge).kind == EdgeKind::Back;
            let (from, to) = (self.flow.node(from).item, self.flow.node(to).item);
            for (id, makes) in &made {
                let within = [from, to].map(|item| self.model.is_within(item, *id));
                let round = match within {
                    [true, true] if again && from == *id => Round::Next,
                    [false, true] => Round::First,
                    [true, false] => Round::Over,
                    _ => continue,
                };
                let depth = for_each_around(self.model, *id).count() - 1;
                self.flow.graph[edge].effects.extend(own(depth, makes, round));
            }
        }
    }
}
