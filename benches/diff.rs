//! How fast two editions are compared: large processes, and large decisions.
//!
//! `cargo bench --bench diff`

mod generator;
#[allow(dead_code, reason = "some of it is for another bench")]
mod hard;

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use vup::Compiled;
use vup::diff::{Edition, Verdict, diff, picture};
use vup::emit::svg::svg;
use vup::source::SourceFile;

/// From two models to changes; and for the picture, to SVG.
fn editions(c: &mut Criterion) {
    let mut group = c.benchmark_group("two editions to changes");
    group.sample_size(10);
    let steps = 10_000;
    let (rules, facts) = (1_500, 5);
    for (name, old, new) in [
        ("10,000 steps, one renamed", generator::process(steps), generator::renamed(steps)),
        ("10,000 steps, all stages renamed", generator::process(steps), generator::reworked(steps)),
        (
            "a decision of 1,500 rules, three changed",
            hard::decision_table(rules, facts, true),
            hard::next_decision_table(rules, facts, true),
        ),
    ] {
        let (old, new) = (compiled(&old), compiled(&new));
        let (old, new) = (edition(&old), edition(&new));
        group.bench_function(name, |b| b.iter(|| diff(black_box(&old), black_box(&new))));
        let told = diff(&old, &new);
        group.bench_function(format!("{name}, as a picture"), |b| {
            b.iter(|| svg(&picture(black_box(&told), Some(&old), &new)));
        });
    }
    group.finish();
}

fn compiled(text: &str) -> Compiled {
    let file = SourceFile::new("bench.vup", text);
    vup::compile(file, &mut |_, _| Err("there are no other files".into()))
}

fn edition(compiled: &Compiled) -> Edition<'_> {
    let flow = compiled.flow.as_ref().expect("it has no errors of lines or names");
    let verdicts = compiled.model.rules.iter().map(|_| Verdict::Holds).collect();
    Edition { model: &compiled.model, flow, verdicts }
}

criterion_group!(benches, editions);
criterion_main!(benches);
