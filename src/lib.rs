//! `vup`: a compiler and validator for processes.
//!
//! ```text
//! text ──syntax──▶ tree ──model──▶ model ──flow──▶ flow graph ──check──▶ findings
//!                                     └───────────────┴──────────emit──▶ checklists, diagrams
//! ```
//!
//! The library reads no files and prints nothing; [`cli`] does.

#![warn(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)]
#![cfg_attr(
    not(test),
    warn(
        clippy::unwrap_used,
        clippy::panic,
        clippy::todo,
        clippy::dbg_macro,
        clippy::unimplemented
    )
)]

pub mod cases;
pub mod check;
#[allow(clippy::disallowed_methods)]
pub mod cli;
mod compile;
pub mod diagnostic;
pub mod diff;
pub mod emit;
pub mod fix;
pub mod flow;
pub mod format;
pub mod model;
pub mod outline;
pub mod plan;
pub mod reach;
pub mod source;
pub mod syntax;

pub use compile::{Allowed, Compiled, Load, compile};

use diagnostic::Rule;

/// Every rule, in order of its name.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules = vec![&syntax::rules::SYNTAX, &syntax::rules::WHO_COUNTS];
    rules.extend(model::rules::ALL);
    rules.extend(check::rules());
    rules.extend(compile::ALLOW_RULES);
    rules.sort_by_key(|rule| rule.name);
    rules
}

/// Whether a rule is about what all others stand on.
///
/// Where one of these speaks, what lies behind it was not looked at, or not proved: lines that cannot
/// be read, names, types; branches that disturb each other; assumptions that leave no case; questions
/// that are too large. So such a finding can neither be allowed nor weigh less. What says that an
/// `allow` is wrong cannot be allowed either.
pub fn is_soundness(rule: &Rule) -> bool {
    let is = |known: &&Rule| known.name == rule.name;
    [&syntax::rules::SYNTAX, &syntax::rules::WHO_COUNTS].iter().any(&is)
        || model::rules::ALL.iter().any(is)
        || check::SOUNDNESS.iter().any(is)
        || rule.name == compile::ALLOW_RULES[0].name
}
