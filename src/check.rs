//! What is proved about a process. One rule, one file; checks do not know each other.
//!
//! In: a model and, where its names and lines are right, its flow graph. Out: findings.

mod dead_end;
mod loop_without_exit;
mod no_role;
mod parallel_jumps;
mod unreachable;
mod unused;

use crate::diagnostic::{Diagnostic, Rule};
use crate::flow::Flow;
use crate::model::Model;

/// The rules of this stage.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules = vec![
        &dead_end::RULE,
        &loop_without_exit::RULE,
        &no_role::RULE,
        &parallel_jumps::INTO,
        &parallel_jumps::OUT_OF,
        &unreachable::RULE,
    ];
    rules.extend(unused::RULES);
    rules
}

/// Runs all checks; those of the flow only where there is one.
pub fn check(model: &Model, flow: Option<&Flow>) -> Vec<Diagnostic> {
    let mut findings = no_role::check(model);
    if let Some(flow) = flow {
        findings.extend(unused::check(model));
        findings.extend(parallel_jumps::check(model));
        findings.extend(unreachable::check(model, flow));
        findings.extend(dead_end::check(model, flow));
        findings.extend(loop_without_exit::check(model, flow));
    }
    findings
}
