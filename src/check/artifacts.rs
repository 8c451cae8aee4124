//! `artifact-before-made`, `artifact-never-made`, `artifact-state-order`, `no-environment`: what a step needs is there.

use super::run;
use crate::cases::{OutOfFuel, Set};
use crate::diagnostic::{Diagnostic, Rule, RunKind, RunStep, Severity};
use crate::flow::{Effect, Flow};
use crate::model::{ArtifactId, ArtifactUse, EnvironmentId, ItemId, Model};
use crate::reach::{Facts, Reach, Thing};
use crate::source::Place;
use std::collections::BTreeMap;

pub const BEFORE_MADE: Rule = Rule {
    name: "artifact-before-made",
    severity: Severity::Error,
    summary: "a step needs what might not be there yet",
    why: "Whoever comes to the step looks for something that nobody has made, or not to that \
          state: the step that makes it comes later, was skipped, or lies on another way.",
    wrong: include_str!("examples/artifact-before-made.wrong.vup"),
    right: include_str!("examples/artifact-before-made.right.vup"),
};

pub const NEVER_MADE: Rule = Rule {
    name: "artifact-never-made",
    severity: Severity::Error,
    summary: "a step needs what nothing makes",
    why: "Whoever comes to the step looks for something that nobody ever makes: the step that makes \
          it was forgotten, or it is there beforehand and that is not said.",
    wrong: include_str!("examples/artifact-never-made.wrong.vup"),
    right: include_str!("examples/artifact-never-made.right.vup"),
};

pub const STATE_ORDER: Rule = Rule {
    name: "artifact-state-order",
    severity: Severity::Error,
    summary: "an artifact skips one of its states",
    why: "The states of an artifact are passed one after the other, as they are declared. What is \
          verified before it was ever drafted was not verified.",
    wrong: include_str!("examples/artifact-state-order.wrong.vup"),
    right: include_str!("examples/artifact-state-order.right.vup"),
};

pub const NO_ENVIRONMENT: Rule = Rule {
    name: "no-environment",
    severity: Severity::Error,
    summary: "it is not said in which environment an artifact is meant",
    why: "The artifact has a state in each environment, so without `on` nobody knows which is meant.",
    wrong: include_str!("examples/no-environment.wrong.vup"),
    right: include_str!("examples/no-environment.right.vup"),
};

/// An artifact that is touched without saying where, though it has a state in each environment.
pub fn check_environments(model: &Model, flow: &Flow) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for effect in effects(flow) {
        if let Effect::Need(artifact, on) | Effect::Make(artifact, on) = effect
            && on.is_empty()
            && model.artifact(artifact.artifact).per_environment
        {
            let name = &model.artifact(artifact.artifact).name;
            let message =
                format!("`{name}` has a state in each environment, and none is named here");
            findings.push(
                Diagnostic::new(&NO_ENVIRONMENT, artifact.place, message)
                    .help("write `on ENVIRONMENT` at the end of the line, or of the step's"),
            );
        }
    }
    findings
}

fn effects(flow: &Flow) -> impl Iterator<Item = &Effect> {
    flow.graph.edge_weights().flat_map(|edge| &edge.effects)
}

/// Where an artifact is needed first, if it is not given and nothing makes it there.
fn never_made(
    model: &Model,
    flow: &Flow,
    id: ArtifactId,
    on: Option<EnvironmentId>,
    thing: &Thing,
) -> Option<Diagnostic> {
    let artifact = model.artifact(id);
    if artifact.given || effects(flow).any(|effect| thing.becomes(effect).is_some()) {
        return None;
    }
    let needs = effects(flow).filter_map(|effect| match effect {
        Effect::Need(needed, _) if thing.needed(effect).is_some() => Some(needed.place),
        _ => None,
    });
    let first = needs.min()?;
    let on = on.map(|on| format!(" on `{}`", model.environment(on).name)).unwrap_or_default();
    let message = format!("nothing makes `{}`{on}", artifact.name);
    let elsewhere = effects(flow).filter_map(|effect| match effect {
        Effect::Make(made, _) if made.artifact == id => Some(made.place),
        _ => None,
    });
    let (shown, text) = match elsewhere.min() {
        Some(place) => (place, "this makes it, in another environment"),
        None => (artifact.place, "it is declared here"),
    };
    Some(
        Diagnostic::new(&NEVER_MADE, first, message)
            .here("it is needed here")
            .label(shown, text)
            .help("say which step `makes` it, or declare it as `given` if it is there beforehand"),
    )
}

