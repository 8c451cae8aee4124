//! `no-role`: somebody must do it.

use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::model::{Item, ItemKind, Model};

pub const RULE: Rule = Rule {
    name: "no-role",
    severity: Severity::Error,
    summary: "a step or a decision is by nobody",
    why: "What is everybody's work is nobody's: the step is printed without a name beside it, and \
          waits. A decision that facts take needs no role.",
    wrong: r#"process p "P" {
  version 1.0.0
  step "Work"
}
"#,
    right: r#"process p "P" {
  version 1.0.0
  role owner "Owner"
  step "Work" by owner
}
"#,
};

pub fn check(model: &Model) -> Vec<Diagnostic> {
    let needs_role =
        |kind: &ItemKind| matches!(kind, ItemKind::Step | ItemKind::Decide { answer: Some(_) });
    let without =
        model.items.iter().filter(|item| needs_role(&item.kind) && item.head.by.is_none());
    let mut without: Vec<&Item> = without.collect();
    let all = without.len();
    let is_nobody_there = model.roles.is_empty();
    if is_nobody_there {
        // As long as nobody is named at all, that is one thing to do, not one at each step.
        without.truncate(1);
    }
    without
        .into_iter()
        .map(|item| {
            let word = if item.kind == ItemKind::Step { "step" } else { "decision" };
            let named = item.name.as_ref().map(|name| format!("the {word} `{name}`"));
            let what = named.unwrap_or_else(|| format!("this {word}"));
            let more = match all - 1 {
                more if is_nobody_there && more > 0 => format!(", and so are {more} more"),
                _ => String::new(),
            };
            let by = "write `by ROLE` at the end of the line, or in the line of the stage or path around it";
            let help = match is_nobody_there {
                true => format!("say who there is, with lines such as `role clerk \"Clerk\"`; then {by}"),
                false => by.to_string(),
            };
            Diagnostic::new(&RULE, item.place, format!("{what} is by nobody{more}")).help(help)
        })
        .collect()
}
