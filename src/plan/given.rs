//! A case from what people write: `load=high`, `window=agree`.
//!
//! What is wrong is said in plain words, with what may have been meant or what is allowed.

use super::{Case, Values};
use crate::diagnostic::nearest;
use crate::model::{
    FactId, FactOrigin, FactType, ItemId, ItemKind, Model, RoleId, Value, full_name,
};

/// What is wrong with what was written, as a sentence.
pub type Wrong = String;

/// Where more names than this would be listed, none is.
const MOST_LISTED: usize = 12;

/// Takes up `FACT=VALUE`; of a yes-no fact also `FACT` and `not FACT`.
pub fn fact(model: &Model, case: &mut Case, written: &str) -> Result<(), Wrong> {
    let (name, value) = match written.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (written.trim(), None),
    };
    let negated = name.strip_prefix("not ").map(str::trim).filter(|_| value.is_none());
    let name = negated.unwrap_or(name);
    if name.contains(['<', '>', '!']) {
        return Err(format!("a fact is given with `=` and one value, not as `{written}`"));
    }
    let id = fact_named(model, name)?;
    let kind = &model.fact(id).kind;
    let value = match value {
        Some(value) => value_of(model, id, value)?,
        None if *kind == FactType::YesNo => Value::YesNo(negated.is_none()),
        None => {
            return Err(format!("`{name}` needs a value; {}", kind.its_values()));
        }
    };
    set(model, case, id, value)
}

/// Gives a fact its value, unless it has another.
pub fn set(model: &Model, case: &mut Case, id: FactId, value: Value) -> Result<(), Wrong> {
    match case.facts.get(&id) {
        Some(known) if *known != value => {
            let fact = model.fact(id);
            let (one, other) = (fact.kind.show(known), fact.kind.show(&value));
            Err(format!("`{}` is given twice: as `{one}` and as `{other}`", fact.name))
        }
        _ => {
            case.facts.insert(id, value);
            Ok(())
        }
    }
}

/// The value of a fact that a text stands for.
pub fn value_of(model: &Model, id: FactId, written: &str) -> Result<Value, Wrong> {
    let fact = model.fact(id);
    let written = written.trim();
    fact.kind.read(written).ok_or_else(|| {
        let meant = fact
            .kind
            .likely(written)
            .map(|(meant, _)| meant)
            .filter(|meant| fact.kind.read(meant).is_some());
        let meant = meant.map(|meant| format!("did you mean `{meant}`? ")).unwrap_or_default();
        let values = fact.kind.its_values();
        let decimals = too_fine(&fact.kind, written);
        format!("`{}` is never `{written}`; {meant}{values}{decimals}", fact.name)
    })
}

/// What is said of a number that has more decimals than the values of its fact.
fn too_fine(kind: &FactType, written: &str) -> String {
    let FactType::Number { decimals, .. } = kind else { return String::new() };
    let own = written.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    match (own > *decimals as usize, decimals) {
        (false, _) => String::new(),
        (true, 0) => ", whole ones".to_string(),
        (true, 1) => ", with one decimal at most".to_string(),
        (true, count) => format!(", with {count} decimals at most"),
    }
}

fn fact_named(model: &Model, name: &str) -> Result<FactId, Wrong> {
    let ids = || (0..model.facts.len() as u32).map(FactId);
    let is_answer = |id: &FactId| matches!(model.fact(*id).origin, FactOrigin::Answer(_));
    let mut named = ids().filter(|id| !is_answer(id) && model.fact(*id).name == name);
    if let Some(id) = named.next() {
        return match model.cannot_be_given(id) {
            None => Ok(id),
            Some(why) => Err(format!("`{name}` cannot be given: {why}{}", from_what(model, id))),
        };
    }
    if model.triggers.iter().any(|trigger| trigger.name == name) {
        return Err(format!("`{name}` is a trigger: write `trigger={name}`"));
    }
    if decision(model, name).is_ok() {
        return Err(format!("`{name}` is a decision: its answer is given as `--answer {name}=…`"));
    }
    let part = format!("{name} takes part");
    if model.facts.iter().any(|fact| fact.name == part) {
        return Err(format!("`{name}` is a role: write `{part}`"));
    }
    if let Some(role) = name.strip_suffix(" takes part")
        && model.roles.iter().any(|own| own.name == role)
    {
        return Err(format!("`{role}` is not optional, so it always takes part: leave it out"));
    }
    let free: Vec<&str> = ids()
        .filter(|id| !is_answer(id) && model.cannot_be_given(*id).is_none())
        .map(|id| model.fact(id).name.as_str())
        .collect();
    Err(unknown("fact", name, &free))
}

