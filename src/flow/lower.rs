//! From items to nodes and edges.

use super::effects::{Asked, Part, asked, for_each_around, own, parts};
use super::search::Found;
use super::{ChosenBy, Counter, Edge, EdgeKind, Effect, Flow, Node, NodeKind, Round};
use crate::model::{BranchKind, Condition, FactType, Guard, ItemId, ItemKind, Model, Target};
use crate::source::Place;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::BTreeMap;

/// Makes the flow graph of a process.
pub fn lower(model: &Model) -> Flow {
    let items = model.items.len();
    let mut graph = DiGraph::with_capacity(2 * items, 3 * items);
    let node = |kind| Node { kind, item: Model::ROOT, place: model.place };
    let start = graph.add_node(node(NodeKind::Start));
    let nowhere = graph.add_node(node(NodeKind::Nowhere));
    let ends = (0..model.outcomes.len() as u32)
        .map(|index| graph.add_node(node(NodeKind::End(crate::model::OutcomeId(index)))))
        .collect();
    let (arrive, counters, found) = (Vec::new(), Vec::new(), Found::default());
    let flow = Flow { graph, start, arrive, ends, nowhere, counters, found };
    let (inner, last, rounds) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut lowering = Lowering { model, flow, inner, last, rounds };
    for id in model.ids() {
        lowering.add_nodes(id);
    }
    for id in model.ids() {
        lowering.wire(id);
    }
    lowering.mark_items();
    lowering.wire_events();
    lowering.mark_jumps_into_blocks();
    lowering.mark_ends();
    lowering.reset_rounds();
    lowering.mark_rounds();
    lowering.flow
}

pub(super) struct Lowering<'m> {
    pub model: &'m Model,
    pub flow: Flow,
    /// Behind the question whether an item applies: where it is entered or performed.
    pub inner: Vec<NodeIndex>,
    /// Where the end of an item's block leads to; for what has no block, where it is left.
    pub last: Vec<NodeIndex>,
    /// The counters of each `repeat`.
    pub rounds: BTreeMap<ItemId, usize>,
}

