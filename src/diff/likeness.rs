//! How alike two texts are, and which of several go together.

use std::collections::HashSet;

/// Texts that are less alike say something else.
pub const SAME_TEXT: f64 = 0.5;

/// From 0 to 1: the pairs of letters that two texts have in common.
pub fn alike(one: &str, other: &str) -> f64 {
    if one == other {
        return if one.is_empty() { 0.0 } else { 1.0 };
    }
    strsim::sorensen_dice(&one.to_lowercase(), &other.to_lowercase())
}

/// One to one, the most alike first, as far as they are alike enough. Of equals, the first come first.
pub fn best_pairs(mut scored: Vec<(f64, usize, usize)>, least: f64) -> Vec<(usize, usize)> {
    scored.retain(|(score, ..)| *score >= least);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut ones, mut others) = (HashSet::new(), HashSet::new());
    let mut pairs = Vec::new();
    for (_, one, other) in scored {
        if !ones.contains(&one) && !others.contains(&other) {
            ones.insert(one);
            others.insert(other);
            pairs.push((one, other));
        }
    }
    pairs
}

/// The numbers, of a list without repeats, that are out of order: as few as will do.
pub fn out_of_order(list: &[usize]) -> Vec<usize> {
    // The longest rising part, by patience sorting; `before` leads back through it.
    let mut piles: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; list.len()];
    for (at, number) in list.iter().enumerate() {
        let pile = piles.partition_point(|top| list[*top] < *number);
        before[at] = pile.checked_sub(1).map(|left| piles[left]);
        match piles.get_mut(pile) {
            Some(top) => *top = at,
            None => piles.push(at),
        }
    }
    let mut kept = vec![false; list.len()];
    let mut at = piles.last().copied();
    while let Some(here) = at {
        kept[here] = true;
        at = before[here];
    }
    (0..list.len()).filter(|at| !kept[*at]).map(|at| list[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::{alike, best_pairs, out_of_order};

    #[test]
    fn the_most_alike_go_together() {
        let scored = vec![(0.6, 0, 0), (0.9, 0, 1), (0.8, 1, 1), (0.7, 1, 0), (0.2, 2, 2)];
        assert_eq!(best_pairs(scored, 0.5), [(0, 1), (1, 0)]);
        assert!(alike("Check Preview", "Check the new version on Preview") > 0.4);
        assert_eq!(alike("", ""), 0.0);
    }

    #[test]
    fn what_moved_is_told_and_not_what_it_passed() {
        assert_eq!(out_of_order(&[0, 1, 2]), [0; 0]);
        assert_eq!(out_of_order(&[2, 0, 1, 3]), [2]);
        assert_eq!(out_of_order(&[0, 3, 1, 2]), [3]);
    }
}
