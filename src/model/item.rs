//! What happens: paths, stages, steps, decisions, and what stands in them.

use super::{ArtifactUse, EnvironmentId, FactId, Guard, OutcomeId, Prose, RoleId, SwitchId};
use crate::source::Place;
use std::fmt;

/// An item of [`super::Model::items`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemId(pub u32);

/// Anything that stands in the flow.
#[derive(Clone, Debug)]
pub struct Item {
    pub kind: ItemKind,
    /// Its own name, or the one made from its title. `go`, `end`, `repeat` and `any order` have
    /// none.
    pub name: Option<String>,
    pub title: Prose,
    /// Its header.
    pub place: Place,
    /// Where it ends: its `}`, or its header where it has none.
    pub end: Place,
    pub parent: Option<ItemId>,
    pub children: Vec<ItemId>,
    /// Position among the numbered things of its path: "2", "2.3"; empty where it has none.
    /// Items before the paths are lettered: "A", "A.1".
    pub number: String,
    /// What holds here: its own `by`, `with`, `on`, or else those of what is around it.
    pub head: Head,
    pub about: Option<Prose>,
    /// All must hold, else the item is skipped. For a path: the cases that it is for.
    pub when: Vec<Condition>,
    /// Any of them skips the item.
    pub skips: Vec<Skip>,
    pub timing: Timing,
    /// In order of the text. Stages, paths and the process have notes, warnings and links here.
    pub lines: Vec<Line>,
    /// Of a decide: its answers, events, timeouts or cases. Of a process, path, stage or run: the
    /// events that may happen between any two steps inside.
    pub branches: Vec<Branch>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    Process,
    /// `otherwise`: for the cases that no other path is for.
    Path {
        otherwise: bool,
    },
    Stage,
    Step,
    /// The fact holds its answer; none where facts decide.
    Decide {
        answer: Option<FactId>,
    },
    Repeat {
        until: Condition,
        at_most: Option<u32>,
    },
    AnyOrder {
        at_a_time: Option<u32>,
    },
    ForEach(Loop),
    /// A procedure, expanded: its name, and what it was run as.
    Run {
        procedure: String,
    },
    Go {
        target: Target,
        at_most: Option<u32>,
    },
    End(OutcomeId),
}

impl Item {
    /// Whether a path is chosen where the paths stand, and not only entered by a jump.
    pub fn is_chosen(&self) -> bool {
        matches!(self.kind, ItemKind::Path { otherwise: true }) || !self.when.is_empty()
    }
}

impl ItemKind {
    /// Whether somebody does it: a step, or a decide.
    pub fn is_performed(&self) -> bool {
        matches!(self, ItemKind::Step | ItemKind::Decide { .. })
    }

    /// The word for it in the language.
    pub fn word(&self) -> &'static str {
        match self {
            ItemKind::Process => "process",
            ItemKind::Path { .. } => "path",
            ItemKind::Stage => "stage",
            ItemKind::Step => "step",
            ItemKind::Decide { .. } => "decide",
            ItemKind::Repeat { .. } => "repeat",
            ItemKind::AnyOrder { .. } => "any order",
            ItemKind::ForEach(_) => "for each",
            ItemKind::Run { .. } => "run",
            ItemKind::Go { .. } => "go",
            ItemKind::End(_) => "end",
        }
    }

    /// What people call it in a sentence.
    pub fn noun(&self) -> &'static str {
        match self {
            ItemKind::Decide { .. } => "decision",
            _ => self.word(),
        }
    }
}

/// What `for each` says in its header.
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    /// What one of them is called.
    pub item: String,
    /// Over the legs of the way between the versions.
    pub in_route: bool,
    pub at_least_one: bool,
    pub at_a_time: Option<u32>,
}

/// Who does it, with whose help, and where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    pub by: Option<Who>,
    pub with: Vec<RoleId>,
    pub on: Vec<EnvironmentId>,
    /// A role is named that nobody declared, so it is not known who all take part.
    pub is_someone_unknown: bool,
}

impl Head {
    /// The roles that act; none where nobody is named.
    pub fn acting(&self) -> &[RoleId] {
        self.by.as_ref().map(Who::roles).unwrap_or_default()
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    One(RoleId),
    AllOf(Vec<RoleId>),
    AnyOf(Vec<RoleId>),
    /// So many people of one role, or of several.
    Count(u32, Vec<RoleId>),
}

impl Who {
    pub fn roles(&self) -> &[RoleId] {
        match self {
            Who::One(role) => std::slice::from_ref(role),
            Who::AllOf(roles) | Who::AnyOf(roles) | Who::Count(_, roles) => roles,
        }
    }
}

/// `when`: a guard, a text, or both. A text alone is judged on the spot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Condition {
    pub guard: Option<Guard>,
    pub text: Option<Prose>,
    pub place: Place,
}

