//! `rule-broken`, `rule-vacuous`: the rules that the process's author wrote hold on every run, and say
//! something.

mod telling;

use super::undecided;
use crate::cases::{OutOfFuel, Set};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::{EdgeIndex, Effect, Flow, NodeKind};
use crate::model::{FactId, Happening, ItemId, ItemKind, Model, ProcessRule, RoleId, Template};
use crate::reach::{Facts, Reach, Watch};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

pub const BROKEN: Rule = Rule {
    name: "rule-broken",
    severity: Severity::Error,
    summary: "there is a run that breaks a rule of the process",
    why: "The author of the process wrote down what must hold whichever way it goes, and it goes a \
          way on which it does not. Either a line is missing, or the rule asks for too much.",
    wrong: include_str!("examples/rule-broken.wrong.vup"),
    right: include_str!("examples/rule-broken.right.vup"),
};

pub const VACUOUS: Rule = Rule {
    name: "rule-vacuous",
    severity: Severity::Warning,
    summary: "a rule of the process speaks of what never happens",
    why: "It holds, but only since nothing ever puts it to the test. Most likely what it speaks of \
          has moved to another step.",
    wrong: include_str!("examples/rule-vacuous.wrong.vup"),
    right: include_str!("examples/rule-vacuous.right.vup"),
};

pub fn check(model: &Model, flow: &Flow, base: &mut Reach) -> Result<Vec<Diagnostic>, OutOfFuel> {
    let mut findings = Vec::new();
    for rule in &model.rules {
        let Some(watch) = Watch::new(model, flow, rule) else {
            let help = "make two rules of it, or name one environment with `on`";
            findings.push(undecided::tell_rule(rule.place, "too many states of artifacts", help));
            continue;
        };
        let Some(flow) = spanned(model, flow, &watch) else {
            let help = "let it speak of stages in place of their steps, or let less of it be done in any order";
            let too_much = "too much that is done in any order";
            findings.push(undecided::tell_rule(rule.place, too_much, help));
            continue;
        };
        let mut reach = Reach::watching(model, &flow, base, &watch)?;
        let proof = Proof { model, flow: &flow, rule, watch: &watch };
        let finding = proof.check(&mut reach);
        base.spend(&reach);
        findings.extend(finding?);
    }
    Ok(findings)
}

/// The flow in which a rule can be followed: branches of `any order` that it spans are interleaved.
/// None where that would be too large.
fn spanned<'f>(model: &Model, flow: &'f Flow, watch: &Watch) -> Option<Cow<'f, Flow>> {
    let mut spanned = Cow::Borrowed(flow);
    // What lies within comes before what is around it.
    for branches in together(model, concerned(model, flow, watch)).into_values().rev() {
        let branches: Vec<ItemId> = branches.into_iter().collect();
        spanned = Cow::Owned(spanned.interleaved(model, &branches)?);
    }
    Some(spanned)
}

/// Branches of each `any order`.
type Branches = BTreeMap<ItemId, BTreeSet<ItemId>>;

/// Those in which something happens that a rule speaks of.
fn concerned(model: &Model, flow: &Flow, watch: &Watch) -> Branches {
    // What a `when` reads where something happens, may be found out beside it.
    let read = watch.when.as_ref().map(|when| model.depends_on(when)).unwrap_or_default();
    let reads = |effect: &Effect| watch.reads_at_the_trigger() && changes(model, effect, &read);
    let mut branches = Branches::new();
    for edge in flow.graph.edge_indices() {
        let Some((from, _)) = flow.graph.edge_endpoints(edge) else { continue };
        let effects = &flow.edge(edge).effects;
        if effects.iter().any(|effect| watch.concerns(effect) || reads(effect)) {
            for branch in model.ancestors(flow.node(from).item) {
                let around = model.item(branch).parent;
                if let Some(block) = around.filter(|around| is_any_order(model, *around)) {
                    branches.entry(block).or_default().insert(branch);
                }
            }
        }
    }
    branches
}

