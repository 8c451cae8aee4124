//! `vup fmt`, without the program: text to text.
//!
//! Files in `format/` are formatted, and the snapshot beside each shows how. Random processes, and files
//! whose space was changed at random, say the same afterwards: 150 in `cargo test`,
//! `VUP_FORMAT=1000 cargo test --release --test format` tries more. The seed of one that fails is in
//! the message.

#[path = "support/formatted.rs"]
mod formatted;
#[path = "oracle/generate.rs"]
#[allow(dead_code, reason = "the oracle uses more of it")]
mod generate;
#[path = "../benches/generator.rs"]
mod generator;
#[path = "../benches/hard.rs"]
#[allow(dead_code, reason = "the benches use more of it")]
mod hard;
#[path = "support/snapshot.rs"]
mod snapshot;

use formatted::{comments, formatted};
use generate::{Random, Settings};
use std::path::{Path, PathBuf};
use vup::format::{Refusal, format};

#[test]
fn texts_are_formatted_as_they_were() {
    insta::glob!("format/*.vup", |path| {
        let text = std::fs::read_to_string(path).expect("the text can be read");
        let shown = |text: &str| text.replace('\t', "␉").replace('\r', "␍");
        let (before, after) = (shown(&text), shown(&formatted(&text)));
        let name = path.file_stem().expect("a file has a name").to_string_lossy();
        let shown = format!("----- before\n{before}\n----- formatted\n{after}");
        snapshot::in_folder(path.parent().expect("it is in a folder"), &name, &shown);
    });
}

#[test]
fn the_processes_are_formatted() {
    for path in processes() {
        let text = std::fs::read_to_string(&path).expect("the process can be read");
        assert_eq!(formatted(&text), text, "`vup fmt {}`", path.display());
    }
}

#[test]
fn the_examples_of_the_rules_are_formatted() {
    for rule in vup::rules() {
        for example in [rule.wrong, rule.right] {
            match format(example) {
                Ok(formatted) => assert_eq!(formatted, example, "`{}`", rule.name),
                Err(Refusal::Errors(_)) => assert_eq!(rule.name, "syntax"),
                Err(Refusal::WouldChange) => panic!("`{}`", rule.name),
            }
        }
    }
}

#[test]
fn random_processes_say_the_same() {
    for seed in 0..count() {
        formatted(&process(seed));
    }
    for text in [generator::process(200), hard::decision_table(60, 3, true), hard::any_order(20)] {
        formatted(&text);
    }
}

#[test]
fn however_a_file_is_spaced_its_form_is_one() {
    let real = processes().into_iter().map(|path| std::fs::read_to_string(path).expect("readable"));
    let texts: Vec<String> = real.chain((0..count()).map(process)).collect();
    for (seed, text) in texts.iter().enumerate() {
        let canonical = formatted(text);
        let mut mangler = Mangler { random: Random(seed as u64), out: String::new(), marks: 0 };
        mangler.mangle(&canonical);
        let Mangler { out: mangled, marks, .. } = mangler;
        let found = formatted(&mangled);
        assert_eq!(found.contains('\r'), mangled.contains('\r'), "seed {seed}");
        assert_eq!(found.starts_with('\u{feff}'), mangled.starts_with('\u{feff}'), "seed {seed}");
        let found = found.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let own: Vec<String> =
            comments(&found).into_iter().filter(|comment| comment.contains(MARK)).collect();
        let expected: Vec<String> = (0..marks).map(|mark| format!("{MARK}{mark}")).collect();
        assert_eq!(own, expected, "seed {seed}: a comment is lost");
        assert_eq!(without_marks(&found), canonical, "seed {seed}, from:\n{mangled}");
    }
}

#[test]
fn what_cannot_be_read_is_refused() {
    for wrong in
        ["step", "process p {", "process p {\n}\n}", "about \"\"\"\ntext", "process p { } \n"]
    {
        let refused = format(wrong);
        assert!(matches!(refused, Err(Refusal::Errors(errors)) if !errors.is_empty()), "{wrong}");
    }
    assert_eq!(format("").expect("an empty text can be read"), "");
    assert_eq!(format(" \n\t\r\n").expect("so can space"), "");
}

const MARK: &str = "// mark ";

/// Changes the space of a formatted text at random, and puts comments into it.
struct Mangler {
    random: Random,
    out: String,
    marks: usize,
}

