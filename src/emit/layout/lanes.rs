//! Steps in lanes, one after the other from left to right, and in as many systems below each other as
//! it takes, like the staves of a piece of music.
//!
//! Each step has a stretch of the width to itself, so a line up or down from it meets nothing. What
//! does not lead to the next one runs above its system if it leads back, and below if it leads on.

use super::tracks::assign;
use super::{Point, Rect, Size};

/// What is to be placed.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// From left to right.
    pub slots: Vec<Slot>,
    pub lanes: usize,
    /// The width of the lanes' titles, at their left.
    pub title: i32,
    pub edges: Vec<Edge>,
    /// The width of a page.
    pub page: i32,
}

#[derive(Clone, Debug)]
pub struct Slot {
    pub size: Size,
    /// Where it stands, and where else it belongs.
    pub lane: usize,
    pub also: Vec<usize>,
    /// How wide its mark is there.
    pub mark: i32,
    /// The band that it is part of, such as a stage.
    pub band: Option<usize>,
    /// It stands beside the flow: what comes before it leads to what comes after it.
    pub aside: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    /// Lines of one style that lead to the same slot share a way.
    pub style: u8,
}

/// Where everything is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    pub size: Size,
    pub slots: Vec<Rect>,
    /// Marks of slots in other lanes, and the slot of each.
    pub also: Vec<(usize, Rect)>,
    pub lanes: Vec<(usize, Rect)>,
    /// The part of a band in one system.
    pub bands: Vec<(usize, Rect)>,
    /// One for each edge; none where the other end stands in another system.
    pub routes: Vec<Option<Vec<Point>>>,
}

const GAP: i32 = 24;
const BAND: i32 = 20;
const TRACK: i32 = 8;
const PAD: i32 = 12;
const SYSTEM_GAP: i32 = 40;
/// How high the marks of slots in other lanes are.
const MARK: i32 = 16;

/// The slots of one system.
struct System {
    start: usize,
    end: usize,
    top: i32,
    bottom: i32,
}

pub fn lanes(draft: &Draft) -> Layout {
    let mut layout = Layout {
        slots: vec![Rect::default(); draft.slots.len()],
        routes: vec![None; draft.edges.len()],
        ..Layout::default()
    };
    let mut systems = systems(draft);
    let mut of_system = vec![0; draft.slots.len()];
    for (index, system) in systems.iter().enumerate() {
        of_system.get_mut(system.start..system.end).into_iter().for_each(|list| list.fill(index));
    }
    let of = |slot: usize| of_system.get(slot).copied().unwrap_or(0);
    let mut beside: Vec<[Vec<usize>; 2]> = systems.iter().map(|_| Default::default()).collect();
    let mut taken = vec![false; draft.slots.len()];
    let mut straight = vec![false; draft.edges.len()];
    for (index, edge) in draft.edges.iter().enumerate() {
        if next(draft, edge.from) == edge.to && !taken.get(edge.from).copied().unwrap_or(true) {
            taken.get_mut(edge.from).into_iter().for_each(|slot| *slot = true);
            straight.get_mut(index).into_iter().for_each(|slot| *slot = true);
        } else if edge.from != edge.to && of(edge.from) == of(edge.to) {
            let side = usize::from(edge.to > edge.from);
            let list = beside.get_mut(of(edge.from)).and_then(|sides| sides.get_mut(side));
            list.into_iter().for_each(|list| list.push(index));
        }
    }
    let mut y = 0;
    for (system, beside) in systems.iter_mut().zip(&beside) {
        y = place_system(draft, &mut layout, system, beside, y) + SYSTEM_GAP;
    }
    for (index, edge) in draft.edges.iter().enumerate() {
        let route = match edge.from == edge.to {
            true => Some(around(&layout, edge.from)),
            false => straight
                .get(index)
                .copied()
                .unwrap_or(false)
                .then(|| ahead(draft, &layout, &systems, edge, of(edge.from), of(edge.to))),
        };
        if let Some(route) = route {
            layout.routes.get_mut(index).into_iter().for_each(|slot| *slot = Some(route.clone()));
        }
    }
    layout.size = Size { width: width(&layout) + PAD, height: (y - SYSTEM_GAP).max(0) };
    layout
}

/// The slot after one, in the flow.
fn next(draft: &Draft, slot: usize) -> usize {
    let rest = draft.slots.get(slot + 1..).unwrap_or_default();
    slot + 1 + rest.iter().take_while(|slot| slot.aside).count()
}

fn width(layout: &Layout) -> i32 {
    layout.lanes.iter().map(|(_, area)| area.right()).max().unwrap_or(0)
}

/// Cuts the slots into systems. One may become a little too wide, rather than leave a single slot to
/// the last.
fn systems(draft: &Draft) -> Vec<System> {
    let room = draft.page - draft.title;
    let is_lonely = |systems: &[System]| {
        systems.len() > 1 && systems.last().is_some_and(|last| last.end == last.start + 1)
    };
    let rooms = (0..5).map(|step| room + room * step / 20);
    let mut cuts = rooms.map(|room| cut(draft, room));
    let usual = cut(draft, room);
    cuts.find(|systems| !is_lonely(systems)).unwrap_or(usual)
}

