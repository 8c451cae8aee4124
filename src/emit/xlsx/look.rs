//! Fonts, borders and colours. What a colour says is said in words too, so that it can be read in grey.

use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatFormula, Format,
    FormatAlign, FormatBorder, FormatUnderline,
};

const INK: Color = Color::RGB(0x1F_2A_37);
const GREY: Color = Color::RGB(0x59_63_6E);
const LINE: Color = Color::RGB(0xB8_C0_CA);
const BAND: Color = Color::RGB(0xD5_E0_EC);
const HEAD: Color = Color::RGB(0x24_3B_53);

fn base() -> Format {
    Format::new().set_font_size(10).set_font_color(INK).set_align(FormatAlign::Top)
}

fn boxed() -> Format {
    base().set_text_wrap().set_border(FormatBorder::Thin).set_border_color(LINE)
}

/// The title of a sheet.
pub fn title() -> Format {
    base().set_font_size(16).set_bold()
}

/// Under a title.
pub fn subtitle() -> Format {
    base().set_font_color(GREY)
}

/// The first row of a table.
pub fn header() -> Format {
    boxed().set_bold().set_font_color(Color::White).set_background_color(HEAD)
}

/// A cell of a table.
pub fn cell() -> Format {
    boxed()
}

pub fn centred() -> Format {
    boxed().set_align(FormatAlign::Center)
}

/// What lies below something else, moved in.
pub fn moved_in(by: usize) -> Format {
    boxed().set_align(FormatAlign::Left).set_indent(by.min(10) as u8)
}

/// The row of a stage.
pub fn band() -> Format {
    band_text().set_bold()
}

/// What is told in the row of a stage.
pub fn band_text() -> Format {
    boxed().set_background_color(BAND)
}

pub fn strong() -> Format {
    boxed().set_bold()
}

/// A cell that is filled from a drop-down: what is chosen stays a text, whatever it begins with.
pub fn chosen(format: Format) -> Format {
    format.set_num_format("@")
}

/// What was worked out, not written.
pub fn computed() -> Format {
    boxed().set_italic()
}

pub fn link() -> Format {
    boxed().set_font_color(Color::RGB(0x0B_5C_AD)).set_underline(FormatUnderline::Single)
}

/// No two countries read it differently.
pub fn dated(format: Format, with_time: bool) -> Format {
    let pattern = if with_time { "d mmm yyyy hh:mm" } else { "d mmm yyyy" };
    format.set_num_format(pattern).set_align(FormatAlign::Left)
}

pub fn percent() -> Format {
    base().set_bold().set_num_format("0%").set_align(FormatAlign::Left)
}

/// A cell above the table that people fill in.
pub fn field() -> Format {
    dated(boxed().set_bold(), false)
}

pub fn label() -> Format {
    base().set_bold()
}

/// The colours of what a drop-down says.
pub fn states() -> Vec<ConditionalFormatCell> {
    let dark = |color: u32| Format::new().set_bold().set_background_color(Color::RGB(color));
    [
        ("Done", Format::new().set_background_color(Color::RGB(0xCF_E8_CF))),
        ("Resolved", Format::new().set_background_color(Color::RGB(0xCF_E8_CF))),
        ("In progress", dark(0xFF_E9_A8)),
        ("Failed", dark(0x9B_1C_1C).set_font_color(Color::White)),
        ("Critical", dark(0x9B_1C_1C).set_font_color(Color::White)),
        ("High", dark(0xF6_C2_B5)),
    ]
    .into_iter()
    .map(|(word, format)| {
        ConditionalFormatCell::new()
            .set_rule(ConditionalFormatCellRule::EqualTo(word))
            .set_format(format)
    })
    .collect()
}

/// What there is nothing to do about any more.
pub fn pale(rule: &str) -> ConditionalFormatFormula {
    ConditionalFormatFormula::new()
        .set_rule(rule)
        .set_format(Format::new().set_italic().set_font_color(GREY))
}

pub fn overdue(rule: &str) -> ConditionalFormatFormula {
    let format = Format::new().set_bold().set_background_color(Color::RGB(0xF3_A7_7B));
    ConditionalFormatFormula::new().set_rule(rule).set_format(format)
}
