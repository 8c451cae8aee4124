//! Makes HTML pages of templates. Whatever a template is given is escaped; prose gets in as
//! [`prose::html`] alone.

use crate::emit::prose;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Value};
use sha2::{Digest, Sha256};

/// The style that every page starts from.
pub const STYLE: &str = include_str!("templates/checklist.css");

/// Fills in a template of ours; its name ends in `.html`, which turns escaping on.
pub fn page(name: &'static str, template: &'static str, context: Value) -> String {
    let mut templates = Environment::new();
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    templates.set_syntax(syntax.build().expect("the delimiters are the usual ones"));
    templates.add_filter("prose", |text: &str| Value::from_safe_string(prose::html(text)));
    templates.add_filter("plain", |text: &str| prose::plain(text));
    templates.add_filter("href", |url: &str| prose::safe_url(url).map(str::to_string));
    templates.add_filter("css_text", css_text);
    let page = templates
        .add_template(name, template)
        .and_then(|()| templates.get_template(name))
        .and_then(|template| template.render(context));
    page.expect("the template is ours, and its nesting does not depend on what it is given")
}

/// Longer texts are cut in the margin of a page.
const LONGEST_MARGIN: usize = 90;

/// Text for a string in a style sheet: what is no letter, digit or space is written as its number.
fn css_text(text: &str) -> Value {
    let mut out = String::new();
    let cut = text.chars().count() > LONGEST_MARGIN;
    for c in text.chars().take(LONGEST_MARGIN) {
        match c {
            c if c.is_control() => {}
            c if c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '_') => out.push(c),
            c => out.push_str(&format!("\\{:x} ", u32::from(c))),
        }
    }
    if cut {
        out.push('…');
    }
    Value::from_safe_string(out)
}

/// What a page says of a script of ours, so that a browser runs no other.
pub fn script_hash(script: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(script)))
}

pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit)) & 63;
            out.push(if digit <= group.len() as u32 {
                DIGITS[index as usize] as char
            } else {
                '='
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{base64, css_text};

    #[test]
    fn bytes_in_base64() {
        for (bytes, written) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), written);
        }
    }

    #[test]
    fn nothing_gets_out_of_a_string_in_a_style_sheet() {
        let text = css_text("Größe, \"a\" </style>\n{}").to_string();
        assert_eq!(text, "Größe\\2c  \\22 a\\22  \\3c \\2f style\\3e \\7b \\7d ");
        assert_eq!(css_text(&"x".repeat(100)).to_string().chars().count(), 91);
    }
}
