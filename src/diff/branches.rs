//! Answers, timeouts and events: which there are, and where they lead.

use super::items::{Compare, described};
use super::likeness::{SAME_TEXT, alike, best_pairs};
use super::names::Side;
use super::rerouted::{target_words, told_apart};
use super::spot::Spot;
use super::{Bump, Kind};
use crate::model::{Branch, BranchKind, ItemId, Model, Target};

/// Answers that lead to the same place are taken for one from here on.
const SAME_PLACE: f64 = 0.35;

/// What a branch is known by; none for the cases of a decision by facts, which are compared as cases.
fn name(branch: &Branch) -> Option<String> {
    match &branch.kind {
        BranchKind::Answer(name) => Some(format!("answer {name}")),
        BranchKind::Event(name) => Some(format!("event {name}")),
        BranchKind::After(_) => Some("timeout".to_string()),
        BranchKind::When(_) | BranchKind::Otherwise => None,
    }
}

fn shown(side: &Side<'_>, branch: &Branch) -> String {
    let title = side.text(&branch.title);
    match &branch.kind {
        BranchKind::Event(_) => format!("the event “{title}”"),
        BranchKind::After(duration) => format!("the timeout after {duration}"),
        _ => format!("the answer “{title}”"),
    }
}

impl Compare<'_> {
    pub fn branches(&mut self, spot: &Spot, old: ItemId, new: ItemId) {
        let people = |branches: &'_ [Branch]| -> Vec<Branch> {
            branches.iter().filter(|branch| name(branch).is_some()).cloned().collect()
        };
        let olds = people(&self.old.model.item(old).branches);
        let news = people(&self.new.model.item(new).branches);
        let what = match new == Model::ROOT {
            true => "the process".to_string(),
            false => described(self.new, new),
        };
        let mut same: Vec<Option<usize>> =
            news.iter().map(|new| olds.iter().position(|old| name(old) == name(new))).collect();
        let left = (0..news.len()).filter(|at| same[*at].is_none());
        let free: Vec<usize> = (0..olds.len()).filter(|at| !same.contains(&Some(*at))).collect();
        let scored = left.flat_map(|at| free.iter().map(move |old| (*old, at)));
        let scored = scored.map(|(before, at)| {
            let (one, other) = (&olds[before], &news[at]);
            let score = alike(&self.old.text(&one.title), &self.new.text(&other.title));
            let of_one_kind =
                std::mem::discriminant(&one.kind) == std::mem::discriminant(&other.kind);
            // What leads to the same place, and not just on, may have more of its words changed.
            let leads_alike = one.target != Target::Next
                && target_words(self.old, old, one.target)[0]
                    == target_words(self.new, new, other.target)[0];
            let score = match leads_alike && score >= SAME_PLACE {
                true => score.max(SAME_TEXT),
                false => score,
            };
            (if of_one_kind { score } else { 0.0 }, before, at)
        });
        for (before, at) in best_pairs(scored.collect(), SAME_TEXT) {
            same[at] = Some(before);
        }
        for (at, branch) in olds.iter().enumerate() {
            if !same.contains(&Some(at)) {
                let text = format!("{what}: {} is gone", shown(self.old, branch));
                self.tell(spot, Bump::Major, Kind::Gone, text);
            }
        }
        for (branch, same) in news.iter().zip(same) {
            match same {
                None => {
                    let [_, to] = target_words(self.new, new, branch.target);
                    let text =
                        format!("{what}: {} is new; it leads to {to}", shown(self.new, branch));
                    self.tell(spot, Bump::Minor, Kind::Added, text);
                }
                Some(at) => self.branch(spot, &what, (old, &olds[at]), (new, branch)),
            }
        }
    }

    fn branch(
        &mut self,
        spot: &Spot,
        what: &str,
        (old, was): (ItemId, &Branch),
        (new, is): (ItemId, &Branch),
    ) {
        let (before, after) = (shown(self.old, was), shown(self.new, is));
        if let (BranchKind::After(before), BranchKind::After(after)) = (&was.kind, &is.kind)
            && before != after
        {
            let text = format!("{what} times out after {after}, no longer after {before}");
            self.tell(spot, Bump::Major, Kind::Changed, text);
        } else if before != after {
            let text = format!("{what}: {before} is now {after}");
            self.tell(spot, Bump::Patch, Kind::Renamed, text);
        } else if name(was) != name(is) {
            let text = format!("{what}: {after} has another name");
            self.tell(spot, Bump::Patch, Kind::Renamed, text);
        }
        let one = target_words(self.old, old, was.target);
        let other = target_words(self.new, new, is.target);
        if one[0] != other[0] {
            let [was_to, is_to] = told_apart(one, other);
            let text = format!("{what}: {after} leads to {is_to}, no longer to {was_to}");
            self.tell(spot, Bump::Major, Kind::Rerouted, text);
        }
        let can = match is.kind {
            BranchKind::Event(_) => "can happen",
            _ => "can be given",
        };
        self.limit(spot, &format!("{what}: {after} {can}"), "times", (was.at_most, is.at_most));
    }
}
