//! `stuck` against brute force: every case of small random processes is walked through one by one.

#[path = "support/compile.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use support::{compile_text, shown};
use vup::flow::{Edge, Effect, Flow, NodeIndex, NodeKind};
use vup::model::{FactId, FactType, Guard, ItemId, Model, Value};

/// Findings that mean that something else is wrong, and told instead.
const OTHERS: [&str; 2] = ["loop-without-exit", "parallel-conflict"];

#[test]
fn stuck_is_told_exactly_where_a_run_gets_stuck() {
    let (mut compared, mut stuck, mut parallel) = (0, 0, 0);
    for seed in 0..2_000 {
        let text = Random { state: seed, names: 0 }.process();
        let compiled = compile_text(&text);
        let told = |rule: &str| compiled.findings.iter().any(|one| one.rule.name == rule);
        let Some(flow) = &compiled.flow else { panic!("{}\n{text}", shown(&compiled)) };
        if OTHERS.iter().any(|other| told(other)) {
            continue;
        }
        let gets_stuck = Walk { model: &compiled.model, flow }.gets_stuck();
        assert_eq!(gets_stuck, told("stuck"), "{text}\n{}", shown(&compiled));
        compared += 1;
        stuck += usize::from(gets_stuck);
        parallel += usize::from(gets_stuck && text.contains("any order"));
    }
    assert!(compared > 1_000 && stuck > 200 && parallel > 20, "{compared} {stuck} {parallel}");
}

/// What is known of each fact, none while it is unknown; and how often each counter has counted.
type Facts = BTreeMap<FactId, usize>;
type Counts = Vec<u32>;
type State = (NodeIndex, Facts, Counts);

struct Walk<'c> {
    model: &'c Model,
    flow: &'c Flow,
}

impl Walk<'_> {
    /// Whether some run comes to where it can come to no end any more.
    fn gets_stuck(&self) -> bool {
        let mut next: Vec<State> = Vec::new();
        for facts in self.starts() {
            next.push((self.flow.start, facts, vec![0; self.flow.counters.len()]));
        }
        let mut before: BTreeMap<State, Vec<State>> = BTreeMap::new();
        let mut ends: Vec<State> = Vec::new();
        next.iter().for_each(|state| {
            before.insert(state.clone(), Vec::new());
        });
        while let Some(state) = next.pop() {
            let kind = self.flow.node(state.0).kind;
            if matches!(kind, NodeKind::End(_) | NodeKind::Nowhere) {
                ends.push(state);
                continue;
            }
            for after in self.steps(&state) {
                if !before.contains_key(&after) {
                    next.push(after.clone());
                }
                before.entry(after).or_default().push(state.clone());
            }
        }
        let mut can_end: BTreeSet<State> = ends.iter().cloned().collect();
        while let Some(state) = ends.pop() {
            for earlier in &before[&state] {
                if can_end.insert(earlier.clone()) {
                    ends.push(earlier.clone());
                }
            }
        }
        before.len() > can_end.len()
    }

    fn starts(&self) -> Vec<Facts> {
        let mut all = vec![Facts::new()];
        for (index, fact) in self.model.facts.iter().enumerate() {
            if fact.later {
                continue;
            }
            let id = FactId(index as u32);
            let with = |facts: &Facts, value| {
                let mut facts = facts.clone();
                facts.insert(id, value);
                facts
            };
            all = all.iter().flat_map(|facts| [with(facts, 0), with(facts, 1)]).collect();
        }
        all
    }

    fn steps(&self, (node, facts, counts): &State) -> Vec<State> {
        let mut states = Vec::new();
        for (index, _) in self.flow.out(*node) {
            let Some(to) = self.flow.in_sequence(self.model, index) else { continue };
            let edge = self.flow.edge(index);
            let most = |counter: usize| self.flow.counters[counter].at_most;
            let gone = edge.counter.is_some_and(|counter| counts[counter] >= most(counter));
            let waits = edge.used_up.is_some_and(|counter| counts[counter] < most(counter));
            let no = edge.guard.as_ref().and_then(|guard| holds(guard, facts)) == Some(false);
            if gone || waits || no {
                continue;
            }
            let counts = counted(edge, counts);
            let after = self.after(edge, facts);
            states.extend(after.into_iter().map(|facts| (to, facts, counts.clone())));
        }
        states
    }

    fn after(&self, edge: &Edge, facts: &Facts) -> Vec<Facts> {
        let mut all = vec![facts.clone()];
        for effect in &edge.effects {
            match effect {
                Effect::Learn(fact, _) => {
                    let values = match &self.model.fact(*fact).kind {
                        FactType::OneOf(values) => values.len(),
                        _ => 2,
                    };
                    let mut learned = Vec::new();
                    for facts in all {
                        learned.extend((0..values).map(|value| {
                            let mut facts = facts.clone();
                            facts.insert(*fact, value);
                            facts
                        }));
                    }
                    all = learned;
                }
                Effect::Answer(fact, choice) => all.iter_mut().for_each(|facts| {
                    facts.insert(*fact, *choice);
                }),
                Effect::Forget { first, last } => {
                    for id in (first.0..=last.0).map(ItemId) {
                        for fact in self.model.asked(self.model.item(id)) {
                            all.iter_mut().for_each(|facts| {
                                facts.remove(&fact);
                            });
                        }
                    }
                }
                _ => {}
            }
        }
        all
    }
}

