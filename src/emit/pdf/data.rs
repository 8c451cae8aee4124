//! A checklist as the templates read it: as in JSON, with its prose parted into runs, and the lines of its
//! steps in flat lists, since typst follows only so much that is nested.

use super::Paper;
use crate::emit::checklist::{Action, Checklist, Details, Entry, RemarkKind, Step, Use};
use crate::emit::letterhead::{Letterhead, Logo};
use crate::emit::prose::{self, Run};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Serialize)]
struct Data {
    list: Value,
    paper: Paper,
    /// The colour of a house, `#0a6640`.
    accent: Option<String>,
    /// What the logo is drawn in, as typst calls it.
    logo: Option<&'static str>,
    /// What is more than plain words, among all strings of the list.
    texts: BTreeMap<String, Prose>,
    /// The addresses that a reader may be sent to.
    addresses: BTreeSet<String>,
}

#[derive(Serialize)]
struct Prose {
    paragraphs: Vec<Vec<Run>>,
    plain: String,
    /// It runs from right to left.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    rtl: bool,
}

pub fn json(list: &Checklist, paper: Paper, letterhead: &Letterhead) -> Vec<u8> {
    let mut value = serde_json::to_value(list).unwrap_or_default();
    for (block, shown) in list.blocks.iter().zip(each(&mut value["blocks"])) {
        for (entry, shown) in block.entries.iter().zip(each(&mut shown["entries"])) {
            if let Entry::Step(step) = entry {
                shown["details"] = Value::Null;
                shown["lines"] = lines_of(step);
            }
        }
    }
    let mut data = Data {
        list: Value::Null,
        paper,
        accent: letterhead.colour().map(str::to_string),
        logo: letterhead.logo.as_ref().map(drawn_in),
        texts: BTreeMap::new(),
        addresses: BTreeSet::new(),
    };
    data.read(&mut value, "");
    data.list = value;
    serde_json::to_vec(&data).expect("it holds only strings, numbers and lists of them")
}

fn drawn_in(logo: &Logo) -> &'static str {
    match logo.kind() {
        "svg+xml" => "svg",
        "jpeg" => "jpg",
        other => other,
    }
}

fn each(list: &mut Value) -> std::slice::IterMut<'_, Value> {
    list.as_array_mut().map(|all| all.iter_mut()).unwrap_or_default()
}

impl Data {
    /// Goes through all strings; the list is flat by now.
    fn read(&mut self, value: &mut Value, key: &str) {
        match value {
            Value::String(text) => self.read_text(text, key),
            Value::Array(all) => all.iter_mut().for_each(|value| self.read(value, key)),
            Value::Object(all) => all.iter_mut().for_each(|(key, value)| self.read(value, key)),
            _ => {}
        }
    }

    fn read_text(&mut self, text: &mut String, key: &str) {
        // A font has no sign for them.
        *text = text.replace(|c: char| c.is_control() && c != '\n', " ");
        if key == "url" && can_be_followed(text) {
            self.addresses.insert(text.clone());
        }
        if self.texts.contains_key(text.as_str()) {
            return;
        }
        let mut paragraphs = prose::runs(text);
        for run in paragraphs.iter_mut().flatten() {
            run.marks.url = run.marks.url.take().filter(|url| can_be_followed(url));
        }
        let rtl = is_right_to_left(text);
        let is_plain =
            matches!(paragraphs.as_slice(), [runs] if runs.as_slice() == [Run::plain(text)]);
        if !is_plain || rtl {
            let plain = prose::plain(text);
            self.texts.insert(text.clone(), Prose { paragraphs, plain, rtl });
        }
    }
}

/// typst refuses what is longer; nobody means it.
const LONGEST_ADDRESS: usize = 8000;

fn can_be_followed(url: &str) -> bool {
    !url.is_empty() && url.len() <= LONGEST_ADDRESS && prose::safe_url(url).is_some()
}

/// What the first letter says that has a direction: Hebrew, Arabic and their neighbours.
fn is_right_to_left(text: &str) -> bool {
    let first = text.chars().find(|c| c.is_alphabetic());
    first.is_some_and(|c| {
        matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

fn lines_of(step: &Step) -> Value {
    let mut lines = Vec::new();
    add_lines(&step.details, &[], &mut lines);
    lines.into()
}

/// The lines of a step or task, and of the tasks in it; `inside` is what they stand in.
fn add_lines(details: &Details, inside: &[&str], lines: &mut Vec<Value>) {
    let line = |kind: &str, of: Value| {
        let mut line = json!({ "line": kind, "inside": inside });
        if let (Value::Object(line), Value::Object(of)) = (&mut line, of) {
            line.extend(of.into_iter().filter(|(key, _)| key != "details"));
        }
        line
    };
    let uses = |word: &str, uses: &[Use]| {
        let found = (!uses.is_empty()).then(|| json!({ "word": word, "uses": uses }));
        found.map(|found| line("uses", found))
    };
    let remarks = |warnings: bool| {
        let all = details.remarks.iter();
        let found = all.filter(move |it| (it.kind == RemarkKind::Warning) == warnings);
        found.map(|it| line("remark", json!(it))).collect::<Vec<_>>()
    };
    lines.extend(remarks(true));
    lines.extend(uses("Needs", &details.needs));
    for action in &details.actions {
        let (kind, inner) = match action {
            Action::Task(task) => ("task", Some(&task.details)),
            Action::ForEach(each) => ("for-each", Some(&each.details)),
            Action::Turn { .. } => ("turn", None),
            Action::Learn(_) => ("learn", None),
            Action::Record(_) => ("record", None),
            Action::Approval { .. } => ("approval", None),
            Action::Undo { .. } => ("undo", None),
            Action::NoWayBack { .. } => ("no-way-back", None),
        };
        lines.push(line(kind, json!(action)));
        if let Some(inner) = inner {
            add_lines(inner, &[inside, &[kind]].concat(), lines);
        }
    }
    lines.extend(uses("Makes", &details.makes));
    lines.extend(remarks(false));
}
