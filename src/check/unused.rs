//! `unused-…`: declared, and never used.

use super::words::either;
use crate::diagnostic::{Diagnostic, Edit, Mend, Rule, Severity};
use crate::model::{
    ArtifactId, EnvironmentId, FactId, FactOrigin, Model, OutcomeId, ResourceId, RoleId, SwitchId,
    Symbol,
};
use crate::source::{FileId, Place};
use std::collections::HashSet;

const WHY: &str = "What is declared and never used is either left over, or the place that was to \
                   use it is missing. Readers look for it in vain.";

macro_rules! unused {
    ($($constant:ident = $name:literal, $summary:literal, $line:literal, $use:literal $(, $rest:literal)?;)+) => {
        $(const $constant: Rule = Rule {
            name: $name,
            severity: Severity::Warning,
            summary: $summary,
            why: WHY,
            wrong: concat!("process p \"P\" {\n  version 1.0.0\n  role owner \"Owner\"\n  ", $line,
                "\n  step \"Work\" by owner\n", $($rest,)? "}\n"),
            right: concat!("process p \"P\" {\n  version 1.0.0\n  role owner \"Owner\"\n  ", $line,
                "\n", $use, "}\n"),
        };)+
        pub const RULES: &[&Rule] = &[$(&$constant),+];
    };
}

unused! {
    ROLE = "unused-role", "a role does nothing",
        "role reader \"Reader\"", "  step \"Work\" by owner with reader\n";
    ENVIRONMENT = "unused-environment", "nothing is done in an environment",
        "environment office \"Office\"", "  step \"Work\" by owner on office\n";
    RESOURCE = "unused-resource", "no environment uses a resource",
        "resource files \"Files\"",
        "  environment office \"Office\" uses files\n  step \"Work\" by owner on office\n";
    ARTIFACT = "artifact-unused", "an artifact is neither made nor needed",
        "artifact report \"Report\"", "  step \"Work\" by owner {\n    makes report\n  }\n";
    STATE = "unused-state", "an artifact never gets to one of its states",
        "artifact report \"Report\" states draft -> final",
        "  step \"Work\" by owner {\n    makes report draft\n  }\n  step \"Finish it\" by owner {\n    \
         makes report final\n  }\n",
        "  step \"Write it\" by owner {\n    makes report draft\n  }\n";
    SWITCH = "unused-switch", "a switch is never turned",
        "switch sign \"Sign\"",
        "  step \"Work\" by owner {\n    turns on sign\n    turns off sign\n  }\n";
    FACT = "unused-fact", "nothing depends on a fact",
        "fact urgent \"Urgent?\" : yes-no",
        "  step \"Work\" by owner {\n    when urgent\n  }\n";
    OUTCOME = "unused-outcome", "the process never ends so",
        "outcome done \"It is done\"\n  outcome late \"It is too late\"",
        "  decide when-ready \"Is there time left?\" by owner {\n    answer yes \"Yes\" -> end done\n    \
         answer no \"No\" -> end late\n  }\n",
        "  end done\n";
    PROCEDURE = "unused-procedure", "a procedure is never run",
        "procedure sign() {\n    step \"Sign\" by owner\n  }", "  run sign()\n";
}

