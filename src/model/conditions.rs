//! Guards: their facts resolved, their constants checked against the types of the facts.

use super::constant::{MOST_DECIMALS, scaled};
use super::names::{Space, Symbol};
use super::resolve::{Argument, At, Resolver};
use super::rules::TYPE_MISMATCH;
use super::scope::Class;
use super::{Condition, FactId, FactType, Guard, ItemKind, Op, Value};
use crate::diagnostic::{Diagnostic, Edit, Mend};
use crate::source::Span;
use crate::syntax::tree::{Comparison, Guard as Written, Value as Constant};

/// What a name in a guard stands for.
#[derive(Clone, Debug)]
pub enum Subject {
    Fact(FactId),
    /// A parameter that was given as a constant.
    Constant(FactType, Value),
}

impl<'a> Resolver<'a> {
    /// Resolves a guard; none where something in it is wrong, which is then told.
    pub fn guard(&mut self, at: At<'a>, written: &Written) -> Option<Guard> {
        match written {
            Written::Not(inner) => Some(Guard::Not(Box::new(self.guard(at, inner)?))),
            Written::All(parts) => Some(Guard::All(self.guards(at, parts)?)),
            Written::Any(parts) => Some(Guard::Any(self.guards(at, parts)?)),
            Written::TakesPart { role } => self.takes_part(at, *role),
            Written::Test { fact } => self.test(at, *fact),
            Written::Compare { fact, op, value } => self.compare(at, *fact, op_of(*op), *value),
            Written::In { fact, values } => self.is_in(at, *fact, values),
        }
    }

    /// All of them, or none; each is looked at, so that all mistakes are told at once.
    fn guards(&mut self, at: At<'a>, parts: &[Written]) -> Option<Vec<Guard>> {
        let guards: Vec<_> = parts.iter().map(|part| self.guard(at, part)).collect();
        guards.into_iter().collect()
    }

    /// A `when`, a `skip when` or an `until`.
    pub fn condition(&mut self, at: At<'a>) -> Condition {
        let guard = at.node.get().guard().and_then(|guard| self.guard(at, guard));
        let text = self.title_prose(at);
        Condition { guard, text, place: at.here() }
    }

    fn takes_part(&mut self, at: At<'a>, role: Span) -> Option<Guard> {
        let id = self.role(at, role)?;
        match self.model.role(id).optional {
            Some(fact) => Some(Guard::is_so(fact)),
            // A procedure may be run with roles of both sorts.
            None if self.argument(at, at.text(role)).is_some() => Some(Guard::Constant(true)),
            None => {
                let title = self.model.role(id).title.clone();
                let declared = self.model.role(id).place;
                let message = format!("the role `{title}` always takes part");
                let finding = Diagnostic::new(&TYPE_MISMATCH, at.place(role), message)
                    .label(declared, "it is not declared as `optional`")
                    .help("declare the role as `optional`, or leave the condition out");
                self.find(finding);
                None
            }
        }
    }

    fn test(&mut self, at: At<'a>, fact: Span) -> Option<Guard> {
        let before = self.names.misused.len();
        let Some(subject) = self.subject(at, fact) else {
            self.mend_test(at, fact, before);
            return None;
        };
        match subject {
            Subject::Constant(_, value) => Some(Guard::Constant(value == Value::YesNo(true))),
            Subject::Fact(id) if self.model.fact(id).kind == FactType::YesNo => {
                Some(Guard::is_so(id))
            }
            Subject::Fact(id) => {
                let name = at.text(fact);
                let example = self.example(id);
                let message = format!("`{name}` is not a yes-no fact, so it must be compared");
                let help = format!("write what it must be, as in `{name} {example}`");
                self.find(Diagnostic::new(&TYPE_MISMATCH, at.place(fact), message).help(help));
                None
            }
        }
    }

