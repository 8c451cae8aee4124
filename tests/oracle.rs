//! The proof of the compiler, held against an explorer that steps through every state of a process.
//!
//! The explorer (`oracle/explore.rs`) is slow and obvious, reads the model only, and shares nothing
//! with `flow`, `cases`, `reach`, `plan` and `check`. Random processes (`oracle/generate.rs`), and
//! those in `oracle/regressions/`, are compiled and stepped through, and both must find the same,
//! rule by rule and place by place.
//!
//! 500 processes run in `cargo test`; `VUP_ORACLE=20000 cargo test --release --test oracle` runs
//! more. The seed of a process that differs is in the message; `VUP_SEED=…` shows that one alone.

#[path = "oracle/explore.rs"]
mod explore;
#[path = "oracle/facts.rs"]
mod facts;
#[path = "oracle/found.rs"]
mod found;
#[path = "oracle/generate.rs"]
mod generate;
#[path = "oracle/graph.rs"]
mod graph;
#[path = "oracle/made.rs"]
mod made;
#[path = "oracle/replay.rs"]
mod replay;
#[path = "oracle/rules.rs"]
mod rules;
#[path = "oracle/stuck.rs"]
mod stuck;
#[path = "support/compile.rs"]
mod support;
#[path = "oracle/told.rs"]
mod told;