/// Those that must be followed together. Within a branch that is followed together with another, no
/// branch of a further `any order` may be taken to end before the next one starts: it may never end.
fn together(model: &Model, concerned: Branches) -> Branches {
    let mut together = Branches::new();
    for block in model.ids().filter(|id| is_any_order(model, *id)) {
        let is_within = |(around, branches): (&ItemId, &BTreeSet<ItemId>)| {
            block != *around && branches.iter().any(|branch| model.is_within(block, *branch))
        };
        let branches = match together.iter().any(is_within) {
            true => model.item(block).children.iter().copied().collect(),
            false => concerned.get(&block).cloned().unwrap_or_default(),
        };
        if branches.len() > 1 {
            together.insert(block, branches);
        }
    }
    together
}

fn is_any_order(model: &Model, id: ItemId) -> bool {
    matches!(model.item(id).kind, ItemKind::AnyOrder { .. })
}

/// Whether an effect makes one of these facts known, or unknown again.
fn changes(model: &Model, effect: &Effect, read: &BTreeSet<FactId>) -> bool {
    match effect {
        Effect::Learn(fact, _) | Effect::Answer(fact, _) => read.contains(fact),
        _ => effect.forgets(model, read),
    }
}

/// A rule, and what it is held against.
struct Proof<'p> {
    model: &'p Model,
    flow: &'p Flow,
    rule: &'p ProcessRule,
    watch: &'p Watch,
}

impl Proof<'_> {
    fn check(&self, reach: &mut Reach) -> Result<Option<Diagnostic>, OutOfFuel> {
        let mut broken = false;
        let mut tested = match self.is_read_at_the_end() {
            true => vec![false; self.watch.tested_at_the_end().len()],
            false => self.watch.given(self.model),
        };
        if self.watch.is_prohibition() && self.watch.reads_at_the_trigger() {
            // Last, whether its `when` holds when anything of what it speaks of happens, or has at the end.
            tested.push(self.watch.when.is_none() || tested[1..].contains(&true));
        }
        for edge in self.flow.graph.edge_indices() {
            let is_concerned = |effect| self.watch.concerns(effect);
            if self.flow.edge(edge).effects.iter().any(is_concerned) || self.is_end(edge) {
                let here = reach.going_along(self.flow, edge);
                let behind = reach.along_seeing(self.flow, edge, here, |facts, effect, set| {
                    self.note(facts, effect, set, &mut tested)
                })?;
                if self.is_end(edge) {
                    self.note_the_end(&mut reach.facts, behind, &mut tested)?;
                    broken |= !self.breaks_at_the_end(&mut reach.facts, behind)?.is_empty();
                }
            }
        }
        if broken {
            return self.tell(reach).map(Some);
        }
        if let Some(trigger) = tested.iter().position(|tested| !tested) {
            let is_told = self.is_never_done(reach, trigger)?;
            return Ok((!is_told).then(|| self.vacuous(trigger)));
        }
        let Template::DifferentRoles(Happening::Item(one), Happening::Item(other)) =
            self.rule.template
        else {
            return Ok(None);
        };
        Ok(same_roles(self.model, self.rule, one, other))
    }

    /// Whether it is a step or the like that the rule waits for, and no run does it: that is told of it.
    fn is_never_done(&self, reach: &mut Reach, trigger: usize) -> Result<bool, OutOfFuel> {
        let triggers = self.watch.triggers();
        let Some(happening @ Happening::Item(_)) = triggers.get(trigger) else { return Ok(false) };
        let mut is_done = false;
        reach.each_effect(self.flow, |_, effect, set| {
            let happens = self.watch.where_it_happens(happening, effect).next().is_some();
            is_done |= happens && !set.is_empty();
            Ok(())
        })?;
        Ok(!is_done)
    }

    /// Whether the process ends behind an edge.
    fn is_end(&self, edge: EdgeIndex) -> bool {
        let to = self.flow.graph.edge_endpoints(edge).map(|(_, to)| to);
        to.is_some_and(|to| matches!(self.flow.node(to).kind, NodeKind::End(_)))
    }

    /// Whether the rule has a `when` that is read at the end.
    fn is_read_at_the_end(&self) -> bool {
        self.watch.when.is_some() && !self.watch.reads_at_the_trigger()
    }

    /// The cases in which the rule's `when` holds.
    fn holds(&self, facts: &mut Facts) -> Result<Set, OutOfFuel> {
        match &self.watch.when {
            Some(guard) => Ok(facts.answer(guard)?.yes),
            None => Ok(Set::ALL),
        }
    }

    /// Of some cases, those in which the rule is in one of these states.
    fn in_states(&self, facts: &mut Facts, set: Set, states: &[u32]) -> Result<Set, OutOfFuel> {
        let mut found = Set::NONE;
        for state in states {
            let there = facts.thing_is(*state)?;
            found = facts.cases.or(found, there)?;
        }
        facts.cases.and(found, set)
    }

    /// The cases in which an effect is what the rule forbids.
    fn breaks(&self, facts: &mut Facts, effect: &Effect, set: Set) -> Result<Set, OutOfFuel> {
        let found = self.in_states(facts, set, &self.watch.forbids(effect))?;
        let holds = self.holds(facts)?;
        facts.cases.and(found, holds)
    }

    /// The cases in which a run that ends has broken the rule.
    fn breaks_at_the_end(&self, facts: &mut Facts, set: Set) -> Result<Set, OutOfFuel> {
        let found = self.in_states(facts, set, &self.watch.forbids_at_the_end())?;
        let read = if self.is_read_at_the_end() { self.holds(facts)? } else { Set::ALL };
        facts.cases.and(found, read)
    }

    /// Notes which of the rule's triggers happen.
    fn note(
        &self,
        facts: &mut Facts,
        effect: &Effect,
        set: Set,
        tested: &mut [bool],
    ) -> Result<(), OutOfFuel> {
        if self.is_read_at_the_end() || tested.iter().all(|tested| *tested) {
            return Ok(());
        }
        let (forbids, triggers) = (self.watch.is_prohibition(), self.watch.triggers().len());
        for (index, trigger) in self.watch.triggers().into_iter().enumerate() {
            let states: Vec<u32> = self.watch.where_it_happens(trigger, effect).collect();
            if states.is_empty() {
                continue;
            }
            let there = self.in_states(facts, set, &states)?;
            let holds = self.holds(facts)?;
            let held = !facts.cases.and(there, holds)?.is_empty();
            if let Some(tested) = tested.get_mut(index) {
                *tested |= if index == 0 && !forbids { held } else { !there.is_empty() };
            }
            if let Some(tested) = tested.get_mut(triggers) {
                *tested |= held;
            }
        }
        Ok(())
    }

    /// The same of a `when` that is read at the end: what has happened on runs that end so.
    fn note_the_end(
        &self,
        facts: &mut Facts,
        set: Set,
        tested: &mut [bool],
    ) -> Result<(), OutOfFuel> {
        let first = match self.is_read_at_the_end() {
            true => 0,
            false if self.watch.is_prohibition() => self.watch.triggers().len(),
            false => return Ok(()),
        };
        let holds = self.holds(facts)?;
        let held = facts.cases.and(set, holds)?;
        let tests = self.watch.tested_at_the_end();
        for ((states, with_when), tested) in tests.iter().zip(tested.iter_mut().skip(first)) {
            let set = if *with_when { held } else { set };
            *tested |= !self.in_states(facts, set, states)?.is_empty();
        }
        Ok(())
    }
}

