//! Random processes over the whole language, as text: small, without mistakes of writing, and
//! full of mistakes of meaning.

use std::fmt::Write;

/// What the random processes may have in them.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// `at most N times`.
    pub counts: bool,
    /// `any order … at most N at a time`.
    pub at_a_time: bool,
}

/// Numbers that look random and are always the same for a seed (splitmix64).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    /// True so many times of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        (!from.is_empty()).then(|| from[self.below(from.len())].clone())
    }

    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high + 1 - low)
    }
}

/// The process of a seed.
pub fn process(seed: u64, settings: Settings) -> String {
    let mut generator = Generator::new(seed, settings);
    generator.vocabulary();
    let plan = generator.plan();
    // Apart from the rest, so that a process is the same whatever rules it has.
    generator.write(&plan, Random(seed ^ 0x0fa1_1111_7777))
}

#[derive(Clone, Debug, PartialEq)]
enum Type {
    YesNo,
    Choice(Vec<String>),
    Scale(Vec<String>),
    Number(i64, i64, bool),
    Version,
    /// `from`, `to` and how they compare.
    Pair,
    TakesPart,
}

#[derive(Clone, Debug, PartialEq)]
struct Fact {
    name: String,
    kind: Type,
    later: bool,
    /// The later fact that a derived one follows from.
    follows: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Thing {
    Later(String),
    /// Its states, and whether it is per environment.
    Artifact(String, Vec<String>, bool),
    Switch(String),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Path,
    Stage,
    Step,
    People,
    Facts,
    Repeat,
    AnyOrder,
    ForEach,
    Run,
    Go,
    End,
}

/// An item before it is written: where everything stands, so that jumps know their targets.
#[derive(Clone, Debug)]
struct Plan {
    kind: Kind,
    name: String,
    children: Vec<Plan>,
}

/// What can be jumped to, and the branches of `any order` that it stands in.
#[derive(Clone, Debug)]
struct Target {
    text: String,
    branches: Vec<String>,
}

/// What may be read and written where an item stands.
#[derive(Clone, Debug)]
struct Context {
    facts: Vec<Fact>,
    things: Vec<Thing>,
    branches: Vec<String>,
}

struct Generator {
    random: Random,
    /// What cannot be taken back, apart from the rest, too.
    points: Random,
    settings: Settings,
    head: Vec<String>,
    facts: Vec<Fact>,
    things: Vec<Thing>,
    optional: bool,
    procedure: bool,
    targets: Vec<Target>,
    count: usize,
    runs: usize,
    out: String,
    depth: usize,
    learned: Vec<String>,
    /// How switches and artifacts stand, as the text goes.
    stands: Vec<(String, usize)>,
}

const OUTCOMES: [&str; 2] = ["good", "bad"];
const VERSIONS: [&str; 4] = ["2.0.0", "2.3.0", "3.0.0-rc.1", "3.1.4"];

impl Generator {
    fn new(seed: u64, settings: Settings) -> Self {
        Generator {
            random: Random(seed),
            points: Random(seed ^ 0x0bac_2222_9999),
            settings,
            head: Vec::new(),
            facts: Vec::new(),
            things: Vec::new(),
            optional: false,
            procedure: false,
            targets: Vec::new(),
            count: 0,
            runs: 0,
            out: String::new(),
            depth: 1,
            learned: Vec::new(),
            stands: Vec::new(),
        }
    }

    fn name(&mut self, letter: &str) -> String {
        self.count += 1;
        format!("{letter}{}", self.count)
    }

