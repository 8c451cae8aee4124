//! Conditions in plain words.

use crate::emit::prose::{escape, plain};
use crate::emit::words::text;
use crate::model::{
    BranchKind, Fact, FactId, FactOrigin, FactType, Guard, Item, ItemId, Model, Op, Value,
};

/// A guard, with the titles of facts and the values as people write them.
///
/// `not` is worked in, so that nobody has to read "not (A or not B)".
pub fn guard(model: &Model, guard: &Guard) -> String {
    capital(&words(model, guard, true, false))
}

/// As [`guard`], for the middle of a sentence.
pub fn clause(model: &Model, guard: &Guard) -> String {
    words(model, guard, true, false)
}

/// That none of the conditions of a decision holds, for the middle of a sentence.
pub fn no_other(model: &Model, decision: &Item) -> String {
    let others = decision.branches.iter().filter_map(|branch| match &branch.kind {
        BranchKind::When(guard) => Some(guard.clone()),
        _ => None,
    });
    clause(model, &Guard::Not(Box::new(Guard::Any(others.collect()))))
}

/// Whether a branch says only that it is for every other case.
pub fn is_plain_otherwise(decision: &Item, branch: usize) -> bool {
    let branch = decision.branches.get(branch);
    branch.is_some_and(|it| it.kind == BranchKind::Otherwise && it.title.is_empty())
}

/// What a fact is called.
pub fn fact_title(model: &Model, id: FactId) -> String {
    let fact = model.fact(id);
    match &fact.origin {
        FactOrigin::TakesPart(role) => format!("{} takes part", escape(&model.role(*role).title)),
        FactOrigin::Trigger => "started by".to_string(),
        FactOrigin::Answer(item) => format!("the answer to “{}”", super::item_title(model, *item)),
        FactOrigin::Declared | FactOrigin::Derived(_) | FactOrigin::Versions => {
            if fact.title.is_empty() { escape(&fact.name) } else { text(&fact.title) }
        }
    }
}

/// What a fact is called in a sentence: in quotes where its title is one itself, or a part of one.
pub fn subject(model: &Model, id: FactId) -> String {
    let title = fact_title(model, id);
    let own_words = !matches!(model.fact(id).origin, FactOrigin::Answer(_));
    let shown = plain(&title);
    let breaks = shown.trim_end().ends_with(['?', '!', '.']) || shown.contains([',', ';', ':']);
    if own_words && breaks { quoted(&title) } else { title }
}

fn quoted(text: &str) -> String {
    format!("“{}”", text.trim())
}

/// What a reader sees of an answer, an event or a timeout of a decision that is known by its name.
pub fn answer_title(model: &Model, decision: ItemId, name: &str) -> String {
    let named = model.item(decision).branches.iter().find(|branch| match &branch.kind {
        BranchKind::Answer(own) | BranchKind::Event(own) => own == name,
        BranchKind::After(_) | BranchKind::When(_) | BranchKind::Otherwise => false,
    });
    match named {
        Some(branch) if !branch.title.is_empty() => text(&branch.title),
        None if name == "timeout" => "no answer in time".to_string(),
        _ => escape(name),
    }
}

/// `holds` false: the words for the opposite. `inner`: stands in a longer condition.
fn words(model: &Model, guard: &Guard, holds: bool, inner: bool) -> String {
    match guard {
        Guard::Constant(value) => if *value == holds { "always" } else { "never" }.to_string(),
        Guard::Compare { fact, op, value } => {
            compare(model, *fact, if holds { *op } else { opposite(*op) }, value)
        }
        Guard::In { fact, values } => one_of(model, *fact, values, holds),
        Guard::Versions { left, op, right } => {
            let op = if holds { *op } else { opposite(*op) };
            let (left, right) = (subject(model, *left), subject(model, *right));
            format!("{left} is {} {right}", version_relation(op))
        }
        Guard::Not(guard) => words(model, guard, !holds, inner),
        Guard::All(parts) => joined(model, parts, holds, inner, if holds { "and" } else { "or" }),
        Guard::Any(parts) => joined(model, parts, holds, inner, if holds { "or" } else { "and" }),
    }
}

fn joined(model: &Model, parts: &[Guard], holds: bool, inner: bool, word: &str) -> String {
    let parts: Vec<String> = parts.iter().map(|part| words(model, part, holds, true)).collect();
    let line = parts.join(&format!(", **{word}** "));
    if inner && parts.len() > 1 { format!("({line})") } else { line }
}

fn compare(model: &Model, id: FactId, op: Op, value: &Value) -> String {
    let fact = model.fact(id);
    let title = subject(model, id);
    if let Value::YesNo(yes) = value {
        return yes_no(model, id, &title, *yes == (op == Op::Equal));
    }
    if let Some(line) = size_of_hop(model, id, op, value) {
        return line;
    }
    if let Some(values) = on_this_side(fact, op, value) {
        return one_of(model, id, &values, true);
    }
    let shown = value_title(model, fact, value);
    let relation = match (&fact.kind, op) {
        (_, Op::Equal) => shown,
        (_, Op::NotEqual) => format!("not {shown}"),
        (FactType::Version, Op::Less) => format!("older than {shown}"),
        (FactType::Version, Op::AtMost) => format!("{shown} or older"),
        (FactType::Version, Op::Greater) => format!("newer than {shown}"),
        (FactType::Version, Op::AtLeast) => format!("{shown} or newer"),
        (_, Op::Less) => format!("less than {shown}"),
        (_, Op::AtMost) => format!("at most {shown}"),
        (_, Op::Greater) => format!("more than {shown}"),
        (_, Op::AtLeast) => format!("at least {shown}"),
    };
    stated(fact, &title, &relation)
}

