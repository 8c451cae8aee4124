//! Two editions of a process in one picture: what is new, what is gone and where it stood, and what changed.
//!
//! It is the overview of the new edition, in which the blocks are opened in which something changed. What
//! only the old edition has is put between what it stood between.

mod keys;
mod merge;
mod order;

use super::legend;
use super::scene::{Scene, Shown};
use super::{Diagram, View};
use crate::flow::Flow;
use crate::model::{ItemId, ItemKind, Model, OutcomeId};
use merge::Drawn;
use serde::Serialize;
use std::collections::BTreeSet;

/// What two editions are compared by.
pub struct Compared<'c> {
    /// None where the process is new.
    pub old: Option<(&'c Model, &'c Flow)>,
    pub new: (&'c Model, &'c Flow),
    /// For each item and each outcome of the new edition, the one of the old.
    pub items: &'c [Option<ItemId>],
    pub outcomes: &'c [Option<OutcomeId>],
    /// What all of it comes to, in a sentence.
    pub sum: String,
    pub notes: Vec<Note>,
}

/// Something that changed.
#[derive(Clone, Debug)]
pub struct Note {
    pub about: NoteOf,
    pub text: String,
}

/// What a change is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoteOf {
    /// The process as a whole.
    #[default]
    Process,
    /// Which path is taken.
    Paths,
    /// An item of the old edition that the new one has not.
    Old(ItemId),
    /// An item of the new edition.
    New(ItemId),
    /// One that stands elsewhere than it did.
    Moved(ItemId),
}

/// What became of something that is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    #[default]
    Same,
    Added,
    Gone,
    Changed,
}

/// What changed in a picture.
#[derive(Clone, Debug, Serialize)]
pub struct Changes {
    /// The version of the old edition.
    pub since: Option<String>,
    /// What all of it comes to.
    pub sum: String,
    /// What has no place in the picture.
    pub notes: Vec<String>,
    /// For each shape, each group and each arrow.
    pub shapes: Vec<Marked>,
    pub groups: Vec<Marked>,
    pub arrows: Vec<Sign>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Marked {
    pub sign: Sign,
    pub notes: Vec<String>,
}

impl Marked {
    pub fn note(&mut self, text: &str) {
        if self.sign == Sign::Same {
            self.sign = Sign::Changed;
        }
        self.notes.push(text.to_string());
    }
}

impl Changes {
    pub fn shape(&self, shape: usize) -> Option<&Marked> {
        self.shapes.get(shape)
    }

    pub fn group(&self, group: usize) -> Option<&Marked> {
        self.groups.get(group)
    }

    pub fn arrow(&self, arrow: usize) -> Sign {
        self.arrows.get(arrow).copied().unwrap_or_default()
    }
}

/// Both editions, and their numbers for each other.
pub(in crate::emit::diagram) struct Editions<'c> {
    pub old: Option<Scene<'c>>,
    pub new: Scene<'c>,
    compared: &'c Compared<'c>,
    /// For each item of the old edition, the one of the new.
    of_old: Vec<Option<ItemId>>,
}

/// The picture of what changed.
pub fn compared(compared: &Compared<'_>) -> Diagram {
    let editions = Editions::of(compared);
    let model = compared.new.0;
    let mut drawn = Drawn::of(&editions);
    let mut rest = Vec::new();
    for note in &compared.notes {
        drawn.note(&editions, note, &mut rest);
    }
    drawn.mark_arrows();
    let mut legend = legend::roles(model);
    legend::explain(&mut legend, &mut drawn.shapes, &drawn.arrows);
    let (groups, shapes, arrows, changes) = drawn.finish();
    let since = compared.old.map(|(old, _)| old.version.to_string());
    let part = match &since {
        Some(since) => format!("What changed since version {since}"),
        None => "A new process".to_string(),
    };
    let changes = Some(Changes { since, sum: compared.sum.clone(), notes: rest, ..changes });
    Diagram { groups, shapes, arrows, legend, changes, ..Diagram::of(model, "changes", part) }
}

impl<'c> Editions<'c> {
    fn of(compared: &'c Compared<'c>) -> Self {
        let (model, flow) = compared.new;
        let mut of_old = vec![None; compared.old.map_or(0, |(old, _)| old.items.len())];
        for (new, old) in model.ids().zip(compared.items) {
            let slot = old.and_then(|old| of_old.get_mut(old.0 as usize));
            slot.into_iter().for_each(|slot| *slot = Some(new));
        }
        let old = compared.old.map(|(model, flow)| Scene::new(model, flow, View::Overview));
        let new = Scene::new(model, flow, View::Overview);
        let mut editions = Editions { old, new, compared, of_old };
        editions.open();
        editions
    }

    /// The item of the new edition that one of the old is.
    pub fn in_new(&self, old: ItemId) -> Option<ItemId> {
        self.of_old.get(old.0 as usize).copied().flatten()
    }

    pub fn in_old(&self, new: ItemId) -> Option<ItemId> {
        self.compared.items.get(new.0 as usize).copied().flatten()
    }

    pub fn outcome_in_new(&self, old: OutcomeId) -> Option<OutcomeId> {
        let at = self.compared.outcomes.iter().position(|it| *it == Some(old))?;
        u32::try_from(at).ok().map(OutcomeId)
    }

    /// Opens the blocks in which something changed, in both editions.
    fn open(&mut self) {
        let (mut news, mut olds) = (BTreeSet::new(), BTreeSet::new());
        for note in &self.compared.notes {
            match (note.about, &self.old) {
                (NoteOf::New(id) | NoteOf::Moved(id), _) => {
                    news.extend(blocks_around(self.new.model, id))
                }
                (NoteOf::Old(id), Some(old)) => olds.extend(blocks_around(old.model, id)),
                _ => {}
            }
        }
        // What is open in one edition is open in the other, and so is what is around it there.
        loop {
            let size = news.len() + olds.len();
            for id in olds.iter().filter_map(|id| self.in_new(*id)).collect::<Vec<_>>() {
                news.insert(id);
                news.extend(blocks_around(self.new.model, id));
            }
            for id in news.iter().filter_map(|id| self.in_old(*id)).collect::<Vec<_>>() {
                olds.insert(id);
                olds.extend(self.old.iter().flat_map(|old| blocks_around(old.model, id)));
            }
            if news.len() + olds.len() == size {
                break;
            }
        }
        self.new.opened = news;
        self.old.iter_mut().for_each(|old| old.opened.clone_from(&olds));
    }
}

/// The blocks that an item stands in, itself and paths left out.
fn blocks_around(model: &Model, id: ItemId) -> Vec<ItemId> {
    let is_block = |id: &ItemId| {
        !matches!(
            model.item(*id).kind,
            ItemKind::Path { .. }
                | ItemKind::Process
                | ItemKind::Step
                | ItemKind::Decide { .. }
                | ItemKind::Go { .. }
                | ItemKind::End(_)
        )
    };
    model.ancestors(id).skip(1).filter(is_block).collect()
}

/// What shows an item, or what it stands in.
fn shown_at(scene: &Scene<'_>, id: ItemId) -> (ItemId, Shown) {
    let around = scene.model.ancestors(id).map(|id| (id, scene.shown(id)));
    let mut seen = around.filter(|(_, shown)| *shown != Shown::Through);
    seen.next().unwrap_or((Model::ROOT, Shown::Group))
}
