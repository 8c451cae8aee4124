//! From trees to a model: the order in which names become known, and what each part needs.
//!
//! 1. vocabulary is declared; 2. items are laid out, procedures expanded; 3. everything that
//! refers to something is resolved; 4. steps are numbered.

use super::names::{Names, Symbol};
use super::scope::Index;
use super::{FactId, FactType, ItemId, Model, Value, number};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Place, Span};
use crate::syntax::statement::Kind;
use crate::syntax::tree::{Node, Tree};
use std::collections::HashMap;

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
    let mut resolver = Resolver::new(files);
    resolver.names.incomplete = incomplete;
    for file in files {
        resolver.note_unread(*file);
    }
    resolver.declare_vocabulary();
    resolver.lay_out();
    resolver.resolve_vocabulary();
    resolver.resolve_items();
    resolver.resolve_rules_and_scenarios();
    number::number(&mut resolver.model);
    resolver.finish()
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

/// The parameters of one run of a procedure.
#[derive(Clone, Debug, Default)]
pub struct Binding {
    pub arguments: HashMap<String, Argument>,
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
        }
    }

    /// Remembers the words of lines that could not be read.
    fn note_unread(&mut self, file: File<'a>) {
        for statement in &file.tree.statements {
            let Kind::Bad(bad) = statement.kind else { continue };
            let line = statement.span.of(file.text);
            if bad.kind() == Some(Kind::UseFile) {
                self.names.incomplete = true;
            }
            let words = line.split(|char: char| !(char.is_alphanumeric() || char == '-'));
            self.names.unread.extend(words.filter(|word| !word.is_empty()).map(str::to_lowercase));
            let texts = line.split('"').filter_map(super::names::derived_name);
            self.names.unread.extend(texts);
        }
    }

    pub fn find(&mut self, diagnostic: Diagnostic) {
        self.names.findings.push(diagnostic);
    }

    pub fn add_fact(&mut self, fact: super::Fact) -> FactId {
        self.model.facts.push(fact);
        FactId(self.model.facts.len() as u32 - 1)
    }

    fn finish(self) -> Resolved {
        let mut model = self.model;
        model.used = self.names.used;
        Resolved { model, findings: self.names.findings }
    }
}
