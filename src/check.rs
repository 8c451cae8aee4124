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
mod idle_decision;
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
        &idle_decision::RULE,
        &impossible_assumption::RULE,
        &loop_without_bound::RULE,
        &loop_without_exit::RULE,
        &never_runs::RULE,
        &no_role::RULE,
        &parallel_conflict::RULE,
        &parallel_jumps::INTO,
        &parallel_jumps::OUT_OF,
        &scenario_failed::RULE,
        &scenario_failed::UNUSED_ANSWER,
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

/// The rules behind which nothing further is proved.
pub const SOUNDNESS: [&Rule; 3] =
    [&impossible_assumption::RULE, &parallel_conflict::RULE, &undecided::RULE];

/// Runs all checks; those of the flow only where there is one.
pub fn check(model: &Model, flow: Option<&Flow>) -> Vec<Diagnostic> {
    let mut findings = errors_and_warnings(model, flow);
    if let Some(flow) = flow {
        // What is wrong with a line comes before its style.
        let told: HashSet<Place> = findings.iter().map(Diagnostic::place).collect();
        let notes = loop_without_bound::check(model, flow);
        let notes: Vec<Diagnostic> =
            notes.into_iter().filter(|note| !told.contains(&note.place())).collect();
        // An idle decision may be why something else is wrong.
        let labels = findings.iter().flat_map(|finding| &finding.labels).map(|label| label.place);
        let concerned: HashSet<Place> = told.into_iter().chain(labels).collect();
        let mut idle = idle_decision::check(model, flow);
        // Where nobody is declared yet, each decision is concerned: it is by nobody.
        idle.retain(|one| !model.roles.is_empty() && !concerned.contains(&one.place()));
        findings.extend(notes.into_iter().chain(idle));
    }
    findings
}

fn errors_and_warnings(model: &Model, flow: Option<&Flow>) -> Vec<Diagnostic> {
    let Some(flow) = flow else { return of_lines(model) };
    let conflicts = parallel_conflict::check(model);
    // What is known behind branches that disturb each other depends on their order.
    let is_exact = conflicts.is_empty();
    let mut findings = [of_lines(model), of_flow(model, flow), conflicts].concat();
    if is_exact {
        findings.extend(with_cases(model, flow));
    }
    // An outcome that nothing ends in is most likely the one that a missing way was to lead to.
    if findings.iter().any(|one| A_WAY_IS_MISSING.contains(&one.rule.name)) {
        findings.retain(|one| one.rule.name != "unused-outcome");
    }
    findings
}

/// The rules that say that some way to an end is missing.
const A_WAY_IS_MISSING: [&str; 5] =
    ["dead-end", "loop-without-exit", "missing-branch", "stuck", "uncovered-case"];

/// What can be said of each line by itself.
fn of_lines(model: &Model) -> Vec<Diagnostic> {
    let mut findings = no_role::check(model);
    findings.extend(external_sees_internal::check(model));
    findings.extend(times::check(model));
    findings
}

/// What can be said of the flow whatever the facts are, and of scenarios.
fn of_flow(model: &Model, flow: &Flow) -> Vec<Diagnostic> {
    let mut findings = unused::check(model);
    findings.extend(dead_end::check(model, flow));
    findings.extend(parallel_jumps::check(model));
    findings.extend(unreachable::check(model, flow));
    findings.extend(loop_without_exit::check(model, flow));
    findings.extend(artifacts::check_environments(model, flow));
    findings.extend(times::check_order(model, flow));
    findings.extend(scenario_failed::check(model, flow));
    findings
}

/// What depends on the cases that get to each place. A question that is too large is said to be
/// undecided, and the others are answered.
fn with_cases(model: &Model, flow: &Flow) -> Vec<Diagnostic> {
    let tell = |node, what: &str| {
        undecided::tell(flow.node(node).place, what).here("here the cases have become too many")
    };
    let mut reach = match Reach::new(model, flow) {
        Ok(reach) => reach,
        Err(node) => return vec![tell(node, "what depends on facts")],
    };
    let mut findings = match impossible_assumption::check(model, &mut reach) {
        Ok(findings) => findings,
        Err(OutOfFuel) => vec![tell(flow.start, "what is assumed")],
    };
    if !findings.is_empty() {
        return findings;
    }
    let reach = &mut reach;
    for (what, check) in ABOUT_CASES {
        reach.refuel();
        let found = check(model, flow, reach);
        findings.extend(found.unwrap_or_else(|OutOfFuel| vec![tell(reach.looking(), what)]));
    }
    findings
}

/// A rule that asks for cases, or several that are answered together.
type AboutCases = fn(&Model, &Flow, &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel>;

/// Those rules, and what each says something about.
const ABOUT_CASES: [(&str, AboutCases); 11] = [
    ("what runs in some case", never_runs::check),
    ("conditions that are always so", conditions::check),
    ("branches and paths", branches::check),
    ("ways out of loops", stuck::check),
    ("facts and when they are learned", fact_before_learned::check),
    ("artifacts", artifacts::check),
    ("who decides", undecidable::check),
    ("assumptions", unused_assumption::check),
    ("points of no return", after_no_way_back::check),
    ("the rules of the process", authors_rules::check),
    ("switches", switches::check),
];
