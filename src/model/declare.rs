//! The vocabulary: first its names, later what its declarations refer to.

use super::names::{Space, Symbol, derived_title};
use super::resolve::{Argument, At, Resolver};
use super::rules::{DUPLICATE_LINE, MISSING_LINE};
use super::{
    Artifact, ArtifactId, Assumption, Environment, EnvironmentId, Fact, FactId, FactOrigin,
    FactType, Guard, Model, Outcome, OutcomeId, ProcedureUse, Prose, Resource, ResourceId, Role,
    RoleId, Switch, SwitchId, Trigger, Versions,
};
use crate::diagnostic::{Diagnostic, Edit, Mend, derived_name};
use crate::source::Place;
use crate::syntax::rules::SYNTAX;
use crate::syntax::statement::Kind;
use crate::syntax::tree::{Clause, Flag, Type};

/// The steps of a hop, from the worst to the widest.
const HOPS: [&str; 5] = ["downgrade", "none", "patch", "minor", "major"];

impl<'a> Resolver<'a> {
    /// Declares what stands in the files and in the process.
    pub fn declare_vocabulary(&mut self) {
        for file in self.files.clone() {
            for node in file.tree.roots() {
                let at = At { node, file, scope: Model::ROOT, binding: None };
                match at.kind() {
                    Kind::Process => self.declare_process(at),
                    kind if kind.intended() == Some(Kind::Process) && !self.model.is_process => {
                        self.declare_process(at)
                    }
                    _ => self.declare(at, None),
                }
            }
        }
        self.declare_given_facts();
        self.names.library = !self.model.is_process;
    }

    fn declare_process(&mut self, at: At<'a>) {
        if self.model.is_process || at.file.id.0 != 0 {
            let (message, help) = match at.file.id.0 {
                0 => ("a file describes one process", "give the second a file of its own"),
                _ => (
                    "a file that is used describes no process",
                    "take what is shared out into a file without `process`",
                ),
            };
            self.names.incomplete = true;
            self.find(Diagnostic::new(&DUPLICATE_LINE, at.here(), message).help(help));
            return;
        }
        self.expect_name(at);
        let (name, title) = self.name_and_title(at);
        self.model.is_process = true;
        self.model.place = at.here();
        self.model.items[0].end = at.end();
        self.model.name = name;
        self.model.title = Prose::text(title);
        for line in at.children() {
            self.declare(line, None);
        }
    }

    /// Declares what one statement declares; `parent` is the role that it stands in.
    fn declare(&mut self, at: At<'a>, parent: Option<RoleId>) {
        self.expect_name(at);
        if let (Some(name), Some(title)) = (at.node.name, at.node.title) {
            self.names.entitle(at.text(name), &title.shown(at.file.text));
        }
        match at.kind() {
            Kind::Role => self.declare_role(at, parent),
            Kind::Resource => {
                let (name, title) = self.name_and_title(at);
                let id = ResourceId(self.model.resources.len() as u32);
                self.names.declare(Space::Resource, &name, Symbol::Resource(id), at.here());
                let live = at.node.flag(Flag::Live);
                self.model.resources.push(Resource { name, title, place: at.here(), live });
            }
            Kind::Environment => {
                let (name, title) = self.name_and_title(at);
                let id = EnvironmentId(self.model.environments.len() as u32);
                self.names.declare(Space::Environment, &name, Symbol::Environment(id), at.here());
                let place = at.here();
                self.model.environments.push(Environment { name, title, place, uses: Vec::new() });
                self.pending.push((Symbol::Environment(id), at));
            }
            Kind::Artifact => self.declare_artifact(at),
            Kind::Switch => {
                let (name, title) = self.name_and_title(at);
                let id = SwitchId(self.model.switches.len() as u32);
                self.names.declare(Space::Switch, &name, Symbol::Switch(id), at.here());
                let normally_on = at.node.flag(Flag::NormallyOn);
                self.model.switches.push(Switch { name, title, place: at.here(), normally_on });
            }
            Kind::Fact => self.declare_fact(at),
            Kind::Versions => self.declare_versions(at),
            Kind::Trigger => {
                let (name, title) = self.name_and_title(at);
                let index = self.model.triggers.len();
                self.names.declare(Space::Fact, &name, Symbol::Trigger(index), at.here());
                let title = Prose::text(title);
                self.model.triggers.push(Trigger { name, title, place: at.here() });
                self.last.push(at);
            }
            Kind::Outcome => {
                let (name, title) = self.name_and_title(at);
                let id = OutcomeId(self.model.outcomes.len() as u32);
                self.names.declare(Space::Outcome, &name, Symbol::Outcome(id), at.here());
                let title = Prose::text(title);
                self.model.outcomes.push(Outcome { name, title, place: at.here(), declared: true });
                self.last.push(at);
            }
            Kind::Procedure => {
                let name = at.node.name.map(|name| at.text(name).to_string()).unwrap_or_default();
                let index = self.procedures.len();
                self.names.declare(Space::Procedure, &name, Symbol::Procedure(index), at.here());
                self.model.procedures.push(ProcedureUse { name, place: at.here(), used: false });
                self.procedures.push(at);
            }
            Kind::VersionIs
            | Kind::Owner
            | Kind::Release
            | Kind::Assume
            | Kind::Rule
            | Kind::Scenario => self.last.push(at),
            // What a line that could not be read holds, stands where the line stands.
            Kind::Bad(_) => at.children().for_each(|line| self.declare(line, parent)),
            _ => {}
        }
    }

