//! Pictures are held to what makes them good, and nothing that a process says can break one.
//!
//! `figures.txt` records bends and crossings; `UPDATE=1 cargo test --lib emit::svg` writes it anew.

use super::{drawn, quality_of, svg};
use crate::Compiled;
use crate::emit::diagram::{By, Course, Diagram, ShownRun, View, diagram, in_lanes, with_run};
use crate::emit::layout::Point;
use crate::emit::layout::quality::{Drawn, quality};
use crate::emit::{dot, mermaid};
use crate::model::ItemKind;
use crate::plan::trial::trials;
use crate::source::SourceFile;
use std::fmt::Write;
use std::path::PathBuf;

const REAL: [&str; 4] = ["version-update", "cluster-upgrade", "major-incident", "release-vote"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn real(name: &str) -> Compiled {
    let folder = root().join("processes");
    let path = folder.join(format!("{name}.vup"));
    let text = std::fs::read_to_string(&path).expect("a real process");
    let compiled = crate::compile(SourceFile::new("process.vup", text), &mut |_, wanted| {
        let text = std::fs::read_to_string(folder.join(wanted)).map_err(|it| it.to_string())?;
        Ok(SourceFile::new(wanted, text))
    });
    assert!(!compiled.has_errors(), "{name}: {:?}", compiled.findings);
    compiled
}

fn compiled(text: &str) -> Compiled {
    let file = SourceFile::new("process.vup", text);
    let compiled = crate::compile(file, &mut |_, _| Err("there are no other files".into()));
    let messages: Vec<&String> = compiled.findings.iter().map(|it| &it.message).collect();
    assert!(!compiled.has_errors(), "{messages:#?}");
    compiled
}

/// Every view of a process, with its name.
fn views(compiled: &Compiled) -> Vec<(String, Diagram)> {
    let model = &compiled.model;
    let flow = compiled.flow.as_ref().expect("it has no errors");
    let mut views = vec![
        ("overview".to_string(), diagram(model, flow, View::Overview)),
        ("whole".to_string(), diagram(model, flow, View::Whole)),
        ("roles".to_string(), in_lanes(model, flow, None, By::Roles, None)),
        ("environments".to_string(), in_lanes(model, flow, None, By::Environments, None)),
    ];
    for id in model.ids() {
        let named = |word: &str| format!("{word} {}", id.0);
        match model.item(id).kind {
            ItemKind::Path { .. } => {
                views.push((named("path"), diagram(model, flow, View::Path(id))));
                views.push((named("roles"), in_lanes(model, flow, Some(id), By::Roles, None)));
            }
            ItemKind::Stage => {
                views.push((named("stage"), diagram(model, flow, View::Stage(id))));
            }
            _ => {}
        }
    }
    views
}

/// Numbers that look random, and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A process of stages with all that can stand in them, and ways in all directions.
fn generated(seed: u64) -> String {
    let mut dice = Dice(seed.wrapping_mul(977) + 1);
    let mut text = String::from(
        "process made \"A process that was made up\" {\n  version 1.0.0\n  role a \"Role with a rather long \
         name\"\n  role b \"Bee\" external\n  resource r \"R\" live\n  environment e \"Here\" uses r\n  \
         environment f \"There\"\n  outcome done \"It is done\"\n  outcome off \"It is called off\"\n",
    );
    let stages = 2 + dice.roll(5);
    for stage in 0..stages {
        let _ = writeln!(text, "  stage s{stage} \"Stage number {stage}\" by a on e {{");
        if dice.roll(3) == 0 {
            let _ = writeln!(text, "    event x{stage} \"Something happens\" -> end off");
        }
        let steps = 2 + dice.roll(6);
        for step in 0..steps {
            write_some(&mut text, &mut dice, (stage, stages), (step, steps));
        }
        text.push_str("  }\n");
    }
    text.push_str("  end done\n}\n");
    text
}

fn write_some(text: &mut String, dice: &mut Dice, of: (u64, u64), at: (u64, u64)) {
    let ((stage, stages), (step, _)) = (of, at);
    let own = format!("n{stage}-{step}");
    match dice.roll(7) {
        0 => {
            let to = dice.roll(stages);
            let _ = writeln!(
                text,
                "    decide {own} \"Is it good enough?\" by b {{\n      answer yes \"Yes, go on with it\" -> \
                 next\n      answer no \"No\" -> stage s{to} at most 3 times\n      answer off \"Never again\" \
                 -> end off\n      after 3 days -> next\n    }}"
            );
        }
        1 => {
            let _ = writeln!(
                text,
                "    repeat until \"It works\" at most 3 times {{\n      step {own} \"Try\"\n      step \
                 {own}-b \"Look at it again\" by b on f\n    }}"
            );
        }
        2 => {
            let _ = writeln!(
                text,
                "    any order \"All at once\" {{\n      step {own} \"One\"\n      stage {own}-s \"Two\" {{\n        \
                 step {own}-b \"First\"\n        step {own}-c \"Second\" by b\n      }}\n      step {own}-d \
                 \"Three\" on f\n    }}"
            );
        }
        3 => {
            let _ = writeln!(
                text,
                "    for each thing \"Each of the things\" {{\n      step {own} \"Do something that takes a \
                 long sentence to say\" by b\n    }}"
            );
        }
        _ => {
            let _ = writeln!(text, "    step {own} \"Do what has to be done here\" on e, f");
        }
    }
}

fn all() -> Vec<(String, Diagram)> {
    let of = |name: String, compiled: &Compiled| {
        views(compiled).into_iter().map(move |(view, drawn)| (format!("{name} {view}"), drawn))
    };
    let mut all: Vec<(String, Diagram)> = REAL
        .iter()
        .flat_map(|name| of((*name).to_string(), &real(name)).collect::<Vec<_>>())
        .collect();
    for seed in 0..50 {
        all.extend(of(format!("generated-{seed}"), &compiled(&generated(seed))));
    }
    all
}

#[test]
fn nothing_overlaps_and_lines_are_not_worse_than_they_were() {
    let path = root().join("src/emit/svg/figures.txt");
    let recorded = std::fs::read_to_string(&path).unwrap_or_default();
    let mut figures = String::new();
    let mut sums = std::collections::BTreeMap::<String, [usize; 2]>::new();
    for (name, drawn) in all() {
        let found = quality_of(&drawn);
        assert_eq!((found.overlaps, found.through), (0, 0), "{name}: {found:?}");
        // The made-up ones together are one line.
        let key = match name.split_once(' ') {
            Some((process, view)) if process.starts_with("generated") => {
                format!("generated {}", view.split(' ').next().unwrap_or_default())
            }
            _ => name,
        };
        let sum = sums.entry(key).or_default();
        *sum = [sum[0] + found.bends, sum[1] + found.crossings];
    }
    for (name, [bends, crossings]) in &sums {
        let _ = writeln!(figures, "{name}: {bends} bends, {crossings} crossings");
        let line = recorded.lines().find(|line| line.starts_with(&format!("{name}: ")));
        let numbers: Vec<usize> = line
            .and_then(|line| line.rsplit_once(": "))
            .map(|(_, rest)| rest.split(' ').filter_map(|word| word.parse().ok()).collect())
            .unwrap_or_default();
        if std::env::var_os("UPDATE").is_none() {
            let [most_bends, most_crossings] = numbers[..] else {
                panic!("{name} is not recorded")
            };
            assert!(*bends <= most_bends, "{name}: {bends} bends, {most_bends} before");
            assert!(
                *crossings <= most_crossings,
                "{name}: {crossings} crossings, {most_crossings} before"
            );
        }
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, figures).expect("it can be written");
    }
}

