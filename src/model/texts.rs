//! Prose: the facts in it found, the rest taken as it is.

use super::names::{Space, Symbol};
use super::resolve::{Argument, At, Resolver};
use super::rules::UNKNOWN_NAME;
use super::scope::Class;
use super::{ItemKind, Part, Prose};
use crate::diagnostic::{Diagnostic, nearest};
use crate::source::Span;
use crate::syntax::tree::Text;

impl<'a> Resolver<'a> {
    /// The first text of a statement, if it has one.
    pub fn title_prose(&mut self, at: At<'a>) -> Option<Prose> {
        at.node.title.map(|text| self.prose(at, text))
    }

    pub fn prose(&mut self, at: At<'a>, text: Text) -> Prose {
        let value = text.shown(at.file.text);
        if !value.contains('{') {
            return Prose::text(value);
        }
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest: &str = &value;
        while let Some(brace) = rest.find('{') {
            plain.push_str(&rest[..brace]);
            rest = &rest[brace + 1..];
            if let Some(after) = rest.strip_prefix('{') {
                plain.push('{');
                rest = after;
                continue;
            }
            let end = rest.find('}').filter(|end| is_name(&rest[..*end]));
            let Some(end) = end else {
                // Words in braces are taken for a name that has blanks.
                if let Some(end) = rest.find('}').filter(|end| are_words(&rest[..*end])) {
                    self.unknown_filler(at, &rest[..end], text);
                }
                plain.push('{');
                continue;
            };
            match self.filler(at, &rest[..end], text) {
                Some(Part::Text(known)) => plain.push_str(&known),
                Some(part) => {
                    parts.extend(
                        (!plain.is_empty()).then(|| Part::Text(std::mem::take(&mut plain))),
                    );
                    parts.push(part);
                }
                None => plain.push_str(&format!("{{{}}}", &rest[..end])),
            }
            rest = &rest[end + 1..];
        }
        plain.push_str(rest);
        parts.extend((!plain.is_empty()).then_some(Part::Text(plain)));
        Prose { parts }
    }

    /// What `{name}` is filled in with.
    fn filler(&mut self, at: At<'a>, name: &str, text: Text) -> Option<Part> {
        match self.argument(at, name) {
            Some(Argument::Symbol(Symbol::Fact(id))) => return Some(Part::Fact(id)),
            Some(Argument::Symbol(Symbol::Role(id))) => {
                return Some(Part::Text(self.model.role(id).title.clone()));
            }
            Some(Argument::Symbol(Symbol::Environment(id))) => {
                return Some(Part::Text(self.model.environment(id).title.clone()));
            }
            Some(Argument::Constant(kind, value)) => return Some(Part::Text(kind.show(&value))),
            Some(_) => return None,
            None => {}
        }
        let is_loop = |id: &super::ItemId| match &self.model.item(*id).kind {
            ItemKind::ForEach(each) => each.item == name,
            _ => false,
        };
        let in_step = self.for_each_lines.iter().any(|each| each == name);
        if in_step || self.model.ancestors(at.scope).any(|id| is_loop(&id)) {
            return Some(Part::Item(name.to_string()));
        }
        if let Some(Symbol::Fact(id)) = self.names.find(Space::Fact, name) {
            return Some(Part::Fact(id));
        }
        let decides = self.index.find(&self.model, name, Class::Decide, at.scope);
        if let [only] = decides.as_slice()
            && let ItemKind::Decide { answer: Some(fact) } = self.model.item(*only).kind
        {
            self.names.used.insert(Symbol::Fact(fact));
            return Some(Part::Fact(fact));
        }
        self.unknown_filler(at, name, text);
        None
    }

    fn unknown_filler(&mut self, at: At<'a>, name: &str, text: Text) {
        if self.names.may_be_unread(name) {
            return;
        }
        let raw = text.0.of(at.file.text);
        let start = filler_at(raw, name).unwrap_or(0) + text.0.start as usize;
        let place = at.place(Span::new(start, start + name.len() + 2));
        let name_place = at.place(Span::new(start + 1, start + 1 + name.len()));
        let mut known = self.names.names(Space::Fact).to_vec();
        let loops =
            self.model.ancestors(at.scope).filter_map(|id| match &self.model.item(id).kind {
                ItemKind::ForEach(each) => Some(each.item.clone()),
                _ => None,
            });
        known.extend(loops.chain(self.for_each_lines.iter().cloned()));
        let mut finding =
            Diagnostic::new(&UNKNOWN_NAME, place, format!("there is no fact `{name}` to fill in"));
        finding = match nearest(name, known.iter().map(String::as_str)) {
            Some(meant) => finding.meant(name_place, &meant).help(format!(
                "did you mean `{{{}}}`? a brace in a text is written `{{{{`",
                meant.word
            )),
            None => finding.help("declare the fact, or write `{{` for a brace in a text"),
        };
        self.names.misused.push(finding);
    }
}

/// Where `{name}` stands in a text, and not `{{name}`, which is a brace and a word.
fn filler_at(raw: &str, name: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += raw.get(at..)?.find('{')?;
        let inside = &raw[at + 1..];
        if inside.starts_with('{') {
            at += 2;
        } else if inside.strip_prefix(name).is_some_and(|rest| rest.starts_with('}')) {
            return Some(at);
        } else {
            at += 1;
        }
    }
}

/// Whether a text is words with blanks between, as a name is written by whoever does not know of `-`.
fn are_words(text: &str) -> bool {
    let is_word = |word: &str| word.starts_with(char::is_alphabetic) && is_name(word);
    text.contains(' ') && text.split(' ').all(is_word)
}

fn is_name(text: &str) -> bool {
    text.starts_with(char::is_alphabetic)
        && text.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_' | '.'))
}
