//! What stands in the shapes and groups.

use super::scene::{Key, Piece, Scene, Shown};
use super::words::{self, clip, short};
use super::{Environment, Group, GroupKind, Mark, MarkKind, Shape, ShapeKind, Task, View, legend};
use crate::emit::words::{list, who};
use crate::model::{
    EnvironmentId, Head, ItemId, ItemKind, Line, Model, RoleId, TaskKind, Who, full_name,
};
use std::collections::{BTreeSet, HashMap};

/// More roles than this are counted only, in a box that stands for many steps.
const MOST_ROLES: usize = 4;

/// More than this are counted only, in the box of what comes before the paths.
const MOST_LINES: usize = 6;

/// The items that are drawn as groups, in the order of the text.
pub fn groups(scene: &Scene<'_>, keys: &[Key]) -> BTreeSet<ItemId> {
    keys.iter()
        .filter_map(|key| group_of(scene, *key))
        .flat_map(|id| scene.model.ancestors(id))
        .filter(|id| is_group(scene, *id))
        .collect()
}

/// The shape of each key, and the groups around them.
pub fn shapes(scene: &Scene<'_>, keys: &[Key]) -> (Vec<Group>, Vec<Shape>) {
    let items = groups(scene, keys);
    let index: HashMap<ItemId, usize> =
        items.iter().enumerate().map(|(index, id)| (*id, index)).collect();
    let groups = items.iter().map(|id| group(scene, *id, &index)).collect();
    let leaders = legend::leading_roles(scene.model);
    let shapes = keys
        .iter()
        .map(|key| {
            let mut shape = shape(scene, *key, &leaders);
            shape.group = group_of(scene, *key).and_then(|id| index.get(&id).copied());
            shape
        })
        .collect();
    (groups, shapes)
}

fn is_group(scene: &Scene<'_>, id: ItemId) -> bool {
    // A path that is drawn alone needs no frame.
    let is_all = id == Model::ROOT || scene.view == View::Path(id);
    !is_all && scene.shown(id) == Shown::Group
}

/// The group that a shape stands in.
fn group_of(scene: &Scene<'_>, key: Key) -> Option<ItemId> {
    let Key::Within(id, piece) = key else { return None };
    let around = scene.model.ancestors(id).skip(usize::from(piece == Piece::Itself));
    around.into_iter().find(|id| is_group(scene, *id))
}

fn group(scene: &Scene<'_>, id: ItemId, index: &HashMap<ItemId, usize>) -> Group {
    let item = scene.model.item(id);
    let kind = match item.kind {
        ItemKind::Repeat { .. } => GroupKind::Repeat,
        ItemKind::AnyOrder { .. } => GroupKind::AnyOrder,
        ItemKind::ForEach(_) => GroupKind::ForEach,
        ItemKind::Run { .. } => GroupKind::Procedure,
        ItemKind::Path { .. } => GroupKind::Path,
        _ => GroupKind::Stage,
    };
    let parent = item.parent.and_then(|parent| index.get(&parent).copied());
    let sentence = words::sentence(scene.model, item);
    let title = match kind {
        GroupKind::ForEach | GroupKind::Repeat => String::new(),
        GroupKind::AnyOrder => short(&crate::emit::words::text(&item.title)),
        _ => words::title(scene.model, id),
    };
    Group {
        kind,
        name: name(scene.model, id),
        number: item.number.clone(),
        title,
        sentence,
        marks: words::marks(scene.model, id, matches!(scene.view, View::Stage(_))),
        group: parent,
    }
}

fn name(model: &Model, id: ItemId) -> String {
    if model.item(id).name.is_some() { full_name(model, id) } else { String::new() }
}

fn empty(kind: ShapeKind, title: impl Into<String>) -> Shape {
    Shape {
        kind,
        name: String::new(),
        anchor: String::new(),
        number: String::new(),
        title: title.into(),
        lines: Vec::new(),
        who: None,
        role: None,
        others: Vec::new(),
        external: false,
        environments: Vec::new(),
        marks: Vec::new(),
        tasks: Vec::new(),
        group: None,
        lanes: Vec::new(),
    }
}

