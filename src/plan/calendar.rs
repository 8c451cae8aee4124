//! Days and times of day, as people plan them. Nothing here asks a clock, and there are no time zones.

use crate::model::{Duration, Unit};
use jiff::civil::{Date, Time, Weekday};
use jiff::{Span, ToSpan};
use serde::{Serialize, Serializer};
use std::fmt;

/// A day, and where it is known the time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    date: Date,
    time: Option<Time>,
}

/// Which way to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Before,
    After,
}

impl Moment {
    /// Reads `2026-03-01`, `2026-03-01 22:00` and `2026-03-01T22:00`; seconds are let go.
    pub fn read(text: &str) -> Option<Moment> {
        let (date, time) = match text.split_once(['T', ' ']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let numbers = |text: &str, sign: char, lengths: &[usize]| {
            let parts: Vec<&str> = text.split(sign).collect();
            let fits = parts.iter().zip(lengths).all(|(part, length)| {
                part.len() == *length && part.bytes().all(|byte| byte.is_ascii_digit())
            });
            let numbers = parts.iter().map(|part| part.parse::<i16>().ok());
            numbers.collect::<Option<Vec<_>>>().filter(|found| fits && found.len() <= lengths.len())
        };
        let date = match numbers(date, '-', &[4, 2, 2])?.as_slice() {
            [year, month, day] => Date::new(*year, narrow(*month)?, narrow(*day)?).ok()?,
            _ => return None,
        };
        let time = match time.map(|time| numbers(time, ':', &[2, 2, 2])) {
            None => None,
            Some(found) => match found?.as_slice() {
                [hour, minute] | [hour, minute, _] => {
                    Some(Time::new(narrow(*hour)?, narrow(*minute)?, 0, 0).ok()?)
                }
                _ => return None,
            },
        };
        Some(Moment { date, time })
    }

    /// The moment that is so long before or after this one. None where hours are counted from a day
    /// without a time, and beyond the years of the calendar.
    pub fn moved(self, way: Way, duration: Duration) -> Option<Moment> {
        let count = i64::from(duration.count);
        let span = Span::new();
        match duration.unit {
            Unit::Minutes => self.by_the_clock(way, span.try_minutes(count).ok()?),
            Unit::Hours => self.by_the_clock(way, span.try_hours(count).ok()?),
            Unit::Days => self.by_days(way, span.try_days(count).ok()?),
            Unit::Weeks => self.by_days(way, span.try_weeks(count).ok()?),
            Unit::Months => self.by_days(way, span.try_months(count).ok()?),
            Unit::WorkingDays => self.by_working_days(way, count),
        }
    }

    fn by_the_clock(self, way: Way, span: Span) -> Option<Moment> {
        let from = self.date.to_datetime(self.time?);
        let moved = match way {
            Way::Before => from.checked_sub(span),
            Way::After => from.checked_add(span),
        };
        let moved = moved.ok()?;
        Some(Moment { date: moved.date(), time: Some(moved.time()) })
    }

    fn by_days(self, way: Way, span: Span) -> Option<Moment> {
        let date = match way {
            Way::Before => self.date.checked_sub(span),
            Way::After => self.date.checked_add(span),
        };
        Some(Moment { date: date.ok()?, ..self })
    }

    /// Saturdays and Sundays do not count; holidays are not known.
    fn by_working_days(self, way: Way, count: i64) -> Option<Moment> {
        let mut at = self.by_days(way, Span::new().try_weeks(count / 5).ok()?)?;
        let mut left = count % 5;
        // From a weekend, the whole weeks lead to a weekend: one of their days is not used up yet.
        if at.is_weekend() && left == 0 && count > 0 {
            at = at.by_days(opposite(way), 1.week())?;
            left = 5;
        }
        while left > 0 {
            at = at.by_days(way, 1.day())?;
            left -= i64::from(!at.is_weekend());
        }
        Some(at)
    }

    /// Year, month and day.
    pub fn day(self) -> (i16, i8, i8) {
        (self.date.year(), self.date.month(), self.date.day())
    }

    /// Hour and minute, where they are known.
    pub fn time_of_day(self) -> Option<(i8, i8)> {
        self.time.map(|time| (time.hour(), time.minute()))
    }

    fn is_weekend(self) -> bool {
        matches!(self.date.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// Whether it is earlier than another, as far as both are known.
    pub fn is_before(self, other: Moment) -> bool {
        match (self.time, other.time) {
            (Some(own), Some(others)) => (self.date, own) < (other.date, others),
            _ => self.date < other.date,
        }
    }
}

fn opposite(way: Way) -> Way {
    match way {
        Way::Before => Way::After,
        Way::After => Way::Before,
    }
}

fn narrow(number: i16) -> Option<i8> {
    i8::try_from(number).ok()
}

/// "Sun 1 Mar 2026, 22:00": no two countries read it differently.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date.strftime("%a %-d %b %Y"))?;
        self.time.map_or(Ok(()), |time| write!(f, ", {}", time.strftime("%H:%M")))
    }
}

/// As it is shown.
impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::{Moment, Way};
    use crate::model::{Duration, Unit};

