//! Whatever a process is, all outputs can be made of it, and are the same a second time.
//!
//! 20 random processes run in `cargo test`; `VUP_OUTPUTS=2000 cargo test --release --test outputs` tries
//! more. The seed of one that fails is in the message.

#[path = "oracle/generate.rs"]
#[allow(dead_code, reason = "the oracle uses more of it")]
mod generate;
#[path = "support/compile.rs"]
mod support;

use generate::{Random, Settings};
use vup::Compiled;
use vup::diff::{Bump, Edition, diff};
use vup::emit::checklist::{self, Wanted};
use vup::emit::diagram::{
    By, Diagram, Shape, ShapeKind, ShownRun, View, diagram, in_lanes, with_run,
};
use vup::emit::{dot, html, markdown, mermaid, plan, svg, xlsx};
use vup::flow::Flow;
use vup::model::{ItemId, ItemKind, Model, RoleId};
use vup::plan::open::{Open, open};
use vup::plan::{Case, Run, given};

#[test]
fn every_output_can_be_made_of_any_process() {
    let count = std::env::var("VUP_OUTPUTS").ok().and_then(|count| count.parse().ok());
    let mut made = 0;
    for seed in 0..count.unwrap_or(20) {
        let settings = Settings { counts: true, at_a_time: true };
        let text = generate::process(seed, settings);
        let first = std::panic::catch_unwind(|| outputs(&text, seed));
        let first = first.unwrap_or_else(|_| panic!("seed {seed}:\n{text}"));
        let again = outputs(&text, seed);
        for ((what, one), (_, other)) in first.iter().zip(&again) {
            assert!(one == other, "seed {seed}: {what} is another the second time");
        }
        made += first.len();
    }
    assert!(made > 500, "{made} outputs are few");
}

/// All outputs, each with what it is.
fn outputs(text: &str, seed: u64) -> Vec<(String, Vec<u8>)> {
    let compiled = support::compile_text(text);
    let (model, flow) = (&compiled.model, compiled.flow.as_ref().expect("its lines are right"));
    let (case, run) = some_case(model, flow, &mut Random(seed));
    let mut made = Vec::new();
    checklists(&compiled, &case, &run, &mut made);
    let plan = plan::plan(model, &case, &run);
    made.push(("the plan".into(), plan::text(&plan).into_bytes()));
    made.push(("the plan as JSON".into(), plan::json(&plan).into_bytes()));
    for (what, picture) in pictures(model, flow, &case, &run) {
        let quality = svg::quality_of(&picture);
        assert_eq!((quality.overlaps, quality.through), (0, 0), "{what}");
        let is_stop = |shape: &Shape| shape.kind == ShapeKind::Nowhere;
        let stops = flow.reached()[flow.nowhere.index()];
        assert!(stops || !picture.shapes.iter().any(is_stop), "{what} stops without an end");
        made.push((format!("{what} as SVG"), svg::svg(&picture).into_bytes()));
        made.push((format!("{what} as DOT"), dot::dot(&picture).into_bytes()));
        made.push((format!("{what} as Mermaid"), mermaid::mermaid(&picture).into_bytes()));
    }
    let edition = Edition { model, flow, verdicts: Vec::new() };
    let same = diff(&edition, &edition);
    assert_eq!((same.changes.len(), same.owed), (0, Bump::None), "{:?}", same.changes);
    made
}

/// A case in which some of what is open is known: values and answers at random.
fn some_case(model: &Model, flow: &Flow, random: &mut Random) -> (Case, Run) {
    let mut case = Case::default();
    for _ in 0..random.below(12) {
        let run = vup::plan::run(model, flow, &case);
        let asked = open(model, &case, &run);
        let Some(asked) = asked.first() else { break };
        let before = case.clone();
        let said = match asked {
            Open::Facts { facts, .. } => {
                let fact = facts[random.below(facts.len())];
                let values = ["yes", "no", "1.2.3", "2.0.0", "7"];
                let name = &model.fact(fact).name;
                let value = match &model.fact(fact).kind {
                    vup::model::FactType::OneOf(choices) | vup::model::FactType::Scale(choices) => {
                        choices[random.below(choices.len())].clone()
                    }
                    _ => values[random.below(values.len())].to_string(),
                };
                given::fact(model, &mut case, &format!("{name}={value}"))
            }
            Open::Answer { item, .. } => {
                let branches = model.item(*item).branches.len();
                let choice = random.below(branches);
                case.answers.entry(*item).or_default().push(choice);
                Ok(())
            }
        };
        if said.is_err() {
            case = before;
        }
    }
    let run = vup::plan::run(model, flow, &case);
    (case, run)
}

fn checklists(compiled: &Compiled, case: &Case, run: &Run, made: &mut Vec<(String, Vec<u8>)>) {
    let model = &compiled.model;
    let mut paths: Vec<Option<ItemId>> = model.paths().map(|(id, _)| Some(id)).collect();
    paths.push(None);
    let role = (0..model.roles.len() as u32).map(RoleId).next();
    for path in paths {
        for (case, role, outside) in
            [(None, None, false), (Some((case, run)), None, false), (Some((case, run)), role, true)]
        {
            let wanted = Wanted { path, case, role, outside, ..Wanted::default() };
            let list = checklist::checklist_for(model, &compiled.sources, &wanted);
            let what = format!("the checklist of {path:?}, {}, {outside}", case.is_some());
            made.push((what.clone(), markdown::markdown(&list).into_bytes()));
            made.push((format!("{what} as HTML"), html::html(&list).into_bytes()));
            made.push((format!("{what} as JSON"), checklist::json(&list).into_bytes()));
            let tracker = xlsx::xlsx(&list).unwrap_or_else(|problem| panic!("{what}: {problem}"));
            made.push((format!("{what} as a tracker"), tracker));
        }
    }
}

fn pictures(model: &Model, flow: &Flow, case: &Case, run: &Run) -> Vec<(String, Diagram)> {
    let stage = |id: &ItemId| matches!(model.item(*id).kind, ItemKind::Stage);
    let mut views = vec![View::Whole, View::Overview];
    views.extend(model.paths().map(|(id, _)| View::Path(id)));
    views.extend(model.ids().find(stage).map(View::Stage));
    let shown = ShownRun::of_case(model, "A case".into(), case, run);
    let mut drawn = Vec::new();
    for view in views {
        drawn.push((format!("{view:?}"), diagram(model, flow, view)));
        drawn.push((format!("{view:?} of a case"), with_run(model, flow, view, Some(&shown))));
    }
    for by in [By::Roles, By::Environments] {
        drawn.push((format!("lanes by {by:?}"), in_lanes(model, flow, None, by, None)));
    }
    drawn
}
