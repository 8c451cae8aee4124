//! A rule that the process's author wrote, as something to watch a run by: what has happened of what
//! it speaks of.
//!
//! Its states are few: a *phase* (say, whether the approval was given) for each combination of the
//! artifact states that it speaks of, since an artifact state happens when it is risen to. What a `for
//! each` makes is each item's own, so with them goes how it was found.

use crate::flow::{Effect, Flow, Round};
use crate::model::{
    ArtifactId, ArtifactUse, EnvironmentId, Guard, Happening, Model, ProcessRule, Template,
};

#[derive(Clone, Debug)]
pub struct Watch {
    template: Template,
    /// Read at the trigger, or at the end.
    pub when: Option<Guard>,
    risen: Vec<Risen>,
    /// Behind these: which of them was how, when the `for each` of this depth began.
    found: Vec<(usize, usize)>,
}

/// Whether an artifact has at least a state, in one environment where it has a state in each.
#[derive(Clone, Debug, PartialEq)]
struct Risen {
    artifact: ArtifactId,
    on: Option<EnvironmentId>,
    least: Option<usize>,
}

/// What an effect does to the states of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Moves {
    /// The next state of each, where the rule's `when` holds or it has none.
    pub yes: Vec<u32>,
    /// The same, where it does not hold, or is not known.
    pub otherwise: Vec<u32>,
}

/// The phase in which what is forbidden has happened, where that can be said at once.
const BROKEN: u32 = 2;

/// More artifact states than this in one rule are not followed.
const MOST_RISEN: usize = 8;

impl Watch {
    /// What a rule asks of each run; none where it speaks of too much.
    pub fn new(model: &Model, flow: &Flow, rule: &ProcessRule) -> Option<Watch> {
        let mut risen = Vec::new();
        for happening in rule.template.happenings() {
            if let Happening::Artifact(artifact) = happening {
                let on = match model.artifact(artifact.artifact).per_environment {
                    true if artifact.on.is_none() => (0..model.environments.len() as u32)
                        .map(|on| Some(EnvironmentId(on)))
                        .collect(),
                    true => vec![artifact.on],
                    false => vec![None],
                };
                for on in on {
                    let one = Risen { artifact: artifact.artifact, on, least: artifact.state };
                    if !risen.contains(&one) {
                        risen.push(one);
                    }
                }
            }
        }
        let all = risen.iter().enumerate();
        let found = all.flat_map(|(index, one)| {
            (0..flow.rounds_of(one.artifact)).map(move |depth| (index, depth))
        });
        let found = found.collect();
        let watch =
            Watch { template: rule.template.clone(), when: rule.when.clone(), risen, found };
        (watch.bits() <= MOST_RISEN).then_some(watch)
    }

    pub fn states(&self) -> u32 {
        self.phases() << self.bits()
    }

    fn bits(&self) -> usize {
        self.risen.len() + self.found.len()
    }

    fn phases(&self) -> u32 {
        match self.template {
            Template::NeverBoth(..) => 4,
            Template::AtMostOnce(_) | Template::OnlyAfter { .. } | Template::NeverAfter { .. } => 3,
            _ => 2,
        }
    }

    /// What is given before the process starts, has happened.
    pub fn first(&self, model: &Model) -> u32 {
        let given = self.risen.iter().map(|one| model.artifact(one.artifact).given);
        let given: Vec<bool> = given.chain(self.found.iter().map(|_| false)).collect();
        let artifact = |happening: &Happening| match happening {
            Happening::Artifact(artifact) => model.artifact(artifact.artifact).given,
            _ => false,
        };
        let phase = match &self.template {
            Template::OnlyAfter { after, .. } | Template::NeverAfter { after, .. } => {
                u32::from(artifact(after))
            }
            Template::Always { after: None, what } => u32::from(artifact(what)),
            Template::NeverBoth(one, other) => {
                u32::from(artifact(one)) + 2 * u32::from(artifact(other))
            }
            _ => 0,
        };
        self.state(phase, &given)
    }

    /// What an effect does to the states; none where the rule does not speak of it.
    pub fn moves(&self, effect: &Effect) -> Option<Moves> {
        let change = |holds: bool| -> Vec<u32> {
            (0..self.states()).map(|state| self.next(effect, state, holds)).collect()
        };
        let (yes, otherwise) = (change(true), change(self.when.is_none()));
        let still = |next: &[u32]| (0..).zip(next).all(|(state, next)| state == *next);
        (!still(&yes) || !still(&otherwise)).then_some(Moves { yes, otherwise })
    }

