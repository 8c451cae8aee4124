//! Lines of steps and tasks, and the small things that steps and stages share.

use super::{
    Action, Condition, Details, Each, Place, Question, Record, Remark, RemarkKind, Skip, Task, Use,
    Way, WayKind, Who,
};
use crate::emit::words::{self, some_text, text};
use crate::model::{
    self, ArtifactUse, Branch, BranchKind, EnvironmentId, FactId, FactType, ItemId, Line, Model,
    RoleId, TaskKind,
};

/// What the lines of a step or task say; `at` is the step.
pub(super) fn details(model: &Model, at: ItemId, lines: &[Line]) -> Details {
    let mut details = Details::default();
    for line in lines {
        match line {
            Line::Needs(needed) => {
                details.needs.push(artifact_use(model, needed, words::needed_state(model, needed)));
            }
            Line::Makes(made) => {
                details.makes.push(artifact_use(model, made, words::made_state(model, made)));
            }
            Line::Remark(line) => details.remarks.push(remark(line)),
            other => details.actions.extend(action(model, at, other)),
        }
    }
    details
}

fn action(model: &Model, at: ItemId, line: &Line) -> Option<Action> {
    Some(match line {
        Line::Needs(_) | Line::Makes(_) | Line::Remark(_) => return None,
        Line::Task(line) => Action::Task(Box::new(task(model, at, line))),
        Line::Turns { switch, on, .. } => {
            Action::Turn { switch: model.switch(*switch).title.clone(), on: *on }
        }
        Line::Learns { fact, .. } => Action::Learn(question(model, *fact)),
        Line::Record(line) => Action::Record(Record {
            title: text(&line.title),
            kind: line.kind,
            internal: line.internal,
        }),
        Line::ApprovedBy { who: approvers, .. } => {
            Action::Approval { signers: signers(model, approvers), who: who(model, approvers) }
        }
        Line::Undo { text: prose, .. } => Action::Undo { text: text(prose) },
        Line::NoWayBack { text: prose, .. } => Action::NoWayBack { text: text(prose) },
        Line::ForEach { each, title, lines, number, .. } => Action::ForEach(Each {
            number: number.clone(),
            item: each.item.replace('-', " "),
            sentence: words::each(each, title),
            details: details(model, at, lines),
        }),
    })
}

fn task(model: &Model, at: ItemId, task: &model::Task) -> Task {
    let to: &[RoleId] = match &task.kind {
        TaskKind::Do => &[],
        TaskKind::Notify(roles) => roles,
    };
    let mut conditions = conditions(model, &task.when);
    conditions.extend(takes_part(model, task.head.by.as_ref()));
    Task {
        number: task.number.clone(),
        text: text(&task.text),
        to: role_titles(model, to),
        who: task.head.by.as_ref().map(|by| who(model, by)),
        with: role_titles(model, &task.head.with),
        places: places(model, &task.head.on),
        timing: words::timing(model, at, &task.timing),
        conditions,
        internal: task.internal,
        details: details(model, at, &task.lines),
    }
}

fn artifact_use(model: &Model, line: &ArtifactUse, state: Option<String>) -> Use {
    Use {
        artifact: model.artifact(line.artifact).title.clone(),
        state,
        place: line.on.map(|environment| place(model, environment)),
    }
}

pub(super) fn remark(remark: &model::Remark) -> Remark {
    let (kind, url) = match &remark.kind {
        model::RemarkKind::Note => (RemarkKind::Note, None),
        model::RemarkKind::Warning => (RemarkKind::Warning, None),
        model::RemarkKind::Link { url } => (RemarkKind::Link, Some(url.clone())),
    };
    Remark { kind, text: text(&remark.text), url, internal: remark.internal }
}

/// The remarks among the lines of a stage, a path or the process, which have no others.
pub(super) fn remarks(lines: &[Line]) -> Vec<Remark> {
    let remarks = lines.iter().filter_map(|line| match line {
        Line::Remark(line) => Some(remark(line)),
        _ => None,
    });
    remarks.collect()
}

pub(super) fn conditions(model: &Model, when: &[model::Condition]) -> Vec<Condition> {
    when.iter().map(|line| condition(model, line)).collect()
}