fn shape(scene: &Scene<'_>, key: Key, leaders: &[RoleId]) -> Shape {
    let model = scene.model;
    match key {
        Key::Start => start(scene),
        Key::Before => before(scene, leaders),
        Key::PathChoice => empty(ShapeKind::PathChoice, "Which path?"),
        Key::From(id) => elsewhere(model, id, ShapeKind::From),
        Key::To(id, _) => elsewhere(model, id, ShapeKind::To),
        Key::End(outcome, _) => {
            let outcome = model.outcome(outcome);
            let title = crate::emit::words::text(&outcome.title);
            let title = if title.is_empty() { outcome.name.clone() } else { short(&title) };
            Shape { name: outcome.name.clone(), ..empty(ShapeKind::End, title) }
        }
        Key::Nowhere => empty(ShapeKind::Nowhere, "Stops without an end"),
        Key::Within(_, Piece::Fork) => empty(ShapeKind::Fork, ""),
        Key::Within(_, Piece::Join) => empty(ShapeKind::Join, ""),
        Key::Within(id, Piece::Event(index)) => {
            let branch = model.item(id).branches.get(index);
            let label = branch.map(|branch| words::branch(model, branch));
            let label = label.unwrap_or_default();
            empty(ShapeKind::Event, format!("At any time: {label}"))
        }
        Key::Within(id, Piece::Itself) => of_item(scene, id, leaders),
    }
}

fn start(scene: &Scene<'_>) -> Shape {
    let triggers = scene.model.triggers.iter().filter(|_| scene.draws_all());
    let lines = triggers.map(|trigger| short(&crate::emit::words::text(&trigger.title))).collect();
    Shape { lines, ..empty(ShapeKind::Start, "Start") }
}

/// One box for all items before the paths; a single one looks as in the other views.
fn before(scene: &Scene<'_>, leaders: &[RoleId]) -> Shape {
    let model = scene.model;
    let items: Vec<ItemId> = model
        .children(Model::ROOT)
        .filter(|(_, item)| !matches!(item.kind, ItemKind::Path { .. }))
        .filter(|(_, item)| !item.number.is_empty())
        .map(|(id, _)| id)
        .collect();
    let [only] = items.as_slice() else {
        let lines = titles(model, &items);
        return Shape { lines, ..empty(ShapeKind::Before, "Before the paths") };
    };
    of_item(scene, *only, leaders)
}

/// The steps of a block whose title does not say what is done in it.
fn contents(model: &Model, id: ItemId) -> Vec<String> {
    let item = model.item(id);
    let tells = match item.kind {
        ItemKind::Repeat { .. } | ItemKind::ForEach(_) => false,
        ItemKind::AnyOrder { .. } => !item.title.is_empty(),
        _ => true,
    };
    if tells { Vec::new() } else { titles(model, &inside(model, id).collect::<Vec<_>>()) }
}

/// The numbers and titles of the first items.
fn titles(model: &Model, items: &[ItemId]) -> Vec<String> {
    let title = |id: &ItemId| {
        format!("{} {}", model.item(*id).number, words::title(model, *id)).trim().to_string()
    };
    let mut lines: Vec<String> = items.iter().take(MOST_LINES).map(title).collect();
    if items.len() > MOST_LINES {
        lines.push(format!("and {} more", items.len() - MOST_LINES));
    }
    lines
}

fn elsewhere(model: &Model, id: ItemId, kind: ShapeKind) -> Shape {
    let item = model.item(id);
    let title = match item.kind {
        ItemKind::Path { .. } => format!("Path: {}", words::title(model, id)),
        _ => words::title(model, id),
    };
    Shape { name: name(model, id), number: item.number.clone(), ..empty(kind, title) }
}

/// A step, a decision, or a block that is one box.
fn of_item(scene: &Scene<'_>, id: ItemId, leaders: &[RoleId]) -> Shape {
    let model = scene.model;
    let item = model.item(id);
    let closely = matches!(scene.view, View::Stage(_));
    let kind = match item.kind {
        ItemKind::Step => ShapeKind::Step,
        ItemKind::Decide { .. } => ShapeKind::Decision,
        _ => ShapeKind::Block,
    };
    let steps: Vec<&Head> = inside(model, id).map(|id| &model.item(id).head).collect();
    let by = match item.head.by.as_ref() {
        Some(by) => Some(by),
        None => steps.iter().find_map(|head| head.by.as_ref()),
    };
    // A box for many steps has the colour of whom it names first.
    let first = steps.iter().flat_map(|head| head.acting()).next().copied();
    let leader = match kind {
        ShapeKind::Block => first.or(by.and_then(legend::leader)),
        _ => by.and_then(legend::leader),
    };
    let mut marks = words::marks(model, id, closely);
    if kind == ShapeKind::Block {
        marks.retain(|mark| mark.kind != MarkKind::NoWayBack);
        let sentence = words::sentence(model, item).filter(|line| *line != words::title(model, id));
        let sentence = sentence.map(|text| Mark { kind: MarkKind::Timing, text });
        marks.splice(0..0, sentence);
    }
    Shape {
        kind,
        name: name(model, id),
        anchor: scene.anchors.get(&id).cloned().unwrap_or_default(),
        number: item.number.clone(),
        title: words::title(model, id),
        lines: if kind == ShapeKind::Block { contents(model, id) } else { Vec::new() },
        who: if kind == ShapeKind::Block { performers(model, &steps) } else { people(model, item) },
        role: leader.and_then(|role| leaders.iter().position(|leader| *leader == role)),
        others: if kind == ShapeKind::Block { Vec::new() } else { others(model, by) },
        external: leader.is_some_and(|role| model.is_external(role)),
        environments: environments(model, id),
        marks,
        tasks: if closely { tasks(model, &item.lines) } else { Vec::new() },
        group: None,
        lanes: Vec::new(),
    }
}

