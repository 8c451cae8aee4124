//! The blocks of a checklist as nested lists.

use super::{condition, line, markdown_list, question, remarks};
use crate::emit::checklist::{
    Action, Block, Checklist, Close, Condition, Decision, Details, Entry, Jump, Part, PartKind,
    Place, Skip, Step, Task, Use, Way, WayKind, Who,
};
use crate::emit::prose::{self, BLANK, escape};
use crate::model::RecordKind;
use crate::plan::calendar::Moment;
use std::fmt::Write;

pub(super) fn blocks(out: &mut String, checklist: &Checklist) {
    for block in &checklist.blocks {
        block_head(out, block);
        let mut depth: usize = 0;
        for entry in &block.entries {
            match entry {
                Entry::Open(part) => {
                    open(out, depth, part);
                    depth += 1;
                }
                Entry::Close(end) => {
                    close(out, depth, end);
                    depth = depth.saturating_sub(1);
                }
                Entry::Step(found) => step(out, depth, found),
                Entry::Jump(found) => jump(out, depth, found),
            }
        }
    }
}

fn block_head(out: &mut String, block: &Block) {
    let head = &block.head;
    let title = head.title.as_ref().map(|title| prose::markdown(title));
    let before = if block.before_paths { " (before the choice of the path)" } else { "" };
    let title = title.unwrap_or_else(|| numbers(&block.entries));
    let _ = write!(out, "\n## {}{before}\n\n", format!("{} {title}", head.number).trim());
    if let Some(why) = &head.not_applicable {
        line(out, 0, &format!("Not applicable: {}", prose::markdown(why)));
        return;
    }
    if let Some(about) = &head.about {
        for text in prose::markdown_paragraphs(about) {
            let _ = write!(out, "{text}\n\n");
        }
    }
    part_lines(out, 0, head);
}

/// The heading of steps that stand in no stage: "Steps 3 to 5".
fn numbers(entries: &[Entry]) -> String {
    let outermost = |entry: &Entry| {
        let number = match entry {
            Entry::Step(step) => &step.number,
            Entry::Open(part) => &part.number,
            Entry::Close(_) | Entry::Jump(_) => return None,
        };
        number.split('.').next().filter(|number| !number.is_empty()).map(str::to_string)
    };
    let mut found = entries.iter().filter_map(outermost);
    match (found.next(), found.next_back()) {
        (None, _) => "And then".to_string(),
        (Some(first), Some(last)) if first != last => format!("Steps {first} to {last}"),
        (Some(only), _) => format!("Step {only}"),
    }
}

fn open(out: &mut String, depth: usize, part: &Part) {
    let title = part.title.as_ref().map(|title| prose::plain_words(title));
    let sentence =
        part.sentence.as_ref().map(|sentence| format!("*{}*", prose::plain_words(sentence)));
    let named = title.map(|title| format!("**{}**", format!("{} {title}", part.number).trim()));
    let parts: Vec<String> = named.into_iter().chain(sentence).collect();
    let shown = if parts.is_empty() { "Together:".to_string() } else { parts.join(". ") };
    if let Some(why) = &part.not_applicable {
        return line(out, depth, &format!("- {shown} {}", not_applicable(why)));
    }
    line(out, depth, &format!("- {shown}"));
    if let Some(about) = &part.about {
        line(out, depth + 1, &format!("- {}", prose::markdown(about)));
    }
    part_lines(out, depth + 1, part);
}

/// "— not applicable: the size of the hop is patch".
fn not_applicable(why: &str) -> String {
    format!("— *not applicable:* {}", prose::markdown(why))
}

/// "planned: Sun 1 Mar 2026", then the times.
fn times(out: &mut String, depth: usize, planned: Option<Moment>, timing: &[String]) {
    let planned = planned.map(|planned| format!("planned: **{}**", escape(&planned.to_string())));
    let timing = timing.iter().map(|time| prose::markdown(time));
    let all: Vec<String> = planned.into_iter().chain(timing).collect();
    if !all.is_empty() {
        line(out, depth, &format!("- Time: {}", all.join(", ")));
    }
}

fn part_lines(out: &mut String, depth: usize, part: &Part) {
    let helpers = who_and_where(part.who.as_ref(), &part.with, &part.places);
    if !helpers.is_empty() {
        line(out, depth, &format!("- Unless a step says otherwise: {helpers}"));
    }
    times(out, depth, part.planned, &part.timing);
    applies(out, depth, &part.conditions, &part.skips);
    if !part.events.is_empty() {
        line(out, depth, "- At any time in here:");
        part.events.iter().for_each(|event| way(out, depth + 1, event));
    }
    remarks(out, depth, &part.remarks);
}

