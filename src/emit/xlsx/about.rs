//! The sheet About: which case it is, of which text of the process, and how to work with the file.

use super::look;
use super::plan::title;
use super::rows::{condition, remarks, way};
use super::sheet::{Book, Sheet};
use crate::emit::checklist::{Checklist, Head, Known, Question, RemarkKind};
use crate::emit::prose::{plain, safe_url};
use rust_xlsxwriter::XlsxError;

/// What is written one row after the other.
struct Page {
    sheet: Sheet,
    row: u32,
}

pub fn about(book: &mut Book, list: &Checklist) -> Result<(), XlsxError> {
    let (mut sheet, _) = book.sheet("About")?;
    sheet.text(0, 0, &title(list), &look::title())?;
    sheet.inner.set_row_height(0, 24)?;
    sheet.width(0, 34.0)?;
    sheet.width(1, 90.0)?;
    let mut page = Page { sheet, row: 1 };
    document(&mut page, list)?;
    case(&mut page, list)?;
    for head in std::iter::once(&list.process).chain(&list.path) {
        process(&mut page, head)?;
    }
    things(&mut page, list)?;
    page.heading("How to work with this file")?;
    for (what, how) in HOW {
        page.line(what, how)?;
    }
    let Page { mut sheet, row } = page;
    book.set_up_page(&mut sheet, row.saturating_sub(1), 1)?;
    book.push(sheet);
    Ok(())
}

const HOW: [(&str, &str); 5] = [
    (
        "Plan",
        "Go from top to bottom. Choose a status for each row; note the day, your initials, and why something is not applicable. Tasks can be folded away at the left margin.",
    ),
    (
        "Answers",
        "Decisions and questions have a drop-down with all answers. “Good to know” says where each answer leads.",
    ),
    (
        "As of",
        "Set the day above the plan: planned dates before it that are not done are marked, on all sheets. Dates in italics follow from others.",
    ),
    ("Progress", "Rows that are done, out of all rows that apply."),
    (
        "Issues",
        "Write down what goes wrong. Park what does not belong to this case, or turn it into a task.",
    ),
];

impl Page {
    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += u32::from(self.row > 1);
        self.sheet.text(self.row, 0, text, &look::band())?;
        self.sheet.text(self.row, 1, "", &look::band())?;
        self.row += 1;
        Ok(())
    }

    fn line(&mut self, what: &str, text: &str) -> Result<(), XlsxError> {
        self.sheet.text(self.row, 0, what, &look::strong())?;
        self.sheet.text(self.row, 1, text, &look::cell())?;
        self.row += 1;
        Ok(())
    }

    /// A line each; the word stands at the first.
    fn lines(&mut self, what: &str, texts: &[String]) -> Result<(), XlsxError> {
        for (index, text) in texts.iter().enumerate() {
            self.line(if index == 0 { what } else { "" }, text)?;
        }
        Ok(())
    }

    /// With a heading, where there is something below it.
    fn part(&mut self, heading: &str, lines: &[(String, String)]) -> Result<(), XlsxError> {
        if lines.is_empty() {
            return Ok(());
        }
        self.heading(heading)?;
        lines.iter().try_for_each(|(what, text)| self.line(what, text))
    }
}

fn document(page: &mut Page, list: &Checklist) -> Result<(), XlsxError> {
    page.heading("This document")?;
    let client = list.client.clone().unwrap_or_default();
    page.line("Client", &client)?;
    page.line("Date", &list.date.map(|date| date.to_string()).unwrap_or_default())?;
    if let Some(role) = &list.role {
        page.line("For", &format!("{role}; what others do has no status"))?;
    }
    page.line("Process", &list.process.name)?;
    page.line("Version of the process", &list.version)?;
    page.line("Content hash", &list.hash)?;
    list.owner.iter().try_for_each(|owner| page.line("Owner of the process", owner))
}

