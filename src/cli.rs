//! The command line: the only part that reads and writes files and prints.
//!
//! Findings and artefacts go to standard output or to files, progress and summaries to standard
//! error. Exit codes: see `Exit`.

mod baseline;
mod build;
mod case;
mod check;
mod checklist;
mod config;
mod diagram;
mod diff;
mod explain;
mod files;
mod fingerprint;
mod fix;
mod fmt;
mod git;
mod help;
mod highlight;
mod hosts;
mod json;
mod letterhead;
mod manifest;
mod names;
mod new;
mod optional;
mod output;
mod places;
mod plan;
mod schema;
mod test;
mod tracker;
mod unified;

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
    /// Write a first process, with comments that teach; or the skeleton of one, from an outline
    New(NewArgs),
    /// Check, then write every checklist and diagram, with an index.html to open
    Build(BuildArgs),
    /// Say what is wrong with processes
    Check(CheckArgs),
    /// Write processes in the one form that they all have: indentation, spacing, blank lines
    Fmt(FmtArgs),
    /// Print the checklist of a process or of one of its paths, for every case or for one
    Checklist(ChecklistArgs),
    /// Write the spreadsheet by which a case is worked through and followed
    Tracker(TrackerArgs),
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
    /// Print what makes a shell complete the words of vup
    Completions(CompletionsArgs),
    /// Print the manual page of vup or of one of its commands, for `man`
    Man(ManArgs),
    /// Print the JSON Schema of what vup prints or keeps as JSON
    Schema(SchemaArgs),
}

