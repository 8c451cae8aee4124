//! What was found in all files, in one order, sorted into what is told and what is suppressed.

use super::{github, gitlab, junit, plain, sarif};
use crate::Compiled;
use crate::cli::baseline::{Baseline, Entry};
use crate::cli::config::Configs;
use crate::cli::files::{Texts, compiled_with};
use crate::cli::fingerprint::{self, Fingerprints};
use crate::cli::fix::{Mends, Offers};
use crate::cli::hosts::Hosts;
use crate::cli::json::{By, Finding, Suppressed, document};
use crate::cli::output::{Drawing, say};
use crate::cli::places::real;
use crate::cli::{Exit, Format, Stop};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::source::Sources;
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// What is left of a file once it was looked at.
struct Checked {
    name: String,
    /// Empty where nothing was found.
    sources: Sources,
    found: Vec<Found>,
    describes_nothing: bool,
    /// Its flow is not followed before its lines and names are right.
    is_unfollowed: bool,
}

struct Found {
    diagnostic: Diagnostic,
    /// The item that it is in.
    item: String,
    /// Why the text allows it, if it does.
    reason: Option<String>,
}

fn checked(path: &Path, texts: &Texts, configs: &Configs, files: usize) -> Result<Checked, Stop> {
    let compiled = compiled_with(path, texts, configs)?;
    let describes_nothing = describes_nothing(&compiled);
    let is_unfollowed =
        compiled.model.is_process && compiled.flow.is_none() && compiled.has_errors();
    let Compiled { sources, trees, model, flow, findings, allowed } = compiled;
    let told = findings.into_iter().map(|finding| (finding, None));
    let allowed = allowed.into_iter().map(|it| (it.finding, Some(it.reason)));
    let found = told.chain(allowed).map(|(diagnostic, reason)| {
        let item = fingerprint::item(&diagnostic, &sources, &trees);
        Found { diagnostic, item, reason }
    });
    let mut found: Vec<Found> = found.collect();
    found.sort_by_key(|found| fingerprint::order(&found.diagnostic));
    if files == 1 {
        // The program ends soon: taking the process apart would only take time.
        std::mem::forget((trees, model, flow));
    }
    let name = sources.iter().next().map(|file| file.name.clone()).unwrap_or_default();
    let sources = if found.is_empty() { Sources::default() } else { sources };
    Ok(Checked { name, sources, found, describes_nothing, is_unfollowed })
}

/// Whether a file holds nothing but blank lines and comments. To find nothing wrong with it would
/// be to call it good.
fn describes_nothing(compiled: &Compiled) -> bool {
    let Some(file) = compiled.sources.iter().next() else { return true };
    let mut lines = file.text.trim_start_matches('\u{feff}').lines().map(str::trim);
    compiled.findings.is_empty() && lines.all(|line| line.is_empty() || line.starts_with("//"))
}

/// What was found so far. A library that several processes use is told of once.
pub struct Told<'m> {
    /// What was tried to mend.
    mends: Option<&'m Mends>,
    format: Format,
    /// The files that were looked at, and how many of them are empty.
    pub files: Vec<String>,
    empty: usize,
    /// How many cannot be followed yet.
    unfollowed: usize,
    seen: HashSet<(String, u32, &'static str, String)>,
    pub diagnostics: Vec<Diagnostic>,
    pub offers: Offers,
    findings: Vec<Finding>,
    pub suppressed: Vec<Suppressed>,
    pub prints: Fingerprints,
    pub baseline: Option<Baseline>,
    drawn: String,
}

impl<'m> Told<'m> {
    pub fn new(format: Format, baseline: Option<Baseline>, mends: Option<&'m Mends>) -> Self {
        Told {
            mends,
            format,
            files: Vec::new(),
            empty: 0,
            unfollowed: 0,
            seen: HashSet::new(),
            diagnostics: Vec::new(),
            offers: Offers::default(),
            findings: Vec::new(),
            suppressed: Vec::new(),
            prints: Fingerprints::default(),
            baseline,
            drawn: String::new(),
        }
    }

    /// Looks at all files at once, and tells of them in their order.
    pub fn look(
        &mut self,
        files: &[PathBuf],
        texts: &Texts,
        configs: &Configs,
        unread: &mut Vec<String>,
    ) -> Result<(), Stop> {
        let drawing = Drawing::for_stdout();
        let named: HashSet<PathBuf> = files.iter().map(|path| real(path)).collect();
        let look = |path: &PathBuf| checked(path, texts, configs, files.len());
        let all: Vec<_> = files.par_iter().map(look).collect();
        for (path, checked) in files.iter().zip(all) {
            match checked {
                Ok(checked) => {
                    if checked.describes_nothing {
                        self.empty += 1;
                        let name = Report::plain(&path.display().to_string());
                        say(&format!("note: {name} describes nothing: it is empty"));
                    }
                    self.add(checked, &drawing, &named);
                }
                Err(stop) if stop.exit == Exit::Usage => return Err(stop),
                Err(stop) => unread.push(stop.message),
            }
        }
        Ok(())
    }

