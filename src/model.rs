//! What a process is, once its names are resolved and its procedures expanded.
//!
//! In: the trees of a file and of those that it uses. Out: a [`Model`] and what is wrong with the
//! names, types and required lines. Everything after this stage (flow, checks, outputs) reads the
//! model and never the text.
//!
//! Invariants: every id is an index into the vector of its kind; `items[0]` is the process itself;
//! parents come before their children; `children` are in the order of the text; nothing of the
//! kind [`ItemKind::Run`] is left unexpanded.

mod branches;
mod claims;
mod conditions;
mod constant;
mod contents;
mod declare;
mod derived;
mod expand;
mod fill;
mod guard;
mod item;
mod meant;
mod names;
mod number;
mod prose;
mod releases;
mod resolve;
pub mod rules;
mod scope;
mod texts;
mod unrun;
mod vocabulary;

pub use guard::{Guard, Op, Value};
pub use item::{
    Anchor, Branch, BranchKind, Condition, Duration, Head, Item, ItemId, ItemKind, Line, Loop,
    Record, RecordKind, Relation, Remark, RemarkKind, Skip, Target, Task, TaskKind, Timing, Unit,
    Who,
};
pub use names::{Symbol, derived_title};
pub use prose::{BLANK, Part, Prose};
pub use resolve::{File, Resolved, resolve};
pub use scope::full_name;
pub use vocabulary::{
    Artifact, ArtifactId, ArtifactUse, Assumption, Environment, EnvironmentId, Expectation,
    Expected, Fact, FactId, FactOrigin, FactType, Given, Happening, Outcome, OutcomeId,
    ProcedureUse, ProcessRule, Release, Resource, ResourceId, Role, RoleId, Scenario,
    ScenarioEvent, Switch, SwitchId, Template, Trigger, Versions,
};

use crate::source::Place;
use std::collections::{BTreeSet, HashSet};

/// A whole process, or the vocabulary of a library (then `items` holds the root alone).
#[derive(Clone, Debug)]
pub struct Model {
    /// False for a library: a file without `process`.
    pub is_process: bool,
    pub name: String,
    pub title: Prose,
    pub place: Place,
    /// The version of the definition.
    pub version: semver::Version,
    pub owner: Option<RoleId>,
    pub roles: Vec<Role>,
    pub resources: Vec<Resource>,
    pub environments: Vec<Environment>,
    pub artifacts: Vec<Artifact>,
    pub switches: Vec<Switch>,
    /// Declared facts and those that the language gives: `from`, `to`, `hop`, `breaking`,
    /// `trigger`, whether an optional role takes part, and each decision's answer.
    pub facts: Vec<Fact>,
    pub versions: Option<Versions>,
    /// In order of precedence.
    pub releases: Vec<Release>,
    pub assumptions: Vec<Assumption>,
    pub triggers: Vec<Trigger>,
    /// Never empty for a process: without a declared one there is `done`.
    pub outcomes: Vec<Outcome>,
    pub items: Vec<Item>,
    pub rules: Vec<ProcessRule>,
    pub scenarios: Vec<Scenario>,
    /// The declared procedures, used or not.
    pub procedures: Vec<ProcedureUse>,
    /// What something refers to.
    pub used: HashSet<Symbol>,
}

impl Model {
    pub const ROOT: ItemId = ItemId(0);

    /// A model of nothing: what a file without statements is.
    pub fn empty() -> Self {
        let root =
            expand::empty_item(ItemKind::Process, None, Prose::default(), Place::default(), None);
        Model {
            is_process: false,
            name: String::new(),
            title: Prose::default(),
            place: Place::default(),
            version: semver::Version::new(0, 0, 0),
            owner: None,
            roles: Vec::new(),
            resources: Vec::new(),
            environments: Vec::new(),
            artifacts: Vec::new(),
            switches: Vec::new(),
            facts: Vec::new(),
            versions: None,
            releases: Vec::new(),
            assumptions: Vec::new(),
            triggers: Vec::new(),
            outcomes: Vec::new(),
            items: vec![root],
            rules: Vec::new(),
            scenarios: Vec::new(),
            procedures: Vec::new(),
            used: HashSet::new(),
        }
    }

    pub fn item(&self, id: ItemId) -> &Item {
        &self.items[id.0 as usize]
    }

    pub fn children(&self, id: ItemId) -> impl Iterator<Item = (ItemId, &Item)> {
        self.item(id).children.iter().map(|child| (*child, self.item(*child)))
    }

    /// The paths, in order of the text.
    pub fn paths(&self) -> impl Iterator<Item = (ItemId, &Item)> {
        self.children(Self::ROOT).filter(|(_, item)| matches!(item.kind, ItemKind::Path { .. }))
    }

