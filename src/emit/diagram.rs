//! A diagram without a format: shapes, the groups that they stand in, and arrows.
//!
//! In: a model and its flow graph. Out: a [`Diagram`], which every format draws and which is itself
//! an output (JSON, [`SCHEMA`]). No format looks anything up elsewhere.
//!
//! All strings are plain, on one line, and short enough for a box; formats break them into lines.
//! What the flow graph has for its own sake (where a stage is entered and left, where a condition is
//! asked) is contracted away. Events of a stage or path are one shape in its group, with one arrow,
//! although they may happen at any step inside.

mod arrows;
mod compared;
mod highlight;
mod lanes;
mod legend;
mod passed;
mod scene;
mod shapes;
mod shown;
mod trace;
mod words;

pub use compared::{Changes, Compared, Marked, Note, NoteOf, Sign, compared};
pub use shown::ShownRun;
pub use words::wrap;

use crate::flow::Flow;
use crate::model::{ItemId, Model};
use serde::Serialize;

/// The name and version of the JSON form. Fields may be added under the same version.
pub const SCHEMA: &str = "vup-diagram/1";

/// How much of a process is drawn, and how closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The paths with their stages, how a path is chosen, and the ends.
    Overview,
    /// One path with all of its steps; what comes before the paths is one box.
    Path(ItemId),
    /// One stage with the tasks of its steps.
    Stage(ItemId),
    /// All steps of all paths.
    Whole,
}

/// What the lanes of a picture are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Who does it.
    Roles,
    /// Where it is done.
    Environments,
}

/// A picture to be laid out and drawn.
#[derive(Clone, Debug, Serialize)]
pub struct Diagram {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// `overview`, `path`, `stage`, `whole`, `roles`, `environments` or `changes`.
    pub view: &'static str,
    /// The process.
    pub title: String,
    /// What of it is drawn: "Overview", "Path: Swap at the desk".
    pub part: String,
    /// The version of the process definition.
    pub version: String,
    /// Each after the group that it is in.
    pub groups: Vec<Group>,
    /// In the order of the text; the ends last.
    pub shapes: Vec<Shape>,
    pub arrows: Vec<Arrow>,
    /// From top to bottom, where shapes are told apart by lanes.
    pub lanes: Vec<String>,
    pub legend: Legend,
    /// One run through it, if one is shown.
    pub highlight: Option<Highlight>,
    /// What changed, where two editions are compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
}

/// What a run comes by. What does not apply is drawn too, but steps back.
#[derive(Clone, Debug, Serialize)]
pub struct Highlight {
    /// What the run is called.
    pub title: String,
    /// For each shape, when it is come to: the first stop is 1.
    pub visits: Vec<Vec<usize>>,
    /// For each shape and each arrow, whether the run comes by it.
    pub shapes: Vec<bool>,
    pub arrows: Vec<bool>,
    /// For each shape and each arrow, whether the case leaves it open that it is come by.
    pub open_shapes: Vec<bool>,
    pub open_arrows: Vec<bool>,
    /// For each group, whether anything in it is on the run or open.
    pub groups: Vec<bool>,
    /// For each shape that does not apply, why.
    pub reasons: Vec<Option<String>>,
}

impl Highlight {
    /// What stands above the picture.
    pub fn sentences(&self) -> Vec<String> {
        let shown = format!("Shown with heavy lines, its steps numbered: {}", self.title);
        let is_open = |all: &[bool]| all.iter().zip(&self.shapes).any(|(open, lit)| *open && !lit);
        let rest = "With usual lines: what may still come. Pale: what does not apply".to_string();
        [Some(shown), is_open(&self.open_shapes).then_some(rest)].into_iter().flatten().collect()
    }
}

/// What the run that is shown has to do with a shape or an arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// It comes by.
    Taken,
    /// The case leaves it open.
    Open,
    /// It does not come by.
    Not,
}

impl Course {
    fn of(taken: &[bool], open: &[bool], index: usize) -> Course {
        let is = |all: &[bool]| all.get(index).copied().unwrap_or(false);
        match (is(taken), is(open)) {
            (true, _) => Course::Taken,
            (false, true) => Course::Open,
            (false, false) => Course::Not,
        }
    }
}

impl Diagram {
    /// Of a process, with nothing drawn yet.
    fn of(model: &Model, view: &'static str, part: String) -> Diagram {
        Diagram {
            schema: SCHEMA,
            view,
            title: words::short(&crate::emit::words::text(&model.title)),
            part,
            version: model.version.to_string(),
            groups: Vec::new(),
            shapes: Vec::new(),
            arrows: Vec::new(),
            lanes: Vec::new(),
            legend: Legend::default(),
            highlight: None,
            changes: None,
        }
    }
}

