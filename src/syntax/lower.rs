//! From what pest read to statements.
//!
//! Common mistakes were read by the grammar too; they are told here, and the statement is kept.

use super::grammar::Rule;
use super::mistake::Mistakes;
use super::statement::Kind;
use super::tree::{
    Anchor, Clause, Comparison, Duration, Flag, Guard, Happening, Parameter, ParameterKind,
    Statement, Target, TargetKind, Template, Text, Type, Value, Who,
};
use super::unseen;
use crate::source::Span;
use pest::iterators::Pair;

/// Lowers the pairs of one piece of a text.
pub struct Lowering<'m> {
    /// Where the piece starts in the text.
    pub base: usize,
    pub mistakes: &'m mut Mistakes,
    /// Kept between statements, so that each allocates its clauses once and exactly.
    pub clauses: Vec<Clause>,
}

impl Lowering<'_> {
    pub fn span(&self, pair: &Pair<'_, Rule>) -> Span {
        let span = pair.as_span();
        Span::new(self.base + span.start(), self.base + span.end())
    }

    /// Lowers a statement; `internal` is the place of the word before it, if it stands there.
    pub fn statement(&mut self, pair: Pair<'_, Rule>, internal: Option<Span>) -> Statement {
        let span = self.span(&pair);
        let mut kind = kind_of(pair.as_rule());
        let mut name = None;
        let mut title = None;
        self.clauses.extend(internal.map(|place| Clause::Flag(Flag::Internal, place)));
        for part in pair.into_inner() {
            let place = self.span(&part);
            match part.as_rule() {
                Rule::name if name.is_none() && !matches!(kind, Kind::Run | Kind::Answer) => {
                    name = Some(self.checked_name(&part))
                }
                Rule::name => self.more_name(kind, &part, &mut name),
                Rule::string | Rule::text_block | Rule::wrong_string => {
                    let text = self.text(&part);
                    match title {
                        None => title = Some(text),
                        Some(_) => self.clauses.push(Clause::Second(text)),
                    }
                }
                Rule::reference => self.subject(place),
                Rule::references if kind == Kind::ApprovedBy => {
                    let roles = self.spans(part);
                    self.clauses.push(Clause::By(Who::Bare(roles)));
                }
                _ => self.clause(part, place),
            }
        }
        kind = self.precise(kind);
        let clauses = self.clauses.drain(..).collect();
        let span = internal.map_or(span, |internal| internal.to(span));
        let span = Span { start: span.start, end: span.end.max(span.start) };
        Statement { kind, span, name, title, clauses, block: None, until: 0 }
    }

    /// A name where a statement's own name is not meant, or is already known.
    fn more_name(&mut self, kind: Kind, part: &Pair<'_, Rule>, name: &mut Option<Span>) {
        let place = self.span(part);
        match kind {
            Kind::Run => self.subject(place),
            _ if self.has_subject() => self.values(Value::Name(place)),
            _ => *name = Some(self.checked_name(part)),
        }
    }

    fn has_subject(&self) -> bool {
        self.clauses.iter().any(|clause| matches!(clause, Clause::Subject(_)))
    }

    fn subject(&mut self, place: Span) {
        self.clauses.push(Clause::Subject(vec![place]));
    }

    fn values(&mut self, value: Value) {
        if let Some(Clause::Values(values)) = self.clauses.last_mut() {
            values.push(value);
        } else {
            self.clauses.push(Clause::Values(vec![value]));
        }
    }

    /// Tells apart the kinds that share a keyword.
    fn precise(&self, kind: Kind) -> Kind {
        let leads = self.clauses.iter().any(|clause| matches!(clause, Clause::To(_)));
        match kind {
            Kind::When if leads => Kind::BranchWhen,
            Kind::Otherwise if leads => Kind::BranchOtherwise,
            Kind::Event if !leads => Kind::ScenarioEvent,
            Kind::Answer if !leads => Kind::ScenarioAnswer,
            kind => kind,
        }
    }

    fn checked_name(&mut self, pair: &Pair<'_, Rule>) -> Span {
        let place = self.span(pair);
        self.mistakes.name(pair.as_str(), place);
        place
    }

    fn text(&mut self, pair: &Pair<'_, Rule>) -> Text {
        let place = self.span(pair);
        match pair.as_rule() {
            Rule::wrong_string => self.mistakes.curly_quotes(pair.as_str(), place),
            Rule::string => {
                self.mistakes.escapes(pair.as_str(), place);
                unseen::tell_in_text(self.mistakes, pair.as_str(), place);
            }
            _ => {}
        }
        Text(place)
    }

    fn spans(&self, pair: Pair<'_, Rule>) -> Vec<Span> {
        pair.into_inner()
            .filter(|part| {
                matches!(part.as_rule(), Rule::reference | Rule::name | Rule::name_value)
            })
            .map(|part| self.span(&part))
            .collect()
    }

    fn nested_spans(&self, pair: Pair<'_, Rule>) -> Vec<Span> {
        let names = pair.into_inner().find(|part| part.as_rule() == Rule::references);
        names.map(|names| self.spans(names)).unwrap_or_default()
    }

    fn first(&self, pair: Pair<'_, Rule>, rule: Rule) -> Option<Span> {
        pair.into_inner().find(|part| part.as_rule() == rule).map(|part| self.span(&part))
    }

    fn clause(&mut self, part: Pair<'_, Rule>, place: Span) {
        let flag = |flag| Some(Clause::Flag(flag, place));
        let clause = match part.as_rule() {
            Rule::by => self.who(part).map(Clause::By),
            Rule::all_of | Rule::any_of | Rule::number_of => self.counted(part).map(Clause::By),
            Rule::references => Some(Clause::Subject(self.spans(part))),
            Rule::skip_by => {
                self.first(part, Rule::reference).map(|role| Clause::Subject(vec![role]))
            }
            Rule::with => Some(Clause::With(self.nested_spans(part))),
            Rule::on => Some(Clause::On(self.nested_spans(part))),
            Rule::on_one => Some(Clause::On(self.spans(part))),
            Rule::uses => Some(Clause::Uses(self.nested_spans(part))),
            Rule::external => flag(Flag::External),
            Rule::optional => flag(Flag::Optional),
            Rule::live => flag(Flag::Live),
            Rule::given_beforehand => flag(Flag::Given),
            Rule::per_environment => flag(Flag::PerEnvironment),
            Rule::normally_on => flag(Flag::NormallyOn),
            Rule::breaking => flag(Flag::Breaking),
            Rule::required_stop => flag(Flag::RequiredStop),
            Rule::later => flag(Flag::Later),
            Rule::at_least_one => flag(Flag::AtLeastOne),
            Rule::in_route => flag(Flag::InRoute),
            Rule::turn_on => flag(Flag::TurnOn),
            Rule::turn_off => flag(Flag::TurnOff),
            Rule::takes_part => flag(Flag::TakesPart),
            Rule::k_not => flag(Flag::Not),
            Rule::k_never => flag(Flag::Never),
            Rule::states => Some(self.states(part)),
            Rule::sheet => Some(self.sheet(part)),
            Rule::state => Some(Clause::State(place)),
            Rule::run_as => self.first(part, Rule::name).map(Clause::As),
            Rule::yes_no | Rule::one_of | Rule::scale | Rule::number_range | Rule::any_version => {
                Some(Clause::Type(self.fact_type(part)))
            }
            Rule::parameter => return self.parameter(part),
            Rule::arguments => Some(Clause::Arguments(self.value_list(part))),
            Rule::times => self.first(part, Rule::integer).map(Clause::Times),
            Rule::at_a_time => self.first(part, Rule::integer).map(Clause::AtATime),
            Rule::duration => self.duration(part).map(Clause::Duration),
            Rule::of_step => self.anchor(part, Anchor::Of),
            Rule::before_step => self.anchor(part, Anchor::Before),
            Rule::after_step => self.anchor(part, Anchor::After),
            Rule::record_type => Some(Clause::RecordType(place)),
            Rule::date => Some(Clause::Date(place)),
            Rule::version | Rule::number | Rule::name_value => return self.word(part, place),
            Rule::guard => Some(Clause::Guard(Box::new(self.guard(part)))),
            Rule::next_target
            | Rule::step_target
            | Rule::stage_target
            | Rule::path_target
            | Rule::end_target => self.target(part).map(Clause::To),
            Rule::only_after
            | Rule::always
            | Rule::never_both
            | Rule::never_after
            | Rule::different_roles
            | Rule::at_most_once => {
                self.template(part).map(|rule| Clause::Template(Box::new(rule)))
            }
            Rule::arrow => return self.arrow(part),
            _ => None,
        };
        self.clauses.extend(clause);
    }

    /// A version where one must stand, or a value.
    fn word(&mut self, part: Pair<'_, Rule>, place: Span) {
        let value = self.value(&part);
        if self.has_subject() {
            self.values(value);
        } else {
            self.mistakes.version(part.as_str(), place);
            self.clauses.push(Clause::Version(place));
        }
    }

    fn parameter(&mut self, part: Pair<'_, Rule>) {
        let mut kind = ParameterKind::Role;
        let mut name = None;
        for part in part.into_inner() {
            match part.as_rule() {
                Rule::k_role => {}
                Rule::k_environment => kind = ParameterKind::Environment,
                Rule::name => name = Some(self.checked_name(&part)),
                _ => kind = ParameterKind::Fact(self.fact_type(part)),
            }
        }
        let Some(name) = name else { return };
        if let Some(Clause::Parameters(parameters)) = self.clauses.last_mut() {
            parameters.push(Parameter { kind, name });
        } else {
            self.clauses.push(Clause::Parameters(vec![Parameter { kind, name }]));
        }
    }

    fn arrow(&mut self, part: Pair<'_, Rule>) {
        for wrong in part.into_inner() {
            let place = self.span(&wrong);
            self.mistakes.arrow(place);
        }
    }

    fn states(&mut self, part: Pair<'_, Rule>) -> Clause {
        let mut names = Vec::new();
        for part in part.into_inner() {
            match part.as_rule() {
                Rule::name => names.push(self.checked_name(&part)),
                Rule::arrow => self.arrow(part),
                _ => {}
            }
        }
        Clause::States(names)
    }

    fn sheet(&mut self, part: Pair<'_, Rule>) -> Clause {
        let texts = [Rule::string, Rule::text_block, Rule::wrong_string];
        let columns = part.into_inner().filter(|part| texts.contains(&part.as_rule()));
        Clause::Sheet(columns.map(|part| self.text(&part)).collect())
    }

    fn who(&mut self, pair: Pair<'_, Rule>) -> Option<Who> {
        pair.into_inner().find_map(|part| match part.as_rule() {
            Rule::references => Some(Who::Bare(self.spans(part))),
            _ => self.counted(part),
        })
    }

    fn counted(&mut self, part: Pair<'_, Rule>) -> Option<Who> {
        let rule = part.as_rule();
        let count = self.first(part.clone(), Rule::integer);
        let roles = self.nested_spans(part);
        match rule {
            Rule::all_of => Some(Who::AllOf(roles)),
            Rule::any_of => Some(Who::AnyOf(roles)),
            Rule::number_of => count.map(|count| Who::Count(count, roles)),
            _ => None,
        }
    }

    fn fact_type(&mut self, part: Pair<'_, Rule>) -> Type {
        let rule = part.as_rule();
        let mut names = Vec::new();
        let mut numbers = Vec::new();
        for part in part.into_inner() {
            match part.as_rule() {
                Rule::name => names.push(self.checked_name(&part)),
                Rule::number => numbers.push(self.span(&part)),
                _ => {}
            }
        }
        match (rule, numbers.as_slice()) {
            (Rule::one_of, _) => Type::OneOf(names),
            (Rule::scale, _) => Type::Scale(names),
            (Rule::number_range, [low, high]) => Type::Number(*low, *high),
            (Rule::any_version, _) => Type::Version,
            _ => Type::YesNo,
        }
    }

    fn duration(&mut self, part: Pair<'_, Rule>) -> Option<Duration> {
        let count = self.first(part.clone(), Rule::integer)?;
        let unit = self.first(part, Rule::unit)?;
        Some(Duration { count, unit })
    }

    fn anchor(&mut self, part: Pair<'_, Rule>, anchor: Anchor) -> Option<Clause> {
        self.first(part, Rule::reference).map(|step| Clause::Anchor(anchor, step))
    }

    fn target(&mut self, part: Pair<'_, Rule>) -> Option<Target> {
        let kind = match part.as_rule() {
            Rule::step_target => TargetKind::Step,
            Rule::stage_target => TargetKind::Stage,
            Rule::path_target => TargetKind::Path,
            Rule::end_target => TargetKind::End,
            _ => {
                let name = self.span(&part);
                return Some(Target { kind: TargetKind::Next, name, span: name });
            }
        };
        let start = self.span(&part).start;
        let whole = |name: Span| Span { start, end: name.end };
        let name = self.first(part, Rule::reference);
        name.map(|name| Target { kind, name, span: whole(name) })
    }

    fn happening(&mut self, part: Pair<'_, Rule>) -> Option<Happening> {
        if part.as_rule() != Rule::artifact_target {
            return self.target(part).map(Happening::Item);
        }
        let name = self.first(part.clone(), Rule::reference)?;
        let state = self.first(part.clone(), Rule::state);
        let on = part.into_inner().find(|part| part.as_rule() == Rule::on_one);
        let on = on.and_then(|on| self.first(on, Rule::reference));
        Some(Happening::Artifact { name, state, on })
    }

    fn template(&mut self, pair: Pair<'_, Rule>) -> Option<Template> {
        let rule = pair.as_rule();
        let mut happenings = Vec::new();
        for part in pair.into_inner() {
            let is_happening = matches!(
                part.as_rule(),
                Rule::step_target
                    | Rule::stage_target
                    | Rule::path_target
                    | Rule::end_target
                    | Rule::artifact_target
            );
            if is_happening {
                happenings.push(self.happening(part)?);
            }
        }
        let third = happenings.get(2).copied();
        Some(match (rule, happenings.as_slice()) {
            (Rule::only_after, [what, after, ..]) => {
                Template::OnlyAfter { what: *what, after: *after, since: third }
            }
            (Rule::always, [what]) => Template::Always { after: None, what: *what },
            (Rule::always, [after, what]) => Template::Always { after: Some(*after), what: *what },
            (Rule::never_both, [a, b]) => Template::NeverBoth(*a, *b),
            (Rule::never_after, [what, after]) => {
                Template::NeverAfter { what: *what, after: *after }
            }
            (Rule::different_roles, [a, b]) => Template::DifferentRoles(*a, *b),
            (Rule::at_most_once, [what]) => Template::AtMostOnce(*what),
            _ => return None,
        })
    }

    fn value(&self, part: &Pair<'_, Rule>) -> Value {
        let place = self.span(part);
        match part.as_rule() {
            Rule::version => Value::Version(place),
            Rule::number => Value::Number(place),
            _ => Value::Name(place),
        }
    }

    fn value_list(&self, part: Pair<'_, Rule>) -> Vec<Value> {
        let is_value = |rule| matches!(rule, Rule::version | Rule::number | Rule::name_value);
        part.into_inner()
            .filter(|part| is_value(part.as_rule()))
            .map(|part| self.value(&part))
            .collect()
    }

    fn guard(&mut self, pair: Pair<'_, Rule>) -> Guard {
        let place = self.span(&pair);
        let mut parts = Vec::new();
        let (mut ands, mut ors, mut negated) = (0, 0, false);
        for part in pair.into_inner() {
            let operand = match part.as_rule() {
                Rule::k_and => {
                    ands += 1;
                    continue;
                }
                Rule::k_or => {
                    ors += 1;
                    continue;
                }
                Rule::k_not => {
                    negated = !negated;
                    continue;
                }
                Rule::group => part
                    .into_inner()
                    .find(|part| part.as_rule() == Rule::guard)
                    .map(|part| self.guard(part)),
                _ => self.test(part),
            };
            parts.extend(operand.map(|operand| match negated {
                true => Guard::Not(Box::new(operand)),
                false => operand,
            }));
            negated = false;
        }
        if ands > 0 && ors > 0 {
            self.mistakes.mixed_and_or(place);
        }
        match (parts.len(), ors) {
            (1, _) => parts.remove(0),
            (_, 0) => Guard::All(parts),
            _ => Guard::Any(parts),
        }
    }

    fn test(&mut self, pair: Pair<'_, Rule>) -> Option<Guard> {
        let fact = self.first(pair.clone(), Rule::reference)?;
        let mut op = None;
        let mut is_in = false;
        for part in pair.clone().into_inner() {
            let comparison = match part.as_rule() {
                Rule::takes_part => return Some(Guard::TakesPart { role: fact }),
                Rule::k_in => {
                    is_in = true;
                    None
                }
                Rule::equals => Some(Comparison::Equal),
                Rule::unequal => Some(Comparison::NotEqual),
                Rule::less => Some(Comparison::Less),
                Rule::greater => Some(Comparison::Greater),
                Rule::at_most_sign => Some(Comparison::AtMost),
                Rule::at_least_sign => Some(Comparison::AtLeast),
                Rule::wrong_comparison => {
                    let place = self.span(&part);
                    Some(self.mistakes.comparison(part.as_str(), place))
                }
                _ => None,
            };
            op = op.or(comparison);
        }
        let mut values = self.value_list(pair);
        match op {
            _ if is_in => Some(Guard::In { fact, values }),
            Some(op) => values.pop().map(|value| Guard::Compare { fact, op, value }),
            None => Some(Guard::Test { fact }),
        }
    }
}

