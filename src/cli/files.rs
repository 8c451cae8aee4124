//! Which files are meant, and what is in them.

use super::{Exit, Stop};
use crate::source::SourceFile;
use crate::{Compiled, compile};
use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// Standard input, as people name it on the command line.
const STDIN: &str = "-";

/// What a command is about.
pub struct Inputs {
    pub files: Vec<PathBuf>,
    /// What could not be looked into, and why: there may be more files in it.
    pub unread: Vec<String>,
}

/// The files that a command is about: those named, else every `.vup` below the current folder.
pub fn inputs(named: &[PathBuf]) -> Result<Inputs, Stop> {
    if !named.is_empty() {
        let mut seen = HashSet::new();
        let is_new = |path: &&PathBuf| seen.insert(real(path));
        let files = named.iter().filter(is_new).cloned().collect();
        return Ok(Inputs { files, unread: Vec::new() });
    }
    let (mut files, mut unread) = (Vec::new(), Vec::new());
    for entry in ignore::WalkBuilder::new(".").require_git(false).build() {
        match entry {
            Ok(entry) => {
                let path = entry.path().strip_prefix(".").unwrap_or(entry.path());
                let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                if is_file && path.extension().is_some_and(|extension| extension == "vup") {
                    files.push(path.to_path_buf());
                }
            }
            Err(error) => unread.push(format!("cannot read {}", not_walked(&error))),
        }
    }
    files.sort();
    unread.sort();
    match files.is_empty() && unread.is_empty() {
        true => Err(Stop::new(Exit::NoInput, "there is no .vup file below this folder")),
        false => Ok(Inputs { files, unread }),
    }
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

/// What tells a file from others, however it is named.
fn real(path: &Path) -> PathBuf {
    match path.to_str() == Some(STDIN) {
        true => path.to_path_buf(),
        false => path.canonicalize().unwrap_or_else(|_| path.to_path_buf()),
    }
}

/// Compiles a file and those that it uses.
pub fn compiled(path: &Path) -> Result<Compiled, Stop> {
    let (name, text) = match path.to_str() == Some(STDIN) {
        true => ("<stdin>".to_string(), read_stdin()?),
        false => (name_of(path), read(path).map_err(|reason| unreadable(path, &reason))?),
    };
    let root = root_of(path);
    // A file is known by the name under which it was met first, through whatever links.
    let mut names = HashMap::from([(real(path), name.clone())]);
    let mut load = |user: &str, wanted: &str| load(&root, &mut names, user, wanted);
    Ok(compile(SourceFile::new(name, text), &mut load))
}

fn unreadable(path: &Path, reason: &str) -> Stop {
    Stop::new(Exit::Files, format!("cannot read {}: {reason}", path.display()))
}

fn read_stdin() -> Result<String, Stop> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    let text = read.map_err(|error| error.to_string()).and_then(|_| text_of(bytes));
    text.map_err(|reason| Stop::new(Exit::Files, format!("cannot read standard input: {reason}")))
}

fn read(path: &Path) -> Result<String, String> {
    if path.is_dir() {
        return Err("it is a folder; name the files in it, or run this in it without a name".into());
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

/// The folder out of which no `use` leads: that of `vup.toml`, else of `.git`, else the current
/// one, else that of the file.
fn root_of(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let file = std::path::absolute(path).unwrap_or_else(|_| here.join(path));
    let folder = match path.to_str() == Some(STDIN) {
        true => here.clone(),
        false => file.parent().map(Path::to_path_buf).unwrap_or_default(),
    };
    let folder = folder.canonicalize().unwrap_or(folder);
    let marked = |mark: &str| folder.ancestors().find(|above| above.join(mark).exists());
    let marked = marked("vup.toml").or_else(|| marked(".git")).map(Path::to_path_buf);
    marked.unwrap_or(if folder.starts_with(&here) { here } else { folder })
}

/// The file that a `use` names, as seen from the folder of the file that uses it.
fn load(
    root: &Path,
    names: &mut HashMap<PathBuf, String>,
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
    let text = read(&real)?;
    let name = names.entry(real).or_insert_with(|| name_of(&path));
    Ok(SourceFile::new(name.clone(), text))
}

/// A path as people write it, and one name for one file: without `.`, with `..` worked out.
pub fn name_of(path: &Path) -> String {
    let mut parts: Vec<Component<'_>> = Vec::new();
    for part in path.components() {
        match (part, parts.last()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let path: PathBuf = parts.iter().collect();
    path.to_string_lossy().replace('\\', "/")
}
