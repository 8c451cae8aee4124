//! `vup check --fix`: mends the files that are checked, and says what it did.
//!
//! Only files that were named or found are changed, never those that they use. All is mended in memory
//! first, each file with the others as they will be, so that none of them is broken by what mends another.

use super::Stop;
use super::baseline::Baseline;
use super::config::{Config, Configs};
use super::files::{Texts, loader, source};
use super::fingerprint;
use super::output::{counted, rewrite, say};
use super::places::{is_stdin, real};
use super::unified::unified;
use crate::diagnostic::{Applicability, Diagnostic, Report};
use crate::fix::{Known, Left, Look, Refused, mend};
use crate::source::{FileId, SourceFile, Sources};
use crate::{Compiled, compile};
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is mended in one file may let more be mended in another, that uses it.
const MOST_PASSES: usize = 4;

/// The files as they are, and as they will be.
#[derive(Default)]
pub struct Mends {
    files: Vec<File>,
    /// Why some cannot be read.
    pub unread: Vec<String>,
    /// What to compile with once all is mended.
    pub texts: Texts,
}

struct File {
    path: PathBuf,
    before: SourceFile,
    after: String,
    edits: usize,
    known: Known,
    /// The findings whose suggested edits are left out.
    left: Vec<Left>,
    refused: Option<Refused>,
    /// It could not be written, and is as it was.
    unwritten: bool,
    config: Arc<Config>,
}

impl File {
    fn is_mended(&self) -> bool {
        self.after != self.before.text
    }

    fn refuse(&mut self, reason: Refused, texts: &mut Texts) {
        self.after.clone_from(&self.before.text);
        self.edits = 0;
        self.left.clear();
        self.refused = Some(reason);
        texts.set(&self.path, self.after.clone());
    }

    fn compiled(&self, texts: &Texts) -> Compiled {
        let file = SourceFile::new(self.before.name.clone(), self.after.clone());
        compile(file, &mut loader(&self.path, texts))
    }
}

impl Mends {
    /// Mends all that can be read, as far as it is told: not what `vup.toml` turns off, nor what is in the
    /// baseline.
    pub fn of(
        paths: &[PathBuf],
        least: Applicability,
        configs: &Configs,
        baseline: Option<&Baseline>,
    ) -> Result<Mends, Stop> {
        let mut mends = Mends::default();
        for path in paths {
            let config = configs.of(path)?;
            let before = match source(path, &mends.texts) {
                Ok(before) => before,
                Err(stop) => {
                    mends.unread.push(stop.message);
                    continue;
                }
            };
            let (path, after) = (path.clone(), before.text.clone());
            mends.texts.set(&path, after.clone());
            mends.files.push(File {
                path,
                before,
                after,
                edits: 0,
                known: Known::default(),
                left: Vec::new(),
                refused: None,
                unwritten: false,
                config,
            });
        }
        for file in &mut mends.files {
            let compiled = file.compiled(&mends.texts);
            file.known.note(&compiled);
        }
        for pass in 0..MOST_PASSES {
            // What is suggested only then, nobody has seen.
            let least = if pass == 0 { least } else { Applicability::Safe };
            let mut changed = false;
            for index in 0..mends.files.len() {
                changed |= mends.mend(index, least, baseline);
            }
            if !changed || mends.files.len() == 1 {
                break;
            }
        }
        mends.take_back();
        Ok(mends)
    }

    /// Mends one file; whether it changed.
    fn mend(&mut self, index: usize, least: Applicability, baseline: Option<&Baseline>) -> bool {
        let file = &mut self.files[index];
        if file.refused.is_some() {
            return false;
        }
        let now = SourceFile::new(file.before.name.clone(), file.after.clone());
        let mut load = loader(&file.path, &self.texts);
        let config = &file.config;
        let told = |compiled: &Compiled| are_told(compiled, config, baseline);
        let mended = mend(now, least, &mut file.known, &mut Look { load: &mut load, told: &told });
        drop(load);
        if let Some(reason) = mended.refused {
            file.refuse(reason, &mut self.texts);
            return true;
        }
        let changed = mended.text != file.after;
        file.left.extend(mended.left);
        file.edits += mended.edits;
        file.after = mended.text;
        self.texts.set(&file.path, file.after.clone());
        changed
    }

