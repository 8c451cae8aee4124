//! The first page: what the case is, who takes part, where, with what, and who is told what.

use super::details::{condition, conditions, question, remarks};
use super::used::Used;
use super::view::View;
use super::{
    Artifact, Case, Condition, Definition, Environment, Head, Known, OtherPath, Question, Resource,
    Role, Switch, Text, Versions,
};
use crate::emit::plan::legs;
use crate::emit::words::{self, some_text, text};
use crate::model::{self, FactOrigin, ItemId, ItemKind, Model, RoleId};
use std::collections::BTreeSet;

pub(super) fn head(view: &View<'_>, id: ItemId) -> Head {
    let model = view.model;
    let item = model.item(id);
    let is_process = id == Model::ROOT;
    let name = if is_process { Some(&model.name) } else { item.name.as_ref() };
    Head {
        name: name.cloned().unwrap_or_default(),
        title: text(if is_process { &model.title } else { &item.title }),
        about: some_text(item.about.as_ref()),
        remarks: remarks(&item.lines),
        timing: view.timing(id, &item.timing),
    }
}

pub(super) fn case(view: &View<'_>) -> Case {
    let (model, path) = (view.model, view.wanted.path);
    let item = path.map(|path| model.item(path));
    let otherwise =
        item.is_some_and(|item| matches!(item.kind, ItemKind::Path { otherwise: true }));
    let chosen = |item: &model::Item| !item.when.is_empty();
    let others = model.paths().filter(|(id, item)| otherwise && Some(*id) != path && chosen(item));
    Case {
        versions: model.versions.as_ref().map(|versions| Versions {
            from: words::fact_title(model, versions.from),
            to: words::fact_title(model, versions.to),
            from_value: view.value(versions.from),
            to_value: view.value(versions.to),
        }),
        route: view.values.as_ref().and_then(|values| legs(model, values)).unwrap_or_default(),
        known: known(view),
        conditions: item.map(|item| conditions(view, &item.when)).unwrap_or_default(),
        otherwise,
        others: others
            .map(|(_, item)| OtherPath {
                title: text(&item.title),
                conditions: against(conditions(view, &item.when)),
            })
            .collect(),
        assumptions: model.assumptions.iter().map(|line| assumption(view, line)).collect(),
        questions: questions(view),
        definitions: definitions(view),
    }
}

/// Why a path is not the right one: what does not hold, where that is known.
fn against(conditions: Vec<Condition>) -> Vec<Condition> {
    let fails = |condition: &Condition| condition.holds == Some(false);
    match conditions.iter().any(fails) {
        true => conditions.into_iter().filter(fails).collect(),
        false => conditions,
    }
}

fn assumption(view: &View<'_>, line: &model::Assumption) -> Condition {
    condition(
        view,
        &model::Condition {
            guard: Some(line.guard.clone()),
            text: Some(line.text.clone()),
            place: line.place,
        },
    )
}

/// What started this case, where that is known.
pub(super) fn started_by(view: &View<'_>) -> Option<Text> {
    let model = view.model;
    let fact = ids(model).find(|id| model.fact(*id).origin == FactOrigin::Trigger)?;
    let name = view.value(fact)?;
    let trigger = model.triggers.iter().find(|trigger| trigger.name == name)?;
    Some(text(&trigger.title))
}

fn ids(model: &Model) -> impl Iterator<Item = model::FactId> + use<> {
    (0..model.facts.len() as u32).map(model::FactId)
}

/// The facts that may be told.
fn told(view: &View<'_>) -> impl Iterator<Item = model::FactId> {
    ids(view.model).filter(|id| view.may_tell(*id))
}

/// What the case says, and what follows from it: facts that are declared, the hop and breaking changes.
fn known(view: &View<'_>) -> Vec<Known> {
    let model = view.model;
    let versions = model.versions.as_ref();
    let is_version = |id| versions.is_some_and(|pair| pair.from == id || pair.to == id);
    let told = told(view).filter(|id| {
        let origin = &model.fact(*id).origin;
        let own =
            matches!(origin, FactOrigin::Declared | FactOrigin::Versions | FactOrigin::Derived(_));
        own && !is_version(*id)
    });
    told.filter_map(|id| {
        let fact = model.fact(id);
        Some(Known {
            value: view.value(id)?,
            name: fact.name.clone(),
            title: question(model, id).title,
            later: fact.later,
        })
    })
    .collect()
}

/// What is to be known at the start, and is not yet: declared facts, the hop, and breaking changes.
fn questions(view: &View<'_>) -> Vec<Question> {
    let model = view.model;
    let versions = model.versions.as_ref();
    let is_version = |id| versions.is_some_and(|pair| pair.from == id || pair.to == id);
    let open = told(view).filter(|id| {
        let fact = model.fact(*id);
        let asked = matches!(fact.origin, FactOrigin::Declared | FactOrigin::Versions);
        asked && !fact.later && !is_version(*id) && view.value(*id).is_none()
    });
    open.map(|id| question(model, id)).collect()
}

fn definitions(view: &View<'_>) -> Vec<Definition> {
    let model = view.model;
    told(view)
        .filter_map(|id| match &model.fact(id).origin {
            FactOrigin::Derived(guard) if view.value(id).is_none() => Some(Definition {
                title: words::subject(model, id),
                meaning: words::guard(model, guard),
            }),
            _ => None,
        })
        .collect()
}

/// The roles that appear, below what they are part of.
pub(super) fn roles(view: &View<'_>, used: &Used) -> Vec<Role> {
    let model = view.model;
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
            people: view.people(&[id]),
            takes_part: view.takes_part(id),
            optional: role.optional.is_some() && view.takes_part(id).is_none(),
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