    #[test]
    fn reads_what_iso_writes() {
        for (text, shown) in [
            ("2026-03-01", Some("Sun 1 Mar 2026")),
            ("2026-03-01T22:00", Some("Sun 1 Mar 2026, 22:00")),
            ("2026-03-01 07:05:59", Some("Sun 1 Mar 2026, 07:05")),
            ("2028-02-29", Some("Tue 29 Feb 2028")),
            ("2026-02-29", None),
            ("2026-3-1", None),
            ("01-03-2026", None),
            ("2026-03-01T25:00", None),
            ("2026-03-01T", None),
            ("2026-03-01Z", None),
            ("2026-03-01T22:00:00:00", None),
            ("2026-03-+1", None),
            ("", None),
        ] {
            let read = Moment::read(text).map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), shown, "{text}");
        }
    }

    #[test]
    fn counts_before_and_after() {
        use Way::{After, Before};
        for (from, way, count, unit, expected) in [
            ("2026-03-01", Before, 2, Unit::Days, "Fri 27 Feb 2026"),
            ("2026-03-31", Before, 1, Unit::Months, "Sat 28 Feb 2026"),
            ("2026-03-01T01:00", Before, 2, Unit::Hours, "Sat 28 Feb 2026, 23:00"),
            ("2026-03-01T22:00", After, 1, Unit::Weeks, "Sun 8 Mar 2026, 22:00"),
            ("2026-03-01", Before, 2, Unit::Hours, "none"),
            // From Wednesday 4 March.
            ("2026-03-04", Before, 2, Unit::WorkingDays, "Mon 2 Mar 2026"),
            ("2026-03-04", Before, 3, Unit::WorkingDays, "Fri 27 Feb 2026"),
            ("2026-03-04", After, 3, Unit::WorkingDays, "Mon 9 Mar 2026"),
            ("2026-03-04", After, 10, Unit::WorkingDays, "Wed 18 Mar 2026"),
            ("2026-03-04", After, 0, Unit::WorkingDays, "Wed 4 Mar 2026"),
            // From Saturday 7 March.
            ("2026-03-07", Before, 1, Unit::WorkingDays, "Fri 6 Mar 2026"),
            ("2026-03-07", Before, 5, Unit::WorkingDays, "Mon 2 Mar 2026"),
            ("2026-03-07", After, 5, Unit::WorkingDays, "Fri 13 Mar 2026"),
            ("2026-03-07", After, 6, Unit::WorkingDays, "Mon 16 Mar 2026"),
            ("2026-03-07", After, u32::MAX, Unit::WorkingDays, "none"),
            ("2026-03-07", After, u32::MAX, Unit::Months, "none"),
            ("2026-03-07", Before, u32::MAX, Unit::Minutes, "none"),
        ] {
            let moment = Moment::read(from).expect("it is a date");
            let moved = moment.moved(way, Duration { count, unit });
            let shown = moved.map_or("none".to_string(), |moment| moment.to_string());
            assert_eq!(shown, expected, "{count} {unit:?} {way:?} {from}");
        }
    }
}
