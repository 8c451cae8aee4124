//! Where things go: the terminal, standard output, files.

use super::places::is_stdin;
use super::{Exit, Stop};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::source::Sources;
use miette::{GraphicalReportHandler, GraphicalTheme};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use textwrap::{WordSeparator, WordSplitter};

/// Of one file, no more findings than this are drawn: nobody reads on, and each draws its lines.
const MOST_DRAWN: usize = 200;

/// Says something to the person at the terminal; never part of the result.
pub fn say(message: &str) {
    let _ = writeln!(std::io::stderr(), "{message}");
}

/// Prints a result. A reader who has closed the pipe has had enough: that is no error.
pub fn print(text: impl AsRef<[u8]>) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_ref()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Stop::new(Exit::Files, format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Prints what authors wrote: nothing in it steers a terminal.
pub fn show(text: impl AsRef<[u8]>) -> Result<(), Stop> {
    match std::str::from_utf8(text.as_ref()) {
        Ok(text) if std::io::stdout().is_terminal() => print(Report::plain(text)),
        _ => print(text),
    }
}

/// How findings are drawn here: decided once, from the terminal and the environment.
pub struct Drawing {
    handler: GraphicalReportHandler,
}

impl Drawing {
    pub fn for_stdout() -> Self {
        Drawing::on(std::io::stdout().is_terminal())
    }

    /// For what is told beside a result.
    pub fn for_stderr() -> Self {
        Drawing::on(std::io::stderr().is_terminal())
    }

    fn on(terminal: bool) -> Self {
        let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let forced =
            is_set("CLICOLOR_FORCE") && std::env::var("CLICOLOR_FORCE").as_deref() != Ok("0");
        let dumb = std::env::var("TERM").as_deref() == Ok("dumb");
        let colour = !is_set("NO_COLOR") && (forced || (terminal && !dumb));
        let theme = match (colour, dumb) {
            (true, _) => GraphicalTheme::unicode(),
            (false, true) => GraphicalTheme::none(),
            (false, false) => GraphicalTheme::unicode_nocolor(),
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_links(false)
            .with_primary_span_start()
            // Lines end at spaces alone: a name that is cut at its `-` cannot be copied.
            .with_word_separator(WordSeparator::AsciiSpace)
            .with_word_splitter(WordSplitter::NoHyphenation)
            .with_break_words(false)
            .with_width(100)
            .with_context_lines(1);
        Drawing { handler }
    }

    /// A finding, with the lines that it is about.
    pub fn draw(&self, finding: &Diagnostic, sources: &Sources) -> String {
        let mut drawn = String::new();
        let report = Report::new(finding, sources);
        if self.handler.render_report(&mut drawn, &report).is_err() {
            let file = sources.file(finding.place().file);
            let (line, column) = file.position(finding.place().span.start);
            drawn = format!("{}:{line}:{column}: {report}\n", Report::plain(&file.name));
        }
        drawn.push('\n');
        drawn
    }

    /// The findings of one compilation, in their order; `lists` is what lists those left out.
    pub fn draw_all(&self, findings: &[Diagnostic], sources: &Sources, lists: &str) -> String {
        let mut drawn = String::new();
        for of_file in findings.chunk_by(|a, b| a.place().file == b.place().file) {
            let mut shown: Vec<&Diagnostic> = of_file.iter().collect();
            if shown.len() > MOST_DRAWN {
                // What weighs most is not what may be left out.
                shown.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
                shown.truncate(MOST_DRAWN);
                shown.sort_by_key(|finding| finding.place());
            }
            shown.iter().for_each(|finding| drawn += &self.draw(finding, sources));
            if of_file.len() > MOST_DRAWN {
                let more = of_file.len() - MOST_DRAWN;
                drawn += &format!("... and {more} more; {lists} lists them all\n\n");
            }
        }
        drawn
    }
}

/// "2 errors, 1 warning and 3 notes".
pub fn counts(findings: &[Diagnostic]) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity() == severity).count();
    let kinds = [Severity::Error, Severity::Warning, Severity::Note];
    let told: Vec<String> = kinds
        .into_iter()
        .map(|kind| (count(kind), kind))
        .filter(|(count, _)| *count > 0)
        .map(|(count, kind)| counted(count, &kind.to_string()))
        .collect();
    if told.is_empty() { "nothing found".into() } else { listed(&told) }
}

