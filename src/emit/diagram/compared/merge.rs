//! The shapes, groups and arrows of two editions as one picture.

use super::keys::{in_new, is_gone, stays};
use super::order::Order;
use super::{Changes, Editions, Marked, Note, NoteOf, Sign, shown_at};
use crate::emit::diagram::scene::{Key, Piece, Scene, Shown};
use crate::emit::diagram::trace::{Traced, trace};
use crate::emit::diagram::{Arrow, ArrowKind, Group, Shape, ShapeKind, arrows, shapes};
use crate::model::{ItemId, Model};
use std::collections::{BTreeSet, HashMap, HashSet};

/// More notes than this are counted only.
const MOST_NOTES: usize = 8;

/// What is drawn of one edition; arrows and keys by the indexes of its own shapes.
struct Part {
    keys: Vec<Key>,
    groups: Vec<ItemId>,
    drawn_groups: Vec<Group>,
    shapes: Vec<Shape>,
    arrows: Vec<Arrow>,
}

impl Part {
    fn of(scene: &Scene<'_>) -> Part {
        let traced: Traced = trace(scene);
        let arrows = arrows::arrows(scene, &traced);
        let groups = shapes::groups(scene, &traced.keys).into_iter().collect();
        let (drawn_groups, shapes) = shapes::shapes(scene, &traced.keys);
        Part { keys: traced.keys, groups, drawn_groups, shapes, arrows }
    }
}

/// Both in one.
pub struct Drawn {
    groups: Vec<Group>,
    pub shapes: Vec<Shape>,
    pub arrows: Vec<Arrow>,
    marks: Vec<Marked>,
    group_marks: Vec<Marked>,
    signs: Vec<Sign>,
    /// The groups by the items of each edition.
    new_groups: HashMap<ItemId, usize>,
    old_groups: HashMap<ItemId, usize>,
    /// Where each shape of each edition is.
    new_keys: HashMap<Key, usize>,
    old_keys: HashMap<Key, usize>,
    /// What stands elsewhere now: the lines around it are as they must be.
    moved: HashSet<usize>,
    /// The arrows of each edition; none is an end that is not drawn.
    new_arrows: Vec<Way>,
    old_arrows: Vec<Way>,
}

/// An arrow of one edition, between shapes of the picture. What is not drawn has a number behind them.
struct Way {
    from: usize,
    to: usize,
    arrow: Arrow,
}

impl Drawn {
    pub fn of(editions: &Editions<'_>) -> Drawn {
        let new = Part::of(&editions.new);
        let old = editions.old.as_ref().map(Part::of);
        let mut drawn = Drawn {
            groups: new.drawn_groups.clone(),
            shapes: Vec::new(),
            arrows: Vec::new(),
            marks: Vec::new(),
            group_marks: Vec::new(),
            signs: Vec::new(),
            new_groups: new.groups.iter().copied().zip(0..).collect(),
            old_groups: HashMap::new(),
            new_keys: HashMap::new(),
            old_keys: HashMap::new(),
            moved: HashSet::new(),
            new_arrows: Vec::new(),
            old_arrows: Vec::new(),
        };
        let is_new = |id: &ItemId| editions.in_old(*id).is_none();
        drawn.group_marks.extend(new.groups.iter().map(|id| marked(is_new(id), Sign::Added)));
        if let Some(old) = &old {
            drawn.add_groups(editions, old);
        }
        drawn.add_shapes(editions, &new, old.as_ref());
        drawn.new_arrows = ways(&new, &drawn.new_keys, drawn.shapes.len());
        let of_old = old.as_ref().map(|old| ways(old, &drawn.old_keys, drawn.shapes.len()));
        drawn.old_arrows = of_old.unwrap_or_default();
        drawn
    }

    /// The groups that only the old edition has.
    fn add_groups(&mut self, editions: &Editions<'_>, old: &Part) {
        for (id, group) in old.groups.iter().zip(&old.drawn_groups) {
            let same = editions.in_new(*id).and_then(|id| self.new_groups.get(&id).copied());
            let at = same.unwrap_or(self.groups.len());
            self.old_groups.insert(*id, at);
            if same.is_none() {
                let around = group.group.and_then(|at| old.groups.get(at));
                let around = around.and_then(|id| self.old_groups.get(id).copied());
                self.groups.push(Group { group: around, ..group.clone() });
                self.group_marks.push(marked(true, Sign::Gone));
            }
        }
    }

