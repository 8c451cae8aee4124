//! A checklist as one HTML page: to be read on a screen or a telephone, and to be printed on A4.
//!
//! In: a [`Checklist`]. Out: a page that needs nothing else: no network, no script, no font. The
//! template escapes whatever it is given; prose gets in as [`prose::html`] alone.

use crate::emit::checklist::Checklist;
use crate::emit::prose;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};

/// The name's ending turns escaping on.
const TEMPLATE: (&str, &str) = ("checklist.html", include_str!("templates/checklist.html"));
const STYLE: &str = include_str!("templates/checklist.css");

pub fn html(checklist: &Checklist) -> String {
    let mut templates = Environment::new();
    let mut syntax = SyntaxConfig::builder();
    syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
    templates.set_syntax(syntax.build().expect("the delimiters are the usual ones"));
    templates.add_filter("prose", |text: &str| Value::from_safe_string(prose::html(text)));
    templates.add_filter("plain", |text: &str| prose::plain(text));
    templates.add_filter("href", |url: &str| prose::safe_url(url).map(str::to_string));
    templates.add_filter("css_text", css_text);
    let page = templates
        .add_template(TEMPLATE.0, TEMPLATE.1)
        .and_then(|()| templates.get_template(TEMPLATE.0))
        .and_then(|template| {
            template.render(context! { list => Serde(checklist), style => STYLE })
        });
    page.expect("the template is ours, and its nesting does not depend on the checklist")
}

/// Text for a string in a style sheet: what could end the string is left out.
fn css_text(text: &str) -> Value {
    let kept =
        text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '+' | '_'));
    Value::from_safe_string(kept.collect())
}

#[cfg(test)]
mod tests {
    use super::html;
    use crate::emit::checklist::tests::{hostile, sample_checklist};

    #[test]
    fn a_page_needs_nothing_else() {
        let page = html(&sample_checklist());
        assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
        for outside in ["<script", "<img", "<link", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert_eq!(page.matches("<section").count(), page.matches("</section>").count());
        assert_eq!(page.matches("<div").count(), page.matches("</div>").count());
        assert_eq!(page, html(&sample_checklist()));
    }

    #[test]
    fn says_what_a_person_needs() {
        let page = html(&sample_checklist());
        for part in [
            "Swap at the desk",
            "class=\"live\">LIVE",
            "not applicable",
            "Tell Employee",
            "again from 1.2 Try it",
            "class=\"no-way-back\"",
            "go on with stage 2 Hand over",
        ] {
            assert!(page.contains(part), "{part}");
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        let page = html(&hostile());
        assert!(
            !page.contains("<script")
                && !page.contains("<img")
                && !page.contains("href=\"javascript")
        );
        assert!(page.contains("&lt;script&gt;"));
        assert_eq!(page.matches("</style>").count(), 1);
    }
}
