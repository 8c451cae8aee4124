//! A plan as plain text, to be read or sent on.

use super::{
    Ask, Condition, Decision, Entry, Fact, Helper, Judged, Part, Path, Place, Plan, Release, Route,
    Step,
};
use crate::diagnostic::Report;
use crate::emit::words::{list, ordinal};
use std::fmt::Write;

/// What stands below a plan in which something is done.
fn plain_run(plan: &Plan) -> String {
    let again = |entry: &Entry| matches!(entry, Entry::Step(step) if step.times > 1);
    let once = match plan.entries.iter().any(again) {
        true => "",
        false => "what is repeated is done once, ",
    };
    format!(
        "This is how it goes when nothing unforeseen happens: what stands after “only if” is so, \
         nothing that may be left out is, {once}and no event comes in between."
    )
}

/// The whole plan.
pub fn text(plan: &Plan) -> String {
    let mut out = format!("{}\n", plan.title);
    section(&mut out, "What is known", plan.known.iter().map(|known| known.words.clone()));
    if let Some(route) = &plan.route {
        section(&mut out, "The way between the versions", way(route).into_iter());
    }
    paths(&mut out, plan);
    if !plan.entries.is_empty() {
        let heading = if plan.end.is_some() {
            "What is done"
        } else {
            "What is done, up to where it is open"
        };
        let _ = writeln!(out, "\n{heading}");
        plan.entries.iter().for_each(|one| entry(&mut out, one));
    }
    let left_out = plan.left_out.iter();
    let left_out = left_out.map(|it| {
        let path = it.path.as_ref().map(|path| format!(" (in path {path})"));
        let path = path.unwrap_or_default();
        format!("{}{path} — {}", numbered(&it.number, &it.title), it.why)
    });
    section(&mut out, "What does not apply", left_out);
    if let Some(end) = &plan.end {
        section(&mut out, "How it ends", std::iter::once(end.title.clone()));
    }
    plan.asks.iter().for_each(|one| ask(&mut out, one));
    if !plan.entries.is_empty() {
        let _ = writeln!(out, "\n{}", plain_run(plan));
    }
    // Names and titles are the author's: nothing in them steers a terminal.
    out.lines().map(|line| Report::plain(line) + "\n").collect()
}

fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        let _ = writeln!(out, "\n{title}");
        lines.for_each(|line| {
            let _ = writeln!(out, "  {line}");
        });
    }
}

fn way(route: &Route) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (index, leg) in route.legs.iter().enumerate() {
        let last = index + 1 == route.legs.len();
        let stop = match (last, leg.certain) {
            (true, _) => "",
            (false, true) => ", a required stop",
            (false, false) => ", perhaps a required stop: that is still open",
        };
        lines.push(format!("From {} to {}{stop}", leg.from, release(&leg.to)));
    }
    for one in &route.breaking {
        lines.push(format!("Breaking on the way: {}", release(one)));
    }
    lines
}

/// "5.0.0 (New on-disk format)".
fn release(release: &Release) -> String {
    match &release.title {
        Some(title) => format!("{} ({title})", release.version),
        None => release.version.clone(),
    }
}

fn paths(out: &mut String, plan: &Plan) {
    if let Some(path) = &plan.path {
        let open = if plan.path_entered { "" } else { ", if it comes to that" };
        let _ = writeln!(out, "\nThe path: {}{open}", path.title);
        if path.otherwise {
            out.push_str("  It is for the cases that no other path is for\n");
        }
        path.conditions.iter().for_each(|one| condition(out, "", one));
    } else if !plan.others.is_empty() {
        out.push_str("\nThe path is not decided yet\n");
    }
    plan.others.iter().for_each(|path| other(out, path, plan.path.is_none()));
}

/// A path that is not taken, or of which that is not known yet.
fn other(out: &mut String, path: &Path, open: bool) {
    let failed = |one: &&Condition| one.holds == Some(false);
    match (path.conditions.iter().any(|one| failed(&one)), open) {
        (true, _) => {
            let _ =
                writeln!(out, "\nNot the path: {}\n  It asks for what does not hold:", path.title);
            path.conditions.iter().filter(failed).for_each(|one| condition(out, "- ", one));
        }
        (false, true) => {
            let _ = writeln!(out, "\nPerhaps the path: {}", path.title);
            if path.otherwise {
                out.push_str("  It is for the cases that no other path is for\n");
            }
            for one in &path.conditions {
                condition(out, if one.holds.is_some() { "holds: " } else { "open: " }, one);
            }
        }
        (false, false) => {
            let _ = writeln!(out, "\nNot the path: {}", path.title);
            if path.otherwise {
                out.push_str("  It is only for the cases that no other path is for\n");
            }
        }
    }
}

fn condition(out: &mut String, mark: &str, condition: &Condition) {
    let because = match condition.because.as_slice() {
        [] => String::new(),
        reasons => format!(" ({})", list(reasons, "and")),
    };
    let _ = writeln!(out, "  {mark}{}{because}", condition.words);
}

fn entry(out: &mut String, entry: &Entry) {
    match entry {
        Entry::Part(one) => part(out, one),
        Entry::Step(one) => step(out, one),
    }
}

