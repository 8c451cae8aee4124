//! Which files below the folder of outputs are ours.

use super::output::write_whole;
use super::{Exit, Stop};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Component, Path};

const NAME: &str = "vup-manifest.json";
const SCHEMA: &str = "vup-manifest/1";

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Manifest {
    schema: String,
    /// Below the folder, with `/`.
    files: BTreeSet<String>,
}

impl Manifest {
    pub fn of(names: impl IntoIterator<Item = String>) -> Self {
        Manifest { schema: SCHEMA.into(), files: names.into_iter().collect() }
    }

    /// What is ours, and what is about to be.
    pub fn with(&self, names: &[String]) -> Self {
        Manifest::of(self.files.iter().chain(names).cloned())
    }
}

/// The manifest of an earlier build; an empty one where there was none.
pub fn read(folder: &Path, force: bool) -> Result<Manifest, Stop> {
    let path = folder.join(NAME);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Manifest::default());
        }
        Err(error) => {
            return Err(Stop::new(Exit::Files, format!("cannot read {}: {error}", path.display())));
        }
    };
    match serde_json::from_slice::<Manifest>(&bytes) {
        Ok(manifest) if manifest.schema == SCHEMA => Ok(manifest),
        _ if force => Ok(Manifest::default()),
        _ => {
            let message = format!(
                "{} is not a list of files that vup wrote; --force overwrites it",
                path.display()
            );
            Err(Stop::new(Exit::Files, message))
        }
    }
}

/// A file that is there and not ours is not overwritten.
pub fn refuse_foreign(folder: &Path, names: &[String], ours: &Manifest) -> Result<(), Stop> {
    let foreign = names
        .iter()
        .filter(|name| !ours.files.contains(*name))
        .map(|name| folder.join(name))
        .find(|path| path.symlink_metadata().is_ok());
    match foreign {
        Some(path) => {
            let message = format!(
                "{} is there already, and vup did not write it; nothing was written. --force overwrites it, --out names another folder",
                path.display()
            );
            Err(Stop::new(Exit::Files, message))
        }
        None => Ok(()),
    }
}

/// Takes away what is ours and no longer made, and the folders that are empty then.
pub fn remove_stale(folder: &Path, before: &Manifest, names: &[String]) {
    for name in before.files.iter().filter(|name| !names.contains(name) && is_below(name)) {
        let path = folder.join(name);
        // What cannot be removed stays; it is in nobody's way.
        let _ = std::fs::remove_file(&path);
        let folders = path.ancestors().skip(1).take_while(|above| *above != folder);
        for above in folders {
            if std::fs::remove_dir(above).is_err() {
                break;
            }
        }
    }
}

/// Whether a name leads nowhere but below the folder.
fn is_below(name: &str) -> bool {
    Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

pub fn write(folder: &Path, manifest: &Manifest) -> Result<(), Stop> {
    let text = serde_json::to_string_pretty(manifest).expect("names are always JSON") + "\n";
    write_whole(&folder.join(NAME), text.as_bytes())
}
