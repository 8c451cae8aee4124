//! Where a change is, and whom it concerns.

use super::names::{Side, text};
use super::{Bump, Change, Kind, Moved};
use crate::emit::diagram::NoteOf;
use crate::model::{Item, ItemId, ItemKind, Line, Model, RoleId, Task, TaskKind};

/// Where a change is.
#[derive(Clone, Debug, Default)]
pub struct Spot {
    place: String,
    external: Vec<String>,
    internal: bool,
    client: Option<String>,
    about: NoteOf,
    order: (u8, u32),
}

/// What stands before all items.
const VOCABULARY: u8 = 1;
const ITEMS: u8 = 2;
const NUMBERS: u8 = 3;

impl Spot {
    /// The process as a whole.
    pub fn process() -> Spot {
        let place = "The process as a whole".to_string();
        Spot { place, order: (VOCABULARY, 0), ..Spot::default() }
    }

    /// What steps are called by, everywhere.
    pub fn numbers() -> Spot {
        Spot { place: "Numbers".to_string(), order: (NUMBERS, 0), ..Spot::default() }
    }

    /// The same, for somebody of the client's side.
    pub fn concerning(self, role: Option<String>) -> Spot {
        Spot { external: role.into_iter().collect(), ..self }
    }

    /// An item, where it stands, for those who have to do with it.
    pub fn of(side: &Side<'_>, id: ItemId) -> Spot {
        let item = side.model.item(id);
        Spot {
            place: place(side.model, id),
            external: external(side.model, roles(item)),
            internal: false,
            client: None,
            about: if side.names.is_none() { NoteOf::Old(id) } else { NoteOf::New(id) },
            order: (ITEMS, id.0),
        }
    }

    /// The same item of both editions: it concerns those who had to do with it, too, by the titles that they
    /// have now.
    pub fn of_both((old, before): (&Side<'_>, ItemId), (new, after): (&Side<'_>, ItemId)) -> Spot {
        let mut spot = Spot::of(new, after);
        let known = new.names.map_or(&[][..], |names| &names.roles);
        let had = roles(old.model.item(before)).into_iter();
        for role in had.filter(|role| old.model.is_external(*role)) {
            let is = known.iter().position(|same| *same == Some(role.0 as usize));
            let title = match is {
                Some(at) => &new.model.roles[at].title,
                None => &old.model.role(role).title,
            };
            if !spot.external.contains(title) {
                spot.external.push(title.clone());
            }
        }
        spot
    }

    /// What the choice of a path is: it comes before all else.
    pub fn first() -> Spot {
        let place = "Which path a case takes".to_string();
        Spot { place, about: NoteOf::Paths, ..Spot::default() }
    }

    /// The same, of an item that stands elsewhere now.
    pub fn moved(self) -> Spot {
        let about = match self.about {
            NoteOf::New(id) => NoteOf::Moved(id),
            about => about,
        };
        Spot { about, ..self }
    }

    /// The same, told where something stands in an item.
    pub fn told_inside(self, side: &Side<'_>, id: ItemId) -> Spot {
        let place = match side.model.item(id).children.first() {
            Some(child) => place(side.model, *child),
            None => place(side.model, id),
        };
        Spot { place, order: (ITEMS, id.0), ..self }
    }

    /// A task of an item: for those who do it, help, or are told. Where it does not say who does it, that is
    /// as in its item.
    pub fn task(&self, side: &Side<'_>, item: &Item, task: &Task) -> Spot {
        let mut roles = doers(item, task);
        if let TaskKind::Notify(told) = &task.kind {
            roles.extend(told);
        }
        Spot { external: external(side.model, roles), ..self.internal(task.internal) }
    }

    /// The same, and what the client reads of it instead: also where all else of it is internal.
    pub fn for_client(self, text: String) -> Spot {
        Spot { client: Some(text), ..self }
    }

    pub fn internal(&self, internal: bool) -> Spot {
        Spot { internal: self.internal || internal, ..self.clone() }
    }

