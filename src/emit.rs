//! What people get: checklists, diagrams, the tracker.
//!
//! In: a model. Out: texts; of the tracker, of PDF and of PNG bytes. Each kind of document is first built as a structure without a format
//! ([`checklist`]); the formats print that structure and never read the model, so that all of them
//! say the same. Nothing here asks a clock, a network or a file: the same model gives the same bytes.

pub(crate) mod anchors;
pub mod checklist;
pub mod diagram;
pub mod dot;
#[cfg(any(feature = "pdf", feature = "png"))]
mod fonts;
pub mod html;
pub mod index;
pub mod layout;
pub mod letterhead;
pub mod markdown;
pub mod mermaid;
mod page;
#[cfg(feature = "pdf")]
pub mod pdf;
pub mod plan;
#[cfg(feature = "png")]
pub mod png;
pub mod prose;
pub mod rule_page;
pub mod svg;
pub mod words;
pub mod xlsx;
