//! The page of a rule, as `vup explain` prints it and `docs/rules/` keeps it.

use crate::diagnostic::Rule;

pub fn markdown(rule: &Rule) -> String {
    let mut page =
        format!("# {}\n\n*{}*: {}.\n\n{}\n", rule.name, rule.severity, rule.summary, rule.why);
    for (heading, text) in [("Wrong", rule.wrong), ("Right", rule.right)] {
        if !text.is_empty() {
            page += &format!("\n## {heading}\n\n```vup\n{text}```\n");
        }
    }
    page
}

/// The list of all rules, with links to their pages.
pub fn list(rules: &[&Rule]) -> String {
    let mut page = String::from(
        "# Rules\n\n\
         An *error* says that the definition is wrong, a *warning* that it is likely not what was \
         meant, a *note* is about style. `vup explain RULE` prints the page of a rule.\n\n\
         | rule | severity | says that |\n|---|---|---|\n",
    );
    for rule in rules {
        page += &format!("| [{0}]({0}.md) | {1} | {2} |\n", rule.name, rule.severity, rule.summary);
    }
    page
}