    fn vocabulary(&mut self) {
        self.head.push("version 1.0.0".into());
        self.head.push("role worker \"Worker\" {".into());
        self.head.push("  role lead \"Lead\"".into());
        self.head.push("}".into());
        self.head.push("role boss \"Boss\"".into());
        self.head.push("environment here \"Here\"".into());
        self.head.push("environment there \"There\"".into());
        self.optional = self.random.chance(25);
        if self.optional {
            self.head.push("role helper \"Helper\" optional".into());
            self.add_fact("helper takes part", Type::TakesPart, false);
        }
        if self.random.chance(12) {
            self.head.push("trigger call \"Call\"".into());
            self.head.push("trigger visit \"Visit\"".into());
            let triggers = vec!["call".to_string(), "visit".to_string()];
            self.add_fact("trigger", Type::Choice(triggers), false);
        }
        let versions = self.random.chance(15);
        if versions {
            self.versions();
        }
        for _ in 0..self.random.between(1, if versions { 1 } else { 2 }) {
            self.declared_fact(false);
        }
        for _ in 0..self.random.between(0, 2) {
            self.declared_fact(true);
        }
        if self.random.chance(25) {
            self.derived_fact();
        }
        if self.random.chance(20) {
            let facts: Vec<Fact> = self.facts.clone();
            let guard = self.guard(&facts);
            let other = self.guard(&facts);
            self.head.push(format!("assume ({guard}) or ({other}) \"Always so\""));
        }
        if self.random.chance(4) {
            let facts: Vec<Fact> = self.facts.clone();
            let guard = self.guard(&facts);
            self.head.push(format!("assume {guard} \"So it is\""));
            self.head.push(format!("assume not ({guard}) \"And not\""));
        }
        for _ in 0..self.random.below(3) {
            self.artifact();
        }
        for _ in 0..self.random.below(3) {
            let name = self.name("w");
            let normally = if self.random.chance(20) { " normally on" } else { "" };
            self.stands.push((name.clone(), usize::from(!normally.is_empty())));
            self.head.push(format!("switch {name} \"Switch {name}\"{normally}"));
            self.things.push(Thing::Switch(name));
        }
        self.procedure = self.random.chance(25);
    }

    fn add_fact(&mut self, name: &str, kind: Type, later: bool) {
        self.facts.push(Fact { name: name.into(), kind, later, follows: None });
    }

    fn versions(&mut self) {
        self.head.push("versions from \"Old\" to \"New\"".into());
        if self.random.chance(50) {
            self.head.push("assume from < to \"Never back\"".into());
        }
        for version in VERSIONS {
            if self.random.chance(20) {
                let breaking = if self.random.chance(70) { " breaking" } else { "" };
                self.head.push(format!("release {version}{breaking}"));
            }
        }
        let hops = ["downgrade", "none", "patch", "minor", "major"].map(String::from).to_vec();
        self.add_fact("hop", Type::Scale(hops), false);
        self.add_fact("breaking", Type::YesNo, false);
        self.add_fact("from", Type::Version, false);
        self.add_fact("to", Type::Version, false);
        self.add_fact("from", Type::Pair, false);
    }

    fn declared_fact(&mut self, later: bool) {
        let name = self.name("f");
        let list = |names: &[&str]| names.iter().map(|name| name.to_string()).collect::<Vec<_>>();
        let (kind, text) = match self.random.below(20) {
            0..11 => (Type::YesNo, "yes-no"),
            11..14 => {
                (Type::Scale(list(&["small", "medium", "large"])), "scale small < medium < large")
            }
            14..16 => (Type::Choice(list(&["red", "green", "blue"])), "one of red, green, blue"),
            16..18 => (Type::Number(1, 4, false), "number 1..4"),
            18 => (Type::Number(-1, 2, true), "number -0.1..0.2"),
            _ => (Type::Version, "version"),
        };
        let word = if later { " later" } else { "" };
        self.head.push(format!("fact {name} \"Fact {name}\" : {text}{word}"));
        // What is known at the start may be learned anew; but something stays that any branch reads.
        let stays = self.facts.iter().any(|fact| !fact.later && fact.kind != Type::Pair);
        if later || (stays && self.random.chance(15)) {
            self.things.push(Thing::Later(name.clone()));
        }
        self.facts.push(Fact { name, kind, later, follows: None });
    }

