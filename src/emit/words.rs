//! What the model says, in the words of those who follow a process.
//!
//! In: parts of a model. Out: texts, that is inline Markdown as in [`crate::emit::prose`], unless a
//! function says that its words are plain.

mod guard;
mod target;

pub use guard::{
    answer_title, capital, clause, fact_title, guard, is_plain_otherwise, no_other, subject,
};
pub use target::{item_title, path_of, pointer, target};

use crate::emit::prose::BLANK;
use crate::model::{
    ArtifactUse, Condition, ItemId, Loop, Model, Prose, Relation, RoleId, Timing, Who,
};

/// A text with a line to write on for each fact.
pub fn text(prose: &Prose) -> String {
    prose.filled(|_| BLANK.to_string())
}

/// A text, if there is one and it is not empty.
pub fn some_text(prose: Option<&Prose>) -> Option<String> {
    prose.map(text).filter(|text| !text.trim().is_empty())
}

/// A condition on one line: its text, its guard, or the text with the guard in parentheses.
pub fn condition(model: &Model, condition: &Condition) -> String {
    let words = condition.guard.as_ref().map(|part| guard(model, part));
    match (some_text(condition.text.as_ref()), words) {
        (Some(text), Some(words)) => format!("{text} ({words})"),
        (Some(only), None) | (None, Some(only)) => only,
        (None, None) => String::new(),
    }
}

/// Who, plainly: "Testers", "all of Testers and Lead", "2 of Reviewers".
pub fn who(model: &Model, who: &Who) -> String {
    match who {
        Who::One(role) => model.role(*role).title.clone(),
        Who::AllOf(some) => format!("all of {}", roles(model, some, "and")),
        Who::AnyOf(some) => format!("any of {}", roles(model, some, "or")),
        Who::Count(count, some) => format!("{count} of {}", roles(model, some, "and")),
    }
}

/// The titles of roles, plainly, with the word before the last.
pub fn roles(model: &Model, some: &[RoleId], word: &str) -> String {
    let titles: Vec<String> = some.iter().map(|role| model.role(*role).title.clone()).collect();
    list(&titles, word)
}

/// "a, b and c".
pub fn list(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// Each line of the timing of what stands in `at`: "takes 2 hours", "within 2 days of 2.1 Deploy".
pub fn timing(model: &Model, at: ItemId, timing: &Timing) -> Vec<String> {
    let takes = timing.takes.map(|duration| format!("takes {duration}"));
    let within = timing.within.iter().map(|(duration, of, _)| match of {
        Some(step) => format!("within {duration} of {}", pointer(model, at, *step)),
        None => format!("within {duration}"),
    });
    let at_least = timing.at_least.iter().map(|anchor| {
        let relation = match anchor.relation {
            Relation::Before => "before",
            Relation::After => "after",
        };
        format!("at least {} {relation} {}", anchor.duration, pointer(model, at, anchor.step))
    });
    takes.into_iter().chain(within).chain(at_least).collect()
}

/// The state that a step needs, plainly: "verified", or "at least draft" where higher ones will do.
pub fn needed_state(model: &Model, needed: &ArtifactUse) -> Option<String> {
    let states = &model.artifact(needed.artifact).states;
    let index = needed.state?;
    let state = states.get(index)?;
    Some(if index + 1 < states.len() { format!("at least {state}") } else { state.clone() })
}

/// The state that a step brings about, plainly.
pub fn made_state(model: &Model, made: &ArtifactUse) -> Option<String> {
    model.artifact(made.artifact).states.get(made.state?).cloned()
}

/// What a repetition over things asks for: "For each node of the cluster, one after the other".
pub fn each(each: &Loop, title: &Prose) -> String {
    let item = each.item.replace('-', " ");
    let title = some_text(Some(title)).filter(|title| !title.eq_ignore_ascii_case(&item));
    // Said once is enough where the title begins as the sentence does.
    let begun = title.as_ref().and_then(|title| title.strip_prefix("Each "));
    let what = match (each.in_route, begun) {
        (true, _) => format!("For each leg of the way between the two versions ({})", each.item),
        (false, Some(rest)) => format!("For each {rest}"),
        (false, None) => format!("For each {item}"),
    };
    let said = begun.is_some() && !each.in_route;
    let title = title.as_ref().filter(|_| !said);
    let title = title.map(|title| format!(": {title}")).unwrap_or_default();
    let least = if each.at_least_one { ", at least one" } else { "" };
    let pace = match each.at_a_time {
        Some(count) => format!(", at most {count} at a time"),
        None => ", one after the other".to_string(),
    };
    format!("{what}{title}{least}{pace}")
}

/// "at most 3 times", "once".
pub fn times(count: u32) -> String {
    match count {
        1 => "once".to_string(),
        count => format!("at most {count} times"),
    }
}

/// "1st", "2nd", "11th".
pub fn ordinal(number: usize) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// Whether an item's number and title can be told to a reader.
pub(crate) fn is_named(model: &Model, id: ItemId) -> bool {
    let item = model.item(id);
    !item.number.is_empty() || !item.title.is_empty()
}

/// Text as it may stand in XML; what may not stand there at all is replaced.
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::emit::checklist::tests::resolved;
    use crate::flow::{self, NodeKind, presence};
    use crate::model::ItemKind;

    const ROLES: &str = r#"process p "P" {
      version 1.0.0
      role team "Team" optional {
        role lead "Lead" optional
        role clerk "Clerk"
      }
      role courier "Courier" optional
      role desk "Desk"
    "#;

    #[test]
    fn asks_for_the_same_roles_as_the_flow_graph() {
        for (who, words) in [
            ("desk", None),
            ("courier", Some("Courier takes part")),
            ("2 of courier", Some("Courier takes part")),
            ("2 of courier, desk", None),
            ("any of courier, clerk", Some("Courier takes part, **or** Team takes part")),
            ("all of courier, clerk", Some("Courier takes part, **or** Team takes part")),
            ("lead", Some("Lead takes part, **and** Team takes part")),
            ("any of courier, desk", None),
        ] {
            let model = resolved(&format!("{ROLES}  step \"One\" by {who}\n}}\n"));
            let step = model.ids().find(|id| model.item(*id).kind == ItemKind::Step);
            let step = step.expect("there is one");
            let guard = presence(&model, model.item(step).head.acting());
            let said = guard.as_ref().map(|guard| super::guard(&model, guard));
            assert_eq!(said.as_deref(), words, "{who}");
            let flow = flow::lower(&model);
            let arrive = flow.arrive[step.0 as usize];
            let asked = (flow.node(arrive).kind == NodeKind::Ask)
                .then(|| flow.edge(flow.out(arrive)[0].0).guard.clone());
            assert_eq!(asked.flatten(), guard, "{who}");
        }
    }
}
