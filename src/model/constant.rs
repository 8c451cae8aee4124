//! What people write for a value, read by the type of the fact.

use super::names::backticked;
use super::{FactType, Value};
use crate::diagnostic::{Applicability, nearest};

/// More decimals than this are no measurement.
pub const MOST_DECIMALS: u32 = 9;

impl FactType {
    /// The value of this type that a text stands for; none where it is none.
    pub fn read(&self, written: &str) -> Option<Value> {
        match self {
            FactType::YesNo => match written {
                "yes" => Some(Value::YesNo(true)),
                "no" => Some(Value::YesNo(false)),
                _ => None,
            },
            FactType::OneOf(choices) | FactType::Scale(choices) => {
                choices.iter().position(|choice| choice == written).map(Value::Choice)
            }
            FactType::Number { low, high, decimals } => {
                let number = scaled(written, *decimals)?;
                (*low..=*high).contains(&number).then_some(Value::Number(number))
            }
            FactType::Version => semver::Version::parse(written).ok().map(Value::Version),
        }
    }

    /// Which values there are, in words.
    pub fn allowed(&self) -> String {
        match self {
            FactType::YesNo => "`yes` and `no`".to_string(),
            FactType::OneOf(choices) | FactType::Scale(choices) => backticked(choices),
            FactType::Number { low, high, .. } => {
                let show = |number| self.show(&Value::Number(number));
                format!("the numbers from {} to {}", show(*low), show(*high))
            }
            FactType::Version => "versions of three parts, such as `2.1.0`".to_string(),
        }
    }

    /// The same as a sentence.
    pub fn its_values(&self) -> String {
        let allowed = self.allowed();
        match self.choices().is_some_and(|choices| choices.len() == 1) {
            true => format!("its only value is {allowed}"),
            false => format!("its values are {allowed}"),
        }
    }

    /// The value that was likely meant by what is none.
    pub fn likely(&self, written: &str) -> Option<(String, Applicability)> {
        let safe = |word: &str| Some((word.to_string(), Applicability::Safe));
        match (self, written) {
            (FactType::YesNo, "true" | "y" | "yes.") => safe("yes"),
            (FactType::YesNo, "false" | "n") => safe("no"),
            (FactType::Version, _) => {
                let parts = written.split('.').count();
                let full = format!("{written}{}", ".0".repeat(3usize.saturating_sub(parts)));
                let is_version = semver::Version::parse(&full).is_ok() && full != written;
                // `= 2.1` may be meant of every 2.1.
                is_version.then_some((full, Applicability::Suggested))
            }
            _ => {
                let choices = self.choices().unwrap_or_default().iter().map(String::as_str);
                let near = nearest(written, choices)?;
                Some((near.word.to_string(), near.applicability()))
            }
        }
    }
}

/// A decimal number in units of its last of `decimals` decimals; none where it does not fit.
pub fn scaled(written: &str, decimals: u32) -> Option<i64> {
    let (negative, digits) = match written.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, written),
    };
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(rest) {
        return None;
    }
    if rest.len() > decimals as usize || decimals > MOST_DECIMALS {
        return None;
    }
    let padded = format!("{whole}{rest:0<width$}", width = decimals as usize);
    let number: i64 = padded.parse().ok()?;
    Some(if negative { -number } else { number })
}
