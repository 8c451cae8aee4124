//! A run that is to be shown in a picture: that of a case, or that of a finding.

use super::words;
use crate::diagnostic::{RunKind, RunStep};
use crate::emit::checklist::settled_model;
use crate::emit::plan::{chosen, omitted, ruled_out};
use crate::model::{BranchKind, Item, ItemId, ItemKind, Model, OutcomeId};
use crate::plan::{Case, Run, Values};
use crate::source::Place;
use std::collections::HashSet;

/// What is done, in order, and what is not.
#[derive(Clone, Debug, Default)]
pub struct ShownRun {
    /// What it is called.
    pub title: String,
    /// What is entered or performed.
    pub items: Vec<ItemId>,
    /// The branches by which decisions and events lead on.
    pub taken: Vec<(ItemId, usize)>,
    /// None where it stops before.
    pub end: Option<OutcomeId>,
    /// What does not apply with all that is in it, and why.
    left_out: Vec<(ItemId, String)>,
    /// What may still be come to, with what is left out in it.
    open: HashSet<ItemId>,
    /// The loops that it comes by and of which people say whether there is one more round.
    may_go_round: HashSet<ItemId>,
    /// The path that is going to be taken, if that is known.
    chosen: Option<ItemId>,
    /// The model as it is for the case; none where no case is told.
    own: Option<Model>,
}

impl ShownRun {
    /// How a case goes, and what it leaves open.
    pub fn of_case(model: &Model, title: String, case: &Case, run: &Run) -> Self {
        let values = Values::new(model, case.facts.clone());
        let mut shown = ShownRun {
            open: run.open.clone(),
            chosen: chosen(model, case, run),
            may_go_round: ended_by_people(model, &run.items),
            ..ShownRun::of_scenario(model, title, case, run)
        };
        let paths =
            model.paths().filter(|(id, _)| !run.open.contains(id) && !run.items.contains(id));
        let out = paths.filter_map(|(id, _)| Some((id, ruled_out(model, &values, id)?)));
        shown.left_out.extend(out);
        shown
    }

    /// How a scenario goes: a case of which all is said.
    pub fn of_scenario(model: &Model, title: String, case: &Case, run: &Run) -> Self {
        let out = omitted(model, case, run, None).into_iter();
        ShownRun {
            title,
            items: run.items.clone(),
            taken: run.taken.clone(),
            end: run.end.as_ref().ok().copied(),
            own: Some(settled_model(model, case, run)),
            left_out: out.filter(|it| it.task.is_none()).map(|it| (it.item, it.why)).collect(),
            ..ShownRun::default()
        }
    }

    /// The run that a finding tells.
    pub fn of_finding(model: &Model, title: String, run: &[RunStep]) -> Self {
        let mut shown = ShownRun { title, ..ShownRun::default() };
        for step in run {
            match step.kind {
                RunKind::Done | RunKind::Decided => shown.do_step(model, step),
                RunKind::PassedBy | RunKind::Skipped => {
                    let why = "it is passed by on this run".to_string();
                    shown.left_out.extend(shown.item(model, step).map(|item| (item, why)));
                }
                RunKind::Event => shown.taken.extend(event(model, step.place)),
                RunKind::End => {
                    let outcomes = model.outcomes.iter();
                    let found = outcomes.zip(0..).find(|(it, _)| it.place == step.place);
                    shown.end = found.map(|(_, index)| OutcomeId(index));
                }
            }
        }
        let done = &shown.items;
        shown.left_out.retain(|(item, _)| !done.iter().any(|id| model.is_within(*id, *item)));
        shown
    }

    /// What is drawn: the model as it is for the case, if there is one.
    pub(super) fn drawn_from<'m>(&'m self, model: &'m Model) -> &'m Model {
        self.own.as_ref().unwrap_or(model)
    }

    /// The path that it comes to first.
    pub fn path(&self, model: &Model) -> Option<ItemId> {
        self.items.iter().find_map(|id| path_of(model, *id))
    }

    /// Whether anything may still come.
    pub(super) fn leaves_something_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Whether one more round of a loop may lead from an item to another.
    pub(super) fn may_go_round(&self, model: &Model, from: ItemId, to: ItemId) -> bool {
        let mut around = model.ancestors(from).filter(|id| model.is_within(to, *id));
        around.any(|id| self.may_go_round.contains(&id))
    }

