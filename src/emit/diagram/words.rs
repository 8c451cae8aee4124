//! Texts that are short enough for a picture.

use super::{Mark, MarkKind, View};
use crate::emit::prose::plain;
use crate::emit::words;
use crate::flow::presence;
use crate::model::{Branch, BranchKind, Condition, Item, ItemId, ItemKind, Line, Model};

/// Longer texts are cut in a picture; the checklist has them whole.
const MOST: usize = 120;

/// Stands at the arrow for what no other arrow is for.
const OTHERWISE: &str = "in all other cases";

/// Inline Markdown as plain words, cut with an ellipsis where it is long.
pub fn short(text: &str) -> String {
    clip(&plain(text))
}

/// Breaks a text into lines of at most so many characters, at blanks where there are any, and of
/// about the same length.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let most = filled(text, width).len();
    let even = size(text).div_ceil(most.max(1));
    let narrow = (even..width).map(|width| filled(text, width)).find(|lines| lines.len() <= most);
    narrow.unwrap_or_else(|| filled(text, width))
}

/// Fills each line as far as it goes.
fn filled(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let size = size(word);
        match lines.last_mut() {
            Some(line) if used + 1 + size <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + size;
            }
            _ => {
                for piece in pieces(word, width) {
                    used = self::size(&piece);
                    lines.push(piece);
                }
            }
        }
    }
    lines
}

/// A word that no line can hold, in pieces.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        if used + char_size(c) > width {
            pieces.push(String::new());
            used = 0;
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
        used += char_size(c);
    }
    pieces
}

fn size(text: &str) -> usize {
    text.chars().map(char_size).sum()
}

/// East Asian scripts and pictographs take twice the width.
fn char_size(c: char) -> usize {
    match c {
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{FFDC}' | '\u{1F300}'..='\u{3FFFF}' => 2,
        _ => 1,
    }
}

/// Plain words, cut with an ellipsis where they are long.
pub fn clip(text: &str) -> String {
    at_most(text, MOST)
}

/// The same, of another length.
pub fn at_most(text: &str, most: usize) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.chars().map(clean).collect();
    };
    let head: String = text.get(..end).unwrap_or_default().chars().map(clean).collect();
    let at_word = head.rfind(' ').filter(|at| at * 2 > head.len()).unwrap_or(head.len());
    let head = head.get(..at_word).unwrap_or_default();
    format!("{}…", head.trim_end_matches([' ', ',', ';', ':', '.']))
}

/// What of the process a view draws.
pub fn part(model: &Model, view: View) -> String {
    match view {
        View::Overview => "Overview".to_string(),
        View::Whole => "All steps".to_string(),
        View::Path(id) => format!("Path: {}", title(model, id)),
        View::Stage(id) => {
            let path = model
                .ancestors(id)
                .find(|id| matches!(model.item(*id).kind, ItemKind::Path { .. }))
                .map(|path| format!(" (path: {})", title(model, path)))
                .unwrap_or_default();
            let item = model.item(id);
            let number = if item.number.is_empty() { "" } else { " " };
            format!("Stage{number}{} {}{path}", item.number, title(model, id))
        }
    }
}

/// The title of an item, or a sentence for what has none.
pub fn title(model: &Model, id: ItemId) -> String {
    let item = model.item(id);
    match words::some_text(Some(&item.title)) {
        Some(title) if !matches!(item.kind, ItemKind::ForEach(_)) => short(&title),
        _ => sentence(model, item).unwrap_or_default(),
    }
}

/// What is special in a block: how often, in which order.
pub fn sentence(model: &Model, item: &Item) -> Option<String> {
    let text = match &item.kind {
        ItemKind::Repeat { until, at_most } => {
            let times =
                at_most.map(|count| format!(", {}", words::times(count))).unwrap_or_default();
            format!("Repeat until: {}{times}", condition(model, until))
        }
        ItemKind::AnyOrder { at_a_time: Some(1) } => "In any order, one at a time".to_string(),
        ItemKind::AnyOrder { at_a_time: Some(count) } => {
            format!("In any order, at most {count} at a time")
        }
        ItemKind::AnyOrder { at_a_time: None } => "In any order".to_string(),
        ItemKind::ForEach(each) => plain(&words::each(each, &item.title)),
        _ => return None,
    };
    Some(clip(&text))
}

