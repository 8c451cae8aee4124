//! Whoever is asked step by step comes to the same run as whoever says all at once, and is asked
//! nothing that makes no difference.

#[path = "support/compile.rs"]
mod support;

use std::path::Path;
use support::compile_in;
use vup::flow::Flow;
use vup::model::{ItemId, Model};
use vup::plan::open::{Open, open};
use vup::plan::trial::trials;
use vup::plan::{Case, run};

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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("processes");
    let mut compared = 0;
    for name in ["version-update", "cluster-upgrade", "major-incident", "release-vote"] {
        let text = std::fs::read_to_string(root.join(format!("{name}.vup"))).expect("readable");
        let compiled = compile_in(&root, &format!("{name}.vup"), &text);
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