    fn compare(&mut self, at: At<'a>, fact: Span, op: Op, value: Constant) -> Option<Guard> {
        let subject = self.subject(at, fact)?;
        if let Subject::Fact(left) = subject
            && let Some(right) = self.other_version(at, left, value)
        {
            return Some(Guard::Versions { left, op, right });
        }
        let kind = self.kind_of(&subject);
        let ordered = !matches!(kind, FactType::YesNo | FactType::OneOf(_));
        if !ordered && !matches!(op, Op::Equal | Op::NotEqual) {
            let name = at.text(fact);
            let message =
                format!("the values of `{name}` have no order, so `{}` says nothing", op.symbol());
            let finding = Diagnostic::new(&TYPE_MISMATCH, at.place(fact.to(value.span())), message)
                .help("use `=`, `!=` or `in (…)`, or declare the fact as a `scale`");
            self.find(finding);
            return None;
        }
        let value = self.constant(at, at.text(fact), &kind, value)?;
        Some(match subject {
            Subject::Fact(fact) => Guard::Compare { fact, op, value },
            Subject::Constant(_, given) => Guard::Constant(op.holds(order(&given, &value))),
        })
    }

    fn is_in(&mut self, at: At<'a>, fact: Span, values: &[Constant]) -> Option<Guard> {
        let subject = self.subject(at, fact)?;
        let kind = self.kind_of(&subject);
        let values: Vec<_> =
            values.iter().map(|value| self.constant(at, at.text(fact), &kind, *value)).collect();
        let values = values.into_iter().collect::<Option<Vec<Value>>>()?;
        let is = |fact, value| Guard::Compare { fact, op: Op::Equal, value };
        Some(match subject {
            // So it is asked as any other yes-no fact, which may be derived.
            Subject::Fact(fact) if kind == FactType::YesNo => {
                Guard::Any(values.into_iter().map(|value| is(fact, value)).collect())
            }
            Subject::Fact(fact) => Guard::In { fact, values },
            Subject::Constant(_, given) => Guard::Constant(values.contains(&given)),
        })
    }

    /// The other of the two versions, if `left` is one and the value names the other.
    fn other_version(&mut self, at: At<'a>, left: FactId, value: Constant) -> Option<FactId> {
        let Constant::Name(name) = value else { return None };
        let versions = self.model.versions.as_ref()?;
        let (from, to) = (versions.from, versions.to);
        let right = match at.text(name) {
            "from" => from,
            "to" => to,
            _ => return None,
        };
        (left != right && (left == from || left == to)).then(|| {
            self.names.used.insert(Symbol::Fact(right));
            right
        })
    }

    fn kind_of(&self, subject: &Subject) -> FactType {
        match subject {
            Subject::Fact(id) => self.model.fact(*id).kind.clone(),
            Subject::Constant(kind, _) => kind.clone(),
        }
    }

    /// The fact, decision or parameter that a name in a guard means.
    pub fn subject(&mut self, at: At<'a>, name: Span) -> Option<Subject> {
        let written = at.text(name);
        match self.argument(at, written) {
            Some(Argument::Symbol(Symbol::Fact(id))) => return Some(Subject::Fact(id)),
            Some(Argument::Constant(kind, value)) => return Some(Subject::Constant(kind, value)),
            Some(Argument::Unknown) => return None,
            Some(Argument::Symbol(symbol)) => {
                let declared = self.parameter(at, written).map(|(_, place)| place);
                let place = at.place(name);
                let declared = declared.unwrap_or(place);
                self.names.wrong_kind("fact", written, place, symbol.word(), declared);
                self.mend_wrong_fact(symbol, written);
                return None;
            }
            None => {}
        }
        if let Some(Symbol::Fact(id)) = self.names.find(Space::Fact, written) {
            return Some(Subject::Fact(id));
        }
        let decides = self.index.find(&self.model, written, Class::Decide, at.scope);
        match decides.as_slice() {
            [] => {
                self.no_fact(at, name);
                None
            }
            [only] => match self.model.item(*only).kind {
                ItemKind::Decide { answer: Some(fact) } => Some(Subject::Fact(fact)),
                _ if !self.is_by_facts(*only) => None,
                _ => {
                    let message = format!("`{written}` is decided by facts: it has no answer");
                    let declared = self.model.item(*only).place;
                    let finding = Diagnostic::new(&TYPE_MISMATCH, at.place(name), message)
                        .label(declared, "it is declared here")
                        .help("ask for the facts by which it is decided");
                    self.find(finding);
                    None
                }
            },
            several => {
                let several = several.to_vec();
                self.ambiguous(at.place(name), written, &several);
                None
            }
        }
    }

