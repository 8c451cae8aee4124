//! Texts that nobody writes, and some do: each gets an answer, soon, and nothing falls over.

#[allow(dead_code, reason = "the benches use more of it")]
#[path = "../benches/generator.rs"]
mod generator;

use std::fmt::Write;
use std::time::{Duration, Instant};
use vup::Compiled;
use vup::diagnostic::{Diagnostic, Severity};
use vup::source::{FileId, SourceFile};
use vup::syntax::parse;

/// Bounds are for builds without optimisation on a busy machine.
const SOON: Duration = Duration::from_secs(10);

fn compile(text: &str) -> Compiled {
    compile_with(text, &[])
}

/// Compiles `text` as `main.vup`; `others` are the files that it can use.
fn compile_with(text: &str, others: &[(&str, &str)]) -> Compiled {
    let start = Instant::now();
    let mut load = |_: &str, wanted: &str| {
        let found = others.iter().find(|(name, _)| *name == wanted);
        let missing = || "there is no such file".to_string();
        found.map(|(name, text)| SourceFile::new(*name, *text)).ok_or_else(missing)
    };
    let compiled = vup::compile(SourceFile::new("main.vup", text), &mut load);
    assert!(start.elapsed() < SOON, "it took {:?}", start.elapsed());
    for finding in &compiled.findings {
        let place = finding.place();
        assert!(compiled.sources.file(place.file).text.get(place.span.range()).is_some());
    }
    compiled
}

fn told(compiled: &Compiled) -> Vec<String> {
    let line = |finding: &Diagnostic| {
        let place = finding.place();
        compiled.sources.file(place.file).position(place.span.start).0
    };
    let tell = |finding: &Diagnostic| {
        format!("{} {}: {}", finding.rule.name, line(finding), finding.message)
    };
    compiled.findings.iter().map(tell).collect()
}

/// The only finding that `text` leads to.
fn only(text: &str) -> String {
    let told = told(&compile(text));
    assert!(told.len() == 1, "{} findings: {:#?}", told.len(), &told[..told.len().min(5)]);
    told.into_iter().next().unwrap_or_default()
}

/// A process with `lines` in it.
fn process(lines: &str) -> String {
    format!("process p \"P\" {{\n  version 1.0.0\n  role a \"A\"\n  owner a\n{lines}\n}}\n")
}

#[test]
fn ten_thousand_nested_blocks() {
    let depth = 10_000;
    let blocks = format!("{}{}", "stage \"S\" by a {\n".repeat(depth), "}\n".repeat(depth));
    assert_eq!(only(&process(&blocks)), "syntax 68: blocks are nested more than 64 deep");
    let repeats = format!("{}{}", "repeat until \"X\" {\n".repeat(depth), "}\n".repeat(depth));
    assert_eq!(only(&process(&repeats)), "syntax 68: blocks are nested more than 64 deep");
    let roles = format!("{}{}", "role r {\n".repeat(depth), "}\n".repeat(depth));
    assert!(told(&compile(&process(&roles))).iter().any(|told| told.contains("64 deep")));
}

#[test]
fn blocks_that_nobody_closes() {
    let text = process(&"stage \"S\" by a {\n".repeat(10_000));
    assert!(compile(&text).has_errors());
    let text = process(&"}\n".repeat(10_000));
    assert!(compile(&text).has_errors());
}

#[test]
fn deep_conditions() {
    let line = |condition: String| {
        process(&format!(
            "  fact f : yes-no\n  fact g = {condition}\n  step s by a {{\n    when g\n  }}"
        ))
    };
    let open = "(".repeat(100_000);
    let expected = "syntax 6: more than 32 parentheses in each other";
    assert_eq!(only(&line(format!("{open}f"))), expected);
    assert_eq!(only(&line(format!("{open}f{}", ")".repeat(100_000)))), expected);
    assert!(compile(&line(format!("{}f", "not ".repeat(100_000)))).findings.is_empty());
    assert!(compile(&line(format!("f{}", " and f".repeat(20_000)))).findings.is_empty());
    let nested = format!("{}f{}", "not (".repeat(32), ")".repeat(32));
    assert!(compile(&line(nested)).findings.is_empty());
}

#[test]
fn not_text() {
    assert!(only(&"\0".repeat(1000)).contains("NUL"));
    assert!(only("process p \"P\" {\n  version 1.0.0\n  no\0te \"x\"\n}\n").contains("NUL"));
    assert!(
        only("\u{fffd}PNG\r\n").contains("no statement")
            || only("\u{fffd}PNG\r\n").contains("keyword")
    );
}

#[test]
fn nothing_at_all() {
    for text in ["", "\u{feff}", "\n", "\r\n\r\n", "\r", "   \t ", "// only a comment"] {
        let parsed = parse(text, FileId(0));
        assert!(parsed.tree.statements.is_empty(), "{text:?}");
        assert!(parsed.errors.is_empty(), "{text:?}: {:?}", parsed.errors);
        assert!(!compile(text).model.is_process);
    }
}

