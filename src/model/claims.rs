//! What the author says of the whole process: rules that hold in every run, and scenarios.

use super::names::Symbol;
use super::resolve::{At, Resolver};
use super::rules::{AMBIGUOUS_NAME, DUPLICATE_LINE, TYPE_MISMATCH};
use super::scope::{Class, ending, full_name};
use super::{
    BranchKind, Expectation, Expected, FactOrigin, FactType, Given, Happening, ItemId, ItemKind,
    Model, ProcessRule, Scenario, ScenarioEvent, Target, Template, Value,
};
use crate::diagnostic::{Diagnostic, derived_name};
use crate::source::Place;
use crate::syntax::statement::Kind;
use crate::syntax::tree::{
    self, Clause, Flag, Happening as WrittenHappening, Template as WrittenTemplate,
};
use std::collections::{BTreeMap, HashSet};

/// The events that a scenario can speak of.
struct Events {
    /// By their own names: the full name, the item that each stands in, which branch of it.
    known: BTreeMap<String, Vec<(String, ItemId, usize)>>,
    /// The names that are written somewhere, though the event may not have been taken in.
    written: HashSet<String>,
}

impl<'a> Resolver<'a> {
    pub fn resolve_rules_and_scenarios(&mut self) {
        if self.origins.is_empty() {
            return;
        }
        let events = self.events();
        // What a rule or a scenario speaks of is not used by that.
        let used = self.names.used.clone();
        for at in self.last.clone() {
            match at.kind() {
                Kind::Rule => {
                    let rule = self.process_rule(at);
                    self.model.rules.extend(rule);
                }
                Kind::Scenario => {
                    let scenario = self.scenario(at, &events);
                    self.model.scenarios.push(scenario);
                }
                _ => {}
            }
        }
        let facts = std::mem::replace(&mut self.names.used, used);
        // A rule that reads a fact or speaks of an artifact does use it.
        let read = self.facts_of_rules();
        self.names.used.extend(facts.into_iter().filter(|symbol| match symbol {
            Symbol::Fact(id) => read.contains(id),
            Symbol::Artifact(_) | Symbol::State(..) => true,
            _ => false,
        }));
    }

    fn facts_of_rules(&self) -> Vec<super::FactId> {
        let mut read = Vec::new();
        for guard in self.model.rules.iter().filter_map(|rule| rule.when.as_ref()) {
            guard.facts(&mut |fact| read.push(fact));
        }
        read
    }

    fn process_rule(&mut self, at: At<'a>) -> Option<ProcessRule> {
        let title = self.title_prose(at).unwrap_or_default();
        let template = at.node.get().clauses.iter().find_map(|clause| match clause {
            Clause::Template(template) => Some(template.as_ref()),
            _ => None,
        })?;
        let template = self.template(at, template);
        let when = match at.node.get().guard() {
            Some(guard) => Some(self.guard(at, guard)?),
            None => None,
        };
        Some(ProcessRule { title, place: at.here(), template: template?, when })
    }

    fn template(&mut self, at: At<'a>, written: &WrittenTemplate) -> Option<Template> {
        let mut happening = |written: &WrittenHappening| self.happening(at, written);
        Some(match written {
            WrittenTemplate::OnlyAfter { what, after, since } => {
                let (what, after) = (happening(what), happening(after));
                let since = match since {
                    Some(since) => Some(happening(since)?),
                    None => None,
                };
                Template::OnlyAfter { what: what?, after: after?, since }
            }
            WrittenTemplate::Always { after: None, what } => {
                Template::Always { after: None, what: happening(what)? }
            }
            WrittenTemplate::Always { after: Some(after), what } => {
                let (after, what) = (happening(after), happening(what));
                Template::Always { after: Some(after?), what: what? }
            }
            WrittenTemplate::NeverAfter { what, after } => {
                let (what, after) = (happening(what), happening(after));
                Template::NeverAfter { what: what?, after: after? }
            }
            WrittenTemplate::NeverBoth(first, second) => {
                let (first, second) = (happening(first), happening(second));
                Template::NeverBoth(first?, second?)
            }
            WrittenTemplate::AtMostOnce(what) => Template::AtMostOnce(happening(what)?),
            WrittenTemplate::DifferentRoles(first, second) => {
                let places = [place_of(at, first), place_of(at, second)];
                let (first, second) = (happening(first)?, happening(second)?);
                for (happening, place) in [&first, &second].into_iter().zip(places) {
                    if !matches!(happening, Happening::Item(_)) {
                        let message = "an outcome or an artifact is not done by a role";
                        let finding = Diagnostic::new(&TYPE_MISMATCH, place, message)
                            .help("name the step that leads to it");
                        self.find(finding);
                        return None;
                    }
                }
                Template::DifferentRoles(first, second)
            }
        })
    }