    /// The shapes of the new edition, and between them those that only the old one has.
    fn add_shapes(&mut self, editions: &Editions<'_>, new: &Part, old: Option<&Part>) {
        let known: HashMap<Key, usize> = new.keys.iter().copied().zip(0..).collect();
        let same = |key: &Key| in_new(editions, *key).and_then(|key| known.get(&key).copied());
        let olds = old.map(|old| old.keys.as_slice()).unwrap_or_default();
        let pairs: Vec<Option<usize>> = olds.iter().map(same).collect();
        let mut order = Order::of(&pairs, new.keys.len());
        if let Some(old) = old {
            for (at, key) in old.keys.iter().enumerate() {
                if pairs[at].is_none() && is_gone(editions, *key) {
                    let is_in = |other| self.is_around(old, at, other);
                    order.put(&old.keys, at, &is_in);
                }
            }
        }
        let met: HashSet<usize> = pairs.iter().flatten().copied().collect();
        for (at, (is_new, own)) in order.finish().into_iter().enumerate() {
            let (part, keys) = match (is_new, old) {
                (false, Some(old)) => (old, &mut self.old_keys),
                _ => (new, &mut self.new_keys),
            };
            let (Some(shape), Some(key)) = (part.shapes.get(own), part.keys.get(own)) else {
                continue;
            };
            keys.insert(*key, at);
            let (mut shape, mut mark) = (shape.clone(), Marked::default());
            if !is_new {
                // Its colour is that of the legend of the other edition.
                shape.role = None;
                let group = shape.group.and_then(|group| part.groups.get(group));
                shape.group = group.and_then(|id| self.old_groups.get(id).copied());
                mark.sign = Sign::Gone;
            } else if !met.contains(&own) {
                match stays(editions, *key) {
                    true => drop(self.moved.insert(at)),
                    false => mark.sign = Sign::Added,
                }
            }
            self.shapes.push(shape);
            self.marks.push(mark);
        }
        for (key, pair) in olds.iter().zip(pairs) {
            let at = pair.and_then(|pair| self.new_keys.get(new.keys.get(pair)?).copied());
            self.old_keys.extend(at.map(|at| (*key, at)));
        }
    }

    /// Whether what a shape of the old edition stands in is also around another of them.
    fn is_around(&self, old: &Part, at: usize, other: usize) -> bool {
        let group_of = |at: usize| {
            let group = old.shapes.get(at).and_then(|shape| shape.group)?;
            old.groups.get(group).and_then(|id| self.old_groups.get(id).copied())
        };
        let around = |group: &usize| self.groups.get(*group).and_then(|group| group.group);
        let own = group_of(at);
        own.is_none()
            || std::iter::successors(group_of(other), around).any(|group| Some(group) == own)
    }

    /// Puts a note where it belongs; what has no place in the picture is left to be said beside it.
    pub fn note(&mut self, editions: &Editions<'_>, note: &Note, rest: &mut Vec<String>) {
        let (scene, id) = match (note.about, &editions.old) {
            (NoteOf::Paths, _) => {
                let choice = self.new_keys.get(&Key::PathChoice);
                let mark = choice.and_then(|at| self.marks.get_mut(*at));
                return match mark {
                    Some(mark) => mark.note(&note.text),
                    None => rest.push(note.text.clone()),
                };
            }
            (NoteOf::New(id) | NoteOf::Moved(id), _) => (&editions.new, id),
            (NoteOf::Old(id), Some(old)) => (old, id),
            _ => return rest.push(note.text.clone()),
        };
        let of_old = matches!(note.about, NoteOf::Old(_));
        let (keys, groups) = match of_old {
            true => (&self.old_keys, &self.old_groups),
            false => (&self.new_keys, &self.new_groups),
        };
        let (at, shown) = shown_at(scene, id);
        let key = match shown {
            Shown::Shape(shape) => keys.get(&Key::Within(shape, Piece::Itself)).copied(),
            _ => None,
        };
        let is_shape = matches!(shown, Shown::Shape(shape) if shape == id);
        let mark = match key {
            Some(at) => self.marks.get_mut(at),
            None => groups.get(&at).copied().and_then(|at| self.group_marks.get_mut(at)),
        };
        let Some(mark) = mark else { return rest.push(note.text.clone()) };
        // Its sign says that it is new, or gone.
        let is_itself = is_shape || (key.is_none() && at == id);
        if !is_itself || !matches!(mark.sign, Sign::Added | Sign::Gone) {
            mark.note(without_title(&note.text, scene.model, id));
        }
        let moves = matches!(note.about, NoteOf::Moved(_)) && is_shape;
        self.moved.extend(key.filter(|_| moves));
    }

    /// Says of each arrow what became of it, and adds those that are gone.
    pub fn mark_arrows(&mut self) {
        let (news, olds) =
            (std::mem::take(&mut self.new_arrows), std::mem::take(&mut self.old_arrows));
        let mut all: Vec<(Arrow, Sign)> = Vec::new();
        for Way { from, to, arrow } in &news {
            let before = same_way(&olds, *from, *to, arrow.kind);
            let mut arrow = Arrow { from: *from, to: *to, ..arrow.clone() };
            let sign = match before {
                _ if self.has_sign(*from, *to, Sign::Added) => Sign::Added,
                _ if self.is_moved(*from, *to) => Sign::Same,
                Some(before) if before.labels == arrow.labels => Sign::Same,
                Some(before) => {
                    let is_new = |label: &&mut String| !before.labels.contains(label);
                    arrow.labels.iter_mut().filter(is_new).for_each(|it| *it = format!("~ {it}"));
                    Sign::Changed
                }
                None if self.leads(&olds, Sign::Gone, *from, *to) => Sign::Same,
                None => {
                    sign_labels(&mut arrow, "+");
                    Sign::Added
                }
            };
            all.push((arrow, sign));
        }
        for Way { from, to, arrow } in &olds {
            let is_drawn = *from < self.shapes.len() && *to < self.shapes.len();
            if !is_drawn || self.is_moved(*from, *to) {
                continue;
            }
            let touches = self.has_sign(*from, *to, Sign::Gone);
            let stays = same_way(&news, *from, *to, arrow.kind).is_some()
                || self.leads(&news, Sign::Added, *from, *to);
            if touches || !stays {
                let mut arrow = Arrow { from: *from, to: *to, ..arrow.clone() };
                if !touches {
                    sign_labels(&mut arrow, "−");
                }
                all.push((arrow, Sign::Gone));
            }
        }
        all.sort_by_key(|(arrow, _)| arrow.from);
        (self.arrows, self.signs) = all.into_iter().unzip();
    }

