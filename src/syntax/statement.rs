//! The table of statements: how each is written and where it may stand.
//!
//! The block builder goes by it, the language reference is printed from it, and so will completion
//! be. A statement is added here and in `grammar/vup.pest`.

use Kind::*;

/// What a statement is. Where one keyword has two meanings, there are two kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The file itself, for the table; no statement is of this kind.
    File,
    UseFile,
    Process,
    VersionIs,
    Owner,
    Versions,
    Assume,
    Trigger,
    Outcome,
    About,
    Role,
    Resource,
    Environment,
    Artifact,
    Switch,
    Fact,
    Release,
    Procedure,
    Path,
    Stage,
    Step,
    Decide,
    Repeat,
    AnyOrder,
    ForEach,
    Run,
    Go,
    End,
    Event,
    When,
    Otherwise,
    Skip,
    Do,
    Notify,
    Needs,
    Makes,
    Turns,
    Learns,
    Record,
    ApprovedBy,
    Undo,
    NoWayBack,
    Takes,
    Within,
    AtLeast,
    Note,
    Warning,
    Link,
    Answer,
    After,
    /// `when G -> TARGET` in a decide.
    BranchWhen,
    /// `otherwise -> TARGET` in a decide.
    BranchOtherwise,
    Rule,
    Scenario,
    Given,
    /// `answer D a, b` in a scenario.
    ScenarioAnswer,
    /// `event N` in a scenario.
    ScenarioEvent,
    Expect,
    /// A line that could not be read; what its keyword says it was to be, where that is known.
    Bad(BadKind),
}

/// What a bad line was to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BadKind {
    form: Option<u8>,
    /// Its keyword was read, not guessed.
    sure: bool,
}

impl BadKind {
    /// Where the keyword is not known, anything may stand in its block.
    pub const UNKNOWN: BadKind = BadKind { form: None, sure: false };

    /// The line starts with a keyword.
    pub fn read(kind: Kind) -> BadKind {
        BadKind { sure: true, ..BadKind::guessed(kind) }
    }

    /// The line starts with a word that is much like a keyword.
    pub fn guessed(kind: Kind) -> BadKind {
        let form = FORMS.iter().position(|form| form.kind == kind);
        BadKind { form: form.map(|index| index as u8), sure: false }
    }

    pub fn kind(self) -> Option<Kind> {
        self.form.and_then(|index| FORMS.get(index as usize)).map(|form| form.kind)
    }

    fn known(self) -> Option<Kind> {
        self.kind().filter(|_| self.sure)
    }
}

/// Whether a statement has a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocks {
    Never,
    May,
    Must,
}

/// One row of the table.
#[derive(Debug)]
pub struct Form {
    pub kind: Kind,
    /// As written, all words of it.
    pub keyword: &'static str,
    /// How the statement is written; the placeholders are those of the language reference.
    pub syntax: &'static str,
    pub stands_in: &'static [Kind],
    pub block: Blocks,
}

const VOCABULARY: &[Kind] = &[File, Process];
const FLOW: &[Kind] = &[Process, Path, Stage, Procedure, Repeat, AnyOrder, ForEach];
const ANY: &[Kind] = &[Process, Path, Stage, Procedure, Step, Decide, Do, Notify];
const STEPS: &[Kind] = &[Step, Decide];
const EFFECTS: &[Kind] = &[Step, Decide, Do];
const TASKS: &[Kind] = &[Step, Decide, ForEach];

const fn form(
    kind: Kind,
    keyword: &'static str,
    syntax: &'static str,
    stands_in: &'static [Kind],
    block: Blocks,
) -> Form {
    Form { kind, keyword, syntax, stands_in, block }
}

