//! Where lines leave and reach the sides of a row.

use super::{Point, Rect, RowKind, Size};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    Left,
    Right,
}

/// A place at the side of a row, with what stands beside it.
#[derive(Clone, Copy, Debug)]
pub struct Port {
    pub row: usize,
    pub side: Side,
    /// Its place among the others of its side: see [`order`].
    pub order: (u8, i64),
    pub label: Size,
    pub tag: Size,
    /// From the top of the row; set by [`stack`].
    pub y: i32,
}

/// Nothing stands closer to a line.
const CLEAR: i32 = 6;
/// Between a label and its line.
const LIFT: i32 = 3;

impl Port {
    /// What it takes above and below its line: a label stands above the line, and above the tag.
    fn extent(&self) -> (i32, i32) {
        let label = if self.label.height > 0 { self.label.height + LIFT } else { 0 };
        let half = (self.tag.height + 1) / 2;
        let below = if half > 0 { half + 4 } else { 0 };
        (CLEAR.max(label + half), CLEAR.max(below))
    }

    /// How far its label and tag reach into the channel.
    pub fn reach(&self) -> i32 {
        let with_gap = |width: i32, gap: i32| if width > 0 { width + gap } else { 0 };
        with_gap(self.label.width, 2 * LABEL_GAP).max(with_gap(self.tag.width, TAG_GAP))
    }

    /// The areas of its label and its tag, where its line starts at `x` in the zone for both.
    pub fn places(&self, x: i32, y: i32) -> (Option<Rect>, Option<Rect>) {
        let area = |gap: i32, size: Size, y: i32| Rect {
            x: match self.side {
                Side::Right => x + gap,
                Side::Left => x - gap - size.width,
            },
            y,
            width: size.width,
            height: size.height,
        };
        let half = (self.tag.height + 1) / 2;
        let label = || area(LABEL_GAP, self.label, y - half - LIFT - self.label.height);
        let tag = || area(TAG_GAP, self.tag, y - self.tag.height / 2);
        ((self.label.height > 0).then(label), (self.tag.height > 0).then(tag))
    }
}

const LABEL_GAP: i32 = 5;
const TAG_GAP: i32 = 18;

/// Puts the ports of one side of a row below each other; gives back the height that they take.
pub fn stack(ports: &mut [Port], own: &[usize]) -> i32 {
    let mut y = 0;
    for index in own {
        if let Some(port) = ports.get_mut(*index) {
            let (above, below) = port.extent();
            port.y = y + above;
            y += above + below;
        }
    }
    y
}

/// Where a line meets the side of a row, at a height of the page.
pub fn edge_of(row: Rect, kind: RowKind, side: Side, y: i32) -> Point {
    let inset = match kind {
        RowKind::Pointed(depth) => {
            let half = (row.height / 2).max(1);
            depth * (y - row.centre().y).abs().min(half) / half
        }
        _ => 0,
    };
    let x = match side {
        Side::Left => row.x + inset,
        Side::Right => row.right() - inset,
    };
    Point { x, y }
}

/// The order of ports at a side in which the fewest lines cross, from the top: what comes from
/// above, what goes up, tags, what goes down, what comes from below; near ones inside.
pub fn order(exit: bool, tag: bool, distance: i64) -> (u8, i64) {
    let up = distance < 0;
    match (exit, up) {
        _ if tag => (2, 0),
        (false, true) => (0, -distance),
        (true, true) => (1, -distance),
        (true, false) => (3, -distance),
        (false, false) => (4, -distance),
    }
}
