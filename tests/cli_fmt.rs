//! `vup fmt`: what it writes, what it leaves alone, and what it says.

#[path = "support/program.rs"]
mod program;

use program::{code, err, folder, out, vup, vup_told};

const WILD: &str =
    "process tea \"Tea\"{\nversion 1.0.0\n\n\n\trole cook\n  step \"Pour\" by cook\n}";

const TIDY: &str =
    "process tea \"Tea\" {\n  version 1.0.0\n\n  role cook\n  step \"Pour\" by cook\n}\n";

#[test]
fn only_what_is_not_formatted_is_written() {
    let folder = folder(&[("wild.vup", WILD), ("tidy.vup", TIDY)]);
    let there = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("readable");
    let changed = |name: &str| {
        std::fs::metadata(folder.path().join(name)).and_then(|file| file.modified()).expect("there")
    };
    let before = changed("tidy.vup");
    let output = vup(folder.path(), &["fmt"]);
    assert_eq!((code(&output), out(&output).as_str()), (0, ""));
    assert_eq!(err(&output), "formatted wild.vup\n1 file formatted, 1 file formatted already\n");
    assert_eq!((there("wild.vup").as_str(), there("tidy.vup").as_str()), (TIDY, TIDY));
    assert_eq!(changed("tidy.vup"), before, "what is formatted is not written again");

    let output = vup(folder.path(), &["fmt"]);
    assert_eq!((code(&output), err(&output).as_str()), (0, "2 files formatted already\n"));
}

#[test]
fn check_lists_and_diff_shows_and_neither_writes() {
    let folder = folder(&[("wild.vup", WILD), ("tidy.vup", TIDY)]);
    let output = vup(folder.path(), &["fmt", "--check"]);
    assert_eq!((code(&output), out(&output).as_str()), (1, "wild.vup\n"));
    assert_eq!(err(&output), "1 file to be formatted, 1 file formatted already\n");

    let output = vup(folder.path(), &["fmt", "--diff"]);
    assert_eq!(code(&output), 1);
    let shown = "--- wild.vup\n+++ wild.vup\n@@ -1,7 +1,6 @@\n-process tea \"Tea\"{\n-version 1.0.0\n\
                 +process tea \"Tea\" {\n+  version 1.0.0\n \n-\n-\trole cook\n+  role cook\n   \
                 step \"Pour\" by cook\n-}\n\\ No newline at end of file\n+}\n";
    assert_eq!(out(&output), shown);
    let left = std::fs::read_to_string(folder.path().join("wild.vup")).expect("readable");
    assert_eq!(left, WILD);

    for look in ["--check", "--diff"] {
        let output = vup(folder.path(), &["fmt", look, "tidy.vup"]);
        assert_eq!((code(&output), out(&output).as_str()), (0, ""));
        assert_eq!(err(&output), "1 file formatted already\n");
    }
    assert_eq!(code(&vup(folder.path(), &["fmt", "--check", "--diff"])), 2);
}

#[test]
fn standard_input_is_printed() {
    let folder = folder(&[]);
    for text in [WILD, TIDY] {
        let output = vup_told(folder.path(), &["fmt", "-"], text);
        assert_eq!((code(&output), out(&output).as_str()), (0, TIDY));
        assert_eq!(err(&output), "");
    }
    let output = vup_told(folder.path(), &["fmt", "--check", "-"], WILD);
    assert_eq!((code(&output), out(&output).as_str()), (1, "<stdin>\n"));
    let output = vup_told(folder.path(), &["fmt", "-"], "process tea {");
    assert_eq!((code(&output), out(&output).as_str()), (1, ""));
    assert!(err(&output).contains("a `}` is missing"), "{}", err(&output));
}

#[test]
fn files_with_errors_are_left_and_the_others_formatted() {
    let wrong = WILD.replace("version 1.0.0", "version 1.0");
    let folder = folder(&[("a.vup", &wrong), ("b.vup", WILD)]);
    let output = vup(folder.path(), &["fmt"]);
    assert_eq!((code(&output), out(&output).as_str()), (1, ""));
    let told = err(&output);
    assert!(told.contains("`1.0` is no whole version"), "{told}");
    assert!(told.contains("error: a.vup is left as it is: 1 error\n"), "{told}");
    assert!(told.contains("formatted b.vup\n"), "{told}");
    let left = std::fs::read_to_string(folder.path().join("a.vup")).expect("readable");
    assert_eq!(left, wrong);

    let output = vup(folder.path(), &["fmt", "nowhere.vup", "b.vup"]);
    assert_eq!(code(&output), 4);
    assert!(err(&output).contains("cannot read nowhere.vup: there is no such file"));
    std::fs::remove_file(folder.path().join("a.vup")).expect("removed");
    std::fs::remove_file(folder.path().join("b.vup")).expect("removed");
    assert_eq!(code(&vup(folder.path(), &["fmt"])), 3);
}

#[cfg(unix)]
#[test]
fn a_file_stays_what_it_was() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(&[("real.vup", WILD), ("kept.vup", WILD)]);
    let path = |name: &str| folder.path().join(name);
    let allow = |name: &str, mode| {
        std::fs::set_permissions(path(name), std::fs::Permissions::from_mode(mode)).expect("set")
    };
    allow("real.vup", 0o640);
    allow("kept.vup", 0o444);
    symlink("real.vup", path("link.vup")).expect("linked");
    let output = vup(folder.path(), &["fmt", "link.vup", "kept.vup"]);
    assert_eq!(code(&output), 4);
    assert!(err(&output).contains("cannot write kept.vup: it may not be written"));
    assert!(path("link.vup").symlink_metadata().expect("there").is_symlink());
    assert_eq!(std::fs::read_to_string(path("real.vup")).expect("readable"), TIDY);
    let mode = std::fs::metadata(path("real.vup")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(std::fs::read_to_string(path("kept.vup")).expect("readable"), WILD);
}