    fn derived_fact(&mut self) {
        let known: Vec<Fact> = self.facts.iter().filter(|fact| !fact.later).cloned().collect();
        let later: Vec<Fact> = self.facts.iter().filter(|fact| fact.later).cloned().collect();
        let later = if self.random.chance(40) { self.random.pick(&later) } else { None };
        let mut from = known;
        from.extend(later.clone());
        let mut guard = self.guard(&from);
        if let Some(later) = &later {
            let atom = self.atom(later);
            guard = format!("({guard}) or ({atom})");
        }
        let name = self.name("f");
        self.head.push(format!("fact {name} \"Fact {name}\" = {guard}"));
        let follows = later.map(|later| later.name);
        self.facts.push(Fact { name, kind: Type::YesNo, later: follows.is_some(), follows });
    }

    fn artifact(&mut self) {
        let name = self.name("a");
        let states = match self.random.below(3) {
            0 => vec![],
            1 => vec!["draft".to_string(), "final".to_string()],
            _ => vec!["draft".to_string(), "tested".to_string(), "final".to_string()],
        };
        let per = self.random.chance(25);
        let mut line = format!("artifact {name} \"Artifact {name}\"");
        if self.random.chance(15) {
            line.push_str(" given");
            self.stands.push((name.clone(), states.len().max(1)));
        } else {
            self.stands.push((name.clone(), 0));
        }
        if per {
            line.push_str(" per environment");
        }
        if !states.is_empty() {
            let _ = write!(line, " states {}", states.join(" -> "));
        }
        self.head.push(line);
        self.things.push(Thing::Artifact(name, states, per));
    }

    fn atom(&mut self, fact: &Fact) -> String {
        let name = &fact.name;
        let orders = ["=", "!=", "<", "<=", ">", ">="];
        match &fact.kind {
            Type::YesNo if self.random.chance(20) => {
                let value = self.random.pick(&["yes", "no"]).unwrap_or_default();
                format!("{name} = {value}")
            }
            Type::YesNo | Type::TakesPart if self.random.chance(50) => format!("not {name}"),
            Type::YesNo | Type::TakesPart => name.clone(),
            Type::Choice(values) | Type::Scale(values) => {
                let value = self.random.pick(values).unwrap_or_default();
                if self.random.chance(20) {
                    let other = self.random.pick(values).unwrap_or_default();
                    return match value == other {
                        true => format!("{name} = {value}"),
                        false => format!("{name} in ({value}, {other})"),
                    };
                }
                let orders = match fact.kind {
                    Type::Scale(_) => &orders[..],
                    _ => &orders[..2],
                };
                format!("{name} {} {value}", self.random.pick(orders).unwrap_or_default())
            }
            Type::Number(low, high, decimals) => {
                let value = low + self.random.below((high - low + 1) as usize) as i64;
                let value = match decimals {
                    true => format!("{}0.{}", if value < 0 { "-" } else { "" }, value.abs()),
                    false => value.to_string(),
                };
                format!("{name} {} {value}", self.random.pick(&orders).unwrap_or_default())
            }
            Type::Version => {
                let value = self.random.pick(&VERSIONS).unwrap_or_default();
                format!("{name} {} {value}", self.random.pick(&orders).unwrap_or_default())
            }
            Type::Pair => {
                let order = self.random.pick(&orders).unwrap_or_default();
                match self.random.chance(70) {
                    true => format!("from {order} to"),
                    false => format!("to {order} from"),
                }
            }
        }
    }

    /// A condition on facts; those that are known by then more often.
    fn guard(&mut self, facts: &[Fact]) -> String {
        let known: Vec<Fact> = facts
            .iter()
            .filter(|fact| !fact.later || self.learned.contains(&fact.name))
            .cloned()
            .collect();
        let mut atoms = Vec::new();
        for _ in 0..self.random.pick(&[1, 1, 1, 2, 2, 3]).unwrap_or(1) {
            let from = if self.random.chance(88) && !known.is_empty() { &known } else { facts };
            if let Some(fact) = self.random.pick(from) {
                atoms.push(self.atom(&fact));
            }
        }
        let word = if self.random.chance(50) { " and " } else { " or " };
        let text = atoms.join(word);
        match self.random.chance(10) {
            true => format!("not ({text})"),
            false => text,
        }
    }

