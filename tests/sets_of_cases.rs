//! The engine of cases, held against brute force over all cells and against a package for binary
//! decision diagrams that knows nothing of it.

use biodivine_lib_bdd::{Bdd, BddVariable, BddVariableSet};
use proptest::prelude::*;
use semver::Version;
use vup::cases::{Cases, Domain, Hop, OutOfFuel, Set, VersionPair};

/// A condition over facts with few cells each.
#[derive(Clone, Debug)]
enum Guard {
    In(usize, Vec<u32>),
    Not(Box<Guard>),
    And(Box<Guard>, Box<Guard>),
    Or(Box<Guard>, Box<Guard>),
    Minus(Box<Guard>, Box<Guard>),
    Forget(usize, Box<Guard>),
}

const CELLS: [u32; 4] = [2, 3, 5, 4];

fn guards() -> impl Strategy<Value = Guard> {
    let leaf = (0..CELLS.len(), proptest::collection::vec(0u32..5, 0..4))
        .prop_map(|(fact, cells)| Guard::In(fact, cells));
    leaf.prop_recursive(5, 40, 2, |inner| {
        let two = (inner.clone(), inner.clone());
        prop_oneof![
            inner.clone().prop_map(|a| Guard::Not(Box::new(a))),
            two.clone().prop_map(|(a, b)| Guard::And(Box::new(a), Box::new(b))),
            two.clone().prop_map(|(a, b)| Guard::Or(Box::new(a), Box::new(b))),
            two.prop_map(|(a, b)| Guard::Minus(Box::new(a), Box::new(b))),
            (0..CELLS.len(), inner).prop_map(|(fact, a)| Guard::Forget(fact, Box::new(a))),
        ]
    })
}

fn holds(guard: &Guard, case: &[u32]) -> bool {
    match guard {
        Guard::In(fact, cells) => cells.contains(&case[*fact]),
        Guard::Not(a) => !holds(a, case),
        Guard::And(a, b) => holds(a, case) && holds(b, case),
        Guard::Or(a, b) => holds(a, case) || holds(b, case),
        Guard::Minus(a, b) => holds(a, case) && !holds(b, case),
        Guard::Forget(fact, a) => (0..CELLS[*fact]).any(|cell| {
            let mut other = case.to_vec();
            other[*fact] = cell;
            holds(a, &other)
        }),
    }
}

fn set_of(guard: &Guard, cases: &mut Cases) -> Result<Set, OutOfFuel> {
    match guard {
        Guard::In(fact, cells) => {
            let mut cells: Vec<u32> =
                cells.iter().copied().filter(|cell| *cell < CELLS[*fact]).collect();
            cells.sort_unstable();
            cells.dedup();
            let ranges: Vec<_> = cells.iter().map(|cell| *cell..cell + 1).collect();
            cases.where_in(*fact, &ranges)
        }
        Guard::Not(a) => {
            let a = set_of(a, cases)?;
            cases.not(a)
        }
        Guard::And(a, b) => {
            let (a, b) = (set_of(a, cases)?, set_of(b, cases)?);
            cases.and(a, b)
        }
        Guard::Or(a, b) => {
            let (a, b) = (set_of(a, cases)?, set_of(b, cases)?);
            cases.or(a, b)
        }
        Guard::Minus(a, b) => {
            let (a, b) = (set_of(a, cases)?, set_of(b, cases)?);
            cases.minus(a, b)
        }
        Guard::Forget(fact, a) => {
            let a = set_of(a, cases)?;
            cases.forget(a, *fact)
        }
    }
}

/// Each cell of each fact is a variable; exactly one of a fact's is true.
struct Oracle {
    variables: BddVariableSet,
    cells: Vec<Vec<BddVariable>>,
}

impl Oracle {
    fn new() -> Self {
        let count: u32 = CELLS.iter().sum();
        let variables = BddVariableSet::new_anonymous(count as u16);
        let mut all = variables.variables().into_iter();
        let cells =
            CELLS.iter().map(|cells| all.by_ref().take(*cells as usize).collect()).collect();
        Oracle { variables, cells }
    }

