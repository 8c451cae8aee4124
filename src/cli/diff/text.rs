//! Changes for people: at the terminal, and as a comment of a review.

use super::Changed;
use crate::diagnostic::Report;
use crate::diff::{Bump, Change, Diff, Moved, Parting};
use crate::emit::prose::plain;
use std::fmt::Write;

/// "the version should be 2.0.0: major is owed, and none is declared".
pub fn verdict(diff: &Diff) -> String {
    let Diff { owed, declared, old, .. } = diff;
    match (diff.is_underdeclared(), owed) {
        (true, _) => {
            let should = owed.of(old);
            let declared = match declared {
                Bump::None => "no bump is".to_string(),
                declared => format!("{declared} is"),
            };
            format!("the version should be {should}: {owed} is owed, and {declared} declared")
        }
        (false, Bump::None) => "nothing changed for those who follow it".to_string(),
        (false, owed) if owed == declared => format!("{owed} is owed, and declared"),
        (false, owed) => format!("{owed} is owed, and {declared} declared: that is enough"),
    }
}

/// "1.0.0 → 2.0.0".
fn versions(diff: &Diff) -> String {
    match diff.old == diff.new {
        true => diff.new.to_string(),
        false => format!("{} → {}", diff.old, diff.new),
    }
}

/// One case: "hop = minor: was “Simple”, is “Standard”".
pub fn case(moved: &Moved, when: impl Fn(&str) -> String) -> String {
    let more = if moved.others { ", and others" } else { "" };
    let case = match moved.when.as_str() {
        "" => "in every case".to_string(),
        case => when(case),
    };
    match (&moved.was, &moved.is) {
        (Some(was), Some(is)) => format!("{case}{more}: was {was}, is {is}"),
        _ if moved.when.is_empty() => format!("{case}{more}"),
        _ => format!("when {case}{more}"),
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
        let _ = writeln!(out, "{}", verdict(diff));
        for group in groups(diff) {
            let _ = writeln!(out, "\n{}", plain(&group[0].place));
            for change in group {
                let bump =
                    if change.bump == Bump::None { String::new() } else { change.bump.to_string() };
                let _ = writeln!(out, "  {bump:<5}  {}", plain(&change.text));
                for moved in &change.cases {
                    let _ = writeln!(out, "           {}", plain_case(moved));
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

fn plain_case(moved: &Moved) -> String {
    let ways = [&moved.was, &moved.is].map(|way| way.as_deref().map(plain));
    let [was, is] = ways;
    case(&Moved { was, is, ..moved.clone() }, str::to_string)
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
        let _ = writeln!(out, "{mark}{}{mark}", sentence(&verdict(diff)));
        for group in groups(diff) {
            let _ = writeln!(out, "\n### {}\n", group[0].place);
            for change in group {
                let bump = match change.bump {
                    Bump::None => String::new(),
                    bump => format!("**{bump}** "),
                };
                let _ = writeln!(out, "- {bump}{}", change.text);
                for moved in &change.cases {
                    let _ = writeln!(out, "  - {}", case(moved, |when| format!("`{when}`")));
                    if let Some(parting) = &moved.runs {
                        let _ = writeln!(out, "    - {}", runs(parting));
                    }
                }
            }
        }
    }
    out
}

/// The changes by place.
pub fn groups(diff: &Diff) -> Vec<&[Change]> {
    diff.changes.chunk_by(|one, other| one.place == other.place).collect()
}

/// Starts with a capital, ends with a full stop.
pub fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", rest.as_str())
}
