//! Lays out the items of a process, each procedure expanded where it is run.

use super::names::{Space, Symbol, derived_title};
use super::resolve::{Argument, At, Binding, Resolver};
use super::rules::{DUPLICATE_NAME, RECURSIVE_PROCEDURE, TOO_LARGE, TYPE_MISMATCH};
use super::scope::{Class, full_name};
use super::{
    Condition, Fact, FactOrigin, FactType, Head, Item, ItemId, ItemKind, Loop, Model, Outcome,
    Prose, Target, Timing, Value,
};
use crate::diagnostic::{Diagnostic, Edit, Mend, derived_name, nearest};
use crate::source::Place;
use crate::syntax::rules::SYNTAX;
use crate::syntax::statement::Kind;
use crate::syntax::tree::{Clause, Flag, Parameter, ParameterKind, Value as Constant};

/// More steps and decides than this are not one process.
pub const MOST_STEPS: usize = 50_000;

/// Blocks in each other, those of procedures counted where they are run.
const DEEPEST: usize = 200;

/// Items that are neither steps nor decides may be so many more.
const MOST_ITEMS: usize = 4 * MOST_STEPS;

impl<'a> Resolver<'a> {
    /// Makes an item of each statement of the flow; what is in them is resolved later.
    pub fn lay_out(&mut self) {
        let Some(file) = self.files.iter().find(|file| file.id.0 == 0).copied() else { return };
        let mut roots = file.tree.roots();
        let process = roots.find(|node| node.kind.intended() == Some(Kind::Process));
        let Some(node) = process else { return };
        let at = At { node, file, scope: Model::ROOT, binding: None };
        // Procedures may add some, and lines in steps are none.
        let flow = file.tree.statements.iter().filter(|statement| is_flow(statement.kind)).count();
        self.origins.reserve(flow);
        self.model.items.reserve(flow);
        self.index.reserve(flow);
        self.origins.push(at);
        self.model.items[0].place = self.model.place;
        let mut layout = Layout::default();
        self.lay_out_block(at, Model::ROOT, &mut layout);
        self.declare_done();
    }

    pub fn lay_out_block(&mut self, at: At<'a>, parent: ItemId, layout: &mut Layout) {
        let mut path: Option<Place> = None;
        for child in at.children() {
            if layout.full {
                return;
            }
            let is_late = is_flow(child.kind()) && child.kind() != Kind::Path;
            if let (Some(first), true, false) = (path, is_late, layout.late) {
                layout.late = true;
                let word = child.kind().word();
                let message = format!("this {word} stands after a path");
                let finding = Diagnostic::new(&SYNTAX, child.here(), message)
                    .label(first, "the first path is here")
                    .help("move it before the paths, where it belongs to all of them, or into one");
                self.find(finding);
            }
            if child.kind() == Kind::Path && parent == Model::ROOT {
                path = path.or(Some(child.here()));
            }
            self.lay_out_item(child, parent, layout);
        }
    }

    fn lay_out_item(&mut self, at: At<'a>, parent: ItemId, layout: &mut Layout) {
        let kind = match at.kind() {
            Kind::Path => ItemKind::Path {
                otherwise: at.node.children().any(|line| line.kind == Kind::Otherwise),
            },
            Kind::Stage => ItemKind::Stage,
            Kind::Step => ItemKind::Step,
            Kind::Decide => ItemKind::Decide { answer: None },
            Kind::Repeat => ItemKind::Repeat { until: Condition::default(), at_most: None },
            Kind::AnyOrder => ItemKind::AnyOrder { at_a_time: None },
            Kind::ForEach => {
                self.refuse_tasks(at);
                ItemKind::ForEach(loop_of(at))
            }
            Kind::Go => ItemKind::Go { target: Target::Next, at_most: None },
            Kind::End => ItemKind::End(super::OutcomeId(0)),
            Kind::Run => return self.run(at, parent, layout),
            // What a line that could not be read holds, stands where the line stands.
            Kind::Bad(_) => return self.lay_out_block(at, parent, layout),
            _ => return,
        };
        if matches!(kind, ItemKind::Step | ItemKind::Decide { .. }) {
            layout.steps += 1;
        }
        if self.is_full(layout) {
            return;
        }
        let is_block = !matches!(kind, ItemKind::Step | ItemKind::Decide { .. });
        let id = self.add_item(at, parent, kind);
        if is_block {
            self.lay_out_inside(At { scope: id, ..at }, id, layout);
        }
    }