    fn next(&self, effect: &Effect, state: u32, holds: bool) -> u32 {
        let (phase, before) = self.parts(state);
        let after = self.risen_by(effect, &before);
        let seen =
            |happening: &Happening, at: Moment| at.is(happening, self, effect, &before, &after);
        let phase = match &self.template {
            // Once broken, it stays so.
            Template::OnlyAfter { .. } | Template::NeverAfter { .. } if phase == BROKEN => phase,
            Template::OnlyAfter { what, .. }
                if holds && phase == 0 && seen(what, Moment::Start) =>
            {
                BROKEN
            }
            Template::NeverAfter { what, .. }
                if holds && phase == 1 && seen(what, Moment::Start) =>
            {
                BROKEN
            }
            Template::OnlyAfter { after, since, .. } => {
                let open = since.as_ref().is_some_and(|since| seen(since, Moment::Start));
                let phase = if open { 0 } else { phase };
                if seen(after, Moment::Finish) { 1 } else { phase }
            }
            Template::Always { after: Some(after), what } => {
                let phase = if seen(what, Moment::Finish) { 0 } else { phase };
                if holds && seen(after, Moment::Start) { 1 } else { phase }
            }
            Template::Always { after: None, what } => phase | u32::from(seen(what, Moment::Start)),
            Template::NeverAfter { after, .. } => phase | u32::from(seen(after, Moment::Finish)),
            Template::NeverBoth(one, other) => {
                let (one, other) = (seen(one, Moment::Start), seen(other, Moment::Start));
                phase | u32::from(one) | (2 * u32::from(other))
            }
            Template::AtMostOnce(what) => (phase + u32::from(seen(what, Moment::Start))).min(2),
            Template::DifferentRoles(..) => phase,
        };
        self.state(phase, &after)
    }

    /// The states in which an effect is what the rule forbids.
    pub fn forbids(&self, effect: &Effect) -> Vec<u32> {
        let (what, phase) = match &self.template {
            Template::OnlyAfter { what, .. } => (what, 0),
            Template::NeverAfter { what, .. } => (what, 1),
            Template::AtMostOnce(what) => (what, 1),
            _ => return Vec::new(),
        };
        self.where_it_happens(what, effect).filter(|state| self.parts(*state).0 == phase).collect()
    }

    /// The states in which it is broken already, whatever else happens on a run that ends; none where
    /// that can be said at the end only.
    pub fn broken(&self) -> Vec<u32> {
        let at_once = match self.template {
            Template::OnlyAfter { .. } | Template::NeverAfter { .. } => true,
            Template::AtMostOnce(_) => self.when.is_none(),
            _ => false,
        };
        if at_once { self.in_phases(|phase| phase == BROKEN) } else { Vec::new() }
    }

    fn in_phases(&self, is_one: impl Fn(u32) -> bool) -> Vec<u32> {
        (0..self.states()).filter(|state| is_one(self.parts(*state).0)).collect()
    }

    /// The states in which a run may not end.
    pub fn forbids_at_the_end(&self) -> Vec<u32> {
        let phase = match &self.template {
            Template::Always { after: Some(_), .. } => 1,
            Template::Always { after: None, .. } => 0,
            Template::NeverBoth(..) => 3,
            Template::AtMostOnce(_) => 2,
            Template::OnlyAfter { .. } | Template::NeverAfter { .. } => BROKEN,
            Template::DifferentRoles(..) => return Vec::new(),
        };
        self.in_phases(|found| found == phase)
    }

    /// Where the `when` is read at the end: for each thing that must happen for the rule to say
    /// anything, the states in which it has.
    pub fn tested_at_the_end(&self) -> Vec<Vec<u32>> {
        match &self.template {
            Template::NeverBoth(..) => {
                vec![self.in_phases(|phase| phase & 1 != 0), self.in_phases(|phase| phase & 2 != 0)]
            }
            Template::AtMostOnce(_) => vec![self.in_phases(|phase| phase > 0)],
            _ => vec![self.in_phases(|_| true)],
        }
    }

    /// Which of the triggers have happened before a run starts.
    pub fn given(&self, model: &Model) -> Vec<bool> {
        let (phase, _) = self.parts(self.first(model));
        match &self.template {
            Template::NeverAfter { .. } => vec![false, phase == 1],
            Template::NeverBoth(..) => vec![phase & 1 != 0, phase & 2 != 0],
            _ => vec![false; self.triggers().len()],
        }
    }

