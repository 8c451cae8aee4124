//! Where the runs of one case part: the last thing that both editions do, and what each does then.

use super::joined::Joined;
use super::names::Side;
use crate::cases::Cell;
use crate::flow::Flow;
use crate::model::{FactId, FactOrigin, FactType, Item, ItemId, ItemKind, Target, Value};
use crate::plan::{Case, run};

/// One case: what its facts are.
pub type Example = Vec<(FactId, Cell)>;

/// How a case goes in both editions, from where it goes differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// The last step that both do; none where they differ from the start.
    pub after: Option<String>,
    /// What is done next by each, in order.
    pub was: Vec<String>,
    pub is: Vec<String>,
}

/// So many steps are told of each.
const MOST_STEPS: usize = 3;

/// How often a decision is answered the same way before a run is given up.
const MOST_ASKED: usize = 20;

/// None where the plain runs of the case do the same.
pub fn parting(
    joined: &Joined,
    (old, old_flow): (&Side<'_>, &Flow),
    (new, new_flow): (&Side<'_>, &Flow),
    example: &Example,
) -> Option<Parting> {
    let done = |side: &Side<'_>, flow: &Flow| -> Vec<ItemId> {
        let items = run(side.model, flow, &case(joined, side, example)).items;
        items.into_iter().filter(|id| side.model.item(*id).kind.is_performed()).collect()
    };
    let (before, after) = (done(old, old_flow), done(new, new_flow));
    let is_same = |(one, other): &(&ItemId, &ItemId)| old.item(**one) == new.item(**other);
    let common = before.iter().zip(&after).take_while(is_same).count();
    let titles = |side: &Side<'_>, items: &[ItemId]| -> Vec<String> {
        items.iter().skip(common).take(MOST_STEPS).map(|id| side.title(*id)).collect()
    };
    let (was, is) = (titles(old, &before), titles(new, &after));
    let last = common.checked_sub(1).map(|at| new.title(after[at]));
    (was != is).then_some(Parting { after: last, was, is })
}

/// The case in the words of one edition; decisions are answered so that the run goes on.
fn case(joined: &Joined, side: &Side<'_>, example: &Example) -> Case {
    let mut case = Case::default();
    for (at, fact) in side.model.facts.iter().enumerate() {
        let joined_id = side.facts[at];
        let cell = example.iter().find(|(id, _)| *id == joined_id).map(|(_, cell)| cell);
        let value = cell.and_then(|cell| value(joined, side, FactId(at as u32), cell));
        match (&fact.origin, value) {
            (FactOrigin::Answer(item), Some(Value::Choice(choice))) => {
                case.answers.insert(*item, vec![choice; MOST_ASKED]);
            }
            (_, Some(value)) => {
                case.facts.insert(FactId(at as u32), value);
            }
            (_, None) => {}
        }
    }
    for id in side.model.ids() {
        let item = side.model.item(id);
        if matches!(item.kind, ItemKind::Decide { answer: Some(_) }) {
            let choice = onwards(item, id);
            case.answers.entry(id).or_insert_with(|| vec![choice; MOST_ASKED]);
        }
    }
    case
}

/// The first answer that does not lead back, nor to an end.
fn onwards(item: &Item, id: ItemId) -> usize {
    let leads_on = |target: Target| match target {
        Target::Next => true,
        Target::Item(to) => to > id,
        Target::End(_) => false,
    };
    item.branches.iter().position(|branch| leads_on(branch.target)).unwrap_or(0)
}

/// A value of a cell, in the values of one edition. A version alone says nothing of the hop, which is
/// given itself.
fn value(joined: &Joined, side: &Side<'_>, id: FactId, cell: &Cell) -> Option<Value> {
    match (cell, &side.model.fact(id).kind) {
        (Cell::Choice(choice), FactType::YesNo) => Some(Value::YesNo(*choice == 1)),
        (Cell::Choice(choice), _) => joined.value_of(side, id, &Value::Choice(*choice)),
        (Cell::Numbers { low, .. }, FactType::Number { .. }) => {
            joined.value_of(side, id, &Value::Number(*low))
        }
        _ => None,
    }
}