    /// Whether there are more items than a process has; says so.
    fn is_full(&mut self, layout: &mut Layout) -> bool {
        let full = layout.steps > MOST_STEPS || self.model.items.len() > MOST_ITEMS;
        if full {
            let message = format!("the process has more than {MOST_STEPS} steps and decisions");
            let help = "split it into processes of their own; look for procedures that run each other too often";
            self.refuse_size(self.model.place, message, help, layout);
        }
        full
    }

    /// Lays out what stands in a block, unless that is too deep.
    fn lay_out_inside(&mut self, at: At<'a>, id: ItemId, layout: &mut Layout) {
        layout.depth += 1;
        if layout.depth > DEEPEST {
            let message =
                format!("blocks and procedures are more than {DEEPEST} deep in each other");
            let help = "let procedures run one after the other instead of each in the next";
            self.refuse_size(at.here(), message, help, layout);
        } else {
            self.lay_out_block(at, id, layout);
        }
        layout.depth -= 1;
    }

    /// Ends the laying out: what is left is not looked at.
    fn refuse_size(&mut self, place: Place, message: String, help: &str, layout: &mut Layout) {
        layout.full = true;
        self.names.items_missing = true;
        if !layout.is_trial {
            self.find(Diagnostic::new(&TOO_LARGE, place, message).help(help));
        }
    }

    /// Tasks stand in steps: in a `for each` only where that stands in a step.
    fn refuse_tasks(&mut self, at: At<'a>) {
        let task = at.children().find(|line| matches!(line.kind(), Kind::Do | Kind::Notify));
        if let Some(task) = task {
            let message = format!("this `{}` stands in no step", task.kind().word());
            let finding = Diagnostic::new(&SYNTAX, task.here(), message)
                .label(at.here(), "this `for each` repeats steps")
                .help("put the task into a step, or the `for each` into one");
            self.find(finding);
        }
    }

    /// In a step, a `for each` repeats tasks.
    pub fn refuse_flow(&mut self, at: At<'a>) {
        let is_item = |line: &At<'a>| is_flow(line.kind()) && line.kind() != Kind::ForEach;
        if let Some(item) = at.children().find(is_item) {
            let message = format!("this `{}` stands inside a step", item.kind().word());
            let finding = Diagnostic::new(&SYNTAX, item.here(), message)
                .label(at.here(), "this `for each` repeats the tasks of a step")
                .help("repeat tasks here (`do`, `notify`), or move the `for each` out of the step");
            self.find(finding);
        }
    }

    pub fn add_item(&mut self, at: At<'a>, parent: ItemId, kind: ItemKind) -> ItemId {
        let id = ItemId(self.model.items.len() as u32);
        let named = matches!(
            kind,
            ItemKind::Path { .. } | ItemKind::Stage | ItemKind::Step | ItemKind::Decide { .. }
        );
        let title = at.node.title.map(|title| title.shown(at.file.text));
        let own = at.node.name.map(|name| at.text(name).to_string());
        let name = named
            .then(|| own.clone().or_else(|| title.as_deref().and_then(derived_name)))
            .flatten();
        let title = match (title, &own) {
            (Some(title), _) => title.into_owned(),
            (None, Some(name)) if named => derived_title(name),
            (None, _) => String::new(),
        };
        let mut item = empty_item(kind, name, Prose::text(title), at.here(), Some(parent));
        item.end = at.end();
        self.model.items.push(item);
        self.model.items[parent.0 as usize].children.push(id);
        self.origins.push(At { scope: id, ..at });
        if matches!(self.model.item(id).kind, ItemKind::Decide { .. }) {
            self.declare_answer(at, id);
        }
        self.index.add(&self.model, id);
        id
    }

