//! `scenario-failed`: a scenario does not go as its author expects.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::Flow;
use crate::model::{Expected, ItemId, ItemKind, Model, Scenario, full_name};
use crate::plan::{self, Case, Halt, Run, choice_name};
use crate::source::Place;

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
    model.scenarios.iter().flat_map(|scenario| check_one(model, flow, scenario)).collect()
}

fn check_one(model: &Model, flow: &Flow, scenario: &Scenario) -> Vec<Diagnostic> {
    let case = Case {
        facts: scenario.given.iter().map(|given| (given.fact, given.value.clone())).collect(),
        answers: scenario
            .answers
            .iter()
            .map(|(item, answers, _)| (*item, answers.clone()))
            .collect(),
        events: scenario.events.clone(),
    };
    let run = plan::run(model, flow, &case);
    if let Err(halt) = &run.end {
        return vec![halted(model, scenario, &run, halt)];
    }
    let failed = scenario.expect.iter().filter(|expectation| {
        let happened = match expectation.what {
            Expected::Item(item) => run.items.contains(&item),
            Expected::End(outcome) => run.end == Ok(outcome),
        };
        happened == expectation.never
    });
    failed.map(|expectation| unmet(model, scenario, &run, expectation)).collect()
}

fn unmet(
    model: &Model,
    scenario: &Scenario,
    run: &Run,
    expectation: &crate::model::Expectation,
) -> Diagnostic {
    let what = match expectation.what {
        Expected::Item(item) => {
            format!("the {} `{}`", model.item(item).kind.word(), full_name(model, item))
        }
        Expected::End(outcome) => format!("the end `{}`", model.outcome(outcome).name),
    };
    let message = match expectation.never {
        true => format!("{what} happens in this scenario"),
        false => format!("{what} does not happen in this scenario"),
    };
    let finding = Diagnostic::new(&RULE, expectation.place, message);
    finding.label(scenario.place, "the scenario").help(told(model, run))
}

fn halted(model: &Model, scenario: &Scenario, run: &Run, halt: &Halt) -> Diagnostic {
    let name = |item: ItemId| format!("`{}`", full_name(model, item));
    let place: Place = match halt {
        Halt::NoEvent { event } => {
            scenario.events.get(*event).map_or(scenario.place, |event| event.place)
        }
        _ => scenario.place,
    };
    let asks = |item: ItemId| match model.item(item).kind {
        ItemKind::Process => "the choice of a path".to_string(),
        _ => name(item),
    };
    let (message, help) = match halt {
        Halt::NotKnown { facts, item } => {
            let given = |fact| scenario.given.iter().any(|given| given.fact == fact);
            let known = facts.iter().all(|fact| given(*fact));
            let mut names: Vec<String> =
                facts.iter().map(|fact| format!("`{}`", model.fact(*fact).name)).collect();
            names.dedup();
            let names = names.join(" and ");
            match known {
                true => (
                    format!(
                        "{} depends on {names}, which no step has learned by then",
                        asks(*item)
                    ),
                    "let a step before it learn it",
                ),
                false => (
                    format!("{} depends on {names}, which the scenario does not give", asks(*item)),
                    "add a `given` line for it",
                ),
            }
        }
        Halt::NoAnswer { item, asked: 1 } => (
            format!("the scenario has no answer for {}", name(*item)),
            "add an `answer` line for it",
        ),
        Halt::NoAnswer { item, asked } => (
            format!("{} is asked {asked} times, and the scenario has fewer answers", name(*item)),
            "add the answers that follow, set apart by commas",
        ),
        Halt::UsedUp { item, choice } => {
            let choice = choice_name(model, *item, *choice);
            (
                format!("the answer `{choice}` to {} is used up", name(*item)),
                "give it at most as often as the process allows",
            )
        }
        Halt::NoWay { item } => {
            (format!("nothing leads on from {}", asks(*item)), "see what else is reported there")
        }
        Halt::NoEvent { .. } => (
            "this event cannot happen in this scenario".to_string(),
            "name a step after which it can happen, inside the block that declares it",
        ),
        Halt::NoEnd => ("the scenario never ends".to_string(), "its answers lead round and round"),
    };
    let finding = Diagnostic::new(&RULE, place, message);
    let finding = match model.item(halt_item(halt).unwrap_or(Model::ROOT)).place {
        place if halt_item(halt).is_some() => finding.label(place, "it stops here"),
        _ => finding,
    };
    finding.help(format!("{help}; {}", told(model, run)))
}

fn halt_item(halt: &Halt) -> Option<ItemId> {
    match halt {
        Halt::NotKnown { item, .. }
        | Halt::NoAnswer { item, .. }
        | Halt::UsedUp { item, .. }
        | Halt::NoWay { item } => (*item != Model::ROOT).then_some(*item),
        Halt::NoEvent { .. } | Halt::NoEnd => None,
    }
}

/// The run, by the names of what was done.
fn told(model: &Model, run: &Run) -> String {
    let is_step =
        |id: &&ItemId| matches!(model.item(**id).kind, ItemKind::Step | ItemKind::Decide { .. });
    let steps: Vec<String> =
        run.items.iter().filter(is_step).map(|id| full_name(model, *id)).collect();
    let end = match &run.end {
        Ok(outcome) => format!("end {}", model.outcome(*outcome).name),
        Err(_) => "it stops".to_string(),
    };
    let shown = match steps.len() {
        0..=12 => steps.join(" → "),
        count => format!(
            "{} → … ({} more) … → {}",
            steps[..6].join(" → "),
            count - 11,
            steps[count - 5..].join(" → ")
        ),
    };
    let arrow = if steps.is_empty() { "" } else { " → " };
    format!("it goes: {shown}{arrow}{end}")
}