/// "a, b and c".
pub fn listed(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// "1 file", "2 files".
pub fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// The format that is asked for, or else the one that the name of the file says. A file whose name says another
/// would open nowhere. `named` is the format of an ending, or why there is none.
pub fn format_of<Format: PartialEq>(
    asked: Option<Format>,
    file: Option<&Path>,
    named: impl Fn(&str) -> Result<Option<Format>, String>,
) -> Result<Option<Format>, Stop> {
    let ending = file.and_then(Path::extension).map(|it| it.to_string_lossy().to_lowercase());
    let named = ending.map_or(Ok(None), |ending| match ending.as_str() {
        // It may be the very one that is read.
        "vup" | "toml" => {
            Err(format!("a .{ending} file is nothing that is written here; name another"))
        }
        _ => named(&ending),
    });
    let named = named.map_err(|message| Stop::new(Exit::Usage, message))?;
    if let (Some(asked), Some(named), Some(file)) = (&asked, &named, file)
        && asked != named
    {
        let name = file.display();
        let message = format!("{name} is named as another format than --format asks for");
        return Err(Stop::new(Exit::Usage, message));
    }
    Ok(asked.or(named))
}

/// Prints, or writes to the file that was asked for. A file that is there keeps its permissions.
pub fn deliver(text: impl AsRef<[u8]>, file: Option<&Path>, force: bool) -> Result<(), Stop> {
    let Some(path) = file.filter(|path| !is_stdin(path)) else { return show(text) };
    let bytes = text.as_ref();
    match std::fs::metadata(path) {
        Ok(there) if there.is_dir() => {
            Err(failed(path, "it is a folder; name a file in it".into()))
        }
        Ok(there) if !there.is_file() => write_through(path, bytes),
        // A link that leads nowhere is there too.
        _ if !force && path.symlink_metadata().is_ok() => Err(is_there(path)),
        Ok(there) => replace(&target(path)?, bytes, &there),
        Err(_) if force => write_whole(&target(path)?, bytes),
        // Somebody else may write it meanwhile.
        Err(_) => match beside(path, bytes, permissions())?.persist_noclobber(path) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(is_there(path))
            }
            Err(error) => Err(failed(path, error.error.to_string())),
        },
    }
}

fn is_there(path: &Path) -> Stop {
    let message = format!("{} is there already; --force overwrites it", path.display());
    Stop::new(Exit::Files, message)
}

fn failed(path: &Path, reason: String) -> Stop {
    Stop::new(Exit::Files, format!("cannot write {}: {reason}", path.display()))
}

/// Writes to what is no file, a pipe or a device: it stays what it is.
fn write_through(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    let opened = std::fs::OpenOptions::new().write(true).open(path);
    match opened.and_then(|mut pipe| pipe.write_all(bytes)) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(failed(path, error.to_string()))
        }
        _ => Ok(()),
    }
}

/// The file that a path means: where it is a link, that at the end of it, even if it is not there
/// yet.
fn target(path: &Path) -> Result<PathBuf, Stop> {
    // As many as systems follow.
    const MOST_LINKS: usize = 40;
    let mut target = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        let Ok(next) = std::fs::read_link(&target) else { return Ok(target) };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    Err(failed(path, "it links in a circle".into()))
}

/// Writes another text into a file that is there, whole or not at all, if it still is as it was read.
pub fn rewrite(path: &Path, before: &str, after: &str) -> Result<(), Stop> {
    let path = target(path)?;
    let there = std::fs::metadata(&path).map_err(|error| failed(&path, error.to_string()))?;
    if !there.is_file() {
        return Err(failed(&path, "it is no regular file".into()));
    }
    if !std::fs::read(&path).is_ok_and(|now| now == before.as_bytes()) {
        return Err(failed(&path, "somebody changed it meanwhile; run this again".into()));
    }
    replace(&path, after.as_bytes(), &there)
}

/// Writes what is in a file anew. Links to it still lead there, and it keeps its permissions, and its owner where
/// we may give files away. Only a second name of the same file (a hard link) is another file afterwards.
fn replace(path: &Path, bytes: &[u8], there: &std::fs::Metadata) -> Result<(), Stop> {
    if there.permissions().readonly() {
        return Err(failed(path, "it may not be written".into()));
    }
    write_with(path, bytes, there.permissions())?;
    keep_owner(path, there);
    // The umask took from them.
    std::fs::set_permissions(path, there.permissions())
        .map_err(|error| failed(path, error.to_string()))
}

/// Gives a file back to its owner and group, as far as we may: only an administrator may give it to
/// another person.
#[cfg(unix)]
fn keep_owner(path: &Path, before: &std::fs::Metadata) {
    use std::os::unix::fs::{MetadataExt, chown};
    let _ = chown(path, Some(before.uid()), Some(before.gid()))
        .or_else(|_| chown(path, None, Some(before.gid())));
}

#[cfg(not(unix))]
fn keep_owner(_: &Path, _: &std::fs::Metadata) {}

/// Writes a file whole or not at all: beside it first, then in its place.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Stop> {
    write_with(path, bytes, permissions())
}

fn write_with(path: &Path, bytes: &[u8], permissions: std::fs::Permissions) -> Result<(), Stop> {
    let persisted = beside(path, bytes, permissions)?.persist(path);
    persisted.map(|_| ()).map_err(|error| failed(path, error.error.to_string()))
}

/// All of it in a file of its own, where it can take the place of another at once.
fn beside(
    path: &Path,
    bytes: &[u8],
    permissions: std::fs::Permissions,
) -> Result<tempfile::NamedTempFile, Stop> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".vup-")
        .permissions(permissions)
        .tempfile_in(folder)
        .map_err(|error| failed(path, not_beside(folder, &error)))?;
    file.write_all(bytes).map_err(|error| failed(path, error.to_string()))?;
    Ok(file)
}

/// Why a file cannot be written in a folder.
fn not_beside(folder: &Path, error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => format!("there is no folder {}", folder.display()),
        std::io::ErrorKind::NotADirectory => format!("{} is no folder", folder.display()),
        std::io::ErrorKind::PermissionDenied => "its folder may not be written to".into(),
        kind => kind.to_string(),
    }
}

/// What anybody may do with a document; the umask takes from it.
#[cfg(unix)]
fn permissions() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::Permissions::from_mode(0o666)
}

#[cfg(not(unix))]
fn permissions() -> std::fs::Permissions {
    std::fs::metadata(".").map(|folder| folder.permissions()).expect("there is a current folder")
}
