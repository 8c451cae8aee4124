//! What is new for the client, in Markdown: nothing in it that the client may not see.

use crate::diff::{Bump, Change, Diff, Kind, Relation, sentence};
use crate::emit::prose::escape;
use std::fmt::Write;

/// The notes of one process.
pub fn notes(diff: &Diff) -> String {
    let mut out = format!("# What is new: {}\n\n", diff.title);
    let _ = match diff.old == diff.new {
        true => writeln!(out, "Version {}.", diff.new),
        false => writeln!(out, "Version {}, compared with version {}.", diff.new, diff.old),
    };
    match diff.relation {
        Relation::New => return out + "\nThis process is new.\n",
        Relation::Gone => return out + "\nThis process is no longer there.\n",
        Relation::Unrelated => {
            return out + "\nThis is another process than before: all of it is new.\n";
        }
        Relation::Editions => {}
    }
    let seen: Vec<&Change> = diff.changes.iter().filter(|change| is_news(change)).collect();
    let (yours, others): (Vec<&Change>, Vec<&Change>) =
        seen.into_iter().partition(|change| !change.external.is_empty());
    let (ways, others): (Vec<&Change>, Vec<&Change>) =
        others.into_iter().partition(|change| change.kind == Kind::Rerouted);
    section(&mut out, "What concerns you and your colleagues", &yours);
    section(&mut out, "What goes another way", &ways);
    section(&mut out, "What else has changed", &others);
    if yours.is_empty() && ways.is_empty() && others.is_empty() {
        out.push_str("\nNothing changes for you.\n");
    }
    out
}

/// Whether the client may see it, and cares: not what is only said in other words.
fn is_news(change: &Change) -> bool {
    let is_seen = !change.internal
        && change.kind != Kind::Reworded
        && (change.bump > Bump::Patch || change.kind == Kind::Renamed);
    is_seen || change.client.is_some()
}

fn section(out: &mut String, title: &str, changes: &[&Change]) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n## {title}");
    for group in changes.chunk_by(|one, other| one.place == other.place) {
        let _ = writeln!(out, "\n**{}**\n", group[0].place);
        for change in group {
            let whom = match change.external.as_slice() {
                [] => String::new(),
                roles => {
                    let titles: Vec<String> = roles.iter().map(|title| escape(title)).collect();
                    format!(" *({})*", titles.join(", "))
                }
            };
            let text = change.client.as_ref().unwrap_or(&change.text);
            let _ = writeln!(out, "- {}{whom}", sentence(text));
            for moved in &change.cases {
                let _ = writeln!(out, "  - {}", moved.told_in_words());
            }
        }
    }
}
