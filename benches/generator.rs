//! Processes of any size, all of one shape, for benches and tests.
//!
//! Stages of ten steps; every fifth step is a decision, and one of its branches goes back to the
//! first step of its stage. They compile without findings.

use std::fmt::Write;

/// A process of `steps` steps and decisions.
pub fn process(steps: usize) -> String {
    let mut text = String::with_capacity(steps * 150 + 400);
    text.push_str(
        "process generated \"A process of many steps\" {\n  version 1.0.0\n  owner lead\n\n  \
         role lead \"Lead\"\n  role worker \"Worker\"\n  environment site \"Site\"\n  \
         outcome done \"All is done\"\n\n",
    );
    let stages = steps.div_ceil(10).max(1);
    for stage in 1..=stages {
        let count = steps.saturating_sub((stage - 1) * 10).min(10);
        write_stage(&mut text, stage, count);
    }
    text.push_str("  end done\n}\n");
    text
}

/// The edition after that of [`process`]: one step in the middle has another title.
#[allow(dead_code, reason = "the tests have no use for it")]
pub fn renamed(steps: usize) -> String {
    let stage = steps.div_ceil(10).max(1) / 2 + 1;
    process(steps).replacen(
        &format!("\"Task 2 of stage {stage}\""),
        &format!("\"The second task of stage {stage}\""),
        1,
    )
}

/// Another edition after it: each stage has another name and title.
#[allow(dead_code, reason = "the tests have no use for it")]
pub fn reworked(steps: usize) -> String {
    process(steps).replace("  stage s", "  stage part-").replace("\"Stage ", "\"Part ")
}

fn write_stage(text: &mut String, stage: usize, steps: usize) {
    let _ = writeln!(text, "  stage s{stage} \"Stage {stage}\" by worker on site {{");
    for step in 1..=steps {
        match step % 5 {
            0 => write_decide(text, step),
            _ => {
                let _ = writeln!(text, "    step t{step} \"Task {step} of stage {stage}\" {{");
                let _ = writeln!(text, "      do \"Take up what was left over\"");
                let _ = writeln!(text, "      do \"Write down what was found\" with lead");
                let _ = writeln!(text, "      takes 20 minutes\n    }}");
            }
        }
    }
    text.push_str("  }\n");
}

fn write_decide(text: &mut String, step: usize) {
    let _ = writeln!(text, "    decide d{step} \"Good enough?\" by lead {{");
    let _ = writeln!(text, "      answer yes \"It is\" -> next");
    let _ = writeln!(text, "      answer again \"Not yet\" -> step t1 at most 3 times\n    }}");
}

/// A text of at least `bytes` bytes: a real process, written again and again.
#[allow(dead_code, reason = "the tests have no use for it")]
pub fn repeated(process: &str, bytes: usize) -> String {
    process.repeat(bytes.div_ceil(process.len()))
}
