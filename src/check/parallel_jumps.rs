//! `jump-into-parallel`, `jump-out-of-parallel`: what starts in `any order` together ends together.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{ItemId, ItemKind, Model, Target};
use crate::source::Place;

pub const INTO: Rule = Rule {
    name: "jump-into-parallel",
    severity: Severity::Error,
    summary: "a jump leads into a branch of `any order`",
    why: "The branches of `any order` start together. Who jumps into one of them leaves the others \
          undone, and the work behind waits for them for ever.",
    wrong: include_str!("examples/jump-into-parallel.wrong.vup"),
    right: include_str!("examples/jump-into-parallel.right.vup"),
};

pub const OUT_OF: Rule = Rule {
    name: "jump-out-of-parallel",
    severity: Severity::Error,
    summary: "a jump leads out of a branch of `any order`",
    why: "The other branches are still under way. Only the end of the process, or an event of a \
          block around the `any order`, ends them all.",
    wrong: include_str!("examples/jump-out-of-parallel.wrong.vup"),
    right: include_str!("examples/jump-out-of-parallel.right.vup"),
};

pub fn check(model: &Model) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for id in model.ids() {
        let item = model.item(id);
        if let ItemKind::Go { target: Target::Item(to), .. } = item.kind {
            findings.extend(jump(model, id, to, item.place));
        }
        for branch in &item.branches {
            if let Target::Item(to) = branch.target {
                findings.extend(jump(model, id, to, branch.place));
            }
        }
    }
    findings
}

fn jump(model: &Model, from: ItemId, to: ItemId, place: Place) -> Option<Diagnostic> {
    let target = model.item(to);
    let name = target.name.clone().unwrap_or_default();
    if let Some(branch) = branch_around(model, to, from) {
        let block = model.item(model.item(branch).parent?);
        return Some(
            Diagnostic::new(
                &INTO,
                place,
                format!("this leads into a branch of `any order`, to `{name}`"),
            )
            .label(block.place, "its branches start together here")
            .help("lead to what stands before the `any order`, or take the step out of it"),
        );
    }
    let branch = branch_around(model, from, to)?;
    let block = model.item(model.item(branch).parent?);
    Some(
        Diagnostic::new(&OUT_OF, place, format!("this leaves a branch of `any order`, to `{name}`"))
            .label(block.place, "its other branches are still under way")
            .help("go on with `next`, and decide behind the `any order`; or use an `event` of the block around it"),
    )
}

/// The outermost branch of an `any order` that holds `inner` and not `other`.
fn branch_around(model: &Model, inner: ItemId, other: ItemId) -> Option<ItemId> {
    let is_branch = |id: &ItemId| {
        let parent = model.item(*id).parent;
        parent.is_some_and(|parent| matches!(model.item(parent).kind, ItemKind::AnyOrder { .. }))
    };
    model
        .ancestors(inner)
        .filter(is_branch)
        .filter(|branch| !model.is_within(other, *branch))
        .last()
}
