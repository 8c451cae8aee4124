//! What would change in a text, as a unified diff.
//!
//! Lines are matched by what they say, whatever the space in them: a text of which every line is indented
//! otherwise is compared as fast as one of which a single line is, and each line stands beside what it
//! becomes.

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};
use std::fmt::Write;
use std::ops::Range;

/// So many lines are shown around what changes.
const AROUND: usize = 3;

/// Empty where nothing changes.
pub fn unified(name: &str, before: &str, after: &str) -> String {
    let lines =
        |text: &'_ str| -> Vec<String> { text.split_inclusive('\n').map(str::to_string).collect() };
    let (old, new) = (lines(before), lines(after));
    let mut out = String::new();
    for hunk in group_diff_ops(ops(&old, &new), AROUND) {
        if out.is_empty() {
            let _ = writeln!(out, "--- {name}\n+++ {name}");
        }
        let _ = writeln!(out, "{}", similar::udiff::UnifiedHunkHeader::new(&hunk));
        for op in hunk {
            let (gone, come) = (lines_in(&old, op.old_range()), lines_in(&new, op.new_range()));
            if op.tag() == DiffTag::Equal {
                write_lines(&mut out, ' ', gone);
            } else {
                write_lines(&mut out, '-', gone);
                write_lines(&mut out, '+', come);
            }
        }
    }
    out
}

fn lines_in(lines: &[String], range: Range<usize>) -> &[String] {
    lines.get(range).unwrap_or_default()
}

fn write_lines(out: &mut String, sign: char, lines: &[String]) {
    for line in lines {
        out.push(sign);
        out.push_str(line);
        if !line.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// What stays, and what is put in place of what; never two of the latter in a row.
fn ops(old: &[String], new: &[String]) -> Vec<DiffOp> {
    let said = |lines: &[String]| -> Vec<String> {
        let said = |line: &String| line.split_whitespace().collect();
        lines.iter().map(said).collect()
    };
    let mut ops = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &said(old), &said(new)) {
        if op.tag() != DiffTag::Equal {
            push(&mut ops, op.old_range(), op.new_range(), false);
            continue;
        }
        for (at, to) in op.old_range().zip(op.new_range()) {
            push(&mut ops, at..at + 1, to..to + 1, old.get(at) == new.get(to));
        }
    }
    ops
}

/// Adds to the last operation, where it is of the same kind.
fn push(ops: &mut Vec<DiffOp>, old: Range<usize>, new: Range<usize>, is_same: bool) {
    match ops.last_mut() {
        Some(DiffOp::Equal { len, .. }) if is_same => *len += old.len(),
        Some(DiffOp::Replace { old_len, new_len, .. }) if !is_same => {
            *old_len += old.len();
            *new_len += new.len();
        }
        _ => ops.push(match is_same {
            true => DiffOp::Equal { old_index: old.start, new_index: new.start, len: old.len() },
            false => DiffOp::Replace {
                old_index: old.start,
                old_len: old.len(),
                new_index: new.start,
                new_len: new.len(),
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn a_line_stands_beside_what_it_becomes() {
        let before = "a\n  b\nc\n\n\nd\ne";
        let after = "a\nb\n  c\n\nd\ne\n";
        let told = "--- p.vup\n+++ p.vup\n@@ -1,7 +1,6 @@\n a\n-  b\n-c\n+b\n+  c\n \n-\n d\n-e\n\\ No newline at \
                    end of file\n+e\n";
        assert_eq!(unified("p.vup", before, after), told);
        assert_eq!(unified("p.vup", before, before), "");
    }

    #[test]
    fn a_text_that_is_new_line_by_line_takes_no_longer_than_its_lines() {
        let line = |at: usize| format!("line {at} {{\n}}\n");
        let before: String = (0..20_000).map(line).collect();
        let after: String = before.lines().map(|line| format!("  {line}\n")).collect();
        let told = unified("p.vup", &before, &after);
        assert_eq!(told.lines().count(), 3 + 2 * 40_000);
    }
}
