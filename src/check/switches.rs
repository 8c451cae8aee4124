//! `switch-left-on`, `switch-turned-twice`: what is turned on for a while is off again at the end.

use crate::cases::OutOfFuel;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::{Effect, Flow};
use crate::model::{Model, OutcomeId, SwitchId};
use crate::reach::{Reach, Thing};
use crate::source::Place;
use std::collections::BTreeMap;

pub const LEFT_ON: Rule = Rule {
    name: "switch-left-on",
    severity: Severity::Error,
    summary: "the process may end with a switch that is not as it normally is",
    why: "The maintenance page stays up, the freeze stays on, the lock stays locked: everybody \
          thinks that the work is done, and nobody turns it back.",
    wrong: include_str!("examples/switch-left-on.wrong.vup"),
    right: include_str!("examples/switch-left-on.right.vup"),
};

pub const TURNED_TWICE: Rule = Rule {
    name: "switch-turned-twice",
    severity: Severity::Error,
    summary: "a switch is turned to what it already is",
    why: "Either it was meant to be turned back in between, or one of the two lines is left over.",
    wrong: include_str!("examples/switch-turned-twice.wrong.vup"),
    right: include_str!("examples/switch-turned-twice.right.vup"),
};

pub fn check(model: &Model, flow: &Flow) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut turned: BTreeMap<SwitchId, Vec<Place>> = BTreeMap::new();
    for effect in flow.graph.edge_weights().flat_map(|edge| &edge.effects) {
        if let Effect::Turn { switch, on, place } = effect {
            let places = turned.entry(*switch).or_default();
            if *on != model.switch(*switch).normally_on && !places.contains(place) {
                places.push(*place);
            }
        }
    }
    let mut findings = Vec::new();
    for (switch, places) in turned {
        let thing = Thing::switch(model, switch, places.clone());
        let mut reach = Reach::of_thing(model, flow, Some(thing.clone()))?;
        findings.extend(left_on(model, flow, &mut reach, switch, &places)?);
        findings.extend(turned_twice(model, flow, &mut reach, switch, &thing, &places)?);
    }
    Ok(findings)
}

/// "on" or "off": how a switch is while it is turned.
fn turned_to(model: &Model, switch: SwitchId) -> &'static str {
    if model.switch(switch).normally_on { "off" } else { "on" }
}

fn left_on(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    switch: SwitchId,
    places: &[Place],
) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut findings = Vec::new();
    let (name, to) = (&model.switch(switch).name, turned_to(model, switch));
    for (index, place) in (1u32..).zip(places) {
        for (outcome, end) in (0u32..).map(OutcomeId).zip(&flow.ends) {
            let here = reach.at(*end);
            let still = reach.facts.thing_is(index)?;
            let left = reach.facts.cases.and(here, still)?;
            let Some(told) = reach.facts.told(model, left, here)? else { continue };
            let when = told.when();
            let end = model.outcome(outcome);
            let message =
                format!("`{name}` may still be {to} when the process ends in `{}`{when}", end.name);
            let mut finding =
                Diagnostic::new(&LEFT_ON, *place, message).here(format!("it is turned {to} here"));
            for place in ways_to(flow, reach, outcome, index)?.into_iter().take(3) {
                finding = finding.label(place, "the process ends from here");
            }
            let back = if to == "on" { "off" } else { "on" };
            findings.push(
                finding
                    .help(format!("let a step on the way to this end have `turns {back} {name}`")),
            );
            break;
        }
    }
    Ok(findings)
}

/// Where the process ends in an outcome while the thing is in a state.
fn ways_to(
    flow: &Flow,
    reach: &mut Reach,
    outcome: OutcomeId,
    state: u32,
) -> Result<Vec<Place>, OutOfFuel> {
    let Some(end) = flow.ends.get(outcome.0 as usize) else { return Ok(Vec::new()) };
    let mut places = Vec::new();
    for edge in flow.graph.edge_indices() {
        let Some((from, to)) = flow.graph.edge_endpoints(edge) else { continue };
        if to == *end {
            let after = reach.along_seeing(flow, edge, reach.at(from), |_, _, _| Ok(()))?;
            let still = reach.facts.thing_is(state)?;
            if !reach.facts.cases.and(after, still)?.is_empty() {
                places.push(flow.edge(edge).place);
            }
        }
    }
    places.sort();
    places.dedup();
    Ok(places)
}

fn turned_twice(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    switch: SwitchId,
    thing: &Thing,
    places: &[Place],
) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut found: BTreeMap<Place, Diagnostic> = BTreeMap::new();
    for edge in flow.graph.edge_indices() {
        let Some((from, _)) = flow.graph.edge_endpoints(edge) else { continue };
        let here = reach.at(from);
        if here.is_empty() || flow.edge(edge).effects.is_empty() {
            continue;
        }
        reach.along_seeing(flow, edge, here, |facts, effect, set| {
            let Effect::Turn { on, place, .. } = effect else { return Ok(()) };
            let Some(state) = thing.becomes(effect) else { return Ok(()) };
            // A loop may turn it again at the same place, and nothing is wrong with that.
            let same: Vec<u32> = match state {
                0 => vec![0],
                _ => (1..thing.states()).filter(|other| *other != state).collect(),
            };
            for before in same {
                let there = facts.thing_is(before)?;
                let twice = facts.cases.and(set, there)?;
                let Some(told) = facts.told(model, twice, set)? else { continue };
                if !found.contains_key(place) {
                    let first = before.checked_sub(1).and_then(|index| places.get(index as usize));
                    found.insert(
                        *place,
                        tell_twice(model, switch, *on, *place, first, &told.when()),
                    );
                }
            }
            Ok(())
        })?;
    }
    Ok(found.into_values().collect())
}

fn tell_twice(
    model: &Model,
    switch: SwitchId,
    on: bool,
    place: Place,
    first: Option<&Place>,
    when: &str,
) -> Diagnostic {
    let (name, to) = (&model.switch(switch).name, if on { "on" } else { "off" });
    let finding =
        Diagnostic::new(&TURNED_TWICE, place, format!("`{name}` may be {to} already{when}"));
    let finding = match first {
        Some(first) => finding.label(*first, format!("it is turned {to} here")),
        None => finding,
    };
    finding.help("leave one of the two lines out, or turn it back in between")
}
