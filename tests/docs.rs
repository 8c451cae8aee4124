//! What `docs/language.md` and `README.md` show is true.
//!
//! Every block of ```` ```vup ```` is compiled:
//!
//! - One that starts with `process` or `use` is a whole file, and must have neither errors nor
//!   warnings. Files that it uses are looked for in the folder of the document.
//! - ```` ```vup fragment=process ````, `fragment=stage` and `fragment=step` mark lines of a
//!   process, a stage or a step. They are put into a small process, the cake shop below, and must
//!   have no errors. Of the cake shop's lines, those are left out that the fragment has itself.
//!
//! The table of statements at the end of the reference is made from `FORMS`.
//! `UPDATE_DOCS=1 cargo test --test docs` writes it.

#[path = "support/compile.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use support::{compile_in, shown};
use vup::diagnostic::Severity;
use vup::plan::case_file;
use vup::syntax::statement::{Blocks, FORMS, Form, Kind};

/// What fragments may speak of.
const CAKE_SHOP: &str = r#"
version 1.0.0
role boss "Owner of the shop"
role seller "Seller"
role baker "Baker"
role customer "Customer" external
role courier "Courier" optional
environment kitchen "The kitchen"
environment counter "The counter"
switch sign "The sign \"Closed\" is out"
artifact cake "The cake" states baked -> decorated
fact urgent "Is it for today?" : yes-no
fact size "How large is it?" : scale small < medium < large
fact guests "How many guests?" : number 1..500
fact nuts "Is a guest allergic?" : yes-no
trigger call "Somebody calls"
trigger visit "Somebody comes in"
outcome delivered "The customer has the cake"
outcome cancelled "There is no cake"
"#;

/// What stands before the lines of a fragment, and what they may lead to.
const BEFORE: &str = r#"
event fire "The oven burns" -> end cancelled
step take-order "Take the order" by seller
decide accept "Can we bake it in time?" by baker {
  answer yes "Yes" -> next
  answer no "No" -> end cancelled
}
step bake "Bake the cake" by baker
decide taste-it "Is it good?" by seller {
  answer yes "Yes" -> next
  answer no "No" -> step bake
}
step hand-over "Hand over the cake" by seller
"#;

#[test]
fn examples_compile() {
    let mut compiled = 0;
    for document in documents() {
        let text = fs::read_to_string(&document).expect("a document can be read");
        for block in blocks(&text) {
            check(&document, &block);
            compiled += 1;
        }
    }
    assert!(compiled >= 30, "only {compiled} examples");
}

#[test]
fn the_case_file_is_one() {
    let page = fs::read_to_string(root().join("docs/case-file.md")).expect("the page is there");
    let (_, rest) = page.split_once("```toml\n").expect("it shows a case file");
    let (shown, _) = rest.split_once("```").expect("it ends");
    let example = fs::read_to_string(root().join("docs/examples/acme.toml")).expect("it is there");
    assert_eq!(shown, example);
    let folder = root().join("processes");
    let text = fs::read_to_string(folder.join("version-update.vup")).expect("it is there");
    let compiled = compile_in(&folder, "version-update.vup", &text);
    let flow = compiled.flow.as_ref().expect("it has no errors");
    let read = case_file::read(&compiled.model, flow, &example).expect("it has no mistakes");
    assert!(read.doubts.is_empty());
    assert_eq!(read.cover.people.len(), 3);
    // The page tells of every key.
    for key in case_file::KEYS {
        let told = [format!("`{key}`"), format!("`[{key}]`")];
        assert!(told.iter().any(|told| page.contains(told.as_str())), "{key}");
    }
}

#[test]
fn examples_are_formatted() {
    for document in documents() {
        let text = fs::read_to_string(&document).expect("a document can be read");
        for block in blocks(&text) {
            let place = format!("{}:{}", document.display(), block.line);
            assert_eq!(formatted(&block), block.text, "{place}");
        }
    }
}

