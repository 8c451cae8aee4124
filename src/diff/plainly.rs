//! Cases for those who never see a condition: in plain words, and with the titles of facts.

use super::joined::Joined;
use super::names::Side;
use crate::emit::words::{clause, subject};
use crate::model::{FactId, Guard, Model, Value};
use crate::reach::{Part, Unknown, Values};

/// A case as a clause; empty where it is so in every case.
pub fn words(joined: &Joined, sides: [&Side<'_>; 2], parts: &[Part]) -> String {
    let is_alone = parts.len() == 1;
    let said: Vec<String> = parts.iter().map(|part| said(joined, sides, part, is_alone)).collect();
    said.join(", **and** ")
}

/// In the words of the first edition that can say it; what neither says alone is said with the values of
/// both.
fn said(joined: &Joined, sides: [&Side<'_>; 2], part: &Part, is_alone: bool) -> String {
    let by = sides.into_iter().find_map(|side| {
        let own = side.facts.iter().position(|fact| *fact == part.fact)?;
        let own = FactId(u32::try_from(own).ok()?);
        let values = match &part.values {
            Values::Those(guard) => Values::Those(in_edition(joined, side, own, guard)?),
            values => values.clone(),
        };
        let own = Part { fact: own, values, unknown: part.unknown };
        Some(in_words(side.model, &own, is_alone))
    });
    by.unwrap_or_else(|| in_words(&joined.model, part, is_alone))
}

fn in_words(model: &Model, part: &Part, is_alone: bool) -> String {
    let fact = subject(model, part.fact);
    // `and` and `or` are not mixed.
    let either = |words: String| if is_alone { words } else { format!("({words})") };
    match (&part.values, part.unknown) {
        (Values::None, _) => format!("{fact} is not known yet"),
        (Values::Any, Unknown::Here) => format!("{fact} is known or not"),
        (Values::Any, _) => format!("{fact} is known"),
        (Values::Those(guard), Unknown::Here) => {
            either(format!("{fact} is not known yet, **or** {}", clause(model, guard)))
        }
        (Values::Those(guard @ Guard::Any(_)), _) => either(clause(model, guard)),
        (Values::Those(guard), _) => clause(model, guard),
    }
}

/// A condition on one fact, over the fact of an edition; none where that has no such values.
fn in_edition(joined: &Joined, side: &Side<'_>, fact: FactId, guard: &Guard) -> Option<Guard> {
    let value = |value: &Value| joined.value_of(side, fact, value);
    let inner = |parts: &[Guard]| -> Option<Vec<Guard>> {
        parts.iter().map(|part| in_edition(joined, side, fact, part)).collect()
    };
    Some(match guard {
        Guard::Compare { op, value: wanted, .. } => {
            Guard::Compare { fact, op: *op, value: value(wanted)? }
        }
        Guard::In { values, .. } => {
            Guard::In { fact, values: values.iter().map(value).collect::<Option<_>>()? }
        }
        Guard::All(parts) => Guard::All(inner(parts)?),
        Guard::Any(parts) => Guard::Any(inner(parts)?),
        Guard::Constant(_) | Guard::Versions { .. } | Guard::Not(_) => return None,
    })
}