    /// The answer of a decide that people or events take is a fact from then on.
    fn declare_answer(&mut self, at: At<'a>, id: ItemId) {
        let mut answers = Vec::new();
        let mut timeout = false;
        for line in at.children() {
            match line.kind() {
                Kind::Answer | Kind::Event => answers.push(self.name_and_title(line).0),
                Kind::After => timeout = true,
                _ => {}
            }
        }
        answers.extend(timeout.then(|| "timeout".to_string()));
        if answers.is_empty() {
            return;
        }
        let item = self.model.item(id);
        let fact = self.add_fact(Fact {
            name: item.name.clone().unwrap_or_default(),
            title: item.title.clone(),
            place: item.place,
            kind: FactType::OneOf(answers),
            later: true,
            origin: FactOrigin::Answer(id),
        });
        self.model.items[id.0 as usize].kind = ItemKind::Decide { answer: Some(fact) };
    }

    /// Expands a procedure where it is run.
    fn run(&mut self, at: At<'a>, parent: ItemId, layout: &mut Layout) {
        let Some(name) = at.node.subject().first().copied() else { return };
        let written = at.text(name);
        let found = self.names.expect(Space::Procedure, written, at.place(name));
        let Some(Symbol::Procedure(index)) = found else {
            // What it would have brought along is not known.
            self.names.items_missing = true;
            return;
        };
        self.model.procedures[index].used = true;
        self.looked_at.insert(index);
        let procedure = self.procedures[index];
        if let Some(start) = layout.running.iter().position(|running| *running == index) {
            return self.refuse_recursion(at, layout.running[start..].to_vec());
        }
        if self.is_full(layout) {
            return;
        }
        let binding = self.bind(at, procedure);
        self.bindings.push(binding);
        let inner = At { binding: Some(self.bindings.len() - 1), scope: parent, ..procedure };
        let kind = ItemKind::Run { procedure: written.to_string() };
        let id = self.add_item(inner, parent, kind);
        let label = at.node.clauses.iter().find_map(|clause| match clause {
            Clause::As(label) => Some(at.text(*label).to_string()),
            _ => None,
        });
        let item = &mut self.model.items[id.0 as usize];
        (item.place, item.end) = (at.here(), at.here());
        item.name = Some(label.unwrap_or_else(|| written.to_string()));
        self.index.add(&self.model, id);
        layout.running.push(index);
        self.lay_out_inside(At { scope: id, ..inner }, id, layout);
        layout.running.pop();
    }

    fn refuse_recursion(&mut self, at: At<'a>, running: Vec<usize>) {
        let mut circle = running.clone();
        circle.sort();
        if self.circles.contains(&circle) {
            return;
        }
        self.circles.push(circle);
        let names: Vec<&str> =
            running.iter().map(|index| self.model.procedures[*index].name.as_str()).collect();
        let first = names.first().copied().unwrap_or_default();
        let chain: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let message = match names.len() {
            1 => format!("the procedure `{first}` runs itself"),
            _ => format!("the procedure `{first}` runs itself: {} → `{first}`", chain.join(" → ")),
        };
        let help = "a loop is written with `repeat until` or with a jump";
        self.find(Diagnostic::new(&RECURSIVE_PROCEDURE, at.here(), message).help(help));
    }

    /// What the parameters of a procedure stand for in this run of it.
    fn bind(&mut self, at: At<'a>, procedure: At<'a>) -> Binding {
        let mut binding = Binding::default();
        let arguments = at.node.get().clauses.iter().find_map(|clause| match clause {
            Clause::Arguments(values) => Some(values.as_slice()),
            _ => None,
        });
        let parameters = procedure.node.get().clauses.iter().find_map(|clause| match clause {
            Clause::Parameters(parameters) => Some(parameters.as_slice()),
            _ => None,
        });
        let (arguments, parameters) =
            (arguments.unwrap_or_default(), parameters.unwrap_or_default());
        if arguments.len() != parameters.len() {
            let message = format!(
                "the procedure takes {}, and is given {}",
                counted(parameters.len(), "argument"),
                arguments.len()
            );
            let finding = Diagnostic::new(&TYPE_MISMATCH, at.here(), message)
                .label(procedure.here(), "the procedure is declared here")
                .help("give one argument for each parameter, in order");
            self.find(finding);
        }
        for (index, parameter) in parameters.iter().enumerate() {
            let argument = match arguments.get(index) {
                Some(value) => self.argument_for(at, procedure, parameter, *value),
                None => Argument::Unknown,
            };
            self.bind_one(&mut binding, procedure, parameter, argument);
        }
        binding
    }

