//! A checklist as a PDF, set by typst: what the page in HTML has, in the same look.
//!
//! In: a [`Checklist`]. Out: the bytes of the file. What authors write reaches typst as strings in one file of
//! data (`data`), never as markup, and the templates and the logo are all else that it is given: no other file,
//! no package, no font of the system, no clock. So the same checklist gives the same bytes.

mod data;
mod signs;
mod world;

pub use signs::{Lacking, lacking};

use crate::emit::checklist::Checklist;
use crate::emit::letterhead::Letterhead;
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

/// The file, with the colour and the logo of a house; where it cannot be set, why.
pub fn pdf(list: &Checklist, paper: Paper, letterhead: &Letterhead) -> Result<Vec<u8>, String> {
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {} {}", list.process.name, list.version, list.hash)),
        creator: Smart::Custom(Some("vup".into())),
        ..PdfOptions::default()
    };
    let bytes =
        typst_pdf::pdf(&set(list, paper, letterhead)?, &options).map_err(|errors| told(&errors))?;
    // What typst remembers is of use for this checklist alone.
    typst::comemo::evict(0);
    Ok(bytes)
}

/// The pages.
fn set(list: &Checklist, paper: Paper, letterhead: &Letterhead) -> Result<PagedDocument, String> {
    let desk = Desk::new(data::json(list, paper, letterhead), letterhead.logo.as_ref());
    typst::compile::<PagedDocument>(&desk).output.map_err(|errors| {
        let without = Letterhead { logo: None, ..letterhead.clone() };
        match letterhead.logo.is_some() && set(list, paper, &without).is_ok() {
            true => format!("the logo cannot be drawn: {}", listed(&errors)),
            false => told(&errors),
        }
    })
}

fn told(errors: &[SourceDiagnostic]) -> String {
    format!("this cannot be set as a PDF: {}", listed(errors))
}

fn listed(errors: &[SourceDiagnostic]) -> String {
    let told: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    told.join("; ")
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test reads the real processes")]
mod tests;