/// The same boxes, and lines drawn without a thought.
fn ugly(drawn: &Drawn, diagram: &Diagram) -> Drawn {
    let middle = |shape: usize| drawn.boxes[shape % drawn.boxes.len()].centre();
    let line = |arrow: &crate::emit::diagram::Arrow| {
        let (from, to) = (middle(arrow.from), middle(arrow.to));
        vec![from, Point { x: to.x, y: from.y }, to]
    };
    Drawn { lines: diagram.arrows.iter().map(line).collect(), ..drawn.clone() }
}

#[test]
fn an_ugly_layout_scores_worse() {
    for name in REAL {
        for (view, diagram) in views(&real(name)) {
            let good = drawn(&diagram);
            let bad = ugly(&good, &diagram);
            assert!(quality(&bad).score() > quality(&good).score(), "{name} {view}");
        }
    }
    let mut moved = drawn(&views(&real("release-vote"))[0].1);
    moved.boxes[1] = moved.boxes[0];
    assert!(quality(&moved).overlaps > 0);
}

/// Titles that are markup somewhere.
const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script>",
    "]]> & --> <!-- &amp; </text></svg>",
    "שלום עולם \u{202E}evil\u{202C} مرحبا",
    "🚒🧯👩‍🚒 fire",
    "label=<B>x</B>; } digraph { a -> b \\\\N \\\\",
    "end; n1[x] --> n2 %%{init: {}}%% #quot; `**bold**` |x| \\\"",
    "#60;script#62; &#60;",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnungsentwurf",
    "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
    "click n0 href \\\"javascript:alert(1)\\\"",
    "\u{7}\u{1b}[31m bell \u{FFFE}",
    "{ } [ ] ( ) < > | \\\" ' ; : # % &",
];

