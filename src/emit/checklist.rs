//! A checklist without a format: what a person who works through a path has in hand.
//!
//! In: a model and the texts that it came from. Out: a [`Checklist`], which every format prints and
//! which is itself an output (JSON, [`SCHEMA`]). Nothing in it depends on a format, and no format
//! looks anything up elsewhere.
//!
//! A [`Text`] is inline Markdown in which `________` is a line to write on; every other string is
//! plain. Lists are in the order of the process's text.

mod body;
mod details;
mod ends;
mod front;
mod lines;
mod messages;
mod public;
mod resolved;
mod used;
mod view;

pub(crate) use details::question;
pub use lines::{
    Action, Block, Close, Condition, Decision, Details, Each, Entry, Jump, Part, PartKind, Place,
    Remark, RemarkKind, Skip, Step, Task, Use, Way, WayKind, Who,
};
pub(crate) use public::public;
pub use view::Wanted;
pub(crate) use view::settled_model;

use crate::model::{ItemId, Model, RecordKind};
use crate::plan::calendar::Moment;
use crate::source::Sources;
use serde::Serialize;
use sha2::{Digest, Sha256};
use view::View;

/// The name and version of the JSON form. Fields may be added under the same version.
pub const SCHEMA: &str = "vup-checklist/1";

/// Inline Markdown; `________` is a line to write on.
pub type Text = String;

/// One path of a process, or a whole process without paths, to be worked through on paper.
#[derive(Clone, Debug, Serialize)]
pub struct Checklist {
    /// [`SCHEMA`].
    pub schema: &'static str,
    pub process: Head,
    /// The path that this is the checklist of; none where the process has no paths.
    pub path: Option<Head>,
    /// The version of the process definition.
    pub version: String,
    /// Who answers for the definition.
    pub owner: Option<String>,
    /// Whom it was made for.
    pub client: Option<String>,
    /// When it was made.
    pub date: Option<Moment>,
    /// The role whose work is told in full; none where it is everybody's.
    pub role: Option<String>,
    /// It is the communication plan alone.
    pub only_messages: bool,
    /// It is for one case; otherwise for all that come here.
    pub for_case: bool,
    pub case: Case,
    /// What started it, where that is known.
    pub started_by: Option<Text>,
    /// What may have started it; one is ticked.
    pub triggers: Vec<Text>,
    /// The ends that this checklist can lead to.
    pub outcomes: Vec<Text>,
    /// Where it can go on outside of this checklist: "path Rescue".
    pub goes_on: Vec<Text>,
    /// Who appears here, and what they are part of.
    pub roles: Vec<Role>,
    /// Where things are done here.
    pub environments: Vec<Environment>,
    /// What is needed and made here.
    pub artifacts: Vec<Artifact>,
    /// What is turned on and off here.
    pub switches: Vec<Switch>,
    /// What may happen between any two steps of the whole.
    pub events: Vec<Way>,
    /// Stages, and the steps between them.
    pub blocks: Vec<Block>,
    /// The communication plan: what is told to whom, in order.
    pub messages: Vec<Message>,
    /// Twelve hexadecimal digits over all texts that the process is written in.
    pub hash: String,
}

/// What stands at the top of a process or a path.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    /// The name in the text; empty where it has none.
    pub name: String,
    pub title: Text,
    pub about: Option<Text>,
    pub remarks: Vec<Remark>,
    /// By when the whole is done: "within 2 days".
    pub timing: Vec<Text>,
}

/// Which cases the checklist is for, and what is to be filled in about the one at hand.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// The versions that are updated.
    pub versions: Option<Versions>,
    /// From each version to the next, where the way between them is known: "3.6.2 to 4.0.0".
    pub route: Vec<String>,
    /// What is known of the case.
    pub known: Vec<Known>,
    /// All of them hold, otherwise another path is the right one.
    pub conditions: Vec<Condition>,
    /// The path is for what no other path is for.
    pub otherwise: bool,
    /// Where `otherwise`: the other paths and what they are for.
    pub others: Vec<OtherPath>,
    /// What every case must fulfil.
    pub assumptions: Vec<Condition>,
    /// What is known at the start and has to be filled in.
    pub questions: Vec<Question>,
    /// Words that conditions use, and what they mean.
    pub definitions: Vec<Definition>,
}

/// What the two versions are called; each has a line to write on.
#[derive(Clone, Debug, Serialize)]
pub struct Versions {
    pub from: Text,
    pub to: Text,
    pub from_value: Option<String>,
    pub to_value: Option<String>,
}

/// A fact as it is in this case.
#[derive(Clone, Debug, Serialize)]
pub struct Known {
    /// The fact's name.
    pub name: String,
    pub title: Text,
    pub value: String,
    /// It is found out on the way: the case takes it to be so.
    pub later: bool,
}

/// A path that this checklist is not for.
#[derive(Clone, Debug, Serialize)]
pub struct OtherPath {
    pub title: Text,
    pub conditions: Vec<Condition>,
}

/// A fact to be filled in.
#[derive(Clone, Debug, Serialize)]
pub struct Question {
    /// The fact's name.
    pub name: String,
    pub title: Text,
    /// One box each; none where there is a line to write on.
    pub answers: Vec<String>,
    /// What may be written on the line: "a number from 0 to 10", "a version".
    pub hint: Option<String>,
    /// What the case takes it to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
}

/// A fact that follows from others.
#[derive(Clone, Debug, Serialize)]
pub struct Definition {
    pub title: Text,
    pub meaning: Text,
}

