//! `impossible-assumption`: what is assumed leaves no case.

use crate::cases::OutOfFuel;
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::Model;
use crate::reach::Reach;

pub const RULE: Rule = Rule {
    name: "impossible-assumption",
    severity: Severity::Error,
    summary: "the assumptions contradict each other, or what facts can be",
    why: "No case is left for which the process could be followed, so nothing that is said of it \
          means anything.",
    wrong: include_str!("examples/impossible-assumption.wrong.vup"),
    right: include_str!("examples/impossible-assumption.right.vup"),
};

pub fn check(model: &Model, reach: &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let Some(last) = model.assumptions.last() else { return Ok(Vec::new()) };
    // What contradicts itself once all is known leaves no case either, though it may begin.
    if !reach.facts.start().is_empty() && reach.facts.can_all_be_known(model)? {
        return Ok(Vec::new());
    }
    let message = match model.assumptions.len() {
        1 => "this assumption leaves no case",
        _ => "these assumptions together leave no case",
    };
    let mut finding = Diagnostic::new(&RULE, last.place, message);
    for other in model.assumptions.iter().rev().skip(1) {
        finding = finding.label(other.place, "together with this one");
    }
    Ok(vec![finding.help("leave one of them out, or mend its condition")])
}