    /// Takes back what brings an error to a file that uses what was mended.
    fn take_back(&mut self) {
        let mut index = 0;
        while let Some(file) = self.files.get_mut(index) {
            let compiled = file.compiled(&self.texts);
            file.known.note(&compiled);
            let Some(reason) = file.known.brought(&compiled) else {
                index += 1;
                continue;
            };
            let used: Vec<PathBuf> =
                compiled.sources.iter().map(|file| real(Path::new(&file.name))).collect();
            let is_used = |file: &File| used.contains(&real(&file.path));
            let (mut taken, at) = (false, real(&self.files[index].path));
            for file in &mut self.files {
                if file.is_mended() && (is_used(file) || real(&file.path) == at) {
                    file.refuse(reason.clone(), &mut self.texts);
                    taken = true;
                }
            }
            index = if taken { 0 } else { index + 1 };
        }
    }

    /// What could be read.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.files.iter().map(|file| file.path.clone()).collect()
    }

    /// Leaves the files as they are; what standard input said stays known.
    pub fn undone(&self) -> Texts {
        let mut texts = Texts::default();
        for file in self.files.iter().filter(|file| is_stdin(&file.path)) {
            texts.set(&file.path, file.before.text.clone());
        }
        texts
    }

    /// Writes what is mended, each file whole or not at all; the reasons why some could not be written.
    pub fn write(&mut self) -> Vec<String> {
        let mut failed = Vec::new();
        for file in self.files.iter_mut().filter(|file| file.is_mended() && !is_stdin(&file.path)) {
            if let Err(stop) = rewrite(&file.path, &file.before.text, &file.after) {
                failed.push(format!("{}; it is left as it was", stop.message));
                file.unwritten = true;
                self.texts.set(&file.path, file.before.text.clone());
            }
        }
        failed
    }

    /// The text of standard input, mended, where it was given.
    pub fn stdin(&self) -> Option<&str> {
        let stdin = self.files.iter().find(|file| is_stdin(&file.path))?;
        Some(&stdin.after)
    }

    /// What would change, as a unified diff.
    pub fn diff(&self) -> String {
        let mended = self.files.iter().filter(|file| file.is_mended());
        let diffs = mended.map(|file| unified(&file.before.name, &file.before.text, &file.after));
        diffs.collect()
    }

    /// Says how much was mended, and what was not and why.
    pub fn tell(&self, written: bool) {
        for file in &self.files {
            let name = Report::plain(&file.before.name);
            if let Some(reason) = &file.refused {
                say(&format!("{name}: nothing is mended, {}", told(reason)));
            }
            for Left { message, why } in &file.left {
                let message = Report::plain(message);
                say(&format!("{name}: {message}: left as it is, {}", told(why)));
            }
        }
        if written {
            self.tell_lines();
        }
        let made = || self.files.iter().filter(|file| !file.unwritten);
        let edits: usize = made().map(|file| file.edits).sum();
        let files = made().filter(|file| file.is_mended()).count();
        let what = format!("{} in {}", counted(edits, "edit"), counted(files, "file"));
        match (edits, written) {
            (0, _) => say("nothing is mended"),
            (_, true) => say(&format!("{what} made")),
            (_, false) => say(&format!("{what} to be made")),
        }
        if self.files.iter().any(|file| file.unwritten) {
            let name = |file: &File| Report::plain(&file.before.name);
            made()
                .filter(|it| it.is_mended())
                .for_each(|it| say(&format!("written: {}", name(it))));
            let not = self.files.iter().filter(|file| file.unwritten);
            not.for_each(|it| say(&format!("not written: {}", name(it))));
        }
    }
}

/// For each finding, whether it is told.
fn are_told(compiled: &Compiled, config: &Config, baseline: Option<&Baseline>) -> Vec<bool> {
    let is_on = |finding: &Diagnostic| {
        let file = Path::new(&compiled.sources.file(finding.place().file).name);
        config.path.is_none() || config.level(finding.rule, file).is_some()
    };
    let on = compiled.findings.iter().map(is_on);
    let Some(baseline) = baseline else { return on.collect() };
    let prints = fingerprint::of_all(compiled);
    let was_there = compiled.findings.iter().zip(&prints);
    let was_there =
        was_there.map(|(it, print)| !crate::is_soundness(it.rule) && baseline.has(print));
    on.zip(was_there).map(|(is_on, was_there)| is_on && !was_there).collect()
}

/// So many of the lines that changed are told, one by one.
const MOST_LINES: usize = 10;

