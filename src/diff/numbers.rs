//! The numbers that people call steps and stages by: which are others now.

use super::items::Compare;
use super::spot::Spot;
use super::{Bump, Kind, names::Side};
use crate::model::{ItemId, ItemKind, Model};
use std::collections::HashMap;

/// So many stretches of numbers are told.
const MOST: usize = 5;

/// Numbers that follow each other, and what they were.
struct Stretch {
    /// The path that they are in, by its title.
    path: Option<String>,
    was: Vec<String>,
    is: Vec<String>,
}

impl Compare<'_> {
    /// One change for all of them. It owes nothing, since what is done is the same; but who has both editions
    /// at hand finds one step under two numbers.
    pub fn numbers(&mut self) {
        let stretches = self.stretches();
        if stretches.is_empty() {
            return;
        }
        let told = &stretches[..stretches.len().min(MOST)];
        let of_paths = told.chunk_by(|one, next| one.path == next.path).map(|stretches| {
            let told: Vec<String> = stretches.iter().map(Stretch::told).collect();
            let path = stretches.first().and_then(|stretch| stretch.path.as_ref());
            let path = path.map(|path| format!("in “{path}” ")).unwrap_or_default();
            path + &told.join(", ")
        });
        let mut of_paths: Vec<String> = of_paths.collect();
        if stretches.len() > MOST {
            of_paths.push("and others".to_string());
        }
        let text = format!("steps have other numbers: {}", of_paths.join("; "));
        self.tell(&Spot::numbers(), Bump::None, Kind::Renamed, text);
    }

    fn stretches(&self) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        // For what holds numbers, the stretch that may go on in it: by how much they differ, and the last.
        let mut open: HashMap<ItemId, (usize, i64, i64)> = HashMap::new();
        for new in self.new.model.ids() {
            let Some(old) = self.new.items[new.0 as usize] else { continue };
            let ((over, was), (above, is)) = (own(self.old, old), own(self.new, new));
            // What stands elsewhere has moved, and what is in something with another number goes with it.
            let is_same = was == is || was.is_empty() || is.is_empty();
            if is_same || self.new.items[above.0 as usize] != Some(over) {
                if !is.is_empty() {
                    open.remove(&above);
                }
                continue;
            }
            let number = |own: &str| own.parse::<i64>().unwrap_or_default();
            let (here, shift) = (number(is), number(is) - number(was));
            let goes_on = |(_, by, last): &&(usize, i64, i64)| *by == shift && last + 1 == here;
            let at = open.get(&above).filter(goes_on).map_or(stretches.len(), |(at, ..)| *at);
            open.insert(above, (at, shift, here));
            if at == stretches.len() {
                let (was, is) = (Vec::new(), Vec::new());
                stretches.push(Stretch { path: path(self.new, new), was, is });
            }
            let stretch = &mut stretches[at];
            stretch.was.push(self.old.model.item(old).number.clone());
            stretch.is.push(self.new.model.item(new).number.clone());
        }
        stretches
    }
}

impl Stretch {
    fn told(&self) -> String {
        let all = |numbers: &[String]| match numbers {
            [one, other] => format!("{one} and {other}"),
            [first, .., last] => format!("{first} to {last}"),
            numbers => numbers.concat(),
        };
        let are = if self.is.len() > 1 { "are" } else { "is" };
        format!("{} {are} now {}", all(&self.was), all(&self.is))
    }
}

/// What an item is numbered in, and its number there: `3` of `2.3`; empty where it has none.
fn own<'s>(side: &'s Side<'_>, id: ItemId) -> (ItemId, &'s str) {
    let model = side.model;
    let counts = |id: &ItemId| {
        let item = model.item(*id);
        !item.number.is_empty() || matches!(item.kind, ItemKind::Path { .. })
    };
    let above = model.ancestors(id).skip(1).find(counts).unwrap_or(Model::ROOT);
    let number = model.item(id).number.as_str();
    let own = number.strip_prefix(model.item(above).number.as_str()).unwrap_or(number);
    (above, own.trim_start_matches('.'))
}

fn path(side: &Side<'_>, id: ItemId) -> Option<String> {
    let is_path = |id: &ItemId| matches!(side.model.item(*id).kind, ItemKind::Path { .. });
    let path = side.model.ancestors(id).find(is_path)?;
    Some(side.text(&side.model.item(path).title))
}