    /// The states that an effect leads to, whether or not a `when` holds.
    pub fn goes_to(&self, effect: &Effect, state: u32) -> u32 {
        self.next(effect, state, true)
    }

    /// The states in which an effect is a happening, as what starts.
    pub fn where_it_happens<'w>(
        &'w self,
        what: &'w Happening,
        effect: &'w Effect,
    ) -> impl Iterator<Item = u32> + 'w {
        (0..self.states()).filter(move |state| {
            let before = self.parts(*state).1;
            let after = self.risen_by(effect, &before);
            Moment::Start.is(what, self, effect, &before, &after)
        })
    }

    /// Whether the rule speaks of what an effect is.
    pub fn concerns(&self, effect: &Effect) -> bool {
        let speaks = |happening: &&Happening| match (happening, effect) {
            (Happening::Item(id), Effect::Starts(item) | Effect::Finishes(item)) => id == item,
            (Happening::End(id), Effect::Ends(outcome)) => id == outcome,
            (Happening::Artifact(artifact), Effect::Make(made, _)) => {
                artifact.artifact == made.artifact
            }
            _ => false,
        };
        self.template.happenings().iter().any(speaks)
    }

    /// What must be able to happen for the rule to say anything.
    pub fn triggers(&self) -> Vec<&Happening> {
        match &self.template {
            Template::OnlyAfter { what, .. } => vec![what],
            Template::Always { after, .. } => after.iter().collect(),
            Template::NeverAfter { what, after } => vec![what, after],
            Template::NeverBoth(one, other) | Template::DifferentRoles(one, other) => {
                vec![one, other]
            }
            Template::AtMostOnce(what) => vec![what],
        }
    }

    /// Whether the `when` of the rule is read at its trigger, and not at the end.
    pub fn reads_at_the_trigger(&self) -> bool {
        matches!(
            self.template,
            Template::OnlyAfter { .. }
                | Template::NeverAfter { .. }
                | Template::Always { after: Some(_), .. }
                | Template::DifferentRoles(..)
        )
    }

    fn state(&self, phase: u32, risen: &[bool]) -> u32 {
        let bits = risen.iter().rev().fold(0, |bits, risen| bits * 2 + u32::from(*risen));
        phase << self.bits() | bits
    }

    fn parts(&self, state: u32) -> (u32, Vec<bool>) {
        let risen = (0..self.bits()).map(|bit| state >> bit & 1 == 1).collect();
        (state >> self.bits(), risen)
    }

    fn risen_by(&self, effect: &Effect, before: &[bool]) -> Vec<bool> {
        let mut after = before.to_vec();
        match effect {
            Effect::Make(made, on) => {
                let meant = self.risen.iter().zip(&mut after);
                for (one, after) in meant.filter(|(one, _)| one.is_meant(made, on)) {
                    *after = made.state >= one.least;
                }
            }
            Effect::Round { depth, makes, round } => {
                for (bit, (index, of)) in self.found.iter().enumerate() {
                    if of != depth || !makes.contains(&self.risen[*index].artifact) {
                        continue;
                    }
                    let bit = self.risen.len() + bit;
                    match round {
                        Round::First => after[bit] = before[*index],
                        Round::Next => after[*index] = before[bit],
                        Round::Over => after[bit] = false,
                    }
                }
            }
            _ => {}
        }
        after
    }
}

impl Risen {
    fn is_meant(&self, made: &ArtifactUse, on: &[EnvironmentId]) -> bool {
        made.artifact == self.artifact && self.on.is_none_or(|here| on.contains(&here))
    }
}

/// A stage happens when it is entered, or when it is left in order; a step when it is performed.
#[derive(Clone, Copy)]
enum Moment {
    Start,
    Finish,
}

impl Moment {
    fn is(
        self,
        happening: &Happening,
        watch: &Watch,
        effect: &Effect,
        before: &[bool],
        after: &[bool],
    ) -> bool {
        match (happening, effect, self) {
            (Happening::Item(id), Effect::Starts(item), Moment::Start)
            | (Happening::Item(id), Effect::Finishes(item), Moment::Finish) => id == item,
            (Happening::End(id), Effect::Ends(outcome), _) => id == outcome,
            (Happening::Artifact(artifact), Effect::Make(..), _) => {
                let changes = watch.risen.iter().zip(before.iter().zip(after));
                changes.into_iter().any(|(one, (before, after))| {
                    let same = one.artifact == artifact.artifact && one.least == artifact.state;
                    same && (artifact.on.is_none() || artifact.on == one.on) && !before && *after
                })
            }
            _ => false,
        }
    }
}
