//! What the fonts of a PDF lack: it is printed as boxes, and who makes the PDF is to be told.

use super::world;
use crate::emit::checklist::Checklist;
use serde_json::Value;

/// Signs that no font here has, and the number of the step that they stand in, if they stand in one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lacking {
    pub number: Option<String>,
    pub signs: String,
}

/// All that the fonts lack, by where it stands, in the order of the checklist.
pub fn lacking(list: &Checklist) -> Vec<Lacking> {
    let value = serde_json::to_value(list).unwrap_or_default();
    let mut found: Vec<Lacking> = Vec::new();
    let mut open: Vec<(&Value, Option<&str>)> = vec![(&value, None)];
    while let Some((value, number)) = open.pop() {
        match value {
            Value::String(text) => note(&mut found, text, number),
            Value::Array(all) => open.extend(all.iter().rev().map(|value| (value, number))),
            Value::Object(all) => {
                let own = all.get("number").and_then(Value::as_str);
                let number = own.filter(|own| !own.is_empty()).or(number);
                open.extend(all.values().rev().map(|value| (value, number)));
            }
            _ => {}
        }
    }
    found.sort_by_cached_key(|it| it.number.as_deref().map(in_order));
    found
}

/// The parts of a number: what comes before the paths has letters, and stands before the others.
fn in_order(number: &str) -> Vec<(Option<u32>, String)> {
    number.split('.').map(|part| (part.parse().ok(), part.to_string())).collect()
}

fn note(found: &mut Vec<Lacking>, text: &str, number: Option<&str>) {
    for sign in text.chars().filter(|c| is_seen(*c) && !world::has(*c)) {
        let here = found.iter_mut().find(|known| known.number.as_deref() == number);
        match here {
            Some(known) if known.signs.contains(sign) => {}
            Some(known) => known.signs.push(sign),
            None => {
                let number = number.map(str::to_string);
                found.push(Lacking { number, signs: sign.to_string() });
            }
        }
    }
}

/// Joiners, directions and variations have no sign of their own.
fn is_seen(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}')
        && !matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::{Lacking, lacking};
    use crate::emit::checklist::tests::{hostile, sample_checklist};
    use crate::emit::checklist::{Checklist, Entry, Step};

    fn steps(list: &mut Checklist) -> impl Iterator<Item = &mut Step> {
        let entries = list.blocks.iter_mut().flat_map(|block| &mut block.entries);
        entries.filter_map(|entry| match entry {
            Entry::Step(step) => Some(step.as_mut()),
            _ => None,
        })
    }

    #[test]
    fn signs_that_would_be_boxes_are_named_with_their_places() {
        assert_eq!(lacking(&sample_checklist()), []);
        let mut list = sample_checklist();
        list.client = Some("漢字漢 & sons, Łódź, שלום ☐ →".into());
        let lacks = |number: Option<&str>, signs: &str| Lacking {
            number: number.map(str::to_string),
            signs: signs.to_string(),
        };
        for (number, step) in ["10", "A.1", "9"].into_iter().zip(steps(&mut list)) {
            step.number = number.into();
            step.title = format!("🦄 {number}");
        }
        let wanted = [
            lacks(None, "漢字"),
            lacks(Some("A.1"), "🦄"),
            lacks(Some("9"), "🦄"),
            lacks(Some("10"), "🦄"),
        ];
        assert_eq!(lacking(&list), wanted);
        // It comes to an end whatever is written.
        lacking(&hostile());
    }
}
