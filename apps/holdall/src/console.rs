//! Words for the person at the terminal. A closed pipe is not an error.

use std::io::{self, IsTerminal as _, Write as _};

/// A line on standard output, flushed, so that a program waiting for it gets it at once.
pub(crate) fn say(line: &str) {
    let mut output = io::stdout().lock();
    drop(writeln!(output, "{line}").and_then(|()| output.flush()));
}

/// A line on standard error.
pub(crate) fn complain(line: &str) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// A line on standard error that only a person wants to read: nothing when nobody watches.
pub(crate) fn note(line: &str) {
    if io::stderr().is_terminal() {
        complain(line);
    }
}

/// A byte count with a decimal unit, for example `204.8 MB`.
pub(crate) fn bytes(count: u64) -> String {
    indicatif::DecimalBytes(count).to_string()
}
