//! `vup test`: what is said of scenarios, and what of what they come by.

#[path = "support/program.rs"]
mod program;

use program::{code, err, folder, out, vup};
use quick_junit::{NonSuccessKind, Report, TestCaseStatus};

/// Two paths, a decision with three answers, a step that may be passed by for three reasons.
const PARCEL: &str = r#"process parcel "Parcel" {
  version 1.0.0
  role packer "Packer"
  role courier "Courier" optional
  outcome sent "It is sent"
  outcome kept "It is kept"
  fact heavy "Is it heavy?" : yes-no
  fact abroad "Does it go abroad?" : yes-no
  step pack "Pack it" by packer {
    when "It is not packed yet"
  }
  path by-hand "By hand" {
    when not heavy
    step carry "Carry it" by courier {
      skip when abroad
      skip by packer when not abroad
      when "It is near"
    }
    decide again "Once more?" by packer {
      answer yes "Yes" -> step carry
      answer no "No" -> end sent
      after 3 days -> end kept
    }
  }
  path by-cart "By cart" {
    otherwise
    step push "Push the cart" by packer
    end sent
  }
"#;

const GOOD: &str = r#"  scenario "a light one" {
    given not heavy
    given not abroad
    given courier takes part
    answer again no
    expect step carry
    expect end sent
  }
"#;

/// Expects what does not happen, and has no answer.
const BAD: &str = r#"  scenario "a heavy one, <carried> & gone" {
    given heavy
    expect path by-hand
    expect end sent
  }
  scenario "no answer" {
    given not heavy
    given abroad
    given not courier takes part
    expect end sent
  }
"#;

fn with(scenarios: &str) -> String {
    format!("{PARCEL}{scenarios}}}\n")
}

