//! A case file: everything about one case of one client, as TOML.
//!
//! In: the text and the model that it is a case of. Out: a [`CaseFile`], or every mistake in it with its
//! place. What may stand in it is said in docs/case-file.md.

use super::Case;
use super::calendar::Moment;
use super::dates::{Limit, Planned, Swapped, limits, swapped};
use super::given::{self, Wrong};
use crate::diagnostic::nearest;
use crate::flow::{Flow, Precedence};
use crate::model::{
    ItemId, ItemKind, Line, Loop, Model, Relation, RoleId, Task, Timing, full_name,
};
use crate::syntax::tree::without_overrides;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What a case file says.
#[derive(Clone, Debug, Default)]
pub struct CaseFile {
    pub case: Case,
    /// The path whose checklist is wanted, as on the command line.
    pub path: Option<String>,
    pub cover: Cover,
    /// What can be so, and is hardly meant.
    pub doubts: Vec<Mistake>,
}

/// What is printed about a case and decides nothing.
#[derive(Clone, Debug, Default)]
pub struct Cover {
    pub client: Option<String>,
    /// When the document was made.
    pub date: Option<Moment>,
    pub people: BTreeMap<RoleId, Vec<String>>,
    /// By the names of what is gone over, what there is of it.
    pub each: BTreeMap<String, Vec<String>>,
    pub planned: Planned,
}

/// What is wrong, and where in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub span: Range<usize>,
    pub message: Wrong,
    /// Where the other line stands that it is held against.
    pub other: Option<Range<usize>>,
}

impl Mistake {
    fn at(span: Range<usize>, message: impl Into<Wrong>) -> Mistake {
        Mistake { span, message: message.into(), other: None }
    }
}

/// What may stand at the top of a case file.
pub const KEYS: [&str; 12] = [
    "client",
    "date",
    "path",
    "from",
    "to",
    "trigger",
    "facts",
    "takes-part",
    "answers",
    "people",
    "each",
    "dates",
];

/// Reads a case file. All mistakes are told, in the order of the text.
pub fn read(model: &Model, flow: &Flow, text: &str) -> Result<CaseFile, Vec<Mistake>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let mut told: Vec<Mistake> = errors.iter().map(|error| unreadable(error, text)).collect();
        told.sort_by_key(|mistake| mistake.span.start);
        return Err(told);
    }
    let mut reader =
        Reader { model, file: CaseFile::default(), mistakes: Vec::new(), dates: BTreeMap::new() };
    for (key, value) in table.get_ref() {
        reader.entry(key, value);
    }
    reader.whole(flow);
    let Reader { file, mut mistakes, .. } = reader;
    mistakes.sort_by_key(|mistake| mistake.span.start);
    if mistakes.is_empty() { Ok(file) } else { Err(mistakes) }
}

/// What TOML says of a text that it cannot read, with what to do where people often go wrong.
fn unreadable(error: &toml::de::Error, text: &str) -> Mistake {
    let at = error.span().and_then(|span| text.get(span.start..));
    let is_curly = at.is_some_and(|at| at.starts_with(['“', '”', '„', '«', '»', '‘', '’', '‚']));
    let message = error.message().trim().replace('\n', ", ");
    let message = match message.as_str() {
        "duplicate key" => "this stands here twice".to_string(),
        no_number
            if ["invalid float", "invalid integer"].iter().any(|it| no_number.starts_with(it)) =>
        {
            "this is no number; a text or a version stands in quotes, as \"4.2.0\"".to_string()
        }
        _ if is_curly => "quotes in a case file are straight, as in \"4.2.0\"".to_string(),
        _ => message,
    };
    Mistake::at(error.span().unwrap_or(0..0), message)
}

struct Reader<'m> {
    model: &'m Model,
    file: CaseFile,
    mistakes: Vec<Mistake>,
    /// Where the dates stand.
    dates: BTreeMap<ItemId, Range<usize>>,
}

type Key<'t> = Spanned<std::borrow::Cow<'t, str>>;
type Entry<'t> = Spanned<DeValue<'t>>;

