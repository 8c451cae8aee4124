//! The values of one fact, cut into cells in which every condition is the same.

use semver::{BuildMetadata, Prerelease, Version};
use std::ops::Range;

/// Values that no condition tells apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// The fact has no value yet.
    Unknown,
    /// One of a list.
    Choice(usize),
    /// Whole numbers, both ends included.
    Numbers { low: i64, high: i64 },
    /// Versions by precedence, without both ends; an end that is missing is open. Where both are
    /// the same, it is this version alone.
    Versions { above: Option<Version>, below: Option<Version> },
}

/// All values of a fact, as cells; where it may be unknown, that is the first.
#[derive(Clone, Debug)]
pub struct Domain {
    cells: Vec<Cell>,
}

impl Domain {
    /// One of so many.
    pub fn choices(count: usize) -> Self {
        Domain { cells: (0..count).map(Cell::Choice).collect() }
    }

    /// Whole numbers, both ends included, cut at constants.
    pub fn numbers(low: i64, high: i64, constants: &[i64]) -> Self {
        let mut cuts: Vec<i64> =
            constants.iter().copied().filter(|cut| (low..=high).contains(cut)).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let mut cells = Vec::new();
        let mut next = Some(low);
        for cut in cuts {
            if let Some(start) = next.filter(|start| *start < cut) {
                cells.push(Cell::Numbers { low: start, high: cut - 1 });
            }
            cells.push(Cell::Numbers { low: cut, high: cut });
            next = cut.checked_add(1);
        }
        if let Some(start) = next.filter(|start| *start <= high) {
            cells.push(Cell::Numbers { low: start, high });
        }
        Domain { cells }
    }

    /// Versions by precedence, cut at constants. The order is not dense: between 1.0.0 and 1.0.1-0
    /// there is nothing, so a cell is only there if a version in it can be named.
    pub fn versions(constants: &[Version]) -> Self {
        let mut cuts: Vec<Version> = constants.iter().map(without_build).collect();
        cuts.sort_by(Version::cmp_precedence);
        cuts.dedup_by(|a, b| a.cmp_precedence(b).is_eq());
        let mut cells = Vec::new();
        let mut above: Option<Version> = None;
        for cut in cuts {
            cells.push(Cell::Versions { above: above.take(), below: Some(cut.clone()) });
            cells.push(Cell::Versions { above: Some(cut.clone()), below: Some(cut.clone()) });
            above = Some(cut);
        }
        cells.push(Cell::Versions { above, below: None });
        cells.retain(|cell| cell.version().is_some());
        Domain { cells }
    }

    /// The same values, or none yet.
    pub fn or_unknown(mut self) -> Self {
        self.cells.insert(0, Cell::Unknown);
        self
    }

    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The cells for which this holds, as ranges.
    pub fn ranges(&self, mut holds: impl FnMut(&Cell) -> bool) -> Vec<Range<u32>> {
        let mut ranges: Vec<Range<u32>> = Vec::new();
        for (index, cell) in (0u32..).zip(&self.cells) {
            if !holds(cell) {
                continue;
            }
            match ranges.last_mut() {
                Some(last) if last.end == index => last.end += 1,
                _ => ranges.push(index..index + 1),
            }
        }
        ranges
    }
}

impl Cell {
    /// A version of this cell; none where it has none, or is of another kind.
    pub fn version(&self) -> Option<Version> {
        let Cell::Versions { above, below } = self else { return None };
        match (above, below) {
            (Some(only), Some(same)) if only.cmp_precedence(same).is_eq() => Some(only.clone()),
            _ => {
                let lowest = lowest();
                let least = above.as_ref().unwrap_or(&lowest);
                plain_steps(least)
                    .into_iter()
                    .chain(above.is_none().then_some(lowest.clone()))
                    .find(|version| self.has(version))
            }
        }
    }

    /// Whether a version is in this cell.
    pub fn has(&self, version: &Version) -> bool {
        let Cell::Versions { above, below } = self else { return false };
        match (above, below) {
            (Some(only), Some(same)) if only.cmp_precedence(same).is_eq() => {
                version.cmp_precedence(only).is_eq()
            }
            _ => {
                above.as_ref().is_none_or(|above| version.cmp_precedence(above).is_gt())
                    && below.as_ref().is_none_or(|below| version.cmp_precedence(below).is_lt())
            }
        }
    }
}

/// The version before all others.
pub(super) fn lowest() -> Version {
    Version { pre: pre("0"), ..Version::new(0, 0, 0) }
}

/// Versions after one, the plainest first; the last is the one right behind it.
fn plain_steps(version: &Version) -> Vec<Version> {
    let Version { major, minor, patch, .. } = *version;
    let mut steps = Vec::new();
    steps.extend(major.checked_add(1).map(|major| Version::new(major, 0, 0)));
    steps.extend(minor.checked_add(1).map(|minor| Version::new(major, minor, 0)));
    steps.extend(patch.checked_add(1).map(|patch| Version::new(major, minor, patch)));
    steps.push(Version::new(major, minor, patch));
    steps.extend(right_behind(version));
    steps
}

/// The version between which and this one there is none.
pub(super) fn right_behind(version: &Version) -> Option<Version> {
    let Version { major, minor, patch, .. } = *version;
    if version.pre.is_empty() {
        let patch = patch.checked_add(1)?;
        return Some(Version { pre: pre("0"), ..Version::new(major, minor, patch) });
    }
    let longer = Prerelease::new(&format!("{}.0", version.pre)).ok()?;
    Some(Version { pre: longer, ..Version::new(major, minor, patch) })
}

fn pre(text: &str) -> Prerelease {
    Prerelease::new(text).expect("a digit is a pre-release")
}

fn without_build(version: &Version) -> Version {
    Version { build: BuildMetadata::EMPTY, ..version.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).expect("a version")
    }

    #[test]
    fn numbers_are_cut_at_constants_and_nowhere_else() {
        let domain = Domain::numbers(0, 10, &[0, 3, 4, 20]);
        let numbers = |low, high| Cell::Numbers { low, high };
        let cells = [numbers(0, 0), numbers(1, 2), numbers(3, 3), numbers(4, 4), numbers(5, 10)];
        assert_eq!(domain.cells(), cells);
        let all = Domain::numbers(i64::MIN, i64::MAX, &[i64::MAX]);
        assert_eq!(all.cells().len(), 2);
    }

    #[test]
    fn there_is_no_cell_without_a_version() {
        let domain = Domain::versions(&[version("1.0.0"), version("1.0.1-0"), version("1.0.0+b")]);
        let shown: Vec<String> = domain
            .cells()
            .iter()
            .filter_map(Cell::version)
            .map(|version| version.to_string())
            .collect();
        assert_eq!(shown, ["0.1.0", "1.0.0", "1.0.1-0", "2.0.0"]);
        let lowest = Domain::versions(&[version("0.0.0-0")]);
        assert_eq!(lowest.cells().len(), 2);
    }

    #[test]
    fn nothing_is_between_a_version_and_the_one_right_behind() {
        for (of, behind) in
            [("1.2.3", "1.2.4-0"), ("1.2.3-rc", "1.2.3-rc.0"), ("1.0.0-1", "1.0.0-1.0")]
        {
            assert_eq!(right_behind(&version(of)), Some(version(behind)));
        }
    }
}
