//! Which names there are, and what to say of one that there is not.

use super::meant;
use super::rules::{DUPLICATE_NAME, UNKNOWN_NAME, WRONG_KIND};
use super::{ArtifactId, EnvironmentId, FactId, OutcomeId, ResourceId, RoleId, SwitchId};
use crate::diagnostic::{Applicability, Diagnostic, Near, as_a_name, derived_name, nearest};
use crate::source::Place;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

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

    fn words(self) -> &'static str {
        match self {
            Space::Role => "roles",
            Space::Resource => "resources",
            Space::Environment => "environments",
            Space::Artifact => "artifacts",
            Space::Switch => "switches",
            Space::Fact => "facts",
            Space::Outcome => "outcomes",
            Space::Procedure => "procedures",
        }
    }

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
    /// A state of an artifact: made, or named where one is needed or spoken of.
    State(ArtifactId, usize),
    Switch(SwitchId),
    Fact(FactId),
    Trigger(usize),
    Outcome(OutcomeId),
    Procedure(usize),
}

impl Symbol {
    /// The word of the language for what it is.
    pub fn word(self) -> &'static str {
        match self {
            Symbol::Role(_) => "role",
            Symbol::Resource(_) => "resource",
            Symbol::Environment(_) => "environment",
            Symbol::Artifact(_) => "artifact",
            Symbol::State(..) => "state",
            Symbol::Switch(_) => "switch",
            Symbol::Fact(_) => "fact",
            Symbol::Trigger(_) => "trigger",
            Symbol::Outcome(_) => "outcome",
            Symbol::Procedure(_) => "procedure",
        }
    }
}

#[derive(Debug, Default)]
pub struct Names {
    spaces: HashMap<Space, BTreeMap<String, (Symbol, Place)>>,
    /// The names that are declared with a title, by what the title alone would give as a name.
    titled: HashMap<String, Vec<String>>,
    /// The names of a space, listed once something asked for them.
    listed: HashMap<Space, Rc<[String]>>,
    /// Words of lines that could not be read: they may name what such a line was to declare.
    pub unread: HashSet<String>,
    /// All words of the first of these lines, each joined to a name.
    pub unread_lines: Vec<String>,
    /// Names that are not written as names are, as they should be: that has been told, and those
    /// who write them properly elsewhere are not wrong.
    pub miswritten: HashSet<String>,
    /// Something is missing, a file or a part of the process, so nothing is known to be unknown.
    pub incomplete: bool,
    /// The files have no process: what only a process can declare is not known to be unknown.
    pub library: bool,
    /// Some of the flow could not be laid out: items are not known to be unknown.
    pub items_missing: bool,
    pub used: HashSet<Symbol>,
    /// Artifacts of which it has been told that they have no states.
    pub stateless: HashSet<ArtifactId>,
    /// What is wrong with a name, once for each place where it is written.
    pub misused: Vec<Diagnostic>,
    pub findings: Vec<Diagnostic>,
}

impl Names {
    /// Gives a name its meaning, unless it has one.
    pub fn declare(&mut self, space: Space, name: &str, symbol: Symbol, place: Place) {
        if name.is_empty() {
            return;
        }
        let names = self.spaces.entry(space).or_default();
        if let Some((_, first)) = names.get(name) {
            let what = if space == Space::Fact { "facts or triggers" } else { space.words() };
            let message = format!("there are two {what} with the name `{name}`");
            let finding = Diagnostic::new(&DUPLICATE_NAME, place, message)
                .label(*first, "the first is here")
                .help("give one of them another name");
            self.findings.push(finding);
            return;
        }
        names.insert(name.to_string(), (symbol, place));
        self.listed.remove(&space);
    }

    /// Remembers the title that is declared with a name.
    pub fn entitle(&mut self, name: &str, title: &str) {
        let derived = derived_name(title).filter(|derived| derived != name);
        if let Some(derived) = derived {
            self.titled.entry(derived).or_default().push(name.to_string());
        }
    }

