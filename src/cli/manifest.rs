//! Which files below the folder of outputs are ours, and what we wrote into them.

use super::names::{Outputs, is_below, leads_into};
use super::output::write_whole;
use super::{Exit, Stop};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

const NAME: &str = "vup-manifest.json";
const SCHEMA: &str = "vup-manifest/1";

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Manifest {
    schema: String,
    /// By their paths below the folder, with `/`: the hashes of what may be in them. There are two
    /// only while a build is under way.
    files: BTreeMap<String, Vec<String>>,
}

impl Manifest {
    pub fn of(outputs: &Outputs) -> Self {
        let files = outputs.iter().map(|(name, bytes)| (name.clone(), vec![hash(bytes)]));
        Manifest { schema: SCHEMA.into(), files: files.collect() }
    }

    /// What is ours, and what is about to be.
    pub fn with(&self, new: &Manifest) -> Self {
        let mut files = self.files.clone();
        for (name, hashes) in &new.files {
            files.entry(name.clone()).or_default().extend(hashes.iter().cloned());
        }
        Manifest { schema: SCHEMA.into(), files }
    }

    /// Whether a file is as we wrote it.
    fn is_as_written(&self, name: &str, bytes: &[u8]) -> bool {
        self.files.get(name).is_some_and(|hashes| hashes.contains(&hash(bytes)))
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The manifest of an earlier build; an empty one where there was none.
pub fn read(folder: &Path, force: bool) -> Result<Manifest, Stop> {
    let path = folder.join(NAME);
    if path.exists() && !path.is_file() {
        let message = format!("{} is in the way: a file is to be there", path.display());
        return Err(Stop::new(Exit::Files, message));
    }
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Manifest::default());
        }
        Err(_) if folder.is_file() => {
            let message = format!("{} is a file; --out names a folder", folder.display());
            return Err(Stop::new(Exit::Files, message));
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

/// A file that is there and is not ours, or was changed since, is neither overwritten nor taken away.
pub fn refuse_foreign(folder: &Path, new: &Manifest, ours: &Manifest) -> Result<(), Stop> {
    for name in new.files.keys().chain(ours.files.keys().filter(|name| is_below(name))) {
        let path = folder.join(name);
        if path.symlink_metadata().is_err() {
            continue;
        }
        let is_known =
            |bytes: Vec<u8>| ours.is_as_written(name, &bytes) || new.is_as_written(name, &bytes);
        // Only what is a file is read: anything else may never end.
        if !path.is_file() || !std::fs::read(&path).is_ok_and(is_known) {
            let (reason, force) =
                match (ours.files.contains_key(name), new.files.contains_key(name)) {
                    (true, true) => ("was changed after vup wrote it", "overwrites it"),
                    (true, false) => (
                        "was changed after vup wrote it, and is no longer made",
                        "leaves it as it is",
                    ),
                    (false, _) => ("is there already, and vup did not write it", "overwrites it"),
                };
            let message = format!(
                "{} {reason}; nothing was written. --force {force}, --out names another folder",
                path.display()
            );
            return Err(Stop::new(Exit::Files, message));
        }
    }
    Ok(())
}

/// Takes away what is ours, as we wrote it, and no longer made, and the folders that are empty then. Gives back
/// how many files that were.
pub fn remove_stale(folder: &Path, before: &Manifest, new: &Manifest) -> usize {
    let stale = before.files.keys().filter(|name| !new.files.contains_key(*name) && is_below(name));
    let Ok(root) = folder.canonicalize() else { return 0 };
    let mut removed = 0;
    for name in stale {
        let path = folder.join(name);
        if !path.parent().is_some_and(|parent| leads_into(&root, parent)) {
            continue;
        }
        if !path.is_file()
            || !std::fs::read(&path).is_ok_and(|bytes| before.is_as_written(name, &bytes))
        {
            continue;
        }
        // What cannot be removed stays; it is in nobody's way.
        removed += usize::from(std::fs::remove_file(&path).is_ok());
        let folders = path.ancestors().skip(1).take_while(|above| *above != folder);
        for above in folders {
            if std::fs::remove_dir(above).is_err() {
                break;
            }
        }
    }
    removed
}

pub fn write(folder: &Path, manifest: &Manifest) -> Result<(), Stop> {
    let text = serde_json::to_string_pretty(manifest).expect("names are always JSON") + "\n";
    write_whole(&folder.join(NAME), text.as_bytes())
}
