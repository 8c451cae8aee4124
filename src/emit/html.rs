//! A checklist as one HTML page: to be worked with on a screen or a telephone, and to be printed.
//!
//! In: a [`Checklist`]. Out: a page that needs nothing else: no network, no font. The template escapes
//! whatever it is given; prose gets in as `prose::html` alone. The one script is ours, and the page
//! itself forbids any other; it keeps what is ticked and filled in in the browser.

use crate::emit::checklist::{Checklist, json};
use crate::emit::letterhead::Letterhead;
use crate::emit::page::{STYLE, page, script_hash};
use minijinja::context;
use minijinja::value::Serde;
use sha2::{Digest, Sha256};

const TEMPLATE: &str = include_str!("templates/checklist.html");
const SCRIPT: &str = include_str!("templates/checklist.js");

/// The page, as a house that says nothing of its documents gets it.
pub fn html(checklist: &Checklist) -> String {
    with_letterhead(checklist, &Letterhead::default())
}

/// The page with the colour and the logo of a house.
pub fn with_letterhead(checklist: &Checklist, letterhead: &Letterhead) -> String {
    let context = context! {
        list => Serde(checklist),
        style => STYLE,
        script => SCRIPT,
        script_hash => script_hash(SCRIPT),
        sheet => sheet(checklist),
        accent => letterhead.colour(),
        logo => letterhead.picture(),
    };
    page("checklist.html", TEMPLATE, context)
}

/// What is filled in belongs to one checklist, as it is printed: another version of the process, another
/// case or another reader has fields of its own.
fn sheet(checklist: &Checklist) -> String {
    let mut hasher = Sha256::new();
    hasher.update(json(checklist));
    hasher.update(TEMPLATE);
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{html, with_letterhead};
    use crate::emit::checklist::tests::{hostile, sample_checklist};
    use crate::emit::letterhead::{Colour, Letterhead, Logo};

    #[test]
    fn a_page_needs_nothing_else() {
        let page = html(&sample_checklist());
        assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
        for outside in ["<img", "<link", "<iframe", "<form", "@import", "url(", "src=", "fetch("] {
            assert!(!page.contains(outside), "{outside}");
        }
        let ours = format!("<script>{}</script>", super::SCRIPT);
        assert_eq!((page.matches("<script").count(), page.matches(&ours).count()), (1, 1));
        assert!(
            page.contains("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
        );
        assert_eq!(page.matches("<section").count(), page.matches("</section>").count());
        assert_eq!(page.matches("<div").count(), page.matches("</div>").count());
        assert_eq!(page, html(&sample_checklist()));
    }

    #[test]
    fn a_house_has_its_colour_and_its_logo_on_the_page() {
        let list = sample_checklist();
        let accent = Colour::read("#0a6640").ok();
        let logo = Logo::read(b"<svg onload=\"alert(1)\"/>".to_vec()).ok();
        let page = with_letterhead(&list, &Letterhead { accent, logo });
        assert!(page.contains(":root { --accent: #0a6640; }"));
        assert!(page.contains("img-src data:;") && !page.contains("onload"));
        assert_eq!(
            page.matches("<img class=\"logo\" alt=\"\" src=\"data:image/svg+xml;base64,").count(),
            1
        );
        let sheet =
            |page: &str| page.split_once("data-sheet=\"").map(|(_, rest)| rest[..16].to_string());
        assert!(
            sheet(&page).is_some() && sheet(&page) == sheet(&html(&list)),
            "what is ticked is kept"
        );
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
            "id=\"item-quick.save.back-up\"",
            "class=\"no-way-back\"",
            "go on with stage 2 Hand over",
        ] {
            assert!(page.contains(part), "{part}");
        }
    }

    #[test]
    fn hostile_text_stays_text() {
        let page = html(&hostile());
        assert_eq!(page.matches("<script").count(), 1, "ours alone");
        assert!(!page.contains("<img") && !page.contains("href=\"javascript"));
        assert!(page.contains("&lt;script&gt;"));
        assert_eq!(page.matches("</style>").count(), 1);
    }
}
