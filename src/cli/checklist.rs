//! `vup checklist`: the checklist of a process or of one of its paths, for every case or for one.

use super::case::{self, case};
use super::config::Configs;
use super::files::compiled;
use super::letterhead::letterhead;
use super::optional::{pdf, refuse_terminal};
use super::output::{Drawing, counts, deliver, format_of, say};
use super::{Audience, ChecklistArgs, ChecklistFormat, Exit, Only, Paper, Stop, WantedArgs};
use crate::Compiled;
use crate::diagnostic::nearest;
use crate::emit::checklist::{Checklist, Wanted, checklist_for, communication, json};
use crate::emit::plan::chosen;
use crate::emit::{html, markdown, words};
use crate::model::{Item, ItemId, Model};
use crate::plan::calendar::Moment;
use crate::plan::case_file::CaseFile;
use crate::plan::{Case, Run, given};
use crate::syntax::tree::without_overrides;
use std::collections::HashMap;
use std::path::Path;

pub fn run(args: &ChecklistArgs) -> Result<Exit, Stop> {
    let format = format_of(args.format, args.output.as_deref(), named)?;
    let format = format.unwrap_or(ChecklistFormat::Md);
    if format == ChecklistFormat::Pdf {
        refuse_terminal(args.output.as_deref(), "PDF")?;
    } else if args.paper.is_some() {
        let message = "--paper is for PDF alone; a page in HTML takes what paper the printer has";
        return Err(Stop::new(Exit::Usage, message));
    }
    let compiled = sound(&args.file)?;
    let list = wanted(&compiled, &args.wanted)?;
    let list = match args.only {
        None => list,
        Some(Only::CommunicationPlan) => communication(list),
    };
    let house = || letterhead(&*Configs::default().of(Path::new("."))?);
    let made = match format {
        ChecklistFormat::Md => markdown::markdown(&list).into(),
        ChecklistFormat::Html => html::with_letterhead(&list, &house()?).into(),
        ChecklistFormat::Pdf => pdf(&list, paper(args.paper)?, &house()?)?,
        ChecklistFormat::Json => json(&list).into(),
    };
    deliver(&made, args.output.as_deref(), args.force)?;
    Ok(Exit::Clean)
}

/// The format of a file with this ending.
fn named(ending: &str) -> Result<Option<ChecklistFormat>, String> {
    match ending {
        "md" | "markdown" => Ok(Some(ChecklistFormat::Md)),
        "html" | "htm" => Ok(Some(ChecklistFormat::Html)),
        "pdf" => Ok(Some(ChecklistFormat::Pdf)),
        "json" => Ok(Some(ChecklistFormat::Json)),
        "xlsx" => Err("a checklist as a spreadsheet is what `vup tracker` makes".into()),
        "doc" | "docx" | "odt" => Err(format!(
            "checklists are written as Markdown, HTML, PDF or JSON, not as {ending}; a word processor \
             opens HTML"
        )),
        _ => Ok(None),
    }
}

/// What is asked for, or else what the `vup.toml` of the current folder says.
fn paper(asked: Option<Paper>) -> Result<Paper, Stop> {
    match asked {
        Some(paper) => Ok(paper),
        None => Ok(Configs::default().of(Path::new("."))?.paper.unwrap_or_default()),
    }
}

/// The checklist that the command line asks for.
pub fn wanted(compiled: &Compiled, args: &WantedArgs) -> Result<Checklist, Stop> {
    let model = &compiled.model;
    let flow = compiled.flow.as_ref().expect("a process without errors has a flow graph");
    let CaseFile { case, path, mut cover, .. } = case(model, flow, &args.case)?;
    if let Some(client) = &args.client {
        if client.trim().is_empty() {
            let message = "--client is the name of a client, and this one is empty: leave it out";
            return Err(Stop::new(Exit::Usage, message));
        }
        cover.client = Some(without_overrides(client).into_owned());
    }
    if let Some(date) = &args.date {
        let message = format!("`{date}` is no date; one is written 2026-03-01");
        cover.date = Some(Moment::read(date).ok_or_else(|| Stop::new(Exit::Usage, message))?);
    }
    let role = args.role.as_ref().map(|name| given::role(model, name)).transpose();
    let role = role.map_err(|message| Stop::new(Exit::Usage, message))?;
    let path = args.path.as_deref().or(path.as_deref());
    let says = args.case.say_something();
    let run = says.then(|| case::run(model, flow, &case)).transpose()?;
    let path = match &run {
        None => chosen_path(model, path, "--path")?,
        Some(run) => path_of_case(model, &case, run, path)?,
    };
    let outside = args.audience.is_some_and(|Audience::Client| true)
        || role.is_some_and(|role| model.is_external(role));
    let case = run.as_ref().map(|run| (&case, run));
    let wanted = Wanted { path, case, cover, role, outside };
    Ok(checklist_for(model, &compiled.sources, &wanted))
}

