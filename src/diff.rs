//! What changed from one edition of a process to the next, for those who follow it.
//!
//! In: two models with their flow graphs, and what became of their rules. Out: the changes, each with
//! the version bump that it owes, and the bump that is owed for all of them. Texts are inline Markdown,
//! as in the models.
//!
//! *Major* is what makes somebody do wrong who follows the old edition: something is gone, has moved, or
//! goes another way. *Minor* is what is added or allowed. *Patch* is what is only said otherwise.
//! `docs/diff.md` has all classes and the reasons.

mod branches;
mod items;
mod joined;
mod likeness;
mod lines;
mod matching;
mod names;
mod numbers;
mod picture;
mod plainly;
mod rerouted;
mod results;
mod runs;
mod spot;
mod tasks;
mod telling;
mod vocabulary;

pub use picture::picture;
pub use rerouted::Moved;
pub use runs::Parting;
pub use telling::sentence;

use crate::emit::diagram::NoteOf;
use crate::flow::Flow;
use crate::model::{ItemId, Model, OutcomeId};
use items::Compare;
use joined::Joined;
use names::{Names, Side};
use serde::Serialize;
use std::fmt;

/// One edition.
pub struct Edition<'e> {
    pub model: &'e Model,
    pub flow: &'e Flow,
    /// For each rule of the process, what is proved of it.
    pub verdicts: Vec<Verdict>,
}

/// What is proved of a rule of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Holds,
    Broken,
    /// It is never put to the test.
    Vacuous,
    Undecided,
}

impl Verdict {
    fn words(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Broken => "is broken",
            Verdict::Vacuous => "is never put to the test",
            Verdict::Undecided => "is undecided",
        }
    }
}

/// How far a version goes up; the greater is the greater change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bump {
    None,
    Patch,
    Minor,
    Major,
}

impl Bump {
    /// How far it is from one version up to another; none where it does not go up.
    pub fn between(old: &semver::Version, new: &semver::Version) -> Bump {
        if new.cmp_precedence(old).is_le() {
            Bump::None
        } else if new.major != old.major {
            Bump::Major
        } else if new.minor != old.minor {
            Bump::Minor
        } else {
            Bump::Patch
        }
    }

    /// The first version that is this far up.
    pub fn of(self, old: &semver::Version) -> semver::Version {
        let semver::Version { major, minor, patch, .. } = *old;
        match self {
            Bump::None => old.clone(),
            Bump::Patch => semver::Version::new(major, minor, patch.saturating_add(1)),
            Bump::Minor => semver::Version::new(major, minor.saturating_add(1), 0),
            Bump::Major => semver::Version::new(major.saturating_add(1), 0, 0),
        }
    }
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Bump::None => "none",
            Bump::Patch => "patch",
            Bump::Minor => "minor",
            Bump::Major => "major",
        })
    }
}

/// What kind of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Added,
    Gone,
    Moved,
    /// The same thing under another name.
    Renamed,
    /// The same thing in other words.
    Reworded,
    Changed,
    /// Cases go another way.
    Rerouted,
    /// A rule of the process is broken, or holds again.
    Verdict,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Change {
    pub bump: Bump,
    pub kind: Kind,
    /// The path and stages that it is in, from the outside in, joined by ` › `.
    pub place: String,
    pub text: String,
    /// The cases that it is about; empty where it is so in every case, or has to do with none.
    pub cases: Vec<Moved>,
    /// The roles of the client's side that it is about, by their titles.
    pub external: Vec<String>,
    /// Not to be seen by the client.
    pub internal: bool,
    /// What the client reads instead, whether the rest is internal or not.
    pub client: Option<String>,
    pub about: NoteOf,
    /// Where it stands among the others.
    order: (u8, u32),
}

/// What two editions are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    Editions,
    /// There was none before.
    New,
    /// There is none any more.
    Gone,
    /// They are two processes, of which nothing can be compared.
    Unrelated,
}

/// Everything that changed.
#[derive(Clone, Debug)]
pub struct Diff {
    pub relation: Relation,
    pub title: String,
    pub old: semver::Version,
    pub new: semver::Version,
    /// By place, in the order of the text; what weighs most first.
    pub changes: Vec<Change>,
    /// What could not be followed, and is taken for the worst.
    pub undecided: bool,
    pub owed: Bump,
    /// What the versions of the two editions say.
    pub declared: Bump,
    pub matched: Matched,
}