/// "; give `a` and `b` instead".
fn from_what(model: &Model, id: FactId) -> String {
    let FactOrigin::Derived(guard) = &model.fact(id).origin else { return String::new() };
    let facts = model.depends_on(guard);
    let names: Vec<&str> = facts
        .into_iter()
        .filter(|id| model.cannot_be_given(*id).is_none())
        .map(|id| model.fact(id).name.as_str())
        .collect();
    if names.is_empty() { String::new() } else { format!("; give {}", listed(&names, "and")) }
}

/// Takes up `DECISION=ANSWER`; several answers, for successive askings, are set apart by commas or
/// given one after the other.
pub fn answer(model: &Model, case: &mut Case, written: &str) -> Result<(), Wrong> {
    let Some((name, answers)) = written.split_once('=') else {
        return Err(format!("an answer is given as `DECISION=ANSWER`, not as `{written}`"));
    };
    let item = decision(model, name.trim())?;
    for answer in answers.split(',') {
        let choice = choice(model, item, answer)?;
        case.answers.entry(item).or_default().push(choice);
    }
    Ok(())
}

/// The answer of a decision that a text stands for.
pub fn choice(model: &Model, item: ItemId, written: &str) -> Result<usize, Wrong> {
    let choices = choices(model, item);
    let written = written.trim();
    choices.iter().position(|choice| choice == written).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(String::as_str).collect();
        let meant = nearest(written, names.iter().copied());
        let meant = meant.map(|near| format!("did you mean `{}`? ", near.word)).unwrap_or_default();
        let (decision, all) = (label(model, item), listed(&names, "and"));
        format!("`{decision}` is never answered `{written}`; {meant}its answers are {all}")
    })
}

/// What a decision may be answered: its answers, its events, `timeout`.
pub fn choices(model: &Model, item: ItemId) -> &[String] {
    let ItemKind::Decide { answer: Some(fact) } = model.item(item).kind else { return &[] };
    model.fact(fact).kind.choices().unwrap_or_default()
}

/// The decision that a name means: the whole of it, or the end, as `test` of `roll-out.test`.
pub(super) fn decision(model: &Model, name: &str) -> Result<ItemId, Wrong> {
    let is_decision = |id: &ItemId| matches!(model.item(*id).kind, ItemKind::Decide { .. });
    let by_people = |id: &ItemId| is_decision(id) && !choices(model, *id).is_empty();
    let found = matching(model, name, is_decision);
    match found.as_slice() {
        [only] if choices(model, *only).is_empty() => Err(format!(
            "`{name}` is decided by facts: it is given no answer, but the facts that decide it"
        )),
        [] => item(model, "decision", name, by_people),
        _ => one_of(model, name, &found),
    }
}

/// The item of some kind that a name means: the whole of it, or the end.
pub(super) fn item(
    model: &Model,
    what: &str,
    name: &str,
    is_meant: impl Fn(&ItemId) -> bool,
) -> Result<ItemId, Wrong> {
    let found = matching(model, name, &is_meant);
    if !found.is_empty() {
        return one_of(model, name, &found);
    }
    let all: Vec<String> = model.ids().filter(is_meant).map(|id| full_label(model, id)).collect();
    let short: Vec<&str> = all.iter().map(|full| last_parts(full, name)).collect();
    let is_shared = |name: &&str| short.iter().filter(|other| other == &name).count() > 1;
    let names = short.iter().zip(&all);
    let names = names.map(|(short, full)| if is_shared(short) { full } else { *short });
    Err(unknown(what, name, &names.collect::<Vec<_>>()))
}

/// The items that a name may mean: those of that full name, else those whose full name ends so, else those
/// that are printed with this number.
fn matching(model: &Model, name: &str, is_meant: impl Fn(&ItemId) -> bool) -> Vec<ItemId> {
    let ending = format!(".{name}");
    let (mut whole, mut ends) = (Vec::new(), Vec::new());
    for id in model.ids().filter(&is_meant) {
        let full = full_label(model, id);
        if full == name {
            whole.push(id);
        } else if full.ends_with(&ending) {
            ends.push(id);
        }
    }
    match (whole.is_empty(), ends.is_empty()) {
        (false, _) => whole,
        (true, false) => ends,
        (true, true) => {
            model.ids().filter(|id| is_meant(id) && has_number(model, *id, name)).collect()
        }
    }
}

