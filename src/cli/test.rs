//! `vup test`: tries the scenarios of processes, and says what none of them comes by.

mod human;
mod junit;
mod report;

use super::files::{Inputs, compiled, inputs};
use super::hosts::Hosts;
use super::output::{Drawing, counted, print, say};
use super::{Exit, Stop, TestArgs, TestFormat};
use crate::diagnostic::{Report as Shown, Severity};
use report::{Process, Report};

pub fn run(args: &TestArgs) -> Result<Exit, Stop> {
    let Inputs { files, mut unread } = inputs(&args.files)?;
    let drawing = Drawing::for_stdout();
    let mut processes: Vec<Process> = Vec::new();
    let mut drawn = String::new();
    for path in &files {
        let compiled = match compiled(path) {
            Ok(compiled) => compiled,
            Err(stop) if stop.exit == Exit::Usage => return Err(stop),
            Err(stop) => {
                unread.push(stop.message);
                continue;
            }
        };
        // That a scenario fails is told with the scenario.
        let mut errors = compiled.findings.clone();
        errors.retain(|it| it.severity() == Severity::Error && it.rule.name != "scenario-failed");
        if !compiled.model.is_process && errors.is_empty() {
            if !args.files.is_empty() {
                let name = Shown::plain(&path.display().to_string());
                say(&format!("{name} describes no process: there are no scenarios in it"));
            }
            continue;
        }
        let process = Process::of(&compiled, &errors);
        match args.format {
            TestFormat::Human => {
                drawn += &human::heading(&process);
                let lists = "vup check --format json";
                let errors = drawing.draw_all(&errors, &compiled.sources, lists);
                drawn += &if errors.is_empty() { errors } else { format!("\n{errors}") };
                drawn += &human::text(&process);
            }
            TestFormat::Json | TestFormat::Junit => {}
        }
        processes.push(process);
    }
    unread.iter().for_each(|reason| say(&format!("error: {}", Shown::plain(reason))));
    if processes.is_empty() && unread.is_empty() {
        return Err(Stop::new(Exit::NoInput, "none of the files describes a process"));
    }
    if args.format == TestFormat::Junit {
        let hosts = Hosts::here();
        processes.iter_mut().for_each(|process| process.rename(&hosts));
    }
    let report = Report::new(processes);
    match args.format {
        TestFormat::Human => print(&drawn)?,
        TestFormat::Json => print(report.json())?,
        TestFormat::Junit => print(&junit::xml(&report)?)?,
    }
    say(&summary(&report));
    Ok(match (unread.is_empty(), report.ok) {
        (false, _) => Exit::Files,
        (true, false) => Exit::Findings,
        (true, true) => Exit::Clean,
    })
}

/// "2 processes, 5 scenarios: 4 ok, 1 failed".
fn summary(report: &Report) -> String {
    let processes = match report.processes.len() {
        1 => "1 process".to_string(),
        count => format!("{count} processes"),
    };
    let tried = counted(report.scenarios, "scenario");
    let result = match (report.scenarios, report.failed) {
        (0, _) => String::new(),
        (_, 0) => ": all ok".to_string(),
        (all, failed) => format!(": {} ok, {failed} failed", all - failed),
    };
    let wrong = report.processes.iter().filter(|process| !process.errors.is_empty()).count();
    let wrong = match wrong {
        0 => String::new(),
        1 => "; 1 process has errors".to_string(),
        count => format!("; {count} processes have errors"),
    };
    format!("{processes}, {tried}{result}{wrong}")
}
