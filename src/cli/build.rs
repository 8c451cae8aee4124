//! `vup build`: check, then write every checklist and diagram, with an `index.html`.

use super::config::{Configs, short};
use super::files::{Inputs, compiled, inputs};
use super::letterhead::letterhead;
use super::manifest::{self, Manifest};
use super::names::{FileNames, Outputs, refuse_blocked, refuse_unfit};
use super::optional::{HAS_PDF, pdf};
use super::output::{Drawing, counted, counts, print, say, write_whole};
use super::tracker::tracker;
use super::{BuildArgs, Exit, Paper, Stop};
use crate::Compiled;
use crate::emit::checklist::{checklist, json};
use crate::emit::diagram::{By, Diagram, GroupKind, Shape, ShapeKind, View, diagram, in_lanes};
use crate::emit::index::{self, Document, Link};
use crate::emit::letterhead::Letterhead;
use crate::emit::{dot, html, markdown, mermaid, svg, words};
use crate::model::{ItemId, ItemKind, Model, full_name};
use std::path::Path;

pub fn run(args: &BuildArgs) -> Result<Exit, Stop> {
    let Inputs { files, unread } = inputs(&args.files)?;
    if let Some(reason) = unread.into_iter().next() {
        return Err(Stop::new(Exit::Files, reason));
    }
    let mut processes = Vec::new();
    let drawing = Drawing::for_stdout();
    let mut found = Vec::new();
    for path in &files {
        let compiled = compiled(path)?;
        let lists = "vup check --format json";
        print(drawing.draw_all(&compiled.findings, &compiled.sources, lists))?;
        found.extend(compiled.findings.iter().cloned());
        processes.push(compiled);
    }
    if processes.iter().any(Compiled::has_errors) {
        say(&format!("nothing was written: {}", counts(&found)));
        return Ok(Exit::Findings);
    }
    processes.retain(|compiled| compiled.model.is_process);
    if processes.is_empty() {
        return Err(Stop::new(Exit::NoInput, "none of the files describes a process"));
    }
    refuse_same_names(&processes)?;
    let (mut outputs, mut listed) = (Outputs::new(), Vec::new());
    let mut names = FileNames::default();
    let settings = Configs::default().of(Path::new("."))?;
    let paper = settings.paper.unwrap_or_default();
    let house = House { paper, letterhead: letterhead(&settings)? };
    for compiled in &processes {
        listed.push(documents(compiled, &house, &mut names, &mut outputs)?);
    }
    outputs.push(("index.html".into(), index::html(&listed, &house.letterhead).into()));
    let out = match &args.out {
        Some(out) => out.clone(),
        None => settings.out.as_deref().map_or_else(|| "out".into(), short),
    };
    let removed = write(&out, &outputs, args.force)?;
    let made = counted(outputs.len(), "file");
    let gone = match removed {
        0 => String::new(),
        count => format!(", {} of an earlier build taken away", counted(count, "file")),
    };
    say(&format!("{made} written to {0}{gone}; open {0}/index.html", out.display()));
    Ok(Exit::Clean)
}

/// What is the same for all documents.
struct House {
    paper: Paper,
    letterhead: Letterhead,
}

/// The name of a process is that of its folder.
fn refuse_same_names(processes: &[Compiled]) -> Result<(), Stop> {
    for (index, compiled) in processes.iter().enumerate() {
        let same = |other: &&Compiled| other.model.name == compiled.model.name;
        if let Some(first) = processes[..index].iter().find(same) {
            let file =
                |compiled: &Compiled| compiled.sources.file(compiled.model.place.file).name.clone();
            let (name, first, second) = (&compiled.model.name, file(first), file(compiled));
            let message = format!(
                "{first} and {second} both describe a process `{name}`; give one of them another name"
            );
            return Err(Stop::new(Exit::Usage, message));
        }
    }
    Ok(())
}