impl Reader<'_> {
    fn entry(&mut self, key: &Key<'_>, value: &Entry<'_>) {
        let name: &str = key.get_ref();
        match name {
            "client" => self.file.cover.client = self.text(value),
            "path" => self.file.path = self.text(value),
            "date" => self.file.cover.date = self.moment(value),
            "from" | "to" if self.model.versions.is_none() => {
                self.wrong(key.span(), format!("the process has no versions; leave `{name}` out"));
            }
            "trigger" if self.model.triggers.is_empty() => {
                self.wrong(key.span(), "the process declares no triggers; leave `trigger` out");
            }
            "from" | "to" | "trigger" => self.fact(name, value),
            "facts" => self.table(value, |reader, key, value| reader.fact(key.get_ref(), value)),
            "takes-part" => self.table(value, |reader, key, value| {
                reader.fact(&format!("{} takes part", key.get_ref()), value);
            }),
            "answers" => self.table(value, Self::answers),
            "people" => self.table(value, Self::people),
            "each" => self.table(value, Self::each),
            "dates" => self.table(value, Self::date),
            _ => {
                let meant = nearest(name, KEYS);
                let hint = meant.map_or_else(
                    || format!("there is {}", given::listed(&KEYS, "and")),
                    |near| format!("did you mean `{}`?", near.word),
                );
                let hint = self.belongs_in(name).unwrap_or(hint);
                self.wrong(key.span(), format!("a case file has no `{name}`; {hint}"));
            }
        }
    }

    /// A hint for what stands at the top and belongs into a table.
    fn belongs_in(&self, name: &str) -> Option<String> {
        let is_fact = self.model.facts.iter().any(|fact| fact.name == name);
        let is_role = self.model.roles.iter().any(|role| role.name == name);
        let table = match (is_fact, is_role) {
            (true, _) => "facts",
            (false, true) => "people",
            (false, false) => return None,
        };
        Some(format!("it belongs below `[{table}]`"))
    }

    fn wrong(&mut self, span: Range<usize>, message: impl Into<Wrong>) {
        self.mistakes.push(Mistake::at(span, message));
    }

    /// The same thing is set further up, under another of its names.
    fn twice(&mut self, key: &Key<'_>, name: &str, is_what: &str) {
        let message = format!("`{name}` is {is_what} further up already; leave one of the two out");
        self.wrong(key.span(), message);
    }

    fn table(&mut self, value: &Entry<'_>, mut entry: impl FnMut(&mut Self, &Key<'_>, &Entry<'_>)) {
        match value.get_ref() {
            DeValue::Table(table) => {
                let mut entries: Vec<_> = table.iter().collect();
                entries.sort_by_key(|(key, _)| key.span().start);
                entries.into_iter().for_each(|(key, value)| entry(self, key, value));
            }
            _ => {
                self.wrong(value.span(), "this is a table: `[name]`, and below it a line for each")
            }
        }
    }

    /// A text that is not empty.
    fn text(&mut self, value: &Entry<'_>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.wrong(value.span(), "this is a text in quotes");
        }
        text.map(|text| without_overrides(text).into_owned())
    }

    /// One text, or several in a list.
    fn texts(&mut self, value: &Entry<'_>) -> Vec<(String, Range<usize>)> {
        let all = match value.get_ref() {
            DeValue::Array(all) => all.iter().collect(),
            _ => vec![value],
        };
        all.into_iter().filter_map(|one| Some((self.text(one)?, one.span()))).collect()
    }

    fn moment(&mut self, value: &Entry<'_>) -> Option<Moment> {
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(written) => written.to_string(),
            _ => String::new(),
        };
        let moment = Moment::read(text.trim());
        if moment.is_none() {
            let says = "a date is written 2026-03-01, with a time of day 2026-03-01T22:00";
            self.wrong(value.span(), says);
        }
        moment
    }

    fn fact(&mut self, name: &str, value: &Entry<'_>) {
        let written = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Boolean(yes) => if *yes { "yes" } else { "no" }.to_string(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            _ => {
                return self
                    .wrong(value.span(), "this is a text in quotes, a number, true or false");
            }
        };
        let taken = given::fact(self.model, &mut self.file.case, &format!("{name}={written}"));
        if let Err(message) = taken {
            self.wrong(value.span(), message);
        }
    }

    fn answers(&mut self, key: &Key<'_>, value: &Entry<'_>) {
        // Answers for successive askings stand in one list: two lines have no order.
        if let Ok(item) = given::decision(self.model, key.get_ref())
            && self.file.case.answers.contains_key(&item)
        {
            return self.twice(key, &full_name(self.model, item), "answered");
        }
        for (answer, span) in self.texts(value) {
            let written = format!("{}={answer}", key.get_ref());
            if let Err(message) = given::answer(self.model, &mut self.file.case, &written) {
                self.wrong(span, message);
            }
        }
    }

    fn people(&mut self, key: &Key<'_>, value: &Entry<'_>) {
        match given::role(self.model, key.get_ref()) {
            Ok(role) if self.file.cover.people.contains_key(&role) => {
                self.twice(key, &self.model.role(role).name, "filled");
            }
            Ok(role) => {
                let people = self.texts(value).into_iter().map(|(name, _)| name);
                self.file.cover.people.insert(role, people.collect());
            }
            Err(message) => self.wrong(key.span(), message),
        }
    }

    fn each(&mut self, key: &Key<'_>, value: &Entry<'_>) {
        let name = key.get_ref().as_ref();
        let known = gone_over(self.model);
        if !known.contains(&name) {
            let hint = match (nearest(name, known.iter().copied()), known.as_slice()) {
                (Some(near), _) => format!("did you mean `{}`?", near.word),
                (None, []) => "it goes over nothing; leave the line out".to_string(),
                (None, known) => format!("there is {}", given::listed(known, "and")),
            };
            return self.wrong(key.span(), format!("no `for each` goes over `{name}`; {hint}"));
        }
        let items: Vec<String> = self.texts(value).into_iter().map(|(item, _)| item).collect();
        if matches!(value.get_ref(), DeValue::Array(all) if all.is_empty()) {
            self.wrong(value.span(), "name at least one, or leave the line out");
        }
        self.file.cover.each.insert(name.to_string(), items);
    }

    fn date(&mut self, key: &Key<'_>, value: &Entry<'_>) {
        let moment = self.moment(value);
        match (planned_item(self.model, key.get_ref()), moment) {
            (Err(message), _) => self.wrong(key.span(), message),
            (Ok(item), Some(_)) if self.dates.contains_key(&item) => {
                self.twice(key, &full_name(self.model, item), "given a date");
            }
            (Ok(item), Some(moment)) => {
                self.file.cover.planned.insert(item, moment);
                self.dates.insert(item, value.span());
            }
            (Ok(_), None) => {}
        }
    }

    /// What can only be said once all of it is known.
    fn whole(&mut self, flow: &Flow) {
        if !self.mistakes.is_empty() {
            return;
        }
        if let Err(message) = given::refuse_impossible(self.model, &self.file.case) {
            self.wrong(0..0, message);
        }
        self.limits();
        if self.mistakes.is_empty() {
            self.order(flow);
        }
    }

    /// Dates that the times of the steps and their tasks do not let stand together.
    fn limits(&mut self) {
        let planned = &self.file.cover.planned;
        for (item, moment) in planned {
            let own = &self.model.item(*item);
            let broken = |timing, is_meant: fn(&Limit) -> bool| {
                let held = limits(planned, *item, timing).into_iter().enumerate();
                let held = held.filter_map(|(index, limit)| Some((index, limit?)));
                let meant = held.filter(|(_, limit)| is_meant(limit));
                meant.into_iter().find(|(_, limit)| !limit.is_kept_by(*moment))
            };
            // A task may come later than its step begins, but not earlier.
            let is_last = |limit: &Limit| matches!(limit, Limit::AtLatest(_));
            let tasks = tasks(&own.lines);
            let of_tasks = || {
                let mut late = tasks.iter();
                late.find_map(|task| Some((Some(*task), broken(&task.timing, is_last)?)))
            };
            let of_item = broken(&own.timing, |_| true).map(|broken| (None, broken));
            let Some((task, (index, limit))) = of_item.or_else(of_tasks) else { continue };
            let timing = task.map_or(&own.timing, |task| &task.timing);
            let (Some(span), Some((time, other))) =
                (self.dates.get(item), self.time(*item, timing, index))
            else {
                continue;
            };
            let name = full_name(self.model, *item);
            let what = task.map_or("it".to_string(), |task| format!("its task {}", task.number));
            let message = format!("`{name}` cannot be on {moment}: {what} is {time}, so {limit}");
            self.mistakes.push(Mistake { span: span.clone(), message, other });
        }
    }

    /// The time of what stands in `at` that has this place among its limits, with the date that it counts from and
    /// where that stands.
    fn time(
        &self,
        at: ItemId,
        timing: &Timing,
        index: usize,
    ) -> Option<(String, Option<Range<usize>>)> {
        let (said, from) = match timing.within.get(index) {
            Some((duration, of, _)) => (format!("within {duration} of"), of.unwrap_or(at)),
            None => {
                let anchor = timing.at_least.get(index - timing.within.len())?;
                let relation = match anchor.relation {
                    Relation::Before => "before",
                    Relation::After => "after",
                };
                (format!("at least {} {relation}", anchor.duration), anchor.step)
            }
        };
        let (name, date) = (full_name(self.model, from), self.file.cover.planned.get(&from)?);
        Some((format!("{said} `{name}`, on {date}"), self.dates.get(&from).cloned()))
    }

    /// Dates that go against the order of the steps.
    fn order(&mut self, flow: &Flow) {
        let planned = &self.file.cover.planned;
        for Swapped { first, then, certain } in swapped(self.model, flow, planned) {
            let dates = (planned.get(&first), planned.get(&then), self.dates.get(&then));
            let (Some(late), Some(early), Some(span)) = dates else { continue };
            let [before, name] = [first, then].map(|item| full_name(self.model, item));
            let is_part = self.model.is_within(then, first);
            let (told, message) = match certain {
                Precedence::Always => {
                    let why = format!("`{before}` comes before it, and is planned for {late}");
                    (&mut self.mistakes, format!("`{name}` cannot be on {early}: {why}"))
                }
                Precedence::AtFirst => {
                    let order = if is_part { "it is a part of" } else { "comes before it" };
                    let why = format!("and `{before}`, which {order}, for {late}");
                    (&mut self.file.doubts, format!("`{name}` is planned for {early}, {why}"))
                }
            };
            let other = self.dates.get(&first).cloned();
            told.push(Mistake { span: span.clone(), message, other });
        }
    }
}

