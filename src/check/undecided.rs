//! `undecided`: a question was too large to be answered, which is not the same as a clean answer.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::source::Place;

pub const RULE: Rule = Rule {
    name: "undecided",
    severity: Severity::Error,
    summary: "there is too much to be followed through",
    why: "The facts of a process can be combined in so many ways, or what is done in any order come in \
          so many orders, that following them all would take too long. Nothing is known about what is \
          named then, so nothing is said to be fine.",
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

/// A rule of the process's author that speaks of too much at once.
pub fn tell_rule(place: Place, too_much: &str, help: &str) -> Diagnostic {
    let message = format!("this rule speaks of {too_much} to be proved: nothing is known about it");
    Diagnostic::new(&RULE, place, message).help(help)
}
