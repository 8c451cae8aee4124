//! Cases that go another way: exactly those in which the two editions answer differently.

use super::joined::{Cases, Joined};
use super::names::{Side, text};
use super::results::{Results, results};
use super::runs::{Example, Parting};
use crate::cases::{OutOfFuel, Set};
use crate::flow::{ChosenBy, EdgeKind, Flow, NodeIndex, NodeKind};
use crate::model::{Guard, ItemId, ItemKind, Model, Target};
use crate::reach::Part;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Some cases, and how it was with them and is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The widest of them, as a condition; empty where it is so in every case.
    pub when: String,
    /// The same in plain words.
    pub words: String,
    /// The same, fact by fact.
    pub(super) parts: Vec<Part>,
    /// Whether there are others.
    pub others: bool,
    /// Which way they went; none where it is only asked whether something applies.
    pub was: Option<String>,
    pub is: Option<String>,
    /// Both lead to the same place, and say something else there.
    pub says: bool,
    /// Where the runs of one such case part; none where that was not asked.
    pub runs: Option<Parting>,
}

/// The nodes at which facts choose.
pub fn choices(flow: &Flow) -> BTreeMap<ItemId, NodeIndex> {
    let choose = |node: &NodeIndex| {
        matches!(flow.node(*node).kind, NodeKind::Choose(ChosenBy::Facts | ChosenBy::Paths))
    };
    flow.graph.node_indices().filter(choose).map(|node| (flow.node(node).item, node)).collect()
}

/// A way out of a choice: what tells it from others, and what people call it.
#[derive(Clone)]
pub struct Way {
    pub key: String,
    /// What the branch is called in the old edition, where it has a title.
    pub result: String,
    shown: String,
    /// The title itself, as its own edition has it.
    title: String,
}

impl Way {
    /// The same, told also from others to the same place that say something else.
    fn saying(self) -> Way {
        let shown = match self.title.as_str() {
            "" => self.shown,
            title => format!("“{title}”"),
        };
        Way { key: format!("{}\n{}", self.key, self.result), shown, ..self }
    }
}

/// The ways out of a choice, each with its condition; without one it is always open.
pub fn ways(side: &Side<'_>, flow: &Flow, node: NodeIndex, results: &Results) -> Vec<Conditional> {
    let item = flow.node(node).item;
    let mut ways = Vec::new();
    for (edge, to) in flow.out(node) {
        let edge = flow.edge(edge);
        let way = match edge.branch {
            Some(branch) => {
                let own = side.model.item(item).branches.get(branch);
                let Some(own) = own.filter(|own| own.place == edge.place) else { continue };
                let result = results.get(branch).cloned().unwrap_or_default();
                Way { result, title: side.text(&own.title), ..target(side, item, own.target) }
            }
            None if matches!(edge.kind, EdgeKind::Event | EdgeKind::Abandon) => continue,
            None => target(side, item, Target::Item(flow.node(to).item)),
        };
        ways.push((way, edge.guard.clone()));
    }
    ways
}

fn target(side: &Side<'_>, from: ItemId, target: Target) -> Way {
    let [key, shown] = target_words(side, from, target);
    Way { key, shown, result: String::new(), title: String::new() }
}

/// What tells a target from others, and what people call it. To go to what comes next is the same,
/// written either way.
pub fn target_words(side: &Side<'_>, from: ItemId, target: Target) -> [String; 2] {
    match target {
        Target::End(outcome) => {
            let title = text(side.model, &side.model.outcome(outcome).title);
            [format!("end {}", side.outcome(outcome)), format!("the end “{title}”")]
        }
        Target::Item(item) if next(side.model, from) == Some(item) => next_words(side, from),
        Target::Item(item) => [side.item(item), item_words(side, item)],
        Target::Next => next_words(side, from),
    }
}