/// Every statement, in the order in which people meet them.
#[rustfmt::skip]
pub const FORMS: &[Form] = &[
    form(UseFile, "use", r#"use "file.vup""#, &[File], Blocks::Never),
    form(Process, "process", r#"process N "T""#, &[File], Blocks::Must),
    form(VersionIs, "version", "version V", &[Process], Blocks::Never),
    form(Owner, "owner", "owner ROLE", &[Process], Blocks::Never),
    form(About, "about", "about TEXT", &[Process, Path, Stage, Procedure], Blocks::Never),
    form(Role, "role", r#"role N "T" [external] [optional]"#, &[File, Process, Role], Blocks::May),
    form(Resource, "resource", r#"resource N "T" [live]"#, VOCABULARY, Blocks::Never),
    form(Environment, "environment", r#"environment N "T" [uses R, …]"#, VOCABULARY, Blocks::Never),
    form(Artifact, "artifact", r#"artifact N "T" [given] [per environment] [states a -> b …] [sheet "Column", …]"#, VOCABULARY, Blocks::Never),
    form(Switch, "switch", r#"switch N "T" [normally on]"#, VOCABULARY, Blocks::Never),
    form(Versions, "versions", r#"versions from "T" to "T""#, &[Process], Blocks::Never),
    form(Release, "release", r#"release V [DATE] [breaking] [required stop [when G]] ["T"]"#, VOCABULARY, Blocks::Never),
    form(Fact, "fact", r#"fact N "T" : TYPE [later]  or  fact N "T" = G"#, VOCABULARY, Blocks::Never),
    form(Assume, "assume", r#"assume G "T""#, &[Process], Blocks::Never),
    form(Trigger, "trigger", r#"trigger N "T""#, &[Process], Blocks::Never),
    form(Outcome, "outcome", r#"outcome N "T""#, &[Process], Blocks::Never),
    form(Procedure, "procedure", r#"procedure N(role r, environment e, TYPE f) "T""#, VOCABULARY, Blocks::Must),
    form(Path, "path", r#"path N "T" HEAD"#, &[Process], Blocks::Must),
    form(Stage, "stage", r#"stage N "T" HEAD"#, FLOW, Blocks::Must),
    form(Step, "step", r#"step N "T" HEAD"#, FLOW, Blocks::May),
    form(Decide, "decide", r#"decide N "T" HEAD"#, FLOW, Blocks::Must),
    form(Repeat, "repeat until", r#"repeat until [G] ["T"] [at most N times]"#, FLOW, Blocks::Must),
    form(AnyOrder, "any order", r#"any order ["T"] [at most N at a time]"#, FLOW, Blocks::Must),
    form(ForEach, "for each", r#"for each N [in route] "T" [at least 1] [at most N at a time]"#, &[Process, Path, Stage, Procedure, Repeat, AnyOrder, ForEach, Step, Decide], Blocks::Must),
    form(Run, "run", "run N(ARGUMENTS) [as LABEL]", FLOW, Blocks::Never),
    form(Go, "go", "go TARGET", FLOW, Blocks::Never),
    form(End, "end", "end O", FLOW, Blocks::Never),
    form(Event, "event", r#"event N "T" -> TARGET"#, &[Process, Path, Stage, Procedure, Decide], Blocks::Never),
    form(When, "when", r#"when [G] ["T"]"#, &[Path, Stage, Step, Decide, Do, Notify], Blocks::Never),
    form(Otherwise, "otherwise", "otherwise", &[Path], Blocks::Never),
    form(Skip, "skip", r#"skip [by ROLE] when [G] ["T"]"#, &[Stage, Step, Decide], Blocks::Never),
    form(Do, "do", "do TEXT HEAD", TASKS, Blocks::May),
    form(Notify, "notify", "notify ROLES TEXT HEAD", TASKS, Blocks::May),
    form(Needs, "needs", "needs A [STATE] [on E]", EFFECTS, Blocks::Never),
    form(Makes, "makes", "makes A [STATE] [on E]", EFFECTS, Blocks::Never),
    form(Turns, "turns", "turns on S  or  turns off S", EFFECTS, Blocks::Never),
    form(Learns, "learns", "learns F, …", EFFECTS, Blocks::Never),
    form(Record, "record", r#"record "T" : text|number|date-time|link"#, &[Step, Decide, Do, Notify], Blocks::Never),
    form(ApprovedBy, "approved by", "approved by WHO", STEPS, Blocks::Never),
    form(Undo, "undo", "undo TEXT", STEPS, Blocks::Never),
    form(NoWayBack, "no way back", "no way back TEXT", STEPS, Blocks::Never),
    form(Takes, "takes", "takes D", &[Stage, Step, Decide, Do, Notify], Blocks::Never),
    form(Within, "within", "within D [of step X]", &[Path, Stage, Step, Decide, Do, Notify], Blocks::Never),
    form(AtLeast, "at least", "at least D before|after step X", &[Stage, Step, Decide, Do, Notify], Blocks::Never),
    form(Note, "note", "note TEXT", ANY, Blocks::Never),
    form(Warning, "warning", "warning TEXT", ANY, Blocks::Never),
    form(Link, "link", r#"link "T" "URL""#, ANY, Blocks::Never),
    form(Answer, "answer", r#"answer N "T" -> TARGET"#, &[Decide], Blocks::Never),
    form(After, "after", "after D -> TARGET", &[Decide], Blocks::Never),
    form(BranchWhen, "when", r#"when G ["T"] -> TARGET"#, &[Decide], Blocks::Never),
    form(BranchOtherwise, "otherwise", r#"otherwise ["T"] -> TARGET"#, &[Decide], Blocks::Never),
    form(Rule, "rule", r#"rule "T" : TEMPLATE [when G]"#, &[Process], Blocks::Never),
    form(Scenario, "scenario", r#"scenario "T""#, &[Process], Blocks::Must),
    form(Given, "given", "given F = v  or  given [not] F", &[Scenario], Blocks::Never),
    form(ScenarioAnswer, "answer", "answer D a, b", &[Scenario], Blocks::Never),
    form(ScenarioEvent, "event", "event N [after step X]", &[Scenario], Blocks::Never),
    form(Expect, "expect", "expect [never] path|stage|step|end X", &[Scenario], Blocks::Never),
];

impl Form {
    /// How a statement is written, in words instead of the reference's short forms.
    pub fn spelt_out(&self) -> String {
        let syntax = self.syntax.replace("at most N", "at most NUMBER");
        let syntax = syntax.replace("answer D", "answer DECISION");
        let words = syntax.split(' ').map(|word| match word {
            "HEAD" => "[by WHO] [with ROLES] [on ENVIRONMENTS]".to_string(),
            "TARGET" => "next|step X|stage X|path X|end X".to_string(),
            "TEXT" => "\"…\"".to_string(),
            "G" => "CONDITION".to_string(),
            "D" => "DURATION".to_string(),
            "N" => "NAME".to_string(),
            "O" => "OUTCOME".to_string(),
            "F" => "FACT".to_string(),
            "F," => "FACT,".to_string(),
            "v" => "VALUE".to_string(),
            "TYPE" => "yes-no|one of A, B|scale A < B|number 1..9|version".to_string(),
            word => {
                let word = word.replace("\"T\"", "\"…\"").replace("N(", "NAME(");
                word.replace("[G]", "[CONDITION]").replace("G]", "CONDITION]")
            }
        });
        words.collect::<Vec<String>>().join(" ")
    }
}

/// The row of a kind; a bad line has none.
pub fn form_of(kind: Kind) -> Option<&'static Form> {
    FORMS.iter().find(|form| form.kind == kind)
}

impl Kind {
    /// As people call it: its keyword.
    pub fn word(self) -> &'static str {
        match self {
            File => "file",
            Bad(_) => "line",
            _ => form_of(self).map_or("statement", |form| form.keyword),
        }
    }

    /// What a statement was or was to be; none for a bad line with an unknown keyword.
    pub fn intended(self) -> Option<Kind> {
        match self {
            Bad(bad) => bad.kind(),
            kind => Some(kind),
        }
    }

    /// Whether it may stand right inside `parent`. A bad line may: one thing is told of it at a
    /// time. What is not known to be something else may hold anything.
    pub fn may_stand_in(self, parent: Kind) -> bool {
        let parent = match parent {
            Bad(bad) => bad.known(),
            kind => Some(kind),
        };
        let (Some(form), Some(parent)) = (form_of(self), parent) else { return true };
        form.stands_in.contains(&parent)
    }

    /// Whether it can have a block.
    pub fn blocks(self) -> Blocks {
        match self {
            File => Blocks::Must,
            Bad(_) => Blocks::May,
            _ => form_of(self).map_or(Blocks::Never, |form| form.block),
        }
    }
}