    fn plan(&mut self) -> Vec<Plan> {
        let mut budget = self.random.between(3, 8);
        let paths = if self.random.chance(45) { self.random.between(2, 3) } else { 0 };
        let mut items = Vec::new();
        if paths == 0 || self.random.chance(60) {
            items = self.block(&mut budget, 0, &[]);
        }
        for _ in 0..paths {
            let name = self.name("p");
            let mut budget = self.random.between(1, 4);
            self.targets.push(Target { text: format!("path {name}"), branches: Vec::new() });
            let mut children = self.block(&mut budget, 1, &[]);
            if self.random.chance(92) {
                children.push(self.end_plan());
            }
            items.push(Plan { kind: Kind::Path, name, children });
        }
        if paths == 0 {
            items.push(self.end_plan());
        }
        items
    }

    fn end_plan(&mut self) -> Plan {
        Plan { kind: Kind::End, name: String::new(), children: Vec::new() }
    }

    fn block(&mut self, budget: &mut usize, depth: usize, branches: &[String]) -> Vec<Plan> {
        let mut items = Vec::new();
        let most = self.random.between(1, if depth == 0 { 6 } else { 3 });
        while (*budget > 0 && items.len() < most) || items.is_empty() {
            items.push(self.item(budget, depth, branches));
        }
        if depth > 0 && self.random.chance(8) {
            let kind = if self.random.chance(50) { Kind::Go } else { Kind::End };
            items.push(Plan { kind, name: String::new(), children: Vec::new() });
        }
        items
    }

    fn item(&mut self, budget: &mut usize, depth: usize, branches: &[String]) -> Plan {
        *budget = budget.saturating_sub(1);
        let deep = depth >= 3;
        let kind = match self.random.below(100) {
            0..12 if self.procedure => Kind::Run,
            0..44 => Kind::Step,
            44..60 => Kind::People,
            60..76 => Kind::Facts,
            76..84 if !deep => Kind::Stage,
            84..89 if !deep => Kind::Repeat,
            89..95 if !deep => Kind::AnyOrder,
            95..97 if !deep => Kind::ForEach,
            _ => Kind::Step,
        };
        let name = self.name(match kind {
            Kind::Stage => "g",
            Kind::Step => "s",
            Kind::People | Kind::Facts => "d",
            _ => "x",
        });
        let word = match kind {
            Kind::Stage => Some("stage"),
            Kind::Step | Kind::People | Kind::Facts => Some("step"),
            _ => None,
        };
        if let Some(word) = word {
            let text = format!("{word} {name}");
            self.targets.push(Target { text, branches: branches.to_vec() });
        }
        let children = match kind {
            Kind::Stage | Kind::Repeat | Kind::ForEach => self.block(budget, depth + 1, branches),
            Kind::AnyOrder => {
                let mut children = Vec::new();
                for index in 0..self.random.between(2, 3) {
                    let mut inner = branches.to_vec();
                    inner.push(format!("{name}/{index}"));
                    children.push(self.item(budget, depth + 1, &inner));
                }
                children
            }
            _ => Vec::new(),
        };
        Plan { kind, name, children }
    }

    fn write(mut self, items: &[Plan], rules: Random) -> String {
        let mut context =
            Context { facts: self.facts.clone(), things: self.things.clone(), branches: vec![] };
        let event = self.events(&context, 4);
        self.items(items, &mut context);
        let mut text = String::from("process random \"Random\" {\n");
        for line in &self.head {
            let _ = writeln!(text, "  {line}");
        }
        text.push_str("  outcome good \"Good\"\n  outcome bad \"Bad\"\n");
        if self.runs > 0 {
            text.push_str(&self.procedure());
        }
        self.random = rules;
        for line in self.rules() {
            let _ = writeln!(text, "  {line}");
        }
        for line in event {
            let _ = writeln!(text, "  {line}");
        }
        text.push_str(&self.out);
        text.push_str("}\n");
        text
    }

