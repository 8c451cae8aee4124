//! The rules of this stage.

use crate::diagnostic::{Rule, Severity};

pub const SYNTAX: Rule = Rule {
    name: "syntax",
    severity: Severity::Error,
    summary: "a line cannot be read, or stands where it cannot stand",
    why: "What cannot be read cannot be checked or printed. Each line is read by itself, so one \
          broken line leaves the others as they are.",
    wrong: r#"process p "P" {
  version 1.0
  role owner "Owner"
  owner owner
  step "Work" by owner
}
"#,
    right: r#"process p "P" {
  version 1.0.0
  role owner "Owner"
  owner owner
  step "Work" by owner
}
"#,
};

pub const WHO_COUNTS: Rule = Rule {
    name: "who-counts",
    severity: Severity::Error,
    summary: "several roles after `by` do not say whether all of them act, or any",
    why: "Where two roles are named and nothing is said, each waits for the other, or both do it. \
          `by all of a, b`, `by any of a, b` and `by 2 of a` say what is meant.",
    wrong: r#"process p "P" {
  version 1.0.0
  role writer "Writer"
  role reader "Reader"
  step "Sign" by writer, reader
}
"#,
    right: r#"process p "P" {
  version 1.0.0
  role writer "Writer"
  role reader "Reader"
  step "Sign" by all of writer, reader
}
"#,
};
