//! `--git`: files as they are, and as they were at a revision.

use super::{Changed, sound};
use crate::Compiled;
use crate::cli::files::{Inputs, compiled, inputs};
use crate::cli::git::Revision;
use crate::cli::output::say;
use crate::cli::places::{is_stdin, name_of};
use crate::cli::{Exit, Stop};
use crate::diagnostic::Report;
use crate::diff::Diff;
use std::path::{Path, PathBuf};

/// A file, and the process that it is or was.
type Process = (PathBuf, Compiled);

/// What is to be looked at.
struct Meant<'n> {
    named: &'n [PathBuf],
    /// All that is below these is meant; below the current one where nothing is named. They may be gone.
    folders: Vec<PathBuf>,
}

impl Meant<'_> {
    fn of(named: &[PathBuf]) -> Meant<'_> {
        let folders = named.iter().filter(|path| is_folder(path));
        let folders = match named {
            [] => vec![PathBuf::new()],
            _ => folders.map(|path| name_of(path).into()).collect(),
        };
        Meant { named, folders }
    }

    fn is_named(&self, file: &PathBuf) -> bool {
        self.named.contains(file)
    }

    fn is_it(&self, file: &PathBuf) -> bool {
        self.is_named(file) || self.folders.iter().any(|folder| file.starts_with(folder))
    }
}

/// A folder may be gone with all that was in it.
fn is_folder(path: &Path) -> bool {
    if path.exists() { path.is_dir() } else { path.extension().is_none() }
}

/// What changed in each process since a revision.
pub fn changed(revision: &str, named: &[PathBuf], is_drawn: bool) -> Result<Vec<Changed>, Stop> {
    if named.iter().any(|file| is_stdin(file)) {
        let message = "standard input has no revisions: name its file, or the old file and `-`";
        return Err(Stop::new(Exit::Usage, message));
    }
    let meant = Meant::of(named);
    let (files, nothing) = there(named)?;
    let (mut pairs, mut gone) = (Vec::new(), Vec::new());
    for file in &files {
        let after = compiled(file)?;
        if !after.model.is_process && !meant.is_named(file) && after.findings.is_empty() {
            continue;
        }
        sound(&after, &file.display().to_string())?;
        pairs.push((file, Revision::find(revision, file)?.compiled(file)?, after));
    }
    for file in named.iter().filter(|file| !file.exists() && !is_folder(file)) {
        gone.push(last(revision, file)?);
    }
    let has_folder = !meant.folders.is_empty();
    if has_folder || pairs.iter().any(|(_, before, _)| before.is_none()) {
        let others = gone_below(revision, has_folder)?.into_iter();
        gone.extend(others.filter(|(file, _)| !meant.is_named(file)));
    }
    let mut changed = Vec::new();
    for (file, before, after) in pairs {
        let before = before.or_else(|| moved(&mut gone, file, &after, revision));
        if let Some(before) = &before {
            sound(before, &format!("{} at {revision}", file.display()))?;
        }
        changed.push(Changed::of(file.display().to_string(), before.as_ref(), &after, is_drawn));
    }
    changed.extend(taken_away(revision, gone.into_iter().filter(|(file, _)| meant.is_it(file))));
    if changed.is_empty() { Err(nothing) } else { Ok(changed) }
}

/// The files that there are, and why there is nothing to tell if nothing is gone either.
fn there(named: &[PathBuf]) -> Result<(Vec<PathBuf>, Stop), Stop> {
    let there: Vec<PathBuf> = named.iter().filter(|path| path.exists()).cloned().collect();
    let found = match there.is_empty() && !named.is_empty() {
        true => Ok(Inputs::default()),
        false => inputs(&there),
    };
    let (Inputs { files, unread }, nothing) = match found {
        // All that there was may be gone.
        Err(stop) if stop.exit == Exit::NoInput => (Inputs::default(), stop),
        found => (found?, Stop::new(Exit::NoInput, "none of the files describes a process")),
    };
    // What cannot be looked into is not gone.
    if let Some((first, others)) = unread.split_first() {
        others.iter().for_each(|reason| say(&format!("error: {}", Report::plain(reason))));
        return Err(Stop::new(Exit::Files, first.clone()));
    }
    Ok((files, nothing))
}

/// The processes that are gone; files that others used alone are only named.
fn taken_away(revision: &str, gone: impl Iterator<Item = Process>) -> Vec<Changed> {
    let mut changed = Vec::new();
    for (file, before) in gone {
        let file = file.display().to_string();
        say(&Report::plain(&format!("{file}: it was there at {revision}, and is gone")));
        if before.model.is_process {
            changed.push(Changed { file, diff: Diff::last(&before.model), picture: None });
        }
    }
    changed
}

/// A file that is named and there no more, as it was.
fn last(revision: &str, file: &Path) -> Result<Process, Stop> {
    // Its folder may be gone, too.
    let there = file.ancestors().skip(1).find(|folder| folder.is_dir()).unwrap_or(Path::new(""));
    let below = file.strip_prefix(there).unwrap_or(file);
    match Revision::find(revision, &there.join(file.file_name().unwrap_or_default()))?
        .compiled_below(below)?
    {
        Some(before) => Ok((file.to_path_buf(), before)),
        None => {
            let file = file.display();
            let message = format!("there is no file {file}, neither now nor at {revision}");
            Err(Stop::new(Exit::Files, message))
        }
    }
}

/// The files below here that there were at a revision and are no more, as they were.
fn gone_below(revision: &str, is_all: bool) -> Result<Vec<Process>, Stop> {
    let here = match Revision::find(revision, Path::new(".")) {
        // What is named may be in another repository.
        Err(_) if !is_all => return Ok(Vec::new()),
        here => here?,
    };
    let gone = here.files()?.into_iter().filter(|file| !file.exists());
    let then = gone.filter_map(|file| match here.compiled_below(&file) {
        Ok(before) => Some(Ok((file, before?))),
        Err(stop) => Some(Err(stop)),
    });
    then.collect()
}

/// What a process was that stood in another file: one that is gone, by the name of its process.
fn moved(
    gone: &mut Vec<Process>,
    file: &Path,
    after: &Compiled,
    revision: &str,
) -> Option<Compiled> {
    let is_it =
        |(_, before): &Process| before.model.is_process && before.model.name == after.model.name;
    let (was, before) = gone.remove(gone.iter().position(is_it)?);
    let (file, was) = (file.display(), was.display());
    say(&Report::plain(&format!("{file}: it was {was} at {revision}")));
    Some(before)
}
