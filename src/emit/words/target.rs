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

/// The path that an item is, or stands in.
pub fn path_of(model: &Model, id: ItemId) -> Option<ItemId> {
    model.ancestors(id).find(|id| matches!(model.item(*id).kind, ItemKind::Path { .. }))
}

/// Longer chains of jumps to what comes next are not followed.
const MOST_HOPS: usize = 10_000;

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
    if matches!(model.item(from).kind, ItemKind::Path { .. }) {
        return finish(model);
    }
    let mut place = behind(model, from);
    for _ in 0..MOST_HOPS {
        let Some((parent, position)) = place else { return finish(model) };
        let block = model.item(parent);
        // Of what is done in any order, nothing comes after another.
        let in_order = position == 0 || !matches!(block.kind, ItemKind::AnyOrder { .. });
        let next = block.children.get(position).filter(|_| in_order);
        place = match next.map(|next| (*next, start_of(model, *next))) {
            Some((_, Start::Said(words))) => return words,
            Some((next, Start::Inside)) => Some((next, 0)),
            Some((_, Start::Passed)) => Some((parent, position + 1)),
            None => match end_of(model, block) {
                Some(words) => return words,
                None => behind(model, parent),
            },
        };
    }
    "go on".to_string()
}

/// Behind an item: what it stands in, and the position after its own.
fn behind(model: &Model, id: ItemId) -> Option<(ItemId, usize)> {
    let parent = model.item(id).parent?;
    // Items are in the order of the text.
    Some((parent, model.item(parent).children.partition_point(|child| *child <= id)))
}

/// What is said at the end of a block; none where the flow just goes on behind it.
fn end_of(model: &Model, block: &Item) -> Option<String> {
    match &block.kind {
        ItemKind::Repeat { .. } => Some("ask whether to repeat".to_string()),
        ItemKind::AnyOrder { .. } => Some("this part is done".to_string()),
        ItemKind::ForEach(each) => Some(format!("take the next {}", each.item.replace('-', " "))),
        ItemKind::Path { .. } => Some(finish(model)),
        _ => None,
    }
}

/// The words for reaching the end of a path.
fn finish(model: &Model) -> String {
    match model.outcomes.as_slice() {
        [only] => format!("end: {}", text(&only.title)),
        _ => "go on".to_string(),
    }
}

/// How an item that is entered in order begins.
enum Start {
    Said(String),
    /// With the first thing in it.
    Inside,
    /// It only leads to what comes after it.
    Passed,
}

fn start_of(model: &Model, id: ItemId) -> Start {
    let item = model.item(id);
    Start::Said(match &item.kind {
        ItemKind::Path { .. } => "go on with the choice of the path".to_string(),
        ItemKind::Stage => format!("go on with stage {}", item_title(model, id)),
        ItemKind::End(outcome) => target(model, id, Target::End(*outcome)),
        ItemKind::Go { target: Target::Next, .. } => return Start::Passed,
        ItemKind::Go { target: to, at_most: None } => target(model, id, *to),
        ItemKind::Go { target: to, at_most: Some(count) } => {
            format!("{} ({})", target(model, id, *to), times(*count))
        }
        ItemKind::Step | ItemKind::Decide { .. } => {
            format!("go on with {}", item_title(model, id))
        }
        ItemKind::AnyOrder { .. } | ItemKind::ForEach(_) if is_named(model, id) => {
            format!("go on with {}", item_title(model, id))
        }
        _ => return Start::Inside,
    })
}

#[cfg(test)]
mod tests {
    use super::target;
    use crate::emit::checklist::tests::resolved;
    use crate::model::{ItemKind, Target};
    use std::fmt::Write;

    #[test]
    fn long_chains_of_jumps_are_followed_in_a_loop() {
        let mut text = String::from(
            "process p \"P\" {\n  version 1.0.0\n  role r \"R\"\n  step \"One\" by r\n",
        );
        (0..3_000).for_each(|_| text.push_str("  go next\n"));
        let _ = writeln!(text, "  step \"Two\" by r\n}}");
        let model = resolved(&text);
        let jumps: Vec<_> =
            model.ids().filter(|id| matches!(model.item(*id).kind, ItemKind::Go { .. })).collect();
        assert_eq!(jumps.len(), 3_000);
        for id in jumps {
            assert_eq!(target(&model, id, Target::Next), "go on with 2 Two");
        }
    }
}
