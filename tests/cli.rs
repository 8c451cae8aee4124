//! The program as people run it: exit codes, streams, what is written and what is left alone.

#[path = "support/program.rs"]
mod program;

use program::{code, err, folder, out, vup};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

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
    assert_eq!(finding["edit"]["applicability"], "safe");
    assert_eq!(finding["edit"]["changes"][0]["replacement"], "1.0.0");
    assert_eq!(code(&output), 1);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_checked() {
    let folder = folder(&[("tea.vup", GOOD), ("sub/a.vup", GOOD)]);
    std::fs::write(folder.path().join("latin.vup"), b"process \xe9t\xe9").expect("written");
    for (name, says) in [
        ("nowhere.vup", "there is no such file"),
        ("latin.vup", "it is not UTF-8 text (line 1)"),
        ("sub", "it is a folder"),
    ] {
        for command in ["checklist", "diagram", "build", "check"] {
            let output = vup(folder.path(), &[command, name]);
            if name == "sub" && ["build", "check"].contains(&command) {
                assert_eq!(code(&output), 0, "{command} {name}: {}", err(&output));
                continue;
            }
            assert_eq!(code(&output), 4, "{command} {name}");
            assert!(err(&output).contains(says), "{command} {name}: {}", err(&output));
        }
    }
    let output = vup(folder.path(), &["check", "nowhere.vup", "tea.vup"]);
    assert_eq!(code(&output), 4);
}

