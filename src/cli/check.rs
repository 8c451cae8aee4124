//! `vup check`: says what is wrong with processes.

mod github;
mod gitlab;
mod junit;
mod plain;
mod sarif;
mod told;

use super::baseline::Baseline;
use super::config::{Config, Configs};
use super::files::{Inputs, Texts, inputs};
use super::fix::Mends;
use super::output::{counted, counts, print, say, show};
use super::places::project_of;
use super::{CheckArgs, Exit, FailOn, Format, Stop};
use crate::diagnostic::{Applicability, Report, Severity};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use told::Told;

pub fn run(args: &CheckArgs) -> Result<Exit, Stop> {
    let configs = Configs::default();
    let own = configs.of(Path::new("."))?;
    let format = args.format.or(own.format).unwrap_or(Format::Human);
    let fail_on = args.fail_on.or(own.fail_on).unwrap_or(FailOn::Error);
    if args.show_config {
        return show_config(args, &configs, &own, (format, fail_on));
    }
    let least = least_severity(fail_on);
    let Inputs { mut files, mut unread } = inputs(&args.files)?;
    let mut texts = Texts::default();
    let path = args.baseline.as_ref().or(own.baseline.as_ref());
    if args.update_baseline && path.is_none() {
        let message = "it is not said which baseline: --baseline FILE, or `baseline` in vup.toml";
        return Err(Stop::new(Exit::Usage, message));
    }
    let baseline = path.map(|path| Baseline::read(path, args.update_baseline)).transpose()?;
    let mend = || Mends::of(&files, least_sure(args), &configs, baseline.as_ref());
    let mut mends = (args.fix || args.diff).then(mend).transpose()?;
    if let Some(mends) = &mut mends {
        unread.extend(mends.unread.iter().cloned());
        files = mends.paths();
        if !args.diff {
            unread.extend(mends.write());
        }
        // What is told is how the files are now.
        texts = if args.diff { mends.undone() } else { mends.texts.clone() };
    }
    let mut told = Told::new(format, baseline, mends.as_ref());
    told.look(&files, &texts, &configs, &mut unread)?;
    unread.iter().for_each(|reason| say(&format!("error: {}", Report::plain(reason))));
    tell(args, &mut told, mends.as_ref(), least)?;
    if let Some(path) = path {
        settle(path, &mut told, args.update_baseline)?;
    }
    if told.is_anything() {
        let offered = if args.diff { String::new() } else { told.offers.told() };
        let (counts, suppressed) = (counts(&told.diagnostics), told.suppressed());
        let files = counted(told.files.len(), "file");
        let not_followed = told.not_followed();
        say(&format!("{files} checked: {counts}{suppressed}{offered}{not_followed}"));
    }
    Ok(told.exit(unread.is_empty(), least))
}

/// Prints what was found, and what was mended.
fn tell(
    args: &CheckArgs,
    told: &mut Told,
    mends: Option<&Mends>,
    least: Severity,
) -> Result<(), Stop> {
    let findings = told.printed(least)?;
    let Some(mends) = mends else { return print(&findings) };
    match mends.stdin() {
        _ if args.diff => show(mends.diff())?,
        None => print(&findings)?,
        // What is piped on is the text.
        Some(mended) => {
            findings.lines().for_each(say);
            print(mended)?;
        }
    }
    mends.tell(!args.diff);
    told.offers.tell_elsewhere();
    Ok(())
}

/// Says what of a baseline is finished, or writes it anew.
fn settle(path: &Path, told: &mut Told, update: bool) -> Result<(), Stop> {
    let Some(baseline) = told.baseline.take() else { return Ok(()) };
    let looked: HashSet<String> = told.files.iter().map(|name| told.prints.file(name)).collect();
    let root = project_of(Path::new("-"));
    let was_looked_at = |file: &str| looked.contains(file) || !root.join(file).exists();
    let shown = Report::plain(&path.display().to_string());
    if update {
        let count = baseline.write(path, was_looked_at)?;
        say(&format!("{shown}: {} written", counted(count, "finding")));
        return Ok(());
    }
    let finished = baseline.finished(was_looked_at);
    if finished.is_empty() {
        return Ok(());
    }
    let (count, are) = (finished.len(), if finished.len() == 1 { "is" } else { "are" });
    let count = counted(count, "finding");
    say(&format!("{shown}: {count} {are} no longer there; --update-baseline takes note of it"));
    for entry in finished {
        let line = format!("  {}: {} [{}]", entry.file, entry.message, entry.rule);
        say(&Report::plain(&line));
    }
    Ok(())
}

/// Prints what counts, for each file that is named.
fn show_config(
    args: &CheckArgs,
    configs: &Configs,
    own: &Config,
    (format, fail_on): (Format, FailOn),
) -> Result<Exit, Stop> {
    if args.files.is_empty() {
        print(own.shown(None, format, fail_on))?;
    }
    let show = |path: &PathBuf| Ok(configs.of(path)?.shown(Some(path), format, fail_on));
    let shown: Vec<String> = args.files.iter().map(show).collect::<Result<_, Stop>>()?;
    print(shown.join("\n"))?;
    Ok(Exit::Clean)
}

fn least_sure(args: &CheckArgs) -> Applicability {
    if args.suggested { Applicability::Suggested } else { Applicability::Safe }
}

fn least_severity(fail_on: FailOn) -> Severity {
    match fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Note => Severity::Note,
    }
}
