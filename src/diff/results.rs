//! What a decision by facts comes to: its branches by their titles, which are printed, and so say something
//! even where all of them lead to the same place.

use super::joined::Joined;
use super::likeness::{SAME_TEXT, alike, best_pairs};
use super::names::Side;
use crate::model::{Branch, BranchKind, Guard, ItemId};
use std::collections::HashSet;

/// For each branch of a decision, what it comes to, as the old edition calls it; empty without a title.
pub type Results = Vec<String>;

/// The results of the same decision in both editions. Another title for the same result is no other result:
/// who has none of the same title is sought by the condition, then by the words, then by the place.
pub fn results(
    joined: &Joined,
    (old, before): (&Side<'_>, ItemId),
    (new, after): (&Side<'_>, ItemId),
) -> [Results; 2] {
    let (olds, news) = (&old.model.item(before).branches, &new.model.item(after).branches);
    let title = |side: &Side<'_>, branch: &Branch| side.text(&branch.title);
    let was: Results = olds.iter().map(|branch| title(old, branch)).collect();
    let is: Results = news.iter().map(|branch| title(new, branch)).collect();
    let mut same: Vec<Option<usize>> = vec![None; news.len()];
    let mut taken = vec![false; olds.len()];
    pair(&mut same, &mut taken, |one, other| !was[one].is_empty() && was[one] == is[other]);
    // Branches of the same title are one result, so that none of them stands for another.
    let [had, have]: [HashSet<&String>; 2] = [was.iter().collect(), is.iter().collect()];
    let is_known = |title: &String| !title.is_empty() && had.contains(title);
    let known: Vec<bool> = is.iter().map(is_known).collect();
    let gone: Vec<bool> = was.iter().map(|title| !have.contains(title)).collect();
    let is_open = |one: usize, other: usize| !known[other] && gone[one];
    let conditions = |side: &Side<'_>, all: &[Branch]| -> Vec<Option<Guard>> {
        all.iter().map(|branch| condition(joined, side, branch)).collect()
    };
    let (asked, asks) = (conditions(old, olds), conditions(new, news));
    pair(&mut same, &mut taken, |one, other| is_open(one, other) && asked[one] == asks[other]);
    let free: Vec<usize> = (0..olds.len()).filter(|at| !taken[*at]).collect();
    let left = (0..news.len()).filter(|at| same[*at].is_none());
    let pairs = left.flat_map(|at| free.iter().map(move |one| (*one, at)));
    let pairs = pairs.filter(|(one, other)| is_open(*one, *other));
    let scored = pairs.map(|(one, other)| (alike(&was[one], &is[other]), one, other));
    for (one, other) in best_pairs(scored.collect(), SAME_TEXT) {
        (same[other], taken[one]) = (Some(one), true);
    }
    pair(&mut same, &mut taken, is_open);
    let called = |(title, same): (&String, &Option<usize>)| match same {
        Some(old) => was[*old].clone(),
        None => title.clone(),
    };
    let called = is.iter().zip(&same).map(called).collect();
    [was, called]
}

/// Gives each that has none yet the first that is free and fits.
fn pair(same: &mut [Option<usize>], taken: &mut [bool], fits: impl Fn(usize, usize) -> bool) {
    for (at, same) in same.iter_mut().enumerate().filter(|(_, same)| same.is_none()) {
        *same = (0..taken.len()).find(|old| !taken[*old] && fits(*old, at));
        same.iter().for_each(|old| taken[*old] = true);
    }
}

/// None for all other cases.
fn condition(joined: &Joined, side: &Side<'_>, branch: &Branch) -> Option<Guard> {
    match &branch.kind {
        BranchKind::When(guard) => Some(joined.guard(side, guard)),
        _ => None,
    }
}
