//! Which names there are, and what to say of one that there is not.

use super::rules::{DUPLICATE_NAME, UNKNOWN_NAME, WRONG_KIND};
use super::{ArtifactId, EnvironmentId, FactId, OutcomeId, ResourceId, RoleId, SwitchId};
use crate::diagnostic::{Diagnostic, nearest};
use crate::source::Place;
use std::collections::{HashMap, HashSet};

/// Names of one space are unique; the same name may stand in several spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Space {
    Role,
    Resource,
    Environment,
    Artifact,
    Switch,
    /// Facts and triggers; decides share it too, but are looked up by where they stand.
    Fact,
    Outcome,
    Procedure,
}

impl Space {
    pub const ALL: [Space; 8] = [
        Space::Role,
        Space::Resource,
        Space::Environment,
        Space::Artifact,
        Space::Switch,
        Space::Fact,
        Space::Outcome,
        Space::Procedure,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Space::Role => "role",
            Space::Resource => "resource",
            Space::Environment => "environment",
            Space::Artifact => "artifact",
            Space::Switch => "switch",
            Space::Fact => "fact",
            Space::Outcome => "outcome",
            Space::Procedure => "procedure",
        }
    }
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    Role(RoleId),
    Resource(ResourceId),
    Environment(EnvironmentId),
    Artifact(ArtifactId),
    Switch(SwitchId),
    Fact(FactId),
    Trigger(usize),
    Outcome(OutcomeId),
    Procedure(usize),
}

#[derive(Debug, Default)]
pub struct Names {
    spaces: HashMap<Space, HashMap<String, (Symbol, Place)>>,
    /// Words of lines that could not be read: they may name what such a line was to declare.
    pub unread: HashSet<String>,
    /// A `use` could not be followed, so nothing is known to be unknown.
    pub incomplete: bool,
    pub used: HashSet<Symbol>,
    pub findings: Vec<Diagnostic>,
}

impl Names {
    /// Gives a name its meaning, unless it has one.
    pub fn declare(&mut self, space: Space, name: &str, symbol: Symbol, place: Place) {
        let names = self.spaces.entry(space).or_default();
        if let Some((_, first)) = names.get(name) {
            let message = format!("there are two {}s with the name `{name}`", space.word());
            let finding = Diagnostic::new(&DUPLICATE_NAME, place, message)
                .label(*first, "the first is here")
                .help("give one of them another name");
            self.findings.push(finding);
            return;
        }
        names.insert(name.to_string(), (symbol, place));
    }

    /// What a name means, if anything. It then counts as used.
    pub fn find(&mut self, space: Space, name: &str) -> Option<Symbol> {
        let (symbol, _) = *self.spaces.get(&space)?.get(name)?;
        self.used.insert(symbol);
        Some(symbol)
    }

    /// As `find`; says so where the name means nothing.
    pub fn expect(&mut self, space: Space, name: &str, place: Place) -> Option<Symbol> {
        let found = self.find(space, name);
        if found.is_none() {
            self.unknown(space.word(), name, place, self.names(space));
        }
        found
    }

    /// All names of a space, in order.
    pub fn names(&self, space: Space) -> Vec<String> {
        let mut names: Vec<String> = self
            .spaces
            .get(&space)
            .map(|names| names.keys().cloned().collect())
            .unwrap_or_default();
        names.sort();
        names
    }

    /// Whether a name may have been declared where it could not be read.
    pub fn may_be_unread(&self, name: &str) -> bool {
        self.incomplete || name.split('.').any(|part| self.unread.contains(part))
    }

    /// Reports that no `word` has the name; `known` are those that there are.
    pub fn unknown(&mut self, word: &str, name: &str, place: Place, known: Vec<String>) {
        if self.may_be_unread(name) {
            return;
        }
        let other = Space::ALL.into_iter().find_map(|space| {
            let (_, place) = self.spaces.get(&space)?.get(name)?;
            (space.word() != word).then_some((space.word(), *place))
        });
        if let Some((kind, declared)) = other {
            return self.wrong_kind(word, name, place, kind, declared);
        }
        let article = if word.starts_with(['a', 'e', 'o', 'u']) { "an" } else { "a" };
        let mut finding =
            Diagnostic::new(&UNKNOWN_NAME, place, format!("there is no {word} `{name}`"));
        if let Some(meant) = nearest(name, known.iter().map(String::as_str)) {
            finding = finding.help(format!("did you mean `{meant}`?")).edit(place, meant);
        } else if known.is_empty() {
            finding = finding.help(format!("declare {article} {word} with this name"));
        } else if known.len() <= 8 {
            finding = finding.help(format!("there is {}", backticked(&known)));
        } else {
            finding = finding.help(format!("declare it, or name {article} {word} that there is"));
        }
        self.findings.push(finding);
    }

    pub fn wrong_kind(&mut self, word: &str, name: &str, place: Place, kind: &str, other: Place) {
        let finding =
            Diagnostic::new(&WRONG_KIND, place, format!("`{name}` is a {kind}, not a {word}"))
                .here(format!("a {word} is meant here"))
                .label(other, format!("`{name}` is declared as a {kind}"))
                .help(format!("name a {word}, or write what is meant with a {kind}"));
        self.findings.push(finding);
    }
}

/// "`a`, `b` and `c`".
pub fn backticked(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The name that a title gives to what has no other: its letters and digits, joined by `-`.
pub fn derived_name(title: &str) -> Option<String> {
    let words: Vec<String> = title
        .split(|char: char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let name = words.join("-");
    (!name.is_empty() && !name.starts_with(|char: char| char.is_numeric())).then_some(name)
}

/// The title that a name gives to what has no other: "go-live" is "Go live".
pub fn derived_title(name: &str) -> String {
    let spaced = name.replace('-', " ");
    let mut chars = spaced.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => spaced,
    }
}
