use super::sheet::Book;
use super::xlsx;
use crate::emit::checklist::tests::{hostile, sample_checklist};
use crate::emit::checklist::{Artifact, Checklist};
use std::io::Read;

/// Every file in the tracker, by its name.
fn files(bytes: Vec<u8>) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("it is a zip");
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("a file");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("text");
        let name = file.name().expect("a name").to_string();
        files.push((name, text));
    }
    files
}

fn tracker(list: &Checklist) -> Vec<(String, String)> {
    files(xlsx(list).expect("it fits"))
}

/// All formulas of cells.
fn formulas(files: &[(String, String)]) -> Vec<String> {
    let parts = files.iter().flat_map(|(_, text)| text.split("<f>").skip(1));
    parts.map(|part| part.split("</f>").next().unwrap_or_default().to_string()).collect()
}

#[test]
fn only_our_own_formulas_are_formulas() {
    let ours = formulas(&tracker(&sample_checklist()));
    assert_eq!(ours.len(), 3, "progress, how many are done, open issues: {ours:?}");
    let mut list = hostile();
    let evil = "=HYPERLINK(\"https://example.org\",\"x\")";
    list.client = Some(evil.to_string());
    list.process.title = evil.to_string();
    for starts in ["=1+1", "+1", "-1", "@SUM(A1)", "'x", "=cmd|' /C calc'!A0"] {
        let sheet = vec![starts.to_string(), evil.to_string()];
        list.artifacts.push(Artifact {
            title: starts.to_string(),
            given: false,
            states: vec![starts.to_string()],
            per_environment: false,
            sheet,
            made_in: Vec::new(),
            needed_in: Vec::new(),
        });
    }
    let files = tracker(&list);
    assert_eq!(formulas(&files).len(), 3, "{:?}", formulas(&files));
    // It is shown as what it is, and stays so when the cell is edited.
    let of = |name: &str| &files.iter().find(|(file, _)| file == name).expect("there").1;
    assert!(
        of("xl/sharedStrings.xml").contains("=HYPERLINK(&quot;")
            || of("xl/sharedStrings.xml").contains("=HYPERLINK(\"")
    );
    assert!(of("xl/styles.xml").contains("quotePrefix=\"1\""));
    // No address but those of the web and of mail is followed.
    for (name, text) in &files {
        for target in text.split("Target=\"").skip(1) {
            let part = target.split('"').next().unwrap_or_default();
            let inner =
                ["worksheets/", "xl/", "docProps/", "theme/", "styles.xml", "sharedStrings.xml"];
            let known = ["http://", "https://", "mailto:"].iter().chain(&inner);
            assert!(known.into_iter().any(|start| part.starts_with(start)), "{name}: {part}");
        }
    }
}

#[test]
fn formulas_have_results_and_two_runs_give_the_same_bytes() {
    let list = sample_checklist();
    let files = tracker(&list);
    for (_, text) in &files {
        for formula in text.split("</f>").skip(1) {
            assert!(formula.starts_with("<v>"), "a formula without a result");
        }
    }
    assert_eq!(xlsx(&list), xlsx(&list));
}

#[test]
fn names_of_sheets_fit() {
    let mut book = Book::new(&sample_checklist());
    let long = "A name of an artifact that is far too long for a sheet";
    let mut names = Vec::new();
    for wanted in [
        "Plan",
        "plan",
        "'Plan'",
        "a/b:c",
        "",
        "[]*?",
        "History",
        "Lists",
        long,
        long,
        "🦀".repeat(40).as_str(),
    ] {
        let (sheet, name) = book.sheet(wanted).expect("a name that fits");
        book.push(sheet);
        names.push(name);
    }
    let lower: std::collections::HashSet<String> =
        names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(lower.len(), names.len(), "{names:?}");
    assert_eq!(names[..4], ["Plan", "plan (2)", "Plan (3)", "a b c"]);
    assert!(names.iter().all(|name| name.encode_utf16().count() <= 31), "{names:?}");
}

/// A4 across with our margins holds so many characters of 10 points; with 7 points, so many more.
const ACROSS: f64 = 146.0 * 10.0 / 7.0;

#[test]
fn what_is_printed_across_can_be_read() {
    let mut tables = 0;
    for (name, text) in tracker(&sample_checklist()) {
        if !name.starts_with("xl/worksheets/") || !text.contains("orientation=\"landscape\"") {
            continue;
        }
        let number = |part: &str, key: &str| -> f64 {
            let value = part.split(&format!("{key}=\"")).nth(1).and_then(|it| it.split('"').next());
            value.and_then(|it| it.parse().ok()).expect("a number")
        };
        let columns = text.split("<col ").skip(1);
        let widths = columns.map(|col| {
            let count = number(col, "max") - number(col, "min") + 1.0;
            number(col, "width") * count
        });
        let width: f64 = widths.sum();
        assert!(width < ACROSS, "{name} is {width} characters wide");
        tables += 1;
    }
    assert!(tables >= 4, "{tables}");
}