fn item_words(side: &Side<'_>, item: ItemId) -> String {
    let word = match side.model.item(item).kind {
        ItemKind::Path { .. } => "path ",
        ItemKind::Stage => "stage ",
        _ => "",
    };
    format!("{word}{}", side.title(item))
}

/// What tells going on from going elsewhere, whatever comes next.
const NEXT: &str = "next";

const WHAT_COMES_NEXT: &str = "what comes next";

fn next_words(side: &Side<'_>, from: ItemId) -> [String; 2] {
    let shown = next_shown(side, from).unwrap_or_else(|| WHAT_COMES_NEXT.to_string());
    [NEXT.to_string(), shown]
}

/// Longer chains of jumps are not followed.
const MOST_HOPS: usize = 1_000;

/// The name of what comes next; none where something else is asked or done first, such as whether a loop is
/// to be repeated.
fn next_shown(side: &Side<'_>, from: ItemId) -> Option<String> {
    let model = side.model;
    let mut place = Place::After(from);
    for _ in 0..MOST_HOPS {
        let id = match place {
            Place::At(id) => id,
            Place::After(id) => match next(model, id) {
                Some(id) => id,
                None => {
                    let around = model.item(id).parent?;
                    let goes_on =
                        matches!(model.item(around).kind, ItemKind::Stage | ItemKind::Run { .. });
                    place = goes_on.then_some(Place::After(around))?;
                    continue;
                }
            },
        };
        let item = model.item(id);
        match item.kind {
            ItemKind::Go { target: Target::Next, .. } => place = Place::After(id),
            ItemKind::Go { target: Target::Item(to), .. } => return Some(item_words(side, to)),
            ItemKind::Go { target: Target::End(outcome), .. } | ItemKind::End(outcome) => {
                return Some(target_words(side, id, Target::End(outcome))[1].clone());
            }
            ItemKind::Path { .. } => return None,
            _ if !item.number.is_empty() || !item.title.is_empty() => {
                return Some(item_words(side, id));
            }
            ItemKind::AnyOrder { .. } => return None,
            _ => place = Place::At(*item.children.first()?),
        }
    }
    None
}

/// Where somebody stands who looks for what comes next.
enum Place {
    At(ItemId),
    After(ItemId),
}

/// Two targets that are not the same, in words that are not, either.
pub fn told_apart(was: [String; 2], is: [String; 2]) -> [String; 2] {
    let is_alike = was[1] == is[1];
    [was, is].map(|[key, shown]| match is_alike && key == NEXT {
        true => WHAT_COMES_NEXT.to_string(),
        false => shown,
    })
}

fn next(model: &Model, id: ItemId) -> Option<ItemId> {
    let siblings = &model.item(model.item(id).parent?).children;
    let at = siblings.iter().position(|child| *child == id)?;
    siblings.get(at + 1).copied()
}

/// How many blocks of cases are told of one choice.
const MOST_TOLD: usize = 12;

