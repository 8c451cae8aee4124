//! The catalogue of releases.

use super::Release;
use super::resolve::{At, Resolver};
use super::rules::MISSING_LINE;
use crate::diagnostic::{Diagnostic, Edit, Mend};
use crate::source::Place;
use crate::syntax::tree::{Clause, Flag};

impl<'a> Resolver<'a> {
    /// A catalogue says something only of the versions that it is between.
    pub fn refuse_releases_of_nothing(&mut self) {
        if let Some(place) = self.release_of_nothing()
            && !self.names.may_be_unread("versions")
        {
            let finding =
                Diagnostic::new(&MISSING_LINE, place, "there are releases, but no versions").help(
                    "add a line `versions from \"…\" to \"…\"`: what is updated, and to what",
                );
            let line =
                "versions from \"The version that is there\" to \"The version that is wanted\"";
            let edit = Edit::suggested(self.model.place, Mend::LineInside(line.into()));
            let finding = finding.edit(edit);
            self.find(finding);
        }
    }

    /// The first release of the process, if it has no versions that it could lie between.
    pub fn release_of_nothing(&self) -> Option<Place> {
        let of_process = |release: &&Release| release.place.file == self.model.place.file;
        let needless = self.model.is_process && self.model.versions.is_none();
        let first = self.model.releases.iter().filter(|_| needless).find(of_process);
        first.map(|release| release.place)
    }

    pub fn version_of(&mut self, at: At<'a>) -> Option<semver::Version> {
        let span = at.node.clauses.iter().find_map(|clause| match clause {
            Clause::Version(span) => Some(*span),
            _ => None,
        })?;
        semver::Version::parse(at.text(span)).ok()
    }

    pub fn resolve_release(&mut self, at: At<'a>) {
        let Some(version) = self.version_of(at) else { return };
        let same = |release: &&Release| release.version.cmp_precedence(&version).is_eq();
        if let Some(first) = self.model.releases.iter().find(same).map(|release| release.place) {
            return self.stands_twice(&format!("release {version}"), at.here(), first);
        }
        let date = at.node.clauses.iter().find_map(|clause| match clause {
            Clause::Date(span) => Some(*span),
            _ => None,
        });
        if let Some(date) = date.filter(|date| !is_date(at.text(*date))) {
            let message = format!("there is no day `{}`", at.text(date));
            let finding = Diagnostic::new(&super::rules::TYPE_MISMATCH, at.place(date), message)
                .help("a date is a year, a month and a day, as `2024-08-22`");
            self.find(finding);
        }
        let stop_when = at.node.guard().and_then(|guard| self.guard(at, guard));
        let title = self.title_prose(at);
        self.model.releases.push(Release {
            version,
            place: at.here(),
            date: date.map(|date| at.text(date).to_string()),
            breaking: at.node.flag(Flag::Breaking),
            required_stop: at.node.flag(Flag::RequiredStop),
            stop_when,
            title,
        });
    }
}

/// Whether a date that is written YYYY-MM-DD is one of the calendar.
fn is_date(date: &str) -> bool {
    let mut parts = date.split('-').map(|part| part.parse::<u32>().unwrap_or(0));
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}
