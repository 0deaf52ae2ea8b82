//! What operations about recycle bins take.

use super::{FolderRef, FromArg, text};
use crate::protocol::{Args, Kind, Trouble, Value};
use holdall_model::{DocumentId, FolderId};
use holdall_services::BinItem;

/// An item in a recycle bin: `D7` or `F7` in any case, without a tilde.
pub(crate) struct BinRef(pub(crate) BinItem);

/// A folder: a path or `~F7`; empty for none.
pub(crate) struct MaybeFolder(pub(crate) Option<FolderRef>);

impl FromArg for BinRef {
    const KIND: Kind = Kind::Text;

    fn read(_: &Args, value: Option<&Value>, _: &'static str) -> Result<Self, Trouble> {
        let text = text(value);
        let item = parse(text.trim()).ok_or(Trouble::Fixed("Invalid ItemHandler"))?;
        Ok(Self(item))
    }
}

fn parse(text: &str) -> Option<BinItem> {
    let mut letters = text.chars();
    let kind = letters.next()?;
    let digits = letters.as_str();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let id: i64 = digits.parse().ok().filter(|id| *id > 0)?;
    match kind {
        'D' | 'd' => Some(BinItem::Document(DocumentId(id))),
        'F' | 'f' => Some(BinItem::Folder(FolderId(id))),
        _ => None,
    }
}

impl FromArg for MaybeFolder {
    const KIND: Kind = Kind::Text;

    fn read(args: &Args, value: Option<&Value>, name: &'static str) -> Result<Self, Trouble> {
        if text(value).trim().is_empty() {
            return Ok(Self(None));
        }
        FolderRef::read(args, value, name).map(|folder| Self(Some(folder)))
    }
}
