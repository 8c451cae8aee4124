//! `parallel-conflict`: a branch of `any order` changes what another one uses.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::last_inside;
use crate::model::{
    ArtifactId, BranchKind, Condition, EnvironmentId, FactId, Guard, Item, ItemId, ItemKind, Line,
    Model, SwitchId,
};
use crate::source::Place;

pub const RULE: Rule = Rule {
    name: "parallel-conflict",
    severity: Severity::Error,
    summary: "a branch of `any order` changes what another branch uses",
    why: "The branches are done in whatever order suits, or at the same time. What one of them \
          finds out, makes or turns is then there for the other, or not, by chance.",
    wrong: include_str!("examples/parallel-conflict.wrong.vup"),
    right: include_str!("examples/parallel-conflict.right.vup"),
};

/// What a branch touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Thing {
    Fact(FactId),
    Artifact(ArtifactId, Option<EnvironmentId>),
    Switch(SwitchId),
}

#[derive(Clone, Copy, Debug)]
struct Touch {
    thing: Thing,
    writes: bool,
    place: Place,
}

pub fn check(model: &Model) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for id in model.ids() {
        let block = model.item(id);
        if !matches!(block.kind, ItemKind::AnyOrder { .. }) {
            continue;
        }
        let branches: Vec<Vec<Touch>> =
            block.children.iter().map(|branch| touches(model, *branch)).collect();
        for (index, branch) in branches.iter().enumerate() {
            let others = branches[..index].iter().flatten();
            let conflict = others
                .flat_map(|other| branch.iter().map(move |own| (other, own)))
                .find(|(other, own)| other.thing == own.thing && (other.writes || own.writes));
            if let Some((other, own)) = conflict {
                findings.push(tell(model, block, other, own));
            }
        }
    }
    findings
}

fn tell(model: &Model, block: &Item, first: &Touch, second: &Touch) -> Diagnostic {
    let name = match first.thing {
        Thing::Fact(id) => &model.fact(id).name,
        Thing::Artifact(id, _) => &model.artifact(id).name,
        Thing::Switch(id) => &model.switch(id).name,
    };
    let does = |touch: &Touch| if touch.writes { "it is changed here" } else { "it is used here" };
    let message = format!("two branches of `any order` use `{name}`, and one of them changes it");
    Diagnostic::new(&RULE, second.place, message)
        .here(does(second))
        .label(first.place, does(first))
        .label(block.place, "the branches start together here")
        .help("put what changes it before the `any order`, or both into one branch")
}

/// What the items of a branch read and write.
fn touches(model: &Model, branch: ItemId) -> Vec<Touch> {
    let mut touches = Vec::new();
    for id in (branch.0..=last_inside(model, branch).0).map(ItemId) {
        let item = model.item(id);
        let mut read = |guard: &Guard, place: Place| {
            let facts = model.depends_on(guard).into_iter().map(Thing::Fact);
            touches.extend(facts.map(|thing| Touch { thing, writes: false, place }));
        };
        let conditions = item.when.iter().chain(item.skips.iter().map(|skip| &skip.condition));
        conditions.for_each(|condition| read_condition(condition, &mut read));
        match &item.kind {
            ItemKind::Repeat { until, .. } => read_condition(until, &mut read),
            ItemKind::Decide { answer: Some(fact) } => {
                touches.push(Touch { thing: Thing::Fact(*fact), writes: true, place: item.place });
            }
            _ => {
                for branch in &item.branches {
                    if let BranchKind::When(guard) = &branch.kind {
                        read(guard, branch.place);
                    }
                }
            }
        }
        for line in &item.lines {
            touch(model, line, &item.head.on, &mut touches);
        }
    }
    touches
}

fn read_condition(condition: &Condition, read: &mut impl FnMut(&Guard, Place)) {
    if let Some(guard) = &condition.guard {
        read(guard, condition.place);
    }
}

fn touch(model: &Model, line: &Line, on: &[EnvironmentId], touches: &mut Vec<Touch>) {
    match line {
        Line::Learns { fact, place } => {
            touches.push(Touch { thing: Thing::Fact(*fact), writes: true, place: *place });
        }
        Line::Turns { switch, place, .. } => {
            touches.push(Touch { thing: Thing::Switch(*switch), writes: true, place: *place });
        }
        Line::Needs(artifact) | Line::Makes(artifact) => {
            let writes = matches!(line, Line::Makes(_));
            let places = artifact.environments(on);
            let mut add = |on| {
                let thing = Thing::Artifact(artifact.artifact, on);
                touches.push(Touch { thing, writes, place: artifact.place });
            };
            match places.is_empty() || !model.artifact(artifact.artifact).per_environment {
                true => add(None),
                false => places.into_iter().for_each(|on| add(Some(on))),
            }
        }
        Line::Task(task) => {
            let on = if task.head.on.is_empty() { on } else { &task.head.on };
            for when in &task.when {
                read_condition(when, &mut |guard, place| {
                    let facts = model.depends_on(guard).into_iter().map(Thing::Fact);
                    touches.extend(facts.map(|thing| Touch { thing, writes: false, place }));
                });
            }
            task.lines.iter().for_each(|line| touch(model, line, on, touches));
        }
        Line::ForEach { lines, .. } => {
            lines.iter().for_each(|line| touch(model, line, on, touches))
        }
        Line::Record(_)
        | Line::ApprovedBy { .. }
        | Line::Undo { .. }
        | Line::NoWayBack { .. }
        | Line::Remark(_) => {}
    }
}
