//! `vup diff`, `vup release-notes`: what changed from one edition to the next.

mod json;
mod notes;
mod since;
mod text;

use super::files::compiled;
use super::output::{Drawing, counted, counts, deliver, format_of, say};
use super::{DiffArgs, DiffFormat, Exit, NotesArgs, Stop};
use crate::Compiled;
use crate::diagnostic::Report;
use crate::diff::{Diff, Edition, Relation, Verdict, diff, picture};
use crate::emit::diagram::Diagram;
use crate::emit::svg::svg;
use std::path::PathBuf;

/// A process file, and what changed in it.
struct Changed {
    file: String,
    diff: Diff,
    /// Made only where it is asked for.
    picture: Option<Diagram>,
}

impl Changed {
    /// `before` is none where the process is new.
    fn of(file: String, before: Option<&Compiled>, after: &Compiled, is_drawn: bool) -> Changed {
        let (old, new) = (before.map(edition), edition(after));
        let diff = match &old {
            Some(old) => diff(old, &new),
            None => Diff::first(&after.model),
        };
        let old = old.filter(|_| diff.relation == Relation::Editions);
        let picture = is_drawn.then(|| picture(&diff, old.as_ref(), &new));
        Changed { file, diff, picture }
    }

    fn is_unchanged(&self) -> bool {
        self.diff.changes.is_empty() && !self.diff.is_underdeclared()
    }
}

pub fn run(args: &DiffArgs) -> Result<Exit, Stop> {
    let format = format_of(args.format, args.output.as_deref(), named)?;
    let format = format.unwrap_or(DiffFormat::Human);
    let is_drawn = format == DiffFormat::Svg;
    let changed = match &args.git {
        Some(revision) => since::changed(revision, &args.files, is_drawn)?,
        None => vec![between(&args.files, is_drawn)?],
    };
    let told = match format {
        DiffFormat::Human => text::human(&changed),
        DiffFormat::Md => text::markdown(&changed),
        DiffFormat::Json => json::document(&changed),
        DiffFormat::Svg => drawn(&changed)?,
    };
    deliver(&told, args.output.as_deref(), args.force)?;
    summarize(&changed);
    let any = changed.iter().any(|it| !it.diff.changes.is_empty());
    let missing = changed.iter().any(|Changed { diff, .. }| {
        // Of two files that somebody takes for editions, nobody knows what is owed.
        let is_unknown = args.git.is_none() && diff.relation == Relation::Unrelated;
        is_unknown || diff.is_underdeclared()
    });
    Ok(match (args.exit_code && any) || (args.require_bump && missing) {
        true => Exit::Findings,
        false => Exit::Clean,
    })
}

/// The format of a file with this ending.
fn named(ending: &str) -> Result<Option<DiffFormat>, String> {
    match ending {
        "md" | "markdown" => Ok(Some(DiffFormat::Md)),
        "json" => Ok(Some(DiffFormat::Json)),
        "svg" => Ok(Some(DiffFormat::Svg)),
        "txt" => Ok(Some(DiffFormat::Human)),
        "png" | "pdf" | "html" => Err(format!(
            "changes are told as text, Markdown, JSON or SVG, not as {ending}; a browser opens SVG"
        )),
        _ => Ok(None),
    }
}

pub fn release_notes(args: &NotesArgs) -> Result<Exit, Stop> {
    let changed = match &args.git {
        Some(revision) => match args.files.as_slice() {
            [file] if !file.is_dir() => since::changed(revision, &args.files, false)?,
            _ => return Err(Stop::new(Exit::Usage, "with --git, name one process file")),
        },
        None => vec![between(&args.files, false)?],
    };
    let notes: String = changed.iter().map(|it| notes::notes(&it.diff)).collect();
    deliver(&notes, args.output.as_deref(), args.force)?;
    Ok(Exit::Clean)
}

