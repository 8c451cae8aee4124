//! `vup build`: check, then write every checklist and diagram, with an `index.html`.

use super::files::{compiled, inputs};
use super::manifest::{self, Manifest};
use super::output::{Drawing, counted, counts, print, say, write_whole};
use super::{BuildArgs, Exit, Stop};
use crate::Compiled;
use crate::emit::checklist::{checklist, json};
use crate::emit::diagram::{View, diagram};
use crate::emit::index::{self, Document, Link};
use crate::emit::{dot, html, markdown, words};
use crate::flow::Flow;
use crate::model::{ItemId, ItemKind, Model, full_name};
use std::path::Path;

/// The outputs of one process, by their paths below the folder of all outputs.
type Outputs = Vec<(String, String)>;

pub fn run(args: &BuildArgs) -> Result<Exit, Stop> {
    let files = inputs(&args.files)?;
    let mut processes = Vec::new();
    let drawing = Drawing::for_stdout();
    let mut found = Vec::new();
    for path in &files {
        let compiled = compiled(path)?;
        for finding in &compiled.findings {
            print(&drawing.draw(finding, &compiled.sources))?;
        }
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
    for compiled in &processes {
        listed.push(documents(compiled, &mut outputs));
    }
    outputs.push(("index.html".into(), index::html(&listed)));
    let removed = write(&args.out, &outputs, args.force)?;
    let made = counted(outputs.len(), "file");
    let gone = match removed {
        0 => String::new(),
        count => format!(", {} of an earlier build taken away", counted(count, "file")),
    };
    say(&format!("{made} written to {0}{gone}; open {0}/index.html", args.out.display()));
    Ok(Exit::Clean)
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
fn documents(compiled: &Compiled, outputs: &mut Outputs) -> index::Process {
    let model = &compiled.model;
    let flow = compiled.flow.as_ref().expect("a process without errors has a flow graph");
    let paths: Vec<Option<ItemId>> = match model.paths().next() {
        Some(_) => model.paths().map(|(id, _)| Some(id)).collect(),
        None => vec![None],
    };
    let checklists = paths.into_iter().map(|path| checklists(compiled, path, outputs)).collect();
    let diagrams = views(model)
        .into_iter()
        .map(|(title, file, view)| drawn(model, flow, title, &file, view, outputs))
        .collect();
    index::process(model, checklists, diagrams)
}

fn checklists(compiled: &Compiled, path: Option<ItemId>, outputs: &mut Outputs) -> Document {
    let model = &compiled.model;
    let list = checklist(model, &compiled.sources, path);
    let (name, title) = match path.map(|path| model.item(path)) {
        Some(path) => (path.name.as_deref().unwrap_or("path"), &path.title),
        None => ("process", &model.title),
    };
    let folder = format!("{}/checklists", model.name);
    let formats = [
        ("Open or print", "html", html::html(&list)),
        ("Markdown", "md", markdown::markdown(&list)),
        ("JSON", "json", json(&list)),
    ];
    let mut links = Vec::new();
    for (format, ending, text) in formats {
        let href = format!("{folder}/{name}.{ending}");
        outputs.push((href.clone(), text));
        links.push(Link { title: format, href });
    }
    Document { title: words::text(title), path, links }
}

/// Every view of a process: what it is called, its file, what is drawn.
fn views(model: &Model) -> Vec<(String, String, View)> {
    let mut views = Vec::new();
    if model.paths().next().is_some() {
        views.push(("Overview of the paths".into(), "overview".into(), View::Overview));
    }
    for (id, path) in model.paths() {
        let title = format!("Path: {}", words::text(&path.title));
        views.push((title, format!("path-{}", full_name(model, id)), View::Path(id)));
    }
    views.push(("All of it in one picture".into(), "all".into(), View::Whole));
    for id in model.ids() {
        let item = model.item(id);
        if matches!(item.kind, ItemKind::Stage) {
            let title = format!("Stage: {}", words::text(&item.title));
            let name = full_name(model, id);
            // A stage whose title makes no name is told apart by its number.
            let file = if item.name.is_some() { name } else { format!("{name}.{}", id.0) };
            views.push((title, format!("stage-{file}"), View::Stage(id)));
        }
    }
    views
}

fn drawn(
    model: &Model,
    flow: &Flow,
    title: String,
    file: &str,
    view: View,
    outputs: &mut Outputs,
) -> Document {
    let href = format!("{}/diagrams/{file}.dot", model.name);
    outputs.push((href.clone(), dot::dot(&diagram(model, flow, view))));
    Document { title, path: None, links: vec![Link { title: "DOT", href }] }
}

/// Writes the outputs, and takes away what an earlier build wrote and this one did not.
///
/// Gives back how many it took away. The manifest names everything that is ours at each moment, so that a build that is cut off
/// leaves nothing that a later one takes for somebody else's.
fn write(folder: &Path, outputs: &Outputs, force: bool) -> Result<usize, Stop> {
    let failed = |error: std::io::Error| {
        Stop::new(Exit::Files, format!("cannot write to {}: {error}", folder.display()))
    };
    let before = manifest::read(folder, force)?;
    let new = Manifest::of(outputs);
    if !force {
        manifest::refuse_foreign(folder, &new, &before)?;
    }
    std::fs::create_dir_all(folder).map_err(failed)?;
    manifest::write(folder, &before.with(&new))?;
    for (name, text) in outputs {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        write_whole(&path, text.as_bytes())?;
    }
    let removed = manifest::remove_stale(folder, &before, &new);
    manifest::write(folder, &new)?;
    Ok(removed)
}
