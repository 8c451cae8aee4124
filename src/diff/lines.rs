//! Lines of a step that are no tasks: what is needed, made, found out, approved, remarked.

use super::items::{Asked, Compare};
use super::likeness::{SAME_TEXT, alike, best_pairs};
use super::names::{Limit, Side};
use super::spot::Spot;
use super::{Bump, Kind};
use crate::emit::prose::escape;
use crate::model::{Head, ItemId, Line, Loop, RecordKind, RemarkKind, Timing};

/// A key, and what people call it.
pub type Named = (String, String);

/// Something that a step has, as far as two editions are compared.
pub struct Point {
    /// What sort of thing it is; only those of one sort are the same in other words.
    sort: &'static str,
    /// The same in both editions if the same is meant.
    key: String,
    /// What it says, where it can be said in other words.
    text: Option<String>,
    shown: String,
    internal: bool,
    gone: Bump,
    added: Bump,
    /// What another of its sort takes the place of, if it does: the state of the same artifact, the one who
    /// approves; and how that is called.
    instead: Option<(String, String)>,
}

impl Point {
    fn in_place_of(self, key: String, shown: String) -> Point {
        Point { instead: Some((key, shown)), ..self }
    }
}

fn point(side: &Side<'_>, line: &Line) -> Option<Point> {
    use Bump::{Major, Minor, Patch};
    let fixed = |sort, key: String, shown: String, gone| {
        let (text, internal, added, instead) = (None, false, Minor, None);
        Some(Point { sort, key, text, shown, internal, gone, added, instead })
    };
    match line {
        Line::Needs(artifact) => {
            let artifact_shown = side.artifact_shown(artifact);
            let shown = format!("the need for {artifact_shown}");
            let need = fixed("need", side.artifact(artifact), shown, Minor);
            need.map(|it| it.in_place_of(side.artifact_alone(artifact), artifact_shown))
        }
        Line::Makes(artifact) => {
            let artifact_shown = side.artifact_shown(artifact);
            let shown = format!("the result {artifact_shown}");
            let result = fixed("result", side.artifact(artifact), shown, Major);
            result.map(|it| it.in_place_of(side.artifact_alone(artifact), artifact_shown))
        }
        Line::Turns { switch, on, .. } => {
            let how = if *on { "on" } else { "off" };
            let title = escape(&side.model.switch(*switch).title);
            let shown = format!("turning {how} “{title}”");
            fixed("switch", format!("{how} {}", side.switch(*switch)), shown, Major)
        }
        Line::Learns { fact, .. } => {
            let id = side.facts[fact.0 as usize].0.to_string();
            let title = side.text(&side.model.fact(*fact).title);
            fixed("finding", id, format!("finding out “{title}”"), Major)
        }
        Line::ApprovedBy { who, .. } => {
            let shown = format!("the approval by {}", side.who_shown(who));
            let approval = fixed("approval", side.who(who), shown, Major);
            approval.map(|it| it.in_place_of(String::new(), side.who_shown(who)))
        }
        Line::Record(record) => {
            let text = format!("{} ({})", side.text(&record.title), kind(record.kind));
            said("field", text, record.internal, (Minor, Minor))
        }
        Line::Undo { text, .. } => said("way back", side.text(text), false, (Minor, Minor)),
        Line::NoWayBack { text, .. } => {
            said("point of no return", side.text(text), false, (Minor, Minor))
        }
        Line::Remark(remark) => {
            let (text, internal) = (side.text(&remark.text), remark.internal);
            match &remark.kind {
                RemarkKind::Note => said("note", text, internal, (Patch, Patch)),
                RemarkKind::Warning => said("warning", text, internal, (Patch, Minor)),
                RemarkKind::Link { url } => {
                    said("link", format!("{text} ({})", escape(url)), internal, (Patch, Patch))
                }
            }
        }
        Line::ForEach { each, title, .. } => {
            let Loop { item, in_route, at_least_one, at_a_time } = each;
            let key = format!("{item} {in_route} {at_least_one} {at_a_time:?}");
            fixed("loop", key, format!("the loop “{}”", side.text(title)), Major)
        }
        Line::Task(_) => None,
    }
}

/// Something that is known by its text.
fn said(
    sort: &'static str,
    text: String,
    internal: bool,
    (gone, added): (Bump, Bump),
) -> Option<Point> {
    let shown = format!("the {sort} “{text}”");
    let key = text.clone();
    Some(Point { sort, key, text: Some(text), shown, internal, gone, added, instead: None })
}

fn kind(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Text => "text",
        RecordKind::Number => "number",
        RecordKind::DateTime => "date and time",
        RecordKind::Link => "link",
    }
}

/// "one by the Lead Operator", "one for “New version” (checked)".
fn shown_as(sort: &str, shown: &str) -> String {
    match sort {
        "approval" => format!("one by {shown}"),
        "need" => format!("one for {shown}"),
        _ => shown.to_string(),
    }
}

