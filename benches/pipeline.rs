//! How fast texts become trees, and processes findings.
//!
//! `cargo bench --bench pipeline`; the figures in the README come from here.

mod generator;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
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

criterion_group!(benches, parse, compile);
criterion_main!(benches);
