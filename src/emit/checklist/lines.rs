//! The shapes of what is worked through: blocks, steps, tasks.
//!
//! A block's entries are a flat list in which [`Entry::Open`] and [`Entry::Close`] frame what belongs
//! together, so that a format prints any depth with a loop.

use super::{Question, Record, Text};
use crate::plan::calendar::Moment;
use serde::Serialize;

/// A stage with all that is in it, or the steps that stand between stages.
#[derive(Clone, Debug, Serialize)]
pub struct Block {
    pub head: Part,
    /// Stands before the choice of the path.
    pub before_paths: bool,
    pub entries: Vec<Entry>,
}

/// One after the other.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub enum Entry {
    /// What follows, up to its `Close`, belongs to this part.
    Open(Box<Part>),
    Close(Close),
    Step(Box<Step>),
    /// `go` or `end`.
    Jump(Jump),
}

/// What frames steps.
#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// Its name in a page, the same in each; none where nothing can be linked to.
    pub anchor: Option<String>,
    /// Why it does not apply in this case; then nothing else is told of it.
    pub not_applicable: Option<Text>,
    /// When it is planned.
    pub planned: Option<Moment>,
    pub kind: PartKind,
    /// "2", "B"; empty where it has none.
    pub number: String,
    pub name: Option<String>,
    /// None for steps outside a stage.
    pub title: Option<Text>,
    /// What a frame that is not a stage asks for: "Repeat until …".
    pub sentence: Option<Text>,
    pub about: Option<Text>,
    /// Who does what names nobody else.
    pub who: Option<Who>,
    pub with: Vec<String>,
    pub places: Vec<Place>,
    /// Without all of them the whole part is passed over.
    pub conditions: Vec<Condition>,
    pub skips: Vec<Skip>,
    pub timing: Vec<Text>,
    /// What may happen between any two steps inside.
    pub events: Vec<Way>,
    pub remarks: Vec<Remark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartKind {
    Stage,
    /// Steps outside a stage.
    Steps,
    Repeat,
    AnyOrder,
    ForEach,
    /// A procedure.
    Run,
}

/// The end of a part, with what is asked there.
#[derive(Clone, Debug, Serialize)]
pub struct Close {
    pub kind: PartKind,
    /// What must be so to go on: of a repetition, its `until`.
    pub question: Option<Text>,
    /// Where to begin again, if it is not so: "1.4 Test".
    pub again: Option<Text>,
    /// How often it is gone through at most.
    pub at_most: Option<u32>,
    /// What it is gone through for, where that is known: "3.6.2 to 4.0.0".
    pub rounds: Vec<String>,
}

/// `go` or `end`: where it leads, in words.
#[derive(Clone, Debug, Serialize)]
pub struct Jump {
    /// It is the end of the process.
    pub end: bool,
    pub leads_to: Text,
    /// "at most 2 times; after that, go on below".
    pub at_most: Option<String>,
}

/// A step or a decision.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Its name in a page, the same in each.
    pub anchor: String,
    /// Why it does not apply in this case; then nothing else is told of it.
    pub not_applicable: Option<Text>,
    /// It is the work of others than the reader: who does it, and what in it is for the reader.
    pub others: bool,
    /// When it is planned.
    pub planned: Option<Moment>,
    /// By when it is to be done, as far as planned dates tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Moment>,
    pub number: String,
    pub name: Option<String>,
    pub title: Text,
    pub who: Option<Who>,
    /// Who helps: roles, with the people who fill them, as far as they are named.
    pub with: Vec<String>,
    pub places: Vec<Place>,
    /// "takes 2 hours", "within 2 days of 2.1 Deploy".
    pub timing: Vec<Text>,
    /// Without all of them the step does not apply.
    pub conditions: Vec<Condition>,
    pub skips: Vec<Skip>,
    pub details: Details,
    /// Only of a decision.
    pub decision: Option<Decision>,
}

/// What is done in a step or task, and what goes in and out.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Details {
    /// Inputs.
    pub needs: Vec<Use>,
    /// In order.
    pub actions: Vec<Action>,
    /// Outputs.
    pub makes: Vec<Use>,
    pub remarks: Vec<Remark>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Action {
    Task(Box<Task>),
    ForEach(Each),
    Turn {
        switch: String,
        on: bool,
    },
    /// Something is found out here.
    Learn(Question),
    Record(Record),
    /// Somebody signs.
    Approval {
        /// Who signs, a line for each: a role, with the people who fill it, as far as they are named.
        signers: Vec<String>,
        who: Who,
    },
    /// How to take the step back.
    Undo {
        text: Text,
    },
    /// From here on it cannot be taken back.
    NoWayBack {
        text: Text,
    },
}

