//! Where everything in a picture stands: plain geometry in, plain geometry out.
//!
//! In: a [`Draft`], which knows sizes and what leads where, and no texts. Out: a [`Layout`]. Lengths
//! are whole pixels, so that the same draft gives the same picture everywhere.
//!
//! A process is a text, and it is laid out like one ([`columns`]): what comes next stands below, and
//! columns follow each other on a page, pages follow each other down the picture. A line between
//! what is not neighboured runs in a channel beside its column, where nothing else stands: so no line
//! goes through a box, and none crosses the page. Each line leaves and reaches its box at a height
//! that is its own, with its label above it; so no two labels can touch. What stands further away
//! than the next column is not reached by a line at all: a tag says where it goes on, and another, there,
//! where it comes from.
//!
//! [`lanes`] places steps in rows, one for each role or environment.

pub mod columns;
pub mod lanes;
pub mod measure;
mod ports;
pub mod quality;
mod tracks;

/// An event in a frame stands aside by so much, so that the line to what comes first passes beside it.
pub const ASIDE: i32 = 36;

/// What is to be placed.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// From top to bottom, in the order of the process.
    pub rows: Vec<Row>,
    /// Each after the one that it is in.
    pub frames: Vec<Frame>,
    pub edges: Vec<Edge>,
    /// The width of every row.
    pub width: i32,
    /// What fits on a page of paper that lies across.
    pub page: Size,
    /// It is looked at as a whole: columns stand in as many rows as make it largest on one page.
    pub one_page: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub kind: RowKind,
    /// It may become higher, for the lines at its sides.
    pub height: i32,
    /// The innermost frame around it: an index into [`Draft::frames`].
    pub frame: Option<usize>,
}

impl Row {
    /// How far it begins to the right of the others.
    pub fn aside(&self) -> i32 {
        let stands_aside = self.kind == RowKind::Event && self.frame.is_some();
        if stands_aside { ASIDE } else { 0 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    Box,
    /// Its sides are pointed, by so much.
    Pointed(i32),
    /// A thin bar.
    Bar,
    /// The head of its frame, at its top.
    Header,
    /// Belongs to the head above it; no line comes from there.
    Event,
}

impl RowKind {
    /// Part of the head of a frame: what follows hangs on it.
    fn is_head(self) -> bool {
        matches!(self, RowKind::Header | RowKind::Event)
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub parent: Option<usize>,
    /// Its rows: from its header to before `end`.
    pub start: usize,
    pub end: usize,
    /// Starts a column of its own.
    pub own_column: bool,
    /// Is not cut if there is another place to cut.
    pub keep: bool,
}

/// A line from row to row; one of the two may be a tag beside the other.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    pub from: Option<usize>,
    pub to: Option<usize>,
    /// The size of the tag: of the missing end, or of the one that stands in for a far one.
    pub tag: Size,
    pub label: Size,
    /// Lines of one style that lead to the same row share a way.
    pub style: u8,
    /// May go straight down to the next row.
    pub straight: bool,
    /// Shares its way with those from the same row instead.
    pub fans_out: bool,
    /// The other end of a line that ends at a tag: it has no part in where columns begin.
    pub arrives: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub width: i32,
    pub height: i32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

/// Where everything is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub size: Size,
    /// One for each row.
    pub rows: Vec<Rect>,
    pub frames: Vec<Piece>,
    pub routes: Vec<Route>,
}

/// A frame, or the part of it in one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub frame: usize,
    pub area: Rect,
    /// It begins, and ends, here.
    pub begins: bool,
    pub ends: bool,
}

/// The way of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// None for the short one from the head of a frame to what is in it.
    pub edge: Option<usize>,
    /// Its corners; each stretch runs along the page or down it.
    pub points: Vec<Point>,
    pub label: Option<Rect>,
    pub tag: Option<Rect>,
}

impl Rect {
    pub fn right(self) -> i32 {
        self.x + self.width
    }

    pub fn bottom(self) -> i32 {
        self.y + self.height
    }

    pub fn centre(self) -> Point {
        Point { x: self.x + self.width / 2, y: self.y + self.height / 2 }
    }

    /// Whether two areas have more than a border in common.
    pub fn overlaps(self, other: Rect) -> bool {
        self.x < other.right()
            && other.x < self.right()
            && self.y < other.bottom()
            && other.y < self.bottom()
    }
}
