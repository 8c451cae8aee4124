//! The case that a finding tells, as a condition.

use crate::support;
use vup::Compiled;
use vup::model::{FactId, FactOrigin, Guard, Model};

/// What stands behind "when" at the end of a message; none where no condition can ask that.
pub fn case(compiled: &Compiled, message: &str) -> Option<Guard> {
    let (_, case) = message.rsplit_once(" when ")?;
    let case = case.split(": `").next()?;
    let text = &compiled.sources.iter().next()?.text;
    let (before, after) = text.trim_end().rsplit_once('}')?;
    let text = format!("{before}  fact is-told \"\" = {case}\n}}{after}");
    let other = support::compile_text(&text).model;
    let told = other.facts.iter().find(|fact| fact.name == "is-told")?;
    let FactOrigin::Derived(guard) = &told.origin else { return None };
    renamed(guard, &other, &compiled.model)
}

/// The same condition over the facts of another model that have the same names.
fn renamed(guard: &Guard, from: &Model, to: &Model) -> Option<Guard> {
    let named = |id: FactId| {
        let at = to.facts.iter().position(|fact| fact.name == from.fact(id).name)?;
        Some(FactId(at as u32))
    };
    let all = |parts: &[Guard]| -> Option<Vec<Guard>> {
        parts.iter().map(|part| renamed(part, from, to)).collect()
    };
    Some(match guard {
        Guard::Constant(holds) => Guard::Constant(*holds),
        Guard::Compare { fact, op, value } => {
            Guard::Compare { fact: named(*fact)?, op: *op, value: value.clone() }
        }
        Guard::In { fact, values } => Guard::In { fact: named(*fact)?, values: values.clone() },
        Guard::Versions { left, op, right } => {
            Guard::Versions { left: named(*left)?, op: *op, right: named(*right)? }
        }
        Guard::Not(inner) => Guard::Not(Box::new(renamed(inner, from, to)?)),
        Guard::All(parts) => Guard::All(all(parts)?),
        Guard::Any(parts) => Guard::Any(all(parts)?),
    })
}