    /// What is there to be referred to must have a name; a title does not always give one.
    pub fn expect_name(&mut self, at: At<'a>) {
        let needs_name = matches!(
            at.kind(),
            Kind::Process
                | Kind::Role
                | Kind::Resource
                | Kind::Environment
                | Kind::Artifact
                | Kind::Switch
                | Kind::Fact
                | Kind::Trigger
                | Kind::Outcome
                | Kind::Answer
                | Kind::Event
        );
        let (Some(title), None, true) = (at.node.title, at.node.name, needs_name) else { return };
        let (name, _) = self.name_and_title(at);
        // Where no reference starts with it, a word of the language is a name as good as any.
        let may_be_reserved = matches!(at.kind(), Kind::Process | Kind::Answer | Kind::Event);
        if name.is_empty() || (is_reserved(&name) && !may_be_reserved) {
            let (word, written) = (at.kind().word(), at.text(title.0));
            let message = format!("the {word} has no name, and its title gives none");
            let finding = Diagnostic::new(&SYNTAX, at.here(), message)
                .help(format!("write a name before the title, as in `{word} NAME {written}`"));
            self.find(finding);
        }
    }

    fn declare_role(&mut self, at: At<'a>, parent: Option<RoleId>) {
        let (name, title) = self.name_and_title(at);
        let id = RoleId(self.model.roles.len() as u32);
        self.names.declare(Space::Role, &name, Symbol::Role(id), at.here());
        let optional = at.node.flag(Flag::Optional).then(|| {
            self.add_fact(Fact {
                name: format!("{name} takes part"),
                title: Prose::text(format!("{title} takes part")),
                place: at.here(),
                kind: FactType::YesNo,
                later: false,
                origin: FactOrigin::TakesPart(id),
            })
        });
        let external = at.node.flag(Flag::External);
        let place = at.here();
        self.model.roles.push(Role { name, title, place, parent, external, optional });
        for line in at.children() {
            self.declare(line, Some(id));
        }
    }

    fn declare_artifact(&mut self, at: At<'a>) {
        let (name, title) = self.name_and_title(at);
        let id = ArtifactId(self.model.artifacts.len() as u32);
        self.names.declare(Space::Artifact, &name, Symbol::Artifact(id), at.here());
        let mut artifact = Artifact {
            name,
            title,
            place: at.here(),
            given: at.node.flag(Flag::Given),
            per_environment: at.node.flag(Flag::PerEnvironment),
            states: Vec::new(),
            sheet: Vec::new(),
        };
        for clause in &at.node.get().clauses {
            match clause {
                Clause::States(names) => {
                    artifact.states = names.iter().map(|name| at.text(*name).to_string()).collect();
                    self.distinct(at, names, "state");
                }
                Clause::Sheet(columns) => {
                    let value =
                        |text: &crate::syntax::tree::Text| text.shown(at.file.text).into_owned();
                    artifact.sheet = columns.iter().map(value).collect();
                }
                _ => {}
            }
        }
        self.model.artifacts.push(artifact);
    }