/// Follows each artifact that a step needs or that has states, in each environment that it is in.
pub fn check(model: &Model, flow: &Flow, base: &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut findings = Vec::new();
    for (id, environments) in touched(model, flow) {
        for on in environments {
            let thing = Thing::artifact(model, flow, id, on)?;
            if let Some(finding) = never_made(model, flow, id, on, &thing) {
                findings.push(finding);
                continue;
            }
            findings.extend(follow(model, flow, base, id, on, thing)?);
        }
    }
    Ok(findings)
}

/// The artifacts that can be missing or skip a state, each with the environments that it is in.
fn touched(model: &Model, flow: &Flow) -> BTreeMap<ArtifactId, Vec<Option<EnvironmentId>>> {
    let mut touched: BTreeMap<ArtifactId, Vec<Option<EnvironmentId>>> = BTreeMap::new();
    for effect in effects(flow) {
        let (Effect::Need(artifact, on) | Effect::Make(artifact, on)) = effect else { continue };
        let environments = touched.entry(artifact.artifact).or_default();
        match model.artifact(artifact.artifact).per_environment {
            true => environments.extend(on.iter().copied().map(Some)),
            false => environments.push(None),
        }
    }
    for environments in touched.values_mut() {
        environments.sort();
        environments.dedup();
    }
    touched
}

fn follow(
    model: &Model,
    flow: &Flow,
    base: &mut Reach,
    id: ArtifactId,
    on: Option<EnvironmentId>,
    thing: Thing,
) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut reach = Reach::of_thing(model, flow, base, thing.clone())?;
    let mut found: BTreeMap<Place, (Effect, Set, Set)> = BTreeMap::new();
    reach.each_effect(flow, |facts, effect, set| {
        let (Effect::Need(artifact, _) | Effect::Make(artifact, _)) = effect else {
            return Ok(());
        };
        let wrong = match (thing.needed(effect), thing.becomes(effect)) {
            (Some(state), _) => below(facts, set, &thing, state)?,
            // A state is reached from the one before it; one that is lower again may be.
            (_, Some(state)) if state > 1 => below(facts, set, &thing, state - 1)?,
            _ => Set::NONE,
        };
        if !wrong.is_empty() {
            found.entry(artifact.place).or_insert_with(|| (effect.clone(), wrong, set));
        }
        Ok(())
    })?;
    let mut findings = Vec::new();
    for (at, (effect, wrong, here)) in found {
        let (Effect::Need(artifact, _) | Effect::Make(artifact, _)) = &effect else { continue };
        let is_it = |effect: &Effect| matches!(effect, Effect::Need(one, _) | Effect::Make(one, _) if one.place == at);
        let shown = run::to_effect(model, flow, &mut reach, is_it, wrong)?;
        let told = reach.facts.told_around(model, wrong, here, shown.cases)?;
        let when = told.map(|told| told.when()).unwrap_or_default();
        let finding = tell(model, flow, (id, on), &effect, artifact, &when, &shown.steps);
        findings.push(finding.run(shown.steps));
    }
    Ok(findings)
}

/// The cases of a set in which the thing is below a state.
fn below(facts: &mut Facts, set: Set, thing: &Thing, state: u32) -> Result<Set, OutOfFuel> {
    let mut below = Set::NONE;
    for lower in thing.below(state) {
        let there = facts.thing_is(lower)?;
        let there = facts.cases.and(set, there)?;
        below = facts.cases.or(below, there)?;
    }
    Ok(below)
}

/// Whether anything makes an artifact to be just in this state.
fn is_made(flow: &Flow, id: ArtifactId, state: Option<usize>) -> bool {
    let mut made = effects(flow);
    made.any(|effect| matches!(effect, Effect::Make(used, _) if used.artifact == id && used.state == state))
}

/// A line that makes an artifact, and the step that it is in.
struct Make<'f> {
    used: &'f ArtifactUse,
    item: ItemId,
}

/// All lines that make an artifact, in order of the text, the last first.
fn makes<'f>(model: &Model, flow: &'f Flow, id: ArtifactId) -> Vec<Make<'f>> {
    let edges = flow.graph.edge_weights().flat_map(|edge| {
        let item = flow.node(edge.origin).item;
        edge.effects.iter().map(move |effect| (item, effect))
    });
    let mut makes: Vec<Make<'f>> = edges
        .filter_map(|(item, effect)| match effect {
            Effect::Make(used, _) if used.artifact == id => Some(Make { used, item }),
            _ => None,
        })
        .filter(|make| model.item(make.item).kind.is_performed())
        .collect();
    makes.sort_by_key(|make| (std::cmp::Reverse(make.used.place), make.item));
    makes.dedup_by_key(|make| (make.used.place, make.item));
    makes
}

