//! What stands in items: who, where, lines, times, branches.

use super::conditions::Subject;
use super::expand::loop_of;
use super::names::{Space, Symbol};
use super::resolve::{At, Resolver};
use super::rules::{DUPLICATE_LINE, MISSING_GUARD, MISSING_LINE, TYPE_MISMATCH};
use super::scope::Class;
use super::{
    Anchor, ArtifactUse, Branch, Duration, FactId, Head, ItemId, ItemKind, Line, Loop, OutcomeId,
    Record, RecordKind, Relation, Remark, RemarkKind, Skip, Target, Task, TaskKind, Timing, Unit,
    Who,
};
use crate::diagnostic::{Diagnostic, Edit, Mend};
use crate::source::{Place, Span};
use crate::syntax::rules::{SYNTAX, WHO_COUNTS};
use crate::syntax::statement::Kind;
use crate::syntax::tree::{self, Anchor as WrittenAnchor, Clause, Flag, Who as WrittenWho};

impl<'a> Resolver<'a> {
    /// Resolves every item; parents come first, so that defaults are known.
    pub fn resolve_items(&mut self, first: usize) {
        if self.origins.is_empty() {
            return;
        }
        for id in self.model.ids().skip(first) {
            let at = self.origins[id.0 as usize];
            let parent = self.model.item(id).parent;
            let around = parent.map(|parent| self.model.item(parent).head.clone());
            let own = self.head(at);
            self.model.items[id.0 as usize].head = own.within(&around.unwrap_or_default());
            match self.model.item(id).kind {
                ItemKind::Process => {
                    self.refuse_second_otherwise(at);
                    self.resolve_lines(at, id);
                }
                _ => self.resolve_item(at, id),
            }
        }
    }

    fn resolve_item(&mut self, at: At<'a>, id: ItemId) {
        if at.node.title.is_some()
            && !matches!(at.kind(), Kind::Repeat)
            && let Some(title) = self.title_prose(at)
        {
            self.model.items[id.0 as usize].title = title;
        }
        let kind = match &self.model.item(id).kind {
            ItemKind::Repeat { .. } => {
                let says = at.node.guard().is_some() || at.node.title.is_some();
                if !says && at.node.times().is_none() {
                    let message = "`repeat until` says neither until what nor how often";
                    let help = "write a condition, a text or `at most … times` behind it";
                    self.find(Diagnostic::new(&SYNTAX, at.here(), message).help(help));
                }
                let until = self.condition(at);
                ItemKind::Repeat { until, at_most: self.count(at, at.node.times()) }
            }
            ItemKind::AnyOrder { .. } => {
                ItemKind::AnyOrder { at_a_time: self.count(at, at.node.at_a_time()) }
            }
            ItemKind::ForEach(each) => {
                let each = each.clone();
                self.check_route(at, &each);
                ItemKind::ForEach(Loop { at_a_time: self.count(at, at.node.at_a_time()), ..each })
            }
            ItemKind::Go { .. } => {
                let target = at.node.target().and_then(|target| self.target(at, target));
                let at_most = self.count(at, at.node.times());
                ItemKind::Go { target: target.unwrap_or(Target::Next), at_most }
            }
            ItemKind::End(_) => {
                let outcome = at.node.subject().first().and_then(|name| self.outcome(at, *name));
                ItemKind::End(outcome.unwrap_or(OutcomeId(0)))
            }
            kind => kind.clone(),
        };
        self.model.items[id.0 as usize].kind = kind;
        self.resolve_lines(at, id);
    }

    /// `in route` needs a pair of versions.
    pub fn check_route(&mut self, at: At<'a>, each: &Loop) {
        let told = self.release_of_nothing().is_some() || self.names.may_be_unread("route");
        if each.in_route && self.model.versions.is_none() && !told {
            let finding =
                Diagnostic::new(&MISSING_LINE, at.here(), "there is no route without versions")
                    .help("add a line `versions from \"…\" to \"…\"` to the process");
            self.find(finding);
        }
    }

