//! How fast hard questions are answered: large decision tables, many branches at once, many facts.
//!
//! `cargo bench --bench proof`

mod hard;

use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use vup::source::SourceFile;

fn proof(c: &mut Criterion) {
    let mut group = c.benchmark_group("text to findings");
    for (name, text) in [
        ("table of 12 rules, 7 facts", hard::decision_table(12, 7, true)),
        ("table of 1,500 rules, 5 facts", hard::decision_table(1500, 5, true)),
        ("any order, 12 branches", hard::any_order(12)),
        ("any order, 20 branches", hard::any_order(20)),
        ("any order, 200 branches", hard::any_order(200)),
        ("30 facts, 300 conditions", hard::many_facts(30, 300)),
    ] {
        group.sample_size(10);
        group.bench_function(name, |b| b.iter(|| compiled(&text)));
    }
    group.finish();
}

fn compiled(text: &str) -> vup::Compiled {
    let file = SourceFile::new("bench.vup", black_box(text));
    vup::compile(file, &mut |_, _| Err("there are no other files".into()))
}

criterion_group!(benches, proof);
criterion_main!(benches);
