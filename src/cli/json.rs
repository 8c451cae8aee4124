//! Findings for programs: one JSON document, versioned. The other formats of findings are printed from the
//! same structure.

use crate::diagnostic::{Applicability, Change, Diagnostic, RunKind, RunStep, Severity};
use crate::source::{Place, Sources};
use schemars::JsonSchema;
use serde::Serialize;

/// The name and version of the form. Fields may be added under the same version.
const SCHEMA: &str = "vup-check/1";

/// What `vup check --format json` prints.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "vup-check/1")]
pub struct Document<'f> {
    /// `vup-check/1`.
    schema: &'static str,
    /// How many files were looked at, those that are used not counted again.
    files: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    findings: &'f [Finding],
    /// What was found, and is not counted: the text allows it, or it is in the baseline.
    suppressed: &'f [Suppressed],
}

/// Something that is wrong.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Finding {
    pub rule: &'static str,
    pub severity: Severity,
    pub message: String,
    #[serde(flatten)]
    pub at: Range,
    /// The innermost item with a name that it is in, with those around it: `build.compile`.
    pub item: String,
    /// What it is known by from one run to the next; it does not change when lines move.
    pub fingerprint: String,
    /// What is to be seen at places that it has to do with.
    pub labels: Vec<Label>,
    pub help: Option<String>,
    /// The shortest run that shows it, step by step; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub run: Vec<String>,
    /// The same, thing by thing and whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// What mends it: all changes of it together.
    pub edit: Option<Edit>,
}

/// A finding that is not counted.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Suppressed {
    #[serde(flatten)]
    pub finding: Finding,
    pub by: By,
    /// Why, where the text says it.
    pub reason: Option<String>,
}

/// What suppresses a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// A comment on the line before.
    Comment,
    /// It was there when the baseline was written.
    Baseline,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Label {
    pub text: String,
    #[serde(flatten)]
    pub at: Range,
}

/// One thing on a run: where the item, the event or the outcome stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Step {
    pub kind: RunKind,
    pub text: String,
    #[serde(flatten)]
    pub at: Range,
    /// The branch by which a decision goes on.
    pub branch: Option<Range>,
    /// Whether the finding speaks of it.
    pub marked: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Edit {
    pub applicability: Applicability,
    pub changes: Vec<Replacement>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Replacement {
    pub replacement: String,
    #[serde(flatten)]
    pub at: Range,
}

/// Lines and columns from 1, columns in characters; bytes from 0, the end not included.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Range {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
    pub start_byte: u32,
    pub end_byte: u32,
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
    /// A finding without what it is known by.
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
            item: String::new(),
            fingerprint: String::new(),
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

    /// Every place that it speaks of.
    pub fn ranges_mut(&mut self) -> impl Iterator<Item = &mut Range> {
        let labels = self.labels.iter_mut().map(|label| &mut label.at);
        let steps = self
            .steps
            .iter_mut()
            .flat_map(|step| std::iter::once(&mut step.at).chain(&mut step.branch));
        let edits = self.edit.iter_mut().flat_map(|edit| &mut edit.changes);
        let edits = edits.map(|change| &mut change.at);
        std::iter::once(&mut self.at).chain(labels).chain(steps).chain(edits)
    }

    /// What is said beside the message, a line for each: the ways out and the run.
    pub fn more(&self) -> Vec<String> {
        let help = self.help.iter().map(|help| format!("help: {help}"));
        let run = self.run.iter().map(|line| format!("  {line}"));
        let heading = (!self.run.is_empty()).then(|| "the shortest run that shows it:".to_string());
        help.chain(heading).chain(run).collect()
    }
}

pub fn document(files: usize, findings: &[Finding], suppressed: &[Suppressed]) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let document = Document {
        schema: SCHEMA,
        files,
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        findings,
        suppressed,
    };
    pretty(&document)
}

/// A document of ours as text.
pub fn pretty(document: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(document);
    text.expect("strings and numbers are always JSON") + "\n"
}
