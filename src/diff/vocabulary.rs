//! What a process speaks of: roles, places, artifacts, facts, outcomes, and what must hold.

use super::items::Compare;
use super::names::{Names, Same};
use super::rerouted;
use super::spot::{self, Spot};
use super::{Bump, Kind, Verdict};
use crate::emit::checklist::public;
use crate::emit::prose::escape;
use crate::model::{
    Artifact, ArtifactId, EnvironmentId, Fact, FactId, FactOrigin, FactType, Guard, Happening,
    Model, ProcessRule, Release, ResourceId, RoleId, SwitchId, Template, Value,
};

/// Something of the vocabulary, as far as all of it is compared alike.
struct Thing {
    title: String,
    /// The role of the client's side that it is.
    external: Option<String>,
    /// Nothing that the client sees speaks of it.
    internal: bool,
    traits: Vec<Trait>,
}

impl Thing {
    fn spot(&self) -> Spot {
        Spot::process().concerning(self.external.clone()).internal(self.internal)
    }
}

/// Something that may be so of a thing, or not.
struct Trait {
    /// What is said of the thing where it is so now.
    is: String,
    /// And where it is no longer so; what the trait is known by.
    is_not: String,
    gone: Bump,
    added: Bump,
}

impl Compare<'_> {
    pub fn vocabulary(&mut self, names: &Names, facts: &Same) {
        use Bump::{Major, Minor};
        let kinds = [
            ("role", &names.roles, Minor, Minor),
            ("artifact", &names.artifacts, Major, Minor),
            ("environment", &names.environments, Minor, Minor),
            ("resource", &names.resources, Minor, Minor),
            ("switch", &names.switches, Minor, Minor),
            ("trigger", &names.triggers, Major, Minor),
            ("outcome", &names.outcomes, Major, Minor),
        ];
        let (olds, news) = (things(self.old), things(self.new));
        for ((word, same, gone, added), (olds, news)) in
            kinds.into_iter().zip(olds.into_iter().zip(news))
        {
            self.things(word, same, (&olds, &news), (gone, added));
        }
        self.groups(&names.roles);
        self.of_process();
        self.facts(facts);
        self.assumptions();
        self.releases();
    }

    fn things(
        &mut self,
        word: &str,
        same: &Same,
        (olds, news): (&[Thing], &[Thing]),
        (gone, added): (Bump, Bump),
    ) {
        for (at, old) in olds.iter().enumerate() {
            if !same.contains(&Some(at)) {
                let text = format!("the {word} “{}” is gone", old.title);
                self.tell(&old.spot(), gone, Kind::Gone, text);
            }
        }
        for (new, same) in news.iter().zip(same) {
            let Some(old) = same.and_then(|at| olds.get(at)) else {
                let text = format!("the {word} “{}” is new", new.title);
                self.tell(&new.spot(), added, Kind::Added, text);
                continue;
            };
            let whom = new.external.as_ref().or(old.external.as_ref());
            let is_hidden = old.internal || new.internal;
            let spot = Spot::process().concerning(whom.cloned()).internal(is_hidden);
            if old.title != new.title {
                let text = format!("the {word} “{}” is now called “{}”", old.title, new.title);
                self.tell(&spot, Bump::Patch, Kind::Renamed, text);
            }
            let has =
                |thing: &Thing, it: &Trait| thing.traits.iter().any(|own| own.is_not == it.is_not);
            for gone in old.traits.iter().filter(|it| !has(new, it)) {
                let text = format!("the {word} “{}” {}", new.title, gone.is_not);
                self.tell(&spot, gone.gone, Kind::Gone, text);
            }
            for added in new.traits.iter().filter(|it| !has(old, it)) {
                let text = format!("the {word} “{}” {}", new.title, added.is);
                self.tell(&spot, added.added, Kind::Added, text);
            }
        }
    }

    /// Who is part of what: what a group does, or is told, all in it do, or are told.
    fn groups(&mut self, same: &Same) {
        let (old, new) = (self.old.model, self.new.model);
        let (seen_before, seen) = (public(old).roles, public(new).roles);
        for (at, role) in new.roles.iter().enumerate() {
            let id = RoleId(at as u32);
            let Some(before) = same[at].map(|old| RoleId(old as u32)) else { continue };
            let (was, is) = (old.role(before).parent, role.parent);
            let keys = [was.map(|it| self.old.role(it)), is.map(|it| self.new.role(it))];
            if keys[0] == keys[1] {
                continue;
            }
            let title = self.new.role_shown(id);
            let shown =
                (was.map(|it| self.old.role_shown(it)), is.map(|it| self.new.role_shown(it)));
            let text = match shown {
                (was, Some(is)) => {
                    let no_longer = was.map(|was| format!(", no longer of “{was}”"));
                    let no_longer = no_longer.unwrap_or_default();
                    format!("the role “{title}” is now part of “{is}”{no_longer}")
                }
                (was, None) => {
                    let was = was.unwrap_or_default();
                    format!("the role “{title}” is no longer part of “{was}”")
                }
            };
            // Who waits for what the group is told, or does what it does, goes wrong.
            let around = |model: &Model, first| -> Vec<RoleId> {
                std::iter::successors(first, |it: &RoleId| model.role(*it).parent).collect()
            };
            let stays: Vec<String> =
                around(new, is).into_iter().map(|it| self.new.role(it)).collect();
            let left =
                around(old, was).into_iter().filter(|it| !stays.contains(&self.old.role(*it)));
            let is_asked = left.into_iter().any(|group| spot::is_asked(old, group));
            let bump = if is_asked { Bump::Major } else { Bump::Minor };
            let is_external = old.is_external(before) || new.is_external(id);
            let is_hidden = !seen_before.contains(&before) || !seen.contains(&id);
            let whom = is_external.then(|| role.title.clone());
            let spot = Spot::process().concerning(whom).internal(is_hidden);
            self.tell(&spot, bump, Kind::Changed, text);
        }
    }

    fn of_process(&mut self) {
        let spot = Spot::process();
        let (old, new) = (self.old.model, self.new.model);
        let owner = |side: &super::Side<'_>, model: &Model| model.owner.map(|id| side.role(id));
        if owner(self.old, old) != owner(self.new, new) {
            let title = new.owner.map_or("nobody".to_string(), |id| self.new.role_shown(id));
            let text = format!("who answers for the process is now {title}");
            self.tell(&spot, Bump::Minor, Kind::Changed, text);
        }
        if old.name != new.name {
            let text = format!("the process has the name `{}`, no longer `{}`", new.name, old.name);
            self.tell(&spot, Bump::Patch, Kind::Renamed, text);
        }
        if format!("{:?}", titles_of_versions(old)) != format!("{:?}", titles_of_versions(new)) {
            let text = "what the two versions are called is said otherwise".to_string();
            self.tell(&spot, Bump::Patch, Kind::Reworded, text);
        }
    }

    fn facts(&mut self, same: &Same) {
        // Their names are those of the text, which the client does not see.
        let spot = Spot::process().internal(true);
        let (old, new) = (self.old.model, self.new.model);
        let is_own =
            |fact: &Fact| matches!(fact.origin, FactOrigin::Declared | FactOrigin::Derived(_));
        let is_derived = |fact: &Fact| matches!(fact.origin, FactOrigin::Derived(_));
        for (at, fact) in old.facts.iter().enumerate().filter(|(_, fact)| is_own(fact)) {
            if !same.contains(&Some(at)) {
                // What follows from other facts is a way of saying things.
                let bump = if is_derived(fact) { Bump::Patch } else { Bump::Minor };
                let text =
                    format!("the fact `{}` “{}” is gone", fact.name, self.old.text(&fact.title));
                self.tell(&spot, bump, Kind::Gone, text);
            }
        }
        let (seen_before, seen) = (public(old).facts, public(new).facts);
        let news = new.facts.iter().zip(same).enumerate();
        for (at, (fact, same)) in news.filter(|(_, (fact, _))| is_own(fact)) {
            let title = self.new.text(&fact.title);
            let Some(before) = same.map(|at| &old.facts[at]) else {
                let bump = if is_derived(fact) { Bump::Patch } else { Bump::Minor };
                let text = format!("the fact `{}` “{title}” is new", fact.name);
                self.tell(&spot, bump, Kind::Added, text);
                continue;
            };
            let was = self.old.text(&before.title);
            if was != title {
                let text = format!("the fact “{was}” is now called “{title}”");
                self.tell(&spot, Bump::Patch, Kind::Renamed, text);
            }
            if before.name != fact.name {
                let text = format!("the fact `{}` now has the name `{}`", before.name, fact.name);
                self.tell(&spot, Bump::Patch, Kind::Renamed, text);
            }
            if before.later != fact.later {
                let when =
                    if fact.later { "is found out on the way" } else { "is known at the start" };
                let text = format!("the fact `{}` {when} now", fact.name);
                self.tell(&spot, Bump::Major, Kind::Changed, text);
            }
            let old_id = FactId(same.unwrap_or_default() as u32);
            let is_seen = seen_before.contains(&old_id) && seen.contains(&FactId(at as u32));
            self.values(&spot, is_seen, before, fact);
        }
    }

    /// The values that a fact can have; the client, if he sees the fact, reads what there is no more, or also,
    /// by its title.
    fn values(&mut self, spot: &Spot, is_seen: bool, before: &Fact, after: &Fact) {
        if before.kind == after.kind {
            return;
        }
        let (Some(was), Some(is)) = (before.kind.choices(), after.kind.choices()) else {
            let (name, was, is) = (&after.name, &before.kind, &after.kind);
            let (bump, text) = match (range(was), range(is)) {
                (Some(was), Some(is)) => {
                    let text = format!("the fact `{name}` is {is} now; it was {was}");
                    (
                        if has_all(&after.kind, &before.kind) { Bump::Minor } else { Bump::Major },
                        text,
                    )
                }
                _ => (Bump::Major, format!("the fact `{name}` has other values than before")),
            };
            let spot = match is_seen {
                true => spot.clone().for_client(covered(&self.new.text(&after.title), was, is)),
                false => spot.clone(),
            };
            return self.tell(&spot, bump, Kind::Changed, text);
        };
        let (name, title) = (&after.name, self.new.text(&after.title));
        let spot_of = |can: &str, value: &str| match is_seen {
            true => spot.clone().for_client(format!("“{title}” {can} “{}”", escape(value))),
            false => spot.clone(),
        };
        for value in was.iter().filter(|value| !is.contains(value)) {
            let text = format!("the fact `{name}` can no longer be `{value}`");
            self.tell(&spot_of("can no longer be", value), Bump::Major, Kind::Gone, text);
        }
        for value in is.iter().filter(|value| !was.contains(value)) {
            let text = format!(
                "the fact `{name}` can now be `{value}`: there are no such cases in the old edition"
            );
            self.tell(&spot_of("can now be", value), Bump::Minor, Kind::Added, text);
        }
        let common = |one: &[String], other: &[String]| -> Vec<String> {
            one.iter().filter(|name| other.contains(name)).cloned().collect()
        };
        if common(was, is) != common(is, was) {
            let text = format!("the values of the fact `{name}` have another order");
            self.tell(spot, Bump::Major, Kind::Changed, text);
        }
    }

    fn assumptions(&mut self) {
        let guards = |side: &super::Side<'_>| -> Vec<(Guard, String)> {
            let all = side.model.assumptions.iter();
            all.map(|it| (self.joined.guard(side, &it.guard), side.text(&it.text))).collect()
        };
        let (before, after) = (guards(self.old), guards(self.new));
        let all = |guards: &[(Guard, String)]| {
            Guard::All(guards.iter().map(|(guard, _)| guard.clone()).collect())
        };
        let spot = Spot::process();
        if all(&before) == all(&after) {
            for ((_, was), (_, is)) in before.iter().zip(&after).filter(|(a, b)| a.1 != b.1) {
                let text = format!("what is assumed, “{was}”, now reads “{is}”");
                self.tell(&spot, Bump::Patch, Kind::Reworded, text);
            }
            return;
        }
        let joined = self.joined;
        let compared = self
            .cases()
            .and_then(|cases| rerouted::assumed(joined, cases, (&all(&before), &all(&after))).ok());
        match compared {
            None => {
                let text = "what is assumed has changed; the cases are too many to be compared";
                self.tell(&spot, Bump::Major, Kind::Changed, text.to_string());
            }
            Some(applies) if applies.is_empty() => {
                let text = "what is assumed is written otherwise, for the same cases".to_string();
                self.tell(&spot, Bump::Patch, Kind::Reworded, text);
            }
            Some(applies) => {
                if !applies.no_longer.is_empty() {
                    let text = "the process is no longer for some cases".to_string();
                    self.tell_cases(&spot, Bump::Major, Kind::Rerouted, text, applies.no_longer);
                }
                if !applies.now_also.is_empty() {
                    let text = "the process is now for more cases".to_string();
                    self.tell_cases(&spot, Bump::Minor, Kind::Rerouted, text, applies.now_also);
                }
            }
        }
    }

    fn releases(&mut self) {
        let spot = Spot::process();
        let said = |side: &super::Side<'_>, release: &Release| {
            let stop = release.stop_when.as_ref().map(|guard| self.joined.guard(side, guard));
            let title = release.title.as_ref().map(|title| side.text(title));
            (release.breaking, release.required_stop, stop, title, release.date.clone())
        };
        let mut told = Vec::new();
        for old in &self.old.model.releases {
            let is_it = |new: &&Release| new.version.cmp_precedence(&old.version).is_eq();
            match self.new.model.releases.iter().find(is_it) {
                None => told.push((Kind::Gone, format!("the release {} is gone", old.version))),
                Some(new) if said(self.old, old) != said(self.new, new) => {
                    told.push((
                        Kind::Changed,
                        format!("what is said of release {} has changed", old.version),
                    ));
                }
                Some(_) => {}
            }
        }
        for new in &self.new.model.releases {
            let is_it = |old: &Release| new.version.cmp_precedence(&old.version).is_eq();
            if !self.old.model.releases.iter().any(is_it) {
                told.push((Kind::Added, format!("the release {} is new", new.version)));
            }
        }
        for (kind, text) in told {
            self.tell(&spot, Bump::Minor, kind, text);
        }
    }

    /// The rules of the process, what is proved of them, and its scenarios.
    pub fn rules(&mut self, (before, after): (&[Verdict], &[Verdict])) {
        // What proves the process is no part of what the client gets.
        let spot = Spot::process().internal(true);
        let said = |side: &super::Side<'_>, rule: &ProcessRule| {
            (side.text(&rule.title), self.rule_key(side, rule))
        };
        let olds: Vec<_> = self.old.model.rules.iter().map(|rule| said(self.old, rule)).collect();
        let news: Vec<_> = self.new.model.rules.iter().map(|rule| said(self.new, rule)).collect();
        let mut taken = vec![false; olds.len()];
        for (at, (title, key)) in news.iter().enumerate() {
            let by_title = olds.iter().position(|(other, _)| other == title);
            let same = by_title.or_else(|| olds.iter().position(|(_, other)| other == key));
            let Some(old) = same.filter(|old| !taken[*old]) else {
                self.tell(&spot, Bump::Minor, Kind::Added, format!("the rule “{title}” is new"));
                continue;
            };
            taken[old] = true;
            if olds[old].0 != *title {
                let text = format!("the rule “{}” is now called “{title}”", olds[old].0);
                self.tell(&spot, Bump::Patch, Kind::Renamed, text);
            } else if olds[old].1 != *key {
                let text = format!("the rule “{title}” says something else");
                self.tell(&spot, Bump::Minor, Kind::Changed, text);
            }
            let verdict =
                |all: &[Verdict], at: usize| all.get(at).copied().unwrap_or(Verdict::Holds);
            let (was, is) = (verdict(before, old), verdict(after, at));
            if was != is {
                // What people could rely on does not hold any more.
                let bump = if was == Verdict::Holds { Bump::Major } else { Bump::Minor };
                let text =
                    format!("the rule “{title}” {} now; before, it {}", is.words(), past(was));
                self.tell(&spot, bump, Kind::Verdict, text);
            }
        }
        for (_, (title, _)) in taken.iter().zip(&olds).filter(|(taken, _)| !**taken) {
            self.tell(&spot, Bump::Minor, Kind::Gone, format!("the rule “{title}” is gone"));
        }
        self.scenarios(&spot);
    }

    fn scenarios(&mut self, spot: &Spot) {
        let titles = |side: &super::Side<'_>| -> Vec<String> {
            side.model.scenarios.iter().map(|it| side.text(&it.title)).collect()
        };
        let (one, other) = (titles(self.old), titles(self.new));
        let named = |titles: Vec<String>| -> Vec<(String, String)> {
            titles.into_iter().map(|title| (title.clone(), title)).collect()
        };
        // Scenarios are the tests of the process: nobody works by them.
        self.named(spot, (&named(one), &named(other)), (Bump::Patch, Bump::Patch), |title, is| {
            format!("the scenario “{title}” is {}", if is { "new" } else { "gone" })
        });
    }

    fn rule_key(&self, side: &super::Side<'_>, rule: &ProcessRule) -> String {
        let happening = |happening: &Happening| match happening {
            Happening::Item(item) => side.item(*item),
            Happening::End(outcome) => format!("end {}", side.outcome(*outcome)),
            Happening::Artifact(artifact) => format!("made {}", side.artifact(artifact)),
        };
        let parts: Vec<String> = rule.template.happenings().into_iter().map(happening).collect();
        let form = match &rule.template {
            Template::OnlyAfter { .. } => "only after",
            Template::Always { .. } => "always",
            Template::NeverAfter { .. } => "never after",
            Template::NeverBoth(..) => "never both",
            Template::AtMostOnce(_) => "at most once",
            Template::DifferentRoles(..) => "different roles",
        };
        let when = rule.when.as_ref().map(|guard| self.joined.guard(side, guard));
        format!("{form} {} {when:?}", parts.join(", "))
    }
}

