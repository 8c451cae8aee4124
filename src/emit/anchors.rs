//! Where an item's line stands in a checklist: what links lead to.

use crate::model::{ItemId, ItemKind, Model, full_name};
use std::collections::{HashMap, HashSet};

/// "standard.roll-out.test"; by the number where an item has no name. Where two have the same, the
/// later one has a number behind it.
pub fn anchors(model: &Model) -> HashMap<ItemId, String> {
    let mut taken = HashSet::new();
    let mut anchors = HashMap::new();
    for id in model.ids() {
        let item = model.item(id);
        if !item.kind.is_performed() && item.kind != ItemKind::Stage {
            continue;
        }
        let name = match (&item.name, model.path_of(id)) {
            (Some(_), _) => full_name(model, id),
            (None, Model::ROOT) => item.number.clone(),
            (None, path) => format!("{}.{}", full_name(model, path), item.number),
        };
        let mut anchor = name.clone();
        let mut count = 1;
        while !taken.insert(anchor.clone()) {
            count += 1;
            anchor = format!("{name}-{count}");
        }
        anchors.insert(id, anchor);
    }
    anchors
}
