//! Items: what is gone, new, moved, and what changed in those that stayed.

use super::joined::{Cases, Joined};
use super::likeness::{SAME_TEXT, alike, out_of_order};
use super::names::Side;
use super::plainly::words;
use super::rerouted::{self, Applies};
use super::results::{Results, results};
use super::runs::parting;
use super::spot::Spot;
use super::tasks::TaskOf;
use super::{Bump, Change, Kind, Moved};
use crate::emit::prose::markdown;
use crate::flow::{Flow, NodeIndex, presence};
use crate::model::{BranchKind, Condition, Guard, Item, ItemId, ItemKind, Model, Skip, Who};
use std::collections::HashMap;

/// The comparison as far as it has come.
pub struct Compare<'d> {
    pub old: &'d Side<'d>,
    pub new: &'d Side<'d>,
    pub joined: &'d Joined,
    old_flow: &'d Flow,
    new_flow: &'d Flow,
    /// Followed once something depends on them; the inner one is none where they are too many.
    cases: Option<Option<Cases>>,
    changes: Vec<Change>,
    pub gone_tasks: Vec<TaskOf>,
    pub new_tasks: Vec<TaskOf>,
}

impl<'d> Compare<'d> {
    pub fn new(
        (old, old_flow): (&'d Side<'d>, &'d Flow),
        (new, new_flow): (&'d Side<'d>, &'d Flow),
        joined: &'d Joined,
    ) -> Self {
        let (changes, gone_tasks, new_tasks) = (Vec::new(), Vec::new(), Vec::new());
        Compare {
            old,
            new,
            joined,
            old_flow,
            new_flow,
            cases: None,
            changes,
            gone_tasks,
            new_tasks,
        }
    }

    /// The changes, and whether some cases could not be followed.
    pub fn finish(mut self) -> (Vec<Change>, bool) {
        self.moved_tasks();
        (self.changes, matches!(self.cases, Some(None)))
    }

    pub fn tell(&mut self, spot: &Spot, bump: Bump, kind: Kind, text: String) {
        self.tell_cases(spot, bump, kind, text, Vec::new());
    }

    pub fn tell_cases(
        &mut self,
        spot: &Spot,
        bump: Bump,
        kind: Kind,
        text: String,
        mut cases: Vec<Moved>,
    ) {
        for moved in &mut cases {
            moved.words = markdown(&words(self.joined, [self.new, self.old], &moved.parts));
        }
        self.changes.push(spot.change(bump, kind, text, cases));
    }

    pub fn cases(&mut self) -> Option<&mut Cases> {
        let (old, new) = ((self.old, self.old_flow), (self.new, self.new_flow));
        let joined = self.joined;
        let cases = self.cases.get_or_insert_with(|| joined.cases(old, new).ok()).as_mut()?;
        // Each question has work enough, whatever those before it took.
        cases.new.refuel();
        Some(cases)
    }

    pub fn items(&mut self) {
        let mut of_old: HashMap<ItemId, ItemId> = HashMap::new();
        for new in self.new.model.ids() {
            of_old.extend(self.new.items[new.0 as usize].map(|old| (old, new)));
        }
        for old in self.old.model.ids() {
            let parent = self.old.model.item(old).parent;
            if !of_old.contains_key(&old) && parent.is_none_or(|it| of_old.contains_key(&it)) {
                self.gone(old, &of_old);
            }
        }
        for new in self.new.model.ids() {
            match self.new.items[new.0 as usize] {
                Some(old) => self.pair(old, new),
                None => self.added(new),
            }
        }
        self.choices();
        self.numbers();
    }

    fn gone(&mut self, old: ItemId, of_old: &HashMap<ItemId, ItemId>) {
        let what = described(self.old, old);
        let mut spot = Spot::of(self.old, old);
        // It is told where it stood, as that is called now.
        if let Some(parent) = self.old.model.item(old).parent.and_then(|it| of_old.get(&it)) {
            spot = spot.told_inside(self.new, *parent);
        }
        self.tell(&spot, Bump::Major, Kind::Gone, format!("{what} is gone"));
    }

    fn added(&mut self, new: ItemId) {
        let item = self.new.model.item(new);
        let is_inside = item.parent.is_some_and(|it| self.new.items[it.0 as usize].is_none());
        if is_inside {
            return;
        }
        // Where the flow goes another way, whoever followed the old one goes wrong.
        let bump = match item.kind {
            ItemKind::Go { .. } | ItemKind::End(_) => Bump::Major,
            _ => Bump::Minor,
        };
        let by = item.head.by.as_ref().filter(|_| item.kind.is_performed());
        let by = by.map(|by| format!(" by {}", self.new.who_shown(by))).unwrap_or_default();
        let text = format!("{}{by} is new", described(self.new, new));
        self.tell(&Spot::of(self.new, new), bump, Kind::Added, text);
    }

    /// The same item in both editions.
    fn pair(&mut self, old: ItemId, new: ItemId) {
        let spot = Spot::of_both((self.old, old), (self.new, new));
        self.titles(&spot, old, new);
        self.places(&spot, old, new);
        self.order(old, new);
        let (before, after) = (self.old.model.item(old), self.new.model.item(new));
        if after.kind.is_performed() {
            let what = self.new.title(new);
            self.heads(&spot, (&what, "done"), (&before.head, &after.head));
        }
        self.kinds(&spot, old, new);
        if !matches!(after.kind, ItemKind::Path { .. }) {
            let what = self.new.title(new);
            let by = |item: &Item| item.head.by.clone().filter(|_| item.kind.is_performed());
            let conditions = (
                Asked { when: &before.when, skips: &before.skips, by: by(before) },
                Asked { when: &after.when, skips: &after.skips, by: by(after) },
            );
            self.applies(&spot, &what, (old, new), conditions);
        }
        self.reasons(&spot, &described(self.new, new), before, after);
        self.timing(&spot, &self.new.title(new), (&before.timing, &after.timing));
        self.branches(&spot, old, new);
        self.lines(&spot, old, new);
    }

    fn titles(&mut self, spot: &Spot, old: ItemId, new: ItemId) {
        let (before, after) = (self.old.model.item(old), self.new.model.item(new));
        let (one, other) = (self.old.text(&before.title), self.new.text(&after.title));
        let about = |side: &Side<'_>, item: &Item| item.about.as_ref().map(|it| side.text(it));
        // What a loop is called is when it ends, of which that is told.
        let is_until = matches!(after.kind, ItemKind::Repeat { .. });
        if one != other && !is_until {
            let word = word(&after.kind);
            let text = format!("the {word} “{one}” is now called “{other}”");
            self.tell(spot, Bump::Patch, Kind::Renamed, text);
        } else if before.name != after.name && new != Model::ROOT {
            let name = after.name.as_deref().unwrap_or_default();
            let text = format!("{} now has the name `{name}`", self.new.title(new));
            self.tell(spot, Bump::Patch, Kind::Reworded, text);
        }
        if about(self.old, before) != about(self.new, after) {
            let text = match new == Model::ROOT {
                true => "what the process is about is said otherwise".to_string(),
                false => format!("{}: what it is about is said otherwise", self.new.title(new)),
            };
            self.tell(spot, Bump::Patch, Kind::Reworded, text);
        }
    }

    /// Whether it stands in something else now.
    fn places(&mut self, spot: &Spot, old: ItemId, new: ItemId) {
        let (Some(was), Some(is)) =
            (self.old.model.item(old).parent, self.new.model.item(new).parent)
        else {
            return;
        };
        if self.new.items[is.0 as usize] != Some(was) {
            let text = format!(
                "{} has moved from {} to {}",
                described(self.new, new),
                roof(self.old, was),
                roof(self.new, is)
            );
            self.tell(&spot.clone().moved(), Bump::Major, Kind::Moved, text);
        }
    }

    /// Whether what stands in it comes in another order.
    fn order(&mut self, old: ItemId, new: ItemId) {
        let after = self.new.model.item(new);
        if matches!(after.kind, ItemKind::AnyOrder { .. }) {
            return;
        }
        let was = &self.old.model.item(old).children;
        let is_path = |id: ItemId| matches!(self.new.model.item(id).kind, ItemKind::Path { .. });
        let stayed: Vec<(usize, ItemId)> = after
            .children
            .iter()
            .filter(|child| !is_path(**child))
            .filter_map(|child| {
                let before = self.new.items[child.0 as usize]?;
                // Ids of the old edition are in the order of its text.
                Some((was.binary_search(&before).ok()?, *child))
            })
            .collect();
        let numbers: Vec<usize> = stayed.iter().map(|(at, _)| *at).collect();
        for moved in out_of_order(&numbers) {
            let Some(at) = stayed.iter().position(|(number, _)| *number == moved) else { continue };
            let child = stayed[at].1;
            let text = match at.checked_sub(1).map(|before| stayed[before].1) {
                Some(before) => format!(
                    "{} now comes after {}",
                    described(self.new, child),
                    self.new.title(before)
                ),
                None => format!("{} now comes first", described(self.new, child)),
            };
            let spot = Spot::of_both((self.old, was[moved]), (self.new, child));
            self.tell(&spot.moved(), Bump::Major, Kind::Moved, text);
        }
    }

    /// What only its kind of item says.
    fn kinds(&mut self, spot: &Spot, old: ItemId, new: ItemId) {
        let (before, after) = (self.old.model.item(old), self.new.model.item(new));
        let what = described(self.new, new);
        match (&before.kind, &after.kind) {
            (
                ItemKind::Repeat { until: was, at_most: most },
                ItemKind::Repeat { until: is, at_most: now },
            ) => {
                self.until(spot, &what, (old, new), (was, is));
                self.limit(spot, &format!("{what} is repeated"), "rounds", (*most, *now));
            }
            (ItemKind::AnyOrder { at_a_time: was }, ItemKind::AnyOrder { at_a_time: is }) => {
                self.limit(spot, &format!("{what} is done"), "at a time", (*was, *is));
            }
            (ItemKind::ForEach(was), ItemKind::ForEach(is)) if was != is => {
                let text = format!("{what} goes over its items in another way");
                self.tell(spot, Bump::Major, Kind::Changed, text);
            }
            (
                ItemKind::Go { target: was, at_most: most },
                ItemKind::Go { target: is, at_most: now },
            ) => {
                let one = rerouted::target_words(self.old, old, *was);
                let other = rerouted::target_words(self.new, new, *is);
                let is_other = one[0] != other[0];
                let [before, after] = rerouted::told_apart(one, other);
                if is_other {
                    let text = format!("the jump goes to {after}, no longer to {before}");
                    self.tell(spot, Bump::Major, Kind::Rerouted, text);
                }
                self.limit(spot, &format!("the jump to {after} is taken"), "times", (*most, *now));
            }
            (ItemKind::End(was), ItemKind::End(is))
                if self.old.outcome(*was) != self.new.outcome(*is) =>
            {
                let title = |side: &Side<'_>, id| side.text(&side.model.outcome(id).title);
                let text = format!(
                    "it ends in “{}”, no longer in “{}”",
                    title(self.new, *is),
                    title(self.old, *was)
                );
                self.tell(spot, Bump::Major, Kind::Rerouted, text);
            }
            _ => {}
        }
    }

    /// How often something may be done; none is without a limit.
    pub fn limit(
        &mut self,
        spot: &Spot,
        what: &str,
        unit: &str,
        (was, is): (Option<u32>, Option<u32>),
    ) {
        if was == is {
            return;
        }
        let count = |limit: Option<u32>| match limit {
            Some(1) => format!("at most 1 {}", unit.strip_suffix('s').unwrap_or(unit)),
            Some(count) => format!("at most {count} {unit}"),
            None => format!("any number of {unit}").replace("number of at", "number at"),
        };
        let fewer = is.unwrap_or(u32::MAX) < was.unwrap_or(u32::MAX);
        let bump = if fewer { Bump::Major } else { Bump::Minor };
        let text = format!("{what} {}, no longer {}", count(is), count(was));
        self.tell(spot, bump, Kind::Changed, text);
    }

    fn until(
        &mut self,
        spot: &Spot,
        what: &str,
        (old, new): (ItemId, ItemId),
        (was, is): (&Condition, &Condition),
    ) {
        let guard = |side: &Side<'_>, condition: &Condition| {
            condition.guard.as_ref().map(|guard| self.joined.guard(side, guard))
        };
        let (before, after) = (guard(self.old, was), guard(self.new, is));
        let text = |side: &Side<'_>, condition: &Condition| {
            condition.text.as_ref().map(|text| side.text(text)).unwrap_or_default()
        };
        let (one, other) = (text(self.old, was), text(self.new, is));
        let goes_on = format!("the loop until “{one}” now goes on until “{other}”");
        if before != after {
            let always = Guard::Constant(true);
            let nodes = self.nodes(old, new);
            let guards = (before.as_ref().unwrap_or(&always), after.as_ref().unwrap_or(&always));
            let judged = before.is_some() != after.is_some();
            let applies = self.compare_guards(nodes, guards);
            let is_same = applies.as_ref().is_some_and(Applies::is_empty) && !judged;
            let bump = if is_same { Bump::Patch } else { Bump::Major };
            let cases = applies.map(Applies::all).unwrap_or_default();
            let text = match is_same {
                _ if one != other && judged => goes_on,
                true => format!("{what}: when it is done is written otherwise, for the same cases"),
                false if one != other => format!("{goes_on}, in other cases than before"),
                false => format!("{what} is done in other cases than before"),
            };
            self.tell_cases(spot, bump, Kind::Changed, text, cases);
        } else if one != other {
            // What people judge is another thing, unless it is only said in other words.
            let is_other = after.is_none() && alike(&one, &other) < SAME_TEXT;
            let (bump, kind) = match is_other {
                true => (Bump::Major, Kind::Changed),
                false => (Bump::Patch, Kind::Reworded),
            };
            self.tell(spot, bump, kind, goes_on);
        }
    }

