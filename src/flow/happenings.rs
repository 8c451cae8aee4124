//! Marks on edges for what the process's rules speak of: where an item starts and finishes, where an
//! outcome is come to. Nothing else asks, so nothing else is marked.

use super::lower::Lowering;
use super::{Effect, NodeKind};
use crate::model::{Happening, ItemId};
use petgraph::graph::{EdgeIndex, NodeIndex};
use std::collections::BTreeSet;

impl Lowering<'_> {
    /// Marks items. The edges of events that surround them are not there yet: an item that an event
    /// comes before was not performed.
    pub fn mark_items(&mut self) {
        for id in self.items_of_rules() {
            self.mark_item(id);
        }
    }

    /// Marks the edges that jump into the middle of a block: it starts there, too.
    pub fn mark_jumps_into_blocks(&mut self) {
        for id in self.items_of_rules() {
            if self.model.item(id).kind.is_performed() {
                continue;
            }
            for edge in self.flow.graph.edge_indices() {
                let Some((from, to)) = self.flow.graph.edge_endpoints(edge) else { continue };
                let (from, to) = (self.flow.node(from).item, self.flow.node(to).item);
                let is_inside = to != id && self.model.is_within(to, id);
                if is_inside && !self.model.is_within(from, id) {
                    self.flow.graph[edge].effects.push(Effect::Starts(id));
                }
            }
        }
    }

    fn items_of_rules(&self) -> BTreeSet<ItemId> {
        let of_rules = self.model.rules.iter().flat_map(|rule| rule.template.happenings());
        let items = of_rules.filter_map(|one| match one {
            Happening::Item(id) => Some(*id),
            _ => None,
        });
        items.collect()
    }

    fn mark_item(&mut self, id: ItemId) {
        let (inner, last) = (self.inner[id.0 as usize], self.last[id.0 as usize]);
        let performed = self.model.item(id).kind.is_performed();
        let finish = if performed { inner } else { last };
        for edge in self.out(finish) {
            self.flow.graph[edge].effects.insert(0, Effect::Finishes(id));
        }
        for edge in self.out(inner) {
            self.flow.graph[edge].effects.insert(0, Effect::Starts(id));
        }
    }

    fn out(&self, node: NodeIndex) -> Vec<EdgeIndex> {
        self.flow.out(node).into_iter().map(|(edge, _)| edge).collect()
    }

    /// Marks the ways to outcomes.
    pub fn mark_ends(&mut self) {
        let mut outcomes = BTreeSet::new();
        for rule in &self.model.rules {
            outcomes.extend(rule.template.happenings().into_iter().filter_map(|one| match one {
                Happening::End(id) => Some(*id),
                _ => None,
            }));
        }
        if outcomes.is_empty() {
            return;
        }
        for edge in self.flow.graph.edge_indices() {
            let Some((_, to)) = self.flow.graph.edge_endpoints(edge) else { continue };
            if let NodeKind::End(outcome) = self.flow.node(to).kind
                && outcomes.contains(&outcome)
            {
                self.flow.graph[edge].effects.push(Effect::Ends(outcome));
            }
        }
    }
}
