//! The run that shows a finding, in words.

use super::{RunKind, RunStep};

/// Of a longer run, the middle is left out.
const MOST_LINES: usize = 14;

/// So many lines stay at its beginning and at its end.
const FIRST: usize = 3;
const LAST: usize = 9;

/// A line for each thing. What is passed by one after the other is told together, and of a long run
/// what the finding speaks of stays.
pub fn in_words(run: &[RunStep]) -> Vec<String> {
    let mut lines: Vec<(String, bool)> = Vec::new();
    for steps in run.chunk_by(|one, next| is_passed(one) && is_passed(next)) {
        match steps {
            [first, .., last] if steps.len() > 2 && !steps.iter().any(|step| step.marked) => {
                let (from, to) = (&first.text, &last.text);
                let beside = steps.len() - 2;
                lines.push((format!("{from}, {to} and {beside} between do not apply"), false));
            }
            _ => lines.extend(steps.iter().map(|step| (line(step), step.marked))),
        }
    }
    shortened(lines)
}

fn is_passed(step: &RunStep) -> bool {
    step.kind == RunKind::PassedBy
}

fn line(step: &RunStep) -> String {
    match step.kind {
        RunKind::PassedBy => format!("{}: does not apply", step.text),
        RunKind::Skipped => format!("{}: is skipped", step.text),
        RunKind::Done | RunKind::Decided | RunKind::Event | RunKind::End => step.text.clone(),
    }
}

fn shortened(lines: Vec<(String, bool)>) -> Vec<String> {
    let count = lines.len();
    let mut told = Vec::new();
    let mut left_out = 0;
    for (index, (line, marked)) in lines.into_iter().enumerate() {
        let middle = (FIRST..count.saturating_sub(LAST)).contains(&index);
        if count > MOST_LINES && middle && !marked {
            left_out += 1;
            continue;
        }
        if left_out > 0 {
            told.push(format!("… {left_out} more …"));
            left_out = 0;
        }
        told.push(line);
    }
    told
}