/// The cases that leave a choice another way.
pub fn at_choice(
    joined: &Joined,
    cases: &mut Cases,
    (old, old_node): (&Side<'_>, NodeIndex),
    (new, new_node): (&Side<'_>, NodeIndex),
) -> Result<Vec<(Moved, Example)>, OutOfFuel> {
    let items = (cases.old_flow.node(old_node).item, cases.new_flow.node(new_node).item);
    let [was, is] = results(joined, (old, items.0), (new, items.1));
    let olds = ways(old, &cases.old_flow, old_node, &was);
    let news = ways(new, &cases.new_flow, new_node, &is);
    let here = cases.common(old_node, new_node)?;
    let mut moved = changed(joined, cases, here, (olds.clone(), news.clone()), false)?;
    if says_several(&olds) || says_several(&news) {
        let saying = |ways: Vec<Conditional>| -> Vec<Conditional> {
            ways.into_iter().map(|(way, guard)| (way.saying(), guard)).collect()
        };
        moved.extend(changed(joined, cases, here, (saying(olds), saying(news)), true)?);
    }
    Ok(moved)
}

/// Whether some place is led to with several results.
fn says_several(ways: &[Conditional]) -> bool {
    let mut first: HashMap<&str, &str> = HashMap::new();
    ways.iter().any(|(way, _)| *first.entry(&way.key).or_insert(&way.result) != way.result)
}

/// The cases that take another way: to another place, or, where it is asked what ways say, to the same one.
fn changed(
    joined: &Joined,
    cases: &mut Cases,
    here: Set,
    (olds, news): (Vec<Conditional>, Vec<Conditional>),
    says: bool,
) -> Result<Vec<(Moved, Example)>, OutOfFuel> {
    let place = |key: &str| key.split('\n').next().unwrap_or_default().to_string();
    let (olds, news) = (without(&olds, &news), without(&news, &olds));
    let taken = taken_by(cases, olds.iter().chain(&news), here)?;
    let (before, after) = (by_way(cases, olds, taken)?, by_way(cases, news, taken)?);
    let mut moved = Vec::new();
    for (key, (was, cases_before)) in &before {
        let stays = after.get(key).map_or(Set::NONE, |(_, set)| *set);
        let left = cases.facts().cases.minus(*cases_before, stays)?;
        if left.is_empty() {
            continue;
        }
        let hull = cases.facts().cases.hull(left);
        for (other, (is, cases_after)) in &after {
            if other == key || (says && place(key) != place(other)) {
                continue;
            }
            if !cases.facts().cases.hull(*cases_after).meets(&hull) {
                continue;
            }
            let set = cases.facts().cases.and(left, *cases_after)?;
            let [one, two] = [(key, was), (other, is)].map(|(key, way)| [key.clone(), way.clone()]);
            let [was, is] = told_apart(one, two);
            let blocks = blocks(joined, cases, set, here, Some((&was, &is)))?;
            moved.extend(blocks.into_iter().map(|(it, case)| (Moved { says, ..it }, case)));
        }
    }
    Ok(moved)
}

/// A way, and its condition.
type Conditional = (Way, Option<Guard>);

/// Those that the others do not have just so. Of a case there is one way, so that who takes one that
/// both have takes it in both.
fn without(ways: &[Conditional], others: &[Conditional]) -> Vec<Conditional> {
    let key = |(way, guard): &Conditional| (way.key.clone(), guard.clone());
    let others: HashSet<(String, Option<Guard>)> = others.iter().map(key).collect();
    ways.iter().filter(|way| !others.contains(&key(way))).cloned().collect()
}

/// The cases that take one of these ways.
fn taken_by<'w>(
    cases: &mut Cases,
    ways: impl Iterator<Item = &'w Conditional>,
    here: Set,
) -> Result<Set, OutOfFuel> {
    let mut taken = Vec::new();
    for (_, guard) in ways {
        let yes = match guard {
            Some(guard) => cases.facts().answer(guard)?.yes,
            None => Set::ALL,
        };
        taken.push(cases.facts().cases.and(yes, here)?);
    }
    cases.facts().cases.unite(taken)
}

/// The cases of each way.
fn by_way(
    cases: &mut Cases,
    ways: Vec<Conditional>,
    here: Set,
) -> Result<BTreeMap<String, (String, Set)>, OutOfFuel> {
    let mut sets: BTreeMap<String, (String, Vec<Set>)> = BTreeMap::new();
    for (way, guard) in ways {
        let yes = match guard {
            Some(guard) => cases.facts().answer(&guard)?.yes,
            None => Set::ALL,
        };
        let set = cases.facts().cases.and(yes, here)?;
        sets.entry(way.key).or_insert((way.shown, Vec::new())).1.push(set);
    }
    let mut united = BTreeMap::new();
    let mut left = here;
    for (key, (shown, sets)) in sets {
        let set = cases.facts().cases.unite(sets)?;
        left = cases.facts().cases.minus(left, set)?;
        united.insert(key, (shown, set));
    }
    if !left.is_empty() {
        united.insert("nowhere".to_string(), ("no way on".to_string(), left));
    }
    Ok(united)
}

/// Cases in words, block by block, as long as there are few; each with a case that shows it.
fn blocks(
    joined: &Joined,
    cases: &mut Cases,
    set: Set,
    here: Set,
    ways: Option<(&str, &str)>,
) -> Result<Vec<(Moved, Example)>, OutOfFuel> {
    let mut all = Vec::new();
    let mut left = set;
    while !left.is_empty() && all.len() < MOST_TOLD {
        let Some(told) = cases.facts().told(&joined.model, left, here)? else { break };
        let rest = cases.facts().cases.minus(left, told.cases)?;
        let others = !rest.is_empty() && all.len() + 1 == MOST_TOLD;
        let (was, is) = ways.map(|(was, is)| (was.to_string(), is.to_string())).unzip();
        let example = example(cases, told.cases);
        let (when, words, parts) = (told.case, String::new(), told.parts);
        all.push((Moved { when, words, parts, others, was, is, says: false, runs: None }, example));
        if rest == left {
            break;
        }
        left = rest;
    }
    Ok(all)
}

/// The first case of a set.
fn example(cases: &mut Cases, set: Set) -> Example {
    let facts = cases.facts();
    let cells = facts.cases.first(set).unwrap_or_default();
    let cell = |(level, cell): (usize, &u32)| {
        let (id, domain) = facts.level(level)?;
        Some((*id, domain.cells().get(*cell as usize)?.clone()))
    };
    cells.iter().enumerate().filter_map(cell).collect()
}

fn told(joined: &Joined, cases: &mut Cases, set: Set, here: Set) -> Result<Vec<Moved>, OutOfFuel> {
    let blocks = blocks(joined, cases, set, here, None)?;
    Ok(blocks.into_iter().map(|(moved, _)| moved).collect())
}

/// The cases in which something applied and no longer does, and those in which it now does.
pub struct Applies {
    pub no_longer: Vec<Moved>,
    pub now_also: Vec<Moved>,
}

/// Compares where something applies; a condition that is none holds always.
pub fn applies(
    joined: &Joined,
    cases: &mut Cases,
    (old, new): (NodeIndex, NodeIndex),
    (before, after): (&Guard, &Guard),
) -> Result<Applies, OutOfFuel> {
    let here = cases.common(old, new)?;
    let before = cases.facts().answer(before)?;
    let after = cases.facts().answer(after)?;
    // Where the answer is not known, it may apply.
    let one = cases.facts().cases.minus(here, before.no)?;
    let other = cases.facts().cases.minus(here, after.no)?;
    let gone = cases.facts().cases.minus(one, other)?;
    let come = cases.facts().cases.minus(other, one)?;
    Ok(Applies {
        no_longer: told(joined, cases, gone, here)?,
        now_also: told(joined, cases, come, here)?,
    })
}

impl Applies {
    pub fn is_empty(&self) -> bool {
        self.no_longer.is_empty() && self.now_also.is_empty()
    }

    pub fn all(self) -> Vec<Moved> {
        [self.no_longer, self.now_also].concat()
    }
}

/// Compares which cases there can be; assumptions hold in every case.
pub fn assumed(
    joined: &Joined,
    cases: &mut Cases,
    (before, after): (&Guard, &Guard),
) -> Result<Applies, OutOfFuel> {
    let facts = cases.facts();
    let (before, after) = (facts.answer(before)?, facts.answer(after)?);
    let here = facts.unassumed();
    let here = facts.known(here)?;
    let (one, other) = (facts.cases.minus(here, before.no)?, facts.cases.minus(here, after.no)?);
    let gone = facts.cases.minus(one, other)?;
    let come = facts.cases.minus(other, one)?;
    Ok(Applies {
        no_longer: told(joined, cases, gone, here)?,
        now_also: told(joined, cases, come, here)?,
    })
}
