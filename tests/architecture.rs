//! The house rules that the compiler does not hold: who may know whom, and what stands nowhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The rooms in `src/`, each with how far up it stands: a room knows only those further down.
const ROOMS: [(&str, u8); 16] = [
    ("source", 0),
    ("diagnostic", 1),
    ("syntax", 2),
    ("model", 3),
    ("flow", 4),
    ("cases", 4),
    ("reach", 5),
    ("plan", 5),
    ("check", 6),
    ("emit", 6),
    // It tells changes in the words of the outputs, and draws them.
    ("diff", 7),
    ("format", 6),
    ("outline", 6),
    ("compile", 7),
    ("fix", 8),
    ("cli", 9),
];

/// What prints what `emit` builds; none of them knows another.
const OUTPUTS: [&str; 9] =
    ["markdown", "html", "dot", "svg", "mermaid", "pdf", "png", "xlsx", "index"];

const LONGEST_FILE: usize = 600;

struct File {
    /// As seen from `src/`, with `/` between its parts.
    path: String,
    room: String,
    /// Without its comments and its tests.
    code: String,
    /// Lines, without its tests.
    lines: usize,
}

#[test]
fn imports_run_one_way() {
    let mut wrong = Vec::new();
    for file in files() {
        let Some(own) = height(&file.room) else { continue };
        for known in imports(&file.code) {
            let below = height(&known).is_some_and(|height| height < own);
            if known != file.room && !below {
                wrong.push(format!("{} imports {known}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_room_has_its_place() {
    let rooms: BTreeSet<String> = files().into_iter().map(|file| file.room).collect();
    let unknown: Vec<_> = rooms
        .iter()
        .filter(|room| height(room).is_none() && !matches!(room.as_str(), "lib" | "main"))
        .collect();
    assert!(unknown.is_empty(), "say in ROOMS where these stand: {unknown:?}");
}

#[test]
fn the_formatter_sees_syntax_only() {
    for file in files().iter().filter(|file| file.room == "format") {
        for known in imports(&file.code) {
            assert!(
                ["format", "syntax", "diagnostic", "source"].contains(&known.as_str()),
                "{} imports {known}",
                file.path
            );
        }
    }
}

#[test]
fn checks_do_not_know_each_other() {
    let checks: Vec<File> = files()
        .into_iter()
        .filter(|file| file.path.starts_with("check/") && file.code.contains("Rule = "))
        .collect();
    assert!(!checks.is_empty());
    hold_apart(&checks, "check");
}

#[test]
fn outputs_do_not_know_each_other() {
    let is_output = |file: &File| OUTPUTS.iter().any(|name| belongs(file, "emit", name));
    let outputs: Vec<File> = files().into_iter().filter(is_output).collect();
    assert!(!outputs.is_empty());
    hold_apart(&outputs, "emit");
}

#[test]
fn libraries_stay_in_their_rooms() {
    let homes: [(&str, &[&str]); 15] = [
        ("pest", &["syntax"]),
        ("petgraph", &["flow", "reach", "check"]),
        ("miette", &["diagnostic", "cli"]),
        ("clap", &["cli"]),
        ("clap_complete", &["cli"]),
        ("clap_mangen", &["cli"]),
        ("similar", &["cli"]),
        ("quick_junit", &["cli"]),
        ("schemars", &["diagnostic", "cli"]),
        ("toml", &["plan", "cli"]),
        ("jiff", &["plan"]),
        ("rust_xlsxwriter", &["emit"]),
        ("typst", &["emit"]),
        ("typst_pdf", &["emit"]),
        ("resvg", &["emit"]),
    ];
    for file in files() {
        for (library, rooms) in homes {
            let mentions = file.code.contains(&format!("{library}::"));
            assert!(
                !mentions || rooms.contains(&file.room.as_str()),
                "{} mentions {library}",
                file.path
            );
        }
    }
}

#[test]
fn nothing_gives_up_or_prints() {
    let forbidden =
        [".unwrap()", "panic!(", "todo!(", "unimplemented!(", "dbg!(", "println!(", "print!("];
    let mut wrong = Vec::new();
    for file in files().iter().filter(|file| file.room != "cli" && file.room != "main") {
        for found in forbidden.iter().filter(|word| file.code.contains(**word)) {
            wrong.push(format!("{}: {found}", file.path));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_stay_readable() {
    for file in files() {
        assert!(file.lines <= LONGEST_FILE, "{} has {} lines", file.path, file.lines);
        assert!(file.path != "main.rs" || file.lines < 30, "main.rs is to stay tiny");
    }
}

/// None of `files`, all in the folder of `room`, names another of them.
fn hold_apart(files: &[File], room: &str) {
    let name = |file: &File| {
        let inside = file.path.trim_start_matches(room).trim_start_matches('/');
        inside.split(['/', '.']).next().unwrap_or_default().to_string()
    };
    let names: BTreeSet<String> = files.iter().map(name).collect();
    for file in files {
        for other in names.iter().filter(|other| **other != name(file)) {
            for path in [format!("super::{other}::"), format!("{room}::{other}::")] {
                assert!(!file.code.contains(&path), "{} knows {other}", file.path);
            }
        }
    }
}

/// Whether a file is `name.rs` in the folder of `room`, or stands in the folder `name` there.
fn belongs(file: &File, room: &str, name: &str) -> bool {
    file.path == format!("{room}/{name}.rs") || file.path.starts_with(&format!("{room}/{name}/"))
}

fn height(room: &str) -> Option<u8> {
    ROOMS.iter().find(|(name, _)| *name == room).map(|(_, height)| *height)
}

/// The rooms that a text names after `crate::`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, prefix) in code.match_indices("crate::") {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(list) => rooms.extend(heads(list)),
            None => rooms.extend(words(rest).next().map(str::to_string)),
        }
    }
    // What `lib.rs` hands out from `compile`.
    rooms
        .into_iter()
        .map(|room| match room.starts_with(char::is_uppercase) {
            true => "compile".to_string(),
            false => room,
        })
        .filter(|room| !matches!(room.as_str(), "rules" | "is_soundness"))
        .collect()
}

/// The first words of the parts of a list in braces, that stand right in it.
fn heads(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut heads = vec![String::new()];
    for char in list.chars() {
        match char {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(String::new()),
            _ if depth == 0 => heads.last_mut().expect("there is one").push(char),
            _ => {}
        }
    }
    heads.iter().filter_map(|head| words(head).next().map(str::to_string)).collect()
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|char: char| !(char.is_alphanumeric() || char == '_'))
        .filter(|word| !word.is_empty())
}

/// The files of `src/`, those that hold only tests left out.
fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    paths.iter().filter_map(|path| read(&root, path)).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("src can be read").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn read(root: &Path, path: &Path) -> Option<File> {
    let inside = path.strip_prefix(root).ok()?;
    let parts: Vec<&str> = inside.iter().filter_map(|part| part.to_str()).collect();
    let room = parts.first()?.trim_end_matches(".rs").to_string();
    if parts.contains(&"tests.rs") || parts.contains(&"tests") {
        return None;
    }
    let text = std::fs::read_to_string(path).expect("a source file can be read");
    let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let code: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let lines = text.lines().count();
    Some(File { path: parts.join("/"), room, code: code.join("\n"), lines })
}
