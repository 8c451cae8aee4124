//! `vup checklist`: the checklist of a process, or of one of its paths.

use super::files::compiled;
use super::output::{Drawing, counts, deliver, say};
use super::{ChecklistArgs, ChecklistFormat, Exit, Stop};
use crate::Compiled;
use crate::diagnostic::nearest;
use crate::emit::checklist::{checklist, json};
use crate::emit::{html, markdown};
use crate::model::{ItemId, Model};

pub fn run(args: &ChecklistArgs) -> Result<Exit, Stop> {
    let compiled = sound(&args.file)?;
    let path = chosen_path(&compiled.model, args.path.as_deref())?;
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
        for finding in &compiled.findings {
            say(drawing.draw(finding, &compiled.sources).trim_end_matches('\n'));
        }
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

/// The path of that name; where a process has paths, one must be named.
pub fn chosen_path(model: &Model, wanted: Option<&str>) -> Result<Option<ItemId>, Stop> {
    let named: Vec<(ItemId, &str)> = model
        .paths()
        .filter_map(|(id, path)| path.name.as_deref().map(|name| (id, name)))
        .collect();
    let names: Vec<&str> = named.iter().map(|(_, name)| *name).collect();
    let usage = |message: String| Err(Stop::new(Exit::Usage, message));
    match (wanted, named.as_slice()) {
        (None, []) => Ok(None),
        (None, [(only, _)]) => Ok(Some(*only)),
        (None, _) => usage(format!("say which path with --path: {}", names.join(", "))),
        (Some(wanted), _) => {
            if let Some((id, _)) = named.iter().find(|(_, name)| *name == wanted) {
                return Ok(Some(*id));
            }
            if names.is_empty() {
                return usage("the process has no paths; leave --path out".into());
            }
            let hint = nearest(wanted, names.iter().copied())
                .map_or(format!("there is {}", names.join(", ")), |name| {
                    format!("did you mean {name}?")
                });
            usage(format!("there is no path {wanted}; {hint}"))
        }
    }
}
