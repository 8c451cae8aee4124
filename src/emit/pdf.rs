//! A checklist as a PDF, set by typst: what the page in HTML has, in the same look.
//!
//! In: a [`Checklist`]. Out: the bytes of the file. What authors write reaches typst as strings in one file of
//! data (`data`), never as markup, and the templates are all else that it is given: no file, no package, no
//! font of the system, no clock. So the same checklist gives the same bytes.

mod data;
mod world;

use crate::emit::checklist::Checklist;
use serde::Serialize;
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;
use world::Desk;

/// What a checklist is printed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    #[default]
    A4,
    Letter,
}

/// The file; where it cannot be set, why.
pub fn pdf(list: &Checklist, paper: Paper) -> Result<Vec<u8>, String> {
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {} {}", list.process.name, list.version, list.hash)),
        creator: Smart::Custom(Some("vup".into())),
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&set(list, paper)?, &options).map_err(|errors| told(&errors))?;
    // What typst remembers is of use for this checklist alone.
    typst::comemo::evict(0);
    Ok(bytes)
}

/// The pages.
fn set(list: &Checklist, paper: Paper) -> Result<PagedDocument, String> {
    let desk = Desk::new(data::json(list, paper));
    typst::compile::<PagedDocument>(&desk).output.map_err(|errors| told(&errors))
}

fn told(errors: &[SourceDiagnostic]) -> String {
    let told: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    format!("this cannot be set as a PDF: {}", told.join("; "))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test reads the real processes")]
mod tests;
