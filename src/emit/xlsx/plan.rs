//! The sheet Plan: every stage, step and task, who does it, and how far it has come.

use super::look;
use super::rows::{Kind, Row, STATES, rows};
use super::sheet::{AS_OF, Area, Book, Sheet};
use crate::emit::checklist::Checklist;
use crate::emit::prose::plain;
use rust_xlsxwriter::{Format, Formula, XlsxError};

/// Together as wide as an A4 page across holds when it can still be read.
const COLUMNS: [(&str, f64); 13] = [
    ("No.", 7.0),
    ("Kind", 8.0),
    ("What", 32.0),
    ("Who", 15.0),
    ("With", 11.0),
    ("Where", 11.0),
    ("Status", 11.0),
    ("Answer or value", 12.0),
    ("Planned", 12.0),
    ("Done on", 11.0),
    ("Initials", 7.0),
    ("Good to know", 28.0),
    ("Notes", 18.0),
];
/// What a day with its time takes.
const WITH_TIME: f64 = 16.0;
const STATUS: u16 = 6;
const ANSWER: u16 = 7;
const PLANNED: u16 = 8;
const DONE_ON: u16 = 9;
const HEADER: u32 = 3;
const FIRST: u32 = HEADER + 1;
/// A spreadsheet folds no deeper.
const DEEPEST: u8 = 7;

/// Gives back where the day stands by which is judged what is overdue.
pub fn plan(book: &mut Book, list: &Checklist) -> Result<&'static str, XlsxError> {
    let (mut sheet, name) = book.sheet("Plan")?;
    debug_assert_eq!(name, "Plan");
    let rows = rows(&list.blocks);
    sheet.title(&title(list), &subtitle(list))?;
    let mut columns = COLUMNS;
    let with_time = |row: &Row| row.planned.is_some_and(|it| it.time_of_day().is_some());
    if rows.iter().any(with_time) {
        columns[usize::from(PLANNED)].1 = WITH_TIME;
    }
    sheet.header(HEADER, &columns)?;
    for (at, row) in (FIRST..).zip(&rows) {
        write(book, &mut sheet, at, row)?;
    }
    let last = (FIRST + rows.len() as u32).saturating_sub(1).max(FIRST);
    above(&mut sheet, list, &rows, last)?;
    states(book, &mut sheet, &rows)?;
    fold(&mut sheet, &rows)?;
    colours(&mut sheet, last)?;
    sheet.days((FIRST, PLANNED), (last, DONE_ON))?;
    let last_column = COLUMNS.len() as u16 - 1;
    book.set_up(&mut sheet, Area { header: HEADER, last_row: last, last_column, frozen: 3 })?;
    book.push(sheet);
    Ok("=Plan!$I$3")
}

/// The process and its path.
pub fn title(list: &Checklist) -> String {
    let path = list.path.iter().map(|path| format!(": {}", plain(&path.title)));
    format!("{}{}", plain(&list.process.title), path.collect::<String>())
}

/// Whom it is for, which versions, of when.
pub fn subtitle(list: &Checklist) -> String {
    let versions = list.case.versions.iter().filter_map(|pair| {
        Some(format!("{} to {}", pair.from_value.as_ref()?, pair.to_value.as_ref()?))
    });
    let client = list.client.iter().cloned();
    let role = list.role.iter().map(|role| format!("for {role}"));
    let date = list.date.iter().map(ToString::to_string);
    let definition = format!("process version {}", list.version);
    let parts = client.chain(versions).chain(date).chain(role).chain([definition]);
    parts.collect::<Vec<_>>().join(" · ")
}

/// How far it has come, and the day by which that is judged.
fn above(sheet: &mut Sheet, list: &Checklist, rows: &[Row], last: u32) -> Result<(), XlsxError> {
    let count = |state: Option<&str>| {
        rows.iter()
            .filter(|row| row.state.is_some() && state.is_none_or(|it| row.state == Some(it)))
            .count()
    };
    let (all, not_applicable) = (count(None), count(Some("Not applicable")));
    let range = format!("$G${}:$G${}", FIRST + 1, last + 1);
    let done = format!("COUNTIF({range},\"Done\")");
    let open = format!("(COUNTA({range})-COUNTIF({range},\"Not applicable\"))");
    let share = Formula::new(format!("=IF({open}=0,0,{done}/{open})")).set_result("0");
    sheet.text(2, 0, "Progress", &look::label())?;
    sheet.inner.write_formula_with_format(2, 2, share, &look::percent())?;
    let told = Formula::new(format!("={done}&\" of \"&{open}&\" done\""))
        .set_result(format!("0 of {} done", all - not_applicable));
    sheet.inner.write_formula_with_format(2, 3, told, &look::label())?;
    sheet.text(2, ANSWER, "As of", &look::label())?;
    sheet.moment(2, PLANNED, list.date, look::field())?;
    sheet.text(
        2,
        DONE_ON,
        "Set this day: what is planned before it and not done is marked.",
        &look::subtitle(),
    )?;
    sheet.days((2, PLANNED), (2, PLANNED))
}

