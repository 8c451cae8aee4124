//! Processes of a size at which an engine of cases gives up, or lies: the answers are held against
//! plain arithmetic.

#[path = "../benches/hard.rs"]
mod hard;

use hard::Bounds;
use std::collections::BTreeSet;
use vup::Compiled;
use vup::source::SourceFile;

fn compile(text: &str) -> Compiled {
    vup::compile(SourceFile::new("hard.vup", text), &mut |_, _| Err("there is no other".into()))
}

/// The branches of the decision, by their number, of which a rule says something.
fn told(compiled: &Compiled, rule: &str) -> BTreeSet<usize> {
    let text = &compiled.sources.iter().next().expect("the process").text;
    let first = text[..text.find("    when ").expect("branches")].lines().count();
    let found = compiled.findings.iter().filter(|finding| finding.rule.name == rule);
    found
        .map(|finding| {
            let before = &text[..finding.place().span.start as usize];
            before.matches('\n').count() - first
        })
        .collect()
}

fn meet(one: &Bounds, other: &Bounds) -> bool {
    one.iter().zip(other).all(|(one, other)| one.0 < other.1 && other.0 < one.1)
}

/// How many cases there are in boxes of which no two meet.
fn cases_in(boxes: &[Bounds]) -> f64 {
    boxes
        .iter()
        .map(|bounds| bounds.iter().map(|(low, high)| (high - low) as f64).product::<f64>())
        .sum()
}

#[test]
fn a_table_that_covers_every_case_once_is_clean() {
    let boxes = hard::boxes(300, 5, false);
    assert_eq!(cases_in(&boxes), 1000f64.powi(5), "the generator cuts the whole cube");
    let compiled = compile(&hard::decision_table(300, 5, false));
    assert!(compiled.findings.is_empty(), "{:#?}", compiled.findings);
}

#[test]
fn every_overlap_and_the_gap_of_a_large_table_are_found() {
    let boxes = hard::boxes(300, 5, true);
    let overlap = |index: &usize| boxes[..*index].iter().any(|before| meet(before, &boxes[*index]));
    let expected: BTreeSet<usize> = (0..boxes.len()).filter(overlap).collect();
    assert!(expected.len() > 10, "the noise makes overlaps");
    let compiled = compile(&hard::decision_table(300, 5, true));
    assert_eq!(told(&compiled, "overlapping-branches"), expected);
    let missing = compiled.findings.iter().filter(|finding| finding.rule.name == "missing-branch");
    assert_eq!(missing.count(), 1);
    assert_eq!(compiled.findings.len(), expected.len() + 1);
}

#[test]
fn branches_in_any_order_are_not_multiplied() {
    let compiled = compile(&hard::any_order(200));
    assert!(compiled.findings.is_empty(), "{:#?}", compiled.findings);
}

#[test]
fn what_is_too_much_is_undecided_and_says_where() {
    let compiled = compile(&hard::many_facts(30, 300));
    let found: Vec<_> = compiled.findings.iter().map(|finding| finding.rule.name).collect();
    assert_eq!(found, ["undecided"]);
    assert_ne!(compiled.findings[0].place(), compiled.model.place);
}
