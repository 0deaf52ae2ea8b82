//! Named raw values, as every transport delivers them.

use bytes::Bytes;

/// One raw value.
pub(crate) enum Value {
    /// From a query, a form, a plain multipart field or an element.
    Text(String),
    /// From a multipart part with a file name: the bytes themselves.
    File(Bytes),
}

impl Value {
    fn join(&mut self, next: Self) {
        if let (Self::Text(first), Self::Text(next)) = (self, next) {
            first.push(',');
            first.push_str(&next);
        }
    }
}

/// The arguments of one call. It has no `Debug`: tickets and passwords are among them.
#[derive(Default)]
pub(crate) struct Args {
    values: Vec<(String, Value)>,
    cookie_ticket: Option<String>,
    blanks_are_plus: bool,
}

/// More distinct names than any operation has; the rest of a request is ignored like every unknown parameter.
const MOST_NAMES: usize = 256;

impl Args {
    /// No arguments yet, of a transport whose decoding turns `+` into a blank.
    pub(crate) fn urlencoded() -> Self {
        Self {
            blanks_are_plus: true,
            ..Self::default()
        }
    }

    /// Adds a value. Repeated texts are joined by `,` as .asmx does; of repeated files the first stays.
    pub(crate) fn push(&mut self, name: &str, value: Value) {
        let is_room = self.values.len() < MOST_NAMES;
        match self
            .values
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
        {
            Some((_, known)) => known.join(value),
            None if is_room => self.values.push((name.to_owned(), value)),
            None => {}
        }
    }

    /// The value of a name or its alias, in any case; the name goes first.
    pub(crate) fn find(&self, name: &str, alias: Option<&str>) -> Option<&Value> {
        self.named(name).or_else(|| self.named(alias?))
    }

    fn named(&self, name: &str) -> Option<&Value> {
        let found = self
            .values
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    /// The text of a name; `None` when it is absent, a file, or blank.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.named(name)? {
            Value::Text(text) if !text.trim().is_empty() => Some(text),
            Value::Text(_) | Value::File(_) => None,
        }
    }

    /// Remembers the ticket of the cookie for the operations that may fall back to it.
    pub(crate) fn set_cookie_ticket(&mut self, ticket: Option<String>) {
        self.cookie_ticket = ticket;
    }

    /// The ticket of the cookie, if the request may use it.
    pub(crate) fn cookie_ticket(&self) -> Option<&str> {
        self.cookie_ticket.as_deref()
    }

    /// Whether a blank in base64 text is a `+` that was decoded once too often.
    pub(crate) fn blanks_are_plus(&self) -> bool {
        self.blanks_are_plus
    }
}

#[cfg(test)]
mod tests {
    use super::{Args, Value};

    fn text(args: &Args, name: &str) -> Option<String> {
        args.text(name).map(str::to_owned)
    }

    #[test]
    fn names_ignore_case_and_repeats_are_joined() {
        let mut args = Args::default();
        args.push("Paths", Value::Text("~D1".to_owned()));
        args.push("PATHS", Value::Text("~F2".to_owned()));
        assert_eq!(text(&args, "paths").as_deref(), Some("~D1,~F2"));
    }

    #[test]
    fn an_alias_stands_in_for_an_absent_name() {
        let mut args = Args::default();
        args.push("chunksize", Value::Text("7".to_owned()));
        assert!(
            matches!(args.find("PreferedChunkSize", Some("ChunkSize")), Some(Value::Text(text)) if text == "7")
        );
        args.push("PreferedChunkSize", Value::Text("8".to_owned()));
        assert!(
            matches!(args.find("PreferedChunkSize", Some("ChunkSize")), Some(Value::Text(text)) if text == "8")
        );
    }

    #[test]
    fn l9_names_are_bounded() {
        let mut args = Args::default();
        for number in 0..1_000 {
            args.push(&format!("n{number}"), Value::Text(String::new()));
        }
        assert_eq!(args.values.len(), super::MOST_NAMES);
    }
}
