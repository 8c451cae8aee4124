//! Tasks: the lines of a step that say to do something.

use super::items::{Asked, Compare};
use super::likeness::{SAME_TEXT, alike, best_pairs, out_of_order};
use super::lines::points;
use super::names::Side;
use super::spot::{Spot, is_told};
use super::{Bump, Kind};
use crate::model::{Head, Item, ItemId, Line, Task, TaskKind};

/// The tasks of a step, those that are done for each of something among them.
fn tasks(lines: &[Line]) -> Vec<&Task> {
    let mut all = Vec::new();
    for line in lines {
        match line {
            Line::Task(task) => all.push(&**task),
            Line::ForEach { lines, .. } => all.extend(tasks(lines)),
            _ => {}
        }
    }
    all
}

fn is_notice(task: &Task) -> bool {
    matches!(task.kind, TaskKind::Notify(_))
}

fn word(task: &Task) -> &'static str {
    if is_notice(task) { "message" } else { "task" }
}

/// "the message “It is done” to Users".
fn called(side: &Side<'_>, task: &Task) -> String {
    let whom = match &task.kind {
        TaskKind::Notify(told) => {
            let titles = told.iter().map(|id| side.role_shown(*id));
            format!(" to {}", titles.collect::<Vec<_>>().join(" and "))
        }
        _ => String::new(),
    };
    format!("the {} “{}”{whom}", word(task), side.text(&task.text))
}

impl Compare<'_> {
    pub fn tasks(&mut self, spot: &Spot, old: ItemId, new: ItemId) {
        let (before, after) = (self.old.model.item(old), self.new.model.item(new));
        let (olds, news) = (tasks(&before.lines), tasks(&after.lines));
        let title = self.new.title(new);
        let same = self.same_tasks(&olds, &news);
        for (at, task) in olds.iter().enumerate() {
            if !same.contains(&Some(at)) {
                self.gone_tasks.push(TaskOf::new(spot, self.old, (&title, before), task));
            }
        }
        for (task, same) in news.iter().zip(&same) {
            match same.map(|at| olds[at]) {
                None => {
                    self.new_tasks.push(TaskOf::new(spot, self.new, (&title, after), task));
                }
                Some(old_task) => {
                    self.task(spot, &title, (old, new), (before, old_task), (after, task));
                }
            }
        }
        let stayed: Vec<usize> = same.iter().flatten().copied().collect();
        for moved in out_of_order(&stayed) {
            let at = same.iter().position(|old| *old == Some(moved)).unwrap_or(0);
            let before = news[..at].iter().zip(&same).rev().find(|(_, old)| old.is_some());
            let whereto = match before {
                Some((task, _)) => format!("comes after {}", called(self.new, task)),
                None => "comes first".to_string(),
            };
            let text = format!("{title}: {} now {whereto}", called(self.new, news[at]));
            let hides = before.is_some_and(|(task, _)| task.internal);
            let spot = spot.task(self.new, after, news[at]).internal(hides);
            self.tell(&spot, Bump::Major, Kind::Moved, text);
        }
    }

    /// For each new task, the old one that it is: of the same text, then of one that is like it.
    fn same_tasks(&self, olds: &[&Task], news: &[&Task]) -> Vec<Option<usize>> {
        let texts = |side: &Side<'_>, tasks: &[&Task]| -> Vec<String> {
            tasks.iter().map(|task| side.text(&task.text)).collect()
        };
        let (one, other) = (texts(self.old, olds), texts(self.new, news));
        let mut same: Vec<Option<usize>> = vec![None; news.len()];
        for (at, text) in other.iter().enumerate() {
            let is_it = |old: &usize| {
                one[*old] == *text
                    && is_notice(olds[*old]) == is_notice(news[at])
                    && !same.contains(&Some(*old))
            };
            same[at] = (0..olds.len()).find(is_it);
        }
        let left = (0..news.len()).filter(|at| same[*at].is_none());
        let free: Vec<usize> = (0..olds.len()).filter(|at| !same.contains(&Some(*at))).collect();
        let scored = left.flat_map(|at| free.iter().map(move |old| (*old, at)));
        let scored = scored.filter(|(old, at)| is_notice(olds[*old]) == is_notice(news[*at]));
        let scored = scored.map(|(old, at)| (alike(&one[old], &other[at]), old, at));
        for (old, at) in best_pairs(scored.collect(), SAME_TEXT) {
            same[at] = Some(old);
        }
        same
    }

    fn task(
        &mut self,
        step: &Spot,
        title: &str,
        items: (ItemId, ItemId),
        (old_item, old): (&Item, &Task),
        (new_item, new): (&Item, &Task),
    ) {
        let of_old = TaskOf::new(step, self.old, (title, old_item), old);
        let of_new = TaskOf::new(step, self.new, (title, new_item), new);
        let spot = of_old.spot.clone().and(&of_new.spot);
        let (was, is) = (self.old.text(&old.text), self.new.text(&new.text));
        if was != is {
            let text = format!("{title}: the {} “{was}” now reads “{is}”", word(new));
            self.tell(&spot, Bump::Patch, Kind::Reworded, text);
        }
        let what = format!("{title}: the {} “{is}”", word(new));
        if old.internal != new.internal {
            let how = if new.internal { "is internal now" } else { "is not internal any more" };
            let spot = of_old.seen_or_not(&of_new).unwrap_or_else(|| spot.clone());
            self.tell(&spot, Bump::Minor, Kind::Changed, format!("{what} {how}"));
        }
        let heads = effective((old_item, &old.head), (new_item, &new.head));
        let done = if is_notice(new) { "sent" } else { "done" };
        self.heads(&spot, (&what, done), (&heads.0, &heads.1));
        if let (TaskKind::Notify(told), TaskKind::Notify(now)) = (&old.kind, &new.kind) {
            let roles =
                |side: &Side<'_>, roles: &[crate::model::RoleId]| -> Vec<(String, String)> {
                    let titles = roles.iter();
                    titles.map(|id| (side.role(*id), side.role_shown(*id))).collect()
                };
            let (before, after) = (roles(self.old, told), roles(self.new, now));
            self.named(&spot, (&before, &after), (Bump::Major, Bump::Minor), |role, is| {
                format!("{what} {} {role}", if is { "now goes to" } else { "no longer goes to" })
            });
        }
        let reasons = |side: &Side<'_>, task: &Task| -> Vec<String> {
            let asked = task.when.iter().filter(|when| when.guard.is_some());
            asked.filter_map(|when| when.text.as_ref()).map(|text| side.text(text)).collect()
        };
        self.reason(&spot, &what, reasons(self.old, old), reasons(self.new, new));
        let asked = |task: &'_ Task| task.head.by.clone();
        let conditions = (
            Asked { when: &old.when, skips: &[], by: asked(old) },
            Asked { when: &new.when, skips: &[], by: asked(new) },
        );
        self.applies(&spot, &what, items, conditions);
        self.timing(&spot, &what, (&old.timing, &new.timing));
        let (olds, news) = (points(self.old, &old.lines), points(self.new, &new.lines));
        self.points(&spot, &what, olds, news);
    }

    /// What is gone from one step and new in another has moved.
    pub fn moved_tasks(&mut self) {
        let mut new_tasks = std::mem::take(&mut self.new_tasks);
        for was in std::mem::take(&mut self.gone_tasks) {
            match new_tasks.iter().position(|now| now.called == was.called) {
                Some(at) => {
                    let now = new_tasks.remove(at);
                    let spot = was.seen_or_not(&now).unwrap_or_else(|| now.moved_from(&was));
                    let TaskOf { called, step, .. } = &now;
                    let text = format!("{called} has moved from {} to {step}", was.step);
                    self.tell(&spot, Bump::Major, Kind::Moved, text);
                }
                None => {
                    self.tell(&was.spot_of(was.gone()), Bump::Major, Kind::Gone, was.is("gone"))
                }
            }
        }
        for task in new_tasks {
            self.tell(&task.spot_of(task.added()), Bump::Minor, Kind::Added, task.is("new"));
        }
    }
}

