//! A finding as miette draws it: the only place that knows miette's traits.
//!
//! miette finds lines by walking a text from its start for each label, and draws a line whole,
//! however long it is; so the text is given to it by our own line index, and long lines are cut to
//! a window around the label. Control characters never reach a terminal.

mod apart;

use super::{Applicability, Diagnostic, Mend, Preview, Severity};
use crate::source::{FileId, SourceFile, Sources};
use apart::{Drawn, apart};
use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::fmt;

/// Lines longer than this are cut to a window.
const LONGEST_LINE: usize = 240;

/// How much of a long line stands before and after a label.
const AROUND: usize = 60;

/// A finding together with the texts that it speaks of.
#[derive(Debug)]
pub struct Report<'a> {
    diagnostic: &'a Diagnostic,
    source: Source<'a>,
    message: String,
    help: Option<String>,
}

impl<'a> Report<'a> {
    pub fn new(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        let file = diagnostic.place().file;
        let source = Source::new(sources.file(file));
        let message = shown(&diagnostic.message);
        let elsewhere = elsewhere(diagnostic, sources, file);
        let help: Vec<String> = diagnostic
            .help
            .iter()
            .map(|help| shown(help))
            .chain(elsewhere)
            .chain(suggestion(diagnostic, sources))
            .chain(run(diagnostic))
            .collect();
        let help = (!help.is_empty()).then(|| help.join("\n"));
        Report { diagnostic, source, message, help }
    }

    /// A text without what could steer a terminal, for those who tell of something without drawing it.
    pub fn plain(text: &str) -> String {
        text.chars().map(|char| if steers(char) { '\u{fffd}' } else { char }).collect()
    }
}

/// The run that shows a finding, numbered.
fn run(diagnostic: &Diagnostic) -> Vec<String> {
    if diagnostic.run.is_empty() {
        return Vec::new();
    }
    let lines = diagnostic.run_in_words();
    let lines = lines.iter().map(|line| format!("  • {}", shown(line)));
    std::iter::once("the shortest run that shows it:".to_string()).chain(lines).collect()
}

/// The lines that a suggested edit writes, unless the advice has said it.
fn suggestion(diagnostic: &Diagnostic, sources: &Sources) -> Vec<String> {
    let suggested = diagnostic.edit.as_ref().filter(|edit| {
        let said = |mend: &Mend| match (mend, &diagnostic.help) {
            (Mend::Instead(text), Some(help)) => help.contains(&format!("`{text}`")),
            _ => false,
        };
        edit.applicability == Applicability::Suggested
            && !edit.mends.iter().any(|(_, mend)| said(mend))
    });
    let previews = suggested.map(|edit| edit.previews(sources)).unwrap_or_default();
    // That a line goes, the advice has said.
    let told = previews.iter().filter(|preview| !preview.comes.is_empty());
    told.enumerate().flat_map(|(index, preview)| lines_of(preview, index == 0)).collect()
}

fn lines_of(preview: &Preview<'_>, first: bool) -> Vec<String> {
    let common = preview.comes.iter().map(|line| line.len() - line.trim_start().len()).min();
    let line = |sign: char, line: &str| {
        format!("  {sign} {}", shown(line.get(common.unwrap_or(0)..).unwrap_or(line)))
    };
    let (word, place) = (
        if first { "for example," } else { "and" },
        if preview.goes.is_empty() { "as" } else { "in" },
    );
    let mut told = vec![format!("{word} {place} line {}:", preview.line)];
    told.extend(preview.goes.iter().map(|goes| line('-', goes)));
    told.extend(preview.comes.iter().map(|comes| line('+', comes)));
    told
}

/// Labels in other files than the finding's: told in words, since a picture shows one file.
fn elsewhere(diagnostic: &Diagnostic, sources: &Sources, file: FileId) -> Vec<String> {
    let others = diagnostic.labels.iter().filter(|label| label.place.file != file);
    others
        .map(|label| {
            let source = sources.file(label.place.file);
            let (line, column) = source.position(label.place.span.start);
            format!("{}: {}:{line}:{column}", shown(&label.text), name(source))
        })
        .collect()
}

/// A text that can be drawn: not too long, and without what could steer a terminal.
fn shown(text: &str) -> String {
    match text.char_indices().nth(2000) {
        Some((end, _)) => Report::plain(&text[..end]) + "…",
        None => Report::plain(text),
    }
}