#[test]
fn what_is_in_a_folder_is_looked_at_once() {
    let folder = folder(&[
        ("tea.vup", GOOD),
        ("sub/a.vup", GOOD),
        ("sub/deep/b.vup", GOOD),
        ("no/c.md", ""),
    ]);
    for (named, says) in [
        (&["sub"][..], "2 files checked"),
        (&["./sub", "sub/a.vup", "tea.vup"], "3 files checked"),
        (&["."], "3 files checked"),
    ] {
        let output = vup(folder.path(), &[&["check"], named].concat());
        assert_eq!(code(&output), 0, "{named:?}");
        assert!(err(&output).contains(says), "{named:?}: {}", err(&output));
    }
    let output = vup(folder.path(), &["check", "no", "sub"]);
    assert_eq!(code(&output), 0);
    assert!(
        err(&output).contains("note: there is no .vup file below no\n2 files"),
        "{}",
        err(&output)
    );
    let output = vup(folder.path(), &["check", "no"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("there is no .vup file below no"), "{}", err(&output));
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
        "tea/checklists/slow.xlsx",
        "tea/diagrams/overview.svg",
        "tea/diagrams/overview.mmd",
        "tea/diagrams/roles-quick.svg",
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
        &["diagram", "tea.vup", "--view", "roles", "--of", "slow"],
        &["diagram", "tea.vup", "--view", "environments"],
        &["diagram", "tea.vup"],
    ] {
        for (format, start) in [("svg", "<svg"), ("dot", "digraph"), ("mermaid", "flowchart")] {
            let output = vup(folder.path(), &[args, &["--format", format]].concat());
            assert!(out(&output).starts_with(start), "{args:?}: {}", err(&output));
        }
        assert!(out(&vup(folder.path(), args)).starts_with("<svg"), "{args:?}");
    }
    let output = vup(folder.path(), &["diagram", "tea.vup", "--highlight", "nothing"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("scenario"), "{}", err(&output));
    let output = vup(folder.path(), &["diagram", "tea.vup", "--view", "stage", "--of", "bake"]);
    assert_eq!(code(&output), 2);
}

#[test]
fn a_picture_shows_how_a_case_goes() {
    let folder = folder(&[("tea.vup", GOOD)]);
    let diagram = |more: &[&str]| vup(folder.path(), &[&["diagram", "tea.vup"], more].concat());
    let quick = diagram(&["--given", "hurry=yes"]);
    assert_eq!(code(&quick), 0, "{}", err(&quick));
    let quick = out(&quick);
    assert!(
        quick.contains("its steps numbered: this case: “Is there a hurry?” is yes<"),
        "{quick}"
    );
    assert!(quick.contains("does not apply: the path taken is With a bag"), "{quick}");
    // Of several paths, the one that the case takes.
    let path = out(&diagram(&["--given", "hurry=no", "--view", "path"]));
    assert!(path.contains("Path: With leaves"), "{path}");
    let twice = diagram(&["--given", "hurry=yes", "--highlight", "1"]);
    assert_eq!(code(&twice), 2);
    assert!(err(&twice).contains("one run is shown"), "{}", err(&twice));
    // The other formats show the same: the run by its name, its stops, and why not elsewhere.
    for (format, parts) in [
        (
            "dot",
            [
                "this case: “Is there a hurry?” is yes</B>",
                "<B>▶ 1</B>",
                "penwidth=2.6]",
                "does not apply: the path",
            ],
        ),
        (
            "mermaid",
            [
                "this case#58; #8220;Is there a hurry?#8221; is yes",
                "\"#9654; 1<br/>",
                "linkStyle 0 stroke-width:3px",
                "does not apply#58; the",
            ],
        ),
    ] {
        let drawn = diagram(&["--given", "hurry=yes", "--format", format]);
        assert_eq!(code(&drawn), 0, "{}", err(&drawn));
        let drawn = out(&drawn);
        assert!(parts.iter().all(|part| drawn.contains(part)), "{drawn}");
        let plain = out(&diagram(&["--format", format]));
        assert!(!plain.contains("this case") && !plain.contains("penwidth=2.6"), "{plain}");
    }
}

#[test]
fn a_picture_shows_the_run_of_a_finding() {
    let faulty = "process tea \"Tea\" {
  version 1.0.0
  role cook \"Cook\"
  fact hurry \"Is there a hurry?\" : yes-no
  outcome done \"The tea is served\"
  step warm \"Warm the pot\" by cook {
    skip when hurry
  }
  step pour \"Pour\" by cook
  end done
  rule \"A warm pot\" : step pour only after step warm
}
";
    let folder = folder(&[("tea.vup", faulty), ("wrong.vup", "process tea {\n  stp\n}\n")]);
    let diagram =
        |file: &str, more: &[&str]| vup(folder.path(), &[&["diagram", file], more].concat());
    let shown = diagram("tea.vup", &["--highlight", "rule-broken"]);
    assert_eq!(code(&shown), 1, "{}", err(&shown));
    assert!(err(&shown).contains("drawn as it is, with"), "{}", err(&shown));
    let picture = out(&shown);
    assert!(picture.contains("its steps numbered: rule-broken:"), "{picture}");
    assert!(picture.contains("does not apply: it is passed by on this run"), "{picture}");
    assert!(picture.contains("class=\"dim\""), "{picture}");
    // A picture of another process than is meant is of no use.
    let wrong = diagram("wrong.vup", &[]);
    assert_eq!((code(&wrong), out(&wrong).as_str()), (1, ""));
}

/// [`GOOD`] with what is given in place of its two paths.
fn with_paths(paths: &str) -> String {
    let (head, rest) = GOOD.split_once("  path quick").expect("it has paths");
    let (_, tail) = rest.split_once("  fact hurry").expect("it has a fact");
    format!("{head}{paths}  fact hurry{tail}")
}

fn way(named: &str, when: &str, step: &str) -> String {
    format!("  path {named} {{\n    {when}\n    step \"{step}\" by cook\n    end done\n  }}\n")
}

#[test]
fn a_process_has_a_name() {
    let folder = folder(&[("tea.vup", &GOOD.replace("tea \"Tea\"", "\"2024 tea\""))]);
    let output = vup(folder.path(), &["build"]);
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert!(out(&output).contains("the process has no name"), "{}", out(&output));
    assert!(out(&output).contains("`process NAME \"2024 tea\"`"), "{}", out(&output));
    let named = GOOD.replace("tea \"Tea\"", "\"Next\"");
    std::fs::write(folder.path().join("tea.vup"), named).expect("written");
    assert_eq!(code(&vup(folder.path(), &["check"])), 0, "nothing refers to a process");
}

