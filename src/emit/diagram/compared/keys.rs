//! What is the same in the pictures of two editions.

use super::Editions;
use crate::emit::diagram::scene::{Key, Piece};
use crate::model::{BranchKind, ItemId, Model};

/// What the new edition has in the place of something of the old one.
pub fn in_new(editions: &Editions<'_>, key: Key) -> Option<Key> {
    Some(match key {
        Key::Within(id, piece) => {
            let new = editions.in_new(id)?;
            let piece = match piece {
                Piece::Event(at) => Piece::Event(same_event(editions, (id, at), new)?),
                piece => piece,
            };
            Key::Within(new, piece)
        }
        Key::End(outcome, _) => Key::End(editions.outcome_in_new(outcome)?, Model::ROOT),
        Key::From(id) => Key::From(editions.in_new(id)?),
        Key::To(id, near) => Key::To(editions.in_new(id)?, near),
        key => key,
    })
}

/// The event of the same name.
fn same_event(editions: &Editions<'_>, (id, at): (ItemId, usize), new: ItemId) -> Option<usize> {
    let name = |kind: &BranchKind| match kind {
        BranchKind::Event(name) => Some(name.clone()),
        _ => None,
    };
    let old = name(&editions.old.as_ref()?.model.item(id).branches.get(at)?.kind)?;
    let branches = &editions.new.model.item(new).branches;
    branches.iter().position(|branch| name(&branch.kind).as_ref() == Some(&old))
}

/// Whether something of the old picture is to be shown where it stood: not what only stands elsewhere now.
pub fn is_gone(editions: &Editions<'_>, key: Key) -> bool {
    match key {
        Key::Within(id, Piece::Event(at)) => {
            editions.in_new(id).is_none_or(|new| same_event(editions, (id, at), new).is_none())
        }
        Key::Within(id, _) => editions.in_new(id).is_none(),
        Key::End(..) => true,
        _ => false,
    }
}

/// Whether the old edition has it, though not in the same place.
pub fn stays(editions: &Editions<'_>, key: Key) -> bool {
    match key {
        Key::Within(id, Piece::Itself | Piece::Fork | Piece::Join) => editions.in_old(id).is_some(),
        Key::Within(..) | Key::End(..) | Key::PathChoice => false,
        _ => true,
    }
}
