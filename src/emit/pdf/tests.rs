//! Pages hold what a person needs, whole; nothing that a process says becomes anything but words.

use super::{Paper, data, pdf, set};
use crate::emit::checklist::tests::{hostile, resolved, sample_checklist};
use crate::emit::checklist::{
    Action, Block, Checklist, Entry, Step, Wanted, checklist, checklist_for, communication,
};
use crate::emit::letterhead::{Colour, Letterhead, Logo};
use crate::source::{SourceFile, Sources};
use typst::layout::{Frame, FrameItem, Point};
use typst::model::Destination;
use typst::visualize::Paint;
use typst_layout::PagedDocument;

/// Words as they stand on a page.
struct Placed {
    page: usize,
    left: f64,
    right: f64,
    text: String,
}

#[derive(Default)]
struct Seen {
    words: Vec<Placed>,
    links: Vec<String>,
}

impl Seen {
    fn of(document: &PagedDocument) -> Seen {
        let mut seen = Seen::default();
        for (page, of) in document.pages().iter().enumerate() {
            seen.add(page, &of.frame, Point::zero());
        }
        seen
    }

    fn add(&mut self, page: usize, frame: &Frame, origin: Point) {
        for (at, item) in frame.items() {
            let at = origin + *at;
            match item {
                FrameItem::Group(group) => self.add(page, &group.frame, at),
                FrameItem::Text(text) => self.words.push(Placed {
                    page,
                    left: at.x.to_pt(),
                    right: (at.x + text.width()).to_pt(),
                    text: text.text.to_string(),
                }),
                FrameItem::Link(Destination::Url(url), _) => self.links.push(url.as_str().into()),
                _ => {}
            }
        }
    }

    /// All words, without the places where they may break.
    fn text(&self) -> String {
        let all = self.words.iter().map(|placed| placed.text.as_str()).collect::<String>();
        all.replace('\u{200b}', "")
    }

    /// The page on which words stand first that are exactly these, outside of the margins.
    fn page(&self, words: &str) -> Option<usize> {
        self.words.iter().find(|placed| placed.text.trim() == words).map(|placed| placed.page)
    }
}

fn seen(list: &Checklist, paper: Paper) -> Seen {
    Seen::of(&set(list, paper, &Letterhead::default()).expect("it is set"))
}

fn list_of(text: &str) -> Checklist {
    checklist(&resolved(text), &Sources::default(), None)
}

/// The standard path of a real process, as long as it is.
fn real(name: &str) -> Checklist {
    let folder = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("processes");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).map_err(|it| it.to_string());
    let text = read(name).expect("a real process");
    let compiled = crate::compile(SourceFile::new("process.vup", text), &mut |_, wanted| {
        read(wanted).map(|text| SourceFile::new(wanted, text))
    });
    assert!(!compiled.has_errors(), "{:?}", compiled.findings);
    let path = compiled.model.paths().map(|(id, _)| id).last();
    checklist(&compiled.model, &compiled.sources, path)
}

fn step_of(entry: &Entry) -> Option<&Step> {
    match entry {
        Entry::Step(step) => Some(step),
        _ => None,
    }
}

#[test]
fn says_what_a_person_needs() {
    let seen = seen(&sample_checklist(), Paper::A4);
    let text = seen.text();
    for part in [
        "Swap at the desk",
        "LIVE",
        "applicable",
        "Tell Employee",
        "Try it",
        "No way back",
        "initials",
        "Communication plan",
        "page 1 of",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("**"), "emphasis is no star");
}

#[test]
fn the_communication_plan_alone() {
    let text = seen(&communication(sample_checklist()), Paper::A4).text();
    assert!(text.contains("Your laptop is ready") && !text.contains("initials"), "{text}");
}

#[test]
fn the_same_list_gives_the_same_bytes() {
    let list = sample_checklist();
    let [once, again] =
        [(); 2].map(|()| pdf(&list, Paper::A4, &Letterhead::default()).expect("it is set"));
    assert!(once.starts_with(b"%PDF-"));
    assert_eq!(once, again);
    assert_ne!(once, pdf(&list, Paper::Letter, &Letterhead::default()).expect("it is set"));
    for clock in ["/CreationDate", "/ModDate", "xmp:CreateDate"] {
        assert!(!String::from_utf8_lossy(&once).contains(clock), "{clock}");
    }
}

/// Whether anything on a page is written in the colour.
fn is_written_in(frame: &Frame, colour: &str) -> bool {
    frame.items().any(|(_, item)| match item {
        FrameItem::Group(group) => is_written_in(&group.frame, colour),
        FrameItem::Text(text) => match &text.fill {
            Paint::Solid(fill) => fill.to_hex() == colour,
            _ => false,
        },
        _ => false,
    })
}

fn pictures(frame: &Frame) -> usize {
    let count = |(_, item): &(Point, FrameItem)| match item {
        FrameItem::Group(group) => pictures(&group.frame),
        FrameItem::Image(..) => 1,
        _ => 0,
    };
    frame.items().map(count).sum()
}

