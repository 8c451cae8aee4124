//! Which path is taken, and why not the others.

use super::{Condition, Path, because_of};
use crate::emit::{prose::plain, words};
use crate::model::{self, Guard, Item, ItemId, ItemKind, Model};
use crate::plan::open::{at_choice, is_on_path};
use crate::plan::{Case, Run, Values};

/// The path that is taken first, if that is known; none where a run ends before the choice.
pub(crate) fn chosen(model: &Model, case: &Case, run: &Run) -> Option<ItemId> {
    let is_path = |id: &&ItemId| matches!(model.item(**id).kind, ItemKind::Path { .. });
    let entered = run.items.iter().find(is_path).copied();
    let is_open = run.at_paths.is_some() || run.end.is_err();
    entered.or_else(|| decided(model, &at_choice(model, case, run)).filter(|_| is_open))
}

/// The path that is chosen, if that is known, and the others; nothing where a run ends before the
/// choice, or a jump leads past it.
pub(super) fn paths(model: &Model, case: &Case, run: &Run) -> (Option<Path>, Vec<Path>) {
    let chosen = chosen(model, case, run);
    if run.at_paths.is_none() && (run.end.is_ok() || is_on_path(model, run)) {
        return (None, Vec::new());
    }
    let values = at_choice(model, case, run);
    let all = model.paths().filter(|(_, path)| path.is_chosen());
    let (taken, others): (Vec<_>, Vec<_>) = all.partition(|(id, _)| Some(*id) == chosen);
    let told = |(_, item): (ItemId, &Item)| path(model, &values, item);
    (taken.into_iter().map(told).next(), others.into_iter().map(told).collect())
}

/// The path that is going to be chosen, if what is known says so.
fn decided(model: &Model, values: &Values<'_>) -> Option<ItemId> {
    let mut otherwise = None;
    let mut all_fail = true;
    for (id, path) in model.paths().filter(|(_, path)| path.is_chosen()) {
        if matches!(path.kind, ItemKind::Path { otherwise: true }) {
            otherwise = Some(id);
            continue;
        }
        let guards = path.when.iter().filter_map(|when| when.guard.clone());
        match values.holds(&Guard::All(guards.collect())) {
            Ok(true) => return Some(id),
            Ok(false) => {}
            Err(_) => all_fail = false,
        }
    }
    otherwise.filter(|_| all_fail)
}

fn path(model: &Model, values: &Values<'_>, item: &Item) -> Path {
    Path {
        name: item.name.clone().unwrap_or_default(),
        title: plain(&words::text(&item.title)),
        otherwise: matches!(item.kind, ItemKind::Path { otherwise: true }),
        conditions: item.when.iter().map(|when| condition(model, values, when)).collect(),
    }
}

fn condition(model: &Model, values: &Values<'_>, when: &model::Condition) -> Condition {
    let text = words::some_text(when.text.as_ref()).map(|text| plain(&text));
    let Some(guard) = &when.guard else {
        return Condition { words: text.unwrap_or_default(), holds: None, because: Vec::new() };
    };
    let own = plain(&words::guard(model, guard));
    let holds = values.holds(guard).ok();
    let because = because_of(model, values, guard).into_iter();
    let words = text.unwrap_or_else(|| own.clone());
    let because = because.filter(|reason| !reason.eq_ignore_ascii_case(&words));
    Condition { because: because.collect(), words, holds }
}