/// Makes the documents of a process.
fn documents(
    compiled: &Compiled,
    house: &House,
    names: &mut FileNames,
    outputs: &mut Outputs,
) -> Result<index::Process, Stop> {
    let model = &compiled.model;
    let folder = names.give("", &model.name);
    let paths: Vec<Option<ItemId>> = match model.paths().next() {
        Some(_) => model.paths().map(|(id, _)| Some(id)).collect(),
        None => vec![None],
    };
    let (mut lists, mut pages) = (Vec::new(), Vec::new());
    for (index, path) in paths.into_iter().enumerate() {
        let wanted = match path.map(|path| model.item(path)) {
            Some(path) => path.name.clone().unwrap_or_else(|| format!("path-{}", index + 1)),
            None => "process".into(),
        };
        let file = names.give(&format!("{folder}/checklists/"), &wanted);
        pages.push((path, format!("{file}.html")));
        lists.push(checklists(compiled, path, house, &file, outputs)?);
    }
    let mut pictures = Vec::new();
    for (title, wanted, view) in views(model) {
        let file = names.give(&format!("{folder}/diagrams/"), &wanted);
        pictures.push(drawn(compiled, &pages, title, &file, view, outputs));
    }
    Ok(index::process(model, lists, pictures))
}

/// A checklist in every format, and as a tracker; `file` is its path without the ending.
fn checklists(
    compiled: &Compiled,
    path: Option<ItemId>,
    house: &House,
    file: &str,
    outputs: &mut Outputs,
) -> Result<Document, Stop> {
    let model = &compiled.model;
    let list = checklist(model, &compiled.sources, path);
    let title = path.map_or(&model.title, |path| &model.item(path).title);
    let mut formats = vec![
        ("Open or print", "html", html::with_letterhead(&list, &house.letterhead).into()),
        ("Tracker", "xlsx", tracker(&list)?),
        ("Markdown", "md", markdown::markdown(&list).into()),
        ("JSON", "json", json(&list).into()),
    ];
    if HAS_PDF {
        formats.insert(1, ("PDF", "pdf", pdf(&list, house.paper, &house.letterhead)?));
    }
    let mut links = Vec::new();
    for (format, ending, text) in formats {
        let href = format!("{file}.{ending}");
        outputs.push((href.clone(), text));
        links.push(Link { title: format, href });
    }
    Ok(Document { title: words::text(title), path, links })
}

/// Every view of a process: what it is called, the name that its file should have, what is drawn.
fn views(model: &Model) -> Vec<(String, String, Wanted)> {
    let mut views = Vec::new();
    if model.paths().next().is_some() {
        views.push((
            "Overview of the paths".into(),
            "overview".into(),
            Wanted::View(View::Overview),
        ));
    }
    for (index, (id, path)) in model.paths().enumerate() {
        let title = format!("Path: {}", words::text(&path.title));
        // A path whose title makes no name goes by its number, as for `vup checklist --path`.
        let file = match path.name {
            Some(_) => format!("path-{}", full_name(model, id)),
            None => format!("path-{}", index + 1),
        };
        views.push((title, file, Wanted::View(View::Path(id))));
    }
    views.push(("All of it in one picture".into(), "all".into(), Wanted::View(View::Whole)));
    views.extend(lanes(model));
    for id in model.ids() {
        let item = model.item(id);
        if matches!(item.kind, ItemKind::Stage) {
            // Numbers begin anew in each path.
            let path = model.item(model.path_of(id));
            let path = match path.kind {
                ItemKind::Path { .. } => format!(" ({})", words::text(&path.title)),
                _ => String::new(),
            };
            let number = Some(format!("{} ", item.number)).filter(|_| !item.number.is_empty());
            let number = number.unwrap_or_default();
            let title = format!("Stage: {number}{}{path}", words::text(&item.title));
            let own = item.name.is_none().then(|| id.0.to_string());
            let parts = [full_name(model, id), own.unwrap_or_default()];
            let parts: Vec<&str> =
                parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            views.push((
                title,
                format!("stage-{}", parts.join(".")),
                Wanted::View(View::Stage(id)),
            ));
        }
    }
    views
}

/// Who does it and where, for each path, or for all where there are none.
fn lanes(model: &Model) -> Vec<(String, String, Wanted)> {
    let paths: Vec<Option<ItemId>> = match model.paths().next() {
        Some(_) => model.paths().map(|(id, _)| Some(id)).collect(),
        None => vec![None],
    };
    let mut views = Vec::new();
    for (word, title, by) in [
        ("roles", "Who does it", By::Roles),
        ("environments", "Where it is done", By::Environments),
    ] {
        if by == By::Environments && model.environments.is_empty() {
            continue;
        }
        for (index, path) in paths.iter().enumerate() {
            let (of, file) = match path.map(|path| (path, model.item(path))) {
                Some((id, item)) => {
                    let name = match item.name {
                        Some(_) => full_name(model, id),
                        None => (index + 1).to_string(),
                    };
                    (format!(": {}", words::text(&item.title)), format!("{word}-{name}"))
                }
                None => (String::new(), word.to_string()),
            };
            views.push((format!("{title}{of}"), file, Wanted::Lanes(*path, by)));
        }
    }
    views
}

