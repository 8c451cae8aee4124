//! From the edges of the flow graph to arrows between what is shown.

use super::ArrowKind;
use super::scene::{Key, Piece, Scene, Shown};
use super::words;
use crate::emit::words::is_plain_otherwise;
use crate::flow::{ChosenBy, EdgeKind, NodeKind};
use crate::flow::{EdgeIndex, NodeIndex};
use crate::model::{Branch, BranchKind, ItemId, ItemKind, Model, Target};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What is shown, and how it hangs together.
pub struct Traced {
    pub keys: Vec<Key>,
    pub ways: Vec<Way>,
}

/// An arrow between two shapes.
pub struct Way {
    pub from: Key,
    pub to: Key,
    pub kind: ArrowKind,
    pub labels: Vec<String>,
}

/// Past more stages than this no single arrow leads; each of them says that it may be skipped.
const MOST_SKIPS: u32 = 2;

/// Finds the arrows, and the shapes that have one or that stand for an item that is drawn.
pub fn trace(scene: &Scene<'_>) -> Traced {
    let mut ways = Vec::new();
    for node in scene.flow.graph.node_indices() {
        let Some(from) = scene.key(node) else { continue };
        // Nobody leaves a block by its end where an `end` or `go` stands last in it.
        if scene.flow.node(node).kind == NodeKind::Leave && !scene.flow.reached()[node.index()] {
            continue;
        }
        for (edge, target) in scene.flow.out(node) {
            if is_event_of_block(scene, node, edge) {
                continue;
            }
            let mut trail = Trail::default().along(scene, node, edge, target);
            trail.left = begins_anew(scene, from, target);
            follow(scene, from, target, trail, &mut ways);
        }
    }
    trace_events(scene, &mut ways);
    drop_unrelated(&mut ways);
    let mut keys: BTreeSet<Key> = ways.iter().flat_map(|way| [way.from, way.to]).collect();
    let own = scene.ids().filter(|id| scene.shown(*id) == Shown::Shape(*id));
    keys.extend(own.map(|id| Key::Within(id, Piece::Itself)));
    Traced { keys: keys.into_iter().collect(), ways }
}

/// What was gathered on the way through what is not shown.
#[derive(Clone, Default)]
struct Trail {
    kind: Option<ArrowKind>,
    labels: Vec<String>,
    skips: u32,
    /// The block that was entered last: its first round is no repetition.
    entered: Option<ItemId>,
    /// It is not just the way from one part of a shape to another.
    left: bool,
}

impl Trail {
    fn along(
        mut self,
        scene: &Scene<'_>,
        node: NodeIndex,
        edge: EdgeIndex,
        target: NodeIndex,
    ) -> Self {
        let first_round = self.entered == Some(scene.flow.node(node).item);
        let (kind, labels) = meaning(scene, node, edge, target, first_round);
        self.kind = self.kind.or(kind);
        if matches!(scene.flow.node(node).kind, NodeKind::Choose(ChosenBy::Until | ChosenBy::Each))
            && !labels.is_empty()
        {
            // The answer stands at the way on already.
            self.labels.clear();
        }
        self.labels.extend(labels);
        let (edge, node) = (scene.flow.edge(edge), scene.flow.node(node));
        self.skips += u32::from(edge.kind == EdgeKind::Skip && node.kind == NodeKind::Ask);
        if node.kind == NodeKind::Enter {
            self.entered = Some(node.item);
        }
        self
    }
}

/// Whether an edge leads a shape's own steps to where the shape is arrived at.
fn begins_anew(scene: &Scene<'_>, from: Key, target: NodeIndex) -> bool {
    let Key::Within(id, _) = from else { return false };
    scene.flow.arrive.get(id.0 as usize) == Some(&target)
}