    fn one_each(&self) -> Bdd {
        let exactly_one = |cells: &Vec<BddVariable>| self.variables.mk_sat_exactly_k(1, cells);
        let each = self.cells.iter().map(exactly_one);
        each.fold(self.variables.mk_true(), |all, one| all.and(&one))
    }

    fn of(&self, guard: &Guard) -> Bdd {
        match guard {
            Guard::In(fact, cells) => {
                let mut any = self.variables.mk_false();
                for cell in cells.iter().filter(|cell| **cell < CELLS[*fact]) {
                    any = any.or(&self.variables.mk_var(self.cells[*fact][*cell as usize]));
                }
                any
            }
            Guard::Not(a) => self.of(a).not(),
            Guard::And(a, b) => self.of(a).and(&self.of(b)),
            Guard::Or(a, b) => self.of(a).or(&self.of(b)),
            Guard::Minus(a, b) => self.of(a).and_not(&self.of(b)),
            Guard::Forget(fact, a) => self.of(a).and(&self.one_each()).exists(&self.cells[*fact]),
        }
    }
}

fn every_case() -> impl Iterator<Item = Vec<u32>> {
    let count: u32 = CELLS.iter().product();
    (0..count).map(|mut number| {
        CELLS
            .iter()
            .map(|cells| {
                let cell = number % cells;
                number /= cells;
                cell
            })
            .collect()
    })
}