/// What the run that is shown says of one shape or arrow; of none where none is shown.
impl Diagram {
    /// Whether the run comes by the shape.
    pub fn comes_by(&self, shape: usize) -> Option<Course> {
        let run = self.highlight.as_ref()?;
        Some(Course::of(&run.shapes, &run.open_shapes, shape))
    }

    /// Whether the run takes the arrow.
    pub fn takes(&self, arrow: usize) -> Option<Course> {
        let run = self.highlight.as_ref()?;
        Some(Course::of(&run.arrows, &run.open_arrows, arrow))
    }

    /// Whether a line that the run takes, or may take, leads to the shape.
    pub fn is_reached(&self, shape: usize) -> bool {
        let mut arrows = self.arrows.iter().enumerate().filter(|(_, arrow)| arrow.to == shape);
        arrows.any(|(index, _)| self.takes(index).is_some_and(|course| course != Course::Not))
    }

    /// Whether nothing in the group is on the run or open.
    pub fn is_passed(&self, group: usize) -> bool {
        let run = self.highlight.as_ref();
        run.is_some_and(|run| run.groups.get(group) == Some(&false))
    }

    /// Says which groups have anything in them that is on the run or open.
    fn mark_groups(&mut self) {
        let mut found = vec![false; self.groups.len()];
        for (index, shape) in self.shapes.iter().enumerate() {
            let mut around = shape.group.filter(|_| self.comes_by(index) != Some(Course::Not));
            while let Some(group) = around.filter(|it| found.get(*it) == Some(&false)) {
                found.get_mut(group).into_iter().for_each(|found| *found = true);
                around = self.groups.get(group).and_then(|group| group.group);
            }
        }
        if let Some(run) = &mut self.highlight {
            run.groups = found;
        }
    }

    /// When the run comes to the shape: "1, 4". None where it does not, or the shape is no stop.
    pub fn stops(&self, shape: usize) -> Option<String> {
        let visits = self.highlight.as_ref()?.visits.get(shape).filter(|all| !all.is_empty())?;
        Some(visits.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))
    }

    /// Why the shape is not on the run: "does not apply: …".
    pub fn why_not(&self, shape: usize) -> Option<String> {
        let reason = self.highlight.as_ref()?.reasons.get(shape)?.as_ref()?;
        Some(format!("does not apply: {reason}"))
    }
}

/// A frame around shapes and other groups.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub kind: GroupKind,
    /// The full name in the text; empty where it has none.
    pub name: String,
    pub number: String,
    /// Empty where there is only the sentence.
    pub title: String,
    /// What is special inside: "Repeat until everything works, at most 5 times".
    pub sentence: Option<String>,
    pub marks: Vec<Mark>,
    /// The group around it: an index into [`Diagram::groups`].
    pub group: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupKind {
    Path,
    Stage,
    Repeat,
    AnyOrder,
    ForEach,
    Procedure,
}

/// Something that is drawn with a text in it.
#[derive(Clone, Debug, Serialize)]
pub struct Shape {
    pub kind: ShapeKind,
    /// The full name in the text of what it stands for; empty where it has none.
    pub name: String,
    /// Of a step, a decision or a stage, its anchor in the checklists; else empty.
    pub anchor: String,
    pub number: String,
    pub title: String,
    /// What is listed under the title: the triggers at the start, the steps of a block that has no
    /// title of its own.
    pub lines: Vec<String>,
    /// "Testers with Lead Operator".
    pub who: Option<String>,
    /// Gives the shape its colour: an index into [`Legend::roles`].
    pub role: Option<usize>,
    /// Of a step or a decision, the titles of the other roles that do it too, or instead.
    pub others: Vec<String>,
    /// On the client's side.
    pub external: bool,
    pub environments: Vec<Environment>,
    pub marks: Vec<Mark>,
    /// Only where one stage is drawn.
    pub tasks: Vec<Task>,
    /// The group that it stands in: an index into [`Diagram::groups`].
    pub group: Option<usize>,
    /// The lanes that it belongs to, the one where it is drawn first: indexes into
    /// [`Diagram::lanes`].
    pub lanes: Vec<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShapeKind {
    Start,
    Step,
    /// A choice that people, events or facts make.
    Decision,
    /// The choice of a path.
    PathChoice,
    /// A stage, or another block of steps, as one box.
    Block,
    /// All that comes before the paths, as one box.
    Before,
    /// Where the branches of `any order` start, and where they come together; without text.
    Fork,
    Join,
    /// What may happen between any two steps of the group that it stands in.
    Event,
    /// Where the flow comes from, or goes on, outside of the picture.
    From,
    To,
    End,
    /// Where the flow stops without an end: a fault of the process.
    Nowhere,
}

/// Where something is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Environment {
    pub title: String,
    /// Something that it uses is live.
    pub live: bool,
}

