//! Findings as JUnit XML: a suite for each file, a case for each finding. What `--fail-on` lets pass is a
//! case that passes, with what was found as its output; what is suppressed is a case that is skipped.

use crate::cli::json::{Finding, Suppressed};
use crate::cli::{Exit, Stop};
use crate::diagnostic::{Report, Severity};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use std::collections::BTreeMap;

pub fn print(
    files: &[String],
    findings: &[Finding],
    suppressed: &[Suppressed],
    least: Severity,
) -> Result<String, Stop> {
    let mut cases: BTreeMap<&str, Vec<TestCase>> = BTreeMap::new();
    for file in files {
        cases.entry(file).or_default();
    }
    for finding in findings {
        cases.entry(&finding.at.file).or_default().push(case(finding, least));
    }
    for Suppressed { finding, reason, .. } in suppressed {
        let mut status = TestCaseStatus::skipped();
        status.set_message(match reason {
            Some(reason) => format!("allowed: {}", Report::plain(reason)),
            None => "it is in the baseline".to_string(),
        });
        cases.entry(&finding.at.file).or_default().push(named(finding, status));
    }
    let suites = cases.into_iter().map(|(file, cases)| {
        let mut suite = TestSuite::new(Report::plain(file));
        if cases.is_empty() {
            suite.add_test_case(TestCase::new("nothing found", TestCaseStatus::success()));
        }
        suite.add_test_cases(cases);
        suite
    });
    let mut report = quick_junit::Report::new("vup check");
    report.add_test_suites(suites);
    report.to_string().map_err(|error| {
        Stop::new(Exit::Files, format!("the report cannot be written as XML: {error}"))
    })
}

fn case(finding: &Finding, least: Severity) -> TestCase {
    let at = &finding.at;
    let place = format!("{}:{}:{}", at.file, at.line, at.column);
    let lines = std::iter::once(format!("{place}: {}", finding.message)).chain(finding.more());
    let told = Report::plain(&lines.collect::<Vec<_>>().join("\n"));
    if finding.severity < least {
        let mut case = named(finding, TestCaseStatus::success());
        case.set_system_out(told);
        return case;
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(Report::plain(&finding.message)).set_type(finding.rule);
    status.set_description(told);
    named(finding, status)
}

/// A case is known by its name, from one run to the next.
fn named(finding: &Finding, status: TestCaseStatus) -> TestCase {
    let item = if finding.item.is_empty() { &finding.at.file } else { &finding.item };
    let name = format!("{} in {item}: {}", finding.rule, finding.message);
    let mut case = TestCase::new(Report::plain(&name), status);
    case.set_classname(Report::plain(&finding.at.file));
    case.extra.insert("file".into(), finding.at.file.as_str().into());
    case.extra.insert("line".into(), finding.at.line.to_string().into());
    case
}