/// Goes on from a node until something is shown, on every way.
fn follow(scene: &Scene<'_>, from: Key, node: NodeIndex, trail: Trail, ways: &mut Vec<Way>) {
    let mut seen = HashSet::new();
    let mut open = vec![(node, trail)];
    while let Some((node, mut trail)) = open.pop() {
        if let Some(to) = scene.key(node) {
            ways.extend(way(scene, from, to, trail));
            continue;
        }
        trail.left = true;
        if !seen.insert((node, trail.entered, trail.skips)) {
            continue;
        }
        for (edge, target) in scene.flow.out(node).into_iter().rev() {
            if is_taken(scene, node, edge, &trail) {
                open.push((target, trail.clone().along(scene, node, edge, target)));
            }
        }
    }
}

/// Whether a way that is not shown leads along this edge.
fn is_taken(scene: &Scene<'_>, index: NodeIndex, edge: EdgeIndex, trail: &Trail) -> bool {
    let (node, edge) = (scene.flow.node(index), scene.flow.edge(edge));
    let item = scene.model.item(node.item);
    match node.kind {
        // A step that may be skipped says so itself.
        NodeKind::Ask if edge.kind == EdgeKind::Skip => {
            matches!(item.kind, ItemKind::Stage) && trail.skips < MOST_SKIPS
        }
        // Tasks that are done once more stay within their step.
        NodeKind::Task(_) => edge.kind != EdgeKind::Back,
        // That there may be nothing to repeat over is no way of its own.
        NodeKind::Choose(ChosenBy::Each) if trail.entered == Some(node.item) => {
            edge.kind == EdgeKind::Back || item.children.is_empty()
        }
        _ => true,
    }
}

/// What an edge says: its kind, unless it is a plain one, and its label.
fn meaning(
    scene: &Scene<'_>,
    index: NodeIndex,
    edge: EdgeIndex,
    target: NodeIndex,
    first_round: bool,
) -> (Option<ArrowKind>, Vec<String>) {
    let (node, edge) = (scene.flow.node(index), scene.flow.edge(edge));
    let item = scene.model.item(node.item);
    let again = edge.kind == EdgeKind::Back && !first_round;
    match (node.kind, &item.kind) {
        (NodeKind::Choose(ChosenBy::People | ChosenBy::Facts), _) => {
            let branch = edge.branch.and_then(|index| Some((index, item.branches.get(index)?)));
            branch.map_or((None, Vec::new()), |(index, branch)| {
                (Some(kind(branch)), vec![said_of(scene, node.item, index, branch)])
            })
        }
        (NodeKind::Choose(ChosenBy::Paths), _) => {
            let path = scene.flow.node(target).item;
            (Some(ArrowKind::Choice), words::conditions_of_path(scene.model, path))
        }
        (NodeKind::Choose(ChosenBy::Until), _) if again => (None, vec!["again".to_string()]),
        (NodeKind::Choose(ChosenBy::Each), ItemKind::ForEach(each)) if again => {
            (None, vec![format!("next {}", each.item.replace('-', " "))])
        }
        (NodeKind::Go, ItemKind::Go { at_most: Some(count), .. }) => match edge.at_most {
            Some(_) => (Some(ArrowKind::Jump), vec![crate::emit::words::times(*count)]),
            None => (None, vec!["after that".to_string()]),
        },
        (NodeKind::Go, ItemKind::Go { .. }) => (Some(ArrowKind::Jump), Vec::new()),
        (NodeKind::Ask, ItemKind::Stage) if edge.kind == EdgeKind::Skip => {
            (Some(ArrowKind::Skip), Vec::new())
        }
        _ => (None, Vec::new()),
    }
}

/// What a branch says; where its decision is not drawn, "in all other cases" would not say which the first are.
fn said_of(scene: &Scene<'_>, decide: ItemId, index: usize, branch: &Branch) -> String {
    let is_plain = is_plain_otherwise(scene.model.item(decide), index);
    match is_plain && scene.shown(decide) != Shown::Shape(decide) {
        true => words::no_other(scene.model, decide),
        false => words::branch(scene.model, branch),
    }
}

