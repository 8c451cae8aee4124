//! Common mistakes that the grammar reads all the same, each with what to write instead.

use super::rules::SYNTAX;
use super::statement::{Blocks, Kind, form_of};
use super::tree::Comparison;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Mend, as_a_name};
use crate::source::{FileId, Place, Span};

/// Collects what is wrong in one file.
#[derive(Debug)]
pub struct Mistakes {
    pub file: FileId,
    pub found: Vec<Diagnostic>,
}

impl Mistakes {
    pub fn place(&self, span: Span) -> Place {
        Place { file: self.file, span }
    }

    pub fn add(&mut self, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        let diagnostic = Diagnostic::new(&SYNTAX, self.place(span), message);
        self.found.push(diagnostic);
        self.found.last_mut().expect("one was just pushed")
    }

    /// A mistake whose mend is to write `instead`.
    pub fn replace(&mut self, span: Span, message: impl Into<String>, instead: &str) {
        self.replace_if(Applicability::Safe, span, message, instead);
    }

    /// The same, where that may not be what was meant.
    pub fn replace_if(
        &mut self,
        applicability: Applicability,
        span: Span,
        message: impl Into<String>,
        instead: &str,
    ) {
        let place = self.place(span);
        let mistake = self.add(span, message);
        mistake.help = Some(format!("write `{instead}`"));
        mistake.edit = Some(Edit::new(applicability, place, Mend::Instead(instead.into())));
    }

    /// Names are lower case, with `-` between words.
    pub fn name(&mut self, name: &str, span: Span) {
        let plain = |char: char| char == '-' || (!char.is_uppercase() && char != '_');
        if !name.chars().all(plain) {
            let instead = as_a_name(name);
            let message = format!("the name `{name}` is not lower case with `-` between words");
            self.replace(span, message, &instead);
        }
    }

    pub fn curly_quotes(&mut self, written: &str, span: Span) {
        let inner = written.trim_matches(['“', '”', '„', '«', '»', '"']);
        let inner = inner.replace('\\', "\\\\");
        self.replace(span, "typographic quotes around a text", &format!("\"{inner}\""));
    }

    /// `\"` and `\\` are the only escapes.
    pub fn escapes(&mut self, written: &str, span: Span) {
        let bytes = written.as_bytes();
        let mut at = 0;
        while let Some(offset) = memchr::memchr(b'\\', &bytes[at..]) {
            let backslash = at + offset;
            let escaped = written[backslash + 1..].chars().next().unwrap_or('"');
            at = backslash + 1 + escaped.len_utf8();
            if !matches!(escaped, '"' | '\\') {
                let start = span.start as usize + backslash;
                let place = Span::new(start, start + 1 + escaped.len_utf8());
                let message = format!("`\\{escaped}` is no escape: only `\\\"` and `\\\\` are");
                // Elsewhere these are new lines, tabs and the like.
                let applicability =
                    match matches!(escaped, 'n' | 't' | 'r' | 'u' | 'x' | '0' | '\'') {
                        true => Applicability::Suggested,
                        false => Applicability::Safe,
                    };
                self.replace_if(applicability, place, message, &format!("\\\\{escaped}"));
            }
        }
    }

    /// A version has three parts.
    pub fn version(&mut self, written: &str, span: Span) {
        if semver::Version::parse(written).is_ok() {
            return;
        }
        let parts = written.split('.').count();
        let full = format!("{written}{}", ".0".repeat(3usize.saturating_sub(parts)));
        match semver::Version::parse(&full) {
            Ok(_) => self.replace(span, format!("`{written}` is no whole version"), &full),
            Err(reason) => {
                let mistake = self.add(span, format!("`{written}` is no version: {reason}"));
                mistake.help = Some("a version has three parts, as `2.1.0` or `2.1.0-rc.1`".into());
            }
        }
    }

    pub fn arrow(&mut self, span: Span) {
        self.replace(span, "this arrow is not one of the language", "->");
    }

    pub fn comparison(&mut self, written: &str, span: Span) -> Comparison {
        let (comparison, instead) = match written {
            "=<" | "≤" => (Comparison::AtMost, "<="),
            "=>" | "≥" => (Comparison::AtLeast, ">="),
            "<>" | "≠" => (Comparison::NotEqual, "!="),
            _ => (Comparison::Equal, "="),
        };
        self.replace(span, format!("`{written}` is not how facts are compared"), instead);
        comparison
    }

    pub fn mixed_and_or(&mut self, span: Span) {
        let mistake = self.add(span, "`and` and `or` are mixed without parentheses");
        mistake.help = Some("say which belong together, as in `a and (b or c)`".into());
    }

    /// A `{` that stands alone; the line that it belongs to ends at `header`.
    pub fn brace_alone(&mut self, span: Span, header: u32) {
        let place = self.place(span);
        let header = self.place(Span { start: header, end: header });
        let mistake = self.add(span, "a `{` stands at the end of the line whose block it opens");
        mistake.help = Some("put it at the end of the line before".into());
        mistake.edit = Some(Edit::safe(header, Mend::Opened).and(place, Mend::NoLine));
    }

    /// Something stands behind a `{`, at the end of a statement of this kind.
    pub fn after_brace(&mut self, header: Option<Kind>, written: &str, span: Span) {
        let rest = written.trim_start_matches('{').trim();
        let only_braces = rest.chars().all(|char| char == '{');
        let message = match only_braces {
            true => "one `{` opens a block".to_string(),
            false => "a block has each of its lines on a line of its own".to_string(),
        };
        let place = self.place(span);
        let flat = header.and_then(form_of).filter(|form| form.block == Blocks::Never);
        let mistake = self.add(span, message);
        if let Some(form) = flat {
            mistake.message = format!("`{}` has no block", form.keyword);
            mistake.help = Some(format!("it is written: {}", form.spelt_out()));
        } else if only_braces {
            mistake.help = Some("write `{`".into());
            mistake.edit = Some(Edit::safe(place, Mend::Instead("{".into())));
        } else {
            mistake.help = Some("end this line with `{`, and put the `}` alone on a line".into());
        }
    }

    /// A `}` at the end of a statement.
    pub fn close_behind(&mut self, span: Span) {
        self.add(span, "a `}` stands alone on its line").help =
            Some("put it on the next line".into());
    }

    /// Something stands behind a `}`.
    pub fn after_close(&mut self, written: &str, span: Span) {
        let only_braces = written.chars().all(|char| char == '}' || char.is_whitespace());
        let place = self.place(span);
        let mistake = self.add(span, "a `}` stands alone on its line");
        if only_braces {
            mistake.message = "one `}` closes a block".into();
            mistake.help = Some("each `}` has a line of its own; write one here".into());
            // Where two blocks were to be closed, the `}` that is missing then is told by itself.
            mistake.edit = Some(Edit::safe(place, Mend::Instead("}".into())));
        } else {
            mistake.help = Some("put what follows on the next line".into());
        }
    }
}
