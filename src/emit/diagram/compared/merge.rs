//! The shapes, groups and arrows of two editions as one picture.

use super::{Changes, Editions, Marked, Note, NoteOf, Sign, shown_at};
use crate::emit::diagram::scene::{Key, Piece, Scene, Shown};
use crate::emit::diagram::trace::{Traced, trace};
use crate::emit::diagram::{Arrow, ArrowKind, Group, Shape, arrows, shapes};
use crate::model::{BranchKind, ItemId, Model};
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
    new_arrows: Vec<Ways>,
    old_arrows: Vec<Ways>,
}

/// An arrow of one edition, between shapes of the picture. What is not drawn has a number behind them.
struct Ways {
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
        let mut order: Vec<(bool, usize)> = (0..new.keys.len()).map(|at| (true, at)).collect();
        let known: HashMap<Key, usize> = new.keys.iter().copied().zip(0..).collect();
        let same = |key: &Key| in_new(editions, *key).and_then(|key| known.get(&key).copied());
        let olds = old.map(|old| old.keys.as_slice()).unwrap_or_default();
        let pairs: Vec<Option<usize>> = olds.iter().map(same).collect();
        if let Some(old) = old {
            for (at, key) in old.keys.iter().enumerate() {
                if pairs[at].is_none() && is_gone(editions, *key) {
                    let spot = self.spot(&order, (new, old), &pairs, at);
                    order.insert(spot, (false, at));
                }
            }
        }
        let met: HashSet<usize> = pairs.iter().flatten().copied().collect();
        for (at, (is_new, own)) in order.into_iter().enumerate() {
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

    /// Where in the order a shape of the old edition stands: behind what stood before it in the same group.
    fn spot(
        &self,
        order: &[(bool, usize)],
        (new, old): (&Part, &Part),
        pairs: &[Option<usize>],
        at: usize,
    ) -> usize {
        let group_of = |(is_new, at): (bool, usize)| match is_new {
            true => new.shapes.get(at)?.group,
            false => self.old_groups.get(old.groups.get(old.shapes.get(at)?.group?)?).copied(),
        };
        let own = group_of((false, at));
        let is_in = |it: (bool, usize)| {
            let around = |group: &usize| self.groups.get(*group).and_then(|group| group.group);
            own.is_none()
                || std::iter::successors(group_of(it), around).any(|group| Some(group) == own)
        };
        let placed = |old: usize| {
            let wanted = pairs.get(old).copied().flatten().map_or((false, old), |new| (true, new));
            order.iter().position(|it| *it == wanted)
        };
        let is_text = |at: &usize| matches!(old.keys.get(*at), Some(Key::Within(..) | Key::Start));
        let before: Vec<usize> = (0..at).rev().filter(is_text).collect();
        let near = |at: &usize| placed(*at).filter(|spot| is_in(order[*spot]));
        if !is_text(&at) {
            return order.len();
        }
        let behind = before.iter().find_map(near).map(|spot| spot + 1);
        let ahead = || (at + 1..old.keys.len()).filter(is_text).find_map(|it| near(&it));
        let anywhere = || before.iter().find_map(|it| placed(*it)).map(|spot| spot + 1);
        behind.or_else(ahead).or_else(anywhere).unwrap_or(order.len())
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
        for Ways { from, to, arrow } in &news {
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
        for Ways { from, to, arrow } in &olds {
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

    fn has_sign(&self, from: usize, to: usize, sign: Sign) -> bool {
        [from, to].iter().any(|at| self.marks.get(*at).is_some_and(|mark| mark.sign == sign))
    }

    fn is_moved(&self, from: usize, to: usize) -> bool {
        self.moved.contains(&from) || self.moved.contains(&to)
    }

    /// Whether an edition leads from one shape to another by way of what the other edition has not, or has
    /// elsewhere.
    fn leads(&self, ways: &[Ways], only: Sign, from: usize, to: usize) -> bool {
        let passes = |at: usize| {
            self.moved.contains(&at) || self.marks.get(at).is_none_or(|mark| mark.sign == only)
        };
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(at) = open.pop() {
            for way in ways.iter().filter(|way| way.from == at) {
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
fn ways(part: &Part, keys: &HashMap<Key, usize>, nowhere: usize) -> Vec<Ways> {
    let at = |own: usize| {
        let key = part.keys.get(own).and_then(|key| keys.get(key).copied());
        // Each that is not drawn has its own number.
        key.unwrap_or(nowhere + own)
    };
    let ways = part.arrows.iter();
    ways.map(|arrow| Ways { from: at(arrow.from), to: at(arrow.to), arrow: arrow.clone() })
        .collect()
}

/// The arrow of the other edition that leads the same way for the same reason.
fn same_way(ways: &[Ways], from: usize, to: usize, kind: ArrowKind) -> Option<&Arrow> {
    let plain = |kind| match kind {
        ArrowKind::Jump | ArrowKind::Choice => ArrowKind::Next,
        kind => kind,
    };
    let mut same = ways.iter().filter(|way| (way.from, way.to) == (from, to));
    same.find(|way| plain(way.arrow.kind) == plain(kind)).map(|way| &way.arrow)
}

/// A sign before each label, or alone where there is none.
fn sign_labels(arrow: &mut Arrow, sign: &str) {
    match arrow.labels.is_empty() {
        true => arrow.labels.push(sign.to_string()),
        false => arrow.labels.iter_mut().for_each(|label| *label = format!("{sign} {label}")),
    }
}

/// What the new edition has in the place of something of the old one.
fn in_new(editions: &Editions<'_>, key: Key) -> Option<Key> {
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
fn is_gone(editions: &Editions<'_>, key: Key) -> bool {
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
fn stays(editions: &Editions<'_>, key: Key) -> bool {
    match key {
        Key::Within(id, Piece::Itself | Piece::Fork | Piece::Join) => editions.in_old(id).is_some(),
        Key::Within(..) | Key::End(..) | Key::PathChoice => false,
        _ => true,
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
