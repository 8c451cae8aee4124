//! `impossible-time`, `loose-deadline`: times that contradict each other, or the order of the steps, as
//! far as that is certain.
//!
//! How long a day of work is, nobody says. So times are compared only where the answer is the same
//! however it is read: `takes 3 days` is longer than `within 12 hours`, `takes 1 day` may not be.

use super::words::called;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::Flow;
use crate::model::{Anchor, BranchKind, Duration, ItemId, Line, Model, Relation, Timing, Unit};
use crate::source::Place;

pub const IMPOSSIBLE: Rule = Rule {
    name: "impossible-time",
    severity: Severity::Error,
    summary: "a time cannot be kept, whatever anybody does",
    why: "It takes longer than there is, or must be later than it may be. Everybody is late from the \
          start, and soon nobody looks at the times any more.",
    wrong: include_str!("examples/impossible-time.wrong.vup"),
    right: include_str!("examples/impossible-time.right.vup"),
};

pub const LOOSE: Rule = Rule {
    name: "loose-deadline",
    severity: Severity::Warning,
    summary: "a deadline is later than the one around it",
    why: "Who goes by it makes the stage late. One of the two is wrong.",
    wrong: include_str!("examples/loose-deadline.wrong.vup"),
    right: include_str!("examples/loose-deadline.right.vup"),
};

/// Something with times: an item, or a task of a step.
struct Timed<'m> {
    item: ItemId,
    timing: &'m Timing,
    place: Place,
    is_task: bool,
}

impl Timed<'_> {
    fn called(&self, model: &Model) -> String {
        if self.is_task { "this task".to_string() } else { called(model, self.item) }
    }
}

pub fn check(model: &Model) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for timed in timed(model) {
        let too_long = too_long(model, &timed).or_else(|| longer_than_its_whole(model, &timed));
        findings.extend(too_long);
        loose(model, &timed, &mut findings);
        timeouts(model, &timed, &mut findings);
        between_steps(model, &timed, &mut findings);
    }
    findings
}

/// Times before or after a step that never comes after or before.
pub fn check_order(model: &Model, flow: &Flow) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for timed in timed(model) {
        for anchor in &timed.timing.at_least {
            let (first, then) = match anchor.relation {
                Relation::Before => (timed.item, anchor.step),
                Relation::After => (anchor.step, timed.item),
            };
            if flow.may_come_after(model, first, then) {
                // Against the order of the text it may be another round, with a time of its own.
                let in_order = (first < then).then(|| too_far_apart(model, &timed, anchor));
                findings.extend(in_order.flatten());
                continue;
            }
            let (what, step) = (timed.called(model), called(model, anchor.step));
            let (least, word, other) = match anchor.relation {
                Relation::Before => (anchor.duration, "before", "after"),
                Relation::After => (anchor.duration, "after", "before"),
            };
            let message = format!(
                "{what} is to come at least {least} {word} {step}, which never comes {other} it"
            );
            findings.push(
                Diagnostic::new(&IMPOSSIBLE, anchor.place, message)
                    .label(model.item(anchor.step).place, "it stands here")
                    .help("name a step that does, or move one of the two"),
            );
        }
        findings.extend(counted_from_later(model, flow, &timed));
        findings.extend(too_long_behind(model, flow, &timed));
    }
    findings
}

/// Deadlines that count from a step that never comes before what is to be done.
fn counted_from_later<'m>(
    model: &'m Model,
    flow: &'m Flow,
    timed: &'m Timed<'m>,
) -> impl Iterator<Item = Diagnostic> + 'm {
    let counted = timed.timing.within.iter().filter_map(|(within, of, place)| {
        // What is a part of it may well be counted from: the rest follows.
        of.filter(|step| !model.is_within(*step, timed.item))
            .filter(|step| !flow.may_come_after(model, *step, timed.item))
            .map(|step| (within, step, *place))
    });
    counted.map(|(within, step, place)| {
        let (what, from) = (timed.called(model), called(model, step));
        let message =
            format!("{what} is to be done within {within} of {from}, which never comes before it");
        Diagnostic::new(&IMPOSSIBLE, place, message)
            .label(model.item(step).place, "it stands here")
            .help("name a step that does, or write `at least … before` if it must be done by then")
    })
}

/// It begins behind a step, and takes longer than the time in which it is to be done from there.
fn too_long_behind(model: &Model, flow: &Flow, timed: &Timed<'_>) -> Option<Diagnostic> {
    let takes = timed.timing.takes?;
    let begins_behind = |step: ItemId| {
        let is_before = flow.may_come_after(model, step, timed.item);
        !model.is_within(step, timed.item) && is_before && !model.are_beside(step, timed.item)
    };
    let (within, step, place) = timed
        .timing
        .within
        .iter()
        .filter_map(|(within, of, place)| of.map(|step| (*within, step, *place)))
        .find(|(within, step, _)| is_longer(takes, *within) && begins_behind(*step))?;
    let (what, from) = (timed.called(model), called(model, step));
    let message = format!("{what} takes {takes}, and is to be done within {within} of {from}");
    Some(
        Diagnostic::new(&IMPOSSIBLE, timed.place, message)
            .label(place, "it cannot keep this, even if it begins at once")
            .help("mend one of the two times"),
    )
}

