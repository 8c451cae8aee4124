//! A file's sheets while they are written: names, texts, drop-downs, print settings.

use super::look;
use crate::emit::checklist::Checklist;
use crate::emit::prose;
use crate::plan::calendar::Moment;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format, Formula,
    Url, Worksheet, XlsxError,
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The name of the cell with the day by which is judged what is overdue.
pub const AS_OF: &str = "As_of";

/// What a cell takes, in UTF-16.
const LONGEST_TEXT: usize = 32_767;
/// What the name of a sheet takes, in UTF-16.
const LONGEST_NAME: usize = 31;
/// What an address takes, in UTF-16.
const LONGEST_URL: usize = 2_079;
const LISTS: &str = "Lists";

/// All sheets, in order.
pub struct Book {
    sheets: Vec<Worksheet>,
    names: HashSet<String>,
    lists: Lists,
    footer: String,
}

/// What drop-downs offer: more than fits into a drop-down itself, so it stands on a sheet.
#[derive(Default)]
struct Lists {
    lines: Vec<String>,
    known: HashMap<Vec<String>, String>,
}

impl Book {
    pub fn new(list: &Checklist) -> Self {
        let trace = format!("{} {} · {}", list.process.name, list.version, list.hash);
        // A footer takes 255 characters in all.
        let trace: String = clean(&trace).chars().take(90).collect();
        let footer = format!("&L{}&C&A&RPage &P of &N", trace.replace('&', "&&"));
        // Excel keeps that name for itself; ours must be there for the formulas.
        let names = [LISTS, "History"].map(str::to_lowercase).into();
        Book { sheets: Vec::new(), names, lists: Lists::default(), footer }
    }

    /// A sheet with a name like the one that is wanted. Gives back that name, too.
    pub fn sheet(&mut self, wanted: &str) -> Result<(Sheet, String), XlsxError> {
        let name = self.name(wanted);
        let mut inner = Worksheet::new();
        inner.set_name(&name)?;
        Ok((Sheet { inner, ..Sheet::default() }, name))
    }

    pub fn push(&mut self, sheet: Sheet) {
        self.sheets.push(sheet.inner);
    }

    fn name(&mut self, wanted: &str) -> String {
        let allowed = |c: char| !matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\');
        let plain: String =
            clean(wanted).chars().map(|c| if allowed(c) { c } else { ' ' }).collect();
        let words: Vec<&str> = plain.split_whitespace().collect();
        let plain = words.join(" ");
        let plain = match plain.trim_matches('\'') {
            "" => "Sheet",
            plain => plain,
        };
        let mut count = 1;
        loop {
            let ending = if count == 1 { String::new() } else { format!(" ({count})") };
            let start = cut(plain, LONGEST_NAME - ending.len()).trim_end_matches([' ', '\'']);
            let name = format!("{start}{ending}");
            if self.names.insert(name.to_lowercase()) {
                return name;
            }
            count += 1;
        }
    }

    /// A drop-down of these words.
    pub fn choice(&mut self, words: &[String]) -> DataValidation {
        let lists = &mut self.lists;
        let range = lists.known.entry(words.to_vec()).or_insert_with(|| {
            let first = lists.lines.len() + 1;
            lists.lines.extend(words.iter().cloned());
            format!("={LISTS}!$A${first}:$A${}", lists.lines.len())
        });
        DataValidation::new()
            .allow_list_formula(Formula::new(range.as_str()))
            .set_error_style(DataValidationErrorStyle::Warning)
    }

    /// How a table is frozen, filtered and printed: from its header to its last row.
    pub fn set_up(&self, sheet: &mut Sheet, area: Area) -> Result<(), XlsxError> {
        const A4: u8 = 9;
        let (last_row, last_column) = (area.last_row.max(area.header), area.last_column);
        sheet.fit(area.header)?;
        let inner = &mut sheet.inner;
        inner.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
        inner.set_margins(0.25, 0.25, 0.5, 0.7, 0.3, 0.3);
        inner.set_footer(&self.footer);
        inner.set_print_area(0, 0, last_row, last_column)?;
        inner.set_repeat_rows(area.header, area.header)?;
        inner.set_freeze_panes(area.header + 1, area.frozen)?;
        inner.autofilter(area.header, 0, last_row, last_column)?;
        inner.set_screen_gridlines(false);
        Ok(())
    }

