//! The run that a picture is to show: of a case, of a scenario, or of a finding.

use super::case::{self, case};
use super::{DiagramArgs, Exit, Stop};
use crate::Compiled;
use crate::diagnostic::Diagnostic;
use crate::emit::diagram::ShownRun;
use crate::emit::plan::plan;
use crate::emit::words;
use crate::flow::Flow;
use crate::model::Model;
use crate::plan::trial::trials;
use crate::plan::{Case, Run};

/// The run that is asked for, if one is.
pub fn shown(
    compiled: &Compiled,
    flow: &Flow,
    args: &DiagramArgs,
) -> Result<Option<ShownRun>, Stop> {
    let model = &compiled.model;
    match (args.highlight.as_deref(), args.case.say_something()) {
        (None, false) => Ok(None),
        (Some(wanted), false) => named(compiled, flow, wanted).map(Some),
        (None, true) => {
            let case = case(model, flow, &args.case)?.case;
            let run = case::run(model, flow, &case)?;
            Ok(Some(ShownRun::of_case(model, called(model, &case, &run), &case, &run)))
        }
        (Some(_), true) => {
            let message = "one run is shown: leave out --highlight, or what is said of a case";
            Err(Stop::new(Exit::Usage, message))
        }
    }
}

/// A case in words: what is given, and whether that suffices.
fn called(model: &Model, case: &Case, run: &Run) -> String {
    let plan = plan(model, case, run);
    let given = plan.known.iter().filter(|known| !known.follows);
    let given: Vec<String> = given.map(|it| it.words.clone()).collect();
    let open = if run.end.is_err() { ", as far as it is known" } else { "" };
    match given.is_empty() {
        true => format!("this case{open}"),
        false => format!("this case{open}: {}", given.join("; ")),
    }
}

/// The scenario of that title or number, or the finding of that rule, with its line where there are
/// several.
fn named(compiled: &Compiled, flow: &Flow, wanted: &str) -> Result<ShownRun, Stop> {
    let model = &compiled.model;
    let titles: Vec<String> =
        model.scenarios.iter().map(|scenario| words::text(&scenario.title)).collect();
    let number = wanted.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let found = titles.iter().position(|title| title == wanted).or(number);
    let trial = found.and_then(|index| trials(model, flow).into_iter().nth(index));
    if let Some(trial) = trial {
        let title = words::text(&trial.scenario.title);
        return Ok(ShownRun::of_scenario(model, title, &trial.case, &trial.run));
    }
    let findings: Vec<(&Diagnostic, String)> = compiled
        .findings
        .iter()
        .filter(|finding| !finding.run.is_empty())
        .map(|finding| (finding, name(compiled, finding)))
        .collect();
    let is_meant =
        |(finding, name): &&(&Diagnostic, String)| name == wanted || finding.rule.name == wanted;
    match findings.iter().filter(is_meant).collect::<Vec<_>>().as_slice() {
        [(finding, name)] => {
            let title = format!("{name}, {}", finding.message);
            Ok(ShownRun::of_finding(model, title, &finding.run))
        }
        [] => Err(none(&titles, &findings, wanted)),
        several => {
            let names: Vec<&str> = several.iter().map(|(_, name)| name.as_str()).collect();
            let message = format!("{wanted} could be {}", names.join(" or "));
            Err(Stop::new(Exit::Usage, message))
        }
    }
}

/// What a finding is asked for by: its rule and its line.
fn name(compiled: &Compiled, finding: &Diagnostic) -> String {
    let place = finding.place();
    let (line, _) = compiled.sources.file(place.file).position(place.span.start);
    format!("{}:{line}", finding.rule.name)
}

fn none(titles: &[String], findings: &[(&Diagnostic, String)], wanted: &str) -> Stop {
    let scenarios = titles.iter().zip(1..).map(|(title, number)| format!("  {number} {title}"));
    let findings = findings.iter().map(|(_, name)| format!("  {name}"));
    let listed: Vec<String> = scenarios.chain(findings).collect();
    let message = match listed.is_empty() {
        true => "the process has no scenario to highlight, and no finding that tells a run".into(),
        false => {
            let listed = listed.join("\n");
            format!(
                "there is no scenario {wanted}, and no finding that tells a run; there is\n{listed}"
            )
        }
    };
    Stop::new(Exit::Usage, message)
}
