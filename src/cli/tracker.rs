//! `vup tracker`: the spreadsheet of a process, of one of its paths, or of one case.

use super::checklist::{sound, wanted};
use super::output::deliver;
use super::{Exit, Stop, TrackerArgs};
use crate::emit::checklist::Checklist;
use crate::emit::xlsx;

pub fn run(args: &TrackerArgs) -> Result<Exit, Stop> {
    // A file whose name says something else opens with a warning.
    let ending = args.output.extension().map(|it| it.to_string_lossy().to_lowercase());
    if ending.as_deref() != Some("xlsx") {
        let name = args.output.display();
        let message = format!("a tracker is an Excel file: let {name} end in .xlsx");
        return Err(Stop::new(Exit::Usage, message));
    }
    let compiled = sound(&args.file)?;
    let bytes = tracker(&wanted(&compiled, &args.wanted)?)?;
    deliver(bytes, Some(&args.output), args.force)?;
    Ok(Exit::Clean)
}

/// A checklist as a tracker.
pub fn tracker(list: &Checklist) -> Result<Vec<u8>, Stop> {
    xlsx::xlsx(list).map_err(|reason| Stop::new(Exit::Files, reason))
}
