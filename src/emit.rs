//! What people get: checklists, diagrams, the tracker.
//!
//! In: a model. Out: texts, and of the tracker bytes. Each kind of document is first built as a structure without a format
//! ([`checklist`]); the formats print that structure and never read the model, so that all of them
//! say the same. Nothing here asks a clock, a network or a file: the same model gives the same bytes.

pub(crate) mod anchors;
pub mod checklist;
pub mod diagram;
pub mod dot;
pub mod html;
pub mod index;
pub mod layout;
pub mod markdown;
pub mod mermaid;
mod page;
pub mod plan;
pub mod prose;
pub mod rule_page;
pub mod svg;
pub mod words;
pub mod xlsx;
