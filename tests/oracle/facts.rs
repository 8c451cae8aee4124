//! The facts of a process, value by value: what each may be, which cases there are, and what a
//! condition says of a case.

use semver::{Prerelease, Version};
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};
use vup::model::{BranchKind, Condition};
use vup::model::{FactId, FactOrigin, FactType, Guard, ItemKind, Line, Model, Value};

/// A fact that nobody has found out yet.
pub const UNKNOWN: u8 = u8::MAX;

/// What is known of each fact, by its index: the number of one of its values, or `UNKNOWN`. Facts
/// that no condition reads stay unknown: nothing can depend on them.
pub type Known = Vec<u8>;

pub struct Facts<'m> {
    model: &'m Model,
    /// The values that each fact may have; empty for those that no condition reads.
    values: Vec<Vec<Value>>,
    read: BTreeSet<FactId>,
    atoms: Vec<Guard>,
}

impl<'m> Facts<'m> {
    pub fn new(model: &'m Model) -> Self {
        let mut guards = Vec::new();
        all_guards(model, &mut |guard| guards.push(guard.clone()));
        let mut atoms = Vec::new();
        guards.iter().for_each(|guard| collect_atoms(guard, &mut atoms));
        let mut read: BTreeSet<FactId> =
            guards.iter().flat_map(|guard| model.depends_on(guard)).collect();
        if let Some(versions) = &model.versions {
            // Hop and breaking follow from the two versions.
            let all = [versions.from, versions.to, versions.hop, versions.breaking];
            if all.iter().any(|id| read.contains(id)) {
                read.extend(all);
            }
        }
        let mut facts = Facts { model, values: Vec::new(), read, atoms };
        for index in 0..model.facts.len() as u32 {
            let values = facts.values_of(FactId(index));
            facts.values.push(values);
        }
        facts
    }

    fn values_of(&self, id: FactId) -> Vec<Value> {
        let fact = self.model.fact(id);
        if !self.read.contains(&id) || matches!(fact.origin, FactOrigin::Derived(_)) {
            return Vec::new();
        }
        match &fact.kind {
            FactType::YesNo => vec![Value::YesNo(false), Value::YesNo(true)],
            FactType::OneOf(names) | FactType::Scale(names) => {
                (0..names.len()).map(Value::Choice).collect()
            }
            FactType::Number { low, high, .. } => (*low..=*high).map(Value::Number).collect(),
            FactType::Version => self.told_apart(id, self.versions()),
        }
    }

    /// Of versions that no condition tells apart, one is enough; but two versions are compared.
    fn told_apart(&self, id: FactId, mut versions: Vec<Value>) -> Vec<Value> {
        let pair = self.model.versions.as_ref();
        if pair.is_some_and(|pair| id == pair.from || id == pair.to) {
            return versions;
        }
        let says = |version: &Value| -> Vec<bool> {
            let says = |atom: &Guard| match atom {
                Guard::Compare { fact, op, value } if *fact == id => {
                    Some(op.holds(compare(version, value)))
                }
                Guard::In { fact, values } if *fact == id => {
                    Some(values.iter().any(|value| compare(version, value).is_eq()))
                }
                _ => None,
            };
            self.atoms.iter().filter_map(says).collect()
        };
        let mut seen = HashSet::new();
        versions.retain(|version| seen.insert(says(version)));
        versions
    }

    /// Each version that the process mentions, and some before, around and behind it.
    fn versions(&self) -> Vec<Value> {
        let mut near: Vec<Version> = vec![Version::new(1, 1, 1)];
        for atom in &self.atoms {
            match atom {
                Guard::Compare { value: Value::Version(version), .. } => near.push(version.clone()),
                Guard::In { values, .. } => {
                    for value in values {
                        if let Value::Version(version) = value {
                            near.push(version.clone());
                        }
                    }
                }
                _ => {}
            }
        }
        near.extend(self.model.releases.iter().map(|release| release.version.clone()));
        let mut versions: Vec<Version> = near.iter().flat_map(around).collect();
        versions.sort_by(Version::cmp_precedence);
        versions.dedup_by(|a, b| a.cmp_precedence(b).is_eq());
        versions.into_iter().map(Value::Version).collect()
    }

    /// Every case that there can be at the start: a value for each fact that is known then.
    ///
    /// Of versions, one for each way in which all comparisons can come out.
    pub fn cases(&self) -> Vec<Known> {
        let at_start = |id: &FactId| {
            let fact = self.model.fact(*id);
            let derived = matches!(fact.origin, FactOrigin::Derived(_));
            !fact.later && !derived && !self.follows(*id)
        };
        let is_version = |id: &FactId| self.model.fact(*id).kind == FactType::Version;
        let at_start = self.read.iter().copied().filter(at_start);
        let (versions, others): (Vec<FactId>, Vec<FactId>) = at_start.partition(is_version);
        let mut cases = vec![vec![UNKNOWN; self.model.facts.len()]];
        for id in versions {
            cases = cases.iter().flat_map(|case| self.each_value(case, id)).collect();
        }
        cases.iter_mut().for_each(|case| self.measure(case));
        let mut seen = HashSet::new();
        cases.retain(|case| seen.insert(self.signature(case)));
        for id in others {
            cases = cases.iter().flat_map(|case| self.each_value(case, id)).collect();
        }
        cases.retain(|case| self.is_possible(case));
        cases
    }