/// `do`, or `notify` where somebody is told.
#[derive(Clone, Debug, Serialize)]
pub struct Task {
    pub number: String,
    /// Why it does not apply in this case; then nothing else is told of it.
    pub not_applicable: Option<Text>,
    /// It is the work of others than the reader.
    pub others: bool,
    /// By when it is to be done, as far as planned dates tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Moment>,
    pub text: Text,
    /// Whom to tell; empty where the task tells nobody.
    pub to: Vec<String>,
    /// The people among them, as far as they are named; of several roles, each with theirs.
    pub told: Vec<String>,
    /// Only where it is not as in the step.
    pub who: Option<Who>,
    pub with: Vec<String>,
    pub places: Vec<Place>,
    pub timing: Vec<Text>,
    pub conditions: Vec<Condition>,
    /// Not for external roles' sheets.
    pub internal: bool,
    pub details: Details,
}

/// Tasks that are done for each of something.
#[derive(Clone, Debug, Serialize)]
pub struct Each {
    pub number: String,
    /// What one of them is called.
    pub item: String,
    pub sentence: Text,
    /// What they are, where that is known.
    pub rounds: Vec<String>,
    pub details: Details,
}

/// Who, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Who {
    /// "Testers", "all of Testers and Lead".
    pub words: String,
    /// The roles' names.
    pub roles: Vec<String>,
    /// The people who fill them, as far as they are named; of several roles, each with theirs.
    pub people: Vec<String>,
    /// All of them are the client's side.
    pub external: bool,
}

/// An environment that something is done in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Place {
    pub title: String,
    pub live: bool,
}

/// When something applies: a guard in words, a text, or both. With a text alone it is judged on the
/// spot.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Condition {
    pub words: Option<Text>,
    pub text: Option<Text>,
    /// Whether it holds in this case, where that is known.
    pub holds: Option<bool>,
    /// The facts by which it is so.
    pub because: Vec<Text>,
}

impl Condition {
    /// The text first; the guard in words follows, as an aside.
    pub fn written(&self, text: impl Fn(&str) -> String, aside: impl Fn(&str) -> String) -> String {
        match (&self.text, &self.words) {
            (Some(own), Some(words)) => format!("{} {}", text(own), aside(words)),
            (Some(only), None) | (None, Some(only)) => text(only),
            (None, None) => String::new(),
        }
    }
}

/// Why a step may be left out.
#[derive(Clone, Debug, Serialize)]
pub struct Skip {
    pub condition: Condition,
    /// Who may decide so; where nobody is named, it is left out whenever the condition holds.
    pub by: Option<String>,
}

/// An artifact that goes in or out.
#[derive(Clone, Debug, Serialize)]
pub struct Use {
    pub artifact: String,
    /// "at least draft", "verified".
    pub state: Option<String>,
    /// Where, if it is said.
    pub place: Option<Place>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Remark {
    pub kind: RemarkKind,
    pub text: Text,
    /// Of a link.
    pub url: Option<String>,
    /// Not for external roles' sheets.
    pub internal: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemarkKind {
    Note,
    Warning,
    Link,
}

/// The ways out of a decision.
#[derive(Clone, Debug, Serialize)]
pub struct Decision {
    /// Facts decide, not people.
    pub by_facts: bool,
    pub ways: Vec<Way>,
}

/// An answer, an event, a timeout or a case, and where it leads.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    pub kind: WayKind,
    /// What the reader sees: "Approve the publish", "No answer after 3 days".
    pub label: Text,
    /// Of a case that has a text too: the guard in words.
    pub words: Option<Text>,
    /// "go on with 2.3 Test".
    pub leads_to: Text,
    /// "at most 3 times".
    pub at_most: Option<String>,
    /// Of what facts decide: whether it is so in this case, where that is known.
    pub holds: Option<bool>,
    /// It is the answer that is planned: "planned".
    pub planned: Option<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WayKind {
    Answer,
    Event,
    Timeout,
    /// Decided by facts.
    Case,
}
