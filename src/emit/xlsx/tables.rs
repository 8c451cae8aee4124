//! Tables that people fill: issues, and one for each artifact that is a sheet.

use super::look;
use super::plan::{subtitle, title};
use super::sheet::{AS_OF, Area, Book, Sheet};
use crate::emit::checklist::{Artifact, Checklist, PartKind};
use crate::emit::prose::plain;
use rust_xlsxwriter::{Formula, XlsxError};

const HEADER: u32 = 2;
const FIRST: u32 = HEADER + 1;
/// So many rows are ready to be filled, about a page.
const ROWS: u32 = 35;
const LAST: u32 = FIRST + ROWS - 1;
/// Columns of so many characters in all make a page on which all rows fit.
const PAGE: f64 = 160.0;
/// What a column takes.
const WIDEST: f64 = 250.0;

pub fn issues(book: &mut Book, list: &Checklist) -> Result<(), XlsxError> {
    let columns = [
        ("No.", 6.0),
        ("Issue", 40.0),
        ("Stage", 22.0),
        ("Step", 8.0),
        ("Severity", 10.0),
        ("Status", 12.0),
        ("Reported by", 15.0),
        ("Reported on", 12.0),
        ("Owner", 15.0),
        ("Due", 11.0),
        ("Resolved on", 12.0),
        ("Notes", 24.0),
    ];
    let (mut sheet, _) = book.sheet("Issues")?;
    sheet.title(&format!("Issues: {}", title(list)), &subtitle(list))?;
    sheet.header(HEADER, &columns)?;
    empty_rows(&mut sheet, columns.len() as u16)?;
    for row in FIRST..=LAST {
        sheet.inner.write_number_with_format(
            row,
            0,
            f64::from(row - FIRST + 1),
            &look::centred(),
        )?;
    }
    let words = |words: &[&str]| words.iter().map(|word| word.to_string()).collect::<Vec<_>>();
    let severities = book.choice(&words(&["Low", "Medium", "High", "Critical"]));
    let states =
        book.choice(&words(&["Open", "In progress", "Resolved", "Parked", "Turned into a task"]));
    sheet.inner.add_data_validation(FIRST, 4, LAST, 4, &severities)?;
    sheet.inner.add_data_validation(FIRST, 5, LAST, 5, &states)?;
    let stages = stages(list);
    if !stages.is_empty() {
        let stages = book.choice(&stages);
        sheet.inner.add_data_validation(FIRST, 2, LAST, 2, &stages)?;
    }
    for row in FIRST..=LAST {
        sheet.text(row, 2, "", &look::chosen(look::cell()))?;
    }
    for column in [7, 9, 10] {
        sheet.days((FIRST, column), (LAST, column))?;
        for row in FIRST..=LAST {
            sheet.moment(row, column, None, look::cell())?;
        }
    }
    let range = format!("$F${}:$F${}", FIRST + 1, LAST + 1);
    let open = Formula::new(format!("=COUNTIF({range},\"Open\")+COUNTIF({range},\"In progress\")"));
    sheet.text(1, 9, "Open", &look::label())?;
    sheet.inner.write_formula_with_format(1, 10, open.set_result("0"), &look::label())?;
    sheet.colours((FIRST, 4), (LAST, 5))?;
    let row = FIRST + 1;
    let late = format!(
        "=AND(ISNUMBER($J{row}),ISNUMBER({AS_OF}),$J{row}<{AS_OF},OR($F{row}=\"Open\",$F{row}=\"In progress\"))"
    );
    sheet.inner.add_conditional_format(FIRST, 9, LAST, 9, &look::overdue(&late))?;
    let last_column = columns.len() as u16 - 1;
    book.set_up(&mut sheet, Area { header: HEADER, last_row: LAST, last_column, frozen: 2 })?;
    book.push(sheet);
    Ok(())
}

/// The stages of the checklist that apply.
fn stages(list: &Checklist) -> Vec<String> {
    let heads = list.blocks.iter().map(|block| &block.head);
    let heads = heads.filter(|head| head.kind == PartKind::Stage && head.not_applicable.is_none());
    let named =
        heads.filter_map(|head| Some(format!("{} {}", head.number, plain(head.title.as_ref()?))));
    named.map(|name| name.trim().to_string()).collect()
}

pub fn artifacts(book: &mut Book, list: &Checklist) -> Result<(), XlsxError> {
    let filled = list.artifacts.iter().filter(|artifact| !artifact.sheet.is_empty());
    for artifact in filled {
        // A spreadsheet is no wider.
        let columns = artifact.sheet.iter().take(16_000);
        let columns: Vec<(&str, f64)> = widths(&columns.map(String::as_str).collect::<Vec<_>>());
        let (mut sheet, _) = book.sheet(&artifact.title)?;
        sheet
            .title(&format!("{}: {}", artifact.title, title(list)), &from_where(artifact, list))?;
        sheet.header(HEADER, &columns)?;
        empty_rows(&mut sheet, columns.len() as u16)?;
        let last_column = columns.len() as u16 - 1;
        book.set_up(&mut sheet, Area { header: HEADER, last_row: LAST, last_column, frozen: 1 })?;
        book.push(sheet);
    }
    Ok(())
}

/// The first column says what a row is about; the others are as wide as their titles need, and all of
/// them as wide as the page on which the rows stand.
fn widths<'a>(columns: &[&'a str]) -> Vec<(&'a str, f64)> {
    let wide = |index: usize, title: &str| match index {
        0 => 44.0,
        _ => (title.chars().count() as f64 + 6.0).clamp(14.0, 30.0),
    };
    let found = columns.iter().enumerate().map(|(index, title)| (*title, wide(index, title)));
    let found: Vec<(&str, f64)> = found.collect();
    let all: f64 = found.iter().map(|(_, width)| width).sum();
    let wider = (PAGE / all).max(1.0);
    found.into_iter().map(|(title, width)| (title, (width * wider).min(WIDEST))).collect()
}

/// "CIMcloud · … · made in 2.3 · needed in 2.4, 3.1".
fn from_where(artifact: &Artifact, list: &Checklist) -> String {
    let numbers = |word: &str, numbers: &[String]| {
        (!numbers.is_empty()).then(|| format!("{word} {}", numbers.join(", ")))
    };
    let states = (!artifact.states.is_empty()).then(|| artifact.states.join(" → "));
    let parts = [
        Some(subtitle(list)),
        numbers("made in", &artifact.made_in),
        numbers("needed in", &artifact.needed_in),
        states,
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn empty_rows(sheet: &mut Sheet, columns: u16) -> Result<(), XlsxError> {
    for row in FIRST..=LAST {
        for column in 0..columns {
            sheet.text(row, column, "", &look::cell())?;
        }
    }
    Ok(())
}