/// Systems of at most a width, rather cut where a band ends.
fn cut(draft: &Draft, room: i32) -> Vec<System> {
    let mut systems = Vec::new();
    let (mut start, mut used) = (0, 0);
    let mut last_band: Option<(usize, i32)> = None;
    let mut index = 0;
    while let Some(slot) = draft.slots.get(index) {
        let own = slot.size.width + GAP;
        let before = index.checked_sub(1).and_then(|before| draft.slots.get(before));
        if index > start && before.is_some_and(|before| before.band != slot.band) {
            last_band = Some((index, used));
        }
        if used + own > room && index > start {
            // Not if most of the system would be empty then.
            let at = last_band.filter(|(_, used)| *used * 2 > room).map_or(index, |(at, _)| at);
            systems.push(System { start, end: at, top: 0, bottom: 0 });
            (start, used, index, last_band) = (at, 0, at, None);
            continue;
        }
        used += own;
        index += 1;
    }
    if start < draft.slots.len() {
        systems.push(System { start, end: draft.slots.len(), top: 0, bottom: 0 });
    }
    systems
}

/// Places one system from `top` on; gives back where it ends.
fn place_system(
    draft: &Draft,
    layout: &mut Layout,
    system: &mut System,
    beside: &[Vec<usize>; 2],
    top: i32,
) -> i32 {
    let range = system.start..system.end;
    let slots = draft.slots.get(range.clone()).unwrap_or_default();
    let mut x = draft.title + GAP;
    for (slot, rect) in slots.iter().zip(layout.slots.get_mut(range.clone()).into_iter().flatten())
    {
        *rect = Rect { x, y: 0, width: slot.size.width, height: slot.size.height };
        x += slot.size.width + GAP;
    }
    let [above, below] = ports(draft, layout, beside);
    let tracks = |lines: &[Line]| {
        let stretches: Vec<(i32, i32)> = lines.iter().map(|line| line.stretch).collect();
        let tracks = assign(&stretches);
        let count = tracks.iter().max().map_or(0, |most| most + 1);
        (tracks, i32::try_from(count).unwrap_or(0) * TRACK)
    };
    let (above_tracks, above_height) = tracks(&above);
    let (below_tracks, below_height) = tracks(&below);
    let has_bands = slots.iter().any(|slot| slot.band.is_some());
    system.top = top;
    let lanes_top = top + above_height + if has_bands { BAND } else { 0 } + 4;
    let bottom = place_lanes(draft, layout, range.clone(), lanes_top, x);
    for (band, area) in bands(slots, layout.slots.get(range).unwrap_or_default()) {
        layout
            .bands
            .push((band, Rect { y: lanes_top - BAND, height: bottom - lanes_top + BAND, ..area }));
    }
    let high = lanes_top - if has_bands { BAND } else { 0 } - 4;
    draw(layout, draft, &above, &above_tracks, |track| high - track * TRACK);
    draw(layout, draft, &below, &below_tracks, |track| bottom + 6 + track * TRACK);
    system.bottom = bottom + below_height + 6;
    system.bottom
}

/// Stacks the lanes that the system needs, and puts its slots into them.
fn place_lanes(
    draft: &Draft,
    layout: &mut Layout,
    range: std::ops::Range<usize>,
    top: i32,
    right: i32,
) -> i32 {
    let slots = draft.slots.get(range.clone()).unwrap_or_default();
    let mut heights: Vec<i32> = vec![0; draft.lanes];
    let mut need = |lane: usize, height: i32| {
        heights.get_mut(lane).into_iter().for_each(|most| *most = (*most).max(height));
    };
    for slot in slots {
        need(slot.lane, slot.size.height + 2 * PAD);
        slot.also.iter().for_each(|lane| need(*lane, MARK + 2 * PAD));
    }
    let mut tops = vec![0; draft.lanes];
    let mut y = top;
    for (lane, height) in heights.iter().enumerate().filter(|(_, height)| **height > 0) {
        tops.get_mut(lane).into_iter().for_each(|slot| *slot = y);
        layout.lanes.push((lane, Rect { x: 0, y, width: right, height: *height }));
        y += height;
    }
    let middle = |lane: usize| {
        let of = |list: &[i32]| list.get(lane).copied().unwrap_or(0);
        of(&tops) + of(&heights) / 2
    };
    for (index, slot) in range.zip(slots) {
        let Some(rect) = layout.slots.get_mut(index) else { continue };
        rect.y = middle(slot.lane) - rect.height / 2;
        for lane in &slot.also {
            let y = middle(*lane) - MARK / 2;
            layout.also.push((index, Rect { x: rect.x, y, width: slot.mark, height: MARK }));
        }
    }
    y
}

