//! What a finding is known by from one run to the next: the rule, the file, the item that it is in and
//! what it says, not the line. So it stays when lines move.

use super::places::{project_of, real};
use crate::Compiled;
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Place, Sources};
use crate::syntax::tree::{Statement, Tree};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::path::Path;

/// The innermost item with a name around the place of a finding, with those around it: `build.compile`.
pub fn item(finding: &Diagnostic, sources: &Sources, trees: &[(FileId, Tree)]) -> String {
    let place = finding.place();
    let tree = trees.iter().find(|(file, _)| *file == place.file);
    let Some((_, tree)) = tree else { return String::new() };
    let (text, at) = (&sources.file(place.file).text, place.span.start);
    let mut names = Vec::new();
    // Statements are in the order of the text, each before those inside it.
    let count = tree.statements.partition_point(|statement| statement.span.start <= at);
    let mut inside = count.saturating_sub(1);
    for (index, statement) in tree.statements[..count].iter().enumerate().rev() {
        let is_around = index == inside || statement.until as usize > inside;
        if is_around && end(statement) >= at {
            inside = index;
            names.extend(statement.name.map(|name| name.of(text)));
        }
    }
    names.reverse();
    names.join(".")
}

/// Where a statement ends with what is inside it.
fn end(statement: &Statement) -> u32 {
    statement.block.map_or(0, |block| block.close).max(statement.span.end)
}

/// What each finding of a compilation is known by, as if its file alone were looked at. Those that the text
/// allows count, too: of findings that are alike, each has its number among all of them.
pub fn of_all(compiled: &Compiled) -> Vec<String> {
    let Compiled { sources, trees, findings, allowed, .. } = compiled;
    let allowed = allowed.iter().map(|it| (None, &it.finding));
    let numbered = findings.iter().enumerate().map(|(at, finding)| (Some(at), finding));
    let mut all: Vec<_> = numbered.chain(allowed).collect();
    all.sort_by_key(|(_, finding)| order(finding));
    let mut prints = vec![String::new(); findings.len()];
    let mut given = Fingerprints::default();
    for (at, finding) in all {
        let file = &sources.file(finding.place().file).name;
        let item = item(finding, sources, trees);
        let print = given.next(finding.rule.name, file, &item, &finding.message);
        if let Some(at) = at {
            prints[at] = print;
        }
    }
    prints
}

/// Where a finding stands among those of a file.
pub fn order(finding: &Diagnostic) -> (Place, &'static str) {
    (finding.place(), finding.rule.name)
}

/// Gives out fingerprints, in the order in which findings are told.
#[derive(Default)]
pub struct Fingerprints {
    /// The files, as seen from the folder of the project, by their names.
    files: HashMap<String, String>,
    /// How often each was given out.
    given: HashMap<String, usize>,
}

impl Fingerprints {
    /// The same finding met twice has the same place, so what has the same print is another: it gets a
    /// number.
    pub fn next(&mut self, rule: &str, file: &str, item: &str, message: &str) -> String {
        let file = self.file(file);
        let digest = Sha256::digest([rule, &file, item, message].join("\0"));
        let mut print: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let count = self.given.entry(print.clone()).or_default();
        *count += 1;
        if *count > 1 {
            print += &format!("-{count}");
        }
        print
    }

    /// A file as seen from the folder of the project, wherever `vup` is run.
    pub fn file(&mut self, name: &str) -> String {
        if let Some(known) = self.files.get(name) {
            return known.clone();
        }
        let path = Path::new(name);
        let real = real(path);
        let seen = real.strip_prefix(project_of(path)).unwrap_or(path);
        let seen = seen.to_string_lossy().replace('\\', "/");
        self.files.insert(name.to_string(), seen.clone());
        seen
    }
}