    fn resolve_lines(&mut self, at: At<'a>, id: ItemId) {
        let mut branches: Vec<(At<'a>, Branch)> = Vec::new();
        self.refuse_repeated(at);
        if self.model.item(id).kind.is_performed() {
            // Most steps have few lines, and there are many steps.
            self.model.items[id.0 as usize].lines.reserve_exact(at.children().count());
        }
        for line in at.children() {
            match line.kind() {
                Kind::About => {
                    self.model.items[id.0 as usize].about = self.title_prose(line);
                }
                Kind::When => {
                    let condition = self.condition(line);
                    self.refuse_text_only(line, id);
                    self.model.items[id.0 as usize].when.push(condition);
                }
                Kind::Skip => {
                    let by = line.node.subject().first().and_then(|role| self.role(line, *role));
                    let condition = self.condition(line);
                    self.model.items[id.0 as usize].skips.push(Skip { condition, by });
                }
                Kind::Answer
                | Kind::Event
                | Kind::After
                | Kind::BranchWhen
                | Kind::BranchOtherwise => {
                    branches.extend(self.branch(line).map(|branch| (line, branch)));
                }
                Kind::Takes | Kind::Within | Kind::AtLeast => {
                    let mut timing = std::mem::take(&mut self.model.items[id.0 as usize].timing);
                    self.timing(line, &mut timing);
                    self.model.items[id.0 as usize].timing = timing;
                }
                // Items of the flow, which have been laid out.
                Kind::ForEach if !self.model.item(id).kind.is_performed() => {}
                _ => {
                    let mut lines = std::mem::take(&mut self.model.items[id.0 as usize].lines);
                    self.line(line, &mut lines);
                    self.model.items[id.0 as usize].lines = lines;
                }
            }
        }
        if matches!(self.model.item(id).kind, ItemKind::Decide { .. }) {
            self.check_branches(at, &branches);
        }
        self.distinct_branches(&branches);
        self.model.items[id.0 as usize].branches =
            branches.into_iter().map(|(_, branch)| branch).collect();
    }

    /// Lines of which only one can hold.
    fn refuse_repeated(&mut self, at: At<'a>) {
        let mut seen: Vec<At<'a>> = Vec::new();
        for line in at.children() {
            let by_itself = match line.kind() {
                Kind::About | Kind::Takes | Kind::Otherwise => true,
                Kind::Within => !line.node.clauses.iter().any(|c| matches!(c, Clause::Anchor(..))),
                _ => false,
            };
            if !by_itself {
                continue;
            }
            let first = seen.iter().find(|other| other.kind() == line.kind());
            match first.map(|first| first.here()) {
                Some(first) => self.stands_twice(line.kind().word(), line.here(), first),
                None => seen.push(line),
            }
        }
    }

    /// A path is for certain cases, or for all others; and only one is for all others.
    fn refuse_second_otherwise(&mut self, at: At<'a>) {
        let mut first: Option<Place> = None;
        for path in at.children().filter(|child| child.kind() == Kind::Path) {
            let Some(line) = path.children().find(|line| line.kind() == Kind::Otherwise) else {
                continue;
            };
            if let Some(when) = path.children().find(|line| line.kind() == Kind::When) {
                let message = "a path has either `when` lines or `otherwise`";
                let finding = Diagnostic::new(&SYNTAX, line.here(), message)
                    .label(when.here(), "this says for which cases it is")
                    .help("leave one of them out");
                self.find(finding);
            }
            match first {
                Some(first) => {
                    let message = "two paths are for all other cases";
                    let finding = Diagnostic::new(&DUPLICATE_LINE, line.here(), message)
                        .label(first, "so is this one")
                        .help("say with `when` for which cases one of them is");
                    self.find(finding);
                }
                None => first = Some(line.here()),
            }
        }
    }

    fn refuse_text_only(&mut self, line: At<'a>, id: ItemId) {
        let is_path = matches!(self.model.item(id).kind, ItemKind::Path { .. });
        if is_path && line.node.guard().is_none() {
            let finding = Diagnostic::new(&MISSING_GUARD, line.here(), "a path is chosen by facts, not by a text alone")
                .help("write a condition before the text, as in `when urgent \"It cannot wait\"`; declare a fact for it if there is none");
            self.find(finding);
        }
    }

    /// One line of a step, a task, or a remark of what holds steps.
    fn line(&mut self, at: At<'a>, lines: &mut Vec<Line>) {
        let place = at.here();
        match at.kind() {
            Kind::Do | Kind::Notify => {
                let task = self.task(at);
                lines.push(Line::Task(Box::new(task)));
            }
            Kind::Needs => lines.extend(self.artifact_use(at, false).map(Line::Needs)),
            Kind::Makes => lines.extend(self.artifact_use(at, true).map(Line::Makes)),
            Kind::Turns => {
                let name = at.node.subject().first().copied();
                let found = name.and_then(|name| self.symbol(at, Space::Switch, name));
                if let Some(Symbol::Switch(switch)) = found {
                    lines.push(Line::Turns { switch, on: at.node.flag(Flag::TurnOn), place });
                }
            }
            Kind::Learns => {
                for name in at.node.get().subject() {
                    let fact = self.learned(at, *name);
                    lines.extend(fact.map(|fact| Line::Learns { fact, place: at.place(*name) }));
                }
            }
            Kind::Record => {
                let title = self.title_prose(at).unwrap_or_default();
                let kind = record_kind(at);
                let internal = at.node.flag(Flag::Internal);
                lines.push(Line::Record(Record { title, kind, internal, place }));
            }
            Kind::ApprovedBy => {
                let who = at.node.get().who().and_then(|who| self.who(at, who));
                lines.extend(who.map(|who| Line::ApprovedBy { who, place }));
            }
            Kind::Undo => {
                let text = self.title_prose(at).unwrap_or_default();
                lines.push(Line::Undo { text, place });
            }
            Kind::NoWayBack => {
                let text = self.title_prose(at).unwrap_or_default();
                lines.push(Line::NoWayBack { text, place });
            }
            Kind::Note | Kind::Warning | Kind::Link => lines.push(Line::Remark(self.remark(at))),
            Kind::ForEach => {
                self.refuse_flow(at);
                let each = loop_of(at);
                self.check_route(at, &each);
                let each = Loop { at_a_time: self.count(at, at.node.at_a_time()), ..each };
                self.for_each_lines.push(each.item.clone());
                let title = self.title_prose(at).unwrap_or_default();
                let inner = self.lines(at);
                self.for_each_lines.pop();
                lines.push(Line::ForEach {
                    each,
                    title,
                    lines: inner,
                    number: String::new(),
                    place,
                });
            }
            // What a line that could not be read holds, stands where the line stands.
            // Whether a `for each` in it repeats steps or tasks is not known.
            Kind::Bad(_) => {
                for line in at.children().filter(|line| line.kind() != Kind::ForEach) {
                    self.line(line, lines);
                }
            }
            _ => {}
        }
    }

    fn lines(&mut self, at: At<'a>) -> Vec<Line> {
        let mut lines = Vec::new();
        for line in at.children() {
            self.line(line, &mut lines);
        }
        lines
    }

    fn remark(&mut self, at: At<'a>) -> Remark {
        let text = self.title_prose(at).unwrap_or_default();
        let kind = match at.kind() {
            Kind::Warning => RemarkKind::Warning,
            Kind::Link => {
                let url = at.node.clauses.iter().find_map(|clause| match clause {
                    Clause::Second(url) => Some(url.shown(at.file.text).into_owned()),
                    _ => None,
                });
                RemarkKind::Link { url: url.unwrap_or_default() }
            }
            _ => RemarkKind::Note,
        };
        Remark { kind, text, internal: at.node.flag(Flag::Internal), place: at.here() }
    }

    fn task(&mut self, at: At<'a>) -> Task {
        let kind = match at.kind() {
            Kind::Notify => {
                let roles = at.node.get().subject().iter();
                TaskKind::Notify(roles.filter_map(|role| self.role(at, *role)).collect())
            }
            _ => TaskKind::Do,
        };
        let text = self.title_prose(at).unwrap_or_default();
        let (mut when, mut timing, mut lines) = (Vec::new(), Timing::default(), Vec::new());
        self.refuse_repeated(at);
        for line in at.children() {
            match line.kind() {
                Kind::When => when.push(self.condition(line)),
                Kind::Takes | Kind::Within | Kind::AtLeast => self.timing(line, &mut timing),
                _ => self.line(line, &mut lines),
            }
        }
        let (head, place) = (self.head(at), at.here());
        let internal = at.node.flag(Flag::Internal);
        Task { kind, text, place, number: String::new(), internal, head, when, timing, lines }
    }

    fn head(&mut self, at: At<'a>) -> Head {
        let statement = at.node.get();
        let by = statement.who().and_then(|who| self.who(at, who));
        let with: Vec<_> =
            statement.with().iter().filter_map(|role| self.role(at, *role)).collect();
        let named = statement.who().map_or(0, |who| who.names().len());
        let is_someone_unknown = by.as_ref().map_or(0, |by| by.roles().len()) < named
            || with.len() < statement.with().len();
        let on = match at.kind() {
            Kind::Needs | Kind::Makes => Vec::new(),
            _ => statement.on().iter().filter_map(|name| self.environment(at, *name)).collect(),
        };
        Head { by, with, on, is_someone_unknown }
    }

    fn who(&mut self, at: At<'a>, written: &WrittenWho) -> Option<Who> {
        let mut roles = |names: &[Span]| -> Vec<_> {
            names.iter().filter_map(|name| self.role(at, *name)).collect()
        };
        match written {
            WrittenWho::Bare(names) => {
                let roles = roles(names);
                if let [first, .., last] = names.as_slice() {
                    self.who_counts(at, first.to(*last));
                }
                // Who is not known is somebody all the same: `no-role` would be told in vain.
                Some(roles.first().map_or(Who::AnyOf(Vec::new()), |role| Who::One(*role)))
            }
            WrittenWho::AllOf(names) => Some(Who::AllOf(roles(names))),
            WrittenWho::AnyOf(names) => Some(Who::AnyOf(roles(names))),
            WrittenWho::Count(count, names) => {
                let roles = roles(names);
                Some(Who::Count(self.count(at, Some(*count)).unwrap_or(1), roles))
            }
        }
    }

    fn who_counts(&mut self, at: At<'a>, names: Span) {
        let written = at.text(names);
        let place = at.place(names);
        let finding = Diagnostic::new(&WHO_COUNTS, place, "it is not said whether all of these roles act, or any")
            .help(format!("write `all of {written}`, `any of {written}` or, for two people of one role, `2 of …`; who only helps stands after `with`"))
            .edit(Edit::suggested(place, Mend::Instead(format!("all of {written}"))));
        self.find(finding);
    }

    /// A whole number of at least 1.
    pub fn count(&mut self, at: At<'a>, span: Option<Span>) -> Option<u32> {
        let span = span?;
        let count = at.text(span).parse::<u32>().ok().filter(|count| *count > 0);
        if count.is_none() {
            let message = format!("`{}` is not a count", at.text(span));
            let finding = Diagnostic::new(&TYPE_MISMATCH, at.place(span), message)
                .help("write a whole number from 1 to 4,294,967,295");
            self.find(finding);
        }
        count
    }

    pub fn duration(&mut self, at: At<'a>, written: tree::Duration) -> Option<Duration> {
        let count = self.count(at, Some(written.count))?;
        let unit = at.text(written.unit);
        let unit = match unit.strip_suffix('s').unwrap_or(unit) {
            "minute" => Unit::Minutes,
            "hour" => Unit::Hours,
            "day" => Unit::Days,
            "week" => Unit::Weeks,
            "month" => Unit::Months,
            _ => Unit::WorkingDays,
        };
        Some(Duration { count, unit })
    }

    fn timing(&mut self, at: At<'a>, timing: &mut Timing) {
        let written = at.node.duration();
        let Some(duration) = written.and_then(|written| self.duration(at, written)) else { return };
        let place = at.here();
        let anchor = at.node.clauses.iter().find_map(|clause| match clause {
            Clause::Anchor(anchor, step) => Some((*anchor, *step)),
            _ => None,
        });
        let step = anchor.and_then(|(_, step)| self.item(at, Class::Step, step));
        match (at.kind(), anchor, step) {
            (Kind::Takes, ..) => timing.takes = Some(duration),
            (Kind::Within, ..) => timing.within.push((duration, step, place)),
            (_, Some((anchor, _)), Some(step)) => {
                let relation = match anchor {
                    WrittenAnchor::Before => Relation::Before,
                    WrittenAnchor::After | WrittenAnchor::Of => Relation::After,
                };
                timing.at_least.push(Anchor { duration, relation, step, place });
            }
            _ => {}
        }
    }

    /// `needs` or `makes`.
    fn artifact_use(&mut self, at: At<'a>, makes: bool) -> Option<ArtifactUse> {
        let name = at.node.subject().first().copied()?;
        let state = at.node.clauses.iter().find_map(|clause| match clause {
            Clause::State(state) => Some(*state),
            _ => None,
        });
        self.artifact(at, name, state, at.node.on().first().copied(), makes)
    }

    pub fn artifact(
        &mut self,
        at: At<'a>,
        name: Span,
        state: Option<Span>,
        on: Option<Span>,
        makes: bool,
    ) -> Option<ArtifactUse> {
        let on_span = on;
        let on = on.and_then(|on| self.environment(at, on));
        let Symbol::Artifact(artifact) = self.symbol(at, Space::Artifact, name)? else {
            return None;
        };
        let states = self.model.artifact(artifact).states.clone();
        let is_named = state.is_some() || makes;
        let state = match state {
            Some(span) => {
                let written = at.text(span);
                let index = states.iter().position(|state| state == written);
                if index.is_none() {
                    self.unknown_state(at, artifact, span, &states);
                }
                Some(index?)
            }
            None if makes => states.len().checked_sub(1),
            None => (!states.is_empty()).then_some(0),
        };
        let named = state.filter(|_| is_named).map(|state| Symbol::State(artifact, state));
        self.names.used.extend(named);
        if let Some(on) = on
            && !self.model.artifact(artifact).per_environment
        {
            let place = at.place(on_span.unwrap_or(name));
            let (word, title) = (at.text(name), &self.model.environment(on).title);
            let message = format!("`{word}` has no state of its own on \"{title}\"");
            let declared = self.model.artifact(artifact).place;
            let finding = Diagnostic::new(&TYPE_MISMATCH, place, message)
                .label(declared, "it is declared without `per environment`")
                .help("leave out the `on`, or declare the artifact `per environment`");
            self.find(finding);
            return None;
        }
        Some(ArtifactUse { artifact, state, on, place: at.here() })
    }

    fn unknown_state(
        &mut self,
        at: At<'a>,
        artifact: super::ArtifactId,
        span: Span,
        states: &[String],
    ) {
        let written = at.text(span);
        if self.names.may_be_unread(written) {
            return;
        }
        // An artifact without states is one mistake, however often it is used.
        if states.is_empty() && !self.names.stateless.insert(artifact) {
            return;
        }
        let declared = self.model.artifact(artifact).place;
        let name = self.model.artifact(artifact).name.clone();
        let place = at.place(span);
        let message = format!("`{name}` has no state `{written}`");
        let mut finding = Diagnostic::new(&super::rules::UNKNOWN_NAME, place, message)
            .label(declared, "it is declared here");
        finding = match crate::diagnostic::nearest(written, states.iter().map(String::as_str)) {
            Some(meant) => finding.meant(place, &meant),
            None if states.is_empty() => {
                finding.help("declare its states, as in `states draft -> final`")
            }
            None => finding.help(format!("its states are {}", super::names::backticked(states))),
        };
        self.names.misused.push(finding);
    }

    fn learned(&mut self, at: At<'a>, name: Span) -> Option<FactId> {
        let written = at.text(name);
        let used = match self.names.declared(Space::Fact, written) {
            Some((symbol, _)) => self.names.used.contains(&symbol),
            None => true,
        };
        let why = match self.subject(at, name)? {
            Subject::Constant(..) => "this run of the procedure gives it as a constant",
            Subject::Fact(id) => match self.model.fixed(id) {
                Some(why) => why,
                None => {
                    // What is learned, and never asked for, is not used by that.
                    if !used {
                        self.names.used.remove(&Symbol::Fact(id));
                    }
                    return Some(id);
                }
            },
        };
        let message = format!("`{written}` cannot be learned: {why}");
        let finding = Diagnostic::new(&TYPE_MISMATCH, at.place(name), message)
            .help("name a fact that is declared with a type");
        self.find(finding);
        None
    }
}

impl Head {
    /// What holds where this stands inside of `around`.
    fn within(self, around: &Head) -> Head {
        let takes_from_around = self.by.is_none() || self.with.is_empty();
        Head {
            is_someone_unknown: self.is_someone_unknown
                || takes_from_around && around.is_someone_unknown,
            by: self.by.or_else(|| around.by.clone()),
            with: if self.with.is_empty() { around.with.clone() } else { self.with },
            on: if self.on.is_empty() { around.on.clone() } else { self.on },
        }
    }
}

fn record_kind(at: At<'_>) -> RecordKind {
    let written = at.node.clauses.iter().find_map(|clause| match clause {
        Clause::RecordType(span) => Some(at.text(*span)),
        _ => None,
    });
    match written {
        Some("number") => RecordKind::Number,
        Some("date-time") => RecordKind::DateTime,
        Some("link") => RecordKind::Link,
        _ => RecordKind::Text,
    }
}