impl Mangler {
    fn mangle(&mut self, text: &str) {
        if self.random.chance(10) {
            self.out.push('\u{feff}');
        }
        self.blank_lines();
        let mut block: Option<String> = None;
        let mut after_open = true;
        for line in text.lines() {
            match (&block, line.trim()) {
                (Some(indentation), content) => {
                    let indentation = indentation.clone();
                    // The lines of a block are moved together.
                    let rest = line.strip_prefix(indentation.as_str()).unwrap_or(content);
                    let deeper = "   ";
                    self.end_line(&format!("{deeper}{rest}").replace("   \"\"\"", "\"\"\""));
                    block = (content != "\"\"\"").then_some(indentation);
                    continue;
                }
                (None, "") => {
                    self.out.push('\n');
                    self.blank_lines();
                    continue;
                }
                (None, content) => {
                    self.line(content, after_open);
                    after_open = code(content).ends_with('{');
                    if content.ends_with("\"\"\"") {
                        let depth = line.len() - content.len();
                        block = Some(" ".repeat(depth));
                    }
                }
            }
        }
        self.blank_lines();
        if self.random.chance(20) {
            self.out = self.out.replace('\n', "\r\n");
        }
    }

    fn line(&mut self, content: &str, after_open: bool) {
        if after_open {
            self.blank_lines();
        }
        if self.random.chance(10) {
            let mark = self.mark();
            self.indentation();
            self.end_line(&mark);
        }
        if content == "}" {
            self.blank_lines();
        }
        self.indentation();
        let mut spaced = self.spaced(content);
        let has_comment = code(content) != content || content.starts_with("//");
        if !has_comment && !content.ends_with("\"\"\"") && self.random.chance(10) {
            spaced.push_str(&" ".repeat(self.random.below(3)));
            spaced.push_str(&self.mark());
        }
        self.end_line(&spaced);
    }

    fn mark(&mut self) -> String {
        self.marks += 1;
        format!("{MARK}{}", self.marks - 1)
    }

    /// The same words with other space between them.
    fn spaced(&mut self, content: &str) -> String {
        let code = code(content);
        let (mut spaced, mut quoted, mut escaped) = (String::new(), false, false);
        for (at, char) in code.char_indices() {
            let before = code[..at].chars().next_back().unwrap_or('"');
            let after = code[at + char.len_utf8()..].chars().next().unwrap_or('"');
            let sign = |char: char| ",()=<>:\"".contains(char);
            // Quotes side by side could open a block.
            let loose = (sign(before) || sign(after) || code[at..].starts_with(" ->"))
                && !(before == '"' && after == '"');
            match char {
                ' ' if !quoted && loose && self.random.chance(30) => {}
                ' ' if !quoted && self.random.chance(30) => {
                    let wide = [" ", "  ", "\t", " \t "][self.random.below(4)];
                    spaced.push_str(wide);
                }
                ',' | '(' | ')' if !quoted && self.random.chance(30) => {
                    spaced.push(' ');
                    spaced.push(char);
                    spaced.push(' ');
                }
                char => spaced.push(char),
            }
            quoted ^= char == '"' && !escaped;
            escaped = char == '\\' && !escaped;
        }
        spaced + &content[code.len()..]
    }

    fn indentation(&mut self) {
        let some = ["", " ", "    ", "\t", "\t\t  "][self.random.below(5)];
        self.out.push_str(some);
    }

    fn end_line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push_str(["", "", " ", "\t "][self.random.below(4)]);
        self.out.push('\n');
    }

    fn blank_lines(&mut self) {
        for _ in 0..self.random.below(3) {
            self.out.push_str(["\n", "  \n", "\t\n"][self.random.below(3)]);
        }
    }
}

/// A line without the comment that it ends with.
fn code(line: &str) -> &str {
    let mut quoted = false;
    let mut escaped = false;
    for (at, char) in line.char_indices() {
        if !quoted && line[at..].starts_with("//") {
            return line[..at].trim_end();
        }
        quoted ^= char == '"' && !escaped;
        escaped = char == '\\' && !escaped;
    }
    line
}

fn without_marks(text: &str) -> String {
    let mut left = String::new();
    for line in text.lines() {
        match line.split_once(MARK) {
            Some((before, _)) if before.trim().is_empty() => {}
            Some((before, _)) => left.push_str(&format!("{}\n", before.trim_end())),
            None => left.push_str(&format!("{line}\n")),
        }
    }
    left
}

fn process(seed: u64) -> String {
    generate::process(seed, Settings { counts: true, at_a_time: true })
}

fn count() -> u64 {
    std::env::var("VUP_FORMAT").map_or(150, |count| count.parse().expect("VUP_FORMAT is a number"))
}

fn processes() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("processes");
    let mut paths = Vec::new();
    for folder in [root.clone(), root.join("shared")] {
        let entries = std::fs::read_dir(folder).expect("the folder can be read");
        paths.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "vup"));
    paths.sort();
    assert!(paths.len() >= 5);
    paths
}
