//! Which item of the new edition is which of the old: by name, then by likeness.

use super::likeness::{alike, best_pairs};
use super::names::{SAME_TITLE, written};
use crate::model::{Item, ItemId, ItemKind, Line, Model, Target, full_name};
use std::collections::{HashMap, HashSet};

/// Items that are less alike are different ones.
const LEAST: f64 = 0.5;

/// Among more pairs than this, only those under the same roof are looked at, and near each other: a
/// text that is rewritten as a whole has no other pairs to be found.
const MOST_PAIRS: usize = 40_000;
const NEAR: usize = 20;

/// For each item of the new edition, the one of the old.
pub fn items(old: &Model, new: &Model) -> Vec<Option<ItemId>> {
    let mut pairs = Pairs {
        old,
        new,
        of_new: vec![None; new.items.len()],
        taken: vec![false; old.items.len()],
        old_names: names(old),
        new_names: names(new),
    };
    pairs.put(Model::ROOT, Model::ROOT);
    pairs.by_name();
    let holds = |item: &Item| {
        matches!(item.kind, ItemKind::Path { .. } | ItemKind::Stage | ItemKind::Run { .. })
    };
    pairs.by_likeness(holds);
    pairs.by_likeness(|item| item.kind.is_performed());
    pairs.by_place();
    pairs.of_new
}

/// Of two processes with other names, fewer steps than one in so many are the same by chance.
const SAME_BY_CHANCE: usize = 4;

/// Whether two models are two processes, not two editions of one: called otherwise, and hardly a step of the
/// one is in the other.
pub fn are_unrelated(old: &Model, new: &Model, items: &[Option<ItemId>]) -> bool {
    let titles = alike(&written(old, &old.title), &written(new, &new.title));
    if old.name == new.name || titles >= SAME_TITLE {
        return false;
    }
    let performed = |model: &Model| -> Vec<ItemId> {
        model.ids().filter(|id| model.item(*id).kind.is_performed()).collect()
    };
    let (olds, news) = (performed(old), performed(new));
    let same = news.iter().filter(|id| items[id.0 as usize].is_some()).count();
    same * SAME_BY_CHANCE < olds.len().min(news.len())
}

/// The names of items with their kinds; the second of the same name has a number.
type Names = Vec<Option<String>>;

struct Pairs<'m> {
    old: &'m Model,
    new: &'m Model,
    of_new: Vec<Option<ItemId>>,
    taken: Vec<bool>,
    old_names: Names,
    new_names: Names,
}

fn names(model: &Model) -> Names {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let name = |id: ItemId| {
        let item = model.item(id);
        item.name.as_ref()?;
        let name = format!("{} {}", sort(&item.kind), full_name(model, id));
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        Some(if *count > 1 { format!("{name} {count}") } else { name })
    };
    model.ids().map(name).collect()
}

