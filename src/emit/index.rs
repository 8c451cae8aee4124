//! The page from which everything that was built can be reached.

use crate::emit::letterhead::Letterhead;
use crate::emit::page::{STYLE, page};
use crate::emit::words;
use crate::model::{Condition, ItemId, ItemKind, Model};
use minijinja::context;
use minijinja::value::Serde;
use serde::Serialize;

/// A document of one process, where it stands as seen from the page.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    /// What it is of: a path's title, or "Overview of the paths".
    pub title: String,
    /// The path that it is of, if it is of one.
    #[serde(skip)]
    pub path: Option<ItemId>,
    pub links: Vec<Link>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Link {
    /// "Page", "Markdown".
    pub title: &'static str,
    pub href: String,
}

/// A diagram, and what it is of.
#[derive(Clone, Debug, Serialize)]
pub struct Picture {
    pub title: String,
    /// The SVG that is shown in the page itself.
    pub inline: Option<String>,
    pub links: Vec<Link>,
}

/// A process and what was made of it.
#[derive(Clone, Debug, Serialize)]
pub struct Process {
    title: String,
    about: Option<String>,
    version: String,
    owner: Option<String>,
    checklists: Vec<Listed>,
    diagrams: Vec<Picture>,
}

/// A checklist, with the cases that it is for.
#[derive(Clone, Debug, Serialize)]
struct Listed {
    #[serde(flatten)]
    document: Document,
    conditions: Vec<String>,
    otherwise: bool,
    /// Entered from another path only.
    by_jump: bool,
}

pub fn process(model: &Model, checklists: Vec<Document>, diagrams: Vec<Picture>) -> Process {
    let root = model.item(Model::ROOT);
    Process {
        title: words::text(&model.title),
        about: root.about.as_ref().map(words::text),
        version: model.version.to_string(),
        owner: model.owner.map(|owner| model.role(owner).title.clone()),
        checklists: checklists.into_iter().map(|document| listed(model, document)).collect(),
        diagrams,
    }
}

fn listed(model: &Model, document: Document) -> Listed {
    let item = document.path.map(|path| model.item(path));
    let when = item.into_iter().flat_map(|item| &item.when);
    let shown = |line: &Condition| {
        words::some_text(line.text.as_ref()).unwrap_or_else(|| words::condition(model, line))
    };
    let conditions: Vec<String> = when.map(shown).collect();
    let otherwise =
        item.is_some_and(|item| matches!(item.kind, ItemKind::Path { otherwise: true }));
    let by_jump = item.is_some() && conditions.is_empty() && !otherwise;
    Listed { document, conditions, otherwise, by_jump }
}

/// The page, with the colour and the logo of a house.
pub fn html(processes: &[Process], letterhead: &Letterhead) -> String {
    let template = include_str!("templates/index.html");
    let context = context! {
        processes => Serde(processes),
        style => STYLE,
        accent => letterhead.colour(),
        logo => letterhead.picture(),
    };
    page("index.html", template, context)
}