    fn declare_fact(&mut self, at: At<'a>) {
        let (name, title) = self.name_and_title(at);
        let declared = at.node.clauses.iter().find_map(|clause| match clause {
            Clause::Type(declared) => Some(declared),
            _ => None,
        });
        let kind = declared.map_or(FactType::YesNo, |declared| self.fact_type(at, declared));
        let id = self.add_fact(Fact {
            name: name.clone(),
            title: Prose::text(title),
            place: at.here(),
            kind,
            later: at.node.flag(Flag::Later),
            origin: FactOrigin::Declared,
        });
        self.names.declare(Space::Fact, &name, Symbol::Fact(id), at.here());
        self.pending.push((Symbol::Fact(id), at));
    }

    /// The type that is written; what is wrong with it is told.
    pub fn fact_type(&mut self, at: At<'a>, declared: &Type) -> FactType {
        let mut names = |names: &[crate::source::Span]| {
            self.distinct(at, names, "value");
            names.iter().map(|name| at.text(*name).to_string()).collect()
        };
        match declared {
            Type::YesNo => FactType::YesNo,
            Type::OneOf(values) => FactType::OneOf(names(values)),
            Type::Scale(values) => FactType::Scale(names(values)),
            Type::Version => FactType::Version,
            Type::Number(low, high) => {
                // The bound with more decimals is looked at first: the other has none too many.
                let own = (decimals(at.text(*low)), decimals(at.text(*high)));
                let decimals = own.0.max(own.1);
                let bounds = match own.0 > own.1 {
                    true => {
                        let from = self.number(at, *low, decimals);
                        (from, from.and_then(|_| self.number(at, *high, decimals)))
                    }
                    false => {
                        let to = self.number(at, *high, decimals);
                        (to.and_then(|_| self.number(at, *low, decimals)), to)
                    }
                };
                let (Some(from), Some(to)) = bounds else {
                    return FactType::Number { low: i64::MIN, high: i64::MAX, decimals: 0 };
                };
                if from > to {
                    let message = "the range ends before it starts";
                    let place = at.place(low.to(*high));
                    let instead = format!("{}..{}", at.text(*high), at.text(*low));
                    self.find(
                        Diagnostic::new(&super::rules::TYPE_MISMATCH, place, message)
                            .help(format!("write the lower bound first: `{instead}`"))
                            .edit(Edit::suggested(place, Mend::Instead(instead))),
                    );
                }
                FactType::Number { low: from.min(to), high: to.max(from), decimals }
            }
        }
    }

    /// Reports a name that a list has twice.
    fn distinct(&mut self, at: At<'a>, names: &[crate::source::Span], word: &str) {
        for (index, name) in names.iter().enumerate() {
            let written = at.text(*name);
            if let Some(first) = names[..index].iter().find(|first| at.text(**first) == written) {
                let message = format!("the {word} `{written}` stands twice");
                let finding =
                    Diagnostic::new(&super::rules::DUPLICATE_NAME, at.place(*name), message)
                        .label(at.place(*first), "it stands here already")
                        .help("leave one of them out");
                self.find(finding);
            }
        }
    }

    fn declare_versions(&mut self, at: At<'a>) {
        if let Some(versions) = &self.model.versions {
            let first = versions.place;
            return self.stands_twice("versions", at.here(), first);
        }
        let source = at.file.text;
        let title = |text: Option<crate::syntax::tree::Text>| {
            text.map(|text| text.shown(source).into_owned()).unwrap_or_default()
        };
        let second = at.node.clauses.iter().find_map(|clause| match clause {
            Clause::Second(text) => Some(*text),
            _ => None,
        });
        let (from_title, to_title) = (title(at.node.title), title(second));
        let hops = HOPS.iter().map(|hop| hop.to_string()).collect();
        let place = at.here();
        let mut fact = |name: &str, title: &str, kind: FactType| {
            let id = self.add_fact(Fact {
                name: name.to_string(),
                title: Prose::text(title),
                place,
                kind,
                later: false,
                origin: FactOrigin::Versions,
            });
            self.names.declare(Space::Fact, name, Symbol::Fact(id), place);
            id
        };
        let from = fact("from", &from_title, FactType::Version);
        let to = fact("to", &to_title, FactType::Version);
        let hop = fact("hop", "Size of the hop", FactType::Scale(hops));
        let breaking = fact("breaking", "Breaking changes on the way", FactType::YesNo);
        self.model.versions =
            Some(Versions { place, from, to, hop, breaking, from_title, to_title });
    }

