//! Where the flow goes on: branches and what they lead to.

use super::names::{Space, Symbol};
use super::resolve::{At, Resolver};
use super::rules::{
    AMBIGUOUS_NAME, DUPLICATE_LINE, DUPLICATE_NAME, MISSING_GUARD, MISSING_LINE, MIXED_BRANCHES,
};
use super::scope::{Class, full_name};
use super::{Branch, BranchKind, ItemId, OutcomeId, Target};
use crate::diagnostic::Diagnostic;
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
            Kind::BranchWhen => {
                match at.node.get().guard() {
                    Some(guard) => BranchKind::When(self.guard(at, guard)?),
                    None => {
                        let finding = Diagnostic::new(&MISSING_GUARD, at.here(), "a branch by facts needs a guard, not a text alone")
                        .help("write `when GUARD \"…\" -> …`, or make it an `answer` that people give");
                        self.find(finding);
                        return None;
                    }
                }
            }
            _ => BranchKind::Otherwise,
        };
        let written = at.node.target()?;
        let at_most = self.count(at, at.node.times());
        if at_most.is_some() && !matches!(kind, BranchKind::Answer(_) | BranchKind::Event(_)) {
            let message = format!("`at most … times` cannot stand with `{}`", at.kind().word());
            let finding = Diagnostic::new(&SYNTAX, at.here(), message).help(
                "it stands with `answer`, `event` and `go`; a loop by facts is a `repeat until`",
            );
            self.find(finding);
        }
        let target = self.target(at, written)?;
        let title = match kind {
            BranchKind::Answer(_) | BranchKind::Event(_) => {
                title.unwrap_or(super::Prose::text(plain))
            }
            _ => title.unwrap_or_default(),
        };
        let target_place = at.place(written.name);
        Some(Branch { kind, title, target, target_place, at_most, place: at.here() })
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
            if let (true, Some(finding)) = (is_target, self.names.findings.last_mut()) {
                finding.help = Some(format!("write `{meant} {written}`"));
            }
            return;
        }
        let depth = written.split('.').count();
        let known = self.index.full_names(&self.model, class, depth);
        self.names.unknown(class.word(), written, place, known);
    }

    pub fn ambiguous(&mut self, place: Place, name: &str, items: &[ItemId]) {
        let mut finding = Diagnostic::new(
            &AMBIGUOUS_NAME,
            place,
            format!("`{name}` could be {} things", items.len()),
        );
        let mut names = Vec::new();
        for id in items.iter().take(4) {
            let full = full_name(&self.model, *id);
            finding = finding.label(self.model.item(*id).place, format!("`{full}`"));
            names.push(full);
        }
        names.sort();
        names.dedup();
        finding = match names.len() {
            0 | 1 => finding.help("give them names of their own, and name the one that is meant"),
            _ => finding.help(format!("say which: {}", super::names::backticked(&names))),
        };
        self.find(finding);
    }
}
