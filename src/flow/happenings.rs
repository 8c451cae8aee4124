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
        let mut items = BTreeSet::new();
        for rule in &self.model.rules {
            items.extend(rule.template.happenings().into_iter().filter_map(|one| match one {
                Happening::Item(id) => Some(*id),
                _ => None,
            }));
        }
        for id in items {
            self.mark_item(id);
        }
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
