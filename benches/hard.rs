//! Processes that are hard to prove something about, for benches and tests.

use std::fmt::Write;

/// A decision by facts as a table of `rules` branches over `facts` numbers. The branches cut the cube of
/// all cases into boxes; with noise one bound of every tenth branch is moved, which makes gaps and
/// overlaps.
///
/// The shape of the tables in Calvanese et al., "Semantics and Analysis of DMN Decision Tables" (2016).
pub fn decision_table(rules: usize, facts: usize, noise: bool) -> String {
    table_of(&boxes(rules, facts, noise))
}

/// The edition after such a table: three branches of it have another bound.
#[allow(dead_code, reason = "the tests have no use for it")]
pub fn next_decision_table(rules: usize, facts: usize, noise: bool) -> String {
    let mut boxes = boxes(rules, facts, noise);
    for part in 1..=3 {
        let at = boxes.len() * part / 4;
        // One that has a last value to lose.
        let wide = boxes.iter_mut().skip(at).flatten().find(|(low, high)| high - low > 1);
        wide.into_iter().for_each(|(_, high)| *high -= 1);
    }
    table_of(&boxes)
}

/// For each branch of a table, the lowest value of each fact, and the first that is too high.
pub type Bounds = Vec<(usize, usize)>;

/// The branches of such a table.
pub fn boxes(rules: usize, facts: usize, noise: bool) -> Vec<Bounds> {
    let mut random = Random(7);
    let mut boxes = vec![vec![(0, HIGHEST + 1); facts]];
    while boxes.len() < rules {
        let at = random.below(boxes.len());
        let fact = random.below(facts);
        let (low, high) = boxes[at][fact];
        if high - low < 2 {
            continue;
        }
        let cut = low + 1 + random.below(high - low - 1);
        let mut other = boxes[at].clone();
        boxes[at][fact].1 = cut;
        other[fact].0 = cut;
        boxes.push(other);
    }
    if noise {
        for index in (0..boxes.len()).step_by(10) {
            let bounds = &mut boxes[index][random.below(facts)];
            let wide = bounds.1 - bounds.0;
            match random.below(2) {
                0 => bounds.1 = (bounds.1 + 1 + wide / 4).min(HIGHEST + 1),
                _ => bounds.0 += wide / 4,
            }
        }
    }
    boxes
}

fn table_of(boxes: &[Bounds]) -> String {
    let mut text = opening();
    for fact in 0..boxes.first().map_or(0, Vec::len) {
        let _ = writeln!(text, "  fact f{fact} \"Fact {fact}\" : number 0..{HIGHEST}");
    }
    text.push_str("  decide which \"Which rule applies?\" by lead {\n");
    for bounds in boxes {
        let asked = bounds.iter().enumerate().flat_map(|(fact, (low, high))| {
            let low = (*low > 0).then(|| format!("f{fact} >= {low}"));
            let high = (*high <= HIGHEST).then(|| format!("f{fact} < {high}"));
            low.into_iter().chain(high)
        });
        let asked: Vec<String> = asked.collect();
        let _ = writeln!(text, "    when {} -> next", asked.join(" and "));
    }
    text.push_str("  }\n");
    closing(text)
}

/// The largest value of a fact in a table.
const HIGHEST: usize = 999;

/// `branches` branches in any order, of three steps each.
pub fn any_order(branches: usize) -> String {
    let mut text = opening();
    text.push_str("  any order {\n");
    for branch in 1..=branches {
        let _ = writeln!(text, "    stage b{branch} \"Branch {branch}\" by lead {{");
        for step in 1..=3 {
            let _ = writeln!(text, "      step s{step} \"Step {step} of branch {branch}\"");
        }
        text.push_str("    }\n");
    }
    text.push_str("  }\n");
    closing(text)
}

/// `facts` facts of ten values each, and `guards` decisions over three of them each, each of which may
/// end the process: behind the last are the cases in which none of the conditions holds.
pub fn many_facts(facts: usize, guards: usize) -> String {
    let mut random = Random(11);
    let mut text = opening();
    for fact in 0..facts {
        let values: Vec<String> = (0..10).map(|value| format!("v{value}")).collect();
        let _ = writeln!(text, "  fact f{fact} \"Fact {fact}\" : one of {}", values.join(", "));
    }
    for step in 0..guards {
        let parts: Vec<String> = (0..3)
            .map(|_| {
                let (fact, value) = (random.below(facts), random.below(10));
                let sign = if random.below(2) == 0 { "=" } else { "!=" };
                format!("f{fact} {sign} v{value}")
            })
            .collect();
        let _ = writeln!(text, "  decide d{step} \"Decision {step}\" by lead {{");
        let _ = writeln!(text, "    when {} -> end done", parts.join(" and "));
        let _ = writeln!(text, "    otherwise -> next");
        text.push_str("  }\n");
    }
    closing(text)
}

fn opening() -> String {
    "process hard \"A hard process\" {\n  version 1.0.0\n  role lead \"Lead\"\n  outcome done \"Done\"\n".to_string()
}

fn closing(mut text: String) -> String {
    text.push_str("  step last \"The last step\" by lead\n  end done\n}\n");
    text
}

/// Numbers that look random and are the same each time: a linear congruential generator with the
/// constants of Knuth's MMIX.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound.max(1)
    }
}
