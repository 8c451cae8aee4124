//! Titles where names should stand: which name goes with a title.

use super::keyword::is_mended;
use super::statement::FORMS;
use crate::diagnostic::derived_name;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// The titles of a text and the names that stand before them. They are looked for once one is asked for.
pub struct Titles<'t> {
    pub text: &'t str,
    declared: OnceLock<Declared<'t>>,
}

#[derive(Default)]
struct Declared<'t> {
    /// By what the title would give as a name, so that spelling and case of a title do not count.
    names: HashMap<String, Vec<&'t str>>,
    /// The words with which a line leads to what has such a name; none where several have it.
    leads: HashMap<String, Option<&'static str>>,
    /// All words outside of texts.
    words: HashSet<&'t str>,
}

/// A title that stands where a name should.
pub struct Title {
    pub at: usize,
    pub len: usize,
    pub meant: Meant,
}

/// The name that is meant by a title.
#[derive(Debug, PartialEq)]
pub enum Meant {
    Name(String),
    OneOf(Vec<String>),
    Unknown,
}

impl<'t> Titles<'t> {
    pub fn of(text: &'t str) -> Self {
        Titles { text, declared: OnceLock::new() }
    }

    fn declared(&self) -> &Declared<'t> {
        self.declared.get_or_init(|| {
            let mut declared = Declared::default();
            for line in self.text.lines() {
                let outside = line.split('"').step_by(2);
                let words = outside.flat_map(|part| part.split(|char| !is_of_word(char)));
                declared.words.extend(words.filter(|word| !word.is_empty()));
                if let Some((name, word)) = leads_to(line) {
                    let known = declared.leads.entry(name).or_insert(Some(word));
                    *known = known.filter(|known| *known == word);
                }
                if let Some((name, key)) = declaration(line) {
                    let names = declared.names.entry(key).or_default();
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
            declared
        })
    }

    /// The name that is meant by a title in `line`. A line that declares may give names of its own.
    pub fn meant(&self, title: &str, line: &str) -> Option<Meant> {
        let derived = derived_name(title)?;
        let declared = self.declared();
        Some(match declared.names.get(&derived).map(Vec::as_slice) {
            Some([only]) => Meant::Name((*only).to_string()),
            Some(several) => Meant::OneOf(several.iter().map(ToString::to_string).collect()),
            None if declares(line) || declared.words.contains(derived.as_str()) => {
                Meant::Name(derived)
            }
            None => Meant::Unknown,
        })
    }

    /// How a line leads to what is called so, by name or title: `step pay`.
    pub fn target(&self, called: &str) -> Option<String> {
        let declared = self.declared();
        let name = match declared.names.get(&derived_name(called)?).map(Vec::as_slice) {
            Some([only]) => (*only).to_string(),
            Some(_) => return None,
            None => derived_name(called)?,
        };
        let word = declared.leads.get(&name).copied().flatten()?;
        Some(format!("{word} {name}"))
    }

    /// The same, where something is declared with such a title: `by head of sales`.
    pub fn declared_for_a_name(&self, line: &str, at: usize) -> Option<Title> {
        let title = self.for_a_name(line, at)?;
        let key = derived_name(&line[title.at..title.at + title.len])?;
        let is_declared = self.declared().names.contains_key(&key);
        is_declared.then_some(title)
    }

    /// A title where a name should stand, `by "Product Owner"` or `by Product Owner`; the line can be read
    /// up to `at`.
    pub fn for_a_name(&self, line: &str, at: usize) -> Option<Title> {
        let mends = |from: usize, to: usize| {
            let title = &line[from..to];
            let meant = match names_itself(&line[..from]) {
                true => Meant::Name(derived_name(title)?),
                false => self.meant(title, line)?,
            };
            let name = match &meant {
                Meant::Name(name) => name.clone(),
                _ => derived_name(title)?,
            };
            let len = to - from;
            is_mended(line, from, len, &name).then_some(Title { at: from, len, meant })
        };
        if let Some(text) = line[at..].strip_prefix('"') {
            return mends(at, at + 1 + text.find('"')? + 1);
        }
        if !line[at..].starts_with(char::is_alphanumeric) {
            return None;
        }
        let before = line[..at].trim_end();
        let (space, width) = before.char_indices().rev().find(|(_, char)| char.is_whitespace())?;
        let from = space + width.len_utf8();
        let is_a_title = [from, at].iter().all(|at| line[*at..].starts_with(char::is_uppercase));
        let ends = line[at..].match_indices([' ', ',', '{']).map(|(end, _)| at + end);
        let ends: Vec<usize> = ends.chain([line.len()]).filter(|end| *end > at).take(8).collect();
        let is_declared = |end: &usize| {
            let key = derived_name(&line[from..*end]);
            key.is_some_and(|key| self.declared().names.contains_key(&key))
        };
        let declared = ends.iter().filter(|end| is_declared(end)).find_map(|end| mends(from, *end));
        declared.or_else(|| ends.iter().find_map(|end| mends(from, *end).filter(|_| is_a_title)))
    }
}

/// Whether what stands behind `before` is the name of what the line declares.
fn names_itself(before: &str) -> bool {
    let keyword = before.trim();
    FORMS
        .iter()
        .any(|form| form.syntax.strip_prefix(keyword).is_some_and(|rest| rest.starts_with(" N ")))
}

/// Whether a line may give names to more than what it starts with: to states or values.
fn declares(line: &str) -> bool {
    ["artifact ", "fact "].iter().any(|keyword| line.trim_start().starts_with(keyword))
}

fn is_of_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '-' | '_')
}