    pub fn nodes(&self, old: ItemId, new: ItemId) -> (NodeIndex, NodeIndex) {
        (self.old_flow.arrive[old.0 as usize], self.new_flow.arrive[new.0 as usize])
    }

    /// None where the cases are too many.
    pub fn compare_guards(
        &mut self,
        nodes: (NodeIndex, NodeIndex),
        guards: (&Guard, &Guard),
    ) -> Option<Applies> {
        let joined = self.joined;
        let cases = self.cases()?;
        rerouted::applies(joined, cases, nodes, guards).ok()
    }

    /// Whether something applies in other cases, or may be passed by for other reasons.
    pub fn applies(
        &mut self,
        spot: &Spot,
        what: &str,
        (old, new): (ItemId, ItemId),
        (was, is): (Asked<'_>, Asked<'_>),
    ) {
        let before = self.joined.guard(self.old, &was.guard(self.old.model));
        let after = self.joined.guard(self.new, &is.guard(self.new.model));
        if before != after {
            let nodes = self.nodes(old, new);
            match self.compare_guards(nodes, (&before, &after)) {
                None => {
                    let text = format!(
                        "{what} has another condition; the cases are too many to be compared"
                    );
                    self.tell(spot, Bump::Major, Kind::Changed, text);
                }
                Some(applies) if applies.is_empty() => {
                    // Who may be absent is told of the role: nobody has written anything here.
                    let written = |side: &Side<'_>, asked: &Asked<'_>| {
                        self.joined.guard(side, &asked.written())
                    };
                    if written(self.old, &was) != written(self.new, &is) {
                        let text = format!(
                            "{what}: its condition is written otherwise, for the same cases"
                        );
                        self.tell(spot, Bump::Patch, Kind::Reworded, text);
                    }
                }
                Some(Applies { no_longer, now_also }) => {
                    if !no_longer.is_empty() {
                        let text = format!("{what} no longer applies");
                        self.tell_cases(spot, Bump::Major, Kind::Rerouted, text, no_longer);
                    }
                    if !now_also.is_empty() {
                        let text = format!("{what} now also applies");
                        self.tell_cases(spot, Bump::Minor, Kind::Rerouted, text, now_also);
                    }
                }
            }
        }
        self.judged(spot, what, (&was, &is));
    }

