//! `missing-branch`, `overlapping-branches`, `dead-branch`, `uncovered-case`, `ambiguous-path`: in
//! every case exactly one way goes on from where facts decide.

use super::because::Because;
use super::run;
use crate::cases::{Hull, OutOfFuel, Set};
use crate::diagnostic::{Diagnostic, Edit, Mend, Rule, Severity};
use crate::flow::NodeIndex;
use crate::flow::{ChosenBy, Edge, EdgeKind, Flow, NodeKind};
use crate::model::{BranchKind, ItemId, Model};
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
    let (mut findings, mut because) = (Vec::new(), Because::new(model, flow));
    for node in flow.graph.node_indices() {
        let choice = match flow.node(node).kind {
            NodeKind::Choose(ChosenBy::Facts) => Choice { missing: &MISSING, both: &OVERLAPPING },
            NodeKind::Choose(ChosenBy::Paths) => Choice { missing: &UNCOVERED, both: &AMBIGUOUS },
            _ => continue,
        };
        if !reach.at(node).is_empty() {
            choice.check(&mut because, reach, node, &mut findings)?;
        }
    }
    Ok(findings)
}

/// So many of the branches that meet one are shown.
const MOST_LABELS: usize = 4;

/// The rules of a choice: of a branch, or of a path.
struct Choice {
    missing: &'static Rule,
    both: &'static Rule,
}

impl Choice {
    fn check(
        &self,
        because: &mut Because<'_>,
        reach: &mut Reach,
        node: NodeIndex,
        findings: &mut Vec<Diagnostic>,
    ) -> Result<(), OutOfFuel> {
        let (model, flow) = (because.model, because.flow);
        let here = reach.at(node);
        let edges: Vec<&Edge> =
            flow.out(node).into_iter().map(|(edge, _)| flow.edge(edge)).collect();
        // Events of the blocks around may happen here too; they are no branches.
        let branches = edges
            .into_iter()
            .filter(|edge| !matches!(edge.kind, EdgeKind::Event | EdgeKind::Abandon));
        let (mut covered, mut taken) = (Vec::new(), Vec::new());
        for edge in branches {
            let Some(guard) = &edge.guard else {
                covered.push(Set::ALL);
                continue;
            };
            let answer = reach.facts.answer(guard)?;
            let certain = reach.facts.cases.and(here, answer.yes)?;
            let possible = reach.facts.cases.minus(here, answer.no)?;
            if possible.is_empty() {
                let dead = self.dead(edge.place, is_otherwise(model, flow, edge), answer.yes);
                findings.push(because.explain(reach, dead, node, answer.yes, &[])?);
            }
            covered.push(possible);
            taken.push((edge.place, certain));
        }
        self.overlapping(model, flow, reach, node, &taken, findings)?;
        let covered = reach.facts.cases.unite(covered)?;
        let left = reach.facts.cases.minus(here, covered)?;
        if !left.is_empty() {
            findings.push(self.missing(model, flow, reach, node, left)?);
        }
        Ok(())
    }