/// All of it, in the order in which it is compared.
fn things(side: &super::Side<'_>) -> [Vec<Thing>; 7] {
    use Bump::{Major, Minor};
    let (model, seen) = (side.model, public(side.model));
    let thing = |title: String, is_seen: bool, traits| Thing {
        title,
        external: None,
        internal: !is_seen,
        traits,
    };
    let roles = (0..).map(RoleId).take(model.roles.len());
    let roles = roles.map(|id| role(side, id, seen.roles.contains(&id)));
    let artifacts = (0..).map(ArtifactId).zip(&model.artifacts).map(|(id, it)| {
        thing(escape(&it.title), seen.artifacts.contains(&id), traits_of_artifact(it))
    });
    let environments = (0..).map(EnvironmentId).zip(&model.environments).map(|(id, it)| {
        let uses = it.uses.iter().map(|id| {
            let resource = escape(&model.resource(*id).title);
            let (is, is_not) =
                (format!("now uses “{resource}”"), format!("no longer uses “{resource}”"));
            Trait { is, is_not, gone: Minor, added: Minor }
        });
        thing(escape(&it.title), seen.environments.contains(&id), uses.collect())
    });
    let resources = (0..).map(ResourceId).zip(&model.resources).map(|(id, it)| {
        let live = flag(it.live, ("is live now", "is no longer live"), (Minor, Minor));
        thing(escape(&it.title), seen.resources.contains(&id), live.into_iter().collect())
    });
    let switches = (0..).map(SwitchId).zip(&model.switches).map(|(id, it)| {
        let on =
            flag(it.normally_on, ("is now normally on", "is now normally off"), (Major, Major));
        thing(escape(&it.title), seen.switches.contains(&id), on.into_iter().collect())
    });
    let plain = |title: String| thing(title, true, Vec::new());
    let triggers = model.triggers.iter().map(|it| plain(side.text(&it.title)));
    let outcomes = model.outcomes.iter().map(|it| plain(side.text(&it.title)));
    [
        roles.collect(),
        artifacts.collect(),
        environments.collect(),
        resources.collect(),
        switches.collect(),
        triggers.collect(),
        outcomes.collect(),
    ]
}