    pub fn is_internal(&self) -> bool {
        self.internal
    }

    /// Both: what moved from the one to the other concerns those of both.
    pub fn and(mut self, other: &Spot) -> Spot {
        let more = other.external.iter().filter(|role| !self.external.contains(role)).cloned();
        let more: Vec<String> = more.collect();
        self.external.extend(more);
        self.internal |= other.internal;
        self
    }

    pub fn change(&self, bump: Bump, kind: Kind, text: String, cases: Vec<Moved>) -> Change {
        let Spot { place, external, internal, client, about, order } = self.clone();
        Change { bump, kind, place, text, cases, external, internal, client, about, order }
    }
}

/// "Standard version update › Preparation".
fn place(model: &Model, id: ItemId) -> String {
    let around = model.ancestors(id).skip(1).filter(|id| holds(model, *id));
    let mut titles: Vec<String> = around.map(|id| text(model, &model.item(id).title)).collect();
    titles.retain(|title| !title.is_empty());
    titles.reverse();
    if titles.is_empty() {
        return "The process as a whole".to_string();
    }
    titles.join(" › ")
}

fn holds(model: &Model, id: ItemId) -> bool {
    matches!(model.item(id).kind, ItemKind::Path { .. } | ItemKind::Stage | ItemKind::Run { .. })
}

/// Those who have to do with an item.
fn roles(item: &Item) -> Vec<RoleId> {
    let mut roles: Vec<RoleId> = item.head.acting().to_vec();
    roles.extend(&item.head.with);
    for line in &item.lines {
        if let Line::ApprovedBy { who, .. } = line {
            roles.extend(who.roles());
        }
    }
    roles.extend(tasks(&item.lines).filter(|task| !task.internal).flat_map(of_task));
    roles
}

/// Whether anything is done with a role, or said to it, also internally.
pub fn is_asked(model: &Model, role: RoleId) -> bool {
    model.ids().map(|id| model.item(id)).any(|item| {
        roles(item).contains(&role)
            || tasks(&item.lines).any(|task| of_task(task).any(|it| it == role))
    })
}

/// The tasks of lines, those that are done for each of something among them.
fn tasks(lines: &[Line]) -> Box<dyn Iterator<Item = &Task> + '_> {
    Box::new(lines.iter().flat_map(|line| match line {
        Line::Task(task) => Box::new(std::iter::once(&**task)),
        Line::ForEach { lines, .. } => tasks(lines),
        _ => Box::new(std::iter::empty()),
    }))
}

/// Those who do a task, help, or are told.
fn of_task(task: &Task) -> impl Iterator<Item = RoleId> + '_ {
    let told = match &task.kind {
        TaskKind::Notify(told) => told.as_slice(),
        _ => &[],
    };
    task.head.acting().iter().chain(&task.head.with).chain(told).copied()
}

/// Those who do a task, or help.
fn doers(item: &Item, task: &Task) -> Vec<RoleId> {
    let own = task.head.acting();
    let with = if task.head.with.is_empty() { &item.head.with } else { &task.head.with };
    let by = if own.is_empty() { item.head.acting() } else { own };
    by.iter().chain(with).copied().collect()
}

/// Whether it is a message that only tells somebody of the client's side something: none of them does it.
pub fn is_told(model: &Model, item: &Item, task: &Task) -> bool {
    let TaskKind::Notify(told) = &task.kind else { return false };
    let is_external = |role: &RoleId| model.is_external(*role);
    told.iter().any(is_external) && !doers(item, task).iter().any(is_external)
}

fn external(model: &Model, roles: Vec<RoleId>) -> Vec<String> {
    let mut titles: Vec<String> = Vec::new();
    for role in roles.into_iter().filter(|role| model.is_external(*role)) {
        let title = &model.role(role).title;
        if !titles.contains(title) {
            titles.push(title.clone());
        }
    }
    titles
}
