//! Changes for people: at the terminal, and as a comment of a review.

use super::Changed;
use crate::diagnostic::Report;
use crate::diff::{Bump, Change, Diff, Parting, Relation, sentence};
use crate::emit::prose::plain;
use std::fmt::Write;

/// "1.0.0 → 2.0.0".
fn versions(diff: &Diff) -> String {
    match diff.old == diff.new {
        true => diff.new.to_string(),
        false => format!("{} → {}", diff.old, diff.new),
    }
}

/// "after A: was B, then C; is D".
pub fn runs(parting: &Parting) -> String {
    let steps = |steps: &[String]| match steps {
        [] => "the end".to_string(),
        steps => steps.join(", then "),
    };
    let after = match &parting.after {
        Some(step) => format!("after {step}"),
        None => "from the start".to_string(),
    };
    format!("{after}: was {}; is {}", steps(&parting.was), steps(&parting.is))
}

/// For a terminal.
pub fn human(changed: &[Changed]) -> String {
    let mut out = String::new();
    for Changed { file, diff, .. } in told(changed) {
        if !out.is_empty() {
            out.push('\n');
        }
        let file = if changed.len() > 1 { format!(" ({file})") } else { String::new() };
        // Where a line starts with an author's words, the log of a pipeline could take them for a command.
        let _ = writeln!(out, "“{}”, {}{file}", plain(&diff.title), versions(diff));
        let _ = writeln!(out, "{}", plain(&diff.verdict()));
        for group in groups(diff) {
            let _ = writeln!(out, "\n▸ {}", plain(&group[0].place));
            for change in group {
                let bump =
                    if change.bump == Bump::None { String::new() } else { change.bump.to_string() };
                let _ = writeln!(out, "  {bump:<5}  {}", plain(&change.text));
                for moved in &change.cases {
                    let _ = writeln!(out, "           {}", moved.told_plainly());
                    if let Some(parting) = &moved.runs {
                        let _ = writeln!(out, "             {}", plain(&runs(parting)));
                    }
                }
            }
        }
    }
    if out.is_empty() {
        out = format!("{UNCHANGED}\n");
    }
    // Names and titles are the author's: nothing in them steers a terminal.
    out.lines().map(|line| Report::plain(line) + "\n").collect()
}

/// For a comment of a review.
pub fn markdown(changed: &[Changed]) -> String {
    let mut out = String::new();
    for Changed { file, diff, .. } in told(changed) {
        if !out.is_empty() {
            out.push('\n');
        }
        let file = if changed.len() > 1 { format!(" (`{file}`)") } else { String::new() };
        let _ = writeln!(out, "## {}, {}{file}\n", diff.title, versions(diff));
        let needs_a_look = diff.is_underdeclared() || diff.relation == Relation::Unrelated;
        let mark = if needs_a_look { "**" } else { "" };
        let _ = writeln!(out, "{mark}{}{mark}", sentence(&diff.verdict()));
        for group in groups(diff) {
            let _ = writeln!(out, "\n### {}\n", group[0].place);
            for change in group {
                let bump = match change.bump {
                    Bump::None => String::new(),
                    bump => format!("**{bump}** "),
                };
                let _ = writeln!(out, "- {bump}{}", change.text);
                for moved in &change.cases {
                    let _ = writeln!(out, "  - {}", moved.told(&in_code(&moved.when)));
                    if let Some(parting) = &moved.runs {
                        let _ = writeln!(out, "    - {}", runs(parting));
                    }
                }
            }
        }
    }
    if out.is_empty() { sentence(UNCHANGED) + "\n" } else { out }
}

const UNCHANGED: &str = "nothing changed for those who follow these processes";

/// Of several processes, those that a reader has to look at; one alone is always told.
fn told(changed: &[Changed]) -> impl Iterator<Item = &Changed> {
    let is_alone = changed.len() == 1;
    changed.iter().filter(move |it| is_alone || !it.is_unchanged())
}

/// A condition as it is written; nothing where there is none.
fn in_code(condition: &str) -> String {
    if condition.is_empty() { String::new() } else { format!("`{condition}`") }
}

/// The changes by place; what is not compared has none beside what its verdict says.
pub fn groups(diff: &Diff) -> Vec<&[Change]> {
    if diff.relation != Relation::Editions {
        return Vec::new();
    }
    diff.changes.chunk_by(|one, other| one.place == other.place).collect()
}
