//! The vocabularies of two editions: which role of the new one is which of the old, and so for the rest.
//!
//! What is found twice is compared by *keys*: texts that are the same in both editions exactly if the
//! same is meant, whatever it is called.

use super::likeness::{alike, best_pairs};
use crate::emit::prose::{escape, markdown};
use crate::model::{
    ArtifactUse, Duration, EnvironmentId, FactId, FactOrigin, ItemId, Model, Prose, Relation,
    RoleId, SwitchId, Timing, Who,
};

/// Titles that are at least so alike are those of the same thing, under another name.
pub const SAME_TITLE: f64 = 0.75;

/// For each thing of the new edition, the one of the old that it is.
pub type Same = Vec<Option<usize>>;

#[derive(Debug, Default)]
pub struct Names {
    pub roles: Same,
    pub environments: Same,
    pub resources: Same,
    pub artifacts: Same,
    pub switches: Same,
    pub outcomes: Same,
    pub triggers: Same,
}

impl Names {
    pub fn of(old: &Model, new: &Model) -> Names {
        macro_rules! same {
            ($list:ident) => {
                same(
                    &old.$list.iter().map(|it| (&*it.name, it.title.clone())).collect::<Vec<_>>(),
                    &new.$list.iter().map(|it| (&*it.name, it.title.clone())).collect::<Vec<_>>(),
                )
            };
            ($list:ident, prose) => {
                same(
                    &old.$list
                        .iter()
                        .map(|it| (&*it.name, text(old, &it.title)))
                        .collect::<Vec<_>>(),
                    &new.$list
                        .iter()
                        .map(|it| (&*it.name, text(new, &it.title)))
                        .collect::<Vec<_>>(),
                )
            };
        }
        Names {
            roles: same!(roles),
            environments: same!(environments),
            resources: same!(resources),
            artifacts: same!(artifacts),
            switches: same!(switches),
            outcomes: same!(outcomes, prose),
            triggers: same!(triggers, prose),
        }
    }
}

/// By name first; what is left over by its title.
pub fn same(old: &[(&str, String)], new: &[(&str, String)]) -> Same {
    let mut same: Same =
        new.iter().map(|(name, _)| old.iter().position(|(other, _)| other == name)).collect();
    let left: Vec<usize> = (0..new.len()).filter(|at| same[*at].is_none()).collect();
    let free: Vec<usize> = (0..old.len()).filter(|at| !same.contains(&Some(*at))).collect();
    let pairs = free.iter().flat_map(|one| left.iter().map(move |other| (*one, *other)));
    let scored = pairs.map(|(one, other)| (alike(&old[one].1, &new[other].1), one, other));
    for (one, other) in best_pairs(scored.collect(), SAME_TITLE) {
        same[other] = Some(one);
    }
    same
}

/// One edition, and how its things are called in keys: those that both have as in the old one.
pub struct Side<'m> {
    pub model: &'m Model,
    /// None for the old edition itself.
    pub names: Option<&'m Names>,
    /// For each item, the one of the old edition that it is.
    pub items: Vec<Option<ItemId>>,
    /// For each fact, its number among those of both editions.
    pub facts: Vec<FactId>,
}

impl Side<'_> {
    fn key(&self, same: impl Fn(&Names) -> &Same, at: u32) -> String {
        match self.names.map(|names| same(names)[at as usize]) {
            None => at.to_string(),
            Some(Some(old)) => old.to_string(),
            Some(None) => format!("new {at}"),
        }
    }

    pub fn role(&self, id: RoleId) -> String {
        self.key(|names| &names.roles, id.0)
    }

    pub fn environment(&self, id: EnvironmentId) -> String {
        self.key(|names| &names.environments, id.0)
    }

    pub fn switch(&self, id: SwitchId) -> String {
        self.key(|names| &names.switches, id.0)
    }

    pub fn artifact(&self, artifact: &ArtifactUse) -> String {
        let id = self.key(|names| &names.artifacts, artifact.artifact.0);
        let on = artifact.on.map(|on| self.environment(on)).unwrap_or_default();
        format!("{id}:{}:{on}", self.state(artifact))
    }

    /// The same artifact, in whatever state.
    pub fn artifact_alone(&self, artifact: &ArtifactUse) -> String {
        self.key(|names| &names.artifacts, artifact.artifact.0)
    }

    fn state(&self, artifact: &ArtifactUse) -> &str {
        let states = &self.model.artifact(artifact.artifact).states;
        artifact.state.and_then(|state| states.get(state)).map_or("", String::as_str)
    }

    pub fn outcome(&self, id: crate::model::OutcomeId) -> String {
        self.key(|names| &names.outcomes, id.0)
    }

    pub fn item(&self, id: ItemId) -> String {
        match self.items[id.0 as usize] {
            Some(old) => old.0.to_string(),
            None => format!("new {}", id.0),
        }
    }

    pub fn who(&self, who: &Who) -> String {
        let mut roles: Vec<String> = who.roles().iter().map(|role| self.role(*role)).collect();
        roles.sort();
        let how = match who {
            Who::One(_) => "one".to_string(),
            Who::AllOf(_) => "all".to_string(),
            Who::AnyOf(_) => "any".to_string(),
            Who::Count(count, _) => count.to_string(),
        };
        format!("{how} of {}", roles.join(", "))
    }

    pub fn role_shown(&self, id: RoleId) -> String {
        escape(&self.model.role(id).title)
    }

    pub fn environment_shown(&self, id: EnvironmentId) -> String {
        escape(&self.model.environment(id).title)
    }

    /// How somebody who reads about it would call who does it.
    pub fn who_shown(&self, who: &Who) -> String {
        let roles: Vec<String> = who.roles().iter().map(|role| self.role_shown(*role)).collect();
        match who {
            Who::One(_) => roles.concat(),
            Who::AllOf(_) => format!("all of {}", roles.join(", ")),
            Who::AnyOf(_) => format!("any of {}", roles.join(", ")),
            Who::Count(count, _) => format!("{count} of {}", roles.join(", ")),
        }
    }

    /// "“New version” (checked) on Preview copy".
    pub fn artifact_shown(&self, artifact: &ArtifactUse) -> String {
        let title = escape(&self.model.artifact(artifact.artifact).title);
        let state = match self.state(artifact) {
            "" => String::new(),
            state => format!(" ({})", escape(state)),
        };
        let on = artifact.on.map(|on| format!(" on {}", self.environment_shown(on)));
        format!("“{title}”{state}{}", on.unwrap_or_default())
    }

    pub fn text(&self, prose: &Prose) -> String {
        text(self.model, prose)
    }

    /// "“Test Preview”", with its number where it has one.
    pub fn title(&self, id: ItemId) -> String {
        let item = self.model.item(id);
        let title = self.text(&item.title);
        match (item.number.as_str(), title.as_str()) {
            ("", "") => format!("the `{}`", item.kind.word()),
            ("", title) => format!("“{title}”"),
            (number, title) => format!("{number} “{title}”"),
        }
    }

    /// Deadlines and distances, each as a key, and as people read it.
    pub fn timing(&self, timing: &Timing) -> Vec<(String, Limit)> {
        let step = |step: Option<ItemId>| step.map(|step| self.item(step)).unwrap_or_default();
        let named = |step: ItemId| format!(" of {}", self.title(step));
        let within = timing.within.iter().map(|(duration, of, _)| {
            let of_shown = of.map(named).unwrap_or_default();
            let shown = format!("within {duration}{of_shown}");
            (format!("within {}", step(*of)), Limit { duration: *duration, at_most: true, shown })
        });
        let at_least = timing.at_least.iter().map(|anchor| {
            let relation = match anchor.relation {
                Relation::Before => "before",
                Relation::After => "after",
            };
            let shown =
                format!("at least {} {relation} {}", anchor.duration, self.title(anchor.step));
            let key = format!("{relation} {}", step(Some(anchor.step)));
            (key, Limit { duration: anchor.duration, at_most: false, shown })
        });
        within.chain(at_least).collect()
    }
}

