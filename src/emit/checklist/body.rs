//! The blocks of a checklist: what stands before the paths, then the path's own items.

use super::details::{
    conditions, details, each_sentence, named, places, remarks, rounds, skips, takes_part, ways,
    who,
};
use super::view::View;
use super::{
    Action, Block, Close, Decision, Details, Entry, Jump, Part, PartKind, Step, Text, Way,
};
use crate::emit::words::{self, some_text};
use crate::flow::last_inside;
use crate::model::{Head, Item, ItemId, ItemKind, Loop, Model};

/// What of the work of others is for the reader: tasks, and what is signed; in between, those of others
/// in a line.
fn own_lines(details: Details) -> Details {
    let mut actions = details.actions;
    actions.retain(|action| {
        matches!(action, Action::Task(_) | Action::ForEach(_) | Action::Approval { .. })
    });
    Details { actions, remarks: details.remarks, ..Details::default() }
}

/// Each stage is a block; so is each run of items between stages.
pub(super) fn blocks(view: &View<'_>) -> Vec<Block> {
    let (model, path) = (view.model, view.wanted.path);
    let mut blocks = Vec::new();
    // Whoever enters a path by a jump has done what stands before the paths already.
    if path.is_none_or(|path| model.item(path).is_chosen()) {
        let before = model.children(Model::ROOT);
        let before = before.filter(|(_, item)| !matches!(item.kind, ItemKind::Path { .. }));
        append(view, before, path.is_some(), &mut blocks);
    }
    if let Some(path) = path {
        append(view, model.children(path), false, &mut blocks);
    }
    blocks
}

/// What may happen at any time in the process or the path.
pub(super) fn events(view: &View<'_>) -> Vec<Way> {
    let path = view.wanted.path;
    std::iter::once(Model::ROOT).chain(path).flat_map(|item| ways(view, item)).collect()
}

fn append<'m>(
    view: &View<'_>,
    items: impl Iterator<Item = (ItemId, &'m Item)>,
    before_paths: bool,
    blocks: &mut Vec<Block>,
) {
    let first = blocks.len();
    for (id, item) in items {
        let is_stage = matches!(item.kind, ItemKind::Stage);
        let continues = !is_stage
            && blocks
                .get(first..)
                .and_then(<[Block]>::last)
                .is_some_and(|block| block.head.kind == PartKind::Steps);
        if !continues {
            let head = if is_stage { part(view, id, PartKind::Stage, None) } else { steps() };
            blocks.push(Block { head, before_paths, entries: Vec::new() });
        }
        let Some(block) = blocks.last_mut() else { continue };
        if !is_stage {
            entries(view, id, &mut block.entries);
        } else if block.head.not_applicable.is_none() {
            inside(view, id, &mut block.entries);
        }
    }
    // What leads nowhere in this case leaves nothing to tell.
    blocks.retain(|block| block.head.kind == PartKind::Stage || !block.entries.is_empty());
}

fn inside(view: &View<'_>, parent: ItemId, out: &mut Vec<Entry>) {
    for (child, _) in view.model.children(parent) {
        entries(view, child, out);
    }
}

fn entries(view: &View<'_>, id: ItemId, out: &mut Vec<Entry>) {
    let model = view.model;
    let item = model.item(id);
    let frame = match &item.kind {
        ItemKind::Process | ItemKind::Path { .. } => return,
        ItemKind::Step | ItemKind::Decide { .. } => {
            out.push(Entry::Step(Box::new(step(view, id))));
            return;
        }
        ItemKind::Go { .. } | ItemKind::End(_) if !view.may_be_taken(id) => return,
        ItemKind::Go { target, at_most } => {
            let leads_to = words::target(model, id, *target);
            out.push(Entry::Jump(Jump {
                end: false,
                leads_to,
                at_most: at_most
                    .map(|count| format!("{}; after that, go on below", words::times(count))),
            }));
            return;
        }
        ItemKind::End(outcome) => {
            let leads_to = words::text(&model.outcome(*outcome).title);
            out.push(Entry::Jump(Jump { end: true, leads_to, at_most: None }));
            return;
        }
        ItemKind::Stage => (PartKind::Stage, None),
        ItemKind::Repeat { until, at_most } => {
            (PartKind::Repeat, Some(repeat_sentence(&words::condition(model, until), *at_most)))
        }
        ItemKind::AnyOrder { at_a_time } => {
            (PartKind::AnyOrder, Some(any_order_sentence(*at_a_time)))
        }
        ItemKind::ForEach(each) => {
            (PartKind::ForEach, Some(each_sentence(view, each, &item.title)))
        }
        ItemKind::Run { .. } => (PartKind::Run, None),
    };
    let head = part(view, id, frame.0, frame.1);
    if head.not_applicable.is_some() {
        out.push(Entry::Open(Box::new(head)));
        let (question, again, at_most) = (None, None, None);
        out.push(Entry::Close(Close {
            kind: frame.0,
            question,
            again,
            at_most,
            rounds: Vec::new(),
        }));
        return;
    }
    if says_nothing(item) || nothing_applies(view, id) {
        inside(view, id, out);
        return;
    }
    out.push(Entry::Open(Box::new(head)));
    inside(view, id, out);
    out.push(Entry::Close(close(view, id, frame.0)));
}

/// A frame is there for what is done in it.
fn nothing_applies(view: &View<'_>, id: ItemId) -> bool {
    if view.wanted.case.is_none() {
        return false;
    }
    let last = last_inside(view.model, id);
    let inner = (id.0 + 1..=last.0).map(ItemId);
    let mut performed = inner.filter(|id| view.model.item(*id).kind.is_performed()).peekable();
    performed.peek().is_some() && performed.all(|id| view.is_left_out(id))
}

