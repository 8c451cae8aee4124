//! `vup diagram`: a picture of a process, of one of its paths or of a stage.

use super::checklist::{chosen_path, sound};
use super::output::deliver;
use super::{DiagramArgs, DiagramFormat, DiagramView, Exit, Stop};
use crate::emit::diagram::{By, Diagram, Shown, View, in_lanes, with_run};
use crate::emit::dot::dot;
use crate::emit::mermaid::mermaid;
use crate::emit::svg::svg;
use crate::emit::words;
use crate::flow::Flow;
use crate::model::{ItemId, ItemKind, Model, full_name};
use crate::plan::trial::{Trial, trials};
use std::path::Path;

pub fn run(args: &DiagramArgs) -> Result<Exit, Stop> {
    let format = format(args.format, args.output.as_deref())?;
    let compiled = sound(&args.file)?;
    let flow = compiled.flow.as_ref().expect("a process without errors has a flow graph");
    let drawn = drawn(&compiled.model, flow, args)?;
    let text = match format {
        DiagramFormat::Svg => svg(&drawn),
        DiagramFormat::Dot => dot(&drawn),
        DiagramFormat::Mermaid => mermaid(&drawn),
    };
    deliver(&text, args.output.as_deref(), args.force)?;
    Ok(Exit::Clean)
}

/// What is asked for, or else what the name of the file says. A file whose name says something else
/// would open nowhere.
fn format(asked: Option<DiagramFormat>, output: Option<&Path>) -> Result<DiagramFormat, Stop> {
    let ending = output.and_then(Path::extension).map(|it| it.to_string_lossy().to_lowercase());
    let named = match ending.as_deref() {
        Some("svg") => Some(DiagramFormat::Svg),
        Some("dot" | "gv") => Some(DiagramFormat::Dot),
        Some("mmd" | "mermaid") => Some(DiagramFormat::Mermaid),
        Some(ending @ ("png" | "pdf" | "jpg" | "jpeg")) => {
            let message = format!(
                "diagrams are written as SVG, DOT or Mermaid, not as {ending}; a browser opens SVG, \
                 and prints it to {ending} or paper"
            );
            return Err(Stop::new(Exit::Usage, message));
        }
        _ => None,
    };
    match (asked, named) {
        (Some(asked), Some(named)) if asked != named => {
            let name = output.map(|path| path.display().to_string()).unwrap_or_default();
            let message = format!("{name} is named as another format than --format asks for");
            Err(Stop::new(Exit::Usage, message))
        }
        (asked, named) => Ok(asked.or(named).unwrap_or(DiagramFormat::Svg)),
    }
}

fn drawn(model: &Model, flow: &Flow, args: &DiagramArgs) -> Result<Diagram, Stop> {
    let usage = |message: &str| Err(Stop::new(Exit::Usage, message));
    let trial = match args.highlight.as_deref() {
        Some(wanted) => Some(chosen_scenario(model, flow, wanted)?),
        None => None,
    };
    let title = trial.as_ref().map(|trial| words::text(&trial.scenario.title)).unwrap_or_default();
    let shown = trial.as_ref().map(|trial| Shown { title: &title, run: &trial.run });
    let whole = |view: View| Ok(with_run(model, flow, view, shown));
    let by = |by: By| {
        let path = match args.of.as_deref() {
            Some(_) => chosen_path(model, args.of.as_deref(), "--of")?,
            None => None,
        };
        Ok(in_lanes(model, flow, path, by, shown))
    };
    match (args.view, args.of.as_deref()) {
        (None, None) => whole(View::Whole),
        (Some(DiagramView::Overview), None) => whole(View::Overview),
        (Some(DiagramView::Path), of) => match chosen_path(model, of, "--of")? {
            Some(path) => whole(View::Path(path)),
            None => usage("the process has no paths; leave --view out"),
        },
        (Some(DiagramView::Stage), of) => whole(View::Stage(chosen_stage(model, of)?)),
        (Some(DiagramView::Roles), _) => by(By::Roles),
        (Some(DiagramView::Environments), _) => by(By::Environments),
        (None, Some(_)) => usage("say with --view whether a path or a stage is meant"),
        (Some(DiagramView::Overview), Some(_)) => {
            usage("the overview is of the whole process; leave --of out")
        }
    }
}

/// The scenario of that title or number, tried.
fn chosen_scenario<'m>(model: &'m Model, flow: &Flow, wanted: &str) -> Result<Trial<'m>, Stop> {
    let titles: Vec<String> =
        model.scenarios.iter().map(|scenario| words::text(&scenario.title)).collect();
    let number = wanted.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let found = titles.iter().position(|title| title == wanted).or(number);
    let trial = found.and_then(|index| trials(model, flow).into_iter().nth(index));
    trial.ok_or_else(|| {
        let listed: Vec<String> = titles
            .iter()
            .enumerate()
            .map(|(index, title)| format!("  {} {title}", index + 1))
            .collect();
        let message = match listed.is_empty() {
            true => "the process has no scenarios to highlight".to_string(),
            false => format!("there is no scenario {wanted}; there is\n{}", listed.join("\n")),
        };
        Stop::new(Exit::Usage, message)
    })
}

/// The stage of that name, or of a full name that ends so.
fn chosen_stage(model: &Model, wanted: Option<&str>) -> Result<ItemId, Stop> {
    let stages: Vec<(ItemId, String)> = model
        .ids()
        .filter(|id| matches!(model.item(*id).kind, ItemKind::Stage))
        .map(|id| (id, full_name(model, id)))
        .collect();
    let names: Vec<&str> = stages.iter().map(|(_, name)| name.as_str()).collect();
    let usage = |message: String| Err(Stop::new(Exit::Usage, message));
    let Some(wanted) = wanted else {
        return match names.is_empty() {
            true => usage("the process has no stages; leave --view out".into()),
            false => usage(format!("say which stage with --of: {}", names.join(", "))),
        };
    };
    let suffix = format!(".{wanted}");
    let found: Vec<_> =
        stages.iter().filter(|(_, name)| name == wanted || name.ends_with(&suffix)).collect();
    match found.as_slice() {
        [(only, _)] => Ok(*only),
        [] => usage(format!("there is no stage {wanted}; there is {}", names.join(", "))),
        several => {
            let names: Vec<&str> = several.iter().map(|(_, name)| name.as_str()).collect();
            usage(format!("{wanted} could be {}", names.join(" or ")))
        }
    }
}
