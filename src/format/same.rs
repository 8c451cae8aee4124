//! Whether two texts say the same: statement by statement, part by part, comment by comment.

use crate::source::Span;
use crate::syntax::tree::{
    Clause, Duration, Guard, Happening, Parameter, ParameterKind, Statement, Target, Template,
    Text, Tree, Type, Value, Who,
};

/// Both trees, each with its text.
pub fn say_the_same(before: (&Tree, &str), after: (&Tree, &str)) -> bool {
    let texts = Texts(before.1, after.1);
    let (before, after) = (before.0, after.0);
    let same_comments = before.comments.iter().zip(&after.comments).all(|(a, b)| {
        let place = |tree: &Tree, comment: &Span| {
            tree.statements.partition_point(|statement| statement.span.start < comment.start)
        };
        a.same(b, texts) && place(before, a) == place(after, b)
    });
    same_comments
        && before.comments.len() == after.comments.len()
        && before.statements.same(&after.statements, texts)
}

/// The text of the one, and of the other.
#[derive(Clone, Copy)]
struct Texts<'t>(&'t str, &'t str);

trait Same {
    fn same(&self, other: &Self, texts: Texts<'_>) -> bool;
}

impl Same for Span {
    fn same(&self, other: &Span, texts: Texts<'_>) -> bool {
        self.of(texts.0) == other.of(texts.1)
    }
}

impl<T: Same> Same for [T] {
    fn same(&self, other: &[T], texts: Texts<'_>) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(a, b)| a.same(b, texts))
    }
}

impl<T: Same> Same for Option<T> {
    fn same(&self, other: &Option<T>, texts: Texts<'_>) -> bool {
        match (self, other) {
            (Some(a), Some(b)) => a.same(b, texts),
            (None, None) => true,
            _ => false,
        }
    }
}

impl Same for Statement {
    fn same(&self, other: &Statement, texts: Texts<'_>) -> bool {
        self.kind == other.kind
            && self.until == other.until
            && self.block.is_some() == other.block.is_some()
            && self.name.same(&other.name, texts)
            && self.title.same(&other.title, texts)
            && self.clauses.same(&other.clauses, texts)
    }
}

impl Same for Text {
    fn same(&self, other: &Text, texts: Texts<'_>) -> bool {
        self.is_block(texts.0) == other.is_block(texts.1)
            && self.value(texts.0) == other.value(texts.1)
    }
}

impl Same for Clause {
    fn same(&self, other: &Clause, texts: Texts<'_>) -> bool {
        use Clause::*;
        match (self, other) {
            (By(a), By(b)) => a.same(b, texts),
            (With(a), With(b))
            | (On(a), On(b))
            | (Uses(a), Uses(b))
            | (States(a), States(b))
            | (Subject(a), Subject(b)) => a.same(b, texts),
            (Version(a), Version(b))
            | (Date(a), Date(b))
            | (As(a), As(b))
            | (Times(a), Times(b))
            | (AtATime(a), AtATime(b))
            | (State(a), State(b))
            | (RecordType(a), RecordType(b)) => a.same(b, texts),
            (Arguments(a), Arguments(b)) | (Values(a), Values(b)) => a.same(b, texts),
            (Flag(a, _), Flag(b, _)) => a == b,
            (Anchor(a, step), Anchor(b, other)) => a == b && step.same(other, texts),
            (Sheet(a), Sheet(b)) => a.same(b, texts),
            (Second(a), Second(b)) => a.same(b, texts),
            (Type(a), Type(b)) => a.same(b, texts),
            (Guard(a), Guard(b)) => a.same(b, texts),
            (Template(a), Template(b)) => a.same(b, texts),
            (Parameters(a), Parameters(b)) => a.same(b, texts),
            (To(a), To(b)) => a.same(b, texts),
            (Duration(a), Duration(b)) => a.same(b, texts),
            _ => false,
        }
    }
}

impl Same for Who {
    fn same(&self, other: &Who, texts: Texts<'_>) -> bool {
        match (self, other) {
            (Who::Bare(a), Who::Bare(b))
            | (Who::AllOf(a), Who::AllOf(b))
            | (Who::AnyOf(a), Who::AnyOf(b)) => a.same(b, texts),
            (Who::Count(n, a), Who::Count(m, b)) => n.same(m, texts) && a.same(b, texts),
            _ => false,
        }
    }
}

impl Same for Type {
    fn same(&self, other: &Type, texts: Texts<'_>) -> bool {
        match (self, other) {
            (Type::YesNo, Type::YesNo) | (Type::Version, Type::Version) => true,
            (Type::OneOf(a), Type::OneOf(b)) | (Type::Scale(a), Type::Scale(b)) => a.same(b, texts),
            (Type::Number(low, high), Type::Number(lowest, highest)) => {
                low.same(lowest, texts) && high.same(highest, texts)
            }
            _ => false,
        }
    }
}

impl Same for Parameter {
    fn same(&self, other: &Parameter, texts: Texts<'_>) -> bool {
        let same_kind = match (&self.kind, &other.kind) {
            (ParameterKind::Fact(a), ParameterKind::Fact(b)) => a.same(b, texts),
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        };
        same_kind && self.name.same(&other.name, texts)
    }
}

impl Same for Guard {
    fn same(&self, other: &Guard, texts: Texts<'_>) -> bool {
        match (self, other) {
            (Guard::Test { fact: a }, Guard::Test { fact: b })
            | (Guard::TakesPart { role: a }, Guard::TakesPart { role: b }) => a.same(b, texts),
            (
                Guard::Compare { fact, op, value },
                Guard::Compare { fact: other, op: sign, value: constant },
            ) => op == sign && fact.same(other, texts) && value.same(constant, texts),
            (Guard::In { fact: a, values }, Guard::In { fact: b, values: others }) => {
                a.same(b, texts) && values.same(others, texts)
            }
            (Guard::Not(a), Guard::Not(b)) => a.same(b, texts),
            (Guard::All(a), Guard::All(b)) | (Guard::Any(a), Guard::Any(b)) => a.same(b, texts),
            _ => false,
        }
    }
}

impl Same for Value {
    fn same(&self, other: &Value, texts: Texts<'_>) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && self.span().same(&other.span(), texts)
    }
}

impl Same for Target {
    fn same(&self, other: &Target, texts: Texts<'_>) -> bool {
        self.kind == other.kind && self.name.same(&other.name, texts)
    }
}

/// `1 days` is `1 day`, and `2 working   days` are two.
impl Same for Duration {
    fn same(&self, other: &Duration, texts: Texts<'_>) -> bool {
        let words = |unit: Span, text| unit.of(text).trim_end_matches('s').split_ascii_whitespace();
        self.count.same(&other.count, texts)
            && words(self.unit, texts.0).eq(words(other.unit, texts.1))
    }
}

impl Same for Template {
    fn same(&self, other: &Template, texts: Texts<'_>) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && happenings(self).same(&happenings(other), texts)
    }
}

/// What a rule speaks of, in a fixed order.
fn happenings(template: &Template) -> [Option<Happening>; 3] {
    match template {
        Template::OnlyAfter { what, after, since } => [Some(*what), Some(*after), *since],
        Template::Always { after, what } => [Some(*what), *after, None],
        Template::NeverAfter { what, after } => [Some(*what), Some(*after), None],
        Template::NeverBoth(a, b) | Template::DifferentRoles(a, b) => [Some(*a), Some(*b), None],
        Template::AtMostOnce(what) => [Some(*what), None, None],
    }
}

impl Same for Happening {
    fn same(&self, other: &Happening, texts: Texts<'_>) -> bool {
        match (self, other) {
            (Happening::Item(a), Happening::Item(b)) => a.same(b, texts),
            (
                Happening::Artifact { name: a, state: in_a, on: on_a },
                Happening::Artifact { name: b, state: in_b, on: on_b },
            ) => a.same(b, texts) && in_a.same(in_b, texts) && on_a.same(on_b, texts),
            _ => false,
        }
    }
}
