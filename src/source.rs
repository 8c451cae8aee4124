//! Where a text comes from and where in it a thing stands.
//!
//! Offsets are bytes. Lines and columns are for people: both count from 1, a column counts
//! characters.

use std::ops::Range;

/// A stretch of bytes in one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        let narrow =
            |offset| u32::try_from(offset).expect("`parse` refuses files of 4 GB and more");
        Span { start: narrow(start), end: narrow(end) }
    }

    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The text that this span covers in `source`.
    pub fn of(self, source: &str) -> &str {
        &source[self.range()]
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One of the files of a compilation: the one that was asked for is 0, those that it uses follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u16);

/// A span and the file that it is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    pub file: FileId,
    pub span: Span,
}

/// A text with the name that people know it by.
#[derive(Clone, Debug)]
pub struct SourceFile {
    pub name: String,
    pub text: String,
    pub lines: LineIndex,
}

impl SourceFile {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        SourceFile { name: name.into(), lines: LineIndex::new(&text), text }
    }

    /// The line and the column, both from 1, at which `offset` stands.
    pub fn position(&self, offset: u32) -> (usize, usize) {
        let line = self.lines.line(offset);
        let start = self.lines.starts[line] as usize;
        let end = (offset as usize).min(self.text.len());
        let before = self.text.get(start..end).unwrap_or_default();
        (line + 1, before.chars().count() + 1)
    }
}

/// The offsets at which lines start.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes());
        let starts = std::iter::once(0).chain(ends.map(|end| end as u32 + 1)).collect();
        LineIndex { starts }
    }

    /// The line, from 0, that `offset` is in.
    pub fn line(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    /// How many lines there are; the empty one after a last line end counts.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// Where a line starts, counted from 0.
    pub fn start(&self, line: usize) -> Option<u32> {
        self.starts.get(line).copied()
    }
}

/// All files of one compilation.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    pub fn add(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u16::try_from(self.files.len()).expect("the loader refuses so many files"));
        self.files.push(file);
        id
    }

    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    pub fn iter(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    pub fn text(&self, place: Place) -> &str {
        place.span.of(&self.file(place.file).text)
    }
}
