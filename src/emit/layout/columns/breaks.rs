//! What stands above what, and where a new column begins.

use super::{GAP, HEAD_GAP, PAD};
use crate::emit::layout::{Draft, Edge, RowKind, Size};
use std::ops::Range;

/// All rows as if they stood in one column.
pub struct Stack {
    /// The depth of each frame, from 1.
    pub depth: Vec<i32>,
    /// Between the row before and this one.
    pub gap: Vec<i32>,
    /// How many frames end right above this row.
    pub closed: Vec<i32>,
    /// The edge that comes straight from the row before.
    pub straight: Vec<Option<usize>>,
    /// About how high each row becomes.
    pub height: Vec<i32>,
    pub pad: i32,
}

/// A stretch of rows below each other.
#[derive(Clone, Debug)]
pub struct Column {
    pub rows: Range<usize>,
    pub page: usize,
    /// How deep frames are in each other here.
    pub depth: i32,
}

impl Stack {
    pub fn of(draft: &Draft) -> Stack {
        let mut depth: Vec<i32> = Vec::with_capacity(draft.frames.len());
        for frame in &draft.frames {
            let around = frame.parent.and_then(|parent| depth.get(parent)).copied().unwrap_or(0);
            depth.push(around + 1);
        }
        let deepest = depth.iter().copied().max().unwrap_or(0);
        let mut stack = Stack {
            depth,
            gap: Vec::new(),
            closed: Vec::new(),
            straight: vec![None; draft.rows.len()],
            height: draft.rows.iter().map(|row| row.height).collect(),
            pad: if deepest <= 6 { PAD } else { (PAD * 6 / deepest).max(1) },
        };
        stack.find_straight(draft);
        stack.find_gaps(draft);
        stack.guess_heights(draft);
        stack
    }

    fn find_straight(&mut self, draft: &Draft) {
        for (index, edge) in draft.edges.iter().enumerate() {
            let (Some(from), Some(to), true) = (edge.from, edge.to, edge.straight) else {
                continue;
            };
            if from + 1 == to {
                self.straight.get_mut(to).into_iter().for_each(|slot| {
                    slot.get_or_insert(index);
                });
            }
        }
    }

    fn find_gaps(&mut self, draft: &Draft) {
        for (index, row) in draft.rows.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| draft.rows.get(before));
            let closed = before.map_or(0, |before| closed(draft, before.frame, index));
            let gap = match before.map(|before| before.kind) {
                None => 0,
                Some(kind) if kind.is_head() => match row.kind {
                    RowKind::Event => 5,
                    RowKind::Header => self.pad,
                    _ => HEAD_GAP,
                },
                Some(_) => self.labelled_gap(draft, index),
            };
            self.closed.push(closed);
            self.gap.push(gap + closed * self.pad);
        }
    }

    /// Room for the arrow from above, and its label.
    fn labelled_gap(&self, draft: &Draft, index: usize) -> i32 {
        let edge = self.straight.get(index).copied().flatten();
        let label = edge.and_then(|edge| draft.edges.get(edge)).map_or(0, |edge| edge.label.height);
        if label > 0 { (label + 16).max(GAP) } else { GAP }
    }

    /// Before it is known what is near, each line is taken for one with a tag.
    fn guess_heights(&mut self, draft: &Draft) {
        let mut beside = vec![0; draft.rows.len()];
        for (index, edge) in draft.edges.iter().enumerate().filter(|(_, edge)| !edge.arrives) {
            let is_straight =
                edge.to.is_some_and(|to| self.straight.get(to).copied().flatten() == Some(index));
            let row = edge.from.or(edge.to);
            if let (false, Some(slot)) = (is_straight, row.and_then(|row| beside.get_mut(row))) {
                *slot += 12.max(edge.label.height + 9).max(edge.tag.height + 8);
            }
        }
        for ((height, beside), row) in self.height.iter_mut().zip(beside).zip(&draft.rows) {
            // Beside the head of a frame is mostly the room beside all of it.
            if row.kind != RowKind::Header {
                *height = (*height).max(beside);
            }
        }
    }

    /// What it costs to cut all frames around a row.
    fn cost(&self, draft: &Draft, frame: Option<usize>) -> i32 {
        let depth = frame.and_then(|frame| self.depth.get(frame)).copied().unwrap_or(0);
        let mut around = frame;
        while let Some(found) = around.and_then(|frame| draft.frames.get(frame)) {
            if found.keep {
                return depth + TOGETHER;
            }
            around = found.parent;
        }
        depth
    }

    fn total(&self, rows: Range<usize>) -> i32 {
        let slice = |list: &[i32]| list.get(rows.clone()).map_or(0, |list| list.iter().sum());
        let own: i32 = slice(&self.height);
        let gaps: i32 = slice(&self.gap);
        own + gaps
    }
}

