//! The things a process speaks of: who, where, what, which cases, which ends.

use super::{Guard, ItemId, Prose, Value};
use crate::source::Place;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);)+
    };
}

id!(
    /// A role of [`super::Model::roles`].
    RoleId,
    /// A resource of [`super::Model::resources`].
    ResourceId,
    /// An environment of [`super::Model::environments`].
    EnvironmentId,
    /// An artifact of [`super::Model::artifacts`].
    ArtifactId,
    /// A switch of [`super::Model::switches`].
    SwitchId,
    /// A fact of [`super::Model::facts`].
    FactId,
    /// An outcome of [`super::Model::outcomes`].
    OutcomeId,
);

/// Who does things.
#[derive(Clone, Debug)]
pub struct Role {
    pub name: String,
    pub title: String,
    pub place: Place,
    pub parent: Option<RoleId>,
    /// The client's side.
    pub external: bool,
    /// May be absent; the fact tells whether it takes part.
    pub optional: Option<FactId>,
}

/// What environments share.
#[derive(Clone, Debug)]
pub struct Resource {
    pub name: String,
    pub title: String,
    pub place: Place,
    pub live: bool,
}

/// Where things are done.
#[derive(Clone, Debug)]
pub struct Environment {
    pub name: String,
    pub title: String,
    pub place: Place,
    pub uses: Vec<ResourceId>,
}

/// What steps make and need.
#[derive(Clone, Debug)]
pub struct Artifact {
    pub name: String,
    pub title: String,
    pub place: Place,
    /// Exists beforehand, in its last state.
    pub given: bool,
    /// Has a state in each environment.
    pub per_environment: bool,
    /// From the lowest to the highest; empty where there is just "made".
    pub states: Vec<String>,
    /// The columns of its sheet in the tracker; empty where it has none.
    pub sheet: Vec<String>,
}

/// `needs`, `makes`, or an artifact in a rule.
#[derive(Clone, Debug)]
pub struct ArtifactUse {
    pub artifact: ArtifactId,
    /// An index into the artifact's states. Where the text names none: the first for `needs`
    /// (any will do), the last for `makes`.
    pub state: Option<usize>,
    pub on: Option<EnvironmentId>,
    pub place: Place,
}

impl ArtifactUse {
    /// The environments that are meant: its own, else those around it.
    pub fn environments(&self, around: &[EnvironmentId]) -> Vec<EnvironmentId> {
        self.on.map_or_else(|| around.to_vec(), |own| vec![own])
    }
}

/// What is turned on for a while and off again.
#[derive(Clone, Debug)]
pub struct Switch {
    pub name: String,
    pub title: String,
    pub place: Place,
    pub normally_on: bool,
}

/// What cases differ in.
#[derive(Clone, Debug)]
pub struct Fact {
    pub name: String,
    pub title: Prose,
    pub place: Place,
    pub kind: FactType,
    /// Unknown until a step learns it, or until the decision is taken.
    pub later: bool,
    pub origin: FactOrigin,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FactOrigin {
    Declared,
    /// `fact N = G`.
    Derived(Guard),
    /// `from`, `to` and `hop` of `versions`, `breaking` too.
    Versions,
    /// The answer of a decision.
    Answer(ItemId),
    /// What started the process.
    Trigger,
    /// Whether an optional role takes part.
    TakesPart(RoleId),
}

#[derive(Clone, Debug, PartialEq)]
pub enum FactType {
    YesNo,
    OneOf(Vec<String>),
    /// From the lowest to the highest.
    Scale(Vec<String>),
    /// Bounds in units of the last decimal: with two decimals 1.25 is 125.
    Number {
        low: i64,
        high: i64,
        decimals: u32,
    },
    Version,
}

impl FactType {
    /// The names of the values, where the type has named values.
    pub fn choices(&self) -> Option<&[String]> {
        match self {
            FactType::OneOf(values) | FactType::Scale(values) => Some(values),
            FactType::YesNo | FactType::Number { .. } | FactType::Version => None,
        }
    }

