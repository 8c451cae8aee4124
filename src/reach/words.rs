//! Cases in the words of the process: "hop = major and not urgent".

use super::Facts;
use crate::cases::{Cell, OutOfFuel, Set};
use crate::model::{FactType, Model, Value};

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
        let (mut parts, mut can_be_asked) = (Vec::new(), true);
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
            let (said, is_asked) = in_words(&fact.name, &fact.kind, &cells.collect::<Vec<_>>());
            parts.push(said);
            can_be_asked &= is_asked;
        }
        let others = !self.cases.minus(set, block)?.is_empty();
        let cases = self.cases.and(all, block)?;
        let case = parts.join(" and ");
        let guard = (can_be_asked && !case.is_empty()).then(|| case.clone());
        Ok(Some(Told { case, guard, others, cases }))
    }
}

/// A case in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Empty where it is so in every case.
    pub case: String,
    /// The same as a condition that can be written; none where none says it.
    pub guard: Option<String>,
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

/// What is said of a fact that has one of the marked cells, and whether a condition can ask for that:
/// none asks what is known.
fn in_words(name: &str, kind: &FactType, cells: &[(bool, &Cell)]) -> (String, bool) {
    let marked: Vec<&Cell> = cells.iter().filter(|(has, _)| *has).map(|(_, cell)| *cell).collect();
    if let [Cell::Unknown] = marked.as_slice() {
        return (format!("{name} is not known yet"), false);
    }
    let known: Vec<(bool, &Cell)> =
        cells.iter().filter(|(_, cell)| **cell != Cell::Unknown).copied().collect();
    let said = match kind {
        FactType::YesNo | FactType::OneOf(_) | FactType::Scale(_) => chosen(name, kind, &known),
        FactType::Number { .. } | FactType::Version => ranged(name, kind, &known),
    };
    match (marked.contains(&&Cell::Unknown), cells.iter().any(|(_, cell)| **cell == Cell::Unknown))
    {
        (true, _) if known.iter().all(|(has, _)| *has) => {
            (format!("{name} is known or not"), false)
        }
        (true, _) => (format!("{name} is not known yet or {said}"), false),
        (false, true) if known.iter().all(|(has, _)| *has) => (format!("{name} is known"), false),
        _ => (said, true),
    }
}

fn chosen(name: &str, kind: &FactType, cells: &[(bool, &Cell)]) -> String {
    let value = |cell: &Cell| match (kind, cell) {
        (FactType::YesNo, Cell::Choice(choice)) => kind.show(&Value::YesNo(*choice == 1)),
        (_, Cell::Choice(choice)) => kind.show(&Value::Choice(*choice)),
        _ => String::new(),
    };
    let values: Vec<String> =
        cells.iter().filter(|(has, _)| *has).map(|(_, cell)| value(cell)).collect();
    match (kind, values.as_slice()) {
        (FactType::YesNo, [only]) => {
            if only == "yes" {
                name.to_string()
            } else {
                format!("not {name}")
            }
        }
        (_, [only]) => format!("{name} = {only}"),
        (_, several) => format!("{name} in ({})", several.join(", ")),
    }
}

/// Runs of neighbouring cells, as comparisons.
fn ranged(name: &str, kind: &FactType, cells: &[(bool, &Cell)]) -> String {
    let mut runs: Vec<String> = Vec::new();
    let mut at = 0;
    while at < cells.len() {
        let end = at + cells[at..].iter().take_while(|(has, _)| *has).count();
        if end == at {
            at += 1;
            continue;
        }
        let (first, last) = (cells[at].1, cells[end - 1].1);
        let low = (at > 0).then(|| lower(kind, first)).flatten();
        let high = (end < cells.len()).then(|| upper(kind, last)).flatten();
        runs.push(match (low, high) {
            (Some((_, low)), Some((_, high))) if low == high => format!("{name} = {low}"),
            (Some((sign, low)), Some((other, high))) => {
                format!("{name} {sign} {low} and {name} {other} {high}")
            }
            (Some((sign, low)), None) => format!("{name} {sign} {low}"),
            (None, Some((sign, high))) => format!("{name} {sign} {high}"),
            (None, None) => format!("{name} has any value"),
        });
        at = end;
    }
    match runs.as_slice() {
        [only] => only.clone(),
        several => {
            // `and` and `or` are not mixed.
            let one = |run: &String| match run.contains(" and ") {
                true => format!("({run})"),
                false => run.clone(),
            };
            format!("({})", several.iter().map(one).collect::<Vec<_>>().join(" or "))
        }
    }
}

fn lower(kind: &FactType, cell: &Cell) -> Option<(&'static str, String)> {
    match cell {
        Cell::Numbers { low, .. } => Some((">=", kind.show(&Value::Number(*low)))),
        Cell::Versions { above: Some(above), below: Some(below) }
            if above.cmp_precedence(below).is_eq() =>
        {
            Some((">=", above.to_string()))
        }
        Cell::Versions { above: Some(above), .. } => Some((">", above.to_string())),
        _ => None,
    }
}

fn upper(kind: &FactType, cell: &Cell) -> Option<(&'static str, String)> {
    match cell {
        Cell::Numbers { high, .. } => Some(("<=", kind.show(&Value::Number(*high)))),
        Cell::Versions { above: Some(above), below: Some(below) }
            if above.cmp_precedence(below).is_eq() =>
        {
            Some(("<=", below.to_string()))
        }
        Cell::Versions { below: Some(below), .. } => Some(("<", below.to_string())),
        _ => None,
    }
}