    /// What the author asks of every run.
    fn rules(&mut self) -> Vec<String> {
        let count = self.random.pick(&[0, 0, 1, 1, 2, 3]).unwrap_or(0);
        (0..count).map(|index| self.rule(index)).collect()
    }

    fn rule(&mut self, index: usize) -> String {
        let [one, other, third] = std::array::from_fn(|_| self.happening());
        let template = match self.random.below(16) {
            0..3 => format!("{one} only after {other}"),
            3..5 => format!("{one} only after {other} since {third}"),
            5..8 => format!("after {one} always {other}"),
            8..10 => format!("never {one} after {other}"),
            10..12 => format!("never both {one} and {other}"),
            12 => format!("always {one}"),
            13..15 => format!("{one} at most once"),
            _ if self.targets.is_empty() => format!("always {one}"),
            _ => {
                let (one, other) = (self.item_of_rule(), self.item_of_rule());
                format!("{one} and {other} by different roles")
            }
        };
        let facts = self.facts.clone();
        let when = match self.random.chance(35) {
            true => format!(" when {}", self.guard(&facts)),
            false => String::new(),
        };
        format!("rule \"Rule {index}\" : {template}{when}")
    }

    fn happening(&mut self) -> String {
        let artifact = |thing: &Thing| match thing {
            Thing::Artifact(name, states, per) => Some((name.clone(), states.clone(), *per)),
            _ => None,
        };
        let artifacts: Vec<_> = self.things.iter().filter_map(artifact).collect();
        match (self.random.below(100), self.random.pick(&artifacts)) {
            (0..25, Some((name, states, per))) => {
                let state = self.random.pick(&states).filter(|_| self.random.chance(80));
                let state = state.map(|state| format!(" {state}")).unwrap_or_default();
                let on = if per && self.random.chance(50) { " on here" } else { "" };
                format!("artifact {name}{state}{on}")
            }
            (25..38, _) => format!("end {}", self.random.pick(&OUTCOMES).unwrap_or_default()),
            _ => self.item_of_rule(),
        }
    }

    fn item_of_rule(&mut self) -> String {
        let targets = self.targets.clone();
        match self.random.pick(&targets) {
            Some(target) => target.text,
            None => "end good".into(),
        }
    }

    /// A procedure with a condition, a decision, and a way back.
    fn procedure(&mut self) -> String {
        let mut text = String::from("  procedure job(role who, yes-no flag) \"Job\" {\n");
        let event = self.random.chance(20);
        if event {
            text.push_str("    event fire \"Fire\" -> end bad\n");
        }
        text.push_str("    step first \"First\" by who {\n      when flag\n    }\n");
        text.push_str("    decide fine \"Fine?\" by who {\n");
        if self.random.chance(40) {
            text.push_str("      skip when not flag\n");
        }
        text.push_str("      answer yes \"Yes\" -> next\n      answer no \"No\" -> step first\n");
        text.push_str("    }\n    step last \"Last\" by who {\n");
        text.push_str(match self.random.chance(50) {
            true => "      when fine = yes\n    }\n",
            false => "      when flag and fine = yes\n    }\n",
        });
        text.push_str("  }\n");
        text
    }

    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{:width$}{text}", "", width = self.depth * 2);
    }

    fn open(&mut self, text: &str) {
        self.line(&format!("{text} {{"));
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.line("}");
    }

    fn items(&mut self, items: &[Plan], context: &mut Context) {
        let paths = items.iter().filter(|item| item.kind == Kind::Path).count();
        let otherwise = self.random.chance(60).then(|| self.random.below(paths));
        let mut path = 0;
        for item in items {
            if item.kind == Kind::Path {
                self.path(item, &mut context.clone(), otherwise == Some(path));
                path += 1;
            } else {
                self.write_item(item, context);
            }
        }
    }

