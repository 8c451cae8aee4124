//! `vup new`: a file to start from.

use super::files::{Texts, is_stdin, source};
use super::output::{deliver, say};
use super::{Exit, NewArgs, Stop};
use crate::diagnostic::Report;
use crate::model::derived_title;
use crate::outline::{name, skeleton};

/// Checks clean; its comments say what each part is for.
const FIRST: &str = include_str!("new/first.vup");
const FIRST_NAME: &str = "first-process \"A first process\"";

pub fn run(args: &NewArgs) -> Result<Exit, Stop> {
    let printed = is_stdin(&args.file);
    let stem = args.file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = stem.filter(|_| !printed).and_then(|stem| name(&stem));
    let text = match &args.from_outline {
        Some(outline) => {
            let markdown = source(outline, &Texts::default())?.text;
            skeleton(&markdown, name.as_deref().unwrap_or("process")).ok_or_else(|| {
                let message = format!("there is no list in {}", outline.display());
                Stop::new(Exit::NoInput, message)
            })?
        }
        None => match name {
            Some(name) => {
                let title = derived_title(&name);
                FIRST.replace(FIRST_NAME, &format!("{name} \"{title}\""))
            }
            None => FIRST.to_string(),
        },
    };
    let file = (!printed).then_some(args.file.as_path());
    deliver(&text, file, args.force)?;
    if let Some(file) = file {
        let name = Report::plain(&file.display().to_string());
        say(&format!("{name} is written; see what `vup check {name}` says of it"));
    }
    Ok(Exit::Clean)
}
