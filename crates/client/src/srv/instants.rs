//! Instants as servers spell them: in server time without a zone, or in UTC with a `Z`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// The time zone a server's clock shows.
#[derive(Clone, Debug)]
pub struct ServerZone(TimeZone);

impl ServerZone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// The zone of an IANA name, for example `Europe/Berlin`; `None` for an unknown one.
    pub fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(Self)
    }

    /// A fixed offset in hours, for example `-5`, `5.5` or `05:30`.
    pub(super) fn of_hours(text: &str) -> Option<Self> {
        let seconds = match text.trim().split_once(':') {
            Some((hours, minutes)) => {
                let sign = if hours.starts_with('-') { -1 } else { 1 };
                hours.parse::<i32>().ok()? * 3600 + sign * minutes.parse::<i32>().ok()? * 60
            }
            None => quarters(text.trim().parse().ok()?) * 900,
        };
        let offset = Offset::from_seconds(seconds).ok()?;
        Some(Self(TimeZone::fixed(offset)))
    }

    /// The instant of `2024-01-02`, `2024-01-02 03:04:05`, `2024-01-02T03:04:05` or `2024-01-02T03:04:05.678Z`; `None` for an empty
    /// or other text.
    pub fn read(&self, text: &str) -> Option<Timestamp> {
        let text = text.trim();
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Some(instant);
        }
        let local = text
            .parse::<DateTime>()
            .or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)));
        let zoned = local.ok()?.to_zoned_datetime(self.0.clone()).ok()?;
        Some(zoned.timestamp())
    }
}

/// Zones are whole quarters of an hour apart.
fn quarters(hours: f64) -> i32 {
    let sought = hours * 4.0;
    (-96..=96)
        .min_by(|one, other| {
            let distance = |quarters: &i32| (f64::from(*quarters) - sought).abs();
            distance(one).total_cmp(&distance(other))
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::ServerZone;

    fn utc(zone: &ServerZone, text: &str) -> String {
        zone.read(text).unwrap().to_string()
    }

    #[test]
    fn every_documented_spelling_is_read_in_server_time() {
        let zone = ServerZone::of_hours("-5").unwrap();
        assert_eq!(utc(&zone, "2024-01-02"), "2024-01-02T05:00:00Z");
        assert_eq!(utc(&zone, "2024-01-02 03:04:05"), "2024-01-02T08:04:05Z");
        assert_eq!(utc(&zone, "2024-01-02T03:04:05"), "2024-01-02T08:04:05Z");
        assert_eq!(utc(&zone, "2024-01-02T03:04:05.678Z"), "2024-01-02T03:04:05.678Z");
        assert!(zone.read("").is_none());
        assert!(zone.read("yesterday").is_none());
    }

    #[test]
    fn offsets_come_in_several_spellings() {
        for (text, expected) in [
            ("5.5", "2023-12-31T18:30:00Z"),
            ("05:30", "2023-12-31T18:30:00Z"),
            ("-03:30", "2024-01-01T03:30:00Z"),
            ("0", "2024-01-01T00:00:00Z"),
        ] {
            let zone = ServerZone::of_hours(text).unwrap();
            assert_eq!(utc(&zone, "2024-01-01"), expected, "{text}");
        }
        assert!(ServerZone::of_hours("").is_none());
    }

    #[test]
    fn a_named_zone_knows_summer() {
        let zone = ServerZone::named("Europe/Berlin").unwrap();
        assert_eq!(utc(&zone, "2024-07-01 12:00:00"), "2024-07-01T10:00:00Z");
        assert_eq!(utc(&zone, "2024-01-01 12:00:00"), "2024-01-01T11:00:00Z");
        assert!(ServerZone::named("Nowhere/Land").is_none());
    }
}