fn case(page: &mut Page, list: &Checklist) -> Result<(), XlsxError> {
    let case = &list.case;
    page.heading(if list.for_case { "The case" } else { "Which cases it is for" })?;
    if let Some(pair) = &case.versions {
        page.line(&plain(&pair.from), pair.from_value.as_deref().unwrap_or_default())?;
        page.line(&plain(&pair.to), pair.to_value.as_deref().unwrap_or_default())?;
    }
    page.lines("The way", &case.route)?;
    list.started_by.iter().try_for_each(|text| page.line("What started it", &plain(text)))?;
    let all = |texts: &[String]| texts.iter().map(|text| plain(text)).collect::<Vec<_>>();
    page.lines("What may have started it", &all(&list.triggers))?;
    for Known { title, value, later, .. } in &case.known {
        let later = if *later { " (so it is taken to be; it is found out on the way)" } else { "" };
        page.line(&plain(title), &format!("{value}{later}"))?;
    }
    for Question { title, answers, hint, .. } in &case.questions {
        let open = if answers.is_empty() { hint.clone() } else { Some(answers.join(" / ")) };
        page.line(&plain(title), &format!("still open: {}", open.unwrap_or_default()))?;
    }
    for definition in &case.definitions {
        page.line(&plain(&definition.title), &plain(&definition.meaning))?;
    }
    let told = |held: &Vec<_>| held.iter().map(condition).collect::<Vec<_>>();
    page.lines("This path is for cases in which", &told(&case.conditions))?;
    if case.otherwise {
        page.line("This path is for", "every case that no other path is for")?;
    }
    for other in &case.others {
        page.lines(&format!("{}, if", plain(&other.title)), &told(&other.conditions))?;
    }
    page.lines("Before it starts", &told(&case.assumptions))?;
    page.lines("How it can end", &all(&list.outcomes))?;
    page.lines("It may go on with", &all(&list.goes_on))
}

fn process(page: &mut Page, head: &Head) -> Result<(), XlsxError> {
    let told = remarks(&head.remarks);
    let links = head.remarks.iter().filter(|remark| remark.kind == RemarkKind::Link);
    let links: Vec<_> = links.collect();
    if head.about.is_none() && told.is_empty() && links.is_empty() && head.timing.is_empty() {
        return Ok(());
    }
    page.heading(&plain(&head.title))?;
    head.about.iter().try_for_each(|about| page.line("About", &plain(about)))?;
    page.lines("Time", &head.timing.iter().map(|time| plain(time)).collect::<Vec<_>>())?;
    page.lines("To know", &told)?;
    for remark in links {
        let internal = if remark.internal { " (internal)" } else { "" };
        let text = format!("{}{internal}", plain(&remark.text));
        page.line("See", &text)?;
        if let Some(url) = remark.url.as_deref().and_then(safe_url) {
            page.sheet.link(page.row - 1, 1, &text, url)?;
        }
    }
    Ok(())
}

fn things(page: &mut Page, list: &Checklist) -> Result<(), XlsxError> {
    let live = |title: &str, live: bool| format!("{title}{}", if live { " (LIVE)" } else { "" });
    let places = list.environments.iter().map(|place| {
        let uses = place.resources.iter().map(|it| live(&it.title, it.live)).collect::<Vec<_>>();
        let uses =
            if uses.is_empty() { String::new() } else { format!("uses {}", uses.join(", ")) };
        (live(&place.title, place.live), uses)
    });
    page.part("Where", &places.collect::<Vec<_>>())?;
    let artifacts = list.artifacts.iter().map(|artifact| {
        let numbers = |word: &str, numbers: &[String]| {
            (!numbers.is_empty()).then(|| format!("{word} {}", numbers.join(", ")))
        };
        let parts = [
            (!artifact.states.is_empty()).then(|| artifact.states.join(" → ")),
            artifact.per_environment.then(|| "in each environment".to_string()),
            artifact.given.then(|| "at hand beforehand".to_string()),
            numbers("made in", &artifact.made_in),
            numbers("needed in", &artifact.needed_in),
        ];
        (artifact.title.clone(), parts.into_iter().flatten().collect::<Vec<_>>().join("; "))
    });
    page.part("What goes in and comes out", &artifacts.collect::<Vec<_>>())?;
    let switches = list.switches.iter().map(|switch| {
        let normal = if switch.normally_on { "on" } else { "off" };
        (switch.title.clone(), format!("normally {normal}; {}", switch.turned_in.join(", ")))
    });
    page.part("What is turned on and off", &switches.collect::<Vec<_>>())?;
    let events = list.events.iter().map(|event| (String::new(), way(event)));
    page.part("At any time", &events.collect::<Vec<_>>())
}
