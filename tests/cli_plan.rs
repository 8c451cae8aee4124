//! `vup plan`: how one case goes, what is asked, and what is refused.

#[path = "support/program.rs"]
mod program;

use program::{code, err, folder, out, vup, vup_told};
use serde_json::Value;

/// Facts that are known, that follow, and that are found out; a catalogue; two paths, one that a
/// decision leads to; work that does not apply for every reason there is.
const MOVE: &str = r#"process move "Move the shop" {
  version 1.0.0
  role clerk "Clerk"
  role helper "Helper" optional
  environment shop "Shop" uses till
  resource till "Till" live
  versions from "What runs" to "What comes"
  assume from < to "We never go back"
  release 2.0.0 breaking "New receipts"
  release 2.5.0 required stop "Converts"
  release 3.0.0 required stop when crowded "Heavy"
  release 4.0.0 breaking
  fact crowded "Is it crowded?" : yes-no
  fact size "How much is there?" : scale little < much later
  fact weight "Weight" : number 0.0..9.9
  fact hard "Is it hard?" = size = much and crowded
  trigger call "Somebody calls"
  trigger visit "Somebody comes"
  outcome done "Done with {size}"
  outcome not-done "Not done"
  step look "Look at {from}" by clerk {
    learns size
  }
  path quick "Quickly" by clerk with helper on shop {
    when hop <= minor "It is a small hop"
    when size = little
    step carry "Carry" {
      do "Ring" {
        when trigger = call
      }
      do "Wait" {
        when "Nobody answers"
      }
    }
    step hold "Hold the door" by helper
    decide fine "Fine?" {
      answer yes "It is" -> next
      answer no "It is not" -> path slow
      after 3 days -> end not-done
    }
    end done
  }
  path slow "Slowly" by clerk {
    otherwise
    stage pack "Pack" {
      when crowded "Nobody else packs"
      step box "Box it"
      step label "Label it" {
        when hard
      }
    }
    step weigh "Weigh it" {
      skip when weight < 1.5 "It is light"
      skip by clerk when "The scale is broken"
    }
    repeat until "It fits" at most 4 times {
      step push "Push" {
        when "It sticks"
      }
    }
    decide again "Again?" {
      answer once-more "Once more" -> step push at most 2 times
      answer enough "Enough" -> step close
      answer leave "Leave it" -> next
    }
    step never-mind "Never mind"
    step close "Close it: {again}"
    end done
  }
}
"#;

#[test]
fn a_case_that_is_known_is_told_to_its_end() {
    let folder = folder(&[("move.vup", MOVE)]);
    let args = "plan move.vup --from 1.4.0 --to 3.1.0 --given crowded=no --given size=much --given \
                weight=1.4 --answer again=once-more,enough";
    let output = vup(folder.path(), &args.split_whitespace().collect::<Vec<_>>());
    assert_eq!(code(&output), 0, "{}", err(&output));
    let expected = "\
Move the shop

What is known
  What runs is 1.4.0
  What comes is 3.1.0
  The size of the hop is major
  There are breaking changes between the two versions
  “Is it crowded?” is no
  “How much is there?” is much
  Weight is 1.4

The way between the versions
  From 1.4.0 to 2.5.0 (Converts), a required stop
  From 2.5.0 to 3.1.0
  Breaking on the way: 2.0.0 (New receipts)

The path: Slowly
  It is for the cases that no other path is for

Not the path: Quickly
  It asks for what does not hold:
  - It is a small hop (the size of the hop is major)
  - “How much is there?” is little (“How much is there?” is much)

What is done
  A Look at 1.4.0 — Clerk

  Path: Slowly
    Repeat until this is so: It fits (at most 4 times)
      3 Push (2 times) — Clerk
          only if: It sticks
    4 Again? (2 times) — Clerk
        → Once more (go to 3 Push)
        → Enough
    6 Close it: Enough — Clerk

What does not apply
  1 Pack — “Is it crowded?” is no
  2 Weigh it — It is light (Weight is less than 1.5 (it is 1.4))
  5 Never mind — at 4 Again? the answer is: Enough

How it ends
  Done with much

This is how it goes when nothing unforeseen happens: what stands after “only if” is so, nothing \
that may be left out is, and no event comes in between.
";
    assert_eq!(out(&output), expected);
}