#[derive(Debug, Args)]
struct NewArgs {
    /// The file to write, - for standard output; the process is named after it
    file: PathBuf,
    /// Markdown with a nested list, or with headings and lists: its points become stages, steps and
    /// tasks. `Path 1: …`, `Stage 1: …`, `Step 1: …`, `Decision: …`, `Note: …` and `Warning: …` say
    /// what a point is
    #[arg(long, value_name = "FILE.md")]
    from_outline: Option<PathBuf>,
    /// Overwrite a file that is there already
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
struct BuildArgs {
    /// Process files, or folders of them; those below the current folder where none is named
    files: Vec<PathBuf>,
    /// The folder to write to, made where there is none; `out`, if vup.toml names no other
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Overwrite files that vup did not write
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("mends").multiple(true)))]
struct CheckArgs {
    /// Process files, or folders of them, - for standard input; those below the current folder where
    /// none is named
    files: Vec<PathBuf>,
    /// How findings are told; `human`, if vup.toml says nothing else
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The least severity that makes the exit code 1; `error`, if vup.toml says nothing else
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
    /// Tell only what is not in this file, and what of it is no longer there
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write what is found to the baseline: from then on it is not told again
    #[arg(long, conflicts_with = "mends")]
    update_baseline: bool,
    /// Print what counts for the files, from vup.toml and from this command, and check nothing
    #[arg(long, conflicts_with_all = ["mends", "update_baseline"])]
    show_config: bool,
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
struct FmtArgs {
    /// Process files, or folders of them, - for standard input, which is printed; those below the
    /// current folder where none is named
    files: Vec<PathBuf>,
    /// List the files that are not formatted, and write nothing; the exit code is then 1
    #[arg(long)]
    check: bool,
    /// Show what would change, as a unified diff, and write nothing; the exit code is then 1
    #[arg(long, conflicts_with = "check")]
    diff: bool,
}

#[derive(Debug, Args)]
struct ChecklistArgs {
    /// A process file, - for standard input
    file: PathBuf,
    #[command(flatten)]
    wanted: WantedArgs,
    /// A part of the checklist alone
    #[arg(long, value_enum)]
    only: Option<Only>,
    /// As the ending of the file says where -o names one; else md
    #[arg(long, value_enum)]
    format: Option<ChecklistFormat>,
    /// The paper of a PDF; a4, if vup.toml says nothing else
    #[arg(long, value_enum)]
    paper: Option<Paper>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite a file that is there already
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
struct TrackerArgs {
    /// A process file, - for standard input
    file: PathBuf,
    #[command(flatten)]
    wanted: WantedArgs,
    /// The file to write, which ends in .xlsx
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Overwrite a file that is there already
    #[arg(long)]
    force: bool,
}

/// Of which path and case a document is, and who reads it.
#[derive(Debug, Args)]
struct WantedArgs {
    /// The path that it is of: its name, its number from 1, or its title
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
    /// How many pixels of a PNG one of the picture becomes, in each direction; 2 where nothing is said
    #[arg(long, value_name = "FACTOR", value_parser = diagram::scale)]
    scale: Option<f32>,
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
    /// Process files, or folders of them, - for standard input; those below the current folder where
    /// none is named
    files: Vec<PathBuf>,
    /// How the results are told
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    format: TestFormat,
}

#[derive(Debug, Args)]
struct DiffArgs {
    /// The old edition, then the new one; with --git, process files as they are now, or folders of
    /// them, those below the current folder where none is named
    files: Vec<PathBuf>,
    /// Compare with the files as they were at a revision of git
    #[arg(long, value_name = "REV")]
    git: Option<String>,
    /// How changes are told; else as the name of the file says, `human` without one
    #[arg(long, value_enum)]
    format: Option<DiffFormat>,
    /// End with 1 if anything changed
    #[arg(long)]
    exit_code: bool,
    /// End with 1 if the version goes up by less than the changes owe
    #[arg(long)]
    require_bump: bool,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Overwrite a file that is there already
    #[arg(long)]
    force: bool,
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

#[derive(Debug, Args)]
struct CompletionsArgs {
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
struct ManArgs {
    /// The command whose page is wanted; that of vup itself where none is named
    command: Option<String>,
}

#[derive(Debug, Args)]
struct SchemaArgs {
    /// What is described
    #[arg(value_enum, default_value_t = SchemaOf::Check)]
    of: SchemaOf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SchemaOf {
    /// What `vup check --format json` prints
    Check,
    /// What `vup check --update-baseline` writes
    Baseline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the lines that they are about
    Human,
    /// In plain lines, for screen readers and logs
    Plain,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// Annotations in GitHub's workflows
    Github,
    /// A code quality report for GitLab
    Gitlab,
    /// JUnit XML, for build servers
    Junit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ChecklistFormat {
    /// Markdown, with task lists
    Md,
    /// A page to be worked with in a browser, and to be printed
    Html,
    /// To be printed; only where vup is built with it
    Pdf,
    /// For programs
    Json,
}

/// What a PDF is printed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Paper {
    #[default]
    A4,
    Letter,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TestFormat {
    /// Each scenario, and what none of them comes by
    Human,
    /// For programs
    Json,
    /// JUnit XML, for build servers
    Junit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// Text, by place
    Human,
    /// Markdown, for the comment of a review
    Md,
    /// For programs
    Json,
    /// A picture of one process, in which what is new, gone and changed is marked
    Svg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DiagramFormat {
    /// A picture, for a browser, a page or a printer
    Svg,
    /// The same in pixels; only where vup is built with it
    Png,
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
        Command::New(args) => new::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Fmt(args) => fmt::run(&args),
        Command::Checklist(args) => checklist::run(&args),
        Command::Diagram(args) => diagram::run(&args),
        Command::Tracker(args) => tracker::run(&args),
        Command::Plan(args) => plan::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::ReleaseNotes(args) => diff::release_notes(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Rules => explain::list(),
        Command::Completions(args) => help::completions(&args),
        Command::Man(args) => help::manual(&args),
        Command::Schema(args) => schema::run(&args),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(stop) => {
            output::say(&format!("error: {}", Report::plain(&stop.message)));
            stop.exit.into()
        }
    }
}
