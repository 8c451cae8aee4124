//! Snapshots that stand beside what they are of.

use std::path::Path;

/// One snapshot of that name in a folder.
pub fn in_folder(folder: &Path, name: &str, told: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.remove_snapshot_suffix();
    settings.remove_input_file();
    settings.bind(|| insta::assert_snapshot!(name, told));
}
