//! `vup new`: a file to start from.

use super::files::{Texts, source};
use super::output::{deliver, say};
use super::places::is_stdin;
use super::{Exit, NewArgs, Stop};
use crate::diagnostic::Report;
use crate::model::derived_title;
use crate::outline::{Skeleton, name, skeleton};

/// Checks clean; its comments say what each part is for.
const FIRST: &str = include_str!("new/first.vup");
/// So many lines of an outline are named that are left out.
const MOST_LINES: usize = 12;

const FIRST_NAME: &str = "first-process \"A first process\"";

pub fn run(args: &NewArgs) -> Result<Exit, Stop> {
    let printed = is_stdin(&args.file);
    let stem = args.file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = stem.filter(|_| !printed).and_then(|stem| name_of(&stem));
    let mut left_out = None;
    let text = match &args.from_outline {
        Some(outline) => {
            let outline = source(outline, &Texts::default())?;
            let name = name.as_deref().unwrap_or("process");
            let Skeleton { text, left_out: lines } =
                skeleton(&outline.text, name).ok_or_else(|| {
                    let message = format!("there is no list in {}", outline.name);
                    Stop::new(Exit::NoInput, message)
                })?;
            left_out = (!lines.is_empty()).then(|| told(&outline.name, &lines));
            text
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
    left_out.iter().for_each(|lines| say(lines));
    Ok(Exit::Clean)
}

/// Where the prose is that a skeleton does not have.
fn told(outline: &str, lines: &[usize]) -> String {
    let numbers: Vec<String> = lines.iter().take(MOST_LINES).map(usize::to_string).collect();
    let more = lines.len().saturating_sub(MOST_LINES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let line = if lines.len() == 1 { "line" } else { "lines" };
    let outline = Report::plain(outline);
    format!("left out is what stands in no list: {outline}, {line} {}{more}", numbers.join(", "))
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