    fn path(&mut self, plan: &Plan, context: &mut Context, otherwise: bool) {
        let name = &plan.name;
        self.open(&format!("path {name} \"Path {name}\""));
        if otherwise {
            self.line("otherwise");
        } else if self.random.chance(90) {
            let guard = self.guard(&context.facts.clone());
            self.line(&format!("when {guard}"));
        }
        for line in self.events(context, 8) {
            self.line(&line);
        }
        let (learned, stands) = (self.learned.clone(), self.stands.clone());
        self.items(&plan.children, context);
        (self.learned, self.stands) = (learned, stands);
        self.close();
    }

    fn write_item(&mut self, plan: &Plan, context: &mut Context) {
        let name = &plan.name;
        match plan.kind {
            Kind::Path => {}
            Kind::Step => {
                let head = self.by();
                self.open(&format!("step {name} \"Step {name}\"{head}"));
                self.conditions(context, 30);
                self.effects(context, 3);
                self.close();
            }
            Kind::People => self.by_people(plan, context),
            Kind::Facts => self.by_facts(plan, context),
            Kind::Stage => {
                let head = if self.random.chance(25) { self.by() } else { String::new() };
                self.open(&format!("stage {name} \"Stage {name}\"{head}"));
                self.conditions(context, 30);
                for line in self.events(context, 15) {
                    self.line(&line);
                }
                self.items(&plan.children, context);
                self.close();
            }
            Kind::Repeat => {
                let guard = self.random.chance(60).then(|| self.guard(&context.facts.clone()));
                let until = match guard {
                    Some(guard) if self.random.chance(30) => format!("{guard} \"It is fine\""),
                    Some(guard) => guard,
                    None => "\"It is fine\"".into(),
                };
                let most = self.at_most();
                self.open(&format!("repeat until {until}{most}"));
                self.items(&plan.children, context);
                self.close();
            }
            Kind::AnyOrder => self.any_order(plan, context),
            Kind::ForEach => {
                let least = if self.random.chance(50) { " at least 1" } else { "" };
                self.open(&format!("for each {name} \"Each {name}\"{least}"));
                self.items(&plan.children, context);
                self.close();
            }
            Kind::Run => self.run(context),
            Kind::Go => {
                let target = self.jump(context);
                let most = self.at_most();
                self.line(&format!("go {target}{most}"));
            }
            Kind::End => {
                let outcome = self.random.pick(&OUTCOMES).unwrap_or_default();
                self.line(&format!("end {outcome}"));
            }
        }
    }

    fn run(&mut self, context: &Context) {
        self.runs += 1;
        let yes_no = |fact: &&Fact| fact.kind == Type::YesNo && fact.follows.is_none();
        let mut flags: Vec<String> =
            context.facts.iter().filter(yes_no).map(|fact| fact.name.clone()).collect();
        flags.retain(|name| name.starts_with('f'));
        flags.extend(["yes".to_string(), "no".to_string()]);
        let flag = self.random.pick(&flags).unwrap_or_default();
        let who = if self.optional && self.random.chance(30) { "helper" } else { "worker" };
        let name = self.name("r");
        self.line(&format!("run job({who}, {flag}) as {name}"));
    }

    fn by(&mut self) -> String {
        match self.optional && self.random.chance(25) {
            true if self.random.chance(30) => " by any of helper, worker".into(),
            true => " by helper".into(),
            false => match self.count % 5 {
                0 => " by boss".into(),
                1 => " by lead".into(),
                _ => " by worker".into(),
            },
        }
    }

    fn at_most(&mut self) -> String {
        match self.settings.counts && self.random.chance(40) {
            true => format!(" at most {} times", self.random.between(1, 2)),
            false => String::new(),
        }
    }