/// The path that a case takes first, or the one that is asked for, if the case comes to it.
fn path_of_case(
    model: &Model,
    case: &Case,
    run: &Run,
    asked: Option<&str>,
) -> Result<Option<ItemId>, Stop> {
    let chosen = chosen(model, case, run);
    if asked.is_none() {
        return match chosen {
            Some(path) => Ok(Some(path)),
            // It ends before the choice of a path.
            None if run.end.is_ok() => Ok(None),
            None => {
                let option = "--path, or say what decides it, which `vup plan` tells";
                chosen_path(model, None, option)
            }
        };
    }
    let asked = chosen_path(model, asked, "--path")?;
    let comes_to = |path: ItemId| match chosen {
        Some(_) => run.items.contains(&path),
        None => run.possible.contains(&path),
    };
    if asked.is_none_or(|path| chosen == Some(path) || comes_to(path)) {
        return Ok(asked);
    }
    let taken = match chosen {
        Some(path) => format!("it takes the path {}", path_name(model, path)),
        None if run.end.is_err() => "what is known of it rules that out".to_string(),
        None => "it ends before a path is chosen".to_string(),
    };
    let message = format!("this case does not come to that path: {taken}");
    Err(Stop::new(Exit::Usage, message))
}

fn path_name(model: &Model, path: ItemId) -> String {
    let path = model.item(path);
    path.name.clone().unwrap_or_else(|| words::text(&path.title))
}

/// A process without errors; otherwise they are told, on standard error, and nothing is made.
pub fn sound(file: &Path) -> Result<Compiled, Stop> {
    let compiled = compiled(file)?;
    match compiled.has_errors() || !compiled.model.is_process {
        true => Err(refuse(&compiled, file)),
        false => Ok(compiled),
    }
}

/// Why nothing is made of a file; its errors are told on standard error.
pub fn refuse(compiled: &Compiled, file: &Path) -> Stop {
    if compiled.has_errors() {
        let drawing = Drawing::for_stderr();
        let lists = "vup check --format json";
        let drawn = drawing.draw_all(&compiled.findings, &compiled.sources, lists);
        say(drawn.trim_end_matches('\n'));
        let message =
            format!("{}; nothing is made of a process with errors", counts(&compiled.findings));
        return Stop::new(Exit::Findings, message);
    }
    let message = format!("{} describes no process: it has no `process`", file.display());
    Stop::new(Exit::Usage, message)
}

/// The path that is wanted by its name, its number or its title; where a process has several, one
/// must be named. `option` is where that is done.
pub fn chosen_path(
    model: &Model,
    wanted: Option<&str>,
    option: &str,
) -> Result<Option<ItemId>, Stop> {
    let paths: Vec<(ItemId, &Item)> = model.paths().collect();
    let usage = |message: String| Err(Stop::new(Exit::Usage, message));
    let all = || labels(&paths, &(0..paths.len()).collect::<Vec<_>>());
    let Some(wanted) = wanted else {
        return match paths.as_slice() {
            [] => Ok(None),
            [(only, _)] => Ok(Some(*only)),
            _ => usage(format!("say which path with {option}: {}", all().join(", "))),
        };
    };
    if paths.is_empty() {
        return usage(format!("the process has no paths; leave {option} out"));
    }
    match meant(&paths, wanted).as_slice() {
        [only] => Ok(Some(paths[*only].0)),
        [] => {
            let names = paths.iter().filter_map(|(_, path)| path.name.as_deref());
            let hint = nearest(wanted, names).map_or_else(
                || format!("there is {}", all().join(", ")),
                |near| format!("did you mean {}?", near.word),
            );
            usage(format!("there is no path {wanted}; {hint}"))
        }
        several => {
            let several = labels(&paths, several).join(" or ");
            usage(format!("{wanted} could be {several}; say the number of the path"))
        }
    }
}

/// The paths that somebody may mean: by name, else by number, else by title.
fn meant(paths: &[(ItemId, &Item)], wanted: &str) -> Vec<usize> {
    let all = || 0..paths.len();
    let named: Vec<usize> =
        all().filter(|index| paths[*index].1.name.as_deref() == Some(wanted)).collect();
    let numbered = wanted.parse::<usize>().ok().filter(|number| (1..=paths.len()).contains(number));
    match (named.is_empty(), numbered) {
        (false, _) => named,
        (true, Some(number)) => vec![number - 1],
        (true, None) => {
            all().filter(|index| words::text(&paths[*index].1.title) == wanted).collect()
        }
    }
}

/// What to call paths by: the name; where there is none, or it is that of another too, the number,
/// with the title.
fn labels(paths: &[(ItemId, &Item)], wanted: &[usize]) -> Vec<String> {
    let mut count: HashMap<&str, usize> = HashMap::new();
    for name in paths.iter().filter_map(|(_, path)| path.name.as_deref()) {
        *count.entry(name).or_default() += 1;
    }
    let label = |index: &usize| {
        let path = paths[*index].1;
        match path.name.as_deref().filter(|name| count.get(name) == Some(&1)) {
            Some(name) => name.to_string(),
            None => format!("{} (\"{}\")", index + 1, words::text(&path.title)),
        }
    };
    wanted.iter().map(label).collect()
}