#[test]
fn every_output_has_a_file_of_its_own() {
    let brew = "stage \"Brew\" by cook {\n step \"A\"\n }\n";
    let stages =
        way("\"Same\"", "otherwise", "Other").replace("    end", &(brew.repeat(2) + "end"));
    for (paths, wanted) in [
        (way("\"Same\"", "when hurry", "One") + &stages, ["same", "same-2"]),
        (
            way("\"1 way\"", "when hurry", "One") + &way("\"2 ways\"", "otherwise", "Other"),
            ["path-1", "path-2"],
        ),
    ] {
        let folder = folder(&[("tea.vup", &with_paths(&paths))]);
        let output = vup(folder.path(), &["build"]);
        assert_eq!(code(&output), 0, "{}{}", out(&output), err(&output));
        let made = files_below(&folder.path().join("out"));
        for (file, step) in wanted.iter().zip(["One", "Other"]) {
            let text = &made[&format!("tea/checklists/{file}.md")];
            assert!(String::from_utf8_lossy(text).contains(step), "{file}");
        }
        let index = String::from_utf8_lossy(&made["index.html"]).into_owned();
        let links: BTreeSet<&str> = index
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            // Those in pictures lead into a page.
            .filter(|link| !link.contains('#') || link.contains("&#x2f;"))
            .collect();
        assert_eq!(links.len(), made.len() - 2, "all but the page and the manifest: {links:?}");
        assert!(wanted[0] != "same" || made.contains_key("tea/diagrams/stage-same.brew-2.dot"));
    }
}

#[test]
fn paths_are_chosen_by_name_number_or_title() {
    let unnamed = way("\"1 way\"", "when hurry", "One") + &way("\"2 ways\"", "otherwise", "Other");
    let same = unnamed.replace("\"1 way\"", "\"Same\"").replace("\"2 ways\"", "\"Same\"");
    let folder = folder(&[("tea.vup", &with_paths(&unnamed)), ("same.vup", &with_paths(&same))]);
    let output = vup(folder.path(), &["checklist", "tea.vup"]);
    assert_eq!(code(&output), 2, "{}", out(&output));
    let says = "say which path with --path: 1 (\"1 way\"), 2 (\"2 ways\")";
    assert!(err(&output).contains(says), "{}", err(&output));
    for wanted in ["2", "2 ways"] {
        let output = vup(folder.path(), &["checklist", "tea.vup", "--path", wanted]);
        assert!(out(&output).contains("Other"), "{wanted}: {}", err(&output));
    }
    let output = vup(folder.path(), &["checklist", "same.vup", "--path", "same"]);
    assert_eq!(code(&output), 2);
    let says = "same could be 1 (\"Same\") or 2 (\"Same\")";
    assert!(err(&output).contains(says), "{}", err(&output));
    let output = vup(folder.path(), &["checklist", "same.vup", "--path", "3"]);
    assert!(err(&output).contains("there is no path 3"), "{}", err(&output));
    let output = vup(folder.path(), &["diagram", "same.vup", "--view", "path"]);
    assert!(err(&output).contains("say which path with --of"), "{}", err(&output));
}

#[test]
fn long_names_make_short_files() {
    let (long, other) = ("ж".repeat(140), "ж".repeat(139) + "ю");
    let paths = way(&format!("\"{long}\""), "when hurry", "One")
        + &way(&format!("\"{other}\""), "otherwise", "Other");
    let text = with_paths(&paths).replace("tea \"Tea\"", &format!("\"{long}\""));
    let folder = folder(&[("tea.vup", &text)]);
    for _ in 0..2 {
        let output = vup(folder.path(), &["build"]);
        assert_eq!(code(&output), 0, "{}{}", out(&output), err(&output));
    }
    let made = files_below(&folder.path().join("out"));
    assert!(made.keys().all(|name| name.split('/').all(|part| part.len() < 100)), "{made:?}");
    let lists = made.keys().filter(|name| name.ends_with(".md")).count();
    assert_eq!(lists, 2);
}