fn hostile() -> Compiled {
    let long = "ten chars ".repeat(1000);
    let mut text = String::from("process p \"A <b>&\\\" title\" {\n  version 1.0.0\n");
    for (index, title) in HOSTILE.iter().enumerate() {
        let _ = writeln!(text, "  role r{index} \"{title}\"\n  environment e{index} \"{title}\"");
    }
    let _ = writeln!(text, "  outcome done \"{}\"", HOSTILE[0]);
    for (index, title) in HOSTILE.iter().enumerate() {
        let _ = writeln!(
            text,
            "  stage s{index} \"{title}\" by r{index} on e{index} {{\n    step t{index} \"{title}\" {{\n      do \
             \"{title}\"\n    }}\n    decide d{index} \"{title}\" {{\n      answer y \"{title}\" -> next\n      \
             answer n \"{title} again\" -> step t{index} at most 2 times\n    }}\n  }}"
        );
    }
    let _ = writeln!(text, "  step long \"{long}\" by r0\n  end done\n}}");
    compiled(&text)
}

#[test]
fn hostile_words_are_shown_as_what_they_are() {
    let compiled = hostile();
    for (view, diagram) in views(&compiled) {
        let found = quality_of(&diagram);
        assert_eq!((found.overlaps, found.through), (0, 0), "{view}");
        let picture = svg(&diagram);
        assert!(!picture.contains("<script"), "{view}");
        assert_eq!(picture.matches("</svg>").count(), 1, "{view}");
        assert!(picture.chars().all(|c| c == '\n' || !c.is_control()), "{view}");
        let graph = dot::dot(&diagram);
        assert!(!picture.contains('\u{202E}') && !graph.contains('\u{202E}'), "{view}");
        let flowchart = mermaid::mermaid(&diagram);
        assert!(!flowchart.contains("<script") && !flowchart.contains("%%{"), "{view}");
        // Quotes are ours: two for each text.
        assert!(flowchart.lines().all(|line| line.matches('"').count() % 2 == 0), "{view}");
        assert!(!flowchart.contains('`') && !flowchart.contains('\\'), "{view}");
    }
    let model = &compiled.model;
    let flow = compiled.flow.as_ref().expect("it has no errors");
    let whole = diagram(model, flow, View::Whole);
    assert!(svg(&whole).contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(mermaid::mermaid(&whole).contains("#60;script#62;alert(1)#60;#47;script#62;"));
    assert!(dot::dot(&whole).contains("&lt;script&gt;"));
}

#[test]
fn the_same_bytes_again() {
    for name in REAL {
        let (one, other) = (views(&real(name)), views(&real(name)));
        for ((view, one), (_, other)) in one.iter().zip(&other) {
            assert_eq!(svg(one), svg(other), "{name} {view}");
            assert_eq!(mermaid::mermaid(one), mermaid::mermaid(other), "{name} {view}");
        }
    }
}

#[test]
fn the_picture_of_the_readme_is_current() {
    let path = root().join("docs/pictures/version-update.svg");
    let compiled = real("version-update");
    let drawn =
        svg(&diagram(&compiled.model, compiled.flow.as_ref().expect("sound"), View::Overview));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &drawn).expect("it can be written");
    }
    let shown = std::fs::read_to_string(&path).expect("the picture is there");
    assert!(shown == drawn, "UPDATE=1 cargo test --lib the_picture_of_the_readme writes it anew");
}