    /// As [`Book::set_up`], of what is read and not filtered.
    pub fn set_up_page(
        &self,
        sheet: &mut Sheet,
        last_row: u32,
        last_column: u16,
    ) -> Result<(), XlsxError> {
        sheet.fit(1)?;
        let inner = &mut sheet.inner;
        inner.set_paper_size(9).set_print_fit_to_pages(1, 0);
        inner.set_margins(0.5, 0.5, 0.5, 0.7, 0.3, 0.3);
        inner.set_footer(&self.footer);
        inner.set_print_area(0, 0, last_row, last_column)?;
        inner.set_freeze_panes(1, 0)?;
        inner.set_screen_gridlines(false);
        Ok(())
    }

    /// All sheets; what drop-downs offer stands on a last one, which is hidden.
    pub fn finish(mut self) -> Result<Vec<Worksheet>, XlsxError> {
        if !self.lists.lines.is_empty() {
            let mut sheet = Sheet::default();
            sheet.inner.set_name(LISTS)?.set_hidden(true);
            for (row, line) in (0..).zip(&self.lists.lines) {
                sheet.text(row, 0, line, &Format::new())?;
            }
            self.push(sheet);
        }
        Ok(self.sheets)
    }
}

/// Where a table stands.
#[derive(Clone, Copy)]
pub struct Area {
    pub header: u32,
    pub last_row: u32,
    pub last_column: u16,
    /// How many columns stay where they are.
    pub frozen: u16,
}

#[derive(Default)]
pub struct Sheet {
    pub inner: Worksheet,
    widths: Vec<f64>,
    /// How many lines the texts of a row need.
    lines: BTreeMap<u32, usize>,
}

impl Sheet {
    /// A text is a text, whatever it begins with, also when somebody edits the cell.
    pub fn text(
        &mut self,
        row: u32,
        column: u16,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let text = clean(text);
        if text.is_empty() {
            self.inner.write_blank(row, column, format)?;
            return Ok(());
        }
        let text = cut(&text, LONGEST_TEXT);
        if let Some(width) = self.widths.get(usize::from(column)) {
            let needed = self.lines.entry(row).or_default();
            *needed = lines(text, *width).max(*needed);
        }
        match text.starts_with(['=', '+', '-', '@', '\'']) {
            true => self.inner.write_string_with_format(
                row,
                column,
                text,
                &format.clone().set_quote_prefix(),
            )?,
            false => self.inner.write_string_with_format(row, column, text, format)?,
        };
        Ok(())
    }

    /// A day; where the calendar of spreadsheets does not reach, its words.
    pub fn moment(
        &mut self,
        row: u32,
        column: u16,
        moment: Option<Moment>,
        format: Format,
    ) -> Result<(), XlsxError> {
        let format = look::dated(format, moment.is_some_and(|it| it.time_of_day().is_some()));
        match moment.map(|moment| (moment, date(moment))) {
            None => self.inner.write_blank(row, column, &format)?,
            Some((_, Some(date))) => {
                self.inner.write_datetime_with_format(row, column, &date, &format)?
            }
            Some((moment, None)) => return self.text(row, column, &moment.to_string(), &format),
        };
        Ok(())
    }