/// The name of a file, on one line.
fn name(file: &SourceFile) -> String {
    shown(&file.name).replace('\n', " ")
}

/// Whether a character could steer a terminal; those of two bytes (C1) can, too.
fn steers(char: char) -> bool {
    char.is_control() && !matches!(char, '\n' | '\t')
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(self.diagnostic.rule.name))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity() {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let file = self.diagnostic.place().file;
        let here = self.diagnostic.labels.iter().filter(move |label| label.place.file == file);
        let drawn = here.enumerate().map(|(index, label)| {
            let span = self.source.label(label.place.span.range());
            let text = (!label.text.is_empty()).then(|| shown(&label.text));
            let range = span.offset()..span.offset() + span.len();
            Drawn { range, text, is_primary: index == 0 }
        });
        let spans = apart(drawn.collect()).into_iter().map(|drawn| {
            let span: SourceSpan = drawn.range.into();
            match drawn.is_primary {
                true => LabeledSpan::new_primary_with_span(drawn.text, span),
                false => LabeledSpan::new_with_span(drawn.text, span),
            }
        });
        Some(Box::new(spans))
    }
}

/// A file as miette reads it.
#[derive(Debug)]
struct Source<'a> {
    file: &'a SourceFile,
    /// The text with control characters replaced byte by byte, so that offsets stay.
    text: std::borrow::Cow<'a, str>,
}

impl<'a> Source<'a> {
    fn new(file: &'a SourceFile) -> Self {
        let text = match file.text.contains(steers) {
            true => {
                let mut plain = String::with_capacity(file.text.len());
                for char in file.text.chars() {
                    match steers(char) {
                        true => plain.extend(std::iter::repeat_n(' ', char.len_utf8())),
                        false => plain.push(char),
                    }
                }
                plain.into()
            }
            false => file.text.as_str().into(),
        };
        Source { file, text }
    }

    /// A span that can be drawn: on one line, not too long, and not behind the end of the text.
    fn label(&self, range: std::ops::Range<usize>) -> SourceSpan {
        let last = self.text.trim_end().len().saturating_sub(1);
        let start = self.boundary(range.start.min(last));
        let line_end =
            self.text[start..].find('\n').map_or(self.text.len(), |length| start + length);
        let end = range.end.clamp(start, line_end.max(start)).min(start + AROUND);
        let end = self.boundary(end);
        (start, (end - start).max(1)).into()
    }

    /// The character boundary at or before an offset.
    fn boundary(&self, mut at: usize) -> usize {
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

impl SourceCode for Source<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        if span.offset() + span.len() > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        if before == 0 {
            // miette asks so for the place that it prints above the lines.
            let (line, column) = self.file.position(span.offset() as u32);
            return Ok(self.contents(*span, line - 1, column - 1));
        }
        let lines = &self.file.lines;
        let offset = |at: usize| lines.line(at as u32);
        let (first, last) = (offset(span.offset()), offset(span.offset() + span.len()));
        let from = first.saturating_sub(before);
        let to = (last + after + 1).min(lines.count());
        let start = lines.start(from).unwrap_or(0) as usize;
        let end = lines.start(to).map_or(self.text.len(), |end| end as usize - 1);
        let longest = self.text[start..end].lines().map(str::len).max().unwrap_or(0);
        let (start, end, line) = match longest > LONGEST_LINE {
            true => {
                let line = lines.start(first).unwrap_or(0) as usize;
                let end_of_line =
                    lines.start(last + 1).map_or(self.text.len(), |end| end as usize - 1);
                let start = self.boundary(span.offset().saturating_sub(AROUND)).max(line);
                let end = self.boundary((span.offset() + span.len() + AROUND).min(end_of_line));
                (start, end.max(span.offset() + span.len()), first)
            }
            false => (start, end, from),
        };
        let column = start - lines.start(line).unwrap_or(0) as usize;
        Ok(self.contents((start, end - start).into(), line, column))
    }
}

impl Source<'_> {
    fn contents(
        &self,
        span: SourceSpan,
        line: usize,
        column: usize,
    ) -> Box<dyn SpanContents<'_> + '_> {
        let bytes = &self.text.as_bytes()[span.offset()..span.offset() + span.len()];
        let name = name(self.file);
        // miette joins pictures that overlap, and knows it by the count of their lines.
        let count = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
        Box::new(MietteSpanContents::new_named(name, bytes, span, line, column, count))
    }
}
