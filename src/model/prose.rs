//! Text for people, with facts to be filled in.

use super::FactId;

/// A text: inline Markdown, and places where a fact of the case is filled in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prose {
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Text(String),
    /// The value of a fact, or a line to write it on.
    Fact(FactId),
    /// The item at hand of a `for each`: a line to write it on.
    Item(String),
}

impl Prose {
    pub fn text(text: impl Into<String>) -> Self {
        Prose { parts: vec![Part::Text(text.into())] }
    }

    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Text(text) if text.is_empty()))
    }

    /// The text with each fact filled in by `fill`.
    pub fn filled(&self, mut fill: impl FnMut(FactId) -> String) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Fact(fact) => fill(*fact),
                Part::Item(name) => format!("{name} {BLANK}"),
            })
            .collect()
    }
}

/// A line to write on.
pub const BLANK: &str = "________";