    /// One finding a branch: with all of those before that it meets.
    fn overlapping(
        &self,
        model: &Model,
        flow: &Flow,
        reach: &mut Reach,
        node: NodeIndex,
        taken: &[(Place, Set)],
        findings: &mut Vec<Diagnostic>,
    ) -> Result<(), OutOfFuel> {
        let hulls: Vec<Hull> = taken.iter().map(|(_, set)| reach.facts.cases.hull(*set)).collect();
        for (index, (place, certain)) in taken.iter().enumerate() {
            let mut met = Vec::new();
            reach.facts.cases.burn(index / 64)?;
            for (before, (other, cases)) in taken[..index].iter().enumerate() {
                // Most branches of a large table are far from each other.
                if !hulls[before].meets(&hulls[index]) {
                    continue;
                }
                let both = reach.facts.cases.and(*cases, *certain)?;
                if !both.is_empty() {
                    met.push((*other, both));
                }
            }
            if !met.is_empty() {
                findings.push(self.both(model, flow, reach, node, (*place, met))?);
            }
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
        let when = told.as_ref().map(|told| told.when()).unwrap_or_default();
        let guard = told.and_then(|told| told.guard);
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
        finding.edit = match paths {
            true => path_for_all_others(model),
            false => branch_for(model, flow.node(node).item, guard),
        };
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
        (place, mut met): (Place, Vec<(Place, Set)>),
    ) -> Result<Diagnostic, OutOfFuel> {
        let all = reach.facts.cases.unite(met.iter().map(|(_, both)| *both))?;
        let shown = run::to_node(model, flow, reach, node, all)?;
        // Of several branches that it meets, told first is the first that it meets on that run.
        for index in 0..met.len() {
            if !reach.facts.cases.and(met[index].1, shown.cases)?.is_empty() {
                met[..=index].rotate_right(1);
                break;
            }
        }
        let told = reach.facts.told_around(model, met[0].1, reach.at(node), shown.cases)?;
        let when = told.map(|told| told.when()).unwrap_or_default();
        let what = if self.both.name == AMBIGUOUS.name { "paths" } else { "branches" };
        let message = format!("two {what} apply{when}");
        let mut finding = Diagnostic::new(self.both, place, message)
            .run(shown.steps)
            .help("narrow one of the two conditions, so that each case has one way");
        for (index, (other, _)) in met.iter().take(MOST_LABELS).enumerate() {
            let says = match (index, met.len().saturating_sub(MOST_LABELS)) {
                (0, _) => "this one applies too".to_string(),
                (last, more) if last + 1 == MOST_LABELS && more > 0 => {
                    format!("so does this one in some case, and {more} more")
                }
                _ => "so does this one in some case".to_string(),
            };
            finding = finding.label(*other, says);
        }
        Ok(finding)
    }

    fn dead(&self, place: Place, otherwise: bool, elsewhere: Set) -> Diagnostic {
        let message = match self.missing.name == UNCOVERED.name {
            true => "this path is taken in no case",
            false => "this branch is taken in no case",
        };
        let help = match otherwise {
            // Some cases would be left for it, but none of them gets here.
            true if !elsewhere.is_empty() => {
                "the others cover all cases that get here; delete it, or mend what keeps the rest away"
            }
            true => "the others cover all cases already; delete it, or narrow one of them",
            false => {
                "its condition contradicts itself, or what always holds where it stands; mend it, or delete it"
            }
        };
        Diagnostic::new(&DEAD, place, message).help(help).edit(Edit::suggested(place, Mend::NoLine))
    }
}

/// Whether it is for all cases that no other is for.
fn is_otherwise(model: &Model, flow: &Flow, edge: &Edge) -> bool {
    let item = model.item(flow.node(edge.origin).item);
    let branch = edge.branch.and_then(|index| item.branches.get(index));
    branch.is_some_and(|branch| matches!(branch.kind, BranchKind::Otherwise))
}

/// A branch that leads on in the case that none is for.
fn branch_for(model: &Model, decision: ItemId, guard: Option<String>) -> Option<Edit> {
    let last = model.item(decision).branches.last()?.place;
    let text = match guard {
        Some(guard) => format!("when {guard} -> next"),
        None => "otherwise -> next".to_string(),
    };
    Some(Edit::suggested(last, Mend::LineAfter { text, like: last }))
}

/// A path for the cases that none is for. What is done in it, a person has to say.
fn path_for_all_others(model: &Model) -> Option<Edit> {
    let (_, last) = model.paths().last()?;
    let role = model.roles.get(last.head.by.as_ref()?.roles().first()?.0 as usize)?;
    let step = format!("step \"Say what is done then\" by {}", role.name);
    let mut lines = vec!["otherwise".to_string(), step];
    lines.extend(
        model
            .outcomes
            .iter()
            .filter(|outcome| outcome.declared)
            .take(1)
            .map(|outcome| format!("end {}", outcome.name)),
    );
    let lines: Vec<String> = lines.iter().map(|line| format!("  {line}")).collect();
    let text = format!("path \"In all other cases\" {{\n{}\n}}", lines.join("\n"));
    Some(Edit::suggested(last.end, Mend::LineAfter { text, like: last.place }))
}
