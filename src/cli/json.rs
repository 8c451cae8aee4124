//! Findings for programs: one JSON document, versioned.

use crate::diagnostic::{Applicability, Change, Diagnostic, RunKind, RunStep, Severity};
use crate::source::{Place, Sources};
use serde::Serialize;

/// The name and version of the form. Fields may be added under the same version.
const SCHEMA: &str = "vup-check/1";

#[derive(Debug, Serialize)]
pub struct Document {
    schema: &'static str,
    /// How many files were looked at, those that are used not counted again.
    files: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    findings: Vec<Finding>,
}

#[derive(Debug, Serialize)]
pub struct Finding {
    rule: &'static str,
    severity: Severity,
    pub message: String,
    #[serde(flatten)]
    pub at: Range,
    /// Other places that it has to do with.
    labels: Vec<Label>,
    help: Option<String>,
    /// The shortest run that shows it, step by step; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    run: Vec<String>,
    /// The same, thing by thing and whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<Step>,
    /// What mends it: all changes of it together.
    edit: Option<Edit>,
}

#[derive(Debug, Serialize)]
struct Label {
    text: String,
    #[serde(flatten)]
    at: Range,
}

/// One thing on a run: where the item, the event or the outcome stands.
#[derive(Debug, Serialize)]
struct Step {
    kind: RunKind,
    text: String,
    #[serde(flatten)]
    at: Range,
    /// The branch by which a decision goes on.
    branch: Option<Range>,
    /// Whether the finding speaks of it.
    marked: bool,
}

#[derive(Debug, Serialize)]
struct Edit {
    applicability: Applicability,
    changes: Vec<Replacement>,
}

#[derive(Debug, Serialize)]
struct Replacement {
    replacement: String,
    #[serde(flatten)]
    at: Range,
}

/// Lines and columns from 1, columns in characters; bytes from 0, the end not included.
#[derive(Debug, Serialize)]
pub struct Range {
    pub file: String,
    pub line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    start_byte: u32,
    end_byte: u32,
}

impl Range {
    pub fn of(place: Place, sources: &Sources) -> Self {
        let file = sources.file(place.file);
        let (line, column) = file.position(place.span.start);
        let (end_line, end_column) = file.position(place.span.end);
        let (start_byte, end_byte) = (place.span.start, place.span.end);
        Range { file: file.name.clone(), line, column, end_line, end_column, start_byte, end_byte }
    }
}

impl Finding {
    pub fn of(finding: &Diagnostic, sources: &Sources) -> Self {
        let label = |label: &crate::diagnostic::Label| Label {
            text: label.text.clone(),
            at: Range::of(label.place, sources),
        };
        let replacement = |Change { place, replacement }| Replacement {
            replacement,
            at: Range::of(place, sources),
        };
        let edit = finding.edit.as_ref().and_then(|edit| {
            let changes = edit.changes(sources)?.into_iter().map(replacement).collect();
            Some(Edit { applicability: edit.applicability, changes })
        });
        let step = |step: &RunStep| Step {
            kind: step.kind,
            text: step.text.clone(),
            at: Range::of(step.place, sources),
            branch: step.branch.map(|place| Range::of(place, sources)),
            marked: step.marked,
        };
        let others = finding.labels.iter().enumerate();
        Finding {
            rule: finding.rule.name,
            severity: finding.severity(),
            message: finding.message.clone(),
            at: Range::of(finding.place(), sources),
            labels: others
                .filter(|(index, other)| *index > 0 || !other.text.is_empty())
                .map(|(_, other)| label(other))
                .collect(),
            help: finding.help.clone(),
            run: finding.run_in_words(),
            steps: finding.run.iter().map(step).collect(),
            edit,
        }
    }
}

pub fn document(files: usize, findings: Vec<Finding>) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let document = Document {
        schema: SCHEMA,
        files,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        findings,
    };
    let text = serde_json::to_string_pretty(&document);
    text.expect("strings and numbers are always JSON") + "\n"
}
