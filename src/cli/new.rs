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
    let name = stem.filter(|_| !printed).and_then(|stem| name_of(&stem));
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
        let typed = typed(&name);
        say(&format!("{name} is written; see what `vup check {typed}` says of it"));
    }
    Ok(Exit::Clean)
}

/// The name of a process in a file. Where what the file is called cannot be one, a word before it helps.
fn name_of(stem: &str) -> Option<String> {
    name(stem).or_else(|| name(&format!("process {stem}")))
}

/// The name of a file as it is typed in a command.
fn typed(file: &str) -> String {
    let is_plain = |char: char| char.is_alphanumeric() || "-_./\\:".contains(char);
    match file.chars().all(is_plain) {
        true => file.to_string(),
        false => format!("\"{file}\""),
    }
}
