//! `never-runs`: a way leads there, but conditions on it contradict each other.

use super::because::{Because, Written, asked_task, has_constant, own, own_of_task};
use super::words::called;
use crate::cases::{OutOfFuel, Set};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::{ChosenBy, Flow, NodeIndex, NodeKind};
use crate::model::{ItemId, Model};
use crate::reach::Reach;
use crate::source::Place;
use std::collections::{BTreeMap, HashSet};

pub const RULE: Rule = Rule {
    name: "never-runs",
    severity: Severity::Error,
    summary: "a step is on the way, but no case ever gets to it",
    why: "Its condition, or those on every way to it, contradict each other. It is printed, and \
          nobody ever does it.",
    wrong: include_str!("examples/never-runs.wrong.vup"),
    right: include_str!("examples/never-runs.right.vup"),
};

/// Something that asks whether it applies, where some case gets to it.
struct Asks {
    node: NodeIndex,
    what: String,
    place: Place,
    own: Vec<Written>,
}

pub fn check(model: &Model, flow: &Flow, reach: &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut because = Because::new(model, flow);
    let mut applies: BTreeMap<Place, bool> = BTreeMap::new();
    let mut never: Vec<Asks> = Vec::new();
    for asks in asking(model, flow, reach) {
        let mut met = reach.at(asks.node);
        for (guard, _) in &asks.own {
            let answer = reach.facts.answer(guard)?;
            met = reach.facts.cases.minus(met, answer.no)?;
        }
        // What a procedure does in one of its runs alone, it is not told of for the others.
        let constant = asks.own.iter().any(|(guard, _)| has_constant(guard));
        *applies.entry(asks.place).or_default() |= !met.is_empty() || constant;
        never.push(asks);
    }
    never.retain(|asks| applies.get(&asks.place) == Some(&false));
    never.dedup_by_key(|asks| asks.place);
    let mut findings = Vec::new();
    for asks in never {
        findings.push(tell(&mut because, reach, &asks)?);
    }
    findings.extend(no_path(model, flow, reach));
    Ok(findings)
}

/// Steps, stages and tasks with conditions; in order of their places. What is inside of one that
/// never runs is not gotten to, and so is what stands behind a branch that is taken in no case.
fn asking(model: &Model, flow: &Flow, reach: &Reach) -> Vec<Asks> {
    let never = never_begun(flow, reach);
    let mut all = Vec::new();
    for node in flow.graph.node_indices().filter(|node| !reach.at(*node).is_empty()) {
        let id = flow.node(node).item;
        let item = model.item(id);
        // A jump may lead into what never runs itself: the outermost is told.
        if item.parent.is_some_and(|around| never.contains(&around)) {
            continue;
        }
        match flow.node(node).kind {
            NodeKind::Ask => {
                let (what, own) = (called(model, id), own(model, item));
                all.push(Asks { node, what, place: item.place, own });
            }
            NodeKind::Task(_) => {
                if let Some(task) = asked_task(model, flow, node) {
                    let own = own_of_task(model, task);
                    let what = "this task".to_string();
                    all.push(Asks { node, what, place: task.place, own });
                }
            }
            _ => {}
        }
    }
    all.sort_by_key(|asks| asks.place);
    all
}

/// What a way leads to, and no case enters or performs. Who jumped into a loop is in it, too.
fn never_begun(flow: &Flow, reach: &Reach) -> HashSet<ItemId> {
    let begins = |node: &NodeIndex| {
        matches!(
            flow.node(*node).kind,
            NodeKind::Start
                | NodeKind::Enter
                | NodeKind::Act
                | NodeKind::Fork
                | NodeKind::Choose(ChosenBy::Until | ChosenBy::Each)
        )
    };
    let reached = flow.reached();
    let (mut never, mut begun) = (HashSet::new(), HashSet::new());
    for node in flow.graph.node_indices().filter(begins) {
        let item = flow.node(node).item;
        if !reach.at(node).is_empty() {
            begun.insert(item);
        } else if reached[node.index()] {
            never.insert(item);
        }
    }
    never.retain(|item| !begun.contains(item));
    never
}

/// The paths, where no case gets to the choice between them.
fn no_path(model: &Model, flow: &Flow, reach: &Reach) -> Option<Diagnostic> {
    let choice = flow
        .graph
        .node_indices()
        .find(|node| flow.node(*node).kind == NodeKind::Choose(ChosenBy::Paths))?;
    if !reach.at(choice).is_empty() || !flow.reached()[choice.index()] {
        return None;
    }
    let (_, first) = model.paths().next()?;
    let message = "no case gets to the choice of a path";
    let finding = Diagnostic::new(&RULE, first.place, message);
    Some(
        finding.help(
            "what stands before the paths ends the process in every case; mend its conditions",
        ),
    )
}

/// Names the condition and what contradicts it: itself, one beside it, or one on the way.
fn tell(
    because: &mut Because<'_>,
    reach: &mut Reach,
    asks: &Asks,
) -> Result<Diagnostic, OutOfFuel> {
    let message = format!("{} never applies", asks.what);
    let finding = |place| {
        let finding = Diagnostic::new(&RULE, place, message.clone());
        match place == asks.place {
            true => finding,
            false => finding.label(asks.place, "it stands here"),
        }
    };
    let mut met: Vec<(Set, Place)> = Vec::new();
    for (guard, place) in &asks.own {
        let yes = reach.facts.answer(guard)?.yes;
        if yes.is_empty() {
            let help = "mend the condition, or delete what it stands in";
            return Ok(finding(*place).here("this holds in no case").help(help));
        }
        met.push((yes, *place));
    }
    let help = "mend one of these conditions, or delete what never applies";
    for (yes, place) in &met {
        if let Some(other) = because.rules_out(reach, asks.node, *yes)? {
            return Ok(finding(*place)
                .here("this contradicts what always holds here")
                .label(other, "this holds for whoever gets here")
                .help(help));
        }
    }
    for (index, (yes, place)) in met.iter().enumerate() {
        for (other, before) in &met[..index] {
            if reach.facts.cases.and(*yes, *other)?.is_empty() {
                let finding = finding(*place).here("this contradicts the other condition");
                return Ok(finding.label(*before, "this must hold too").help(help));
            }
        }
    }
    let place = met.first().map_or(asks.place, |(_, place)| *place);
    let mut together = Set::ALL;
    for (yes, _) in &met {
        together = reach.facts.cases.and(together, *yes)?;
    }
    let finding = finding(place).here("this contradicts what always holds here").help(help);
    let finding = met
        .iter()
        .skip(1)
        .fold(finding, |finding, (_, place)| finding.label(*place, "together with this"));
    because.explain(reach, finding, asks.node, together, &[])
}
