//! Instants as the wire spells them (CONTRACT section 1.4).

use holdall_model::Timestamp;
use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, ZonedDateTime, civil};

/// Spells instants in the server's time zone or in UTC.
#[derive(Clone, Debug)]
pub(crate) struct Dates {
    zone: TimeZone,
}

impl Dates {
    /// Server time is that of the zone of this IANA name; without a name it is the system's. An unknown name means UTC.
    pub(crate) fn of_zone(name: Option<&str>) -> Self {
        let zone = match name {
            Some(name) => TimeZone::get(name).unwrap_or(TimeZone::UTC),
            None => TimeZone::system(),
        };
        Self { zone }
    }

    /// The instant of `2024-01-02`, `2024-01-02T03:04:05` in server time, or `2024-01-02T03:04:05Z`.
    pub(crate) fn read(&self, text: &str) -> Option<Timestamp> {
        let text = text.trim();
        if let Ok(instant) = text.parse::<Instant>() {
            return Some(Timestamp(instant.as_millisecond()));
        }
        let local: civil::DateTime = text.parse().ok()?;
        let zoned = local.to_zoned_datetime(self.zone.clone()).ok()?;
        Some(Timestamp(zoned.timestamp().as_millisecond()))
    }

    /// `2024-01-02 03:04:05` in server time.
    pub(crate) fn local(&self, instant: Timestamp) -> String {
        let mut text = Vec::with_capacity(20);
        self.push_local(&mut text, instant);
        String::from_utf8(text).unwrap_or_default()
    }

    /// Appends what [`Self::local`] gives, without a text of its own: listings have many dates.
    pub(crate) fn push_local(&self, out: &mut Vec<u8>, instant: Timestamp) {
        let instant = self::instant(instant);
        let civil = self.zone.to_offset(instant).to_datetime(instant);
        let pairs = [
            (civil.month(), b'-'),
            (civil.day(), b' '),
            (civil.hour(), b':'),
            (civil.minute(), b':'),
            (civil.second(), b'"'),
        ];
        // Years before 0 and above 9999 do not exist here: an instant outside the calendar is 1970.
        let year = civil.year().unsigned_abs();
        push_pair(out, u8::try_from(year / 100).unwrap_or_default());
        push_pair(out, u8::try_from(year % 100).unwrap_or_default());
        out.push(b'-');
        for (number, behind) in pairs {
            push_pair(out, number.unsigned_abs());
            out.push(behind);
        }
        out.pop();
    }

    /// `2024-01-02T03:04:05` in server time.
    pub(crate) fn local_with_t(&self, instant: Timestamp) -> String {
        self.zoned(instant).strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }

    /// `2024-01-02T03:04:05Z`.
    pub(crate) fn utc(instant: Timestamp) -> String {
        self::instant(instant).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// `2024-01-02T03:04:05.678Z`, as versions spell it.
    pub(crate) fn utc_with_milliseconds(instant: Timestamp) -> String {
        let millisecond = instant.0.rem_euclid(1000);
        let whole = self::instant(instant).strftime("%Y-%m-%dT%H:%M:%S").to_string();
        format!("{whole}.{millisecond:03}Z")
    }

    /// Hours that server time is ahead of UTC, with a fraction only where the zone has one.
    pub(crate) fn utc_offset_hours(&self, instant: Timestamp) -> String {
        let seconds = i64::from(self.zoned(instant).offset().seconds());
        let (hours, rest) = (seconds / 3600, seconds % 3600);
        if rest == 0 {
            return hours.to_string();
        }
        let sign = if seconds < 0 { "-" } else { "" };
        let hundredths = rest.abs() / 36;
        format!("{sign}{}.{hundredths:02}", hours.abs())
    }

    fn zoned(&self, instant: Timestamp) -> ZonedDateTime {
        self::instant(instant).to_zoned_datetime(self.zone.clone())
    }
}

/// Two digits of a number below 100.
fn push_pair(out: &mut Vec<u8>, number: u8) {
    out.extend([b'0' + number / 10, b'0' + number % 10]);
}

/// The instant, or 1970 when it is outside the calendar.
fn instant(instant: Timestamp) -> Instant {
    Instant::from_millisecond(instant.0).unwrap_or(Instant::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::Dates;
    use holdall_model::Timestamp;

    #[test]
    fn what_is_written_is_read() {
        let kolkata = Dates::of_zone(Some("Asia/Kolkata"));
        let instant = Some(Timestamp(1_704_164_645_000));
        for text in [
            "2024-01-02T08:34:05",
            "2024-01-02 08:34:05",
            " 2024-01-02T03:04:05Z ",
        ] {
            assert_eq!(kolkata.read(text), instant, "{text}");
        }
        assert_eq!(kolkata.read("1970-01-01"), Some(Timestamp(-19_800_000)));
        for text in ["", "yesterday", "2024-13-01", "01/02/2024"] {
            assert_eq!(kolkata.read(text), None, "{text}");
        }
    }

    #[test]
    fn every_form_of_one_instant() {
        let instant = Timestamp(1_704_164_645_678);
        let kolkata = Dates::of_zone(Some("Asia/Kolkata"));
        assert_eq!(kolkata.local(instant), "2024-01-02 08:34:05");
        assert_eq!(kolkata.utc_offset_hours(instant), "5.50");
        assert_eq!(Dates::utc(instant), "2024-01-02T03:04:05Z");
        assert_eq!(Dates::utc_with_milliseconds(instant), "2024-01-02T03:04:05.678Z");
        assert_eq!(Dates::of_zone(Some("UTC")).utc_offset_hours(instant), "0");
        assert_eq!(
            Dates::of_zone(Some("Nowhere")).local_with_t(Timestamp(i64::MAX)),
            "1970-01-01T00:00:00"
        );
    }
}
