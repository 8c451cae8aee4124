//! The communication plan as a table.

use super::{heading, line, paragraph, write_condition};
use crate::emit::checklist::{Checklist, Message};
use crate::emit::prose::{self, escape};

pub(super) fn messages(out: &mut String, checklist: &Checklist) {
    if checklist.messages.is_empty() {
        if checklist.only_messages {
            paragraph(out, "Nobody is told anything.");
        }
        return;
    }
    heading(out, "Communication plan");
    line(out, 0, "| No. | When | Who tells | Whom | What | It depends on | Told |");
    line(out, 0, "|---|---|---|---|---|---|---|");
    for message in &checklist.messages {
        let from = message.from.as_ref().map(|who| named(&who.words, &who.people));
        let internal = if message.internal { " (internal)" } else { "" };
        let row = format!(
            "| {} | {} | {} | {} | {}{internal} | {} | {} |",
            message.number,
            when(message),
            from.unwrap_or_default(),
            named(&message.to.join(", "), &message.told),
            prose::cell(&message.what),
            depends_on(message),
            if message.not_applicable.is_some() { "–" } else { "☐" },
        );
        line(out, 0, &row);
    }
}

fn when(message: &Message) -> String {
    let times = message.planned.iter().map(|planned| escape(&planned.to_string()));
    let times = times.chain(message.timing.iter().map(|time| prose::cell(time)));
    std::iter::once(prose::cell(&message.when)).chain(times).collect::<Vec<_>>().join("; ")
}

fn named(roles: &str, people: &[String]) -> String {
    match people {
        [] => escape(roles),
        people => format!("{} ({})", escape(roles), escape(&people.join(", "))),
    }
}

fn depends_on(message: &Message) -> String {
    if let Some(why) = &message.not_applicable {
        return format!("not applicable: {}", prose::cell(why));
    }
    let held = message.conditions.iter().map(|held| write_condition(held, prose::cell));
    let held = held.map(|held| format!("only if: {held}"));
    let skips = message.skips.iter().map(|skip| {
        let reason = write_condition(&skip.condition, prose::cell);
        match &skip.by {
            Some(by) => format!("{} may skip it if: {reason}", escape(by)),
            None => format!("not if: {reason}"),
        }
    });
    let repeated = message.repeated.iter().map(|text| prose::cell(text));
    held.chain(skips).chain(repeated).collect::<Vec<_>>().join("; ")
}