/// Two items that one role could do both.
fn same_roles(model: &Model, rule: &ProcessRule, one: ItemId, other: ItemId) -> Option<Diagnostic> {
    let (first, second) = (can_do(model, one), can_do(model, other));
    let role = first.intersection(&second).next()?;
    let title = rule.title.filled(|fact| model.fact(fact).name.clone());
    let name = &model.role(*role).name;
    let message = format!("the rule \"{title}\" does not hold: `{name}` can do both");
    let finding = Diagnostic::new(&BROKEN, rule.place, message)
        .label(model.item(one).place, "this one")
        .label(model.item(other).place, "and this one");
    Some(finding.help("let another role do one of them"))
}

/// The roles that may do an item, those that are part of them included.
fn can_do(model: &Model, item: ItemId) -> BTreeSet<RoleId> {
    let within = crate::flow::last_inside(model, item);
    let mut named: BTreeSet<RoleId> = BTreeSet::new();
    for id in (item.0..=within.0).map(ItemId).filter(|id| model.item(*id).kind.is_performed()) {
        named.extend(model.item(id).head.by.iter().flat_map(|who| who.roles()));
    }
    let roles = (0..model.roles.len() as u32).map(RoleId);
    let is_part = |role: &RoleId| {
        let around = std::iter::successors(Some(*role), |role| model.role(*role).parent);
        around.into_iter().any(|role| named.contains(&role))
    };
    roles.filter(is_part).collect()
}
