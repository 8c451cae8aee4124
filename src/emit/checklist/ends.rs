//! How a checklist can end, and where it leads to what stands in another one.

use super::Text;
use super::details::ways;
use super::used::in_document;
use super::view::View;
use crate::emit::words::{self, text};
use crate::flow::presence;
use crate::model::{ItemId, ItemKind, Model, OutcomeId, Target};
use std::collections::{BTreeSet, HashSet};

pub(super) struct Ends {
    pub outcomes: Vec<Text>,
    /// "path Rescue".
    pub goes_on: Vec<Text>,
}

/// What the items of a checklist lead to, and, where an answer is planned, what its other answers do:
/// they are on the page too. `scope` is what applies.
pub(super) fn ends(view: &View<'_>, scope: &[ItemId]) -> Ends {
    let (model, path) = (view.model, view.wanted.path);
    let here: HashSet<ItemId> = in_document(view, |_| true).into_iter().collect();
    let aside = here.iter().filter(|id| view.by_other_answers(**id));
    let listed: BTreeSet<ItemId> = scope.iter().chain(aside).copied().collect();
    let mut outcomes: BTreeSet<OutcomeId> = BTreeSet::new();
    let mut elsewhere: BTreeSet<ItemId> = BTreeSet::new();
    for target in listed.into_iter().flat_map(|id| targets(view, id)) {
        match target {
            Target::Next => {}
            Target::End(outcome) => {
                outcomes.insert(outcome);
            }
            Target::Item(id) if here.contains(&id) => {}
            Target::Item(id) => {
                elsewhere.insert(words::path_of(model, id).unwrap_or(id));
            }
        }
    }
    // A process that declares no outcome ends where its text does.
    let implied = model.outcomes.first().is_some_and(|first| !first.declared);
    if implied && runs_out(model, path.unwrap_or(Model::ROOT)) {
        outcomes.insert(OutcomeId(0));
    }
    Ends {
        outcomes: outcomes.into_iter().map(|id| text(&model.outcome(id).title)).collect(),
        goes_on: elsewhere.into_iter().map(|id| words::item_title(model, id)).collect(),
    }
}

fn targets(view: &View<'_>, id: ItemId) -> Vec<Target> {
    let item = view.model.item(id);
    let own = match item.kind {
        ItemKind::End(_) | ItemKind::Go { .. }
            if !view.may_be_taken(id) && !view.by_other_answers(id) =>
        {
            None
        }
        ItemKind::End(outcome) => Some(Target::End(outcome)),
        ItemKind::Go { target, .. } => Some(target),
        _ => None,
    };
    let ways = item.branches.iter().zip(ways(view, id)).filter(|(_, way)| way.holds != Some(false));
    ways.map(|(branch, _)| branch.target).chain(own).collect()
}

/// Whether the end of what stands in a path or process may be reached.
fn runs_out(model: &Model, block: ItemId) -> bool {
    let mut block = block;
    loop {
        let inner = model.item(block).children.iter();
        let last = inner.rev().find(|id| !matches!(model.item(**id).kind, ItemKind::Path { .. }));
        let Some(last) = last else { return true };
        let item = model.item(*last);
        let passed_by = !item.when.is_empty() || !item.skips.is_empty();
        if passed_by || item.branches.iter().any(|branch| branch.target == Target::Next) {
            return true;
        }
        match item.kind {
            ItemKind::End(_) => return false,
            ItemKind::Go { target, at_most } => {
                return target == Target::Next || at_most.is_some();
            }
            ItemKind::Decide { .. } => return presence(model, item.head.acting()).is_some(),
            ItemKind::Stage | ItemKind::Run { .. } => block = *last,
            _ => return true,
        }
    }
}
