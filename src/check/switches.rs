//! `switch-left-on`, `switch-turned-twice`: what is turned on for a while is off again at the end.

use super::run;
use crate::cases::{OutOfFuel, Set};
use crate::diagnostic::{Diagnostic, Edit, Label, Mend, Rule, Severity};
use crate::flow::{Effect, Flow};
use crate::model::{Branch, ItemKind, Model, OutcomeId, SwitchId, Target};
use crate::reach::{Reach, Thing, Turn};
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

pub fn check(model: &Model, flow: &Flow, base: &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut turned: BTreeMap<SwitchId, Vec<Turn>> = BTreeMap::new();
    for effect in flow.graph.edge_weights().flat_map(|edge| &edge.effects) {
        if let Effect::Turn { switch, on, item, place } = effect {
            let turn = Turn { item: *item, place: *place, on: *on };
            let turns = turned.entry(*switch).or_default();
            if !turns.contains(&turn) {
                turns.push(turn);
            }
        }
    }
    let mut findings = Vec::new();
    for (switch, turns) in turned {
        let thing = Thing::switch(switch, turns.clone());
        let mut reach = Reach::of_thing(model, flow, base, thing.clone())?;
        findings.extend(left_on(model, flow, &mut reach, switch, &turns)?);
        findings.extend(turned_twice(model, flow, &mut reach, switch, &thing, &turns)?);
    }
    Ok(findings)
}

fn word(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

fn left_on(
    model: &Model,
    flow: &Flow,
    reach: &mut Reach,
    switch: SwitchId,
    turns: &[Turn],
) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut findings = Vec::new();
    let declared = model.switch(switch);
    for (state, turn) in (1u32..).zip(turns).filter(|(_, turn)| turn.on != declared.normally_on) {
        for (outcome, last) in (0u32..).map(OutcomeId).zip(&flow.ends) {
            let here = reach.at(*last);
            let still = reach.facts.thing_is(state)?;
            let left = reach.facts.cases.and(here, still)?;
            if left.is_empty() {
                continue;
            }
            let shown = run::to_node(model, flow, reach, *last, left)?;
            let told = reach.facts.told_around(model, left, here, shown.cases)?;
            let Some(told) = told else { continue };
            let (name, to, when) = (&declared.name, word(turn.on), told.when());
            let end = model.outcome(outcome);
            let message =
                format!("`{name}` may still be {to} when the process ends in `{}`{when}", end.name);
            let mut finding = Diagnostic::new(&LEFT_ON, turn.place, message)
                .run(shown.steps)
                .here(format!("it is turned {to} here"));
            for place in ways_to(flow, reach, outcome, state)?.into_iter().take(3) {
                finding = finding.label(place, "the process ends from here");
            }
            let back = word(declared.normally_on);
            finding.edit = turned_back(model, turn, name, back, finding.labels.iter().skip(1));
            findings.push(finding.help(format!(
                "let a step on the way to this end have `turns {back} {name}`; an event may come at any moment, so its way needs one of its own"
            )));
            break;
        }
    }
    Ok(findings)
}