/// Rounds are counted each time a loop is entered.
fn counted(edge: &Edge, counts: &Counts) -> Counts {
    let mut counts = counts.clone();
    for counter in &edge.resets {
        counts[*counter] = 0;
    }
    if let Some(counter) = edge.counter {
        counts[counter] += 1;
    }
    counts
}

/// None where it is not known yet.
fn holds(guard: &Guard, facts: &Facts) -> Option<bool> {
    match guard {
        Guard::Constant(holds) => Some(*holds),
        Guard::Not(inner) => holds(inner, facts).map(|holds| !holds),
        Guard::All(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| holds(part, facts)).collect();
            match parts.contains(&Some(false)) {
                true => Some(false),
                false => (!parts.contains(&None)).then_some(true),
            }
        }
        Guard::Any(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| holds(part, facts)).collect();
            match parts.contains(&Some(true)) {
                true => Some(true),
                false => (!parts.contains(&None)).then_some(false),
            }
        }
        Guard::Compare { fact, op, value } => {
            let wanted = match value {
                Value::YesNo(yes) => usize::from(*yes),
                Value::Choice(choice) => *choice,
                _ => unreachable!("no other types are generated"),
            };
            facts.get(fact).map(|known| op.holds(known.cmp(&wanted)))
        }
        _ => unreachable!("nothing else is generated"),
    }
}

/// A small process for each seed.
struct Random {
    state: u64,
    names: usize,
}

impl Random {
    fn below(&mut self, count: u64) -> u64 {
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % count
    }

    fn process(&mut self) -> String {
        let mut text = String::from(
            "process p \"P\" {\n  version 1.0.0\n  role r \"R\"\n  fact a \"A\" : yes-no\n  \
             fact b \"B\" : yes-no\n  fact c \"C\" : yes-no later\n  fact d \"D\" : yes-no later\n  \
             step s \"S\" by r {\n    learns c\n    learns d\n  }\n",
        );
        let mut targets = vec!["s".to_string()];
        self.items(&mut text, &mut targets, 0, &["c", "d"]);
        text.push_str("}\n");
        text
    }

    /// Items that learn some of `facts`, and go back to some of `targets` or to each other.
    fn items(&mut self, text: &mut String, targets: &mut Vec<String>, depth: u64, facts: &[&str]) {
        for _ in 0..=self.below(3) {
            self.names += 1;
            let name = format!("n{}", self.names);
            let _ = match self.below(if depth < 2 { 8 } else { 5 }) {
                0 | 1 => {
                    let fact = facts[self.below(facts.len() as u64) as usize];
                    let learns = [format!("learns {fact}\n"), String::new()];
                    let when = [format!("when {}\n", self.guard()), String::new()];
                    let (learns, when) =
                        (&learns[self.below(2) as usize], &when[self.below(2) as usize]);
                    targets.push(name.clone());
                    write!(text, "step {name} \"S\" by r {{\n{when}{learns}}}\n")
                }
                2 if !targets.is_empty() => {
                    let to = targets[self.below(targets.len() as u64) as usize].clone();
                    let guard = self.guard();
                    let ways = format!("when {guard} -> next\notherwise -> step {to}");
                    write!(text, "decide {name} \"Q\" {{\n{ways}\n}}\n")
                }
                3 if !targets.is_empty() => {
                    let to = targets[self.below(targets.len() as u64) as usize].clone();
                    targets.push(name.clone());
                    let (yes, no) = (self.at_most(), self.at_most());
                    let ways =
                        format!("answer yes \"Y\" -> next{yes}\nanswer no \"N\" -> step {to}{no}");
                    write!(text, "decide {name} \"Q\" by r {{\n{ways}\n}}\n")
                }
                5 | 6 => {
                    let (guard, at_most) = (self.guard(), self.at_most());
                    let _ = writeln!(text, "repeat until {guard}{at_most} {{");
                    self.items(text, targets, depth + 1, facts);
                    writeln!(text, "}}")
                }
                7 if facts.len() > 1 => {
                    text.push_str("any order {\n");
                    // Nobody jumps into a branch or out of it.
                    for fact in facts {
                        let _ = writeln!(text, "stage {name}-{fact} \"G\" {{");
                        self.items(text, &mut Vec::new(), depth + 1, &[fact]);
                        text.push_str("}\n");
                    }
                    writeln!(text, "}}")
                }
                _ => Ok(()),
            };
        }
    }

    fn at_most(&mut self) -> &'static str {
        ["", "", " at most 1 times", " at most 2 times"][self.below(4) as usize]
    }

    fn guard(&mut self) -> String {
        let one = ["a", "b", "c", "d", "not a", "not c"][self.below(6) as usize];
        let two = ["a", "b", "c", "d", "not b", "not d"][self.below(6) as usize];
        match self.below(3) {
            0 => one.to_string(),
            1 => format!("{one} and {two}"),
            _ => format!("{one} or {two}"),
        }
    }
}