/// A task of one edition, as far as it is told that it is gone, or new.
pub struct TaskOf {
    spot: Spot,
    called: String,
    /// What its step is called now.
    step: String,
    text: String,
    internal: bool,
    /// It is a message to the client's side, which does nothing here.
    is_told: bool,
}

impl TaskOf {
    fn new(spot: &Spot, side: &Side<'_>, (step, item): (&str, &Item), task: &Task) -> TaskOf {
        TaskOf {
            spot: spot.task(side, item, task),
            called: called(side, task),
            step: step.to_string(),
            text: side.text(&task.text),
            internal: task.internal,
            is_told: is_told(side.model, item, task),
        }
    }

    fn is(&self, how: &str) -> String {
        let TaskOf { called, step, .. } = self;
        format!("{step}: {called} is {how}")
    }

    /// That it is gone, for the client.
    fn gone(&self) -> String {
        let TaskOf { step, text, .. } = self;
        match self.is_told {
            true => format!("you are no longer told “{text}” at {step}"),
            false => self.is("gone"),
        }
    }

    /// That it is new, for the client.
    fn added(&self) -> String {
        let TaskOf { step, text, .. } = self;
        match self.is_told {
            true => format!("you are now told “{text}” at {step}"),
            false => self.is("new"),
        }
    }

    /// Where it is; what the client reads of it is said where it may be read.
    fn spot_of(&self, client: String) -> Spot {
        let spot = self.spot.clone();
        if self.internal { spot } else { spot.for_client(client) }
    }

    fn moved_from(&self, was: &TaskOf) -> Spot {
        let TaskOf { step, text, .. } = self;
        let spot = self.spot.clone().and(&was.spot);
        match self.is_told && was.is_told && !self.internal {
            true => spot
                .for_client(format!("you are told “{text}” at {step}, no longer at {}", was.step)),
            false => spot,
        }
    }

    /// Where it was kept from the client and is so no more, or the reverse: for him it is new, or gone, and
    /// nothing is told of what he may not see.
    fn seen_or_not(&self, now: &TaskOf) -> Option<Spot> {
        match (self.internal, now.internal) {
            (true, false) => Some(now.spot_of(now.added()).internal(true)),
            (false, true) => Some(self.spot_of(self.gone()).internal(true)),
            _ => None,
        }
    }
}

/// What each part of two heads comes to: where neither says it itself, both are as in their steps, of
/// which that is told.
fn effective((old_item, old): (&Item, &Head), (new_item, new): (&Item, &Head)) -> (Head, Head) {
    let (mut was, mut is) = (old.clone(), new.clone());
    if old.by.is_some() != new.by.is_some() {
        was.by = old.by.clone().or_else(|| old_item.head.by.clone());
        is.by = new.by.clone().or_else(|| new_item.head.by.clone());
    }
    if old.on.is_empty() != new.on.is_empty() {
        was.on = if old.on.is_empty() { old_item.head.on.clone() } else { was.on };
        is.on = if new.on.is_empty() { new_item.head.on.clone() } else { is.on };
    }
    if old.with.is_empty() != new.with.is_empty() {
        was.with = if old.with.is_empty() { old_item.head.with.clone() } else { was.with };
        is.with = if new.with.is_empty() { new_item.head.with.clone() } else { is.with };
    }
    (was, is)
}
