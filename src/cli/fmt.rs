//! `vup fmt`: writes processes in the one form that they all have.

use super::files::{Inputs, Texts, inputs, source};
use super::output::{Drawing, counted, counts, print, rewrite, say, show};
use super::places::is_stdin;
use super::unified::unified;
use super::{Exit, FmtArgs, Stop};
use crate::diagnostic::{Diagnostic, Report};
use crate::format::{Refusal, format};
use crate::source::{SourceFile, Sources};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

pub fn run(args: &FmtArgs) -> Result<Exit, Stop> {
    let Inputs { files, unread } = inputs(&args.files)?;
    let mut told = Told { failed: unread, ..Told::default() };
    let all: Vec<_> = files.par_iter().map(|path| formatted(path)).collect();
    for (path, formatted) in files.iter().zip(all) {
        match formatted {
            Ok(formatted) => told.add(args, path, formatted)?,
            Err(stop) => told.failed.push(stop.message),
        }
    }
    told.failed.iter().for_each(|reason| say(&format!("error: {}", Report::plain(reason))));
    told.summarise(args, &files);
    let unformatted = (args.check || args.diff) && told.changed > 0;
    Ok(match (told.failed.is_empty(), told.refused > 0 || unformatted) {
        (false, _) => Exit::Files,
        (true, true) => Exit::Findings,
        (true, false) => Exit::Clean,
    })
}

/// A file, and how it is to be written.
struct Formatted {
    before: SourceFile,
    after: Result<String, Vec<Diagnostic>>,
}

fn formatted(path: &Path) -> Result<Formatted, Stop> {
    let before = source(path, &Texts::default())?;
    let after = match format(&before.text) {
        Ok(after) => Ok(after),
        Err(Refusal::Errors(findings)) => Err(findings),
        Err(Refusal::WouldChange) => {
            let message = format!(
                "{}: formatted it would say something else, so it is left as it is; \
                 this is a fault of vup: please report it",
                before.name
            );
            return Err(Stop::new(Exit::Files, message));
        }
    };
    Ok(Formatted { before, after })
}

/// What became of the files.
#[derive(Default)]
struct Told {
    changed: usize,
    unchanged: usize,
    /// Files with lines that cannot be read.
    refused: usize,
    /// Why files could not be read or written.
    failed: Vec<String>,
}

impl Told {
    fn add(&mut self, args: &FmtArgs, path: &Path, formatted: Formatted) -> Result<(), Stop> {
        let Formatted { before, after } = formatted;
        let after = match after {
            Ok(after) => after,
            Err(findings) => {
                self.refused += 1;
                refuse(before, &findings);
                return Ok(());
            }
        };
        let is_changed = after != before.text;
        let only_looks = args.check || args.diff;
        match is_changed {
            true if args.diff => show(unified(&before.name, &before.text, &after))?,
            true if args.check => print(format!("{}\n", Report::plain(&before.name)))?,
            _ if is_stdin(path) && !only_looks => show(&after)?,
            true => {
                if let Err(stop) = rewrite(path, &before.text, &after) {
                    self.failed.push(stop.message);
                    return Ok(());
                }
                say(&format!("formatted {}", Report::plain(&before.name)));
            }
            false => {}
        }
        self.changed += usize::from(is_changed);
        self.unchanged += usize::from(!is_changed);
        Ok(())
    }

    fn summarise(&self, args: &FmtArgs, files: &[PathBuf]) {
        let only_looks = args.check || args.diff;
        if !only_looks && files.iter().all(|path| is_stdin(path)) {
            return;
        }
        let changed = counted(self.changed, "file");
        let changed = format!("{changed} {}formatted", if only_looks { "to be " } else { "" });
        let unchanged = format!("{} formatted already", counted(self.unchanged, "file"));
        match (self.changed, self.unchanged) {
            (0, 0) => {}
            (0, _) => say(&unchanged),
            (_, 0) => say(&changed),
            (_, _) => say(&format!("{changed}, {unchanged}")),
        }
    }
}

/// Says on standard error what is wrong with a file: what is printed may be a formatted text.
fn refuse(file: SourceFile, findings: &[Diagnostic]) {
    let name = Report::plain(&file.name);
    let mut sources = Sources::default();
    sources.add(file);
    let drawn = Drawing::for_stderr().draw_all(findings, &sources, "vup check --format json");
    say(drawn.trim_end_matches('\n'));
    say(&format!("error: {name} is left as it is: {}", counts(findings)));
}