/// The values of a scale that are less or more than another, where they are few: nobody says that a town
/// is less than a city.
fn on_this_side(fact: &Fact, op: Op, value: &Value) -> Option<Vec<Value>> {
    const FEW: usize = 3;
    let (FactType::Scale(all), Value::Choice(index)) = (&fact.kind, value) else { return None };
    let side = match op {
        Op::Less => 0..*index,
        Op::Greater => index + 1..all.len(),
        _ => return None,
    };
    (1..=FEW).contains(&side.len()).then(|| side.map(Value::Choice).collect())
}

/// "“How bad is it?” is at most cosmetic", "Damage is severe", "started by: “A request”".
fn stated(fact: &Fact, title: &str, relation: &str) -> String {
    match fact.origin {
        FactOrigin::Trigger => format!("{title}: {relation}"),
        _ => format!("{title} is {relation}"),
    }
}

fn yes_no(model: &Model, id: FactId, title: &str, yes: bool) -> String {
    if model.versions.as_ref().is_some_and(|versions| versions.breaking == id) {
        let start = if yes { "there are breaking changes" } else { "there is no breaking change" };
        return format!("{start} between the two versions");
    }
    if let FactOrigin::TakesPart(role) = model.fact(id).origin {
        let not = if yes { "takes part" } else { "does not take part" };
        return format!("{} {not}", escape(&model.role(role).title));
    }
    let answer = if yes { "yes" } else { "no" };
    if title.ends_with("?”") {
        format!("{title} is {answer}")
    } else {
        format!("{title}: {answer}")
    }
}

/// The hop is counted in whole steps: less than major is at most minor.
fn size_of_hop(model: &Model, id: FactId, op: Op, value: &Value) -> Option<String> {
    let versions = model.versions.as_ref()?;
    let Value::Choice(index) = value else { return None };
    if versions.hop != id {
        return None;
    }
    let choices = model.fact(id).kind.choices()?;
    let (relation, index) = match op {
        Op::Equal => ("", Some(*index)),
        Op::NotEqual => ("not ", Some(*index)),
        Op::Less => ("at most ", index.checked_sub(1)),
        Op::AtMost => ("at most ", Some(*index)),
        Op::Greater => ("at least ", Some(index + 1)),
        Op::AtLeast => ("at least ", Some(*index)),
    };
    let choice = escape(choices.get(index?)?);
    Some(format!("the size of the hop is {relation}{choice}"))
}

fn one_of(model: &Model, id: FactId, values: &[Value], holds: bool) -> String {
    let fact = model.fact(id);
    let shown: Vec<String> = values.iter().map(|value| value_title(model, fact, value)).collect();
    let relation = match (shown.as_slice(), holds) {
        ([one], true) => one.clone(),
        ([one], false) => format!("not {one}"),
        (many, true) => super::list(many, "or"),
        (many, false) => format!("neither {}", super::list(many, "nor")),
    };
    stated(fact, &subject(model, id), &relation)
}

fn value_title(model: &Model, fact: &Fact, value: &Value) -> String {
    let name = fact.kind.show(value);
    match (&fact.origin, value) {
        (FactOrigin::Trigger, Value::Choice(_)) => {
            let trigger = model.triggers.iter().find(|trigger| trigger.name == name);
            quoted(&trigger.map(|trigger| text(&trigger.title)).unwrap_or(name))
        }
        (FactOrigin::Answer(item), Value::Choice(_)) => quoted(&answer_title(model, *item, &name)),
        _ => escape(&name),
    }
}

fn version_relation(op: Op) -> &'static str {
    match op {
        Op::Equal => "the same as",
        Op::NotEqual => "another than",
        Op::Less => "older than",
        Op::AtMost => "older than or the same as",
        Op::Greater => "newer than",
        Op::AtLeast => "newer than or the same as",
    }
}

fn opposite(op: Op) -> Op {
    match op {
        Op::Equal => Op::NotEqual,
        Op::NotEqual => Op::Equal,
        Op::Less => Op::AtLeast,
        Op::AtMost => Op::Greater,
        Op::Greater => Op::AtMost,
        Op::AtLeast => Op::Less,
    }
}

pub fn capital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::guard;
    use crate::emit::checklist::tests::sample;
    use crate::model::{FactId, Guard, Model, Op, Value};

    fn compare(model: &Model, name: &str, op: Op, value: Value) -> Guard {
        let index = model.facts.iter().position(|fact| fact.name == name);
        let fact = FactId(index.expect("the sample has it") as u32);
        Guard::Compare { fact, op, value }
    }

    #[test]
    fn guards_read_as_sentences() {
        let model = sample();
        let small_hop = compare(&model, "hop", Op::Less, Value::Choice(4));
        let bad = compare(&model, "damage", Op::AtLeast, Value::Choice(2));
        let breaking = compare(&model, "breaking", Op::Equal, Value::YesNo(true));
        let started = compare(&model, "trigger", Op::Equal, Value::Choice(0));
        let courier = compare(&model, "courier takes part", Op::Equal, Value::YesNo(false));
        for (condition, words) in [
            (small_hop.clone(), "The size of the hop is at most minor"),
            (bad.clone(), "“How bad is the damage?” is at least severe"),
            (
                Guard::Not(Box::new(breaking.clone())),
                "There is no breaking change between the two versions",
            ),
            (started, "Started by: “Somebody asks”"),
            (courier, "Courier does not take part"),
            (
                Guard::Not(Box::new(Guard::All(vec![bad, Guard::Any(vec![small_hop, breaking])]))),
                "“How bad is the damage?” is none or cosmetic, **or** (the size of the hop is at \
                 least major, **and** there is no breaking change between the two versions)",
            ),
        ] {
            assert_eq!(guard(&model, &condition), words);
        }
    }
}
