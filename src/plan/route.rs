//! The way between two versions: where it stops, and what it crosses.

use super::Values;
use crate::model::{FactId, Model, Release, Value};
use semver::Version;

/// The way from one version to another, by the catalogue of releases.
#[derive(Clone, Debug)]
pub struct Route<'m> {
    pub from: Version,
    pub to: Version,
    /// The required stops strictly between the two, in order.
    pub stops: Vec<Stop<'m>>,
    /// The breaking releases above the first version and not above the second.
    pub breaking: Vec<&'m Release>,
}

/// A release that the way stops at.
#[derive(Clone, Debug)]
pub struct Stop<'m> {
    pub release: &'m Release,
    /// What must be known to tell whether it is required; empty where it is.
    pub depends_on: Vec<FactId>,
}

/// None where there is no catalogue, where a version is not known, and where the way leads nowhere
/// higher.
pub fn route<'m>(model: &'m Model, values: &Values<'_>) -> Option<Route<'m>> {
    let versions = model.versions.as_ref()?;
    let (Some(Value::Version(from)), Some(Value::Version(to))) =
        (values.known().get(&versions.from), values.known().get(&versions.to))
    else {
        return None;
    };
    if model.releases.is_empty() || to.cmp_precedence(from).is_le() {
        return None;
    }
    let above = |release: &&Release| release.version.cmp_precedence(from).is_gt();
    let below = |release: &&Release| release.version.cmp_precedence(to).is_lt();
    let not_above = |release: &&Release| release.version.cmp_precedence(to).is_le();
    let crossed = || model.releases.iter().filter(above);
    let stops = crossed().filter(below).filter(|release| release.required_stop);
    let stops = stops.filter_map(|release| {
        let required = release.stop_when.as_ref().map_or(Ok(true), |when| values.holds(when));
        match required {
            Ok(false) => None,
            Ok(true) => Some(Stop { release, depends_on: Vec::new() }),
            Err(depends_on) => Some(Stop { release, depends_on }),
        }
    });
    Some(Route {
        from: from.clone(),
        to: to.clone(),
        stops: stops.collect(),
        breaking: crossed().filter(not_above).filter(|release| release.breaking).collect(),
    })
}
