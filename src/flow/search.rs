//! What can be reached in a flow, whatever the facts are, and what cannot be left.

use super::{Flow, NodeKind};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::NodeIndex;
use petgraph::visit::Dfs;

impl Flow {
    /// For each node, by its index, whether some way leads there from the start.
    pub fn reached(&self) -> Vec<bool> {
        let mut reached = vec![false; self.graph.node_count()];
        let mut search = Dfs::new(&self.graph, self.start);
        while let Some(node) = search.next(&self.graph) {
            reached[node.index()] = true;
        }
        reached
    }

    /// The nodes of each loop that can be reached and never be left, in order of the text.
    pub fn closed_loops(&self, reached: &[bool]) -> Vec<Vec<NodeIndex>> {
        let mut loops: Vec<Vec<NodeIndex>> = kosaraju_scc(&self.graph)
            .into_iter()
            .filter(|nodes| nodes.iter().all(|node| reached[node.index()]))
            .filter(|nodes| self.is_closed(nodes))
            .collect();
        loops.iter_mut().for_each(|nodes| nodes.sort());
        loops.sort();
        loops
    }

    /// Whether nodes that reach each other have edges, and none to any other node.
    fn is_closed(&self, nodes: &[NodeIndex]) -> bool {
        let is_end = |node: &NodeIndex| {
            matches!(self.node(*node).kind, NodeKind::End(_) | NodeKind::Nowhere)
        };
        if nodes.iter().any(is_end) {
            return false;
        }
        let inside: std::collections::HashSet<_> = nodes.iter().copied().collect();
        let mut next = nodes.iter().flat_map(|node| self.graph.neighbors(*node)).peekable();
        next.peek().is_some() && next.all(|next| inside.contains(&next))
    }
}
