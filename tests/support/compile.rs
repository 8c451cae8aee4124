//! Compiles texts for tests, and shows findings as plain text.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::fmt::Write;
use std::path::Path;
use vup::diagnostic::{Applicability, Diagnostic};
use vup::fix::{self, Mended};
use vup::source::{Place, SourceFile, Sources};
use vup::{Compiled, compile};

/// Compiles a text that uses no other files.
pub fn compile_text(text: &str) -> Compiled {
    compile(SourceFile::new("input.vup", text), &mut |_, _| Err("there is no such file".into()))
}

/// Compiles a text that may use the files of a folder.
pub fn compile_in(folder: &Path, name: &str, text: &str) -> Compiled {
    compile(SourceFile::new(name, text), &mut load_in(folder))
}

/// Finds the files of a folder.
pub fn load_in(folder: &Path) -> impl FnMut(&str, &str) -> Result<SourceFile, String> {
    move |user, wanted| {
        let around = Path::new(user).parent().unwrap_or(Path::new(""));
        let name = around.join(wanted);
        match std::fs::read_to_string(folder.join(&name)) {
            Ok(text) => Ok(SourceFile::new(name.to_string_lossy(), text)),
            Err(_) => Err("there is no such file".into()),
        }
    }
}

fn everything_is_told(compiled: &Compiled) -> Vec<bool> {
    vec![true; compiled.findings.len()]
}

/// A text with all edits applied that are at least so sure.
pub fn mended_in(folder: &Path, text: &str, least: Applicability) -> Mended {
    let file = SourceFile::new("input.vup", text);
    let look = &mut fix::Look { load: &mut load_in(folder), told: &everything_is_told };
    fix::mend(file, least, &mut fix::Known::default(), look)
}

/// All findings, one after the other.
pub fn shown(compiled: &Compiled) -> String {
    let findings: Vec<String> =
        compiled.findings.iter().map(|finding| show(finding, &compiled.sources)).collect();
    match findings.is_empty() {
        true => "nothing to tell\n".to_string(),
        false => findings.join("\n"),
    }
}

fn show(finding: &Diagnostic, sources: &Sources) -> String {
    let mut text = String::new();
    let here = &finding.labels[0];
    let (severity, rule) = (finding.severity(), finding.rule.name);
    let message = &finding.message;
    let _ = writeln!(text, "{severity} {rule} {} {message}", range(here.place, sources));
    if !here.text.is_empty() {
        let _ = writeln!(text, "    here: {}", here.text);
    }
    for label in &finding.labels[1..] {
        let _ = writeln!(text, "    {}: {}", range(label.place, sources), label.text);
    }
    if let Some(help) = &finding.help {
        let _ = writeln!(text, "    help: {help}");
    }
    for line in finding.run_in_words() {
        let _ = writeln!(text, "    run: {line}");
    }
    if let Some(edit) = &finding.edit {
        let kind = match edit.applicability {
            Applicability::Safe => "edit",
            Applicability::Suggested => "suggested",
        };
        for change in edit.changes(sources).unwrap_or_default() {
            let written = sources.text(change.place);
            let _ = writeln!(text, "    {kind}: {written:?} becomes {:?}", change.replacement);
        }
    }
    text
}

/// `line:column-column`, with the file's name where it is not the first.
fn range(place: Place, sources: &Sources) -> String {
    let file = sources.file(place.file);
    let (line, column) = file.position(place.span.start);
    let (last, end) = file.position(place.span.end);
    let name = if place.file.0 == 0 { String::new() } else { format!("{}:", file.name) };
    match last == line {
        true => format!("{name}{line}:{column}-{end}"),
        false => format!("{name}{line}:{column}-{last}:{end}"),
    }
}