/// A procedure of one item needs no frame around it, unless it has something to say itself.
fn says_nothing(item: &Item) -> bool {
    matches!(item.kind, ItemKind::Run { .. })
        && item.children.len() <= 1
        && item.about.is_none()
        && item.when.is_empty()
        && item.skips.is_empty()
        && item.timing.is_empty()
        && item.lines.is_empty()
        && item.branches.is_empty()
}

/// How the sentence of a repetition starts.
pub(super) const REPEAT: &str = "Repeat these steps ";

fn repeat_sentence(until: &str, at_most: Option<u32>) -> Text {
    let times = at_most.map(|count| format!(" ({})", words::times(count))).unwrap_or_default();
    format!("{REPEAT}until this is so: {until}{times}")
}

fn any_order_sentence(at_a_time: Option<u32>) -> Text {
    match at_a_time {
        Some(1) => "All of these, in any order, one at a time".to_string(),
        Some(count) => format!("All of these, in any order, at most {count} at a time"),
        None => "All of these, in any order; they may overlap".to_string(),
    }
}

fn close(view: &View<'_>, id: ItemId, kind: PartKind) -> Close {
    let model = view.model;
    let item = model.item(id);
    let rounds = match &item.kind {
        ItemKind::ForEach(each) => rounds(view, each),
        _ => Vec::new(),
    };
    let (question, at_most) = match &item.kind {
        ItemKind::Repeat { until, at_most } => (Some(words::condition(model, until)), *at_most),
        ItemKind::ForEach(Loop { item, .. }) => {
            (Some(format!("Every {} is done", item.replace('-', " "))), None)
        }
        ItemKind::AnyOrder { .. } => (Some("All of these are done".to_string()), None),
        _ => (None, None),
    };
    let repeats = matches!(kind, PartKind::Repeat);
    let again =
        if repeats { first_step(model, id).map(|id| words::item_title(model, id)) } else { None };
    Close { kind, question, again, at_most, rounds }
}

/// The first step or decision inside; the walk is in order of the text.
fn first_step(model: &Model, within: ItemId) -> Option<ItemId> {
    let mut open = vec![within];
    while let Some(id) = open.pop() {
        let item = model.item(id);
        if matches!(item.kind, ItemKind::Step | ItemKind::Decide { .. }) {
            return Some(id);
        }
        open.extend(item.children.iter().rev());
    }
    None
}

/// The head of steps that stand in no stage.
fn steps() -> Part {
    Part {
        anchor: None,
        not_applicable: None,
        planned: None,
        kind: PartKind::Steps,
        number: String::new(),
        name: None,
        title: None,
        sentence: None,
        about: None,
        who: None,
        with: Vec::new(),
        places: Vec::new(),
        conditions: Vec::new(),
        skips: Vec::new(),
        timing: Vec::new(),
        events: Vec::new(),
        remarks: Vec::new(),
    }
}

fn part(view: &View<'_>, id: ItemId, kind: PartKind, sentence: Option<Text>) -> Part {
    let model = view.model;
    let item = model.item(id);
    let own_title = !matches!(kind, PartKind::ForEach | PartKind::Repeat);
    let nobody = Head::default();
    // Any other frame has the defaults of the stage around it, which are told there.
    let head = if kind == PartKind::Stage { &item.head } else { &nobody };
    let part = Part {
        anchor: (kind == PartKind::Stage).then(|| view.anchor(id)),
        not_applicable: view.not_applicable(id, None),
        planned: view.planned(id),
        kind,
        number: item.number.clone(),
        name: item.name.clone(),
        title: some_text(Some(&item.title)).filter(|_| own_title),
        ..steps()
    };
    if part.not_applicable.is_some() {
        return part;
    }
    Part {
        sentence,
        about: some_text(item.about.as_ref()),
        who: head.by.as_ref().map(|by| who(view, by)),
        with: named(view, &head.with),
        places: places(model, &head.on),
        conditions: conditions(view, &item.when),
        skips: skips(view, &item.skips),
        timing: view.timing(id, &item.timing),
        events: ways(view, id),
        remarks: remarks(&item.lines),
        ..part
    }
}

fn step(view: &View<'_>, id: ItemId) -> Step {
    let model = view.model;
    let item = model.item(id);
    let not_applicable = view.not_applicable(id, None);
    let step = Step {
        anchor: view.anchor(id),
        others: not_applicable.is_none() && !view.is_own_step(id),
        not_applicable,
        planned: view.planned(id),
        due: None,
        number: item.number.clone(),
        name: item.name.clone(),
        title: words::text(&item.title),
        who: item.head.by.as_ref().map(|by| who(view, by)),
        with: named(view, &item.head.with),
        places: places(model, &item.head.on),
        timing: Vec::new(),
        conditions: Vec::new(),
        skips: Vec::new(),
        details: Details::default(),
        decision: None,
    };
    if step.not_applicable.is_some() {
        return step;
    }
    let mut conditions = conditions(view, &item.when);
    conditions.extend(takes_part(view, item.head.by.as_ref()));
    // Where the work of others leads concerns everybody.
    let decision = match item.kind {
        ItemKind::Decide { answer } => {
            Some(Decision { by_facts: answer.is_none(), ways: ways(view, id) })
        }
        _ => None,
    };
    let (skips, timing) = (skips(view, &item.skips), view.timing(id, &item.timing));
    let due = view.due(id, &item.timing);
    let details = match (step.others, view.has_own_lines(id)) {
        (false, _) => details(view, id, &item.lines),
        (true, true) => own_lines(details(view, id, &item.lines)),
        (true, false) => Details::default(),
    };
    Step { conditions, skips, timing, due, decision, details, ..step }
}
