//! Two versions and the hop between them: three facts of which the third follows from the others.

use super::domain::{lowest, right_behind};
use super::{Cases, Domain, OutOfFuel, Set};
use semver::{Prerelease, Version};
use std::collections::BTreeSet;

/// More versions than this to be tried in pairs would take too long.
const MOST_VERSIONS: usize = 6_000;

/// How far it is from one version to another. Semantic Versioning 2.0.0 names the parts; build
/// metadata does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hop {
    Downgrade,
    None,
    /// Only the patch differs, or the pre-release.
    Patch,
    Minor,
    Major,
}

impl Hop {
    pub const ALL: [Hop; 5] = [Hop::Downgrade, Hop::None, Hop::Patch, Hop::Minor, Hop::Major];

    pub fn between(from: &Version, to: &Version) -> Hop {
        match to.cmp_precedence(from) {
            std::cmp::Ordering::Less => Hop::Downgrade,
            std::cmp::Ordering::Equal => Hop::None,
            std::cmp::Ordering::Greater if to.major != from.major => Hop::Major,
            std::cmp::Ordering::Greater if to.minor != from.minor => Hop::Minor,
            std::cmp::Ordering::Greater => Hop::Patch,
        }
    }
}

/// For each hop, two versions that are so far apart, if there are any.
type Shown = [Option<(Version, Version)>; Hop::ALL.len()];

/// Which hops there are between the cells of two versions, each with versions that show it.
#[derive(Clone, Debug)]
pub struct VersionPair {
    /// By cell of the first, then cell of the second.
    shown: Vec<Vec<Shown>>,
}

impl VersionPair {
    /// Tries the versions near the constants at which the two are cut. Any hop between two cells
    /// shows itself there: what lies far from all constants behaves like what lies near.
    pub fn new(from: &Domain, to: &Domain) -> Result<Self, OutOfFuel> {
        let versions = near(from, to);
        if versions.len() > MOST_VERSIONS {
            return Err(OutOfFuel);
        }
        let cell_of = |domain: &Domain, version: &Version| {
            domain.cells().iter().position(|cell| cell.has(version))
        };
        let second_cells: Vec<Option<usize>> =
            versions.iter().map(|version| cell_of(to, version)).collect();
        let none = || std::array::from_fn(|_| None);
        let row: Vec<_> = to.cells().iter().map(|_| none()).collect();
        let mut shown: Vec<Vec<Shown>> = from.cells().iter().map(|_| row.clone()).collect();
        for first in &versions {
            let Some(row) = cell_of(from, first).and_then(|cell| shown.get_mut(cell)) else {
                continue;
            };
            for (second, cell) in versions.iter().zip(&second_cells) {
                let cell = cell.and_then(|cell| row.get_mut(cell));
                let Some(cell) = cell else { continue };
                let place = &mut cell[Hop::between(first, second) as usize];
                place.get_or_insert_with(|| (first.clone(), second.clone()));
            }
        }
        Ok(VersionPair { shown })
    }

    /// Versions in these two cells that are so far apart; none where there are none.
    pub fn example(&self, from: u32, to: u32, hop: Hop) -> Option<&(Version, Version)> {
        self.shown.get(from as usize)?.get(to as usize)?[hop as usize].as_ref()
    }

    /// The cases in which the hop is that of the two versions. The three are numbers of facts, and
    /// the cells of the hop are those of [`Hop::ALL`].
    pub fn possible(
        &self,
        cases: &mut Cases,
        from: usize,
        to: usize,
        hop: usize,
    ) -> Result<Set, OutOfFuel> {
        let mut all = Vec::new();
        for (first, row) in (0u32..).zip(&self.shown) {
            for (second, hops) in (0u32..).zip(row) {
                let here = |index: usize| hops[index].is_some();
                let ranges: Vec<_> = (0..Hop::ALL.len())
                    .filter(|index| here(*index))
                    .map(|index| index as u32..index as u32 + 1)
                    .collect();
                let hops = cases.where_in(hop, &ranges)?;
                let from = cases.where_in(from, std::slice::from_ref(&(first..first + 1)))?;
                let to = cases.where_in(to, std::slice::from_ref(&(second..second + 1)))?;
                let pair = cases.and(from, to)?;
                all.push(cases.and(pair, hops)?);
            }
        }
        cases.unite(all)
    }
}

/// Versions near the ends of all cells, plain ones first.
fn near(from: &Domain, to: &Domain) -> Vec<Version> {
    let mut ends = vec![lowest(), Version::new(1, 1, 1)];
    for cell in from.cells().iter().chain(to.cells()) {
        if let super::Cell::Versions { above, below } = cell {
            ends.extend(above.clone());
            ends.extend(below.clone());
        }
        ends.extend(cell.version());
    }
    let mut versions = BTreeSet::new();
    for end in &ends {
        let Version { major, minor, patch, .. } = *end;
        for (more, less) in [(0, 0), (1, 0), (2, 0), (0, 1)] {
            let at = |number: u64| number.saturating_add(more).saturating_sub(less);
            let plain = [
                Version::new(major, minor, at(patch)),
                Version::new(major, at(minor), 0),
                Version::new(major, at(minor), 1),
                Version::new(at(major), 0, 0),
                Version::new(at(major), 0, 1),
                Version::new(at(major), 1, 0),
                Version::new(at(major), 1, 1),
            ];
            versions.extend(plain.iter().flat_map(|version| [version.clone(), earliest(version)]));
        }
        versions.extend([end.clone()]);
        let behind = right_behind(end);
        versions.extend(behind.iter().filter_map(right_behind));
        versions.extend(behind);
    }
    let (plain, early): (Vec<_>, Vec<_>) =
        versions.into_iter().partition(|version| version.pre.is_empty());
    plain.into_iter().chain(early).collect()
}

/// The first pre-release of a version.
fn earliest(version: &Version) -> Version {
    let pre = Prerelease::new("0").expect("a digit is a pre-release");
    Version { pre, ..version.clone() }
}