    /// Whether one value for each fact is such that all that is assumed holds.
    pub fn can_all_be_known(&self, cases: &[Known]) -> bool {
        let assumed = self.model.assumptions.iter();
        let spoken: HashSet<FactId> =
            assumed.flat_map(|assumption| self.model.depends_on(&assumption.guard)).collect();
        let mut cases = cases.to_vec();
        for id in spoken {
            let is_read = !self.values[id.0 as usize].is_empty();
            if is_read && cases.iter().any(|case| case[id.0 as usize] == UNKNOWN) {
                cases = cases.iter().flat_map(|case| self.each_value(case, id)).collect();
                cases.retain(|case| self.is_possible(case));
                cases.sort();
                cases.dedup();
            }
        }
        !cases.is_empty()
    }

    fn each_value(&self, case: &Known, id: FactId) -> Vec<Known> {
        let values = 0..self.values[id.0 as usize].len() as u8;
        let with = |value| {
            let mut case = case.clone();
            case[id.0 as usize] = value;
            case
        };
        values.map(with).collect()
    }

    /// Whether it follows from the two versions.
    fn follows(&self, id: FactId) -> bool {
        self.model.versions.as_ref().is_some_and(|versions| {
            id == versions.hop || (id == versions.breaking && !self.model.releases.is_empty())
        })
    }

    /// The hop, and whether it is breaking, from the two versions.
    fn measure(&self, case: &mut Known) {
        let Some(versions) = &self.model.versions else { return };
        if !self.read.contains(&versions.hop) {
            return;
        }
        let (Some(Value::Version(from)), Some(Value::Version(to))) =
            (self.value(versions.from, case), self.value(versions.to, case))
        else {
            return;
        };
        // downgrade < none < patch < minor < major
        let hop = match to.cmp_precedence(from) {
            Ordering::Less => 0,
            Ordering::Equal => 1,
            Ordering::Greater if from.major != to.major => 4,
            Ordering::Greater if from.minor != to.minor => 3,
            Ordering::Greater => 2,
        };
        let breaking = self.model.releases.iter().any(|release| {
            release.breaking
                && release.version.cmp_precedence(from).is_gt()
                && release.version.cmp_precedence(to).is_le()
        });
        case[versions.hop.0 as usize] = hop;
        if !self.model.releases.is_empty() {
            case[versions.breaking.0 as usize] = u8::from(breaking);
        }
    }

    /// What a case is, but for which version it is among those that nothing tells apart.
    fn signature(&self, case: &Known) -> (Known, Vec<Option<bool>>) {
        let mut plain = case.clone();
        for (index, fact) in self.model.facts.iter().enumerate() {
            if fact.kind == FactType::Version {
                plain[index] = UNKNOWN;
            }
        }
        let about_versions = |atom: &&Guard| match atom {
            Guard::Versions { .. } => true,
            Guard::Compare { fact, .. } | Guard::In { fact, .. } => {
                self.model.fact(*fact).kind == FactType::Version
            }
            _ => false,
        };
        let answers = self.atoms.iter().filter(about_versions);
        (plain, answers.map(|atom| self.holds(atom, case)).collect())
    }

    /// Whether no assumption is known not to hold.
    pub fn is_possible(&self, known: &Known) -> bool {
        self.model
            .assumptions
            .iter()
            .all(|assumption| self.holds(&assumption.guard, known) != Some(false))
    }

    /// The fact is found out: it may be anything that is not assumed away.
    pub fn learn(&self, known: &Known, id: FactId) -> Vec<Known> {
        if !self.read.contains(&id) {
            return vec![known.clone()];
        }
        let mut all = self.each_value(known, id);
        all.retain(|known| self.is_possible(known));
        all
    }

    /// A decision is taken so; none where that is assumed away.
    pub fn answer(&self, known: &Known, id: FactId, choice: usize) -> Option<Known> {
        if !self.read.contains(&id) {
            return Some(known.clone());
        }
        let mut known = known.clone();
        known[id.0 as usize] = choice as u8;
        self.is_possible(&known).then_some(known)
    }

    fn value(&self, id: FactId, known: &Known) -> Option<&Value> {
        self.values[id.0 as usize].get(known[id.0 as usize] as usize)
    }