    /// How people write a value of this type.
    pub fn show(&self, value: &Value) -> String {
        match (self, value) {
            (_, Value::YesNo(yes)) => if *yes { "yes" } else { "no" }.to_string(),
            (_, Value::Version(version)) => version.to_string(),
            (FactType::Number { decimals, .. }, Value::Number(number)) => {
                decimal(*number, *decimals)
            }
            (_, Value::Number(number)) => number.to_string(),
            (_, Value::Choice(index)) => {
                self.choices().and_then(|choices| choices.get(*index)).cloned().unwrap_or_default()
            }
        }
    }
}

/// Writes a number that counts units of its last decimal.
fn decimal(number: i64, decimals: u32) -> String {
    if decimals == 0 {
        return number.to_string();
    }
    let width = decimals as usize + 1;
    let digits = format!("{:0width$}", number.unsigned_abs());
    let (whole, rest) = digits.split_at(digits.len() - decimals as usize);
    format!("{}{whole}.{rest}", if number < 0 { "-" } else { "" })
}

/// The pair that is being updated.
#[derive(Clone, Debug)]
pub struct Versions {
    pub place: Place,
    pub from: FactId,
    pub to: FactId,
    pub hop: FactId,
    pub breaking: FactId,
    /// What the version that runs is called, and the one to be installed.
    pub from_title: String,
    pub to_title: String,
}

/// A line of the catalogue.
#[derive(Clone, Debug)]
pub struct Release {
    pub version: semver::Version,
    pub place: Place,
    /// As written: YYYY-MM-DD.
    pub date: Option<String>,
    pub breaking: bool,
    pub required_stop: bool,
    pub stop_when: Option<Guard>,
    pub title: Option<Prose>,
}

/// A case that cannot occur is one in which this does not hold.
#[derive(Clone, Debug)]
pub struct Assumption {
    pub guard: Guard,
    pub text: Prose,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub struct Trigger {
    pub name: String,
    pub title: Prose,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub struct Outcome {
    pub name: String,
    pub title: Prose,
    pub place: Place,
    /// False for the `done` of a process that declares no outcome.
    pub declared: bool,
}

/// A declared procedure and whether any `run` names it.
#[derive(Clone, Debug)]
pub struct ProcedureUse {
    pub name: String,
    pub place: Place,
    pub used: bool,
}

/// A rule that the process's author wrote.
#[derive(Clone, Debug)]
pub struct ProcessRule {
    pub title: Prose,
    pub place: Place,
    pub template: Template,
    pub when: Option<Guard>,
}

#[derive(Clone, Debug)]
pub enum Template {
    OnlyAfter { what: Happening, after: Happening, since: Option<Happening> },
    Always { after: Option<Happening>, what: Happening },
    NeverAfter { what: Happening, after: Happening },
    NeverBoth(Happening, Happening),
    AtMostOnce(Happening),
    DifferentRoles(Happening, Happening),
}

impl Template {
    /// What it speaks of.
    pub fn happenings(&self) -> Vec<&Happening> {
        match self {
            Template::OnlyAfter { what, after, since } => {
                [Some(what), Some(after), since.as_ref()].into_iter().flatten().collect()
            }
            Template::Always { after, what } => {
                [after.as_ref(), Some(what)].into_iter().flatten().collect()
            }
            Template::NeverAfter { what, after } => vec![what, after],
            Template::NeverBoth(one, other) | Template::DifferentRoles(one, other) => {
                vec![one, other]
            }
            Template::AtMostOnce(what) => vec![what],
        }
    }
}

/// What a rule speaks of.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A step, decide, stage or path.
    Item(ItemId),
    End(OutcomeId),
    Artifact(ArtifactUse),
}

#[derive(Clone, Debug)]
pub struct Scenario {
    pub title: Prose,
    pub place: Place,
    pub given: Vec<Given>,
    /// The answers of each decision, for successive askings.
    pub answers: Vec<(ItemId, Vec<usize>, Place)>,
    pub events: Vec<ScenarioEvent>,
    pub expect: Vec<Expectation>,
}

#[derive(Clone, Debug)]
pub struct Given {
    pub fact: FactId,
    pub value: Value,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub struct ScenarioEvent {
    /// Where the event is declared and which of its branches it is.
    pub item: ItemId,
    pub branch: usize,
    pub after: Option<ItemId>,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub struct Expectation {
    pub never: bool,
    pub what: Expected,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub enum Expected {
    /// A path, stage, step or decide.
    Item(ItemId),
    End(OutcomeId),
}
