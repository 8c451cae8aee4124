//! The command line: the only part that reads and writes files and prints.
//!
//! Findings and artefacts go to standard output or to files, progress and summaries to standard
//! error. Exit codes: see `Exit`.

mod build;
mod check;
mod checklist;
mod diagram;
mod diff;
mod explain;
mod files;
mod git;
mod json;
mod manifest;
mod names;
mod output;
mod plan;
mod test;

use crate::diagnostic::Report;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// A compiler and validator for processes.
///
/// A process is written down in a small text file (`.vup`): paths, stages, steps, roles,
/// decisions. `vup` finds what is wrong with it, and makes checklists and diagrams from it.
#[derive(Debug, Parser)]
#[command(name = "vup", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check, then write every checklist and diagram, with an index.html to open
    Build(BuildArgs),
    /// Say what is wrong with processes
    Check(CheckArgs),
    /// Print the checklist of a process, or of one of its paths
    Checklist(ChecklistArgs),
    /// Print a diagram of a process, of one of its paths or of a stage
    Diagram(DiagramArgs),
    /// Say how one case goes: which path and why, what is done, and what still has to be known
    Plan(PlanArgs),
    /// Try the scenarios of processes, and say what none of them comes by
    Test(TestArgs),
    /// Say what changed from one edition to the next, and the version bump that is owed
    Diff(DiffArgs),
    /// Write what is new for the client since an edition, in Markdown
    ReleaseNotes(NotesArgs),
    /// Print the page of a rule: what it says, why it matters, a wrong and a right example
    Explain(ExplainArgs),
    /// List the rules
    Rules,
}

#[derive(Debug, Args)]
struct BuildArgs {
    /// Process files; every .vup file below the current folder where none is named
    files: Vec<PathBuf>,
    /// The folder to write to; it is made where there is none
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
    /// Overwrite files that vup did not write
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// Process files, - for standard input; every .vup file below the current folder where none is
    /// named
    files: Vec<PathBuf>,
    /// How findings are told
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// The least severity that makes the exit code 1
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    fail_on: FailOn,
}

#[derive(Debug, Args)]
struct ChecklistArgs {
    /// A process file, - for standard input
    file: PathBuf,
    /// The path whose checklist is wanted: its name, its number from 1, or its title
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    #[arg(long, value_enum, default_value_t = ChecklistFormat::Md)]
    format: ChecklistFormat,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite a file that is there already
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
struct DiagramArgs {
    /// A process file, - for standard input
    file: PathBuf,
    /// What is drawn: the overview of the paths, one path, one stage; all of the process in one
    /// picture where none is named
    #[arg(long, value_enum)]
    view: Option<DiagramView>,
    /// The path or stage that is drawn: its name; for a stage also `path.stage`, for a path also its
    /// number from 1 or its title
    #[arg(long, value_name = "NAME")]
    of: Option<String>,
    #[arg(long, value_enum, default_value_t = DiagramFormat::Dot)]
    format: DiagramFormat,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite a file that is there already
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
struct PlanArgs {
    /// A process file, - for standard input
    file: PathBuf,
    /// The version that is there
    #[arg(long, value_name = "VERSION")]
    from: Option<String>,
    /// The version that is wanted
    #[arg(long, value_name = "VERSION")]
    to: Option<String>,
    /// What a fact is, or will turn out to be: `load=high`; of a yes-no fact also `urgent` or
    /// `not urgent`
    #[arg(long, value_name = "FACT=VALUE")]
    given: Vec<String>,
    /// How a decision is taken; for one that is asked several times, its answers in order
    #[arg(long, value_name = "DECISION=ANSWER")]
    answer: Vec<String>,
    /// What starts the process
    #[arg(long, value_name = "NAME")]
    trigger: Option<String>,
    /// Ask at the terminal for what still has to be known
    #[arg(long)]
    ask: bool,
    /// How the plan is told
    #[arg(long, value_enum, default_value_t = PlanFormat::Human)]
    format: PlanFormat,
}

#[derive(Debug, Args)]
struct TestArgs {
    /// Process files, - for standard input; every .vup file below the current folder where none is
    /// named
    files: Vec<PathBuf>,
    /// How the results are told
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    format: TestFormat,
}

#[derive(Debug, Args)]
struct DiffArgs {
    /// The old edition, then the new one; with --git, process files as they are now, every .vup file
    /// below the current folder where none is named
    files: Vec<PathBuf>,
    /// Compare with the files as they were at a revision of git
    #[arg(long, value_name = "REV")]
    git: Option<String>,
    /// How changes are told
    #[arg(long, value_enum, default_value_t = DiffFormat::Human)]
    format: DiffFormat,
    /// End with 1 if anything changed
    #[arg(long)]
    exit_code: bool,
    /// End with 1 if the version goes up by less than the changes owe
    #[arg(long)]
    require_bump: bool,
}

#[derive(Debug, Args)]
struct NotesArgs {
    /// The old edition, then the new one; with --git, one process file as it is now
    files: Vec<PathBuf>,
    /// Compare with the file as it was at a revision of git
    #[arg(long, value_name = "REV")]
    git: Option<String>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite a file that is there already
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
struct ExplainArgs {
    /// The name of a rule, as findings show it
    rule: String,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// With the lines that they are about
    Human,
    /// For programs
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ChecklistFormat {
    Md,
    Html,
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DiagramView {
    Overview,
    Path,
    Stage,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum PlanFormat {
    /// Text, to be read or sent on
    Human,
    /// For programs
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum TestFormat {
    /// Each scenario, and what none of them comes by
    Human,
    /// For programs
    Json,
    /// JUnit XML, for build servers
    Junit,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DiffFormat {
    /// Text, by place
    Human,
    /// Markdown, for the comment of a review
    Md,
    /// For programs
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DiagramFormat {
    Dot,
}

/// How a run ends; never a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    Clean = 0,
    /// There are findings at or above `--fail-on`.
    Findings = 1,
    /// The command or the configuration is wrong.
    Usage = 2,
    /// There was nothing to look at.
    NoInput = 3,
    /// A file could not be read or written.
    Files = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// A reason to stop, told on standard error.
#[derive(Debug)]
struct Stop {
    exit: Exit,
    message: String,
}

impl Stop {
    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Stop { exit, message: message.into() }
    }
}

/// Runs the command line that the program was started with.
pub fn run() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Build(args) => build::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Checklist(args) => checklist::run(&args),
        Command::Diagram(args) => diagram::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::ReleaseNotes(args) => diff::release_notes(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Rules => explain::list(),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(stop) => {
            output::say(&format!("error: {}", Report::plain(&stop.message)));
            stop.exit.into()
        }
    }
}
