//! From trees to a model: the order in which names become known, and what each part needs.
//!
//! Vocabulary is declared; items are laid out, procedures expanded; everything that refers to
//! something is resolved; steps are numbered.

use super::names::{Names, Symbol};
use super::scope::Index;
use super::{FactId, FactType, ItemId, Model, Value, number};
use crate::diagnostic::{Diagnostic, as_a_name, derived_name};
use crate::source::{FileId, Place, Span};
use crate::syntax::rules::SYNTAX;
use crate::syntax::statement::Kind;
use crate::syntax::tree::{Clause, Node, Statement, Tree, Type};
use std::collections::{HashMap, HashSet};

/// A file whose tree is to become part of a model.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    pub id: FileId,
    pub text: &'a str,
    pub tree: &'a Tree,
}

/// A model and what is wrong with its names, types and required lines.
#[derive(Debug)]
pub struct Resolved {
    pub model: Model,
    pub findings: Vec<Diagnostic>,
}

/// Makes a model of `files`; the first is the process, the others are those that it uses.
///
/// `incomplete` says that a file is missing, so names that nothing declares are not told.
pub fn resolve(files: &[File<'_>], incomplete: bool) -> Resolved {
    // What is nested too deep has been told, and is not read any further.
    let shallow: Vec<File<'_>> =
        files.iter().copied().filter(|file| depth(file.tree) <= DEEPEST).collect();
    let mut resolver = Resolver::new(&shallow);
    resolver.names.incomplete = incomplete || shallow.len() < files.len();
    for file in &shallow {
        resolver.note_unread(*file);
        resolver.refuse_late_uses(*file);
    }
    resolver.declare_vocabulary();
    resolver.lay_out();
    resolver.resolve_vocabulary();
    resolver.resolve_items(0);
    resolver.resolve_rules_and_scenarios();
    resolver.look_at_procedures();
    number::number(&mut resolver.model);
    resolver.finish()
}

/// The names that a statement gives: its own, those of values, states and parameters.
fn named(statement: &Statement) -> Vec<Span> {
    let mut names: Vec<Span> = statement.name.into_iter().collect();
    for clause in &statement.clauses {
        match clause {
            Clause::States(given)
            | Clause::Type(Type::OneOf(given))
            | Clause::Type(Type::Scale(given)) => names.extend(given),
            Clause::As(label) => names.push(*label),
            Clause::Parameters(given) => names.extend(given.iter().map(|one| one.name)),
            _ => {}
        }
    }
    names
}

/// How deep statements may be nested: more than `syntax` allows without an error, so that one
/// error there does not hide others here.
const DEEPEST: usize = 80;

/// Of so many lines that could not be read, the titles are sought that may stand in them.
const MOST_LINES: usize = 50;

/// How deep the statements of a tree are nested.
fn depth(tree: &Tree) -> usize {
    let (mut deepest, mut open) = (0, Vec::new());
    for (index, statement) in tree.statements.iter().enumerate() {
        while open.last().is_some_and(|until| *until <= index as u32) {
            open.pop();
        }
        open.push(statement.until);
        deepest = deepest.max(open.len());
    }
    deepest
}

/// A statement, and what is needed to read it.
#[derive(Clone, Copy)]
pub struct At<'a> {
    pub node: Node<'a>,
    pub file: File<'a>,
    /// The item in which its names are looked up.
    pub scope: ItemId,
    /// What the parameters of the procedure stand for, in which it is written.
    pub binding: Option<usize>,
}

impl<'a> At<'a> {
    pub fn text(self, span: Span) -> &'a str {
        span.of(self.file.text)
    }

    pub fn place(self, span: Span) -> Place {
        Place { file: self.file.id, span }
    }

    pub fn here(self) -> Place {
        self.place(self.node.span)
    }

    /// Its `}`, or itself where it has no block.
    pub fn end(self) -> Place {
        let close = self.node.get().block.map(|block| block.close).filter(|close| *close > 0);
        close.map_or(self.here(), |close| self.place(Span { start: close, end: close + 1 }))
    }

    pub fn kind(self) -> Kind {
        self.node.kind
    }

    pub fn with(self, node: Node<'a>) -> Self {
        At { node, ..self }
    }

    pub fn children(self) -> impl Iterator<Item = At<'a>> {
        self.node.children().map(move |node| self.with(node))
    }
}

/// What a parameter of a procedure stands for in one run of it.
#[derive(Clone, Debug)]
pub enum Argument {
    Symbol(Symbol),
    Constant(FactType, Value),
    /// The argument was wrong; that has been told.
    Unknown,
}

/// The parameters of one run of a procedure, and where each is declared.
#[derive(Clone, Debug, Default)]
pub struct Binding {
    pub arguments: HashMap<String, (Argument, Place)>,
}