    fn happening(&mut self, at: At<'a>, written: &WrittenHappening) -> Option<Happening> {
        match written {
            WrittenHappening::Artifact { name, state, on } => {
                self.artifact(at, *name, *state, *on, false).map(Happening::Artifact)
            }
            WrittenHappening::Item(target) => match self.target(at, *target)? {
                Target::Item(id) => Some(Happening::Item(id)),
                Target::End(id) => Some(Happening::End(id)),
                Target::Next => None,
            },
        }
    }

    fn scenario(&mut self, at: At<'a>, known: &Events) -> Scenario {
        let title = self.title_prose(at).unwrap_or_default();
        let (given, answers, events, expect) = Default::default();
        let mut scenario = Scenario { title, place: at.here(), given, answers, events, expect };
        for line in at.children() {
            match line.kind() {
                Kind::Given => {
                    let given = self.given(line);
                    if let Some(given) = &given {
                        let same = scenario.given.iter().find(|other| other.fact == given.fact);
                        if let Some(first) = same.map(|first| first.place) {
                            let fact = &self.model.fact(given.fact).name;
                            let message = format!("`{fact}` is given twice");
                            let finding = Diagnostic::new(&DUPLICATE_LINE, line.here(), message)
                                .label(first, "it is given here already")
                                .help("leave one of them out");
                            self.find(finding);
                        }
                    }
                    scenario.given.extend(given);
                }
                Kind::ScenarioAnswer => {
                    let answer = self.scenario_answer(line);
                    if let Some((decide, _, place)) = &answer {
                        let same = scenario.answers.iter().find(|(other, ..)| other == decide);
                        if let Some((_, _, first)) = same {
                            let message = "the answers to one decision stand on one line";
                            let finding = Diagnostic::new(&DUPLICATE_LINE, *place, message)
                                .label(*first, "it is answered here already")
                                .help("list all its answers in one line, in order, as in `answer D a, b`");
                            self.find(finding);
                        }
                    }
                    scenario.answers.extend(answer);
                }
                Kind::ScenarioEvent => {
                    scenario.events.extend(self.scenario_event(line, known));
                }
                Kind::Expect => {
                    let never = line.node.flag(Flag::Never);
                    let target = line.node.target().and_then(|target| self.target(line, target));
                    let what = match target {
                        Some(Target::Item(id)) => Some(Expected::Item(id)),
                        Some(Target::End(id)) => Some(Expected::End(id)),
                        _ => None,
                    };
                    let place = line.here();
                    scenario.expect.extend(what.map(|what| Expectation { never, what, place }));
                }
                _ => {}
            }
        }
        scenario
    }

    fn given(&mut self, at: At<'a>) -> Option<Given> {
        let name = at.node.subject().first().copied()?;
        let place = at.here();
        let not = at.node.flag(Flag::Not);
        if at.node.flag(Flag::TakesPart) {
            let role = self.role(at, name)?;
            let Some(fact) = self.model.role(role).optional else {
                let message = format!("the role `{}` always takes part", at.text(name));
                self.find(
                    Diagnostic::new(&TYPE_MISMATCH, place, message).help("leave the line out"),
                );
                return None;
            };
            return Some(Given { fact, value: Value::YesNo(!not), place });
        }
        let fact = match self.subject(at, name)? {
            super::conditions::Subject::Fact(fact) => fact,
            super::conditions::Subject::Constant(..) => return None,
        };
        let values = at.node.get().clauses.iter().find_map(|clause| match clause {
            Clause::Values(values) => values.first().copied(),
            _ => None,
        });
        let kind = self.model.fact(fact).kind.clone();
        if let Some(why) = self.model.cannot_be_given(fact) {
            let message = format!("`{}` cannot be given: {why}", at.text(name));
            let help = match self.model.fact(fact).origin {
                FactOrigin::Answer(_) => format!("write `answer {} …`", at.text(name)),
                _ => "give what it follows from".to_string(),
            };
            self.find(Diagnostic::new(&TYPE_MISMATCH, place, message).help(help));
            return None;
        }
        let value = match values {
            Some(value) => self.constant(at, at.text(name), &kind, value)?,
            None if kind == FactType::YesNo => Value::YesNo(!not),
            None => {
                let message = format!("`{}` is not a yes-no fact: it needs a value", at.text(name));
                let help = format!("write `given {} = …`", at.text(name));
                self.find(Diagnostic::new(&TYPE_MISMATCH, place, message).help(help));
                return None;
            }
        };
        Some(Given { fact, value, place })
    }