/// The step that a line is in.
fn item_of(model: &Model, flow: &Flow, line: Place) -> Option<ItemId> {
    let is_here = |effect: &Effect| match effect {
        Effect::Need(used, _) | Effect::Make(used, _) => used.place == line,
        _ => false,
    };
    let mut edges = flow.graph.edge_weights();
    let edge = edges.find(|edge| edge.effects.iter().any(is_here))?;
    let item = flow.node(edge.origin).item;
    model.item(item).kind.is_performed().then_some(item)
}

/// The rule and the message; `is_made` says whether anything makes just this state.
fn what_is_wrong(
    model: &Model,
    (id, on): (ArtifactId, Option<EnvironmentId>),
    (needs, is_made): (bool, bool),
    state: Option<&String>,
    when: &str,
) -> (&'static Rule, String) {
    let name = &model.artifact(id).name;
    let on = on.map(|on| format!(" on `{}`", model.environment(on).name)).unwrap_or_default();
    match (needs, state) {
        (true, Some(state)) if !is_made => {
            (&BEFORE_MADE, format!("nothing makes `{name}` `{state}`{on}"))
        }
        (true, Some(state)) => {
            (&BEFORE_MADE, format!("`{name}` might not be `{state}` yet{on}{when}"))
        }
        (true, None) => (&BEFORE_MADE, format!("`{name}` might not be there yet{on}{when}")),
        (false, _) => {
            let state = state.map(String::as_str).unwrap_or_default();
            let message = format!("`{name}` becomes `{state}` without what comes before{on}{when}");
            (&STATE_ORDER, message)
        }
    }
}

fn tell(
    model: &Model,
    flow: &Flow,
    (id, on): (ArtifactId, Option<EnvironmentId>),
    effect: &Effect,
    artifact: &ArtifactUse,
    when: &str,
    steps: &[RunStep],
) -> Diagnostic {
    let declared = model.artifact(id);
    let needs = matches!(effect, Effect::Need(..));
    let state = artifact.state.and_then(|state| declared.states.get(state));
    let is_made = is_made(flow, id, artifact.state);
    let (rule, message) = what_is_wrong(model, (id, on), (needs, is_made), state, when);
    let mut finding = Diagnostic::new(rule, artifact.place, message);
    let enough =
        if needs { artifact.state } else { artifact.state.map(|state| state.saturating_sub(1)) };
    let makes = makes(model, flow, id);
    let own = makes.iter().find(|make| make.used.place == artifact.place).map(|make| make.item);
    let own = own.or_else(|| item_of(model, flow, artifact.place));
    let is_done = |make: &Make| {
        let mut done = steps.iter().filter(|step| step.kind == RunKind::Done);
        done.any(|step| step.place == model.item(make.item).place)
    };
    let others = || makes.iter().filter(|make| Some(make.item) != own);
    let mut enough_made: Vec<&Make> = others().filter(|make| make.used.state >= enough).collect();
    // What makes just this state says more than what makes one behind it.
    if enough_made.iter().any(|make| make.used.state == enough) {
        enough_made.retain(|make| make.used.state == enough);
    }
    let none = enough_made.is_empty();
    let lowered = enough_made.iter().any(|make| is_done(make));
    for make in enough_made.iter().filter(|make| !is_done(make)).take(3) {
        let made = make.used.state.filter(|_| make.used.state != enough);
        let text = match made.and_then(|made| declared.states.get(made)) {
            Some(more) => format!(
                "this makes it `{more}`, which is more, but it is not passed before on every way"
            ),
            None => "this makes it, but is not passed before on every way".to_string(),
        };
        finding = finding.label(make.used.place, text);
    }
    for make in others().filter(|make| lowered && make.used.state < enough && is_done(make)).take(1)
    {
        let state = make.used.state.and_then(|state| declared.states.get(state));
        let state = state.map(String::as_str).unwrap_or_default();
        finding =
            finding.label(make.used.place, format!("behind this it is no more than `{state}`"));
    }
    finding.help(match (needs, none) {
        (true, none) if state.is_some() && (none || !is_made) => {
            "let a step before this make it so, or ask for a state that is made"
        }
        (true, true) => "let a step before this make it, or declare it as `given`",
        (true, false) => {
            "let it be made on every way to here, or ask for it only where it was made"
        }
        (false, _) => {
            "let the states before be made first, in the order in which they are declared"
        }
    })
}
