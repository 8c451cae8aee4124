//! Lines of steps and tasks, and the small things that steps and stages share.

use super::view::View;
use super::{
    Action, Condition, Details, Each, Place, Question, Record, Remark, RemarkKind, Skip, Task,
    Text, Use, Way, WayKind, Who,
};
use crate::emit::plan::legs;
use crate::emit::words::{self, some_text, text};
use crate::flow::presence;
use crate::model::{
    self, ArtifactUse, Branch, BranchKind, EnvironmentId, FactId, FactType, ItemId, Line, Model,
    RoleId, TaskKind,
};

/// What the lines of a step or task say; `at` is the step.
pub(super) fn details(view: &View<'_>, at: ItemId, lines: &[Line]) -> Details {
    let model = view.model;
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
            other => details.actions.extend(action(view, at, other)),
        }
    }
    details
}

fn action(view: &View<'_>, at: ItemId, line: &Line) -> Option<Action> {
    let model = view.model;
    Some(match line {
        Line::Needs(_) | Line::Makes(_) | Line::Remark(_) => return None,
        Line::Task(line) => Action::Task(Box::new(task(view, at, line))),
        Line::Turns { switch, on, .. } => {
            Action::Turn { switch: model.switch(*switch).title.clone(), on: *on }
        }
        Line::Learns { fact, .. } => Action::Learn(expected(view, *fact)),
        Line::Record(line) => Action::Record(Record {
            title: text(&line.title),
            kind: line.kind,
            internal: line.internal,
        }),
        Line::ApprovedBy { who: approvers, .. } => {
            Action::Approval { signers: signers(view, approvers), who: who(view, approvers) }
        }
        Line::Undo { text: prose, .. } => Action::Undo { text: text(prose) },
        Line::NoWayBack { text: prose, .. } => Action::NoWayBack { text: text(prose) },
        Line::ForEach { each, title, lines, number, .. } => Action::ForEach(Each {
            number: number.clone(),
            item: each.item.replace('-', " "),
            sentence: each_sentence(view, each, title),
            rounds: rounds(view, each),
            details: details(view, at, lines),
        }),
    })
}

/// What a repetition over things asks for.
pub(super) fn each_sentence(view: &View<'_>, each: &model::Loop, title: &model::Prose) -> Text {
    match rounds(view, each).as_slice() {
        legs if each.in_route && !legs.is_empty() => {
            format!("For each leg of the way: {}", words::list(legs, "and"))
        }
        _ => words::each(each, title),
    }
}

/// What something is done for each of, as far as the case knows: the legs of the way between the versions,
/// or what it names.
pub(super) fn rounds(view: &View<'_>, each: &model::Loop) -> Vec<String> {
    if !each.in_route {
        return view.wanted.cover.each.get(&each.item).cloned().unwrap_or_default();
    }
    let values = view.values.as_ref();
    values.and_then(|values| legs(view.model, values)).unwrap_or_default()
}

