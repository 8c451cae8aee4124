//! The run that a finding tells, followed step by step through the states of the explorer.

use crate::explore::{At, Phase};
use crate::facts::{Facts, UNKNOWN};
use crate::graph::{Act, Did, Graph};
use crate::rules::{Past, Watcher};
use std::collections::{HashSet, VecDeque};
use vup::diagnostic::{RunKind, RunStep};
use vup::model::{Guard, Model};
use vup::source::Place;

/// What is to be seen at the end of a run.
pub enum Shows<'w> {
    /// This is noted at the state it comes to, or of what is done there.
    Noted(&'static str, Place),
    Broken(Watcher<'w>),
    /// From there no way leads on to an end. Of branches, a run tells those before the one that goes
    /// round; it is stuck once the others, too, have come to where they leave nothing.
    Stuck,
}

pub struct Replay<'r> {
    pub model: &'r Model,
    pub graph: &'r Graph,
    /// From each state, whether a run may end: others break no rule.
    pub ends: &'r [bool],
    /// From each state, whether it may come to where no way leads on to an end.
    pub stuck: &'r [bool],
    pub facts: &'r Facts<'r>,
    /// The case that the finding tells.
    pub told: Option<Guard>,
}

/// Where a run is followed to: the state, how many of its steps have been done, and what a rule
/// remembers of it.
type Stand = (usize, usize, Past);

