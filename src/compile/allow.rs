//! `// vup: allow(rule) reason`: what the text itself allows, on the line before.
//!
//! In: all that was found. Out: what is left of it, and what is allowed. An `allow` without a reason, of a
//! rule that there is not, or of one that all others stand on, allows nothing and is told. So is one that
//! allows nothing, once nothing hides what it could be about.

use crate::diagnostic::{Diagnostic, Near, Rule, Severity, nearest, sort};
use crate::source::{FileId, Place, SourceFile, Sources, Span};
use crate::syntax::tree::Tree;
use std::collections::HashMap;

const BAD: Rule = Rule {
    name: "bad-allow",
    severity: Severity::Error,
    summary: "an `allow` in a comment allows nothing",
    why: "Whoever wrote it thinks that something is allowed. It needs a reason, for those who come \
          later; and what all else stands on cannot be allowed.",
    wrong: r#"process p "P" {
  version 1.0.0
  role owner "Owner"
  // vup: allow(unused-role)
  role writer "Writer"
  step "Work" by owner with writer
}
"#,
    right: r#"process p "P" {
  version 1.0.0
  role owner "Owner"
  // vup: allow(unused-role) he comes in spring
  role writer "Writer"
  step "Work" by owner
}
"#,
};

const STALE: Rule = Rule {
    name: "stale-allow",
    severity: Severity::Warning,
    summary: "an `allow` in a comment stands before a line with nothing to allow",
    why: "It was needed once. Left there, it would hide the same mistake when somebody makes it anew.",
    wrong: r#"process p "P" {
  version 1.0.0
  role owner "Owner"
  // vup: allow(unused-role) he comes in spring
  role writer "Writer"
  step "Work" by owner with writer
}
"#,
    right: r#"process p "P" {
  version 1.0.0
  role owner "Owner"
  // vup: allow(unused-role) he comes in spring
  role writer "Writer"
  step "Work" by owner
}
"#,
};

pub const RULES: [&Rule; 2] = [&BAD, &STALE];

/// Starts a comment that is for us.
const START: &str = "vup:";

/// A finding that the text allows.
#[derive(Clone, Debug, PartialEq)]
pub struct Allowed {
    pub finding: Diagnostic,
    pub reason: String,
}

/// One rule in one comment.
struct Allow<'t> {
    rule: &'t str,
    place: Place,
    reason: &'t str,
    is_used: bool,
}

/// By the file and the line, from 0, that they stand before.
type Allows<'t> = HashMap<(FileId, usize), Vec<Allow<'t>>>;

/// Divides what was found into what is told and what is allowed.
pub fn sorted_out(
    sources: &Sources,
    trees: &[(FileId, Tree)],
    is_followed: bool,
    findings: Vec<Diagnostic>,
) -> (Vec<Diagnostic>, Vec<Allowed>) {
    let (mut allows, mut told) = (Allows::new(), Vec::new());
    for (file, tree) in trees {
        read(sources.file(*file), *file, tree, &mut allows, &mut told);
    }
    if allows.is_empty() && told.is_empty() {
        return (findings, Vec::new());
    }
    let hides = |finding: &Diagnostic| crate::is_soundness(finding.rule);
    let all_is_known = is_followed && !findings.iter().any(hides);
    let mut allowed = Vec::new();
    for finding in findings {
        let Place { file, span } = finding.place();
        let line = sources.file(file).lines.line(span.start);
        let here = allows.get_mut(&(file, line));
        let own = here.and_then(|all| all.iter_mut().find(|it| it.rule == finding.rule.name));
        match own {
            Some(allow) => {
                allow.is_used = true;
                allowed.push(Allowed { finding, reason: allow.reason.to_string() });
            }
            None => told.push(finding),
        }
    }
    if all_is_known {
        // Of a file that is used by several, one process alone does not know.
        let own = allows.iter().filter(|((file, _), _)| *file == FileId(0));
        let stale = own.flat_map(|(_, all)| all).filter(|allow| !allow.is_used);
        told.extend(stale.map(|allow| {
            let message = format!("there is no `{}` to allow on the next line", allow.rule);
            Diagnostic::new(&STALE, allow.place, message).help("take it out of the comment")
        }));
    }
    sort(&mut told);
    (told, allowed)
}