/// The titles of all roles that do something, but of the one that leads it.
fn others(model: &Model, by: Option<&Who>) -> Vec<String> {
    let roles = by.map(Who::roles).unwrap_or_default();
    roles.iter().skip(1).map(|role| words::clip(&model.role(*role).title)).collect()
}

/// The steps and decisions that an item holds, or itself.
fn inside(model: &Model, id: ItemId) -> impl Iterator<Item = ItemId> {
    let mut open = vec![id];
    std::iter::from_fn(move || {
        let id = open.pop()?;
        open.extend(model.item(id).children.iter().rev());
        Some(id)
    })
    .filter(|id| matches!(model.item(*id).kind, ItemKind::Step | ItemKind::Decide { .. }))
}

/// Who does it, and who helps.
fn people(model: &Model, item: &crate::model::Item) -> Option<String> {
    let by = item.head.by.as_ref().map(|by| who(model, by));
    let leads = item.head.acting();
    let helpers = item.head.with.iter().filter(|role| !leads.contains(role));
    let with: Vec<String> = helpers.map(|role| model.role(*role).title.clone()).collect();
    let with = (!with.is_empty()).then(|| format!("with {}", list(&with, "and")));
    let people: Vec<String> = by.into_iter().chain(with).collect();
    (!people.is_empty()).then(|| clip(&people.join(" ")))
}

/// Everybody who leads a step of a block.
fn performers(model: &Model, steps: &[&Head]) -> Option<String> {
    let mut roles: Vec<RoleId> = Vec::new();
    for role in steps.iter().flat_map(|head| head.acting()) {
        if !roles.contains(role) {
            roles.push(*role);
        }
    }
    let mut titles: Vec<String> =
        roles.iter().take(MOST_ROLES).map(|role| model.role(*role).title.clone()).collect();
    if roles.len() > MOST_ROLES {
        titles.push(format!("{} more", roles.len() - MOST_ROLES));
    }
    (!titles.is_empty()).then(|| clip(&list(&titles, "and")))
}

/// Where an item, or what it holds, is done, in the order of declaration.
fn environments(model: &Model, id: ItemId) -> Vec<Environment> {
    let mut all: BTreeSet<EnvironmentId> = BTreeSet::new();
    for id in inside(model, id) {
        let item = model.item(id);
        all.extend(&item.head.on);
        touched(&item.lines, &mut all);
    }
    all.into_iter()
        .map(|id| Environment {
            title: clip(&model.environment(id).title),
            live: model.is_live(id),
        })
        .collect()
}

fn touched(lines: &[Line], all: &mut BTreeSet<EnvironmentId>) {
    for line in lines {
        match line {
            Line::Task(task) => {
                all.extend(&task.head.on);
                touched(&task.lines, all);
            }
            Line::ForEach { lines, .. } => touched(lines, all),
            _ => {}
        }
    }
}

fn tasks(model: &Model, lines: &[Line]) -> Vec<Task> {
    let mut found = Vec::new();
    for line in lines {
        match line {
            Line::Task(task) => {
                let told = match &task.kind {
                    TaskKind::Do => String::new(),
                    TaskKind::Notify(roles) => {
                        format!("Tell {}: ", crate::emit::words::roles(model, roles, "and"))
                    }
                };
                let text = crate::emit::prose::plain(&crate::emit::words::text(&task.text));
                found.push(Task {
                    number: task.number.clone(),
                    title: clip(&(told + &text)),
                    who: task.head.by.as_ref().map(|by| clip(&who(model, by))),
                    conditional: !task.when.is_empty(),
                });
            }
            Line::ForEach { each, title, lines, number, .. } => {
                found.push(Task {
                    number: number.clone(),
                    title: short(&crate::emit::words::each(each, title)),
                    who: None,
                    conditional: false,
                });
                found.extend(tasks(model, lines));
            }
            _ => {}
        }
    }
    found
}
