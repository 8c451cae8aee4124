//! `vup build`: check, then write every checklist and diagram, with an `index.html`.

use super::config::{Configs, short};
use super::files::{Inputs, compiled, inputs};
use super::manifest::{self, Manifest};
use super::names::{FileNames, refuse_blocked, refuse_unfit};
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
        print(&drawing.draw_all(&compiled.findings, &compiled.sources, lists))?;
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
    for compiled in &processes {
        listed.push(documents(compiled, &mut names, &mut outputs));
    }
    outputs.push(("index.html".into(), index::html(&listed)));
    let out = match &args.out {
        Some(out) => out.clone(),
        None => {
            let said = Configs::default().of(Path::new("."))?.out.as_deref().map(short);
            said.unwrap_or_else(|| "out".into())
        }
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
fn documents(compiled: &Compiled, names: &mut FileNames, outputs: &mut Outputs) -> index::Process {
    let model = &compiled.model;
    let flow = compiled.flow.as_ref().expect("a process without errors has a flow graph");
    let folder = names.give("", &model.name);
    let paths: Vec<Option<ItemId>> = match model.paths().next() {
        Some(_) => model.paths().map(|(id, _)| Some(id)).collect(),
        None => vec![None],
    };
    let mut lists = Vec::new();
    for (index, path) in paths.into_iter().enumerate() {
        let wanted = match path.map(|path| model.item(path)) {
            Some(path) => path.name.clone().unwrap_or_else(|| format!("path-{}", index + 1)),
            None => "process".into(),
        };
        let file = names.give(&format!("{folder}/checklists/"), &wanted);
        lists.push(checklists(compiled, path, &file, outputs));
    }
    let mut pictures = Vec::new();
    for (title, wanted, view) in views(model) {
        let file = names.give(&format!("{folder}/diagrams/"), &wanted);
        pictures.push(drawn(model, flow, title, &file, view, outputs));
    }
    index::process(model, lists, pictures)
}

/// A checklist in every format; `file` is its path without the ending.
fn checklists(
    compiled: &Compiled,
    path: Option<ItemId>,
    file: &str,
    outputs: &mut Outputs,
) -> Document {
    let model = &compiled.model;
    let list = checklist(model, &compiled.sources, path);
    let title = path.map_or(&model.title, |path| &model.item(path).title);
    let formats = [
        ("Open or print", "html", html::html(&list)),
        ("Markdown", "md", markdown::markdown(&list)),
        ("JSON", "json", json(&list)),
    ];
    let mut links = Vec::new();
    for (format, ending, text) in formats {
        let href = format!("{file}.{ending}");
        outputs.push((href.clone(), text));
        links.push(Link { title: format, href });
    }
    Document { title: words::text(title), path, links }
}

/// Every view of a process: what it is called, the name that its file should have, what is drawn.
fn views(model: &Model) -> Vec<(String, String, View)> {
    let mut views = Vec::new();
    if model.paths().next().is_some() {
        views.push(("Overview of the paths".into(), "overview".into(), View::Overview));
    }
    for (index, (id, path)) in model.paths().enumerate() {
        let title = format!("Path: {}", words::text(&path.title));
        // A path whose title makes no name goes by its number, as for `vup checklist --path`.
        let file = match path.name {
            Some(_) => format!("path-{}", full_name(model, id)),
            None => format!("path-{}", index + 1),
        };
        views.push((title, file, View::Path(id)));
    }
    views.push(("All of it in one picture".into(), "all".into(), View::Whole));
    for id in model.ids() {
        let item = model.item(id);
        if matches!(item.kind, ItemKind::Stage) {
            let title = format!("Stage: {}", words::text(&item.title));
            let own = item.name.is_none().then(|| id.0.to_string());
            let parts = [full_name(model, id), own.unwrap_or_default()];
            let parts: Vec<&str> =
                parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
            views.push((title, format!("stage-{}", parts.join(".")), View::Stage(id)));
        }
    }
    views
}

/// A picture; `file` is its path without the ending.
fn drawn(
    model: &Model,
    flow: &Flow,
    title: String,
    file: &str,
    view: View,
    outputs: &mut Outputs,
) -> Document {
    let href = format!("{file}.dot");
    outputs.push((href.clone(), dot::dot(&diagram(model, flow, view))));
    Document { title, path: None, links: vec![Link { title: "DOT", href }] }
}

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
