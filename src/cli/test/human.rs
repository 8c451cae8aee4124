//! What came of the scenarios, for people.

use super::report::{Coverage, Process, Scenario};
use crate::cli::json::Range;
use crate::diagnostic::Report as Shown;
use std::fmt::Write;

/// Which process it is.
pub fn heading(process: &Process) -> String {
    let title = if process.title.is_empty() { &process.name } else { &process.title };
    match title.is_empty() {
        true => format!("{}\n", Shown::plain(&process.file)),
        // Where a line starts with an author's words, the log of a pipeline could take them for a command.
        false => format!("“{}” ({})\n", Shown::plain(title), Shown::plain(&process.file)),
    }
}

/// Each scenario, then what all of them come by and what none does.
pub fn text(process: &Process) -> String {
    let mut out = String::new();
    if !process.tried {
        return "  its scenarios cannot be tried before this is mended\n\n".to_string();
    }
    if process.scenarios.is_empty() {
        return "  it has no scenarios: nothing of it is tried\n\n".to_string();
    }
    process.scenarios.iter().for_each(|scenario| out += &told(scenario));
    let some_failed = process.scenarios.iter().any(|scenario| !scenario.ok);
    let of_which = if some_failed { ", without those that failed" } else { "" };
    let _ = writeln!(out, "\n  what the scenarios come by{of_which}");
    process.coverage.iter().for_each(|coverage| out += &counted(coverage));
    out + "\n"
}

fn told(scenario: &Scenario) -> String {
    let result = if scenario.ok { "ok    " } else { "failed" };
    let mut out = format!("  {result}  {}\n", Shown::plain(&scenario.title));
    for failure in &scenario.failures {
        let message = Shown::plain(&failure.message);
        let _ = writeln!(out, "          {}: {message}", place(&failure.at));
        let _ = writeln!(out, "          {}", Shown::plain(&failure.help));
    }
    out
}

fn counted(coverage: &Coverage) -> String {
    let Coverage { what, covered, all, percent, missed } = coverage;
    let mut out = format!("    {what:12}  {covered} of {all} ({percent} %)");
    if !missed.is_empty() {
        out += "; not these:";
    }
    out.push('\n');
    for missed in missed {
        let _ = writeln!(out, "      {}: {}", place(&missed.at), Shown::plain(&missed.title));
    }
    out
}

/// "tea.vup:12".
fn place(at: &Range) -> String {
    format!("{}:{}", Shown::plain(&at.file), at.line)
}
