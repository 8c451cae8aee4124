//! `scenario-failed`: a scenario does not go as its author expects.

use crate::diagnostic::{Diagnostic, Rule, Severity};
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

pub fn check(model: &Model, flow: &Flow) -> Vec<Diagnostic> {
    trials(model, flow).into_iter().flat_map(|trial| trial.failures).map(tell).collect()
}

fn tell(failure: Failure) -> Diagnostic {
    let mut finding = Diagnostic::new(&RULE, failure.place, failure.message);
    finding.labels.extend(failure.labels);
    finding.help(failure.help)
}
