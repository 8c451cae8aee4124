//! What is worked through, as rows: stages, steps, and what is done in them.

use crate::emit::checklist::{
    Action, Block, Close, Condition, Decision, Details, Entry, Jump, Message, Part, PartKind,
    Place, Question, Remark, RemarkKind, Skip, Step, Task, Text, Use, Way, WayKind, Who,
};
use crate::emit::prose::{plain, safe_url};
use crate::emit::words;
use crate::model::RecordKind;
use crate::plan::calendar::Moment;

/// What is filled into the column of states.
pub const STATES: [&str; 5] = ["Not started", "In progress", "Done", "Not applicable", "Failed"];

/// A row of the plan.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// How deep it lies below its stage.
    pub depth: u8,
    pub kind: Kind,
    pub number: String,
    pub what: String,
    pub url: Option<String>,
    pub who: String,
    pub with: String,
    pub places: String,
    /// One of [`STATES`]; none where there is nothing to do.
    pub state: Option<&'static str>,
    /// What can be answered; nothing where anything can be written.
    pub answers: Vec<String>,
    pub answer: String,
    pub planned: Option<Moment>,
    /// The date was not planned, it follows from others.
    pub computed: bool,
    /// What to know, a line each.
    pub hints: Vec<String>,
    pub notes: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    Stage,
    /// What frames steps.
    Group,
    #[default]
    Step,
    Decision,
    Task,
    Tell,
    Record,
    FindOut,
    Sign,
    Switch,
    Check,
    GoOn,
    End,
    Link,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Stage => "Stage",
            Kind::Group => "Group",
            Kind::Step => "Step",
            Kind::Decision => "Decision",
            Kind::Task => "Task",
            Kind::Tell => "Tell",
            Kind::Record => "Record",
            Kind::FindOut => "Find out",
            Kind::Sign => "Sign",
            Kind::Switch => "Switch",
            Kind::Check => "Check",
            Kind::GoOn => "Go on",
            Kind::End => "End",
            Kind::Link => "See",
        }
    }
}

/// All rows, in order.
pub fn rows(blocks: &[Block]) -> Vec<Row> {
    let mut rows = Vec::new();
    for block in blocks {
        if block.head.kind == PartKind::Stage {
            part(&block.head, 0, &mut rows);
        }
        let mut depth = 0;
        for entry in &block.entries {
            match entry {
                Entry::Open(head) => {
                    part(head, depth, &mut rows);
                    depth += 1;
                }
                Entry::Close(end) => {
                    close(end, depth, &mut rows);
                    depth = depth.saturating_sub(1);
                }
                Entry::Step(found) => step(found, depth, &mut rows),
                Entry::Jump(found) => rows.push(jump(found, depth)),
            }
        }
    }
    rows
}

fn part(part: &Part, depth: u8, rows: &mut Vec<Row>) {
    let title = part.title.iter().chain(&part.sentence).map(|text| plain(text));
    let title = title.collect::<Vec<_>>().join(". ");
    let mut hints: Vec<String> = part.about.iter().map(|about| plain(about)).collect();
    hints.extend(part.timing.iter().map(|time| plain(time)));
    hints.extend(applies(&part.conditions, &part.skips));
    hints.extend(part.events.iter().map(|event| format!("At any time: {}", way(event))));
    hints.extend(remarks(&part.remarks));
    rows.push(Row {
        depth,
        kind: if part.kind == PartKind::Stage { Kind::Stage } else { Kind::Group },
        number: part.number.clone(),
        what: if title.is_empty() { "Together".to_string() } else { title },
        who: who(part.who.as_ref()),
        with: part.with.join(", "),
        places: places(&part.places),
        state: part.not_applicable.as_ref().map(|_| STATES[3]),
        planned: part.planned,
        hints,
        notes: reason(part.not_applicable.as_ref()),
        ..Row::default()
    });
    links(&part.remarks, depth + 1, rows);
}

fn step(step: &Step, depth: u8, rows: &mut Vec<Row>) {
    let mut hints: Vec<String> = step.timing.iter().map(|time| plain(time)).collect();
    hints.extend(applies(&step.conditions, &step.skips));
    hints.extend(known(&step.details));
    let decision = step.decision.as_ref();
    hints.extend(decision.into_iter().flat_map(|it| &it.ways).map(way));
    let own = Row {
        depth,
        kind: if decision.is_some() { Kind::Decision } else { Kind::Step },
        number: step.number.clone(),
        what: plain(&step.title),
        who: who(step.who.as_ref()),
        with: step.with.join(", "),
        places: places(&step.places),
        state: state(step.not_applicable.as_ref(), step.others),
        answers: decision.map(answers).unwrap_or_default(),
        answer: decision.map(settled).unwrap_or_default(),
        planned: step.planned.or(step.due),
        computed: step.planned.is_none(),
        hints,
        notes: reason(step.not_applicable.as_ref()),
        ..Row::default()
    };
    rows.push(own.clone());
    inside(&own, &step.details, rows);
}

