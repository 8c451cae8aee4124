//! HTML-like labels.

use crate::emit::diagram::{
    ArrowKind, ArrowMeaning, Diagram, Environment, Group, Legend, Role, Shape, ShapeKind, wrap,
};

/// Characters in a line of a box.
const WIDTH: usize = 30;
const BREAK: &str = "<BR/>";
/// Ends a line that is not centred.
const LEFT: &str = "<BR ALIGN=\"LEFT\"/>";
const LIVE: &str = "LIVE";

/// Text as it may stand in an HTML-like label. There too, Graphviz puts the name of the node for `\N`,
/// and one backslash for two, after it has replaced the entities.
fn escape(text: &str) -> String {
    crate::emit::words::xml(text).replace('\\', "&#92;&#92;")
}

fn lines(text: &str, width: usize) -> String {
    lines_with(text, width, BREAK)
}

fn lines_with(text: &str, width: usize, end: &str) -> String {
    let lines: Vec<String> = wrap(text, width).iter().map(|line| escape(line)).collect();
    // An empty element would be an error.
    if lines.is_empty() { "&#160;".to_string() } else { lines.join(end) }
}

fn small(content: &str) -> String {
    format!("<FONT POINT-SIZE=\"9.5\">{content}</FONT>")
}

fn row(content: &str) -> String {
    format!("<TR><TD>{content}</TD></TR>")
}

fn table(rows: &[String]) -> String {
    let rows: String = rows.concat();
    format!(
        "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"1\">{rows}</TABLE>"
    )
}

fn numbered(number: &str, title: &str) -> String {
    match (number, title) {
        ("", title) => title.to_string(),
        (number, "") => number.to_string(),
        (number, title) => format!("{number} {title}"),
    }
}

/// What stands in a shape.
pub fn shape(shape: &Shape) -> String {
    let title = numbered(&shape.number, &shape.title);
    match shape.kind {
        ShapeKind::Fork | ShapeKind::Join => String::new(),
        ShapeKind::Start => start(shape),
        ShapeKind::Event => format!("<I>{}</I>", lines(&title, WIDTH)),
        ShapeKind::From => small(&lines(&format!("from {title}"), WIDTH)),
        ShapeKind::To => small(&lines(&format!("to {title}"), WIDTH)),
        ShapeKind::End | ShapeKind::Nowhere => format!("<B>{}</B>", lines(&title, WIDTH)),
        ShapeKind::PathChoice => format!("<B>{}</B>", lines(&title, 22)),
        ShapeKind::Decision => full(shape, &title, 22),
        ShapeKind::Step | ShapeKind::Block | ShapeKind::Before => full(shape, &title, WIDTH),
    }
}

/// The same, with when a run comes there, or why it does not.
pub fn with_run(content: &Shape, stops: Option<String>, why_not: Option<String>) -> String {
    let inside = shape(content);
    if stops.is_none() && why_not.is_none() {
        return inside;
    }
    let stops = stops.map(|stops| row(&format!("<B>{}</B>", lines(&format!("▶ {stops}"), WIDTH))));
    let reason = why_not.map(|why| row(&small(&format!("<I>{}</I>", lines(&why, WIDTH + 4)))));
    let rows = stops.into_iter().chain(Some(row(&inside))).chain(reason);
    table(&rows.collect::<Vec<_>>())
}

fn start(shape: &Shape) -> String {
    let mut rows = vec![row(&format!("<B>{}</B>", lines(&shape.title, WIDTH)))];
    rows.extend(shape.lines.iter().map(|line| bullet(line)));
    table(&rows)
}

fn bullet(line: &str) -> String {
    let text = lines_with(line, 40, LEFT);
    format!("<TR><TD ALIGN=\"LEFT\">{}</TD></TR>", small(&format!("– {text}{LEFT}")))
}

fn full(shape: &Shape, title: &str, width: usize) -> String {
    let mut rows = vec![row(&format!("<B>{}</B>", lines(title, width)))];
    if let Some(who) = &shape.who {
        rows.push(row(&small(&lines(who, width + 4))));
    }
    rows.extend(places(&shape.environments, width));
    rows.extend(shape.lines.iter().map(|line| bullet(line)));
    for task in &shape.tasks {
        let who = task.who.as_ref().map(|who| format!(" ({who})")).unwrap_or_default();
        let maybe = if task.conditional { " [if it applies]" } else { "" };
        rows.push(bullet(&format!("{} {}{who}{maybe}", task.number, task.title)));
    }
    for mark in &shape.marks {
        rows.push(row(&small(&format!("<I>{}</I>", lines(&mark.text, width + 4)))));
    }
    table(&rows)
}

/// Where; what is live comes first and says so.
fn places(environments: &[Environment], width: usize) -> Vec<String> {
    let titles = |live: bool| {
        let some = environments.iter().filter(|place| place.live == live);
        some.map(|place| place.title.as_str()).collect::<Vec<_>>().join(", ")
    };
    let mut rows = Vec::new();
    let (live, other) = (titles(true), titles(false));
    if !live.is_empty() {
        let text = lines(&format!("on {live}"), width - LIVE.len());
        rows.push(row(&small(&format!("{text} {}", live_mark()))));
    }
    if !other.is_empty() {
        rows.push(row(&small(&lines(&format!("on {other}"), width + 4))));
    }
    rows
}