#[test]
fn a_path_may_lead_to_another_and_roles_may_be_absent() {
    let folder = folder(&[("move.vup", MOVE)]);
    let args = [
        "plan",
        "move.vup",
        "--from",
        "1.0.0",
        "--to",
        "1.1.0",
        "--given",
        "size=little",
        "--given",
        "not helper takes part",
        "--trigger",
        "visit",
        "--answer",
        "fine=no",
        "--given",
        "crowded",
        "--given",
        "weight=2",
        "--answer",
        "again=enough",
    ];
    let output = vup(folder.path(), &args);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let told = out(&output);
    for part in [
        "The path: Quickly\n  It is a small hop (the size of the hop is minor)\n",
        "Not the path: Slowly\n  It is only for the cases that no other path is for\n",
        "    1 Carry — Clerk, on Shop (live)\n",
        "    3 Fine? — Clerk, on Shop (live)\n        → It is not\n",
        "  Path: Slowly, since at 3 Fine? the answer is: It is not\n",
        "    2 Weigh it — Clerk\n        Clerk may leave it out if: The scale is broken\n",
        "  1.1 Ring (in path Quickly) — started by: “Somebody comes”\n",
        "  2 Hold the door (in path Quickly) — Helper does not take part\n",
        "The way between the versions\n  From 1.0.0 to 1.1.0\n",
    ] {
        assert!(told.contains(part), "{part}\nis not in\n{told}");
    }
}

#[test]
fn only_what_decides_something_is_asked() {
    let folder = folder(&[("move.vup", MOVE)]);
    let plan = |args: &str| {
        let args = format!("plan move.vup {args}");
        let output = vup(folder.path(), &args.split_whitespace().collect::<Vec<_>>());
        assert_eq!(code(&output), 0, "{}", err(&output));
        out(&output)
    };
    // The hop decides the path, whatever the size.
    let told = plan("--from 1.0.0 --to 2.0.0");
    assert!(told.contains("The path: Slowly\n"), "{told}");
    assert!(!told.contains("size=VALUE"), "{told}");
    assert!(told.contains("how it goes on at 1 Pack\n  Is it crowded? (yes or no)\n"), "{told}");

    let told = plan("--from 1.0.0 --to 1.1.0");
    let asks = "\nStill to be known: which path is taken\n  How much is there? (little or much)\n    It \
                is found out in A Look at ________\n    --given size=VALUE\n\nThis is how";
    assert!(told.contains(asks), "{told}");
    assert!(told.contains("Perhaps the path: Quickly\n  holds: It is a small hop"), "{told}");
    assert!(!told.contains("crowded"), "the way stops at 3.0.0 in no case: {told}");

    let told = plan("--from 2.9.0 --to 3.0.1");
    let stop = "From 2.9.0 to 3.0.0 (Heavy), perhaps a required stop: that is still open";
    assert!(told.contains(stop), "{told}");

    let told = plan("--from 1.0.0 --to 1.1.0 --given size=little");
    let asks = "how it goes on at 2 Hold the door\n  Helper takes part (yes or no)\n    --given \
                \"helper takes part=VALUE\"\n\nThis is how";
    assert!(told.contains(asks), "{told}");
    assert!(!told.contains("--trigger"), "it decides about a task that changes nothing: {told}");
}

