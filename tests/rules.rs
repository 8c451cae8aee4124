//! The rules: each speaks in its own example, alone, and is silent once that is mended.

#[path = "support/compile.rs"]
mod support;

use std::fmt::Write;
use support::{compile_text, shown};
use vup::compile;
use vup::diagnostic::Rule;
use vup::source::SourceFile;

/// Rules that one small file cannot break; each has a test of its own below.
const WITHOUT_EXAMPLE: [&str; 3] = ["too-large", "undecided", "use-cycle"];

#[test]
fn wrong_examples_break_their_rule_and_no_other() {
    for rule in with_example() {
        let compiled = compile_text(rule.wrong);
        let told = shown(&compiled);
        assert!(!compiled.findings.is_empty(), "`{}` is silent in:\n{}", rule.name, rule.wrong);
        for finding in &compiled.findings {
            assert_eq!(finding.rule.name, rule.name, "in the example of `{}`:\n{told}", rule.name);
        }
    }
}

#[test]
fn right_examples_are_clean() {
    for rule in with_example() {
        let told = shown(&compile_text(rule.right));
        assert_eq!(told, "nothing to tell\n", "the mended example of `{}`", rule.name);
        assert_ne!(rule.wrong, rule.right, "`{}`", rule.name);
    }
}

#[test]
fn examples_are_short() {
    for rule in with_example() {
        for example in [rule.wrong, rule.right] {
            let lines = example.lines().count();
            assert!((4..=24).contains(&lines), "`{}` has {lines} lines", rule.name);
            assert!(example.ends_with("}\n"), "`{}`", rule.name);
        }
    }
}

#[test]
fn rules_without_an_example_are_few_and_known() {
    for rule in vup::rules() {
        let has_none = rule.wrong.is_empty() && rule.right.is_empty();
        assert_eq!(has_none, WITHOUT_EXAMPLE.contains(&rule.name), "`{}`", rule.name);
    }
}

#[test]
fn rules_say_what_and_why() {
    for rule in vup::rules() {
        let (name, summary, why) = (rule.name, rule.summary, rule.why);
        assert!(!summary.is_empty() && !why.is_empty(), "`{name}`");
        assert!(summary.starts_with(|first: char| !first.is_uppercase()), "`{name}`: {summary}");
        assert!(!summary.ends_with('.'), "`{name}`: {summary}");
        assert!(why.starts_with(|first: char| first.is_uppercase() || first == '`'), "{why}");
        assert!(why.ends_with('.'), "`{name}`: {why}");
        assert!(!why.contains("  "), "`{name}`: {why}");
    }
}

#[test]
fn names_are_kebab_case_unique_and_in_order() {
    let names: Vec<&str> = vup::rules().iter().map(|rule| rule.name).collect();
    for name in &names {
        let plain = |char: char| char.is_ascii_lowercase() || char == '-';
        assert!(name.chars().all(plain), "`{name}`");
        assert!(!name.starts_with('-') && !name.ends_with('-') && !name.contains("--"), "`{name}`");
    }
    assert!(names.is_sorted_by(|before, after| before < after), "{names:?}");
}

#[test]
fn files_that_use_each_other() {
    let load = &mut |_: &str, wanted: &str| match wanted {
        "a.vup" => Ok(SourceFile::new("a.vup", "use \"b.vup\"\n")),
        "b.vup" => Ok(SourceFile::new("b.vup", "use \"a.vup\"\nrole helper \"Helper\"\n")),
        _ => Err("there is no such file".to_string()),
    };
    let itself = compile(SourceFile::new("b.vup", "use \"b.vup\"\n"), load);
    let each_other = compile(SourceFile::new("a.vup", "use \"b.vup\"\n"), load);
    for compiled in [itself, each_other] {
        let rules: Vec<&str> = compiled.findings.iter().map(|finding| finding.rule.name).collect();
        assert_eq!(rules, ["use-cycle"], "{}", shown(&compiled));
    }
}

#[test]
fn too_many_steps() {
    let mut text = String::from("process p \"P\" {\n  version 1.0.0\n  role r \"R\"\n");
    text.push_str("  procedure p0() {\n    step work \"Work\" by r\n  }\n");
    for level in 1..=16 {
        let before = level - 1;
        let _ =
            writeln!(text, "  procedure p{level}() {{\n    run p{before}()\n    run p{before}()");
        text.push_str("  }\n");
    }
    let _ = writeln!(text, "  run p16()\n}}");
    let compiled = compile_text(&text);
    let rules: Vec<&str> = compiled.findings.iter().map(|finding| finding.rule.name).collect();
    assert_eq!(rules, ["too-large"]);
}

#[test]
fn procedures_too_deep_in_each_other() {
    let mut text = String::from("process p \"P\" {\n  version 1.0.0\n  role r \"R\"\n");
    text.push_str("  procedure p0() {\n    step work \"Work\" by r\n  }\n");
    for level in 1..=5000 {
        let _ = writeln!(text, "  procedure p{level}() {{\n    run p{}()\n  }}", level - 1);
    }
    text.push_str("  run p5000()\n}\n");
    let compiled = compile_text(&text);
    assert!(compiled.findings.iter().any(|finding| finding.rule.name == "too-large"));
}

fn with_example() -> impl Iterator<Item = &'static Rule> {
    vup::rules().into_iter().filter(|rule| !WITHOUT_EXAMPLE.contains(&rule.name))
}
