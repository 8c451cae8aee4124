//! Whose document it is, and of which case: what every part of a checklist is built by.

use super::{Text, public, resolved};
use crate::emit::anchors::anchors;
use crate::emit::plan::{Omitted, because_of, omitted, settled};
use crate::emit::{prose, words};
use crate::model::{FactId, Guard, ItemId, ItemKind, Line, Model, RoleId, Task, TaskKind, Who};
use crate::plan::calendar::Moment;
use crate::plan::case_file::Cover;
use crate::plan::dates::{Limit, limits};
use crate::plan::{Case, Run, Values};
use crate::source::Place;
use std::collections::{BTreeSet, HashMap};

/// Which checklist is wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    pub path: Option<ItemId>,
    /// The case that it is for, with its run; every case where there is none.
    pub case: Option<(&'a Case, &'a Run)>,
    pub cover: Cover,
    /// Whose work is told in full; everybody's where nobody is named.
    pub role: Option<RoleId>,
    /// It goes to external roles: nothing internal is in it.
    pub outside: bool,
}

/// What is wanted, with what is known of the case.
pub(super) struct View<'m> {
    /// What is known is filled in and taken as settled; what may not be seen is not in it.
    pub model: &'m Model,
    pub wanted: &'m Wanted<'m>,
    pub values: Option<Values<'m>>,
    omitted: HashMap<(ItemId, Option<Place>), String>,
    /// Names for places in a page; none is given twice.
    anchors: HashMap<ItemId, String>,
    /// The facts that may be told; all of them where there is none.
    facts: Option<BTreeSet<FactId>>,
}

/// The model as it is for a case: what is known is filled in, and who takes no part is not named.
pub(crate) fn settled_model(model: &Model, case: &Case, run: &Run) -> Model {
    let mut own = model.clone();
    resolved::resolve(&mut own, &settled(model, case, run));
    own
}

/// The model that a document is printed from.
pub(super) fn model_for(model: &Model, wanted: &Wanted<'_>) -> Model {
    let mut printed = match wanted.case {
        Some((case, run)) => settled_model(model, case, run),
        None => model.clone(),
    };
    if wanted.outside {
        resolved::leave_out_internal(&mut printed);
    }
    printed
}

impl<'m> View<'m> {
    /// `printed` is what [`model_for`] made of `model`.
    pub fn new(model: &'m Model, printed: &'m Model, wanted: &'m Wanted<'m>) -> Self {
        let found = wanted.case.map(|(case, run)| omitted(model, case, run, wanted.path));
        let omitted = found
            .into_iter()
            .flatten()
            .map(|Omitted { item, task, why }| ((item, task), prose::escape(&why)));
        View {
            model: printed,
            wanted,
            values: wanted.case.map(|(case, run)| settled(model, case, run)),
            omitted: omitted.collect(),
            anchors: anchors(printed),
            // Of the model as it is: what the case settles is no longer asked in the printed one.
            facts: wanted.outside.then(|| public(model).facts),
        }
    }

    /// Whether a fact may be told: not one that only internal lines ask for or find out.
    pub fn may_tell(&self, fact: FactId) -> bool {
        self.facts.as_ref().is_none_or(|facts| facts.contains(&fact))
    }

    /// The names that items have in a page.
    pub fn anchors(&self) -> impl Iterator<Item = (ItemId, &String)> {
        self.anchors.iter().map(|(id, anchor)| (*id, anchor))
    }

    /// Why an item does not apply in this case; of a task, by where it stands.
    pub fn not_applicable(&self, item: ItemId, task: Option<Place>) -> Option<Text> {
        self.omitted.get(&(item, task)).cloned()
    }

    /// Whether an item does not apply, or lies within what does not.
    pub fn is_left_out(&self, item: ItemId) -> bool {
        !self.omitted.is_empty()
            && self.model.ancestors(item).any(|id| self.omitted.contains_key(&(id, None)))
    }

    /// Whether a `go` or `end` is still on some way.
    pub fn may_be_taken(&self, jump: ItemId) -> bool {
        !self.is_left_out(jump)
            && self.wanted.case.is_none_or(|(_, run)| run.possible.contains(&jump))
    }

    /// Whether an answer leads there that is not the planned one.
    pub fn by_other_answers(&self, item: ItemId) -> bool {
        self.wanted.case.is_some_and(|(_, run)| run.by_other_answers.contains(&item))
    }

    /// Whether a condition holds in this case, and the facts by which it is so.
    pub fn judged(&self, guard: &Guard) -> (Option<bool>, Vec<Text>) {
        let Some(values) = &self.values else { return (None, Vec::new()) };
        let Ok(holds) = values.holds(guard) else { return (None, Vec::new()) };
        let because = because_of(self.model, values, guard);
        (Some(holds), because.iter().map(|reason| prose::escape(reason)).collect())
    }

    /// What a fact is in this case, as people write it.
    pub fn value(&self, fact: FactId) -> Option<String> {
        let value = self.values.as_ref()?.value(fact).ok()?;
        Some(self.model.fact(fact).kind.show(&value))
    }

