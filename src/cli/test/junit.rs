//! What came of the scenarios as JUnit XML, which build servers show.
//!
//! A suite for each process, a case for each scenario, and one more where the process has errors.

use super::report::{Process, Report, Scenario};
use crate::cli::json::Range;
use crate::cli::{Exit, Stop};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

pub fn xml(report: &Report) -> Result<String, Stop> {
    let mut written = quick_junit::Report::new("vup test");
    written.add_test_suites(report.processes.iter().map(suite));
    written.to_string().map_err(|error| {
        Stop::new(Exit::Files, format!("the report cannot be written as XML: {error}"))
    })
}

fn suite(process: &Process) -> TestSuite {
    let name = if process.name.is_empty() { &process.file } else { &process.name };
    let mut suite = TestSuite::new(name.as_str());
    suite.extra.insert("file".into(), process.file.as_str().into());
    if !process.errors.is_empty() {
        suite.add_test_case(with_errors(process, name));
    }
    suite.add_test_cases(process.scenarios.iter().map(|scenario| case(scenario, name)));
    suite
}

/// That the process has errors, and which.
fn with_errors(process: &Process, name: &str) -> TestCase {
    let lines: Vec<String> = process
        .errors
        .iter()
        .map(|error| format!("{}: {}", place(&error.at), error.message))
        .collect();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(lines.first().map(String::as_str).unwrap_or_default());
    status.set_type("vup check").set_description(lines.join("\n"));
    let mut case = TestCase::new("the process has no errors", status);
    case.set_classname(name);
    case.extra.insert("file".into(), process.file.as_str().into());
    case
}

fn case(scenario: &Scenario, name: &str) -> TestCase {
    let mut status = TestCaseStatus::success();
    if let Some(first) = scenario.failures.first() {
        status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        let lines = scenario.failures.iter().map(|failure| {
            format!("{}: {}\n{}", place(&failure.at), failure.message, failure.help)
        });
        status.set_message(first.message.as_str()).set_type("scenario-failed");
        status.set_description(lines.collect::<Vec<_>>().join("\n"));
    }
    let mut case = TestCase::new(scenario.title.as_str(), status);
    case.set_classname(name);
    case.extra.insert("file".into(), scenario.at.file.as_str().into());
    case.extra.insert("line".into(), scenario.at.line.to_string().into());
    case
}

fn place(at: &Range) -> String {
    format!("{}:{}", at.file, at.line)
}
