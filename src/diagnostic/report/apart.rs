//! Labels that overlap, made to stand beside each other.
//!
//! miette draws a label that overlaps another at the end of the line, where it points at nothing. So the
//! wider of two gives way: it ends where the narrower starts, or starts where that ends. Two at one place
//! become one.

use std::ops::Range;

/// A label as it is drawn; its place is on one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    pub range: Range<usize>,
    pub text: Option<String>,
    pub is_primary: bool,
}

/// Labels of which none overlaps another, in the order of the text.
pub fn apart(mut labels: Vec<Drawn>) -> Vec<Drawn> {
    loop {
        labels.sort_by_key(|label| (label.range.start, label.range.end));
        let overlaps = |pair: &[Drawn]| pair[1].range.start < pair[0].range.end;
        let Some(at) = labels.windows(2).position(overlaps) else { return labels };
        let (one, next) = (labels[at].range.clone(), labels[at + 1].range.clone());
        if one == next {
            let next = labels.remove(at + 1);
            let one = &mut labels[at];
            one.is_primary |= next.is_primary;
            let texts: Vec<String> = one.text.take().into_iter().chain(next.text).collect();
            one.text = (!texts.is_empty()).then(|| texts.join("; "));
        } else if one.start == next.start {
            labels[at + 1].range.start = one.end;
        } else {
            labels[at].range.end = next.start;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Drawn, apart};

    fn drawn(range: std::ops::Range<usize>) -> Drawn {
        Drawn { text: Some(format!("{range:?}")), range, is_primary: false }
    }

    #[test]
    fn the_wider_gives_way() {
        let all = [0..20, 4..8, 0..2, 30..40, 6..9, 4..8].map(drawn);
        let told: Vec<(std::ops::Range<usize>, String)> = apart(all.to_vec())
            .into_iter()
            .map(|label| (label.range, label.text.unwrap_or_default()))
            .collect();
        let expected = [(0..2, "0..2"), (2..4, "0..20"), (4..6, "4..8; 4..8"), (6..9, "6..9")]
            .into_iter()
            .chain([(30..40, "30..40")])
            .map(|(range, text)| (range, text.to_string()));
        assert_eq!(told, expected.collect::<Vec<_>>());
    }

    #[test]
    fn what_does_not_overlap_stays() {
        let all = vec![drawn(0..3), drawn(3..5), drawn(5..5), drawn(7..9)];
        assert_eq!(apart(all.clone()), all);
    }
}
