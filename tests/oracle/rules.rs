//! The rules that the author of a process wrote, watched along every run.
//!
//! A run ends at an outcome; others break no rule. What is given before a run starts has happened: it
//! satisfies what waits for it, and nothing need follow it.

use crate::facts::Facts;
use crate::graph::{Act, Did, Graph};
use std::collections::{HashMap, VecDeque};
use vup::model::{ArtifactUse, Happening, ItemId, Model, OutcomeId, ProcessRule, RoleId, Template};

/// What has happened so far on a run of what a rule speaks of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Past {
    /// What is waited for has happened; of `never both`, the first.
    first: bool,
    /// Of `never both`, the second; of `at most once`, a second time.
    second: bool,
    /// What is forbidden has happened.
    pub broken: bool,
}

/// What comes of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    Holds,
    Broken,
    Vacuous,
}

/// Who watches: a rule, held against every run.
pub struct Watcher<'w> {
    pub model: &'w Model,
    pub facts: &'w Facts<'w>,
    pub rule: &'w ProcessRule,
}

/// Of a stage, what counts is its start or its end.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Start,
    Finish,
}

impl Watcher<'_> {
    pub fn verdict(&self, graph: &Graph) -> Verdict {
        let mut seen: HashMap<(usize, Past), ()> = HashMap::new();
        let first = self.first();
        let mut open: VecDeque<(usize, Past)> =
            (0..graph.starts).map(|state| (state, first)).collect();
        let mut broken = false;
        let mut tested = self.tested_before(first);
        while let Some((state, past)) = open.pop_front() {
            if seen.insert((state, past), ()).is_some() {
                continue;
            }
            if graph.is_end(state) {
                let known = &graph.states[state].store.known;
                broken |= self.is_broken(past, Some(known));
                self.note_the_end(past, self.holds(known), &mut tested);
            }
            for (to, trail) in &graph.ways[state] {
                let mut past = past;
                for did in trail {
                    self.note(did, &mut tested);
                    past = self.after(past, did);
                }
                open.push_back((*to, past));
            }
        }
        if let Template::DifferentRoles(Happening::Item(one), Happening::Item(other)) =
            self.rule.template
        {
            broken = self.one_can_do_both(one, other);
        }
        let tests = self.tests();
        let is_tested = tested.iter().take(tests).all(|tested| *tested);
        match (is_tested, broken) {
            (_, true) if self.by_roles() => {
                if is_tested {
                    Verdict::Broken
                } else {
                    self.untested(graph, &tested)
                }
            }
            (_, true) => Verdict::Broken,
            (true, false) => Verdict::Holds,
            (false, false) => self.untested(graph, &tested),
        }
    }

    /// That a step or the like is never done is told of that, and not of the rules that speak of it.
    fn untested(&self, graph: &Graph, tested: &[bool; 3]) -> Verdict {
        let triggers = match &self.rule.template {
            Template::OnlyAfter { what, .. } | Template::AtMostOnce(what) => vec![what],
            Template::Always { after, .. } => after.iter().collect(),
            Template::NeverAfter { what: one, after: other }
            | Template::NeverBoth(one, other)
            | Template::DifferentRoles(one, other) => vec![one, other],
        };
        let first = tested.iter().position(|tested| !tested).and_then(|index| triggers.get(index));
        let is_done = |happening: &Happening| {
            let mut done = graph.ways.iter().flatten().flat_map(|(_, trail)| trail);
            done.any(|did| happens(happening, Side::Start, &did.act))
        };
        match first {
            Some(item @ Happening::Item(_)) if !is_done(item) => Verdict::Holds,
            _ => Verdict::Vacuous,
        }
    }

    /// What is given has happened.
    fn tested_before(&self, first: Past) -> [bool; 3] {
        match &self.rule.template {
            Template::NeverAfter { .. } => [false, first.first, first.first],
            Template::NeverBoth(..) if self.rule.when.is_none() => {
                [first.first, first.second, false]
            }
            _ => [false; 3],
        }
    }

    fn by_roles(&self) -> bool {
        matches!(self.rule.template, Template::DifferentRoles(..))
    }

    /// What is not known does not count as so.
    fn holds(&self, known: &crate::facts::Known) -> bool {
        let when = self.rule.when.as_ref();
        when.is_none_or(|when| self.facts.holds(when, known) == Some(true))
    }

    pub fn first(&self) -> Past {
        let given = |happening: &Happening| match happening {
            Happening::Artifact(artifact) => self.model.artifact(artifact.artifact).given,
            _ => false,
        };
        let mut past = Past::default();
        match &self.rule.template {
            Template::OnlyAfter { after, .. } | Template::NeverAfter { after, .. } => {
                past.first = given(after);
            }
            Template::Always { after: None, what } => past.first = given(what),
            Template::NeverBoth(one, other) => {
                (past.first, past.second) = (given(one), given(other));
            }
            _ => {}
        }
        past
    }

    pub fn after(&self, mut past: Past, did: &Did) -> Past {
        let is = |happening: &Happening, side: Side| happens(happening, side, &did.act);
        let holds = || self.holds(&did.known);
        match &self.rule.template {
            Template::OnlyAfter { what, after, since } => {
                past.broken |= is(what, Side::Start) && !past.first && holds();
                if since.as_ref().is_some_and(|since| is(since, Side::Start)) {
                    past.first = false;
                }
                past.first |= is(after, Side::Finish);
            }
            // `second`: something is still to be followed.
            Template::Always { after: Some(after), what } => {
                if is(what, Side::Finish) {
                    past.second = false;
                }
                past.second |= is(after, Side::Start) && holds();
            }
            Template::Always { after: None, what } => past.first |= is(what, Side::Start),
            Template::NeverAfter { what, after } => {
                past.broken |= is(what, Side::Start) && past.first && holds();
                past.first |= is(after, Side::Finish);
            }
            Template::NeverBoth(one, other) => {
                past.first |= is(one, Side::Start);
                past.second |= is(other, Side::Start);
            }
            Template::AtMostOnce(what) => {
                past.second |= is(what, Side::Start) && past.first;
                past.first |= is(what, Side::Start);
            }
            Template::DifferentRoles(..) => {}
        }
        past
    }

    /// Whether a run is broken by now, or by ending so.
    pub fn is_broken(&self, past: Past, ended: Option<&crate::facts::Known>) -> bool {
        let at_the_end =
            |known| self.breaks_at_the_end(past) && (!self.reads_at_the_end() || self.holds(known));
        let twice = matches!(self.rule.template, Template::AtMostOnce(_));
        let at_once = twice && self.rule.when.is_none() && past.second;
        past.broken || at_once || ended.is_some_and(at_the_end)
    }

    fn breaks_at_the_end(&self, past: Past) -> bool {
        match &self.rule.template {
            Template::Always { after: Some(_), .. } => past.second,
            Template::Always { after: None, .. } => !past.first,
            Template::NeverBoth(..) => past.first && past.second,
            Template::AtMostOnce(_) => past.second,
            _ => false,
        }
    }

    /// How many things must be able to happen for the rule to say anything.
    fn tests(&self) -> usize {
        match &self.rule.template {
            Template::OnlyAfter { .. } | Template::AtMostOnce(_) => 1,
            Template::Always { after: Some(_), .. } => 1,
            Template::Always { after: None, .. } => usize::from(self.rule.when.is_some()),
            Template::NeverAfter { .. } | Template::NeverBoth(..) if self.rule.when.is_some() => 3,
            Template::NeverAfter { .. }
            | Template::NeverBoth(..)
            | Template::DifferentRoles(..) => 2,
        }
    }

    /// Whether its `when` is read at the end.
    fn reads_at_the_end(&self) -> bool {
        matches!(
            self.rule.template,
            Template::NeverBoth(..)
                | Template::AtMostOnce(_)
                | Template::Always { after: None, .. }
        )
    }

    /// What puts the rule to the test where it happens.
    fn note(&self, did: &Did, tested: &mut [bool; 3]) {
        if self.reads_at_the_end() && self.rule.when.is_some() {
            return;
        }
        let start = |happening: &Happening| happens(happening, Side::Start, &did.act);
        match &self.rule.template {
            Template::OnlyAfter { what, .. } | Template::Always { after: Some(what), .. } => {
                tested[0] |= start(what) && self.holds(&did.known);
            }
            // That it does not happen when it must not is no reason to call the rule empty.
            Template::NeverAfter { what, after } => {
                tested[0] |= start(what);
                tested[1] |= start(after);
                tested[2] |= (start(what) || start(after)) && self.holds(&did.known);
            }
            Template::DifferentRoles(one, other) => {
                tested[0] |= start(one) && self.holds(&did.known);
                tested[1] |= start(other);
            }
            Template::NeverBoth(one, other) => {
                tested[0] |= start(one);
                tested[1] |= start(other);
            }
            Template::AtMostOnce(what) => tested[0] |= start(what),
            Template::Always { after: None, .. } => {}
        }
    }

    /// The same at the end of a run, where the `when` is read then.
    fn note_the_end(&self, past: Past, holds: bool, tested: &mut [bool; 3]) {
        if let Template::NeverAfter { .. } = self.rule.template {
            tested[2] |= holds && past.first && !past.broken;
        }
        if !self.reads_at_the_end() {
            return;
        }
        match &self.rule.template {
            Template::Always { .. } => tested[0] |= holds,
            Template::NeverBoth(..) => {
                tested[0] |= past.first;
                tested[1] |= past.second;
                tested[2] |= holds && (past.first || past.second);
            }
            _ => tested[0] |= holds && past.first,
        }
    }

    /// Whether some role, or one that is part of it, is named for something in each.
    fn one_can_do_both(&self, one: ItemId, other: ItemId) -> bool {
        let roles = || (0..self.model.roles.len() as u32).map(RoleId);
        roles().any(|role| self.can_do(role, one) && self.can_do(role, other))
    }

    fn can_do(&self, role: RoleId, item: ItemId) -> bool {
        self.model.ids().filter(|id| self.model.is_within(*id, item)).any(|id| {
            let inside = self.model.item(id);
            let named = inside.head.by.iter().flat_map(|who| who.roles());
            let mut named = named.filter(|_| inside.kind.is_performed());
            named.any(|named| {
                std::iter::successors(Some(role), |role| self.model.role(*role).parent)
                    .any(|around| around == *named)
            })
        })
    }
}

fn happens(happening: &Happening, side: Side, act: &Act) -> bool {
    match (happening, act) {
        (Happening::Item(id), Act::Starts(item)) => side == Side::Start && id == item,
        (Happening::Item(id), Act::Finishes(item)) => side == Side::Finish && id == item,
        (Happening::End(OutcomeId(id)), Act::Ends(outcome)) => *id == outcome.0,
        (Happening::Artifact(artifact), Act::Makes(made, rises)) => {
            artifact.artifact == *made && rises.iter().any(|rise| rises_to(artifact, rise))
        }
        _ => false,
    }
}

/// Whether it was below a state, and is not any more.
fn rises_to(artifact: &ArtifactUse, rise: &crate::graph::Rise) -> bool {
    let least = artifact.state.map_or(1, |state| state as u8 + 1);
    let here = artifact.on.is_none_or(|on| rise.environment == on.0 as usize + 1);
    here && rise.from < least && rise.to >= least
}
