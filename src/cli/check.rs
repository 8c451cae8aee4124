//! `vup check`: says what is wrong with processes.

use super::files::{Inputs, Texts, compiled_with, inputs, real};
use super::fix::{Mends, Offers};
use super::json::{Finding, document};
use super::output::{Drawing, counted, counts, print, say};
use super::{CheckArgs, Exit, FailOn, Format, Stop};
use crate::Compiled;
use crate::diagnostic::{Applicability, Diagnostic, Report, Severity};
use crate::source::Sources;
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

pub fn run(args: &CheckArgs) -> Result<Exit, Stop> {
    let Inputs { mut files, mut unread } = inputs(&args.files)?;
    let mut texts = Texts::default();
    let mends = (args.fix || args.diff).then(|| Mends::of(&files, least_sure(args)));
    if let Some(mends) = &mends {
        unread.extend(mends.unread.iter().cloned());
        files = mends.paths();
        texts = if args.diff { mends.undone() } else { mends.texts.clone() };
    }
    let mut told = Told { mends: mends.as_ref(), ..Told::default() };
    told.look(&files, &texts, args, &mut unread);
    if let Some(mends) = mends.as_ref().filter(|_| !args.diff) {
        unread.extend(mends.write());
    }
    unread.iter().for_each(|reason| say(&format!("error: {}", Report::plain(reason))));
    let findings = match args.format {
        Format::Human => std::mem::take(&mut told.drawn),
        Format::Json => document(told.looked, std::mem::take(&mut told.findings)),
    };
    match &mends {
        None => print(&findings)?,
        Some(mends) => {
            match mends.stdin() {
                _ if args.diff => print(&mends.diff())?,
                None => print(&findings)?,
                // What is piped on is the text.
                Some(mended) => {
                    findings.lines().for_each(say);
                    print(mended)?;
                }
            }
            mends.tell(!args.diff);
            told.offers.tell_elsewhere();
        }
    }
    if told.looked > told.empty {
        let offered = if args.diff { String::new() } else { told.offers.told() };
        let counts = counts(&told.diagnostics);
        say(&format!("{} checked: {counts}{offered}", counted(told.looked, "file")));
    }
    Ok(told.exit(unread.is_empty(), args.fail_on))
}

fn least_sure(args: &CheckArgs) -> Applicability {
    if args.suggested { Applicability::Suggested } else { Applicability::Safe }
}

/// What is left of a file once it was looked at.
struct Checked {
    /// Empty where nothing was found.
    sources: Sources,
    findings: Vec<Diagnostic>,
    describes_nothing: bool,
}

fn checked(path: &Path, texts: &Texts, files: usize) -> Result<Checked, Stop> {
    let compiled = compiled_with(path, texts)?;
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
struct Told<'m> {
    /// What was tried to mend.
    mends: Option<&'m Mends>,
    /// How many files were looked at, and how many of them are empty.
    looked: usize,
    empty: usize,
    seen: HashSet<(String, u32, &'static str, String)>,
    diagnostics: Vec<Diagnostic>,
    offers: Offers,
    findings: Vec<Finding>,
    drawn: String,
}

impl Told<'_> {
    fn look(
        &mut self,
        files: &[PathBuf],
        texts: &Texts,
        args: &CheckArgs,
        unread: &mut Vec<String>,
    ) {
        let drawing = Drawing::for_stdout();
        let named: HashSet<PathBuf> = files.iter().map(|path| real(path)).collect();
        let all: Vec<_> = files.par_iter().map(|path| checked(path, texts, files.len())).collect();
        for (path, checked) in files.iter().zip(all) {
            match checked {
                Ok(checked) => {
                    self.looked += 1;
                    if checked.describes_nothing {
                        self.empty += 1;
                        say(&format!("{} describes nothing: it is empty", shown(path)));
                    }
                    self.add(checked, args.format, &drawing, &named);
                }
                Err(stop) => unread.push(stop.message),
            }
        }
    }

    fn exit(&self, all_read: bool, fail_on: FailOn) -> Exit {
        let least = match fail_on {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Note => Severity::Note,
        };
        let failed = self.diagnostics.iter().any(|finding| finding.severity() >= least);
        match (all_read, failed) {
            (false, _) => Exit::Files,
            (true, true) => Exit::Findings,
            (true, false) if self.looked == self.empty => Exit::NoInput,
            (true, false) => Exit::Clean,
        }
    }

    fn add(
        &mut self,
        checked: Checked,
        format: Format,
        drawing: &Drawing,
        named: &HashSet<PathBuf>,
    ) {
        let Checked { sources, mut findings, .. } = checked;
        findings.retain(|finding| {
            let place = finding.place();
            let file = sources.file(place.file).name.clone();
            self.seen.insert((file, place.span.start, finding.rule.name, finding.message.clone()))
        });
        self.offers.add(&findings, &sources, named, self.mends);
        match format {
            Format::Human => self.drawn += &drawing.draw_all(&findings, &sources, "--format json"),
            Format::Json => {
                self.findings.extend(findings.iter().map(|finding| Finding::of(finding, &sources)))
            }
        }
        self.diagnostics.extend(findings);
    }
}
