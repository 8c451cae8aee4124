//! A checklist as a project tracker: an Excel file in which a case is worked through and followed.
//!
//! In: a [`Checklist`]. Out: the bytes of the file. What authors write goes into cells as text and
//! nowhere else: the only formulas are ours. The same checklist gives the same bytes.

mod about;
mod look;
mod people;
mod plan;
mod rows;
mod sheet;
mod tables;

use crate::emit::checklist::Checklist;
use crate::emit::prose;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use sheet::{Book, clean, date};

/// The file; where a process is too large for a spreadsheet, why.
pub fn xlsx(list: &Checklist) -> Result<Vec<u8>, String> {
    written(list).map_err(|error| format!("this does not fit into a spreadsheet: {error}"))
}

fn written(list: &Checklist) -> Result<Vec<u8>, XlsxError> {
    let mut book = Book::new(list);
    let as_of = plan::plan(&mut book, list)?;
    tables::issues(&mut book, list)?;
    people::communication(&mut book, list)?;
    people::roles(&mut book, list)?;
    tables::artifacts(&mut book, list)?;
    about::about(&mut book, list)?;
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(list)?);
    for sheet in book.finish()? {
        workbook.push_worksheet(sheet);
    }
    workbook.define_name(sheet::AS_OF, as_of)?;
    workbook.save_to_buffer()
}

/// A clock would make every file another one: it is as old as the date that it bears.
fn properties(list: &Checklist) -> Result<DocProperties, XlsxError> {
    let made = match list.date.and_then(date) {
        Some(date) => date,
        None => ExcelDateTime::from_ymd(2000, 1, 1)?,
    };
    let trace = format!("{} {} · {}", list.process.name, list.version, list.hash);
    Ok(DocProperties::new()
        .set_title(short(&prose::plain(&list.process.title)))
        .set_comment(short(&trace))
        .set_author("vup")
        .set_creation_datetime(&made))
}

/// Properties of a file take so much.
fn short(text: &str) -> String {
    clean(text).chars().take(200).collect()
}

#[cfg(test)]
mod tests;
