//! `undecided`: a question was too large to be answered, which is not the same as a clean answer.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Model;

pub const RULE: Rule = Rule {
    name: "undecided",
    severity: Severity::Error,
    summary: "the conditions are too many to be followed through",
    why: "The facts of a process can be combined in so many ways that following them all would take \
          too long. Nothing is known about missing or overlapping branches then, so nothing is said \
          to be fine.",
    wrong: "",
    right: "",
};

pub fn tell(model: &Model) -> Vec<Diagnostic> {
    let message = "the conditions of the process are too many to be followed through";
    let help = "split the process, or decide by fewer facts at once";
    vec![Diagnostic::new(&RULE, model.place, message).help(help)]
}
