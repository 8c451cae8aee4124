//! A checklist as Markdown, with the task lists of GitHub.
//!
//! In: a [`Checklist`]. Out: a text that ends with a line end. All prose goes through
//! [`prose::markdown`], so that no text of an author can break the document.

mod messages;
mod steps;

use crate::emit::checklist::{
    Artifact, Case, Checklist, Condition, Environment, Head, OtherPath, Question, Remark,
    RemarkKind, Role, Switch,
};
use crate::emit::prose::{self, BLANK, escape};
use std::fmt::Write;

/// Two spaces for each level of a nested list.
const INDENT: &str = "  ";

pub fn markdown(checklist: &Checklist) -> String {
    let mut out = String::new();
    let title = prose::markdown(&checklist.process.title);
    match &checklist.path {
        Some(path) => line(&mut out, 0, &format!("# {title}: {}", prose::markdown(&path.title))),
        None => line(&mut out, 0, &format!("# {title}")),
    }
    about_this_document(&mut out, checklist);
    if !checklist.only_messages {
        head(&mut out, &checklist.process);
        if let Some(path) = &checklist.path {
            head(&mut out, path);
        }
    }
    case(&mut out, checklist);
    roles(&mut out, &checklist.roles);
    environments(&mut out, &checklist.environments);
    artifacts(&mut out, &checklist.artifacts);
    switches(&mut out, &checklist.switches);
    if !checklist.events.is_empty() {
        heading(&mut out, "At any time");
        checklist.events.iter().for_each(|way| steps::way(&mut out, 0, way));
    }
    steps::blocks(&mut out, checklist);
    messages::messages(&mut out, checklist);
    let name = escape(&checklist.process.name);
    let trace = format!("---\n\n{name} {} · {}", checklist.version, checklist.hash);
    paragraph(&mut out, &trace);
    out
}

/// What kind of document it is, of which version, for whom, of when.
fn about_this_document(out: &mut String, checklist: &Checklist) {
    let kind = if checklist.only_messages { "Communication plan" } else { "Checklist" };
    let owner = checklist.owner.iter().map(|owner| format!(" · owner: {}", escape(owner)));
    let version = checklist.version.as_str();
    paragraph(out, &format!("{kind} · version {version}{}", owner.collect::<String>()));
    let date = checklist.date.map(|date| date.to_string());
    let lines = [("Client", &checklist.client), ("Date", &date)];
    for (label, text) in lines {
        text.iter().for_each(|text| paragraph(out, &format!("{label}: **{}**", escape(text))));
    }
    if let Some(role) = &checklist.role {
        let role = escape(role);
        paragraph(out, &format!("For **{role}**: what others do is told in a line."));
    }
}

fn line(out: &mut String, indent: usize, text: &str) {
    let _ = writeln!(out, "{}{text}", INDENT.repeat(indent));
}

fn paragraph(out: &mut String, text: &str) {
    let _ = write!(out, "\n{text}\n");
}

fn heading(out: &mut String, text: &str) {
    let _ = write!(out, "\n## {text}\n\n");
}

fn head(out: &mut String, head: &Head) {
    let about = head.about.iter().flat_map(|about| prose::markdown_paragraphs(about));
    about.for_each(|text| paragraph(out, &text));
    if !head.timing.is_empty() {
        paragraph(out, &format!("Time: {}", markdown_list(&head.timing)));
    }
    if !head.remarks.is_empty() {
        out.push('\n');
        remarks(out, 0, &head.remarks);
    }
}

fn markdown_list(texts: &[String]) -> String {
    texts.iter().map(|text| prose::markdown(text)).collect::<Vec<_>>().join(", ")
}

fn remarks(out: &mut String, indent: usize, remarks: &[Remark]) {
    for remark in remarks {
        let text = prose::markdown(&remark.text);
        let internal = if remark.internal { " (internal)" } else { "" };
        let shown = match (remark.kind, remark.url.as_deref().and_then(prose::safe_url)) {
            (RemarkKind::Warning, _) => format!("**Warning{internal}:** {text}"),
            (RemarkKind::Note, _) => format!("Note{internal}: {text}"),
            (RemarkKind::Link, Some(url)) => {
                format!("See{internal}: {}", prose::link(&text, url))
            }
            (RemarkKind::Link, None) => format!("See{internal}: {text}"),
        };
        line(out, indent, &format!("- {shown}"));
    }
}

fn case(out: &mut String, checklist: &Checklist) {
    let mut said = String::new();
    about_the_case(&mut said, checklist);
    if !said.is_empty() {
        heading(out, "The case");
        out.push_str(said.trim_start_matches('\n'));
    }
}

