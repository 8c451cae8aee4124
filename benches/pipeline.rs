//! How fast texts become trees, processes findings, and models pictures.
//!
//! `cargo bench --bench pipeline`; the figures in the README come from here.

mod generator;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
use vup::emit::diagram::{By, View, diagram, in_lanes};
use vup::emit::svg::svg;
use vup::source::{FileId, SourceFile};

const REAL: &str = include_str!("../processes/version-update.vup");
const SIZES: [usize; 4] = [20, 100, 1_000, 10_000];
const LARGE: usize = 20 * 1024 * 1024;

fn parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("text to tree");
    for steps in SIZES {
        let text = generator::process(steps);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_with_input(BenchmarkId::new("steps", steps), &text, |b, text| {
            b.iter(|| vup::syntax::parse(black_box(text), FileId(0)));
        });
    }
    let text = generator::repeated(REAL, LARGE);
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("20 MB of a real process", |b| {
        b.iter(|| vup::syntax::parse(black_box(&text), FileId(0)));
    });
    group.finish();
}

fn compile(c: &mut Criterion) {
    let mut group = c.benchmark_group("text to findings");
    for steps in SIZES {
        let text = generator::process(steps);
        group.bench_with_input(BenchmarkId::new("steps", steps), &text, |b, text| {
            b.iter(|| compiled(text));
        });
    }
    group.bench_function("version-update.vup", |b| b.iter(|| compiled(REAL)));
    group.finish();
}

fn compiled(text: &str) -> vup::Compiled {
    let file = SourceFile::new("bench.vup", black_box(text));
    vup::compile(file, &mut |_, _| Err("there are no other files".into()))
}

/// From a model to SVG, the layout included.
fn pictures(c: &mut Criterion) {
    let mut group = c.benchmark_group("model to picture");
    group.sample_size(10);
    for steps in [100, 1_000, 10_000] {
        let compiled = compiled(&generator::process(steps));
        let flow = compiled.flow.as_ref().expect("it has no errors");
        group.bench_with_input(BenchmarkId::new("columns", steps), &compiled, |b, compiled| {
            b.iter(|| svg(&diagram(black_box(&compiled.model), flow, View::Whole)));
        });
        group.bench_with_input(BenchmarkId::new("lanes", steps), &compiled, |b, compiled| {
            b.iter(|| svg(&in_lanes(black_box(&compiled.model), flow, None, By::Roles, None)));
        });
    }
    group.finish();
}

criterion_group!(benches, parse, compile, pictures);
criterion_main!(benches);