/// How many of the frames around a row end before another.
fn closed(draft: &Draft, mut frame: Option<usize>, row: usize) -> i32 {
    let mut count = 0;
    while let Some(found) = frame.and_then(|index| draft.frames.get(index)) {
        if found.end > row {
            break;
        }
        count += 1;
        frame = found.parent;
    }
    count
}

/// Cuts the stack into columns of about the same height, rather between frames than inside of them.
pub fn columns(draft: &Draft, stack: &Stack) -> Vec<Column> {
    let mut starts: Vec<usize> =
        draft.frames.iter().filter(|frame| frame.own_column).map(|frame| frame.start).collect();
    starts.push(0);
    // What follows such a frame does not belong to it.
    let ends = draft.frames.iter().filter(|frame| frame.own_column).map(|frame| frame.end);
    starts.extend(ends.filter(|end| *end < draft.rows.len()));
    starts.sort_unstable();
    starts.dedup();
    let (per_page, most) = page(draft, stack, &starts);
    let mut ranges = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(draft.rows.len());
        let total = stack.total(*start..end);
        let mut pieces = (total + most - 1) / most;
        if starts.len() == 1 && pieces > per_page {
            // All pages are filled alike.
            pieces = (pieces + per_page - 1) / per_page * per_page;
        }
        ranges.extend(cut_evenly(draft, stack, *start..end, pieces));
    }
    let deepest = |rows: &Range<usize>| {
        let rows = draft.rows.get(rows.clone()).unwrap_or_default();
        let depths = rows.iter().filter_map(|row| stack.depth.get(row.frame?).copied());
        depths.max().unwrap_or(0)
    };
    let per_page = usize::try_from(per_page).unwrap_or(1);
    let columns = ranges.into_iter().enumerate().map(|(index, rows)| {
        let depth = deepest(&rows);
        Column { rows, page: index / per_page, depth }
    });
    columns.collect()
}

/// How many columns stand on a page, and how high they may become: as it fits the paper best, upright
/// or across. `starts` is where columns begin in any case.
fn page(draft: &Draft, stack: &Stack, starts: &[usize]) -> (i32, i32) {
    let Size { width: long, height: short } = draft.page;
    let own = column_width(draft, stack);
    if draft.one_page {
        return (per_row(draft, stack, starts, own), long.max(1));
    }
    let total = stack.total(0..draft.rows.len());
    if starts.len() == 1 {
        let scale = |width, height| scale(draft.page, width, height);
        let best = (1..=4).rev().max_by_key(|count| scale(count * own, total / count));
        let count = best.unwrap_or(1);
        if scale(count * own, total / count) >= 950 {
            return (count, (total / count + GAP).max(1));
        }
    }
    let (across, upright) = ((long / own).max(1), (short / own).max(1));
    if across * short >= upright * long { (across, short) } else { (upright, long) }
}

/// How large it is printed on one page, in thousandths of the size that is just readable.
fn scale(Size { width: long, height: short }: Size, width: i32, height: i32) -> i64 {
    let fits = |page: i32, own: i32| i64::from(page) * 1000 / i64::from(own.max(1));
    let across = fits(long, width).min(fits(short, height));
    let upright = fits(short, width).min(fits(long, height));
    across.max(upright)
}

/// How many parts that are seen together stand beside each other: as many as can be read on one page,
/// or else as many as make them largest.
fn per_row(draft: &Draft, stack: &Stack, starts: &[usize], width: i32) -> i32 {
    let ends = starts.iter().skip(1).copied().chain([draft.rows.len()]);
    let heights: Vec<i32> =
        starts.iter().zip(ends).map(|(start, end)| stack.total(*start..end)).collect();
    let size = |count: &usize| {
        let rows = heights.chunks(*count).map(|row| row.iter().max().copied().unwrap_or(0) + GAP);
        let across = i32::try_from(*count).unwrap_or(i32::MAX).saturating_mul(width);
        scale(draft.page, across, rows.sum()).min(SMALL)
    };
    // Of those that are as good, the last is taken.
    let best = (1..=heights.len().min(MOST_BESIDE)).max_by_key(size).unwrap_or(1);
    i32::try_from(best).unwrap_or(1)
}

