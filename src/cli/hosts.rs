//! Files as code hosts and build servers name them: from the root of the repository, wherever in it `vup` is
//! run.

use super::json::Finding;
use super::places::{STDIN_NAME, marked, name_of, real};
use std::path::{Path, PathBuf};

/// The repository that the current folder is in.
pub struct Hosts {
    here: PathBuf,
    root: Option<PathBuf>,
}

impl Hosts {
    pub fn here() -> Hosts {
        let here = real(&std::env::current_dir().unwrap_or_default());
        let root = marked(&here, ".git").map(Path::to_path_buf);
        Hosts { here, root }
    }

    /// A file that is named from the current folder. One outside of the repository, or where there is none,
    /// keeps its name.
    pub fn name(&self, file: &str) -> String {
        let inside = self.root.as_ref().filter(|_| file != STDIN_NAME).and_then(|root| {
            let written = PathBuf::from(name_of(&self.here.join(file)));
            let is_inside = |path: &Path| path.strip_prefix(root).map(name_of).ok();
            is_inside(&written).or_else(|| is_inside(&real(&written)))
        });
        inside.unwrap_or_else(|| file.to_string())
    }

    /// The same in all that a finding says of places.
    pub fn rename(&self, finding: &mut Finding) {
        finding.ranges_mut().for_each(|at| at.file = self.name(&at.file));
    }
}