    fn conditions(&mut self, context: &Context, percent: usize) {
        let facts = &context.facts;
        if self.random.chance(percent) {
            let guard = self.guard(facts);
            let text = if self.random.chance(10) { " \"Because\"" } else { "" };
            self.line(&format!("when {guard}{text}"));
            if self.random.chance(15) {
                let guard = self.guard(facts);
                self.line(&format!("when {guard}"));
            }
        }
        if self.random.chance(8) {
            self.line("when \"It seems needed\"");
        }
        if self.random.chance(8) {
            let guard = self.guard(facts);
            self.line(&format!("skip when {guard}"));
        }
        if self.random.chance(6) {
            let guard = self.guard(facts);
            self.line(&format!("skip by worker when {guard}"));
        }
        if self.random.chance(3) {
            self.line("skip by worker when \"There is no time\"");
        }
    }

    fn effects(&mut self, context: &Context, most: usize) {
        if self.points.chance(5) {
            self.line("undo \"Take it back\"");
        }
        if self.points.chance(4) {
            self.line("no way back \"It is seen\"");
        }
        if self.optional && self.points.chance(8) {
            self.line("approved by helper");
        }
        for _ in 0..self.random.below(most + 1) {
            let task = self.random.below(100);
            let lines: Vec<String> =
                (0..self.random.between(1, 2)).filter_map(|_| self.effect(context)).collect();
            if task < 25 && !lines.is_empty() {
                let each = task < 5;
                if each {
                    let name = self.name("e");
                    let least = if self.random.chance(40) { " at least 1" } else { "" };
                    self.open(&format!("for each {name} \"Each {name}\"{least}"));
                }
                let by = if self.random.chance(30) { self.by() } else { String::new() };
                self.open(&format!("do \"Task\"{by}"));
                if self.random.chance(70) {
                    let guard = self.guard(&context.facts.clone());
                    self.line(&format!("when {guard}"));
                }
                lines.iter().for_each(|line| self.line(line));
                self.close();
                if each {
                    self.close();
                }
            } else {
                lines.iter().for_each(|line| self.line(line));
            }
        }
    }

    fn stand(&mut self, name: &str) -> usize {
        self.stands.iter().find(|(other, _)| other == name).map_or(0, |(_, at)| *at)
    }

    fn put(&mut self, name: &str, state: usize) {
        self.stands.retain(|(other, _)| other != name);
        self.stands.push((name.into(), state));
    }

    fn effect(&mut self, context: &Context) -> Option<String> {
        match self.random.pick(&context.things)? {
            Thing::Later(name) => {
                self.learned.push(name.clone());
                let follows = |fact: &&Fact| fact.follows.as_deref() == Some(name.as_str());
                let derived = self.facts.iter().filter(follows).map(|fact| fact.name.clone());
                self.learned.extend(derived.collect::<Vec<_>>());
                Some(format!("learns {name}"))
            }
            Thing::Switch(name) => {
                let is_on = self.stand(&name) == 1;
                let on = if self.random.chance(90) { !is_on } else { is_on };
                self.put(&name, usize::from(on));
                Some(format!("turns {} {name}", if on { "on" } else { "off" }))
            }
            Thing::Artifact(name, states, per) => {
                let at = self.stand(&name);
                let needs = self.random.chance(if at > 0 { 60 } else { 8 });
                let good = if needs { at } else { at + 1 };
                let most = states.len().max(1);
                let state =
                    if self.random.chance(85) { good } else { self.random.between(1, most) };
                let state = state.clamp(1, most);
                if !needs {
                    self.put(&name, state);
                }
                let word = if needs { "needs" } else { "makes" };
                let state = states.get(state - 1).map(|state| format!(" {state}"));
                let state = state.filter(|_| self.random.chance(85)).unwrap_or_default();
                let on = match (per, self.random.chance(80)) {
                    (true, true) => " on here",
                    (true, false) => " on there",
                    (false, _) => "",
                };
                Some(format!("{word} {name}{state}{on}"))
            }
        }
    }

    /// A target that may be jumped to from here.
    fn jump(&mut self, context: &Context) -> String {
        let same = |target: &&Target| target.branches == context.branches;
        let targets: Vec<Target> = self.targets.iter().filter(same).cloned().collect();
        match self.random.pick(&targets) {
            Some(target) => target.text,
            None => "next".into(),
        }
    }

