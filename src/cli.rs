//! The command line: the only part that reads and writes files and prints.
//!
//! Findings and artefacts go to standard output or to files, progress and summaries to standard
//! error. Exit codes: see `Exit`.

mod build;
mod case;
mod check;
mod checklist;
mod diagram;
mod explain;
mod files;
mod fix;
mod highlight;
mod json;
mod manifest;
mod names;
mod output;
mod plan;
mod test;

use crate::diagnostic::Report;
use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
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
    /// Print the checklist of a process or of one of its paths, for every case or for one
    Checklist(ChecklistArgs),
    /// Print a diagram of a process, of one of its paths or of a stage
    Diagram(DiagramArgs),
    /// Say how one case goes: which path and why, what is done, and what still has to be known
    Plan(PlanArgs),
    /// Try the scenarios of processes, and say what none of them comes by
    Test(TestArgs),
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
#[command(group(ArgGroup::new("mends").multiple(true)))]
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
    /// Mend what is plainly a slip: misspelt names, spellings from elsewhere, missing braces. Of standard
    /// input, the mended text is printed, and the findings go to standard error
    #[arg(long, group = "mends")]
    fix: bool,
    /// Also write what is only suggested: one way out of several, or lines to be completed by hand
    #[arg(long, requires = "mends")]
    suggested: bool,
    /// Show what --fix would change, as a unified diff, and write nothing
    #[arg(long, group = "mends", conflicts_with = "format")]
    diff: bool,
}

#[derive(Debug, Args)]
struct ChecklistArgs {
    /// A process file, - for standard input
    file: PathBuf,
    /// The path whose checklist is wanted: its name, its number from 1, or its title
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
    #[command(flatten)]
    case: CaseArgs,
    /// Whose steps and tasks are told in full; those of others in a line
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// Who reads it: for the client, what is internal is left out. So it is for an external role
    #[arg(long, value_enum)]
    audience: Option<Audience>,
    /// The name of the client, for the first page
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// The date of the document, as 2026-03-01
    #[arg(long, value_name = "DATE")]
    date: Option<String>,
    /// A part of the checklist alone
    #[arg(long, value_enum)]
    only: Option<Only>,
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
    /// What is drawn; all steps of the process in one picture where none is named
    #[arg(long, value_enum)]
    view: Option<DiagramView>,
    /// The path or stage that is drawn: its name; for a stage also `path.stage`, for a path also its
    /// number from 1 or its title
    #[arg(long, value_name = "NAME")]
    of: Option<String>,
    /// A run through the process to show in the picture: a scenario's title, or its number from 1; or
    /// the rule of a finding that tells a run, where there are several `RULE:LINE`
    #[arg(long, value_name = "RUN")]
    highlight: Option<String>,
    #[command(flatten)]
    case: CaseArgs,
    /// As the ending of the file says where -o names one; else svg
    #[arg(long, value_enum)]
    format: Option<DiagramFormat>,
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
    #[command(flatten)]
    case: CaseArgs,
    /// Ask at the terminal for what still has to be known
    #[arg(long)]
    ask: bool,
    /// How the plan is told
    #[arg(long, value_enum, default_value_t = PlanFormat::Human)]
    format: PlanFormat,
}

/// What is known of a case.
#[derive(Debug, Args)]
struct CaseArgs {
    /// A case file: facts, answers, the client, people, dates
    #[arg(long, value_name = "FILE")]
    case: Option<PathBuf>,
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
enum Audience {
    /// External roles
    Client,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Only {
    /// When who tells whom what
    CommunicationPlan,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DiagramView {
    /// The paths with their stages
    Overview,
    /// One path with all of its steps
    Path,
    /// One stage with the tasks of its steps
    Stage,
    /// All steps, or those of one path, in a lane for each role
    Roles,
    /// All steps, or those of one path, in a lane for each environment
    Environments,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiagramFormat {
    /// A picture, for a browser, a page or a printer
    Svg,
    /// For Graphviz
    Dot,
    /// For pages and wikis that draw Mermaid
    Mermaid,
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