impl Mends {
    /// Says which lines changed, and what they are now.
    fn tell_lines(&self) {
        let written = self.files.iter().filter(|file| !file.unwritten);
        let lines: Vec<String> = written.flat_map(changed_lines).collect();
        lines.iter().take(MOST_LINES).for_each(|line| say(line));
        if lines.len() > MOST_LINES {
            say(&format!("… and {} more", counted(lines.len() - MOST_LINES, "line")));
        }
    }

    /// Whether what mends a finding was tried, and left out.
    fn left_out(&self, file: &str, message: &str) -> bool {
        let mut named = self.files.iter().filter(|own| own.before.name == file);
        named
            .any(|own| own.refused.is_some() || own.left.iter().any(|left| left.message == message))
    }
}

/// The lines of a text that changed, by their numbers in the text as it is now; those that are gone, by
/// what they said.
fn changed_lines(file: &File) -> Vec<String> {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (file.before.text.lines().collect(), file.after.lines().collect());
    let diff = similar::TextDiff::from_slices(&before, &after);
    let name = Report::plain(&file.before.name);
    let mut told = Vec::new();
    for op in diff.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal) {
        let (old, mut new) = (op.old_range(), op.new_range());
        // Of lines that are added behind a `}`, the diff may take this one for one of them.
        while old.is_empty()
            && after.get(new.start).is_some_and(|line| line.trim() == "}")
            && after.get(new.start) == after.get(new.end)
        {
            new = new.start + 1..new.end + 1;
        }
        // A line for each that was there, and one for those that are added together.
        let one_by_one = old.len().max(1).min(new.len());
        for (nth, index) in new.clone().take(one_by_one).enumerate() {
            let line = Report::plain(after.get(index).unwrap_or(&"").trim());
            let more = match new.len() - one_by_one {
                more if more > 0 && nth + 1 == one_by_one => {
                    format!(" … and {}", counted(more, "more line"))
                }
                _ => String::new(),
            };
            told.push(format!("{name}:{}: {line}{more}", index + 1));
        }
        for index in old.skip(new.len()) {
            let line = Report::plain(before.get(index).unwrap_or(&"").trim());
            told.push(format!("{name}: line {} is gone: {line}", index + 1));
        }
    }
    told
}

fn told(reason: &Refused) -> String {
    match reason {
        Refused::Brings { message, file, line } => {
            let (message, file) = (Report::plain(message), Report::plain(file));
            format!("since that would bring an error: {file}:{line}: {message}")
        }
        Refused::GoesRound => "since one edit would undo the other".to_string(),
    }
}

/// What `--fix` could do about findings.
#[derive(Default)]
pub struct Offers {
    safe: usize,
    suggested: usize,
    /// Files that are used, and were not named.
    elsewhere: BTreeSet<String>,
}

impl Offers {
    /// Adds what there is for the findings of a compilation; `named` are the files that may be changed.
    /// What was tried and left out is not offered once more.
    pub fn add(
        &mut self,
        findings: &[Diagnostic],
        sources: &Sources,
        named: &HashSet<PathBuf>,
        tried: Option<&Mends>,
    ) {
        for finding in findings {
            let Some(edit) = &finding.edit else { continue };
            let name = &sources.file(finding.place().file).name;
            if tried.is_some_and(|mends| mends.left_out(name, &finding.message)) {
                continue;
            }
            let is_named =
                finding.place().file == FileId(0) || named.contains(&real(Path::new(name)));
            match (is_named, edit.applicability) {
                (true, Applicability::Safe) => self.safe += 1,
                (true, Applicability::Suggested) => self.suggested += 1,
                (false, _) => {
                    self.elsewhere.insert(name.clone());
                }
            }
        }
    }

    /// What is added to the last line, where there is something.
    pub fn told(&self) -> String {
        match (self.safe, self.suggested) {
            (0, 0) => String::new(),
            (safe, 0) => format!("; `--fix` mends {safe}"),
            (0, more) => format!("; `--fix --suggested` may help with {more}"),
            (safe, more) => {
                format!("; `--fix` mends {safe}, `--fix --suggested` may help with {more} more")
            }
        }
    }

    /// Says which files would have to be named.
    pub fn tell_elsewhere(&self) {
        for name in &self.elsewhere {
            let name = Report::plain(name);
            say(&format!("{name} is used, and was not named: it is left as it is"));
        }
    }
}
