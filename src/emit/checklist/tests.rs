//! A small process, and what its checklist must say.

use super::{Action, Checklist, Entry, Step, checklist, json};
use crate::model::{self, Line, Model, Prose, RemarkKind};
use crate::source::{FileId, SourceFile, Sources};
use crate::syntax;

const SAMPLE: &str = r#"process laptop-swap "Laptop replacement" {
  version 1.2.0
  owner desk
  about """
    How a worn-out laptop is replaced.

    - First *this*
    - then `that`
  """
  role it "IT" {
    role desk "Desk"
    role courier "Courier" optional
  }
  role employee "Employee" external
  role nobody "Nobody"
  resource files "Files" live
  environment old "Old" uses files
  environment new "New"
  artifact backup "Backup" states taken -> verified
  switch hold "Mail on hold"
  versions from "OS it runs" to "OS to install"
  assume from <= to "We never go back"
  fact damage "How bad is the damage?" : scale none < cosmetic < severe
  fact readable "Can the disk be read?" : yes-no later
  trigger request "Somebody asks"
  outcome done "It works"
  outcome cancelled "The old one stays"
  outcome lost "Lost"

  step "Look at it" by desk on old {
    learns readable
  }
  path quick "Swap at the desk" {
    when damage <= cosmetic
    stage save "Save and try" by desk on old {
      warning "Do **not** unplug it."
      event fire "The battery swells" -> end cancelled
      step back-up "Back up the files" {
        skip by desk when "There are none"
        do "Start the backup"
        record "Where it is" : link
        makes backup taken
        takes 40 minutes
        at least 1 day before step swap-now
        note "It may take *long*."
      }
      repeat until "It works" at most 3 times {
        step try "Try it" by 2 of desk, courier {
          when not damage = severe "It can be tried"
        }
      }
      decide swap-now "Swap now?" by employee {
        answer yes "Swap it now" -> next
        answer broken "It no longer starts" -> path rescue at most 2 times
      }
    }
    stage hand-over "Hand over" by desk on old {
      any order at most 2 at a time {
        step give "Hand it over" by courier with desk on new {
          needs backup
          do "Move the files" {
            turns on hold
          }
          notify employee "Your laptop is ready"
          for each part "Each part of it" at least 1 {
            do "Clean it"
          }
          no way back "The old disk is wiped"
          undo "Use the spare one"
          approved by employee
        }
      }
    }
    end done
  }
  path rescue "Rescue" {
    otherwise
    end lost
  }
}
"#;

pub(crate) fn sample_checklist() -> Checklist {
    list_of(&sample())
}

/// The sample with a text in every place that does all it can to break out.
pub(crate) fn hostile() -> Checklist {
    let bad = "<script>alert(1)</script> \" onload=\"x </style> [x](javascript:alert(1)) ![x](http://x/y.png) | \
               \n\n# x\n\n> y";
    let mut model = sample();
    model.title = Prose::text(bad);
    model.name = "\"; } </style><script>".to_string();
    model.roles.iter_mut().for_each(|role| role.title = bad.to_string());
    model.environments.iter_mut().for_each(|environment| environment.title = bad.to_string());
    model.artifacts.iter_mut().for_each(|artifact| artifact.title = bad.to_string());
    model.facts.iter_mut().for_each(|fact| fact.title = Prose::text(bad));
    for item in &mut model.items {
        item.title = Prose::text(bad);
        item.about = Some(Prose::text(bad));
        for line in &mut item.lines {
            match line {
                Line::Task(task) => task.text = Prose::text(bad),
                Line::Remark(remark) => {
                    remark.text = Prose::text(bad);
                    remark.kind = RemarkKind::Link { url: "javascript:alert(1)".to_string() };
                }
                _ => {}
            }
        }
    }
    list_of(&model)
}

pub(crate) fn sample() -> Model {
    resolved(SAMPLE)
}

pub(crate) fn resolved(text: &str) -> Model {
    let id = FileId(0);
    let parse = syntax::parse(text, id);
    assert!(parse.errors.is_empty(), "{:?}", parse.errors);
    let file = model::File { id, text, tree: &parse.tree };
    let resolved = model::resolve(&[file], false);
    assert!(resolved.findings.is_empty(), "{:?}", resolved.findings);
    resolved.model
}

fn list_of(model: &Model) -> Checklist {
    let mut sources = Sources::default();
    sources.add(SourceFile::new("laptop.vup", SAMPLE));
    checklist(model, &sources, model.paths().map(|(id, _)| id).next())
}

fn step<'a>(list: &'a Checklist, number: &str) -> &'a Step {
    let mut entries = list.blocks.iter().flat_map(|block| &block.entries);
    let found = entries.find_map(|entry| match entry {
        Entry::Step(step) if step.number == number => Some(step),
        _ => None,
    });
    found.expect("the sample has it")
}

