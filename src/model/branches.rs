//! Where the flow goes on: branches and what they lead to.

use super::meant;
use super::names::{Space, Symbol};
use super::resolve::{At, Resolver};
use super::rules::{
    AMBIGUOUS_NAME, DUPLICATE_LINE, DUPLICATE_NAME, MISSING_GUARD, MISSING_LINE, MIXED_BRANCHES,
};
use super::scope::{Class, full_name};
use super::{Branch, BranchKind, ItemId, ItemKind, OutcomeId, Prose, Target};
use crate::diagnostic::{Diagnostic, Edit, Mend, derived_name};
use crate::source::{Place, Span};
use crate::syntax::rules::SYNTAX;
use crate::syntax::statement::Kind;
use crate::syntax::tree::{Target as WrittenTarget, TargetKind};

impl<'a> Resolver<'a> {
    /// An answer, an event, a wait or a case, and where it leads.
    pub fn branch(&mut self, at: At<'a>) -> Option<Branch> {
        self.expect_name(at);
        let (name, plain) = self.name_and_title(at);
        let title = self.title_prose(at);
        let kind = match at.kind() {
            Kind::Answer => BranchKind::Answer(name),
            Kind::Event => BranchKind::Event(name),
            Kind::After => {
                let duration = at.node.duration()?;
                BranchKind::After(self.duration(at, duration)?)
            }
            Kind::BranchWhen => return self.branch_by_facts(at, title),
            _ => BranchKind::Otherwise,
        };
        let written = at.node.target()?;
        let at_most = self.count(at, at.node.times());
        self.refuse_times(at);
        let target = self.target(at, written)?;
        let title = match kind {
            BranchKind::Answer(_) | BranchKind::Event(_) => {
                title.unwrap_or(super::Prose::text(plain))
            }
            _ => title.unwrap_or_default(),
        };
        let target_place = at.place(written.span);
        Some(Branch { kind, title, target, target_place, at_most, place: at.here() })
    }

    /// A case and where it leads; both are looked at, so that all mistakes are told at once.
    fn branch_by_facts(&mut self, at: At<'a>, title: Option<Prose>) -> Option<Branch> {
        let written = at.node.target()?;
        let guard = match at.node.get().guard() {
            Some(guard) => self.guard(at, guard),
            None => {
                let message = "a branch by facts needs a condition, not a text alone";
                let help =
                    "write `when CONDITION \"…\" -> …`, or make it an `answer` that people give";
                self.find(Diagnostic::new(&MISSING_GUARD, at.here(), message).help(help));
                None
            }
        };
        self.refuse_times(at);
        let target = self.target(at, written)?;
        let (kind, title) = (BranchKind::When(guard?), title.unwrap_or_default());
        let (target_place, place) = (at.place(written.span), at.here());
        Some(Branch { kind, title, target, target_place, at_most: None, place })
    }

    /// Only what people do, or what happens, can be used up.
    fn refuse_times(&mut self, at: At<'a>) {
        if at.node.times().is_some() && !matches!(at.kind(), Kind::Answer | Kind::Event) {
            let message = format!("`at most … times` cannot stand with `{}`", at.kind().word());
            let help =
                "it stands with `answer`, `event` and `go`; a loop by facts is a `repeat until`";
            self.find(Diagnostic::new(&SYNTAX, at.here(), message).help(help));
        }
    }

    /// Whether a decision has branches by facts, and so no answer.
    pub fn is_by_facts(&self, id: ItemId) -> bool {
        let by_facts =
            |line: At<'_>| matches!(line.kind(), Kind::BranchWhen | Kind::BranchOtherwise);
        self.origins[id.0 as usize].children().any(by_facts)
    }