/// What a reader should know at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mark {
    pub kind: MarkKind,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKind {
    /// It does not apply in every case.
    Skippable,
    NoWayBack,
    Timing,
}

/// A line of a step's box.
#[derive(Clone, Debug, Serialize)]
pub struct Task {
    pub number: String,
    pub title: String,
    /// Where it is somebody else than the step's.
    pub who: Option<String>,
    /// It does not apply in every case.
    pub conditional: bool,
}

/// From shape to shape.
#[derive(Clone, Debug, Serialize)]
pub struct Arrow {
    /// Indexes into [`Diagram::shapes`].
    pub from: usize,
    pub to: usize,
    pub kind: ArrowKind,
    /// Leads to what stands before its source, so a layout from top to bottom should not obey it.
    pub back: bool,
    /// Several where several ways have the same two ends.
    pub labels: Vec<String>,
}

impl Arrow {
    /// Leads to the next round of a loop.
    pub fn is_round(&self) -> bool {
        self.back && self.kind == ArrowKind::Next
    }

    /// Drawn as a loop; an event, or time that runs out, is drawn as such wherever it leads.
    pub fn is_loop(&self) -> bool {
        self.back && !matches!(self.kind, ArrowKind::Event | ArrowKind::Wait)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ArrowKind {
    /// To what comes next.
    Next,
    /// An answer, or a case.
    Choice,
    /// To what stands elsewhere.
    Jump,
    /// Something happens.
    Event,
    /// Time runs out.
    Wait,
    /// Past a stage that does not apply.
    Skip,
}

/// What colours, shapes and lines mean; only what occurs in the picture.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Legend {
    /// In the order in which the process declares them.
    pub roles: Vec<Role>,
    pub shapes: Vec<ShapeMeaning>,
    pub arrows: Vec<ArrowMeaning>,
    /// Somebody of the client's side has a border of its own.
    pub external: bool,
    /// A live environment is marked.
    pub live: bool,
}

/// The colours of a role, as `#rrggbb`; black text can be read on the fill.
#[derive(Clone, Debug, Serialize)]
pub struct Role {
    pub title: String,
    pub external: bool,
    pub fill: &'static str,
    pub line: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct ShapeMeaning {
    pub kind: ShapeKind,
    pub meaning: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct ArrowMeaning {
    pub kind: ArrowKind,
    pub back: bool,
    pub meaning: &'static str,
}

/// The diagram of a view. A path or stage is one of the model's items.
pub fn diagram(model: &Model, flow: &Flow, view: View) -> Diagram {
    with_run(model, flow, view, None)
}

/// The diagram of a view, with a run through it.
pub fn with_run(model: &Model, flow: &Flow, view: View, shown: Option<&ShownRun>) -> Diagram {
    let model = shown.map_or(model, |shown| shown.drawn_from(model));
    let scene = scene::Scene::new(model, flow, view);
    let traced = trace::trace(&scene);
    let mut legend = legend::roles(model);
    let (groups, mut shapes) = shapes::shapes(&scene, &traced.keys);
    let arrows = arrows::arrows(&scene, &traced);
    legend::explain(&mut legend, &mut shapes, &arrows);
    let highlight =
        shown.map(|shown| highlight::highlight(&scene, &traced.keys, &shapes, &arrows, shown));
    let name = match view {
        View::Overview => "overview",
        View::Path(_) => "path",
        View::Stage(_) => "stage",
        View::Whole => "whole",
    };
    let empty = Diagram::of(model, name, words::part(model, view));
    let mut drawn = Diagram { groups, shapes, arrows, legend, highlight, ..empty };
    drawn.mark_groups();
    drawn
}

/// The diagram of all steps, or of one path, told apart by lanes.
pub fn in_lanes(
    model: &Model,
    flow: &Flow,
    path: Option<ItemId>,
    by: By,
    shown: Option<&ShownRun>,
) -> Diagram {
    let mut drawn = with_run(model, flow, path.map_or(View::Whole, View::Path), shown);
    lanes::divide(shown.map_or(model, |shown| shown.drawn_from(model)), &mut drawn, by);
    drawn
}

/// The diagram as JSON, indented, with a line end.
pub fn json(diagram: &Diagram) -> String {
    let text = serde_json::to_string_pretty(diagram);
    text.expect("a diagram holds only strings, numbers and lists of them") + "\n"
}

#[cfg(test)]
mod tests;
