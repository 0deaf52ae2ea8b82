//! What a request holds, read so that whatever is wrong with it is answered as problem+json.

mod arrival;
mod body;
mod page;
mod preconditions;
mod query;
mod segments;

pub(crate) use arrival::Arrival;
pub(crate) use body::JsonBody;
pub(crate) use page::{Cursor, MOST, PageOf, PageQuery};
pub(crate) use preconditions::{Preconditions, tag_of, tag_of_bytes};
pub(crate) use query::QueryOf;
pub(crate) use segments::{DocumentAt, FolderAt, Named, VersionAt, positive};
