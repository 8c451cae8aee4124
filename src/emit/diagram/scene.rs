//! What a view shows: each item as a shape of its own, as a group, as part of another shape, or not.

use super::View;
use crate::emit::anchors::anchors;
use crate::flow::NodeIndex;
use crate::flow::{ChosenBy, Flow, NodeKind};
use crate::model::{ItemId, ItemKind, Model, OutcomeId};
use std::collections::{BTreeSet, HashMap};

/// A process seen in one way.
pub struct Scene<'m> {
    pub model: &'m Model,
    pub flow: &'m Flow,
    pub view: View,
    /// The path, stage or process that is drawn.
    pub drawn: ItemId,
    /// Where items stand in a checklist.
    pub anchors: HashMap<ItemId, String>,
    /// Blocks that an overview shows with what is in them, and all blocks around them.
    pub opened: BTreeSet<ItemId>,
}

/// How an item appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As the shape of this item: itself, or a block around it that is one box.
    Shape(ItemId),
    /// As a frame around what it holds.
    Group,
    /// Outside of the picture, in this stage, step or path.
    Away(ItemId),
    /// In the box for all that comes before the paths.
    Before,
    /// Not at all: arrows go through it.
    Through,
}

/// What a shape stands for, in the order in which shapes are listed.
///
/// Ends and what lies outside come once for each stage that leads there, so that no line crosses the
/// whole page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    Start,
    Before,
    From(ItemId),
    Within(ItemId, Piece),
    PathChoice,
    To(ItemId, ItemId),
    End(OutcomeId, ItemId),
    Nowhere,
}

/// Which shape of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Piece {
    /// The event with this index.
    Event(usize),
    Fork,
    Itself,
    Join,
}

impl<'m> Scene<'m> {
    pub fn new(model: &'m Model, flow: &'m Flow, view: View) -> Self {
        let drawn = match view {
            View::Overview | View::Whole => Model::ROOT,
            View::Path(id) | View::Stage(id) => id,
        };
        Scene { model, flow, view, drawn, anchors: anchors(model), opened: BTreeSet::new() }
    }

    pub fn shown(&self, id: ItemId) -> Shown {
        let model = self.model;
        match self.view {
            View::Overview => self.in_overview(id),
            View::Whole => self.closely(id),
            View::Path(_) | View::Stage(_) if model.is_within(id, self.drawn) => self.closely(id),
            View::Path(_) => match self.path_of(id) {
                Some(path) => Shown::Away(path),
                None if id == Model::ROOT => Shown::Through,
                None => Shown::Before,
            },
            View::Stage(_) => self.beside(id),
        }
    }

    /// The shape that a node of the flow graph belongs to; none where arrows go through it. Ends
    /// are told apart later, by who leads there.
    pub fn key(&self, node: NodeIndex) -> Option<Key> {
        let node = self.flow.node(node);
        match node.kind {
            NodeKind::Start => return Some(Key::Start),
            NodeKind::End(outcome) => return Some(Key::End(outcome, Model::ROOT)),
            NodeKind::Nowhere => return Some(Key::Nowhere),
            NodeKind::Choose(ChosenBy::Paths) => {
                return self.draws_all().then_some(Key::PathChoice);
            }
            _ => {}
        }
        match self.shown(node.item) {
            Shown::Shape(id) if id == node.item && node.kind == NodeKind::Ask => None,
            Shown::Shape(id) => Some(Key::Within(id, Piece::Itself)),
            Shown::Group => match node.kind {
                NodeKind::Fork => Some(Key::Within(node.item, Piece::Fork)),
                NodeKind::Join => Some(Key::Within(node.item, Piece::Join)),
                _ => None,
            },
            Shown::Away(id) => Some(Key::To(id, Model::ROOT)),
            Shown::Before => Some(Key::Before),
            Shown::Through => None,
        }
    }

    /// Whether arrows between two shapes, both outside of what is drawn, are part of the picture.
    pub fn draws_all(&self) -> bool {
        matches!(self.view, View::Overview | View::Whole)
    }

    /// What is drawn once for all that is near this item: its outermost stage, or its path.
    pub fn neighbourhood(&self, id: ItemId) -> ItemId {
        if matches!(self.view, View::Overview | View::Stage(_)) {
            return Model::ROOT;
        }
        let is_top = |id: &ItemId| {
            let parent = self.model.item(*id).parent;
            let kind = &self.model.item(*id).kind;
            !matches!(kind, ItemKind::Path { .. })
                && parent.is_none_or(|parent| self.is_path_or_process(parent))
        };
        let top = self.model.ancestors(id).find(is_top).unwrap_or(id);
        match self.model.item(top).kind {
            ItemKind::Step | ItemKind::Decide { .. } => {
                self.model.item(top).parent.unwrap_or(Model::ROOT)
            }
            _ => top,
        }
    }

    /// The items that are drawn, with all that is inside of them.
    pub fn ids(&self) -> impl Iterator<Item = ItemId> {
        self.model.ids().filter(|id| self.model.is_within(*id, self.drawn))
    }

    pub fn path_of(&self, id: ItemId) -> Option<ItemId> {
        let is_path = |id: &ItemId| matches!(self.model.item(*id).kind, ItemKind::Path { .. });
        self.model.ancestors(id).find(is_path)
    }

    fn is_path_or_process(&self, id: ItemId) -> bool {
        matches!(self.model.item(id).kind, ItemKind::Path { .. } | ItemKind::Process)
    }

    /// Steps and decisions as shapes, what is around them as groups.
    fn closely(&self, id: ItemId) -> Shown {
        match self.model.item(id).kind {
            ItemKind::Step | ItemKind::Decide { .. } => Shown::Shape(id),
            ItemKind::Go { .. } | ItemKind::End(_) => Shown::Through,
            _ => Shown::Group,
        }
    }

    /// Paths and opened blocks as groups, and what stands directly in them, or before them, as shapes.
    fn in_overview(&self, id: ItemId) -> Shown {
        let is_group = |id: ItemId| self.is_path_or_process(id) || self.opened.contains(&id);
        if is_group(id) {
            return Shown::Group;
        }
        let is_top = |id: &ItemId| self.model.item(*id).parent.is_none_or(is_group);
        let top = self.model.ancestors(id).find(is_top).unwrap_or(id);
        match self.model.item(top).kind {
            ItemKind::Go { .. } | ItemKind::End(_) => Shown::Through,
            _ => Shown::Shape(top),
        }
    }

    /// Outside of the one stage that is drawn: its siblings, and those of what is around it.
    fn beside(&self, id: ItemId) -> Shown {
        if self.model.is_within(self.drawn, id) {
            return Shown::Through;
        }
        let is_beside = |id: &ItemId| {
            let parent = self.model.item(*id).parent;
            parent.is_none_or(|parent| self.model.is_within(self.drawn, parent))
        };
        let beside = self.model.ancestors(id).find(is_beside).unwrap_or(id);
        match self.model.item(beside).kind {
            ItemKind::Go { .. } | ItemKind::End(_) => Shown::Through,
            _ => Shown::Away(beside),
        }
    }
}
