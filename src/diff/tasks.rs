//! Tasks: the lines of a step that say to do something.

use super::items::{Asked, Compare};
use super::likeness::{alike, best_pairs, out_of_order};
use super::lines::{SAME_TEXT, points};
use super::names::Side;
use super::spot::Spot;
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
            let titles = told.iter().map(|id| side.model.role(*id).title.as_str());
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
                let spot = spot.task(self.old, task);
                self.gone_tasks.push((spot, title.clone(), called(self.old, task)));
            }
        }
        for (task, same) in news.iter().zip(&same) {
            match same.map(|at| olds[at]) {
                None => {
                    let spot = spot.task(self.new, task);
                    self.new_tasks.push((spot, title.clone(), called(self.new, task)));
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
            let spot = spot.task(self.new, news[at]).internal(hides);
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
        let spot = step.task(self.old, old).and(&step.task(self.new, new));
        let (was, is) = (self.old.text(&old.text), self.new.text(&new.text));
        if was != is {
            let text = format!("{title}: the {} “{was}” now reads “{is}”", word(new));
            self.tell(&spot, Bump::Patch, Kind::Reworded, text);
        }
        let what = format!("{title}: the {} “{is}”", word(new));
        if old.internal != new.internal {
            let how = if new.internal { "is internal now" } else { "is not internal any more" };
            self.tell(&spot, Bump::Minor, Kind::Changed, format!("{what} {how}"));
        }
        let heads = effective((old_item, &old.head), (new_item, &new.head));
        let done = if is_notice(new) { "sent" } else { "done" };
        self.heads(&spot, (&what, done), (&heads.0, &heads.1));
        if let (TaskKind::Notify(told), TaskKind::Notify(now)) = (&old.kind, &new.kind) {
            let roles =
                |side: &Side<'_>, roles: &[crate::model::RoleId]| -> Vec<(String, String)> {
                    let titles = roles.iter();
                    titles.map(|id| (side.role(*id), side.model.role(*id).title.clone())).collect()
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
        for (spot, title, text) in std::mem::take(&mut self.gone_tasks) {
            match new_tasks.iter().position(|(_, _, other)| *other == text) {
                Some(at) => {
                    let (new_spot, new_title, _) = new_tasks.remove(at);
                    let text = format!("{text} has moved from {title} to {new_title}");
                    self.tell(&new_spot.and(&spot), Bump::Major, Kind::Moved, text);
                }
                None => {
                    let text = format!("{title}: {text} is gone");
                    self.tell(&spot, Bump::Major, Kind::Gone, text);
                }
            }
        }
        for (spot, title, text) in new_tasks {
            let text = format!("{title}: {text} is new");
            self.tell(&spot, Bump::Minor, Kind::Added, text);
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