#[test]
fn a_house_has_its_colour_and_its_logo_on_the_first_page() {
    let list = sample_checklist();
    let drawn = r#"<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><path d="M0 0h9v9z"/></svg>"#;
    let letterhead = |logo: &[u8]| Letterhead {
        accent: Colour::read("#0a6640").ok(),
        logo: Logo::read(logo.to_vec()).ok(),
    };
    let plain = set(&list, Paper::A4, &Letterhead::default()).expect("it is set");
    let ours = set(&list, Paper::A4, &letterhead(drawn.as_bytes())).expect("it is set");
    for (document, colour, logos) in [(&plain, "#14506a", 0), (&ours, "#0a6640", 1)] {
        let pages = document.pages();
        assert_eq!(pictures(&pages[0].frame), logos);
        for other in ["#14506a", "#0a6640"] {
            let found = pages.iter().any(|page| is_written_in(&page.frame, other));
            assert_eq!(found, other == colour, "{other}");
        }
    }
    let broken = set(&list, Paper::A4, &letterhead(b"<svg")).expect_err("no picture");
    assert!(broken.starts_with("the logo cannot be drawn: "), "{broken}");
}

#[test]
fn nothing_is_cut_and_nothing_that_belongs_together_is_parted() {
    let list = real("version-update.vup");
    for (paper, width) in [(Paper::A4, 595.28), (Paper::Letter, 612.0)] {
        let seen = seen(&list, paper);
        let margin = 39.68;
        for placed in &seen.words {
            let inside = placed.left >= margin - 0.1 && placed.right <= width - margin + 0.1;
            assert!(inside, "{} on page {}", placed.text, placed.page + 1);
        }
        let mut looked_at = 0;
        for step in list.blocks.iter().flat_map(|block| &block.entries).filter_map(step_of) {
            for action in &step.details.actions {
                let Action::Task(task) = action else { continue };
                looked_at += 1;
                assert_eq!(seen.page(&task.number), seen.page(&step.number), "{}", task.number);
            }
        }
        assert!(looked_at > 40, "{looked_at} tasks");
        for Block { head, entries, .. } in &list.blocks {
            let first = entries.iter().find_map(step_of);
            let (Some(title), Some(first)) = (&head.title, first) else { continue };
            assert!(seen.page(title).is_some(), "{title}");
            assert_eq!(seen.page(title), seen.page(&first.number), "{title}");
        }
    }
}

#[test]
fn hostile_words_stay_words() {
    let seen = seen(&hostile(), Paper::A4);
    assert!(seen.text().contains("<script>alert(1)</script>"));
    assert!(seen.links.is_empty(), "{:?}", seen.links);
    let markup =
        r##"#import "x" #let #panic() $x$ *b _c @label <l> = h \\ ~ /* // ` =HYPERLINK("x")"##;
    let title = markup.replace('"', "\\\"");
    let long = "x".repeat(10_000);
    let text = format!(
        "process p \"{title}\" {{\n  version 1.0.0\n  role r \"{title}\"\n  owner r\n  step s \"{title}\" by r {{\n    \
         do \"שלום 🦄 漢字\"\n    do \"{long}\"\n    link \"Far\" \"https://x.org/{long}\"\n    do \"[a]() b\"\n    note \"{title}\"\n  }}\n}}\n"
    );
    let list = list_of(&text);
    let seen = self::seen(&list, Paper::Letter);
    let text = seen.text();
    for part in [
        "#import",
        "#let",
        "#panic()",
        "$x$",
        "@label",
        "<l>",
        "/* //",
        "=HYPERLINK",
        "שלום",
        "🦄",
        "漢字",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert!(text.matches('x').count() >= 10_000);
    let widest = seen.words.iter().map(|placed| placed.right).fold(0.0, f64::max);
    assert!(widest <= 612.0 - 39.6, "{widest}");
}

#[test]
fn however_deep_things_stand_in_each_other() {
    let open = |keyword: &str| -> String {
        (0..25).map(|n| format!("for each {keyword}{n} \"Each {keyword}{n}\" {{\n")).collect()
    };
    let text = format!(
        "process p \"P\" {{\n  version 1.0.0\n  role r \"R\"\n  owner r\n{}  step s \"S\" by r {{\n{}do \
         \"Task 49\"\n{}  }}\n{}}}\n",
        open("a"),
        open("b"),
        "}\n".repeat(25),
        "}\n".repeat(25)
    );
    let text = seen(&list_of(&text), Paper::A4).text();
    assert!(text.contains("Task 49"), "{text}");
}

#[test]
fn what_is_internal_does_not_reach_the_page_of_others() {
    let model = resolved(
        "process p \"P\" {\n  version 1.0.0\n  role us \"Us\"\n  role them \"Them\" external\n  owner us\n  internal \
         note \"SECRET note\"\n  step s \"Do it\" by them {\n    internal do \"SECRET task\" by us\n    do \"The open \
         task\"\n    internal link \"SECRET link\" \"https://example.org/SECRET\"\n  }\n}\n",
    );
    for outside in [false, true] {
        let wanted = Wanted { outside, ..Wanted::default() };
        let list = checklist_for(&model, &Sources::default(), &wanted);
        let seen = seen(&list, Paper::A4);
        assert!(seen.text().contains("The open task"));
        // All that typst is given, beside our templates.
        let given = String::from_utf8(data::json(&list, Paper::A4, &Letterhead::default()))
            .expect("a text");
        let told = seen.text() + &seen.links.join(" ") + &given;
        assert_eq!(told.contains("SECRET"), !outside);
    }
}