impl Replay<'_> {
    /// Whether the explorer can do exactly these things, one after the other, and then sees that.
    pub fn follows(&self, run: &[RunStep], shows: &Shows<'_>) -> bool {
        let wanted: Vec<Wanted> = run.iter().flat_map(wanted).collect();
        let past = match shows {
            Shows::Broken(watcher) => watcher.first(),
            _ => Past::default(),
        };
        let mut open: VecDeque<Stand> =
            (0..self.graph.starts).map(|state| (state, 0, past)).collect();
        let mut seen: HashSet<Stand> = HashSet::new();
        while let Some(stand) = open.pop_front() {
            if !seen.insert(stand) {
                continue;
            }
            let (state, done, past) = stand;
            if done == wanted.len() && self.is_seen(state, past, shows) {
                return true;
            }
            if self.is_begun(state, &wanted[done..]) && self.is_seen(state, past, shows) {
                return true;
            }
            for (to, trail) in &self.graph.ways[state] {
                match self.along(trail, &wanted[done..], past, shows) {
                    Along::Whole(more, past) => open.push_back((*to, done + more, past)),
                    // What is shown may be within what is done last.
                    Along::Part(past) if self.is_seen(state, past, shows) => return true,
                    _ => {}
                }
                let last = self.along(trail, &wanted[done..], past, shows);
                if let Along::Whole(more, past) = last
                    && more > 0
                    && done + more == wanted.len()
                    && self.is_seen(state, past, shows)
                {
                    return true;
                }
            }
        }
        false
    }

    /// Whether all that is left is what a state is about to do: it may be that nobody can finish it.
    fn is_begun(&self, state: usize, left: &[Wanted]) -> bool {
        match (&self.graph.states[state].at, left) {
            (At::Item(id, Phase::Begin), [Wanted::Does(place)]) => {
                self.model.item(*id).place == *place
            }
            _ => false,
        }
    }

    fn is_seen(&self, state: usize, past: Past, shows: &Shows<'_>) -> bool {
        let reached = &self.graph.states[state];
        let mut known = reached.store.known.clone();
        if let At::Item(id, _) = reached.at {
            // What is found out by the step itself is not known here yet.
            let item = self.model.item(id);
            let mut found_out = self.model.asked(item);
            item.lines.iter().for_each(|line| line.learned(&mut found_out));
            found_out.iter().for_each(|fact| known[fact.0 as usize] = UNKNOWN);
        }
        let is_other = |told| self.facts.holds(told, &known) == Some(false);
        if self.told.as_ref().is_some_and(is_other) {
            return false;
        }
        match shows {
            Shows::Noted(rule, place) => self.graph.notes[state].contains(&(*rule, *place)),
            Shows::Stuck => self.stuck[state],
            Shows::Broken(watcher) => {
                let reached = &self.graph.states[state];
                let ended = matches!(reached.at, At::Ended(_)).then_some(&reached.store.known);
                self.ends[state] && watcher.is_broken(past, ended)
            }
        }
    }

    /// Does what is done on a way, if it is what comes next on the run.
    fn along(&self, trail: &[Did], wanted: &[Wanted], mut past: Past, shows: &Shows<'_>) -> Along {
        let mut done = 0;
        for did in trail {
            if let Some(act) = self.visible(&did.act) {
                match wanted.get(done) {
                    Some(next) if *next == act => done += 1,
                    None if done > 0 => return Along::Part(past),
                    _ => return Along::Not,
                }
            }
            if let Shows::Broken(watcher) = shows {
                past = watcher.after(past, did);
            }
        }
        Along::Whole(done, past)
    }

    /// What a run tells of what is done; nothing where it does not tell that.
    fn visible(&self, act: &Act) -> Option<Wanted> {
        let item = |id| self.model.item(id);
        Some(match act {
            Act::Skips(id) => Wanted::Skips(item(*id).place),
            Act::Starts(id) if item(*id).kind.is_performed() => Wanted::Does(item(*id).place),
            Act::Takes(id, branch) => Wanted::Takes(item(*id).branches[*branch].place),
            Act::Event(id, branch) => Wanted::Event(item(*id).branches[*branch].place),
            Act::Ends(outcome) => Wanted::Ends(self.model.outcome(*outcome).place),
            Act::Starts(_) | Act::Finishes(_) | Act::Makes(..) => return None,
        })
    }

    /// The fewest deeds after which this is seen somewhere.
    pub fn fewest(&self, shows: &Shows<'_>) -> Option<usize> {
        let past = match shows {
            Shows::Broken(watcher) => watcher.first(),
            _ => Past::default(),
        };
        let mut open: VecDeque<(usize, Past, usize)> =
            (0..self.graph.starts).map(|state| (state, past, 0)).collect();
        let mut seen: HashSet<(usize, Past)> = HashSet::new();
        while let Some((state, past, deeds)) = open.pop_front() {
            if !seen.insert((state, past)) {
                continue;
            }
            if self.is_seen(state, past, shows) {
                return Some(deeds);
            }
            for (to, trail) in &self.graph.ways[state] {
                let count = trail.iter().filter(|did| self.is_a_deed(&did.act)).count();
                let past = match shows {
                    Shows::Broken(watcher) => {
                        trail.iter().fold(past, |past, did| watcher.after(past, did))
                    }
                    _ => past,
                };
                match count {
                    0 => open.push_front((*to, past, deeds)),
                    more => open.push_back((*to, past, deeds + more)),
                }
            }
        }
        None
    }

    fn is_a_deed(&self, act: &Act) -> bool {
        match act {
            Act::Starts(id) => self.model.item(*id).kind.is_performed(),
            Act::Event(..) => true,
            _ => false,
        }
    }
}

enum Along {
    Not,
    /// All of it, and so many steps of the run.
    Whole(usize, Past),
    /// The run is over before all of it is done.
    Part(Past),
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Wanted {
    Skips(Place),
    Does(Place),
    Takes(Place),
    Event(Place),
    Ends(Place),
}

fn wanted(step: &RunStep) -> Vec<Wanted> {
    let own = match step.kind {
        RunKind::Done => Some(Wanted::Does(step.place)),
        RunKind::Decided => None,
        RunKind::PassedBy | RunKind::Skipped => Some(Wanted::Skips(step.place)),
        RunKind::Event => Some(Wanted::Event(step.place)),
        RunKind::End => Some(Wanted::Ends(step.place)),
    };
    own.into_iter().chain(step.branch.map(Wanted::Takes)).collect()
}
