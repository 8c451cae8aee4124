//! By which way each line goes.

use super::breaks::{Column, Stack};
use crate::emit::layout::ports::{Port, Side, order};
use crate::emit::layout::{Draft, Edge, Size};
use std::collections::HashMap;

/// The way of an edge.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// Down to the next row.
    Straight,
    /// From the end of a column to the top of the next, or of the next page.
    TurnOver,
    /// Through a channel beside a column: ports, and a bundle.
    Beside { exit: usize, entry: usize, bundle: usize },
    /// Above the columns to the top of one.
    Over { exit: usize },
    /// To or from a tag beside the row.
    Tag { port: usize },
}

/// Lines that share a track.
pub struct Bundle {
    /// The column beside which it runs, and where.
    pub column: usize,
    pub side: Side,
    pub ports: Vec<usize>,
}

#[derive(Default)]
pub struct Links {
    /// One for each edge.
    pub ways: Vec<Way>,
    pub ports: Vec<Port>,
    pub bundles: Vec<Bundle>,
}

/// Lines with the same of these run together.
type Shared = (usize, Side, usize, Side, u8, bool);

struct Linker<'d> {
    columns: &'d [Column],
    column: Vec<usize>,
    /// The top of each row in its column, about.
    top: Vec<i64>,
    links: Links,
    bundles: HashMap<Shared, usize>,
    shared_ports: HashMap<Shared, usize>,
}

pub fn links(draft: &Draft, stack: &Stack, columns: &[Column]) -> Links {
    let mut column = vec![0; draft.rows.len()];
    let mut top = vec![0; draft.rows.len()];
    for (index, of) in columns.iter().enumerate() {
        let mut y = 0;
        for row in of.rows.clone() {
            if let (Some(slot), Some(place)) = (column.get_mut(row), top.get_mut(row)) {
                *slot = index;
                *place = y;
            }
            y += i64::from(stack.height.get(row).copied().unwrap_or(0));
            y += i64::from(stack.gap.get(row).copied().unwrap_or(0));
        }
    }
    let mut linker = Linker {
        columns,
        column,
        top,
        links: Links::default(),
        bundles: HashMap::new(),
        shared_ports: HashMap::new(),
    };
    for (index, edge) in draft.edges.iter().enumerate() {
        let is_straight =
            edge.to.is_some_and(|to| stack.straight.get(to).copied().flatten() == Some(index));
        let way = linker.way(edge, is_straight);
        linker.links.ways.push(way);
    }
    linker.links
}

impl Linker<'_> {
    fn way(&mut self, edge: &Edge, is_straight: bool) -> Way {
        let (from, to) = match (edge.from, edge.to) {
            (Some(from), Some(to)) => (from, to),
            (Some(from), None) => return self.tag(edge, from, Side::Right),
            (None, to) => return self.tag(edge, to.unwrap_or(0), Side::Left),
        };
        let (own, other) = (self.column_of(from), self.column_of(to));
        if is_straight {
            return if own == other { Way::Straight } else { Way::TurnOver };
        }
        let page = |column: usize| self.columns.get(column).map(|column| column.page);
        if own == other {
            let side = if to <= from || edge.fans_out { Side::Left } else { Side::Right };
            return self.beside(edge, (from, side), (to, side), (own, side));
        }
        if page(own) == page(other) && own.abs_diff(other) == 1 {
            return match own < other {
                true => {
                    self.beside(edge, (from, Side::Right), (to, Side::Left), (own, Side::Right))
                }
                false => {
                    self.beside(edge, (from, Side::Left), (to, Side::Right), (other, Side::Right))
                }
            };
        }
        let is_top = self.columns.get(other).is_some_and(|column| column.rows.start == to);
        if page(own) == page(other) && own < other && is_top {
            let distance = i64::try_from(other - own).unwrap_or(0) * -1_000_000;
            // The furthest first, since its line is the highest.
            let exit = self.port(from, Side::Right, (1, distance), edge.label, Size::default());
            return Way::Over { exit };
        }
        self.tag(edge, from, Side::Right)
    }

    fn column_of(&self, row: usize) -> usize {
        self.column.get(row).copied().unwrap_or(0)
    }

    fn tag(&mut self, edge: &Edge, row: usize, side: Side) -> Way {
        let order = order(side == Side::Right, true, 0);
        Way::Tag { port: self.port(row, side, order, edge.label, edge.tag) }
    }

    fn beside(
        &mut self,
        edge: &Edge,
        from: (usize, Side),
        to: (usize, Side),
        channel: (usize, Side),
    ) -> Way {
        let hub = if edge.fans_out { from } else { to };
        let shared = (channel.0, channel.1, hub.0, hub.1, edge.style, edge.fans_out);
        let top = |row: usize| self.top.get(row).copied().unwrap_or(0);
        // A line from a row to itself arrives above where it leaves.
        let distance = match top(to.0) - top(from.0) {
            0 if from.0 == to.0 => -1,
            distance => distance,
        };
        let (leaves, arrives) = (order(true, false, distance), order(false, false, -distance));
        let (exit, entry) = if edge.fans_out {
            let exit = self.shared_port(shared, from, leaves, edge.label);
            (exit, self.port(to.0, to.1, arrives, Size::default(), Size::default()))
        } else {
            let exit = self.port(from.0, from.1, leaves, edge.label, Size::default());
            let arrives = if from.0 == to.0 { (0, 0) } else { arrives };
            (exit, self.shared_port(shared, to, arrives, Size::default()))
        };
        let next = self.links.bundles.len();
        let bundle = *self.bundles.entry(shared).or_insert(next);
        if bundle == next {
            let (column, side) = channel;
            self.links.bundles.push(Bundle { column, side, ports: Vec::new() });
        }
        if let Some(bundle) = self.links.bundles.get_mut(bundle) {
            bundle.ports.extend([exit, entry]);
        }
        Way::Beside { exit, entry, bundle }
    }

    fn shared_port(
        &mut self,
        shared: Shared,
        (row, side): (usize, Side),
        order: (u8, i64),
        label: Size,
    ) -> usize {
        if let Some(port) = self.shared_ports.get(&shared) {
            return *port;
        }
        let port = self.port(row, side, order, label, Size::default());
        self.shared_ports.insert(shared, port);
        port
    }

    fn port(&mut self, row: usize, side: Side, order: (u8, i64), label: Size, tag: Size) -> usize {
        self.links.ports.push(Port { row, side, order, label, tag, y: 0 });
        self.links.ports.len() - 1
    }
}