    fn scenario_answer(
        &mut self,
        at: At<'a>,
    ) -> Option<(ItemId, Vec<usize>, crate::source::Place)> {
        let name = at.node.subject().first().copied()?;
        let decide = self.item(at, Class::Decide, name)?;
        let values: &[tree::Value] =
            at.node.get().clauses.iter().find_map(|clause| match clause {
                Clause::Values(values) => Some(values.as_slice()),
                _ => None,
            })?;
        let ItemKind::Decide { answer: Some(fact) } = self.model.item(decide).kind else {
            if !self.is_by_facts(decide) {
                return None;
            }
            let message = format!("`{}` is decided by facts: it is given no answer", at.text(name));
            let finding = Diagnostic::new(&TYPE_MISMATCH, at.here(), message)
                .help("give the facts by which it is decided");
            self.find(finding);
            return None;
        };
        let kind = self.model.fact(fact).kind.clone();
        let answers =
            values.iter().map(|value| match self.constant(at, at.text(name), &kind, *value) {
                Some(Value::Choice(index)) => Some(index),
                _ => None,
            });
        let answers: Vec<Option<usize>> = answers.collect();
        Some((decide, answers.into_iter().flatten().collect(), at.here()))
    }

    fn scenario_event(&mut self, at: At<'a>, known: &Events) -> Option<ScenarioEvent> {
        let qualified = at.node.subject().first().copied();
        let name = at.node.name.or(qualified).or(at.node.title.map(|title| title.0))?;
        let (own, _) = self.name_and_title(at);
        let written = qualified.map_or(own.as_str(), |name| at.text(name));
        let after = at.node.clauses.iter().find_map(|clause| match clause {
            Clause::Anchor(_, step) => Some(*step),
            _ => None,
        });
        let after = after.and_then(|step| self.item(at, Class::Step, step));
        let place = at.here();
        let found = known.find(&self.model, written, after);
        match found.as_slice() {
            [(_, item, branch)] => {
                Some(ScenarioEvent { item: *item, branch: *branch, after, place })
            }
            // It may stand in what could not be read, or lead to what is wrong.
            [] if known.written.contains(last_part(written)) => None,
            [] => {
                let names: Vec<String> = known.known.keys().cloned().collect();
                self.names.unknown(Class::Event.word(), written, at.place(name), &[&names]);
                None
            }
            several => {
                let message = format!("`{written}` could be {} events", several.len());
                let mut finding = Diagnostic::new(&AMBIGUOUS_NAME, at.place(name), message).help(
                    "name a step of the block that is meant, as in `event … after step one.work`",
                );
                for (full, item, branch) in several.iter().take(4) {
                    // Where a procedure is run twice, its events are written in one place.
                    let item = self.model.item(*item);
                    let place = match item.kind {
                        ItemKind::Run { .. } => item.place,
                        _ => item.branches[*branch].place,
                    };
                    finding = finding.label(place, format!("`{full}`"));
                }
                self.find(finding);
                None
            }
        }
    }

    fn events(&self) -> Events {
        let mut known: BTreeMap<String, Vec<(String, ItemId, usize)>> = BTreeMap::new();
        for id in self.model.ids() {
            for (index, branch) in self.model.item(id).branches.iter().enumerate() {
                let BranchKind::Event(name) = &branch.kind else { continue };
                let full = match full_name(&self.model, id).as_str() {
                    "" => name.clone(),
                    around => format!("{around}.{name}"),
                };
                known.entry(name.clone()).or_default().push((full, id, index));
            }
        }
        let lines = self.files.iter().flat_map(|file| {
            file.tree.statements.iter().map(move |statement| (file.text, statement))
        });
        let events = lines.filter(|(_, line)| line.kind == Kind::Event);
        let written = events.filter_map(|(text, event)| match (event.name, event.title) {
            (Some(name), _) => Some(name.of(text).to_string()),
            (None, title) => derived_name(&title?.value(text)),
        });
        Events { known, written: written.collect() }
    }
}

impl Events {
    /// The events that a name may mean: the one with just this name, else all whose full name
    /// ends so; of several, those of a block that has the step after which it happens.
    fn find(
        &self,
        model: &Model,
        written: &str,
        after: Option<ItemId>,
    ) -> Vec<&(String, ItemId, usize)> {
        let depth = written.split('.').count();
        let named = self.known.get(last_part(written)).into_iter().flatten();
        let mut found: Vec<_> = named.filter(|(full, ..)| ending(full, depth) == written).collect();
        if found.iter().any(|(full, ..)| full == written) {
            found.retain(|(full, ..)| full == written);
        }
        if let (true, Some(step)) = (found.len() > 1, after) {
            let near = |event: &&&(String, ItemId, usize)| model.is_within(step, event.1);
            let around: Vec<_> = found.iter().filter(near).copied().collect();
            found = if around.is_empty() { found } else { around };
        }
        found
    }
}

fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn place_of(at: At<'_>, happening: &WrittenHappening) -> Place {
    at.place(match happening {
        WrittenHappening::Item(target) => target.name,
        WrittenHappening::Artifact { name, .. } => *name,
    })
}
