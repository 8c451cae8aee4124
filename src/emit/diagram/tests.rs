//! Every step is drawn once, and nothing that a process says can break a picture.

use super::{
    ArrowKind, By, Course, Diagram, ShapeKind, ShownRun, View, diagram, in_lanes, json, with_run,
    wrap,
};
use crate::emit::dot::dot;
use crate::flow;
use crate::model::{self, ItemId, ItemKind, Model};
use crate::plan::{self, Case, given};
use crate::source::FileId;
use crate::syntax;

const SAMPLE: &str = r#"process swap "Swap" {
  version 1.2.0
  owner desk
  role desk "Desk"
  role courier "Courier" optional
  role employee "Employee" external
  resource files "Files" live
  environment old "Old" uses files
  fact damage "How bad is it?" : scale none < some < severe
  trigger request "Somebody asks"
  outcome done "It works"
  outcome cancelled "The old one stays"
  stage look "Look at it" by desk {
    step "Look"
  }
  path quick "At the desk" {
    when damage <= some "It still starts"
    stage save "Save" by desk on old {
      event fire "Fire" -> end cancelled
      step copy "Copy" {
        do "Start"
      }
      repeat until "It works" at most 3 times {
        step try "Try" by courier
        step note "Write it down"
      }
    }
    stage extra "Extra" by desk {
      when "There is time"
      any order {
        step clean "Clean"
        step pack "Pack" by employee with employee
      }
    }
    decide swap "Swap now?" by employee {
      answer yes "Yes" -> next
      answer look "Look again" -> stage save at most 2 times
      answer broken "It is broken" -> path rescue
      after 3 days -> end cancelled
    }
    for each item "Each thing" {
      step hand-over "Hand over" by desk
    }
    end done
  }
  path rescue "Rescue" {
    otherwise
    step mend "Mend" by desk
    end done
  }
}
"#;

fn compiled(text: &str) -> (Model, flow::Flow) {
    let parsed = syntax::parse(text, FileId(0));
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let file = model::File { id: FileId(0), text, tree: &parsed.tree };
    let resolved = model::resolve(&[file], false);
    assert!(resolved.findings.is_empty(), "{:?}", resolved.findings);
    let flow = flow::lower(&resolved.model);
    (resolved.model, flow)
}

fn find(model: &Model, name: &str) -> ItemId {
    let named = |id: &ItemId| model.item(*id).name.as_deref() == Some(name);
    model.ids().find(named).expect("the sample has it")
}

fn titles(diagram: &Diagram, kinds: &[ShapeKind]) -> Vec<String> {
    let some = diagram.shapes.iter().filter(|shape| kinds.contains(&shape.kind));
    some.map(|shape| shape.title.clone()).collect()
}

/// "Copy -> Try", with its label.
fn arrows(diagram: &Diagram) -> Vec<String> {
    let title = |index: usize| match diagram.shapes[index].kind {
        ShapeKind::Fork => "fork".to_string(),
        ShapeKind::Join => "join".to_string(),
        _ => diagram.shapes[index].title.clone(),
    };
    let line = |arrow: &super::Arrow| {
        let back = if arrow.back { " (back)" } else { "" };
        let labels = arrow.labels.join("; ");
        let line = format!("{} -> {}{back}: {labels}", title(arrow.from), title(arrow.to));
        line.trim_end_matches([':', ' ']).to_string()
    };
    diagram.arrows.iter().map(line).collect()
}

#[test]
fn a_path_has_each_of_its_steps_once() {
    let (model, flow) = compiled(SAMPLE);
    let steps = [ShapeKind::Step, ShapeKind::Decision];
    let quick = diagram(&model, &flow, View::Path(find(&model, "quick")));
    let expected = ["Copy", "Try", "Write it down", "Clean", "Pack", "Swap now?", "Hand over"];
    assert_eq!(titles(&quick, &steps), expected);
    let whole = diagram(&model, &flow, View::Whole);
    let all = model.items.iter();
    let all = all.filter(|item| matches!(item.kind, ItemKind::Step | ItemKind::Decide { .. }));
    assert_eq!(titles(&whole, &steps).len(), all.count());
}