#[test]
fn a_run_is_shown_step_by_step() {
    let compiled = real("version-update");
    let (model, flow) = (&compiled.model, compiled.flow.as_ref().expect("sound"));
    let path = model.paths().find(|(_, path)| path.name.as_deref() == Some("standard"));
    let (path, _) = path.expect("it has a standard path");
    let trial = trials(model, flow).into_iter().find(|trial| {
        crate::emit::words::text(&trial.scenario.title).starts_with("two windows are missed")
    });
    let trial = trial.expect("it is a scenario");
    let shown = ShownRun::of_case(model, "Two windows".into(), &trial.case, &trial.run);
    let drawn = with_run(model, flow, View::Path(path), Some(&shown));
    let run = drawn.highlight.as_ref().expect("a run is shown");
    let visits = |title: &str| {
        let shape = drawn.shapes.iter().position(|shape| shape.title == title);
        run.visits[shape.expect("it is drawn")].clone()
    };
    assert_eq!(visits("Stand down").len(), 3);
    assert_eq!(visits("Give the go-ahead"), [0; 0]);
    // What is left out says why, and nothing that is done does.
    assert!(run.reasons.iter().any(Option::is_some));
    assert!(run.reasons.iter().zip(&run.shapes).all(|(reason, lit)| reason.is_none() || !lit));
    // Each stop is left by one heavy arrow for each way that is taken from it.
    let mut numbers: Vec<usize> = run.visits.iter().flatten().copied().collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
    let lit = drawn.arrows.iter().zip(&run.arrows).filter(|(_, lit)| **lit);
    for (arrow, _) in lit {
        assert!(run.shapes[arrow.from] && run.shapes[arrow.to], "{arrow:?}");
    }
    assert!(svg(&drawn).contains("class=\"dim\""));
}

/// The run of a case by what is given of it: facts, and no answers.
fn case_of(compiled: &Compiled, given: &[&str]) -> ShownRun {
    let (model, flow) = (&compiled.model, compiled.flow.as_ref().expect("sound"));
    let mut case = crate::plan::Case::default();
    for written in given {
        crate::plan::given::fact(model, &mut case, written).expect("a fact of the process");
    }
    let run = crate::plan::run(model, flow, &case);
    ShownRun::of_case(model, "A case".into(), &case, &run)
}

