//! Writes a generated process to standard output, for whoever wants to time `vup` on it:
//!
//! `cargo run --release --example generate -- steps 10000 > file.vup`

#[path = "../benches/generator.rs"]
mod generator;
#[path = "../benches/hard.rs"]
mod hard;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize| words.get(index).and_then(|word| word.parse().ok());
    let text = match (words.first().map(String::as_str), number(1), number(2)) {
        (Some("steps"), Some(steps), None) => generator::process(steps),
        (Some("steps-renamed"), Some(steps), None) => generator::renamed(steps),
        (Some("steps-reworked"), Some(steps), None) => generator::reworked(steps),
        (Some("table"), Some(rules), Some(facts)) => hard::decision_table(rules, facts, true),
        (Some("table-next"), Some(rules), Some(facts)) => {
            hard::next_decision_table(rules, facts, true)
        }
        (Some("any-order"), Some(branches), None) => hard::any_order(branches),
        (Some("facts"), Some(facts), Some(guards)) => hard::many_facts(facts, guards),
        _ => {
            eprintln!(
                "one of: steps N, table RULES FACTS, any-order BRANCHES, facts FACTS GUARDS; and for the \
                 edition after it: steps-renamed N, steps-reworked N, table-next RULES FACTS"
            );
            std::process::exit(2);
        }
    };
    print!("{text}");
}
