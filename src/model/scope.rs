//! Which item a name means, seen from where it is written.

use super::{ItemId, ItemKind, Model};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// What a reference says that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// A step or a decide.
    Step,
    Decide,
    Stage,
    Path,
    Run,
    Event,
}

impl Class {
    pub fn word(self) -> &'static str {
        match self {
            Class::Step => "step",
            Class::Decide => "decision",
            Class::Stage => "stage",
            Class::Path => "path",
            Class::Run => "run",
            Class::Event => "event",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Class::Step => "steps or decisions",
            Class::Decide => "decisions",
            Class::Stage => "stages",
            Class::Path => "paths",
            Class::Run => "runs",
            Class::Event => "events",
        }
    }

    pub fn of(kind: &ItemKind) -> Option<Class> {
        match kind {
            ItemKind::Step => Some(Class::Step),
            ItemKind::Decide { .. } => Some(Class::Decide),
            ItemKind::Stage => Some(Class::Stage),
            ItemKind::Path { .. } => Some(Class::Path),
            ItemKind::Run { .. } => Some(Class::Run),
            _ => None,
        }
    }

    /// Whether what is of this class may be meant where `wanted` is written.
    pub fn is(self, wanted: Class) -> bool {
        self == wanted || (self == Class::Decide && wanted == Class::Step)
    }
}

/// Items by the scope that they stand in and by their names.
#[derive(Debug, Default)]
pub struct Index {
    by_scope: HashMap<(ItemId, String), Vec<(Class, ItemId)>>,
    by_name: BTreeMap<String, Vec<(Class, ItemId)>>,
    /// The names of a class and their depth, listed once something asked for them.
    listed: HashMap<(Class, usize), Rc<[String]>>,
}

impl Index {
    /// Makes room for so many items.
    pub fn reserve(&mut self, items: usize) {
        self.by_scope.reserve(items);
    }

    /// Adds an item that has a name.
    pub fn add(&mut self, model: &Model, id: ItemId) {
        let item = model.item(id);
        let (Some(class), Some(name)) = (Class::of(&item.kind), &item.name) else { return };
        let scope = item.parent.map_or(Model::ROOT, |parent| scope_of(model, parent));
        self.by_scope.entry((scope, name.clone())).or_default().push((class, id));
        self.by_name.entry(name.clone()).or_default().push((class, id));
        self.listed.clear();
    }

    /// The items that `name` may mean, seen from `from`: the innermost scope that has any, else
    /// all whose full name ends so.
    pub fn find(&self, model: &Model, name: &str, wanted: Class, from: ItemId) -> Vec<ItemId> {
        let parts: Vec<&str> = name.split('.').collect();
        let Some((last, path)) = parts.split_last() else { return Vec::new() };
        for scope in scopes(model, from) {
            let found = self.within(scope, path, last, wanted);
            if !found.is_empty() {
                return found;
            }
        }
        let named = self.by_name.get(*last).into_iter().flatten();
        named
            .filter(|(class, id)| class.is(wanted) && ends_with(model, *id, path))
            .map(|(_, id)| *id)
            .collect()
    }

    fn within(&self, scope: ItemId, path: &[&str], last: &str, wanted: Class) -> Vec<ItemId> {
        let mut scopes = vec![scope];
        for part in path {
            scopes = scopes
                .iter()
                .filter_map(|scope| self.by_scope.get(&(*scope, part.to_string())))
                .flatten()
                .filter(|(class, _)| matches!(class, Class::Stage | Class::Path | Class::Run))
                .map(|(_, id)| *id)
                .collect();
        }
        let found =
            scopes.iter().filter_map(|scope| self.by_scope.get(&(*scope, last.to_string())));
        found.flatten().filter(|(class, _)| class.is(wanted)).map(|(_, id)| *id).collect()
    }

    /// What `name` means if it is not of the class that is wanted.
    pub fn other(
        &self,
        model: &Model,
        name: &str,
        wanted: Class,
        from: ItemId,
    ) -> Option<(Class, ItemId)> {
        let classes = [Class::Step, Class::Stage, Class::Path, Class::Run];
        let others = classes.into_iter().filter(|class| *class != wanted);
        let mut found = others.filter_map(|class| {
            let id = *self.find(model, name, class, from).first()?;
            Class::of(&model.item(id).kind).map(|class| (class, id))
        });
        found.next()
    }

    /// The last `depth` parts of the full names of a class, in order.
    pub fn names(&mut self, model: &Model, wanted: Class, depth: usize) -> Rc<[String]> {
        if let Some(listed) = self.listed.get(&(wanted, depth)) {
            return listed.clone();
        }
        let named = self.by_name.values().flatten().filter(|(class, _)| class.is(wanted));
        let mut names: Vec<String> =
            named.map(|(_, id)| ending(&full_name(model, *id), depth).to_string()).collect();
        names.sort();
        names.dedup();
        let names: Rc<[String]> = names.into();
        self.listed.insert((wanted, depth), names.clone());
        names
    }

    /// Items of one scope that share a name which both were given, the later ones first.
    pub fn same_names(&self) -> impl Iterator<Item = &[(Class, ItemId)]> {
        self.by_scope.values().filter(|items| items.len() > 1).map(Vec::as_slice)
    }
}

/// The nearest item around `id`, or itself, in which names are unique.
pub fn scope_of(model: &Model, id: ItemId) -> ItemId {
    scopes(model, id).next().unwrap_or(Model::ROOT)
}

fn scopes(model: &Model, from: ItemId) -> impl Iterator<Item = ItemId> {
    model.ancestors(from).filter(|id| {
        matches!(
            model.item(*id).kind,
            ItemKind::Process | ItemKind::Path { .. } | ItemKind::Stage | ItemKind::Run { .. }
        )
    })
}

/// The full name of an item: those of the scopes around it, then its own.
pub fn full_name(model: &Model, id: ItemId) -> String {
    let mut parts: Vec<&str> = scope_names(model, id).collect();
    parts.reverse();
    parts.extend(model.item(id).name.as_deref());
    parts.join(".")
}

/// The last `depth` parts of a full name.
pub fn ending(full: &str, depth: usize) -> &str {
    let dots = full.rmatch_indices('.').map(|(at, _)| at + 1);
    &full[dots.take(depth).nth(depth.saturating_sub(1)).unwrap_or(0)..]
}

/// The names of the scopes around an item, from the inside out.
fn scope_names(model: &Model, id: ItemId) -> impl Iterator<Item = &str> {
    let parent = model.item(id).parent.unwrap_or(Model::ROOT);
    let named = scopes(model, parent).filter(|scope| *scope != Model::ROOT);
    named.filter_map(|scope| model.item(scope).name.as_deref())
}

fn ends_with(model: &Model, id: ItemId, path: &[&str]) -> bool {
    let mut names = scope_names(model, id);
    path.iter().rev().all(|part| names.next() == Some(*part))
}
