//! `vup explain RULE` and `vup rules`: what the rules are about.

use super::output::print;
use super::{Exit, ExplainArgs, Stop};
use crate::diagnostic::nearest;
use crate::emit::rule_page;
use crate::rules;

pub fn run(args: &ExplainArgs) -> Result<Exit, Stop> {
    let rules = rules();
    let wanted = args.rule.to_lowercase();
    match rules.iter().find(|rule| rule.name == wanted) {
        Some(rule) => print(rule_page::markdown(rule))?,
        None => {
            let hint = nearest(&wanted, rules.iter().map(|rule| rule.name))
                .map_or("`vup rules` lists them".to_string(), |near| {
                    format!("did you mean {}?", near.word)
                });
            return Err(Stop::new(Exit::Usage, format!("there is no rule {}; {hint}", args.rule)));
        }
    }
    Ok(Exit::Clean)
}

/// Every rule on a line.
pub fn list() -> Result<Exit, Stop> {
    let rules = rules();
    let width = rules.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let line = |rule: &&&crate::diagnostic::Rule| {
        let severity = rule.severity.to_string();
        format!("{:width$}  {severity:7}  {}\n", rule.name, rule.summary)
    };
    print(rules.iter().map(|rule| line(&rule)).collect::<String>())?;
    Ok(Exit::Clean)
}