    /// Tells that a name in a guard is not that of a fact.
    fn no_fact(&mut self, at: At<'a>, name: Span) {
        let (written, place) = (at.text(name), at.place(name));
        for space in [Space::Fact, Space::Role] {
            if let Some((symbol, declared)) = self.names.declared(space, written) {
                self.names.wrong_kind("fact", written, place, symbol.word(), declared);
                return self.mend_wrong_fact(symbol, written);
            }
        }
        if let Some((class, id)) = self.index.other(&self.model, written, Class::Decide, at.scope) {
            let declared = self.model.item(id).place;
            return self.names.wrong_kind("fact", written, place, class.word(), declared);
        }
        let facts = self.names.names(Space::Fact);
        let decisions = self.index.names(&self.model, Class::Decide, 1);
        self.names.unknown("fact", written, place, &[&facts, &decisions]);
    }

    /// How what is not a fact can be asked for all the same.
    fn mend_wrong_fact(&mut self, symbol: Symbol, written: &str) {
        if let (Some(instead), Some(finding)) =
            (asked_as(symbol, written), self.names.misused.last_mut())
        {
            finding.help = Some(format!("write `{instead}`"));
        }
    }

    /// The edit for it, where a name stands alone: before a comparison it would make no condition.
    fn mend_test(&mut self, at: At<'a>, name: Span, before: usize) {
        let written = at.text(name);
        let symbol = match self.argument(at, written) {
            Some(Argument::Symbol(symbol)) => Some(symbol),
            Some(_) => None,
            None => {
                let declared = |space| self.names.declared(space, written);
                declared(Space::Fact).or_else(|| declared(Space::Role)).map(|(symbol, _)| symbol)
            }
        };
        let can_be_absent = |symbol: &Symbol| match symbol {
            Symbol::Role(id) => self.model.role(*id).optional.is_some(),
            _ => true,
        };
        let instead = symbol.filter(can_be_absent).and_then(|symbol| asked_as(symbol, written));
        if let (Some(instead), Some(finding)) = (instead, self.names.misused.get_mut(before)) {
            finding.edit = Some(Edit::safe(at.place(name), Mend::Instead(instead)));
        }
    }

    /// A constant of a type; what it must be is told where it is not.
    pub fn constant(
        &mut self,
        at: At<'a>,
        fact: &str,
        kind: &FactType,
        value: Constant,
    ) -> Option<Value> {
        let (span, written) = (value.span(), at.text(value.span()));
        if let (FactType::Number { decimals, .. }, Constant::Number(_)) = (kind, value) {
            // Why it is no such number has been told.
            self.number(at, span, *decimals)?;
        }
        if let Some(value) = kind.read(written) {
            return Some(value);
        }
        let allowed = match (kind, value) {
            (FactType::Version, Constant::Version(_)) => {
                "versions such as `2.1.0`, without zeros in front".to_string()
            }
            _ => kind.allowed(),
        };
        self.wrong_constant(at, fact, kind, span, &allowed);
        None
    }