fn part(out: &mut String, part: &Part) {
    let indent = "  ".repeat(part.depth + 1);
    let because = part.because.as_ref().map(|why| format!(", since {why}")).unwrap_or_default();
    let title = match part.kind {
        "path" => format!("\n{indent}Path: {}{because}", part.title),
        "stage" => format!("\n{indent}{}", numbered(&part.number, &part.title)),
        _ => format!("{indent}{}", part.title),
    };
    let _ = writeln!(out, "{title}");
    judged(out, &indent, &part.judged);
}

/// What is judged on the spot.
fn judged(out: &mut String, indent: &str, judged: &Judged) {
    for text in &judged.only_if {
        let _ = writeln!(out, "{indent}    only if: {text}");
    }
    for skip in &judged.may_skip {
        let who = skip.by.as_ref().map(|by| format!("{by} may leave it out"));
        let who = who.unwrap_or_else(|| "left out".to_string());
        let _ = writeln!(out, "{indent}    {who} if: {}", skip.why);
    }
}

fn step(out: &mut String, step: &Step) {
    let indent = "  ".repeat(step.depth + 1);
    let times = if step.times > 1 { format!(" ({} times)", step.times) } else { String::new() };
    let mut about: Vec<String> = step.who.iter().cloned().collect();
    if !step.with.is_empty() {
        let perhaps = |helper: &Helper| if helper.perhaps { " (if they take part)" } else { "" };
        let with = step.with.iter().map(|helper| format!("{}{}", helper.title, perhaps(helper)));
        about.push(format!("with {}", list(&with.collect::<Vec<_>>(), "and")));
    }
    if !step.places.is_empty() {
        let live = |place: &Place| if place.live { " (live)" } else { "" };
        let places = step.places.iter().map(|place| format!("{}{}", place.title, live(place)));
        about.push(format!("on {}", list(&places.collect::<Vec<_>>(), "and")));
    }
    let about = if about.is_empty() { String::new() } else { format!(" — {}", about.join(", ")) };
    let _ = writeln!(out, "{indent}{}{times}{about}", numbered(&step.number, &step.title));
    judged(out, &indent, &step.judged);
    for text in &step.taken {
        let _ = writeln!(out, "{indent}    → {text}");
    }
}

fn numbered(number: &str, title: &str) -> String {
    if number.is_empty() { title.to_string() } else { format!("{number} {title}") }
}

fn ask(out: &mut String, ask: &Ask) {
    match ask {
        Ask::Facts { decides, facts } => {
            let _ = writeln!(out, "\nStill to be known: {decides}");
            facts.iter().for_each(|one| fact(out, one));
        }
        Ask::Answer(one) => decision(out, one),
    }
}

fn fact(out: &mut String, fact: &Fact) {
    let question = &fact.question;
    let _ = writeln!(out, "  {} {}", question.title, values(fact));
    if !fact.found_out_in.is_empty() {
        let _ = writeln!(out, "    It is found out in {}", list(&fact.found_out_in, "or"));
    }
    for (name, title) in question.answers.iter().zip(&fact.titles) {
        let _ = writeln!(out, "    {name}: {title}");
    }
    let _ = match (fact.given, question.name.as_str()) {
        (false, "trigger") if !fact.titles.is_empty() => writeln!(out, "    --trigger NAME"),
        (true, _) => writeln!(out, "    It is given, but no step has found it out by then"),
        (false, "from" | "to") => writeln!(out, "    --{} VERSION", question.name),
        (false, name) => writeln!(out, "    --given {}", quoted(&format!("{name}=VALUE"))),
    };
}

/// What is asked at a terminal: of several facts, the one with this name.
pub fn question(ask: &Ask, name: &str) -> String {
    let mut out = String::new();
    match ask {
        Ask::Facts { decides, facts } => {
            let asked = facts.iter().filter(|fact| fact.question.name == name);
            asked.for_each(|fact| {
                let _ =
                    write!(out, "{} {}\n  It decides {decides}", fact.question.title, values(fact));
            });
        }
        Ask::Answer(decision) => {
            let _ = write!(out, "{}", decision.title);
            for answer in &decision.answers {
                let _ = write!(out, "\n  {}: {}", answer.name, answer.title);
            }
        }
    }
    out.lines().map(Report::plain).collect::<Vec<_>>().join("\n")
}

/// "(none, minor or critical)".
fn values(fact: &Fact) -> String {
    match &fact.question.hint {
        Some(hint) => format!("({hint})"),
        None => format!("({})", list(&fact.question.answers, "or")),
    }
}

fn decision(out: &mut String, decision: &Decision) {
    let again = match decision.asked {
        0 | 1 => String::new(),
        asked => format!(", asked for the {} time", ordinal(asked)),
    };
    let who = decision.who.as_ref().map(|who| format!(" — {who}")).unwrap_or_default();
    let _ = writeln!(out, "\nStill to be decided{again}: {}{who}", decision.title);
    for answer in &decision.answers {
        let _ = writeln!(out, "  {}: {} → {}", answer.name, answer.title, answer.leads_to);
    }
    let _ = writeln!(out, "    --answer {}=ANSWER", decision.name);
}

/// As a shell takes it: names of optional roles' facts have spaces.
fn quoted(argument: &str) -> String {
    if argument.contains(' ') { format!("\"{argument}\"") } else { argument.to_string() }
}
