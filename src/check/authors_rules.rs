//! `rule-broken`, `rule-vacuous`: the rules that the process's author wrote hold on every run, and say
//! something.

use super::{run, undecided};
use crate::cases::{OutOfFuel, Set};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::flow::{EdgeIndex, Effect, Flow, NodeKind, Order};
use crate::model::{Happening, ItemId, ItemKind, Model, ProcessRule, RoleId, Template, full_name};
use crate::reach::{Facts, Reach, ShortestRun, Watch};
use crate::source::Place;
use std::borrow::Cow;
use std::collections::BTreeSet;

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
        if let Template::DifferentRoles(Happening::Item(one), Happening::Item(other)) =
            rule.template
        {
            findings.extend(same_roles(model, rule, one, other));
            continue;
        }
        let Some(watch) = Watch::new(model, rule) else {
            findings.push(undecided::tell(rule.place, "a rule that speaks of so many states"));
            continue;
        };
        let Some(flow) = spanned(model, flow, &watch) else {
            let what = "this rule, which speaks of too much that is done in any order";
            findings.push(undecided::tell(rule.place, what));
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
    let blocks: Vec<ItemId> = model
        .ids()
        .filter(|id| matches!(model.item(*id).kind, ItemKind::AnyOrder { .. }))
        .collect();
    // What lies within comes before what is around it.
    for block in blocks.into_iter().rev() {
        let mut branches = BTreeSet::new();
        for edge in spanned.graph.edge_indices() {
            let Some((from, _)) = spanned.graph.edge_endpoints(edge) else { continue };
            if spanned.edge(edge).effects.iter().any(|effect| watch.concerns(effect)) {
                let around = model.ancestors(spanned.node(from).item);
                branches
                    .extend(around.into_iter().find(|id| model.item(*id).parent == Some(block)));
            }
        }
        let branches: Vec<ItemId> = branches.into_iter().collect();
        if branches.len() > 1 {
            spanned = Cow::Owned(spanned.interleaved(model, &branches)?);
        }
    }
    Some(spanned)
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
        let at_the_end = self.watch.when.is_some() && !self.watch.reads_at_the_trigger();
        let mut happened = vec![false; self.watch.triggers().len() + usize::from(at_the_end)];
        for edge in self.flow.graph.edge_indices() {
            let is_concerned = |effect| self.watch.concerns(effect);
            if self.flow.edge(edge).effects.iter().any(is_concerned) || self.is_end(edge) {
                broken |= !self.broken_along(reach, edge, &mut happened)?.is_empty();
            }
        }
        if broken {
            return self.tell(reach).map(Some);
        }
        Ok(happened.iter().position(|happened| !happened).map(|trigger| self.vacuous(trigger)))
    }

    /// Whether the process ends behind an edge.
    fn is_end(&self, edge: EdgeIndex) -> bool {
        let to = self.flow.graph.edge_endpoints(edge).map(|(_, to)| to);
        to.is_some_and(|to| matches!(self.flow.node(to).kind, NodeKind::End(_)))
    }

    /// The cases that break the rule along an edge. Notes which of its triggers happen there.
    fn broken_along(
        &self,
        reach: &mut Reach,
        edge: EdgeIndex,
        happened: &mut [bool],
    ) -> Result<Set, OutOfFuel> {
        let here = reach.going_along(self.flow, edge);
        let mut broken = Set::NONE;
        let behind = reach.along_seeing(self.flow, edge, here, |facts, effect, set| {
            self.note(facts, effect, set, happened)?;
            let breaks = self.breaks(facts, effect, set)?;
            broken = facts.cases.or(broken, breaks)?;
            Ok(())
        })?;
        if self.is_end(edge) {
            let breaks = self.breaks_at_the_end(&mut reach.facts, behind)?;
            broken = reach.facts.cases.or(broken, breaks)?;
            self.note_the_end(&mut reach.facts, behind, happened)?;
        }
        Ok(broken)
    }

    /// The cases in which the rule's `when` holds.
    fn holds(&self, facts: &mut Facts) -> Result<Set, OutOfFuel> {
        match &self.watch.when {
            Some(guard) => Ok(facts.answer(guard)?.yes),
            None => Ok(Set::ALL),
        }
    }

    /// Of some cases, those in which the rule is in one of these states and its `when` holds.
    fn in_states(&self, facts: &mut Facts, set: Set, states: &[u32]) -> Result<Set, OutOfFuel> {
        let mut found = Set::NONE;
        for state in states {
            let there = facts.thing_is(*state)?;
            found = facts.cases.or(found, there)?;
        }
        found = facts.cases.and(found, set)?;
        if found.is_empty() {
            return Ok(found);
        }
        let holds = self.holds(facts)?;
        facts.cases.and(found, holds)
    }

    fn breaks(&self, facts: &mut Facts, effect: &Effect, set: Set) -> Result<Set, OutOfFuel> {
        self.in_states(facts, set, &self.watch.forbids(effect))
    }

    fn breaks_at_the_end(&self, facts: &mut Facts, set: Set) -> Result<Set, OutOfFuel> {
        self.in_states(facts, set, &self.watch.forbids_at_the_end())
    }

    /// Notes which of the rule's triggers happen.
    fn note(
        &self,
        facts: &mut Facts,
        effect: &Effect,
        set: Set,
        happened: &mut [bool],
    ) -> Result<(), OutOfFuel> {
        for (index, trigger) in self.watch.triggers().into_iter().enumerate() {
            let states: Vec<u32> = self.watch.where_it_happens(trigger, effect).collect();
            let known = happened.get(index).is_none_or(|happened| *happened);
            if known || states.is_empty() {
                continue;
            }
            let reads = self.watch.reads_at_the_trigger() && index == 0;
            let holds = if reads { self.holds(facts)? } else { Set::ALL };
            let mut there = Set::NONE;
            for state in states {
                let state = facts.thing_is(state)?;
                there = facts.cases.or(there, state)?;
            }
            there = facts.cases.and(there, set)?;
            happened[index] = !facts.cases.and(there, holds)?.is_empty();
        }
        Ok(())
    }

    /// A `when` that is read at the end is a trigger, too: without others, the only one.
    fn note_the_end(
        &self,
        facts: &mut Facts,
        set: Set,
        happened: &mut [bool],
    ) -> Result<(), OutOfFuel> {
        let end = self.watch.triggers().len();
        if let Some(happened) = happened.get_mut(end) {
            let holds = self.holds(facts)?;
            *happened |= !facts.cases.and(set, holds)?.is_empty();
        }
        Ok(())
    }

    fn tell(&self, reach: &mut Reach) -> Result<Diagnostic, OutOfFuel> {
        let mut shown = self.shortest(reach, Order::AsWritten)?;
        if shown.is_none() {
            shown = self.shortest(reach, Order::LastFirst)?;
        }
        let title = self.rule.title.filled(|fact| self.model.fact(fact).name.clone());
        let mut when = String::new();
        let last = shown.as_ref().and_then(|(run, _)| run.edges.last());
        if let (Some((run, _)), Some(last)) = (&shown, last) {
            let here = reach.going_along(self.flow, *last);
            let broken = self.broken_along(reach, *last, &mut [])?;
            let (all, broken) = (reach.facts.facts_alone(here)?, reach.facts.facts_alone(broken)?);
            // Where it breaks in every case that gets there, the case of this run is no reason.
            if broken != all {
                let told = reach.facts.told(self.model, run.cases, here)?;
                when = told.map(|told| told.when()).unwrap_or_default();
            }
        }
        let message = format!("the rule \"{title}\" does not hold{when}");
        let mut finding = Diagnostic::new(&BROKEN, self.rule.place, message).help(self.advice());
        if let Some((run, place)) = &shown {
            finding = finding
                .label(*place, self.what_happens())
                .run(run::told(self.model, self.flow, run));
        }
        Ok(finding)
    }

    /// The shortest run that breaks the rule, and the place where it does.
    fn shortest(
        &self,
        reach: &mut Reach,
        order: Order,
    ) -> Result<Option<(ShortestRun, Place)>, OutOfFuel> {
        let mut place = self.rule.place;
        let shortest =
            reach.shortest(self.model, self.flow, order, |facts, edge, effect, set| {
                let found = match effect {
                    Some(effect) => self.breaks(facts, effect, set)?,
                    None if self.is_end(edge) => self.breaks_at_the_end(facts, set)?,
                    None => Set::NONE,
                };
                if !found.is_empty() {
                    place = self.place_of(effect, edge);
                }
                Ok(found)
            })?;
        Ok(shortest.map(|run| (run, place)))
    }

    fn place_of(&self, effect: Option<&Effect>, edge: EdgeIndex) -> Place {
        match effect {
            Some(Effect::Starts(id)) => self.model.item(*id).place,
            Some(Effect::Make(made, _)) => made.place,
            _ => self.flow.edge(edge).place,
        }
    }

    fn what_happens(&self) -> String {
        let name = |happening| called(self.model, happening);
        match &self.rule.template {
            Template::OnlyAfter { after, since: Some(since), .. } => {
                format!("this happens without {} since {}", name(after), name(since))
            }
            Template::OnlyAfter { after, .. } => {
                format!("this happens without {} before", name(after))
            }
            Template::NeverAfter { after, .. } => format!("this happens after {}", name(after)),
            Template::Always { after: Some(after), what } => {
                format!("it ends here after {}, and without {}", name(after), name(what))
            }
            Template::Always { after: None, what } => {
                format!("it ends here without {}", name(what))
            }
            Template::NeverBoth(..) => "it ends here after both".to_string(),
            Template::AtMostOnce(_) => "it ends here after more than one".to_string(),
            Template::DifferentRoles(..) => String::new(),
        }
    }

    fn advice(&self) -> String {
        let name = |happening| called(self.model, happening);
        match &self.rule.template {
            Template::OnlyAfter { what, after, .. } => format!(
                "let {} come before {} on every way, or say with `when` in which cases the rule holds",
                name(after),
                name(what)
            ),
            Template::Always { what, .. } => format!(
                "let {} happen on every way to an end, or say with `when` in which cases the rule holds",
                name(what)
            ),
            _ => "mend the way that leads there, or say with `when` in which cases the rule holds"
                .to_string(),
        }
    }

    fn vacuous(&self, trigger: usize) -> Diagnostic {
        let title = self.rule.title.filled(|fact| self.model.fact(fact).name.clone());
        let what = match self.watch.triggers().get(trigger) {
            Some(happening) => {
                let happening = called(self.model, happening);
                match self.watch.when.is_some() && trigger == 0 && self.watch.reads_at_the_trigger()
                {
                    true => format!("{happening} never happens when its `when` holds"),
                    false => format!("{happening} never happens"),
                }
            }
            None => "no run ends when its `when` holds".to_string(),
        };
        let message = format!("the rule \"{title}\" is never put to the test: {what}");
        Diagnostic::new(&VACUOUS, self.rule.place, message)
            .help("name what is meant now, or delete the rule")
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

/// What a rule speaks of, by its name.
fn called(model: &Model, happening: &Happening) -> String {
    match happening {
        Happening::Item(id) => {
            format!("the {} `{}`", model.item(*id).kind.word(), full_name(model, *id))
        }
        Happening::End(id) => format!("the end `{}`", model.outcome(*id).name),
        Happening::Artifact(artifact) => {
            let declared = model.artifact(artifact.artifact);
            let state = artifact.state.and_then(|state| declared.states.get(state));
            let state = state.map(|state| format!(" {state}")).unwrap_or_default();
            let on = artifact.on.map(|on| format!(" on `{}`", model.environment(on).name));
            format!("`{}`{state}{}", declared.name, on.unwrap_or_default())
        }
    }
}