fn close(out: &mut String, depth: usize, close: &Close) {
    let Some(question) = close.question.as_ref().map(|question| prose::markdown(question)) else {
        return;
    };
    rounds(out, depth, &close.rounds);
    line(out, depth, &format!("- [ ] {question}"));
    if close.kind == PartKind::Repeat {
        let again = close.again.as_ref().map(|again| prose::markdown(again)).unwrap_or_default();
        let rounds =
            close.at_most.map(|count| format!(" (round {BLANK} of {count})")).unwrap_or_default();
        line(out, depth, &format!("- [ ] Not yet: again from {again}{rounds}"));
    }
}

fn jump(out: &mut String, depth: usize, jump: &Jump) {
    let leads_to = prose::markdown(&jump.leads_to);
    let times = jump.at_most.as_ref().map(|times| format!(" ({times})")).unwrap_or_default();
    let shown =
        if jump.end { format!("**End:** {leads_to}") } else { format!("→ {leads_to}{times}") };
    line(out, depth, &format!("- [ ] {shown}"));
}

fn step(out: &mut String, depth: usize, step: &Step) {
    let title = format!("{} {}", step.number, prose::plain_words(&step.title));
    let kind = if step.decision.is_some() { "Decide: " } else { "" };
    let title = title.trim();
    let helpers = who_and_where(step.who.as_ref(), &step.with, &step.places);
    if let Some(why) = &step.not_applicable {
        return line(out, depth, &format!("- {kind}{title} {}", not_applicable(why)));
    }
    let brief = step.decision.is_none() && step.details.actions.is_empty();
    if step.others && brief {
        return line(out, depth, &format!("- {title} — {helpers}"));
    }
    let mark = if step.others { "" } else { "[ ] " };
    line(out, depth, &format!("- {mark}{kind}**{title}**"));
    let inner = depth + 1;
    if !helpers.is_empty() {
        line(out, inner, &format!("- {helpers}"));
    }
    times(out, inner, step.planned, &step.timing);
    applies(out, inner, &step.conditions, &step.skips);
    details(out, inner, &step.details);
    if let Some(found) = &step.decision {
        decision(out, inner, found, !step.others);
    }
    if step.others {
        return;
    }
    let sign = format!("initials {BLANK} · date and time {BLANK}");
    line(
        out,
        inner,
        &format!("- Result: ☐ done ☐ not applicable, because {BLANK} ☐ failed · {sign}"),
    );
}

fn decision(out: &mut String, depth: usize, decision: &Decision, own: bool) {
    let lead = if decision.by_facts { "- The case decides:" } else { "- One of these:" };
    line(out, depth, lead);
    decision.ways.iter().for_each(|found| told_way(out, depth + 1, found, own));
}

pub(super) fn way(out: &mut String, depth: usize, way: &Way) {
    told_way(out, depth, way, true);
}

/// A way with its box, where it is the reader's to tick.
fn told_way(out: &mut String, depth: usize, way: &Way, own: bool) {
    let label = prose::markdown(&way.label);
    let label = match way.kind {
        WayKind::Event => format!("If this happens: {label}"),
        WayKind::Answer | WayKind::Timeout | WayKind::Case => label,
    };
    let words = way.words.as_ref().map(|words| format!(" *({})*", prose::plain_words(words)));
    let times = way.at_most.as_ref().map(|times| format!(" ({times})")).unwrap_or_default();
    let leads_to = prose::markdown(&way.leads_to);
    let mark = if way.holds == Some(true) { "x" } else { " " };
    let planned = way.planned.iter().map(|planned| format!(" — *{}*", prose::plain_words(planned)));
    let words = words.unwrap_or_default();
    let shown = format!("{label}{words} → {leads_to}{times}{}", planned.collect::<String>());
    match way.holds {
        Some(false) => line(out, depth, &format!("- not in this case: {shown}")),
        _ if own => line(out, depth, &format!("- [{mark}] {shown}")),
        _ => line(out, depth, &format!("- {shown}")),
    }
}

fn applies(out: &mut String, depth: usize, conditions: &[Condition], skips: &[Skip]) {
    for held in conditions {
        line(out, depth, &format!("- Only if: {}", condition(held)));
    }
    for skip in skips {
        let reason = condition(&skip.condition);
        let shown = match &skip.by {
            Some(by) => format!("{} may skip it if: {reason}", escape(by)),
            None => format!("Skip it if: {reason}"),
        };
        line(out, depth, &format!("- {shown}"));
    }
}