impl Pairs<'_> {
    fn put(&mut self, old: ItemId, new: ItemId) {
        self.of_new[new.0 as usize] = Some(old);
        self.taken[old.0 as usize] = true;
    }

    fn is_free(&self, old: ItemId) -> bool {
        !self.taken[old.0 as usize]
    }

    fn left(&self, of: impl Fn(&Item) -> bool) -> (Vec<ItemId>, Vec<ItemId>) {
        let olds = self.old.ids().filter(|id| self.is_free(*id) && of(self.old.item(*id)));
        let is_open = |id: &ItemId| self.of_new[id.0 as usize].is_none();
        let news = self.new.ids().filter(|id| is_open(id) && of(self.new.item(*id)));
        (olds.collect(), news.collect())
    }

    fn by_name(&mut self) {
        let olds: HashMap<String, ItemId> = self
            .old
            .ids()
            .zip(&self.old_names)
            .filter_map(|(id, name)| Some((name.clone()?, id)))
            .collect();
        for id in self.new.ids().skip(1) {
            let old = self.new_names[id.0 as usize].as_ref().and_then(|name| olds.get(name));
            if let Some(old) = old.copied().filter(|old| self.is_free(*old)) {
                self.put(old, id);
            }
        }
    }

    fn by_likeness(&mut self, of: impl Fn(&Item) -> bool) {
        let (olds, news) = self.left(&of);
        let few = olds.len() * news.len() <= MOST_PAIRS;
        let mut under: HashMap<Option<ItemId>, Vec<usize>> = HashMap::new();
        for (at, old) in olds.iter().enumerate() {
            under.entry(self.old.item(*old).parent).or_default().push(at);
        }
        let all: Vec<usize> = (0..olds.len()).collect();
        let tasks: Vec<HashSet<String>> = olds.iter().map(|id| inside(self.old, *id)).collect();
        let mut ranks: HashMap<Option<ItemId>, usize> = HashMap::new();
        let mut scored = Vec::new();
        for (at, new) in news.iter().enumerate() {
            let own = inside(self.new, *new);
            let roof = self.new.item(*new).parent.and_then(|id| self.of_new[id.0 as usize]);
            let near = under.get(&roof).map(Vec::as_slice).unwrap_or_default();
            let rank = ranks.entry(roof).or_default();
            let (first, last) = (rank.saturating_sub(NEAR), (*rank + NEAR).min(near.len()));
            *rank += 1;
            let near = near.get(first..last).unwrap_or_default();
            for old in if few { all.as_slice() } else { near }.iter().copied() {
                let beside = self.old.item(olds[old]).parent == roof;
                let score = self.score(olds[old], *new, (&tasks[old], &own), beside);
                scored.push((score, old, at));
            }
        }
        for (old, new) in best_pairs(scored, LEAST) {
            self.put(olds[old], news[new]);
            self.inside(olds[old], news[new]);
        }
    }

    /// How alike two items are: by title, by what is in them, and by where they stand.
    fn score(
        &self,
        old: ItemId,
        new: ItemId,
        (one, other): (&HashSet<String>, &HashSet<String>),
        beside: bool,
    ) -> f64 {
        let (old, new) = (self.old.item(old), self.new.item(new));
        if sort(&old.kind) != sort(&new.kind) {
            return 0.0;
        }
        let title = alike(&written(self.old, &old.title), &written(self.new, &new.title));
        let place = if beside { 0.15 } else { 0.0 };
        let all = one.len() + other.len();
        if all == 0 {
            return 0.85 * title + place;
        }
        let common = 2.0 * one.intersection(other).count() as f64 / all as f64;
        0.45 * title + 0.4 * common + place
    }

    /// What is called the same inside of two items that are one.
    fn inside(&mut self, old: ItemId, new: ItemId) {
        let (before, after) = (full_name(self.old, old) + ".", full_name(self.new, new) + ".");
        let within = |model: &Model, top: ItemId| -> Vec<ItemId> {
            let mut next = model.item(top).children.clone();
            let mut found = Vec::new();
            while let Some(id) = next.pop() {
                found.push(id);
                next.extend(&model.item(id).children);
            }
            found.sort();
            found
        };
        let local = |names: &Names, id: ItemId, prefix: &str| {
            let name = names[id.0 as usize].as_deref()?;
            let (kind, name) = name.split_once(prefix)?;
            Some(format!("{kind}{name}"))
        };
        let olds: HashMap<String, ItemId> = within(self.old, old)
            .into_iter()
            .filter(|id| self.is_free(*id))
            .filter_map(|id| Some((local(&self.old_names, id, &before)?, id)))
            .collect();
        for id in within(self.new, new) {
            let old = local(&self.new_names, id, &after).and_then(|name| olds.get(&name).copied());
            if let Some(old) = old.filter(|old| self.is_free(*old))
                && self.of_new[id.0 as usize].is_none()
            {
                self.put(old, id);
            }
        }
    }

    /// What has no name: by its kind and where it leads, then by its place among those of its kind
    /// under the same roof.
    fn by_place(&mut self) {
        for new in self.new.ids() {
            let Some(old) = self.of_new[new.0 as usize] else { continue };
            for same_target in [true, false] {
                self.by_place_under(old, new, same_target);
            }
        }
    }

    fn by_place_under(&mut self, old: ItemId, new: ItemId, same_target: bool) {
        let of_kind = |model: &Model, id: ItemId| {
            let item = model.item(id);
            let target = if same_target { leads_to(model, item) } else { None };
            (sort(&item.kind), target)
        };
        let free = self.old.item(old).children.iter().copied();
        let mut free: Vec<ItemId> =
            free.filter(|id| self.is_free(*id) && self.old.item(*id).name.is_none()).collect();
        for child in self.new.item(new).children.clone() {
            let is_open = self.of_new[child.0 as usize].is_none();
            if self.new.item(child).name.is_some() || !is_open {
                continue;
            }
            let wanted = of_kind(self.new, child);
            let at = free.iter().position(|id| of_kind(self.old, *id) == wanted);
            if let Some(at) = at {
                let old = free.remove(at);
                self.put(old, child);
            }
        }
    }
}

/// What sort of item it is: only those of one sort are the same. What a procedure holds is done as if it
/// stood in its place, in a stage.
fn sort(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Run { .. } => ItemKind::Stage.word(),
        kind => kind.word(),
    }
}

/// Where a jump or an end leads.
fn leads_to(model: &Model, item: &Item) -> Option<String> {
    match &item.kind {
        ItemKind::End(outcome) => Some(model.outcome(*outcome).name.clone()),
        ItemKind::Go { target: Target::Item(id), .. } => Some(full_name(model, *id)),
        _ => None,
    }
}

/// What an item holds: the texts of its tasks, or the names of what stands in it.
fn inside(model: &Model, id: ItemId) -> HashSet<String> {
    let item = model.item(id);
    let tasks = item.lines.iter().filter_map(|line| match line {
        Line::Task(task) => Some(written(model, &task.text)),
        Line::ForEach { title, .. } => Some(written(model, title)),
        _ => None,
    });
    let answers = item.branches.iter().map(|branch| written(model, &branch.title));
    let children = model.children(id).map(|(_, child)| written(model, &child.title));
    tasks.chain(answers).chain(children).filter(|text| !text.is_empty()).collect()
}