#[test]
#[cfg(unix)]
fn outputs_go_through_links_and_devices() {
    use std::os::unix::fs::{FileTypeExt, symlink};
    let folder = folder(&[("tea.vup", GOOD), ("real/tea.dot", "old")]);
    let at = |name: &str| folder.path().join(name);
    symlink("real/tea.dot", at("link")).expect("linked");
    symlink("real/new.dot", at("dangling")).expect("linked");
    symlink("circle", at("circle")).expect("linked");
    symlink("/dev/null", at("null")).expect("linked");
    // A device loses nothing.
    assert_eq!(code(&vup(folder.path(), &["diagram", "tea.vup", "-o", "null"])), 0);
    for name in ["link", "dangling", "circle"] {
        let output = vup(folder.path(), &["diagram", "tea.vup", "-o", name]);
        assert_eq!(code(&output), 4, "{name}");
        assert!(err(&output).contains("--force overwrites it"), "{name}: {}", err(&output));
        let output = vup(folder.path(), &["diagram", "tea.vup", "-o", name, "--force"]);
        assert_eq!(code(&output), if name == "circle" { 4 } else { 0 }, "{}", err(&output));
        assert!(at(name).symlink_metadata().expect("there").is_symlink(), "{name} stays a link");
    }
    for name in ["real/tea.dot", "real/new.dot"] {
        let text = std::fs::read_to_string(at(name)).expect("readable");
        assert!(text.starts_with("<svg"), "{name}");
    }
    assert!(std::fs::metadata("/dev/null").expect("there").file_type().is_char_device());

    let made = Command::new("mkfifo").arg(at("pipe")).status().expect("there is mkfifo");
    assert!(made.success());
    let pipe = at("pipe");
    let reader = std::thread::spawn(move || std::fs::read_to_string(pipe).expect("readable"));
    let output = vup(folder.path(), &["diagram", "tea.vup", "-o", "pipe"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(reader.join().expect("it ends").starts_with("<svg"));
    assert!(at("pipe").symlink_metadata().expect("there").file_type().is_fifo());
}

#[test]
#[cfg(unix)]
fn a_file_that_is_overwritten_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("tea.vup", GOOD), ("tea.svg", "old"), ("read.svg", "old")]);
    let mode = |name: &str, mode| {
        let path = folder.path().join(name);
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("set");
    };
    mode("tea.svg", 0o600);
    let write = |name| vup(folder.path(), &["diagram", "tea.vup", "-o", name, "--force"]);
    assert_eq!(code(&write("tea.svg")), 0);
    let there = std::fs::metadata(folder.path().join("tea.svg")).expect("there");
    assert_eq!(there.permissions().mode() & 0o777, 0o600);
    assert!(there.len() > 100);
    mode("read.svg", 0o400);
    assert!(err(&write("read.svg")).contains("it may not be written"));
    // Nor is a process overwritten by what is made of it.
    let output = write("tea.vup");
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("a .vup file is nothing that is written here"));
}

