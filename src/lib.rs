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
pub mod flow;
pub mod model;
pub mod plan;
pub mod reach;
pub mod source;
pub mod syntax;

pub use compile::{Compiled, Load, compile};

use diagnostic::Rule;

/// Every rule, in order of its name.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules = vec![&syntax::rules::SYNTAX, &syntax::rules::WHO_COUNTS];
    rules.extend(model::rules::ALL);
    rules.extend(check::rules());
    rules.sort_by_key(|rule| rule.name);
    rules
}
