//! What is said of a rule that is broken, or that nothing puts to the test.

use super::{BROKEN, Proof, VACUOUS};
use crate::cases::{OutOfFuel, Set};
use crate::check::{run, words};
use crate::diagnostic::{Diagnostic, RunStep};
use crate::flow::{EdgeIndex, EdgeKind, Effect, NodeKind, Order};
use crate::model::{Guard, Happening, Template};
use crate::reach::{Facts, Reach, ShortestRun, Told};
use crate::source::Place;

impl Proof<'_> {
    pub fn tell(&self, reach: &mut Reach) -> Result<Diagnostic, OutOfFuel> {
        let mut shown = self.shortest(reach, Order::AsWritten)?;
        if shown.is_none() {
            shown = self.shortest(reach, Order::LastFirst)?;
        }
        let title = self.rule.title.filled(|fact| self.model.fact(fact).name.clone());
        let Some(shown) = shown else {
            let message = format!("the rule \"{title}\" does not hold");
            return Ok(Diagnostic::new(&BROKEN, self.rule.place, message).help(self.advice()));
        };
        let when = self.when(reach, &shown)?.map(|told| told.when()).unwrap_or_default();
        let message = format!("the rule \"{title}\" does not hold{when}");
        Ok(Diagnostic::new(&BROKEN, self.rule.place, message)
            .help(self.advice())
            .label(self.place(&shown), self.what_happens())
            .run(self.told(&shown)))
    }

    /// The shortest run that breaks the rule, up to where it does.
    fn shortest(&self, reach: &mut Reach, order: Order) -> Result<Option<ShortestRun>, OutOfFuel> {
        let broken = self.in_states(&mut reach.facts, Set::ALL, &self.watch.broken())?;
        let ends = |facts: &mut Facts, edge, effect: Option<&Effect>, set| match effect {
            None if self.is_end(edge) => self.breaks_at_the_end(facts, set),
            _ => Ok(Set::NONE),
        };
        let Some(mut run) = reach.shortest(self.model, self.flow, order, broken, ends)? else {
            return Ok(None);
        };
        if self.watch.broken().is_empty() {
            return Ok(Some(run));
        }
        // It is broken on the way already: the rest only shows that such a run can end.
        let told = run.free_from.unwrap_or(run.edges.len());
        let whole = run.edges.clone();
        run.edges.truncate(told);
        // An end that may not be is told, too.
        let last = run.edges.last().map(|edge| self.flow.edge(*edge));
        let ends = |effect: &Effect| matches!(effect, Effect::Ends(_));
        run.is_behind = last.is_some_and(|last| {
            last.effects.iter().any(|effect| ends(effect) && !self.watch.forbids(effect).is_empty())
        });
        let mut cases = Set::NONE;
        reach.along_run(self.flow, &whole, told, |facts, effect, set| {
            let breaks = self.breaks(facts, effect, set)?;
            cases = facts.cases.or(cases, breaks)?;
            Ok(())
        })?;
        run.cases = cases;
        Ok(Some(run))
    }

    /// In which cases it is broken where that run breaks it; around one that the run can have.
    fn when(&self, reach: &mut Reach, run: &ShortestRun) -> Result<Option<Told>, OutOfFuel> {
        let Some(last) = run.edges.last().copied() else { return Ok(None) };
        let here = reach.going_along(self.flow, last);
        let (mut broken, mut among) = (Set::NONE, Set::NONE);
        let behind = reach.along_seeing(self.flow, last, here, |facts, effect, set| {
            let breaks = self.breaks(facts, effect, set)?;
            if !breaks.is_empty() {
                among = facts.cases.or(among, set)?;
            }
            broken = facts.cases.or(broken, breaks)?;
            Ok(())
        })?;
        if self.watch.broken().is_empty() {
            broken = self.breaks_at_the_end(&mut reach.facts, behind)?;
            among = behind;
        }
        reach.facts.told_around(self.model, broken, among, run.cases)
    }

    fn told(&self, shown: &ShortestRun) -> Vec<RunStep> {
        run::told(self.model, self.flow, shown, |edge| self.is_spoken_of(edge))
    }

    /// Whether the rule speaks of what is done, or passed by, on an edge.
    fn is_spoken_of(&self, edge: EdgeIndex) -> bool {
        let edge = self.flow.edge(edge);
        let origin = self.flow.node(edge.origin);
        let is_passed = origin.kind == NodeKind::Ask && edge.kind == EdgeKind::Skip;
        let is_in = |happening: &&Happening| match happening {
            Happening::Item(id) => self.model.is_within(*id, origin.item),
            Happening::End(_) | Happening::Artifact(_) => false,
        };
        edge.effects.iter().any(|effect| self.watch.concerns(effect))
            || is_passed && self.rule.template.happenings().iter().any(is_in)
    }

    /// Where a run breaks the rule.
    fn place(&self, run: &ShortestRun) -> Place {
        let mut state = self.watch.first(self.model);
        let mut place = None;
        for edge in &run.edges {
            for effect in &self.flow.edge(*edge).effects {
                if self.watch.forbids(effect).contains(&state) {
                    place = Some(self.place_of(effect, *edge));
                }
                state = self.watch.goes_to(effect, state);
            }
        }
        let last = run.edges.last().map(|edge| self.flow.edge(*edge).place);
        place.or(last).unwrap_or(self.rule.place)
    }

    fn place_of(&self, effect: &Effect, edge: EdgeIndex) -> Place {
        match effect {
            Effect::Starts(id) => self.model.item(*id).place,
            Effect::Make(made, _) => made.place,
            _ => self.flow.edge(edge).place,
        }
    }

    fn what_happens(&self) -> String {
        let name = |happening| words::happening(self.model, happening);
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
            Template::AtMostOnce(_) => "this happens for the second time".to_string(),
            Template::DifferentRoles(..) => String::new(),
        }
    }

    fn advice(&self) -> String {
        let name = |happening| words::happening(self.model, happening);
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

    pub fn vacuous(&self, trigger: usize) -> Diagnostic {
        let title = self.rule.title.filled(|fact| self.model.fact(fact).name.clone());
        let (at_the_end, forbids) = (self.is_read_at_the_end(), self.watch.is_prohibition());
        let with_when = self.watch.when.is_some() && !forbids && (trigger == 0 || at_the_end);
        let what = match self.watch.triggers().get(trigger) {
            Some(happening) => {
                let happening = words::happening(self.model, happening);
                let on = if at_the_end { " on a run that ends" } else { "" };
                let when = if with_when { " while the rule's `when` holds" } else { "" };
                format!("{happening} never happens{on}{when}")
            }
            None if forbids => {
                "nothing of what it speaks of happens while the rule's `when` holds".to_string()
            }
            None => "no run ends while the rule's `when` holds".to_string(),
        };
        let message = format!("the rule \"{title}\" is never put to the test: {what}");
        let finding = Diagnostic::new(&VACUOUS, self.rule.place, message);
        let is_found_out = |when: &Guard| {
            self.model.depends_on(when).into_iter().any(|fact| self.model.fact(fact).later)
        };
        match self.watch.triggers().get(trigger) {
            Some(happening)
                if with_when && !at_the_end && self.watch.when.as_ref().is_some_and(is_found_out) =>
            {
                finding.help(format!(
                    "`when` is read at the moment at which {} comes, before it finds out anything: name \
                     what is known by then, or delete the rule",
                    words::happening(self.model, happening)
                ))
            }
            _ => finding.help("name what is meant now, or delete the rule"),
        }
    }
}
