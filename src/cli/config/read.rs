//! The text of a `vup.toml`, to what it says or every mistake in it.

use super::{Config, ForPaths, Level};
use crate::cli::output::listed;
use crate::cli::{FailOn, Format, Paper};
use crate::diagnostic::{Severity, nearest};
use crate::emit::letterhead::Colour;
use clap::ValueEnum;
use ignore::gitignore::GitignoreBuilder;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong, and where in the text.
#[derive(Debug)]
pub struct Mistake {
    pub span: Range<usize>,
    pub message: String,
}

type Key<'t> = Spanned<Cow<'t, str>>;
type Entry<'t> = Spanned<DeValue<'t>>;

const LEVELS: [(&str, Level); 4] = [
    ("off", None),
    ("note", Some(Severity::Note)),
    ("warning", Some(Severity::Warning)),
    ("error", Some(Severity::Error)),
];

/// Reads all of it. Mistakes come in the order of the text.
pub fn config(path: &Path, text: &str) -> Result<Config, Vec<Mistake>> {
    let (table, errors) = DeTable::parse_recoverable(text.trim_start_matches('\u{feff}'));
    let unreadable = |error: &toml::de::Error| Mistake {
        span: error.span().unwrap_or_default(),
        message: error.message().trim().replace('\n', ", "),
    };
    let mut reader = Reader {
        folder: path.parent().unwrap_or(Path::new("")),
        config: Config { path: Some(path.to_path_buf()), ..Config::default() },
        mistakes: errors.iter().map(unreadable).collect(),
    };
    if reader.mistakes.is_empty() {
        table.get_ref().iter().for_each(|(key, value)| reader.top(key, value));
    }
    let Reader { config, mut mistakes, .. } = reader;
    mistakes.sort_by_key(|mistake| mistake.span.start);
    if mistakes.is_empty() { Ok(config) } else { Err(mistakes) }
}

