//! Changes for people: at the terminal, and as a comment of a review.

use super::Changed;
use crate::diagnostic::Report;
use crate::diff::{Bump, Change, Diff, Parting, sentence};
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
    for (at, Changed { diff, .. }) in changed.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "{}, {}", plain(&diff.title), versions(diff));
        let _ = writeln!(out, "{}", diff.verdict());
        for group in groups(diff) {
            let _ = writeln!(out, "\n{}", plain(&group[0].place));
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
    // Names and titles are the author's: nothing in them steers a terminal.
    out.lines().map(|line| Report::plain(line) + "\n").collect()
}

/// For a comment of a review.
pub fn markdown(changed: &[Changed]) -> String {
    let mut out = String::new();
    for (at, Changed { diff, .. }) in changed.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "## {}, {}\n", diff.title, versions(diff));
        let mark = if diff.is_underdeclared() { "**" } else { "" };
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
    out
}

/// A condition as it is written; nothing where there is none.
fn in_code(condition: &str) -> String {
    if condition.is_empty() { String::new() } else { format!("`{condition}`") }
}

/// The changes by place.
pub fn groups(diff: &Diff) -> Vec<&[Change]> {
    diff.changes.chunk_by(|one, other| one.place == other.place).collect()
}
