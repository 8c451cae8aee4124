//! `vup new`, `vup completions`, `vup man`.

#[path = "support/compile.rs"]
mod compile;
#[path = "support/program.rs"]
mod program;

use compile::{compile_text, shown};
use program::{code, err, folder, out, vup, vup_told};
use std::collections::BTreeSet;
use vup::format::format;
use vup::outline::{Skeleton, skeleton};
use vup::syntax::statement::Kind;

/// The column of a table that steps stand in needs no name in a process.
const COLUMNS: [&str; 1] = ["Activity"];

#[test]
fn a_first_process_checks_clean() {
    let folder = folder(&[]);
    let output = vup(folder.path(), &["new", "laptop-swap.vup"]);
    assert_eq!((code(&output), out(&output).as_str()), (0, ""));
    let told = "laptop-swap.vup is written; see what `vup check laptop-swap.vup` says of it\n";
    assert_eq!(err(&output), told);
    let path = folder.path().join("laptop-swap.vup");
    let written = std::fs::read_to_string(&path).expect("it is written");
    assert!(written.contains("process laptop-swap \"Laptop swap\" {"), "{written}");
    assert_eq!(shown(&compile_text(&written)), "nothing to tell\n");
    assert_eq!(format(&written).expect("it can be read"), written);

    std::fs::write(&path, "mine").expect("written");
    let output = vup(folder.path(), &["new", "laptop-swap.vup"]);
    assert_eq!(code(&output), 4);
    assert!(err(&output).contains("--force overwrites it"), "{}", err(&output));
    assert_eq!(std::fs::read_to_string(&path).expect("readable"), "mine");
    assert_eq!(code(&vup(folder.path(), &["new", "laptop-swap.vup", "--force"])), 0);
    assert_eq!(std::fs::read_to_string(&path).expect("readable"), written);

    let output = vup(folder.path(), &["new", "end.vup"]);
    assert_eq!(code(&output), 0);
    assert_eq!(code(&vup(folder.path(), &["check", "end.vup", "--fail-on", "note"])), 0);
    let printed = out(&vup(folder.path(), &["new", "-"]));
    assert!(printed.contains("process first-process \"A first process\" {"), "{printed}");
}

/// Every point of the outline is a line of the process, and what is told are the open points.
#[test]
fn the_outline_of_the_article_becomes_a_process() {
    let markdown = include_str!("article/outline.md");
    let folder = folder(&[("outline.md", markdown)]);
    let args = ["new", "update.vup", "--from-outline", "outline.md"];
    assert_eq!(code(&vup(folder.path(), &args)), 0);
    let text = std::fs::read_to_string(folder.path().join("update.vup")).expect("written");
    assert_eq!(format(&text).expect("it can be read"), text);
    insta::assert_snapshot!("outline-of-the-article", text);

    let compiled = compile_text(&text);
    let rules: BTreeSet<&str> = compiled.findings.iter().map(|finding| finding.rule.name).collect();
    assert_eq!(rules, BTreeSet::from(["no-role"]), "{}", shown(&compiled));
    assert_eq!(compiled.findings.len(), 1, "{}", shown(&compiled));
    let points: Vec<&str> = markdown.lines().filter(|line| !line.is_empty()).collect();
    for point in points {
        let said = point.trim_start_matches(|char: char| " #.".contains(char) || char.is_numeric());
        let labels = ["Path ", "Stage ", "Step ", "Note:", "Decision:", "Warning:"];
        let said = match labels.iter().any(|label| said.starts_with(label)) {
            true => said.split_once(": ").expect("a label ends with a colon").1,
            false => said,
        };
        assert!(text.contains(&format!("\"{said}\"")), "{said}");
    }
    let count = |kind| compiled.trees[0].1.statements.iter().filter(|one| one.kind == kind).count();
    assert_eq!((count(Kind::Path), count(Kind::Stage), count(Kind::Decide)), (2, 7, 3));
}