#[test]
fn the_first_page_says_what_the_case_is() {
    let list = sample_checklist();
    let roles: Vec<_> =
        list.roles.iter().map(|role| (role.title.as_str(), role.depth, role.acts)).collect();
    assert_eq!(
        roles,
        [("IT", 0, false), ("Desk", 1, true), ("Courier", 1, true), ("Employee", 0, true)]
    );
    assert_eq!(list.outcomes, ["It works", "The old one stays"]);
    assert_eq!(list.goes_on, ["path Rescue"]);
    let asked: Vec<_> = list.case.questions.iter().map(|asked| asked.name.as_str()).collect();
    assert_eq!(asked, ["hop", "breaking", "damage"]);
    let assumed = list.case.assumptions[0].words.as_deref();
    assert_eq!(assumed, Some("OS it runs is older than or the same as OS to install"));
    assert_eq!(list.artifacts[0].made_in, ["1.1"]);
    assert_eq!(list.switches[0].turned_in, ["2.1.1 on"]);
    assert_eq!(list.hash.len(), 12);
}

#[test]
fn a_path_ends_only_where_its_own_items_lead() {
    let start = "process p \"P\" {\n version 1.0.0\n role r \"R\"\n outcome good \"Good\"\n outcome bad \"Bad\"\n \
                 outcome ugly \"Ugly\"\n fact easy \"Is it easy?\" : yes-no\n step \"Look\" by r\n";
    let paths = " path a \"A\" {\n when easy\n step \"Try\" by r\n go path c\n }\n path b \"B\" {\n \
                 otherwise\n decide d \"Done?\" by r {\n answer yes \"Yes\" -> end good\n answer \
                 no \"No\" -> path c\n }\n }\n path c \"C\" {\n end bad\n }\n}\n";
    let model = resolved(&format!("{start}{paths}"));
    let ends: Vec<_> = model
        .paths()
        .map(|(id, _)| checklist(&model, &Sources::default(), Some(id)))
        .map(|list| (list.outcomes.join(", "), list.goes_on.join(", ")))
        .collect();
    let expected = [("", "path C"), ("Good", "path C"), ("Bad", "")];
    assert_eq!(ends, expected.map(|(ends, on)| (ends.to_string(), on.to_string())));
}

#[test]
fn blocks_are_triage_stages_and_what_stands_between() {
    let list = sample_checklist();
    let heads: Vec<_> =
        list.blocks.iter().map(|b| (b.head.number.as_str(), b.before_paths)).collect();
    assert_eq!(heads, [("", true), ("1", false), ("2", false), ("", false)]);
    let entries = list.blocks.iter().flat_map(|block| &block.entries);
    let (open, close) = entries.fold((0, 0), |(open, close), entry| match entry {
        Entry::Open(_) => (open + 1, close),
        Entry::Close(_) => (open, close + 1),
        _ => (open, close),
    });
    assert_eq!((open, close), (2, 2));
}

#[test]
fn steps_say_who_when_and_where_to() {
    let list = sample_checklist();
    let step = |number| step(&list, number);
    assert_eq!(step("1.1").timing, ["takes 40 minutes", "at least 1 day before 1.3 Swap now?"]);
    assert_eq!(
        step("1.2").who.as_ref().map(|who| who.words.as_str()),
        Some("2 of Desk and Courier")
    );
    assert_eq!(
        step("1.2").conditions[0].words.as_deref(),
        Some("“How bad is the damage?” is not severe")
    );
    let ways =
        step("1.3").decision.as_ref().map(|decision| decision.ways.as_slice()).unwrap_or_default();
    let leads: Vec<_> = ways.iter().map(|way| way.leads_to.as_str()).collect();
    assert_eq!(leads, ["go on with stage 2 Hand over", "go to path Rescue"]);
    assert_eq!(step("2.1").conditions[0].words.as_deref(), Some("Courier takes part"));
    assert!(
        step("2.1").details.actions.iter().any(|action| matches!(action, Action::NoWayBack { .. }))
    );
}

#[test]
fn the_communication_plan_tells_who_tells_whom() {
    let list = sample_checklist();
    let [message] = list.messages.as_slice() else { panic!("one message") };
    assert_eq!((message.number.as_str(), message.when.as_str()), ("2.1.2", "2.1 Hand it over"));
    assert_eq!(message.from.as_ref().map(|who| who.words.as_str()), Some("Courier"));
    assert_eq!(message.to, ["Employee"]);
}

#[test]
fn json_is_versioned_and_the_same_each_time() {
    let text = json(&sample_checklist());
    assert!(text.starts_with("{\n  \"schema\": \"vup-checklist/1\","));
    assert_eq!(text, json(&sample_checklist()));
}

const TOLD: &str = r#"process told "Told" {
  version 1.0.0
  role it "IT"
  outcome done "Done"
  outcome off "Off"
  decide how "How?" by it {
    answer one "One way" -> next
    answer other "Another way" -> step all
  }
  step between "Between" by it {
    notify it "By one way"
  }
  step all "By both ways" by it {
    notify it "By both ways"
  }
  repeat until "It works" at most 3 times {
    decide again "Try once more?" by it {
      answer yes "Yes" -> step try
      answer later "Later" -> step try
      answer no "No" -> end off
    }
    step try "Try" by it {
      notify it "We try"
    }
  }
  end done
}
"#;