fn task(view: &View<'_>, at: ItemId, task: &model::Task) -> Task {
    let model = view.model;
    let to: &[RoleId] = match &task.kind {
        TaskKind::Do => &[],
        TaskKind::Notify(roles) => roles,
    };
    let not_applicable = view.not_applicable(at, Some(task.place));
    let others = not_applicable.is_none() && !view.is_own_task(at, task);
    let brief = not_applicable.is_some() || others;
    let mut conditions = conditions(view, &task.when);
    conditions.extend(takes_part(view, task.head.by.as_ref()));
    Task {
        number: task.number.clone(),
        due: view.due(at, &task.timing).filter(|_| not_applicable.is_none()),
        text: text(&task.text),
        to: role_titles(model, to),
        told: view.people(to),
        who: task.head.by.as_ref().map(|by| who(view, by)),
        with: named(view, &task.head.with),
        places: places(model, &task.head.on),
        timing: view.timing(at, &task.timing),
        conditions: if not_applicable.is_some() { Vec::new() } else { conditions },
        internal: task.internal,
        details: if brief { Details::default() } else { details(view, at, &task.lines) },
        not_applicable,
        others,
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

pub(super) fn conditions(view: &View<'_>, when: &[model::Condition]) -> Vec<Condition> {
    when.iter().map(|line| condition(view, line)).collect()
}

pub(super) fn condition(view: &View<'_>, condition: &model::Condition) -> Condition {
    let guard = condition.guard.as_ref();
    let (holds, because) = guard.map(|guard| view.judged(guard)).unwrap_or_default();
    Condition {
        words: guard.map(|guard| words::guard(view.model, guard)),
        text: some_text(condition.text.as_ref()),
        holds,
        because,
    }
}

/// What optional roles do applies only where they take part.
pub(super) fn takes_part(view: &View<'_>, by: Option<&model::Who>) -> Option<Condition> {
    let guard = presence(view.model, by.map(model::Who::roles).unwrap_or_default());
    guard.map(|guard| {
        condition(view, &model::Condition { guard: Some(guard), ..Default::default() })
    })
}

pub(super) fn skips(view: &View<'_>, skips: &[model::Skip]) -> Vec<Skip> {
    let skips = skips.iter().map(|skip| Skip {
        condition: condition(view, &skip.condition),
        by: skip.by.map(|role| view.model.role(role).title.clone()),
    });
    skips.collect()
}

pub(super) fn who(view: &View<'_>, who: &model::Who) -> Who {
    let (model, roles) = (view.model, who.roles());
    Who {
        words: words::who(model, who),
        roles: roles.iter().map(|role| model.role(*role).name.clone()).collect(),
        people: view.people(roles),
        external: roles.iter().all(|role| model.is_external(*role)),
    }
}

/// Whose signatures an approval needs, a line for each. Of the people who fill a role one signs.
fn signers(view: &View<'_>, approvers: &model::Who) -> Vec<String> {
    let signing = |roles: &[RoleId]| with_people(view, roles, "or");
    match approvers {
        model::Who::One(role) => signing(&[*role]),
        model::Who::AllOf(roles) => signing(roles),
        model::Who::AnyOf(roles) => {
            vec![format!("any of {}", words::list(&signing(roles), "or"))]
        }
        model::Who::Count(count, roles) => {
            let any = words::list(&signing(roles), "or");
            (0..(*count).min(20)).map(|_| any.clone()).collect()
        }
    }
}

/// The titles of roles, each with the people who fill it, as far as they are named: "Testers (Kim Poe)".
pub(super) fn named(view: &View<'_>, roles: &[RoleId]) -> Vec<String> {
    with_people(view, roles, "and")
}

fn with_people(view: &View<'_>, roles: &[RoleId], between: &str) -> Vec<String> {
    let named = |role: &RoleId| {
        let title = &view.model.role(*role).title;
        match view.people(&[*role]).as_slice() {
            [] => title.clone(),
            people => format!("{title} ({})", words::list(people, between)),
        }
    };
    roles.iter().map(named).collect()
}

fn role_titles(model: &Model, roles: &[RoleId]) -> Vec<String> {
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
    Question { name: fact.name.clone(), title, answers, hint, expected: None }
}

/// What is found out, with what the case takes it to be.
fn expected(view: &View<'_>, id: FactId) -> Question {
    Question { expected: view.value(id), ..question(view.model, id) }
}

/// The branches of an item: of a decision its ways out, of others the events.
pub(super) fn ways(view: &View<'_>, item: ItemId) -> Vec<Way> {
    let branches = &view.model.item(item).branches;
    let mut ways: Vec<Way> =
        branches.iter().enumerate().map(|(index, branch)| way(view, item, index, branch)).collect();
    // What no other branch is for.
    let others =
        branches.iter().zip(&ways).filter(|(branch, _)| branch.kind != BranchKind::Otherwise);
    let others: Vec<Option<bool>> = others.map(|(_, way)| way.holds).collect();
    let otherwise = match (others.contains(&Some(true)), others.iter().all(|it| *it == Some(false)))
    {
        (true, _) => Some(false),
        (false, all_fail) => all_fail.then_some(true),
    };
    for (branch, way) in branches.iter().zip(&mut ways) {
        if branch.kind == BranchKind::Otherwise {
            way.holds = otherwise;
        }
    }
    ways
}

fn way(view: &View<'_>, item: ItemId, index: usize, branch: &Branch) -> Way {
    let model = view.model;
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
        holds: match &branch.kind {
            BranchKind::When(guard) => view.judged(guard).0,
            _ => None,
        },
        planned: view.planned_answer(item, index),
    }
}
