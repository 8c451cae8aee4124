//! The words in which people are told what was expected.

use super::grammar::Rule;
use super::lower::kind_of;
use super::statement::Kind;
use std::fmt;

/// What could have stood somewhere, in the order in which it is told.
pub struct Expected {
    words: Vec<&'static str>,
    /// Words of the language in what is told as a whole.
    within: Vec<&'static str>,
}

impl Expected {
    pub fn of(rules: &[Rule]) -> Self {
        let mut words: Vec<&'static str> = rules
            .iter()
            .flat_map(|rule| beginnings(*rule).iter().copied().chain([word_of(*rule)]))
            .collect();
        words.retain(|word| !word.is_empty());
        // Names and texts first: they are what is most often missing.
        words.sort_by_key(|word| (word.starts_with('`'), *word == END, *word));
        words.dedup();
        if COMPARISONS.iter().all(|sign| words.contains(sign)) {
            words.retain(|word| !COMPARISONS.contains(word));
            words.insert(0, "a comparison such as `=`");
        }
        if words.is_empty() {
            words.push(END);
        }
        let within = rules.iter().flat_map(|rule| words_within(*rule)).copied().collect();
        Expected { words, within }
    }

    /// Those of them that are words of the language, up to where a number goes into them.
    pub fn keywords(&self) -> impl Iterator<Item = &'static str> {
        let quoted = |word: &'static str| word.strip_prefix('`')?.strip_suffix('`');
        let words = self.words.iter().filter_map(move |word| quoted(word));
        let words = words.map(|word| word.split(" …").next().unwrap_or(word));
        words.chain(self.within.iter().copied())
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.words.len().saturating_sub(1);
        for (index, word) in self.words.iter().enumerate() {
            let before = match index {
                0 => "",
                _ if index == last => " or ",
                _ => ", ",
            };
            write!(f, "{before}{word}")?;
        }
        Ok(())
    }
}

const COMPARISONS: [&str; 6] = ["`=`", "`!=`", "`<`", "`<=`", "`>`", "`>=`"];

const END: &str = "the end of the line";

/// The words that a rule without a word of its own may begin with.
fn beginnings(rule: Rule) -> &'static [&'static str] {
    match rule {
        Rule::only_after | Rule::different_roles | Rule::at_most_once => {
            &["`step`", "`stage`", "`path`", "`end`", "`artifact`"]
        }
        Rule::always => &["`after`"],
        Rule::record_type => &["`text`", "`number`", "`date-time`", "`link`"],
        _ => &[],
    }
}

/// The words of the language in what is told as a whole.
fn words_within(rule: Rule) -> &'static [&'static str] {
    match rule {
        Rule::parameter => {
            &["role", "environment", "yes-no", "one of", "scale", "number", "version"]
        }
        Rule::unit => &[
            "minute",
            "minutes",
            "hour",
            "hours",
            "day",
            "days",
            "week",
            "weeks",
            "month",
            "months",
            "working day",
            "working days",
        ],
        Rule::times | Rule::k_times => &["time"],
        _ => &[],
    }
}