fn write(book: &mut Book, sheet: &mut Sheet, at: u32, row: &Row) -> Result<(), XlsxError> {
    let usual = match row.kind {
        Kind::Stage => look::band(),
        Kind::Group => look::computed(),
        _ => look::cell(),
    };
    let strong = matches!(row.kind, Kind::Step | Kind::Decision | Kind::End);
    let inset = usize::from(row.depth);
    let what = match row.kind {
        Kind::Stage => look::band(),
        _ if strong => look::moved_in(inset).set_bold(),
        Kind::Group => look::moved_in(inset).set_italic(),
        _ => look::moved_in(inset),
    };
    let answer = match row.answers.is_empty() {
        true => usual.clone(),
        false => look::chosen(usual.clone()),
    };
    let lines = row.hints.join("\n");
    let told = if row.kind == Kind::Stage { look::band_text() } else { usual.clone() };
    let texts: [(u16, &str, &Format); 10] = [
        (0, &row.number, &usual),
        (1, row.kind.word(), &usual),
        (2, &row.what, &what),
        (3, &row.who, &usual),
        (4, &row.with, &usual),
        (5, &row.places, &usual),
        (STATUS, row.state.unwrap_or_default(), &usual),
        (ANSWER, &row.answer, &answer),
        (11, &lines, &told),
        (12, &row.notes, &usual),
    ];
    for (column, text, format) in texts {
        sheet.text(at, column, text, format)?;
    }
    if let Some(url) = &row.url {
        sheet.link(at, 2, &row.what, url)?;
    }
    let planned = if row.computed { usual.clone().set_italic() } else { usual.clone() };
    sheet.moment(at, PLANNED, row.planned, planned)?;
    sheet.moment(at, DONE_ON, None, usual.clone())?;
    sheet.text(at, 10, "", &usual)?;
    if !row.answers.is_empty() && row.state.is_some() {
        let choice = book.choice(&row.answers);
        sheet.inner.add_data_validation(at, ANSWER, at, ANSWER, &choice)?;
    }
    Ok(())
}

/// A drop-down for each stretch of rows with a state.
fn states(book: &mut Book, sheet: &mut Sheet, rows: &[Row]) -> Result<(), XlsxError> {
    let choice = book.choice(&STATES.map(str::to_string));
    let mut first = FIRST;
    for stretch in rows.chunk_by(|a, b| a.state.is_some() == b.state.is_some()) {
        let next = first + stretch.len() as u32;
        if stretch.iter().any(|row| row.state.is_some()) {
            sheet.inner.add_data_validation(first, STATUS, next - 1, STATUS, &choice)?;
        }
        first = next;
    }
    Ok(())
}

/// What lies below a row can be folded away.
fn fold(sheet: &mut Sheet, rows: &[Row]) -> Result<(), XlsxError> {
    sheet.inner.group_symbols_above(true);
    for level in 1..=DEEPEST {
        let mut first = FIRST;
        for stretch in rows.chunk_by(|a, b| (a.depth >= level) == (b.depth >= level)) {
            let next = first + stretch.len() as u32;
            if stretch.iter().any(|row| row.depth >= level) {
                sheet.inner.group_rows(first, next - 1)?;
            }
            first = next;
        }
    }
    Ok(())
}

fn colours(sheet: &mut Sheet, last: u32) -> Result<(), XlsxError> {
    let row = FIRST + 1;
    let settled = format!("=OR($G{row}=\"Done\",$G{row}=\"Not applicable\")");
    let late = format!(
        "=AND(ISNUMBER($I{row}),ISNUMBER({AS_OF}),$I{row}<{AS_OF},$G{row}<>\"\",$G{row}<>\"Done\",$G{row}<>\"Not applicable\")"
    );
    sheet.colours((FIRST, STATUS), (last, STATUS))?;
    sheet.inner.add_conditional_format(FIRST, PLANNED, last, PLANNED, &look::overdue(&late))?;
    let last_column = COLUMNS.len() as u16 - 1;
    sheet.inner.add_conditional_format(FIRST, 0, last, last_column, &look::pale(&settled))?;
    Ok(())
}
