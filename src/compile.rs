//! The whole front half: a file and those that it uses, to a model, a flow graph and findings.
//!
//! Reads no files itself: the caller passes a loader for `use`.

mod allow;

use crate::check;
use crate::diagnostic::{Diagnostic, Severity, sort};
use crate::flow::{self, Flow};
use crate::model::{self, Model, rules};
use crate::source::{FileId, Place, SourceFile, Sources};
use crate::syntax::statement::Kind;
use crate::syntax::tree::Tree;
use crate::syntax::{self, Parse};

pub use allow::{Allowed, RULES as ALLOW_RULES};

/// Everything that is known of a process.
#[derive(Debug)]
pub struct Compiled {
    pub sources: Sources,
    /// What each file says, the process first.
    pub trees: Vec<(FileId, Tree)>,
    pub model: Model,
    /// The flow graph; none where names or lines are wrong, since it would be of another process.
    pub flow: Option<Flow>,
    /// In the order in which they are told.
    pub findings: Vec<Diagnostic>,
    /// What the text itself allows, in the same order.
    pub allowed: Vec<Allowed>,
}

impl Compiled {
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity() == Severity::Error)
    }
}

/// Finds the file that `use` names.
///
/// Given the name of the file that uses, and what it wrote. The name of what is given back tells
/// files apart. The error says why there is none, in words that go into a message.
pub type Load<'l> = dyn FnMut(&str, &str) -> Result<SourceFile, String> + 'l;

/// More files than this are not one process.
const MOST_FILES: usize = 1000;

/// Compiles a file and those that it uses.
pub fn compile(file: SourceFile, load: &mut Load<'_>) -> Compiled {
    let mut gathered = Gathered::default();
    gathered.add(file, load);
    let Gathered { sources, trees, mut findings, incomplete, .. } = gathered;
    let unread = !findings.is_empty();
    let files: Vec<model::File<'_>> = trees
        .iter()
        .map(|(id, tree)| model::File { id: *id, text: &sources.file(*id).text, tree })
        .collect();
    let resolved = model::resolve(&files, incomplete);
    findings.extend(resolved.findings);
    let model = resolved.model;
    let mut flow = None;
    if !unread {
        let sound = findings.is_empty() && model.is_process;
        flow = sound.then(|| flow::lower(&model));
        findings.extend(check::check(&model, flow.as_ref()));
    }
    sort(&mut findings);
    let (findings, allowed) = allow::sorted_out(&sources, &trees, flow.is_some(), findings);
    Compiled { sources, trees, model, flow, findings, allowed }
}

/// The files of a compilation, read and parsed.
#[derive(Default)]
struct Gathered {
    sources: Sources,
    trees: Vec<(FileId, Tree)>,
    findings: Vec<Diagnostic>,
    incomplete: bool,
    /// The names of the files whose `use` lines are being followed.
    open: Vec<String>,
}

impl Gathered {
    fn add(&mut self, file: SourceFile, load: &mut Load<'_>) {
        let name = file.name.clone();
        let id = self.sources.add(file);
        let Parse { tree, errors } = syntax::parse(&self.sources.file(id).text, id);
        self.findings.extend(errors);
        let uses = self.uses(id, &tree);
        self.trees.push((id, tree));
        self.open.push(name);
        for (place, wanted) in uses {
            self.follow(place, &wanted, load);
        }
        self.open.pop();
    }

    /// The files that a file uses, and where it says so.
    fn uses(&self, id: FileId, tree: &Tree) -> Vec<(Place, String)> {
        let text = &self.sources.file(id).text;
        let uses = tree.roots().filter(|node| node.kind == Kind::UseFile);
        uses.filter_map(|node| {
            let title = node.title?;
            let place = Place { file: id, span: title.0 };
            Some((place, title.value(text).into_owned()))
        })
        .collect()
    }

    fn follow(&mut self, place: Place, wanted: &str, load: &mut Load<'_>) {
        let user = self.sources.file(place.file).name.clone();
        let file = match load(&user, wanted) {
            Ok(file) => file,
            Err(reason) => return self.fail(place, wanted, &reason),
        };
        if self.open.contains(&file.name) {
            return self.refuse_cycle(place, &file.name);
        }
        if self.sources.iter().any(|known| known.name == file.name) {
            return;
        }
        if self.sources.iter().count() >= MOST_FILES {
            return self.fail(place, wanted, "a process uses at most 1000 files");
        }
        self.add(file, load);
    }

    fn fail(&mut self, place: Place, wanted: &str, reason: &str) {
        self.incomplete = true;
        let message = format!("`{wanted}` cannot be used: {reason}");
        let help = "a file is named as seen from the folder of the file that uses it";
        self.findings.push(Diagnostic::new(&rules::USE_FAILED, place, message).help(help));
    }

    fn refuse_cycle(&mut self, place: Place, name: &str) {
        let start = self.open.iter().position(|open| open == name).unwrap_or(0);
        let mut chain: Vec<String> =
            self.open[start..].iter().map(|open| format!("`{open}`")).collect();
        chain.push(format!("`{name}`"));
        let message = format!("the files use each other in a circle: {}", chain.join(" → "));
        let help = "take what both need out into a third file";
        self.findings.push(Diagnostic::new(&rules::USE_CYCLE, place, message).help(help));
    }
}
