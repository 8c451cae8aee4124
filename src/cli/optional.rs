//! PDF and PNG, which not every `vup` is built with: their libraries take longer to build than all of the rest.

use super::{Exit, Paper, Stop};
use crate::emit::checklist::Checklist;
use std::io::IsTerminal;
use std::path::Path;

/// Whether PDF can be made here.
pub const HAS_PDF: bool = cfg!(feature = "pdf");

/// A checklist as PDF.
#[cfg(feature = "pdf")]
pub fn pdf(list: &Checklist, paper: Paper) -> Result<Vec<u8>, Stop> {
    use crate::emit::pdf;
    let paper = match paper {
        Paper::A4 => pdf::Paper::A4,
        Paper::Letter => pdf::Paper::Letter,
    };
    pdf::pdf(list, paper).map_err(|reason| Stop::new(Exit::Files, reason))
}

#[cfg(not(feature = "pdf"))]
pub fn pdf(_: &Checklist, _: Paper) -> Result<Vec<u8>, Stop> {
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
