//! How good a layout is, as numbers: what nobody may do counts for much, what is a pity for little.

use super::{Draft, Layout, Point, Rect, RowKind, lanes};

/// What is drawn, as far as it can be in the way of something.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    pub boxes: Vec<Rect>,
    pub labels: Vec<Rect>,
    pub lines: Vec<Vec<Point>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Pairs of boxes and labels that overlap.
    pub overlaps: usize,
    /// Stretches of lines that go through a box or a label.
    pub through: usize,
    pub crossings: usize,
    pub bends: usize,
}

impl Quality {
    /// One number: less is better.
    pub fn score(self) -> usize {
        1000 * (self.overlaps + self.through) + 10 * self.crossings + self.bends
    }
}

/// What a layout in columns draws.
pub fn of_columns(draft: &Draft, layout: &Layout) -> Drawn {
    let boxes = draft.rows.iter().zip(&layout.rows).map(|(row, area)| match row.kind {
        // The corners of the area are not part of it.
        RowKind::Pointed(depth) => {
            Rect { x: area.x + depth, width: area.width - 2 * depth, ..*area }
        }
        // Below its text, a head that became higher is empty.
        kind if kind.is_head() => Rect { height: row.height, ..*area },
        _ => *area,
    });
    let labels = layout.routes.iter().flat_map(|route| route.label.into_iter().chain(route.tag));
    Drawn {
        boxes: boxes.collect(),
        labels: labels.collect(),
        lines: layout.routes.iter().map(|route| route.points.clone()).collect(),
    }
}

/// What a layout in lanes draws.
pub fn of_lanes(layout: &lanes::Layout) -> Drawn {
    Drawn {
        boxes: layout.slots.clone(),
        labels: layout.also.iter().map(|(_, area)| *area).collect(),
        lines: layout.routes.iter().flatten().cloned().collect(),
    }
}

/// Counts what is wrong with it.
pub fn quality(drawn: &Drawn) -> Quality {
    let areas: Vec<Rect> = drawn.boxes.iter().chain(&drawn.labels).copied().collect();
    let stretches: Vec<Stretch> = drawn
        .lines
        .iter()
        .enumerate()
        .flat_map(|(line, points)| {
            points.windows(2).map(move |ends| Stretch { line, from: ends[0], to: ends[1] })
        })
        .collect();
    let through = |stretch: &Stretch| areas.iter().filter(|area| stretch.enters(**area)).count();
    Quality {
        overlaps: pairs(&areas, |one, other| one.overlaps(*other)),
        through: stretches.iter().map(through).sum(),
        crossings: pairs(&stretches, |one, other| one.crosses(other)),
        bends: drawn.lines.iter().map(|points| points.len().saturating_sub(2)).sum(),
    }
}

fn pairs<T>(all: &[T], is_one: impl Fn(&T, &T) -> bool) -> usize {
    let later = |index: usize| all.get(index + 1..).unwrap_or_default();
    let of = |(index, one): (usize, &T)| later(index).iter().filter(|it| is_one(one, it)).count();
    all.iter().enumerate().map(of).sum()
}

/// A straight part of a line.
struct Stretch {
    line: usize,
    from: Point,
    to: Point,
}

impl Stretch {
    fn area(&self) -> Rect {
        let (x, y) = (self.from.x.min(self.to.x), self.from.y.min(self.to.y));
        Rect {
            x,
            y,
            width: (self.from.x - self.to.x).abs(),
            height: (self.from.y - self.to.y).abs(),
        }
    }

    /// Whether it is inside of an area, more than at its border.
    fn enters(&self, area: Rect) -> bool {
        let own = self.area();
        own.right() > area.x
            && own.x < area.right()
            && own.bottom() > area.y
            && own.y < area.bottom()
    }

    /// Whether two lines meet other than where one of them ends or turns into the other.
    fn crosses(&self, other: &Stretch) -> bool {
        let (one, two) = (self.area(), other.area());
        let (flat, steep) = match (one.height == 0, two.height == 0) {
            (true, false) => (one, two),
            (false, true) => (two, one),
            _ => return false,
        };
        self.line != other.line
            && flat.x < steep.x
            && steep.x < flat.right()
            && steep.y < flat.y
            && flat.y < steep.bottom()
    }
}
