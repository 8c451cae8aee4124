//! What a house puts on its documents: its colour, and its logo.

use crate::emit::page::base64;

/// A logo that is larger than this was hardly meant for a page.
const MOST_BYTES: usize = 1_000_000;
/// By how much a colour must stand out from white to be read; what WCAG 2 asks of text.
const LEAST_CONTRAST: f64 = 4.5;

/// What stands on every page; nothing where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct Letterhead {
    pub accent: Option<Colour>,
    pub logo: Option<Logo>,
}

/// Titles, numbers and lines are drawn in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colour(String);

/// A picture, kept in the page itself.
#[derive(Clone, Debug)]
pub struct Logo {
    kind: &'static str,
    bytes: Vec<u8>,
}

impl Colour {
    /// Reads `#0a6640`; or says why that is no colour to write in.
    pub fn read(text: &str) -> Result<Colour, String> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let number = digits.filter(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()));
        let number = number.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let number = number.ok_or("a colour is written \"#0a6640\"")?;
        let contrast = 1.05 / (luminance(number) + 0.05);
        if contrast < LEAST_CONTRAST {
            return Err(format!(
                "this colour is too light to be read on white: it stands out {contrast:.1} to 1, and text \
                 needs {LEAST_CONTRAST} to 1; take a darker one"
            ));
        }
        Ok(Colour(text.to_ascii_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How bright a colour is, from 0 to 1, as WCAG 2 measures it.
fn luminance(colour: u32) -> f64 {
    let part = |shift: u32| {
        let share = f64::from(colour >> shift & 0xff) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
}

impl Logo {
    /// Takes the bytes of a picture; or says why it cannot.
    pub fn read(bytes: Vec<u8>) -> Result<Logo, String> {
        if bytes.len() > MOST_BYTES {
            return Err(format!("a logo has at most {} kB", MOST_BYTES / 1000));
        }
        let kind = kind_of(&bytes).ok_or("a logo is a picture in SVG, PNG or JPEG")?;
        Ok(Logo { kind, bytes })
    }

    /// What it is drawn in, as the names of media types say it: "png", "jpeg" or "svg+xml".
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The file, as it was read.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The picture as an address.
    fn address(&self) -> String {
        format!("data:image/{};base64,{}", self.kind, base64(&self.bytes))
    }
}

fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("png");
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some("jpeg");
    }
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim_start();
    (text.starts_with('<') && text.contains("<svg")).then_some("svg+xml")
}

impl Letterhead {
    /// The colour, for a template.
    pub fn colour(&self) -> Option<&str> {
        self.accent.as_ref().map(Colour::as_str)
    }

    /// The logo, for a template: of our own digits alone.
    pub(super) fn picture(&self) -> Option<minijinja::Value> {
        let logo = self.logo.as_ref()?;
        Some(minijinja::Value::from_safe_string(logo.address()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Colour, Logo};

    #[test]
    fn a_colour_can_be_read_on_white() {
        for (written, said) in [
            ("#0A6640", "#0a6640"),
            ("#767676", "#767676"),
            ("#777777", "4.5 to 1"),
            ("#ffff00", "stands out 1.1 to 1"),
            ("#fff", "is written"),
            ("0a6640", "is written"),
            ("#0a66é", "is written"),
            ("red; }", "is written"),
        ] {
            match Colour::read(written) {
                Ok(colour) => assert_eq!(colour.as_str(), said),
                Err(message) => assert!(message.contains(said), "{written}: {message}"),
            }
        }
    }

    #[test]
    fn a_logo_is_a_picture() {
        let address = |bytes: &[u8]| Logo::read(bytes.to_vec()).map(|logo| logo.address());
        let svg = address(b"<?xml version=\"1.0\"?>\n<svg/>").expect("a picture");
        assert!(svg.starts_with("data:image/svg+xml;base64,PD94bWwg"), "{svg}");
        assert!(address(b"\x89PNG\r\n\x1a\n").is_ok_and(|it| it.starts_with("data:image/png;")));
        assert!(address(b"<html>").is_err_and(|it| it.contains("SVG, PNG or JPEG")));
        assert!(address(b"").is_err());
        assert!(address(&vec![b'<'; 1_000_001]).is_err_and(|it| it.contains("1000 kB")));
    }
}