/// Standard input ends only after the file was changed; by then it has been read.
#[test]
fn what_somebody_else_saved_meanwhile_is_not_overwritten() {
    let untidy = GOOD.replace("  role", "      role");
    let folder = folder(&[("tea.vup", &untidy)]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_vup"))
        .args(["fmt", "tea.vup", "-"])
        .current_dir(folder.path())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    // Whether it is read before or after that, the line has to stay.
    let changed = format!("{untidy}// one more line\n");
    std::fs::write(folder.path().join("tea.vup"), &changed).expect("written");
    drop(child.stdin.take());
    let output = child.wait_with_output().expect("it ends");
    let now = std::fs::read_to_string(folder.path().join("tea.vup")).expect("readable");
    assert!(now.ends_with("// one more line\n"), "{now}{}", err(&output));
}

#[test]
fn a_forced_build_takes_away_only_what_it_wrote() {
    let folder =
        folder(&[("tea.vup", GOOD), ("milk.vup", &GOOD.replace("process tea", "process milk"))]);
    assert_eq!(code(&vup(folder.path(), &["build"])), 0);
    let made = files_below(&folder.path().join("out/milk"));
    let markdown = made.keys().find(|name| name.ends_with(".md")).expect("a checklist is made");
    let notes = folder.path().join("out/milk").join(markdown);
    std::fs::write(&notes, "my notes").expect("written");
    std::fs::remove_file(folder.path().join("milk.vup")).expect("removed");
    let output = vup(folder.path(), &["build"]);
    assert_eq!(code(&output), 4);
    assert!(err(&output).contains("--force leaves it as it is"), "{}", err(&output));
    assert_eq!(code(&vup(folder.path(), &["build", "--force"])), 0);
    let left = files_below(&folder.path().join("out/milk"));
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(std::fs::read_to_string(notes).expect("there"), "my notes");
}

#[test]
#[cfg(unix)]
fn a_build_stays_in_its_folder() {
    let folder = folder(&[("tea.vup", GOOD), ("out/x", ""), ("elsewhere/y", "")]);
    std::os::unix::fs::symlink("../elsewhere", folder.path().join("out/tea")).expect("linked");
    for args in [["build"].as_slice(), &["build", "--force"]] {
        let output = vup(folder.path(), args);
        assert_eq!(code(&output), 4);
        assert!(err(&output).contains("out/tea leads out of out"), "{}", err(&output));
    }
    assert_eq!(files_below(&folder.path().join("elsewhere")).len(), 1);
    assert_eq!(files_below(&folder.path().join("out")).len(), 2, "nothing was written");

    std::fs::remove_file(folder.path().join("out/tea")).expect("removed");
    std::fs::write(folder.path().join("out/tea"), "a file").expect("written");
    let output = vup(folder.path(), &["build", "--force"]);
    assert!(err(&output).contains("out/tea is in the way"), "{}", err(&output));
    assert_eq!(files_below(&folder.path().join("out")).len(), 2, "nothing was written");
}

#[test]
#[cfg(unix)]
fn nothing_steers_the_terminal() {
    let wrong =
        GOOD.replace("Hang in\u{20}", "Hang\u{9b}31m in\u{1b}[2J").replace("by cook", "by \u{9b}");
    let wrong = wrong.replace("end done", "end d\u{f6}ne // \u{9b}31m \u{1b}[2J");
    let name = "te\u{1b}[31m\u{9b}a.vup";
    let folder = folder(&[(name, &wrong), ("empty\u{1b}.vup", "")]);
    for args in [
        ["check"].as_slice(),
        &["check", name],
        &["checklist", name],
        &["build", "gone\u{9b}.vup"],
        &["checklist", "empty\u{1b}.vup"],
    ] {
        let output = vup(folder.path(), args);
        assert_ne!(code(&output), 0);
        let told = out(&output) + &err(&output);
        let steers = |char: char| char.is_control() && !matches!(char, '\n' | '\t');
        assert!(!told.contains(steers), "{args:?}: {told:?}");
    }
}

#[test]
#[cfg(unix)]
fn one_file_under_two_names_is_one_file() {
    let main = GOOD.replace("  role cook \"Cook\"\n", "");
    let main = format!("use \"l.vup\"\nuse \"m.vup\"\n\n{main}");
    let folder = folder(&[("tea.vup", &main), ("l.vup", "role cook \"Cook\"\n")]);
    std::os::unix::fs::symlink("l.vup", folder.path().join("m.vup")).expect("linked");
    let output = vup(folder.path(), &["check", "tea.vup", "./tea.vup"]);
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert_eq!(err(&output), "1 file checked: nothing found\n");
}

#[test]
#[cfg(unix)]
fn a_folder_that_cannot_be_read_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("tea.vup", GOOD), ("locked/other.vup", GOOD)]);
    let locked = folder.path().join("locked");
    std::fs::set_permissions(&locked, PermissionsExt::from_mode(0o000)).expect("locked");
    // Who may do everything is not kept out.
    let kept_out = std::fs::read_dir(&locked).is_err();
    let (check, build) = (vup(folder.path(), &["check"]), vup(folder.path(), &["build"]));
    std::fs::set_permissions(&locked, PermissionsExt::from_mode(0o755)).expect("unlocked");
    if kept_out {
        assert_eq!((code(&check), code(&build)), (4, 4));
        assert!(err(&check).contains("cannot read ./locked"), "{}", err(&check));
        assert!(err(&check).contains("1 file checked"), "{}", err(&check));
        assert!(!folder.path().join("out").exists());
    }
}

