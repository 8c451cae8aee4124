//! A process as columns of text: what comes next stands below, and columns follow each other on a
//! page, pages down the picture.

mod breaks;
mod links;
mod place;

use super::{Draft, Layout};

/// Around what is in a frame; less where frames are deep in each other.
const PAD: i32 = 9;
/// From a row to the next.
const GAP: i32 = 24;
/// From the head of a frame to what is in it.
const HEAD_GAP: i32 = 14;
/// Between two tracks of a channel.
const TRACK: i32 = 9;
/// Between the outermost things of two columns.
const COLUMN_GAP: i32 = 16;

/// Places rows below each other, in as many columns and pages as it takes.
pub fn columns(draft: &Draft) -> Layout {
    let stack = breaks::Stack::of(draft);
    let columns = breaks::columns(draft, &stack);
    let links = links::links(draft, &stack, &columns);
    place::place(draft, &stack, &columns, links)
}