/// A deadline, or a distance that is to be kept.
pub struct Limit {
    pub duration: Duration,
    pub at_most: bool,
    pub shown: String,
}

impl Limit {
    /// Whether whoever keeps this one also keeps the other.
    pub fn keeps(&self, other: &Limit) -> bool {
        let minutes = |duration: Duration| f64::from(duration.count) * minutes(duration);
        match self.at_most {
            true => minutes(self.duration) <= minutes(other.duration),
            false => minutes(self.duration) >= minutes(other.duration),
        }
    }
}

/// A rough length, to compare by.
fn minutes(duration: Duration) -> f64 {
    use crate::model::Unit;
    match duration.unit {
        Unit::Minutes => 1.0,
        Unit::Hours => 60.0,
        Unit::Days => 24.0 * 60.0,
        Unit::WorkingDays => 1.4 * 24.0 * 60.0,
        Unit::Weeks => 7.0 * 24.0 * 60.0,
        Unit::Months => 30.4 * 24.0 * 60.0,
    }
}

/// A text with the names of the facts that are filled in, safe wherever inline Markdown may stand.
pub fn text(model: &Model, prose: &Prose) -> String {
    markdown(&written(model, prose))
}

/// The same as its author wrote it: to be compared, not to be told.
pub fn written(model: &Model, prose: &Prose) -> String {
    let filled = prose.filled(|fact| format!("{{{}}}", model.fact(fact).name));
    filled.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// For each fact of the new edition, the one of the old that it is; those of decisions, roles and
/// versions go by what they are of.
pub fn same_facts(old: &Model, new: &Side<'_>) -> Same {
    let (olds, news) = (declared(old), declared(new.model));
    let by_name = same(&named(old, &olds), &named(new.model, &news));
    let mut facts: Same = new.model.facts.iter().map(|_| None).collect();
    for (at, old) in news.iter().zip(by_name) {
        facts[*at] = old.map(|old| olds[old]);
    }
    for (at, fact) in new.model.facts.iter().enumerate() {
        let is_it = |other: &FactOrigin| match (&fact.origin, other) {
            (FactOrigin::Answer(item), FactOrigin::Answer(other)) => {
                new.items[item.0 as usize] == Some(*other)
            }
            (FactOrigin::TakesPart(role), FactOrigin::TakesPart(other)) => new
                .names
                .is_some_and(|names| names.roles[role.0 as usize] == Some(other.0 as usize)),
            (FactOrigin::Trigger, FactOrigin::Trigger) => true,
            _ => false,
        };
        let is_given = matches!(fact.origin, FactOrigin::Versions);
        if !matches!(fact.origin, FactOrigin::Declared | FactOrigin::Derived(_)) {
            facts[at] = old.facts.iter().position(|other| match is_given {
                true => other.origin == FactOrigin::Versions && other.name == fact.name,
                false => is_it(&other.origin),
            });
        }
    }
    facts
}

/// The facts that the author declared, by their numbers.
fn declared(model: &Model) -> Vec<usize> {
    let is = |origin: &FactOrigin| matches!(origin, FactOrigin::Declared | FactOrigin::Derived(_));
    (0..model.facts.len()).filter(|at| is(&model.facts[*at].origin)).collect()
}

fn named<'m>(model: &'m Model, facts: &[usize]) -> Vec<(&'m str, String)> {
    let facts = facts.iter().map(|at| &model.facts[*at]);
    facts.map(|fact| (fact.name.as_str(), text(model, &fact.title))).collect()
}
