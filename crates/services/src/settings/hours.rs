//! Working time: hours of a day, and days off. Each has a textual form for the catalog.

use crate::Failure;

/// From when until when people work on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkHours {
    /// The hour that work starts at, 0 to 23.
    pub start_hour: u8,
    /// The minute of that hour, 0 to 59.
    pub start_minute: u8,
    /// The hour that work ends at, 0 to 23.
    pub end_hour: u8,
    /// The minute of that hour, 0 to 59.
    pub end_minute: u8,
}

/// A day off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The date as `yyyy-MM-dd`.
    pub date: String,
    /// What is celebrated, on one line.
    pub description: String,
}

impl Default for WorkHours {
    /// From 8:00 to 17:00.
    fn default() -> Self {
        Self {
            start_hour: 8,
            start_minute: 0,
            end_hour: 17,
            end_minute: 0,
        }
    }
}

impl WorkHours {
    pub(super) fn check(self) -> Result<(), Failure> {
        let hours = self.start_hour < 24 && self.end_hour < 24;
        let minutes = self.start_minute < 60 && self.end_minute < 60;
        let order = (self.start_hour, self.start_minute) <= (self.end_hour, self.end_minute);
        if hours && minutes && order {
            return Ok(());
        }
        Err(Failure::invalid(
            "work week",
            "hours are 0 to 23, minutes 0 to 59, the start is before the end",
        ))
    }

    pub(super) fn text(self) -> String {
        format!(
            "{}:{:02}-{}:{:02}",
            self.start_hour, self.start_minute, self.end_hour, self.end_minute
        )
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (start, end) = text.split_once('-')?;
        let (start_hour, start_minute) = start.split_once(':')?;
        let (end_hour, end_minute) = end.split_once(':')?;
        Some(Self {
            start_hour: start_hour.parse().ok()?,
            start_minute: start_minute.parse().ok()?,
            end_hour: end_hour.parse().ok()?,
            end_minute: end_minute.parse().ok()?,
        })
    }
}

impl Holiday {
    pub(super) fn check(&self) -> Result<(), Failure> {
        if !is_date(&self.date) {
            return Err(Failure::invalid("holidays", "a date is yyyy-MM-dd"));
        }
        if self.description.contains(char::is_control) || self.description.len() > 1000 {
            return Err(Failure::invalid(
                "holidays",
                "a description has up to 1000 bytes on one line",
            ));
        }
        Ok(())
    }

    pub(super) fn text(&self) -> String {
        format!("{} {}", self.date, self.description)
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (date, description) = text.split_once(' ')?;
        Some(Self {
            date: date.to_owned(),
            description: description.to_owned(),
        })
    }
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let mut next = |digits: usize| {
        let part = parts
            .next()
            .filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        part.parse::<u32>().ok()
    };
    let (year, month, day) = (next(4), next(2), next(2));
    let (Some(year), Some(month), Some(day)) = (year, month, day) else {
        return false;
    };
    parts.next().is_none() && year > 0 && (1..=days_in(year, month)).contains(&day)
}

/// Days in a month of the Gregorian calendar; none in a month that there is not.
fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{WorkHours, is_date};

    #[test]
    fn dates_are_days_that_there_are() {
        for good in ["2026-12-25", "2024-02-29", "2000-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in [
            "",
            "2026-1-05",
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-04-31",
            "2026-04-30-",
            "+026-04-30",
        ] {
            assert!(!is_date(bad), "{bad}");
        }
    }

    #[test]
    fn hours_round_trip() {
        let hours = WorkHours {
            start_hour: 7,
            start_minute: 5,
            end_hour: 16,
            end_minute: 45,
        };
        assert_eq!(WorkHours::parse(&hours.text()), Some(hours));
        assert!(
            hours.check().is_ok()
                && WorkHours {
                    start_hour: 24,
                    ..hours
                }
                .check()
                .is_err()
        );
        assert!(WorkHours { end_hour: 6, ..hours }.check().is_err());
    }
}