/// The points of lines, those of tasks left out; what stands in a `for each` counts as its own.
pub fn points(side: &Side<'_>, lines: &[Line]) -> Vec<Point> {
    let mut all = Vec::new();
    for line in lines {
        all.extend(point(side, line));
        if let Line::ForEach { lines, .. } = line {
            all.extend(points(side, lines));
        }
    }
    all
}

impl Compare<'_> {
    pub fn lines(&mut self, spot: &Spot, old: ItemId, new: ItemId) {
        let (before, after) = (self.old.model.item(old), self.new.model.item(new));
        let what = self.new.title(new);
        let what = if new == crate::model::Model::ROOT { "the process" } else { what.as_str() };
        let olds = points(self.old, &before.lines);
        let news = points(self.new, &after.lines);
        self.points(spot, what, olds, news);
        self.tasks(spot, old, new);
    }

    pub fn points(&mut self, spot: &Spot, what: &str, mut olds: Vec<Point>, news: Vec<Point>) {
        let mut added = Vec::new();
        for new in news {
            let is_it = |old: &Point| {
                (old.sort, &old.key, old.internal) == (new.sort, &new.key, new.internal)
            };
            match olds.iter().position(is_it) {
                Some(at) => drop(olds.remove(at)),
                None => added.push(new),
            }
        }
        self.replaced(spot, what, &mut olds, &mut added);
        let score = |old: &Point, new: &Point| match (&old.text, &new.text) {
            (Some(one), Some(other)) if old.sort == new.sort => alike(one, other),
            _ => 0.0,
        };
        let pairs = olds.iter().enumerate().flat_map(|(one, old)| {
            added.iter().enumerate().map(move |(other, new)| (score(old, new), one, other))
        });
        let pairs = best_pairs(pairs.collect(), SAME_TEXT);
        for (one, other) in &pairs {
            let (old, new) = (&olds[*one], &added[*other]);
            let (shown, text) = (&old.shown, new.text.as_deref().unwrap_or_default());
            let said = match old.text.as_deref() == Some(text) {
                true if new.internal => format!("{what}: {shown} is internal now"),
                true => format!("{what}: {shown} is not internal any more"),
                false => format!("{what}: {shown} now reads “{text}”"),
            };
            let spot_is_internal = spot.is_internal();
            let spot = spot.internal(old.internal || new.internal);
            // For the client, what is kept from him is not there.
            let spot = match (old.internal, new.internal) {
                _ if spot_is_internal => spot,
                (true, false) if new.added > Bump::Patch => {
                    spot.for_client(format!("{what}: {} is new", new.shown))
                }
                (false, true) if old.gone > Bump::Patch => {
                    spot.for_client(format!("{what}: {} is gone", old.shown))
                }
                _ => spot,
            };
            self.tell(&spot, Bump::Patch, Kind::Reworded, said);
        }
        for (at, old) in olds.iter().enumerate() {
            if pairs.iter().all(|(one, _)| *one != at) {
                let text = format!("{what}: {} is gone", old.shown);
                self.tell(&spot.internal(old.internal), old.gone, Kind::Gone, text);
            }
        }
        for (at, new) in added.iter().enumerate() {
            if pairs.iter().all(|(_, other)| *other != at) {
                let text = format!("{what}: {} is new", new.shown);
                self.tell(&spot.internal(new.internal), new.added, Kind::Added, text);
            }
        }
    }

    /// What one thing took the place of is one change, not one that is gone and one that is new.
    fn replaced(&mut self, spot: &Spot, what: &str, olds: &mut Vec<Point>, added: &mut Vec<Point>) {
        let key = |point: &Point| point.instead.as_ref().map(|(key, _)| (point.sort, key.clone()));
        let alone = |points: &[Point], wanted: &(&str, String)| {
            let mut of_key =
                (0..points.len()).filter(|at| key(&points[*at]).as_ref() == Some(wanted));
            of_key.next().filter(|_| of_key.next().is_none())
        };
        let keys: Vec<_> = olds.iter().filter_map(key).collect();
        for wanted in keys {
            let (Some(one), Some(other)) = (alone(olds, &wanted), alone(added, &wanted)) else {
                continue;
            };
            let (old, new) = (olds.remove(one), added.remove(other));
            let shown = new.instead.map(|(_, shown)| shown).unwrap_or_default();
            let text = format!("{what}: {} is now {}", old.shown, shown_as(new.sort, &shown));
            self.tell(spot, old.gone.max(new.added), Kind::Changed, text);
        }
    }

    /// Who does it, with whom, and where.
    pub fn heads(&mut self, spot: &Spot, (what, done): (&str, &str), (was, is): (&Head, &Head)) {
        let by = |side: &Side<'_>, head: &Head| head.by.as_ref().map(|who| side.who(who));
        if by(self.old, was) != by(self.new, is) {
            let shown = |side: &Side<'_>, head: &Head| {
                head.by.as_ref().map_or("nobody by name".to_string(), |who| side.who_shown(who))
            };
            let text = format!(
                "{what} is {done} by {}, no longer by {}",
                shown(self.new, is),
                shown(self.old, was)
            );
            self.tell(spot, Bump::Major, Kind::Moved, text);
        }
        let with = |side: &Side<'_>, head: &Head| -> Vec<(String, String)> {
            let titles = head.with.iter();
            titles.map(|id| (side.role(*id), side.role_shown(*id))).collect()
        };
        let (before, after) = (with(self.old, was), with(self.new, is));
        self.named(spot, (&before, &after), (Bump::Major, Bump::Minor), |title, is| match is {
            true => format!("{what} is now {done} with the help of {title}"),
            false => format!("{what} is no longer {done} with the help of {title}"),
        });
        let on = |side: &Side<'_>, head: &Head| -> Vec<(String, String)> {
            let places = head.on.iter();
            places.map(|id| (side.environment(*id), side.environment_shown(*id))).collect()
        };
        let (before, after) = (on(self.old, was), on(self.new, is));
        self.named(spot, (&before, &after), (Bump::Major, Bump::Major), |title, is| match is {
            true => format!("{what} is now {done} on {title}"),
            false => format!("{what} is no longer {done} on {title}"),
        });
    }

    /// Things that are there by name: those that are gone, and those that are new.
    pub fn named(
        &mut self,
        spot: &Spot,
        (before, after): (&[Named], &[Named]),
        (gone, added): (Bump, Bump),
        text: impl Fn(&str, bool) -> String,
    ) {
        for (key, title) in before {
            if after.iter().all(|(other, _)| other != key) {
                self.tell(spot, gone, Kind::Gone, text(title, false));
            }
        }
        for (key, title) in after {
            if before.iter().all(|(other, _)| other != key) {
                self.tell(spot, added, Kind::Added, text(title, true));
            }
        }
    }

    pub fn timing(&mut self, spot: &Spot, what: &str, (was, is): (&Timing, &Timing)) {
        if was.takes != is.takes {
            let shown = |takes: Option<_>| {
                takes.map_or("no time that is told".to_string(), |it: crate::model::Duration| {
                    it.to_string()
                })
            };
            let text = format!("{what} takes {}, no longer {}", shown(is.takes), shown(was.takes));
            self.tell(spot, Bump::Minor, Kind::Changed, text);
        }
        let (mut before, after) = (self.old.timing(was), self.new.timing(is));
        for (key, limit) in after {
            let at = before.iter().position(|(other, _)| *other == key);
            match at.map(|at| before.remove(at).1) {
                None => {
                    let text = format!("{what} must be done {}: that is new", limit.shown);
                    self.tell(spot, Bump::Minor, Kind::Added, text);
                }
                Some(old) if old.duration != limit.duration => {
                    // Who kept the old one keeps the new one, too.
                    let bump = if old.keeps(&limit) { Bump::Minor } else { Bump::Major };
                    let text =
                        format!("{what} must be done {}; it was {}", limit.shown, old.duration);
                    self.tell(spot, bump, Kind::Changed, text);
                }
                Some(_) => {}
            }
        }
        for (_, Limit { shown, .. }) in before {
            let text = format!("{what} need no longer be done {shown}");
            self.tell(spot, Bump::Minor, Kind::Gone, text);
        }
    }

    /// What is judged on the spot, and what somebody may decide to pass by.
    pub fn judged(&mut self, spot: &Spot, what: &str, (was, is): (&Asked<'_>, &Asked<'_>)) {
        let (before, after) = (self.conditions(self.old, was), self.conditions(self.new, is));
        self.points(spot, what, before, after);
    }

    fn conditions(&self, side: &Side<'_>, asked: &Asked<'_>) -> Vec<Point> {
        let judged = asked.when.iter().filter(|when| when.guard.is_none());
        let judged = judged.map(|when| {
            let text = when.text.as_ref().map(|text| side.text(text)).unwrap_or_default();
            let shown = format!("the condition “{text}”");
            // Something done only at times was done always: whoever follows the old one does too much.
            let (gone, added) = (Bump::Minor, Bump::Major);
            Point {
                sort: "condition",
                key: text.clone(),
                text: Some(text),
                shown,
                internal: false,
                gone,
                added,
                instead: None,
            }
        });
        let may = asked.skips.iter();
        let may = may.filter(|skip| skip.by.is_some() || skip.condition.guard.is_none());
        let may = may.map(|skip| {
            let text = skip.condition.text.as_ref().map(|text| side.text(text)).unwrap_or_default();
            let guard = skip.condition.guard.as_ref().map(|it| self.joined.guard(side, it));
            let by = skip.by.map(|role| side.role(role)).unwrap_or_default();
            let who = skip.by.map(|role| format!(" for {}", side.role_shown(role)));
            let shown = format!("the reason to skip it{} “{text}”", who.unwrap_or_default());
            let reads = guard.is_none().then(|| text.clone());
            let key = format!("{by} {guard:?} {text}");
            let (gone, added) = (Bump::Major, Bump::Minor);
            Point {
                sort: "reason",
                key,
                text: reads,
                shown,
                internal: false,
                gone,
                added,
                instead: None,
            }
        });
        judged.chain(may).collect()
    }
}