struct Reader<'p> {
    folder: &'p Path,
    config: Config,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn top(&mut self, key: &Key<'_>, value: &Entry<'_>) {
        match key.get_ref().as_ref() {
            "check" => self.each(value, Self::check),
            "build" => self.each(value, Self::build),
            "documents" => self.each(value, Self::documents),
            "pdf" => self.each(value, Self::pdf),
            "rules" => {
                let mut rules = std::mem::take(&mut self.config.rules);
                self.each(value, |reader, key, value| reader.rule(key, value, &mut rules));
                self.config.rules = rules;
            }
            "paths" => match value.get_ref() {
                DeValue::Array(all) => all.iter().for_each(|one| self.paths(one)),
                _ => self.wrong(value.span(), "this is a list: `[[paths]]` for each"),
            },
            _ => self.unknown(key, &["check", "build", "documents", "pdf", "rules", "paths"]),
        }
    }

    fn check(&mut self, key: &Key<'_>, value: &Entry<'_>) {
        match key.get_ref().as_ref() {
            "rules" => self.config.rule_set = self.one_of(value).unwrap_or_default(),
            "format" => self.config.format = self.one_of::<Format>(value),
            "fail-on" => self.config.fail_on = self.one_of::<FailOn>(value),
            "baseline" => self.config.baseline = self.path(value),
            _ => self.unknown(key, &["rules", "format", "fail-on", "baseline"]),
        }
    }

    fn build(&mut self, key: &Key<'_>, value: &Entry<'_>) {
        match key.get_ref().as_ref() {
            "out" => self.config.out = self.path(value),
            _ => self.unknown(key, &["out"]),
        }
    }

    fn documents(&mut self, key: &Key<'_>, value: &Entry<'_>) {
        match key.get_ref().as_ref() {
            "accent" => match Colour::read(value.get_ref().as_str().unwrap_or_default()) {
                Ok(colour) => self.config.accent = Some(colour),
                Err(reason) => self.wrong(value.span(), reason),
            },
            "logo" => self.config.logo = self.path(value),
            _ => self.unknown(key, &["accent", "logo"]),
        }
    }

    fn pdf(&mut self, key: &Key<'_>, value: &Entry<'_>) {
        match key.get_ref().as_ref() {
            "paper" => self.config.paper = self.one_of::<Paper>(value),
            _ => self.unknown(key, &["paper"]),
        }
    }

    fn paths(&mut self, value: &Entry<'_>) {
        let (mut patterns, mut rules) = (Vec::new(), BTreeMap::new());
        let mut files = GitignoreBuilder::new(self.folder);
        self.each(value, |reader, key, value| match key.get_ref().as_ref() {
            "files" => {
                for (pattern, span) in reader.texts(value) {
                    if let Err(error) = files.add_line(None, &pattern) {
                        reader.wrong(span, format!("this is no pattern of files: {error}"));
                    }
                    patterns.push(pattern);
                }
            }
            "rules" => reader.each(value, |reader, key, value| reader.rule(key, value, &mut rules)),
            _ => reader.unknown(key, &["files", "rules"]),
        });
        if patterns.is_empty() {
            return self.wrong(value.span(), "it is not said which `files` this is about");
        }
        match files.build() {
            Ok(files) => self.config.paths.push(ForPaths { patterns, files, rules }),
            Err(error) => self.wrong(value.span(), format!("this cannot be asked for: {error}")),
        }
    }

    fn rule(
        &mut self,
        key: &Key<'_>,
        value: &Entry<'_>,
        rules: &mut BTreeMap<&'static str, Level>,
    ) {
        let name = key.get_ref().as_ref();
        let known = crate::rules();
        let Some(rule) = known.iter().find(|rule| rule.name == name) else {
            let hint = match nearest(name, known.iter().map(|rule| rule.name)) {
                Some(near) => format!("did you mean `{}`?", near.word),
                None => "`vup rules` lists them".to_string(),
            };
            return self.wrong(key.span(), format!("there is no rule `{name}`; {hint}"));
        };
        let written = value.get_ref().as_str().unwrap_or_default();
        match LEVELS.iter().find(|(level, _)| *level == written) {
            Some((_, level)) if crate::is_soundness(rule) && *level < Some(rule.severity) => self
                .wrong(
                    value.span(),
                    format!("`{name}` stays an error: what stands behind it is not checked"),
                ),
            Some((_, level)) => {
                rules.insert(rule.name, *level);
            }
            None => self.no_such(value, LEVELS.iter().map(|(level, _)| *level).collect()),
        }
    }

    /// One of the values that the command line takes, too.
    fn one_of<T: ValueEnum>(&mut self, value: &Entry<'_>) -> Option<T> {
        let read = value.get_ref().as_str().and_then(|text| T::from_str(text, false).ok());
        if read.is_none() {
            let values: Vec<_> =
                T::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
            self.no_such(value, values.iter().map(|value| value.get_name()).collect());
        }
        read
    }

    fn no_such(&mut self, value: &Entry<'_>, known: Vec<&str>) {
        let written = value.get_ref().as_str().unwrap_or_default();
        let hint = match nearest(written, known.iter().copied()) {
            Some(near) => format!("did you mean \"{}\"?", near.word),
            None => format!("there is {}", quoted(&known, '"')),
        };
        self.wrong(value.span(), format!("this cannot be chosen; {hint}"));
    }

    fn unknown(&mut self, key: &Key<'_>, known: &[&str]) {
        let name = key.get_ref().as_ref();
        let hint = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{}`?", near.word),
            None => format!("there is {}", quoted(known, '`')),
        };
        self.wrong(key.span(), format!("there is no `{name}` here; {hint}"));
    }

    fn path(&mut self, value: &Entry<'_>) -> Option<PathBuf> {
        match value.get_ref().as_str() {
            Some(path) if !path.is_empty() => Some(self.folder.join(path)),
            _ => {
                self.wrong(
                    value.span(),
                    "this is a path in quotes, seen from the folder of this file",
                );
                None
            }
        }
    }

    /// One text, or several in a list.
    fn texts(&mut self, value: &Entry<'_>) -> Vec<(String, Range<usize>)> {
        let all = match value.get_ref() {
            DeValue::Array(all) => all.iter().collect(),
            _ => vec![value],
        };
        let mut texts = Vec::new();
        for one in all {
            match one.get_ref().as_str() {
                Some(text) => texts.push((text.to_string(), one.span())),
                None => self.wrong(one.span(), "this is a text in quotes"),
            }
        }
        texts
    }

    fn each(&mut self, value: &Entry<'_>, mut entry: impl FnMut(&mut Self, &Key<'_>, &Entry<'_>)) {
        match value.get_ref() {
            DeValue::Table(table) => table.iter().for_each(|(key, value)| entry(self, key, value)),
            _ => {
                self.wrong(value.span(), "this is a table: `[name]`, and below it a line for each");
            }
        }
    }

    fn wrong(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.mistakes.push(Mistake { span, message: message.into() });
    }
}

/// "`a`, `b` and `c`".
fn quoted(all: &[&str], quote: char) -> String {
    listed(&all.iter().map(|one| format!("{quote}{one}{quote}")).collect::<Vec<_>>())
}
