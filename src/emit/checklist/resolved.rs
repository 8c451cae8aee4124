//! A model as it is for one case, and for one kind of reader: what is settled is settled in it, what may
//! not be seen is not there.
//!
//! Everything is printed from such a model, so that no format can tell what it should not.

use crate::emit::{prose, words};
use crate::model::{
    Condition, FactOrigin, ItemKind, Line, Model, Remark, RoleId, Skip, TaskKind, Value, Who,
};
use crate::plan::Values;
use std::collections::HashSet;

/// Fills in what is known, and lets go of the conditions that are met.
///
/// What is *not* met stays: it is told as the reason why something does not apply.
pub(super) fn resolve(model: &mut Model, values: &Values<'_>) {
    let titles = model.clone();
    model.fill(&|id| {
        let fact = titles.fact(id);
        let shown = fact.kind.show(&values.value(id).ok()?);
        Some(match &fact.origin {
            FactOrigin::Answer(item) => words::answer_title(&titles, *item, &shown),
            FactOrigin::Trigger => {
                let trigger = titles.triggers.iter().find(|trigger| trigger.name == shown);
                trigger.map(|trigger| words::text(&trigger.title)).unwrap_or(shown)
            }
            _ => prose::escape(&shown),
        })
    });
    let absent = settle_roles(model, values);
    for item in &mut model.items {
        if !matches!(item.kind, ItemKind::Path { .. }) {
            item.when.retain(|when| is_open(when, values));
        }
        item.skips.retain(|skip| may_skip(skip, values));
        item.head.with.retain(|role| !absent.contains(role));
        item.head.by.iter_mut().for_each(|who| settle_who(who, &absent));
        settle_lines(&mut item.lines, values, &absent);
    }
}

/// Of the optional roles those that take part are like any other; gives back those that do not.
fn settle_roles(model: &mut Model, values: &Values<'_>) -> HashSet<RoleId> {
    let mut absent = HashSet::new();
    for index in 0..model.roles.len() {
        let Some(fact) = model.roles[index].optional else { continue };
        match values.value(fact) {
            Ok(Value::YesNo(true)) => model.roles[index].optional = None,
            Ok(_) => {
                absent.insert(RoleId(index as u32));
            }
            Err(_) => {}
        }
    }
    // Who is part of an absent role is absent.
    let ids = (0..model.roles.len() as u32).map(RoleId);
    let outer = |id: RoleId| std::iter::successors(Some(id), |id| model.role(*id).parent);
    ids.filter(|id| outer(*id).any(|role| absent.contains(&role))).collect()
}

/// Of several who may act, those who are there. Where none is, what they do does not apply.
fn settle_who(who: &mut Who, absent: &HashSet<RoleId>) {
    if let Who::AllOf(roles) | Who::AnyOf(roles) | Who::Count(_, roles) = who {
        keep_present(roles, absent);
    }
    if let Who::AllOf(roles) | Who::AnyOf(roles) = who
        && let [only] = roles.as_slice()
    {
        *who = Who::One(*only);
    }
}

/// Those who take part, unless none does.
fn keep_present(roles: &mut Vec<RoleId>, absent: &HashSet<RoleId>) {
    if roles.iter().any(|role| !absent.contains(role)) {
        roles.retain(|role| !absent.contains(role));
    }
}

fn settle_lines(lines: &mut Vec<Line>, values: &Values<'_>, absent: &HashSet<RoleId>) {
    // Nobody signs who takes no part.
    lines.retain(|line| match line {
        Line::ApprovedBy { who, .. } => who.roles().iter().any(|role| !absent.contains(role)),
        _ => true,
    });
    for line in lines {
        match line {
            Line::ApprovedBy { who, .. } => settle_who(who, absent),
            Line::Task(task) => {
                // Where all who are told are absent, that is why it does not apply.
                if let TaskKind::Notify(told) = &mut task.kind {
                    keep_present(told, absent);
                }
                task.when.retain(|when| is_open(when, values));
                task.head.with.retain(|role| !absent.contains(role));
                task.head.by.iter_mut().for_each(|who| settle_who(who, absent));
                settle_lines(&mut task.lines, values, absent);
            }
            Line::ForEach { lines, .. } => settle_lines(lines, values, absent),
            _ => {}
        }
    }
}

fn is_open(when: &Condition, values: &Values<'_>) -> bool {
    when.guard.as_ref().is_none_or(|guard| values.holds(guard) != Ok(true))
}

fn may_skip(skip: &Skip, values: &Values<'_>) -> bool {
    skip.condition.guard.as_ref().is_none_or(|guard| values.holds(guard) != Ok(false))
}

/// Takes away every line that is kept off the sheets of external roles.
pub(super) fn leave_out_internal(model: &mut Model) {
    model.items.iter_mut().for_each(|item| keep_seen(&mut item.lines));
}

fn keep_seen(lines: &mut Vec<Line>) {
    lines.retain(|line| match line {
        Line::Task(task) => !task.internal,
        Line::Record(record) => !record.internal,
        Line::Remark(Remark { internal, .. }) => !internal,
        _ => true,
    });
    for line in lines {
        match line {
            Line::Task(task) => keep_seen(&mut task.lines),
            Line::ForEach { lines, .. } => keep_seen(lines),
            _ => {}
        }
    }
}
