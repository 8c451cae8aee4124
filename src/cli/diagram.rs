//! `vup diagram`: a picture of a process, of one of its paths or of a stage.

use super::checklist::{chosen_path, sound};
use super::output::deliver;
use super::{DiagramArgs, DiagramFormat, DiagramView, Exit, Stop};
use crate::emit::diagram::{By, Diagram, View, diagram, in_lanes};
use crate::emit::dot::dot;
use crate::emit::svg::svg;
use crate::flow::Flow;
use crate::model::{ItemId, ItemKind, Model, full_name};
use std::path::Path;

pub fn run(args: &DiagramArgs) -> Result<Exit, Stop> {
    if let Some(output) = &args.output {
        refuse_picture(output)?;
    }
    let compiled = sound(&args.file)?;
    let flow = compiled.flow.as_ref().expect("a process without errors has a flow graph");
    let drawn = drawn(&compiled.model, flow, args)?;
    let text = match args.format {
        DiagramFormat::Svg => svg(&drawn),
        DiagramFormat::Dot => dot(&drawn),
    };
    deliver(&text, args.output.as_deref(), args.force)?;
    Ok(Exit::Clean)
}

/// DOT in a file named as a picture would open nowhere.
fn refuse_picture(output: &Path) -> Result<(), Stop> {
    let ending = output.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let Some(ending) = ending.filter(|it| ["svg", "png", "pdf"].contains(&it.as_str())) else {
        return Ok(());
    };
    let message = format!(
        "diagrams are written as DOT, not as {ending}; leave -o out and pipe it through Graphviz: \
         `vup diagram ... | dot -T{ending} -o {}`",
        output.display()
    );
    Err(Stop::new(Exit::Usage, message))
}

fn drawn(model: &Model, flow: &Flow, args: &DiagramArgs) -> Result<Diagram, Stop> {
    let usage = |message: &str| Err(Stop::new(Exit::Usage, message));
    let whole = |view: View| Ok(diagram(model, flow, view));
    let by = |by: By| {
        let path = match args.of.as_deref() {
            Some(_) => chosen_path(model, args.of.as_deref(), "--of")?,
            None => None,
        };
        Ok(in_lanes(model, flow, path, by))
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