impl Lowering<'_> {
    fn node(&mut self, kind: NodeKind, item: ItemId) -> NodeIndex {
        let place = self.model.item(item).place;
        self.flow.graph.add_node(Node { kind, item, place })
    }

    /// The nodes of an item: where it is arrived at, entered, and left.
    fn add_nodes(&mut self, id: ItemId) {
        let item = self.model.item(id);
        let is_asked = !matches!(item.kind, ItemKind::Path { .. } | ItemKind::Process)
            && self.asked(id).is_some();
        let ask = is_asked.then(|| self.node(NodeKind::Ask, id));
        let (inner, last) = match &item.kind {
            ItemKind::Process => {
                let last = self.end_of_process();
                (self.flow.start, last)
            }
            ItemKind::Step => {
                let act = self.node(NodeKind::Act, id);
                (act, act)
            }
            ItemKind::Decide { answer } => {
                let by = if answer.is_some() { ChosenBy::People } else { ChosenBy::Facts };
                let act = self.node(NodeKind::Act, id);
                (act, self.node(NodeKind::Choose(by), id))
            }
            ItemKind::Path { .. } | ItemKind::Stage | ItemKind::Run { .. } => {
                (self.node(NodeKind::Enter, id), self.node(NodeKind::Leave, id))
            }
            ItemKind::Repeat { .. } => {
                let until = NodeKind::Choose(ChosenBy::Until);
                (self.node(NodeKind::Enter, id), self.node(until, id))
            }
            ItemKind::ForEach(_) => {
                let each = NodeKind::Choose(ChosenBy::Each);
                (self.node(NodeKind::Enter, id), self.node(each, id))
            }
            ItemKind::AnyOrder { .. } => {
                (self.node(NodeKind::Fork, id), self.node(NodeKind::Join, id))
            }
            ItemKind::Go { .. } | ItemKind::End(_) => {
                let go = self.node(NodeKind::Go, id);
                (go, go)
            }
        };
        self.flow.arrive.push(ask.unwrap_or(inner));
        self.inner.push(inner);
        self.last.push(last);
    }

    /// Where the items before the paths lead to: the choice of a path, or the end.
    fn end_of_process(&mut self) -> NodeIndex {
        let has_choice = self.model.paths().any(|(_, path)| path.is_chosen());
        match has_choice {
            true => self.node(NodeKind::Choose(ChosenBy::Paths), Model::ROOT),
            false => self.end_of_path(),
        }
    }

    /// Where a path that ends without `end` leads to.
    fn end_of_path(&self) -> NodeIndex {
        match self.model.outcomes.first() {
            Some(only) if !only.declared => self.flow.ends[0],
            _ => self.flow.nowhere,
        }
    }

    fn asked(&self, id: ItemId) -> Option<Asked> {
        let item = self.model.item(id);
        let by = match item.kind {
            ItemKind::Step | ItemKind::Decide { .. } => item.head.by.as_ref(),
            _ => None,
        };
        asked(self.model, &item.when, &item.skips, by)
    }

    fn edge(&mut self, from: NodeIndex, to: NodeIndex, kind: EdgeKind, place: Place) -> &mut Edge {
        let index = self.flow.graph.add_edge(from, to, Edge::plain(kind, place, from));
        &mut self.flow.graph[index]
    }

    /// A new counter, where something is limited.
    fn counter(&mut self, at_most: Option<u32>) -> Option<usize> {
        let at_most = at_most?;
        self.flow.counters.push(Counter { at_most });
        Some(self.flow.counters.len() - 1)
    }

    /// Where the flow goes on after an item.
    fn after(&self, id: ItemId) -> NodeIndex {
        let item = self.model.item(id);
        let Some(parent) = item.parent else { return self.end_of_path() };
        if matches!(item.kind, ItemKind::Path { .. }) {
            return self.end_of_path();
        }
        let block = self.model.item(parent);
        if !matches!(block.kind, ItemKind::AnyOrder { .. }) {
            let position = block.children.partition_point(|child| *child <= id);
            let next = block.children.get(position);
            let is_path = |id: ItemId| matches!(self.model.item(id).kind, ItemKind::Path { .. });
            if let Some(next) = next.filter(|next| !is_path(**next)) {
                return self.flow.arrive[next.0 as usize];
            }
        }
        self.last[parent.0 as usize]
    }

    /// The edges of an item.
    fn wire(&mut self, id: ItemId) {
        let item = self.model.item(id);
        let (arrive, inner) = (self.flow.arrive[id.0 as usize], self.inner[id.0 as usize]);
        if arrive != inner
            && let Some(asked) = self.asked(id)
        {
            let after = self.after(id);
            self.edge(arrive, inner, EdgeKind::Sequence, item.place).guard = asked.applies;
            for way in asked.passes {
                self.edge(arrive, after, EdgeKind::Skip, item.place).guard = way;
            }
        }
        match &item.kind {
            ItemKind::Process => self.wire_process(),
            ItemKind::Step => {
                let after = self.after(id);
                self.perform(id, inner, after);
            }
            ItemKind::Decide { .. } => {
                let choose = self.last[id.0 as usize];
                self.perform(id, inner, choose);
                self.wire_branches(id, choose);
            }
            ItemKind::Path { .. } | ItemKind::Stage | ItemKind::Run { .. } => {
                let (leave, after) = (self.last[id.0 as usize], self.after(id));
                self.enter_block(id, inner, leave);
                self.edge(leave, after, EdgeKind::Sequence, item.place);
            }
            ItemKind::Repeat { until, at_most } => self.wire_repeat(id, until, *at_most),
            ItemKind::ForEach(each) => self.wire_for_each(id, each.at_least_one),
            ItemKind::AnyOrder { .. } => {
                let (join, after) = (self.last[id.0 as usize], self.after(id));
                for child in &item.children {
                    let branch = self.flow.arrive[child.0 as usize];
                    self.edge(inner, branch, EdgeKind::Sequence, item.place);
                }
                if item.children.is_empty() {
                    self.edge(inner, join, EdgeKind::Sequence, item.place);
                }
                self.edge(join, after, EdgeKind::Sequence, item.place);
            }
            ItemKind::Go { target, at_most } => {
                let to = self.target(id, *target);
                let kind = self.jump(id, *target);
                let effects = self.forgets(id, kind, *target);
                let counter = self.counter(*at_most);
                let edge = self.edge(inner, to, kind, item.place);
                (edge.at_most, edge.counter, edge.effects) = (*at_most, counter, effects);
                if at_most.is_some() {
                    let after = self.after(id);
                    self.edge(inner, after, EdgeKind::Sequence, item.place).used_up = counter;
                }
            }
            ItemKind::End(outcome) => {
                let end = self.flow.ends[outcome.0 as usize];
                self.edge(inner, end, EdgeKind::Sequence, item.place);
            }
        }
    }

    fn wire_process(&mut self) {
        let (start, last) = (self.flow.start, self.last[0]);
        let root = self.model.item(Model::ROOT);
        let first = root
            .children
            .iter()
            .find(|child| !matches!(self.model.item(**child).kind, ItemKind::Path { .. }));
        let first = first.map_or(last, |first| self.flow.arrive[first.0 as usize]);
        self.edge(start, first, EdgeKind::Sequence, root.place);
        if !matches!(self.flow.node(last).kind, NodeKind::Choose(ChosenBy::Paths)) {
            return;
        }
        let chosen: Vec<ItemId> =
            self.model.paths().filter(|(_, path)| path.is_chosen()).map(|(id, _)| id).collect();
        let guards: Vec<Guard> =
            chosen.iter().filter_map(|id| guard_of_path(self.model, *id)).collect();
        for id in chosen {
            let item = self.model.item(id);
            let guard = match item.kind {
                ItemKind::Path { otherwise: true } => none_of(&guards),
                _ => guard_of_path(self.model, id),
            };
            let enter = self.flow.arrive[id.0 as usize];
            self.edge(last, enter, EdgeKind::Branch, item.place).guard = guard;
        }
    }

    /// From the head of a block to its first item.
    fn enter_block(&mut self, id: ItemId, from: NodeIndex, last: NodeIndex) {
        let item = self.model.item(id);
        let first = item.children.first().map_or(last, |child| self.flow.arrive[child.0 as usize]);
        self.edge(from, first, EdgeKind::Sequence, item.place);
    }

    /// A step's effects, task by task where tasks have conditions.
    fn perform(&mut self, id: ItemId, from: NodeIndex, to: NodeIndex) {
        let mut pending = Vec::new();
        let depth = for_each_around(self.model, id).count();
        let last = self.perform_parts(id, from, parts(self.model, id), depth, &mut pending);
        let place = self.model.item(id).place;
        self.edge(last, to, EdgeKind::Sequence, place).effects = pending;
    }

    /// Part after part, `depth` times in a `for each`; `pending` are the effects that wait for the next edge.
    fn perform_parts(
        &mut self,
        id: ItemId,
        from: NodeIndex,
        parts: Vec<Part>,
        depth: usize,
        pending: &mut Vec<Effect>,
    ) -> NodeIndex {
        let mut at = from;
        for part in parts {
            let (line, place) = match &part {
                Part::Always(effects) => {
                    pending.extend(effects.iter().cloned());
                    continue;
                }
                Part::Asked { line, place, .. } | Part::ForEach { line, place, .. } => {
                    (*line, *place)
                }
            };
            let task = self.node(NodeKind::Task(line), id);
            self.edge(at, task, EdgeKind::Sequence, place).effects = std::mem::take(pending);
            let done = self.node(NodeKind::Task(line), id);
            match part {
                Part::Asked { asked, effects, .. } => {
                    let edge = self.edge(task, done, EdgeKind::Sequence, place);
                    (edge.guard, edge.effects) = (asked.applies, effects);
                    for way in asked.passes {
                        self.edge(task, done, EdgeKind::Skip, place).guard = way;
                    }
                }
                Part::ForEach { at_least_one, parts, learned, .. } => {
                    let mut makes = Vec::new();
                    parts.iter().for_each(|part| part.makes(&mut makes));
                    let of_round = |round| own(depth, &makes, round);
                    let round = self.node(NodeKind::Task(line), id);
                    let first = self.edge(task, round, EdgeKind::Sequence, place);
                    first.effects.extend(of_round(Round::First));
                    let mut inner = Vec::new();
                    let last = self.perform_parts(id, round, parts, depth + 1, &mut inner);
                    let one = self.node(NodeKind::Task(line), id);
                    self.edge(last, one, EdgeKind::Sequence, place).effects = inner;
                    let over = self.edge(one, done, EdgeKind::Sequence, place);
                    over.effects.extend(of_round(Round::Over));
                    let again = self.edge(one, round, EdgeKind::Back, place);
                    again.effects.push(Effect::ForgetFacts(learned));
                    again.effects.extend(of_round(Round::Next));
                    if !at_least_one {
                        self.edge(task, done, EdgeKind::Skip, place);
                    }
                }
                Part::Always(_) => {}
            }
            at = done;
        }
        at
    }

    fn wire_branches(&mut self, id: ItemId, choose: NodeIndex) {
        let item = self.model.item(id);
        let guards: Vec<Guard> = item
            .branches
            .iter()
            .filter_map(|branch| match &branch.kind {
                BranchKind::When(guard) => Some(guard.clone()),
                _ => None,
            })
            .collect();
        for (index, branch) in item.branches.iter().enumerate() {
            let to = self.target(id, branch.target);
            let jump = self.jump(id, branch.target);
            let kind = match branch.kind {
                _ if jump == EdgeKind::Back => EdgeKind::Back,
                BranchKind::Event(_) => EdgeKind::Event,
                BranchKind::After(_) => EdgeKind::Timer,
                _ => EdgeKind::Branch,
            };
            let guard = match &branch.kind {
                BranchKind::When(guard) => Some(guard.clone()),
                BranchKind::Otherwise => none_of(&guards),
                _ => None,
            };
            let mut effects: Vec<Effect> = self.answer(id, &branch.kind).into_iter().collect();
            effects.extend(self.forgets(id, kind, branch.target));
            let counter = self.counter(branch.at_most);
            let edge = self.edge(choose, to, kind, branch.place);
            (edge.guard, edge.effects) = (guard, effects);
            (edge.at_most, edge.counter) = (branch.at_most, counter);
            edge.branch = Some(index);
        }
    }

    /// That the decision was taken so.
    fn answer(&self, id: ItemId, kind: &BranchKind) -> Option<Effect> {
        let ItemKind::Decide { answer: Some(fact) } = self.model.item(id).kind else { return None };
        let FactType::OneOf(choices) = &self.model.fact(fact).kind else { return None };
        let wanted = match kind {
            BranchKind::Answer(name) | BranchKind::Event(name) => name.as_str(),
            _ => "timeout",
        };
        choices
            .iter()
            .position(|choice| choice == wanted)
            .map(|choice| Effect::Answer(fact, choice))
    }

    fn wire_repeat(&mut self, id: ItemId, until: &Condition, at_most: Option<u32>) {
        let item = self.model.item(id);
        let (enter, choose) = (self.inner[id.0 as usize], self.last[id.0 as usize]);
        self.enter_block(id, enter, choose);
        let after = self.after(id);
        let place = item.place;
        let done = self.edge(choose, after, EdgeKind::Branch, place);
        done.guard = until.guard.clone().filter(|_| at_most != Some(1));
        let first =
            item.children.first().map_or(choose, |child| self.flow.arrive[child.0 as usize]);
        let last = last_inside(self.model, id);
        if at_most == Some(1) {
            return;
        }
        let at_most = at_most.map(|rounds| rounds - 1);
        let counter = self.counter(at_most);
        self.rounds.extend(counter.map(|counter| (id, counter)));
        let again = self.edge(choose, first, EdgeKind::Back, place);
        again.guard = until.guard.clone().map(|guard| Guard::Not(Box::new(guard)));
        (again.at_most, again.counter) = (at_most, counter);
        again.effects = vec![Effect::Forget { first: id, last }];
        if counter.is_some() && until.guard.is_some() {
            // A loop that is used up goes on, whatever its condition says.
            self.edge(choose, after, EdgeKind::Branch, place).used_up = counter;
        }
    }

    fn wire_for_each(&mut self, id: ItemId, at_least_one: bool) {
        let item = self.model.item(id);
        let (enter, choose) = (self.inner[id.0 as usize], self.last[id.0 as usize]);
        let place = item.place;
        let first =
            item.children.first().map_or(choose, |child| self.flow.arrive[child.0 as usize]);
        let after = self.after(id);
        match at_least_one {
            true => self.edge(enter, first, EdgeKind::Sequence, place),
            false => self.edge(enter, choose, EdgeKind::Sequence, place),
        };
        let last = last_inside(self.model, id);
        let again = self.edge(choose, first, EdgeKind::Back, place);
        again.effects = vec![Effect::Forget { first: id, last }];
        self.edge(choose, after, EdgeKind::Branch, place);
    }

    fn target(&self, id: ItemId, target: Target) -> NodeIndex {
        match target {
            Target::Next => self.after(id),
            Target::Item(item) => self.flow.arrive[item.0 as usize],
            Target::End(outcome) => self.flow.ends[outcome.0 as usize],
        }
    }

    /// Whether a jump goes back: to what stands before it, or around it, in the same path or before
    /// the paths.
    fn jump(&self, id: ItemId, target: Target) -> EdgeKind {
        let goes_back = |to: ItemId| {
            let path = self.model.path_of(to);
            to <= id && (path == Model::ROOT || path == self.model.path_of(id))
        };
        match target {
            Target::Item(item) if goes_back(item) => EdgeKind::Back,
            _ => EdgeKind::Jump,
        }
    }

    fn forgets(&self, id: ItemId, kind: EdgeKind, target: Target) -> Vec<Effect> {
        match (kind, target) {
            (EdgeKind::Back, Target::Item(first)) => vec![Effect::Forget { first, last: id }],
            _ => Vec::new(),
        }
    }

    /// Events of a block may happen before anything inside it.
    fn wire_events(&mut self) {
        let scopes: Vec<ItemId> = self
            .model
            .ids()
            .filter(|id| !matches!(self.model.item(*id).kind, ItemKind::Decide { .. }))
            .filter(|id| !self.model.item(*id).branches.is_empty())
            .collect();
        for scope in scopes {
            let last = last_inside(self.model, scope);
            let inside: Vec<NodeIndex> = (scope.0..=last.0)
                .map(ItemId)
                .filter(|id| self.model.item(*id).kind.is_performed())
                .map(|id| self.inner[id.0 as usize])
                .collect();
            for (index, branch) in self.model.item(scope).branches.iter().enumerate() {
                let to = self.target(scope, branch.target);
                let counter = self.counter(branch.at_most);
                for from in &inside {
                    let item = self.flow.node(*from).item;
                    let kind = self.event_kind(item, scope, branch.target);
                    let effects = self.forgets_of_event(item, branch.target);
                    let edge = self.edge(*from, to, kind, branch.place);
                    (edge.at_most, edge.counter) = (branch.at_most, counter);
                    (edge.branch, edge.effects) = (Some(index), effects);
                    edge.event_of = Some(scope);
                }
            }
        }
    }

    fn forgets_of_event(&self, item: ItemId, target: Target) -> Vec<Effect> {
        self.forgets(item, self.jump(item, target), target)
    }

    /// An event that leaves an `any order` ends its branches.
    fn event_kind(&self, item: ItemId, scope: ItemId, target: Target) -> EdgeKind {
        let stays = |around: ItemId| match target {
            Target::Item(to) => self.model.is_within(to, around),
            _ => false,
        };
        let inside = self.model.ancestors(item).take_while(|around| *around != scope);
        let mut parallel = inside
            .filter(|around| matches!(self.model.item(*around).kind, ItemKind::AnyOrder { .. }));
        if parallel.any(|around| !stays(around)) { EdgeKind::Abandon } else { EdgeKind::Event }
    }
}

/// The last item inside of `id`, in the order of the text; itself where there is none.
pub fn last_inside(model: &Model, id: ItemId) -> ItemId {
    let mut last = id;
    while let Some(child) = model.item(last).children.last() {
        last = *child;
    }
    last
}

fn guard_of_path(model: &Model, id: ItemId) -> Option<Guard> {
    let guards: Vec<Guard> =
        model.item(id).when.iter().filter_map(|condition| condition.guard.clone()).collect();
    match guards.len() {
        0 => None,
        1 => guards.into_iter().next(),
        _ => Some(Guard::All(guards)),
    }
}

/// What `otherwise` stands for.
fn none_of(guards: &[Guard]) -> Option<Guard> {
    (!guards.is_empty()).then(|| Guard::Not(Box::new(Guard::Any(guards.to_vec()))))
}