#[test]
fn arrows_go_from_what_is_done_to_what_is_done() {
    let (model, flow) = compiled(SAMPLE);
    let quick = diagram(&model, &flow, View::Path(find(&model, "quick")));
    assert_eq!(
        arrows(&quick),
        [
            "Start -> Look at it",
            "Look at it -> Copy: It still starts",
            "At any time: Fire -> The old one stays",
            "Copy -> Try",
            "Try -> Write it down",
            "Write it down -> fork",
            "Write it down -> Swap now?",
            "Write it down -> Try (back): again",
            "fork -> Clean",
            "fork -> Pack",
            "join -> Swap now?",
            "Clean -> join",
            "Pack -> join",
            "Swap now? -> Hand over: Yes",
            "Swap now? -> Copy (back): Look again (at most 2 times)",
            "Swap now? -> Path: Rescue: It is broken",
            "Swap now? -> The old one stays: after 3 days",
            "Hand over -> Hand over (back): next item",
            "Hand over -> It works",
        ]
    );
    let kinds: Vec<ArrowKind> = quick.arrows.iter().map(|arrow| arrow.kind).collect();
    for kind in [ArrowKind::Event, ArrowKind::Wait, ArrowKind::Skip] {
        assert_eq!(kinds.iter().filter(|other| **other == kind).count(), 1, "{kind:?}");
    }
}

#[test]
fn an_overview_has_stages_and_the_choice_of_a_path() {
    let (model, flow) = compiled(SAMPLE);
    let overview = diagram(&model, &flow, View::Overview);
    assert_eq!(
        titles(&overview, &[ShapeKind::Block]),
        ["Look at it", "Save", "Extra", "For each thing, one after the other"]
    );
    let arrows = arrows(&overview);
    for arrow in [
        "Which path? -> Save: It still starts",
        "Which path? -> Mend: in all other cases",
        "Swap now? -> Mend: It is broken",
        "Save -> The old one stays: Fire",
    ] {
        assert!(arrows.iter().any(|line| line == arrow), "{arrow} in {arrows:#?}");
    }
}

/// A decision inside a box is not seen: what it says must be true of the whole box.
#[test]
fn what_leads_out_of_a_box_says_when() {
    let (model, flow) = compiled(
        r#"process buying "Buying" {
  version 1.0.0
  role clerk "Clerk"
  fact large "Is it large?" : yes-no
  outcome done "Done"
  stage plan "Plan" by clerk {
    decide how "How?" {
      when large -> next
      when not large -> step pay
    }
    step ask "Ask for an offer"
  }
  step pay "Pay" by clerk
  stage look "Look" by clerk {
    step count "Count"
    decide right "Is all there?" {
      when large -> next
      otherwise -> step pay
    }
  }
  end done
}
"#,
    );
    let overview = arrows(&diagram(&model, &flow, View::Overview));
    assert_eq!(
        overview,
        [
            "Start -> Plan",
            "Plan -> Pay",
            "Pay -> Look",
            "Look -> Done",
            "Look -> Pay (back): “Is it large?” is no",
        ]
    );
}

#[test]
fn a_stage_lists_tasks_and_what_is_beside_it() {
    let (model, flow) = compiled(SAMPLE);
    let save = diagram(&model, &flow, View::Stage(find(&model, "save")));
    let copy = save.shapes.iter().find(|shape| shape.title == "Copy").expect("it is drawn");
    assert_eq!(copy.tasks.len(), 1);
    assert!(copy.environments.iter().all(|place| place.live));
    assert_eq!(titles(&save, &[ShapeKind::From]), ["Look at it", "Swap now?"]);
    assert_eq!(titles(&save, &[ShapeKind::To]), ["Extra"]);
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    let ((one, flow), (two, other)) = (compiled(SAMPLE), compiled(SAMPLE));
    for view in [View::Overview, View::Whole, View::Path(find(&one, "quick"))] {
        let (first, second) = (diagram(&one, &flow, view), diagram(&two, &other, view));
        assert_eq!(dot(&first), dot(&second));
        assert_eq!(json(&first), json(&second));
    }
}

#[test]
fn what_comes_before_the_paths_looks_alike_in_all_views() {
    let (model, flow) = compiled(SAMPLE);
    let look = |view| {
        let drawn = diagram(&model, &flow, view);
        let shape = drawn.shapes.iter().find(|shape| shape.title == "Look at it");
        let shape = shape.expect("it is drawn");
        let role = shape.role.and_then(|role| drawn.legend.roles.get(role));
        (shape.kind, role.map(|role| role.fill), shape.who.clone())
    };
    let overview = look(View::Overview);
    assert!(overview.1.is_some());
    assert_eq!(look(View::Path(find(&model, "quick"))), overview);
}