#[test]
fn scenarios_are_told_with_what_none_of_them_comes_by() {
    let folder = folder(&[("parcel.vup", &with(GOOD)), ("roles.vup", "role clerk \"Clerk\"\n")]);
    let output = vup(folder.path(), &["test"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let expected = "\
“Parcel” (parcel.vup)
  ok      a light one

  what the scenarios come by
    paths         1 of 2 (50 %); not these:
      parcel.vup:25: path By cart
    outcomes      1 of 2 (50 %); not these:
      parcel.vup:6: It is kept
    steps         3 of 4 (75 %); not these:
      parcel.vup:27: 1 Push the cart (in path By cart)
    branches      1 of 3 (33 %); not these:
      parcel.vup:20: 2 Once more? (in path By hand) → the answer “Yes”
      parcel.vup:22: 2 Once more? (in path By hand) → no answer after 3 days
    skip reasons  0 of 2 (0 %); not these:
      parcel.vup:15: 1 Carry it (in path By hand) does not apply: “Does it go abroad?” is yes
      parcel.vup:14: 1 Carry it (in path By hand) does not apply: Courier does not take part

";
    assert_eq!(out(&output), expected);
    assert_eq!(err(&output), "1 process, 1 scenario: all ok\n");
}

#[test]
fn a_scenario_that_fails_says_why_as_check_does() {
    let folder = folder(&[("parcel.vup", &with(&format!("{GOOD}{BAD}")))]);
    let output = vup(folder.path(), &["test", "parcel.vup"]);
    assert_eq!(code(&output), 1);
    let told = out(&output);
    for line in [
        "  ok      a light one\n",
        "  failed  a heavy one, <carried> & gone\n          parcel.vup:40: the path `by-hand` does \
         not happen in this scenario\n          it goes: A Pack it → 1 Push the cart → end sent\n",
        "  failed  no answer\n          parcel.vup:43: the scenario has no answer for \
         `by-hand.again`\n          add an `answer` line for it; it goes: A Pack it → 2 Once more? → it \
         stops\n",
        "  what the scenarios come by, without those that failed\n",
        "    paths         1 of 2 (50 %); not these:\n      parcel.vup:25: path By cart\n",
    ] {
        assert!(told.contains(line), "{line}\nis not in\n{told}");
    }
    assert_eq!(err(&output), "1 process, 3 scenarios: 1 ok, 2 failed\n");
    let check = out(&vup(folder.path(), &["check", "--format", "json"]));
    for message in ["the path `by-hand` does not happen", "the scenario has no answer for"] {
        assert!(check.contains(message), "{check}");
    }
}

#[test]
fn percent_is_never_rounded_up() {
    let many: String = (0..999).map(|_| "  step \"One\" by packer\n").collect();
    let scenario = "  scenario \"short\" {\n    answer more no\n    expect end sent\n  }\n}\n";
    let text = format!(
        "process p \"P\" {{\n  version 1.0.0\n  role packer \"Packer\"\n  outcome sent \"Sent\"\n{many}  \
         decide more \"More?\" by packer {{\n    answer yes \"Yes\" -> next\n    answer no \"No\" -> \
         end sent\n  }}\n  step \"Last\" by packer\n  end sent\n{scenario}"
    );
    let folder = folder(&[("p.vup", &text)]);
    let told = out(&vup(folder.path(), &["test"]));
    assert!(told.contains("steps         1000 of 1001 (99 %)"), "{told}");
}

#[test]
fn results_as_json() {
    let folder = folder(&[("parcel.vup", &with(BAD))]);
    let output = vup(folder.path(), &["test", "--format", "json"]);
    assert_eq!(code(&output), 1);
    let report: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(report["schema"], "vup-test/1");
    assert_eq!((&report["ok"], &report["failed"]), (&false.into(), &2.into()));
    let process = &report["processes"][0];
    assert_eq!(process["scenarios"][0]["failures"][0]["line"], 32);
    assert_eq!(process["scenarios"][0]["end"], "sent");
    assert_eq!(process["scenarios"][1]["end"], serde_json::Value::Null);
    let branches = &process["coverage"][3];
    assert_eq!((&branches["what"], &branches["covered"]), (&"branches".into(), &0.into()));
    assert_eq!(branches["missed"][2]["line"], 22);
    let again = vup(folder.path(), &["test", "--format", "json"]);
    assert_eq!(out(&output), out(&again));
}

#[test]
fn results_as_junit_xml() {
    let wrong = PARCEL.replace("by packer\n    end", "by paker\n    end");
    let wrong = format!("{}}}\n", wrong.replace("parcel", "broken"));
    let folder = folder(&[("parcel.vup", &with(&format!("{GOOD}{BAD}"))), ("z.vup", &wrong)]);
    let output = vup(folder.path(), &["test", "--format", "junit"]);
    assert_eq!(code(&output), 1);
    let report = Report::deserialize_from_str(&out(&output)).expect("JUnit XML");
    assert_eq!((report.tests, report.failures, report.errors), (4, 2, 1));
    let [parcel, broken] = report.test_suites.as_slice() else { panic!("two suites") };
    assert_eq!((parcel.name.as_str(), broken.name.as_str()), ("parcel", "broken"));
    let failed = &parcel.test_cases[1];
    assert_eq!(failed.name.as_str(), "a heavy one, <carried> & gone");
    let TestCaseStatus::NonSuccess { kind, message, description, .. } = &failed.status else {
        panic!("it failed")
    };
    assert_eq!(*kind, NonSuccessKind::Failure);
    let message = message.as_ref().expect("there is one").as_str();
    assert_eq!(message, "the path `by-hand` does not happen in this scenario");
    let description = description.as_ref().expect("there is one").as_str();
    assert!(description.contains("parcel.vup:40: "), "{description}");
    let TestCaseStatus::NonSuccess { kind, message, .. } = &broken.test_cases[0].status else {
        panic!("it has errors")
    };
    assert_eq!(*kind, NonSuccessKind::Error);
    let message = message.as_ref().expect("there is one").as_str();
    assert_eq!(message, "z.vup:27: there is no role `paker`");
}

#[test]
fn processes_that_cannot_be_tried() {
    let wrong = with(GOOD).replace("by packer\n    end", "by paker\n    end");
    let files =
        [("bare.vup", with("")), ("wrong.vup", wrong), ("roles.vup", "role a \"A\"\n".into())];
    let files: Vec<(&str, &str)> =
        files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = folder(&files);
    let output = vup(folder.path(), &["test", "bare.vup"]);
    assert_eq!(code(&output), 0);
    let says = "“Parcel” (bare.vup)\n  it has no scenarios: nothing of it is tried\n";
    assert!(out(&output).starts_with(says), "{}", out(&output));

    let output = vup(folder.path(), &["test"]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).contains("there is no role `paker`"), "{}", out(&output));
    assert!(out(&output).contains("cannot be tried before this is mended"), "{}", out(&output));
    assert_eq!(err(&output), "2 processes, 0 scenarios; 1 process has errors\n");

    let output = vup(folder.path(), &["test", "roles.vup"]);
    assert_eq!(code(&output), 3);
    assert!(err(&output).contains("roles.vup describes no process"), "{}", err(&output));
    assert_eq!(code(&vup(folder.path(), &["test", "gone.vup", "bare.vup"])), 4);
    assert_eq!(code(&vup(&folder.path().join("."), &["test", "--format", "xml"])), 2);
}

#[test]
fn the_real_processes_pass() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = vup(&root.join("processes"), &["test"]);
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert_eq!(err(&output), "4 processes, 21 scenarios: all ok\n");
}
