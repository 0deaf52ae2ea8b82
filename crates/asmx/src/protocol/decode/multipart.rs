//! `multipart/form-data`: a part with a file name is raw bytes, a plain field is text (CONTRACT section 1.1).

use crate::protocol::{Args, Value};
use axum::body::Body;
use multer::{Constraints, Multipart, SizeLimit};

/// The arguments of a body of at most `most_len` bytes.
pub(crate) async fn multipart(body: Body, boundary: String, most_len: usize) -> Result<Args, multer::Error> {
    let limit = SizeLimit::new().whole_stream(u64::try_from(most_len).unwrap_or(u64::MAX));
    let constraints = Constraints::new().size_limit(limit);
    let mut parts = Multipart::with_constraints(body.into_data_stream(), boundary, constraints);
    let mut args = Args::urlencoded();
    while let Some(part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let bytes = part.bytes().await?;
        let value = if is_file {
            Value::File(bytes)
        } else {
            Value::Text(String::from_utf8_lossy(&bytes).into_owned())
        };
        args.push(&name, value);
    }
    Ok(args)
}
