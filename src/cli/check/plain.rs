//! Findings in plain lines, for screen readers and logs: no picture, no colour, nothing that says anything
//! by where it stands.

use crate::cli::json::{Finding, Label};
use crate::diagnostic::Report;
use std::fmt::Write;

pub fn print(findings: &[Finding]) -> String {
    findings.iter().map(finding).collect()
}

fn finding(finding: &Finding) -> String {
    let mut told = String::new();
    let at = &finding.at;
    let (severity, rule) = (finding.severity, finding.rule);
    let (file, message) = (Report::plain(&at.file), Report::plain(&finding.message));
    let _ = writeln!(told, "{file}:{}:{}: {severity}: {message} [{rule}]", at.line, at.column);
    for label in &finding.labels {
        let _ = writeln!(told, "  {}", place(finding, label));
    }
    for line in finding.more().iter().flat_map(|line| line.split('\n')) {
        let _ = writeln!(told, "  {}", Report::plain(line));
    }
    told.push('\n');
    told
}

/// A place that a finding has to do with.
fn place(finding: &Finding, label: &Label) -> String {
    let text = Report::plain(&label.text).replace('\n', " ");
    let (at, here) = (&label.at, &finding.at);
    match (at.file == here.file, at.line == here.line) {
        (true, true) => format!("here: {text}"),
        (true, false) => format!("line {}: {text}", at.line),
        (false, _) => format!("{}:{}: {text}", Report::plain(&at.file), at.line),
    }
}
