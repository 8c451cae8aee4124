//! Arrows with the same ends become one.

use super::scene::{Key, Piece, Scene};
use super::trace::Traced;
use super::{Arrow, ArrowKind, Highlight, Shape, ShapeKind, View};
use std::collections::HashMap;

/// The arrows between shapes, in the order of the text; the indexes are those of the keys.
pub fn arrows(scene: &Scene<'_>, traced: &Traced) -> Vec<Arrow> {
    let index: HashMap<Key, usize> =
        traced.keys.iter().enumerate().map(|(index, key)| (*key, index)).collect();
    let mut arrows: Vec<Arrow> = Vec::new();
    let mut known: HashMap<(usize, usize, ArrowKind), usize> = HashMap::new();
    for way in &traced.ways {
        let (Some(from), Some(to)) = (index.get(&way.from), index.get(&way.to)) else { continue };
        let kind = if way.kind == ArrowKind::Jump { ArrowKind::Next } else { way.kind };
        let at = *known.entry((*from, *to, kind)).or_insert(arrows.len());
        if at == arrows.len() {
            let back = leads_back(way.from, way.to);
            arrows.push(Arrow { from: *from, to: *to, kind: way.kind, back, labels: Vec::new() });
        }
        if let Some(arrow) = arrows.get_mut(at) {
            let new = way.labels.iter().filter(|label| !label.is_empty());
            let new: Vec<String> =
                new.filter(|label| !arrow.labels.contains(label)).cloned().collect();
            arrow.labels.extend(new);
        }
    }
    let plain = arrows.iter().map(|arrow| (arrow.from, arrow.to, arrow.kind)).collect::<Vec<_>>();
    let other = |from, to, kinds: &[ArrowKind]| {
        kinds.iter().any(|kind| known.contains_key(&(from, to, *kind)))
    };
    let stays = |(from, to, kind): (usize, usize, ArrowKind)| match kind {
        ArrowKind::Skip => !other(from, to, &[ArrowKind::Next, ArrowKind::Choice]),
        // A box for a whole stage is left by a branch in one case and without one in another: then the branch does
        // not say when.
        ArrowKind::Choice if scene.view == View::Overview => !other(from, to, &[ArrowKind::Next]),
        _ => true,
    };
    let mut keep = plain.into_iter().map(stays);
    arrows.retain(|_| keep.next().unwrap_or(true));
    arrows.sort_by_key(|arrow| arrow.from);
    arrows
}

/// Whether the target stands before the source, or is the source.
fn leads_back(from: Key, to: Key) -> bool {
    match (from, to) {
        (_, Key::Within(_, Piece::Join)) => false,
        (Key::Within(from, _), Key::Within(to, _)) => to <= from,
        (Key::Within(..), Key::Before) => true,
        _ => false,
    }
}

/// What was answered, and at which shape.
pub struct Answers(pub Vec<(usize, String)>);

impl Answers {
    /// Whether one of them leads by an arrow.
    pub fn lead_by(&self, arrow: &Arrow) -> bool {
        let said = |(at, said): &(usize, String)| *at == arrow.from && arrow.labels.contains(said);
        self.0.iter().any(said)
    }

    /// Whether an arrow is for another answer than those that were given there.
    pub fn rule_out(&self, arrows: &[Arrow], arrow: &Arrow) -> bool {
        let beside = |other: &Arrow| other.from == arrow.from && self.lead_by(other);
        !arrow.labels.is_empty() && !self.lead_by(arrow) && arrows.iter().any(beside)
    }
}

/// Lights the arrow from one shape to another, or the two by way of what is no stop of a run. Where
/// there are several, an answer that was given decides; an arrow for another answer is none.
pub fn leads_on(
    arrows: &[Arrow],
    shapes: &[Shape],
    from: usize,
    to: usize,
    answers: &Answers,
    found: &mut Highlight,
) {
    let may_lead = |arrow: &Arrow| arrow.from == from && !answers.rule_out(arrows, arrow);
    let leaving: Vec<usize> =
        (0..arrows.len()).filter(|index| arrows.get(*index).is_some_and(may_lead)).collect();
    let direct: Vec<usize> = leaving
        .iter()
        .copied()
        .filter(|index| arrows.get(*index).is_some_and(|it| it.to == to))
        .collect();
    let is_taken = |index: &usize| arrows.get(*index).is_some_and(|it| answers.lead_by(it));
    let best = direct.iter().find(|index| is_taken(index)).or(direct.first());
    let mut lit: Vec<usize> = best.into_iter().copied().collect();
    if lit.is_empty() {
        let by_way = leaving.iter().find_map(|first| {
            let middle = arrows.get(*first)?.to;
            let kind = shapes.get(middle)?.kind;
            let passes = matches!(kind, ShapeKind::Fork | ShapeKind::Join | ShapeKind::PathChoice);
            let second = arrows.iter().position(|it| passes && it.from == middle && it.to == to)?;
            Some([*first, second])
        });
        lit.extend(by_way.into_iter().flatten());
    }
    for index in lit {
        let Some(arrow) = arrows.get(index) else { continue };
        found.arrows.get_mut(index).into_iter().for_each(|lit| *lit = true);
        for shape in [arrow.from, arrow.to] {
            found.shapes.get_mut(shape).into_iter().for_each(|lit| *lit = true);
        }
    }
}
