//! What is told about a process: a rule, a sentence, the places, a way out.
//!
//! Wording: lower case, no full stop, the user's text in backticks, none of our own type names;
//! advice goes into `help`.

mod edit;
mod report;
mod run;

pub use edit::{Applicability, Change, Edit, Mend, Preview};
pub use report::Report;

use crate::source::Place;
use std::fmt;

/// How much a finding weighs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Note,
    Warning,
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// Something that `vup` looks for. Its name is permanent.
#[derive(Debug, PartialEq)]
pub struct Rule {
    /// Kebab-case.
    pub name: &'static str,
    pub severity: Severity,
    /// What a finding of this rule says, in one sentence.
    pub summary: &'static str,
    /// Why it matters to those who follow the process.
    pub why: &'static str,
    /// A smallest file in which the rule speaks.
    pub wrong: &'static str,
    /// The same file, mended.
    pub right: &'static str,
}

/// A place in the text and what is to be seen there.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub place: Place,
    pub text: String,
}

/// One thing on a run that shows a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct RunStep {
    pub kind: RunKind,
    /// The line of the item, the event or the outcome.
    pub place: Place,
    /// Of a decision, the line of the branch by which it went on.
    pub branch: Option<Place>,
    /// In words: "2.3 Can it be done? → `yes`".
    pub text: String,
    /// The finding speaks of it.
    pub marked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RunKind {
    /// A step is performed, or a decision asked, and taken if nothing else is done before.
    Done,
    /// A decision is taken that was asked before.
    Decided,
    /// It does not apply.
    PassedBy,
    /// Somebody decides to skip it.
    Skipped,
    /// An event of a block around happens.
    Event,
    /// The process ends.
    End,
}

/// One finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub rule: &'static Rule,
    /// That of the rule, unless whoever runs `vup` weighs it otherwise.
    pub severity: Severity,
    pub message: String,
    /// The first is where the finding is; the others show what it has to do with.
    pub labels: Vec<Label>,
    pub help: Option<String>,
    /// What is done on a run that shows it, step by step.
    pub run: Vec<RunStep>,
    pub edit: Option<Edit>,
}

impl Diagnostic {
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Self {
        let label = Label { place, text: String::new() };
        let (labels, message, run) = (vec![label], message.into(), Vec::new());
        Diagnostic { rule, severity: rule.severity, message, labels, help: None, run, edit: None }
    }

    /// Says what is to be seen at the place of the finding itself.
    pub fn here(mut self, text: impl Into<String>) -> Self {
        self.labels[0].text = text.into();
        self
    }

    /// Adds another place that the finding has to do with.
    pub fn label(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label { place, text: text.into() });
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the run that shows it.
    pub fn run(mut self, run: Vec<RunStep>) -> Self {
        self.run = run;
        self
    }

    pub fn edit(mut self, edit: Edit) -> Self {
        self.edit = Some(edit);
        self
    }

    /// Offers to write the word that was likely meant.
    pub fn meant(self, place: Place, near: &Near<'_>) -> Self {
        let edit = Edit::new(near.applicability(), place, Mend::Instead(near.word.to_string()));
        self.help(format!("did you mean `{}`?", near.word)).edit(edit)
    }

    /// The run in words, a line for each thing that is done; of a long one, the middle is left out.
    pub fn run_in_words(&self) -> Vec<String> {
        run::in_words(&self.run)
    }

    pub fn place(&self) -> Place {
        self.labels[0].place
    }

    pub fn severity(&self) -> Severity {
        self.severity
    }
}

/// Puts findings into the order in which they are told: by file, by place, by rule.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        (a.place(), a.rule.name, &a.message).cmp(&(b.place(), b.rule.name, &b.message))
    });
    diagnostics.dedup();
}

/// A word with more mistakes in it is another word.
const MOST_MISTAKES: usize = 8;

/// A known word that one which is written is much like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near<'a> {
    pub word: &'a str,
    /// It differs by a slip of the pen, and no other known word is as near.
    pub sure: bool,
}

impl Near<'_> {
    pub fn applicability(&self) -> Applicability {
        if self.sure { Applicability::Safe } else { Applicability::Suggested }
    }
}

/// Helps with misspellings: the known word nearest to `word`, where one is near enough; of several,
/// the first.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Near<'a>> {
    let length = word.chars().count();
    let allowed = (length / 3).clamp(1, MOST_MISTAKES);
    let mut nearest: Option<(usize, &str)> = None;
    let mut next = usize::MAX;
    let candidates = known
        .into_iter()
        .filter(|candidate| *candidate != word)
        // Whose length differs more has more mistakes: most need no closer look.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .filter(|candidate| !is_opposite(word, candidate));
    for candidate in candidates {
        let distance = strsim::osa_distance(word, candidate);
        match nearest {
            _ if distance > allowed => {}
            Some((_, same)) if same == candidate => {}
            Some((least, _)) if least <= distance => next = next.min(distance),
            _ => {
                next = nearest.map_or(next, |(least, _)| next.min(least));
                nearest = Some((distance, candidate));
            }
        }
    }
    let (distance, candidate) = nearest?;
    let sure = distance < next && (is_slip(word, candidate) || is_respelt(word, candidate));
    Some(Near { word: candidate, sure })
}