/// What the blocks of a process are done for each of, where only the case knows what there is of it.
fn gone_over(model: &Model) -> Vec<&str> {
    fn in_lines<'m>(lines: &'m [Line], found: &mut Vec<&'m Loop>) {
        for line in lines {
            if let Line::ForEach { each, lines, .. } = line {
                found.push(each);
                in_lines(lines, found);
            }
        }
    }
    let mut found = Vec::new();
    for item in &model.items {
        if let ItemKind::ForEach(each) = &item.kind {
            found.push(each);
        }
        in_lines(&item.lines, &mut found);
    }
    let mut names: Vec<&str> =
        found.into_iter().filter(|each| !each.in_route).map(|each| each.item.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The tasks of a step, with those of each `for each` in it.
fn tasks(lines: &[Line]) -> Vec<&Task> {
    let mut found = Vec::new();
    for line in lines {
        match line {
            Line::Task(task) => found.push(task.as_ref()),
            Line::ForEach { lines, .. } => found.extend(tasks(lines)),
            _ => {}
        }
    }
    found
}

/// The stage, step or decision that a name means: the whole of it, or the end.
fn planned_item(model: &Model, name: &str) -> Result<ItemId, Wrong> {
    let is_planned = |id: &ItemId| {
        let kind = &model.item(*id).kind;
        kind.is_performed() || *kind == ItemKind::Stage
    };
    given::item(model, "stage, step or decision", name, is_planned)
}