pub struct Resolver<'a> {
    pub files: Vec<File<'a>>,
    pub model: Model,
    pub names: Names,
    pub index: Index,
    /// Where each item comes from; as long as the model's items.
    pub origins: Vec<At<'a>>,
    pub bindings: Vec<Binding>,
    /// The statements of the procedures of the model, in its order.
    pub procedures: Vec<At<'a>>,
    /// Declarations whose references are resolved once all names are known.
    pub pending: Vec<(Symbol, At<'a>)>,
    /// What stands in the process and speaks of its items.
    pub last: Vec<At<'a>>,
    /// The `for each` in a step at hand, from the outside in.
    pub for_each_lines: Vec<String>,
    /// Procedures that run each other in a circle, each circle once.
    pub circles: Vec<Vec<usize>>,
    /// Procedures that were expanded somewhere.
    pub looked_at: HashSet<usize>,
}

impl<'a> Resolver<'a> {
    fn new(files: &[File<'a>]) -> Self {
        Resolver {
            files: files.to_vec(),
            model: Model::empty(),
            names: Names::default(),
            index: Index::default(),
            origins: Vec::new(),
            bindings: Vec::new(),
            procedures: Vec::new(),
            pending: Vec::new(),
            last: Vec::new(),
            for_each_lines: Vec::new(),
            circles: Vec::new(),
            looked_at: HashSet::new(),
        }
    }

    /// `use` lines come first, so that a reader knows where names come from.
    fn refuse_late_uses(&mut self, file: File<'a>) {
        let before = file.tree.roots().skip_while(|node| node.kind == Kind::UseFile);
        if let Some(late) = before.into_iter().find(|node| node.kind == Kind::UseFile) {
            let place = Place { file: file.id, span: late.span };
            let finding = Diagnostic::new(&SYNTAX, place, "this `use` stands after other lines")
                .help("move it to the top of the file, before all else");
            self.find(finding);
        }
    }

    /// Remembers the names in statements that stand where they cannot stand: they are not taken
    /// in, and what refers to them is not wrong for that.
    fn note_misplaced(&mut self, file: File<'a>, node: Node<'a>, parent: Kind, lost: bool) {
        let lost = lost || !node.kind.may_stand_in(parent);
        if lost {
            let at = At { node, file, scope: ItemId(0), binding: None };
            let (name, _) = self.name_and_title(at);
            self.names.unread.extend([name, node.kind.word().to_string()]);
            if node.kind == Kind::Versions {
                let facts = ["from", "to", "hop", "breaking"];
                self.names.unread.extend(facts.map(str::to_string));
            }
            if node.kind == Kind::Trigger {
                self.names.unread.insert("trigger".into());
            }
        }
        for child in node.children() {
            self.note_misplaced(file, child, node.kind, lost);
        }
    }

    /// Remembers the words of lines that could not be read.
    fn note_unread(&mut self, file: File<'a>) {
        for node in file.tree.roots() {
            self.note_misplaced(file, node, Kind::File, false);
        }
        for statement in &file.tree.statements {
            let names = named(statement).into_iter().map(|name| name.of(file.text));
            let mended = names.map(|name| (name, as_a_name(name)));
            let miswritten = mended.filter(|(name, proper)| name != proper);
            self.names.miswritten.extend(miswritten.map(|(_, proper)| proper));
            let Kind::Bad(bad) = statement.kind else { continue };
            let line = statement.span.of(file.text);
            let given: &[&str] = match bad.kind() {
                Some(Kind::UseFile) => {
                    self.names.incomplete = true;
                    &[]
                }
                Some(Kind::Versions) => &["versions", "from", "to", "hop", "breaking", "route"],
                Some(Kind::Trigger) => &["trigger"],
                _ => &[],
            };
            self.names.unread.extend(given.iter().map(|name| name.to_string()));
            self.note_words(line);
        }
        for left_out in &file.tree.left_out {
            self.note_words(left_out.of(file.text));
        }
    }

    fn note_words(&mut self, line: &str) {
        let words = line.split(|char: char| !(char.is_alphanumeric() || char == '-'));
        self.names.unread.extend(words.filter(|word| !word.is_empty()).map(str::to_lowercase));
        let texts = line.split('"').filter_map(derived_name);
        self.names.unread.extend(texts);
        if self.names.unread_lines.len() < MOST_LINES {
            self.names.unread_lines.extend(derived_name(line));
        }
    }

    pub fn find(&mut self, diagnostic: Diagnostic) {
        self.names.findings.push(diagnostic);
    }

    pub fn add_fact(&mut self, fact: super::Fact) -> FactId {
        self.model.facts.push(fact);
        FactId(self.model.facts.len() as u32 - 1)
    }

    fn finish(mut self) -> Resolved {
        self.names.tell_repeated_once();
        let mut model = self.model;
        model.used = self.names.used;
        Resolved { model, findings: self.names.findings }
    }
}
