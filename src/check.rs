//! What is proved about a process. One rule, one file; checks do not know each other.
//!
//! In: a model and, where its names and lines are right, its flow graph. Out: findings.

mod after_no_way_back;
mod artifacts;
mod authors_rules;
mod because;
mod branches;
mod conditions;
mod dead_end;
mod external_sees_internal;
mod fact_before_learned;
mod impossible_assumption;
mod loop_without_bound;
mod loop_without_exit;
mod never_runs;
mod no_role;
mod parallel_conflict;
mod parallel_jumps;
mod run;
mod scenario_failed;
mod stuck;
mod switches;
mod times;
mod undecidable;
mod undecided;
mod unreachable;
mod unused;
mod unused_assumption;
mod words;

use crate::cases::OutOfFuel;
use crate::diagnostic::{Diagnostic, Rule};
use crate::flow::Flow;
use crate::model::Model;
use crate::reach::Reach;
use crate::source::Place;
use std::collections::HashSet;

/// The rules of this stage.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules = vec![
        &after_no_way_back::RULE,
        &artifacts::BEFORE_MADE,
        &artifacts::NEVER_MADE,
        &artifacts::NO_ENVIRONMENT,
        &artifacts::STATE_ORDER,
        &authors_rules::BROKEN,
        &authors_rules::VACUOUS,
        &conditions::ALWAYS_SKIPPED,
        &conditions::CONSTANT,
        &conditions::SKIP_NEVER,
        &dead_end::RULE,
        &external_sees_internal::RULE,
        &fact_before_learned::RULE,
        &impossible_assumption::RULE,
        &loop_without_bound::RULE,
        &loop_without_exit::RULE,
        &never_runs::RULE,
        &no_role::RULE,
        &parallel_conflict::RULE,
        &parallel_jumps::INTO,
        &parallel_jumps::OUT_OF,
        &scenario_failed::RULE,
        &stuck::RULE,
        &switches::LEFT_ON,
        &switches::TURNED_TWICE,
        &times::IMPOSSIBLE,
        &times::LOOSE,
        &undecidable::RULE,
        &undecided::RULE,
        &unreachable::RULE,
        &unused_assumption::RULE,
    ];
    rules.extend(branches::RULES);
    rules.extend(unused::RULES);
    rules
}

/// Runs all checks; those of the flow only where there is one.
pub fn check(model: &Model, flow: Option<&Flow>) -> Vec<Diagnostic> {
    let mut findings = errors_and_warnings(model, flow);
    if let Some(flow) = flow {
        // What is wrong with a line comes before its style.
        let told: HashSet<Place> = findings.iter().map(Diagnostic::place).collect();
        let notes = loop_without_bound::check(model, flow);
        findings.extend(notes.into_iter().filter(|note| !told.contains(&note.place())));
    }
    findings
}

fn errors_and_warnings(model: &Model, flow: Option<&Flow>) -> Vec<Diagnostic> {
    let mut findings = no_role::check(model);
    findings.extend(external_sees_internal::check(model));
    findings.extend(times::check(model));
    if let Some(flow) = flow {
        let dead_ends = dead_end::check(model, flow);
        let mut unused = unused::check(model);
        // An outcome that is never reached is most likely the one that a dead end waits for.
        unused.retain(|one| dead_ends.is_empty() || one.rule.name != "unused-outcome");
        findings.extend(unused);
        findings.extend(dead_ends);
        findings.extend(parallel_jumps::check(model));
        findings.extend(unreachable::check(model, flow));
        findings.extend(loop_without_exit::check(model, flow));
        findings.extend(artifacts::check_environments(model, flow));
        findings.extend(scenario_failed::check(model, flow));
        let conflicts = parallel_conflict::check(model);
        let parallel = conflicts.is_empty();
        findings.extend(conflicts);
        if !parallel {
            // What is known behind branches that disturb each other depends on their order.
            return findings;
        }
        findings.extend(with_cases(model, flow));
    }
    findings
}

/// What depends on the cases that get to each place. A question that is too large is said to be
/// undecided, and the others are answered.
fn with_cases(model: &Model, flow: &Flow) -> Vec<Diagnostic> {
    let Ok(mut reach) = Reach::new(model, flow) else {
        return vec![undecided::tell(model, "cases")];
    };
    let mut findings = impossible_assumption::check(model, &reach);
    if !findings.is_empty() {
        return findings;
    }
    let mut add = |what: &str, answer: Result<Vec<Diagnostic>, OutOfFuel>| {
        findings.extend(answer.unwrap_or_else(|OutOfFuel| vec![undecided::tell(model, what)]));
    };
    add("what runs in some case", never_runs::check(model, flow, &mut reach));
    add("conditions that are always so", conditions::check(model, flow, &mut reach));
    add("branches and paths", branches::check(model, flow, &mut reach));
    add("ways out of loops", stuck::check(model, flow, &mut reach));
    add("facts and when they are learned", fact_before_learned::check(model, flow, &mut reach));
    add("artifacts", artifacts::check(model, flow, &mut reach));
    add("who decides", undecidable::check(model, flow, &mut reach));
    add("assumptions", unused_assumption::check(model, flow, &mut reach));
    add("points of no return", after_no_way_back::check(model, flow, &mut reach));
    add("the rules of the process", authors_rules::check(model, flow, &mut reach));
    add("switches", switches::check(model, flow, &mut reach));
    findings
}