#[test]
fn line_ends_do_not_matter() {
    for text in [
        include_str!("../processes/version-update.vup"),
        include_str!("../processes/major-incident.vup"),
        include_str!("faults/nine.vup"),
    ] {
        let windows = text.replace('\n', "\r\n");
        let with_mark = format!("\u{feff}{windows}");
        let expected = shape(text);
        assert_eq!(shape(&windows), expected);
        assert_eq!(shape(&with_mark), expected);
        assert_eq!(told(&compile(&windows)), told(&compile(text)));
    }
}

/// The kinds and texts of all statements.
fn shape(text: &str) -> Vec<String> {
    let tree = parse(text, FileId(0)).tree;
    let title =
        |title: Option<vup::syntax::tree::Text>| title.map(|title| title.value(text).into_owned());
    let statements = tree.statements.iter();
    statements
        .map(|line| format!("{:?} {:?} {}", line.kind, title(line.title), line.until))
        .collect()
}

#[test]
fn tabs_are_space() {
    let text = include_str!("../processes/release-vote.vup");
    let tabbed = text.replace("  ", "\t").replace(" by ", "\tby\t");
    assert_eq!(told(&compile(&tabbed)), told(&compile(text)));
    assert_eq!(parse(&tabbed, FileId(0)).errors, []);
}

#[test]
fn a_lone_carriage_return_is_no_line_end() {
    let text = process("  step s by a\r  step t by a");
    assert!(compile(&text).has_errors());
}

#[test]
fn long_texts_and_lines() {
    let long = "x".repeat(1024 * 1024);
    assert!(compile(&process(&format!("  step s \"{long}\" by a"))).findings.is_empty());
    assert!(
        compile(&process(&format!("  step \"{}\" by a", "é ".repeat(500_000)))).findings.is_empty()
    );
    assert!(only(&process(&format!("  step s \"{long} by a"))).contains("quote"));
    assert!(only(&process(&format!("  {long} s"))).contains("no statement"));
    assert!(compile(&process(&format!("  step s by a \"{long}\""))).has_errors());
    let blanks = " ".repeat(1024 * 1024);
    assert!(compile(&process(&format!("  step s{blanks}by a"))).findings.is_empty());
    let quotes = "\"".repeat(100_001);
    assert!(compile(&process(&format!("  step s {quotes}"))).has_errors());
    let escapes = "\\\"".repeat(100_000);
    assert!(compile(&process(&format!("  step s \"{escapes}\" by a"))).findings.is_empty());
    let braces = "{".repeat(100_000);
    assert!(compile(&process(&format!("  step s \"{braces}\" by a"))).sources.iter().count() == 1);
}

#[test]
fn very_many_of_everything() {
    let many = 5_000;
    let lines = |write: &dyn Fn(usize) -> String| (0..many).map(write).collect::<String>();
    let list =
        |write: &dyn Fn(usize) -> String| (0..many).map(write).collect::<Vec<_>>().join(", ");
    let step = "  step s by a\n";
    let texts = [
        lines(&|n| format!("  role r{n}\n")) + step,
        lines(&|n| format!("  artifact x{n}\n")) + step,
        lines(&|n| format!("  switch x{n}\n")) + step,
        lines(&|n| format!("  fact x{n} : yes-no\n")) + step,
        lines(&|n| format!("  outcome x{n}\n")) + step,
        lines(&|n| format!("  trigger x{n}\n")) + step,
        lines(&|n| format!("  release 1.0.{n}\n")) + step,
        lines(&|n| format!("  procedure x{n}() {{\n    step s by a\n  }}\n")) + step,
        lines(&|n| format!("  rule \"R{n}\" : always step s\n")) + step,
        lines(&|n| format!("  scenario \"S{n}\" {{\n    expect step s\n  }}\n")) + step,
        lines(&|n| format!("  step s{n} by unknown{n}\n")),
        lines(&|n| format!("  step s by a // {n}\n")),
        lines(&|n| format!("  go step unknown{n}\n")),
        lines(&|n| format!("  path p{n} by a {{\n    step s\n  }}\n")),
        lines(&|n| format!("  any order {{\n    step s{n} by a\n  }}\n")),
        lines(&|n| format!("  event e{n} \"E\" -> step s\n")) + step,
        format!("  fact f : one of {}\n{step}", list(&|n| format!("v{n}"))),
        format!("  fact f : one of {}\n{step}", list(&|_| "v".to_string())),
        format!("  step s by all of {}\n", list(&|n| format!("r{n}"))),
        format!("  procedure x({}) {{\n  }}\n{step}", list(&|n| format!("role p{n}"))),
        format!("  artifact x sheet {}\n{step}", list(&|n| format!("\"C{n}\""))),
        format!("  step s by a {{\n{}  }}\n", lines(&|n| format!("    do \"D{n}\"\n"))),
        format!("  step s by a {{\n{}  }}\n", lines(&|n| format!("    needs x{n}\n"))),
        format!("  decide d by a {{\n{}  }}\n", lines(&|n| format!("    answer x{n} -> next\n"))),
        format!("  any order {{\n{}  }}\n", lines(&|n| format!("    step s{n} by a\n"))),
        lines(&|n| format!("  step s{n} by a\n  go step s{n} at most 2 times\n")),
        lines(&|n| format!("  this is no statement {n}\n")),
        lines(&|n| format!("  step s{n} \"no end\n")),
        lines(&|_| "  note \"\"\"\n".to_string()),
        lines(&|_| "  \"\"\"\n".to_string()),
        lines(&|_| "  stage s {{\n".to_string()),
    ];
    for text in texts {
        let start = Instant::now();
        compile(&process(&text));
        let took = start.elapsed();
        if std::env::var_os("VUP_TIMES").is_some() {
            println!(
                "{took:?} for {}",
                text.lines().take(2).collect::<String>().chars().take(60).collect::<String>()
            );
        }
    }
}

