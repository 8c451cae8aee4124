//! Conditions over facts.

use super::FactId;

/// A condition. Two facts are never compared, except the pair of versions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Guard {
    /// What is left of a procedure's parameter that a `run` gave as a constant.
    Constant(bool),
    Compare {
        fact: FactId,
        op: Op,
        value: Value,
    },
    In {
        fact: FactId,
        values: Vec<Value>,
    },
    /// `from < to` and its kin, by precedence; the facts are `from` and `to`.
    Versions {
        left: FactId,
        op: Op,
        right: FactId,
    },
    Not(Box<Guard>),
    All(Vec<Guard>),
    Any(Vec<Guard>),
}

impl Guard {
    /// That a yes-no fact is so.
    pub fn is_so(fact: FactId) -> Guard {
        Guard::Compare { fact, op: Op::Equal, value: Value::YesNo(true) }
    }

    /// Calls `see` with each fact that this reads.
    pub fn facts(&self, see: &mut impl FnMut(FactId)) {
        match self {
            Guard::Constant(_) => {}
            Guard::Compare { fact, .. } | Guard::In { fact, .. } => see(*fact),
            Guard::Versions { left, right, .. } => {
                see(*left);
                see(*right);
            }
            Guard::Not(inner) => inner.facts(see),
            Guard::All(parts) | Guard::Any(parts) => parts.iter().for_each(|part| part.facts(see)),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Op {
    /// As it is written in a guard.
    pub fn symbol(self) -> &'static str {
        match self {
            Op::Equal => "=",
            Op::NotEqual => "!=",
            Op::Less => "<",
            Op::AtMost => "<=",
            Op::Greater => ">",
            Op::AtLeast => ">=",
        }
    }

    /// Whether values that compare so satisfy it.
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Op::Equal => ordering.is_eq(),
            Op::NotEqual => ordering.is_ne(),
            Op::Less => ordering.is_lt(),
            Op::AtMost => ordering.is_le(),
            Op::Greater => ordering.is_gt(),
            Op::AtLeast => ordering.is_ge(),
        }
    }
}

/// A constant of a fact's type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    YesNo(bool),
    /// An index into the choices of the type.
    Choice(usize),
    /// In units of the type's last decimal.
    Number(i64),
    Version(semver::Version),
}