fn details(out: &mut String, depth: usize, details: &Details) {
    uses(out, depth, "Needs", &details.needs);
    remarks(out, depth, &details.remarks);
    details.actions.iter().for_each(|found| action(out, depth, found));
    uses(out, depth, "Makes", &details.makes);
}

fn action(out: &mut String, depth: usize, action: &Action) {
    let shown = match action {
        Action::Task(found) => return task(out, depth, found),
        Action::Learn(asked) => return question(out, depth, asked),
        Action::ForEach(each) => {
            let sentence = prose::plain_words(&each.sentence);
            line(out, depth, &format!("- {}", format!("{} *{sentence}*", each.number).trim()));
            rounds(out, depth + 1, &each.rounds);
            return details(out, depth + 1, &each.details);
        }
        Action::Turn { switch, on } => {
            let state = if *on { "**on**" } else { "**off**" };
            format!("- [ ] “{}” is turned {state}", escape(switch))
        }
        Action::Record(record) => {
            let kind = match record.kind {
                RecordKind::Text => "",
                RecordKind::Number => " (number)",
                RecordKind::DateTime => " (date and time)",
                RecordKind::Link => " (link)",
            };
            let internal = if record.internal { " (internal)" } else { "" };
            format!("- {}{kind}{internal}: {BLANK}", prose::markdown(&record.title))
        }
        Action::Approval { signers, .. } => {
            for signer in signers {
                let signer = escape(signer);
                let shown = format!("- [ ] Approved by {signer}: signature {BLANK} date {BLANK}");
                line(out, depth, &shown);
            }
            return;
        }
        Action::Undo { text } => format!("- To undo: {}", prose::markdown(text)),
        Action::NoWayBack { text } => {
            format!("- **No way back from here:** {}", prose::markdown(text))
        }
    };
    line(out, depth, &shown);
}

/// What something is done for, each with a box.
fn rounds(out: &mut String, depth: usize, rounds: &[String]) {
    rounds.iter().for_each(|round| line(out, depth, &format!("- [ ] {}", escape(round))));
}

fn task(out: &mut String, depth: usize, task: &Task) {
    let to = if task.to.is_empty() {
        String::new()
    } else {
        format!("**Tell {}:** ", escape(&task.to.join(", ")))
    };
    let internal = if task.internal { " *(internal)*" } else { "" };
    let text = prose::markdown(&task.text);
    let helpers = who_and_where(task.who.as_ref(), &task.with, &task.places);
    let helpers = if helpers.is_empty() { String::new() } else { format!(" — {helpers}") };
    let number = if task.number.is_empty() { String::new() } else { format!("{} ", task.number) };
    let shown = format!("{number}{to}{text}{internal}");
    if let Some(why) = &task.not_applicable {
        return line(out, depth, &format!("- {shown} {}", not_applicable(why)));
    }
    if task.others {
        return line(out, depth, &format!("- {shown}{helpers}"));
    }
    line(out, depth, &format!("- [ ] {shown}{helpers}"));
    if !task.timing.is_empty() {
        line(out, depth + 1, &format!("- Time: {}", markdown_list(&task.timing)));
    }
    applies(out, depth + 1, &task.conditions, &[]);
    if !task.conditions.is_empty() {
        line(out, depth + 1, "- ☐ not applicable");
    }
    details(out, depth + 1, &task.details);
}

fn uses(out: &mut String, depth: usize, word: &str, uses: &[Use]) {
    for found in uses {
        let state =
            found.state.iter().map(|state| format!(", {}", escape(state))).collect::<String>();
        let place = found
            .place
            .iter()
            .map(|place| format!(" on {}", place_words(place)))
            .collect::<String>();
        line(out, depth, &format!("- [ ] {word}: {}{state}{place}", escape(&found.artifact)));
    }
}

/// "*Testers* with Lead on Live copy **LIVE**".
fn who_and_where(who: Option<&Who>, with: &[String], places: &[Place]) -> String {
    let mut parts = Vec::new();
    parts.extend(who.map(|who| format!("*{}*", escape(&who.words))));
    let people = who.map(|who| who.people.join(", ")).filter(|people| !people.is_empty());
    parts.extend(people.map(|people| format!("({})", escape(&people))));
    if !with.is_empty() {
        parts.push(format!("with {}", escape(&with.join(", "))));
    }
    if !places.is_empty() {
        let places: Vec<String> = places.iter().map(place_words).collect();
        parts.push(format!("on {}", places.join(", ")));
    }
    parts.join(" ")
}

fn place_words(place: &Place) -> String {
    format!("{}{}", escape(&place.title), if place.live { " **LIVE**" } else { "" })
}
