//! A diagram as a Mermaid flowchart, for pages and wikis that draw one.
//!
//! In: a [`Diagram`]. Out: a `flowchart`. Everything that comes from a process is written with entity
//! codes for all that is not a letter, a digit or plain punctuation, so that no text is taken for markup.

use crate::emit::diagram::{Arrow, ArrowKind, Course, Diagram, Group, Shape, ShapeKind};
use std::fmt::Write;

const BREAK: &str = "<br/>";

/// The diagram in the Mermaid language.
pub fn mermaid(diagram: &Diagram) -> String {
    let mut out = String::from("flowchart TD\n");
    let _ =
        writeln!(out, "  accTitle: {}", escape(&format!("{}: {}", diagram.title, diagram.part)));
    write_groups(&mut out, diagram);
    for arrow in &diagram.arrows {
        write_arrow(&mut out, arrow);
    }
    for (index, role) in diagram.legend.roles.iter().enumerate() {
        let dashes = if role.external { ",stroke-dasharray:5 3" } else { "" };
        let (fill, line) = (role.fill, role.line);
        let _ =
            writeln!(out, "  classDef role{index} fill:{fill},stroke:{line},color:#000000{dashes}");
    }
    for (index, shape) in diagram.shapes.iter().enumerate() {
        let role = shape.role.filter(|_| diagram.comes_by(index) != Some(Course::Not));
        if let Some(role) = role {
            let _ = writeln!(out, "  class n{index} role{role}");
        }
    }
    write_run(&mut out, diagram);
    out
}

/// What a run comes by is heavy, all else pale.
fn write_run(out: &mut String, diagram: &Diagram) {
    let Some(run) = &diagram.highlight else { return };
    let sentences: Vec<String> = run.sentences().iter().map(|it| escape(it)).collect();
    let _ = writeln!(out, "  run[\"{}\"]", sentences.join(BREAK));
    out.push_str("  classDef lit stroke-width:3px\n");
    out.push_str("  classDef pale fill:#ffffff,stroke:#b8b8b8,color:#767676\n");
    out.push_str("  classDef run fill:#ffffff,stroke:#ffffff,color:#000000,font-weight:bold\n");
    out.push_str("  class run run\n");
    let look = |course: Option<Course>, taken, not| match course {
        Some(Course::Taken) => Some(taken),
        Some(Course::Not) => Some(not),
        Some(Course::Open) | None => None,
    };
    for index in 0..diagram.shapes.len() {
        if let Some(look) = look(diagram.comes_by(index), "lit", "pale") {
            let _ = writeln!(out, "  class n{index} {look}");
        }
    }
    for index in (0..diagram.groups.len()).filter(|group| diagram.is_passed(*group)) {
        let _ = writeln!(out, "  class g{index} pale");
    }
    for index in 0..diagram.arrows.len() {
        let (heavy, pale) = ("stroke-width:3px", "stroke:#b8b8b8,color:#767676");
        if let Some(look) = look(diagram.takes(index), heavy, pale) {
            let _ = writeln!(out, "  linkStyle {index} {look}");
        }
    }
}

/// Groups with their shapes, those in no group first.
fn write_groups(out: &mut String, diagram: &Diagram) {
    // The last of each list is for what is in no group.
    let all = diagram.groups.len();
    let mut inside: Vec<(Vec<usize>, Vec<usize>)> = vec![Default::default(); all + 1];
    for (index, shape) in diagram.shapes.iter().enumerate() {
        inside.get_mut(shape.group.unwrap_or(all)).into_iter().for_each(|it| it.0.push(index));
    }
    for (index, group) in diagram.groups.iter().enumerate() {
        inside.get_mut(group.group.unwrap_or(all)).into_iter().for_each(|it| it.1.push(index));
    }
    let mut open = vec![(all, false)];
    while let Some((index, done)) = open.pop() {
        if done {
            out.push_str("  end\n");
            continue;
        }
        if let Some(group) = diagram.groups.get(index) {
            let _ = writeln!(out, "  subgraph g{index}[\"{}\"]", head(group));
            open.push((index, true));
        }
        let Some((shapes, groups)) = inside.get(index) else { continue };
        for shape in shapes {
            if let Some(content) = diagram.shapes.get(*shape) {
                write_shape(out, diagram, *shape, content);
            }
        }
        open.extend(groups.iter().rev().map(|inner| (*inner, false)));
    }
}

