//! `missing-branch`, `overlapping-branches`, `dead-branch`, `uncovered-case`, `ambiguous-path`: in
//! every case exactly one way goes on from where facts decide.

use super::run;
use crate::cases::{OutOfFuel, Set};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::NodeIndex;
use crate::flow::{ChosenBy, Edge, EdgeKind, Flow, NodeKind};
use crate::model::Model;
use crate::reach::Reach;
use crate::source::Place;

macro_rules! rules {
    ($($constant:ident = $name:literal, $summary:literal, $why:literal;)+) => {
        $(const $constant: Rule = Rule {
            name: $name,
            severity: Severity::Error,
            summary: $summary,
            why: $why,
            wrong: include_str!(concat!("examples/", $name, ".wrong.vup")),
            right: include_str!(concat!("examples/", $name, ".right.vup")),
        };)+
        pub const RULES: &[&Rule] = &[$(&$constant),+];
    };
}

rules! {
    MISSING = "missing-branch",
        "in some case no branch of a decision by facts applies",
        "Whoever has that case stands before the decision and finds no line for it.";
    OVERLAPPING = "overlapping-branches",
        "in some case two branches of a decision by facts apply",
        "Two people with the same case go different ways.";
    DEAD = "dead-branch",
        "a branch of a decision by facts is taken in no case",
        "It is printed, and nobody ever takes it: its condition contradicts what holds there, or \
         the branches before it.";
    UNCOVERED = "uncovered-case",
        "in some case no path of the process applies",
        "Whoever has that case does not know which way to go. `otherwise` makes a path the one for \
         all cases that no other is for.";
    AMBIGUOUS = "ambiguous-path",
        "in some case two paths of the process apply",
        "Two people with the same case follow different paths.";
}

pub fn check(model: &Model, flow: &Flow, reach: &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut findings = Vec::new();
    for node in flow.graph.node_indices() {
        let choice = match flow.node(node).kind {
            NodeKind::Choose(ChosenBy::Facts) => Choice { missing: &MISSING, both: &OVERLAPPING },
            NodeKind::Choose(ChosenBy::Paths) => Choice { missing: &UNCOVERED, both: &AMBIGUOUS },
            _ => continue,
        };
        if !reach.at(node).is_empty() {
            choice.check(model, flow, reach, node, &mut findings)?;
        }
    }
    Ok(findings)
}

/// The rules of a choice: of a branch, or of a path.
struct Choice {
    missing: &'static Rule,
    both: &'static Rule,
}

impl Choice {
    fn check(
        &self,
        model: &Model,
        flow: &Flow,
        reach: &mut Reach,
        node: NodeIndex,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<(), OutOfFuel> {
        let here = reach.at(node);
        let edges: Vec<&Edge> =
            flow.out(node).into_iter().map(|(edge, _)| flow.edge(edge)).collect();
        // Events of the blocks around may happen here too; they are no branches.
        let branches = edges
            .into_iter()
            .filter(|edge| !matches!(edge.kind, EdgeKind::Event | EdgeKind::Abandon));
        let (mut left, mut all) = (here, Set::NONE);
        let mut taken: Vec<(Place, Set)> = Vec::new();
        for edge in branches {
            let Some(guard) = &edge.guard else {
                left = Set::NONE;
                continue;
            };
            let answer = reach.facts.answer(guard)?;
            let certain = reach.facts.cases.and(here, answer.yes)?;
            let possible = reach.facts.cases.minus(here, answer.no)?;
            if possible.is_empty() {
                findings.push(self.dead(edge.place));
            }
            // One finding a branch, and only where it meets any of those before.
            let both = reach.facts.cases.and(all, certain)?;
            if !both.is_empty() {
                findings.push(self.both(model, flow, reach, node, (edge.place, both), &taken)?);
            }
            all = reach.facts.cases.or(all, certain)?;
            taken.push((edge.place, certain));
            left = reach.facts.cases.minus(left, possible)?;
        }
        if !left.is_empty() {
            findings.push(self.missing(model, flow, reach, node, left)?);
        }
        Ok(())
    }

    fn missing(
        &self,
        model: &Model,
        flow: &Flow,
        reach: &mut Reach,
        node: NodeIndex,
        left: Set,
    ) -> Result<Diagnostic, OutOfFuel> {
        let place = flow.node(node).place;
        let shown = run::to_node(model, flow, reach, node, left)?;
        let told = reach.facts.told_around(model, left, reach.at(node), shown.cases)?;
        let when = told.map(|told| told.when()).unwrap_or_default();
        let paths = self.missing.name == UNCOVERED.name;
        let (message, help) = match paths {
            true => (
                format!("no path applies{when}"),
                "widen the `when` of a path, or write `otherwise` in the one for all other cases",
            ),
            false => (
                format!("no branch applies{when}"),
                "add a branch for this case, or `otherwise -> …`; or say with `assume` that it cannot occur",
            ),
        };
        let mut finding = Diagnostic::new(self.missing, place, message).help(help).run(shown.steps);
        if paths {
            for (_, path) in model.paths().filter(|(_, path)| !path.when.is_empty()).take(4) {
                finding = finding.label(path.place, "not this path");
            }
        }
        Ok(finding)
    }

    fn both(
        &self,
        model: &Model,
        flow: &Flow,
        reach: &mut Reach,
        node: NodeIndex,
        (place, both): (Place, Set),
        taken: &[(Place, Set)],
    ) -> Result<Diagnostic, OutOfFuel> {
        let shown = run::to_node(model, flow, reach, node, both)?;
        // Of several branches that it meets, told is the first that it meets on that run.
        let (mut both, mut other) = (both, place);
        for (before, cases) in taken {
            if !reach.facts.cases.and(*cases, shown.cases)?.is_empty() {
                (both, other) = (reach.facts.cases.and(both, *cases)?, *before);
                break;
            }
        }
        let told = reach.facts.told_around(model, both, reach.at(node), shown.cases)?;
        let when = told.map(|told| told.when()).unwrap_or_default();
        let what = if self.both.name == AMBIGUOUS.name { "paths" } else { "branches" };
        let message = format!("two {what} apply{when}");
        Ok(Diagnostic::new(self.both, place, message)
            .run(shown.steps)
            .label(other, "this one applies too")
            .help("narrow one of the two conditions, so that each case has one way"))
    }

    fn dead(&self, place: Place) -> Diagnostic {
        let message = match self.missing.name == UNCOVERED.name {
            true => "this path is taken in no case",
            false => "this branch is taken in no case",
        };
        Diagnostic::new(&DEAD, place, message).help(
            "its condition contradicts itself, or what always holds where it stands; mend it, or delete it",
        )
    }
}
