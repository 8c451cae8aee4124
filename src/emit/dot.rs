//! A diagram as DOT, for Graphviz.
//!
//! In: a [`Diagram`]. Out: a graph that `dot` draws without a warning. Labels are HTML-like: all that
//! comes from a process is escaped, backslashes too.

mod label;

use crate::emit::diagram::{
    Arrow, ArrowKind, Course, Diagram, Group, GroupKind, Legend, Shape, ShapeKind,
};
use std::fmt::Write;

const FONT: &str = "Helvetica,Arial,sans-serif";
/// What a run does not come by.
const PALE_SHAPE: &str = ", fillcolor=\"#ffffff\", color=\"#b8b8b8\", fontcolor=\"#767676\"";
const PALE_BAR: &str = ", fillcolor=\"#b8b8b8\", color=\"#b8b8b8\"";

/// The diagram in the DOT language.
pub fn dot(diagram: &Diagram) -> String {
    let mut out = String::new();
    start(&mut out, diagram);
    write_groups(&mut out, diagram);
    for (index, arrow) in diagram.arrows.iter().enumerate() {
        write_arrow(&mut out, diagram, index, arrow);
    }
    out.push_str("}\n");
    out
}

fn start(out: &mut String, diagram: &Diagram) {
    out.push_str("digraph process {\n");
    let _ = writeln!(
        out,
        "  graph [rankdir=TB, compound=true, nodesep=0.35, ranksep=0.4, pad=0.3, fontname=\"{FONT}\", \
         fontsize=11, labelloc=t, labeljust=c, label=<{}>];",
        label::header(diagram)
    );
    let _ = writeln!(
        out,
        "  node [shape=box, style=filled, fillcolor=\"#ffffff\", color=\"#444444\", \
         fontname=\"{FONT}\", fontsize=11, fontcolor=\"#000000\", margin=\"0.1,0.06\"];"
    );
    let _ = writeln!(
        out,
        "  edge [color=\"#333333\", fontname=\"{FONT}\", fontsize=9.5, fontcolor=\"#222222\", \
         arrowsize=0.8];"
    );
}

/// Groups with their shapes, those in no group first.
fn write_groups(out: &mut String, diagram: &Diagram) {
    // The last of each list is for what is in no group.
    let all = diagram.groups.len();
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); all + 1];
    let mut shapes = groups.clone();
    for (index, group) in diagram.groups.iter().enumerate() {
        groups.get_mut(group.group.unwrap_or(all)).into_iter().for_each(|list| list.push(index));
    }
    for (index, shape) in diagram.shapes.iter().enumerate() {
        shapes.get_mut(shape.group.unwrap_or(all)).into_iter().for_each(|list| list.push(index));
    }
    let mut open = vec![(all, false)];
    let mut depth = 0;
    while let Some((index, done)) = open.pop() {
        if done {
            depth -= 1;
            let _ = writeln!(out, "{}}}", indent(depth));
            continue;
        }
        if let Some(group) = diagram.groups.get(index) {
            let _ = writeln!(out, "{}subgraph cluster_{index} {{", indent(depth));
            depth += 1;
            let _ = writeln!(
                out,
                "{}graph [{}{}];",
                indent(depth),
                group_style(group),
                pale_group(diagram, index)
            );
            open.push((index, true));
        }
        for shape in shapes.get(index).into_iter().flatten() {
            if let Some(content) = diagram.shapes.get(*shape) {
                write_shape(out, diagram, *shape, content, depth);
            }
        }
        let inner = groups.get(index).into_iter().flatten();
        open.extend(inner.rev().map(|inner| (*inner, false)));
    }
}

/// Deeper text is not moved any further.
fn indent(depth: usize) -> String {
    "  ".repeat(1 + depth.min(10))
}

/// Of an attribute that stands twice, the last counts.
fn pale_group(diagram: &Diagram, index: usize) -> &'static str {
    if diagram.is_passed(index) { PALE_SHAPE } else { "" }
}

fn group_style(group: &Group) -> String {
    let look = match group.kind {
        GroupKind::Path => "style=\"rounded\", color=\"#444444\", penwidth=1.6",
        GroupKind::Stage => {
            "style=\"rounded,filled\", fillcolor=\"#f4f4f2\", color=\"#8a8a86\", penwidth=1.2"
        }
        GroupKind::Repeat | GroupKind::ForEach => {
            "style=\"rounded,dashed\", color=\"#555555\", penwidth=1"
        }
        GroupKind::AnyOrder | GroupKind::Procedure => {
            "style=\"rounded,dotted\", color=\"#555555\", penwidth=1"
        }
    };
    format!("label=<{}>, labeljust=l, labelloc=t, margin=12, {look}", label::group(group))
}

