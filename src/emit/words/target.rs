//! Where the flow goes on, in words.

use crate::emit::words::{is_named, text, times};
use crate::model::{Item, ItemId, ItemKind, Model, Target};

/// "2.3 Test everything": how a text points at an item.
pub fn item_title(model: &Model, id: ItemId) -> String {
    let item = model.item(id);
    match &item.kind {
        ItemKind::Path { .. } => format!("path {}", text(&item.title)),
        _ if item.number.is_empty() => text(&item.title),
        _ => format!("{} {}", item.number, text(&item.title)),
    }
}

/// As [`item_title`], for a reader at `from`: numbers begin anew in each path, so that an item of
/// another path is named with it.
pub fn pointer(model: &Model, from: ItemId, id: ItemId) -> String {
    let title = item_title(model, id);
    match path_of(model, id).filter(|path| *path != id && Some(*path) != path_of(model, from)) {
        Some(path) => format!("{title} (in {})", item_title(model, path)),
        None => title,
    }
}

fn path_of(model: &Model, id: ItemId) -> Option<ItemId> {
    model.ancestors(id).find(|id| matches!(model.item(*id).kind, ItemKind::Path { .. }))
}

/// Where a branch, an event or a jump that stands at `from` leads: "go on with 2.3 Test".
///
/// The item after the present one is named where the text tells it; around it there may be a
/// repetition that is asked about first.
pub fn target(model: &Model, from: ItemId, target: Target) -> String {
    match target {
        Target::Next => after(model, from),
        Target::End(outcome) => format!("end: {}", text(&model.outcome(outcome).title)),
        Target::Item(id) => match model.item(id).kind {
            ItemKind::Stage => format!("go to stage {}", pointer(model, from, id)),
            _ => format!("go to {}", pointer(model, from, id)),
        },
    }
}

/// What comes after an item in the text.
fn after(model: &Model, from: ItemId) -> String {
    let mut inner = from;
    while let Some(parent) = model.item(inner).parent {
        if let Some(next) = following(model, parent, inner) {
            return start_of(model, next);
        }
        match &model.item(parent).kind {
            ItemKind::Repeat { .. } => return "ask whether to repeat".to_string(),
            ItemKind::AnyOrder { .. } => return "this part is done".to_string(),
            ItemKind::ForEach(each) => {
                return format!("take the next {}", each.item.replace('-', " "));
            }
            ItemKind::Path { .. } => return finish(model),
            _ => inner = parent,
        }
    }
    finish(model)
}

/// The words for reaching the end of a path.
fn finish(model: &Model) -> String {
    match model.outcomes.as_slice() {
        [only] => format!("end: {}", text(&only.title)),
        _ => "go on".to_string(),
    }
}

fn following(model: &Model, parent: ItemId, child: ItemId) -> Option<ItemId> {
    let mut siblings = model.item(parent).children.iter();
    siblings.find(|sibling| **sibling == child)?;
    // A path is never run into from the path before it.
    let inside_path = matches!(model.item(child).kind, ItemKind::Path { .. });
    siblings.next().copied().filter(|_| !inside_path)
}

/// How to send somebody to an item that is entered in order.
fn start_of(model: &Model, mut id: ItemId) -> String {
    loop {
        let item: &Item = model.item(id);
        match &item.kind {
            ItemKind::Path { .. } => return "go on with the choice of the path".to_string(),
            ItemKind::Stage => return format!("go on with stage {}", item_title(model, id)),
            ItemKind::End(outcome) => return target(model, id, Target::End(*outcome)),
            ItemKind::Go { target: to, at_most: None } => return target(model, id, *to),
            ItemKind::Go { target: to, at_most: Some(count) } => {
                return format!("{} ({})", target(model, id, *to), times(*count));
            }
            ItemKind::Step | ItemKind::Decide { .. } => {
                return format!("go on with {}", item_title(model, id));
            }
            ItemKind::AnyOrder { .. } | ItemKind::ForEach(_) if is_named(model, id) => {
                return format!("go on with {}", item_title(model, id));
            }
            _ => match item.children.first() {
                Some(first) => id = *first,
                None => return "go on".to_string(),
            },
        }
    }
}
