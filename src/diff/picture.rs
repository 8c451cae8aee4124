//! Changes as a picture.

use super::telling::sentence;
use super::{Change, Diff, Edition, Moved, Relation};
use crate::emit::diagram::{Compared, Diagram, Note, compared};
use crate::emit::prose::plain;

/// So many cases are told of a change.
const MOST_CASES: usize = 2;

/// Both editions in one; without an old one, the process is new.
pub fn picture(diff: &Diff, old: Option<&Edition<'_>>, new: &Edition<'_>) -> Diagram {
    // What is not compared is said once, by the sum.
    let is_compared = diff.relation == Relation::Editions;
    let sum = match old {
        Some(_) => sentence(&diff.verdict()),
        None if diff.relation != Relation::New => sentence(&diff.verdict()),
        None => "All of it is new.".to_string(),
    };
    compared(&Compared {
        old: old.map(|old| (old.model, old.flow)),
        new: (new.model, new.flow),
        items: &diff.matched.items,
        outcomes: &diff.matched.outcomes,
        sum,
        notes: diff.changes.iter().filter(|_| is_compared).map(note).collect(),
    })
}

fn note(change: &Change) -> Note {
    let cases = change.cases.iter().take(MOST_CASES);
    let cases: Vec<String> = cases.map(Moved::told_plainly).collect();
    let mut text = plain(&change.text);
    if !cases.is_empty() {
        text = format!("{text}: {}", cases.join("; "));
    }
    let more = change.cases.len().saturating_sub(MOST_CASES);
    if more > 0 {
        text += &format!("; and {more} more");
    }
    Note { about: change.about, text }
}