    /// What a condition says; nothing where that depends on what is not known.
    pub fn holds(&self, guard: &Guard, known: &Known) -> Option<bool> {
        match guard {
            Guard::Constant(holds) => Some(*holds),
            Guard::Not(inner) => self.holds(inner, known).map(|holds| !holds),
            Guard::All(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.holds(part, known)).collect();
                match parts.contains(&Some(false)) {
                    true => Some(false),
                    false if parts.contains(&None) => None,
                    false => Some(true),
                }
            }
            Guard::Any(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.holds(part, known)).collect();
                match parts.contains(&Some(true)) {
                    true => Some(true),
                    false if parts.contains(&None) => None,
                    false => Some(false),
                }
            }
            Guard::Compare { fact, op, value } => {
                if let FactOrigin::Derived(inner) = &self.model.fact(*fact).origin {
                    let holds = self.holds(inner, known)?;
                    return Some(op.holds(compare(&Value::YesNo(holds), value)));
                }
                Some(op.holds(compare(self.value(*fact, known)?, value)))
            }
            Guard::In { fact, values } => {
                let own = self.value(*fact, known)?;
                Some(values.iter().any(|value| compare(own, value).is_eq()))
            }
            Guard::Versions { left, op, right } => {
                Some(op.holds(compare(self.value(*left, known)?, self.value(*right, known)?)))
            }
        }
    }
}

fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::YesNo(a), Value::YesNo(b)) => a.cmp(b),
        (Value::Choice(a), Value::Choice(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Version(a), Value::Version(b)) => a.cmp_precedence(b),
        _ => panic!("values of different types are compared: {left:?}, {right:?}"),
    }
}

/// The version, those right before and behind it, and the next of each part.
fn around(version: &Version) -> Vec<Version> {
    let (major, minor, patch) = (version.major, version.minor, version.patch);
    let plain = [
        Version::new(major, minor, patch),
        Version::new(major, minor, patch + 1),
        Version::new(major, minor, patch + 2),
        Version::new(major, minor + 1, 0),
        Version::new(major, minor + 2, 0),
        Version::new(major + 1, 0, 0),
        Version::new(major, minor, 0),
        Version::new(major, 0, 0),
        Version::new(major, minor.saturating_sub(1), 1),
        Version::new(major.saturating_sub(1), 9, 9),
        Version::new(0, 0, 1),
    ];
    let mut all = vec![version.clone()];
    for version in plain {
        for pre in ["0", "1"] {
            let pre = Prerelease::new(pre).expect("a number is a pre-release");
            all.push(Version { pre, ..version.clone() });
        }
        all.push(version);
    }
    all
}

fn collect_atoms(guard: &Guard, atoms: &mut Vec<Guard>) {
    match guard {
        Guard::Constant(_) => {}
        Guard::Compare { .. } | Guard::In { .. } | Guard::Versions { .. } => {
            if !atoms.contains(guard) {
                atoms.push(guard.clone());
            }
        }
        Guard::Not(inner) => collect_atoms(inner, atoms),
        Guard::All(parts) | Guard::Any(parts) => {
            parts.iter().for_each(|part| collect_atoms(part, atoms));
        }
    }
}

/// Every condition that is written anywhere, and that of each optional role.
fn all_guards(model: &Model, see: &mut impl FnMut(&Guard)) {
    for fact in &model.facts {
        if let FactOrigin::Derived(guard) = &fact.origin {
            see(guard);
        }
    }
    model.assumptions.iter().for_each(|assumption| see(&assumption.guard));
    model.rules.iter().filter_map(|rule| rule.when.as_ref()).for_each(&mut *see);
    for fact in model.roles.iter().filter_map(|role| role.optional) {
        see(&takes_part(fact));
    }
    for item in &model.items {
        let skips = item.skips.iter().map(|skip| &skip.condition);
        see_conditions(item.when.iter().chain(skips), see);
        if let ItemKind::Repeat { until, .. } = &item.kind {
            see_conditions(std::iter::once(until), see);
        }
        for branch in &item.branches {
            if let BranchKind::When(guard) = &branch.kind {
                see(guard);
            }
        }
        item.lines.iter().for_each(|line| see_line(line, see));
    }
}

fn see_conditions<'c>(
    conditions: impl Iterator<Item = &'c Condition>,
    see: &mut impl FnMut(&Guard),
) {
    conditions.filter_map(|condition| condition.guard.as_ref()).for_each(see);
}

fn see_line(line: &Line, see: &mut impl FnMut(&Guard)) {
    match line {
        Line::Task(task) => see_conditions(task.when.iter(), see),
        Line::ForEach { lines, .. } => lines.iter().for_each(|line| see_line(line, see)),
        _ => {}
    }
}

/// That an optional role is there.
pub fn takes_part(fact: FactId) -> Guard {
    Guard::Compare { fact, op: vup::model::Op::Equal, value: Value::YesNo(true) }
}