#[test]
fn a_decision_that_is_open_is_told_with_its_answers() {
    let folder = folder(&[("move.vup", MOVE)]);
    let args = "plan move.vup --from 1.0.0 --to 2.0.0 --given size=much --given crowded --given weight=9.9 --answer \
                again=once-more --format json";
    let output = vup(folder.path(), &args.split_whitespace().collect::<Vec<_>>());
    let plan: Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(plan["schema"], "vup-plan/1");
    assert_eq!((&plan["complete"], &plan["end"]), (&false.into(), &Value::Null));
    let ask = &plan["asks"][0];
    assert_eq!((&ask["ask"], &ask["name"]), (&"answer".into(), &"again".into()));
    assert_eq!(ask["asked"], 2);
    assert_eq!(ask["answers"][1]["name"], "enough");
    assert_eq!(ask["answers"][1]["leads_to"], "go to 6 Close it: ________");
    assert_eq!(plan["path"]["name"], "slow");
    assert_eq!(plan["others"][0]["conditions"][0]["holds"], false);
    let known = plan["known"].as_array().expect("a list");
    let hop = known.iter().find(|known| known["name"] == "hop").expect("it follows");
    assert_eq!((&hop["value"], &hop["follows"]), (&"major".into(), &true.into()));
    let again = vup(folder.path(), &args.split_whitespace().collect::<Vec<_>>());
    assert_eq!(out(&output), out(&again), "the same bytes again");
}

#[test]
fn answers_that_nobody_asks_for_are_told() {
    const TEA: &str = r#"process tea "Tea" {
  version 1.0.0
  role host "Host"
  fact late "Is it late?" : yes-no
  outcome drunk "Drunk"
  outcome cold "It is cold"
  decide sugar "Sugar?" by host {
    when not late
    event guest "A guest comes" -> next
    answer yes "Yes" -> next
    answer no "No" -> next
  }
  decide good "Is it good?" by host {
    answer yes "Yes" -> next
    answer again "Make it again" -> step good at most 3 times
  }
  end drunk
}
"#;
    let folder = folder(&[("tea.vup", TEA)]);
    for (args, says) in [
        (
            "--given late --answer sugar=yes --answer good=yes",
            "warning: `sugar` is answered, and not asked in this case\n",
        ),
        (
            "--given late --answer good=yes --answer good=again",
            "warning: `good` is asked once in this case, and has more answers\n",
        ),
        ("--given late --answer sugar=yes", ""),
        ("--given late=no --answer sugar=yes --answer good=again --answer good=yes", ""),
    ] {
        let args: Vec<&str> = args.split_whitespace().collect();
        for command in ["plan", "checklist", "diagram"] {
            let output = vup(folder.path(), &[&[command, "tea.vup"], args.as_slice()].concat());
            assert_eq!((code(&output), err(&output).as_str()), (0, says), "{command} {args:?}");
        }
    }
}