/// A picture, and what it is of.
#[derive(Clone, Copy)]
enum Wanted {
    View(View),
    Lanes(Option<ItemId>, By),
}

/// A picture in every format; `file` is its path without the ending.
fn drawn(
    compiled: &Compiled,
    pages: &[(Option<ItemId>, String)],
    title: String,
    file: &str,
    wanted: Wanted,
    outputs: &mut Outputs,
) -> index::Picture {
    let model = &compiled.model;
    let flow = compiled.flow.as_ref().expect("a process without errors has a flow graph");
    let drawn = match wanted {
        Wanted::View(view) => diagram(model, flow, view),
        Wanted::Lanes(path, by) => in_lanes(model, flow, path, by, None),
    };
    let picture = svg::svg(&drawn);
    // What a reader wants to see first stands in the page itself.
    let first = matches!(wanted, Wanted::View(View::Overview | View::Path(_)))
        || (matches!(wanted, Wanted::View(View::Whole)) && model.paths().next().is_none());
    let inline = (first && picture.len() <= MOST_INLINE)
        .then(|| svg::linked(&drawn, &|shape| line_of(model, &drawn, shape, wanted, pages)));
    let formats = [
        ("Picture", "svg", picture),
        ("DOT", "dot", dot::dot(&drawn)),
        ("Mermaid", "mmd", mermaid::mermaid(&drawn)),
    ];
    let mut links = Vec::new();
    for (format, ending, text) in formats {
        let href = format!("{file}.{ending}");
        outputs.push((href.clone(), text.into()));
        links.push(Link { title: format, href });
    }
    index::Picture { title, inline, links }
}

/// Where a shape's line stands in a checklist, seen from the index.
fn line_of(
    model: &Model,
    drawn: &Diagram,
    shape: &Shape,
    wanted: Wanted,
    pages: &[(Option<ItemId>, String)],
) -> Option<String> {
    let has_line = matches!(shape.kind, ShapeKind::Step | ShapeKind::Decision | ShapeKind::Block);
    if !has_line || shape.anchor.is_empty() {
        return None;
    }
    let mut around = shape.group.and_then(|group| drawn.groups.get(group));
    while let Some(group) = around.filter(|group| group.kind != GroupKind::Path) {
        around = group.group.and_then(|group| drawn.groups.get(group));
    }
    let page = pages.iter().find(|(path, _)| match (wanted, around) {
        (Wanted::View(View::Path(drawn)), _) => *path == Some(drawn),
        (_, Some(group)) => path.is_some_and(|path| full_name(model, path) == group.name),
        // What comes before the paths stands in all checklists.
        (_, None) => true,
    })?;
    Some(format!("{}#item-{}", page.1, shape.anchor))
}

/// Larger pictures are linked to.
const MOST_INLINE: usize = 400_000;

/// Writes the outputs, and takes away what an earlier build wrote and this one did not.
///
/// Gives back how many it took away. The manifest names everything that is ours at each moment, so
/// that a build that is cut off leaves nothing that a later one takes for somebody else's.
fn write(folder: &Path, outputs: &Outputs, force: bool) -> Result<usize, Stop> {
    let failed = |error: std::io::Error| {
        Stop::new(Exit::Files, format!("cannot write to {}: {error}", folder.display()))
    };
    refuse_unfit(outputs)?;
    refuse_blocked(folder, outputs)?;
    let before = manifest::read(folder, force)?;
    let new = Manifest::of(outputs);
    if !force {
        manifest::refuse_foreign(folder, &new, &before)?;
    }
    std::fs::create_dir_all(folder).map_err(failed)?;
    manifest::write(folder, &before.with(&new))?;
    for (name, bytes) in outputs {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        write_whole(&path, bytes)?;
    }
    let removed = manifest::remove_stale(folder, &before, &new);
    manifest::write(folder, &new)?;
    Ok(removed)
}
