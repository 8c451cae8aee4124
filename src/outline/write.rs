//! The points of an outline to a file.

use super::{Label, Point, name};
use std::collections::HashSet;

/// The file of a process.
pub fn process(called: &str, title: Option<&str>, points: Vec<Point>) -> String {
    let mut writer = Writer { out: String::new(), depth: 0 };
    let called = name(called).unwrap_or_else(|| "process".to_string());
    let title = title.filter(|title| !title.trim().is_empty());
    let title = title.map(|title| format!(" {}", quoted(title))).unwrap_or_default();
    let points = behind_paths_into_them(points);
    writer.open(&format!("process {called}{title}"));
    writer.line("version 0.1.0");
    writer.blank();
    writer.line("// TODO: who does it? Name the roles, as in: role team \"The team\"");
    writer.line(
        "// Then say which of them does what: put \"by team\" behind a stage, a path or a step.",
    );
    writer.line("// TODO: how can it end? Name the outcomes, as in: outcome done \"All is done\"");
    writer.line("// Then say where it ends so, with \"end done\" on a line of its own.");
    let mut names = HashSet::new();
    let paths = points.iter().enumerate().filter(|(_, point)| point.is_path());
    let paths: Vec<String> = paths
        .map(|(index, point)| name_of(&point.text, &format!("path-{}", index + 1), &mut names))
        .collect();
    writer.blank();
    if paths.len() > 1 {
        writer.line("// TODO: what decides which way is taken? Ask for that instead.");
        writer.line(&format!("fact way \"Which way is taken?\" : one of {}", paths.join(", ")));
    }
    let mut paths_left = paths.iter();
    for point in &points {
        match point.is_path().then(|| paths_left.next()).flatten() {
            Some(name) => writer.path(name, point, paths.len() == 1),
            None => writer.flow_point(point),
        }
    }
    writer.close();
    writer.out
}

/// Nothing stands behind paths: what an outline has there belongs to the last of those before it.
fn behind_paths_into_them(points: Vec<Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    for point in points {
        match kept.last_mut().filter(|last| last.is_path() && !point.is_path()) {
            Some(path) => path.points.push(point),
            None => kept.push(point),
        }
    }
    kept
}

impl Point {
    fn is_path(&self) -> bool {
        self.label == Some(Label::Path)
    }

    fn is_remark(&self) -> bool {
        matches!(self.label, Some(Label::Note | Label::Warning | Label::Link))
    }

    fn is_decision(&self) -> bool {
        let asks = self.label.is_none() && !self.is_heading && self.text.ends_with('?');
        asks || self.label == Some(Label::Decision)
    }

    /// Whether the points inside are steps, and not what is done in one.
    fn is_stage(&self) -> bool {
        let is_link = |point: &Point| point.label == Some(Label::Link);
        let holds = |point: &Point| point.points.iter().any(|inside| !is_link(inside));
        let has_steps = || self.points.iter().any(holds);
        !self.points.is_empty()
            && match self.label {
                Some(Label::Path | Label::Stage) => true,
                None => self.is_heading || has_steps(),
                Some(_) => false,
            }
    }
}

struct Writer {
    out: String,
    depth: usize,
}

impl Writer {
    fn line(&mut self, line: &str) {
        self.out.push_str(&"  ".repeat(self.depth));
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn open(&mut self, header: &str) {
        self.line(&format!("{header} {{"));
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.line("}");
    }

    /// A blank line, but not at the start of a block.
    fn blank(&mut self) {
        if !self.out.ends_with("{\n") && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn path(&mut self, name: &str, point: &Point, is_only: bool) {
        self.blank();
        self.open(&format!("path {name} {}", quoted(&point.text)));
        match is_only {
            true => self.line("otherwise"),
            false => self.line(&format!("when way = {name}")),
        }
        self.flow(point);
        self.close();
    }

    /// What is in a path or stage: a step at least.
    fn flow(&mut self, point: &Point) {
        point.points.iter().for_each(|inside| self.flow_point(inside));
        if point.points.iter().all(Point::is_remark) {
            self.line(&format!("step {}", quoted(&point.text)));
        }
    }

    fn flow_point(&mut self, point: &Point) {
        if point.is_remark() {
            self.remark(point);
        } else if point.is_decision() {
            self.decision(point);
        } else if point.is_stage() {
            self.blank();
            self.open(&format!("stage {}", quoted(&point.text)));
            self.flow(point);
            self.close();
        } else if point.points.is_empty() {
            self.line(&format!("step {}", quoted(&point.text)));
        } else {
            self.open(&format!("step {}", quoted(&point.text)));
            self.tasks(&point.points);
            self.close();
        }
    }

    /// Tasks do not stand in each other: they follow each other as they are read.
    fn tasks(&mut self, points: &[Point]) {
        for point in points {
            match point.is_remark() {
                true => self.remark(point),
                false => {
                    self.line(&format!("do {}", quoted(&point.text)));
                    self.tasks(&point.points);
                }
            }
        }
    }

    fn remark(&mut self, point: &Point) {
        let text = quoted(&point.text);
        self.line(&match point.label {
            Some(Label::Warning) => format!("warning {text}"),
            Some(Label::Link) => format!("link {text} {}", quoted(&point.url)),
            _ => format!("note {text}"),
        });
        self.notes(&point.points);
    }

    /// What stands in a remark is one, too.
    fn notes(&mut self, points: &[Point]) {
        points.iter().for_each(|point| self.remark(point));
    }

    /// The points inside are its answers.
    fn decision(&mut self, point: &Point) {
        let (remarks, answers): (Vec<&Point>, Vec<&Point>) =
            point.points.iter().partition(|point| point.is_remark());
        self.open(&format!("decide {}", quoted(&point.text)));
        remarks.into_iter().for_each(|remark| self.remark(remark));
        answers.iter().for_each(|answer| self.notes(&answer.points));
        self.line("// TODO: where does each answer lead? To the next item, or as in: -> step X, -> end done");
        if answers.is_empty() {
            self.line("answer yes \"Yes\" -> next");
            self.line("answer no \"No\" -> next");
        }
        let mut names = HashSet::new();
        for (index, answer) in answers.iter().enumerate() {
            let name = name_of(&answer.text, &format!("answer-{}", index + 1), &mut names);
            self.line(&format!("answer {name} {} -> next", quoted(&answer.text)));
        }
        self.close();
    }
}

/// The name that a text gives, or `other` where it gives none or one that is taken.
fn name_of(text: &str, other: &str, taken: &mut HashSet<String>) -> String {
    let own = name(text).filter(|name| !taken.contains(name));
    let name = own.unwrap_or_else(|| other.to_string());
    taken.insert(name.clone());
    name
}

/// A text between quotes, on one line.
fn quoted(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|char: char| char.is_whitespace() || char.is_control()).collect();
    let plain = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let escaped = plain.replace('\\', "\\\\").replace('"', "\\\"").replace('{', "{{");
    format!("\"{escaped}\"")
}
