//! The order in which the shapes of two editions stand.

use crate::emit::diagram::scene::Key;
use std::collections::HashMap;

/// Where a shape that only the old edition has is put.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Spot {
    Before(usize),
    Behind(usize),
    Last,
}

/// The shapes of both editions in one order: those of the new one as they are, those that are gone beside
/// what they stood beside.
pub struct Order<'p> {
    /// For each shape of the old edition, the one of the new.
    pairs: &'p [Option<usize>],
    count: usize,
    spots: Vec<Option<Spot>>,
    at_spot: HashMap<Spot, Vec<usize>>,
}

impl<'p> Order<'p> {
    pub fn of(pairs: &'p [Option<usize>], count: usize) -> Self {
        let spots = pairs.iter().map(|new| new.map(Spot::Behind)).collect();
        Order { pairs, count, spots, at_spot: HashMap::new() }
    }

    /// Puts one behind what stood before it in the same group, or before what stood behind it there.
    pub fn put(&mut self, keys: &[Key], at: usize, is_in: &dyn Fn(usize) -> bool) {
        let is_text = |at: &usize| matches!(keys.get(*at), Some(Key::Within(..) | Key::Start));
        let spot_of = |at: usize| self.spots.get(at).copied().flatten();
        let before = || (0..at).rev().filter(is_text);
        let behind = || before().filter(|it| is_in(*it)).find_map(spot_of);
        let ahead = || {
            let ahead = (at + 1..keys.len()).filter(is_text).filter(|it| is_in(*it));
            ahead.filter_map(|it| self.pairs.get(it).copied().flatten()).next().map(Spot::Before)
        };
        let spot = match is_text(&at) {
            true => behind().or_else(ahead).or_else(|| before().find_map(spot_of)),
            false => None,
        };
        let spot = spot.unwrap_or(Spot::Last);
        self.at_spot.entry(spot).or_default().push(at);
        self.spots.get_mut(at).into_iter().for_each(|own| *own = Some(spot));
    }

    /// Each with whether it is of the new edition.
    pub fn finish(mut self) -> Vec<(bool, usize)> {
        let mut order = Vec::new();
        let mut take = |spot| self.at_spot.remove(&spot).unwrap_or_default();
        for at in 0..self.count {
            order.extend(take(Spot::Before(at)).into_iter().map(|old| (false, old)));
            order.push((true, at));
            order.extend(take(Spot::Behind(at)).into_iter().map(|old| (false, old)));
        }
        order.extend(take(Spot::Last).into_iter().map(|old| (false, old)));
        order
    }
}
