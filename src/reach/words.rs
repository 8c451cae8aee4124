//! Cases in the words of the process: "hop = major and not urgent".

use super::Facts;
use crate::cases::{Cell, OutOfFuel, Set};
use crate::model::{FactId, FactType, Guard, Model, Op, Value};

impl Facts {
    /// Which of the cases `here` are in a set, in the syntax of conditions; none where no case is.
    pub fn told(&mut self, model: &Model, set: Set, here: Set) -> Result<Option<Told>, OutOfFuel> {
        self.told_around(model, set, here, set)
    }

    /// The same, told around one of the cases `shown`, which lie within the set.
    pub fn told_around(
        &mut self,
        model: &Model,
        set: Set,
        here: Set,
        shown: Set,
    ) -> Result<Option<Told>, OutOfFuel> {
        // What is told are facts; how the thing stands is what the finding is about.
        let all = set;
        let (set, here) = (self.facts_alone(set)?, self.facts_alone(here)?);
        let shown = self.facts_alone(shown)?;
        let shown = self.cases.and(set, shown)?;
        let Some(witness) = self.cases.widest_around(set, here, shown)? else { return Ok(None) };
        let (mut said, mut parts, mut can_be_asked) = (Vec::new(), Vec::new(), true);
        let mut block = here;
        for (level, ranges) in &witness.facts {
            let cells = self.cases.where_in(*level, ranges)?;
            block = self.cases.and(block, cells)?;
        }
        for (level, _) in &witness.facts {
            // Values that nobody who gets there has would only mislead.
            let (occurs, told) =
                (self.cases.values(here, *level)?, self.cases.values(block, *level)?);
            let Some((id, domain)) = self.level(*level) else { continue };
            if occurs == told {
                continue;
            }
            let fact = model.fact(*id);
            let is_ordered = matches!(fact.kind, FactType::Number { .. } | FactType::Version);
            let cells = domain.cells().iter().enumerate();
            let cells = cells
                .filter(|(index, cell)| occurs[*index] || (is_ordered && **cell != Cell::Unknown))
                .map(|(index, cell)| (told[index], cell));
            let part = Part::of(*id, &fact.kind, &cells.collect::<Vec<_>>());
            let (own, is_asked) = in_words(&fact.name, &fact.kind, &part);
            said.push(own);
            can_be_asked &= is_asked;
            parts.push(part);
        }
        let others = !self.cases.minus(set, block)?.is_empty();
        let cases = self.cases.and(all, block)?;
        let case = said.join(" and ");
        let guard = (can_be_asked && !case.is_empty()).then(|| case.clone());
        Ok(Some(Told { case, guard, parts, others, cases }))
    }
}

/// A case in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Empty where it is so in every case.
    pub case: String,
    /// The same as a condition that can be written; none where none says it.
    pub guard: Option<String>,
    /// The same, fact by fact.
    pub parts: Vec<Part>,
    /// Whether there are other cases than this one.
    pub others: bool,
    /// The case itself.
    pub cases: Set,
}

impl Told {
    /// What is added to a sentence: " when urgent", " for example when urgent", or nothing.
    pub fn when(&self) -> String {
        match (self.case.as_str(), self.others) {
            ("", _) => String::new(),
            (case, true) => format!(", for example when {case}"),
            (case, false) => format!(" when {case}"),
        }
    }
}

/// What is said of one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub fact: FactId,
    pub values: Values,
    /// What nobody has found out yet: whether it may be so, and whether it may be otherwise.
    pub unknown: Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    None,
    Any,
    Those(Guard),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It is known in any case.
    Never,
    /// It is known here, and is not elsewhere.
    NotHere,
    Here,
}

impl Part {
    fn of(fact: FactId, kind: &FactType, cells: &[(bool, &Cell)]) -> Part {
        let unknown = match cells.iter().find(|(_, cell)| **cell == Cell::Unknown) {
            None => Unknown::Never,
            Some((false, _)) => Unknown::NotHere,
            Some((true, _)) => Unknown::Here,
        };
        let known: Vec<(bool, &Cell)> =
            cells.iter().filter(|(_, cell)| **cell != Cell::Unknown).copied().collect();
        let is_any = unknown != Unknown::Never && known.iter().all(|(has, _)| *has);
        let values = match kind {
            _ if known.iter().all(|(has, _)| !*has) => Values::None,
            _ if is_any => Values::Any,
            FactType::Number { .. } | FactType::Version => Values::Those(ranged(fact, &known)),
            _ => Values::Those(chosen(fact, kind, &known)),
        };
        Part { fact, values, unknown }
    }
}