fn traits_of_artifact(artifact: &Artifact) -> Vec<Trait> {
    use Bump::{Major, Minor};
    let part = |what: &str, title: &str, gone| {
        let title = escape(title);
        Trait {
            is: format!("has the new {what} “{title}”"),
            is_not: format!("has no {what} “{title}” any more"),
            gone,
            added: Minor,
        }
    };
    let states = artifact.states.iter().map(|it| part("state", it, Major));
    let sheet = artifact.sheet.iter().map(|it| part("column", it, Minor));
    let there = ("is now there beforehand", "is no longer there beforehand");
    let given = flag(artifact.given, there, (Major, Minor));
    let one = ("is now one in each environment", "is no longer one in each environment");
    let each = flag(artifact.per_environment, one, (Minor, Minor));
    states.chain(sheet).chain(given).chain(each).collect()
}

/// So much of what a role does is told.
const MOST_DEEDS: usize = 3;

fn role(side: &super::Side<'_>, id: RoleId, is_seen: bool) -> Thing {
    use Bump::{Major, Minor};
    let (model, it) = (side.model, side.model.role(id));
    let is_external = model.is_external(id);
    let deeds = model.ids().filter(|item| model.item(*item).head.acting().contains(&id));
    let deeds: Vec<String> = deeds.map(|item| side.title(item)).collect();
    let mut now = "is now on the client's side".to_string();
    if !deeds.is_empty() {
        let told = deeds.iter().take(MOST_DEEDS).cloned().collect::<Vec<_>>().join(", ");
        let more = match deeds.len().saturating_sub(MOST_DEEDS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        now += &format!(", with what it does: {told}{more}");
    }
    let not = "is no longer on the client's side, and neither is what it does";
    let external = flag(is_external, (&now, not), (Minor, Minor));
    let absent = ("may now be absent", "can no longer be absent");
    let optional = flag(it.optional.is_some(), absent, (Minor, Major));
    Thing {
        title: escape(&it.title),
        internal: !is_seen,
        external: is_external.then(|| it.title.clone()),
        traits: external.into_iter().chain(optional).collect(),
    }
}

/// What is said of a thing, where it is so and where it no longer is, and what is owed where it is gone, and
/// where it is new.
fn flag(so: bool, (is, is_not): (&str, &str), (gone, added): (Bump, Bump)) -> Option<Trait> {
    so.then(|| Trait { is: is.to_string(), is_not: is_not.to_string(), gone, added })
}

/// The values of a number: "a number from 1.0 to 100.0".
fn range(kind: &FactType) -> Option<String> {
    let FactType::Number { low, high, .. } = kind else { return None };
    let shown = |number: &i64| kind.show(&Value::Number(*number));
    Some(format!("a number from {} to {}", shown(low), shown(high)))
}

/// What a fact can be now, by its title, and which of its former values are no longer covered.
fn covered(title: &str, was: &FactType, is: &FactType) -> String {
    let (Some(before), Some(after)) = (range(was), range(is)) else {
        return format!("“{title}” has other values than before");
    };
    let text = format!("“{title}” is {after} now; it was {before}");
    let FactType::Number { low, high, .. } = is else { return text };
    let ((least, most), (lowest, highest)) = (bounds(was), bounds(is));
    let less = (least < lowest).then(|| format!("less than {}", is.show(&Value::Number(*low))));
    let more = (highest < most).then(|| format!("more than {}", is.show(&Value::Number(*high))));
    let gone: Vec<String> = less.into_iter().chain(more).collect();
    match gone.is_empty() {
        true => text,
        false => format!("{text}, so that {} is no longer covered", gone.join(", or ")),
    }
}

/// The least and the greatest of a number, whatever its decimals.
fn bounds(kind: &FactType) -> (f64, f64) {
    match kind {
        FactType::Number { low, high, decimals } => {
            let scale = 10f64.powf(f64::from(*decimals));
            (*low as f64 / scale, *high as f64 / scale)
        }
        _ => (0.0, 0.0),
    }
}

/// Whether a number can be all that another can be.
fn has_all(kind: &FactType, other: &FactType) -> bool {
    let (
        FactType::Number { low, high, decimals },
        FactType::Number { low: least, high: most, decimals: coarse },
    ) = (kind, other)
    else {
        return false;
    };
    let factor = decimals.checked_sub(*coarse).and_then(|by| 10i64.checked_pow(by));
    let scaled = |number: &i64| number.checked_mul(factor?);
    let (Some(least), Some(most)) = (scaled(least), scaled(most)) else { return false };
    *low <= least && most <= *high
}

fn past(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "held",
        Verdict::Broken => "was broken",
        Verdict::Vacuous => "was never put to the test",
        Verdict::Undecided => "was undecided",
    }
}

fn titles_of_versions(model: &Model) -> Option<(&str, &str)> {
    let versions = model.versions.as_ref()?;
    Some((&versions.from_title, &versions.to_title))
}
