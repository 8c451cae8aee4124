//! Everything that the article on version updates says is found in the checklist of its path.
//!
//! `article/lines.txt` has a line for each step, task, role, decision, condition and note of the
//! article: `PATH | where it stands | what it says | what the checklist says`.

use std::fmt::Write;
use vup::emit::checklist::checklist;
use vup::emit::markdown::markdown;
use vup::source::SourceFile;

const PROCESS: &str = "processes/version-update.vup";

/// The checklist of a path, one line for each of its lines, without the Markdown around words.
fn lines_of(path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(PROCESS).expect("the process is there");
    let mut load = |_: &str, _: &str| Err("the process uses no file".to_string());
    let compiled = vup::compile(SourceFile::new(PROCESS, text), &mut load);
    assert!(!compiled.has_errors(), "{:#?}", compiled.findings);
    let named = |item: &vup::model::Item| item.name.as_deref() == Some(path);
    let id = compiled.model.paths().find(|(_, item)| named(item)).map(|(id, _)| id);
    let list = checklist(&compiled.model, &compiled.sources, Some(id.expect("the path is there")));
    markdown(&list).lines().map(plain).collect()
}

fn plain(line: &str) -> String {
    let kept: String = line.chars().filter(|char| !matches!(char, '*' | '\\')).collect();
    kept.replace("&amp;", "&").trim().to_string()
}

#[test]
fn every_line_of_the_article_is_in_its_checklist() {
    let simple = lines_of("simple");
    let standard = lines_of("standard");
    let list = std::fs::read_to_string("tests/article/lines.txt").expect("the list is there");
    let mut table = String::new();
    let mut missing = Vec::new();
    let mut count = 0;
    for line in list.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let parts: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let [path, place, says, wanted] = parts.as_slice() else { panic!("four columns: {line}") };
        let lists: &[(&str, &Vec<String>)] = match *path {
            "simple" => &[("simple", &simple)],
            "standard" => &[("standard", &standard)],
            "both" => &[("simple", &simple), ("standard", &standard)],
            _ => panic!("no such path: {line}"),
        };
        for (name, checklist) in lists {
            count += 1;
            match checklist.iter().find(|line| line.contains(*wanted)) {
                Some(found) => {
                    let _ = writeln!(table, "{name:8} {place}: {says}\n         {found}");
                }
                None => missing.push(format!("{name}: {place}: {says}: no line has `{wanted}`")),
            }
        }
    }
    println!("{table}{count} lines looked for, {} missing", missing.len());
    assert!(count > 150, "the list has been cut: {count} lines");
    assert!(missing.is_empty(), "not in the checklist:\n{}", missing.join("\n"));
}
