//! Findings as GitLab's code quality report, which it shows beside a merge request.

use crate::cli::json::{Finding, pretty};
use crate::diagnostic::Severity;
use serde::Serialize;

#[derive(Serialize)]
struct Issue<'f> {
    description: String,
    check_name: &'f str,
    fingerprint: &'f str,
    severity: &'static str,
    location: Location<'f>,
}

#[derive(Serialize)]
struct Location<'f> {
    path: &'f str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

pub fn print(findings: &[Finding]) -> String {
    pretty(&findings.iter().map(issue).collect::<Vec<_>>())
}

fn issue(finding: &Finding) -> Issue<'_> {
    let help = finding.help.iter().map(|help| format!(" ({help})"));
    Issue {
        description: finding.message.clone() + &help.collect::<String>(),
        check_name: finding.rule,
        fingerprint: &finding.fingerprint,
        severity: match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: Location {
            path: &finding.at.file,
            lines: Lines { begin: finding.at.line, end: finding.at.end_line },
        },
    }
}
