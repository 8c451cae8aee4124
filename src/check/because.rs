//! Why a condition comes out the same for whoever gets to it: the other line that decides it.

use crate::cases::{OutOfFuel, Set};
use crate::diagnostic::Diagnostic;
use crate::flow::{
    ChosenBy, Edge, EdgeIndex, EdgeKind, Effect, Flow, NodeIndex, NodeKind, presence,
};
use crate::model::{Condition, Guard, Item, ItemKind, Line, Model, Op, Task, Value, Who};
use crate::reach::Reach;
use crate::source::Place;
use petgraph::algo::dominators::{Dominators, simple_fast};
use petgraph::visit::{EdgeRef, Reversed, Walker};
use std::collections::HashSet;

/// A condition, and where it is written.
pub type Written = (Guard, Place);

/// So many choices before a place are looked at, the nearest first.
const LOOKS_BACK: usize = 64;

/// So many nodes are looked at for all findings together. What is found after that is told without
/// the line that decides it.
const MOST_WORK: usize = 2_000_000;

/// Finds the lines that decide others.
pub struct Because<'m> {
    pub model: &'m Model,
    pub flow: &'m Flow,
    /// Found when first asked for.
    dominators: Option<Dominators<NodeIndex>>,
    work: usize,
}

impl<'m> Because<'m> {
    pub fn new(model: &'m Model, flow: &'m Flow) -> Self {
        Because { model, flow, dominators: None, work: 0 }
    }

    /// A line that holds for whoever gets to a node, and that alone rules out all of these cases.
    pub fn rules_out(
        &mut self,
        reach: &mut Reach,
        node: NodeIndex,
        cases: Set,
    ) -> Result<Option<Place>, OutOfFuel> {
        for (guard, place) in self.around(node) {
            let holds = reach.facts.answer(&guard)?.yes;
            if reach.facts.cases.and(holds, cases)?.is_empty()
                && reach.facts.cases.is_within(reach.at(node), holds)?
            {
                return Ok(Some(place));
            }
        }
        Ok(None)
    }

    /// Says of a finding about a condition what rules out its other answer, which it has in `cases`: a
    /// line, one of its own among them, or else what those who get there have in common.
    pub fn explain(
        &mut self,
        reach: &mut Reach,
        finding: Diagnostic,
        node: NodeIndex,
        cases: Set,
        own: &[Written],
    ) -> Result<Diagnostic, OutOfFuel> {
        // It may be so of itself.
        if cases.is_empty() {
            let is_bare = finding.labels.iter().all(|label| label.text.is_empty());
            return Ok(if is_bare {
                finding.here("it is so whatever the case is")
            } else {
                finding
            });
        }
        for (guard, place) in own {
            let holds = reach.facts.answer(guard)?.yes;
            if reach.facts.cases.and(holds, cases)?.is_empty() {
                return Ok(finding.label(*place, "this must hold here"));
            }
        }
        if let Some(place) = self.rules_out(reach, node, cases)? {
            return Ok(finding.label(place, "this holds for whoever gets here"));
        }
        let here = reach.facts.about_the_facts_of(reach.at(node), cases)?;
        let told = reach.facts.told(self.model, here, Set::ALL)?;
        Ok(match told.filter(|told| !told.others && !told.case.is_empty()) {
            Some(told) => finding
                .label(self.flow.node(node).place, format!("for whoever gets here, {}", told.case)),
            None => finding,
        })
    }

    /// What was asked or decided on every way to a node, the last first, and what is assumed.
    fn around(&mut self, node: NodeIndex) -> Vec<Written> {
        let flow = self.flow;
        let dominators =
            self.dominators.get_or_insert_with(|| simple_fast(&flow.graph, flow.start));
        let before: Vec<NodeIndex> = dominators
            .strict_dominators(node)
            .into_iter()
            .flatten()
            .filter(|before| flow.graph.edges(*before).count() > 1)
            .take(LOOKS_BACK)
            .collect();
        let mut all = Vec::new();
        for choice in before {
            all.extend(self.asked_at(choice, node));
        }
        let assumed = self.model.assumptions.iter();
        all.extend(assumed.map(|assumption| (assumption.guard.clone(), assumption.place)));
        all
    }