/// For what the new edition has, what of the old one it is; none for what is new.
#[derive(Clone, Debug)]
pub struct Matched {
    /// By the ids of the new edition, as the following.
    pub items: Vec<Option<ItemId>>,
    pub outcomes: Vec<Option<OutcomeId>>,
}

impl Diff {
    /// Whether the version goes up by less than it should, or down.
    pub fn is_underdeclared(&self) -> bool {
        self.declared < self.owed || self.goes_down()
    }

    /// Whether the new edition has a lower version than the old one.
    pub fn goes_down(&self) -> bool {
        self.new.cmp_precedence(&self.old).is_lt()
    }
}

impl Diff {
    /// Of a process that there was not before.
    pub fn first(model: &Model) -> Diff {
        Diff::of_one(model, Relation::New, vec![alone(model, Kind::Added)])
    }

    /// Of a process that there is no more.
    pub fn last(model: &Model) -> Diff {
        Diff::of_one(model, Relation::Gone, vec![alone(model, Kind::Gone)])
    }

    fn unrelated(old: &Model, new: &Model) -> Diff {
        let was = names::text(old, &old.title);
        let text = format!(
            "this is another process than “{was}”, not another edition of it: it has another name and hardly a \
             step in common with it, so nothing is compared"
        );
        let spot = spot::Spot::process();
        let changes = vec![spot.change(Bump::None, Kind::Changed, text, Vec::new())];
        Diff::of_one(new, Relation::Unrelated, changes)
    }

    fn of_one(model: &Model, relation: Relation, changes: Vec<Change>) -> Diff {
        let title = names::text(model, &model.title);
        let (old, new) = (model.version.clone(), model.version.clone());
        let (owed, declared) = (Bump::None, Bump::None);
        let matched = Matched {
            items: vec![None; model.items.len()],
            outcomes: vec![None; model.outcomes.len()],
        };
        Diff { relation, title, old, new, changes, undecided: false, owed, declared, matched }
    }
}

/// That a process as a whole is new, or gone.
fn alone(model: &Model, kind: Kind) -> Change {
    let is = match kind {
        Kind::Gone => format!(
            "gone: nobody is to follow it any more, and {}, its last version, needs no bump",
            model.version
        ),
        _ => "new: no bump is owed".to_string(),
    };
    let text = format!("the process “{}” is {is}", names::text(model, &model.title));
    spot::Spot::process().change(Bump::None, kind, text, Vec::new())
}

/// Compares two editions.
pub fn diff(old: &Edition<'_>, new: &Edition<'_>) -> Diff {
    let items = matching::items(old.model, new.model);
    if matching::are_unrelated(old.model, new.model, &items) {
        return Diff::unrelated(old.model, new.model);
    }
    let names = Names::of(old.model, new.model);
    let before = Side {
        model: old.model,
        names: None,
        items: old.model.ids().map(Some).collect(),
        facts: (0..old.model.facts.len() as u32).map(crate::model::FactId).collect(),
    };
    let mut after = Side { model: new.model, names: Some(&names), items, facts: Vec::new() };
    let same_facts = names::same_facts(old.model, &after);
    let (mut joined, facts) = Joined::of(old.model, new.model, &same_facts);
    after.facts = facts;
    joined.derive(&before, &mut after, &same_facts);
    let mut compare = Compare::new((&before, old.flow), (&after, new.flow), &joined);
    compare.vocabulary(&names, &same_facts);
    compare.rules((&old.verdicts, &new.verdicts));
    compare.items();
    let (mut changes, undecided) = compare.finish();
    changes.sort_by_key(|change| (change.order.0, change.order.1, std::cmp::Reverse(change.bump)));
    // What is in one place stands together, where the first of it does.
    let mut places: Vec<String> = Vec::new();
    for change in &changes {
        if !places.contains(&change.place) {
            places.push(change.place.clone());
        }
    }
    let rank: std::collections::HashMap<&str, usize> =
        places.iter().enumerate().map(|(at, place)| (place.as_str(), at)).collect();
    changes.sort_by_key(|change| (rank[change.place.as_str()], std::cmp::Reverse(change.bump)));
    let owed = changes.iter().map(|change| change.bump).max().unwrap_or(Bump::None);
    let (old, new) = (old.model.version.clone(), new.model.version.clone());
    let declared = Bump::between(&old, &new);
    let title = names::text(after.model, &after.model.title);
    let outcomes = names.outcomes.iter().map(|old| old.map(|at| OutcomeId(at as u32)));
    let matched = Matched { outcomes: outcomes.collect(), items: after.items };
    let relation = Relation::Editions;
    Diff { relation, title, old, new, changes, undecided, owed, declared, matched }
}