/// Two steps lie further apart than there is time for what both stand in.
fn too_far_apart(model: &Model, timed: &Timed<'_>, anchor: &Anchor) -> Option<Diagnostic> {
    let around = model.ancestors(timed.item).filter(|id| model.is_within(anchor.step, *id));
    let times = around.flat_map(|id| &model.item(id).timing.within);
    let (within, place) = times
        .filter(|(within, of, _)| of.is_none() && is_longer(anchor.duration, *within))
        .map(|(within, _, place)| (*within, *place))
        .next()?;
    let (least, step) = (anchor.duration, called(model, anchor.step));
    let message = format!("{} and {step} are to lie {least} apart", timed.called(model));
    Some(
        Diagnostic::new(&IMPOSSIBLE, anchor.place, message)
            .label(place, format!("both are to be done within {within}"))
            .help("mend one of the two times"),
    )
}

fn timed(model: &Model) -> Vec<Timed<'_>> {
    let mut all = Vec::new();
    for id in model.ids() {
        let item = model.item(id);
        let timed = Timed { item: id, timing: &item.timing, place: item.place, is_task: false };
        match item.branches.iter().any(|branch| matches!(branch.kind, BranchKind::After(_))) {
            true => all.push(timed),
            false => add(timed, &mut all),
        }
        add_tasks(id, &item.lines, &mut all);
    }
    all
}

fn add_tasks<'m>(item: ItemId, lines: &'m [Line], all: &mut Vec<Timed<'m>>) {
    for line in lines {
        match line {
            Line::Task(task) => {
                let (timing, place) = (&task.timing, task.place);
                add(Timed { item, timing, place, is_task: true }, all);
            }
            Line::ForEach { lines, .. } => add_tasks(item, lines, all),
            _ => {}
        }
    }
}

fn add<'m>(timed: Timed<'m>, all: &mut Vec<Timed<'m>>) {
    if !timed.timing.is_empty() {
        all.push(timed);
    }
}

/// The deadlines around something, from its own start and from those of what it stands in.
fn deadlines<'m>(
    model: &'m Model,
    timed: &Timed<'m>,
    own: bool,
) -> impl Iterator<Item = (Duration, Place)> + use<'m> {
    let from = if timed.is_task { 0 } else { 1 };
    let around = model.ancestors(timed.item).skip(from).map(|id| &model.item(id).timing);
    let timings = Some(timed.timing).filter(|_| own).into_iter().chain(around);
    let within = timings.flat_map(|timing| &timing.within);
    within.filter(|(_, of, _)| of.is_none()).map(|(duration, _, place)| (*duration, *place))
}

/// It takes longer than it may.
fn too_long(model: &Model, timed: &Timed<'_>) -> Option<Diagnostic> {
    let takes = timed.timing.takes?;
    let (within, place) =
        deadlines(model, timed, true).find(|(within, _)| is_longer(takes, *within))?;
    let message =
        format!("{} takes {takes}, and {} for it", timed.called(model), there_are(within));
    Some(
        Diagnostic::new(&IMPOSSIBLE, timed.place, message)
            .label(place, format!("all of it is to be done within {within}"))
            .help("mend one of the two times"),
    )
}

/// A part takes longer than the whole is said to.
fn longer_than_its_whole(model: &Model, timed: &Timed<'_>) -> Option<Diagnostic> {
    let takes = timed.timing.takes?;
    let from = if timed.is_task { 0 } else { 1 };
    let (id, whole) = model.ancestors(timed.item).skip(from).find_map(|id| {
        let whole = model.item(id).timing.takes.filter(|whole| is_longer(takes, *whole))?;
        Some((id, whole))
    })?;
    let part = timed.called(model);
    let message = format!("{part} takes {takes}, and {} takes {whole} in all", called(model, id));
    Some(
        Diagnostic::new(&IMPOSSIBLE, timed.place, message)
            .label(model.item(id).place, format!("all of it takes {whole}"))
            .help("mend one of the two times"),
    )
}

/// There is 1 day, there are 2 days.
fn there_are(duration: Duration) -> String {
    format!("there {} {duration}", if duration.count == 1 { "is" } else { "are" })
}

/// A decision that waits for longer than there is for it.
fn timeouts(model: &Model, timed: &Timed<'_>, findings: &mut Vec<Diagnostic>) {
    let waits = model.item(timed.item).branches.iter().filter(|_| !timed.is_task);
    for branch in waits {
        let BranchKind::After(wait) = &branch.kind else { continue };
        let deadline = deadlines(model, timed, true).find(|(within, _)| is_longer(*wait, *within));
        if let Some((within, place)) = deadline {
            let message = format!("nobody waits for {wait} where {}", there_are(within));
            findings.push(
                Diagnostic::new(&IMPOSSIBLE, branch.place, message)
                    .label(place, format!("all of it is to be done within {within}"))
                    .help("mend one of the two times"),
            );
        }
    }
}