    /// How a decision is planned to be taken: "planned", "planned the 1st time".
    pub fn planned_answer(&self, decision: ItemId, branch: usize) -> Option<Text> {
        let ItemKind::Decide { answer: Some(_) } = self.model.item(decision).kind else {
            return None;
        };
        let (_, run) = self.wanted.case?;
        let taken: Vec<usize> =
            run.taken.iter().filter(|(id, _)| *id == decision).map(|(_, branch)| *branch).collect();
        let times: Vec<String> = taken
            .iter()
            .enumerate()
            .filter(|(_, taken)| **taken == branch)
            .map(|(index, _)| words::ordinal(index + 1))
            .collect();
        match (times.is_empty(), taken.len()) {
            (true, _) => None,
            (false, 1) => Some("planned".to_string()),
            (false, _) => Some(format!("planned the {} time", words::list(&times, "and"))),
        }
    }

    /// Whether an optional role, or one in it, takes part, where that is known.
    pub fn takes_part(&self, role: RoleId) -> Option<bool> {
        let outer = std::iter::successors(Some(role), |role| self.model.role(*role).parent);
        let absent = outer.into_iter().any(|role| {
            let fact = self.model.role(role).optional;
            fact.is_some_and(|fact| self.value(fact).as_deref() == Some("no"))
        });
        absent.then_some(false)
    }

    /// The people who fill roles, as far as they are named; of several roles, each with theirs.
    pub fn people(&self, roles: &[RoleId]) -> Vec<String> {
        let people = |role: &RoleId| self.wanted.cover.people.get(role);
        match roles {
            [role] => people(role).cloned().unwrap_or_default(),
            several => {
                let named = several.iter().filter_map(|role| Some((role, people(role)?)));
                let named = named.filter(|(_, people)| !people.is_empty());
                let of = |(role, people): (&RoleId, &Vec<String>)| {
                    format!("{}: {}", self.model.role(*role).title, words::list(people, "and"))
                };
                named.map(of).collect()
            }
        }
    }

    /// When an item is planned.
    pub fn planned(&self, item: ItemId) -> Option<Moment> {
        self.wanted.cover.planned.get(&item).copied()
    }

    /// The last moment that all times of what stands in `at` allow, where the planned dates tell it.
    pub fn due(&self, at: ItemId, timing: &crate::model::Timing) -> Option<Moment> {
        let last = limits(&self.wanted.cover.planned, at, timing).into_iter().flatten();
        let last = last.filter_map(|limit| match limit {
            Limit::AtLatest(moment) => Some(moment),
            Limit::NotBefore(_) => None,
        });
        last.reduce(|first, other| if other.is_before(first) { other } else { first })
    }

    /// The times of what stands in `at`, with the dates that they come to.
    pub fn timing(&self, at: ItemId, timing: &crate::model::Timing) -> Vec<Text> {
        let mut lines = words::timing(self.model, at, timing);
        let dates = limits(&self.wanted.cover.planned, at, timing);
        let first = lines.len() - dates.len();
        for (line, limit) in lines.iter_mut().skip(first).zip(dates) {
            if let Some(limit) = limit {
                line.push_str(&format!(": {limit}"));
            }
        }
        lines
    }

    pub fn anchor(&self, item: ItemId) -> String {
        self.anchors.get(&item).cloned().unwrap_or_default()
    }

    /// Whether roles are, or are part of, or have in them, the one whose document this is.
    pub fn concerns<'r>(&self, roles: impl IntoIterator<Item = &'r RoleId>) -> bool {
        let Some(own) = self.wanted.role else { return true };
        let around =
            |role: RoleId| std::iter::successors(Some(role), |role| self.model.role(*role).parent);
        roles
            .into_iter()
            .any(|role| around(*role).any(|id| id == own) || around(own).any(|id| id == *role))
    }

    /// Whether the role whose document this is does a step, helps, or decides that it is skipped.
    pub fn is_own_step(&self, id: ItemId) -> bool {
        let item = self.model.item(id);
        let head = acting(item.head.by.as_ref(), &item.head.with);
        let skips = item.skips.iter().filter_map(|skip| skip.by.as_ref());
        self.concerns(head.chain(skips))
    }

    /// Whether some line is for the role whose document this is, by itself.
    pub fn has_own_lines(&self, id: ItemId) -> bool {
        self.is_in(&self.model.item(id).lines)
    }

    fn is_in(&self, lines: &[Line]) -> bool {
        lines.iter().any(|line| match line {
            Line::Task(task) => self.concerns(named(task)) || self.is_in(&task.lines),
            Line::ForEach { lines, .. } => self.is_in(lines),
            Line::ApprovedBy { who, .. } => self.concerns(who.roles()),
            _ => false,
        })
    }

    /// Whether a task is, in part, of the role whose document this is: its own line says so, or, where
    /// that says nothing, the step.
    pub fn is_own_task(&self, step: ItemId, task: &Task) -> bool {
        let head = &self.model.item(step).head;
        let by = task.head.by.as_ref().or(head.by.as_ref());
        let with = if task.head.with.is_empty() { &head.with } else { &task.head.with };
        self.concerns(acting(by, with).chain(named(task))) || self.is_in(&task.lines)
    }
}

fn acting<'r>(by: Option<&'r Who>, with: &'r [RoleId]) -> impl Iterator<Item = &'r RoleId> {
    by.map(Who::roles).unwrap_or_default().iter().chain(with)
}

/// The roles that a task itself names.
fn named(task: &Task) -> impl Iterator<Item = &RoleId> {
    let told: &[RoleId] = match &task.kind {
        TaskKind::Notify(roles) => roles,
        TaskKind::Do => &[],
    };
    acting(task.head.by.as_ref(), &task.head.with).chain(told)
}
