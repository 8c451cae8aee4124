//! `--baseline`: the findings that were there when `vup` was adopted. They are not told again, and those
//! that are gone are.

use super::output::deliver;
use super::{Exit, Stop};
use crate::diagnostic::Report;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// The name and version of the form.
const SCHEMA: &str = "vup-baseline/1";

/// A baseline, as it is kept beside the processes.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "vup-baseline/1")]
#[serde(deny_unknown_fields, expecting = "an object with `schema` and `findings`")]
pub struct Document {
    /// `vup-baseline/1`.
    schema: String,
    findings: Vec<Entry>,
}

/// A finding that was there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, expecting = "an object that is a finding")]
pub struct Entry {
    /// As seen from the folder of the project.
    pub file: String,
    /// The process that was looked at, where the finding is in a file that it uses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<String>,
    pub rule: String,
    pub message: String,
    /// From the rule, the file, the item and the message; not from the line.
    pub fingerprint: String,
}

impl Entry {
    /// Whether it would have been met: what is in a file that others use shows only in the process in which
    /// it was found.
    fn would_be_found(&self, was_looked_at: impl Fn(&str) -> bool) -> bool {
        was_looked_at(self.process.as_ref().unwrap_or(&self.file))
    }
}

/// What is known, and what of it was met.
#[derive(Debug, Default)]
pub struct Baseline {
    entries: BTreeMap<String, Entry>,
    met: HashSet<String>,
    /// All that was found and can be known, known or not.
    found: Vec<Entry>,
    /// Whether what is found is known from now on.
    takes_all: bool,
}

impl Baseline {
    /// Reads a baseline; where one is to be written, there may be none yet.
    pub fn read(path: &Path, takes_all: bool) -> Result<Baseline, Stop> {
        let shown = Report::plain(&path.display().to_string());
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && takes_all => {
                return Ok(Baseline { takes_all, ..Baseline::default() });
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let message = format!("there is no baseline {shown}; --update-baseline writes it");
                return Err(Stop::new(Exit::Files, message));
            }
            Err(error) => {
                return Err(Stop::new(Exit::Files, format!("cannot read {shown}: {error}")));
            }
        };
        let wrong = |reason: String| {
            let help = "delete it, and write it anew with --update-baseline";
            Stop::new(Exit::Usage, format!("{shown} is no baseline: {reason}; {help}"))
        };
        let document: Document = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| wrong(error.to_string()))?;
        if document.schema != SCHEMA {
            return Err(wrong(format!("it is of the form `{}`, not {SCHEMA}", document.schema)));
        }
        let by_print = |entry: Entry| (entry.fingerprint.clone(), entry);
        let entries = document.findings.into_iter().map(by_print).collect();
        Ok(Baseline { entries, takes_all, ..Baseline::default() })
    }

    /// Whether a finding was there before, by its fingerprint.
    pub fn has(&self, fingerprint: &str) -> bool {
        self.entries.contains_key(fingerprint)
    }

    /// Takes note of a finding; whether it is known.
    pub fn knows(&mut self, entry: Entry) -> bool {
        let is_known = self.takes_all || self.has(&entry.fingerprint);
        self.met.insert(entry.fingerprint.clone());
        self.found.push(entry);
        is_known
    }

    /// Entries of the files that were looked at for which there is no finding any more.
    pub fn finished(&self, was_looked_at: impl Fn(&str) -> bool) -> Vec<&Entry> {
        let mut finished: Vec<&Entry> = self.entries.values().collect();
        finished
            .retain(|it| !self.met.contains(&it.fingerprint) && it.would_be_found(&was_looked_at));
        finished.sort();
        finished
    }

    /// Writes what is found now; what is known of other files stays.
    pub fn write(self, path: &Path, was_looked_at: impl Fn(&str) -> bool) -> Result<usize, Stop> {
        let Baseline { entries, mut found, met, .. } = self;
        let others = entries.into_values();
        found.extend(
            others
                .filter(|it| !it.would_be_found(&was_looked_at) && !met.contains(&it.fingerprint)),
        );
        found.sort();
        let count = found.len();
        let document = Document { schema: SCHEMA.to_string(), findings: found };
        let text = serde_json::to_string_pretty(&document);
        let text = text.expect("texts are always JSON") + "\n";
        deliver(text, Some(path), true)?;
        Ok(count)
    }
}