use explore::Explorer;
use found::Places;
use generate::Settings;
use replay::{Replay, Shows};
use rules::{Verdict, Watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use vup::Compiled;
use vup::diagnostic::RunKind;
use vup::model::{ItemKind, Line, Model};
use vup::source::Place;

/// What both judge.
const JUDGED: [&str; 20] = [
    "after-no-way-back",
    "always-skipped",
    "ambiguous-path",
    "artifact-before-made",
    "artifact-never-made",
    "artifact-state-order",
    "constant-condition",
    "dead-branch",
    "fact-before-learned",
    "impossible-assumption",
    "missing-branch",
    "never-runs",
    "overlapping-branches",
    "rule-broken",
    "rule-vacuous",
    "skip-never-applies",
    "switch-left-on",
    "switch-turned-twice",
    "uncovered-case",
    "undecidable-by-anyone",
];

/// What the proof follows exactly.
const EXACT: Settings = Settings { counts: true, at_a_time: false };

/// What it does not: it takes each branch of `any order` to be under way with all others, however many
/// may be at a time. So it may see runs that there are not.
const MORE: Settings = Settings { counts: true, at_a_time: true };

/// What is told where no run does something; all other rules tell what some run does.
const NOTHING_DOES: [&str; 2] = ["dead-branch", "never-runs"];

/// A process with more states is left out.
const MOST_STATES: usize = if cfg!(debug_assertions) { 4_000 } else { 10_000 };

/// What both say, in how many states, and how many told cases were replayed.
struct Agreed {
    places: Places,
    states: usize,
    cases: usize,
}

/// What came of holding both against each other.
enum Held {
    Agreed(Agreed),
    Differed(String),
    /// Not comparable, and why.
    Left(&'static str),
}

#[test]
fn random_processes_are_judged_alike() {
    if let Ok(seed) = std::env::var("VUP_SEED") {
        return show(seed.parse().expect("VUP_SEED is a number"));
    }
    let count = match std::env::var("VUP_ORACLE") {
        Ok(count) => count.parse().expect("VUP_ORACLE is a number"),
        Err(_) => 500,
    };
    let mut fired: BTreeMap<&str, usize> = JUDGED.iter().map(|rule| (*rule, 0)).collect();
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    let mut differed = Vec::new();
    let mut alone: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let (mut clean, mut states, mut cases) = (0, 0, 0);
    for (seed, held) in hold_all(count, EXACT) {
        match held {
            Held::Agreed(agreed) => {
                states += agreed.states;
                cases += agreed.cases;
                let places = agreed.places;
                clean += usize::from(!places.keys().any(|rule| JUDGED.contains(rule)));
                for rule in places.keys() {
                    *fired.entry(rule).or_default() += 1;
                }
            }
            Held::Differed(how) => {
                for line in how.lines().map(str::trim_start) {
                    let rule = line.split(':').next().unwrap_or_default().to_string();
                    let [compiler, oracle] = alone.entry(rule).or_default();
                    *compiler += usize::from(line.contains("the compiler alone"));
                    *oracle += usize::from(line.contains("the oracle alone"));
                }
                differed.push(format!("VUP_SEED={seed}: {how}"));
            }
            Held::Left(why) => {
                if why == "undecided" {
                    println!("VUP_SEED={seed}: {why}");
                }
                *left.entry(why).or_default() += 1;
            }
        }
    }
    println!(
        "{count} processes, {states} states, {clean} without findings, {cases} cases replayed"
    );
    println!("left out: {left:?}");
    println!("{:24} {:>9} {:>14} {:>12}", "rule", "both say", "compiler alone", "oracle alone");
    for (rule, times) in &fired {
        let [compiler, oracle] = alone.get(*rule).copied().unwrap_or_default();
        println!("{rule:24} {times:>9} {compiler:>14} {oracle:>12}");
    }
    assert!(
        differed.is_empty(),
        "{} differ:\n{}",
        differed.len(),
        differed[..differed.len().min(30)].join("\n")
    );
    for (rule, times) in fired {
        assert!(times as u64 * 100 >= count, "{rule} speaks in {times} of {count} processes only");
    }
    let left: usize = left.values().sum();
    assert!(left as u64 * 5 < count, "{left} processes of {count} were left out");
}

#[test]
fn of_counts_nothing_is_overlooked() {
    let count = if std::env::var("VUP_ORACLE").is_ok() { 2_000 } else { 100 };
    let mut wrong = Vec::new();
    let mut more = 0;
    for (seed, held) in hold_all(count, MORE) {
        if let Held::Differed(how) = held {
            more += 1;
            let overlooked = how.lines().filter(|line| is_overlooked(line));
            wrong.extend(overlooked.map(|line| format!("VUP_COUNTS=1 VUP_SEED={seed}: {line}")));
        }
    }
    println!("{count} processes with counts, {more} of them judged too strictly");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a difference is one that seeing too many runs does not bring.
fn is_overlooked(difference: &str) -> bool {
    let nothing_does = NOTHING_DOES.iter().any(|rule| difference.contains(rule));
    match nothing_does {
        true => difference.contains("the compiler alone"),
        false => difference.contains("the oracle alone"),
    }
}

/// Two at a time.
fn hold_all(count: u64, settings: Settings) -> Vec<(u64, Held)> {
    let each = move |rest: u64| {
        let seeds = (0..count).filter(move |seed| seed % 2 == rest);
        let hold = |seed| (seed, hold(&generate::process(seed, settings)));
        seeds.map(hold).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(move || each(1));
        let mut all = each(0);
        all.extend(other.join().expect("it does not panic"));
        all
    })
}

#[test]
fn processes_that_once_differed_are_judged_alike() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/regressions");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("there are regressions")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    names.sort();
    assert!(!names.is_empty());
    let mut wrong = Vec::new();
    for path in names {
        let text = std::fs::read_to_string(&path).expect("it can be read");
        match hold(&text) {
            Held::Agreed(_) => {}
            Held::Differed(how) => wrong.push(format!("{}: {how}", path.display())),
            Held::Left(why) => wrong.push(format!("{}: {why}", path.display())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Prints a process, and how it is judged.
fn show(seed: u64) {
    let settings = if std::env::var("VUP_COUNTS").is_ok() { MORE } else { EXACT };
    let text = generate::process(seed, settings);
    println!("{text}\n{}", support::shown(&support::compile_text(&text)));
    match hold(&text) {
        Held::Agreed(agreed) => println!("agreed in {} states: {:?}", agreed.states, agreed.places),
        Held::Differed(how) => panic!("{how}"),
        Held::Left(why) => println!("{why}"),
    }
}

/// Compiles a process, steps through it, and compares.
fn hold(text: &str) -> Held {
    let compiled = support::compile_text(text);
    assert!(compiled.flow.is_some(), "{text}\n{}", support::shown(&compiled));
    let has = |rule: &str| compiled.findings.iter().any(|finding| finding.rule.name == rule);
    // Who jumps into a branch leaves the others undone, so what is behind means nothing.
    if has("jump-into-parallel") || has("jump-out-of-parallel") {
        return Held::Left("jumps into or out of branches");
    }
    if has("undecided") {
        return Held::Left("undecided");
    }
    let model = &compiled.model;
    let own = judged(&compiled);
    // What is known behind branches that disturb each other depends on their order.
    if has("parallel-conflict") {
        assert!(own.is_empty(), "{text}\nfindings in spite of a parallel conflict: {own:?}");
        return Held::Left("branches in conflict");
    }
    let (mut ways, mut explorer) = (Explorer::new(model, true), Explorer::new(model, false));
    if ways.explore(MOST_STATES).is_err() || explorer.explore(MOST_STATES).is_err() {
        return Held::Left("too many states");
    }
    if let Some(how) = unreachable(&compiled, &ways) {
        return Held::Differed(how);
    }
    if let Some(how) = stuck(&compiled, &explorer, &ways) {
        return Held::Differed(how);
    }
    let states = explorer.graph.states.len();
    let ruled = ruled(model, &explorer);
    let (wrong_runs, cases) = wrong_runs(&compiled, &explorer);
    let mut expected = explorer.found.findings(model, &ways.found);
    if !expected.contains_key("impossible-assumption") {
        expected.extend(ruled);
        expected.insert("artifact-never-made", made::never(model).into_values().collect());
    }
    let mut own = own;
    for found in [&mut own, &mut expected] {
        silence(&compiled, found);
        found.retain(|_, places| !places.is_empty());
    }
    let (expected, more) = expected.into_iter().partition(|(rule, _)| JUDGED.contains(rule));
    if own == expected && !wrong_runs.is_empty() {
        return Held::Differed(format!("\n{}", wrong_runs.join("\n")));
    }
    match own == expected {
        true => {
            let places = own.into_iter().chain::<Places>(more).collect();
            Held::Agreed(Agreed { places, states, cases })
        }
        false => Held::Differed(differences(text, &own, &expected)),
    }
}

/// The runs of findings that cannot be done so in the case that is told, or are longer than they need
/// be; and how many cases were told.
fn wrong_runs(compiled: &Compiled, explorer: &Explorer<'_>) -> (Vec<String>, usize) {
    let (model, graph) = (&compiled.model, &explorer.graph);
    let goes_on = graph.goes_on();
    let parallel = model.items.iter().any(|item| matches!(item.kind, ItemKind::AnyOrder { .. }));
    let stuck: Vec<bool> = match parallel {
        true => graph.lead_to(|state| !goes_on[state]),
        false => goes_on.iter().map(|goes_on| !goes_on).collect(),
    };
    let ends = graph.lead_to(|state| graph.is_end(state));
    // Branches are told one after the other, all but the last to their ends; and a line of a procedure
    // is told for one of its runs.
    let run = |item: &vup::model::Item| matches!(item.kind, ItemKind::Run { .. });
    let several = parallel || model.items.iter().any(run);
    let (mut wrong, mut cases) = (Vec::new(), 0);
    for finding in compiled.findings.iter().filter(|finding| !finding.run.is_empty()) {
        let shows = match finding.rule.name {
            "stuck" => Shows::Stuck,
            "rule-broken" => {
                let rule = model.rules.iter().find(|rule| rule.place == finding.place());
                let rule = rule.expect("a finding about a rule stands at it");
                Shows::Broken(Watcher { model, facts: &explorer.facts, rule })
            }
            "fact-before-learned" => {
                Shows::Noted(finding.rule.name, header(model, finding.rule.name, finding.place()))
            }
            name => Shows::Noted(name, finding.place()),
        };
        let told: Vec<&str> = finding.run.iter().map(|step| step.text.as_str()).collect();
        let message = format!("  {}: {}: {told:?}", finding.rule.name, finding.message);
        let told = told::case(compiled, &finding.message);
        cases += usize::from(told.is_some());
        let facts = &explorer.facts;
        let replay = Replay { model, graph, ends: &ends, stuck: &stuck, facts, told };
        if !replay.follows(&finding.run, &shows) {
            wrong.push(format!("{message} cannot be done so"));
            continue;
        }
        let is_deed = |kind| matches!(kind, RunKind::Done | RunKind::Event);
        let deeds = finding.run.iter().filter(|step| is_deed(step.kind)).count();
        // Others are told for one of several places, or for one end of several.
        let at_a_deed = ["artifact-before-made", "artifact-state-order"];
        let here = ["missing-branch", "uncovered-case", "overlapping-branches", "ambiguous-path"];
        let name = &finding.rule.name;
        let is_counted = *name == "rule-broken" || at_a_deed.contains(name) || here.contains(name);
        let more = usize::from(at_a_deed.contains(name));
        let fewest = replay.fewest(&shows);
        if !several && is_counted && fewest.is_none_or(|fewest| deeds > fewest + more) {
            wrong.push(format!("{message} though {fewest:?} are enough"));
        }
    }
    (wrong, cases)
}

/// What comes of the rules of the process's author.
fn ruled(model: &Model, explorer: &Explorer<'_>) -> Places {
    let mut places = Places::new();
    for rule in &model.rules {
        let watcher = Watcher { model, facts: &explorer.facts, rule };
        let name = match watcher.verdict(&explorer.graph) {
            Verdict::Holds => continue,
            Verdict::Broken => "rule-broken",
            Verdict::Vacuous => "rule-vacuous",
        };
        places.entry(name).or_default().insert(rule.place);
    }
    places
}

/// What is said of where runs get stuck, and is not so, or the reverse. What leads out of a loop in no
/// case at all is left to `loop-without-exit`.
fn stuck(compiled: &Compiled, explorer: &Explorer<'_>, ways: &Explorer<'_>) -> Option<String> {
    let model = &compiled.model;
    let has = |rule: &str| compiled.findings.iter().any(|finding| finding.rule.name == rule);
    if ways.found.stuck || has("impossible-assumption") {
        return None;
    }
    let stuck = compiled.findings.iter().filter(|finding| finding.rule.name == "stuck");
    let told = |finding: &vup::diagnostic::Diagnostic| stuck::Told {
        item: header(model, "stuck", finding.place()),
        asked_at: header(model, "fact-before-learned", finding.place()),
        stands: finding.message.starts_with("all that leads on"),
    };
    let told: Vec<stuck::Told> = stuck.map(told).collect();
    let last = match explorer.found.stuck {
        true => stuck::last(model, &explorer.graph),
        false => Vec::new(),
    };
    let parallel = model.items.iter().any(|item| matches!(item.kind, ItemKind::AnyOrder { .. }));
    let mut wrong = stuck::untrue(&last, &told, parallel);
    // It may be that the branch that is missing would lead out for all.
    if !(parallel && (has("missing-branch") || has("uncovered-case"))) {
        wrong.extend(stuck::untold(&last, &told, parallel));
    }
    (!wrong.is_empty()).then(|| format!("\n{}", wrong.join("\n")))
}

/// What no way leads to, and what leads nowhere, is told at its cause only, so it is asked here whether what is told is so,
/// and whether something is told if it is so anywhere.
fn unreachable(compiled: &Compiled, ways: &Explorer<'_>) -> Option<String> {
    let model = &compiled.model;
    let unreached: Vec<Place> = model
        .ids()
        .filter(|id| *id != Model::ROOT && !ways.found.arrived.contains(id))
        .map(|id| model.item(id).place)
        .collect();
    let of = |rule| compiled.findings.iter().filter(move |finding| finding.rule.name == rule);
    let wrong = of("unreachable").find(|finding| !unreached.contains(&finding.place()));
    if let Some(wrong) = wrong {
        return Some(format!("\n  {} though a way leads there", wrong.message));
    }
    // What stands behind a loop that is never left waits for that loop to be mended.
    let told = of("unreachable").chain(of("loop-without-exit")).next().is_some();
    let silent = !unreached.is_empty() && !told;
    if silent {
        return Some("\n  no way leads to something, and nothing is said of it".into());
    }
    let stops = of("dead-end").next().is_some();
    (stops != ways.found.stops).then(|| format!("\n  dead-end: {}, in fact {}", stops, !stops))
}

fn differences(text: &str, own: &Places, expected: &Places) -> String {
    let mut told = Vec::new();
    let none = BTreeSet::new();
    let line = |place: &Place| {
        let number = 1 + text[..place.span.start as usize].matches('\n').count();
        format!("line {number}: {}", place.span.of(text))
    };
    for rule in JUDGED {
        let (own, expected) = (own.get(rule).unwrap_or(&none), expected.get(rule).unwrap_or(&none));
        for place in own.difference(expected) {
            told.push(format!("  {rule}: the compiler alone, {}", line(place)));
        }
        for place in expected.difference(own) {
            told.push(format!("  {rule}: the oracle alone, {}", line(place)));
        }
    }
    format!("\n{}", told.join("\n"))
}

/// The findings of the compiler that the explorer judges, too.
fn judged(compiled: &Compiled) -> Places {
    let mut places = Places::new();
    for finding in &compiled.findings {
        let Some(rule) = JUDGED.iter().find(|rule| **rule == finding.rule.name) else { continue };
        if *rule == "never-runs" && is_task(&compiled.model, finding.place()) {
            continue;
        }
        let place = match *rule {
            // These are told at the condition; here it is enough which item has it.
            "fact-before-learned" | "never-runs" => header(&compiled.model, rule, finding.place()),
            _ => finding.place(),
        };
        places.entry(rule).or_default().insert(place);
    }
    places
}

/// Takes out what one of both leaves to another rule, or tells once for several.
fn silence(compiled: &Compiled, found: &mut Places) {
    let model = &compiled.model;
    let of = |rule| compiled.findings.iter().filter(move |finding| finding.rule.name == rule);
    if let Some(places) = found.get_mut("never-runs") {
        // A procedure is told of only for what never runs in any of its runs; tasks are not stepped into.
        let is_run = |id| matches!(model.item(id).kind, ItemKind::Run { .. });
        let in_run: BTreeSet<Place> = model
            .ids()
            .filter(|id| model.ancestors(*id).any(is_run))
            .map(|id| model.item(id).place)
            .collect();
        // What stands in a path that is for no case is left to `dead-branch`, though a jump may lead there.
        let dead: Vec<Place> = of("dead-branch").map(|finding| finding.place()).collect();
        let in_dead: BTreeSet<Place> = model
            .ids()
            .filter(|id| dead.contains(&model.item(model.path_of(*id)).place))
            .map(|id| model.item(id).place)
            .collect();
        places.retain(|place| !in_run.contains(place) && !in_dead.contains(place));
    }
}

/// Whether a place is that of a task or of its condition.
fn is_task(model: &Model, place: Place) -> bool {
    model.items.iter().flat_map(|item| &item.lines).flat_map(tasks_of).any(|task| task == place)
}

/// The header of the item that a condition stands in.
fn header(model: &Model, rule: &str, place: Place) -> Place {
    for item in &model.items {
        let tasks = item.lines.iter().flat_map(tasks_of);
        let has = item.place == place
            || item.when.iter().any(|when| when.place == place)
            || item.branches.iter().any(|branch| branch.place == place)
            || tasks.into_iter().any(|known| known == place);
        let path = matches!(item.kind, ItemKind::Path { .. });
        if has && path && rule == "fact-before-learned" {
            // The condition of a path is asked where the paths stand.
            return model.item(Model::ROOT).place;
        }
        if has {
            return item.place;
        }
    }
    place
}

/// Where the tasks of a line and their conditions stand.
fn tasks_of(line: &Line) -> Vec<Place> {
    match line {
        Line::Task(task) => {
            std::iter::once(task.place).chain(task.when.iter().map(|when| when.place)).collect()
        }
        Line::ForEach { lines, .. } => lines.iter().flat_map(tasks_of).collect(),
        _ => Vec::new(),
    }
}