    /// The texts beside conditions that facts decide: they say why, and decide nothing.
    fn reasons(&mut self, spot: &Spot, what: &str, before: &Item, after: &Item) {
        let texts = |side: &Side<'_>, item: &Item| -> Vec<String> {
            let skips = item.skips.iter().map(|skip| &skip.condition);
            let asked = item.when.iter().chain(skips).filter(|it| it.guard.is_some());
            let asked = asked.filter_map(|condition| condition.text.as_ref());
            let is_case =
                |kind: &BranchKind| matches!(kind, BranchKind::When(_) | BranchKind::Otherwise);
            let cases = item.branches.iter().filter(|branch| is_case(&branch.kind));
            asked.chain(cases.map(|branch| &branch.title)).map(|text| side.text(text)).collect()
        };
        self.reason(spot, what, texts(self.old, before), texts(self.new, after));
    }

    /// Which of the reasons read otherwise.
    pub fn reason(&mut self, spot: &Spot, what: &str, mut was: Vec<String>, mut is: Vec<String>) {
        was.retain(|text| {
            let at = is.iter().position(|other| other == text);
            at.map(|at| is.remove(at)).is_none()
        });
        let reads = |(one, other): (&String, &String)| format!("“{one}” now reads “{other}”");
        let reworded = was.iter().zip(&is).map(reads);
        let gone = was.iter().skip(is.len()).map(|text| format!("“{text}” is gone"));
        let new = is.iter().skip(was.len()).map(|text| format!("“{text}” is new"));
        for said in reworded.chain(gone).chain(new).collect::<Vec<_>>() {
            let text = format!("{what}: beside its conditions, {said}");
            self.tell(spot, Bump::Patch, Kind::Reworded, text);
        }
    }

    /// The choices of paths and of decisions by facts.
    fn choices(&mut self) {
        let (olds, news) = (rerouted::choices(self.old_flow), rerouted::choices(self.new_flow));
        for (item, new) in news {
            let Some(same) = self.new.items[item.0 as usize] else { continue };
            let Some(old) = olds.get(&same) else { continue };
            if !self.may_differ(*old, new) {
                continue;
            }
            let (spot, what) = match item == Model::ROOT {
                true => (Spot::first(), "which path is taken".to_string()),
                false => {
                    let spot = Spot::of_both((self.old, same), (self.new, item));
                    (spot, self.new.title(item))
                }
            };
            let (before, after, joined) = (self.old, self.new, self.joined);
            let moved = self
                .cases()
                .map(|cases| rerouted::at_choice(joined, cases, (before, *old), (after, new)));
            match moved {
                Some(Ok(moved)) if moved.is_empty() => {
                    let text =
                        format!("{what}: its conditions are written otherwise, for the same cases");
                    self.tell(&spot, Bump::Patch, Kind::Reworded, text);
                }
                Some(Ok(moved)) => {
                    let (before, after) = ((self.old, self.old_flow), (self.new, self.new_flow));
                    let moved = moved.into_iter().map(|(moved, example)| Moved {
                        runs: parting(joined, before, after, &example),
                        ..moved
                    });
                    let moved: Vec<Moved> = moved.collect();
                    let says = moved.iter().all(|moved| moved.says);
                    let text = match item == Model::ROOT {
                        true => "some cases take another path".to_string(),
                        false if says => format!("{what}: some cases come out otherwise"),
                        false => format!("{what}: some cases go another way"),
                    };
                    self.tell_cases(&spot, Bump::Major, Kind::Rerouted, text, moved);
                }
                Some(Err(_)) | None => {
                    let text = format!(
                        "{what} has other conditions; the cases are too many to be compared"
                    );
                    self.tell(&spot, Bump::Major, Kind::Changed, text);
                }
            }
        }
    }

    /// Whether the ways out of a choice differ in what is written.
    fn may_differ(&self, old: NodeIndex, new: NodeIndex) -> bool {
        let written = |side: &Side<'_>, flow: &Flow, node, results: &Results| {
            let ways = rerouted::ways(side, flow, node, results).into_iter();
            let guard = |guard: Option<Guard>| guard.map(|guard| self.joined.guard(side, &guard));
            let written = ways.map(|(way, own)| (way.key, way.result, guard(own)));
            written.collect::<Vec<_>>()
        };
        let items = (self.old_flow.node(old).item, self.new_flow.node(new).item);
        let [was, is] = results(self.joined, (self.old, items.0), (self.new, items.1));
        written(self.old, self.old_flow, old, &was) != written(self.new, self.new_flow, new, &is)
    }
}

