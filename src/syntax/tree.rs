//! The tree of a text: its statements, block in block, each with its parts and places.
//!
//! Nothing is copied out of the text: names, texts and numbers are spans.

use super::statement::Kind;
use crate::source::Span;
use std::borrow::Cow;

/// Everything in a file: its statements in the order of the text, each before those inside it.
#[derive(Debug, Default)]
pub struct Tree {
    pub statements: Vec<Statement>,
    /// In order of the text, each from its `//` to the end of its line.
    pub comments: Vec<Span>,
    /// What stands behind a `{` and belongs on lines of its own: told, and not taken in.
    pub left_out: Vec<Span>,
}

/// One statement: `keyword name "Title" clause clause … {`.
#[derive(Debug)]
pub struct Statement {
    pub kind: Kind,
    /// From the keyword to the end of the last clause.
    pub span: Span,
    pub name: Option<Span>,
    pub title: Option<Text>,
    pub clauses: Box<[Clause]>,
    pub block: Option<Block>,
    /// The index of the first statement that is neither this one nor inside it.
    pub until: u32,
}

/// Where the braces of a block stand; empty where one is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    pub open: u32,
    pub close: u32,
}

/// A statement of a tree, from which those inside it can be reached.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    tree: &'t Tree,
    index: u32,
}

impl Tree {
    /// The statements that stand in no block.
    pub fn roots(&self) -> impl Iterator<Item = Node<'_>> {
        Siblings { tree: self, next: 0, until: self.statements.len() as u32 }
    }
}

impl<'t> Node<'t> {
    /// The statements right inside this one.
    pub fn children(self) -> impl Iterator<Item = Node<'t>> {
        Siblings { tree: self.tree, next: self.index + 1, until: self.get().until }
    }

    /// The statement, for as long as the tree lives.
    pub fn get(self) -> &'t Statement {
        &self.tree.statements[self.index as usize]
    }
}

impl std::ops::Deref for Node<'_> {
    type Target = Statement;

    fn deref(&self) -> &Statement {
        self.get()
    }
}

struct Siblings<'t> {
    tree: &'t Tree,
    next: u32,
    until: u32,
}

impl<'t> Iterator for Siblings<'t> {
    type Item = Node<'t>;

    fn next(&mut self) -> Option<Node<'t>> {
        let node = Node { tree: self.tree, index: self.next };
        (self.next < self.until).then(|| {
            self.next = node.get().until;
            node
        })
    }
}

/// A string or a `"""` block, quotes included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(pub Span);

/// A part of a statement, in the order written.
#[derive(Debug)]
pub enum Clause {
    By(Who),
    With(Vec<Span>),
    On(Vec<Span>),
    Uses(Vec<Span>),
    Flag(Flag, Span),
    States(Vec<Span>),
    Sheet(Vec<Text>),
    Type(Type),
    Guard(Box<Guard>),
    /// A version, or what stands where one should.
    Version(Span),
    Date(Span),
    Parameters(Vec<Parameter>),
    Arguments(Vec<Value>),
    As(Span),
    To(Target),
    /// `at most N times`.
    Times(Span),
    /// `at most N at a time`.
    AtATime(Span),
    /// What the statement is about: the artifact that is needed, the switch that is turned.
    Subject(Vec<Span>),
    /// The state of an artifact.
    State(Span),
    Duration(Duration),
    /// `of step X`, `before step X`, `after step X`.
    Anchor(Anchor, Span),
    RecordType(Span),
    /// A second text: the address of a link, the title of the version to be installed.
    Second(Text),
    Template(Box<Template>),
    /// The value that a scenario gives to a fact, or the answers to a decision.
    Values(Vec<Value>),
}

/// Words that are there or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    External,
    Optional,
    Live,
    Given,
    PerEnvironment,
    NormallyOn,
    Breaking,
    RequiredStop,
    Later,
    Internal,
    AtLeastOne,
    InRoute,
    TurnOn,
    TurnOff,
    Not,
    Never,
    TakesPart,
}

#[derive(Debug)]
pub enum Who {
    /// One role; several are a mistake that `who-counts` reports.
    Bare(Vec<Span>),
    AllOf(Vec<Span>),
    AnyOf(Vec<Span>),
    Count(Span, Vec<Span>),
}

impl Who {
    pub fn names(&self) -> &[Span] {
        match self {
            Who::Bare(names) | Who::AllOf(names) | Who::AnyOf(names) | Who::Count(_, names) => {
                names
            }
        }
    }
}

#[derive(Debug)]
pub enum Type {
    YesNo,
    OneOf(Vec<Span>),
    Scale(Vec<Span>),
    Number(Span, Span),
    Version,
}

#[derive(Debug)]
pub struct Parameter {
    pub kind: ParameterKind,
    pub name: Span,
}

#[derive(Debug)]
pub enum ParameterKind {
    Role,
    Environment,
    Fact(Type),
}