    /// Whether an item may still be come to.
    pub(super) fn is_open(&self, model: &Model, id: ItemId) -> bool {
        self.open.contains(&id) && !self.is_left_out(model, id)
    }

    /// Whether an item does not apply on the path that it is in.
    pub(super) fn is_passed_by(&self, model: &Model, id: ItemId) -> bool {
        let is_path = |item: ItemId| matches!(model.item(item).kind, ItemKind::Path { .. });
        let mut left_out = self.left_out.iter().map(|(item, _)| *item);
        left_out.any(|item| !is_path(item) && model.is_within(id, item))
    }

    /// Whether it is said why an item does not apply, or something around it.
    fn is_left_out(&self, model: &Model, id: ItemId) -> bool {
        self.left_out.iter().any(|(item, _)| model.is_within(id, *item))
    }

    /// Whether an event of a block may still happen: also in what an ended run has come by.
    pub(super) fn may_be_left(&self, model: &Model, block: ItemId) -> bool {
        let is_planned = self.end.is_some() && self.leaves_something_open();
        self.is_open(model, block)
            || (is_planned && self.items.iter().any(|id| model.is_within(*id, block)))
    }

    /// Whether a path is still to be chosen.
    pub(super) fn chooses_later(&self, model: &Model) -> bool {
        let may_be_chosen =
            |(id, path): (ItemId, &Item)| path.is_chosen() && self.is_open(model, id);
        self.end.is_none() && self.path(model).is_none() && model.paths().any(may_be_chosen)
    }

    fn do_step(&mut self, model: &Model, step: &RunStep) {
        let Some(item) = self.item(model, step) else { return };
        self.items.push(item);
        let branches = &model.item(item).branches;
        let taken = step.branch.and_then(|place| branches.iter().position(|it| it.place == place));
        self.taken.extend(taken.map(|branch| (item, branch)));
    }

    /// The item of a step. What a procedure holds has one place in the text and is used in several:
    /// there the number tells which is meant, and the path in which the run is.
    fn item(&self, model: &Model, step: &RunStep) -> Option<ItemId> {
        let at_place = model.ids().filter(|id| model.item(*id).place == step.place);
        let is_numbered = |id: &ItemId| {
            let number = &model.item(*id).number;
            number.is_empty()
                || step.text.strip_prefix(number).is_some_and(|it| it.starts_with(' '))
        };
        let found: Vec<ItemId> = at_place.filter(is_numbered).collect();
        let path = self.items.last().map(|id| model.path_of(*id));
        let here = found.iter().find(|id| path == Some(model.path_of(**id)));
        here.or(found.first()).copied()
    }

    /// Why an item is not on the run, where that is known.
    pub(super) fn why_not(&self, model: &Model, id: ItemId) -> Option<String> {
        let around = |(item, _): &&(ItemId, String)| model.is_within(id, *item);
        if let Some((_, why)) = self.left_out.iter().find(around) {
            return Some(why.clone());
        }
        let own = path_of(model, id)?;
        let taken = self.path(model).or(self.chosen);
        let taken = taken.filter(|_| self.items.iter().all(|it| model.path_of(*it) != own))?;
        Some(format!("the path taken is {}", words::title(model, taken)))
    }
}

/// The path that an item is in.
fn path_of(model: &Model, id: ItemId) -> Option<ItemId> {
    let path = model.path_of(id);
    matches!(model.item(path).kind, ItemKind::Path { .. }).then_some(path)
}

/// The event of a block that stands there.
fn event(model: &Model, place: Place) -> Option<(ItemId, usize)> {
    let is_it = |id: ItemId| {
        let branches = model.item(id).branches.iter();
        let mut events =
            branches.enumerate().filter(|(_, it)| matches!(it.kind, BranchKind::Event(_)));
        events.find(|(_, it)| it.place == place).map(|(index, _)| (id, index))
    };
    model.ids().find_map(is_it)
}

/// The loops around these items that go on until people say so, or for each of what they find.
fn ended_by_people(model: &Model, items: &[ItemId]) -> HashSet<ItemId> {
    let around: HashSet<ItemId> = items.iter().flat_map(|id| model.ancestors(*id)).collect();
    let by_people = |id: &ItemId| match &model.item(*id).kind {
        ItemKind::Repeat { until, .. } => until.guard.is_none(),
        ItemKind::ForEach(_) => true,
        _ => false,
    };
    around.into_iter().filter(by_people).collect()
}
