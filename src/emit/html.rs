//! A checklist as one HTML page: to be read on a screen or a telephone, and to be printed on A4.
//!
//! In: a [`Checklist`]. Out: a page that needs nothing else: no network, no script, no font. The
//! template escapes whatever it is given; prose gets in as `prose::html` alone.

use crate::emit::checklist::Checklist;
use crate::emit::page::{STYLE, page};
use minijinja::context;
use minijinja::value::Serde;

pub fn html(checklist: &Checklist) -> String {
    let template = include_str!("templates/checklist.html");
    page("checklist.html", template, context! { list => Serde(checklist), style => STYLE })
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