#[test]
fn a_message_depends_on_the_answer_that_leads_to_it() {
    let list = super::communication(list_of(&resolved(TOLD)));
    let depends = |number: &str| -> Vec<&str> {
        let message = list.messages.iter().find(|it| it.number == number).expect("it is told");
        message.conditions.iter().filter_map(|it| it.text.as_deref()).collect()
    };
    assert_eq!(depends("2.1"), ["1 How? – “One way”"]);
    // All answers lead there.
    assert_eq!(depends("3.1"), [""; 0]);
    assert_eq!(depends("5.1"), ["4 Try once more? – anything but “No”"]);
    // Nothing is known of the case, nor asked.
    assert!(!crate::emit::markdown::markdown(&list).contains("The case"));
}

const RULED_OUT: &str = r#"process claim "Claim" {
  version 1.0.0
  role clerk "Clerk"
  role customer "Customer" external
  fact fraud "Fraud?" : yes-no
  fact amount "Amount" : number 0..100
  outcome paid "Paid"
  outcome lapsed "Lapsed"
  outcome rejected "Rejected"
  decide full "Complete?" by clerk {
    answer yes "Yes" -> next
    answer no "No" -> end lapsed
  }
  decide proven "Is it fraud?" {
    when fraud -> step reject
    otherwise -> step survey
  }
  step reject "Reject" by clerk {
    notify customer "Sorry"
  }
  end rejected
  step survey "Survey" by clerk {
    when amount > 50
  }
  end paid
}
"#;

#[test]
fn what_the_facts_rule_out_is_not_asked_for_while_a_question_is_open() {
    let model = resolved(RULED_OUT);
    let fact = |name: &str| {
        let place = model.facts.iter().position(|it| it.name == name).expect("it is declared");
        model::FactId(place as u32)
    };
    let facts =
        [(fact("fraud"), model::Value::YesNo(false)), (fact("amount"), model::Value::Number(9))];
    let case = crate::plan::Case { facts: facts.into(), ..Default::default() };
    let run = crate::plan::run(&model, &crate::flow::lower(&model), &case);
    assert!(run.end.is_err(), "nobody has answered yet");
    let wanted = super::Wanted { case: Some((&case, &run)), ..Default::default() };
    let list = super::checklist_for(&model, &Sources::default(), &wanted);
    assert_eq!(
        step(&list, "3").not_applicable.as_deref(),
        Some("at 2 Is it fraud? it is so: “Fraud?” is no")
    );
    assert_eq!(step(&list, "4").not_applicable.as_deref(), Some("Amount is at most 50 (it is 9)"));
    assert!(list.messages.iter().all(|message| message.not_applicable.is_some()));
    assert_eq!(list.outcomes, ["Paid", "Lapsed"]);
    let entries = list.blocks.iter().flat_map(|block| &block.entries);
    let ends: Vec<&str> = entries
        .filter_map(|entry| match entry {
            Entry::Jump(jump) if jump.end => Some(jump.leads_to.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(ends, ["Paid"]);
}

const TWO_WAYS: &str = r#"process claim "Claim" {
  version 1.0.0
  role clerk "Clerk"
  role customer "Customer" external
  fact fraud "Fraud?" : yes-no later
  fact covered "Covered?" : yes-no later
  outcome paid "Paid"
  outcome lapsed "Lapsed"
  outcome rejected "Rejected"
  decide full "Complete?" by clerk {
    answer yes "Yes" -> next
    answer no "No" -> end lapsed
  }
  step look "Look" by clerk {
    learns fraud
    learns covered
  }
  decide proven "Is it fraud?" {
    when fraud -> step reject
    otherwise -> step survey
  }
  step survey "Survey" by clerk
  decide cover "Is it covered?" {
    when covered -> step pay
    otherwise -> step reject
  }
  step reject "Reject" by clerk {
    notify customer "Sorry"
  }
  decide object "Do they object?" by customer {
    answer yes "They do" -> step reject at most 2 times
    answer no "They do not" -> end rejected
  }
  step pay "Pay" by clerk {
    notify customer "We pay"
  }
  end paid
}
"#;

#[test]
fn a_message_to_which_several_decisions_lead_depends_on_one_of_them() {
    let list = super::communication(list_of(&resolved(TWO_WAYS)));
    let depends: Vec<_> =
        list.messages.iter().map(|it| it.conditions[0].text.as_deref().unwrap_or("")).collect();
    assert_eq!(
        depends,
        [
            "3 Is it fraud? – “Fraud?” is yes, or 5 Is it covered? – “Covered?” is no",
            "5 Is it covered? – “Covered?” is yes",
        ]
    );
}
