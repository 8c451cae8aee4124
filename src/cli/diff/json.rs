//! Changes for programs: one JSON document, versioned.

use super::Changed;
use crate::diff::{Bump, Change, Kind, Moved, Relation};
use crate::emit::prose::plain;
use serde::Serialize;

/// The name and version of the form. Fields may be added under the same version.
const SCHEMA: &str = "vup-diff/1";

#[derive(Serialize)]
struct Document<'d> {
    schema: &'static str,
    processes: Vec<Process<'d>>,
}

#[derive(Serialize)]
struct Process<'d> {
    file: &'d str,
    /// Whether it is compared with another edition; `new`, `gone` and `unrelated` are not.
    relation: Relation,
    title: String,
    old: String,
    new: String,
    /// The bump that the changes owe.
    owed: Bump,
    /// The bump that the versions declare.
    declared: Bump,
    /// Whether the version goes up far enough.
    enough: bool,
    /// Some cases were too many to be compared; that is taken for the worst.
    undecided: bool,
    changes: Vec<Told<'d>>,
}

#[derive(Serialize)]
struct Told<'d> {
    bump: Bump,
    kind: Kind,
    place: String,
    text: String,
    cases: Vec<Case<'d>>,
    /// The roles of the client's side that it concerns.
    external: &'d [String],
    /// Not to be seen by the client.
    internal: bool,
}

#[derive(Serialize)]
struct Case<'d> {
    /// A condition; empty where it is so in every case.
    when: &'d str,
    /// Whether there are more cases than are told.
    others: bool,
    was: Option<String>,
    is: Option<String>,
    /// Where the runs of one such case part; left out where that was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<Runs>,
}

#[derive(Serialize)]
struct Runs {
    after: Option<String>,
    was: Vec<String>,
    is: Vec<String>,
}

fn case(moved: &Moved) -> Case<'_> {
    let (was, is) = (moved.was.as_deref().map(plain), moved.is.as_deref().map(plain));
    let all = |steps: &[String]| steps.iter().map(|step| plain(step)).collect();
    let runs = moved.runs.as_ref().map(|parting| Runs {
        after: parting.after.as_deref().map(plain),
        was: all(&parting.was),
        is: all(&parting.is),
    });
    Case { when: &moved.when, others: moved.others, was, is, runs }
}

fn told(change: &Change) -> Told<'_> {
    Told {
        bump: change.bump,
        kind: change.kind,
        place: plain(&change.place),
        text: plain(&change.text),
        cases: change.cases.iter().map(case).collect(),
        external: &change.external,
        internal: change.internal,
    }
}

pub fn document(changed: &[Changed]) -> String {
    let processes = changed.iter().map(|it| Process {
        file: &it.file,
        relation: it.diff.relation,
        title: plain(&it.diff.title),
        old: it.diff.old.to_string(),
        new: it.diff.new.to_string(),
        owed: it.diff.owed,
        declared: it.diff.declared,
        enough: !it.diff.is_underdeclared(),
        undecided: it.diff.undecided,
        changes: it.diff.changes.iter().map(told).collect(),
    });
    let document = Document { schema: SCHEMA, processes: processes.collect() };
    let text = serde_json::to_string_pretty(&document);
    text.expect("strings and numbers are always JSON") + "\n"
}
