//! The first page: what the case is, who takes part, where, with what, and who is told what.

use super::details::{condition, conditions, question, remarks};
use super::used::Used;
use super::{
    Action, Artifact, Block, Case, Condition, Definition, Details, Entry, Environment, Head,
    Message, OtherPath, Question, Resource, Role, Step, Switch, Task, Versions,
};
use crate::emit::words::{self, some_text, text};
use crate::model::{self, FactOrigin, ItemId, ItemKind, Model, RoleId};
use std::collections::BTreeSet;

pub(super) fn head(model: &Model, id: ItemId) -> Head {
    let item = model.item(id);
    let is_process = id == Model::ROOT;
    let name = if is_process { Some(&model.name) } else { item.name.as_ref() };
    Head {
        name: name.cloned().unwrap_or_default(),
        title: text(if is_process { &model.title } else { &item.title }),
        about: some_text(item.about.as_ref()),
        remarks: remarks(&item.lines),
        timing: words::timing(model, id, &item.timing),
    }
}

pub(super) fn case(model: &Model, path: Option<ItemId>) -> Case {
    let item = path.map(|path| model.item(path));
    let otherwise =
        item.is_some_and(|item| matches!(item.kind, ItemKind::Path { otherwise: true }));
    let chosen = |item: &model::Item| !item.when.is_empty();
    let others = model.paths().filter(|(id, item)| otherwise && Some(*id) != path && chosen(item));
    Case {
        versions: model.versions.as_ref().map(|versions| Versions {
            from: words::fact_title(model, versions.from),
            to: words::fact_title(model, versions.to),
        }),
        conditions: item.map(|item| conditions(model, &item.when)).unwrap_or_default(),
        otherwise,
        others: others
            .map(|(_, item)| OtherPath {
                title: text(&item.title),
                conditions: conditions(model, &item.when),
            })
            .collect(),
        assumptions: model.assumptions.iter().map(|line| assumption(model, line)).collect(),
        questions: questions(model),
        definitions: definitions(model),
    }
}

fn assumption(model: &Model, line: &model::Assumption) -> Condition {
    condition(
        model,
        &model::Condition {
            guard: Some(line.guard.clone()),
            text: Some(line.text.clone()),
            place: line.place,
        },
    )
}

/// What is known at the start: declared facts, the hop, and breaking changes.
fn questions(model: &Model) -> Vec<Question> {
    let versions = model.versions.as_ref();
    let is_version = |id| versions.is_some_and(|pair| pair.from == id || pair.to == id);
    let ids = (0..model.facts.len() as u32).map(model::FactId);
    let known = ids.filter(|id| {
        let fact = model.fact(*id);
        let asked = matches!(fact.origin, FactOrigin::Declared | FactOrigin::Versions);
        asked && !fact.later && !is_version(*id)
    });
    known.map(|id| question(model, id)).collect()
}

fn definitions(model: &Model) -> Vec<Definition> {
    let ids = (0..model.facts.len() as u32).map(model::FactId);
    ids.filter_map(|id| match &model.fact(id).origin {
        FactOrigin::Derived(guard) => Some(Definition {
            title: words::subject(model, id),
            meaning: words::guard(model, guard),
        }),
        _ => None,
    })
    .collect()
}

/// The roles that appear, below what they are part of.
pub(super) fn roles(model: &Model, used: &Used) -> Vec<Role> {
    let up = |role: &RoleId| std::iter::successors(Some(*role), |role| model.role(*role).parent);
    let shown: BTreeSet<RoleId> = used.roles.iter().flat_map(up).collect();
    let mut out = Vec::new();
    let mut open: Vec<(RoleId, usize)> =
        parts_of(&shown, model, None).map(|role| (role, 0)).collect();
    open.reverse();
    while let Some((id, depth)) = open.pop() {
        let role = model.role(id);
        out.push(Role {
            title: role.title.clone(),
            depth,
            acts: used.roles.contains(&id),
            external: model.is_external(id),
            marks_side: role.external && !role.parent.is_some_and(|outer| model.is_external(outer)),
            optional: role.optional.is_some(),
        });
        let inner: Vec<_> =
            parts_of(&shown, model, Some(id)).map(|role| (role, depth + 1)).collect();
        open.extend(inner.into_iter().rev());
    }
    out
}

fn parts_of(
    shown: &BTreeSet<RoleId>,
    model: &Model,
    parent: Option<RoleId>,
) -> impl Iterator<Item = RoleId> {
    shown.iter().copied().filter(move |role| model.role(*role).parent == parent)
}

pub(super) fn environments(model: &Model, used: &Used) -> Vec<Environment> {
    let environments = used.environments.iter().map(|id| Environment {
        title: model.environment(*id).title.clone(),
        live: model.is_live(*id),
        resources: model
            .environment(*id)
            .uses
            .iter()
            .map(|resource| model.resource(*resource))
            .map(|resource| Resource { title: resource.title.clone(), live: resource.live })
            .collect(),
    });
    environments.collect()
}

pub(super) fn artifacts(model: &Model, used: &Used) -> Vec<Artifact> {
    let ids: BTreeSet<_> = used.made.keys().chain(used.needed.keys()).copied().collect();
    ids.into_iter()
        .map(|id| {
            let artifact = model.artifact(id);
            Artifact {
                title: artifact.title.clone(),
                given: artifact.given,
                states: artifact.states.clone(),
                per_environment: artifact.per_environment,
                sheet: artifact.sheet.clone(),
                made_in: used.made.get(&id).cloned().unwrap_or_default(),
                needed_in: used.needed.get(&id).cloned().unwrap_or_default(),
            }
        })
        .collect()
}

pub(super) fn switches(model: &Model, used: &Used) -> Vec<Switch> {
    let switches = used.turned.iter().map(|(id, turned)| Switch {
        title: model.switch(*id).title.clone(),
        normally_on: model.switch(*id).normally_on,
        turned_in: turned
            .iter()
            .map(|(number, on)| format!("{number} {}", if *on { "on" } else { "off" }))
            .collect(),
    });
    switches.collect()
}

/// The communication plan: every task that tells somebody something.
pub(super) fn messages(blocks: &[Block]) -> Vec<Message> {
    let mut out = Vec::new();
    for entry in blocks.iter().flat_map(|block| &block.entries) {
        if let Entry::Step(step) = entry {
            messages_in(step, &step.details, &mut out);
        }
    }
    out
}

fn messages_in(step: &Step, details: &Details, out: &mut Vec<Message>) {
    for action in &details.actions {
        match action {
            Action::Task(task) if !task.to.is_empty() => out.push(message(step, task)),
            Action::ForEach(each) => messages_in(step, &each.details, out),
            _ => {}
        }
    }
}

fn message(step: &Step, task: &Task) -> Message {
    Message {
        number: task.number.clone(),
        when: format!("{} {}", step.number, step.title).trim().to_string(),
        from: task.who.clone().or_else(|| step.who.clone()),
        to: task.to.clone(),
        what: task.text.clone(),
        conditions: step.conditions.iter().chain(&task.conditions).cloned().collect(),
        internal: task.internal,
    }
}