/// Quotes and brackets of attributes are balanced in each line, braces and the tags of labels in all.
fn assert_sane(text: &str, what: &str) {
    let mut depth = 0;
    for line in text.lines() {
        let (mut angles, mut quotes, mut others) = (0, 0, 0);
        for c in line.chars() {
            match c {
                '<' => angles += 1,
                // Of an arrow.
                '>' if angles > 0 => angles -= 1,
                '"' => quotes += 1,
                '{' if angles == 0 => others += 1,
                '}' if angles == 0 => others -= 1,
                _ => {}
            }
        }
        assert!(angles == 0 && quotes % 2 == 0, "{what}: {line}");
        depth += others;
        assert!(depth >= 0, "{what}: {line}");
    }
    assert_eq!(depth, 0, "{what}");
    for tag in ["TABLE", "TR", "TD", "FONT", "B", "I"] {
        let opened = text.matches(&format!("<{tag} ")).count();
        let opened = opened + text.matches(&format!("<{tag}>")).count();
        assert_eq!(opened, text.matches(&format!("</{tag}>")).count(), "{what}: {tag}");
    }
}

#[test]
fn every_view_of_the_real_processes_is_sane() {
    let shared = include_str!("../../../processes/shared/operations.vup");
    for (name, text) in [
        ("cluster-upgrade", include_str!("../../../processes/cluster-upgrade.vup")),
        ("major-incident", include_str!("../../../processes/major-incident.vup")),
        ("release-vote", include_str!("../../../processes/release-vote.vup")),
        ("version-update", include_str!("../../../processes/version-update.vup")),
    ] {
        let texts = [text, shared];
        let parsed = [0, 1].map(|index| syntax::parse(texts[index], FileId(index as u16)));
        let file = |index: usize| model::File {
            id: FileId(index as u16),
            text: texts[index],
            tree: &parsed[index].tree,
        };
        let count = if text.contains("use \"shared/operations.vup\"") { 2 } else { 1 };
        let files: Vec<model::File<'_>> = (0..count).map(file).collect();
        let resolved = model::resolve(&files, false);
        assert!(resolved.findings.is_empty(), "{name}: {:?}", resolved.findings);
        let model = resolved.model;
        let flow = flow::lower(&model);
        let parts = model.ids().filter_map(|id| match model.item(id).kind {
            ItemKind::Path { .. } => Some(View::Path(id)),
            ItemKind::Stage => Some(View::Stage(id)),
            _ => None,
        });
        for view in [View::Overview, View::Whole].into_iter().chain(parts) {
            let drawn = dot(&diagram(&model, &flow, view));
            assert_sane(&drawn, &format!("{name}, {view:?}"));
            assert_eq!(drawn, dot(&diagram(&model, &flow, view)));
        }
    }
}

#[test]
fn titles_cannot_break_the_picture() {
    let long = "W".repeat(10_000);
    let evil = format!("<script>\\\\N & \\\" </TD> {long}");
    let (model, flow) = compiled(&SAMPLE.replace("\"Copy\"", &format!("\"{evil}\"")));
    let text = dot(&diagram(&model, &flow, View::Whole));
    assert!(text.contains("&lt;script&gt;&#92;&#92;N &amp; &quot;"), "{text}");
    assert!(!text.contains("<script>") && !text.contains('\\'));
    assert!(text.contains('…') && !text.contains(&"W".repeat(40)));
    assert!(text.lines().all(|line| line.len() < 5_000));
}

#[test]
fn lines_are_about_even() {
    assert_eq!(wrap("We do not get on top of it", 24), ["We do not get", "on top of it"]);
    assert_eq!(wrap("one", 24), ["one"]);
    assert_eq!(wrap(&"W".repeat(25), 10).len(), 3);
    assert_eq!(wrap(" ", 10), Vec::<String>::new());
}