/// A condition as people say it: its text, or else its guard.
pub fn condition(model: &Model, condition: &Condition) -> String {
    let text = words::some_text(condition.text.as_ref());
    let guard = || condition.guard.as_ref().map(|guard| words::guard(model, guard));
    short(&text.or_else(guard).unwrap_or_default())
}

/// The label of a branch or event: "Not this time", "after 3 days (at most 2 times)".
pub fn branch(model: &Model, branch: &Branch) -> String {
    let title = words::some_text(Some(&branch.title));
    let label = match (&branch.kind, title) {
        (BranchKind::After(duration), None) => format!("after {duration}"),
        (BranchKind::After(duration), Some(title)) => format!("after {duration}: {title}"),
        (_, Some(title)) => title,
        (BranchKind::Answer(name) | BranchKind::Event(name), None) => name.replace('-', " "),
        (BranchKind::When(guard), None) => words::guard(model, guard),
        (BranchKind::Otherwise, None) => OTHERWISE.to_string(),
    };
    let times = branch.at_most.map(|count| format!(" ({})", words::times(count)));
    short(&label) + &times.unwrap_or_default()
}

/// That no other branch of a decision applies.
pub fn no_other(model: &Model, decide: ItemId) -> String {
    short(&words::capital(&words::no_other(model, model.item(decide))))
}

/// When a path is chosen, one line for each condition.
pub fn conditions_of_path(model: &Model, path: ItemId) -> Vec<String> {
    let item = model.item(path);
    if matches!(item.kind, ItemKind::Path { otherwise: true }) {
        return vec![OTHERWISE.to_string()];
    }
    item.when.iter().map(|line| condition(model, line)).collect()
}

/// What a reader of the picture should know of an item.
pub fn marks(model: &Model, id: ItemId, closely: bool) -> Vec<Mark> {
    let item = model.item(id);
    let mut marks = Vec::new();
    let mut mark = |kind, text: String| marks.push(Mark { kind, text });
    let is_path = matches!(item.kind, ItemKind::Path { .. } | ItemKind::Process);
    let part = match item.kind {
        ItemKind::Step | ItemKind::Decide { .. } => presence(model, item.head.acting()),
        _ => None,
    };
    if closely && !is_path {
        for line in &item.when {
            let words = short(&words::condition(model, line));
            mark(MarkKind::Skippable, format!("only when: {words}"));
        }
        for skip in &item.skips {
            let by = skip.by.map(|role| format!(" (says {})", clip(&model.role(role).title)));
            let words = short(&words::condition(model, &skip.condition));
            let line = format!("skipped when: {words}{}", by.unwrap_or_default());
            mark(MarkKind::Skippable, line);
        }
        if let Some(part) = &part {
            let words = short(&words::guard(model, part));
            mark(MarkKind::Skippable, format!("only when: {words}"));
        }
    } else if !is_path {
        // In its cases a step with a condition is a duty.
        if part.is_some() || !item.when.is_empty() {
            mark(MarkKind::Skippable, "only in some cases".to_string());
        }
        if !item.skips.is_empty() {
            mark(MarkKind::Skippable, "may be skipped".to_string());
        }
    }
    if has_no_way_back(&item.lines) {
        mark(MarkKind::NoWayBack, "no way back".to_string());
    }
    let is_group = !matches!(item.kind, ItemKind::Step | ItemKind::Decide { .. });
    if closely || is_group {
        for line in words::timing(model, id, &item.timing) {
            mark(MarkKind::Timing, short(&line));
        }
    }
    marks
}

fn has_no_way_back(lines: &[Line]) -> bool {
    lines.iter().any(|line| match line {
        Line::NoWayBack { .. } => true,
        Line::Task(task) => has_no_way_back(&task.lines),
        Line::ForEach { lines, .. } => has_no_way_back(lines),
        _ => false,
    })
}