    /// A decide is taken by people, events and time, or by facts.
    pub fn check_branches(&mut self, at: At<'a>, branches: &[(At<'a>, Branch)]) {
        let by_facts =
            |branch: &Branch| matches!(branch.kind, BranchKind::When(_) | BranchKind::Otherwise);
        let written = at.children().any(|line| {
            matches!(
                line.kind(),
                Kind::Answer
                    | Kind::Event
                    | Kind::After
                    | Kind::BranchWhen
                    | Kind::BranchOtherwise
                    | Kind::Bad(_)
            ) || !line.kind().may_stand_in(Kind::Decide)
        });
        // That it has no block at all has been told.
        if !written && at.node.block.is_some() {
            let message = "the decision has no branch";
            let help = "add lines such as `answer yes \"…\" -> next`, or `when … -> next` where facts decide";
            self.find(Diagnostic::new(&MISSING_LINE, at.here(), message).help(help));
        }
        self.refuse_second(branches, Kind::After, "the shorter wait always comes first");
        self.refuse_second(branches, Kind::BranchOtherwise, "the first stands for all other cases");
        let facts = branches.iter().find(|(_, branch)| by_facts(branch));
        let people = branches.iter().find(|(_, branch)| !by_facts(branch));
        if let (Some((facts, _)), Some((people, _))) = (facts, people) {
            let finding = Diagnostic::new(
                &MIXED_BRANCHES,
                at.here(),
                "the decision is taken by people and by facts at once",
            )
            .label(people.here(), "this is up to people, events or time")
            .label(facts.here(), "this is up to facts")
            .help("make two decisions of it, one after the other");
            self.find(finding);
        }
    }

    /// Reports branches of which one can never be taken.
    fn refuse_second(&mut self, branches: &[(At<'a>, Branch)], kind: Kind, why: &str) {
        let mut same = branches.iter().map(|(at, _)| *at).filter(|at| at.kind() == kind);
        let (Some(first), Some(second)) = (same.next(), same.next()) else { return };
        let message = format!("`{}` stands twice: {why}", kind.word());
        let finding = Diagnostic::new(&DUPLICATE_LINE, second.here(), message)
            .label(first.here(), "it stands here already")
            .help("leave one of them out");
        self.find(finding);
    }

    pub fn distinct_branches(&mut self, branches: &[(At<'a>, Branch)]) {
        for (index, (at, branch)) in branches.iter().enumerate() {
            let (BranchKind::Answer(name) | BranchKind::Event(name)) = &branch.kind else {
                continue;
            };
            let same = branches[..index].iter().find(|(_, other)| {
                matches!(&other.kind, BranchKind::Answer(other) | BranchKind::Event(other) if other == name)
            });
            let is_timeout = name == "timeout" && !matches!(at.kind(), Kind::After);
            let after = branches.iter().find(|(other, _)| other.kind() == Kind::After);
            if let (true, Some((after, _))) = (is_timeout, after) {
                let message = "`timeout` is what the answer is called when the time runs out";
                let finding = Diagnostic::new(&DUPLICATE_NAME, at.here(), message)
                    .label(after.here(), "the time runs out here")
                    .help("give the answer another name");
                self.find(finding);
            }
            if let Some((first, _)) = same {
                let message = format!("the {} `{name}` stands twice", at.kind().word());
                let finding = Diagnostic::new(&DUPLICATE_NAME, at.here(), message)
                    .label(first.here(), "it stands here already")
                    .help("give one of them another name");
                self.find(finding);
            }
        }
    }

    pub fn target(&mut self, at: At<'a>, written: WrittenTarget) -> Option<Target> {
        let class = match written.kind {
            TargetKind::Next => return Some(Target::Next),
            TargetKind::End => return self.outcome(at, written.name).map(Target::End),
            TargetKind::Step => Class::Step,
            TargetKind::Stage => Class::Stage,
            TargetKind::Path => Class::Path,
        };
        self.item(at, class, written.name).map(Target::Item)
    }

    pub fn outcome(&mut self, at: At<'a>, name: Span) -> Option<OutcomeId> {
        match self.symbol(at, Space::Outcome, name)? {
            Symbol::Outcome(id) => Some(id),
            _ => None,
        }
    }

    /// The item of a class that a name means.
    pub fn item(&mut self, at: At<'a>, class: Class, name: Span) -> Option<ItemId> {
        let written = at.text(name);
        let found = self.index.find(&self.model, written, class, at.scope);
        match found.as_slice() {
            [only] => Some(*only),
            [] => {
                self.no_item(at, class, name);
                None
            }
            _ => {
                self.ambiguous(at.place(name), written, &found);
                None
            }
        }
    }

    /// Tells that no item of a class has the name.
    fn no_item(&mut self, at: At<'a>, class: Class, name: Span) {
        let (written, place) = (at.text(name), at.place(name));
        if let Some((other, id)) = self.index.other(&self.model, written, class, at.scope) {
            let declared = self.model.item(id).place;
            self.names.wrong_kind(class.word(), written, place, other.word(), declared);
            let meant = match other {
                Class::Step | Class::Decide => "step",
                Class::Stage => "stage",
                Class::Path => "path",
                Class::Run | Class::Event => return,
            };
            let is_target = matches!(class, Class::Step | Class::Stage | Class::Path);
            if let (true, Some(finding)) = (is_target, self.names.misused.last_mut()) {
                finding.help = Some(format!("write `{meant} {written}`"));
            }
            return;
        }
        let depth = written.split('.').count();
        let known = self.index.names(&self.model, class, depth);
        if depth == 1 {
            return match self.titled(class, written) {
                Some(name) => self.names.moved(class.word(), written, place, &[&name]),
                None => self.names.unknown(class.word(), written, place, &[&known]),
            };
        }
        let full = self.index.names(&self.model, class, usize::MAX);
        match meant::moved(written, &full).as_slice() {
            [] => {
                let before = self.names.misused.len();
                self.names.unknown(class.word(), written, place, &[&known]);
                for finding in self.names.misused.iter_mut().skip(before) {
                    let leads = |edit: &mut Edit| match edit.mends.as_slice() {
                        [(_, Mend::Instead(to))] => meant::leads_elsewhere(written, to, &full),
                        _ => false,
                    };
                    finding.edit.take_if(|edit| leads(edit));
                }
            }
            moved => self.names.moved(class.word(), written, place, moved),
        }
    }

    /// The name of the only item of a class of which `written` is the title: it has been given another name.
    fn titled(&self, class: Class, written: &str) -> Option<String> {
        let mut titled = self.model.ids().map(|id| self.model.item(id)).filter(|item| {
            let is_it = Class::of(&item.kind).is_some_and(|own| own.is(class));
            is_it && derived_name(&item.title.filled(|_| String::new())).as_deref() == Some(written)
        });
        let only = titled.next().filter(|_| titled.next().is_none())?;
        only.name.clone()
    }

    pub fn ambiguous(&mut self, place: Place, name: &str, items: &[ItemId]) {
        let mut finding = Diagnostic::new(
            &AMBIGUOUS_NAME,
            place,
            format!("`{name}` could be {} things", items.len()),
        );
        let mut names = Vec::new();
        let place_of = |id: ItemId| self.model.item(id).place;
        for id in items.iter().take(4) {
            let full = full_name(&self.model, *id);
            let mut around = self.model.ancestors(*id);
            let run = around.find(|id| matches!(self.model.item(*id).kind, ItemKind::Run { .. }));
            // Where a procedure is run twice, both are written in one place.
            let same = items.iter().filter(|other| place_of(**other) == place_of(*id)).count() > 1;
            let place = place_of(run.filter(|_| same).unwrap_or(*id));
            finding = finding.label(place, format!("`{full}`"));
            names.push(full);
        }
        names.sort();
        names.dedup();
        finding = match names.len() {
            0 | 1 => finding.help("give them names of their own, and name the one that is meant"),
            _ => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                finding.help(format!("say which: {}", names.join(" or ")))
            }
        };
        self.find(finding);
    }
}