/// Who, with a line for the person.
#[derive(Clone, Debug, Serialize)]
pub struct Role {
    pub title: String,
    /// How many roles it is nested in.
    pub depth: usize,
    /// Somebody fills it; otherwise it is only there for the roles in it.
    pub acts: bool,
    /// The client's side.
    pub external: bool,
    /// The outermost role of the client's side: saying so here says it for all roles in it.
    pub marks_side: bool,
    /// May be absent: it is asked whether it takes part.
    pub optional: bool,
    /// Whether it takes part, where the case says no.
    pub takes_part: Option<bool>,
    /// Who fills it, as far as they are named.
    pub people: Vec<String>,
}

/// Where, and what is touched there.
#[derive(Clone, Debug, Serialize)]
pub struct Environment {
    pub title: String,
    /// Something that it uses is live.
    pub live: bool,
    pub resources: Vec<Resource>,
}

/// What environments share.
#[derive(Clone, Debug, Serialize)]
pub struct Resource {
    pub title: String,
    pub live: bool,
}

/// What is needed or made.
#[derive(Clone, Debug, Serialize)]
pub struct Artifact {
    pub title: String,
    /// Has to be there beforehand.
    pub given: bool,
    /// From the lowest to the highest.
    pub states: Vec<String>,
    /// Has a state in each environment.
    pub per_environment: bool,
    /// The columns of its sheet in the tracker.
    pub sheet: Vec<String>,
    /// The numbers of the steps that make it.
    pub made_in: Vec<String>,
    /// The numbers of the steps that need it.
    pub needed_in: Vec<String>,
}

/// What is turned on for a while.
#[derive(Clone, Debug, Serialize)]
pub struct Switch {
    pub title: String,
    pub normally_on: bool,
    /// Where it is turned: "3.3.1 on".
    pub turned_in: Vec<String>,
}

/// A line of the communication plan.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// The number of its task.
    pub number: String,
    /// The step during which it is told.
    pub when: Text,
    /// The step's name in a page.
    pub anchor: String,
    /// When the step is planned.
    pub planned: Option<Moment>,
    /// By when it is to be told, as far as planned dates tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Moment>,
    pub timing: Vec<Text>,
    pub from: Option<Who>,
    /// The roles that are told.
    pub to: Vec<String>,
    /// The people among them, as far as they are named; of several roles, each with theirs.
    pub told: Vec<String>,
    pub what: Text,
    /// It is told only if these hold.
    pub conditions: Vec<Condition>,
    /// It is not told where the step is skipped for one of these.
    pub skips: Vec<Skip>,
    /// It is told each time: what is repeated around it.
    pub repeated: Vec<Text>,
    /// Why it does not apply in this case.
    pub not_applicable: Option<Text>,
    /// Not for external roles' sheets.
    pub internal: bool,
}

/// A field to fill in.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    pub title: Text,
    pub kind: RecordKind,
    pub internal: bool,
}

/// The checklist of one path, for every case and every reader; for a process without paths, `path` is
/// none.
pub fn checklist(model: &Model, sources: &Sources, path: Option<ItemId>) -> Checklist {
    checklist_for(model, sources, &Wanted { path, ..Wanted::default() })
}

/// The checklist that is wanted. What stands before the paths is part of that of each path.
pub fn checklist_for(model: &Model, sources: &Sources, wanted: &Wanted<'_>) -> Checklist {
    let printed = view::model_for(model, wanted);
    let view = View::new(model, &printed, wanted);
    let model = view.model;
    let scope = used::scope(&view);
    let used = used::used(&view, &scope);
    let ends = ends::ends(&view, &scope);
    let blocks = body::blocks(&view);
    let started_by = front::started_by(&view);
    let triggers = model.triggers.iter().filter(|_| started_by.is_none());
    Checklist {
        schema: SCHEMA,
        process: front::head(&view, Model::ROOT),
        path: wanted.path.map(|path| front::head(&view, path)),
        version: model.version.to_string(),
        owner: model.owner.map(|owner| model.role(owner).title.clone()),
        client: wanted.cover.client.clone(),
        date: wanted.cover.date,
        role: wanted.role.map(|role| model.role(role).title.clone()),
        only_messages: false,
        for_case: wanted.case.is_some(),
        case: front::case(&view),
        triggers: triggers.map(|line| crate::emit::words::text(&line.title)).collect(),
        started_by,
        outcomes: ends.outcomes,
        goes_on: ends.goes_on,
        roles: front::roles(&view, &used),
        environments: front::environments(model, &used),
        artifacts: front::artifacts(model, &used),
        switches: front::switches(model, &used),
        events: body::events(&view),
        messages: messages::messages(&view, &blocks),
        blocks,
        hash: hash(sources),
    }
}

/// The communication plan alone: what is worked through is left out, and what only that speaks of.
pub fn communication(list: Checklist) -> Checklist {
    Checklist {
        only_messages: true,
        blocks: Vec::new(),
        artifacts: Vec::new(),
        switches: Vec::new(),
        events: Vec::new(),
        environments: Vec::new(),
        roles: Vec::new(),
        ..list
    }
}

/// The checklist as JSON, indented, with a line end.
pub fn json(checklist: &Checklist) -> String {
    let text = serde_json::to_string_pretty(checklist);
    text.expect("a checklist holds only strings, numbers and lists of them") + "\n"
}

/// Names are left out, since they depend on where the command runs; lengths keep files apart.
fn hash(sources: &Sources) -> String {
    let mut hasher = Sha256::new();
    for file in sources.iter() {
        hasher.update((file.text.len() as u64).to_le_bytes());
        hasher.update(file.text.as_bytes());
    }
    hasher.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
pub(crate) mod tests;