/// When something applies.
pub struct Asked<'a> {
    pub when: &'a [Condition],
    pub skips: &'a [Skip],
    /// Who must be there.
    pub by: Option<Who>,
}

impl Asked<'_> {
    /// What facts say of it, with whether those are there who do it.
    fn guard(&self, model: &Model) -> Guard {
        let there = self.by.as_ref().and_then(|by| presence(model, by.roles()));
        Guard::All([self.written()].into_iter().chain(there).collect())
    }

    /// What is written of facts.
    fn written(&self) -> Guard {
        let when = self.when.iter().filter_map(|when| when.guard.clone());
        let must = self.skips.iter().filter(|skip| skip.by.is_none());
        let skips = must.filter_map(|skip| skip.condition.guard.clone());
        let not = |guard| Guard::Not(Box::new(guard));
        Guard::All(when.chain(skips.map(not)).collect())
    }
}

/// "step 2.3 “Test Preview”".
pub fn described(side: &Side<'_>, id: ItemId) -> String {
    let item = side.model.item(id);
    match &item.kind {
        ItemKind::Repeat { .. } | ItemKind::AnyOrder { .. } => roof(side, id),
        ItemKind::Go { target, .. } => {
            format!("the jump to {}", rerouted::target_words(side, id, *target)[1])
        }
        ItemKind::End(outcome) => {
            format!("the end “{}”", side.text(&side.model.outcome(*outcome).title))
        }
        kind => format!("the {} {}", word(kind), side.title(id)),
    }
}

/// What an item stands in.
fn roof(side: &Side<'_>, id: ItemId) -> String {
    match &side.model.item(id).kind {
        ItemKind::Process => "the process itself".to_string(),
        ItemKind::Repeat { until, .. } => match &until.text {
            Some(text) => format!("the loop until “{}”", side.text(text)),
            None => "the loop".to_string(),
        },
        ItemKind::AnyOrder { .. } => "the work in any order".to_string(),
        kind => format!("the {} {}", word(kind), side.title(id)),
    }
}

fn word(kind: &ItemKind) -> &'static str {
    match kind {
        ItemKind::Decide { .. } => "decision",
        ItemKind::ForEach(_) => "loop",
        ItemKind::Run { .. } => "procedure",
        kind => kind.word(),
    }
}
