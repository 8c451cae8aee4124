//! What came of the scenarios, without a format; as JSON it is an output itself.

use crate::Compiled;
use crate::cli::hosts::Hosts;
use crate::cli::json::{Finding, Range};
use crate::diagnostic::Diagnostic;
use crate::emit::{prose::plain, words};
use crate::flow::presence;
use crate::model::{BranchKind, Guard, ItemId, Model};
use crate::plan::Passed;
use crate::plan::coverage::{Point, covered, points};
use crate::plan::trial::{self, Trial, trials};
use crate::source::{Place, Sources};
use serde::Serialize;
use std::collections::HashSet;

/// The name and version of the JSON form. Fields may be added under the same version.
const SCHEMA: &str = "vup-test/1";

#[derive(Debug, Serialize)]
pub struct Report {
    schema: &'static str,
    /// No process has errors, and no scenario failed.
    pub ok: bool,
    pub scenarios: usize,
    pub failed: usize,
    pub processes: Vec<Process>,
}

#[derive(Debug, Serialize)]
pub struct Process {
    pub name: String,
    pub title: String,
    pub file: String,
    /// Whether the scenarios could be tried: names and lines are right.
    pub tried: bool,
    /// What is wrong besides scenarios that fail.
    pub errors: Vec<Finding>,
    pub scenarios: Vec<Scenario>,
    /// Empty where the scenarios could not be tried.
    pub coverage: Vec<Coverage>,
}

#[derive(Debug, Serialize)]
pub struct Scenario {
    pub title: String,
    pub ok: bool,
    #[serde(flatten)]
    pub at: Range,
    /// The name of the outcome in which it ends, if it ends.
    pub end: Option<String>,
    pub failures: Vec<Failure>,
}

#[derive(Debug, Serialize)]
pub struct Failure {
    pub message: String,
    pub help: String,
    #[serde(flatten)]
    pub at: Range,
}

/// How much of one kind of thing the scenarios come by, all together; without those that fail.
#[derive(Debug, Serialize)]
pub struct Coverage {
    pub what: &'static str,
    pub covered: usize,
    pub all: usize,
    /// Rounded down: 100 only where nothing is left out.
    pub percent: usize,
    pub missed: Vec<Missed>,
}

#[derive(Debug, Serialize)]
pub struct Missed {
    pub title: String,
    #[serde(flatten)]
    pub at: Range,
}

impl Report {
    pub fn new(processes: Vec<Process>) -> Self {
        let all = || processes.iter().flat_map(|process| &process.scenarios);
        let failed = all().filter(|scenario| !scenario.ok).count();
        let sound = processes.iter().all(|process| process.errors.is_empty());
        let ok = sound && failed == 0;
        Report { schema: SCHEMA, ok, scenarios: all().count(), failed, processes }
    }

    pub fn json(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        text.expect("strings and numbers are always JSON") + "\n"
    }
}

impl Process {
    /// Names its files as hosts do.
    pub fn rename(&mut self, hosts: &Hosts) {
        self.file = hosts.name(&self.file);
        self.errors.iter_mut().for_each(|error| hosts.rename(error));
        for scenario in &mut self.scenarios {
            let failures = scenario.failures.iter_mut().map(|failure| &mut failure.at);
            let places = std::iter::once(&mut scenario.at).chain(failures);
            places.for_each(|at| at.file = hosts.name(&at.file));
        }
    }

    /// Tries the scenarios of a process; `errors` are what else is wrong with it.
    pub fn of(compiled: &Compiled, errors: &[Diagnostic]) -> Self {
        let Compiled { sources, model, flow, .. } = compiled;
        let trials = flow.as_ref().map(|flow| trials(model, flow));
        let coverage = trials.as_ref().map(|trials| coverage(model, trials, sources));
        let scenarios = trials.iter().flatten().map(|trial| scenario(model, trial, sources));
        Process {
            name: model.name.clone(),
            title: plain(&words::text(&model.title)),
            file: sources.iter().next().map(|file| file.name.clone()).unwrap_or_default(),
            tried: trials.is_some(),
            errors: errors.iter().map(|error| Finding::of(error, sources)).collect(),
            scenarios: scenarios.collect(),
            coverage: coverage.unwrap_or_default(),
        }
    }
}

