//! Where files are: the folder that a file is in, the project that it is part of, and one name for one file.

use std::path::{Component, Path, PathBuf};

/// Standard input, as people name it on the command line.
const STDIN: &str = "-";

/// What it is called where a file would be named.
pub const STDIN_NAME: &str = "<stdin>";

/// The file of settings; a folder that has one is the root of what is used in it.
pub const SETTINGS: &str = "vup.toml";

/// What tells a file from others, however it is named.
pub fn real(path: &Path) -> PathBuf {
    match is_stdin(path) {
        true => path.to_path_buf(),
        false => path.canonicalize().unwrap_or_else(|_| path.to_path_buf()),
    }
}

/// Whether standard input is meant.
pub fn is_stdin(path: &Path) -> bool {
    path.to_str() == Some(STDIN)
}

/// The folder out of which no `use` leads: that of `vup.toml`, else of `.git`, else the current
/// one, else that of the file.
pub fn root_of(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let folder = folder_of(path);
    let folder = folder.canonicalize().unwrap_or(folder);
    let root = marked(&folder, SETTINGS).or_else(|| marked(&folder, ".git"));
    match root {
        Some(root) => root.to_path_buf(),
        None if folder.starts_with(&here) => here,
        None => folder,
    }
}

/// The folder that a file is in; for standard input, the current one.
pub fn folder_of(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    match is_stdin(path) {
        true => here,
        false => {
            let file = std::path::absolute(path).unwrap_or_else(|_| here.join(path));
            file.parent().map(Path::to_path_buf).unwrap_or_default()
        }
    }
}

/// The nearest folder, upwards, that holds a file of this name.
pub fn marked<'f>(folder: &'f Path, mark: &str) -> Option<&'f Path> {
    folder.ancestors().find(|above| above.join(mark).exists())
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

/// The folder from which files are named: that of the repository, else as for `use`. A `vup.toml` further down makes no
/// other project.
pub fn project_of(path: &Path) -> PathBuf {
    let folder = folder_of(path);
    let folder = folder.canonicalize().unwrap_or(folder);
    marked(&folder, ".git").map_or_else(|| root_of(path), Path::to_path_buf)
}
