//! What several checks say alike.

use crate::model::{
    Branch, BranchKind, FactId, FactType, Guard, Happening, ItemId, Model, Value, full_name,
};

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

/// "`draft`", "`draft` or `final`".
pub fn either<'n>(names: impl IntoIterator<Item = &'n String>) -> String {
    let names = names.into_iter().map(|name| format!("`{name}`"));
    names.collect::<Vec<_>>().join(" or ")
}

/// An item as it is told of: the step `weigh`.
pub fn called(model: &Model, id: ItemId) -> String {
    let item = model.item(id);
    match &item.name {
        Some(name) => format!("the {} `{name}`", item.kind.noun()),
        None => format!("this `{}`", item.kind.word()),
    }
}

/// What a rule speaks of, by its name.
pub fn happening(model: &Model, happening: &Happening) -> String {
    match happening {
        Happening::Item(id) => {
            format!("the {} `{}`", model.item(*id).kind.noun(), full_name(model, *id))
        }
        Happening::End(id) => format!("the end `{}`", model.outcome(*id).name),
        Happening::Artifact(artifact) => {
            let declared = model.artifact(artifact.artifact);
            let state = artifact.state.and_then(|state| declared.states.get(state));
            let state = state.map(|state| format!(" {state}")).unwrap_or_default();
            let on = artifact.on.map(|on| format!(" on `{}`", model.environment(on).name));
            format!("`{}`{state}{}", declared.name, on.unwrap_or_default())
        }
    }
}

/// By which branch a decision went on: " → `yes`", " → `size = large`".
pub fn chosen(model: &Model, branch: &Branch) -> String {
    match &branch.kind {
        BranchKind::Answer(name) | BranchKind::Event(name) => format!(" → `{name}`"),
        BranchKind::After(duration) => format!(" → after {duration}"),
        BranchKind::When(guard) => format!(" → `{}`", condition(model, guard)),
        BranchKind::Otherwise => " → `otherwise`".to_string(),
    }
}

/// A condition as it is written.
fn condition(model: &Model, guard: &Guard) -> String {
    let name = |fact: &FactId| model.fact(*fact).name.clone();
    let show = |fact: &FactId, value: &Value| model.fact(*fact).kind.show(value);
    let joined = |parts: &[Guard], word: &str| {
        let parts: Vec<String> = parts.iter().map(|part| inner(model, part)).collect();
        parts.join(word)
    };
    match guard {
        Guard::Constant(true) => "yes".to_string(),
        Guard::Constant(false) => "no".to_string(),
        Guard::Compare { fact, op, value: Value::YesNo(is) }
            if model.fact(*fact).kind == FactType::YesNo =>
        {
            let yes = op.holds(std::cmp::Ordering::Equal) == *is;
            let name = name(fact);
            if yes { name } else { format!("not {name}") }
        }
        Guard::Compare { fact, op, value } => {
            format!("{} {} {}", name(fact), op.symbol(), show(fact, value))
        }
        Guard::In { fact, values } => {
            let values: Vec<String> = values.iter().map(|value| show(fact, value)).collect();
            format!("{} in ({})", name(fact), values.join(", "))
        }
        Guard::Versions { left, op, right } => {
            format!("{} {} {}", name(left), op.symbol(), name(right))
        }
        Guard::Not(part) => format!("not {}", inner(model, part)),
        Guard::All(parts) => joined(parts, " and "),
        Guard::Any(parts) => joined(parts, " or "),
    }
}

/// The same as a part of another.
fn inner(model: &Model, guard: &Guard) -> String {
    let words = condition(model, guard);
    match guard {
        Guard::All(_) | Guard::Any(_) => format!("({words})"),
        _ => words,
    }
}
