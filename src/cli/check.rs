//! `vup check`: says what is wrong with processes.

use super::files::{Inputs, compiled, inputs};
use super::json::{Finding, document};
use super::output::{Drawing, counted, counts, print, say};
use super::{CheckArgs, Exit, FailOn, Format, Stop};
use crate::Compiled;
use crate::diagnostic::{Diagnostic, Report, Severity};
use std::collections::HashSet;
use std::path::Path;

pub fn run(args: &CheckArgs) -> Result<Exit, Stop> {
    let Inputs { files, mut unread } = inputs(&args.files)?;
    let drawing = Drawing::for_stdout();
    let mut told = Told::default();
    let (mut looked, mut empty) = (0, 0);
    let mut last = None;
    for path in &files {
        match compiled(path) {
            Ok(mut compiled) => {
                looked += 1;
                if describes_nothing(&compiled) {
                    empty += 1;
                    say(&format!("{} describes nothing: it is empty", shown(path)));
                }
                told.add(&mut compiled, args.format, &drawing);
                last = Some(compiled);
            }
            Err(stop) => unread.push(stop.message),
        }
    }
    // The program ends soon: taking the last process apart would only take time.
    std::mem::forget(last);
    unread.iter().for_each(|reason| say(&format!("error: {}", Report::plain(reason))));
    match args.format {
        Format::Human => print(&told.drawn)?,
        Format::Json => print(&document(looked, told.findings))?,
    }
    if looked > empty {
        say(&format!("{} checked: {}", counted(looked, "file"), counts(&told.diagnostics)));
    }
    if told.rules > 0 {
        say(&format!("{} read, but not proved yet", counted(told.rules, "rule")));
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
    /// How many rules their authors wrote.
    rules: usize,
}

impl Told {
    fn add(&mut self, compiled: &mut Compiled, format: Format, drawing: &Drawing) {
        let Compiled { sources, model, findings: found, .. } = compiled;
        let mut findings = std::mem::take(found);
        self.rules += model.rules.len();
        findings.retain(|finding| {
            let place = finding.place();
            let file = sources.file(place.file).name.clone();
            self.seen.insert((file, place.span.start, finding.rule.name, finding.message.clone()))
        });
        match format {
            Format::Human => self.drawn += &drawing.draw_all(&findings, sources, "--format json"),
            Format::Json => {
                self.findings.extend(findings.iter().map(|finding| Finding::of(finding, sources)))
            }
        }
        self.diagnostics.extend(findings);
    }
}