fn kind(branch: &Branch) -> ArrowKind {
    match branch.kind {
        BranchKind::Event(_) => ArrowKind::Event,
        BranchKind::After(_) => ArrowKind::Wait,
        BranchKind::Answer(_) | BranchKind::When(_) | BranchKind::Otherwise => ArrowKind::Choice,
    }
}

/// Whether the edge is there since something may happen anywhere in a block around the node.
fn is_event_of_block(scene: &Scene<'_>, index: NodeIndex, edge: EdgeIndex) -> bool {
    let (node, edge) = (scene.flow.node(index), scene.flow.edge(edge));
    let Some(branch) = edge.branch else { return false };
    let own = scene.model.item(node.item).branches.get(branch);
    !matches!(node.kind, NodeKind::Choose(ChosenBy::People | ChosenBy::Facts))
        || own.is_none_or(|own| own.place != edge.place)
}

/// The arrow, if it is part of the picture.
fn way(scene: &Scene<'_>, from: Key, to: Key, trail: Trail) -> Option<Way> {
    let near = match from {
        Key::Within(id, _) => scene.neighbourhood(id),
        _ => Model::ROOT,
    };
    let from = match from {
        Key::To(id, _) => Key::From(id),
        from => from,
    };
    let to = match to {
        Key::To(id, _) => Key::To(id, near),
        Key::End(outcome, _) => Key::End(outcome, near),
        to if to == from && !trail.left => return None,
        to => to,
    };
    let is_drawn = |key: Key| matches!(key, Key::Within(..));
    let part = scene.draws_all()
        || is_drawn(from)
        || is_drawn(to)
        || (from, to) == (Key::Start, Key::Before);
    let kind = trail.kind.unwrap_or(ArrowKind::Next);
    part.then_some(Way { from, to, kind, labels: trail.labels })
}

/// What comes before the paths is of interest only if it leads to what is drawn.
fn drop_unrelated(ways: &mut Vec<Way>) {
    let leads = |way: &Way| way.from == Key::Before && matches!(way.to, Key::Within(..));
    let has_before = ways.iter().any(leads);
    ways.retain(|way| has_before || ![way.from, way.to].contains(&Key::Before));
    let is_exit = |way: &Way| way.from == Key::Before && !matches!(way.to, Key::Within(..));
    ways.retain(|way| !is_exit(way));
}

/// One arrow for each event of a block, however many steps it may happen at.
fn trace_events(scene: &Scene<'_>, ways: &mut Vec<Way>) {
    let model = scene.model;
    let mut after: HashMap<ItemId, NodeIndex> = HashMap::new();
    for index in scene.flow.graph.node_indices() {
        let node = scene.flow.node(index);
        if node.kind == NodeKind::Leave {
            after.extend(scene.flow.out(index).first().map(|(_, target)| (node.item, *target)));
        }
    }
    for id in model.ids() {
        let item = model.item(id);
        if matches!(item.kind, ItemKind::Decide { .. }) {
            continue;
        }
        for (index, branch) in item.branches.iter().enumerate() {
            let target = match branch.target {
                Target::Item(to) => scene.flow.arrive.get(to.0 as usize).copied(),
                Target::End(outcome) => scene.flow.ends.get(outcome.0 as usize).copied(),
                Target::Next => after.get(&id).copied(),
            };
            let event = Key::Within(id, Piece::Event(index));
            let from = match scene.shown(id) {
                Shown::Group | Shown::Through => event,
                Shown::Shape(block) => Key::Within(block, Piece::Itself),
                Shown::Away(block) => Key::From(block),
                Shown::Before => Key::Before,
            };
            let said = from == event;
            let labels = if said { Vec::new() } else { vec![words::branch(model, branch)] };
            let trail = Trail { kind: Some(ArrowKind::Event), labels, ..Trail::default() };
            if let Some(target) = target {
                follow(scene, from, target, trail, ways);
            }
        }
    }
}