/// Stretches of slots in one band.
fn bands(slots: &[Slot], rects: &[Rect]) -> Vec<(usize, Rect)> {
    let mut bands: Vec<(usize, Rect)> = Vec::new();
    let mut before = None;
    for (slot, rect) in slots.iter().zip(rects) {
        if let Some(band) = slot.band {
            let area =
                Rect { x: rect.x - GAP / 2 + 2, y: 0, width: rect.width + GAP - 4, height: 0 };
            match bands.last_mut() {
                Some((last, known)) if before == Some(band) && *last == band => {
                    known.width = area.right() - known.x;
                }
                _ => bands.push((band, area)),
            }
        }
        before = slot.band;
    }
    bands
}

/// A line above or below a system.
struct Line {
    /// Those that share it: the edge and where it leaves its slot.
    edges: Vec<(usize, i32)>,
    /// Where it reaches its slot.
    end: i32,
    stretch: (i32, i32),
}

/// Gives each line its places at the upper and lower sides of slots.
fn ports(draft: &Draft, layout: &Layout, beside: &[Vec<usize>; 2]) -> [Vec<Line>; 2] {
    let x_of = |slot: usize, nth: usize| {
        let rect = layout.slots.get(slot).copied().unwrap_or_default();
        // The left part is for marks in other lanes.
        let mark = draft.slots.get(slot).map_or(0, |slot| slot.mark);
        let from = (mark + 8).min(rect.width / 2);
        let step = i32::try_from(nth).unwrap_or(0) * 10 % (rect.width - from - 4).max(1);
        rect.x + from + step
    };
    let side = |edges: &Vec<usize>| {
        let mut used = std::collections::HashMap::<usize, usize>::new();
        let mut next = |slot: usize| {
            let count = used.entry(slot).or_default();
            *count += 1;
            x_of(slot, *count - 1)
        };
        let mut lines: Vec<((usize, u8), Line)> = Vec::new();
        for index in edges {
            let Some(edge) = draft.edges.get(*index) else { continue };
            let key = (edge.to, edge.style);
            let at = lines.iter().position(|(known, _)| *known == key).unwrap_or(lines.len());
            if at == lines.len() {
                let end = next(edge.to);
                lines.push((key, Line { edges: Vec::new(), end, stretch: (end, end) }));
            }
            let start = next(edge.from);
            if let Some((_, line)) = lines.get_mut(at) {
                line.edges.push((*index, start));
                line.stretch = (line.stretch.0.min(start), line.stretch.1.max(start));
            }
        }
        lines.into_iter().map(|(_, line)| line).collect()
    };
    let [above, below] = beside;
    [side(above), side(below)]
}

fn draw(
    layout: &mut Layout,
    draft: &Draft,
    lines: &[Line],
    tracks: &[usize],
    height: impl Fn(i32) -> i32,
) {
    for (line, track) in lines.iter().zip(tracks) {
        let y = height(i32::try_from(*track).unwrap_or(0));
        for (index, start) in &line.edges {
            let Some(edge) = draft.edges.get(*index) else { continue };
            let side = |slot: usize| {
                let rect = layout.slots.get(slot).copied().unwrap_or_default();
                if y < rect.y { rect.y } else { rect.bottom() }
            };
            let route = vec![
                Point { x: *start, y: side(edge.from) },
                Point { x: *start, y },
                Point { x: line.end, y },
                Point { x: line.end, y: side(edge.to) },
            ];
            layout.routes.get_mut(*index).into_iter().for_each(|slot| *slot = Some(route.clone()));
        }
    }
}

/// From a slot to itself.
fn around(layout: &Layout, slot: usize) -> Vec<Point> {
    let rect = layout.slots.get(slot).copied().unwrap_or_default();
    let (right, left, y) = (rect.right() - 14, rect.right() - 44, rect.y - 7);
    vec![
        Point { x: right, y: rect.y },
        Point { x: right, y },
        Point { x: left, y },
        Point { x: left, y: rect.y },
    ]
}

/// To the next slot, or around to the next system.
fn ahead(
    draft: &Draft,
    layout: &Layout,
    systems: &[System],
    edge: &Edge,
    own: usize,
    other: usize,
) -> Vec<Point> {
    let rect = |slot: usize| layout.slots.get(slot).copied().unwrap_or_default();
    let (from, to) = (rect(edge.from), rect(edge.to));
    let start = Point { x: from.right(), y: from.centre().y };
    let end = Point { x: to.x, y: to.centre().y };
    if own == other {
        if start.y == end.y {
            return vec![start, end];
        }
        let x = end.x - GAP / 2;
        return vec![start, Point { x, y: start.y }, Point { x, y: end.y }, end];
    }
    let bottom = systems.get(own).map_or(start.y, |system| system.bottom);
    let y = bottom + SYSTEM_GAP / 2;
    let (right, left) = (start.x + GAP / 2, draft.title + GAP / 2);
    vec![
        start,
        Point { x: right, y: start.y },
        Point { x: right, y },
        Point { x: left, y },
        Point { x: left, y: end.y },
        end,
    ]
}