    pub fn bind_one(
        &mut self,
        binding: &mut Binding,
        procedure: At<'a>,
        parameter: &Parameter,
        argument: Argument,
    ) {
        let name = procedure.text(parameter.name);
        let place = procedure.place(parameter.name);
        if let Some((_, first)) = binding.arguments.get(name) {
            let message = format!("there are two parameters with the name `{name}`");
            let finding = Diagnostic::new(&DUPLICATE_NAME, place, message)
                .label(*first, "the first is here")
                .help("give one of them another name");
            return self.find(finding);
        }
        binding.arguments.insert(name.to_string(), (argument, place));
    }

    fn argument_for(
        &mut self,
        at: At<'a>,
        procedure: At<'a>,
        parameter: &Parameter,
        value: Constant,
    ) -> Argument {
        let named = |symbol: Option<Symbol>| symbol.map_or(Argument::Unknown, Argument::Symbol);
        match &parameter.kind {
            ParameterKind::Role => named(self.symbol(at, Space::Role, value.span())),
            ParameterKind::Environment => named(self.symbol(at, Space::Environment, value.span())),
            ParameterKind::Fact(declared) => {
                let kind = self.fact_type(procedure, declared);
                let name = procedure.text(parameter.name);
                self.fact_argument(at, name, kind, value)
            }
        }
    }

    /// A fact of the parameter's type, or a constant of it.
    fn fact_argument(
        &mut self,
        at: At<'a>,
        name: &str,
        kind: FactType,
        value: Constant,
    ) -> Argument {
        let written = at.text(value.span());
        let outer = self.argument(at, written);
        let found = match outer {
            Some(argument) => Some(argument),
            None => self.names.find(Space::Fact, written).map(Argument::Symbol),
        };
        let given = match &found {
            Some(Argument::Symbol(Symbol::Fact(id))) => Some(self.model.fact(*id).kind.clone()),
            Some(Argument::Constant(kind, _)) => Some(kind.clone()),
            _ => None,
        };
        match (found, given) {
            (Some(argument), Some(given)) if given == kind => argument,
            (Some(Argument::Unknown), _) => Argument::Unknown,
            (Some(_), Some(_)) => {
                let message = format!("`{written}` has other values than the parameter `{name}`");
                let finding = Diagnostic::new(&TYPE_MISMATCH, at.place(value.span()), message)
                    .help(
                        "give a fact whose values are those of the parameter, or one of the values",
                    );
                self.find(finding);
                Argument::Unknown
            }
            _ => match self.constant_or_fact(at, name, &kind, value) {
                Some(value) => Argument::Constant(kind, value),
                None => Argument::Unknown,
            },
        }
    }

    /// A constant; where it is none, the fact that was likely meant is told.
    fn constant_or_fact(
        &mut self,
        at: At<'a>,
        name: &str,
        kind: &FactType,
        value: Constant,
    ) -> Option<Value> {
        let before = self.names.misused.len();
        let constant = self.constant(at, name, kind, value);
        let same = self.model.facts.iter().filter(|fact| fact.kind == *kind);
        let declared = same.filter(|fact| fact.origin == FactOrigin::Declared);
        let meant = nearest(at.text(value.span()), declared.map(|fact| fact.name.as_str()));
        if let (Some(meant), Some(finding)) = (meant, self.names.misused.get_mut(before))
            && finding.edit.is_none()
        {
            let place = at.place(value.span());
            finding.help = Some(format!("did you mean the fact `{}`?", meant.word));
            let instead = Mend::Instead(meant.word.to_string());
            finding.edit = Some(Edit::new(meant.applicability(), place, instead));
        }
        constant
    }