    /// The only one of these names that is declared with such a title.
    fn by_title<'n>(
        &self,
        title: &str,
        mut known: impl Iterator<Item = &'n str>,
    ) -> Option<&'n str> {
        let names = self.titled.get(&derived_name(title)?)?;
        let is_titled = |name: &&str| names.iter().any(|titled| titled == name);
        let first = known.find(is_titled)?;
        known.all(|other| other == first || !is_titled(&other)).then_some(first)
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
            let known = self.names(space);
            self.unknown(space.word(), name, place, &[&known]);
        }
        found
    }

    /// All names of a space, in order.
    pub fn names(&mut self, space: Space) -> Rc<[String]> {
        let spaces = &self.spaces;
        let list = || spaces.get(&space).into_iter().flat_map(BTreeMap::keys).cloned().collect();
        self.listed.entry(space).or_insert_with(list).clone()
    }

    /// Whether a name may have been declared where it could not be read.
    pub fn may_be_unread(&self, name: &str) -> bool {
        let is_miswritten =
            |part| !self.miswritten.is_empty() && self.miswritten.contains(&as_a_name(part));
        // `step Draw the plan {` was to declare `draw-the-plan`.
        let is_in_a_line = |part: &str| {
            part.contains('-')
                && self.unread_lines.iter().any(|line| meant::has_words_of(line, part))
        };
        self.incomplete
            || name
                .split('.')
                .any(|part| self.unread.contains(part) || is_miswritten(part) || is_in_a_line(part))
    }

    /// Reports that no `word` has the name; `known` are lists of those that there are.
    pub fn unknown(&mut self, word: &str, name: &str, place: Place, known: &[&[String]]) {
        let is_item = matches!(word, "step" | "decision" | "stage" | "path" | "event");
        if self.may_be_unread(name) {
            return;
        }
        let names = || known.iter().copied().flatten().map(String::as_str);
        let titled = self.by_title(name, names()).map(|word| Near { word, sure: false });
        let meant = titled.or_else(|| nearest(name, names())).or_else(|| {
            let proper = as_a_name(name);
            names().find(|known| *known == proper).map(|word| Near { word, sure: true })
        });
        let is_elsewhere = self.library && is_of_a_process(word, name);
        if meant.is_none() && (is_elsewhere || is_item && self.items_missing) {
            return;
        }
        let other = Space::ALL.into_iter().find_map(|space| {
            let (symbol, place) = self.spaces.get(&space)?.get(name)?;
            let kind = symbol.word();
            (kind != word).then_some((kind, *place))
        });
        if let Some((kind, declared)) = other {
            return self.wrong_kind(word, name, place, kind, declared);
        }
        let word_ = with_article(word);
        let finding = Diagnostic::new(&UNKNOWN_NAME, place, format!("there is no {word} `{name}`"));
        let finding = if let Some(line) = line_that_gives(word, name) {
            finding.help(line)
        } else if let Some(meant) = meant {
            finding.meant(place, &meant)
        } else {
            finding.help(meant::help(&word_, name, names()))
        };
        self.misused.push(finding);
    }

    /// Reports a name with points in it of which only the way to it may have changed.
    pub fn moved(&mut self, word: &str, name: &str, place: Place, to: &[&str]) {
        if self.may_be_unread(name) {
            return;
        }
        let finding = Diagnostic::new(&UNKNOWN_NAME, place, format!("there is no {word} `{name}`"));
        self.misused.push(match *to {
            [word] => finding.meant(place, &Near { word, sure: false }),
            _ => finding.help(
                meant::asked(to)
                    .unwrap_or_else(|| format!("name {} that there is", with_article(word))),
            ),
        });
    }

    /// What is wrong with a name is told once, with all places where it is written. Where there are several
    /// it is hardly a slip of the pen in each: a line that is to declare it may be missing, or be the one
    /// that is misspelt.
    pub fn tell_repeated_once(&mut self) {
        let mut same: BTreeMap<_, BTreeMap<Place, Diagnostic>> = BTreeMap::new();
        for finding in std::mem::take(&mut self.misused) {
            // A file is mended by itself.
            let Diagnostic { rule, message, help, .. } = finding.clone();
            let key = (finding.place().file, rule.name, message, help);
            same.entry(key).or_default().entry(finding.place()).or_insert(finding);
        }
        let told = same.into_values().filter_map(|places| one_of(places.into_values().collect()));
        self.findings.extend(told);
    }

    pub fn wrong_kind(&mut self, word: &str, name: &str, place: Place, kind: &str, other: Place) {
        let (word, kind) = (with_article(word), with_article(kind));
        let finding =
            Diagnostic::new(&WRONG_KIND, place, format!("`{name}` is {kind}, not {word}"))
                .here(format!("{word} is meant here"))
                .label(other, format!("`{name}` is {kind}"))
                .help(format!("name {word} here"));
        self.misused.push(finding);
    }

    /// Where a name was declared, if it was.
    pub fn declared(&self, space: Space, name: &str) -> Option<(Symbol, Place)> {
        self.spaces.get(&space)?.get(name).copied()
    }
}

/// So many more places of a name are shown.
const MOST_SHOWN: usize = 4;

/// One finding of those that say the same of several places, in the order of the text.
fn one_of(findings: Vec<Diagnostic>) -> Option<Diagnostic> {
    let mut findings = findings.into_iter();
    let mut first = findings.next()?;
    let others: Vec<Diagnostic> = findings.collect();
    // One more line takes no more room than to say that there is one more.
    let shown = if others.len() > MOST_SHOWN + 1 { MOST_SHOWN } else { others.len() };
    for (index, other) in others.iter().take(shown).enumerate() {
        let text = match others.len() - shown {
            more if more > 0 && index + 1 == shown => {
                format!("here too, and in {more} more places")
            }
            _ => "here too".to_string(),
        };
        first = first.label(other.place(), text);
    }
    if let Some(edit) = first.edit.as_mut().filter(|_| !others.is_empty()) {
        let edits = others.into_iter().filter_map(|other| other.edit);
        edit.mends.extend(edits.flat_map(|other| other.mends));
        if first.rule != &WRONG_KIND {
            edit.applicability = Applicability::Suggested;
            let meant = first.help.take().unwrap_or_default();
            let apart = if meant.ends_with('?') { "" } else { ";" };
            first.help = Some(format!(
                "{meant}{apart} if it is right as it is written here, mend the line that declares it"
            ));
        }
    }
    Some(first)
}

/// Whether only a process can declare such a thing, so that a library alone cannot know of it.
fn is_of_a_process(word: &str, name: &str) -> bool {
    match word {
        "outcome" | "step" | "decision" | "stage" | "path" | "event" => true,
        "fact" => matches!(name, "from" | "to" | "hop" | "breaking" | "trigger"),
        _ => false,
    }
}

/// The line that gives a fact which nobody declares as one.
fn line_that_gives(word: &str, name: &str) -> Option<&'static str> {
    match (word, name) {
        ("fact", "from" | "to" | "hop" | "breaking") => {
            Some("this fact comes with a line `versions from \"…\" to \"…\"`")
        }
        ("fact", "trigger") => Some("this fact comes with lines `trigger NAME \"…\"`"),
        _ => None,
    }
}

/// "a role", "an outcome".
pub fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
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

/// The title that a name gives to what has no other: "go-live" is "Go live".
pub fn derived_title(name: &str) -> String {
    let spaced = name.replace('-', " ");
    let mut chars = spaced.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => spaced,
    }
}