/// The kind of the statement that a rule of the grammar reads.
pub fn kind_of(rule: Rule) -> Kind {
    match rule {
        Rule::use_file => Kind::UseFile,
        Rule::process => Kind::Process,
        Rule::version_is => Kind::VersionIs,
        Rule::owner => Kind::Owner,
        Rule::versions => Kind::Versions,
        Rule::assume => Kind::Assume,
        Rule::trigger => Kind::Trigger,
        Rule::outcome => Kind::Outcome,
        Rule::about => Kind::About,
        Rule::role => Kind::Role,
        Rule::resource => Kind::Resource,
        Rule::environment => Kind::Environment,
        Rule::artifact => Kind::Artifact,
        Rule::switch => Kind::Switch,
        Rule::fact => Kind::Fact,
        Rule::release => Kind::Release,
        Rule::procedure => Kind::Procedure,
        Rule::path => Kind::Path,
        Rule::stage => Kind::Stage,
        Rule::step => Kind::Step,
        Rule::decide => Kind::Decide,
        Rule::repeat => Kind::Repeat,
        Rule::any_order => Kind::AnyOrder,
        Rule::for_each => Kind::ForEach,
        Rule::run => Kind::Run,
        Rule::go => Kind::Go,
        Rule::end => Kind::End,
        Rule::event => Kind::Event,
        Rule::when => Kind::When,
        Rule::otherwise => Kind::Otherwise,
        Rule::skip => Kind::Skip,
        Rule::do_task => Kind::Do,
        Rule::notify => Kind::Notify,
        Rule::needs => Kind::Needs,
        Rule::makes => Kind::Makes,
        Rule::turns => Kind::Turns,
        Rule::learns => Kind::Learns,
        Rule::record => Kind::Record,
        Rule::approved_by => Kind::ApprovedBy,
        Rule::undo => Kind::Undo,
        Rule::no_way_back => Kind::NoWayBack,
        Rule::takes => Kind::Takes,
        Rule::within => Kind::Within,
        Rule::at_least => Kind::AtLeast,
        Rule::note => Kind::Note,
        Rule::warning => Kind::Warning,
        Rule::link => Kind::Link,
        Rule::answer => Kind::Answer,
        Rule::after => Kind::After,
        Rule::process_rule => Kind::Rule,
        Rule::scenario => Kind::Scenario,
        Rule::given => Kind::Given,
        Rule::expect => Kind::Expect,
        _ => Kind::File,
    }
}