/// What is done in a step or a task, below its row.
fn inside(above: &Row, details: &Details, rows: &mut Vec<Row>) {
    let below = |kind: Kind, what: String| Row {
        depth: above.depth + 1,
        kind,
        what,
        who: above.who.clone(),
        with: above.with.clone(),
        places: above.places.clone(),
        state: above.state,
        ..Row::default()
    };
    links(&details.remarks, above.depth + 1, rows);
    for action in &details.actions {
        match action {
            Action::Task(found) => task(above, found, rows),
            Action::ForEach(each) => {
                let number = each.number.clone();
                let head = Row { number, ..below(Kind::Group, plain(&each.sentence)) };
                rows.push(Row { state: None, hints: known(&each.details), ..head.clone() });
                let rounds = each.rounds.iter();
                rows.extend(rounds.map(|round| Row {
                    depth: head.depth + 1,
                    number: String::new(),
                    ..below(Kind::Check, round.clone())
                }));
                inside(&head, &each.details, rows);
            }
            Action::Turn { switch, on } => {
                let state = if *on { "on" } else { "off" };
                rows.push(below(Kind::Switch, format!("“{switch}” is turned {state}")));
            }
            Action::Learn(asked) => rows.push(question(asked, below(Kind::FindOut, String::new()))),
            Action::Record(record) => {
                let hint = match record.kind {
                    RecordKind::Text => None,
                    RecordKind::Number => Some("a number"),
                    RecordKind::DateTime => Some("date and time"),
                    RecordKind::Link => Some("a link"),
                };
                let internal = internal(record.internal);
                let hints = hint.map(str::to_string).into_iter().collect();
                let what = format!("{}{internal}", plain(&record.title));
                rows.push(Row { hints, ..below(Kind::Record, what) });
            }
            Action::Approval { signers, .. } => rows.extend(signers.iter().map(|signer| Row {
                who: signer.clone(),
                with: String::new(),
                ..below(Kind::Sign, "Approve and sign".to_string())
            })),
            // Told where the step is.
            Action::Undo { .. } | Action::NoWayBack { .. } => {}
        }
    }
}

fn task(above: &Row, task: &Task, rows: &mut Vec<Row>) {
    let mut hints: Vec<String> = task.timing.iter().map(|time| plain(time)).collect();
    hints.extend(applies(&task.conditions, &[]));
    hints.extend(known(&task.details));
    let tells = !task.to.is_empty();
    let told = match task.told.as_slice() {
        [] => String::new(),
        people => format!(" ({})", people.join(", ")),
    };
    let to = if tells { format!("Tell {}{told}: ", task.to.join(", ")) } else { String::new() };
    let own = |said: String, above: &String| if said.is_empty() { above.clone() } else { said };
    let row = Row {
        depth: above.depth + 1,
        kind: if tells { Kind::Tell } else { Kind::Task },
        number: task.number.clone(),
        what: format!("{to}{}{}", plain(&task.text), internal(task.internal)),
        who: own(who(task.who.as_ref()), &above.who),
        // Who does a task of its own is not helped by those who help with the step: it may be one of them.
        with: match task.who {
            Some(_) => task.with.join(", "),
            None => own(task.with.join(", "), &above.with),
        },
        places: own(places(&task.places), &above.places),
        state: state(task.not_applicable.as_ref(), task.others),
        planned: task.due,
        computed: true,
        hints,
        notes: reason(task.not_applicable.as_ref()),
        ..Row::default()
    };
    rows.push(row.clone());
    inside(&row, &task.details, rows);
}

fn question(asked: &Question, row: Row) -> Row {
    let taken = asked.expected.iter().map(|value| format!("taken to be {value}"));
    Row {
        what: plain(&asked.title),
        answers: asked.answers.clone(),
        hints: asked.hint.iter().cloned().chain(taken).collect(),
        ..row
    }
}

fn close(close: &Close, depth: u8, rows: &mut Vec<Row>) {
    let row = |what: String| Row {
        depth,
        kind: Kind::Check,
        what,
        state: Some(STATES[0]),
        ..Row::default()
    };
    rows.extend(close.rounds.iter().map(|round| row(round.clone())));
    let Some(asked) = &close.question else { return };
    let again = close.again.as_ref().map(|again| {
        let most = close
            .at_most
            .map(|count| format!(", {count} round{} at most", if count == 1 { "" } else { "s" }));
        format!("Not yet → again from {}{}", plain(again), most.unwrap_or_default())
    });
    rows.push(Row {
        answers: vec!["Yes".to_string(), "Not yet".to_string()],
        hints: again.into_iter().collect(),
        ..row(plain(asked))
    });
}

fn jump(jump: &Jump, depth: u8) -> Row {
    let times = jump.at_most.as_ref().map(|times| format!(" ({times})")).unwrap_or_default();
    Row {
        depth,
        kind: if jump.end { Kind::End } else { Kind::GoOn },
        what: format!("{}{times}", plain(&jump.leads_to)),
        ..Row::default()
    }
}

