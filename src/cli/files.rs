//! Which files are meant, and what is in them.

use super::config::{Config, Configs};
use super::output::{listed, say};
use super::places::{STDIN_NAME, is_stdin, name_of, real, root_of};
use super::{Exit, Stop};
use crate::diagnostic::{Diagnostic, Report};
use crate::source::SourceFile;
use crate::{Compiled, compile};
use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// What a command is about.
#[derive(Default)]
pub struct Inputs {
    pub files: Vec<PathBuf>,
    /// What could not be looked into, and why: there may be more files in it.
    pub unread: Vec<String>,
}

/// The files that a command is about: those named, and every `.vup` below the folders named; below the current
/// folder where nothing is.
pub fn inputs(named: &[PathBuf]) -> Result<Inputs, Stop> {
    let here = [PathBuf::from(".")];
    let named = if named.is_empty() { &here[..] } else { named };
    let mut found = Inputs::default();
    let mut empty = Vec::new();
    for path in named {
        match path.is_dir() {
            false => {
                refuse_outline(path)?;
                found.files.push(path.clone());
            }
            true if walk(path, &mut found) => {}
            true if path == Path::new(".") => empty.push("this folder".to_string()),
            true => empty.push(path.display().to_string()),
        }
    }
    let mut seen = HashSet::new();
    found.files.retain(|path| seen.insert(real(path)));
    let message = |folders: &[String]| format!("there is no .vup file below {}", listed(folders));
    match found.files.is_empty() && found.unread.is_empty() {
        true => return Err(Stop::new(Exit::NoInput, message(&empty))),
        false if empty.is_empty() => {}
        false => say(&format!("note: {}", Report::plain(&message(&empty)))),
    }
    Ok(found)
}

/// An article is not a process yet.
fn refuse_outline(path: &Path) -> Result<(), Stop> {
    let is_outline = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("md") || ending == "markdown");
    match is_outline && path.is_file() {
        true => {
            let (shown, process) = (path.display(), path.with_extension("vup"));
            let process = process.display();
            Err(Stop::new(
                Exit::Usage,
                format!(
                    "{shown} is Markdown, not a process; to make the skeleton of one of it: \
                     vup new {process} --from-outline {shown}"
                ),
            ))
        }
        false => Ok(()),
    }
}

/// Adds every `.vup` below a folder that is not hidden and that `.gitignore` does not leave out, in the order of
/// their names; whether there was anything.
fn walk(folder: &Path, found: &mut Inputs) -> bool {
    let (mut files, mut unread) = (Vec::new(), Vec::new());
    for entry in ignore::WalkBuilder::new(folder).require_git(false).build() {
        match entry {
            Ok(entry) => {
                let path = entry.path().strip_prefix(".").unwrap_or(entry.path());
                // A link to a file is one.
                let is_file = entry.file_type().is_some_and(|kind| !kind.is_dir());
                let is_process = path.extension().is_some_and(|extension| extension == "vup");
                if is_process && is_file && entry.path().is_file() {
                    files.push(path.to_path_buf());
                }
            }
            Err(error) => unread.push(format!("cannot read {}", not_walked(&error))),
        }
    }
    files.sort();
    unread.sort();
    let is_anything = !files.is_empty() || !unread.is_empty();
    found.files.append(&mut files);
    found.unread.append(&mut unread);
    is_anything
}

/// The folder that could not be looked into, and why.
fn not_walked(error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithDepth { err, .. } => not_walked(err),
        ignore::Error::WithPath { path, err } => {
            let reason = err.io_error().map_or_else(|| err.to_string(), reason);
            format!("{}: {reason}", path.display())
        }
        _ => error.to_string(),
    }
}

/// Texts that count instead of those in their files, by [`real`] path: what standard input said, what is
/// mended and not yet written.
#[derive(Clone, Debug, Default)]
pub struct Texts(HashMap<PathBuf, String>);

impl Texts {
    pub fn set(&mut self, path: &Path, text: String) {
        self.0.insert(real(path), text);
    }

    fn get(&self, path: &Path) -> Option<&String> {
        self.0.get(&real(path))
    }
}

/// Compiles a file and those that it uses.
pub fn compiled(path: &Path) -> Result<Compiled, Stop> {
    compiled_with(path, &Texts::default(), &Configs::default())
}