#[test]
fn outlines_of_many_shapes() {
    let deep: String =
        (0..300).map(|depth| format!("{}- point {depth}\n", "  ".repeat(depth))).collect();
    let shapes = [
        "1. One\n2. Two\n3. Is it good?\n",
        "1. One\n   - a\n   - Note: mind `this`\n2. Two\n   * b\n     * c\n",
        "# Title\n\nText.\n\n## First part\n\n1. A\n2. B\n\n## No list here\n\nText.\n\n## Second part\n\n- C\n",
        "- Path: \"Quoted\" {x} \\ end\n- Path: 2nd\n- Path: 2nd\n- And then?\n  - end\n  - end\n  - 3\n",
        "- Path: only\n  - Note: nothing else\n",
        "- \n- Step 2\n- Step 3:\n- **bold** [link](http://example.org)\n  second line\n\n  second paragraph\n",
        "- <b>x</b>\n- ```\n  code\n  ```\n- \u{1}\u{2028}é\t日本\n",
        "- Decision: Only one?\n  - Yes\n    - because\n  - Note: mind this\n",
        "- Stage 1: Empty\n- Stage 2: Not\n  - Note: only a note\n",
        deep.as_str(),
    ];
    for markdown in shapes {
        let text = skeleton(markdown, "shape").expect("there is a list").text;
        assert_eq!(format(&text).expect("it can be read"), text, "from:\n{markdown}");
        let compiled = compile_text(&text);
        let unexpected = compiled.findings.iter().any(|finding| finding.rule.name != "no-role");
        assert!(!unexpected, "{}\nin:\n{text}", shown(&compiled));
    }
    assert!(skeleton("# Title\n\nText.\n", "none").is_none());

    let folder = folder(&[("prose.md", "Only prose.\n")]);
    let output = vup(folder.path(), &["new", "a.vup", "--from-outline", "prose.md"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("there is no list in prose.md"), "{}", err(&output));
    assert!(!folder.path().join("a.vup").exists());
    assert_eq!(code(&vup(folder.path(), &["new", "a.vup", "--from-outline", "no.md"])), 4);
    let output = vup_told(folder.path(), &["new", "-", "--from-outline", "-"], "- Work\n");
    assert!(out(&output).contains("  step \"Work\"\n"), "{}", out(&output));
}

/// Outlines as people have them: every word is in the process, or on a line of which it is said that it is not.
#[test]
fn nothing_of_an_outline_is_lost() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outlines");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("a folder").flatten().collect();
    files.sort_by_key(|file| file.path());
    assert!(files.len() >= 7, "there are outlines");
    for path in files.iter().map(|file| file.path()) {
        let outline = std::fs::read_to_string(&path).expect("it can be read");
        let Skeleton { text, left_out } = skeleton(&outline, "outline").expect("there is a list");
        assert_eq!(format(&text).expect("it can be read"), text, "{}", path.display());
        let compiled = compile_text(&text);
        let unexpected = compiled.findings.iter().any(|finding| finding.rule.name != "no-role");
        assert!(!unexpected, "{}\nin:\n{text}", shown(&compiled));
        let mut paragraph_left_out = false;
        for (at, line) in outline.lines().enumerate() {
            // What is left out goes on to the next blank line.
            paragraph_left_out =
                left_out.contains(&(at + 1)) || (paragraph_left_out && !line.trim().is_empty());
            let words = line.split(|sign: char| !sign.is_alphabetic());
            let lost = words.filter(|word| word.chars().count() > 3 && !text.contains(word));
            let lost: Vec<&str> = lost.filter(|word| !COLUMNS.contains(word)).collect();
            assert!(paragraph_left_out || lost.is_empty(), "{}: {lost:?}", path.display());
        }
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let told = format!("{text}\nleft out: lines {left_out:?}\n");
        insta::assert_snapshot!(format!("outline-{stem}"), told);
    }
}

/// What says that it is a part of the process is one, whether it is marked as a heading or not.
#[test]
fn paragraphs_of_an_outline_may_be_parts() {
    let markdown = "# Title\n\nProse.\n\nPath 1: One\n\n- [ ] A\n\n## Then\n\n- [x] B\n\nPath 2: Two\n\n\
                    Note: prose\n\n- C\n\nPath 3: Three\n\n## Stage: S\n\n## Prose\n";
    let text = skeleton(markdown, "shape").expect("there is a list").text;
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let parts: Vec<&str> = lines
        .into_iter()
        .filter(|line| ["path ", "stage ", "step "].iter().any(|part| line.starts_with(part)))
        .collect();
    let expected = [
        "path one \"One\" {",
        "step \"A\"",
        "stage \"Then\" {",
        "step \"B\"",
        "path two \"Two\" {",
        "step \"C\"",
        "path three \"Three\" {",
        "step \"S\"",
    ];
    assert_eq!(parts, expected, "{text}");
}

#[test]
fn a_process_is_named_after_its_file() {
    let folder = folder(&[]);
    for (file, typed, process) in [
        ("1abc.vup", "1abc.vup", "process-1abc"),
        ("end.vup", "end.vup", "process-end"),
        ("Über uns.vup", "\"Über uns.vup\"", "über-uns"),
    ] {
        let output = vup(folder.path(), &["new", file]);
        assert!(err(&output).contains(&format!("`vup check {typed}`")), "{}", err(&output));
        let text = std::fs::read_to_string(folder.path().join(file)).expect("it is written");
        assert!(text.contains(&format!("\nprocess {process} \"")), "{text}");
    }
    for (file, told) in [(".", "it is a folder"), ("no/a.vup", "there is no folder no\n")] {
        let output = vup(folder.path(), &["new", file]);
        assert_eq!(code(&output), 4);
        let told = format!("cannot write {file}: {told}");
        assert!(err(&output).contains(&told), "{}", err(&output));
    }
}

#[test]
fn shells_and_man_are_helped() {
    let folder = folder(&[]);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = vup(folder.path(), &["completions", shell]);
        assert_eq!(code(&output), 0);
        let script = out(&output);
        assert!(
            ["checklist", "fmt", "fail-on"].iter().all(|word| script.contains(word)),
            "{shell}"
        );
    }
    assert_eq!(code(&vup(folder.path(), &["completions", "cmd"])), 2);
    let page = out(&vup(folder.path(), &["man"]));
    assert!(page.contains(".TH vup 1") && page.contains("checklist"), "{page}");
    let page = out(&vup(folder.path(), &["man", "check"]));
    assert!(page.contains(".TH vup-check 1") && page.contains("fail\\-on"), "{page}");
    let output = vup(folder.path(), &["man", "chek"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("did you mean check?"), "{}", err(&output));
}

#[test]
fn an_article_is_not_checked_as_a_process() {
    let folder = folder(&[("article.md", "# Opening\n\n- Write it down\n")]);
    let output = vup(folder.path(), &["check", "article.md"]);
    assert_eq!(code(&output), 2);
    let told = "error: article.md is Markdown, not a process; to make the skeleton of one of it: \
                vup new article.vup --from-outline article.md\n";
    assert_eq!((err(&output).as_str(), out(&output).as_str()), (told, ""));
}
