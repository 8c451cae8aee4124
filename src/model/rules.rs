//! The rules of this stage: names, types, and lines that must or must not be there.

use crate::diagnostic::{Rule, Severity};

macro_rules! rules {
    ($($constant:ident = $name:literal, $summary:literal, $why:literal, $wrong:expr, $right:expr;)+) => {
        $(pub const $constant: Rule = Rule {
            name: $name,
            severity: Severity::Error,
            summary: $summary,
            why: $why,
            wrong: $wrong,
            right: $right,
        };)+
        /// All of them, by name.
        pub const ALL: &[&Rule] = &[$(&$constant),+];
    };
}

rules! {
    AMBIGUOUS_NAME = "ambiguous-name",
        "a name could mean more than one thing",
        "A reader would have to guess which is meant. Say it in full, as in `roll-out.test`.",
        include_str!("rules/ambiguous-name.wrong.vup"),
        include_str!("rules/ambiguous-name.right.vup");
    DUPLICATE_LINE = "duplicate-line",
        "a line that may stand once stands twice",
        "Of two versions, owners or answers of the same kind, nobody knows which holds.",
        include_str!("rules/duplicate-line.wrong.vup"),
        include_str!("rules/duplicate-line.right.vup");
    DUPLICATE_NAME = "duplicate-name",
        "two things of one kind have the same name",
        "A reference to the name could mean either.",
        include_str!("rules/duplicate-name.wrong.vup"),
        include_str!("rules/duplicate-name.right.vup");
    MISSING_GUARD = "missing-guard",
        "a condition has a text alone where a guard is needed",
        "Which path is taken, and which branch of a decision by facts, must follow from facts: a \
         text alone is judged on the spot, and two people would judge it differently.",
        include_str!("rules/missing-guard.wrong.vup"),
        include_str!("rules/missing-guard.right.vup");
    MISSING_LINE = "missing-line",
        "a line that must be there is missing",
        "Without a version, an edition of a process cannot be told from the next; a decision \
         without branches decides nothing.",
        include_str!("rules/missing-line.wrong.vup"),
        include_str!("rules/missing-line.right.vup");
    MIXED_BRANCHES = "mixed-branches",
        "a decision is taken by people and by facts at once",
        "Either somebody answers (`answer`, `event`, `after`), or the facts decide (`when`, \
         `otherwise`). Where both stand, nobody knows which goes first.",
        include_str!("rules/mixed-branches.wrong.vup"),
        include_str!("rules/mixed-branches.right.vup");
    RECURSIVE_PROCEDURE = "recursive-procedure",
        "a procedure runs itself",
        "A procedure is expanded where it is run; one that runs itself would never end.",
        include_str!("rules/recursive-procedure.wrong.vup"),
        include_str!("rules/recursive-procedure.right.vup");
    TOO_LARGE = "too-large",
        "a process has more than 50,000 steps and decisions",
        "Nobody follows a process of that size. It is likely that procedures run each other more \
         often than was meant.",
        "", "";
    TYPE_MISMATCH = "type-mismatch",
        "a value does not fit where it is given",
        "A condition that asks for a value which does not exist is never met, and nobody notices; a \
         count of none, or a day that no calendar has, cannot be followed.",
        include_str!("rules/type-mismatch.wrong.vup"),
        include_str!("rules/type-mismatch.right.vup");
    UNKNOWN_NAME = "unknown-name",
        "a name is used that nothing has",
        "The reader is sent to a step, a role or a fact that does not exist.",
        include_str!("rules/unknown-name.wrong.vup"),
        include_str!("rules/unknown-name.right.vup");
    USE_CYCLE = "use-cycle",
        "a file uses itself, or is used by one that it uses",
        "Neither of the two could be read first.",
        "", "";
    USE_FAILED = "use-failed",
        "a file that is used cannot be read",
        "Its vocabulary and procedures are missing, so nothing that needs them can be checked.",
        r#"use "nowhere.vup"

process p "P" {
  version 1.0.0
  role owner "Owner"
  owner owner
  step "Work" by owner
}
"#,
        r#"process p "P" {
  version 1.0.0
  role owner "Owner"
  owner owner
  step "Work" by owner
}
"#;
    WRONG_KIND = "wrong-kind",
        "a name is of another kind than is meant here",
        "A stage is not a step, and a fact is not a role: the reader would look in the wrong place.",
        include_str!("rules/wrong-kind.wrong.vup"),
        include_str!("rules/wrong-kind.right.vup");
}