/// A part in the syntax of conditions, and whether a condition can ask for that: none asks what is known.
fn in_words(name: &str, kind: &FactType, part: &Part) -> (String, bool) {
    match (&part.values, part.unknown) {
        (Values::None, _) => (format!("{name} is not known yet"), false),
        (Values::Any, Unknown::Here) => (format!("{name} is known or not"), false),
        (Values::Any, _) => (format!("{name} is known"), false),
        (Values::Those(guard), Unknown::Here) => {
            (format!("{name} is not known yet or {}", written(name, kind, guard)), false)
        }
        (Values::Those(guard), _) => (written(name, kind, guard), true),
    }
}

/// A condition on one fact, as it is written.
fn written(name: &str, kind: &FactType, guard: &Guard) -> String {
    match guard {
        Guard::Compare { value: Value::YesNo(true), .. } => name.to_string(),
        Guard::Compare { value: Value::YesNo(false), .. } => format!("not {name}"),
        Guard::Compare { op, value, .. } => format!("{name} {} {}", op.symbol(), kind.show(value)),
        Guard::In { values, .. } => {
            let values: Vec<String> = values.iter().map(|value| kind.show(value)).collect();
            format!("{name} in ({})", values.join(", "))
        }
        Guard::All(parts) if parts.is_empty() => format!("{name} has any value"),
        Guard::All(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| written(name, kind, part)).collect();
            parts.join(" and ")
        }
        Guard::Any(parts) => {
            // `and` and `or` are not mixed.
            let one = |part: &Guard| match part {
                Guard::All(_) => format!("({})", written(name, kind, part)),
                _ => written(name, kind, part),
            };
            format!("({})", parts.iter().map(one).collect::<Vec<_>>().join(" or "))
        }
        Guard::Constant(_) | Guard::Versions { .. } | Guard::Not(_) => String::new(),
    }
}

fn chosen(fact: FactId, kind: &FactType, cells: &[(bool, &Cell)]) -> Guard {
    let value = |cell: &Cell| match (kind, cell) {
        (FactType::YesNo, Cell::Choice(choice)) => Some(Value::YesNo(*choice == 1)),
        (_, Cell::Choice(choice)) => Some(Value::Choice(*choice)),
        _ => None,
    };
    let marked = cells.iter().filter(|(has, _)| *has);
    let values: Vec<Value> = marked.filter_map(|(_, cell)| value(cell)).collect();
    match values.as_slice() {
        [only] => Guard::Compare { fact, op: Op::Equal, value: only.clone() },
        _ => Guard::In { fact, values },
    }
}

/// Runs of neighbouring cells, as comparisons.
fn ranged(fact: FactId, cells: &[(bool, &Cell)]) -> Guard {
    let mut runs: Vec<Guard> = Vec::new();
    let mut at = 0;
    while at < cells.len() {
        let end = at + cells[at..].iter().take_while(|(has, _)| *has).count();
        if end == at {
            at += 1;
            continue;
        }
        let low = (at > 0).then(|| lower(cells[at].1)).flatten();
        let high = (end < cells.len()).then(|| upper(cells[end - 1].1)).flatten();
        let compare = |(op, value): (Op, Value)| Guard::Compare { fact, op, value };
        runs.push(match (low, high) {
            (Some((_, low)), Some((_, high))) if low == high => compare((Op::Equal, low)),
            (Some(low), Some(high)) => Guard::All(vec![compare(low), compare(high)]),
            (Some(bound), None) | (None, Some(bound)) => compare(bound),
            (None, None) => Guard::All(Vec::new()),
        });
        at = end;
    }
    match runs.len() {
        1 => runs.remove(0),
        _ => Guard::Any(runs),
    }
}

fn lower(cell: &Cell) -> Option<(Op, Value)> {
    match cell {
        Cell::Numbers { low, .. } => Some((Op::AtLeast, Value::Number(*low))),
        Cell::Versions { above: Some(above), below: Some(below) }
            if above.cmp_precedence(below).is_eq() =>
        {
            Some((Op::AtLeast, Value::Version(above.clone())))
        }
        Cell::Versions { above: Some(above), .. } => {
            Some((Op::Greater, Value::Version(above.clone())))
        }
        _ => None,
    }
}

fn upper(cell: &Cell) -> Option<(Op, Value)> {
    match cell {
        Cell::Numbers { high, .. } => Some((Op::AtMost, Value::Number(*high))),
        Cell::Versions { above: Some(above), below: Some(below) }
            if above.cmp_precedence(below).is_eq() =>
        {
            Some((Op::AtMost, Value::Version(below.clone())))
        }
        Cell::Versions { below: Some(below), .. } => {
            Some((Op::Less, Value::Version(below.clone())))
        }
        _ => None,
    }
}