#[test]
fn a_stage_has_the_colour_of_whom_it_names_first_and_a_duty_is_not_skippable() {
    let text = r#"process p "P" {
  version 1.0.0
  role hr "HR"
  role it "IT"
  fact remote "Remote?" : yes-no
  outcome done "Done"
  stage wind "Wind up" by hr {
    step collect "Collect" by it {
      when remote
    }
    step close "Close" by it {
      skip when "There is none"
    }
  }
  step file "File it" by hr
  end done
}
"#;
    let model = crate::emit::checklist::tests::resolved(text);
    let flow = flow::lower(&model);
    let drawn = diagram(&model, &flow, View::Overview);
    let stage = drawn.shapes.iter().find(|it| it.title == "Wind up").expect("it is drawn");
    let role = stage.role.and_then(|role| drawn.legend.roles.get(role));
    assert_eq!((role.map(|it| it.title.as_str()), stage.who.as_deref()), (Some("IT"), Some("IT")));
    let drawn = diagram(&model, &flow, View::Whole);
    let marks = |title: &str| -> Vec<&str> {
        let shape = drawn.shapes.iter().find(|it| it.title == title).expect("it is drawn");
        shape.marks.iter().map(|mark| mark.text.as_str()).collect()
    };
    assert_eq!(marks("Collect"), ["only in some cases"]);
    assert_eq!(marks("Close"), ["may be skipped"]);
}

/// Which arrows a case takes, and which it leaves open, by the titles at their ends.
fn ways(text: &str, view: View, given: &[&str], answers: &[&str]) -> [Vec<String>; 2] {
    let (model, flow) = compiled(text);
    let mut case = Case::default();
    given.iter().for_each(|it| given::fact(&model, &mut case, it).expect("it can be so"));
    answers.iter().for_each(|it| given::answer(&model, &mut case, it).expect("it can be so"));
    let run = plan::run(&model, &flow, &case);
    let shown = ShownRun::of_case(&model, String::new(), &case, &run);
    let drawn = with_run(&model, &flow, view, Some(&shown));
    let told = |course: Course| {
        let arrows = drawn.arrows.iter().enumerate();
        let taken = arrows.filter(|(index, _)| drawn.takes(*index) == Some(course));
        let title = |shape: usize| match drawn.shapes[shape].kind {
            ShapeKind::Fork => "fork".to_string(),
            ShapeKind::Join => "join".to_string(),
            _ => drawn.shapes[shape].title.clone(),
        };
        taken.map(|(_, arrow)| format!("{} > {}", title(arrow.from), title(arrow.to))).collect()
    };
    [told(Course::Taken), told(Course::Open)]
}

#[test]
fn a_run_goes_on_through_what_does_not_apply() {
    let text = r#"process p "P" {
      version 1.0.0
      role a "A"
      fact f "F?" : yes-no
      outcome o "O"
      step "One" by a
      step "Two" by a {
        when f
      }
      step "Three" by a
      any order {
        stage "X" by a {
          step "X1" {
            when f
          }
          step "X2"
        }
        step "Y" by a
      }
      decide d "D" by a {
        answer y "Yes" -> next
        answer n "No" -> end o
      }
      step "Five" by a {
        when f
      }
      step "Six" by a
      step "Seven" by a {
        when f
      }
      end o
    }
    "#;
    let [taken, open] = ways(text, View::Whole, &["f=no"], &["d=y"]);
    for way in [
        "One > Two",
        "Two > Three",
        "Three > fork",
        "fork > X1",
        "X1 > X2",
        "D > Five",
        "Five > Six",
        "Six > Seven",
        "Seven > O",
    ] {
        assert!(taken.contains(&way.to_string()), "{way}: {taken:?}");
    }
    assert!(!taken.contains(&"D > O".to_string()), "{taken:?}");
    assert_eq!(open, [""; 0]);
    let [taken, open] = ways(text, View::Whole, &["f=no"], &[]);
    assert!(!taken.iter().any(|way| way.starts_with("D >")), "{taken:?}");
    for way in ["D > Five", "Five > Six", "Six > Seven", "Seven > O", "D > O"] {
        assert!(open.contains(&way.to_string()), "{way}: {open:?}");
    }
}

