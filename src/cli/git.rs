//! Files as they were at a revision, by the `git` program.

use super::places::name_of;
use super::{Exit, Stop};
use crate::source::SourceFile;
use crate::{Compiled, compile};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A revision that there is, as seen from a folder.
pub struct Revision {
    name: String,
    folder: PathBuf,
}

impl Revision {
    /// The revision of this name in the repository that a file is in.
    pub fn find(name: &str, file: &Path) -> Result<Revision, Stop> {
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        let revision = Revision { name: name.to_string(), folder };
        let inside = revision.git(&["rev-parse", "--show-toplevel"])?;
        if !inside.status.success() {
            let file = match file.to_str() {
                Some(".") => "this folder".to_string(),
                _ => file.display().to_string(),
            };
            let message =
                format!("{file} is not in a git repository; name the old file instead of --git");
            return Err(Stop::new(Exit::Usage, message));
        }
        let commit = format!("{name}^{{commit}}");
        let found =
            revision.git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
        match found.status.success() {
            true => Ok(revision),
            false => {
                let message = format!(
                    "git knows no revision `{name}`; name a commit, a branch or a tag, such as HEAD"
                );
                Err(Stop::new(Exit::Usage, message))
            }
        }
    }

    fn git(&self, arguments: &[&str]) -> Result<Output, Stop> {
        let run = Command::new("git").arg("-C").arg(&self.folder).args(arguments).output();
        run.map_err(|error| {
            let message = match error.kind() {
                std::io::ErrorKind::NotFound => {
                    "--git needs the program `git`, and it is not installed here".to_string()
                }
                _ => format!("cannot run `git`: {error}"),
            };
            Stop::new(Exit::Files, message)
        })
    }

    /// What a file held, named as seen from the folder; none where there was none.
    fn text(&self, name: &str) -> Result<Option<Vec<u8>>, Stop> {
        let path = match name.starts_with("../") {
            true => format!("{}:{name}", self.name),
            false => format!("{}:./{name}", self.name),
        };
        let shown = self.git(&["show", "--end-of-options", &path])?;
        Ok(shown.status.success().then_some(shown.stdout))
    }

    /// A file and those that it used, all as they were then; none where there was no such file.
    pub fn compiled(&self, file: &Path) -> Result<Option<Compiled>, Stop> {
        self.compiled_below(Path::new(file.file_name().unwrap_or_default()))
    }

    /// The same for a file below the folder, whose own folder may be gone.
    pub fn compiled_below(&self, file: &Path) -> Result<Option<Compiled>, Stop> {
        let name = name_of(file);
        let Some(bytes) = self.text(&name)? else { return Ok(None) };
        let text = utf8(bytes).map_err(|reason| {
            let message = format!("cannot read {} at {}: {reason}", file.display(), self.name);
            Stop::new(Exit::Files, message)
        })?;
        let mut load = |user: &str, wanted: &str| {
            let folder = Path::new(user).parent().unwrap_or(Path::new(""));
            let name = name_of(&folder.join(wanted));
            let bytes = self.text(&name).map_err(|stop| stop.message)?;
            let bytes = bytes.ok_or_else(|| format!("there is no such file at {}", self.name))?;
            Ok(SourceFile::new(name, utf8(bytes)?))
        };
        Ok(Some(compile(SourceFile::new(name.clone(), text), &mut load)))
    }

    /// The process files below the folder that there were then.
    pub fn files(&self) -> Result<Vec<PathBuf>, Stop> {
        let listed = self.git(&["ls-tree", "-r", "-z", "--name-only", &self.name])?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let files = listed.split('\0').filter(|name| name.ends_with(".vup"));
        Ok(files.map(PathBuf::from).collect())
    }
}

fn utf8(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_string())
}
