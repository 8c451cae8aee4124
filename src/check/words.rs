//! What several checks say alike.

use crate::model::{ItemId, Model};

/// The names of items, the first few of many.
pub fn named(model: &Model, items: &[ItemId]) -> String {
    let names: Vec<String> = items
        .iter()
        .filter_map(|id| model.item(*id).name.as_ref().map(|name| format!("`{name}`")))
        .collect();
    match names.len() {
        0..=4 => names.join(", "),
        count => format!("{} and {} more", names[..3].join(", "), count - 3),
    }
}

/// An item as it is told of: the step `weigh`.
pub fn called(model: &Model, id: ItemId) -> String {
    let item = model.item(id);
    let word = item.kind.word();
    match &item.name {
        Some(name) => format!("the {word} `{name}`"),
        None => format!("this `{word}`"),
    }
}