    /// A process without a declared outcome has one, "Done".
    fn declare_done(&mut self) {
        if self.model.outcomes.is_empty() {
            let place = self.model.place;
            let id = super::OutcomeId(0);
            let title = Prose::text("Done");
            let name = "done".to_string();
            self.names.declare(Space::Outcome, &name, Symbol::Outcome(id), place);
            self.names.used.insert(Symbol::Outcome(id));
            self.model.outcomes.push(Outcome { name, title, place, declared: false });
        }
    }

    /// Names that were given, not derived, are unique within their scope and class.
    pub fn refuse_same_names(&mut self) {
        let given = |id: &ItemId| match &self.model.item(*id).kind {
            ItemKind::Run { procedure } => self.model.item(*id).name.as_ref() != Some(procedure),
            _ => self.origins[id.0 as usize].node.name.is_some(),
        };
        let mut findings = Vec::new();
        for items in self.index.same_names() {
            let own: Vec<_> = items.iter().filter(|(_, id)| given(id)).collect();
            for (index, (class, id)) in own.iter().enumerate() {
                let space = |class: Class| if class == Class::Decide { Class::Step } else { class };
                let first = own[..index].iter().find(|(other, _)| space(*other) == space(*class));
                let Some((_, first)) = first else { continue };
                let name = full_name(&self.model, *id);
                let message =
                    format!("there are two {} with the name `{name}`", space(*class).words());
                findings.push(
                    Diagnostic::new(&DUPLICATE_NAME, self.model.item(*id).place, message)
                        .label(self.model.item(*first).place, "the first is here")
                        .help("give one of them another name"),
                );
            }
        }
        findings.into_iter().for_each(|finding| self.find(finding));
        self.refuse_facts_as_decides();
    }

    /// Facts, decides and triggers share one space of names.
    fn refuse_facts_as_decides(&mut self) {
        for index in 0..self.model.facts.len() {
            let FactOrigin::Answer(id) = self.model.facts[index].origin else { continue };
            let at = self.origins[id.0 as usize];
            let Some(name) = at.node.name else { continue };
            if let Some((symbol, declared)) = self.names.declared(Space::Fact, at.text(name)) {
                let (name, word) = (at.text(name), symbol.word());
                let message = format!("the decision `{name}` has the name of a {word}");
                let finding = Diagnostic::new(&DUPLICATE_NAME, at.here(), message)
                    .label(declared, format!("the {word} is declared here"))
                    .help("give one of them another name: a decision's answer is a fact too");
                self.find(finding);
            }
        }
    }
}

/// How far the laying out has come.
#[derive(Default)]
pub struct Layout {
    /// The procedures that are being expanded, from the outside in.
    pub running: Vec<usize>,
    pub steps: usize,
    /// How many blocks are around what is being laid out.
    pub depth: usize,
    /// There is too much; the rest is not laid out.
    pub full: bool,
    /// Something stands after the paths; the first such thing was told.
    pub late: bool,
    /// What is laid out is thrown away again, so its size is no mistake.
    pub is_trial: bool,
}

fn is_flow(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Path
            | Kind::Stage
            | Kind::Step
            | Kind::Decide
            | Kind::Repeat
            | Kind::AnyOrder
            | Kind::ForEach
            | Kind::Run
            | Kind::Go
            | Kind::End
    )
}

/// What the header of a `for each` says.
pub fn loop_of(at: At<'_>) -> Loop {
    let own = at.node.name.map(|name| at.text(name).to_string());
    let from_title = || derived_name(&at.node.title?.value(at.file.text));
    Loop {
        item: own.or_else(from_title).unwrap_or_default(),
        in_route: at.node.flag(Flag::InRoute),
        at_least_one: at.node.flag(Flag::AtLeastOne),
        at_a_time: at.node.at_a_time().and_then(|count| at.text(count).parse().ok()),
    }
}

pub fn empty_item(
    kind: ItemKind,
    name: Option<String>,
    title: Prose,
    place: Place,
    parent: Option<ItemId>,
) -> Item {
    Item {
        kind,
        name,
        title,
        place,
        end: place,
        parent,
        children: Vec::new(),
        number: String::new(),
        head: Head::default(),
        about: None,
        when: Vec::new(),
        skips: Vec::new(),
        timing: Timing::default(),
        lines: Vec::new(),
        branches: Vec::new(),
    }
}

/// "1 argument", "2 arguments".
fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
