//! `vup checklist`: the checklist of a process, or of one of its paths.

use super::files::compiled;
use super::output::{Drawing, counts, deliver, say};
use super::{ChecklistArgs, ChecklistFormat, Exit, Stop};
use crate::Compiled;
use crate::diagnostic::nearest;
use crate::emit::checklist::{checklist, json};
use crate::emit::{html, markdown, words};
use crate::model::{Item, ItemId, Model};
use std::collections::HashMap;

pub fn run(args: &ChecklistArgs) -> Result<Exit, Stop> {
    let compiled = sound(&args.file)?;
    let path = chosen_path(&compiled.model, args.path.as_deref(), "--path")?;
    let list = checklist(&compiled.model, &compiled.sources, path);
    let text = match args.format {
        ChecklistFormat::Md => markdown::markdown(&list),
        ChecklistFormat::Html => html::html(&list),
        ChecklistFormat::Json => json(&list),
    };
    deliver(&text, args.output.as_deref(), args.force)?;
    Ok(Exit::Clean)
}

/// A process without errors; otherwise they are told, on standard error, and nothing is made.
pub fn sound(file: &std::path::Path) -> Result<Compiled, Stop> {
    let compiled = compiled(file)?;
    if compiled.has_errors() {
        let drawing = Drawing::for_stdout();
        let lists = "vup check --format json";
        let drawn = drawing.draw_all(&compiled.findings, &compiled.sources, lists);
        say(drawn.trim_end_matches('\n'));
        let message =
            format!("{}; nothing is made of a process with errors", counts(&compiled.findings));
        return Err(Stop::new(Exit::Findings, message));
    }
    if !compiled.model.is_process {
        let message = format!("{} describes no process: it has no `process`", file.display());
        return Err(Stop::new(Exit::Usage, message));
    }
    Ok(compiled)
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
