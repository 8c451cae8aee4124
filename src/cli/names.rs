//! Names for the files of a build: each given once, none too long, none that leads elsewhere.

use super::{Exit, Stop};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Component, Path};

/// The outputs of one process, by their paths below the folder of all outputs.
pub type Outputs = Vec<(String, Vec<u8>)>;

/// Names longer than this, in bytes, are cut: file systems take 255, and an ending and a number
/// follow.
const LONGEST: usize = 80;

/// What a file system takes as the name of one file.
const MOST_BYTES: usize = 255;

/// The names that were given so far.
#[derive(Debug, Default)]
pub struct FileNames {
    taken: HashSet<String>,
    /// How often a name was asked for: the number from which a free one is looked for.
    asked: HashMap<String, usize>,
}

impl FileNames {
    /// A name in `folder` (which ends in `/`, or is empty), like the one that is wanted, and like
    /// none that was given before.
    pub fn give(&mut self, folder: &str, wanted: &str) -> String {
        let plain = format!("{folder}{}", short(wanted));
        // There are file systems that do not tell capitals from small letters.
        let count = self.asked.entry(plain.to_lowercase()).or_default();
        loop {
            *count += 1;
            let name = match *count {
                1 => plain.clone(),
                count => format!("{plain}-{count}"),
            };
            if self.taken.insert(name.to_lowercase()) {
                return name;
            }
        }
    }
}

/// A name that is not too long; what is cut off is told apart by a hash.
fn short(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_string();
    }
    let hash = Sha256::digest(name.as_bytes());
    let hash: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let room = LONGEST - hash.len() - 1;
    let ends = name.char_indices().map(|(at, char)| at + char.len_utf8());
    let end = ends.take_while(|end| *end <= room).last().unwrap_or(0);
    format!("{}-{hash}", name[..end].trim_end_matches(['-', '.']))
}

/// Whether a name leads nowhere but below the folder.
pub fn is_below(name: &str) -> bool {
    let mut parts = Path::new(name).components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// Looks at all names before the first file is written: a build is whole or not at all.
pub fn refuse_unfit(outputs: &Outputs) -> Result<(), Stop> {
    let mut seen = HashSet::new();
    for (name, _) in outputs {
        let fits = name.split('/').all(|part| part.len() <= MOST_BYTES);
        if !is_below(name) || !fits || !seen.insert(name) {
            let message =
                format!("no file can be written as `{name}`; nothing was written. Name it shorter");
            return Err(Stop::new(Exit::Files, message));
        }
    }
    Ok(())
}

/// Refuses to write where something else is in the way, or through a link out of the folder.
pub fn refuse_blocked(folder: &Path, outputs: &Outputs) -> Result<(), Stop> {
    // Where there is no folder yet, nothing is in the way.
    let Ok(root) = folder.canonicalize() else { return Ok(()) };
    let refuse = |at: &Path, reason: &str| {
        let message = format!("{} {reason}; nothing was written", at.display());
        Err(Stop::new(Exit::Files, message))
    };
    let names = outputs.iter().map(|(name, _)| Path::new(name));
    let folders: BTreeSet<&Path> =
        names.clone().flat_map(|name| name.ancestors().skip(1)).collect();
    for inner in folders.into_iter().filter(|inner| !inner.as_os_str().is_empty()) {
        let at = folder.join(inner);
        if at.symlink_metadata().is_err() {
            continue;
        }
        if !at.is_dir() {
            return refuse(&at, "is in the way: a folder is to be there");
        }
        if !leads_into(&root, &at) {
            return refuse(&at, &format!("leads out of {}", folder.display()));
        }
    }
    match names.map(|name| folder.join(name)).find(|file| file.is_dir()) {
        Some(file) => refuse(&file, "is in the way: a file is to be there"),
        None => Ok(()),
    }
}

/// Whether a folder, all links followed, is the one at `root` or below it.
pub fn leads_into(root: &Path, folder: &Path) -> bool {
    folder.canonicalize().is_ok_and(|real| real.starts_with(root))
}