/// Whether a slip of the hand makes the difference, so that nobody can have meant another word: two
/// letters that changed places, one that was written twice, one that is missing or too many, or in a
/// long word a wrong one. What differs at the beginning or at the end of a short word is another
/// word (`done` and `none`, `payee` and `payer`), and so is another number or another letter that stands
/// by itself (`team-a` and `team-b`).
fn is_slip(written: &str, meant: &str) -> bool {
    let digits = |word: &str| -> String { word.chars().filter(char::is_ascii_digit).collect() };
    if strsim::osa_distance(written, meant) != 1 || digits(written) != digits(meant) {
        return false;
    }
    let parts = |word: &str| -> Vec<Vec<char>> {
        word.split(['-', ' ']).map(|part| part.chars().collect()).collect()
    };
    let (written_parts, meant_parts) = (parts(written), parts(meant));
    if written_parts.len() != meant_parts.len() {
        // It is the `-` that is missing or too many.
        return written.chars().count().max(meant.chars().count()) >= LONG_ENOUGH;
    }
    let whole = meant.chars().count().max(written.chars().count());
    let mut pairs = written_parts.iter().zip(&meant_parts);
    pairs.find(|(one, other)| one != other).is_some_and(|(one, other)| slipped(one, other, whole))
}

/// A shorter word is too near to others.
const LONG_ENOUGH: usize = 5;

/// In a word of so many letters, another letter makes hardly another word.
const LONG: usize = 8;

/// Whether a part of a word, which differs by one mistake, differs by a slip of the hand.
fn slipped(written: &[char], meant: &[char], whole: usize) -> bool {
    let same = written.iter().zip(meant).take_while(|(one, other)| one == other).count();
    let (short, long) = match written.len() < meant.len() {
        true => (written, meant),
        false => (meant, written),
    };
    let last = same + 1 >= long.len();
    if short.len() == long.len() {
        let swapped = same + 1 < long.len() && written[same] == meant[same + 1];
        return match swapped {
            true => meant.len() >= 4,
            false => same > 0 && !last && meant.len() >= LONG,
        };
    }
    let doubled = same > 0 && long.get(same) == long.get(same - 1);
    match doubled {
        true => short.len() >= 2 && whole >= LONG_ENOUGH,
        false => same > 0 && long.len() >= if last { LONG } else { LONG_ENOUGH },
    }
}

/// Whether one of two words says the opposite of the other: `unpaid` and `paid`.
pub fn is_opposite(one: &str, other: &str) -> bool {
    const TURN: [&str; 7] = ["un", "in", "im", "dis", "non", "not", "no"];
    let turned = |word: &str, of: &str| {
        let before = word.strip_suffix(of).map(|before| before.trim_end_matches('-'));
        before.is_some_and(|before| TURN.contains(&before))
    };
    turned(one, other) || turned(other, one)
}

/// Whether only capitals, or `_` for `-`, make the difference.
fn is_respelt(written: &str, meant: &str) -> bool {
    as_a_name(written) == as_a_name(meant)
}

/// A name as it should be written: in lower case, with `-` between words.
pub fn as_a_name(written: &str) -> String {
    let mut name = String::with_capacity(written.len());
    let mut before = None;
    for char in written.chars() {
        if char.is_uppercase() && before.is_some_and(char::is_lowercase) {
            name.push('-');
        }
        match char {
            '_' => name.push('-'),
            char => name.extend(char.to_lowercase()),
        }
        before = Some(char);
    }
    name
}

/// The name that a title gives to what has no other: its letters and digits, joined by `-`.
pub fn derived_name(title: &str) -> Option<String> {
    let words: Vec<String> = title
        .split(|char: char| !char.is_alphanumeric() && !is_needless(char))
        .map(|word| word.replace(is_needless, "").to_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    let name = words.join("-");
    (!name.is_empty() && !name.starts_with(|char: char| char.is_numeric())).then_some(name)
}

/// Whether a sign has no width and no script needs it: what is read of a title is the same without it.
pub fn is_needless(char: char) -> bool {
    matches!(char, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{as_a_name, derived_name, nearest};

    #[test]
    fn what_nobody_sees_in_a_title_is_not_in_its_name() {
        for title in
            ["Write the plan", "Write the pl\u{ad}an", "\u{feff}Write\u{200b} the pl\u{2060}an"]
        {
            assert_eq!(derived_name(title).as_deref(), Some("write-the-plan"), "{title:?}");
        }
    }

    #[test]
    fn the_nearest_word_is_near() {
        let known = ["back-up", "swap", "go-on", "step-0412", "größe"];
        for (written, meant) in [
            ("back-upp", Some("back-up")),
            ("bakc-up", Some("back-up")),
            ("wsap", Some("swap")),
            ("goon", Some("go-on")),
            ("step-0421", Some("step-0412")),
            ("grösse", Some("größe")),
            ("swap", None),
            ("unswap", None),
            ("not-swap", None),
            ("restore", None),
            ("", None),
        ] {
            let near = nearest(written, known);
            assert_eq!(near.map(|near| near.word), meant, "{written}");
        }
    }

    #[test]
    fn names_are_lower_case_with_dashes() {
        for (written, name) in
            [("PayInvoice", "pay-invoice"), ("BOSS", "boss"), ("job_ad", "job-ad"), ("a1", "a1")]
        {
            assert_eq!(as_a_name(written), name);
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_sure_where_it_means_one_word() {
        let known = [
            "done", "review", "reviewer", "step-2", "swap", "seller", "teller", "payer", "team-a",
            "customer", "back-up", "sign",
        ];
        for (written, sure) in [
            ("reveiw", true),
            ("revew", true),
            ("custoner", true),
            ("back-upp", true),
            ("bakc-up", true),
            ("backup", true),
            ("payee", false),
            ("payers", false),
            ("team-b", false),
            ("team-aa", false),
            ("sigh", false),
            ("sing", true),
            ("reviewers", true),
            ("Review", true),
            ("wsap", true),
            ("none", false),
            ("step-3", false),
            ("reviewe", false),
            ("deller", false),
        ] {
            assert_eq!(nearest(written, known).map(|near| near.sure), Some(sure), "{written}");
        }
    }
}
