//! From columns and ways to places on the page.

use super::breaks::{Column, Stack};
use super::links::{Links, Way};
use super::{COLUMN_GAP, TRACK};
use crate::emit::layout::ports::{Port, Side, edge_of, stack as pile};
use crate::emit::layout::tracks::assign;
use crate::emit::layout::{ASIDE, Draft, Layout, Piece, Point, Rect, Route, Row, RowKind, Size};

/// Above a column whose first row is reached from above.
const DROP: i32 = 18;
/// Between two lines above the columns.
const OVER: i32 = 8;
/// Between a page and the next.
const PAGE_GAP: i32 = 44;

/// What a column takes from left to right, measured from its middle.
#[derive(Clone, Copy, Debug, Default)]
struct Sides {
    /// To the outermost frame.
    frame: i32,
    /// To the end of labels and tags.
    zone: [i32; 2],
    /// To the outermost track.
    all: [i32; 2],
}

struct Placer<'d> {
    draft: &'d Draft,
    stack: &'d Stack,
    columns: &'d [Column],
    links: Links,
    rows: Vec<Rect>,
    column_of: Vec<usize>,
    /// Where the highest line of each page runs, and where its columns begin and end.
    pages: Vec<(i32, i32, i32)>,
    bottoms: Vec<i32>,
    middles: Vec<i32>,
    sides: Vec<Sides>,
    /// The track of each bundle.
    tracks: Vec<usize>,
    /// Of each column, how many tracks its bundles take to its right.
    used: Vec<usize>,
    /// For each edge that goes over columns: its place among those of its page, from the top, and
    /// among those of its column.
    over: Vec<(usize, usize)>,
}

pub fn place(draft: &Draft, stack: &Stack, columns: &[Column], links: Links) -> Layout {
    let mut placer = Placer {
        draft,
        stack,
        columns,
        links,
        rows: vec![Rect::default(); draft.rows.len()],
        column_of: vec![0; draft.rows.len()],
        pages: Vec::new(),
        bottoms: Vec::new(),
        middles: vec![0; columns.len()],
        sides: Vec::new(),
        tracks: Vec::new(),
        used: Vec::new(),
        over: Vec::new(),
    };
    for (index, column) in columns.iter().enumerate() {
        placer
            .column_of
            .get_mut(column.rows.clone())
            .into_iter()
            .for_each(|slice| slice.fill(index));
    }
    let heights = placer.heights();
    placer.order_over();
    placer.set_y(&heights);
    placer.set_tracks();
    placer.set_sides();
    placer.set_x();
    placer.finish()
}

fn index_of(side: Side) -> usize {
    usize::from(side == Side::Right)
}

fn many(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1000)
}

