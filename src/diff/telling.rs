//! Changes in words.

use super::{Bump, Diff, Moved, Relation};
use crate::emit::prose::plain;

impl Diff {
    /// "the version should be 2.0.0: major is owed, and no bump is declared".
    pub fn verdict(&self) -> String {
        let Diff { owed, declared, old, new, .. } = self;
        if let Some(only) = self.changes.first().filter(|_| self.relation != Relation::Editions) {
            return only.text.clone();
        }
        match (self.is_underdeclared(), owed) {
            (true, Bump::None) => {
                let nothing = "though nothing changed for those who follow it";
                format!("the version goes down, from {old} to {new}, {nothing}")
            }
            (true, _) if self.goes_down() => {
                let should = owed.of(old);
                format!(
                    "the version goes down, from {old} to {new}; it should be {should}: {owed} is owed"
                )
            }
            (true, _) => {
                let should = owed.of(old);
                let declared = match declared {
                    Bump::None => "no bump is".to_string(),
                    declared => format!("{declared} is"),
                };
                format!("the version should be {should}: {owed} is owed, and {declared} declared")
            }
            (false, Bump::None) if !self.changes.is_empty() => "no bump is owed".to_string(),
            (false, Bump::None) => "nothing changed for those who follow it".to_string(),
            (false, owed) if owed == declared => format!("{owed} is owed, and declared"),
            (false, owed) => format!("{owed} is owed, and {declared} declared: that is enough"),
        }
    }
}

impl Moved {
    /// One case, as it is called: "hop = minor: was “Simple”, is “Standard”".
    pub fn told(&self, case: &str) -> String {
        let more = if self.others { ", and others" } else { "" };
        let case = if case.is_empty() { "in every case" } else { case };
        match (&self.was, &self.is) {
            (Some(was), Some(is)) => format!("{case}{more}: was {was}, is {is}"),
            _ if self.when.is_empty() => format!("{case}{more}"),
            _ => format!("when {case}{more}"),
        }
    }

    /// The same for those who never see a condition, as sentences.
    pub fn told_in_words(&self) -> String {
        let more = if self.others { ", and in other cases" } else { "" };
        let case = match self.words.as_str() {
            "" => "In every case".to_string(),
            words => format!("When {words}"),
        };
        match (&self.was, &self.is) {
            (Some(was), Some(is)) if self.says => {
                format!("{case}{more}, it is {is}, no longer {was}.")
            }
            (Some(was), Some(is)) => {
                format!("{case}{more}, it goes on with {is}, no longer with {was}.")
            }
            _ => format!("{case}{more}."),
        }
    }

    /// The same without Markdown, the condition as it is written.
    pub fn told_plainly(&self) -> String {
        let [was, is] = [&self.was, &self.is].map(|way| way.as_deref().map(plain));
        Moved { was, is, ..self.clone() }.told(&self.when)
    }
}

/// Starts with a capital, ends with a full stop.
pub fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    let first = rest.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", rest.as_str())
}