fn state(not_applicable: Option<&Text>, others: bool) -> Option<&'static str> {
    match (not_applicable, others) {
        (Some(_), _) => Some(STATES[3]),
        (None, true) => None,
        (None, false) => Some(STATES[0]),
    }
}

fn reason(not_applicable: Option<&Text>) -> String {
    not_applicable.map(|why| plain(why)).unwrap_or_default()
}

fn internal(internal: bool) -> &'static str {
    if internal { " (internal)" } else { "" }
}

/// The ways that can be taken.
fn answers(decision: &Decision) -> Vec<String> {
    let open = decision.ways.iter().filter(|way| way.holds != Some(false));
    open.map(|way| plain(&way.label)).collect()
}

/// What the case has decided.
fn settled(decision: &Decision) -> String {
    let way = decision.ways.iter().find(|way| way.holds == Some(true));
    way.map(|way| plain(&way.label)).unwrap_or_default()
}

/// "Approve the publish → go on with stage 3 Publish (planned)".
pub fn way(way: &Way) -> String {
    let label = plain(&way.label);
    let label = match way.kind {
        WayKind::Event => format!("If this happens: {label}"),
        WayKind::Answer | WayKind::Timeout | WayKind::Case => label,
    };
    let added = way.words.iter().map(|words| plain(words)).collect::<Vec<_>>();
    let notes = way.at_most.iter().map(|times| plain(times));
    let notes: Vec<String> = notes.chain(way.planned.iter().map(|it| plain(it))).collect();
    let added = if added.is_empty() { String::new() } else { format!(" ({})", added.join(", ")) };
    let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
    let not = if way.holds == Some(false) { "Not in this case: " } else { "" };
    format!("{not}{label}{added} → {}{notes}", plain(&way.leads_to))
}

fn applies(conditions: &[Condition], skips: &[Skip]) -> Vec<String> {
    let held = conditions.iter().map(|held| format!("Only if: {}", condition(held)));
    let skips = skips.iter().map(|skip| match &skip.by {
        Some(by) => format!("{by} may skip it if: {}", condition(&skip.condition)),
        None => format!("Skip it if: {}", condition(&skip.condition)),
    });
    held.chain(skips).collect()
}

/// What a message depends on.
pub fn depends_on(message: &Message) -> Vec<String> {
    let repeated = message.repeated.iter().map(|text| words::capital(&plain(text)));
    applies(&message.conditions, &message.skips).into_iter().chain(repeated).collect()
}

pub fn condition(held: &Condition) -> String {
    held.written(plain, |words| format!("({})", plain(words)))
}

/// What goes in and out, what to know, how to undo it.
fn known(details: &Details) -> Vec<String> {
    let mut hints = uses("Needs", &details.needs);
    hints.extend(remarks(&details.remarks));
    hints.extend(uses("Makes", &details.makes));
    for action in &details.actions {
        match action {
            Action::Undo { text } => hints.push(format!("To undo: {}", plain(text))),
            Action::NoWayBack { text } => {
                hints.push(format!("No way back from here: {}", plain(text)));
            }
            _ => {}
        }
    }
    hints
}

fn uses(word: &str, uses: &[Use]) -> Vec<String> {
    let shown = uses.iter().map(|found| {
        let state = found.state.iter().map(|state| format!(", {state}")).collect::<String>();
        let place = found.place.iter().map(|it| format!(" on {}", place(it))).collect::<String>();
        format!("{word}: {}{state}{place}", found.artifact)
    });
    shown.collect()
}

/// Notes and warnings; links have rows of their own.
pub fn remarks(remarks: &[Remark]) -> Vec<String> {
    let told = remarks.iter().filter_map(|remark| {
        let word = match remark.kind {
            RemarkKind::Warning => "Warning",
            RemarkKind::Note => "Note",
            RemarkKind::Link => return None,
        };
        Some(format!("{word}{}: {}", internal(remark.internal), plain(&remark.text)))
    });
    told.collect()
}

fn links(remarks: &[Remark], depth: u8, rows: &mut Vec<Row>) {
    let found = remarks.iter().filter(|remark| remark.kind == RemarkKind::Link);
    rows.extend(found.map(|remark| Row {
        depth,
        kind: Kind::Link,
        what: format!("{}{}", plain(&remark.text), internal(remark.internal)),
        url: remark.url.as_deref().and_then(safe_url).map(str::to_string),
        ..Row::default()
    }));
}

pub fn who(who: Option<&Who>) -> String {
    match who {
        None => String::new(),
        Some(who) if who.people.is_empty() => who.words.clone(),
        Some(who) => format!("{} ({})", who.words, who.people.join(", ")),
    }
}

fn places(places: &[Place]) -> String {
    places.iter().map(place).collect::<Vec<_>>().join(", ")
}

fn place(place: &Place) -> String {
    format!("{}{}", place.title, if place.live { " (LIVE)" } else { "" })
}
