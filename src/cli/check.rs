//! `vup check`: says what is wrong with processes.

use super::files::{Inputs, compiled, inputs};
use super::json::{Finding, document};
use super::output::{Drawing, counted, counts, print, say};
use super::{CheckArgs, Exit, FailOn, Format, Stop};
use crate::Compiled;
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::source::Sources;
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::Path;

pub fn run(args: &CheckArgs) -> Result<Exit, Stop> {
    let Inputs { files, mut unread } = inputs(&args.files)?;
    let drawing = Drawing::for_stdout();
    let mut told = Told::default();
    let (mut looked, mut empty) = (0, 0);
    let all: Vec<_> = files.par_iter().map(|path| checked(path, files.len())).collect();
    for (path, checked) in files.iter().zip(all) {
        match checked {
            Ok(checked) => {
                looked += 1;
                if checked.describes_nothing {
                    empty += 1;
                    say(&format!("{} describes nothing: it is empty", shown(path)));
                }
                told.add(checked, args.format, &drawing);
            }
            Err(stop) => unread.push(stop.message),
        }
    }
    unread.iter().for_each(|reason| say(&format!("error: {}", Report::plain(reason))));
    match args.format {
        Format::Human => print(&told.drawn)?,
        Format::Json => print(&document(looked, told.findings))?,
    }
    if looked > empty {
        say(&format!("{} checked: {}", counted(looked, "file"), counts(&told.diagnostics)));
    }
    let least = match args.fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Note => Severity::Note,
    };
    let failed = told.diagnostics.iter().any(|finding| finding.severity() >= least);
    Ok(match (unread.is_empty(), failed) {
        (false, _) => Exit::Files,
        (true, true) => Exit::Findings,
        (true, false) if looked == empty => Exit::NoInput,
        (true, false) => Exit::Clean,
    })
}

/// What is left of a file once it was looked at.
struct Checked {
    /// Empty where nothing was found.
    sources: Sources,
    findings: Vec<Diagnostic>,
    describes_nothing: bool,
}

fn checked(path: &Path, files: usize) -> Result<Checked, Stop> {
    let compiled = compiled(path)?;
    let describes_nothing = describes_nothing(&compiled);
    let Compiled { sources, trees, model, flow, findings } = compiled;
    if files == 1 {
        // The program ends soon: taking the process apart would only take time.
        std::mem::forget((trees, model, flow));
    }
    let sources = if findings.is_empty() { Sources::default() } else { sources };
    Ok(Checked { sources, findings, describes_nothing })
}

/// Whether a file holds nothing but blank lines and comments. To find nothing wrong with it would
/// be to call it good.
fn describes_nothing(compiled: &Compiled) -> bool {
    let Some(file) = compiled.sources.iter().next() else { return true };
    let mut lines = file.text.trim_start_matches('\u{feff}').lines().map(str::trim);
    compiled.findings.is_empty() && lines.all(|line| line.is_empty() || line.starts_with("//"))
}

fn shown(path: &Path) -> String {
    Report::plain(&path.display().to_string())
}

/// What was found so far. A library that several processes use is told of once.
#[derive(Default)]
struct Told {
    seen: HashSet<(String, u32, &'static str, String)>,
    diagnostics: Vec<Diagnostic>,
    findings: Vec<Finding>,
    drawn: String,
}

impl Told {
    fn add(&mut self, checked: Checked, format: Format, drawing: &Drawing) {
        let Checked { sources, mut findings, .. } = checked;
        findings.retain(|finding| {
            let place = finding.place();
            let file = sources.file(place.file).name.clone();
            self.seen.insert((file, place.span.start, finding.rule.name, finding.message.clone()))
        });
        match format {
            Format::Human => self.drawn += &drawing.draw_all(&findings, &sources, "--format json"),
            Format::Json => {
                self.findings.extend(findings.iter().map(|finding| Finding::of(finding, &sources)))
            }
        }
        self.diagnostics.extend(findings);
    }
}