impl Placer<'_> {
    /// Stacks the ports of each side; a row is as high as they need.
    fn heights(&mut self) -> Vec<i32> {
        let mut heights: Vec<i32> = self.draft.rows.iter().map(|row| row.height).collect();
        let mut order: Vec<usize> = (0..self.links.ports.len()).collect();
        let ports = &self.links.ports;
        order.sort_by_key(|index| {
            ports.get(*index).map(|port| (port.row, port.side, port.order, *index))
        });
        let same = |a: &usize, b: &usize| match (ports.get(*a), ports.get(*b)) {
            (Some(a), Some(b)) => (a.row, a.side) == (b.row, b.side),
            _ => false,
        };
        let groups: Vec<Vec<usize>> = order.chunk_by(same).map(<[usize]>::to_vec).collect();
        let mut taken = Vec::new();
        let sides = groups.iter().filter_map(|own| self.links.ports.get(*own.first()?));
        let sides: Vec<(usize, Side)> = sides.map(|port| (port.row, port.side)).collect();
        for (own, (row, side)) in groups.iter().zip(&sides) {
            let height = pile(&mut self.links.ports, own);
            let needed = height - self.room_below(*row, *side, &sides);
            heights.get_mut(*row).into_iter().for_each(|own| *own = (*own).max(needed));
            taken.push((*row, height));
        }
        for (own, (row, height)) in groups.iter().zip(taken) {
            let down = ((heights.get(row).copied().unwrap_or(0) - height) / 2).max(0);
            for port in own {
                self.links.ports.get_mut(*port).into_iter().for_each(|port| port.y += down);
            }
        }
        heights
    }

    /// A frame is reached at its border, which goes on below its head: so far as nothing else comes to
    /// that side, there is room for what does not fit beside the head.
    fn room_below(&self, head: usize, side: Side, taken: &[(usize, Side)]) -> i32 {
        let frame = self.draft.rows.get(head).filter(|row| row.kind == RowKind::Header);
        let frame = frame.and_then(|row| self.draft.frames.get(row.frame?));
        let Some(frame) = frame else { return 0 };
        let is_free = |row: &usize| {
            self.column(*row) == self.column(head) && taken.binary_search(&(*row, side)).is_err()
        };
        let rows = (head + 1..frame.end).take_while(is_free);
        let height = |row: usize| self.draft.rows.get(row).map_or(0, |row| row.height);
        rows.map(|row| self.stack.gap.get(row).copied().unwrap_or(0) + height(row)).sum()
    }

    fn row(&self, row: usize) -> Rect {
        self.rows.get(row).copied().unwrap_or_default()
    }

    fn kind(&self, row: usize) -> RowKind {
        self.draft.rows.get(row).map_or(RowKind::Box, |row| row.kind)
    }

    fn column(&self, row: usize) -> usize {
        self.column_of.get(row).copied().unwrap_or(0)
    }

    fn page(&self, column: usize) -> usize {
        self.columns.get(column).map_or(0, |column| column.page)
    }

    /// Lines above the columns: the one that leads furthest runs highest.
    fn order_over(&mut self) {
        self.over = vec![(0, 0); self.draft.edges.len()];
        let mut all: Vec<(usize, usize, usize, usize)> = Vec::new();
        for (index, (edge, way)) in self.draft.edges.iter().zip(&self.links.ways).enumerate() {
            if let (Way::Over { .. }, Some(from), Some(to)) = (way, edge.from, edge.to) {
                let (from, to) = (self.column(from), self.column(to));
                all.push((self.page(from), usize::MAX - to, from, index));
            }
        }
        all.sort_unstable();
        for (position, (page, _, from, index)) in all.iter().enumerate() {
            let before = all.get(..position).unwrap_or_default();
            let of_page = before.iter().filter(|other| other.0 == *page).count();
            let of_column = before.iter().filter(|other| other.2 == *from).count();
            self.over.get_mut(*index).into_iter().for_each(|slot| *slot = (of_page, of_column));
        }
    }

    fn set_y(&mut self, heights: &[i32]) {
        let pages = self.columns.last().map_or(0, |column| column.page + 1);
        let mut lines_over = vec![0usize; pages];
        let mut reached = vec![false; pages];
        for (index, (edge, way)) in self.draft.edges.iter().zip(&self.links.ways).enumerate() {
            let Some(to) = edge.to else { continue };
            let page = self.page(self.column(to));
            match way {
                Way::Over { .. } => {
                    let count = self.over.get(index).map_or(0, |over| over.0 + 1);
                    lines_over
                        .get_mut(page)
                        .into_iter()
                        .for_each(|most| *most = (*most).max(count));
                    reached.get_mut(page).into_iter().for_each(|slot| *slot = true);
                }
                Way::TurnOver => reached.get_mut(page).into_iter().for_each(|slot| *slot = true),
                _ => {}
            }
        }
        let mut y = 0;
        let mut column = 0;
        for page in 0..pages {
            let lines = lines_over.get(page).map_or(0, |count| many(*count) * OVER);
            let drop = if reached.get(page).copied().unwrap_or(false) { DROP } else { 0 };
            let top = y + lines + drop;
            let mut bottom = top;
            while self.columns.get(column).is_some_and(|column| column.page == page) {
                let end = self.set_y_of_column(column, top, heights);
                bottom = bottom.max(end);
                self.bottoms.push(end);
                column += 1;
            }
            self.pages.push((y, top, bottom));
            y = bottom + PAGE_GAP;
        }
    }

    fn set_y_of_column(&mut self, column: usize, top: i32, heights: &[i32]) -> i32 {
        let Some(rows) = self.columns.get(column).map(|column| column.rows.clone()) else {
            return top;
        };
        let mut y = top;
        for row in rows.clone() {
            if row > rows.start {
                y += self.stack.gap.get(row).copied().unwrap_or(0);
            } else if self.kind(row) != RowKind::Header
                && self.draft.rows.get(row).is_some_and(|row| row.frame.is_some())
            {
                // What goes on from the column before has its frame around it here.
                y += self.stack.pad * 2;
            }
            let height = heights.get(row).copied().unwrap_or(0);
            if let Some(slot) = self.rows.get_mut(row) {
                *slot = Rect { x: 0, y, width: self.draft.width, height };
            }
            y += height;
        }
        let after = rows.end;
        let closed = self.frames_open_at(after.saturating_sub(1));
        let edge = self.stack.straight.get(after).copied().flatten();
        let label =
            edge.and_then(|edge| self.draft.edges.get(edge)).map_or(0, |edge| edge.label.height);
        y + closed * self.stack.pad + if label > 0 { label + 4 } else { 0 } + 10
    }

    fn frames_open_at(&self, row: usize) -> i32 {
        let frame = self.draft.rows.get(row).and_then(|row| row.frame);
        frame.and_then(|frame| self.stack.depth.get(frame)).copied().unwrap_or(0)
    }

    fn set_tracks(&mut self) {
        self.tracks = vec![0; self.links.bundles.len()];
        self.used = vec![0; self.columns.len() * 2];
        let mut of_zone: Vec<Vec<usize>> = vec![Vec::new(); self.columns.len() * 2];
        for (index, bundle) in self.links.bundles.iter().enumerate() {
            let zone = bundle.column * 2 + index_of(bundle.side);
            of_zone.get_mut(zone).into_iter().for_each(|list| list.push(index));
        }
        for (zone, own) in of_zone.iter().enumerate() {
            let stretches: Vec<(i32, i32)> =
                own.iter().map(|bundle| self.stretch(*bundle)).collect();
            let tracks = assign(&stretches);
            let used = tracks.iter().max().map_or(0, |most| most + 1);
            self.used.get_mut(zone).into_iter().for_each(|slot| *slot = used);
            for (bundle, track) in own.iter().zip(tracks) {
                self.tracks.get_mut(*bundle).into_iter().for_each(|slot| *slot = track);
            }
        }
    }

    /// From the highest to the lowest port of a bundle.
    fn stretch(&self, bundle: usize) -> (i32, i32) {
        let ports = self.links.bundles.get(bundle).map(|bundle| bundle.ports.as_slice());
        let ys = ports.unwrap_or_default().iter().map(|port| self.y_of(*port));
        ys.fold((i32::MAX, i32::MIN), |(low, high), y| (low.min(y), high.max(y)))
    }

    fn port(&self, port: usize) -> Option<&Port> {
        self.links.ports.get(port)
    }

    fn y_of(&self, port: usize) -> i32 {
        self.port(port).map_or(0, |port| self.row(port.row).y + port.y)
    }

    fn set_sides(&mut self) {
        let half = self.draft.width / 2;
        let mut reach = vec![[0; 2]; self.columns.len()];
        for port in &self.links.ports {
            let column = self.column(port.row);
            if let Some(slot) = reach.get_mut(column).and_then(|of| of.get_mut(index_of(port.side)))
            {
                *slot = port.reach().max(*slot);
            }
        }
        let mut more = vec![0usize; self.columns.len()];
        for (edge, way) in self.draft.edges.iter().zip(&self.links.ways) {
            let column = edge.from.map_or(0, |from| self.column(from));
            let takes = matches!(way, Way::Over { .. } | Way::TurnOver);
            more.get_mut(column).into_iter().for_each(|slot| *slot += usize::from(takes));
        }
        for (index, column) in self.columns.iter().enumerate() {
            let frame = half + column.depth * self.stack.pad;
            let reach = reach.get(index).copied().unwrap_or_default();
            let tracks = |side: usize| {
                let used = self.used.get(index * 2 + side).copied().unwrap_or(0);
                let more = if side == 1 { more.get(index).copied().unwrap_or(0) } else { 0 };
                many(used + more)
            };
            let zone = reach.map(|reach| frame + if reach > 0 { reach + 8 } else { 0 });
            let all = [0, 1].map(|side: usize| {
                let count = tracks(side);
                let zone = zone.get(side).copied().unwrap_or(0);
                zone + if count > 0 { TRACK * count + 6 } else { 0 }
            });
            self.sides.push(Sides { frame, zone, all });
        }
    }

    fn sides_of(&self, column: usize) -> Sides {
        self.sides.get(column).copied().unwrap_or_default()
    }

    fn set_x(&mut self) {
        let mut x = 0;
        for (index, column) in self.columns.iter().enumerate() {
            if index.checked_sub(1).is_some_and(|before| self.page(before) != column.page) {
                x = 0;
            }
            let [left, right] = self.sides_of(index).all;
            let middle = x + left;
            self.middles.get_mut(index).into_iter().for_each(|slot| *slot = middle);
            x = middle + right + COLUMN_GAP;
            for row in column.rows.clone() {
                let out = match self.draft.rows.get(row) {
                    Some(Row { kind: RowKind::Header, frame: Some(frame), .. }) => {
                        self.out(index, *frame)
                    }
                    _ => 0,
                };
                let aside = self.draft.rows.get(row).map_or(0, Row::aside);
                if let Some(rect) = self.rows.get_mut(row) {
                    rect.x = middle - self.draft.width / 2 - out + aside;
                    rect.width = self.draft.width + 2 * out - aside;
                }
            }
        }
    }

    /// How far a frame stands out over the rows of its column.
    fn out(&self, column: usize, frame: usize) -> i32 {
        let deepest = self.columns.get(column).map_or(0, |column| column.depth);
        let depth = self.stack.depth.get(frame).copied().unwrap_or(0);
        (deepest - depth + 1) * self.stack.pad
    }

    fn finish(&self) -> Layout {
        let frames = self.pieces();
        let mut routes: Vec<Route> =
            (0..self.draft.edges.len()).map(|edge| self.route(edge)).collect();
        routes.extend(self.entries());
        let mut size = Size::default();
        let mut cover = |x: i32, y: i32| {
            size = Size { width: size.width.max(x), height: size.height.max(y) };
        };
        for (index, sides) in self.sides.iter().enumerate() {
            cover(self.middles.get(index).copied().unwrap_or(0) + sides.all[1], 0);
        }
        self.pages.iter().for_each(|(_, _, bottom)| cover(0, *bottom));
        Layout { size, rows: self.rows.clone(), frames, routes }
    }

    /// Frames as they are cut by the ends of columns; outer ones first.
    fn pieces(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (index, frame) in self.draft.frames.iter().enumerate() {
            let last = frame.end.saturating_sub(1);
            for column in self.column(frame.start)..=self.column(last) {
                let Some(rows) = self.columns.get(column).map(|column| &column.rows) else {
                    continue;
                };
                let (first, end) = (frame.start.max(rows.start), frame.end.min(rows.end));
                let (top, bottom) = (self.row(first), self.row(end.saturating_sub(1)));
                let (begins, ends) = (first == frame.start, end == frame.end);
                let out = self.out(column, index);
                let depth = |row: usize| self.frames_open_at(row);
                let own = self.stack.depth.get(index).copied().unwrap_or(0);
                let under = (depth(end.saturating_sub(1)) - own + 1).max(1) * self.stack.pad;
                let over = if begins {
                    0
                } else {
                    self.stack.pad * 2 - (own - 1).clamp(0, self.stack.pad)
                };
                let middle = self.middles.get(column).copied().unwrap_or(0);
                let area = Rect {
                    x: middle - self.draft.width / 2 - out,
                    y: top.y - over,
                    width: self.draft.width + 2 * out,
                    height: bottom.bottom() + under - top.y + over,
                };
                pieces.push(Piece { frame: index, area, begins, ends });
            }
        }
        pieces
    }

    /// From heads to what hangs on them.
    fn entries(&self) -> Vec<Route> {
        (1..self.draft.rows.len()).filter_map(|row| self.entry(row)).collect()
    }

    fn entry(&self, row: usize) -> Option<Route> {
        let is_event = |row: &usize| self.kind(*row) == RowKind::Event;
        let head = (0..row).rev().find(|row| !is_event(row))?;
        let begins = self.kind(head) == RowKind::Header && !self.kind(row).is_head();
        if !begins || self.column(head) != self.column(row) {
            return None;
        }
        // Where lines at its side made the head higher, from its text on.
        let height = self.draft.rows.get(head)?.height;
        let mut points = self.down(Rect { height, ..self.row(head) }, self.row(row));
        if head + 1 < row {
            let x = self.row(row).x + ASIDE / 2;
            points.iter_mut().for_each(|point| point.x = x);
        }
        Some(Route { edge: None, points, label: None, tag: None })
    }

    fn down(&self, from: Rect, to: Rect) -> Vec<Point> {
        let x = to.centre().x;
        vec![Point { x, y: from.bottom() }, Point { x, y: to.y }]
    }

    fn route(&self, index: usize) -> Route {
        let edge = self.draft.edges.get(index);
        let (from, to) = edge.map_or((0, 0), |edge| {
            (edge.from.or(edge.to).unwrap_or(0), edge.to.or(edge.from).unwrap_or(0))
        });
        let label = edge.map_or(Size::default(), |edge| edge.label);
        let (from_row, to_row) = (self.row(from), self.row(to));
        let mut route = Route { edge: Some(index), points: Vec::new(), label: None, tag: None };
        match self.links.ways.get(index).copied().unwrap_or(Way::Straight) {
            Way::Straight => {
                route.points = self.down(from_row, to_row);
                let closed = self.stack.closed.get(to).copied().unwrap_or(0);
                route.label = under(from_row, closed * self.stack.pad, label);
            }
            Way::TurnOver => {
                route.points = self.turn(from, to);
                let closed = self.frames_open_at(from);
                route.label = under(from_row, closed * self.stack.pad, label);
            }
            Way::Beside { exit, entry, bundle } => {
                let (start, _) = self.port_at(exit);
                let (end, _) = self.port_at(entry);
                let x = self.track(bundle);
                route.points =
                    corners(&[start, Point { x, y: start.y }, Point { x, y: end.y }, end]);
                route.label = self.beside(exit).0;
            }
            Way::Over { exit } => {
                let (start, column) = self.port_at(exit);
                let (nth_of_page, nth) = self.over.get(index).copied().unwrap_or_default();
                let used = self.used.get(column * 2 + 1).copied().unwrap_or(0);
                let x = self.track_at(column, Side::Right, used + nth);
                let (top, _, _) = self.pages.get(self.page(column)).copied().unwrap_or_default();
                let y = top + many(nth_of_page) * OVER;
                let end = Point { x: to_row.centre().x, y: to_row.y };
                route.points = corners(&[
                    start,
                    Point { x, y: start.y },
                    Point { x, y },
                    Point { x: end.x, y },
                    end,
                ]);
                route.label = self.beside(exit).0;
            }
            Way::Tag { port } => {
                let (at, _) = self.port_at(port);
                let (label, tag) = self.beside(port);
                let (label, tag) = (label, tag.unwrap_or_default());
                route.label = label;
                route.tag = Some(tag);
                let incoming = edge.is_some_and(|edge| edge.from.is_none());
                route.points = match incoming {
                    true => vec![Point { x: tag.right(), y: at.y }, at],
                    false => vec![at, Point { x: tag.x, y: at.y }],
                };
            }
        }
        route
    }

    fn port_at(&self, port: usize) -> (Point, usize) {
        let Some(found) = self.port(port) else { return (Point::default(), 0) };
        let point = edge_of(self.row(found.row), self.kind(found.row), found.side, self.y_of(port));
        (point, self.column(found.row))
    }

    /// The label and the tag of a port.
    fn beside(&self, port: usize) -> (Option<Rect>, Option<Rect>) {
        let Some(found) = self.port(port) else { return (None, None) };
        let column = self.column(found.row);
        let middle = self.middles.get(column).copied().unwrap_or(0);
        let frame = self.sides_of(column).frame;
        let x = match found.side {
            Side::Right => middle + frame,
            Side::Left => middle - frame,
        };
        found.places(x, self.y_of(port))
    }

    fn track(&self, bundle: usize) -> i32 {
        let track = self.tracks.get(bundle).copied().unwrap_or(0);
        let (column, side) = self
            .links
            .bundles
            .get(bundle)
            .map_or((0, Side::Right), |bundle| (bundle.column, bundle.side));
        self.track_at(column, side, track)
    }

    fn track_at(&self, column: usize, side: Side, track: usize) -> i32 {
        let middle = self.middles.get(column).copied().unwrap_or(0);
        let zone = self.sides_of(column).zone.get(index_of(side)).copied().unwrap_or(0);
        let out = zone + 6 + many(track) * TRACK;
        if side == Side::Right { middle + out } else { middle - out }
    }

    /// From the end of a column to the top of the next.
    fn turn(&self, from: usize, to: usize) -> Vec<Point> {
        let (source, target) = (self.row(from), self.row(to));
        let (own, next) = (self.column(from), self.column(to));
        let start = Point { x: source.centre().x, y: source.bottom() };
        let end = Point { x: target.centre().x, y: target.y };
        let bottom = self.bottoms.get(own).copied().unwrap_or(start.y);
        if self.page(own) != self.page(next) {
            let (_, _, page) = self.pages.get(self.page(own)).copied().unwrap_or_default();
            let y = page + PAGE_GAP / 2 - 4;
            return corners(&[start, Point { x: start.x, y }, Point { x: end.x, y }, end]);
        }
        let more = self.over_of(own);
        let used = self.used.get(own * 2 + 1).copied().unwrap_or(0);
        let x = self.track_at(own, Side::Right, used + more);
        let (_, top, _) = self.pages.get(self.page(own)).copied().unwrap_or_default();
        let high = top - DROP / 2;
        corners(&[
            start,
            Point { x: start.x, y: bottom },
            Point { x, y: bottom },
            Point { x, y: high },
            Point { x: end.x, y: high },
            end,
        ])
    }

    /// How many lines go from a column over others.
    fn over_of(&self, column: usize) -> usize {
        let ways = self.links.ways.iter().zip(&self.draft.edges);
        ways.filter(|(way, edge)| {
            matches!(way, Way::Over { .. })
                && edge.from.is_some_and(|row| self.column(row) == column)
        })
        .count()
    }
}

/// To the right of a line that leads straight down, below the frames that end there.
fn under(row: Rect, frames: i32, label: Size) -> Option<Rect> {
    let Size { width, height } = label;
    let (x, y) = (row.centre().x + 6, row.bottom() + frames + 3);
    (height > 0).then_some(Rect { x, y, width, height })
}

/// Without corners that are none.
fn corners(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        if let [.., before, last] = kept.as_slice() {
            let straight = (before.x == last.x && last.x == point.x)
                || (before.y == last.y && last.y == point.y);
            if straight {
                kept.pop();
            }
        }
        if kept.last() != Some(point) {
            kept.push(*point);
        }
    }
    kept
}
