//! Newtyped identifiers: positive 64-bit integers that never mix.

use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

id!(
    /// A user account. The built-in administrator is [`UserId::BUILT_IN_ADMINISTRATOR`].
    UserId
);
id!(
    /// A group of users, global or of one library.
    GroupId
);
id!(
    /// A library: the top container, isolated from its siblings.
    LibraryId
);
id!(
    /// A folder. Folder and document ids are separate spaces.
    FolderId
);
id!(
    /// A document. Folder and document ids are separate spaces.
    DocumentId
);
id!(
    /// An interned access list: items with equal lists in one library carry the same id.
    ScopeId
);
id!(
    /// A blob's row in the catalog.
    BlobId
);
id!(
    /// A pack: an immutable stored object that holds blobs.
    PackId
);
id!(
    /// A staged download's row in the catalog.
    DownloadId
);
id!(
    /// A signed link to a download.
    LinkId
);
id!(
    /// A chunked upload's row in the catalog.
    UploadId
);

impl UserId {
    /// The account that exists from the first start, may do everything and never holds a ticket
    /// (CONTRACT sections 2 and 3).
    pub const BUILT_IN_ADMINISTRATOR: Self = Self(4);
}