/// Each rule of the grammar as people call it; the empty word is never told.
#[rustfmt::skip]
pub fn human(rule: Rule) -> &'static str {
    match rule {
        Rule::EOI => END,
        Rule::lines | Rule::one_line | Rule::comment | Rule::bad | Rule::only_after | Rule::different_roles | Rule::at_most_once | Rule::all_of | Rule::any_of | Rule::number_of | Rule::group | Rule::text_block | Rule::wrong_open | Rule::wrong_arrow | Rule::wrong_comparison | Rule::wrong_string | Rule::record_type => "",
        Rule::close => "`}`",
        Rule::open => "`{`",
        Rule::always | Rule::k_always => "`always`",
        Rule::never_both | Rule::never_after | Rule::k_never => "`never`",
        Rule::artifact_target | Rule::k_artifact => "`artifact`",
        Rule::by | Rule::skip_by | Rule::k_by => "`by`",
        Rule::with | Rule::k_with => "`with`",
        Rule::on | Rule::turn_on | Rule::on_one | Rule::k_on => "`on`",
        Rule::external | Rule::k_external => "`external`",
        Rule::optional | Rule::k_optional => "`optional`",
        Rule::live | Rule::k_live => "`live`",
        Rule::given_beforehand | Rule::k_given => "`given`",
        Rule::per_environment | Rule::k_per_environment => "`per environment`",
        Rule::normally_on | Rule::k_normally_on => "`normally on`",
        Rule::breaking | Rule::k_breaking => "`breaking`",
        Rule::required_stop | Rule::k_required_stop => "`required stop`",
        Rule::later | Rule::k_later => "`later`",
        Rule::internal_is | Rule::k_internal => "`internal`",
        Rule::one => "`1`",
        Rule::at_least_one => "`at least 1`",
        Rule::in_route => "`in route`",
        Rule::turn_off | Rule::k_off => "`off`",
        Rule::uses | Rule::k_uses => "`uses`",
        Rule::states | Rule::k_states => "`states`",
        Rule::sheet | Rule::k_sheet => "`sheet`",
        Rule::state => "a state",
        Rule::run_as | Rule::k_as => "`as`",
        Rule::yes_no => "`yes-no`",
        Rule::one_of | Rule::k_one_of => "`one of`",
        Rule::scale | Rule::k_scale => "`scale`",
        Rule::number_range | Rule::k_number => "`number`",
        Rule::any_version | Rule::k_version => "`version`",
        Rule::parameter => "a parameter",
        Rule::arguments | Rule::left => "`(`",
        Rule::times => "`at most … times`",
        Rule::at_a_time => "`at most … at a time`",
        Rule::next_target | Rule::k_next => "`next`",
        Rule::step_target | Rule::k_step => "`step`",
        Rule::stage_target | Rule::k_stage => "`stage`",
        Rule::path_target | Rule::k_path => "`path`",
        Rule::end_target | Rule::k_end => "`end`",
        Rule::of_step => "`of step`",
        Rule::before_step => "`before step`",
        Rule::after_step => "`after step`",
        Rule::duration => "a duration such as `2 days`",
        Rule::unit => "a unit of time (minutes, hours, days, working days, weeks, months)",
        
        Rule::guard | Rule::test => "a condition",
        Rule::takes_part | Rule::k_takes_part => "`takes part`",
        Rule::name_value => "a value",
        Rule::name | Rule::reference | Rule::references => "a name",
        Rule::integer => "a whole number",
        Rule::number => "a number",
        Rule::date => "a date",
        Rule::version => "a version such as `2.1.0`",
        Rule::string => "a text in quotes",
        Rule::arrow => "`->`",
        Rule::comma => "`,`",
        Rule::colon => "`:`",
        Rule::right => "`)`",
        Rule::up_to => "`..`",
        Rule::equals => "`=`",
        Rule::unequal => "`!=`",
        Rule::less => "`<`",
        Rule::greater => "`>`",
        Rule::at_most_sign => "`<=`",
        Rule::at_least_sign => "`>=`",
        Rule::k_use => "`use`",
        Rule::k_process => "`process`",
        Rule::k_owner => "`owner`",
        Rule::k_versions => "`versions`",
        Rule::k_from => "`from`",
        Rule::k_to => "`to`",
        Rule::k_assume => "`assume`",
        Rule::k_trigger => "`trigger`",
        Rule::k_outcome => "`outcome`",
        Rule::k_about => "`about`",
        Rule::k_role => "`role`",
        Rule::k_resource => "`resource`",
        Rule::k_environment => "`environment`",
        Rule::k_switch => "`switch`",
        Rule::k_fact => "`fact`",
        Rule::k_release => "`release`",
        Rule::k_procedure => "`procedure`",
        Rule::k_decide => "`decide`",
        Rule::k_repeat_until => "`repeat until`",
        Rule::k_any_order => "`any order`",
        Rule::k_for_each => "`for each`",
        Rule::k_run => "`run`",
        Rule::k_go => "`go`",
        Rule::k_event => "`event`",
        Rule::k_when => "`when`",
        Rule::k_otherwise => "`otherwise`",
        Rule::k_skip => "`skip`",
        Rule::k_answer => "`answer`",
        Rule::k_after => "`after`",
        Rule::k_do => "`do`",
        Rule::k_notify => "`notify`",
        Rule::k_needs => "`needs`",
        Rule::k_makes => "`makes`",
        Rule::k_turns => "`turns`",
        Rule::k_learns => "`learns`",
        Rule::k_record => "`record`",
        Rule::k_approved_by => "`approved by`",
        Rule::k_undo => "`undo`",
        Rule::k_no_way_back => "`no way back`",
        Rule::k_takes => "`takes`",
        Rule::k_within => "`within`",
        Rule::k_note => "`note`",
        Rule::k_warning => "`warning`",
        Rule::k_link => "`link`",
        Rule::k_rule => "`rule`",
        Rule::k_scenario => "`scenario`",
        Rule::k_expect => "`expect`",
        Rule::k_only => "`only`",
        Rule::k_since => "`since`",
        Rule::k_both => "`both`",
        Rule::k_once => "`once`",
        Rule::k_different => "`different`",
        Rule::k_roles => "`roles`",
        Rule::k_of => "`of`",
        Rule::k_all => "`all of`",
        Rule::k_any => "`any of`",
        Rule::k_in => "`in`",
        Rule::k_route => "`route`",
        Rule::k_yes_no => "`yes-no`",
        Rule::k_at_most => "`at most`",
        Rule::k_at_least => "`at least`",
        Rule::k_times => "`times`",
        Rule::k_at_a_time => "`at a time`",
        Rule::k_before => "`before`",
        Rule::k_and => "`and`",
        Rule::k_or => "`or`",
        Rule::k_not => "`not`",
        // Rules without a token of their own are never expected as such.
        Rule::WHITESPACE | Rule::line | Rule::line_end | Rule::newline | Rule::block_open | Rule::statement | Rule::internal | Rule::template | Rule::happening | Rule::goes_on | Rule::named | Rule::head | Rule::who | Rule::fact_type | Rule::parameters | Rule::leads_to | Rule::target | Rule::guard_part | Rule::comparison | Rule::value | Rule::name_start | Rule::name_char | Rule::beyond_ascii | Rule::reserved | Rule::word_end | Rule::version_core | Rule::version_tail | Rule::version_word | Rule::text | Rule::block_lines | Rule::block_end => "",
        // Statements are told by their keyword: see `word_of`.
        Rule::use_file | Rule::process | Rule::version_is | Rule::owner | Rule::versions | Rule::assume | Rule::trigger | Rule::outcome | Rule::about | Rule::role | Rule::resource | Rule::environment | Rule::artifact | Rule::switch | Rule::fact | Rule::release | Rule::procedure | Rule::path | Rule::stage | Rule::step | Rule::decide | Rule::repeat | Rule::any_order | Rule::for_each | Rule::run | Rule::go | Rule::end | Rule::event | Rule::when | Rule::otherwise | Rule::skip | Rule::do_task | Rule::notify | Rule::needs | Rule::makes | Rule::turns | Rule::learns | Rule::record | Rule::approved_by | Rule::undo | Rule::no_way_back | Rule::takes | Rule::within | Rule::at_least | Rule::note | Rule::warning | Rule::link | Rule::answer | Rule::after | Rule::process_rule | Rule::scenario | Rule::given | Rule::expect => "",
    }
}

/// The word that a rule of the grammar is to people; `kind_of` names the statements.
fn word_of(rule: Rule) -> &'static str {
    match kind_of(rule) {
        Kind::File => human(rule),
        kind => kind.word(),
    }
}
