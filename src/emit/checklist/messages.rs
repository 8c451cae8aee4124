//! The communication plan.

use super::body::REPEAT;
use super::details::ways;
use super::view::View;
use super::{
    Action, Block, Condition, Details, Entry, Message, Part, PartKind, Step, Task, Text, Way,
    WayKind,
};
use crate::emit::words;
use crate::flow::{Decider, lower};
use crate::model::{ItemId, Model};
use std::collections::{HashMap, HashSet};

/// The communication plan: every task that tells somebody something, with all that it depends on.
pub(super) fn messages(view: &View<'_>, blocks: &[Block]) -> Vec<Message> {
    let mut out = told(blocks);
    if !out.is_empty() {
        add_decisions(view, &mut out);
    }
    out
}

/// Says of each what has to be decided so that it comes to that. In the document of a path, what led to
/// the path is no question any more.
fn add_decisions(view: &View<'_>, messages: &mut [Message]) {
    let model = view.model;
    let flow = lower(model);
    let mut of_process = flow.deciders(Model::ROOT);
    let mut of_path = view.wanted.path.map(|path| (path, flow.deciders(path)));
    let told: HashSet<&str> = messages.iter().map(|message| message.anchor.as_str()).collect();
    let mut known: HashMap<String, Option<Condition>> = HashMap::new();
    for (id, anchor) in view.anchors() {
        if !told.contains(anchor.as_str()) {
            continue;
        }
        let own = of_path.as_mut().filter(|(path, _)| model.is_within(id, *path));
        let deciders = own.map_or(&mut of_process, |(_, it)| it).all_of(id);
        known.insert(anchor.clone(), decided(view, &deciders));
    }
    for message in messages {
        let decided = known.get(&message.anchor).cloned().flatten();
        message.conditions.splice(0..0, decided);
    }
}

/// The answers by one of which it comes to that, in words; none where in this case no other is left.
fn decided(view: &View<'_>, deciders: &[Decider]) -> Option<Condition> {
    let told = deciders.iter().filter(|decider| !view.is_left_out(decider.item));
    let told: Vec<(Text, bool)> = told.filter_map(|decider| answers(view, decider)).collect();
    let text = match told.as_slice() {
        [] | [(_, false)] => return None,
        several => several.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(", or "),
    };
    Some(Condition { words: None, text: Some(text), holds: None, because: Vec::new() })
}

/// The answers of a decision that lead on, and whether it has others in this case; none where these are
/// ruled out, or others are planned.
fn answers(view: &View<'_>, decider: &Decider) -> Option<(Text, bool)> {
    let ways = ways(view, decider.item);
    let is_planned = ways.iter().any(|way| way.planned.is_some());
    let labels = |wanted: bool| -> Vec<String> {
        let found = decider.branches.iter().filter(|(_, leads)| **leads == wanted);
        let ways = found.filter_map(|(branch, _)| Some((*branch, ways.get(*branch)?)));
        let open = ways.filter(|(_, way)| match is_planned {
            true => way.planned.is_some(),
            false => way.holds != Some(false),
        });
        open.map(|(branch, way)| label(view, decider.item, branch, way)).collect()
    };
    let (leading, others) = (labels(true), labels(false));
    let answers = match (leading.len(), others.as_slice()) {
        (0, _) => return None,
        (2.., [other]) => format!("anything but {other}"),
        _ => words::list(&leading, "or"),
    };
    let text = format!("{} – {answers}", words::item_title(view.model, decider.item));
    Some((text, !others.is_empty()))
}

/// A title is quoted, a condition in words stands by itself.
fn label(view: &View<'_>, decision: ItemId, branch: usize, way: &Way) -> String {
    let item = view.model.item(decision);
    match way.kind == WayKind::Case && way.words.is_none() {
        true if words::is_plain_otherwise(item, branch) => words::no_other(view.model, item),
        true => way.label.clone(),
        false => format!("“{}”", way.label),
    }
}

fn told(blocks: &[Block]) -> Vec<Message> {
    let mut out = Vec::new();
    let mut around: Vec<&Part> = Vec::new();
    for block in blocks {
        around.truncate(0);
        around.push(&block.head);
        for entry in &block.entries {
            match entry {
                Entry::Open(part) => around.push(part),
                Entry::Close(_) => {
                    around.pop();
                }
                Entry::Step(step) => messages_in(&around, step, &step.details, &mut out),
                Entry::Jump(_) => {}
            }
        }
    }
    out
}

fn messages_in(around: &[&Part], step: &Step, details: &Details, out: &mut Vec<Message>) {
    for action in &details.actions {
        match action {
            Action::Task(task) if !task.to.is_empty() && !task.others => {
                out.push(message(around, step, task));
            }
            Action::ForEach(each) => messages_in(around, step, &each.details, out),
            _ => {}
        }
    }
}

fn message(around: &[&Part], step: &Step, task: &Task) -> Message {
    let parts = || around.iter();
    let conditions = parts().flat_map(|part| &part.conditions).chain(&step.conditions);
    let skips = parts().flat_map(|part| &part.skips).chain(&step.skips);
    let repeated =
        parts().rev().filter(|part| matches!(part.kind, PartKind::Repeat | PartKind::ForEach));
    Message {
        number: task.number.clone(),
        when: format!("{} {}", step.number, step.title).trim().to_string(),
        anchor: step.anchor.clone(),
        planned: step.planned,
        due: task.due.or(step.due),
        timing: task.timing.clone(),
        from: task.who.clone().or_else(|| step.who.clone()),
        to: task.to.clone(),
        told: task.told.clone(),
        what: task.text.clone(),
        conditions: conditions.chain(&task.conditions).cloned().collect(),
        skips: skips.cloned().collect(),
        repeated: repeated.filter_map(|part| part.sentence.as_deref()).map(each_time).collect(),
        not_applicable: task.not_applicable.clone(),
        internal: task.internal,
    }
}

/// That it is told each time, in a place where what is repeated is not seen.
fn each_time(sentence: &str) -> Text {
    match sentence.strip_prefix(REPEAT) {
        Some(until) => format!("each time, {until}"),
        None => format!("each time: {sentence}"),
    }
}
