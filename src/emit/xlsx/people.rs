//! The sheets of who tells whom what, and of who fills which role.

use super::look;
use super::plan::{subtitle, title};
use super::rows::{STATES, depends_on, who};
use super::sheet::{AS_OF, Area, Book};
use crate::emit::checklist::{Checklist, Message, Role};
use crate::emit::prose::plain;
use rust_xlsxwriter::XlsxError;

const HEADER: u32 = 2;
const FIRST: u32 = HEADER + 1;

pub fn communication(book: &mut Book, list: &Checklist) -> Result<(), XlsxError> {
    let columns = [
        ("No.", 8.0),
        ("When", 24.0),
        ("Planned", 16.0),
        ("Who tells", 17.0),
        ("Whom", 17.0),
        ("What", 32.0),
        ("It depends on", 28.0),
        ("Status", 12.0),
        ("Told on", 11.0),
        ("Channel", 10.0),
        ("Notes", 14.0),
    ];
    let (mut sheet, _) = book.sheet("Communication plan")?;
    sheet.title(&format!("Communication plan: {}", title(list)), &subtitle(list))?;
    sheet.header(HEADER, &columns)?;
    for (at, message) in (FIRST..).zip(&list.messages) {
        let out = message.not_applicable.is_some();
        let internal = if message.internal { " (internal)" } else { "" };
        let timing = message.timing.iter().map(|time| plain(time));
        let when = std::iter::once(plain(&message.when)).chain(timing).collect::<Vec<_>>();
        let texts = [
            (0, message.number.clone()),
            (1, when.join("\n")),
            (3, who(message.from.as_ref())),
            (4, told(message)),
            (5, format!("{}{internal}", plain(&message.what))),
            (6, depends_on(message).join("\n")),
            (7, if out { STATES[3] } else { STATES[0] }.to_string()),
            (8, String::new()),
            (9, String::new()),
            (10, message.not_applicable.as_deref().map(plain).unwrap_or_default()),
        ];
        for (column, text) in texts {
            sheet.text(at, column, &text, &look::cell())?;
        }
        let planned = if message.planned.is_some() { look::cell() } else { look::computed() };
        sheet.moment(at, 2, message.planned.or(message.due), planned)?;
        sheet.moment(at, 8, None, look::cell())?;
    }
    let last = last_row(list.messages.len());
    if list.messages.is_empty() {
        sheet.text(FIRST, 0, "Nobody is told anything.", &look::subtitle())?;
    } else {
        let states = book.choice(&STATES.map(str::to_string));
        sheet.inner.add_data_validation(FIRST, 7, last, 7, &states)?;
        sheet.days((FIRST, 2), (last, 2))?;
        sheet.days((FIRST, 8), (last, 8))?;
        sheet.colours((FIRST, 7), (last, 7))?;
        let row = FIRST + 1;
        let late = format!(
            "=AND(ISNUMBER($C{row}),ISNUMBER({AS_OF}),$C{row}<{AS_OF},$H{row}<>\"Done\",$H{row}<>\"Not applicable\")"
        );
        sheet.inner.add_conditional_format(FIRST, 2, last, 2, &look::overdue(&late))?;
        let settled = format!("=OR($H{row}=\"Done\",$H{row}=\"Not applicable\")");
        sheet.inner.add_conditional_format(FIRST, 0, last, 10, &look::pale(&settled))?;
    }
    book.set_up(&mut sheet, Area { header: HEADER, last_row: last, last_column: 10, frozen: 1 })?;
    book.push(sheet);
    Ok(())
}

fn last_row(rows: usize) -> u32 {
    FIRST + (rows as u32).max(1) - 1
}

fn told(message: &Message) -> String {
    match message.told.as_slice() {
        [] => message.to.join(", "),
        people => format!("{} ({})", message.to.join(", "), people.join(", ")),
    }
}

pub fn roles(book: &mut Book, list: &Checklist) -> Result<(), XlsxError> {
    let columns = [
        ("Role", 40.0),
        ("Side", 12.0),
        ("Takes part", 12.0),
        ("Filled by", 34.0),
        ("Contact", 30.0),
        ("Notes", 30.0),
    ];
    let (mut sheet, _) = book.sheet("Roles")?;
    sheet.title(&format!("Roles: {}", title(list)), &subtitle(list))?;
    sheet.header(HEADER, &columns)?;
    let choice = book.choice(&["yes".to_string(), "no".to_string()]);
    for (at, role) in (FIRST..).zip(&list.roles) {
        let name = if role.acts {
            look::moved_in(role.depth).set_bold()
        } else {
            look::moved_in(role.depth)
        };
        let texts = [
            (0, role.title.clone(), &name),
            (1, if role.external { "external" } else { "own" }.to_string(), &look::cell()),
            (2, takes_part(role).to_string(), &look::cell()),
            (3, role.people.join(", "), &look::cell()),
            (4, String::new(), &look::cell()),
            (5, note(role).to_string(), &look::cell()),
        ];
        for (column, text, format) in texts {
            sheet.text(at, column, &text, format)?;
        }
        if role.optional || role.takes_part.is_some() {
            sheet.inner.add_data_validation(at, 2, at, 2, &choice)?;
        }
    }
    let last = last_row(list.roles.len());
    let absent = format!("=$C{}=\"no\"", FIRST + 1);
    sheet.inner.add_conditional_format(FIRST, 0, last, 5, &look::pale(&absent))?;
    book.set_up(&mut sheet, Area { header: HEADER, last_row: last, last_column: 5, frozen: 1 })?;
    book.push(sheet);
    Ok(())
}

fn takes_part(role: &Role) -> &'static str {
    match (role.takes_part, role.optional) {
        (Some(false), _) => "no",
        (Some(true), _) | (None, false) => "yes",
        (None, true) => "",
    }
}

fn note(role: &Role) -> &'static str {
    if role.acts { "" } else { "Made up of the roles below it." }
}
