//! What is told about a process: a rule, a sentence, the places, a way out.
//!
//! Wording: lower case, no full stop, the user's text in backticks, none of our own type names;
//! advice goes into `help`.

mod report;

pub use report::Report;

use crate::source::Place;
use std::fmt;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// Something that `vup` looks for. Its name is permanent.
#[derive(Debug, PartialEq)]
pub struct Rule {
    /// Kebab-case.
    pub name: &'static str,
    pub severity: Severity,
    /// What a finding of this rule says, in one sentence.
    pub summary: &'static str,
    /// Why it matters to those who follow the process.
    pub why: &'static str,
    /// A smallest file in which the rule speaks.
    pub wrong: &'static str,
    /// The same file, mended.
    pub right: &'static str,
}

/// A place in the text and what is to be seen there.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub place: Place,
    pub text: String,
}

/// A change to the text that mends a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    pub place: Place,
    pub replacement: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub rule: &'static Rule,
    pub message: String,
    /// The first is where the finding is; the others show what it has to do with.
    pub labels: Vec<Label>,
    pub help: Option<String>,
    pub edit: Option<Edit>,
}

impl Diagnostic {
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Self {
        let label = Label { place, text: String::new() };
        Diagnostic { rule, message: message.into(), labels: vec![label], help: None, edit: None }
    }

    /// Says what is to be seen at the place of the finding itself.
    pub fn here(mut self, text: impl Into<String>) -> Self {
        self.labels[0].text = text.into();
        self
    }

    /// Adds another place that the finding has to do with.
    pub fn label(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label { place, text: text.into() });
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn edit(mut self, place: Place, replacement: impl Into<String>) -> Self {
        self.edit = Some(Edit { place, replacement: replacement.into() });
        self
    }

    pub fn place(&self) -> Place {
        self.labels[0].place
    }

    pub fn severity(&self) -> Severity {
        self.rule.severity
    }
}

/// Puts findings into the order in which they are told: by file, by place, by rule.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        (a.place(), a.rule.name, &a.message).cmp(&(b.place(), b.rule.name, &b.message))
    });
    diagnostics.dedup();
}

/// Helps with misspellings: the known word nearest to `word`, where one is near enough.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= allowed && *candidate != word)
        .min()
        .map(|(_, candidate)| candidate)
}