    fn add(&mut self, checked: Checked, drawing: &Drawing, named: &HashSet<PathBuf>) {
        let Checked { name, sources, found, is_unfollowed, .. } = checked;
        self.unfollowed += usize::from(is_unfollowed);
        self.files.push(name);
        let mut told = Vec::new();
        for Found { diagnostic, item, reason } in found {
            let place = diagnostic.place();
            let (rule, message) = (diagnostic.rule.name, diagnostic.message.clone());
            let file = sources.file(place.file).name.clone();
            if self.seen.insert((file, place.span.start, rule, message))
                && self.is_told(&diagnostic, item, reason, &sources)
            {
                told.push(diagnostic);
            }
        }
        self.offers.add(&told, &sources, named, self.mends);
        if self.format == Format::Human {
            self.drawn += &drawing.draw_all(&told, &sources, "--format plain");
        }
        self.diagnostics.extend(told);
    }

    /// Notes a finding; whether it is told, or suppressed.
    fn is_told(
        &mut self,
        diagnostic: &Diagnostic,
        item: String,
        reason: Option<String>,
        sources: &Sources,
    ) -> bool {
        if self.format == Format::Human && self.baseline.is_none() && reason.is_none() {
            return true;
        }
        let mut finding = Finding::of(diagnostic, sources);
        let Finding { rule, message, at, .. } = &finding;
        finding.fingerprint = self.prints.next(rule, &at.file, &item, message);
        finding.item = item;
        let by = match (&reason, &mut self.baseline) {
            (Some(_), _) => Some(By::Comment),
            // What all else stands on is told until it is mended.
            (None, Some(baseline)) if !crate::is_soundness(diagnostic.rule) => {
                let file = self.prints.file(&finding.at.file);
                let looked_at = sources.iter().next().map(|first| self.prints.file(&first.name));
                let process = looked_at.filter(|process| *process != file);
                let (rule, message) = (finding.rule.to_string(), finding.message.clone());
                let fingerprint = finding.fingerprint.clone();
                let entry = Entry { file, process, rule, message, fingerprint };
                baseline.knows(entry).then_some(By::Baseline)
            }
            _ => None,
        };
        match by {
            Some(by) => self.suppressed.push(Suppressed { finding, by, reason }),
            None => self.findings.push(finding),
        }
        by.is_none()
    }

    /// Whether there was something to look at.
    pub fn is_anything(&self) -> bool {
        self.files.len() > self.empty
    }

    /// How many are suppressed, as it is added to the last line.
    pub fn suppressed(&self) -> String {
        let count = |by| self.suppressed.iter().filter(|it| it.by == by).count();
        let told = |count: usize, words: &str| match count {
            0 => String::new(),
            _ => format!("; {count} {words}"),
        };
        told(count(By::Comment), "allowed") + &told(count(By::Baseline), "in the baseline")
    }

    /// That there may be more to find, as it is added to the last line.
    pub fn not_followed(&self) -> String {
        let is_error = |finding: &&Diagnostic| finding.severity() == Severity::Error;
        let errors = self.diagnostics.iter().filter(is_error).count();
        match (self.unfollowed, errors) {
            (0, _) | (_, 0) => String::new(),
            (1, 1) => "; the flow is followed once the error is mended".to_string(),
            (1, _) => "; the flow is followed once the errors are mended".to_string(),
            (files, _) => {
                format!("; the flow of {files} files is followed once their errors are mended")
            }
        }
    }

    /// All of it, in the format that was asked for.
    pub fn printed(&mut self, least: Severity) -> Result<String, Stop> {
        let mut files = self.files.clone();
        if matches!(self.format, Format::Sarif | Format::Github | Format::Gitlab | Format::Junit) {
            let hosts = Hosts::here();
            files.iter_mut().for_each(|file| *file = hosts.name(file));
            self.findings.iter_mut().for_each(|finding| hosts.rename(finding));
            self.suppressed.iter_mut().for_each(|it| hosts.rename(&mut it.finding));
        }
        let (findings, suppressed) = (&self.findings, &self.suppressed);
        Ok(match self.format {
            Format::Human => std::mem::take(&mut self.drawn),
            Format::Plain => plain::print(findings),
            Format::Json => document(files.len(), findings, suppressed),
            Format::Sarif => sarif::print(findings, suppressed),
            Format::Github => github::print(findings),
            Format::Gitlab => gitlab::print(findings),
            Format::Junit => junit::print(&files, findings, suppressed, least)?,
        })
    }

    pub fn exit(&self, all_read: bool, least: Severity) -> Exit {
        let failed = self.diagnostics.iter().any(|finding| finding.severity() >= least);
        match (all_read, failed) {
            (false, _) => Exit::Files,
            (true, true) => Exit::Findings,
            (true, false) if !self.is_anything() => Exit::NoInput,
            (true, false) => Exit::Clean,
        }
    }
}
