//! `after-no-way-back`: behind a point of no return, something leads back before it, or is offered
//! to be taken back.
//!
//! Whether the point was passed is followed through the flow with the cases, as the state of a thing.
//! A loop that goes on with its next round is no way back; what a round has passed is its own.

use super::run;
use super::words::called;
use crate::cases::{OutOfFuel, Set};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::{ChosenBy, EdgeIndex, Effect, Flow, NodeIndex, NodeKind};
use crate::model::{Item, ItemId, Line, Model};
use crate::reach::{Reach, Thing};
use crate::source::Place;
use std::collections::BTreeMap;

pub const RULE: Rule = Rule {
    name: "after-no-way-back",
    severity: Severity::Error,
    summary: "a way leads back behind a point of no return",
    why: "A step says that from there on nothing can be taken back, and behind it something leads to \
          before it, or says how to take it back. Whoever relies on that finds out too late.",
    wrong: include_str!("examples/after-no-way-back.wrong.vup"),
    right: include_str!("examples/after-no-way-back.right.vup"),
};

pub fn check(model: &Model, flow: &Flow, base: &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut points: BTreeMap<ItemId, Place> = BTreeMap::new();
    for effect in flow.graph.edge_weights().flat_map(|edge| &edge.effects) {
        if let Effect::Pass(item, place) = effect {
            points.entry(*item).or_insert(*place);
        }
    }
    let mut found: BTreeMap<Place, Diagnostic> = BTreeMap::new();
    for (step, place) in points {
        let point = Point { model, flow, step, place };
        if !point.has_something_behind() {
            continue;
        }
        let mut reach = Reach::of_thing(model, flow, base, Thing::passed(step))?;
        point.jumps(&mut reach, &mut found)?;
        point.undos(&mut reach, &mut found)?;
    }
    Ok(found.into_values().collect())
}

/// A step from which there is no way back, and the line that says so.
struct Point<'m> {
    model: &'m Model,
    flow: &'m Flow,
    step: ItemId,
    place: Place,
}

impl Point<'_> {
    /// Whether anything in the flow could be wrong with it.
    fn has_something_behind(&self) -> bool {
        let ends = |edge| self.flow.graph.edge_endpoints(edge);
        let jumps = self.flow.graph.edge_indices().filter_map(ends);
        let mut items = self.model.ids().filter(|id| *id == self.step || self.is_behind(*id));
        jumps.into_iter().any(|(from, to)| self.leads_back(from, to))
            || items.any(|id| undos(self.model.item(id)).next().is_some())
    }

    fn jumps(
        &self,
        reach: &mut Reach,
        found: &mut BTreeMap<Place, Diagnostic>,
    ) -> Result<(), OutOfFuel> {
        for edge in self.flow.graph.edge_indices() {
            let Some((from, to)) = self.flow.graph.edge_endpoints(edge) else { continue };
            let place = self.flow.edge(edge).place;
            if !self.leads_back(from, to) || found.contains_key(&place) {
                continue;
            }
            let taken = reach.taking(self.flow, edge)?;
            let passed = self.passed(reach, taken)?;
            if passed.is_empty() {
                continue;
            }
            let shown = run::to_edge(self.model, self.flow, reach, edge, passed)?;
            let when = self.when(reach, from, passed, shown.cases)?;
            found.insert(place, self.tell_jump(edge, to, &when).run(shown.steps));
        }
        Ok(())
    }

    /// Whether an edge jumps from behind the point to before it.
    fn leads_back(&self, from: NodeIndex, to: NodeIndex) -> bool {
        let arrives = self.flow.arrive.get(self.flow.node(to).item.0 as usize) == Some(&to);
        let (from, to) = (self.flow.node(from), self.flow.node(to));
        if !arrives || matches!(from.kind, NodeKind::Choose(ChosenBy::Until | ChosenBy::Each)) {
            return false;
        }
        let from_behind = from.item == self.step
            || self.is_behind(from.item)
            || self.model.are_beside(from.item, self.step);
        let to_before = to.item < self.step
            && !self.is_behind(to.item)
            && !self.model.are_beside(to.item, self.step);
        let is_performed = |id: u32| self.model.item(ItemId(id)).kind.is_performed();
        // What is jumped to may start with the point itself.
        from_behind && to_before && (to.item.0..self.step.0).any(is_performed)
    }

    /// Whether an item stands behind the point in its path, or in another. What is done beside it in
    /// any order is neither before nor behind.
    fn is_behind(&self, item: ItemId) -> bool {
        let same_path = self.model.path_of(item) == self.model.path_of(self.step);
        !same_path || item > self.step && !self.model.are_beside(item, self.step)
    }

    /// Of some cases, those in which the point was passed.
    fn passed(&self, reach: &mut Reach, among: Set) -> Result<Set, OutOfFuel> {
        let passed = reach.facts.thing_is(1)?;
        reach.facts.cases.and(passed, among)
    }

    /// Those cases in words, as the run that is shown has them.
    fn when(
        &self,
        reach: &mut Reach,
        node: NodeIndex,
        passed: Set,
        shown: Set,
    ) -> Result<String, OutOfFuel> {
        let here = reach.at(node);
        let told = reach.facts.told_around(self.model, passed, here, shown)?;
        Ok(told.map(|told| told.when()).unwrap_or_default())
    }

    fn tell_jump(&self, edge: EdgeIndex, to: NodeIndex, when: &str) -> Diagnostic {
        let target = called(self.model, self.flow.node(to).item);
        let point = called(self.model, self.step);
        let message =
            format!("this leads back to {target}, and there is no way back from {point}{when}");
        Diagnostic::new(&RULE, self.flow.edge(edge).place, message)
            .label(self.place, "from here on nothing can be taken back")
            .help("lead on to what stands below that step and can still be done, or say `no way back` where it is so")
    }

    fn undos(
        &self,
        reach: &mut Reach,
        found: &mut BTreeMap<Place, Diagnostic>,
    ) -> Result<(), OutOfFuel> {
        for node in self.flow.graph.node_indices() {
            let id = self.flow.node(node).item;
            let is_point = id == self.step;
            let is_done = self.flow.node(node).kind == NodeKind::Act && !reach.at(node).is_empty();
            if !is_done || !(is_point || self.is_behind(id)) {
                continue;
            }
            for place in undos(self.model.item(id)) {
                let what = called(self.model, id);
                let passed = self.passed(reach, reach.at(node))?;
                if found.contains_key(&place) || !is_point && passed.is_empty() {
                    continue;
                }
                let cases = if is_point { reach.at(node) } else { passed };
                let shown = run::to_node(self.model, self.flow, reach, node, cases)?;
                let message = match is_point {
                    true => format!("{what} says how it is taken back, and that it cannot be"),
                    false => {
                        let when = self.when(reach, node, passed, shown.cases)?;
                        format!("{what} offers a way back behind a point of no return{when}")
                    }
                };
                let finding = Diagnostic::new(&RULE, place, message)
                    .run(shown.steps)
                    .label(self.place, "from here on nothing can be taken back")
                    .help("leave the `undo` out, or say `no way back` where it is so");
                found.entry(place).or_insert(finding);
            }
        }
        Ok(())
    }
}

/// Where an item says how it is taken back.
fn undos(item: &Item) -> impl Iterator<Item = Place> {
    item.lines.iter().filter_map(|line| match line {
        Line::Undo { place, .. } => Some(*place),
        _ => None,
    })
}
