//! Where the files of a transfer lie: what comes in, the journal and the plan beside it, and the same of an earlier archive.

use super::Target;
use crate::Failure;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// Paths of one transfer.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// The bytes.
    pub(crate) part: PathBuf,
    /// What is there.
    pub(crate) journal: PathBuf,
    /// What should be there.
    pub(crate) plan: PathBuf,
}

impl Places {
    /// Beside an archive, or inside a directory that is unpacked into.
    pub(crate) fn of(target: &Target) -> Self {
        match target {
            Target::Archive(path) => Self::beside(path.as_os_str()),
            Target::Folder(path) => Self::beside(path.join(".holdall").as_os_str()),
        }
    }

    fn beside(path: &OsStr) -> Self {
        let with = |ending: &str| {
            let mut path = path.to_owned();
            path.push(ending);
            PathBuf::from(path)
        };
        Self {
            part: with(".part"),
            journal: with(".part.journal"),
            plan: with(".part.plan"),
        }
    }

    /// Where an archive that changed on the server is kept until its content has moved into the new one.
    pub(crate) fn earlier(&self) -> Self {
        let with = |path: &Path| path.with_added_extension("old");
        Self {
            part: with(&self.part),
            journal: with(&self.journal),
            plan: with(&self.plan),
        }
    }

    /// Moves everything to other places; the journal goes last, so that its being there means that all is.
    pub(crate) fn shift(&self, to: &Self) -> Result<(), Failure> {
        to.clear()?;
        for (from, to) in [
            (&self.part, &to.part),
            (&self.plan, &to.plan),
            (&self.journal, &to.journal),
        ] {
            fs::rename(from, to).map_err(Failure::disk(from))?;
        }
        Ok(())
    }

    /// Removes everything; the journal goes first, so that none speaks of what is not there.
    pub(crate) fn clear(&self) -> Result<(), Failure> {
        for path in [&self.journal, &self.plan, &self.part] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Failure::disk(path)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