#[test]
fn what_is_wrong_is_told_with_what_was_meant() {
    let folder =
        folder(&[("move.vup", MOVE), ("tea.vup", "process tea \"Tea\" {\n  version 1.0.0\n}\n")]);
    for (file, args, says) in [
        ("move", ["--from", "1.4"].as_slice(), "`from` is never `1.4`; did you mean `1.4.0`?"),
        ("move", &["--from", "2.0.0", "--to", "1.0.0"], "this case cannot occur: We never go back"),
        ("move", &["--given", "szie=much"], "there is no fact `szie`; did you mean `size`?"),
        (
            "move",
            &["--given", "size=mcuh"],
            "did you mean `much`? its values are `little` and `much`",
        ),
        ("move", &["--given", "size"], "`size` needs a value; its values are `little` and `much`"),
        ("move", &["--given", "size>=much"], "a fact is given with `=` and one value"),
        ("move", &["--given", "size>little"], "a fact is given with `=` and one value"),
        ("move", &["--given", "weight=1.25"], "from 0.0 to 9.9, with one decimal at most"),
        ("move", &["--given", "weight=+1"], "`weight` is never `+1`"),
        ("move", &["--given", "weight=10"], "its values are the numbers from 0.0 to 9.9"),
        ("move", &["--given", "hard"], "it follows from other facts; give `crowded` and `size`"),
        ("move", &["--given", "breaking"], "it follows from the versions and the releases"),
        ("move", &["--given", "helper"], "`helper` is a role: write `helper takes part`"),
        ("move", &["--given", "call"], "`call` is a trigger: write `trigger=call`"),
        ("move", &["--given", "fine=yes"], "its answer is given as `--answer fine=…`"),
        (
            "move",
            &["--given", "crowded", "--given", "not crowded"],
            "given twice: as `yes` and as `no`",
        ),
        ("move", &["--trigger", "vist"], "did you mean `visit`?"),
        ("move", &["--answer", "fien=yes"], "there is no decision `fien`; did you mean `fine`?"),
        (
            "move",
            &["--answer", "fine=yse"],
            "did you mean `yes`? its answers are `yes`, `no` and `timeout`",
        ),
        ("move", &["--answer", "fine"], "an answer is given as `DECISION=ANSWER`"),
        (
            "move",
            &["--from", "1.0.0", "--to", "1.1.0", "--given", "hop=major"],
            "the hop between these versions is not `major`",
        ),
        (
            "move",
            &[
                "--from",
                "1.0.0",
                "--to",
                "2.0.0",
                "--given",
                "crowded",
                "--given",
                "weight=2",
                "--given",
                "size=much",
                "--answer",
                "again=once-more,once-more,once-more",
            ],
            "the answer `once-more` to `again` is used up",
        ),
        ("tea", &["--from", "1.0.0"], "the process has no versions; leave --from out"),
        ("tea", &["--trigger", "call"], "the process declares no triggers"),
        ("tea", &["--given", "a=b"], "there is no fact `a`; the process has no facts"),
        ("tea", &["--answer", "a=b"], "there is no decision `a`; the process has no decisions"),
    ] {
        let file = format!("{file}.vup");
        let args: Vec<&str> = ["plan", file.as_str()].iter().chain(args).copied().collect();
        let output = vup(folder.path(), &args);
        assert_eq!(code(&output), 2, "{args:?}: {}", out(&output));
        assert_eq!(out(&output), "", "{args:?}");
        assert!(err(&output).contains(says), "{args:?}: {}", err(&output));
    }
    assert_eq!(code(&vup(folder.path(), &["plan", "gone.vup"])), 4);
}

#[test]
fn it_asks_at_the_terminal_until_it_knows() {
    let folder = folder(&[("move.vup", MOVE)]);
    let args = ["plan", "move.vup", "--from", "2.6.0", "--ask"];
    // `to` is too low, then no version; the size is misspelt; the answer is used up.
    let typed =
        "2.5.0\n3\n3.0.0\nyes\nmcuh\nmuch\n2.0\nagain\nonce-more\nonce-more\nonce-more\nenough\n";
    let output = vup_told(folder.path(), &args, typed);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let asked = err(&output);
    for says in [
        "What comes (a version)\n  It decides which path is taken\n",
        "this case cannot occur: We never go back\n",
        "`to` is never `3`; did you mean `3.0.0`?",
        "Is it crowded? (yes or no)\n  It decides how it goes on at 1 Pack\n",
        "4 Again? (in path Slowly)\n  once-more: Once more\n  enough: Enough\n",
        "`size` is never `mcuh`; did you mean `much`?",
        "`again` is never answered `again`",
        "the answer `once-more` to `again` is used up",
    ] {
        assert!(asked.contains(says), "{says}\nis not in\n{asked}");
    }
    assert!(out(&output).contains("How it ends\n  Done with much\n"), "{}", out(&output));

    let output = vup_told(folder.path(), &args, "3.0.0\n");
    assert_eq!((code(&output), out(&output).as_str()), (2, ""));
    let says = "the input ended where `crowded` was asked for";
    assert!(err(&output).contains(says), "{}", err(&output));
    let output = vup_told(folder.path(), &["plan", "-", "--ask"], MOVE);
    assert_eq!(code(&output), 2, "{}", out(&output));
    let output = vup_told(folder.path(), &["plan", "-"], MOVE);
    assert_eq!(code(&output), 0, "{}", err(&output));
}

