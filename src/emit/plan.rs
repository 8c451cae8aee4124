//! How one case goes, without a format: which path is taken and why, what is done, what is left out,
//! how it ends, and what still has to be known.
//!
//! In: a model, a case and its run. Out: a [`Plan`], which is printed by [`text()`] and is itself an
//! output (JSON, [`SCHEMA`]). Every string is plain. Lists are in the order in which things happen, or
//! in that of the process's text.

mod asks;
mod left_out;
mod paths;
mod steps;
mod text;

pub(crate) use left_out::{Omitted, omitted, ruled_out, settled};
pub(crate) use paths::chosen;
pub(crate) use steps::legs;
pub use text::{question, text};

use crate::emit::checklist::{Question, settled_model};
use crate::emit::{prose, words};
use crate::model::{BranchKind, FactId, FactOrigin, Guard, ItemKind, Model, Op, Prose, Value};
use crate::plan::open::is_on_path;
use crate::plan::{self, Case, Run, Values, route};
use serde::Serialize;
use std::collections::BTreeSet;

/// The name and version of the JSON form. Fields may be added under the same version.
pub const SCHEMA: &str = "vup-plan/1";

/// How one case goes.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The name of the process.
    pub process: String,
    pub title: String,
    /// The version of the process definition.
    pub version: String,
    /// Nothing is left open.
    pub complete: bool,
    /// What is known of the case, and what follows from it.
    pub known: Vec<Known>,
    /// The way between the two versions; none where there is no catalogue of releases.
    pub route: Option<Route>,
    /// The path that is taken first, where one is chosen.
    pub path: Option<Path>,
    /// Whether it has come to that: before, something is still open.
    pub path_entered: bool,
    /// The paths that are not chosen, or not yet.
    pub others: Vec<Path>,
    /// What is done, in order, in the parts of the process.
    pub entries: Vec<Entry>,
    /// What does not apply.
    pub left_out: Vec<LeftOut>,
    /// How it ends; none where that is not known yet.
    pub end: Option<End>,
    /// What is still to be known, and decides something.
    pub asks: Vec<Ask>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Known {
    /// The name of the fact.
    pub name: String,
    pub value: String,
    /// It follows from what is given.
    pub follows: bool,
    pub words: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Route {
    /// From each version to the next, the required stops between.
    pub legs: Vec<Leg>,
    /// Releases on the way that break something.
    pub breaking: Vec<Release>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Leg {
    pub from: String,
    pub to: Release,
    /// False where it is not known yet whether this stop is required.
    pub certain: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Release {
    pub version: String,
    pub title: Option<String>,
}

/// A path, and why it is taken or not.
#[derive(Clone, Debug, Serialize)]
pub struct Path {
    /// Empty where it has no name.
    pub name: String,
    pub title: String,
    /// It is for the cases that no other path is for.
    pub otherwise: bool,
    /// All of them must hold.
    pub conditions: Vec<Condition>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Condition {
    pub words: String,
    /// None where it is not known.
    pub holds: Option<bool>,
    /// The facts that it depends on, as they are.
    pub because: Vec<String>,
}

/// A part of the process that is entered, or a step in it.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub enum Entry {
    Part(Part),
    Step(Step),
}

#[derive(Clone, Debug, Serialize)]
pub struct Part {
    /// How many parts are around it.
    pub depth: usize,
    /// "path", "stage", "repeat", "any order", "for each".
    pub kind: &'static str,
    pub number: String,
    pub title: String,
    /// Why it is gone on with here, where an answer or an event leads to it.
    pub because: Option<String>,
    #[serde(flatten)]
    pub judged: Judged,
}

/// What is judged on the spot.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    /// It is done only if these hold.
    pub only_if: Vec<String>,
    pub may_skip: Vec<Skip>,
}

/// Why something may be left out.
#[derive(Clone, Debug, Serialize)]
pub struct Skip {
    /// Who may decide so.
    pub by: Option<String>,
    pub why: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Helper {
    pub title: String,
    /// Whether it takes part is not known.
    pub perhaps: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub depth: usize,
    pub number: String,
    pub title: String,
    pub who: Option<String>,
    pub with: Vec<Helper>,
    pub places: Vec<Place>,
    /// How often it is done.
    pub times: usize,
    #[serde(flatten)]
    pub judged: Judged,
    /// Of a decision: how it is taken, each time.
    pub taken: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Place {
    pub title: String,
    pub live: bool,
}

/// A stage, a step or a task that does not apply.
#[derive(Clone, Debug, Serialize)]
pub struct LeftOut {
    pub number: String,
    /// Where it stands, if the case enters several paths: numbers begin anew in each.
    pub path: Option<String>,
    pub title: String,
    pub why: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct End {
    pub name: String,
    pub title: String,
}

/// What is still to be known, and what it decides.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "ask", rename_all = "kebab-case")]
pub enum Ask {
    Facts { decides: String, facts: Vec<Fact> },
    Answer(Decision),
}

#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    #[serde(flatten)]
    pub question: Question,
    /// What the answers are called, where they have titles.
    pub titles: Vec<String>,
    /// The steps that find it out.
    pub found_out_in: Vec<String>,
    /// The case says what it is, but no step has found it out by then.
    pub given: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Decision {
    /// By what it is called on the command line.
    pub name: String,
    pub title: String,
    pub who: Option<String>,
    /// How often it has been asked by now.
    pub asked: usize,
    pub answers: Vec<Answer>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    pub name: String,
    pub title: String,
    pub leads_to: String,
}

/// The plan of a case, from its run.
pub fn plan(model: &Model, case: &Case, run: &Run) -> Plan {
    let values = Values::new(model, answered(model, case, run));
    let own = settled_model(model, case, run);
    let asks = asks::asks(model, &own, case, run);
    let (path, others) = paths::paths(model, case, run);
    let end = run.end.as_ref().ok().map(|id| {
        let outcome = model.outcome(*id);
        End { name: outcome.name.clone(), title: filled(&values, model, &outcome.title) }
    });
    Plan {
        schema: SCHEMA,
        process: model.name.clone(),
        title: filled(&values, model, &model.title),
        version: model.version.to_string(),
        complete: end.is_some() && asks.is_empty(),
        known: known(model, case),
        route: route(model, &values),
        path,
        path_entered: is_on_path(model, run),
        others,
        entries: steps::entries(&own, &values, run),
        left_out: left_out::left_out(model, case, &values, run),
        end,
        asks,
    }
}

/// The plan as JSON, indented, with a line end.
pub fn json(plan: &Plan) -> String {
    let text = serde_json::to_string_pretty(plan);
    text.expect("a plan holds only strings, numbers and lists of them") + "\n"
}

/// What the case says, and what was answered last.
fn answered(model: &Model, case: &Case, run: &Run) -> plan::Known {
    let mut known = case.facts.clone();
    for (id, index) in &run.taken {
        let item = model.item(*id);
        let (ItemKind::Decide { answer: Some(fact) }, Some(branch)) =
            (&item.kind, item.branches.get(*index))
        else {
            continue;
        };
        let name = match &branch.kind {
            BranchKind::Answer(name) | BranchKind::Event(name) => name,
            _ => "timeout",
        };
        if let Some(value) = model.fact(*fact).kind.read(name) {
            known.insert(*fact, value);
        }
    }
    known
}

fn known(model: &Model, case: &Case) -> Vec<Known> {
    let values = Values::new(model, case.facts.clone());
    let ids = (0..model.facts.len() as u32).map(FactId);
    let known = ids.filter_map(|id| {
        let (fact, value) = (model.fact(id), values.known().get(&id)?);
        Some(Known {
            name: fact.name.clone(),
            value: fact.kind.show(value),
            follows: !case.facts.contains_key(&id),
            words: prose::plain(&words::guard(model, &equal(id, value))),
        })
    });
    known.collect()
}

fn route(model: &Model, values: &Values<'_>) -> Option<Route> {
    let route = route::route(model, values)?;
    let release = |release: &crate::model::Release| Release {
        version: release.version.to_string(),
        title: words::some_text(release.title.as_ref()).map(|title| prose::plain(&title)),
    };
    let mut from = route.from.to_string();
    let mut legs = Vec::new();
    for stop in &route.stops {
        let to = release(stop.release);
        let next = to.version.clone();
        legs.push(Leg { from, to, certain: stop.depends_on.is_empty() });
        from = next;
    }
    let last = model.releases.iter().find(|it| it.version.cmp_precedence(&route.to).is_eq());
    let to = last.map(release).unwrap_or(Release { version: route.to.to_string(), title: None });
    legs.push(Leg { from, to, certain: true });
    Some(Route { legs, breaking: route.breaking.into_iter().map(release).collect() })
}

fn equal(fact: FactId, value: &Value) -> Guard {
    Guard::Compare { fact, op: Op::Equal, value: value.clone() }
}

/// The facts by which a condition is as it is; where it is not known, all that it depends on.
pub(crate) fn because_of(model: &Model, values: &Values<'_>, guard: &Guard) -> Vec<String> {
    let holds = values.holds(guard).ok();
    let mut parts = Vec::new();
    decisive(values, guard, holds, &mut parts);
    let facts: BTreeSet<FactId> = parts.iter().flat_map(|it| model.depends_on(it)).collect();
    let basic =
        facts.into_iter().filter(|id| !matches!(model.fact(*id).origin, FactOrigin::Derived(_)));
    let (mut told, mut open) = (Vec::new(), String::new());
    for id in basic {
        match values.known().get(&id) {
            Some(value) => told.push(prose::plain(&words::clause(model, &equal(id, value)))),
            None if holds.is_none() => {
                let between = match open.chars().next_back() {
                    None => "",
                    Some('?' | '.' | '!') => " ",
                    Some(_) => ", ",
                };
                open += between;
                open += &prose::plain(&words::fact_title(model, id));
            }
            None => {}
        }
    }
    told.extend((!open.is_empty()).then(|| format!("not known yet: {open}")));
    told
}

/// The parts of a condition that make it hold, or not: of `and` those that fail, of `or` those that
/// hold.
fn decisive<'g>(
    values: &Values<'_>,
    guard: &'g Guard,
    holds: Option<bool>,
    parts: &mut Vec<&'g Guard>,
) {
    let one_is_enough = match guard {
        Guard::Not(inner) => return decisive(values, inner, holds.map(|holds| !holds), parts),
        Guard::All(_) => holds == Some(false),
        Guard::Any(_) => holds == Some(true),
        _ => return parts.push(guard),
    };
    if let Guard::All(all) | Guard::Any(all) = guard {
        for part in all {
            let own = values.holds(part).ok();
            if !one_is_enough || own == holds {
                decisive(values, part, own, parts);
            }
        }
    }
}

/// A text with what is known of the case filled in.
fn filled(values: &Values<'_>, model: &Model, text: &Prose) -> String {
    prose::plain(&text.filled(|id| {
        let fact = model.fact(id);
        match (values.known().get(&id), &fact.origin) {
            (Some(value), FactOrigin::Answer(item)) => {
                words::answer_title(model, *item, &fact.kind.show(value))
            }
            (Some(value), _) => prose::escape(&fact.kind.show(value)),
            (None, _) => prose::BLANK.to_string(),
        }
    }))
}
