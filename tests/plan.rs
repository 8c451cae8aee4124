//! Whoever is asked step by step comes to the same run as whoever says all at once, and is asked
//! nothing that makes no difference.

#[path = "support/compile.rs"]
mod support;

use std::collections::HashSet;
use std::path::Path;
use support::compile_in;
use vup::Compiled;
use vup::emit::checklist::{self, Wanted, checklist_for};
use vup::emit::plan::{Entry, plan, text};
use vup::emit::prose::plain;
use vup::flow::Flow;
use vup::model::{FactType, ItemId, Model, Value};
use vup::plan::open::{Open, open};
use vup::plan::trial::trials;
use vup::plan::{Case, Halt, given, run};

const PROCESSES: [&str; 4] =
    ["version-update", "cluster-upgrade", "major-incident", "release-vote"];

fn process(name: &str) -> Compiled {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("processes");
    let text = std::fs::read_to_string(root.join(format!("{name}.vup"))).expect("readable");
    compile_in(&root, &format!("{name}.vup"), &text)
}

/// A fact or an answer that is asked for.
enum Asked {
    Fact(vup::model::FactId),
    Answer(ItemId, usize),
}

fn next_question(model: &Model, flow: &Flow, case: &Case) -> Option<Asked> {
    let run = run(model, flow, case);
    match open(model, case, &run).into_iter().next()? {
        Open::Facts { facts, .. } => facts.into_iter().next().map(Asked::Fact),
        Open::Answer { item, asked } => Some(Asked::Answer(item, asked)),
    }
}

#[test]
fn questions_lead_to_the_run_of_each_scenario() {
    let mut compared = 0;
    for name in PROCESSES {
        let compiled = process(name);
        let (model, flow) = (&compiled.model, compiled.flow.as_ref().expect("it is clean"));
        for trial in trials(model, flow) {
            let scenario = trial.scenario;
            let title = &scenario.title;
            // Whether it happens is asked of nobody.
            if !scenario.events.is_empty() {
                continue;
            }
            let mut case = Case::default();
            while let Some(asked) = next_question(model, flow, &case) {
                match asked {
                    Asked::Fact(fact) => {
                        let given = scenario.given.iter().find(|given| given.fact == fact);
                        let name = &model.fact(fact).name;
                        let given = given.unwrap_or_else(|| panic!("{title:?} needs no {name}"));
                        let before = case.facts.insert(fact, given.value.clone());
                        assert!(before.is_none(), "{title:?}: {name} is asked for twice");
                    }
                    Asked::Answer(item, asked) => {
                        let answers = scenario.answers.iter().find(|(of, ..)| *of == item);
                        let answer = answers.and_then(|(_, answers, _)| answers.get(asked - 1));
                        let answer = answer.unwrap_or_else(|| panic!("{title:?} has no answer"));
                        case.answers.entry(item).or_default().push(*answer);
                    }
                }
            }
            let asked = run(model, flow, &case);
            assert_eq!(asked.end, trial.run.end, "{title:?}");
            assert_eq!(asked.items, trial.run.items, "{title:?}");
            compared += 1;
        }
    }
    assert!(compared > 15, "{compared}");
}