/// The name of what others may lead to, and the word before it where they do.
fn leads_to(line: &str) -> Option<(String, &'static str)> {
    let (keyword, rest) = line.trim_start().split_once(' ')?;
    let word = match keyword {
        "step" | "decide" => "step",
        "stage" => "stage",
        "path" => "path",
        "outcome" => "end",
        _ => return None,
    };
    let name = match rest.trim_start().strip_prefix('"') {
        Some(title) => derived_name(title.split('"').next()?)?,
        None => rest.trim_start().split(|char| !is_of_word(char)).next()?.to_string(),
    };
    Some((name, word))
}

/// The name that a line declares, and what its title alone would give as one.
fn declaration(line: &str) -> Option<(&str, String)> {
    let (head, rest) = line.split_once('"')?;
    let key = derived_name(rest.split_once('"')?.0)?;
    let (keyword, name) = head.trim().rsplit_once(char::is_whitespace)?;
    (name.chars().all(is_of_word) && names_itself(keyword)).then_some((name, key))
}

#[cfg(test)]
mod tests {
    use super::{Meant, Titles};

    #[test]
    fn the_name_of_a_title_is_the_one_that_is_declared_with_it() {
        let text = "role a \"Sales team\"\nrole b \"Cook\"\nartifact c \"Cook\"\n\
                    notify d \"Write\"\nfact kind \"Kind\" : one of new, old\n";
        let name = |name: &str| Some(Meant::Name(name.into()));
        for (title, meant) in [
            ("\"Sales team\"", name("a")),
            ("sales Team", name("a")),
            ("Cook", Some(Meant::OneOf(vec!["b".into(), "c".into()]))),
            ("New", name("new")),
            ("Write", Some(Meant::Unknown)),
            ("1st", None),
        ] {
            assert_eq!(Titles::of(text).meant(title, "step x by …"), meant, "{title}");
        }
    }

    #[test]
    fn what_leads_to_a_name_says_what_it_is() {
        let text = "step pay: \"Pay\"\ndecide \"Sign it?\" {\noutcome o \"All done\"\nrole r \"R\"";
        let titles = Titles::of(text);
        for (called, target) in [
            ("pay", Some("step pay")),
            ("Sign it", Some("step sign-it")),
            ("all done", Some("end o")),
            ("r", None),
        ] {
            assert_eq!(titles.target(called).as_deref(), target, "{called}");
        }
    }
}