pub(super) fn condition(model: &Model, condition: &model::Condition) -> Condition {
    Condition {
        words: condition.guard.as_ref().map(|guard| words::guard(model, guard)),
        text: some_text(condition.text.as_ref()),
    }
}

/// What optional roles do applies only where they take part.
pub(super) fn takes_part(model: &Model, by: Option<&model::Who>) -> Option<Condition> {
    let part = words::needs_part(model, by)?;
    Some(Condition { words: Some(words::guard(model, &part)), text: None })
}

pub(super) fn skips(model: &Model, skips: &[model::Skip]) -> Vec<Skip> {
    let skips = skips.iter().map(|skip| Skip {
        condition: condition(model, &skip.condition),
        by: skip.by.map(|role| model.role(role).title.clone()),
    });
    skips.collect()
}

pub(super) fn who(model: &Model, who: &model::Who) -> Who {
    let roles = who.roles();
    Who {
        words: words::who(model, who),
        roles: roles.iter().map(|role| model.role(*role).name.clone()).collect(),
        external: roles.iter().all(|role| model.is_external(*role)),
    }
}

/// Whose signatures an approval needs, a line for each.
fn signers(model: &Model, approvers: &model::Who) -> Vec<String> {
    match approvers {
        model::Who::AllOf(roles) => role_titles(model, roles),
        model::Who::Count(count, roles) => {
            let any = words::list(&role_titles(model, roles), "or");
            (0..(*count).min(20)).map(|_| any.clone()).collect()
        }
        model::Who::One(_) | model::Who::AnyOf(_) => vec![words::who(model, approvers)],
    }
}

pub(super) fn role_titles(model: &Model, roles: &[RoleId]) -> Vec<String> {
    roles.iter().map(|role| model.role(*role).title.clone()).collect()
}

pub(super) fn places(model: &Model, environments: &[EnvironmentId]) -> Vec<Place> {
    environments.iter().map(|environment| place(model, *environment)).collect()
}

fn place(model: &Model, environment: EnvironmentId) -> Place {
    Place { title: model.environment(environment).title.clone(), live: model.is_live(environment) }
}

/// A fact with a box for each of its values, or a line to write on.
pub(crate) fn question(model: &Model, id: FactId) -> Question {
    let fact = model.fact(id);
    let (answers, hint) = match &fact.kind {
        FactType::YesNo => (vec!["yes".to_string(), "no".to_string()], None),
        FactType::OneOf(values) | FactType::Scale(values) => (values.clone(), None),
        FactType::Number { low, high, .. } => {
            let shown = |number: &i64| fact.kind.show(&model::Value::Number(*number));
            (Vec::new(), Some(format!("a number from {} to {}", shown(low), shown(high))))
        }
        FactType::Version => (Vec::new(), Some("a version".to_string())),
    };
    let is_breaking = model.versions.as_ref().is_some_and(|versions| versions.breaking == id);
    let title = match is_breaking {
        true => "Are there breaking changes between the two versions?".to_string(),
        false => words::fact_title(model, id),
    };
    Question { name: fact.name.clone(), title, answers, hint }
}

/// The branches of an item: of a decision its ways out, of others the events.
pub(super) fn ways(model: &Model, item: ItemId) -> Vec<Way> {
    model.item(item).branches.iter().map(|branch| way(model, item, branch)).collect()
}

fn way(model: &Model, item: ItemId, branch: &Branch) -> Way {
    let title = some_text(Some(&branch.title));
    let (kind, label, words) = match &branch.kind {
        BranchKind::Answer(name) => (WayKind::Answer, title.unwrap_or_else(|| name.clone()), None),
        BranchKind::Event(name) => (WayKind::Event, title.unwrap_or_else(|| name.clone()), None),
        BranchKind::After(duration) => {
            (WayKind::Timeout, title.unwrap_or_else(|| format!("No answer after {duration}")), None)
        }
        BranchKind::When(guard) => {
            let words = words::guard(model, guard);
            match title {
                Some(title) => (WayKind::Case, title, Some(words)),
                None => (WayKind::Case, words, None),
            }
        }
        BranchKind::Otherwise => {
            (WayKind::Case, title.unwrap_or_else(|| "In every other case".to_string()), None)
        }
    };
    Way {
        kind,
        label,
        words,
        leads_to: words::target(model, item, branch.target),
        at_most: branch.at_most.map(words::times),
    }
}