pub fn check(model: &Model) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    // A step that learns a fact names it all the same.
    let learned: HashSet<Place> =
        model.facts.iter().filter(|fact| fact.later).map(|fact| fact.place).collect();
    let mut report = |rule, place: Place, used: bool, message: String, help: &str| {
        // What a library declares may be there for others.
        if !used && place.file == FileId(0) {
            let mut finding = Diagnostic::new(rule, place, message).help(help);
            finding.edit =
                (!learned.contains(&place)).then(|| Edit::suggested(place, Mend::NoLine));
            findings.push(finding);
        }
    };
    let used = |symbol| model.used.contains(&symbol);
    let declared = |word: &str, name: &str| format!("the {word} `{name}` is never used");
    let used_roles = used_roles(model);
    for (index, role) in model.roles.iter().enumerate() {
        let message = format!("the role `{}` does nothing", role.name);
        let help = "name it after `by` or `with`, or delete the line";
        // Of a group in which nobody does anything, the group alone is told.
        let in_unused = role.parent.is_some_and(|parent| !used_roles[parent.0 as usize]);
        let is_used = in_unused || used_roles[index];
        report(&ROLE, role.place, is_used, message, help);
    }
    for (index, environment) in model.environments.iter().enumerate() {
        let is_used = used(Symbol::Environment(EnvironmentId(index as u32)));
        let help = "name it after `on`, or delete the line";
        report(
            &ENVIRONMENT,
            environment.place,
            is_used,
            declared("environment", &environment.name),
            help,
        );
    }
    for (index, resource) in model.resources.iter().enumerate() {
        let is_used = used(Symbol::Resource(ResourceId(index as u32)));
        let help = "name it after `uses` of an environment, or delete the line";
        report(&RESOURCE, resource.place, is_used, declared("resource", &resource.name), help);
    }
    for (index, artifact) in model.artifacts.iter().enumerate() {
        let is_used = used(Symbol::Artifact(ArtifactId(index as u32)));
        let message = format!("the artifact `{}` is neither made nor needed", artifact.name);
        let help = "say which step `makes` it and which `needs` it, or delete the line";
        report(&ARTIFACT, artifact.place, is_used, message, help);
    }
    for (index, switch) in model.switches.iter().enumerate() {
        let is_used = used(Symbol::Switch(SwitchId(index as u32)));
        let message = format!("the switch `{}` is never turned", switch.name);
        let help = "say which step `turns on` and which `turns off` it, or delete the line";
        report(&SWITCH, switch.place, is_used, message, help);
    }
    for (index, fact) in model.facts.iter().enumerate() {
        let is_ours = matches!(fact.origin, FactOrigin::Declared | FactOrigin::Derived(_));
        let is_used = !is_ours || used(Symbol::Fact(FactId(index as u32)));
        let message = format!("nothing depends on the fact `{}`", fact.name);
        let help = "use it in a condition, or delete the line";
        report(&FACT, fact.place, is_used, message, help);
    }
    for (index, outcome) in model.outcomes.iter().enumerate() {
        let is_used = used(Symbol::Outcome(OutcomeId(index as u32)));
        let message = format!("the process never ends in `{}`", outcome.name);
        let help = "say where with `end`, or delete the line";
        report(&OUTCOME, outcome.place, is_used, message, help);
    }
    for procedure in &model.procedures {
        let message = format!("the procedure `{}` is never run", procedure.name);
        report(&PROCEDURE, procedure.place, procedure.used, message, "`run` it, or delete it");
    }
    findings.extend(states_never_made(model));
    findings
}

/// The artifacts that something is done with, and that never get to their last states. What is missing
/// before a state that is named, whoever names that misses.
fn states_never_made(model: &Model) -> impl Iterator<Item = Diagnostic> {
    let ours = model.artifacts.iter().enumerate().filter(|(_, it)| it.place.file == FileId(0));
    ours.filter(|(_, artifact)| !artifact.given).filter_map(|(index, artifact)| {
        let id = ArtifactId(index as u32);
        let is_named = |state: &usize| model.used.contains(&Symbol::State(id, *state));
        let last = (0..artifact.states.len()).rev().find(is_named)?;
        let missing = artifact.states.get(last + 1..).filter(|states| !states.is_empty())?;
        let message = format!("`{}` never becomes {}", artifact.name, any_of(missing));
        let finding = Diagnostic::new(&STATE, artifact.place, message);
        Some(finding.help("say which step `makes` it so, or leave the state out"))
    })
}

/// The names of states, the first few of many.
fn any_of(names: &[String]) -> String {
    match names {
        [first, second, _, _, ..] => {
            format!("`{first}`, `{second}` or any of the {} after them", names.len() - 2)
        }
        _ => either(names),
    }
}

/// Which roles are used: by what names them, or by the roles that are part of them.
fn used_roles(model: &Model) -> Vec<bool> {
    let named = |index| model.used.contains(&Symbol::Role(RoleId(index as u32)));
    let mut used: Vec<bool> = (0..model.roles.len()).map(named).collect();
    // What is part of a role is declared after it.
    for (index, role) in model.roles.iter().enumerate().rev() {
        if let Some(parent) = role.parent.filter(|_| used[index]) {
            used[parent.0 as usize] = true;
        }
    }
    used
}