fn live_mark() -> String {
    format!("<FONT COLOR=\"#a00000\"><B>{LIVE}</B></FONT>")
}

/// What stands at the top of a group: narrow, since the arrow to its first shape goes past it.
pub fn group(group: &Group) -> String {
    let title = numbered(&group.number, &group.title);
    let mut parts = Vec::new();
    if !title.is_empty() {
        parts.push(format!("<B>{}</B>", lines_with(&title, 18, LEFT)));
    }
    let more = group.sentence.iter().chain(group.marks.iter().map(|mark| &mark.text));
    for line in more {
        let text = lines_with(line, 26, LEFT);
        parts.push(small(&format!("<I>{text}</I>")));
    }
    let mut label = parts.join(LEFT);
    label.push_str(LEFT);
    label
}

/// What stands at an arrow; empty for none.
pub fn arrow(labels: &[String]) -> String {
    let content = match labels {
        [] => return String::new(),
        [one] => lines(one, 24),
        several => {
            let lines: Vec<String> = several
                .iter()
                .map(|label| format!("– {}{LEFT}", lines_with(label, 28, LEFT)))
                .collect();
            lines.concat()
        }
    };
    // Keeps the text off the line.
    format!(
        "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"3\"><TR><TD>{content}</TD></TR></TABLE>"
    )
}

/// The title, and what colours, shapes and lines mean.
pub fn header(diagram: &Diagram) -> String {
    let title = lines(&diagram.title, 60);
    let part = lines(&diagram.part, 70);
    let version = escape(&diagram.version);
    let mut rows = vec![
        row(&format!("<FONT POINT-SIZE=\"18\"><B>{title}</B></FONT>")),
        row(&format!("<FONT POINT-SIZE=\"12\">{part} · version {version}</FONT>")),
    ];
    let run = diagram.highlight.as_ref();
    let sentences = run.into_iter().flat_map(|run| run.sentences());
    rows.extend(sentences.map(|it| row(&format!("<B>{}</B>", lines(&it, 70)))));
    rows.extend(columns(diagram.legend.roles.iter().map(role).collect()));
    rows.extend(columns(signs(&diagram.legend)));
    table(&rows)
}

/// A table of cells, four in a row.
fn columns(cells: Vec<String>) -> Option<String> {
    let rows: String = cells
        .chunks(4)
        .map(|row| {
            let missing = "<TD></TD>".repeat(4 - row.len());
            format!("<TR>{}{missing}</TR>", row.concat())
        })
        .collect();
    (!cells.is_empty()).then(|| {
        row(&format!(
            "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"4\" CELLPADDING=\"3\">{rows}</TABLE>"
        ))
    })
}

fn role(role: &Role) -> String {
    let style = if role.external { " STYLE=\"dashed\"" } else { "" };
    let (fill, line) = (role.fill, role.line);
    let text = small(&lines(&role.title, WIDTH));
    format!("<TD BGCOLOR=\"{fill}\" BORDER=\"1\" COLOR=\"{line}\"{style}>{text}</TD>")
}

/// Shapes and lines as far as text can show them; steps, starts and ends explain themselves.
fn signs(legend: &Legend) -> Vec<String> {
    let cell = |attributes: &str, text: &str| format!("<TD{attributes}>{}</TD>", small(text));
    let mut cells = Vec::new();
    if legend.external {
        cells.push(cell(" BORDER=\"1\" STYLE=\"dashed\"", "external role"));
    }
    if legend.live {
        cells.push(cell("", &format!("{} touches what is live", live_mark())));
    }
    for shape in &legend.shapes {
        let meaning = escape(shape.meaning);
        match shape.kind {
            ShapeKind::Decision => cells.push(cell("", &format!("<B>◊</B> {meaning}"))),
            ShapeKind::Block | ShapeKind::Before => {
                cells.push(cell(" BORDER=\"2\" COLOR=\"#444444\"", &meaning));
            }
            ShapeKind::Fork => cells.push(cell("", &format!("<B>▬▬</B> {meaning}"))),
            ShapeKind::Event => cells.push(cell(
                " BORDER=\"1\" STYLE=\"dashed\" COLOR=\"#a04600\"",
                &format!("<I>{meaning}</I>"),
            )),
            _ => {}
        }
    }
    cells.extend(legend.arrows.iter().map(|arrow| cell("", &sign_of_arrow(arrow))));
    cells
}

fn sign_of_arrow(arrow: &ArrowMeaning) -> String {
    let (colour, line) = match arrow.kind {
        _ if arrow.back => ("#1f4f94", "– – →"),
        ArrowKind::Next | ArrowKind::Choice | ArrowKind::Jump => ("#333333", "——→"),
        ArrowKind::Event => ("#a04600", "◊– – →"),
        ArrowKind::Wait => ("#333333", "○· · · →"),
        ArrowKind::Skip => ("#777777", "· · · →"),
    };
    format!("<FONT COLOR=\"{colour}\"><B>{line}</B></FONT> {}", escape(arrow.meaning))
}