    fn wrong_constant(
        &mut self,
        at: At<'a>,
        fact: &str,
        kind: &FactType,
        span: Span,
        allowed: &str,
    ) {
        let written = at.text(span);
        if self.names.may_be_unread(fact) || self.names.may_be_unread(written) {
            return;
        }
        let is_fact =
            matches!(self.names.declared(Space::Fact, written), Some((Symbol::Fact(_), _)))
                || self.argument(at, written).is_some();
        let message = match is_fact {
            true => format!("two facts are not compared: `{fact}` and `{written}`"),
            false => format!("`{fact}` is never `{written}`"),
        };
        let mut finding = Diagnostic::new(&TYPE_MISMATCH, at.place(span), message);
        finding = match kind.likely(written) {
            Some((meant, applicability)) => finding
                .help(format!("did you mean `{meant}`? {}", kind.its_values()))
                .edit(Edit::new(applicability, at.place(span), Mend::Instead(meant))),
            None if is_fact => {
                finding.help(format!("compare it with one of its values: {allowed}"))
            }
            None => finding.help(kind.its_values()),
        };
        self.names.misused.push(finding);
    }

    /// A number, in units of its last of `decimals` decimals.
    pub fn number(&mut self, at: At<'a>, span: Span, decimals: u32) -> Option<i64> {
        let written = at.text(span);
        let own = written.split_once('.').map_or("", |(_, decimals)| decimals);
        let number = scaled(written, decimals);
        if number.is_some() && decimals <= MOST_DECIMALS {
            return number;
        }
        let (message, help) = if own.contains('.') {
            (format!("`{written}` is not a number"), "a number has one point at most, as `2.5`")
        } else if own.len() > MOST_DECIMALS as usize {
            let message = format!("a number has at most {MOST_DECIMALS} decimals");
            (message, "count in a smaller unit, so that fewer decimals are needed")
        } else if own.len() > decimals as usize {
            let kind = match decimals {
                0 => "a whole number".to_string(),
                1 => "a number with one decimal".to_string(),
                _ => format!("a number with at most {decimals} decimals"),
            };
            let help = "the bounds of the fact say how many decimals its values have";
            (format!("`{written}` is not {kind}"), help)
        } else {
            (format!("`{written}` is too large a number"), "count in a larger unit")
        };
        self.find(Diagnostic::new(&TYPE_MISMATCH, at.place(span), message).help(help));
        None
    }

    /// A value that a fact may have, to show how it is compared.
    fn example(&self, id: FactId) -> String {
        match &self.model.fact(id).kind {
            FactType::OneOf(choices) => {
                format!("= {}", choices.first().map_or("…", String::as_str))
            }
            FactType::Scale(choices) => {
                format!(">= {}", choices.get(choices.len() / 2).map_or("…", String::as_str))
            }
            kind @ FactType::Number { low, high, .. } => {
                let middle = low.midpoint(*high);
                format!(">= {}", kind.show(&Value::Number(middle)))
            }
            FactType::Version => ">= 2.1.0".into(),
            FactType::YesNo => "= yes".into(),
        }
    }
}

/// The condition that asks for what is not a fact.
fn asked_as(symbol: Symbol, name: &str) -> Option<String> {
    match symbol {
        Symbol::Trigger(_) => Some(format!("trigger = {name}")),
        Symbol::Role(_) => Some(format!("{name} takes part")),
        _ => None,
    }
}

fn op_of(written: Comparison) -> Op {
    match written {
        Comparison::Equal => Op::Equal,
        Comparison::NotEqual => Op::NotEqual,
        Comparison::Less => Op::Less,
        Comparison::AtMost => Op::AtMost,
        Comparison::Greater => Op::Greater,
        Comparison::AtLeast => Op::AtLeast,
    }
}

fn order(left: &Value, right: &Value) -> std::cmp::Ordering {
    match (left, right) {
        (Value::YesNo(a), Value::YesNo(b)) => a.cmp(b),
        (Value::Choice(a), Value::Choice(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Version(a), Value::Version(b)) => a.cmp_precedence(b),
        _ => std::cmp::Ordering::Equal,
    }
}