/// The checklists of the paths that a case comes to tell as done what its plan tells as done, and leave
/// out what it leaves out, for the same reasons.
fn checklists_say_the_same(compiled: &Compiled, case: &Case) {
    let (model, flow) = (&compiled.model, compiled.flow.as_ref().expect("it is clean"));
    let run = run(model, flow, case);
    let made = plan(model, case, &run);
    let mut paths: Vec<Option<ItemId>> = run
        .items
        .iter()
        .filter(|id| model.paths().any(|(path, _)| path == **id))
        .map(|id| Some(*id))
        .collect();
    if paths.is_empty() {
        paths.push(None);
    }
    let (mut done, mut left_out) = (HashSet::new(), HashSet::new());
    for path in paths {
        let wanted = Wanted { path, case: Some((case, &run)), ..Wanted::default() };
        let list = checklist_for(model, &compiled.sources, &wanted);
        for block in &list.blocks {
            let part = |part: &checklist::Part| {
                let title = plain(part.title.as_deref().unwrap_or_default());
                part.not_applicable.as_ref().map(|why| (part.number.clone(), title, plain(why)))
            };
            left_out.extend(part(&block.head));
            for entry in &block.entries {
                match entry {
                    checklist::Entry::Open(inner) => left_out.extend(part(inner)),
                    checklist::Entry::Step(step) => {
                        let title = plain(&step.title);
                        match &step.not_applicable {
                            Some(why) => {
                                left_out.insert((step.number.clone(), title, plain(why)));
                            }
                            None => {
                                done.insert((step.number.clone(), title));
                                left_out.extend(tasks(&step.details));
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    let steps = made.entries.iter().filter_map(|entry| match entry {
        Entry::Step(step) => Some((step.number.clone(), step.title.clone())),
        Entry::Part(_) => None,
    });
    let planned: HashSet<_> = steps.collect();
    let printed = text(&made);
    match made.end.is_some() {
        // What an event may lead to is in the checklist, and not in the plan.
        true => {
            let may_come: HashSet<_> =
                run.by_events.iter().map(|id| &model.item(*id).number).collect();
            let others = done.difference(&planned);
            assert!(others.into_iter().all(|(number, _)| may_come.contains(number)), "{printed}");
            assert!(done.is_superset(&planned), "{done:?} lacks some of {printed}");
        }
        false => assert!(done.is_superset(&planned), "{done:?} lacks some of {printed}"),
    }
    let told = made.left_out.iter();
    let told = told.map(|it| (it.number.clone(), it.title.clone(), it.why.clone()));
    assert_eq!(left_out, told.collect(), "{printed}");
}

/// The tasks that are left out.
fn tasks(details: &checklist::Details) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for action in &details.actions {
        match action {
            checklist::Action::Task(task) => {
                let told = |why: &String| (task.number.clone(), plain(&task.text), plain(why));
                found.extend(task.not_applicable.as_ref().map(told));
            }
            checklist::Action::ForEach(each) => found.extend(tasks(&each.details)),
            _ => {}
        }
    }
    found
}

/// Numbers that are the same in each run of the test.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % count
    }

    fn value(&mut self, kind: &FactType) -> Value {
        const VERSIONS: [&str; 6] = ["3.6.2", "3.9.0", "4.0.0", "4.1.7", "4.2.0-rc.1", "5.0.0"];
        match kind {
            FactType::YesNo => Value::YesNo(self.below(2) == 0),
            FactType::OneOf(choices) | FactType::Scale(choices) => {
                Value::Choice(self.below(choices.len()))
            }
            FactType::Number { low, high, .. } => {
                Value::Number([*low, low.midpoint(*high), *high][self.below(3)])
            }
            FactType::Version => kind.read(VERSIONS[self.below(6)]).expect("a version"),
        }
    }
}

#[test]
fn whatever_is_answered_there_is_a_plan() {
    for name in PROCESSES {
        let compiled = process(name);
        let (model, flow) = (&compiled.model, compiled.flow.as_ref().expect("it is clean"));
        let mut ends = HashSet::new();
        for seed in 0..150 {
            let mut dice = Dice(seed);
            let mut case = Case::default();
            for _ in 0..400 {
                let made = plan(model, &case, &run(model, flow, &case));
                let printed = text(&made);
                let done: HashSet<(&str, &str)> = made
                    .entries
                    .iter()
                    .filter_map(|entry| match entry {
                        Entry::Step(step) => Some((step.number.as_str(), step.title.as_str())),
                        Entry::Part(_) => None,
                    })
                    .collect();
                for left_out in made.left_out.iter().filter(|left_out| left_out.path.is_none()) {
                    assert!(!left_out.why.is_empty(), "{printed}");
                    let key = (left_out.number.as_str(), left_out.title.as_str());
                    assert!(!done.contains(&key), "{key:?} is done and left out\n{printed}");
                }
                if seed < 4 {
                    checklists_say_the_same(&compiled, &case);
                }
                assert_eq!(made.complete, made.end.is_some() && made.asks.is_empty());
                match next_question(model, flow, &case) {
                    None => {
                        ends.insert(made.end.expect("nothing is open").name);
                        break;
                    }
                    Some(Asked::Fact(fact)) => {
                        assert!(!case.facts.contains_key(&fact), "asked for twice\n{printed}");
                        case.facts.insert(fact, dice.value(&model.fact(fact).kind));
                        if given::refuse_impossible(model, &case).is_err() {
                            case.facts.remove(&fact);
                        }
                    }
                    Some(Asked::Answer(item, _)) => {
                        let choice = dice.below(given::choices(model, item).len());
                        case.answers.entry(item).or_default().push(choice);
                        if let Err(Halt::UsedUp { .. }) = run(model, flow, &case).end {
                            case.answers.entry(item).or_default().pop();
                        }
                    }
                }
            }
        }
        assert!(ends.len() > 1, "{name} ends in {ends:?}");
    }
}

/// Each derived fact names the one before it twice: what has to be known is asked for once, and is found at once.
#[test]
fn derived_facts_are_asked_for_once() {
    let chain: String = (1..90)
        .map(|at| {
            let before = at - 1;
            format!("  fact f{at} \"F{at}\" = (f{before} and g) or (not f{before} and not g)\n")
        })
        .collect();
    let text = format!(
        "process chain \"Chain\" {{\n  version 1.0.0\n  role w \"W\"\n  fact f0 \"F0\" : yes-no\n  \
         fact g \"G\" : yes-no\n{chain}  step one \"One\" by w {{\n    when f89\n  }}\n}}\n"
    );
    let compiled = compile_in(Path::new("."), "chain.vup", &text);
    let (model, flow) = (&compiled.model, compiled.flow.as_ref().expect("it has no error"));
    match run(model, flow, &Case::default()).end {
        Err(Halt::NotKnown { facts, .. }) => assert_eq!(facts.len(), 2),
        other => panic!("{other:?}"),
    }
}