/// The same, with texts that count instead of those in their files, and what is known of `vup.toml`.
pub fn compiled_with(path: &Path, texts: &Texts, configs: &Configs) -> Result<Compiled, Stop> {
    let config = configs.of(path)?;
    let mut compiled = compile(source(path, texts)?, &mut loader(path, texts));
    weigh(&mut compiled, &config);
    Ok(compiled)
}

/// Gives each finding the weight that `vup.toml` says, and leaves out those of rules that are off.
fn weigh(compiled: &mut Compiled, config: &Config) {
    if config.path.is_none() {
        return;
    }
    let Compiled { sources, findings, allowed, .. } = compiled;
    let weighed = |finding: &mut Diagnostic| {
        let file = Path::new(&sources.file(finding.place().file).name);
        let level = config.level(finding.rule, file);
        finding.severity = level.unwrap_or(finding.severity);
        level.is_some()
    };
    findings.retain_mut(weighed);
    allowed.retain_mut(|allowed| weighed(&mut allowed.finding));
}

/// A file as it is named on the command line.
pub fn source(path: &Path, texts: &Texts) -> Result<SourceFile, Stop> {
    let stdin = is_stdin(path);
    let name = if stdin { STDIN_NAME.to_string() } else { name_of(path) };
    let text = match texts.get(path) {
        Some(text) => text.clone(),
        None if stdin => read_stdin()?,
        None => read(path).map_err(|reason| unreadable(path, &reason))?,
    };
    Ok(SourceFile::new(name, text))
}

/// Finds what a file uses.
pub fn loader<'t>(
    path: &Path,
    texts: &'t Texts,
) -> impl FnMut(&str, &str) -> Result<SourceFile, String> + use<'t> {
    let root = root_of(path);
    let name = if is_stdin(path) { STDIN_NAME.to_string() } else { name_of(path) };
    // A file is known by the name under which it was met first, through whatever links.
    let mut names = HashMap::from([(real(path), name)]);
    move |user: &str, wanted: &str| load(&root, &mut names, texts, user, wanted)
}

/// The text of a file that is no process, without a mark of its byte order.
pub fn read_text(path: &Path) -> Result<String, Stop> {
    let text = match is_stdin(path) {
        true => read_stdin()?,
        false => read(path).map_err(|reason| unreadable(path, &reason))?,
    };
    Ok(text.strip_prefix('\u{feff}').map(str::to_string).unwrap_or(text))
}

fn unreadable(path: &Path, reason: &str) -> Stop {
    Stop::new(Exit::Files, format!("cannot read {}: {reason}", path.display()))
}

fn read_stdin() -> Result<String, Stop> {
    static IS_READ: AtomicBool = AtomicBool::new(false);
    if IS_READ.swap(true, Ordering::Relaxed) {
        return Err(Stop::new(Exit::Usage, "standard input is one text: name it as `-` once"));
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    let text = read.map_err(|error| error.to_string()).and_then(|_| text_of(bytes));
    text.map_err(|reason| Stop::new(Exit::Files, format!("cannot read standard input: {reason}")))
}

fn read(path: &Path) -> Result<String, String> {
    if path.is_dir() {
        return Err("it is a folder; name a file in it".into());
    }
    text_of(std::fs::read(path).map_err(|error| reason(&error))?)
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_string(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".to_string(),
        _ => error.to_string(),
    }
}

fn text_of(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("it is not UTF-8 text (line {line}); save it as UTF-8")
    })
}

/// The file that a `use` names, as seen from the folder of the file that uses it.
fn load(
    root: &Path,
    names: &mut HashMap<PathBuf, String>,
    texts: &Texts,
    user: &str,
    wanted: &str,
) -> Result<SourceFile, String> {
    if wanted.is_empty() {
        return Err("it names no file".into());
    }
    let folder = Path::new(user).parent().unwrap_or(Path::new(""));
    let path = folder.join(wanted);
    if Path::new(wanted).is_absolute() {
        return Err("it is not named from the folder of this file".into());
    }
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let real =
        folder.join(wanted).canonicalize().map_err(|_| "there is no such file".to_string())?;
    if !real.starts_with(root) {
        return Err(format!("it is outside of {}", root.display()));
    }
    let text = match texts.0.get(&real) {
        Some(text) => text.clone(),
        None => read(&real)?,
    };
    let name = names.entry(real).or_insert_with(|| name_of(&path));
    Ok(SourceFile::new(name.clone(), text))
}
