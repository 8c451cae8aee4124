//! The program as people run it: exit codes, streams, what is written and what is left alone.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const GOOD: &str = r#"process tea "Tea" {
  version 1.0.0
  role cook "Cook"
  outcome done "The tea is served"
  path quick "With a bag" {
    when hurry
    step "Hang in the bag" by cook
    end done
  }
  path slow "With leaves" {
    otherwise
    stage brew "Brew" by cook {
      step "Warm the pot"
      step "Pour"
    }
    end done
  }
  fact hurry "Is there a hurry?" : yes-no
}
"#;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder can be made");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it is below the folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    folder
}

fn vup(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vup"))
        .args(args)
        .current_dir(folder)
        .env_remove("CLICOLOR_FORCE")
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// Every file below a folder, with its bytes.
fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut next = vec![folder.to_path_buf()];
    while let Some(at) = next.pop() {
        for entry in std::fs::read_dir(at).expect("readable").map(|entry| entry.expect("entry")) {
            let path = entry.path();
            match path.is_dir() {
                true => next.push(path),
                false => {
                    let name = path.strip_prefix(folder).expect("below").display().to_string();
                    files.insert(name, std::fs::read(&path).expect("readable"));
                }
            }
        }
    }
    files
}

#[test]
fn a_clean_process_says_nothing_on_standard_output() {
    let folder = folder(&[("tea.vup", GOOD)]);
    let output = vup(folder.path(), &["check"]);
    assert_eq!((code(&output), out(&output).as_str()), (0, ""));
    assert_eq!(err(&output), "1 file checked: nothing found\n");
}

#[test]
fn findings_make_the_exit_code_1_as_severe_as_asked() {
    let wrong = GOOD.replace("end done\n  }\n  path", "end dnoe\n  }\n  path");
    let folder = folder(&[("tea.vup", &wrong)]);
    let output = vup(folder.path(), &["check", "tea.vup"]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("there is no outcome `dnoe`"), "{}", out(&output));
    assert!(out(&output).contains("tea.vup:8:9"), "{}", out(&output));
    assert!(!out(&output).contains('\u{1b}'), "no colour in a pipe");

    let idle = GOOD.replace("role cook", "role idler \"Idler\"\n  role cook");
    std::fs::write(folder.path().join("tea.vup"), idle).expect("written");
    assert_eq!(code(&vup(folder.path(), &["check"])), 0);
    assert_eq!(code(&vup(folder.path(), &["check", "--fail-on", "warning"])), 1);
}

