//! How a run goes on through what does not apply: that stays pale, the lines through it do not.

use super::arrows::Answers;
use super::scene::{Key, Piece, Scene};
use super::{Arrow, ArrowKind, Highlight, Shape, ShapeKind, ShownRun};

/// How surely the run comes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Sure {
    #[default]
    Not,
    /// The case leaves it open.
    Open,
    Taken,
}

/// What leads through what is passed by.
struct Through<'a> {
    arrows: &'a [Arrow],
    /// The arrows by which the run may come there.
    leads: Vec<usize>,
    passed: Vec<bool>,
    /// Of what is not passed by, whether the run comes by.
    known: Vec<Sure>,
    /// Where work begins that is done in any order.
    forks: Vec<bool>,
}

/// Lights the arrows by which the run passes steps that do not apply, and the end behind them.
pub fn pass_by(
    scene: &Scene<'_>,
    keys: &[Key],
    (shapes, arrows): (&[Shape], &[Arrow]),
    (run, answers): (&ShownRun, &Answers),
    found: &mut Highlight,
) {
    let is_fork = |shape: &Shape| shape.kind == ShapeKind::Fork;
    let is = |all: &[bool], index: usize| all.get(index) == Some(&true);
    let lit = |index: usize| match (is(&found.shapes, index), is(&found.open_shapes, index)) {
        (true, _) => Sure::Taken,
        (_, true) => Sure::Open,
        _ => Sure::Not,
    };
    let is_passed = |(index, key): (usize, &Key)| match key {
        Key::Within(id, Piece::Itself) => {
            lit(index) == Sure::Not && run.is_passed_by(scene.model, *id)
        }
        _ => false,
    };
    let mut passed: Vec<bool> = keys.iter().enumerate().map(is_passed).collect();
    if !passed.contains(&true) {
        return;
    }
    // The choice of a path is no stop of its own: a run may come to it, or leave it, by what is passed.
    let choice = keys.iter().position(|key| *key == Key::PathChoice);
    let choice = choice.filter(|index| lit(*index) == Sure::Not);
    choice.and_then(|index| passed.get_mut(index)).into_iter().for_each(|passed| *passed = true);
    // From where it is known that the run goes on elsewhere.
    let mut settled = vec![false; shapes.len()];
    for (arrow, line) in arrows.iter().zip(&found.arrows) {
        // Work that is done in any order may begin with what is passed by.
        let to_fork = matches!(keys.get(arrow.to), Some(Key::Within(_, Piece::Fork)));
        let to_step = !to_fork && matches!(keys.get(arrow.to), Some(Key::Within(..)));
        let leads_on = !arrow.back
            && !is(&passed, arrow.from)
            && !answers.rule_out(arrows, arrow)
            && (*line || (to_step && lit(arrow.to) != Sure::Not));
        let one_of_all = shapes.get(arrow.from).is_some_and(is_fork);
        settled.get_mut(arrow.from).into_iter().for_each(|known| *known |= leads_on && !one_of_all);
    }
    let leads = |arrow: &Arrow| {
        let goes_on = matches!(arrow.kind, ArrowKind::Next | ArrowKind::Choice | ArrowKind::Jump);
        let is_choice = shapes.get(arrow.from).is_some_and(|it| it.kind == ShapeKind::PathChoice);
        let is_answer = answers.lead_by(arrow) || run.end.is_none();
        let may_be = arrow.labels.is_empty() || is_choice || is_answer;
        let may_be = may_be && !answers.rule_out(arrows, arrow);
        goes_on && !arrow.back && may_be && !is(&settled, arrow.from)
    };
    let at_end = |key: &Key| match (key, run.end) {
        (Key::End(end, _), Some(outcome)) if *end == outcome => Sure::Taken,
        (Key::End(..) | Key::To(..) | Key::Nowhere, None) => Sure::Open,
        _ => Sure::Not,
    };
    let known = keys.iter().enumerate().map(|(index, key)| lit(index).max(at_end(key))).collect();
    let leads = (0..arrows.len()).filter(|index| arrows.get(*index).is_some_and(leads)).collect();
    let forks = shapes.iter().map(is_fork).collect();
    let sure = Through { arrows, leads, passed, known, forks }.sure();
    for (index, sure) in sure {
        let Some(arrow) = arrows.get(index) else { continue };
        let (shapes, lines) = match sure {
            Sure::Taken => (&mut found.shapes, &mut found.arrows),
            Sure::Open => (&mut found.open_shapes, &mut found.open_arrows),
            Sure::Not => continue,
        };
        lines.get_mut(index).into_iter().for_each(|lit| *lit = true);
        let is_led_to =
            |key: &Key| matches!(key, Key::End(..) | Key::To(..) | Key::Nowhere | Key::PathChoice);
        if keys.get(arrow.to).is_some_and(is_led_to) {
            shapes.get_mut(arrow.to).into_iter().for_each(|lit| *lit = true);
        }
    }
}

impl Through<'_> {
    /// The arrows from, to and between what is passed by, each with how surely it is taken: as surely as
    /// the run comes there, and goes on behind it.
    fn sure(&self) -> Vec<(usize, Sure)> {
        let ends = |arrow: &Arrow| (arrow.from, arrow.to);
        let before = self.spread(self.leads.iter(), ends);
        let behind = self.spread(self.leads.iter().rev(), |arrow| (arrow.to, arrow.from));
        let is_fork = |shape: usize| self.forks.get(shape) == Some(&true);
        let touches = |arrow: &Arrow| {
            self.is_passed(arrow.from) || self.is_passed(arrow.to) || is_fork(arrow.to)
        };
        let at = |all: &[Sure], shape: usize| all.get(shape).copied().unwrap_or_default();
        let arrows = self.leads.iter().filter_map(|index| Some((*index, self.arrows.get(*index)?)));
        arrows
            .filter(|(_, arrow)| touches(arrow))
            .map(|(index, arrow)| (index, at(&before, arrow.from).min(at(&behind, arrow.to))))
            .collect()
    }

    fn is_passed(&self, shape: usize) -> bool {
        self.passed.get(shape) == Some(&true)
    }

    /// What is known, spread over what is passed by: along the arrows, or against them.
    fn spread<'o>(
        &self,
        order: impl Iterator<Item = &'o usize> + Clone,
        ends: impl Fn(&Arrow) -> (usize, usize),
    ) -> Vec<Sure> {
        let mut sure = self.known.clone();
        // Arrows stand in the order of the text, so that this is rarely done more than twice.
        loop {
            let before = sure.clone();
            for arrow in order.clone().filter_map(|index| self.arrows.get(*index)) {
                let (from, to) = ends(arrow);
                let come = sure.get(from).copied().filter(|_| self.is_passed(to));
                let known = sure.get_mut(to).zip(come);
                known.into_iter().for_each(|(known, come)| *known = come.max(*known));
            }
            if sure == before {
                return sure;
            }
        }
    }
}