#[test]
fn a_run_does_not_go_through_what_it_goes_past() {
    let text = r#"process p "P" {
      version 1.0.0
      role a "A"
      fact f "F?" : yes-no
      outcome o "O"
      path short "Short" {
        when f
        stage "Brief" by a {
          step "B"
        }
        end o
      }
      path long "Long" {
        otherwise
        stage "Prepare" by a {
          step "C"
          decide d "D" {
            answer dry "Dry run" -> next
            answer go "Go" -> stage live
          }
        }
        stage "Dry" by a {
          step "E"
        }
        stage live "Live" by a {
          step "F"
          decide g "G" {
            answer yes "Yes" -> next
            answer no "No" -> end o
          }
        }
        end o
      }
    }
    "#;
    for (view, before) in [(View::Overview, "Prepare"), (View::Whole, "D")] {
        let [taken, open] = ways(text, view, &["f=no"], &["d=go"]);
        let leads = |all: &[String], from: &str, to: &str| all.contains(&format!("{from} > {to}"));
        let (dry, live) = if before == "D" { ("E", "F") } else { ("Dry", "Live") };
        assert!(leads(&taken, before, live), "{taken:?}");
        for all in [&taken, &open] {
            assert!(!leads(all, before, dry) && !leads(all, dry, live), "{all:?}");
            assert!(!all.iter().any(|way| way.contains("Brief") || way.contains("> B")), "{all:?}");
        }
    }
}

#[test]
fn a_step_stands_in_the_lane_of_each_role_that_does_it() {
    let text = r#"process p "P" {
      version 1.0.0
      role a "A"
      role b "B"
      role c "C"
      step "One" by any of a, c
      step "Two" by a with b
    }
    "#;
    let (model, flow) = compiled(text);
    let drawn = in_lanes(&model, &flow, None, By::Roles, None);
    assert_eq!(drawn.lanes, ["A", "C"]);
    let steps = drawn.shapes.iter().filter(|shape| shape.kind == ShapeKind::Step);
    assert_eq!(steps.map(|shape| shape.lanes.clone()).collect::<Vec<_>>(), [vec![0, 1], vec![0]]);
}

#[test]
fn the_answer_that_is_taken_leads_on_through_what_does_not_apply() {
    let text = r#"process p "P" {
      version 1.0.0
      role a "A"
      fact big "Is it big?" : yes-no
      fact far "Is it far?" : yes-no
      step "Draft" by a
      decide check "Check" by a {
        answer large "Large" -> next
        answer small "Small" -> step other
      }
      step "Checked" by a
      step other "Other" by a
      decide "Kind" {
        when big "Large" -> next
        otherwise "Small" -> step send
      }
      step "Customs" by a {
        when far
      }
      step send "Send" by a
    }
    "#;
    let given = |big: &str| {
        let [taken, open] = ways(text, View::Whole, &[big, "far=no"], &["check=small"]);
        assert_eq!(open, [""; 0]);
        taken.into_iter().filter(|way| way.contains("Kind >") || way.contains("Customs")).collect()
    };
    let all: Vec<String> = given("big=yes");
    assert_eq!(all, ["Kind > Customs", "Customs > Send"]);
    let all: Vec<String> = given("big=no");
    assert_eq!(all, ["Kind > Send"]);
}

#[test]
fn a_run_comes_to_its_path_through_what_does_not_apply() {
    let text = |first: &str| {
        format!(
            r#"process p "P" {{
              version 1.0.0
              role a "A"
              fact big "Is it big?" : yes-no
              step "Draft" by a
              step "Check" by a {{
                when not big
              }}
              path "Large" by a {{
                when big
                step "Talk" {{
                  {first}
                }}
                step "Sign"
              }}
              path "Small" by a {{
                otherwise
                step "Send"
              }}
            }}
            "#
        )
    };
    let [taken, open] = ways(&text(""), View::Whole, &["big=yes"], &[]);
    for way in ["Draft > Check", "Check > Which path?", "Which path? > Talk"] {
        assert!(taken.contains(&way.to_string()), "{way}: {taken:?}");
    }
    assert!(!taken.iter().any(|way| way.contains("Send")), "{taken:?}");
    assert_eq!(open, [""; 0]);
    let [taken, _] = ways(&text("when not big"), View::Whole, &["big=yes"], &[]);
    for way in ["Check > Which path?", "Which path? > Talk", "Talk > Sign"] {
        assert!(taken.contains(&way.to_string()), "{way}: {taken:?}");
    }
}
