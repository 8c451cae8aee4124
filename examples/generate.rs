//! Writes a generated process: `cargo run --release --example generate 10000 > file.vup`.

#[path = "../benches/generator.rs"]
mod generator;

fn main() {
    let steps = std::env::args().nth(1).and_then(|steps| steps.parse().ok());
    match steps {
        Some(steps) => print!("{}", generator::process(steps)),
        None => {
            eprintln!("say how many steps it is to have");
            std::process::exit(2);
        }
    }
}