#[test]
fn findings_as_json() {
    let wrong = GOOD.replace("version 1.0.0", "version 1.0");
    let folder = folder(&[("tea.vup", &wrong)]);
    let output = vup(folder.path(), &["check", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(found["schema"], "vup-check/1");
    assert_eq!(found["errors"], 1);
    let finding = &found["findings"][0];
    assert_eq!(finding["rule"], "syntax");
    assert_eq!((&finding["line"], &finding["column"]), (&2.into(), &11.into()));
    assert_eq!(finding["edit"]["replacement"], "1.0.0");
    assert_eq!(code(&output), 1);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_checked() {
    let folder = folder(&[("tea.vup", GOOD), ("sub/a.vup", GOOD)]);
    std::fs::write(folder.path().join("latin.vup"), b"process \xe9t\xe9").expect("written");
    for (name, says) in [
        ("nowhere.vup", "there is no such file"),
        ("sub", "it is a folder"),
        ("latin.vup", "it is not UTF-8 text (line 1)"),
    ] {
        for command in ["check", "checklist", "diagram", "build"] {
            let output = vup(folder.path(), &[command, name]);
            assert_eq!(code(&output), 4, "{command} {name}");
            assert!(err(&output).contains(says), "{command} {name}: {}", err(&output));
        }
    }
    let output = vup(folder.path(), &["check", "nowhere.vup", "tea.vup"]);
    assert_eq!(code(&output), 4);
    assert!(!folder.path().join("out").exists());
}

#[test]
fn nothing_to_look_at_and_wrong_usage() {
    let folder = folder(&[("readme.txt", "no process")]);
    assert_eq!(code(&vup(folder.path(), &["check"])), 3);
    assert_eq!(code(&vup(folder.path(), &["build"])), 3);
    assert_eq!(code(&vup(folder.path(), &["chekc"])), 2);
    assert_eq!(code(&vup(folder.path(), &["check", "--format", "xml"])), 2);
}

#[test]
fn ignored_files_are_left_out_and_standard_input_is_read() {
    let folder =
        folder(&[("tea.vup", GOOD), (".gitignore", "draft*\n"), ("draft.vup", "nonsense")]);
    std::fs::create_dir(folder.path().join(".git")).expect("made");
    assert_eq!(code(&vup(folder.path(), &["check"])), 0);

    let mut child = Command::new(env!("CARGO_BIN_EXE_vup"))
        .args(["check", "-"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let text = GOOD.replace("by cook", "by cok");
    child.stdin.take().expect("piped").write_all(text.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("<stdin>:7:31"), "{}", out(&output));
}

#[test]
fn files_that_are_used() {
    let library = "role cook \"Cook\"\n";
    let main = GOOD.replace("  role cook \"Cook\"\n", "");
    let with = |path: &str| format!("use \"{path}\"\n\n{main}");
    let (good, gone) = (with("../shared/roles.vup"), with("../shared/rolse.vup"));
    let (absolute, outside) = (with("/etc/passwd"), with("../../outside.vup"));
    let files = [
        ("root/vup.toml", ""),
        ("root/shared/roles.vup", library),
        ("root/tea/good.vup", good.as_str()),
        ("root/tea/gone.vup", gone.as_str()),
        ("root/tea/absolute.vup", absolute.as_str()),
        ("root/tea/outside.vup", outside.as_str()),
        ("outside.vup", library),
        ("root/tea/self.vup", "use \"self.vup\"\n"),
        ("root/tea/a.vup", "use \"b.vup\"\n"),
        ("root/tea/b.vup", "use \"./../tea/a.vup\"\n"),
    ];
    let folder = folder(&files);
    let at = folder.path().join("root");
    assert_eq!(code(&vup(&at, &["check", "tea/good.vup"])), 0);
    for (file, says) in [
        ("tea/gone.vup", "`../shared/rolse.vup` cannot be used: there is no such file"),
        ("tea/absolute.vup", "cannot be used"),
        ("tea/outside.vup", "it is outside of"),
        ("tea/self.vup", "the files use each other in a circle"),
        ("tea/a.vup", "the files use each other in a circle"),
    ] {
        let output = vup(&at, &["check", file]);
        assert_eq!(code(&output), 1, "{file}");
        let told = out(&output).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(says), "{file}: {told}");
        assert_eq!(
            out(&output).matches("  × ").count(),
            1,
            "{file}: one cause, one finding: {told}"
        );
    }
}

#[test]
fn a_build_is_whole_repeatable_and_leaves_other_files_alone() {
    let folder = folder(&[("tea.vup", GOOD)]);
    let output = vup(folder.path(), &["build"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(out(&output), "");
    let made = files_below(&folder.path().join("out"));
    let names: Vec<&str> = made.keys().map(String::as_str).collect();
    for wanted in [
        "index.html",
        "tea/checklists/quick.html",
        "tea/checklists/quick.md",
        "tea/checklists/slow.json",
        "tea/diagrams/overview.dot",
        "tea/diagrams/path-quick.dot",
        "tea/diagrams/stage-slow.brew.dot",
        "vup-manifest.json",
    ] {
        assert!(names.contains(&wanted), "{wanted} is not among {names:?}");
    }
    assert_eq!(code(&vup(folder.path(), &["build"])), 0);
    assert_eq!(made, files_below(&folder.path().join("out")), "the same bytes again");
}

#[test]
fn a_build_takes_away_what_it_no_longer_makes() {
    let folder = folder(&[("tea.vup", GOOD)]);
    assert_eq!(code(&vup(folder.path(), &["build"])), 0);
    let ours = folder.path().join("out/tea/notes.txt");
    std::fs::write(&ours, "my own").expect("written");
    let renamed = GOOD.replace("path quick", "path hasty");
    std::fs::write(folder.path().join("tea.vup"), renamed).expect("written");
    assert_eq!(code(&vup(folder.path(), &["build"])), 0);
    assert!(!folder.path().join("out/tea/checklists/quick.html").exists());
    assert!(folder.path().join("out/tea/checklists/hasty.html").exists());
    assert!(ours.exists(), "what is not ours stays");
}

#[test]
fn a_build_with_errors_writes_nothing() {
    let folder = folder(&[("tea.vup", GOOD), ("bad.vup", "process bad {\n}\n")]);
    let output = vup(folder.path(), &["build"]);
    assert_eq!(code(&output), 1);
    assert!(err(&output).contains("nothing was written"), "{}", err(&output));
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_build_overwrites_nothing_that_it_did_not_write() {
    let folder = folder(&[("tea.vup", GOOD), ("out/index.html", "my page")]);
    let output = vup(folder.path(), &["build"]);
    assert_eq!(code(&output), 4);
    assert!(err(&output).contains("vup did not write it"), "{}", err(&output));
    assert_eq!(files_below(&folder.path().join("out")).len(), 1);
    assert_eq!(code(&vup(folder.path(), &["build", "--force"])), 0);

    let manifest = r#"{"schema": "vup-manifest/1", "files": ["../tea.vup", "/etc/hosts"]}"#;
    std::fs::write(folder.path().join("out/vup-manifest.json"), manifest).expect("written");
    assert_eq!(code(&vup(folder.path(), &["build", "--force"])), 0);
    assert!(folder.path().join("tea.vup").exists(), "a manifest leads nowhere else");
}

#[test]
fn two_processes_of_one_name_are_refused() {
    let folder = folder(&[("a.vup", GOOD), ("b.vup", GOOD)]);
    let output = vup(folder.path(), &["build"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("a.vup and b.vup both describe"), "{}", err(&output));
}

#[test]
fn checklists_and_diagrams_to_standard_output_or_a_file() {
    let folder = folder(&[("tea.vup", GOOD)]);
    let output = vup(folder.path(), &["checklist", "tea.vup"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("say which path with --path: quick, slow"), "{}", err(&output));
    let output = vup(folder.path(), &["checklist", "tea.vup", "--path", "quik"]);
    assert!(err(&output).contains("did you mean quick?"), "{}", err(&output));

    let output = vup(folder.path(), &["checklist", "tea.vup", "--path", "quick"]);
    assert!(out(&output).contains("Hang in the bag"), "{}", out(&output));
    let args = ["checklist", "tea.vup", "--path", "quick", "--format", "html", "-o", "tea.html"];
    assert_eq!(code(&vup(folder.path(), &args)), 0);
    let output = vup(folder.path(), &args);
    assert_eq!(code(&output), 4);
    assert!(err(&output).contains("--force overwrites it"), "{}", err(&output));

    for args in [
        ["diagram", "tea.vup", "--view", "overview"].as_slice(),
        &["diagram", "tea.vup", "--view", "path", "--of", "slow"],
        &["diagram", "tea.vup", "--view", "stage", "--of", "brew"],
        &["diagram", "tea.vup"],
    ] {
        let output = vup(folder.path(), args);
        assert!(out(&output).starts_with("digraph"), "{args:?}: {}", err(&output));
    }
    let output = vup(folder.path(), &["diagram", "tea.vup", "--view", "stage", "--of", "bake"]);
    assert_eq!(code(&output), 2);
}
