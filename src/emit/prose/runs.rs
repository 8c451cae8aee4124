//! Prose for formats that set text in runs, each with all of its marks: flat, however deep emphasis stands in
//! emphasis.

use super::{BLANK, BLANK_MARK, inline, paragraphs};
use pulldown_cmark::{Event, Tag, TagEnd};
use serde::Serialize;

/// Words that look alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Run {
    pub text: String,
    #[serde(flatten)]
    pub marks: Marks,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Marks {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub strong: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub emph: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub code: bool,
    /// A line to write on.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub blank: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Run {
    pub fn plain(text: &str) -> Run {
        Run { text: text.to_string(), marks: Marks::default() }
    }
}

/// The paragraphs of a text.
pub fn runs(text: &str) -> Vec<Vec<Run>> {
    paragraphs(text).iter().map(|paragraph| runs_of(paragraph)).collect()
}

fn runs_of(paragraph: &str) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    let (mut strong, mut emph, mut urls) = (0_usize, 0_usize, Vec::new());
    for event in inline(paragraph) {
        match event {
            Event::Start(Tag::Strong) => strong += 1,
            Event::Start(Tag::Emphasis) => emph += 1,
            Event::Start(Tag::Link { dest_url, .. }) => urls.push(dest_url.to_string()),
            Event::End(TagEnd::Strong) => strong = strong.saturating_sub(1),
            Event::End(TagEnd::Emphasis) => emph = emph.saturating_sub(1),
            Event::End(TagEnd::Link) => drop(urls.pop()),
            Event::Text(ref text) | Event::Code(ref text) => {
                let code = matches!(event, Event::Code(_));
                let marks = Marks {
                    strong: strong > 0,
                    emph: emph > 0,
                    code,
                    blank: false,
                    url: urls.last().cloned(),
                };
                add(&mut out, text, marks);
            }
            _ => {}
        }
    }
    out
}

/// Adds words, to those before them where they look the same; blanks in code are letters.
fn add(out: &mut Vec<Run>, text: &str, marks: Marks) {
    if marks.code {
        out.push(Run { text: text.replace(BLANK_MARK, BLANK), marks });
        return;
    }
    for (index, part) in text.split(BLANK_MARK).enumerate() {
        if index > 0 {
            out.push(Run {
                text: BLANK.to_string(),
                marks: Marks { blank: true, ..marks.clone() },
            });
        }
        match out.last_mut() {
            _ if part.is_empty() => {}
            Some(last) if last.marks == marks => last.text += part,
            _ => out.push(Run { text: part.to_string(), marks: marks.clone() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Run, runs};

    #[test]
    fn runs_have_all_marks_of_what_they_stand_in() {
        let told = |text: &str| {
            let shown = |run: &Run| {
                let marks = [
                    ("s", run.marks.strong),
                    ("e", run.marks.emph),
                    ("c", run.marks.code),
                    ("b", run.marks.blank),
                    ("u", run.marks.url.is_some()),
                ];
                let marks = marks.iter().filter(|(_, on)| *on).map(|(mark, _)| *mark);
                format!("{}{:?}", marks.collect::<String>(), run.text)
            };
            let paragraphs = runs(text);
            let shown = paragraphs.iter().map(|runs| runs.iter().map(shown).collect::<Vec<_>>());
            shown.map(|runs| runs.join(" ")).collect::<Vec<_>>().join(" / ")
        };
        assert_eq!(told("a *b **c*** `d`"), r#""a " e"b " se"c" " " c"d""#);
        assert_eq!(told("from ____ to"), r#""from " b"________" " to""#);
        assert_eq!(told("[x](https://a.b) [y](javascript:1)"), r#"u"x" " y""#);
        assert_eq!(told("a\nb\n\n<i>c</i> #import"), r##""a b" / "<i>c</i> #import""##);
        assert_eq!(told(&"*a **b ".repeat(5_000)).matches('"').count(), 2, "however deep");
    }
}