/// The picture of the one process that is compared.
fn drawn(changed: &[Changed]) -> Result<String, Stop> {
    match changed {
        [Changed { picture: Some(picture), .. }] => Ok(svg(picture)),
        [Changed { file, .. }] => {
            let message = format!("{file} is gone: there is no new edition to draw");
            Err(Stop::new(Exit::Usage, message))
        }
        _ => Err(Stop::new(Exit::Usage, "a picture is of one process: name its file")),
    }
}

/// A line for each process in which something changed; of several, the others are counted.
fn summarize(changed: &[Changed]) {
    let told = |it: &&Changed| changed.len() == 1 || !it.is_unchanged();
    for Changed { file, diff, .. } in changed.iter().filter(told) {
        say(&Report::plain(&format!("{file}: {}", summary(diff))));
    }
    let unchanged = changed.iter().filter(|it| !told(it)).count();
    if unchanged > 0 {
        let more = if unchanged < changed.len() { " more" } else { "" };
        say(&format!("{}{more}: nothing changed", counted(unchanged, "file")));
    }
}

/// "3 changes; major is owed and minor declared".
fn summary(diff: &Diff) -> String {
    if diff.relation != Relation::Editions {
        return diff.verdict();
    }
    let changes = match diff.changes.len() {
        0 => "nothing changed".to_string(),
        count => counted(count, "change"),
    };
    match diff.is_underdeclared() {
        true => format!("{changes}; {}", diff.verdict()),
        false => changes,
    }
}

/// The two editions that are named.
fn between(files: &[PathBuf], is_drawn: bool) -> Result<Changed, Stop> {
    let [old, new] = files else {
        let message = "name two files: the old edition, then the new one; or one with --git REV";
        return Err(Stop::new(Exit::Usage, message));
    };
    if old.to_str() == Some("-") && new.to_str() == Some("-") {
        let message = "only one of the two editions can come from standard input";
        return Err(Stop::new(Exit::Usage, message));
    }
    let (before, after) = rayon::join(|| compiled(old), || compiled(new));
    let (before, after) = (before?, after?);
    sound(&before, &old.display().to_string())?;
    sound(&after, &new.display().to_string())?;
    Ok(Changed::of(new.display().to_string(), Some(&before), &after, is_drawn))
}

/// Refuses what has no flow to be compared; what is only wrong in itself is told, and compared.
fn sound(compiled: &Compiled, name: &str) -> Result<(), Stop> {
    if !compiled.model.is_process && !compiled.has_errors() {
        let message = format!("{name} describes no process: it has no `process`");
        return Err(Stop::new(Exit::Usage, message));
    }
    if compiled.flow.is_none() {
        let lists = "vup check --format json";
        let drawing = Drawing::for_stderr();
        let drawn = drawing.draw_all(&compiled.findings, &compiled.sources, lists);
        say(drawn.trim_end_matches('\n'));
        let counts = counts(&compiled.findings);
        let message =
            format!("{name}: {counts}; nothing is compared with a process that cannot be read");
        return Err(Stop::new(Exit::Findings, message));
    }
    if compiled.has_errors() {
        let counts = counts(&compiled.findings);
        say(&Report::plain(&format!("{name}: {counts}; `vup check` tells them")));
    }
    Ok(())
}

fn edition(compiled: &Compiled) -> Edition<'_> {
    let flow = compiled.flow.as_ref().expect("what has none was refused");
    Edition { model: &compiled.model, flow, verdicts: verdicts(compiled) }
}

/// What was proved of each rule of a process.
fn verdicts(compiled: &Compiled) -> Vec<Verdict> {
    let verdict = |rule: &crate::model::ProcessRule| {
        let of_rule = |finding: &&crate::diagnostic::Diagnostic| {
            finding.labels.iter().any(|label| label.place == rule.place)
        };
        let found = compiled.findings.iter().filter(of_rule).map(|finding| finding.rule.name);
        let mut verdicts = found.filter_map(|name| match name {
            "rule-broken" => Some(Verdict::Broken),
            "rule-vacuous" => Some(Verdict::Vacuous),
            "undecided" => Some(Verdict::Undecided),
            _ => None,
        });
        verdicts.next().unwrap_or(Verdict::Holds)
    };
    compiled.model.rules.iter().map(verdict).collect()
}
