//! Scenarios are tried: how each of them goes, and whether that is what its author expects.

use super::given::refuse_impossible;
use super::{Case, Halt, Run, choice_name, run};
use crate::diagnostic::Label;
use crate::flow::Flow;
use crate::model::{Expectation, Expected, ItemId, ItemKind, Model, Scenario, full_name};
use crate::source::Place;

/// A scenario that was tried.
#[derive(Clone, Debug)]
pub struct Trial<'m> {
    pub scenario: &'m Scenario,
    /// What the scenario says of its case.
    pub case: Case,
    pub run: Run,
    /// In what it does not go as expected; empty where it does.
    pub failures: Vec<Failure>,
    /// The answers that it has and nobody asks for, of one that goes as expected; each with how often the
    /// decision is asked.
    pub left_over: Vec<(Failure, usize)>,
}

/// One thing that does not go as expected.
#[derive(Clone, Debug)]
pub struct Failure {
    pub place: Place,
    pub message: String,
    /// Other places that it has to do with.
    pub labels: Vec<Label>,
    /// What may mend it, and how the scenario goes.
    pub help: String,
}

impl Failure {
    fn new(place: Place, message: String, help: String) -> Self {
        Failure { place, message, labels: Vec::new(), help }
    }

    fn label(mut self, place: Place, text: &str) -> Self {
        self.labels.push(Label { place, text: text.to_string() });
        self
    }
}

/// Tries every scenario of a process, in the order of the text.
pub fn trials<'m>(model: &'m Model, flow: &Flow) -> Vec<Trial<'m>> {
    model.scenarios.iter().map(|scenario| try_one(model, flow, scenario)).collect()
}

fn try_one<'m>(model: &'m Model, flow: &Flow, scenario: &'m Scenario) -> Trial<'m> {
    let case = case(scenario);
    let run = run(model, flow, &case);
    let failures = match (refuse_impossible(model, &case), &run.end) {
        (Err(wrong), _) => {
            let help = "mend its `given` lines, or what is assumed".to_string();
            vec![Failure::new(scenario.place, wrong, help)]
        }
        (_, Err(halt)) => vec![halted(model, scenario, &run, halt)],
        (_, Ok(_)) => {
            let unmet_ones = scenario.expect.iter().filter(|expected| !is_met(&run, expected));
            unmet_ones.map(|expected| unmet(model, scenario, &run, expected)).collect()
        }
    };
    let left_over = match failures.is_empty() {
        true => left_over(model, scenario, &run),
        // What else it has to do with is known when it goes as expected.
        false => Vec::new(),
    };
    Trial { scenario, case, run, failures, left_over }
}

/// The case that a scenario describes.
fn case(scenario: &Scenario) -> Case {
    let answers = scenario.answers.iter();
    Case {
        facts: scenario.given.iter().map(|given| (given.fact, given.value.clone())).collect(),
        answers: answers.map(|(item, answers, _)| (*item, answers.clone())).collect(),
        events: scenario.events.clone(),
    }
}

fn is_met(run: &Run, expectation: &Expectation) -> bool {
    let happened = match expectation.what {
        Expected::Item(item) => run.items.contains(&item),
        Expected::End(outcome) => run.end == Ok(outcome),
    };
    happened != expectation.never
}

fn left_over(model: &Model, scenario: &Scenario, run: &Run) -> Vec<(Failure, usize)> {
    let tell = |(item, asked): &(ItemId, usize)| {
        let (_, _, place) = scenario.answers.iter().find(|(of, ..)| of == item)?;
        let name = full_name(model, *item);
        let (message, help) = match asked {
            0 => (
                format!("`{name}` is not asked in this scenario"),
                "leave the answer out, or see where the way was to come by it",
            ),
            1 => (
                format!("`{name}` is asked once in this scenario, which has more answers"),
                "leave out the answers that follow, or see where the way was to come back to it",
            ),
            _ => (
                format!("`{name}` is asked {asked} times in this scenario, which has more answers"),
                "leave out the answers that follow, or see where the way was to come back to it",
            ),
        };
        let failure = Failure::new(*place, message, format!("{help}; {}", told(model, run)));
        Some((failure.label(model.item(*item).place, "the decision"), *asked))
    };
    run.left_over.iter().filter_map(tell).collect()
}

fn unmet(model: &Model, scenario: &Scenario, run: &Run, expectation: &Expectation) -> Failure {
    let what = match expectation.what {
        Expected::Item(item) => {
            format!("the {} `{}`", model.item(item).kind.noun(), full_name(model, item))
        }
        Expected::End(outcome) => format!("the end `{}`", model.outcome(outcome).name),
    };
    let message = match expectation.never {
        true => format!("{what} happens in this scenario"),
        false => format!("{what} does not happen in this scenario"),
    };
    let failure = Failure::new(expectation.place, message, told(model, run));
    failure.label(scenario.place, "the scenario")
}

fn halted(model: &Model, scenario: &Scenario, run: &Run, halt: &Halt) -> Failure {
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
            "name a step inside the block that declares it, but not the last one: behind that the block is left",
        ),
        Halt::NoEnd => ("the scenario never ends".to_string(), "nothing in it ends the last round"),
    };
    let failure = Failure::new(place, message, format!("{help}; {}", told(model, run)));
    match halt_item(halt) {
        Some(item) => failure.label(model.item(item).place, "it stops here"),
        None => failure,
    }
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

/// A step by its number and title, as it is printed.
fn printed(model: &Model, id: ItemId) -> String {
    let item = model.item(id);
    let title = item.title.filled(|fact| format!("{{{}}}", model.fact(fact).name));
    match item.number.as_str() {
        "" => title,
        number => format!("{number} {title}"),
    }
}

/// The run, by what was done.
fn told(model: &Model, run: &Run) -> String {
    let is_step =
        |id: &ItemId| matches!(model.item(*id).kind, ItemKind::Step | ItemKind::Decide { .. });
    let steps: Vec<ItemId> = run.items.iter().copied().filter(is_step).collect();
    let (steps, end) = match &run.end {
        Ok(outcome) => (&steps[..], format!("end {}", model.outcome(*outcome).name)),
        Err(Halt::NoEnd) => (once_round(&steps), "… and round again".to_string()),
        Err(_) => (&steps[..], "it stops".to_string()),
    };
    let names = |ids: &[ItemId]| {
        ids.iter().map(|id| format!("{} → ", printed(model, *id))).collect::<String>()
    };
    match steps.len() {
        0 if run.end.is_err() => "it stops before anything is done".to_string(),
        0 => format!("it goes straight to {end}"),
        1..=12 => format!("it goes: {}{end}", names(steps)),
        count => format!(
            "it goes: {}… ({} more) … → {}{end}",
            names(&steps[..6]),
            count - 11,
            names(&steps[count - 5..])
        ),
    }
}

/// Rounds of more steps than this are not looked for.
const LONGEST_ROUND: usize = 1_000;

/// The steps up to the first that the last round comes to again; all where there is no such round.
fn once_round(steps: &[ItemId]) -> &[ItemId] {
    let is_round = |length: &usize| {
        let (before, last) = steps.split_at(steps.len() - length);
        before.ends_with(last)
    };
    let Some(round) = (1..=LONGEST_ROUND.min(steps.len() / 2)).find(is_round) else { return steps };
    let again = steps.windows(round + 1).rev().take_while(|window| window[0] == window[round]);
    &steps[..steps.len() - again.count() + 1]
}