/// A step that turns it back, on the way to an end that is reached with it: before an `end` line, or
/// behind all else, for a branch that leads there.
fn turned_back<'d>(
    model: &Model,
    turn: &Turn,
    name: &str,
    back: &str,
    ends: impl Iterator<Item = &'d Label>,
) -> Option<Edit> {
    let role = model.item(turn.item).head.by.as_ref()?.roles().first()?;
    let role = &model.role(*role).name;
    let own = format!("turn-{back}-{name}");
    let lines = format!("\"Turn {back} {name}\" by {role} {{\n  turns {back} {name}\n}}");
    let places: Vec<Place> = ends.map(|label| label.place).collect();
    for (id, item) in model.ids().map(|id| (id, model.item(id))) {
        if matches!(item.kind, ItemKind::End(_)) && places.contains(&item.place) {
            return Some(Edit::suggested(item.place, Mend::LineBefore(format!("step {lines}"))));
        }
        let to_end = |branch: &&Branch| {
            matches!(branch.target, Target::End(_)) && places.contains(&branch.place)
        };
        let Some(branch) = item.branches.iter().find(to_end) else { continue };
        let Target::End(outcome) = branch.target else { continue };
        let last = model.item(*model.item(model.path_of(id)).children.last()?);
        let is_taken = model.items.iter().any(|item| item.name.as_deref() == Some(&own));
        let in_run =
            model.ancestors(id).any(|id| matches!(model.item(id).kind, ItemKind::Run { .. }));
        if is_taken || in_run || !matches!(last.kind, ItemKind::End(_) | ItemKind::Go { .. }) {
            continue;
        }
        let text = format!("step {own} {lines}\nend {}", model.outcome(outcome).name);
        let added = Mend::LineAfter { text, like: last.place };
        let goes_there = Mend::Instead(format!("step {own}"));
        return Some(Edit::suggested(branch.target_place, goes_there).and(last.end, added));
    }
    None
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
    turns: &[Turn],
) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let normally_on = model.switch(switch).normally_on;
    let mut found: BTreeMap<Place, (Diagnostic, Set)> = BTreeMap::new();
    reach.each_effect(flow, |facts, effect, set| {
        let Effect::Turn { on, place, .. } = effect else { return Ok(()) };
        let Some(state) = thing.becomes(effect) else { return Ok(()) };
        // A loop may turn it again in the same line, and nothing is wrong with that.
        let others = (1u32..).zip(turns).filter(|(other, _)| *other != state);
        let same =
            others.filter(|(_, turn)| turn.on == *on).map(|(other, turn)| (other, Some(turn)));
        let untouched = (*on == normally_on).then_some((0, None));
        for (before, turn) in same.chain(untouched) {
            let there = facts.thing_is(before)?;
            let twice = facts.cases.and(set, there)?;
            let Some(told) = facts.told(model, twice, set)? else { continue };
            // A procedure that is run twice has the line twice: of one of them it may be so.
            let stands_once = turns.iter().filter(|turn| turn.place == *place).count() == 1;
            let always = stands_once && facts.cases.minus(set, twice)?.is_empty();
            let tell = || tell_twice(model, switch, *on, *place, turn, (always, &told.when()));
            found.entry(*place).or_insert_with(|| (tell(), told.cases));
        }
        Ok(())
    })?;
    let mut findings = Vec::new();
    for (at, (finding, cases)) in found {
        let is_it = |effect: &Effect| matches!(effect, Effect::Turn { place, .. } if *place == at);
        findings.push(finding.run(run::to_effect(model, flow, reach, is_it, cases)?.steps));
    }
    Ok(findings)
}

fn tell_twice(
    model: &Model,
    switch: SwitchId,
    on: bool,
    place: Place,
    first: Option<&Turn>,
    (always, when): (bool, &str),
) -> Diagnostic {
    let (name, to) = (&model.switch(switch).name, word(on));
    let message = match always {
        true => format!("`{name}` is {to} already"),
        false => format!("`{name}` may be {to} already{when}"),
    };
    let mut finding = Diagnostic::new(&TURNED_TWICE, place, message);
    // Where a procedure is run twice, the line stands once.
    // Where it is not so in every case, the line is needed in the others.
    if always {
        finding = finding.edit(Edit::suggested(place, Mend::NoLine));
    }
    match first {
        Some(first) => finding
            .label(first.place, format!("it is turned {to} here"))
            .help(match always {
                true => "leave one of the two lines out, or turn it back in between",
                false => {
                    "turn it back in between, or let one of the two lines stand on ways that never come \
                     by the other"
                }
            }),
        None => finding
            .here(format!("it is normally {to}, and not turned on every way to here"))
            .help(
                "turn it before on every way to here, or leave this line out; where an event leads to \
                 here, the line that turns it has to stand before the block of the event",
            ),
    }
}