    /// All items, each after its parent.
    pub fn ids(&self) -> impl Iterator<Item = ItemId> + use<> {
        (0..self.items.len() as u32).map(ItemId)
    }

    /// The item and those around it, from the inside out, the process last.
    pub fn ancestors(&self, id: ItemId) -> impl Iterator<Item = ItemId> {
        std::iter::successors(Some(id), |id| self.item(*id).parent)
    }

    /// Whether two items stand in different branches of an `any order`.
    pub fn are_beside(&self, one: ItemId, other: ItemId) -> bool {
        let around = self.ancestors(one).find(|id| self.is_within(other, *id));
        around.is_some_and(|id| matches!(self.item(id).kind, ItemKind::AnyOrder { .. }))
    }

    /// The path that an item stands in; the process where it stands before the paths.
    pub fn path_of(&self, id: ItemId) -> ItemId {
        let is_path = |id: &ItemId| matches!(self.item(*id).kind, ItemKind::Path { .. });
        self.ancestors(id).find(is_path).unwrap_or(Self::ROOT)
    }

    /// Whether `inner` is `outer` or lies within it.
    pub fn is_within(&self, inner: ItemId, outer: ItemId) -> bool {
        self.ancestors(inner).any(|id| id == outer)
    }

    pub fn role(&self, id: RoleId) -> &Role {
        &self.roles[id.0 as usize]
    }

    pub fn environment(&self, id: EnvironmentId) -> &Environment {
        &self.environments[id.0 as usize]
    }

    pub fn resource(&self, id: ResourceId) -> &Resource {
        &self.resources[id.0 as usize]
    }

    pub fn artifact(&self, id: ArtifactId) -> &Artifact {
        &self.artifacts[id.0 as usize]
    }

    pub fn switch(&self, id: SwitchId) -> &Switch {
        &self.switches[id.0 as usize]
    }

    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[id.0 as usize]
    }

    pub fn outcome(&self, id: OutcomeId) -> &Outcome {
        &self.outcomes[id.0 as usize]
    }

    /// The facts that a condition depends on: those that it reads, and what these follow from.
    pub fn depends_on(&self, guard: &Guard) -> BTreeSet<FactId> {
        let mut facts = BTreeSet::new();
        let mut next = vec![guard];
        while let Some(guard) = next.pop() {
            guard.facts(&mut |id| {
                if facts.insert(id)
                    && let FactOrigin::Derived(inner) = &self.fact(id).origin
                {
                    next.push(inner);
                }
            });
        }
        facts
    }

    /// The `later` facts that an item learns, and its answer: what going back to it makes unknown.
    pub fn asked(&self, item: &Item) -> Vec<FactId> {
        let mut facts = Vec::new();
        if let ItemKind::Decide { answer: Some(fact) } = item.kind {
            facts.push(fact);
        }
        item.lines.iter().for_each(|line| line.learned(&mut facts));
        facts.retain(|fact| self.fact(*fact).later);
        facts
    }

    /// Why nobody can find a fact out, or say what it is, where that is so.
    pub fn fixed(&self, id: FactId) -> Option<&'static str> {
        let versions = self.versions.as_ref();
        let is = |fact: fn(&Versions) -> FactId| versions.map(fact) == Some(id);
        match self.fact(id).origin {
            FactOrigin::Derived(_) => Some("it follows from other facts"),
            FactOrigin::Answer(_) => Some("it is what a decision was answered"),
            FactOrigin::Trigger => Some("it is what started the process"),
            FactOrigin::TakesPart(_) => Some("it is known who takes part"),
            FactOrigin::Versions if is(|versions| versions.hop) => {
                Some("it follows from the two versions")
            }
            FactOrigin::Versions
                if is(|versions| versions.breaking) && !self.releases.is_empty() =>
            {
                Some("it follows from the versions and the releases")
            }
            FactOrigin::Versions | FactOrigin::Declared => None,
        }
    }

    /// Why a case cannot say what a fact is, where that is so. The hop may be given alone, without two
    /// versions.
    pub fn cannot_be_given(&self, id: FactId) -> Option<&'static str> {
        let is_hop = self.versions.as_ref().is_some_and(|versions| versions.hop == id);
        match self.fact(id).origin {
            FactOrigin::Trigger | FactOrigin::TakesPart(_) => None,
            _ if is_hop => None,
            _ => self.fixed(id),
        }
    }

    /// Whether a role, or one that it is part of, is on the client's side.
    pub fn is_external(&self, role: RoleId) -> bool {
        std::iter::successors(Some(role), |role| self.role(*role).parent)
            .any(|role| self.role(role).external)
    }

    /// Whether an environment uses something that is live.
    pub fn is_live(&self, environment: EnvironmentId) -> bool {
        self.environment(environment).uses.iter().any(|resource| self.resource(*resource).live)
    }
}
