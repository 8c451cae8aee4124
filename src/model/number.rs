//! Numbers steps by position: stage, step, task.
//!
//! What stands before the paths is lettered (A, A.1), so that the stages of a path are numbered as
//! its readers count them. `repeat`, `any order`, `for each` and `run` have no number of their
//! own: their steps are counted where they stand.

use super::{ItemId, ItemKind, Line, Model};

pub fn number(model: &mut Model) {
    let has_paths = model.paths().next().is_some();
    let numbering = if has_paths { Numbering::Letters } else { Numbering::Digits };
    let paths: Vec<ItemId> = model.paths().map(|(id, _)| id).collect();
    let mut before = Counter { prefix: String::new(), numbering, last: 0 };
    number_children(model, Model::ROOT, &mut before);
    for path in paths {
        let mut counter = Counter { prefix: String::new(), numbering: Numbering::Digits, last: 0 };
        number_children(model, path, &mut counter);
    }
}

#[derive(Clone, Copy)]
enum Numbering {
    Digits,
    Letters,
}

struct Counter {
    /// The number of what is around, with a full stop.
    prefix: String,
    numbering: Numbering,
    last: usize,
}

impl Counter {
    fn next(&mut self) -> String {
        self.last += 1;
        match self.numbering {
            Numbering::Digits => format!("{}{}", self.prefix, self.last),
            Numbering::Letters => format!("{}{}", self.prefix, letters(self.last)),
        }
    }

    fn inside(number: &str) -> Counter {
        Counter { prefix: format!("{number}."), numbering: Numbering::Digits, last: 0 }
    }
}

/// 1 is A, 26 is Z, 27 is AA.
fn letters(mut number: usize) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        letters.push((b'A' + ((number - 1) % 26) as u8) as char);
        number = (number - 1) / 26;
    }
    letters.iter().rev().collect()
}

fn number_children(model: &mut Model, parent: ItemId, counter: &mut Counter) {
    for child in model.item(parent).children.clone() {
        match model.item(child).kind {
            ItemKind::Stage => {
                let number = counter.next();
                number_children(model, child, &mut Counter::inside(&number));
                model.items[child.0 as usize].number = number;
            }
            ItemKind::Step | ItemKind::Decide { .. } => {
                let number = counter.next();
                let item = &mut model.items[child.0 as usize];
                number_lines(&mut item.lines, &mut Counter::inside(&number));
                item.number = number;
            }
            ItemKind::Repeat { .. }
            | ItemKind::AnyOrder { .. }
            | ItemKind::ForEach(_)
            | ItemKind::Run { .. } => number_children(model, child, counter),
            ItemKind::Process | ItemKind::Path { .. } | ItemKind::Go { .. } | ItemKind::End(_) => {}
        }
    }
}

fn number_lines(lines: &mut [Line], counter: &mut Counter) {
    for line in lines {
        match line {
            Line::Task(task) => task.number = counter.next(),
            Line::ForEach { lines, number, .. } => {
                *number = counter.next();
                number_lines(lines, &mut Counter::inside(number));
            }
            _ => {}
        }
    }
}
