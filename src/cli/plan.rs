//! `vup plan`: how one case goes, and what still has to be known.

use super::case::{case, judge, refuse_stuck};
use super::checklist::sound;
use super::output::{print, say, show};
use super::{Exit, PlanArgs, PlanFormat, Stop};
use crate::diagnostic::Report;
use crate::emit::plan::{Ask, json, plan, question, text};
use crate::flow::Flow;
use crate::model::{FactId, ItemId, Model};
use crate::plan::open::{Open, open};
use crate::plan::{self, Case, Run, given};
use std::io::BufRead;

pub fn run(args: &PlanArgs) -> Result<Exit, Stop> {
    if args.ask && args.file.to_str() == Some("-") {
        let message = "the process cannot be read from standard input where --ask reads answers";
        return Err(Stop::new(Exit::Usage, message));
    }
    let compiled = sound(&args.file)?;
    let model = &compiled.model;
    let flow = compiled.flow.as_ref().expect("a process without errors has a flow graph");
    let mut case = case(model, flow, &args.case)?.case;
    let run = match args.ask {
        true => asked(model, flow, &mut case)?,
        false => plan::run(model, flow, &case),
    };
    judge(model, &run)?;
    let plan = plan(model, &case, &run);
    match args.format {
        PlanFormat::Human => show(text(&plan))?,
        PlanFormat::Json => print(json(&plan))?,
    }
    Ok(Exit::Clean)
}

fn usage(message: String) -> Stop {
    Stop::new(Exit::Usage, message)
}

/// Asks for what is open, one thing after the other, until nothing is.
fn asked(model: &Model, flow: &Flow, case: &mut Case) -> Result<Run, Stop> {
    let mut input = std::io::stdin().lock();
    loop {
        let run = plan::run(model, flow, case);
        let ask = plan(model, case, &run).asks.into_iter();
        let open = open(model, case, &run);
        let Some((open, ask)) = open.into_iter().zip(ask).next() else { return Ok(run) };
        match open {
            Open::Facts { facts, .. } => {
                let next = facts.into_iter().find(|fact| !case.facts.contains_key(fact));
                // What is given and not known by then is nothing to ask for.
                let Some(fact) = next else { return Ok(run) };
                ask_fact(model, case, fact, &ask, &mut input)?;
            }
            Open::Answer { item, .. } => ask_answer(model, flow, case, item, &ask, &mut input)?,
        }
    }
}

fn ask_fact(
    model: &Model,
    case: &mut Case,
    fact: FactId,
    ask: &Ask,
    input: &mut impl BufRead,
) -> Result<(), Stop> {
    say(&question(ask, &model.fact(fact).name));
    loop {
        let line = line(input, &model.fact(fact).name)?;
        let kind = &model.fact(fact).kind;
        let taken = as_meant(&line, |line| kind.read(line).is_some());
        let taken = given::value_of(model, fact, &taken).and_then(|value| {
            case.facts.insert(fact, value);
            given::refuse_impossible(model, case)
        });
        let Err(wrong) = taken else { return Ok(()) };
        case.facts.remove(&fact);
        say(&Report::plain(&wrong));
    }
}

fn ask_answer(
    model: &Model,
    flow: &Flow,
    case: &mut Case,
    item: ItemId,
    ask: &Ask,
    input: &mut impl BufRead,
) -> Result<(), Stop> {
    let name = given::label(model, item);
    say(&question(ask, &name));
    loop {
        let line = line(input, &name)?;
        let meant = as_meant(&line, |line| given::choice(model, item, line).is_ok());
        let wrong = match given::choice(model, item, &meant) {
            Ok(choice) => {
                case.answers.entry(item).or_default().push(choice);
                let run = plan::run(model, flow, case);
                let Err(stop) = refuse_stuck(model, &run) else { return Ok(()) };
                case.answers.entry(item).or_default().pop();
                stop.message
            }
            Err(wrong) => wrong,
        };
        say(&Report::plain(&wrong));
    }
}

/// What somebody typed, as it is written in the process: in small letters, and `yes` for `y`, where that
/// can be taken.
fn as_meant(line: &str, can_be_taken: impl Fn(&str) -> bool) -> String {
    let small = line.to_lowercase();
    let whole = match small.as_str() {
        "y" => "yes",
        "n" => "no",
        other => other,
    };
    let meant = [line, small.as_str(), whole].into_iter().find(|written| can_be_taken(written));
    meant.unwrap_or(line).to_string()
}

/// The next line that somebody types.
fn line(input: &mut impl BufRead, name: &str) -> Result<String, Stop> {
    let mut bytes = Vec::new();
    match input.read_until(b'\n', &mut bytes) {
        Ok(0) => Err(usage(format!("the input ended where `{name}` was asked for"))),
        Ok(_) => Ok(String::from_utf8_lossy(&bytes).trim().to_string()),
        Err(error) => Err(Stop::new(Exit::Files, format!("cannot read standard input: {error}"))),
    }
}