/// An example as `vup fmt` writes it; a fragment in what it is a fragment of.
fn formatted(block: &Block) -> String {
    let around = match block.fragment.as_deref() {
        None => &[][..],
        Some("process") => &["process p {"],
        Some("stage") => &["process p {", "stage s {"],
        Some(_) => &["process p {", "step s {"],
    };
    let depth = around.len();
    let whole = format!("{}\n{}{}", around.join("\n"), block.text, "}\n".repeat(depth));
    let formatted = vup::format::format(&whole).expect("it compiles");
    let lines: Vec<&str> = formatted.lines().collect();
    let own = lines[depth..lines.len() - depth].iter();
    let unindented = own.map(|line| line.strip_prefix(&"  ".repeat(depth)).unwrap_or(line));
    unindented.map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_table_of_statements_is_not_stale() {
    let path = root().join("docs/language.md");
    let text = fs::read_to_string(&path).expect("the reference is there");
    let (start, end) = ("<!-- statements: start -->\n", "<!-- statements: end -->");
    let (before, rest) = text.split_once(start).expect("the table's start is marked");
    let (_, after) = rest.split_once(end).expect("the table's end is marked");
    let fresh = format!("{before}{start}{}{end}{after}", table());
    if std::env::var_os("UPDATE_DOCS").is_some() && fresh != text {
        fs::write(&path, fresh).expect("the reference can be written");
        return;
    }
    assert!(
        fresh == text,
        "the table of statements is stale: UPDATE_DOCS=1 cargo test --test docs"
    );
}

#[test]
fn every_statement_is_explained() {
    let text = fs::read_to_string(root().join("docs/language.md")).expect("the reference is there");
    let body = text.split("<!-- statements: start -->").next().unwrap_or_default();
    for form in FORMS.iter().filter(|form| form.kind != Kind::File) {
        assert!(body.contains(form.keyword), "`{}` is not explained", form.keyword);
        let shown = blocks(&text).iter().any(|block| {
            let mut lines = block.text.lines().map(str::trim_start);
            lines.any(|line| {
                line.strip_prefix("internal ").unwrap_or(line).starts_with(form.keyword)
            })
        });
        assert!(shown, "`{}` has no example", form.keyword);
    }
}

/// An example of a document.
struct Block {
    line: usize,
    fragment: Option<String>,
    text: String,
}

fn blocks(document: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in document.lines().enumerate() {
        match (&mut open, line.trim_start().strip_prefix("```")) {
            (None, Some(info)) if info.split_whitespace().next() == Some("vup") => {
                let fragment =
                    info.split_whitespace().find_map(|word| word.strip_prefix("fragment="));
                let fragment = fragment.map(str::to_string);
                open = Some(Block { line: index + 1, fragment, text: String::new() });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, _) => {}
        }
    }
    blocks
}

fn check(document: &Path, block: &Block) {
    let place = format!("{}:{}", document.display(), block.line);
    let first = block.text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("//"));
    let starts = |word: &str| first.is_some_and(|line| line.starts_with(word));
    let is_whole = block.fragment.is_none();
    assert!(
        !is_whole || starts("process") || starts("use"),
        "{place}: a whole file, or fragment=…"
    );
    let text = match block.fragment.as_deref() {
        None => block.text.clone(),
        Some("process") => in_process(&block.text),
        Some("stage") => in_process(&format!("stage s \"Stage\" by baker {{\n{}}}\n", block.text)),
        Some("step") => in_process(&format!("step s \"Step\" by baker {{\n{}}}\n", block.text)),
        Some(other) => panic!("{place}: what is fragment={other}?"),
    };
    let folder = document.parent().expect("a document is in a folder");
    let compiled = compile_in(folder, "example.vup", &text);
    // A fragment may contradict itself from line to line: it shows forms, not a process.
    let limit = if is_whole { Severity::Warning } else { Severity::Error };
    let structural = |rule: &str| {
        vup::model::rules::ALL.iter().any(|known| known.name == rule)
            || matches!(rule, "syntax" | "who-counts" | "no-role")
    };
    let bad = compiled
        .findings
        .iter()
        .any(|finding| finding.severity() >= limit && (is_whole || structural(finding.rule.name)));
    assert!(!bad, "{place}:\n{}\nin:\n{text}", shown(&compiled));
}

/// The cake shop with the lines of a fragment.
fn in_process(fragment: &str) -> String {
    let own: Vec<String> = fragment.lines().filter_map(declared).collect();
    let vocabulary =
        CAKE_SHOP.lines().filter(|line| !declared(line).is_some_and(|key| own.contains(&key)));
    let vocabulary: Vec<&str> = vocabulary.collect();
    format!(
        "process cake-order \"A cake to order\" {{\n{}\n{BEFORE}\n{fragment}}}\n",
        vocabulary.join("\n")
    )
}

/// The keyword and name of a line that declares something; `version` and `owner` stand once.
fn declared(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let keyword = words.next()?;
    let once = ["version", "owner", "about"].contains(&keyword);
    let declares = ["role", "environment", "artifact", "switch", "fact", "trigger", "outcome"];
    match (once, declares.contains(&keyword), words.next()) {
        (true, ..) => Some(keyword.to_string()),
        (_, true, Some(name)) => Some(format!("{keyword} {name}")),
        _ => None,
    }
}

/// The table of statements, in Markdown.
fn table() -> String {
    let mut table = String::from("| statement | stands in | block |\n|---|---|---|\n");
    for form in FORMS.iter().filter(|form| form.kind != Kind::File) {
        table.push_str(&row(form));
    }
    table
}

fn row(form: &Form) -> String {
    let alternatives: Vec<String> =
        form.syntax.split("  or  ").map(|one| format!("`{}`", one.replace('|', "\\|"))).collect();
    let places: Vec<&str> = form.stands_in.iter().map(|kind| kind.word()).collect();
    let block = match form.block {
        Blocks::Never => "",
        Blocks::May => "may have one",
        Blocks::Must => "has one",
    };
    format!("| {} | {} | {block} |\n", alternatives.join("<br>"), places.join(", "))
}

/// The reference, and the README where there is one.
fn documents() -> Vec<PathBuf> {
    let paths = ["docs/language.md", "README.md"].map(|path| root().join(path));
    paths.into_iter().filter(|path| path.exists()).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