    /// The facts that the language gives, beside those of `versions` and of decides.
    fn declare_given_facts(&mut self) {
        if self.model.triggers.is_empty() {
            return;
        }
        let place = self.model.triggers[0].place;
        let names = self.model.triggers.iter().map(|trigger| trigger.name.clone()).collect();
        let id = self.add_fact(Fact {
            name: "trigger".into(),
            title: Prose::text("What starts the process"),
            place,
            kind: FactType::OneOf(names),
            later: false,
            origin: FactOrigin::Trigger,
        });
        self.names.declare(Space::Fact, "trigger", Symbol::Fact(id), place);
    }

    /// Resolves what declarations refer to, once all names are known.
    pub fn resolve_vocabulary(&mut self) {
        for (symbol, at) in std::mem::take(&mut self.pending) {
            match symbol {
                Symbol::Environment(id) => {
                    let uses = self.used_resources(at);
                    self.model.environments[id.0 as usize].uses = uses;
                }
                Symbol::Fact(id) => self.resolve_fact(id, at),
                _ => {}
            }
        }
        self.refuse_circular_facts();
        let process = self.model.place;
        let mut version: Option<Place> = None;
        let mut owner: Option<Place> = None;
        for at in self.last.clone() {
            match at.kind() {
                Kind::VersionIs => match version {
                    Some(first) => self.stands_twice("version", at.here(), first),
                    None => {
                        version = Some(at.here());
                        self.model.version =
                            self.version_of(at).unwrap_or(self.model.version.clone());
                    }
                },
                Kind::Owner => match owner {
                    Some(first) => self.stands_twice("owner", at.here(), first),
                    None => {
                        owner = Some(at.here());
                        let name = at.node.subject().first().copied();
                        self.model.owner = name.and_then(|name| self.role(at, name));
                    }
                },
                Kind::Release => self.resolve_release(at),
                Kind::Assume => {
                    let guard = at.node.guard().and_then(|guard| self.guard(at, guard));
                    let text = self.title_prose(at).unwrap_or_default();
                    if let Some(guard) = guard {
                        self.model.assumptions.push(Assumption { guard, text, place: at.here() });
                    }
                }
                Kind::Trigger => self.retitle(at, |model, name, title| {
                    if let Some(trigger) =
                        model.triggers.iter_mut().find(|trigger| trigger.name == name)
                    {
                        trigger.title = title;
                    }
                }),
                Kind::Outcome => self.retitle(at, |model, name, title| {
                    if let Some(outcome) =
                        model.outcomes.iter_mut().find(|outcome| outcome.name == name)
                    {
                        outcome.title = title;
                    }
                }),
                _ => {}
            }
        }
        self.model.releases.sort_by(|a, b| a.version.cmp_precedence(&b.version));
        self.refuse_releases_of_nothing();
        if self.model.is_process && version.is_none() && self.names.unread.is_empty() {
            let message = "the process has no version";
            let help = "add a line such as `version 1.0.0`: the version of this definition";
            let line = Mend::LineInside("version 1.0.0".into());
            let edit = Edit::suggested(process, line);
            self.find(Diagnostic::new(&MISSING_LINE, process, message).help(help).edit(edit));
        }
    }

    /// Fills in the facts in a title, which was declared as plain text.
    fn retitle(&mut self, at: At<'a>, set: impl FnOnce(&mut Model, &str, Prose)) {
        let (name, _) = self.name_and_title(at);
        if let Some(title) = self.title_prose(at) {
            set(&mut self.model, &name, title);
        }
    }

