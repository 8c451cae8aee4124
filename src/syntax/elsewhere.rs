//! Words that people bring along from elsewhere, and how it is said here.

use super::keyword::is_mended;

/// The keyword that stands for such a word, and how many bytes of the line it takes the place of.
pub struct Here {
    pub keyword: &'static str,
    pub len: usize,
    /// Nothing else can be meant by it.
    pub sure: bool,
}

/// The keyword for what a line starts with.
pub fn keyword(word: &str, line: &str) -> Option<Here> {
    let rest = line.get(word.len()..).unwrap_or_default().trim_start();
    let plain = |keyword| Some(Here { keyword, len: word.len(), sure: true });
    match word {
        "task" | "action" => plain("do"),
        // Else it is what the author has to do.
        "todo" if rest.starts_with('"') => plain("do"),
        "yes" if rest.starts_with(['-', '"']) => plain("answer yes"),
        "no" if rest.starts_with(['-', '"']) => plain("answer no"),
        "only" if rest.starts_with("if ") => {
            Some(Here { keyword: "when", len: line.len() - rest.len() + "if".len(), sure: true })
        }
        "foreach" => plain("for each"),
        "env" => plain("environment"),
        "if" => plain("when"),
        "else" | "default" => plain("otherwise"),
        "phase" | "section" => plain("stage"),
        "goto" => plain("go"),
        "stop" | "finish" => plain("end"),
        "actor" | "participant" => plain("role"),
        "decision" | "gateway" => plain("decide"),
        "description" => plain("about"),
        "parallel" => plain("any order"),
        "import" | "include" => plain("use"),
        "loop" => {
            let rest = line.get(word.len()..).unwrap_or_default();
            let until = rest.trim_start().strip_prefix("until");
            let until = until.filter(|rest| rest.starts_with(char::is_whitespace));
            let len = line.len() - until.map_or(rest.len(), str::len);
            // Without `until`, what is said may be how long it goes on.
            Some(Here { keyword: "repeat until", len, sure: until.is_some() })
        }
        _ => None,
    }
}

/// The keyword of which only the first word is written.
pub fn first_half(word: &str) -> Option<Here> {
    let (keyword, sure) = match word {
        "repeat" => ("repeat until", false),
        "for" => ("for each", true),
        _ => return None,
    };
    Some(Here { keyword, len: word.len(), sure })
}

/// A `repeat` that says first how often.
pub struct TimesFirst {
    pub len: usize,
    pub instead: String,
}

/// `repeat 3 times until "…"`.
pub fn times_first(line: &str) -> Option<TimesFirst> {
    let mut words = line.split_whitespace();
    let starts = words.next()? == "repeat";
    let count = words.find(|word| !matches!(*word, "at" | "most"))?;
    count.parse::<u32>().ok().filter(|_| starts)?;
    words.next().filter(|word| matches!(*word, "times" | "time"))?;
    let code = line.split(" //").next()?.trim_end();
    let code = code.strip_suffix('{').unwrap_or(code).trim_end();
    let (_, until) = code.split_once(" until ")?;
    let instead = format!("repeat until {} at most {count} times", until.trim_start());
    is_mended(&instead, 0, 0, "").then_some(TimesFirst { len: code.len(), instead })
}

/// What to write, where no keyword can take the place of the word.
pub fn advice(word: &str, line: &str) -> Option<String> {
    let say = |help: &str| Some(help.to_string());
    match word {
        "if" | "when" if line.contains(" do \"") => say(
            "a condition of a task stands inside of it: `do \"…\" {`, then `when …` on a line of its own, then `}`",
        ),
        "approved" if !line[word.len()..].trim_start().starts_with("by ") => {
            say("who approves a step is written `approved by X`")
        }
        "while" => Some(until(line.get(word.len()..).unwrap_or_default())),
        "by" | "responsible" | "assignee" | "performer" => {
            say("who does it stands in the line of the step: `step pay \"Pay\" by clerk`")
        }
        "todo" if !line[word.len()..].trim_start().starts_with('"') => {
            say("what is left to write is a comment: `// TODO …`")
        }
        "roles" | "facts" | "artifacts" | "outcomes" | "steps" | "environments"
            if line.trim_end().ends_with('{') =>
        {
            say("there are no lists: each has a line of its own, as `role clerk \"The clerk\"`")
        }
        "deadline" | "due" => say("a deadline is written `within 2 days`"),
        "duration" | "lasts" => say("how long it takes is written `takes 2 days`"),
        "then" | "next" => {
            say("what comes next stands below, on a line of its own; a leap is written `go step X`")
        }
        "output" | "outputs" | "produces" => {
            say("what a step leaves behind is written `makes X`, and declared as an `artifact`")
        }
        "input" | "inputs" | "requires" => {
            say("what a step cannot do without is written `needs X`, and declared as an `artifact`")
        }
        "states" | "sheet" => say(
            "it stands in the line of the artifact: `artifact plan \"Plan\" states draft -> final`",
        ),
        "start" | "begin" => say("a process starts with its first step: leave the line out"),
        "option" | "choice" | "case" => {
            say("a branch is written `answer yes \"Yes\" -> next` where people decide, and \
             `when CONDITION -> next` where facts do")
        }
        _ => None,
    }
}

/// What goes on while something holds is repeated until it does not.
fn until(rest: &str) -> String {
    let condition = rest.trim().trim_end_matches('{').trim_end();
    let turned = match (condition.strip_prefix("not "), condition.contains(' ')) {
        _ if condition.is_empty() || condition.contains('"') => "not …".to_string(),
        (Some(inner), _) if !inner.trim().contains(' ') => inner.trim().to_string(),
        (_, false) => format!("not {condition}"),
        (_, true) => format!("not ({condition})"),
    };
    format!("a block is repeated until something holds: `repeat until {turned}`")
}

#[cfg(test)]
mod tests {
    use super::until;

    #[test]
    fn what_goes_on_while_something_holds_is_repeated_until_it_does_not() {
        for (rest, turned) in [
            (" bad {", "not bad"),
            (" not good {", "good"),
            (" load > 5 {", "not (load > 5)"),
            (" \"It is bad\" {", "not …"),
        ] {
            assert!(until(rest).ends_with(&format!("`repeat until {turned}`")), "{rest}");
        }
    }
}