fn head(group: &Group) -> String {
    let title = format!("{} {}", group.number, group.title);
    let title = Some(title.trim()).filter(|title| !title.is_empty());
    let more = group.sentence.iter().chain(group.marks.iter().map(|mark| &mark.text));
    let lines: Vec<String> =
        title.into_iter().chain(more.map(String::as_str)).map(escape).collect();
    if lines.is_empty() { "#32;".to_string() } else { lines.join(BREAK) }
}

fn write_shape(out: &mut String, diagram: &Diagram, index: usize, shape: &Shape) {
    let (open, close) = match shape.kind {
        ShapeKind::Start => ("([", "])"),
        ShapeKind::Decision | ShapeKind::PathChoice => ("{{", "}}"),
        ShapeKind::Block | ShapeKind::Before => ("[[", "]]"),
        ShapeKind::End => ("(((", ")))"),
        ShapeKind::From | ShapeKind::To => (">", "]"),
        ShapeKind::Event => ("(", ")"),
        ShapeKind::Step | ShapeKind::Nowhere | ShapeKind::Fork | ShapeKind::Join => ("[", "]"),
    };
    let stops = diagram.stops(index).map(|stops| escape(&format!("▶ {stops}")));
    let why_not = diagram.why_not(index).map(|why| escape(&why));
    let lines: Vec<String> = stops.into_iter().chain(Some(content(shape))).chain(why_not).collect();
    let _ = writeln!(out, "  n{index}{open}\"{}\"{close}", lines.join(BREAK));
}

fn content(shape: &Shape) -> String {
    let title = format!("{} {}", shape.number, shape.title);
    let title = match shape.kind {
        ShapeKind::Fork => "in any order".to_string(),
        ShapeKind::Join => "all are done".to_string(),
        ShapeKind::From => format!("from {}", title.trim()),
        ShapeKind::To => format!("to {}", title.trim()),
        _ => title.trim().to_string(),
    };
    let mut lines = vec![title];
    lines.extend(shape.who.clone());
    for place in &shape.environments {
        lines.push(format!("on {}{}", place.title, if place.live { " (LIVE)" } else { "" }));
    }
    lines.extend(shape.lines.iter().map(|line| format!("- {line}")));
    for task in &shape.tasks {
        let who = task.who.as_ref().map(|who| format!(" ({who})")).unwrap_or_default();
        let maybe = if task.conditional { " [if it applies]" } else { "" };
        lines.push(format!("- {} {}{who}{maybe}", task.number, task.title));
    }
    lines.extend(shape.marks.iter().map(|mark| mark.text.clone()));
    let lines: Vec<String> = lines.iter().map(|line| escape(line)).collect();
    lines.join(BREAK)
}

fn write_arrow(out: &mut String, arrow: &Arrow) {
    let line = match arrow.kind {
        _ if arrow.is_loop() => "-.->",
        ArrowKind::Next | ArrowKind::Choice | ArrowKind::Jump => "-->",
        ArrowKind::Event | ArrowKind::Wait | ArrowKind::Skip => "-.->",
    };
    let labels: Vec<String> = arrow.labels.iter().map(|label| escape(label)).collect();
    let label = match labels.is_empty() {
        true => String::new(),
        false => format!("|\"{}\"|", labels.join(BREAK)),
    };
    let _ = writeln!(out, "  n{} {line}{label} n{}", arrow.from, arrow.to);
}

/// Text as it may stand in quotes. An entity code holds where a character means something.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_alphanumeric()
                || matches!(c, ' ' | '.' | ',' | '?' | '!' | '-' | '(' | ')') =>
            {
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
    }
    out
}
