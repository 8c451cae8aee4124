//! Findings as SARIF 2.1.0, the format in which analysers and code hosts exchange results.
//!
//! Written: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os.html>

use crate::cli::json::{By, Edit, Finding, Range, Step, Suppressed, pretty};
use crate::diagnostic::{Applicability, Rule, RunKind, Severity};
use crate::emit::rule_page;
use serde::Serialize;
use std::collections::BTreeMap;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The form of our fingerprints.
const FINGERPRINT: &str = "vup/v1";

#[derive(Serialize)]
struct Log<'f> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'f>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'f> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<Reported<'f>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Text,
    full_description: Text,
    help: Text,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Text {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reported<'f> {
    rule_id: &'f str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, &'f str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_flows: Vec<CodeFlow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'f>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression<'f>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeFlow {
    message: Text,
    thread_flows: [ThreadFlow; 1],
}

#[derive(Serialize)]
struct ThreadFlow {
    locations: Vec<FlowLocation>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FlowLocation {
    location: Location,
    execution_order: usize,
    importance: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'f> {
    description: Text,
    artifact_changes: Vec<ArtifactChange<'f>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'f> {
    artifact_location: Artifact,
    replacements: Vec<Replacement<'f>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'f> {
    deleted_region: Region,
    inserted_content: Inserted<'f>,
}

#[derive(Serialize)]
struct Inserted<'f> {
    text: &'f str,
}

#[derive(Serialize)]
struct Suppression<'f> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'f str>,
}

pub fn print(findings: &[Finding], suppressed: &[Suppressed]) -> String {
    let all = || findings.iter().chain(suppressed.iter().map(|it| &it.finding));
    let mut rules = crate::rules();
    rules.retain(|rule| all().any(|finding| finding.rule == rule.name));
    let told = findings.iter().map(|finding| result(finding, &rules, Vec::new()));
    let results = told.chain(suppressed.iter().map(|it| {
        let kind = if it.by == By::Comment { "inSource" } else { "external" };
        let suppression = Suppression { kind, justification: it.reason.as_deref() };
        result(&it.finding, &rules, vec![suppression])
    }));
    let run = Run {
        results: results.collect(),
        column_kind: "unicodeCodePoints",
        tool: Tool {
            driver: Driver {
                name: "vup",
                semantic_version: env!("CARGO_PKG_VERSION"),
                rules: rules.iter().map(|rule| descriptor(rule)).collect(),
            },
        },
    };
    pretty(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

fn descriptor(rule: &Rule) -> Descriptor {
    Descriptor {
        id: rule.name,
        short_description: text(rule.summary),
        full_description: text(rule.why),
        help: Text {
            text: format!("{}. {}", rule.summary, rule.why),
            markdown: Some(rule_page::markdown(rule)),
        },
        default_configuration: Configuration { level: level(rule.severity) },
    }
}

fn result<'f>(
    finding: &'f Finding,
    rules: &[&Rule],
    suppressions: Vec<Suppression<'f>>,
) -> Reported<'f> {
    let help = finding.help.iter().map(|help| format!("\n\n{help}"));
    let mut at = location(&finding.at);
    if !finding.item.is_empty() {
        at.logical_locations = vec![Logical { fully_qualified_name: finding.item.clone() }];
    }
    let related = finding.labels.iter().enumerate().map(|(index, label)| Location {
        id: Some(index + 1),
        message: Some(text(&label.text)),
        ..location(&label.at)
    });
    Reported {
        rule_id: finding.rule,
        rule_index: rules.iter().position(|rule| rule.name == finding.rule).unwrap_or_default(),
        level: level(finding.severity),
        message: text(&(finding.message.clone() + &help.collect::<String>())),
        locations: [at],
        related_locations: related.collect(),
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, finding.fingerprint.as_str())]),
        code_flows: code_flow(&finding.steps).into_iter().collect(),
        fixes: finding.edit.iter().map(fix).collect(),
        suppressions,
    }
}

/// The run that shows a finding, as a debugger would step through it.
fn code_flow(steps: &[Step]) -> Option<CodeFlow> {
    let locations = steps.iter().enumerate().map(|(index, step)| {
        let says = match step.kind {
            RunKind::PassedBy => format!("{}: does not apply", step.text),
            _ => step.text.clone(),
        };
        FlowLocation {
            location: Location { message: Some(text(&says)), ..location(&step.at) },
            execution_order: index,
            importance: match (step.marked, step.kind) {
                (true, _) => "essential",
                (false, RunKind::PassedBy) => "unimportant",
                (false, _) => "important",
            },
        }
    });
    let message = text("the shortest run that shows it");
    (!steps.is_empty()).then(|| CodeFlow {
        message,
        thread_flows: [ThreadFlow { locations: locations.collect() }],
    })
}

fn fix(edit: &Edit) -> Fix<'_> {
    let of_files = edit.changes.chunk_by(|one, next| one.at.file == next.at.file);
    let changes = of_files.map(|changes| ArtifactChange {
        artifact_location: Artifact { uri: uri(&changes[0].at.file) },
        replacements: changes
            .iter()
            .map(|change| Replacement {
                deleted_region: region(&change.at),
                inserted_content: Inserted { text: &change.replacement },
            })
            .collect(),
    });
    let says = match edit.applicability {
        Applicability::Safe => "write what was meant",
        Applicability::Suggested => "one way out, to be looked at",
    };
    Fix { description: text(says), artifact_changes: changes.collect() }
}

fn location(at: &Range) -> Location {
    let artifact_location = Artifact { uri: uri(&at.file) };
    let physical_location = Physical { artifact_location, region: region(at) };
    Location { id: None, physical_location, logical_locations: Vec::new(), message: None }
}

fn region(at: &Range) -> Region {
    Region {
        start_line: at.line,
        start_column: at.column,
        end_line: at.end_line,
        end_column: at.end_column,
    }
}

fn text(text: &str) -> Text {
    Text { text: text.to_string(), markdown: None }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A file as a reference: relative ones stay so, and what a reference cannot hold is escaped.
fn uri(file: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte);
    let escaped = file.bytes().map(|byte| match plain(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    let escaped: String = escaped.collect();
    if file.starts_with('/') { format!("file://{escaped}") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_file_is_a_reference() {
        assert_eq!(uri("a b/größe:1.vup"), "a%20b/gr%C3%B6%C3%9Fe%3A1.vup");
        assert_eq!(uri("/tmp/a.vup"), "file:///tmp/a.vup");
    }
}
