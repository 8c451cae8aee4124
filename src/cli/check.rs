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
    let mut unread = 0;
    for path in &files {
        match compiled(path) {
            Ok(compiled) => {
                told.rules += compiled.model.rules.len();
                for finding in compiled.findings {
                    told.add(finding, &compiled.sources, args.format, &drawing);
                }
            }
            Err(stop) => {
                say(&format!("error: {}", stop.message));
                unread += 1;
            }
        }
    }
    match args.format {
        Format::Human => print(&told.drawn)?,
        Format::Json => print(&document(files.len() - unread, told.findings))?,
    }
    let looked = files.len() - unread;
    if looked > 0 {
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
    Ok(match (unread, failed) {
        (0, false) => Exit::Clean,
        (0, true) => Exit::Findings,
        _ => Exit::Files,
    })
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