    pub fn stands_twice(&mut self, word: &str, place: Place, first: Place) {
        let finding = Diagnostic::new(&DUPLICATE_LINE, place, format!("`{word}` stands twice"))
            .label(first, "it stands here already")
            .help("leave one of them out");
        // Of two that say the same, neither is missed; but what is remarked beside one would be.
        let line = |place: Place| {
            let file = self.files.iter().find(|file| file.id == place.file)?;
            let behind = file.text.get(place.span.end as usize..)?.lines().next();
            Some((place.span.of(file.text), behind.is_none_or(|rest| rest.trim().is_empty())))
        };
        let finding = match line(place) == line(first).map(|(text, _)| (text, true)) {
            true => finding.edit(Edit::safe(place, Mend::NoLine)),
            false => finding,
        };
        self.find(finding);
    }

    fn used_resources(&mut self, at: At<'a>) -> Vec<ResourceId> {
        let mut resources = Vec::new();
        for clause in &at.node.get().clauses {
            let Clause::Uses(names) = clause else { continue };
            for name in names {
                let found = self.names.expect(Space::Resource, at.text(*name), at.place(*name));
                if let Some(Symbol::Resource(id)) = found {
                    resources.push(id);
                }
            }
        }
        resources
    }

    fn resolve_fact(&mut self, id: FactId, at: At<'a>) {
        if let Some(title) = self.title_prose(at) {
            self.model.facts[id.0 as usize].title = title;
        }
        if let Some(guard) = at.node.guard() {
            let guard = self.guard(at, guard).unwrap_or(Guard::Constant(true));
            self.model.facts[id.0 as usize].origin = FactOrigin::Derived(guard);
        }
    }

    /// The name and the title of a statement; where one is missing, the other gives it.
    pub fn name_and_title(&self, at: At<'a>) -> (String, String) {
        let name = at.node.name.map(|name| at.text(name).to_string());
        let title = at.node.title.map(|title| title.shown(at.file.text).into_owned());
        match (name, title) {
            (Some(name), Some(title)) => (name, title),
            (Some(name), None) => (name.clone(), derived_title(&name)),
            (None, Some(title)) => (derived_name(&title).unwrap_or_default(), title),
            (None, None) => (String::new(), String::new()),
        }
    }

    pub fn role(&mut self, at: At<'a>, name: crate::source::Span) -> Option<RoleId> {
        match self.symbol(at, Space::Role, name)? {
            Symbol::Role(id) => Some(id),
            _ => None,
        }
    }

    pub fn environment(&mut self, at: At<'a>, name: crate::source::Span) -> Option<EnvironmentId> {
        match self.symbol(at, Space::Environment, name)? {
            Symbol::Environment(id) => Some(id),
            _ => None,
        }
    }

    /// What a name means: a parameter of the procedure that it is written in, or a declaration.
    pub fn symbol(
        &mut self,
        at: At<'a>,
        space: Space,
        name: crate::source::Span,
    ) -> Option<Symbol> {
        let written = at.text(name);
        let Some((argument, declared)) = self.parameter(at, written) else {
            return self.names.expect(space, written, at.place(name));
        };
        match argument {
            Argument::Symbol(symbol) if symbol.word() == space.word() => Some(symbol),
            Argument::Unknown => None,
            Argument::Symbol(symbol) => {
                let place = at.place(name);
                self.names.wrong_kind(space.word(), written, place, symbol.word(), declared);
                None
            }
            Argument::Constant(..) => {
                self.names.wrong_kind(space.word(), written, at.place(name), "fact", declared);
                None
            }
        }
    }

    pub fn argument(&self, at: At<'a>, name: &str) -> Option<Argument> {
        self.parameter(at, name).map(|(argument, _)| argument)
    }

    /// What a parameter stands for, and where it is declared.
    pub fn parameter(&self, at: At<'a>, name: &str) -> Option<(Argument, Place)> {
        self.bindings.get(at.binding?)?.arguments.get(name).cloned()
    }
}

/// Words that no reference can name.
fn is_reserved(name: &str) -> bool {
    let reserved =
        ["by", "with", "on", "when", "otherwise", "next", "end", "and", "or", "not", "in"];
    reserved.contains(&name)
}

fn decimals(number: &str) -> u32 {
    number.split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32)
}
