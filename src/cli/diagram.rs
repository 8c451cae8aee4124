//! `vup diagram`: a picture of a process, of one of its paths or of a stage.

use super::checklist::{chosen_path, refuse};
use super::files::compiled;
use super::highlight::shown;
use super::optional::{png, refuse_terminal};
use super::output::{counts, deliver, format_of, say};
use super::{DiagramArgs, DiagramFormat, DiagramView, Exit, Stop};
use crate::emit::diagram::{By, Diagram, ShownRun, View, in_lanes, with_run};
use crate::emit::dot::dot;
use crate::emit::mermaid::mermaid;
use crate::emit::svg::svg;
use crate::flow::Flow;
use crate::model::{ItemId, ItemKind, Model, full_name};

pub fn run(args: &DiagramArgs) -> Result<Exit, Stop> {
    let format = format_of(args.format, args.output.as_deref(), named)?;
    let format = format.unwrap_or(DiagramFormat::Svg);
    if format == DiagramFormat::Png {
        refuse_terminal(args.output.as_deref(), "PNG")?;
    } else if args.scale.is_some() {
        return Err(Stop::new(Exit::Usage, "--scale is for PNG alone; SVG has no pixels"));
    }
    let compiled = compiled(&args.file)?;
    // A fault of the flow is to be seen in the picture; where lines or names are wrong, there is none.
    let Some(flow) = compiled.flow.as_ref().filter(|_| compiled.model.is_process) else {
        return Err(refuse(&compiled, &args.file));
    };
    let run = shown(&compiled, flow, args)?;
    let drawn = drawn(&compiled.model, flow, args, run.as_ref())?;
    let made = match format {
        DiagramFormat::Svg => svg(&drawn).into(),
        DiagramFormat::Png => png(&svg(&drawn), args.scale.unwrap_or(2.0))?,
        DiagramFormat::Dot => dot(&drawn).into(),
        DiagramFormat::Mermaid => mermaid(&drawn).into(),
    };
    deliver(&made, args.output.as_deref(), args.force)?;
    if compiled.has_errors() {
        let counts = counts(&compiled.findings);
        say(&format!("the process is drawn as it is, with {counts}; vup check tells them"));
        return Ok(Exit::Findings);
    }
    Ok(Exit::Clean)
}

/// Reads how much larger a picture is to be in pixels.
pub fn scale(text: &str) -> Result<f32, String> {
    let factor: f32 = text.parse().map_err(|_| "this is no number")?;
    match (0.1..=10.0).contains(&factor) {
        true => Ok(factor),
        false => Err("it is from 0.1 to 10".into()),
    }
}

/// The format of a file with this ending.
fn named(ending: &str) -> Result<Option<DiagramFormat>, String> {
    match ending {
        "svg" => Ok(Some(DiagramFormat::Svg)),
        "png" => Ok(Some(DiagramFormat::Png)),
        "dot" | "gv" => Ok(Some(DiagramFormat::Dot)),
        "mmd" | "mermaid" => Ok(Some(DiagramFormat::Mermaid)),
        "pdf" | "jpg" | "jpeg" => Err(format!(
            "diagrams are written as SVG, PNG, DOT or Mermaid, not as {ending}; a browser opens SVG, \
             and prints it to PDF or paper"
        )),
        _ => Ok(None),
    }
}

fn drawn(
    model: &Model,
    flow: &Flow,
    args: &DiagramArgs,
    shown: Option<&ShownRun>,
) -> Result<Diagram, Stop> {
    let usage = |message: &str| Err(Stop::new(Exit::Usage, message));
    let path_of_run = shown.and_then(|run| run.path(model));
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
        (Some(DiagramView::Path), None) if path_of_run.is_some() => {
            whole(path_of_run.map_or(View::Whole, View::Path))
        }
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
