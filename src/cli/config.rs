//! `vup.toml`: how much each rule weighs, where, and what commands do when nothing is said.
//!
//! It is found upwards from each file. docs/settings.md says what may stand in it.

mod read;

use super::places::{SETTINGS, folder_of, marked};
use super::{Exit, FailOn, Format, Paper, Stop};
use crate::diagnostic::{Report, Rule, Severity};
use crate::emit::letterhead::Colour;
use clap::ValueEnum;
use ignore::gitignore::Gitignore;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// How much a rule weighs; none where it is off.
pub type Level = Option<Severity>;

/// The rules that are on where nothing is said of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum RuleSet {
    /// Errors and warnings: what is wrong, and what likely is.
    Recommended,
    /// Notes, too, which are about style.
    #[default]
    All,
}

/// What a `vup.toml` says; what nothing says, where there is none.
#[derive(Debug, Default)]
pub struct Config {
    /// The file; none where there is none.
    pub path: Option<PathBuf>,
    pub format: Option<Format>,
    pub fail_on: Option<FailOn>,
    /// Seen from the folder of the file.
    pub baseline: Option<PathBuf>,
    pub out: Option<PathBuf>,
    /// Of a PDF.
    pub paper: Option<Paper>,
    /// Of documents.
    pub accent: Option<Colour>,
    pub logo: Option<PathBuf>,
    rule_set: RuleSet,
    rules: BTreeMap<&'static str, Level>,
    /// The last that is about a file counts.
    paths: Vec<ForPaths>,
}

/// What is otherwise for some files.
#[derive(Debug)]
struct ForPaths {
    patterns: Vec<String>,
    files: Gitignore,
    rules: BTreeMap<&'static str, Level>,
}

/// Each file is read once, however many processes stand below it.
#[derive(Debug, Default)]
pub struct Configs(Mutex<HashMap<PathBuf, Arc<Config>>>);

impl Configs {
    /// What counts for a file; for the current folder, where that is given.
    pub fn of(&self, path: &Path) -> Result<Arc<Config>, Stop> {
        let folder = if path.is_dir() { path.to_path_buf() } else { folder_of(path) };
        let folder = folder.canonicalize().unwrap_or(folder);
        let Some(root) = marked(&folder, SETTINGS) else { return Ok(Arc::default()) };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = known.get(root) {
            return Ok(config.clone());
        }
        let config = Arc::new(Config::read(&root.join(SETTINGS))?);
        known.insert(root.to_path_buf(), config.clone());
        Ok(config)
    }
}

impl Config {
    fn read(path: &Path) -> Result<Config, Stop> {
        let shown = Report::plain(&short(path).display().to_string());
        let text = std::fs::read_to_string(path)
            .map_err(|error| Stop::new(Exit::Files, format!("cannot read {shown}: {error}")))?;
        let source = crate::source::SourceFile::new(shown, text);
        read::config(path, &source.text).map_err(|mistakes| {
            let told = mistakes.iter().map(|mistake| {
                let (line, column) = source.position(mistake.span.start as u32);
                format!("{}:{line}:{column}: {}", source.name, mistake.message)
            });
            Stop::new(Exit::Usage, told.collect::<Vec<_>>().join("\nerror: "))
        })
    }

    /// Below which its paths stand.
    pub fn folder(&self) -> Option<&Path> {
        self.path.as_deref().and_then(Path::parent)
    }

    /// How much a rule weighs in a file.
    pub fn level(&self, rule: &Rule, file: &Path) -> Level {
        if crate::is_soundness(rule) {
            return Some(rule.severity);
        }
        let said = match self.paths.is_empty() {
            true => None,
            false => self.about(file).rev().find_map(|paths| paths.rules.get(rule.name)),
        };
        let said = said.or_else(|| self.rules.get(rule.name)).copied();
        said.unwrap_or(match (self.rule_set, rule.severity) {
            (RuleSet::Recommended, Severity::Note) => None,
            (_, severity) => Some(severity),
        })
    }

    fn about(&self, file: &Path) -> impl DoubleEndedIterator<Item = &ForPaths> {
        let file = super::places::real(file);
        self.paths.iter().filter(move |paths| {
            let is_below = self.folder().is_some_and(|folder| file.starts_with(folder));
            is_below && paths.files.matched_path_or_any_parents(&file, false).is_ignore()
        })
    }

    /// A path as it is seen from the folder of the file, in quotes.
    fn written(&self, path: &Path) -> String {
        let path = path.strip_prefix(self.folder().unwrap_or(Path::new(""))).unwrap_or(path);
        quoted(&path.display().to_string())
    }

    /// What counts for a file, as it would be written.
    pub fn shown(&self, file: Option<&Path>, format: Format, fail_on: FailOn) -> String {
        let mut told = match &self.path {
            Some(path) => format!("# {}\n", Report::plain(&short(path).display().to_string())),
            None => format!("# there is no {SETTINGS}: this is what counts without one\n"),
        };
        let name = |value: &dyn Fn() -> Option<clap::builder::PossibleValue>| {
            value().map(|value| value.get_name().to_string()).unwrap_or_default()
        };
        let _ = writeln!(told, "\n[check]");
        let _ = writeln!(told, "rules = \"{}\"", name(&|| self.rule_set.to_possible_value()));
        let _ = writeln!(told, "fail-on = \"{}\"", name(&|| fail_on.to_possible_value()));
        let _ = writeln!(told, "format = \"{}\"", name(&|| format.to_possible_value()));
        if let Some(baseline) = &self.baseline {
            let _ = writeln!(told, "baseline = {}", self.written(baseline));
        }
        if let Some(out) = &self.out {
            let _ = writeln!(told, "\n[build]\nout = {}", self.written(out));
        }
        if self.accent.is_some() || self.logo.is_some() {
            let _ = writeln!(told, "\n[documents]");
        }
        if let Some(accent) = &self.accent {
            let _ = writeln!(told, "accent = \"{}\"", accent.as_str());
        }
        if let Some(logo) = &self.logo {
            let _ = writeln!(told, "logo = {}", self.written(logo));
        }
        if let Some(paper) = &self.paper {
            let _ = writeln!(told, "\n[pdf]\npaper = \"{}\"", name(&|| paper.to_possible_value()));
        }
        if let Some(file) = file {
            let _ = writeln!(told, "\n# for {}", Report::plain(&file.display().to_string()));
            for paths in self.about(file) {
                let _ = writeln!(told, "# with what is said of {}", paths.patterns.join(", "));
            }
        }
        let _ = writeln!(told, "\n[rules]");
        for rule in crate::rules() {
            let level = match file {
                Some(file) => self.level(rule, file),
                None => self.level(rule, Path::new("")),
            };
            let level = level.map_or("off".to_string(), |severity| severity.to_string());
            let _ = writeln!(told, "{} = \"{level}\"", rule.name);
        }
        told
    }
}

/// As it is seen from here.
pub fn short(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    path.strip_prefix(&here).unwrap_or(path).to_path_buf()
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    serde_json::to_string(&Report::plain(text)).expect("a text is always JSON")
}