/// Whether an item is printed with this number, in its path or with the name of the path before it:
/// `3.3.2`, `large-branch.3.3.2`.
fn has_number(model: &Model, id: ItemId, written: &str) -> bool {
    let before =
        written.strip_suffix(model.item(id).number.as_str()).filter(|before| *before != written);
    let path = full_name(model, model.path_of(id));
    before
        .is_some_and(|before| before.is_empty() || before.strip_suffix('.') == Some(path.as_str()))
}

fn one_of(model: &Model, name: &str, found: &[ItemId]) -> Result<ItemId, Wrong> {
    match found {
        [only] => Ok(*only),
        several => {
            let names: Vec<String> = several.iter().map(|id| full_label(model, *id)).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            Err(format!("`{name}` could be {}", listed(&names, "or")))
        }
    }
}

/// The role that a name means.
pub fn role(model: &Model, name: &str) -> Result<RoleId, Wrong> {
    let found = model.roles.iter().position(|role| role.name == name.trim());
    found.map(|index| RoleId(index as u32)).ok_or_else(|| {
        let names: Vec<&str> = model.roles.iter().map(|role| role.name.as_str()).collect();
        unknown("role", name, &names)
    })
}

/// What a decision is called on the command line: the shortest end of its full name that means no
/// other; its number where it has no name.
pub fn label(model: &Model, item: ItemId) -> String {
    let full = full_label(model, item);
    if model.item(item).name.is_none() {
        return full;
    }
    let ends = full.rmatch_indices('.').map(|(at, _)| full.get(at + 1..).unwrap_or_default());
    let mut ends = ends.filter(|end| decision(model, end) == Ok(item));
    ends.next().map(str::to_string).unwrap_or(full)
}

/// The full name of a decision; where it has no name, its number in its path.
fn full_label(model: &Model, item: ItemId) -> String {
    if model.item(item).name.is_some() {
        return full_name(model, item);
    }
    let number = &model.item(item).number;
    match full_name(model, model.path_of(item)) {
        path if path.is_empty() || model.path_of(item) == Model::ROOT => number.clone(),
        path => format!("{path}.{number}"),
    }
}

/// As many parts of a full name as the written one has.
fn last_parts<'f>(full: &'f str, written: &str) -> &'f str {
    let depth = written.split('.').count();
    let mut dots = full.rmatch_indices('.').map(|(at, _)| at + 1);
    full.get(dots.nth(depth - 1).unwrap_or(0)..).unwrap_or(full)
}

/// What is wrong with a case as a whole: it cannot occur, or it says what follows otherwise.
pub fn refuse_impossible(model: &Model, case: &Case) -> Result<(), Wrong> {
    let values = Values::new(model, case.facts.clone());
    if let Some(hop) = model.versions.as_ref().map(|versions| versions.hop)
        && let Some(given) = case.facts.get(&hop)
        && values.known().get(&hop) != Some(given)
    {
        let fact = model.fact(hop);
        let (name, shown) = (&fact.name, fact.kind.show(given));
        return Err(format!("the hop between these versions is not `{shown}`; leave `{name}` out"));
    }
    let broken = model.assumptions.iter().find(|it| values.holds(&it.guard) == Ok(false));
    match broken {
        None => Ok(()),
        Some(assumption) => {
            let name = |id: FactId| model.fact(id).name.clone();
            Err(format!("this case cannot occur: {}", assumption.text.filled(name)))
        }
    }
}

fn unknown(what: &str, name: &str, known: &[&str]) -> Wrong {
    let hint = match (nearest(name, known.iter().copied()), known.len()) {
        (Some(near), _) => format!("; did you mean `{}`?", near.word),
        (None, 0) => format!("; the process has no {what}s"),
        (None, 1..=MOST_LISTED) => format!("; there is {}", listed(known, "and")),
        (None, _) => String::new(),
    };
    format!("there is no {what} `{name}`{hint}")
}

pub(super) fn listed(names: &[&str], word: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}