fn about_the_case(out: &mut String, checklist: &Checklist) {
    let case = &checklist.case;
    if let Some(versions) = &case.versions {
        for (title, value) in
            [(&versions.from, &versions.from_value), (&versions.to, &versions.to_value)]
        {
            line(out, 0, &format!("- {}: {}", prose::markdown(title), or_blank(value)));
        }
    }
    if case.route.len() > 1 {
        line(out, 0, &format!("- The way: {}", escape(&case.route.join(", "))));
    }
    for known in &case.known {
        let later =
            if known.later { " *(so it is taken to be; it is found out on the way)*" } else { "" };
        let title = asking(&known.title);
        line(out, 0, &format!("- {title} **{}**{later}", escape(&known.value)));
    }
    case.questions.iter().for_each(|asked| question(out, 0, asked));
    for definition in &case.definitions {
        let title = prose::markdown(&definition.title);
        line(out, 0, &format!("- {title} means: {}", prose::markdown(&definition.meaning)));
    }
    if checklist.only_messages {
        return;
    }
    which_cases(out, case);
    if let Some(trigger) = &checklist.started_by {
        paragraph(out, &format!("**What started it:** {}", prose::markdown(trigger)));
    }
    if !checklist.triggers.is_empty() {
        paragraph(out, "**What started it**\n");
        for trigger in &checklist.triggers {
            line(out, 0, &format!("- [ ] {}", prose::markdown(trigger)));
        }
    }
    if checklist.outcomes.is_empty() && checklist.goes_on.is_empty() {
        return;
    }
    paragraph(out, "**How it can end**\n");
    for outcome in &checklist.outcomes {
        line(out, 0, &format!("- [ ] {}", prose::markdown(outcome)));
    }
    for other in &checklist.goes_on {
        let shown = prose::markdown(other);
        line(out, 0, &format!("- [ ] It goes on with another checklist: {shown}"));
    }
}

fn which_cases(out: &mut String, case: &Case) {
    if !case.conditions.is_empty() {
        paragraph(out, "**This path is for cases in which all of this holds**\n");
        case.conditions.iter().for_each(|held| judged(out, held));
    }
    if case.otherwise {
        paragraph(out, "**This path is for every case that no other path is for**\n");
        case.others.iter().for_each(|other| other_path(out, other));
    }
    if !case.assumptions.is_empty() {
        paragraph(out, "**Before it starts**\n");
        case.assumptions.iter().for_each(|held| judged(out, held));
    }
}

fn other_path(out: &mut String, other: &OtherPath) {
    let fails = other.conditions.iter().any(|held| held.holds == Some(false));
    let lead =
        if fails { "not in this case, since this does not hold" } else { "if all of this holds" };
    line(out, 0, &format!("- {}, {lead}:", prose::markdown(&other.title)));
    for held in &other.conditions {
        line(out, 1, &format!("- {}", with_reason(held)));
    }
}

/// A condition to be ticked; it is ticked where it is known to hold.
fn judged(out: &mut String, held: &Condition) {
    let mark = if held.holds == Some(true) { "x" } else { " " };
    line(out, 0, &format!("- [{mark}] {}", with_reason(held)));
}

/// A condition with the facts by which it holds or not, where these are known.
fn with_reason(held: &Condition) -> String {
    let own = held.text.as_ref().or(held.words.as_ref());
    match (own, held.because.as_slice()) {
        (Some(own), [_, ..]) => {
            format!("{} *({})*", prose::markdown(own), plain_list(&held.because))
        }
        _ => condition(held),
    }
}

fn plain_list(texts: &[String]) -> String {
    texts.iter().map(|text| prose::plain_words(text)).collect::<Vec<_>>().join(", ")
}

/// A value in bold, or a line to write on.
fn or_blank(value: &Option<String>) -> String {
    value.as_ref().map_or(BLANK.to_string(), |value| format!("**{}**", escape(value)))
}

fn condition(held: &Condition) -> String {
    write_condition(held, prose::markdown)
}

fn write_condition(held: &Condition, write: fn(&str) -> String) -> String {
    held.written(write, |words| format!("*({})*", prose::plain_words(words)))
}

/// What an answer follows: a question, or what is named before a colon.
fn asking(title: &str) -> String {
    let title = prose::markdown(title);
    if title.ends_with(['?', ':']) { title } else { format!("{title}:") }
}

fn question(out: &mut String, indent: usize, question: &Question) {
    let title = prose::markdown(&question.title);
    let hint = question.hint.iter().map(|hint| format!(" ({})", escape(hint))).collect::<String>();
    let expected = question.expected.iter();
    let expected = expected.map(|value| format!(" *(taken to be {})*", escape(value)));
    let expected = expected.collect::<String>();
    if question.answers.is_empty() {
        let title = asking(&question.title);
        line(out, indent, &format!("- {title} {BLANK}{hint}{expected}"));
        return;
    }
    line(out, indent, &format!("- {title}{expected}"));
    for answer in &question.answers {
        line(out, indent + 1, &format!("- [ ] {}", escape(answer)));
    }
}

