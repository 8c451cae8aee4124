//! PDF and PNG, which not every `vup` is built with: their libraries take longer to build than all of the rest.

use super::{Exit, Paper, Stop};
use crate::emit::checklist::Checklist;
use crate::emit::letterhead::Letterhead;
use std::io::IsTerminal;
use std::path::Path;

/// Whether PDF can be made here.
pub const HAS_PDF: bool = cfg!(feature = "pdf");

/// A checklist as PDF.
#[cfg(feature = "pdf")]
pub fn pdf(list: &Checklist, paper: Paper, letterhead: &Letterhead) -> Result<Vec<u8>, Stop> {
    use crate::emit::pdf;
    let paper = match paper {
        Paper::A4 => pdf::Paper::A4,
        Paper::Letter => pdf::Paper::Letter,
    };
    let made =
        pdf::pdf(list, paper, letterhead).map_err(|reason| Stop::new(Exit::Files, reason))?;
    warn_of_boxes(list);
    Ok(made)
}

/// More places than this are counted only.
#[cfg(feature = "pdf")]
const MOST_PLACES: usize = 8;

/// Says which signs the fonts lack, and where they stand.
#[cfg(feature = "pdf")]
fn warn_of_boxes(list: &Checklist) {
    let lacking = crate::emit::pdf::lacking(list);
    let told = lacking.iter().take(MOST_PLACES).map(|it| match &it.number {
        Some(number) => format!("{} in {number}", it.signs),
        None => format!("{} outside of the steps", it.signs),
    });
    let mut told: Vec<String> = told.collect();
    if let Some(more) = lacking.len().checked_sub(MOST_PLACES).filter(|more| *more > 0) {
        told.push(format!("more in {more} other places"));
    }
    if !told.is_empty() {
        let title = list.path.as_ref().map_or(&list.process.title, |path| &path.title);
        super::output::say(&format!(
            "warning: the fonts of a PDF have no sign for this, in {}, so that boxes are printed: {}; a page in \
             HTML has all of them",
            crate::emit::prose::plain(title),
            told.join("; ")
        ));
    }
}

#[cfg(not(feature = "pdf"))]
pub fn pdf(_: &Checklist, _: Paper, _: &Letterhead) -> Result<Vec<u8>, Stop> {
    let way = "take --format html and print that from any browser";
    Err(not_built("PDF", "pdf", way))
}

/// A picture in SVG as PNG.
#[cfg(feature = "png")]
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, Stop> {
    crate::emit::png::png(svg, scale).map_err(|reason| Stop::new(Exit::Usage, reason))
}

#[cfg(not(feature = "png"))]
pub fn png(_: &str, _: f32) -> Result<Vec<u8>, Stop> {
    Err(not_built("PNG", "png", "take SVG, which every browser opens"))
}

#[cfg(not(all(feature = "pdf", feature = "png")))]
fn not_built(format: &str, feature: &str, way: &str) -> Stop {
    let message = format!(
        "this vup was built without {format}; {way}, or build vup with it: \
         cargo install --path . --features {feature}"
    );
    Stop::new(Exit::Usage, message)
}

/// What is no text is not printed to a terminal.
pub fn refuse_terminal(output: Option<&Path>, format: &str) -> Result<(), Stop> {
    match output.is_none() && std::io::stdout().is_terminal() {
        true => {
            let message =
                format!("a {format} is no text for a terminal; say where to with -o FILE");
            Err(Stop::new(Exit::Usage, message))
        }
        false => Ok(()),
    }
}