/// `skip when`: as a condition, with the role that may decide so, where one is named.
#[derive(Clone, Debug, PartialEq)]
pub struct Skip {
    pub condition: Condition,
    pub by: Option<RoleId>,
}

/// A line in a step, or a remark in what holds steps.
#[derive(Clone, Debug)]
pub enum Line {
    /// Boxed: it is five times as large as any other line.
    Task(Box<Task>),
    Needs(ArtifactUse),
    Makes(ArtifactUse),
    Turns {
        switch: SwitchId,
        on: bool,
        place: Place,
    },
    Learns {
        fact: FactId,
        place: Place,
    },
    Record(Record),
    ApprovedBy {
        who: Who,
        place: Place,
    },
    Undo {
        text: Prose,
        place: Place,
    },
    NoWayBack {
        text: Prose,
        place: Place,
    },
    Remark(Remark),
    /// Tasks that are done for each of something.
    ForEach {
        each: Loop,
        title: Prose,
        lines: Vec<Line>,
        number: String,
        place: Place,
    },
}

impl Line {
    /// Adds the facts that the line learns, those of its own lines included.
    pub fn learned(&self, facts: &mut Vec<FactId>) {
        match self {
            Line::Learns { fact, .. } => facts.push(*fact),
            Line::Task(task) => task.lines.iter().for_each(|line| line.learned(facts)),
            Line::ForEach { lines, .. } => lines.iter().for_each(|line| line.learned(facts)),
            _ => {}
        }
    }
}

#[derive(Clone, Debug)]
pub struct Task {
    pub kind: TaskKind,
    pub text: Prose,
    pub place: Place,
    /// Stage, step, task: "2.3.1".
    pub number: String,
    pub internal: bool,
    /// What its own line says; empty parts are as in the step.
    pub head: Head,
    pub when: Vec<Condition>,
    pub timing: Timing,
    /// Effects, records and remarks.
    pub lines: Vec<Line>,
}

#[derive(Clone, Debug)]
pub enum TaskKind {
    Do,
    Notify(Vec<RoleId>),
}

#[derive(Clone, Debug)]
pub struct Remark {
    pub kind: RemarkKind,
    pub text: Prose,
    pub internal: bool,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub enum RemarkKind {
    Note,
    Warning,
    Link { url: String },
}

/// A field to fill in.
#[derive(Clone, Debug)]
pub struct Record {
    pub title: Prose,
    pub kind: RecordKind,
    pub internal: bool,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
    Text,
    Number,
    DateTime,
    Link,
}

/// How long, by when, how long before or after what.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timing {
    pub takes: Option<Duration>,
    pub within: Vec<(Duration, Option<ItemId>, Place)>,
    pub at_least: Vec<Anchor>,
}

impl Timing {
    pub fn is_empty(&self) -> bool {
        self.takes.is_none() && self.within.is_empty() && self.at_least.is_empty()
    }
}

/// `at least D before step X`.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchor {
    pub duration: Duration,
    pub relation: Relation,
    pub step: ItemId,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Before,
    After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    pub count: u32,
    pub unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    Minutes,
    Hours,
    Days,
    WorkingDays,
    Weeks,
    Months,
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Minutes => "minute",
            Unit::Hours => "hour",
            Unit::Days => "day",
            Unit::WorkingDays => "working day",
            Unit::Weeks => "week",
            Unit::Months => "month",
        };
        write!(f, "{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}

/// A way out of a decision, or an event.
#[derive(Clone, Debug)]
pub struct Branch {
    pub kind: BranchKind,
    /// What the reader sees: the title of an answer or event, the text of a case.
    pub title: Prose,
    pub target: Target,
    /// Where the target is written, as `end done`.
    pub target_place: Place,
    /// Used up after so many times.
    pub at_most: Option<u32>,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub enum BranchKind {
    Answer(String),
    Event(String),
    After(Duration),
    When(Guard),
    Otherwise,
}

/// Where the flow goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// The item after this one, or after the enclosing block.
    Next,
    /// A step, decide, stage or path.
    Item(ItemId),
    End(OutcomeId),
}