    /// Whether an end of an arrow has a sign of its own beside it; tags have none.
    fn has_sign(&self, from: usize, to: usize, sign: Sign) -> bool {
        let is_tag = |at: usize| self.shapes.get(at).is_none_or(|it| it.kind == ShapeKind::End);
        let has = |at: usize| self.marks.get(at).is_some_and(|mark| mark.sign == sign);
        [from, to].into_iter().any(|at| has(at) && !is_tag(at))
    }

    fn is_moved(&self, from: usize, to: usize) -> bool {
        self.moved.contains(&from) || self.moved.contains(&to)
    }

    /// Whether an edition leads from one shape to another by way of what the other edition has not, or has
    /// elsewhere.
    fn leads(&self, ways: &[Way], only: Sign, from: usize, to: usize) -> bool {
        let passes = |at: usize| {
            self.moved.contains(&at) || self.marks.get(at).is_none_or(|mark| mark.sign == only)
        };
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(at) = open.pop() {
            for way in leaving(ways, at) {
                if way.to == to && at != from {
                    return true;
                }
                if passes(way.to) && seen.insert(way.to) {
                    open.push(way.to);
                }
            }
        }
        false
    }

    pub fn finish(mut self) -> (Vec<Group>, Vec<Shape>, Vec<Arrow>, Changes) {
        for mark in self.marks.iter_mut().chain(&mut self.group_marks) {
            let more = mark.notes.len().saturating_sub(MOST_NOTES);
            if more > 0 {
                mark.notes.truncate(MOST_NOTES);
                mark.notes.push(format!("and {more} more"));
            }
        }
        let changes = Changes {
            since: None,
            sum: String::new(),
            notes: Vec::new(),
            shapes: self.marks,
            groups: self.group_marks,
            arrows: self.signs,
        };
        (self.groups, self.shapes, self.arrows, changes)
    }
}

fn marked(is: bool, sign: Sign) -> Marked {
    Marked { sign: if is { sign } else { Sign::Same }, notes: Vec::new() }
}

/// Arrows between the shapes of the picture.
fn ways(part: &Part, keys: &HashMap<Key, usize>, nowhere: usize) -> Vec<Way> {
    let at = |own: usize| {
        let key = part.keys.get(own).and_then(|key| keys.get(key).copied());
        // Each that is not drawn has its own number.
        key.unwrap_or(nowhere + own)
    };
    let ways = part.arrows.iter();
    let mut ways: Vec<Way> = ways
        .map(|arrow| Way { from: at(arrow.from), to: at(arrow.to), arrow: arrow.clone() })
        .collect();
    ways.sort_by_key(|way| way.from);
    ways
}

/// Those that leave a shape.
fn leaving(ways: &[Way], from: usize) -> &[Way] {
    let first = ways.partition_point(|way| way.from < from);
    let end = ways.partition_point(|way| way.from <= from);
    ways.get(first..end).unwrap_or_default()
}

/// The arrow of the other edition that leads the same way for the same reason.
fn same_way(ways: &[Way], from: usize, to: usize, kind: ArrowKind) -> Option<&Arrow> {
    let plain = |kind| match kind {
        ArrowKind::Jump | ArrowKind::Choice => ArrowKind::Next,
        kind => kind,
    };
    let mut same = leaving(ways, from).iter().filter(|way| way.to == to);
    same.find(|way| plain(way.arrow.kind) == plain(kind)).map(|way| &way.arrow)
}

/// A sign before each label, or alone where there is none.
fn sign_labels(arrow: &mut Arrow, sign: &str) {
    match arrow.labels.is_empty() {
        true => arrow.labels.push(sign.to_string()),
        false => arrow.labels.iter_mut().for_each(|label| *label = format!("{sign} {label}")),
    }
}

/// A note of an item beside which its title stands.
fn without_title<'t>(text: &'t str, model: &Model, id: ItemId) -> &'t str {
    let title = crate::emit::prose::plain(&crate::emit::words::text(&model.item(id).title));
    match text.split_once(&format!("“{title}”")) {
        Some((before, rest)) if !title.is_empty() && !before.contains(['“', ':']) => {
            rest.trim_start_matches([':', ' '])
        }
        _ => text,
    }
}