    /// A text that leads to the web or to a mail. An address that would not be kept as it is stands in
    /// the text.
    pub fn link(&mut self, row: u32, column: u16, text: &str, url: &str) -> Result<(), XlsxError> {
        let url = clean(url);
        let schemes = ["http://", "https://", "mailto:"];
        let start = |scheme: &&str| {
            url.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme))
        };
        let Some(scheme) = schemes.into_iter().find(|scheme| start(scheme)) else {
            return self.text(row, column, text, &look::cell());
        };
        let target = format!("{scheme}{}", prose::address(&url[scheme.len()..]));
        let fits = target.encode_utf16().count() <= LONGEST_URL && !changes(&target);
        if !fits {
            return self.text(row, column, &format!("{text}: {url}"), &look::cell());
        }
        self.text(row, column, text, &look::cell())?;
        let text = cut(&clean(text), LONGEST_TEXT).to_string();
        self.inner.write_url_with_options(
            row,
            column,
            Url::new(target),
            text,
            "",
            Some(&look::link()),
        )?;
        Ok(())
    }

    pub fn header(&mut self, row: u32, columns: &[(&str, f64)]) -> Result<(), XlsxError> {
        for (column, (title, width)) in (0..).zip(columns) {
            self.text(row, column, title, &look::header())?;
            self.width(column, *width)?;
        }
        Ok(())
    }

    /// How wide a column is; columns come in order. Texts written from then on are fitted into it.
    pub fn width(&mut self, column: u16, width: f64) -> Result<(), XlsxError> {
        self.inner.set_column_width(column, width)?;
        self.widths.push(width);
        Ok(())
    }

    /// Rows as high as their texts need: not every program looks for itself.
    fn fit(&mut self, first: u32) -> Result<(), XlsxError> {
        const LINE: f64 = 13.0;
        const HIGHEST: f64 = 400.0;
        for (row, lines) in self.lines.range(first..) {
            self.inner.set_row_height(*row, (*lines as f64 * LINE + 2.0).min(HIGHEST))?;
        }
        Ok(())
    }

    /// What stands above a table.
    pub fn title(&mut self, title: &str, below: &str) -> Result<(), XlsxError> {
        self.text(0, 0, title, &look::title())?;
        self.text(1, 0, below, &look::subtitle())?;
        self.inner.set_row_height(0, 24)?;
        Ok(())
    }

    /// Cells that take a day.
    pub fn days(&mut self, first: (u32, u16), last: (u32, u16)) -> Result<(), XlsxError> {
        let rule = DataValidationRule::GreaterThan(ExcelDateTime::from_ymd(1999, 12, 31)?);
        let days = DataValidation::new()
            .allow_date(rule)
            .set_error_title("A date")?
            .set_error_message("Write a date, such as 1 Mar 2026.")?;
        self.inner.add_data_validation(first.0, first.1, last.0, last.1, &days)?;
        Ok(())
    }

    /// The colours of a column of states.
    pub fn colours(&mut self, first: (u32, u16), last: (u32, u16)) -> Result<(), XlsxError> {
        for state in look::states() {
            self.inner.add_conditional_format(first.0, first.1, last.0, last.1, &state)?;
        }
        Ok(())
    }
}

/// Whether the library would write another address: it takes a percent sign for one that is not yet
/// escaped, unless it sees one of these.
fn changes(url: &str) -> bool {
    let escaped = ["%20", "%22", "%25", "%3C", "%3E", "%5B", "%5D", "%5E", "%60", "%7B", "%7D"];
    url.contains('%') && !escaped.iter().any(|it| url.to_uppercase().contains(it))
}

/// The day and the time as spreadsheets count them.
pub fn date(moment: Moment) -> Option<ExcelDateTime> {
    let (year, month, day) = moment.day();
    let narrow = |number: i8| u8::try_from(number).ok();
    let date =
        ExcelDateTime::from_ymd(u16::try_from(year).ok()?, narrow(month)?, narrow(day)?).ok()?;
    match moment.time_of_day() {
        None => Some(date),
        Some((hour, minute)) => date.and_hms(u16::try_from(hour).ok()?, narrow(minute)?, 0).ok(),
    }
}

/// Without what XML cannot hold, and what nobody sees.
pub fn clean(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' => '\n',
        '\u{FFFE}' | '\u{FFFF}' => '\u{FFFD}',
        c if c.is_control() => ' ',
        c => c,
    };
    text.trim().chars().map(shown).collect()
}

/// How many lines a text needs in a column, by what the widest of the common fonts takes.
fn lines(text: &str, width: f64) -> usize {
    let most = (width * 1.2).max(1.0) as usize;
    let of_line = |line: &str| {
        let (mut count, mut filled) = (1, 0);
        for word in line.split(' ') {
            let length = word.chars().count();
            if filled > 0 && filled + 1 + length > most {
                count += 1;
                filled = 0;
            }
            filled += length + usize::from(filled > 0);
            count += filled.saturating_sub(1) / most;
            filled = if filled > most { filled % most } else { filled };
        }
        count
    };
    text.lines().map(of_line).sum::<usize>().max(1)
}

/// The start of a text that fits, counted as Excel counts.
fn cut(text: &str, most: usize) -> &str {
    let mut length = 0;
    let end = text.char_indices().find(|(_, c)| {
        length += c.len_utf16();
        length > most
    });
    end.map_or(text, |(end, _)| &text[..end])
}