    fn target(&mut self, context: &Context) -> String {
        match self.random.below(100) {
            0..58 => "next".into(),
            58..84 => self.jump(context),
            _ => format!("end {}", self.random.pick(&OUTCOMES).unwrap_or_default()),
        }
    }

    /// A target that may be used up: of an answer or an event.
    fn counted(&mut self, context: &Context) -> String {
        let target = self.target(context);
        format!("{target}{}", self.at_most())
    }

    fn events(&mut self, context: &Context, percent: usize) -> Vec<String> {
        if !self.random.chance(percent) {
            return Vec::new();
        }
        let name = self.name("v");
        let target = self.counted(context);
        vec![format!("event {name} \"Event {name}\" -> {target}")]
    }

    fn by_people(&mut self, plan: &Plan, context: &mut Context) {
        let name = &plan.name;
        let by = self.by();
        self.open(&format!("decide {name} \"Decide {name}\"{by}"));
        self.conditions(context, 20);
        self.effects(context, 1);
        let mut values = vec!["yes".to_string(), "no".to_string()];
        self.line("answer yes \"Yes\" -> next");
        let target = self.counted(context);
        self.line(&format!("answer no \"No\" -> {target}"));
        if self.random.chance(20) {
            let target = self.counted(context);
            self.line(&format!("event boom \"Boom\" -> {target}"));
            values.push("boom".into());
        }
        if self.random.chance(15) {
            let target = self.target(context);
            self.line(&format!("after 3 days -> {target}"));
            values.push("timeout".into());
        }
        self.close();
        // It counts as known by then, though it may have been skipped.
        context.facts.push(Fact {
            name: name.clone(),
            kind: Type::Choice(values),
            later: false,
            follows: None,
        });
    }

    fn by_facts(&mut self, plan: &Plan, context: &mut Context) {
        let name = &plan.name;
        self.open(&format!("decide {name} \"Decide {name}\""));
        self.conditions(context, 12);
        self.effects(context, 1);
        let facts = context.facts.clone();
        if self.random.chance(25) {
            let guard = self.guard(&facts);
            let (one, other) = (self.target(context), self.target(context));
            self.line(&format!("when {guard} -> {one}"));
            self.line(&format!("when not ({guard}) -> {other}"));
        } else {
            for _ in 0..self.random.between(1, 3) {
                let guard = self.guard(&facts);
                let target = self.target(context);
                self.line(&format!("when {guard} -> {target}"));
            }
            if self.random.chance(70) {
                let target = self.target(context);
                self.line(&format!("otherwise -> {target}"));
            }
        }
        self.close();
    }

    fn any_order(&mut self, plan: &Plan, context: &mut Context) {
        let limit = match self.settings.at_a_time && self.random.chance(30) {
            true => " at most 1 at a time",
            false => "",
        };
        self.open(&format!("any order \"Any {}\"{limit}", plan.name));
        let conflicts = self.random.chance(6);
        let mut parts: Vec<Vec<Thing>> = vec![Vec::new(); plan.children.len()];
        for thing in &context.things {
            let part = self.random.below(parts.len());
            parts[part].push(thing.clone());
        }
        let mut after = context.facts.clone();
        for (index, child) in plan.children.iter().enumerate() {
            let mut inner = context.clone();
            inner.branches.push(format!("{}/{index}", plan.name));
            if !conflicts {
                inner.things = parts[index].clone();
                // What another branch may learn is not read here.
                let others = parts.iter().enumerate().filter(|(other, _)| *other != index);
                let others: Vec<&Thing> = others.flat_map(|(_, things)| things).collect();
                inner.facts.retain(|fact| {
                    let source = fact.follows.as_ref().unwrap_or(&fact.name);
                    !others.contains(&&Thing::Later(source.clone()))
                });
            }
            let before = inner.facts.clone();
            self.write_item(child, &mut inner);
            after.extend(inner.facts.into_iter().filter(|fact| !before.contains(fact)));
        }
        context.facts = after;
        self.close();
    }
}