/// What somebody would send on, of each of the real processes.
#[test]
fn plans_of_the_real_processes() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for (name, args) in [
        (
            "version-update",
            "--from 4.2.0 --to 5.0.0 --given client-work=critical --given breaking --given \
             compatibility-work=yes --answer after-preparation=roll-out --answer \
             approve-publish=fix,approve",
        ),
        ("cluster-upgrade", "--from 3.6.2 --to 5.0.0"),
        (
            "cluster-upgrade",
            "--trigger planned --from 3.6.2 --to 5.0.0 --given disk-free=40.0 --given driver=4.0.0 --given \
             coordination=keeper --given nodes=7 --given load=high --given healthy --given lag=0.5 \
             --given vendor\u{a0}takes\u{a0}part=no --answer window=agree --answer go-live=go",
        ),
        ("major-incident", "--trigger complaint --given severity=sev2 --given suspect=change"),
        (
            "release-vote",
            "--given failures=0 --given coverage=71.5 --given kind=fix --given embargo=no",
        ),
    ] {
        let file = format!("processes/{name}.vup");
        let words: Vec<String> = args.split(' ').map(|word| word.replace('\u{a0}', " ")).collect();
        let words = words.iter().map(String::as_str);
        let all: Vec<&str> = ["plan", file.as_str()].into_iter().chain(words).collect();
        let output = vup(root, &all);
        assert_eq!(code(&output), 0, "{}", err(&output));
        let part = if args.contains("disk-free") { "-begun" } else { "" };
        insta::assert_snapshot!(format!("plan-{name}{part}"), out(&output));
    }
}

#[test]
fn the_other_branches_of_any_order_are_still_to_come() {
    let text = "process p \"P\" {\n  version 1.0.0\n  role clerk \"Clerk\"\n  role lab \"Lab\" optional\n  \
                any order \"Look\" {\n    step a \"A\" by lab\n    step b \"B\" by clerk\n  }\n  \
                step c \"C\" by clerk\n}\n";
    let folder = folder(&[("p.vup", text)]);
    let told = vup(folder.path(), &["plan", "p.vup"]);
    assert!(out(&told).contains("Still to be known: how it goes on at 1 A"), "{}", out(&told));
    assert!(!out(&told).contains("does not apply"), "{}", out(&told));
}

#[test]
fn a_decision_is_known_by_its_number_where_that_is_of_one() {
    let folder = folder(&[("move.vup", MOVE)]);
    let plan = |again: &str| {
        let args = format!(
            "plan move.vup --from 1.4.0 --to 3.1.0 --given crowded=no --given size=much --given \
             weight=1.4 --answer {again}=once-more,enough"
        );
        vup(folder.path(), &args.split_whitespace().collect::<Vec<_>>())
    };
    let named = out(&plan("again"));
    let number = named.lines().find(|line| line.contains("Again?")).expect("it is asked");
    let number = number.split_whitespace().find(|word| word.starts_with(char::is_numeric));
    let number = number.expect("it has a number");
    assert_eq!(out(&plan(number)), named);
    assert!(err(&plan("77")).contains("there is no decision `77`"));
}

#[test]
fn a_role_that_takes_no_part_is_in_no_plan_and_no_picture_of_the_case() {
    let text = r#"process p "P" {
  version 1.0.0
  role clerk "Clerk"
  role lawyer "Lawyer" optional
  step sign "Sign it" by all of clerk, lawyer
  decide fine "Fine?" by any of clerk, lawyer {
    answer yes "Yes" -> next
  }
}
"#;
    let folder = folder(&[("p.vup", text)]);
    let absent = ["p.vup", "--given", "not lawyer takes part"];
    for (command, says) in [("plan", "1 Sign it — Clerk\n"), ("diagram", "1 Sign it<br/>Clerk")] {
        let mut args = [&[command], absent.as_slice()].concat();
        args.extend(["--format", "mermaid"].iter().filter(|_| command == "diagram"));
        let output = vup(folder.path(), &args);
        let told = out(&output);
        assert!(told.contains(says), "{command}: {told}{}", err(&output));
        assert!(!told.contains("all of") && !told.contains("any of"), "{command}: {told}");
    }
}
