//! `vup check`: says what is wrong with processes.

use super::files::{compiled, inputs};
use super::json::{Finding, document};
use super::output::{Drawing, counted, counts, print, say};
use super::{CheckArgs, Exit, FailOn, Format, Stop};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;
use std::collections::HashSet;

pub fn run(args: &CheckArgs) -> Result<Exit, Stop> {
    let files = inputs(&args.files)?;
    let drawing = Drawing::for_stdout();
    let mut told = Told::default();
    let mut unread = None;
    for path in &files {
        match compiled(path) {
            Ok(compiled) => {
                for finding in compiled.findings {
                    told.add(finding, &compiled.sources, args.format, &drawing);
                }
            }
            Err(stop) => {
                say(&format!("error: {}", stop.message));
                unread = Some(stop.exit);
            }
        }
    }
    match args.format {
        Format::Human => print(&told.drawn)?,
        Format::Json => print(&document(files.len(), told.findings))?,
    }
    let looked = counted(files.len(), "file");
    say(&format!("{looked} checked: {}", counts(&told.diagnostics)));
    let least = match args.fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Note => Severity::Note,
    };
    let failed = told.diagnostics.iter().any(|finding| finding.severity() >= least);
    Ok(unread.unwrap_or(if failed { Exit::Findings } else { Exit::Clean }))
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
    fn add(&mut self, finding: Diagnostic, sources: &Sources, format: Format, drawing: &Drawing) {
        let place = finding.place();
        let file = sources.file(place.file).name.clone();
        let key = (file, place.span.start, finding.rule.name, finding.message.clone());
        if !self.seen.insert(key) {
            return;
        }
        match format {
            Format::Human => self.drawn += &drawing.draw(&finding, sources),
            Format::Json => self.findings.push(Finding::of(&finding, sources)),
        }
        self.diagnostics.push(finding);
    }
}