fn cases() -> Cases {
    Cases::new(CELLS.to_vec(), 1_000_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_set_has_the_cases_in_which_its_guard_holds(guard in guards()) {
        let mut cases = cases();
        let set = set_of(&guard, &mut cases).expect("fuel");
        for case in every_case() {
            prop_assert_eq!(cases.contains(set, &case), holds(&guard, &case), "{:?}", case);
        }
    }

    #[test]
    fn equal_sets_are_the_same_set(a in guards(), b in guards()) {
        let mut cases = cases();
        let first = set_of(&a, &mut cases).expect("fuel");
        let second = set_of(&b, &mut cases).expect("fuel");
        let equal = every_case().all(|case| holds(&a, &case) == holds(&b, &case));
        prop_assert_eq!(first == second, equal);
        let oracle = Oracle::new();
        let one_each = oracle.one_each();
        let other = oracle.of(&a).and(&one_each) == oracle.of(&b).and(&one_each);
        prop_assert_eq!(equal, other);
        prop_assert_eq!(first.is_empty(), oracle.of(&a).and(&one_each).is_false());
    }

    #[test]
    fn the_union_of_many_is_what_is_in_any(guards in proptest::collection::vec(guards(), 0..7)) {
        let mut cases = cases();
        let sets: Result<Vec<Set>, _> = guards.iter().map(|guard| set_of(guard, &mut cases)).collect();
        let sets = sets.expect("fuel");
        let united = cases.unite(sets.iter().copied()).expect("fuel");
        let mut one_by_one = Set::NONE;
        for set in &sets {
            one_by_one = cases.or(one_by_one, *set).expect("fuel");
        }
        prop_assert_eq!(united, one_by_one);
    }

    #[test]
    fn the_values_of_a_fact_are_those_that_some_case_has(guard in guards()) {
        let mut cases = cases();
        let set = set_of(&guard, &mut cases).expect("fuel");
        for (fact, cells) in CELLS.iter().enumerate() {
            let has = |cell| every_case().any(|case| case[fact] == cell && holds(&guard, &case));
            let values: Vec<bool> = (0..*cells).map(has).collect();
            prop_assert_eq!(cases.values(set, fact).expect("fuel"), values);
        }
    }

    #[test]
    fn sets_whose_hulls_do_not_meet_have_no_case_in_common(a in guards(), b in guards()) {
        let mut cases = cases();
        let first = set_of(&a, &mut cases).expect("fuel");
        let second = set_of(&b, &mut cases).expect("fuel");
        let both = every_case().any(|case| holds(&a, &case) && holds(&b, &case));
        prop_assert!(!both || cases.hull(first).meets(&cases.hull(second)));
        if let (Guard::In(fact, cells), Guard::In(other, others)) = (&a, &b)
            && fact == other
            && cells.iter().max() < others.iter().min()
        {
            prop_assert!(!cases.hull(first).meets(&cases.hull(second)));
        }
    }

    #[test]
    fn a_witness_is_a_block_of_cases_and_cannot_be_widened(guard in guards()) {
        let mut cases = cases();
        let set = set_of(&guard, &mut cases).expect("fuel");
        let Some(witness) = cases.widest(set).expect("fuel") else {
            return {
                let _: () = prop_assert!(set.is_empty());
                Ok(())
            };
        };
        let within = |case: &[u32], leave_out: Option<usize>| {
            let mut facts = witness.facts.iter().filter(|(fact, _)| Some(*fact) != leave_out);
            facts.all(|(fact, ranges)| ranges.iter().any(|range| range.contains(&case[*fact])))
        };
        prop_assert!(holds(&guard, &witness.case) && within(&witness.case, None));
        for case in every_case().filter(|case| within(case, None)) {
            prop_assert!(holds(&guard, &case), "{:?} is in the block of {:?}", case, witness);
        }
        for (fact, ranges) in &witness.facts {
            for cell in (0..CELLS[*fact]).filter(|cell| !ranges.iter().any(|range| range.contains(cell))) {
                let stays = |case: &Vec<u32>| case[*fact] != cell || !within(case, Some(*fact)) || holds(&guard, case);
                prop_assert!(!every_case().all(|case| stays(&case)), "fact {} could be {} too", fact, cell);
            }
        }
    }

    #[test]
    fn little_fuel_is_told_and_never_a_wrong_answer(guard in guards(), fuel in 0usize..40) {
        let mut small = Cases::new(CELLS.to_vec(), fuel);
        if let Ok(set) = set_of(&guard, &mut small) {
            for case in every_case() {
                prop_assert_eq!(small.contains(set, &case), holds(&guard, &case));
            }
        }
    }

    #[test]
    fn a_hop_is_possible_between_two_cells_if_any_two_versions_show_it(
        from in proptest::collection::vec(small_version(), 0..3),
        to in proptest::collection::vec(small_version(), 0..3),
    ) {
        let (from, to) = (Domain::versions(&from), Domain::versions(&to));
        let pair = VersionPair::new(&from, &to).expect("few versions");
        let versions = all_small_versions();
        for (i, first) in (0u32..).zip(from.cells()) {
            for (j, second) in (0u32..).zip(to.cells()) {
                for hop in Hop::ALL {
                    let found = pair.example(i, j, hop);
                    if let Some((a, b)) = found {
                        prop_assert!(first.has(a) && second.has(b) && Hop::between(a, b) == hop);
                    }
                    let by_trying = versions.iter().filter(|a| first.has(a)).any(|a| {
                        versions.iter().any(|b| second.has(b) && Hop::between(a, b) == hop)
                    });
                    prop_assert!(found.is_some() || !by_trying, "{:?} from {:?} to {:?}", hop, first, second);
                }
            }
        }
    }
}

fn small_version() -> impl Strategy<Value = Version> {
    (0u64..3, 0u64..3, 0u64..3, prop_oneof![Just(""), Just("-0"), Just("-rc"), Just("-rc.1")])
        .prop_map(|(major, minor, patch, pre)| {
            Version::parse(&format!("{major}.{minor}.{patch}{pre}")).expect("a version")
        })
}

/// More versions than the constants are taken from, on each side of each of them.
fn all_small_versions() -> Vec<Version> {
    let mut versions = Vec::new();
    for major in 0..5 {
        for minor in 0..4 {
            for patch in 0..4 {
                for pre in ["", "-0", "-0.0", "-a", "-rc", "-rc.0", "-rc.1", "-z"] {
                    let text = format!("{major}.{minor}.{patch}{pre}");
                    versions.push(Version::parse(&text).expect("a version"));
                }
            }
        }
    }
    versions
}