#[derive(Debug)]
pub enum Guard {
    Test { fact: Span },
    Compare { fact: Span, op: Comparison, value: Value },
    In { fact: Span, values: Vec<Value> },
    TakesPart { role: Span },
    Not(Box<Guard>),
    All(Vec<Guard>),
    Any(Vec<Guard>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

#[derive(Clone, Copy, Debug)]
pub enum Value {
    Name(Span),
    Number(Span),
    Version(Span),
}

impl Value {
    pub fn span(self) -> Span {
        match self {
            Value::Name(span) | Value::Number(span) | Value::Version(span) => span,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub kind: TargetKind,
    /// What it names; for `next`, the word itself.
    pub name: Span,
    /// The word before it included.
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetKind {
    Next,
    Step,
    Stage,
    Path,
    End,
}

#[derive(Clone, Copy, Debug)]
pub struct Duration {
    pub count: Span,
    pub unit: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Of,
    Before,
    After,
}

#[derive(Debug)]
pub enum Template {
    OnlyAfter { what: Happening, after: Happening, since: Option<Happening> },
    Always { after: Option<Happening>, what: Happening },
    NeverAfter { what: Happening, after: Happening },
    NeverBoth(Happening, Happening),
    AtMostOnce(Happening),
    DifferentRoles(Happening, Happening),
}

#[derive(Clone, Copy, Debug)]
pub enum Happening {
    Item(Target),
    Artifact { name: Span, state: Option<Span>, on: Option<Span> },
}

impl Statement {
    pub fn flag(&self, wanted: Flag) -> bool {
        self.clauses.iter().any(|clause| matches!(clause, Clause::Flag(flag, _) if *flag == wanted))
    }

    pub fn guard(&self) -> Option<&Guard> {
        self.clauses.iter().find_map(|clause| match clause {
            Clause::Guard(guard) => Some(guard.as_ref()),
            _ => None,
        })
    }

    pub fn target(&self) -> Option<Target> {
        self.clauses.iter().find_map(|clause| match clause {
            Clause::To(target) => Some(*target),
            _ => None,
        })
    }

    /// What the statement is about.
    pub fn subject(&self) -> &[Span] {
        let subject = self.clauses.iter().find_map(|clause| match clause {
            Clause::Subject(names) => Some(names.as_slice()),
            _ => None,
        });
        subject.unwrap_or_default()
    }

    pub fn who(&self) -> Option<&Who> {
        self.clauses.iter().find_map(|clause| match clause {
            Clause::By(who) => Some(who),
            _ => None,
        })
    }

    pub fn with(&self) -> &[Span] {
        let with = self.clauses.iter().find_map(|clause| match clause {
            Clause::With(names) => Some(names.as_slice()),
            _ => None,
        });
        with.unwrap_or_default()
    }

    pub fn on(&self) -> &[Span] {
        let on = self.clauses.iter().find_map(|clause| match clause {
            Clause::On(names) => Some(names.as_slice()),
            _ => None,
        });
        on.unwrap_or_default()
    }

    pub fn duration(&self) -> Option<Duration> {
        self.clauses.iter().find_map(|clause| match clause {
            Clause::Duration(duration) => Some(*duration),
            _ => None,
        })
    }

    /// N of `at most N times`.
    pub fn times(&self) -> Option<Span> {
        self.clauses.iter().find_map(|clause| match clause {
            Clause::Times(count) => Some(*count),
            _ => None,
        })
    }

    /// N of `at most N at a time`.
    pub fn at_a_time(&self) -> Option<Span> {
        self.clauses.iter().find_map(|clause| match clause {
            Clause::AtATime(count) => Some(*count),
            _ => None,
        })
    }
}

impl Text {
    /// Whether it is a `"""` block.
    pub fn is_block(self, source: &str) -> bool {
        self.0.of(source).starts_with("\"\"\"")
    }

    /// What it says: without its quotes, escapes resolved, a block without its indentation.
    pub fn value(self, source: &str) -> Cow<'_, str> {
        let written = self.0.of(source);
        match written.strip_prefix("\"\"\"") {
            Some(block) => Cow::Owned(dedent(block.trim_end_matches('"'))),
            None => unescape(inner(written)),
        }
    }

    /// What it says, as it may be shown to people.
    pub fn shown(self, source: &str) -> Cow<'_, str> {
        match self.value(source) {
            Cow::Borrowed(text) => without_overrides(text),
            Cow::Owned(text) => Cow::Owned(without_overrides(&text).into_owned()),
        }
    }
}

/// The text with what overrides the direction of letters as a sign that is seen: it would show another
/// text than the one that is read.
pub fn without_overrides(text: &str) -> Cow<'_, str> {
    let is_override = |c: char| matches!(c, '\u{202D}' | '\u{202E}');
    match text.contains(is_override) {
        true => Cow::Owned(text.replace(is_override, "\u{FFFD}")),
        false => Cow::Borrowed(text),
    }
}

/// A string without its quotes, whichever they are.
fn inner(written: &str) -> &str {
    let mut chars = written.chars();
    chars.next();
    chars.next_back();
    chars.as_str()
}

/// `\"` and `\\` are the only escapes; any other is kept as it is, and reported elsewhere.
fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match (char, chars.peek()) {
            ('\\', Some(&escaped @ ('"' | '\\'))) => {
                result.push(escaped);
                chars.next();
            }
            _ => result.push(char),
        }
    }
    Cow::Owned(result)
}

/// The lines of a block without what all of them are indented by.
fn dedent(block: &str) -> String {
    let mut lines: Vec<&str> = block.lines().skip(1).map(str::trim_end).collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    let indentation = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let filled = lines.iter().filter(|line| !line.is_empty());
    let common = filled.map(indentation).min().unwrap_or(0);
    let stripped: Vec<&str> =
        lines.iter().map(|line| line.get(common..).unwrap_or_default()).collect();
    stripped.join("\n")
}