/// With its labels and tags, about.
fn column_width(draft: &Draft, stack: &Stack) -> i32 {
    let deepest = stack.depth.iter().copied().max().unwrap_or(0);
    let most = |widths: &mut dyn Iterator<Item = i32>| widths.max().unwrap_or(0);
    let is_back = |edge: &&Edge| edge.to <= edge.from;
    let left = most(&mut draft.edges.iter().filter(is_back).map(|edge| edge.label.width + 15));
    let right = most(&mut draft.edges.iter().map(|edge| edge.label.width + 20));
    draft.width + 2 * deepest * stack.pad + left + right + 30
}

/// At most so many columns if they need not become much higher for it.
fn cut_evenly(draft: &Draft, stack: &Stack, rows: Range<usize>, pieces: i32) -> Vec<Range<usize>> {
    let even = stack.total(rows.clone()) / pieces.max(1) + GAP;
    let tries = (1..=6).map(|step| cut(draft, stack, rows.clone(), even + even * step / 20));
    let mut best: Option<Vec<Range<usize>>> = None;
    for ranges in tries {
        let is_few = i32::try_from(ranges.len()).is_ok_and(|count| count <= pieces);
        if best.as_ref().is_none_or(|best| ranges.len() < best.len()) {
            best = Some(ranges);
        }
        if is_few {
            break;
        }
    }
    best.unwrap_or_default()
}

fn cut(draft: &Draft, stack: &Stack, rows: Range<usize>, wanted: i32) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = rows.start;
    let mut used = 0;
    let mut row = rows.start;
    while row < rows.end {
        let own = stack.height.get(row).copied().unwrap_or(0);
        let gap = stack.gap.get(row).copied().unwrap_or(0);
        let over = used + gap + own - wanted;
        if over > 0 && row > start {
            // What belongs together may make a column higher.
            let found = best_break(draft, stack, start, row, wanted)
                .filter(|(cost, _)| *cost < TOGETHER || over > wanted * 2 / 5);
            if let Some((_, at)) = found {
                ranges.push(start..at);
                start = at;
                row = at;
                used = 0;
                continue;
            }
        }
        used += own + if row == start { 0 } else { gap };
        row += 1;
    }
    if start < rows.end {
        ranges.push(start..rows.end);
    }
    ranges
}

/// In thousandths as in [`scale`], what can still be read well enough on paper.
const SMALL: i64 = 700;

/// No paper is as wide as more columns.
const MOST_BESIDE: usize = 12;

/// What it costs more to cut a frame that belongs together.
const TOGETHER: i32 = 100;

/// The row in the last part of a column before which the fewest frames are cut.
fn best_break(
    draft: &Draft,
    stack: &Stack,
    start: usize,
    row: usize,
    wanted: i32,
) -> Option<(i32, usize)> {
    let mut left = 0;
    let mut best: Option<(i32, usize)> = None;
    for at in (start + 1..=row).rev() {
        let (before, own) = (draft.rows.get(at - 1)?, draft.rows.get(at)?);
        let hangs = before.kind.is_head()
            || own.kind == RowKind::Event
            || before.kind == RowKind::Bar
            || own.kind == RowKind::Bar;
        // What a head opens right here is not cut.
        let opened = match (own.kind, own.frame.and_then(|frame| draft.frames.get(frame))) {
            (RowKind::Header, Some(frame)) => 1 + if frame.keep { TOGETHER } else { 0 },
            _ => 0,
        };
        let through = stack.cost(draft, own.frame) - opened;
        if !hangs && best.is_none_or(|(fewest, _)| through < fewest) {
            best = Some((through, at));
        }
        left += stack.height.get(at - 1).copied().unwrap_or(0);
        left += stack.gap.get(at).copied().unwrap_or(0);
        // A short column is better than a cut through what belongs together.
        let most = match best {
            Some((cost, _)) if cost < TOGETHER => wanted / 2,
            _ => wanted * 3 / 4,
        };
        if left > most && best.is_some() {
            break;
        }
    }
    best
}