#[test]
fn what_a_case_leaves_open_does_not_look_like_what_does_not_apply() {
    let compiled = real("version-update");
    let (model, flow) = (&compiled.model, compiled.flow.as_ref().expect("sound"));
    let course = |given: &[&str], title: &str| {
        let shown = case_of(&compiled, given);
        let drawn = with_run(model, flow, View::Whole, Some(&shown));
        let shape = drawn.shapes.iter().position(|shape| shape.title == title).expect("drawn");
        assert!(svg(&drawn).contains("what may still come"));
        (drawn.comes_by(shape), drawn.why_not(shape))
    };
    let versions = ["from=4.2.0", "to=5.0.0"];
    let (major, patch) = (&versions[..], &["from=4.2.0", "to=4.2.1"][..]);
    assert_eq!(course(major, "Name the path"), (Some(Course::Taken), None));
    // The decision before it has no answer yet.
    assert_eq!(course(major, "Stand down"), (Some(Course::Open), None));
    let (simple, why) = course(major, "Deploy to Preview");
    assert_eq!(simple, Some(Course::Not));
    assert!(why.is_some(), "it says why");
    // The frame of the path that is passed by steps back, too, and the end in it.
    let drawn = with_run(model, flow, View::Overview, Some(&case_of(&compiled, major)));
    let passed: Vec<&str> = (0..drawn.groups.len())
        .filter(|group| drawn.is_passed(*group))
        .map(|group| drawn.groups[group].title.as_str())
        .collect();
    assert_eq!(passed, ["Simple version update"]);
    let picture = svg(&drawn);
    let pale = |line: &str| line == "<g class=\"dim\">";
    let mut lines = picture.lines().zip(picture.lines().skip(1));
    assert!(lines.any(|(line, next)| pale(line) && next == "<g role=\"graphics-object\">"));
    // Whether it is tested once more, people say.
    let drawn = with_run(model, flow, View::Whole, Some(&case_of(&compiled, major)));
    let rounds = drawn.arrows.iter().enumerate().filter(|(_, arrow)| {
        arrow.is_round() && drawn.shapes[arrow.from].title == "Test everything and make changes"
    });
    let courses: Vec<_> = rounds.map(|(index, _)| drawn.takes(index)).collect();
    assert_eq!(courses, [Some(Course::Open)]);
    // What decides the path is not known.
    for title in ["Deploy to Preview", "Stand down"] {
        assert_eq!(course(patch, title), (Some(Course::Open), None), "{title}");
    }
    let up_to_date = "The platform already runs the current version";
    assert_eq!(course(patch, up_to_date).0, Some(Course::Not));
}

#[test]
fn an_end_is_pale_where_only_what_does_not_apply_leads_to_it() {
    let text = r#"process p "P" {
  version 1.0.0
  role a "A"
  fact fraud "Fraud?" : yes-no
  outcome paid "Paid"
  outcome rejected "Rejected"
  decide full "Complete?" by a {
    answer yes "Yes" -> next
    answer no "No" -> end rejected
  }
  decide proven "Proven?" {
    when fraud -> step reject
    otherwise -> step pay
  }
  step reject "Reject" by a
  end rejected
  step pay "Pay" by a
  end paid
}
"#;
    let model = crate::emit::checklist::tests::resolved(text);
    let flow = crate::flow::lower(&model);
    let facts = [(crate::model::FactId(0), crate::model::Value::YesNo(false))];
    let case = crate::plan::Case { facts: facts.into(), ..Default::default() };
    let run = crate::plan::run(&model, &flow, &case);
    let shown = ShownRun::of_case(&model, "a case".to_string(), &case, &run);
    let picture = svg(&with_run(&model, &flow, View::Whole, Some(&shown)));
    let lines: Vec<&str> = picture.lines().collect();
    let pale = lines
        .windows(3)
        .filter(|lines| lines[0] == "<g class=\"dim\">" && lines[2].contains("Rejected"));
    // The one that the first question may lead to is not.
    assert_eq!(pale.count(), 1, "{picture}");
}