/// A deadline inside of another ends after it.
fn loose(model: &Model, timed: &Timed<'_>, findings: &mut Vec<Diagnostic>) {
    let own = timed.timing.within.iter().filter(|(_, of, _)| of.is_none());
    for (within, _, place) in own {
        let around = deadlines(model, timed, false).find(|(outer, _)| is_longer(*within, *outer));
        if let Some((outer, around)) = around {
            let message = format!("{within} is more than the {outer} around it");
            findings.push(
                Diagnostic::new(&LOOSE, *place, message)
                    .label(around, "this is to be kept too")
                    .help("shorten the deadline inside, or give more time around it"),
            );
        }
    }
}

/// It is to be later than some step by more than it may be.
fn between_steps(model: &Model, timed: &Timed<'_>, findings: &mut Vec<Diagnostic>) {
    for (within, of, place) in &timed.timing.within {
        let Some(step) = of else { continue };
        let after = timed
            .timing
            .at_least
            .iter()
            .filter(|anchor| anchor.relation == Relation::After && anchor.step == *step);
        let before = model.item(*step).timing.at_least.iter().filter(|anchor| {
            anchor.relation == Relation::Before && anchor.step == timed.item && !timed.is_task
        });
        let wrong = after.chain(before).find(|anchor| is_longer(anchor.duration, *within));
        if let Some(anchor) = wrong {
            let (least, step) = (anchor.duration, called(model, *step));
            let message = format!(
                "{} is to be done within {within} of {step}, and not before {least} have passed",
                timed.called(model)
            );
            findings.push(
                Diagnostic::new(&IMPOSSIBLE, *place, message)
                    .label(anchor.place, format!("at least {least} are to lie between"))
                    .help("mend one of the two times"),
            );
        }
    }
}

/// Whether one time is longer than another, however days are read.
fn is_longer(one: Duration, other: Duration) -> bool {
    if one.unit == other.unit {
        return one.count > other.count;
    }
    match (minutes(one), minutes(other)) {
        (Some(one), Some(other)) => one > other,
        (Some(one), None) => one > days(other).1 * 24 * 60,
        // A day of work has six hours at least.
        (None, Some(other)) => days_of_work(one) * 6 * 60 > other,
        (None, None) => days(one).0 > days(other).1,
    }
}

/// By the clock, where it is said so.
fn minutes(duration: Duration) -> Option<u64> {
    let count = u64::from(duration.count);
    match duration.unit {
        Unit::Minutes => Some(count),
        Unit::Hours => Some(count * 60),
        Unit::Days | Unit::WorkingDays | Unit::Weeks | Unit::Months => None,
    }
}

/// How many days it is at least and at most, free days between working days included.
fn days(duration: Duration) -> (u64, u64) {
    let count = u64::from(duration.count);
    match duration.unit {
        Unit::WorkingDays => (count, 2 * count + 4),
        Unit::Weeks => (7 * count, 7 * count),
        Unit::Months => (28 * count, 31 * count),
        Unit::Minutes | Unit::Hours | Unit::Days => (count, count),
    }
}

/// On how many of its days people work, at least.
fn days_of_work(duration: Duration) -> u64 {
    let count = u64::from(duration.count);
    match duration.unit {
        Unit::Weeks => 5 * count,
        Unit::Months => 20 * count,
        Unit::Minutes | Unit::Hours | Unit::Days | Unit::WorkingDays => count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_is_longer() {
        let time = |count, unit| Duration { count, unit };
        for (one, other, longer) in [
            (time(3, Unit::Days), time(2, Unit::Days), true),
            (time(2, Unit::Days), time(2, Unit::Days), false),
            (time(90, Unit::Minutes), time(1, Unit::Hours), true),
            (time(60, Unit::Minutes), time(1, Unit::Hours), false),
            (time(1, Unit::Days), time(4, Unit::Hours), true),
            (time(1, Unit::Days), time(8, Unit::Hours), false),
            (time(1, Unit::Weeks), time(40, Unit::Hours), false),
            (time(1, Unit::Weeks), time(20, Unit::Hours), true),
            (time(1, Unit::Months), time(160, Unit::Hours), false),
            (time(25, Unit::Hours), time(1, Unit::Days), true),
            (time(20, Unit::Hours), time(1, Unit::Days), false),
            (time(8, Unit::Days), time(1, Unit::Weeks), true),
            (time(7, Unit::Days), time(1, Unit::Weeks), false),
            (time(5, Unit::WorkingDays), time(1, Unit::Weeks), false),
            (time(8, Unit::WorkingDays), time(1, Unit::Weeks), true),
            (time(1, Unit::Weeks), time(5, Unit::WorkingDays), false),
            (time(1, Unit::Months), time(30, Unit::Days), false),
            (time(1, Unit::Months), time(3, Unit::Weeks), true),
        ] {
            assert_eq!(is_longer(one, other), longer, "{one} and {other}");
        }
    }
}