fn scenario(model: &Model, trial: &Trial<'_>, sources: &Sources) -> Scenario {
    let failure = |failure: &trial::Failure| Failure {
        message: failure.message.clone(),
        help: failure.help.clone(),
        at: Range::of(failure.place, sources),
    };
    Scenario {
        title: plain(&words::text(&trial.scenario.title)),
        ok: trial.failures.is_empty(),
        at: Range::of(trial.scenario.place, sources),
        end: trial.run.end.as_ref().ok().map(|end| model.outcome(*end).name.clone()),
        failures: trial.failures.iter().map(failure).collect(),
    }
}

/// The kinds of things that scenarios come by, as they are told.
const KINDS: [&str; 6] = ["paths", "outcomes", "steps", "branches", "events", "skip reasons"];

fn kind(point: Point) -> &'static str {
    let [paths, outcomes, steps, branches, events, reasons] = KINDS;
    match point {
        Point::Path(_) => paths,
        Point::Outcome(_) => outcomes,
        Point::Step(_) => steps,
        Point::Branch(..) => branches,
        Point::Event(..) => events,
        Point::Passed(..) => reasons,
    }
}

fn coverage(model: &Model, trials: &[Trial<'_>], sources: &Sources) -> Vec<Coverage> {
    // One that fails goes another way than was thought through.
    let sound = trials.iter().filter(|trial| trial.failures.is_empty());
    let done: HashSet<Point> = sound.flat_map(|trial| covered(model, &trial.run)).collect();
    let points = points(model);
    let of_kind = |what: &'static str| {
        let all: Vec<Point> = points.iter().copied().filter(|it| kind(*it) == what).collect();
        let missed: Vec<Missed> = all
            .iter()
            .filter(|point| !done.contains(point))
            .map(|point| missed(model, *point, sources))
            .collect();
        let (all, covered) = (all.len(), all.len() - missed.len());
        let percent = (covered * 100).checked_div(all)?;
        Some(Coverage { what, covered, all, percent, missed })
    };
    KINDS.into_iter().filter_map(of_kind).collect()
}

fn missed(model: &Model, point: Point, sources: &Sources) -> Missed {
    let (title, place) = told(model, point);
    Missed { title: plain(&title), at: Range::of(place, sources) }
}

/// What a point is called, and where it stands.
fn told(model: &Model, point: Point) -> (String, Place) {
    let item_title = |id: ItemId| words::pointer(model, Model::ROOT, id);
    match point {
        Point::Path(id) => (item_title(id), model.item(id).place),
        Point::Step(id) => (item_title(id), model.item(id).place),
        Point::Outcome(id) => {
            let outcome = model.outcome(id);
            (words::text(&outcome.title), outcome.place)
        }
        Point::Branch(id, index) | Point::Event(id, index) => {
            let branch = &model.item(id).branches[index];
            let around = match id {
                Model::ROOT => "at any time".to_string(),
                _ => item_title(id),
            };
            (format!("{around} → {}", branch_words(model, id, index)), branch.place)
        }
        Point::Passed(id, reason) => {
            let (guard, place) = opposite(model, id, reason);
            let when = guard.map(|guard| words::guard(model, &guard)).unwrap_or_default();
            (format!("{} does not apply: {when}", item_title(id)), place)
        }
    }
}

fn branch_words(model: &Model, id: ItemId, index: usize) -> String {
    let branch = &model.item(id).branches[index];
    match &branch.kind {
        BranchKind::Answer(name) => {
            format!("the answer “{}”", words::answer_title(model, id, name))
        }
        BranchKind::Event(name) => format!("the event “{}”", words::answer_title(model, id, name)),
        BranchKind::After(duration) => format!("no answer after {duration}"),
        BranchKind::When(guard) => {
            words::some_text(Some(&branch.title)).unwrap_or_else(|| words::guard(model, guard))
        }
        BranchKind::Otherwise => words::some_text(Some(&branch.title))
            .unwrap_or_else(|| "in every other case".to_string()),
    }
}

/// When an item does not apply for a reason, and where that is written.
fn opposite(model: &Model, id: ItemId, reason: Passed) -> (Option<Guard>, Place) {
    let item = model.item(id);
    let not = |guard: Guard| Guard::Not(Box::new(guard));
    match reason {
        Passed::When(index) => {
            let when = &item.when[index];
            (when.guard.clone().map(not), when.place)
        }
        Passed::Skip(index) => {
            let skip = &item.skips[index].condition;
            (skip.guard.clone(), skip.place)
        }
        Passed::Nobody => (presence(model, item.head.acting()).map(not), item.place),
    }
}