#[test]
fn who_does_not_take_part_in_a_case_does_not_help_in_its_picture() {
    let compiled = real("version-update");
    let (model, flow) = (&compiled.model, compiled.flow.as_ref().expect("sound"));
    let helped = |given: &[&str]| {
        let shown = case_of(&compiled, given);
        let drawn = with_run(model, flow, View::Whole, Some(&shown));
        drawn
            .shapes
            .iter()
            .filter_map(|it| it.who.as_ref())
            .filter(|it| it.contains("Others"))
            .count()
    };
    assert_eq!(helped(&[]), 2);
    assert_eq!(helped(&["others takes part=no"]), 0);
}

#[test]
fn what_is_reached_from_far_away_says_from_where() {
    let compiled = real("version-update");
    let whole = diagram(&compiled.model, compiled.flow.as_ref().expect("sound"), View::Whole);
    let (sheet, layout) = super::placed(&whole);
    let far = layout.routes.iter().filter(|route| route.tag.is_some());
    let far: Vec<_> = far.filter_map(|route| sheet.draft.edges.get(route.edge?)).collect();
    let arrives = |to| far.iter().filter(|edge| edge.arrives && edge.to == to).count();
    let leaves: Vec<_> = far.iter().filter(|it| it.from.is_some() && it.to.is_some()).collect();
    assert!(leaves.len() >= 3, "{}", leaves.len());
    assert!(leaves.iter().all(|edge| arrives(edge.to) > 0));
    // In lanes it stands in the box.
    let flow = compiled.flow.as_ref().expect("sound");
    let lanes = in_lanes(&compiled.model, flow, None, By::Roles, None);
    assert!(svg(&lanes).contains("from 3.6"));
}

#[test]
fn the_picture_of_a_faulty_process_is_drawn() {
    let mut drawn = 0;
    for rule in crate::rules() {
        let file = SourceFile::new("process.vup", rule.wrong);
        let compiled = crate::compile(file, &mut |_, _| Err("there are no other files".into()));
        let model = &compiled.model;
        let Some(flow) = compiled.flow.as_ref().filter(|_| model.is_process) else { continue };
        for finding in &compiled.findings {
            let shown = ShownRun::of_finding(model, finding.message.clone(), &finding.run);
            for view in [View::Whole, View::Overview] {
                let diagram = with_run(model, flow, view, Some(&shown));
                let found = quality_of(&diagram);
                assert_eq!((found.overlaps, found.through), (0, 0), "{}", rule.name);
                assert!(svg(&diagram).ends_with("</svg>\n"), "{}", rule.name);
                drawn += 1;
            }
        }
    }
    assert!(drawn > 40, "{drawn}");
}

#[test]
fn what_is_linked_leads_where_it_should() {
    let compiled = real("release-vote");
    let whole = diagram(&compiled.model, compiled.flow.as_ref().expect("sound"), View::Whole);
    let linked = super::linked(&whole, &|shape| Some(format!("list.html#item-{}", shape.anchor)));
    assert_eq!(
        linked.matches("<a href=\"list.html#item-").count(),
        whole.shapes.len() - tags(&whole)
    );
    assert_eq!(linked.matches("<a ").count(), linked.matches("</a>").count());
}

#[test]
fn what_may_happen_at_any_time_says_where_it_leads() {
    let mut told = 0;
    for name in REAL {
        for (view, diagram) in views(&real(name)).iter().filter(|(_, it)| !it.lanes.is_empty()) {
            let picture = svg(diagram);
            for event in picture.split("<title>At any time: ").skip(1) {
                let event = event.split("</title>").next().unwrap_or_default();
                let says = [" · to ", " · end: ", " → "].iter().any(|word| event.contains(word));
                let has_line = picture.contains(&format!("<title>At any time: {event} → "));
                assert!(says || has_line, "{name} {view}: {event}");
                told += 1;
            }
        }
    }
    assert!(told > 20, "{told}");
}

/// Shapes that stand only beside others.
fn tags(diagram: &Diagram) -> usize {
    let picture = super::draft::sheet(diagram, super::measures(diagram));
    diagram.shapes.len()
        - picture.contents.iter().filter(|it| matches!(it, super::Content::Shape(_))).count()
}
