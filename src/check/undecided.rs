//! `undecided`: a question was too large to be answered, which is not the same as a clean answer.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::source::Place;

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

/// `what` names the rules that are not answered.
pub fn tell(place: Place, what: &str) -> Diagnostic {
    let message =
        format!("too many conditions to be followed through: nothing is known about {what}");
    let help = "split the process, or decide by fewer facts at once";
    Diagnostic::new(&RULE, place, message).help(help)
}