#[test]
fn a_file_with_nothing_in_it_is_no_good_process() {
    let folder = folder(&[
        ("tea.vup", GOOD),
        ("empty.vup", ""),
        ("comments.vup", "// to do\n\n  // later\n"),
        ("mark.vup", "\u{feff}"),
        ("library.vup", "role cook \"Cook\"\n"),
    ]);
    for name in ["empty.vup", "comments.vup", "mark.vup"] {
        let output = vup(folder.path(), &["check", name]);
        assert_eq!(code(&output), 3, "{name}");
        assert!(err(&output).contains("describes nothing"), "{name}: {}", err(&output));
        let output = vup(folder.path(), &["check", name, "tea.vup"]);
        assert_eq!(code(&output), 0, "{name}");
        assert!(err(&output).contains("describes nothing"), "{name}: {}", err(&output));
    }
    let output = vup(folder.path(), &["check", "library.vup"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let output = vup(folder.path(), &["check", "nowhere.vup", "tea.vup"]);
    assert!(err(&output).contains("1 file checked"), "{}", err(&output));
}

#[test]
fn very_many_findings_are_not_all_drawn() {
    let unknown: String =
        (0..1000).map(|at| format!("      step \"Pour\" by cok-{at}\n")).collect();
    let wrong = GOOD.replace("    step \"Pour\"\n", &unknown);
    let wrong = wrong.replace("end done", "end dnoe");
    let folder = folder(&[("tea.vup", &wrong)]);
    let output = vup(folder.path(), &["check"]);
    assert_eq!(code(&output), 1);
    let drawn = out(&output).matches("  × ").count();
    assert_eq!(drawn, 200);
    let json = out(&vup(folder.path(), &["check", "--format", "json"]));
    let all = serde_json::from_str::<serde_json::Value>(&json).expect("JSON");
    let all = all["findings"].as_array().expect("a list").len();
    assert!(all > 1000, "{all}");
    let more = format!("... and {} more; --format plain lists them all\n", all - 200);
    assert!(out(&output).ends_with(&(more + "\n")), "{}", err(&output));
    assert!(err(&output).contains(&format!("{all} errors")), "{}", err(&output));
}

#[test]
fn the_name_of_a_file_says_how_a_diagram_is_written() {
    let folder = folder(&[("tea.vup", GOOD)]);
    for name in ["tea.JPG", "tea.pdf"] {
        let output = vup(folder.path(), &["diagram", "tea.vup", "-o", name]);
        assert_eq!(code(&output), 2, "{name}");
        assert!(err(&output).contains("a browser opens SVG"), "{}", err(&output));
        assert!(!folder.path().join(name).exists());
    }
    for (name, start) in
        [("tea.svg", "<svg"), ("tea.dot", "digraph"), ("tea.mmd", "flowchart"), ("tea", "<svg")]
    {
        assert_eq!(code(&vup(folder.path(), &["diagram", "tea.vup", "-o", name])), 0, "{name}");
        let text = std::fs::read_to_string(folder.path().join(name)).expect("written");
        assert!(text.starts_with(start), "{name}");
    }
    let args = ["diagram", "tea.vup", "--format", "dot", "-o", "other.svg"];
    assert_eq!(code(&vup(folder.path(), &args)), 2);
}

/// A name that is cut at its `-` cannot be copied.
#[test]
fn advice_is_broken_at_spaces_only() {
    let text = |step: &str| {
        let stage = |name: &str| {
            format!(
                "  path {name} \"{name}\" by cook {{\n    otherwise\n    step {step} \"A\"\n  }}\n"
            )
        };
        let (one, other) = (stage("the-one-that-is-large"), stage("the-other-that-is-small"));
        let rule = format!("  rule \"R\" : step {step} at most once\n");
        format!("process p \"P\" {{\n  version 1.0.0\n  role cook \"C\"\n{one}{other}{rule}}}\n")
    };
    for length in 1..30 {
        let step = format!("open-{}-the-doors", "x".repeat(length));
        let folder = folder(&[("p.vup", &text(&step))]);
        let told = out(&vup(folder.path(), &["check", "p.vup"]));
        for path in ["the-one-that-is-large", "the-other-that-is-small"] {
            let name = format!("`{path}.{step}`");
            let (_, help) = told.split_once("help: say which").expect("it is ambiguous");
            assert!(help.contains(&name), "{name}\n{told}");
        }
    }
}
