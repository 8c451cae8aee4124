//! The case that a command is about: from a case file, and from the options.

use super::files::read_text;
use super::output::say;
use super::{CaseArgs, Exit, Stop};
use crate::diagnostic::Report;
use crate::flow::Flow;
use crate::model::{ItemId, Model};
use crate::plan::case_file::{self, CaseFile, Mistake};
use crate::plan::{self, Case, Halt, Run, choice_name, given};
use crate::source::SourceFile;
use std::ops::Range;
use std::path::Path;

impl CaseArgs {
    /// Whether anything is said of a case.
    pub fn say_something(&self) -> bool {
        let CaseArgs { case, from, to, given, answer, trigger } = self;
        let one = [case.is_some(), from.is_some(), to.is_some(), trigger.is_some()];
        one.contains(&true) || !given.is_empty() || !answer.is_empty()
    }
}

/// What the case file and the options say together. What both say must be the same.
pub fn case(model: &Model, flow: &Flow, args: &CaseArgs) -> Result<CaseFile, Stop> {
    let mut file = match &args.case {
        Some(path) => read(model, flow, path)?,
        None => CaseFile::default(),
    };
    add(model, args, &mut file).map_err(|message| Stop::new(Exit::Usage, message))?;
    Ok(file)
}

/// Reads a case file; its mistakes are told, each with its place.
fn read(model: &Model, flow: &Flow, path: &Path) -> Result<CaseFile, Stop> {
    let source = SourceFile::new(path.to_string_lossy(), read_text(path)?);
    match case_file::read(model, flow, &source.text) {
        Ok(file) => {
            file.doubts.iter().for_each(|doubt| say(&format!("warning: {}", told(&source, doubt))));
            Ok(file)
        }
        Err(mistakes) => {
            let mut told: Vec<_> = mistakes.iter().map(|mistake| told(&source, mistake)).collect();
            let last = told.pop().unwrap_or_default();
            told.iter().for_each(|message| say(&format!("error: {message}")));
            Err(Stop::new(Exit::Usage, last))
        }
    }
}

fn told(source: &SourceFile, mistake: &Mistake) -> String {
    let place = |span: &Range<usize>| {
        let (line, column) = source.position(u32::try_from(span.start).unwrap_or_default());
        format!("{line}:{column}")
    };
    let other = mistake.other.as_ref().map(|other| format!(" (at {})", place(other)));
    let (message, other) = (&mistake.message, other.unwrap_or_default());
    Report::plain(&format!("{}:{}: {message}{other}", source.name, place(&mistake.span)))
}

fn add(model: &Model, args: &CaseArgs, file: &mut CaseFile) -> Result<(), String> {
    let case = &mut file.case;
    for (option, wanted) in [("from", &args.from), ("to", &args.to)] {
        let Some(wanted) = wanted else { continue };
        if model.versions.is_none() {
            return Err(format!("the process has no versions; leave --{option} out"));
        }
        given::fact(model, case, &format!("{option}={wanted}"))?;
    }
    if let Some(trigger) = &args.trigger {
        if model.triggers.is_empty() {
            return Err("the process declares no triggers; leave --trigger out".to_string());
        }
        given::fact(model, case, &format!("trigger={trigger}"))?;
    }
    args.given.iter().try_for_each(|written| given::fact(model, case, written))?;
    let in_file: Vec<_> = case.answers.keys().copied().collect();
    let before = case.answers.clone();
    args.answer.iter().try_for_each(|written| given::answer(model, case, written))?;
    if let Some(twice) = in_file.into_iter().find(|item| case.answers.get(item) != before.get(item))
    {
        let name = given::label(model, twice);
        return Err(format!("`{name}` is answered in the case file already"));
    }
    given::refuse_impossible(model, case)
}

/// How a case goes. What of its answers is left over is told; one whose answers lead nowhere has no plan.
pub fn run(model: &Model, flow: &Flow, case: &Case) -> Result<Run, Stop> {
    let run = plan::run(model, flow, case);
    judge(model, &run)?;
    Ok(run)
}

/// The same of a run that there is.
pub fn judge(model: &Model, run: &Run) -> Result<(), Stop> {
    // Who does not get to an end may still be asked, and so may who is led elsewhere by an event.
    let is_idle = |item: &ItemId, asked: usize| {
        run.end.is_ok() && (asked > 0 || !run.by_events.contains(item))
    };
    for (item, asked) in run.left_over.iter().filter(|(item, asked)| is_idle(item, *asked)) {
        let decision = given::label(model, *item);
        say(&match asked {
            0 => format!("warning: `{decision}` is answered, and not asked in this case"),
            1 => format!("warning: `{decision}` is asked once in this case, and has more answers"),
            _ => format!(
                "warning: `{decision}` is asked {asked} times in this case, and has more answers"
            ),
        });
    }
    refuse_stuck(model, run)
}

/// Refuses a run that no plan can be made of.
pub fn refuse_stuck(model: &Model, run: &Run) -> Result<(), Stop> {
    let message = match &run.end {
        Err(Halt::UsedUp { item, choice }) => {
            let (decision, choice) =
                (given::label(model, *item), choice_name(model, *item, *choice));
            format!("the answer `{choice}` to `{decision}` is used up: give another")
        }
        Err(Halt::NoEnd) => "it goes round and round, without an end".to_string(),
        Err(Halt::NoWay { item }) => {
            format!("nothing leads on from `{}` in this case", given::label(model, *item))
        }
        _ => return Ok(()),
    };
    Err(Stop::new(Exit::Usage, message))
}
