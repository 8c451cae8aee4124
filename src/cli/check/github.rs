//! Findings as commands of GitHub's workflows, which annotate the lines of a change.
//!
//! Of one step, GitHub shows ten errors, ten warnings and ten notices, and drops the rest without a
//! word. So errors come first, no more are sent, and a last line, which is none of these, says what
//! was left out.

use crate::cli::json::Finding;
use crate::cli::output::{counted, listed};
use crate::diagnostic::{Report, Severity};

/// What is shown of one kind in one step.
const MOST: usize = 10;

pub fn print(findings: &[Finding]) -> String {
    let mut told = String::new();
    let mut left_out = Vec::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let of_kind = findings.iter().filter(|finding| finding.severity == severity);
        let count = of_kind.clone().count();
        of_kind.take(MOST).for_each(|finding| told += &command(finding));
        if count > MOST {
            left_out.push(counted(count - MOST, &format!("more {severity}")));
        }
    }
    if !left_out.is_empty() {
        let all = listed(&left_out);
        told += &format!("{all}: GitHub shows {MOST} of a kind in a step; `vup check` lists all\n");
    }
    told
}

fn command(finding: &Finding) -> String {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let at = &finding.at;
    let mut properties = vec![
        ("file", property(&at.file)),
        ("line", at.line.to_string()),
        ("endLine", at.end_line.to_string()),
    ];
    // Columns are taken where it is one line.
    if at.line == at.end_line {
        properties.push(("col", at.column.to_string()));
        properties.push(("endColumn", at.end_column.to_string()));
    }
    properties.push(("title", property(finding.rule)));
    let properties: Vec<String> =
        properties.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let lines = std::iter::once(finding.message.clone()).chain(finding.more());
    let message = Report::plain(&lines.collect::<Vec<_>>().join("\n"));
    format!("::{name} {}::{}\n", properties.join(","), data(&message))
}

/// A text as a command carries it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The same, where `:` and `,` end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100 %: a,\r\nb"), "100 %25: a,%0D%0Ab");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