/// What the comments of a file allow, and what is wrong with them.
fn read<'t>(
    source: &'t SourceFile,
    file: FileId,
    tree: &Tree,
    allows: &mut Allows<'t>,
    told: &mut Vec<Diagnostic>,
) {
    for comment in &tree.comments {
        let said = comment.of(&source.text).trim_start_matches('/').trim_start();
        let Some(said) = said.strip_prefix(START) else { continue };
        let at = |part: &str| Place { file, span: within(source, part) };
        match understood(source, *comment, said.trim()) {
            Ok((rules, reason)) => {
                let line = line_after(source, comment.start);
                for rule in rules {
                    match refused(rule) {
                        Some((message, near)) => {
                            let finding = Diagnostic::new(&BAD, at(rule), message);
                            told.push(match near {
                                Some(near) => finding.meant(at(rule), &near),
                                None => finding.help("leave it out here, and mend what is found"),
                            });
                        }
                        None => {
                            let allow = Allow { rule, place: at(rule), reason, is_used: false };
                            allows.entry((file, line)).or_default().push(allow);
                        }
                    }
                }
            }
            Err(message) => {
                let finding = Diagnostic::new(&BAD, Place { file, span: *comment }, message);
                told.push(finding.help("it is written `// vup: allow(rule) reason`"));
            }
        }
    }
}

/// The rules and the reason of a comment for `vup`.
fn understood<'t>(
    source: &SourceFile,
    comment: Span,
    said: &'t str,
) -> Result<(Vec<&'t str>, &'t str), &'static str> {
    let line = source.lines.start(source.lines.line(comment.start)).unwrap_or_default();
    if !source.text[line as usize..comment.start as usize].trim().is_empty() {
        return Err("a comment for vup has a line of its own, before the one that it is about");
    }
    let inside = said.strip_prefix("allow").map(str::trim_start);
    let inside = inside.and_then(|rest| rest.strip_prefix('('));
    let Some((rules, reason)) = inside.and_then(|rest| rest.split_once(')')) else {
        return Err("this comment for vup cannot be read");
    };
    let rules: Vec<&str> = rules.split(',').map(str::trim).collect();
    if rules.contains(&"") {
        return Err("it is not said which rule is allowed");
    }
    match reason.trim().trim_start_matches(':').trim() {
        "" => Err("it is not said why this is allowed"),
        reason => Ok((rules, reason)),
    }
}

/// Why a rule cannot be allowed, and which one may have been meant.
fn refused(name: &str) -> Option<(String, Option<Near<'static>>)> {
    let rules = crate::rules();
    let Some(rule) = rules.iter().find(|rule| rule.name == name) else {
        let near = nearest(name, rules.iter().map(|rule| rule.name));
        return Some((format!("there is no rule `{name}`"), near));
    };
    crate::is_soundness(rule).then(|| {
        (format!("`{name}` cannot be allowed: what stands behind it is not checked"), None)
    })
}

/// The line, from 0, that a comment stands before: further comments are no lines to be told of.
fn line_after(source: &SourceFile, comment: u32) -> usize {
    let mut line = source.lines.line(comment) + 1;
    let is_comment = |line: usize| {
        let start = source.lines.start(line)? as usize;
        Some(source.text[start..].trim_start_matches([' ', '\t']).starts_with("//"))
    };
    while is_comment(line) == Some(true) {
        line += 1;
    }
    line
}

/// Where a part of a text stands in it.
fn within(source: &SourceFile, part: &str) -> Span {
    let start = part.as_ptr() as usize - source.text.as_ptr() as usize;
    Span::new(start, start + part.len())
}