    /// What leads on from a choice to a node, where that is one of its ways.
    fn asked_at(&mut self, choice: NodeIndex, node: NodeIndex) -> Vec<Written> {
        let flow = self.flow;
        if self.work > MOST_WORK {
            return Vec::new();
        }
        let back = Reversed(&flow.graph);
        let mut search = petgraph::visit::Dfs::new(back, node);
        search.discovered.insert(choice.index());
        let leads: HashSet<NodeIndex> = search.iter(back).collect();
        self.work += leads.len();
        let ways: Vec<EdgeIndex> = flow
            .graph
            .edges(choice)
            .filter(|edge| leads.contains(&edge.target()))
            .map(|edge| edge.id())
            .collect();
        let [way] = ways.as_slice() else { return Vec::new() };
        let (edge, from) = (flow.edge(*way), flow.node(choice));
        match (from.kind, self.model.item(from.item)) {
            // What is done after a step that is passed by does not follow from what it asks.
            (NodeKind::Ask, item) if edge.kind != EdgeKind::Skip => {
                let mut asked = own(self.model, item);
                let skips = item.skips.iter().filter(|skip| skip.by.is_none());
                asked.extend(skips.filter_map(|skip| {
                    let guard = skip.condition.guard.clone()?;
                    Some((Guard::Not(Box::new(guard)), skip.condition.place))
                }));
                asked
            }
            (
                NodeKind::Choose(ChosenBy::Until),
                Item { kind: ItemKind::Repeat { until, .. }, .. },
            ) => edge.guard.iter().map(|guard| (guard.clone(), until.place)).collect(),
            (NodeKind::Choose(ChosenBy::Paths), _) => self.path(edge),
            _ => said(edge).map(|guard| (guard, edge.place)).into_iter().collect(),
        }
    }

    /// The conditions of the path that is chosen.
    fn path(&self, edge: &Edge) -> Vec<Written> {
        let path = self.model.paths().find(|(_, path)| path.place == edge.place);
        let when = path.into_iter().flat_map(|(_, path)| &path.when);
        let when: Vec<Written> =
            when.filter_map(|when| Some((when.guard.clone()?, when.place))).collect();
        match when.is_empty() {
            true => edge.guard.iter().map(|guard| (guard.clone(), edge.place)).collect(),
            false => when,
        }
    }
}

/// What is known once an edge was taken: that its condition held, or the answer.
fn said(edge: &Edge) -> Option<Guard> {
    let answer = edge.effects.iter().find_map(|effect| match effect {
        Effect::Answer(fact, choice) => {
            Some(Guard::Compare { fact: *fact, op: Op::Equal, value: Value::Choice(*choice) })
        }
        _ => None,
    });
    edge.guard.clone().or(answer)
}

/// The conditions of an item, without its `skip` lines: its `when` lines, and, where those who act
/// may be absent, that they are there.
pub fn own(model: &Model, item: &Item) -> Vec<Written> {
    let by = item.head.by.as_ref().filter(|_| item.kind.is_performed());
    written(model, &item.when, by, item.place)
}

/// The same of a task.
pub fn own_of_task(model: &Model, task: &Task) -> Vec<Written> {
    written(model, &task.when, task.head.by.as_ref(), task.place)
}

fn written(model: &Model, when: &[Condition], by: Option<&Who>, place: Place) -> Vec<Written> {
    let mut written: Vec<Written> =
        when.iter().filter_map(|when| Some((when.guard.clone()?, when.place))).collect();
    written.extend(by.and_then(|who| presence(model, who.roles())).map(|guard| (guard, place)));
    written
}

/// Whether a procedure's parameter that a `run` gave as a constant is in a condition: then it is that
/// run alone which the condition comes out so for.
pub fn has_constant(guard: &Guard) -> bool {
    match guard {
        Guard::Constant(_) => true,
        Guard::Not(inner) => has_constant(inner),
        Guard::All(parts) | Guard::Any(parts) => parts.iter().any(has_constant),
        Guard::Compare { .. } | Guard::In { .. } | Guard::Versions { .. } => false,
    }
}

/// The task that is asked for at a node, if that is what is asked there.
pub fn asked_task<'m>(model: &'m Model, flow: &Flow, node: NodeIndex) -> Option<&'m Task> {
    // What only leads on to the next task does not ask yet.
    let mut edges = flow.graph.edges(node).map(|edge| edge.weight());
    let place = edges.find(|edge| edge.kind == EdgeKind::Skip)?.place;
    asked_at(&model.item(flow.node(node).item).lines, place)
}

fn asked_at(lines: &[Line], place: Place) -> Option<&Task> {
    lines.iter().find_map(|line| match line {
        Line::Task(task) => {
            let asked = task.when.first().map_or(task.place, |when| when.place);
            (asked == place).then_some(task.as_ref())
        }
        Line::ForEach { lines, .. } => asked_at(lines, place),
        _ => None,
    })
}