fn write_shape(out: &mut String, diagram: &Diagram, index: usize, shape: &Shape, depth: usize) {
    let mut look = shape_style(shape, &diagram.legend);
    // Of an attribute that stands twice, the last counts.
    match (diagram.comes_by(index), shape.kind) {
        (Some(Course::Taken), _) => look.push_str(", penwidth=2.6"),
        (Some(Course::Not), ShapeKind::Fork | ShapeKind::Join) => look.push_str(PALE_BAR),
        (Some(Course::Not), _) => look.push_str(PALE_SHAPE),
        (Some(Course::Open) | None, _) => {}
    }
    let label = label::with_run(shape, diagram.stops(index), diagram.why_not(index));
    let _ = writeln!(out, "{}n{index} [label=<{label}>, {look}];", indent(depth));
}

fn shape_style(shape: &Shape, legend: &Legend) -> String {
    let role = shape.role.and_then(|role| legend.roles.get(role));
    let (fill, line) = role.map_or(("#ffffff", "#444444"), |role| (role.fill, role.line));
    let border = if shape.external { ",dashed" } else { "" };
    match shape.kind {
        ShapeKind::Start => "style=\"rounded,filled\", fillcolor=\"#222222\", \
             color=\"#222222\", fontcolor=\"#ffffff\", margin=\"0.2,0.08\""
            .to_string(),
        ShapeKind::Step | ShapeKind::Block => {
            let width = if shape.kind == ShapeKind::Block { 2.0 } else { 1.2 };
            format!(
                "style=\"filled{border}\", fillcolor=\"{fill}\", color=\"{line}\", penwidth={width}"
            )
        }
        ShapeKind::Decision => format!(
            "shape=diamond, style=\"filled{border}\", fillcolor=\"{fill}\", color=\"{line}\", \
             penwidth=1.2, margin=\"0,0\""
        ),
        ShapeKind::PathChoice => "shape=diamond, margin=\"0,0\", penwidth=1.6".to_string(),
        ShapeKind::Before => "style=\"filled\", penwidth=2".to_string(),
        ShapeKind::Fork | ShapeKind::Join => {
            "fixedsize=true, width=1.8, height=0.08, fillcolor=\"#222222\", color=\"#222222\""
                .to_string()
        }
        ShapeKind::Event => {
            "style=\"rounded,filled,dashed\", color=\"#a04600\", penwidth=1.2".to_string()
        }
        ShapeKind::From | ShapeKind::To => {
            "shape=cds, fillcolor=\"#eeeeee\", margin=\"0.2,0.06\"".to_string()
        }
        ShapeKind::End => {
            "style=\"rounded,filled\", peripheries=2, fillcolor=\"#ffffff\", color=\"#222222\", \
             margin=\"0.15,0.08\""
                .to_string()
        }
        ShapeKind::Nowhere => "style=\"filled,dashed\", color=\"#a00000\"".to_string(),
    }
}

fn write_arrow(out: &mut String, diagram: &Diagram, index: usize, arrow: &Arrow) {
    let mut look: Vec<&str> = Vec::new();
    match arrow.kind {
        _ if arrow.is_loop() => look.push("style=dashed, color=\"#1f4f94\", fontcolor=\"#1f4f94\""),
        ArrowKind::Next | ArrowKind::Choice | ArrowKind::Jump => {}
        ArrowKind::Event => look.push(
            "style=dashed, color=\"#a04600\", fontcolor=\"#a04600\", dir=both, arrowtail=odiamond",
        ),
        ArrowKind::Wait => look.push("style=dotted, penwidth=1.6, dir=both, arrowtail=odot"),
        ArrowKind::Skip => look.push("style=dotted, color=\"#777777\", fontcolor=\"#777777\""),
    }
    if arrow.back {
        look.push("constraint=false");
    }
    if is_main(diagram, arrow) {
        look.push("weight=5");
    }
    match diagram.takes(index) {
        Some(Course::Taken) => look.push("penwidth=2.6"),
        Some(Course::Not) => look.push("color=\"#b8b8b8\", fontcolor=\"#767676\""),
        Some(Course::Open) | None => {}
    }
    let label = label::arrow(&arrow.labels);
    let label = if label.is_empty() { label } else { format!("label=<{label}>") };
    let parts: Vec<&str> =
        look.into_iter().chain(Some(label.as_str())).filter(|part| !part.is_empty()).collect();
    let attributes =
        if parts.is_empty() { String::new() } else { format!(" [{}]", parts.join(", ")) };
    let _ = writeln!(out, "  n{} -> n{}{attributes};", arrow.from, arrow.to);
}

/// Steps in the order of the text stand below each other.
fn is_main(diagram: &Diagram, arrow: &Arrow) -> bool {
    let is_step = |index: usize| {
        diagram.shapes.get(index).is_some_and(|shape| {
            matches!(shape.kind, ShapeKind::Step | ShapeKind::Decision | ShapeKind::Block)
        })
    };
    arrow.to == arrow.from + 1 && is_step(arrow.from) && is_step(arrow.to)
}