fn roles(out: &mut String, roles: &[Role]) {
    if roles.is_empty() {
        return;
    }
    heading(out, "Who");
    for role in roles {
        let side = if role.marks_side { " *(external)*" } else { "" };
        let part = if role.optional { " *(takes part: ☐ yes ☐ no)*" } else { "" };
        let absent = role.takes_part == Some(false);
        let part = if absent { " *(does not take part)*" } else { part };
        let blank = match role.people.as_slice() {
            [] if role.acts && !absent => format!(": {BLANK}"),
            [] => String::new(),
            people => format!(": **{}**", escape(&people.join(", "))),
        };
        line(out, role.depth, &format!("- {}{side}{part}{blank}", escape(&role.title)));
    }
}

fn environments(out: &mut String, environments: &[Environment]) {
    if environments.is_empty() {
        return;
    }
    heading(out, "Where");
    for environment in environments {
        let live = if environment.live { " **LIVE**" } else { "" };
        let resources = environment.resources.iter().map(|resource| {
            format!("{}{}", escape(&resource.title), if resource.live { " **LIVE**" } else { "" })
        });
        let resources = resources.collect::<Vec<_>>().join(", ");
        let uses = if resources.is_empty() { String::new() } else { format!(": uses {resources}") };
        line(out, 0, &format!("- {}{live}{uses}", escape(&environment.title)));
    }
}

fn artifacts(out: &mut String, artifacts: &[Artifact]) {
    if artifacts.is_empty() {
        return;
    }
    heading(out, "What goes in and comes out");
    line(out, 0, "| What | States | Made in | Needed in | Sheet |");
    line(out, 0, "|---|---|---|---|---|");
    for artifact in artifacts {
        let made = match (artifact.given, artifact.made_in.join(", ")) {
            (true, made) if made.is_empty() => "given: ☐ at hand".to_string(),
            (true, made) => format!("given: ☐ at hand; {made}"),
            (false, made) => made,
        };
        let where_made = if artifact.per_environment { " (in each environment)" } else { "" };
        let row = format!(
            "| {} | {}{where_made} | {made} | {} | {} |",
            escape(&artifact.title),
            escape(&artifact.states.join(" → ")),
            artifact.needed_in.join(", "),
            escape(&artifact.sheet.join(", ")),
        );
        line(out, 0, &row);
    }
}

fn switches(out: &mut String, switches: &[Switch]) {
    if switches.is_empty() {
        return;
    }
    heading(out, "What is turned on and off");
    for switch in switches {
        let normal = if switch.normally_on { "on" } else { "off" };
        let turned = switch.turned_in.join(", ");
        line(out, 0, &format!("- “{}” (normally {normal}): {turned}", escape(&switch.title)));
    }
}

#[cfg(test)]
mod tests {
    use super::markdown;
    use crate::emit::checklist::tests::{hostile, sample_checklist};
    use pulldown_cmark::{Event, Options, Parser, Tag};

    #[test]
    fn says_what_a_person_needs() {
        let text = markdown(&sample_checklist());
        for part in [
            "# Laptop replacement: Swap at the desk\n",
            "- [ ] “How bad is the damage?” is at most cosmetic",
            "- [ ] It goes on with another checklist: path Rescue",
            "- [ ] “Mail on hold” is turned **on**",
            "\n## Step A (before the choice of the path)\n",
            "  - [ ] 1.1.1 Start the backup\n",
            "- [ ] Decide: **1.3 Swap now?**\n",
            "- [ ] Swap it now → go on with stage 2 Hand over\n",
            "- [ ] It no longer starts → go to path Rescue (at most 2 times)\n",
            "- [ ] **Tell Employee:** ",
        ]
        .iter()
        .map(|part| part.replace("**Tell Employee:** ", "2.1.2 **Tell Employee:** "))
        {
            assert!(text.contains(&part), "{part}\n{text}");
        }
        assert_eq!(text, markdown(&sample_checklist()));
    }

    #[test]
    fn hostile_text_stays_text() {
        let text = markdown(&hostile());
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS) {
            match event {
                Event::Html(html) | Event::InlineHtml(html) => panic!("{html} in {text}"),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    assert!(!dest_url.contains("javascript"), "{dest_url}");
                }
                Event::Start(Tag::Image { .. } | Tag::CodeBlock(_) | Tag::BlockQuote(_)) => {
                    panic!("a block in {text}")
                }
                _ => {}
            }
        }
    }
}
