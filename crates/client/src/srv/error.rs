//! What can go wrong with a call.

use std::fmt;

/// Why a call gave nothing. Holds neither passwords nor tickets.
#[derive(Debug)]
pub enum SrvError {
    /// The server could not be reached, or the line broke.
    Line(reqwest::Error),
    /// Something answered that is not the service, with that HTTP status.
    Status(u16),
    /// The answer is not the XML that the operation is documented to give.
    Malformed {
        /// The operation.
        operation: String,
        /// What is wrong with the answer.
        problem: String,
    },
    /// The server refused, in its own words.
    Refused {
        /// The operation.
        operation: String,
        /// The server's text, for example `Access denied.`
        text: String,
    },
    /// Bytes came other than the server announced.
    Damaged {
        /// What differs.
        problem: String,
    },
}

impl SrvError {
    /// Whether the same call may well succeed in a moment.
    pub fn is_passing(&self) -> bool {
        match self {
            // What was built wrongly stays wrong; everything else of a line can pass.
            Self::Line(error) => !error.is_builder() && !error.is_redirect(),
            Self::Status(status) => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            Self::Damaged { .. } => true,
            Self::Malformed { .. } | Self::Refused { .. } => false,
        }
    }

    /// The server's words, when it refused.
    pub fn refusal(&self) -> Option<&str> {
        match self {
            Self::Refused { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether the ticket is no longer good (`[900]` or `[901]`).
    pub(super) fn is_expiry(&self) -> bool {
        self.refusal()
            .is_some_and(|text| text.starts_with("[900]") || text.starts_with("[901]"))
    }

    pub(super) fn malformed(operation: &str, problem: impl fmt::Display) -> Self {
        Self::Malformed {
            operation: operation.to_owned(),
            problem: problem.to_string(),
        }
    }
}

impl fmt::Display for SrvError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(error) => {
                write!(formatter, "{error}")?;
                // The cause says what happened; the outermost only says that something did.
                let mut cause = std::error::Error::source(error);
                while let Some(error) = cause {
                    write!(formatter, ": {error}")?;
                    cause = error.source();
                }
                Ok(())
            }
            Self::Status(status @ 300..400) => write!(
                formatter,
                "the server answered HTTP {status}: the service is at another address"
            ),
            Self::Status(status) => write!(formatter, "the server answered HTTP {status}"),
            Self::Malformed { operation, problem } => {
                write!(formatter, "{operation} gave no answer of the protocol: {problem}")
            }
            Self::Refused { operation, text } => write!(formatter, "{operation}: {text}"),
            Self::Damaged { problem } => formatter.write_str(problem),
        }
    }
}

impl std::error::Error for SrvError {}

impl From<reqwest::Error> for SrvError {
    fn from(error: reqwest::Error) -> Self {
        Self::Line(error)
    }
}