#[test]
fn a_hundred_thousand_roles() {
    let roles: String = (0..100_000).map(|n| format!("  role r{n}\n")).collect();
    let compiled = compile(&process(&(roles + "  step s by a")));
    assert_eq!(compiled.model.roles.len(), 100_001);
    assert!(!compiled.has_errors());
}

#[test]
fn procedures_that_double() {
    for body in ["", "    step s by a\n"] {
        let mut text = String::new();
        for level in 0..30 {
            let run = format!("    run p{}()\n", level + 1);
            let _ = write!(text, "  procedure p{level}() {{\n{body}{run}{run}  }}\n");
        }
        let _ = write!(text, "  procedure p30() {{\n{body}  }}\n  run p0()\n");
        let told = only(&process(&text));
        assert!(told.starts_with("too-large"), "{told}");
    }
}

#[test]
fn procedures_that_run_themselves() {
    let text = process(
        "  procedure a() {\n    run b()\n  }\n  procedure b() {\n    run a()\n  }\n  run a()",
    );
    let told = told(&compile(&text));
    assert!(told.iter().all(|told| told.starts_with("recursive-procedure")), "{told:#?}");
    assert_eq!(told.len(), 1, "{told:#?}");
    let chain: String = (0..5_000)
        .map(|n| format!("  procedure p{n}() {{\n    run p{}()\n  }}\n", n + 1))
        .collect();
    let text =
        process(&format!("{chain}  procedure p5000() {{\n    step s by a\n  }}\n  run p0()"));
    assert!(only(&text).starts_with("too-large"));
}

#[test]
fn files_that_use_each_other() {
    let main = format!("use \"a.vup\"\n{}", process("  step s by a"));
    let circle = compile_with(&main, &[("a.vup", "use \"b.vup\"\n"), ("b.vup", "use \"a.vup\"\n")]);
    assert_eq!(
        told(&circle),
        ["use-cycle 1: the files use each other in a circle: `a.vup` → `b.vup` → `a.vup`"]
    );
    let own = compile_with(&main, &[("a.vup", "use \"main.vup\"\n"), ("main.vup", &main)]);
    assert!(told(&own)[0].starts_with("use-cycle 1:"), "{:#?}", told(&own));
    let missing = told(&compile(&main));
    assert_eq!(missing, ["use-failed 1: `a.vup` cannot be used: there is no such file"]);
    let outside = compile(&format!("use \"../../etc/passwd\"\n{}", process("  step s by a")));
    assert!(told(&outside)[0].starts_with("use-failed 1:"), "{:#?}", told(&outside));
}

#[test]
fn a_chain_of_two_thousand_files() {
    let main = format!("use \"0\"\n{}", process("  step s by a"));
    let mut load = |_: &str, wanted: &str| {
        let next = wanted.parse::<usize>().map_err(|error| error.to_string())? + 1;
        Ok(SourceFile::new(wanted, format!("use \"{next}\"\n")))
    };
    let compiled = vup::compile(SourceFile::new("main.vup", main), &mut load);
    assert_eq!(compiled.findings.len(), 1);
    assert!(compiled.findings[0].message.contains("at most 1000 files"));
}

#[test]
fn more_steps_than_one_process_has() {
    let text = generator::process(50_010);
    assert_eq!(only(&text), "too-large 1: the process has more than 50000 steps and decisions");
}

#[test]
#[ignore = "slow without optimisation: cargo test --release --test hostile -- --ignored"]
fn twenty_megabytes() {
    let text = generator::process(180_000);
    assert!(text.len() > 20 * 1024 * 1024, "{}", text.len());
    let start = Instant::now();
    assert_eq!(parse(&text, FileId(0)).errors, []);
    println!("parsed {} bytes in {:?}", text.len(), start.elapsed());
    assert!(only(&text).starts_with("too-large"));
    println!("and compiled in {:?}", start.elapsed());
}

#[test]
fn generated_processes_are_right() {
    for steps in [1, 5, 20, 100, 1_000] {
        let findings = compile(&generator::process(steps)).findings;
        let bad: Vec<_> =
            findings.iter().filter(|finding| finding.severity() > Severity::Note).collect();
        assert!(bad.is_empty(), "{steps} steps: {bad:#?}");
    }
}
