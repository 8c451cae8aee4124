//! Which of the names that there are may be meant by one that there is not, where no slip of the hand
//! explains it.

use super::names::backticked;
use crate::diagnostic::is_opposite;

/// So many names can be looked through.
const FEW: usize = 6;

/// A shorter word stands in too many others.
const LONG_ENOUGH: usize = 3;

/// "did you mean `a`, `b` or `c`?", where they are few.
pub fn asked(names: &[&str]) -> Option<String> {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (last, before) = names.split_last().filter(|_| names.len() <= FEW)?;
    Some(match before {
        [] => format!("did you mean {last}?"),
        _ => format!("did you mean {} or {last}?", before.join(", ")),
    })
}

/// What helps with a name that is like no other: those that have it in them, or that stand in it; else all
/// that there are, where they are few.
pub fn help<'n>(word: &str, name: &str, known: impl Iterator<Item = &'n str> + Clone) -> String {
    let alike: Vec<&str> =
        known.clone().filter(|known| is_part(name, known) && !is_opposite(name, known)).collect();
    if let Some(asked) = asked(&alike) {
        return asked;
    }
    let few: Vec<String> = known.take(9).map(str::to_string).collect();
    match few.as_slice() {
        [] => format!("add {word} with this name"),
        [only] => format!("there is only `{only}`"),
        _ if few.len() <= 8 => format!("there are {}", backticked(&few)),
        _ => format!("add it, or name {word} that there is"),
    }
}

/// Whether one of two names stands in the other, from the start of a word on: `visit` in
/// `visit-the-premises`, `lab` in `laboratory`.
fn is_part(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let starts = |at: usize| at == 0 || long[..at].ends_with(['-', '.']);
    short.chars().count() >= LONG_ENOUGH && long.match_indices(short).any(|(at, _)| starts(at))
}

/// Of full names, those of what may have moved to another stage since `written` was: they start and end
/// alike. Those that have all of its parts in order come alone.
pub fn moved<'n>(written: &str, full: &'n [String]) -> Vec<&'n str> {
    let parts: Vec<&str> = written.split('.').collect();
    let ends_alike = |name: &&str| {
        let mut of = name.split('.');
        parts.len() > 1
            && of.next() == parts.first().copied()
            && of.next_back() == parts.last().copied()
    };
    let alike: Vec<&str> = full.iter().map(String::as_str).filter(ends_alike).collect();
    let has_all = |name: &&str| {
        let mut of = name.split('.');
        parts.iter().all(|part| of.any(|other| other == *part))
    };
    let exact: Vec<&str> = alike.iter().copied().filter(has_all).collect();
    if exact.is_empty() { alike } else { exact }
}

/// Whether a name leads elsewhere than one that is written, past a stage or path that there is:
/// `small.doors` is hardly meant by `big.doors`, which is in another path.
pub fn leads_elsewhere(written: &str, other: &str, full: &[String]) -> bool {
    let path = |name: &'_ str| name.rsplit_once('.').map_or(0, |(path, _)| path.len());
    let (from, to) = (&written[..path(written)], &other[..path(other)]);
    let is_there =
        |part: &str| full.iter().any(|name| name[..path(name)].split('.').any(|own| own == part));
    from.split('.').zip(to.split('.')).any(|(part, of)| part != of && is_there(part))
}

/// Whether a line has all words of a name, in order; both joined by `-`.
pub fn has_words_of(line: &str, name: &str) -> bool {
    let mut words = line.split('-');
    name.split('-').all(|part| words.any(|word| word == part))
}
