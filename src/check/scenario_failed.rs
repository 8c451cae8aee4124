//! `scenario-failed`, `unused-answer`: a scenario does not go as its author expects.

use crate::diagnostic::{Diagnostic, Edit, Mend, Rule, Severity};
use crate::flow::Flow;
use crate::model::Model;
use crate::plan::trial::{Failure, trials};

pub const RULE: Rule = Rule {
    name: "scenario-failed",
    severity: Severity::Error,
    summary: "a scenario does not go as expected",
    why: "A scenario is a case that the author of the process has thought through. Where it goes \
          another way, either the process or the expectation is wrong.",
    wrong: include_str!("examples/scenario-failed.wrong.vup"),
    right: include_str!("examples/scenario-failed.right.vup"),
};

pub const UNUSED_ANSWER: Rule = Rule {
    name: "unused-answer",
    severity: Severity::Warning,
    summary: "a scenario has an answer that nobody asks for",
    why: "The author of the scenario expects that the decision is taken in this case, or once more. \
          What the scenario seems to try is not tried.",
    wrong: include_str!("examples/unused-answer.wrong.vup"),
    right: include_str!("examples/unused-answer.right.vup"),
};

pub fn check(model: &Model, flow: &Flow) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for trial in trials(model, flow) {
        findings.extend(trial.failures.into_iter().map(|failure| tell(&RULE, failure)));
        for (left, asked) in trial.left_over {
            let edit = (asked == 0).then(|| Edit::suggested(left.place, Mend::NoLine));
            findings.push(Diagnostic { edit, ..tell(&UNUSED_ANSWER, left) });
        }
    }
    findings
}

fn tell(rule: &'static Rule, failure: Failure) -> Diagnostic {
    let mut finding = Diagnostic::new(rule, failure.place, failure.message);
    finding.labels.extend(failure.labels);
    finding.help(failure.help)
}
