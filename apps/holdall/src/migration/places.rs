//! Folders and shortcuts: what takes no fetching.

use super::Migration;
use super::walk::Place;
use holdall_client::srv::{ListedFolder, SrvError};
use holdall_services::{BroughtDocument, BroughtFolder, BroughtMembers, BroughtShortcut};
use std::sync::{Arc, PoisonError};

/// A shortcut that is not here.
pub(super) struct Shortcut {
    /// Its path there.
    pub(super) path: String,
    /// The id there of what it stands for.
    pub(super) target: i64,
    /// What it is to be.
    pub(super) brought: BroughtDocument,
}

impl Migration<'_> {
    /// Gives a target in which nothing lies what the topmost folder there has, and its library the members, when both are whole
    /// libraries.
    pub(super) fn furnish(&self, library: &str, top: &ListedFolder) -> anyhow::Result<()> {
        if !self.ground.empty {
            return Ok(());
        }
        let brought = self.folder(self.ground.folder, top);
        let library = library.trim_matches('/');
        let members = if self.ground.topmost && !library.contains('/') {
            self.members(library)?
        } else {
            BroughtMembers::default()
        };
        let imports = &self.services.imports;
        Ok(imports.furnish(self.owner, self.ground.folder, (brought, members))?)
    }

    fn members(&self, library: &str) -> anyhow::Result<BroughtMembers> {
        let there = match self.client.members(library) {
            Ok(there) => there,
            Err(SrvError::Refused { text, .. }) => {
                self.findings
                    .leave_out(&format!("/{library}"), &format!("its members: {text}"));
                return Ok(BroughtMembers::default());
            }
            Err(error) => return Err(error.into()),
        };
        let accounts = &self.ground.accounts;
        let (members, lacking) = accounts.members(&there.users, &there.groups, &there.managers);
        for name in lacking {
            self.findings.lack(format!("member {name} is not here"));
        }
        Ok(members)
    }

    /// Finds or makes folders; siblings come together.
    pub(super) fn place_folders(&self, folders: &[(&Place, &ListedFolder)]) -> anyhow::Result<Vec<Place>> {
        if folders.is_empty() {
            return Ok(Vec::new());
        }
        let brought: Vec<BroughtFolder> = folders
            .iter()
            .map(|(place, folder)| self.folder(place.folder, folder))
            .collect();
        let placed = self.services.imports.place_folders(self.owner, brought)?;
        let made = placed.iter().filter(|place| place.made).count();
        self.findings.count_folders(placed.len(), made);
        let mut ahead = Vec::with_capacity(placed.len());
        for ((above, folder), here) in folders.iter().zip(placed) {
            let path: Arc<str> = Arc::from(format!("{}/{}", above.path, folder.name));
            if here.name != folder.name {
                self.findings.rename(&path, &here.name);
            }
            if here.made && !here.rules_kept {
                self.findings.leave_out(&path, "its rules cannot be kept");
            }
            ahead.push(Place {
                path,
                folder: here.id,
            });
        }
        Ok(ahead)
    }

    /// Makes the shortcuts whose documents are here.
    pub(super) fn bring_shortcuts(&self, shortcuts: Vec<Shortcut>) -> anyhow::Result<()> {
        let here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        let mut brought = Vec::with_capacity(shortcuts.len());
        for shortcut in shortcuts {
            match here.get(&shortcut.target) {
                Some(target) => brought.push(BroughtShortcut {
                    document: shortcut.brought,
                    target: *target,
                }),
                None => self
                    .findings
                    .leave_out(&shortcut.path, "what it stands for did not come along"),
            }
        }
        let count = brought.len();
        self.services.imports.bring_shortcuts(self.owner, brought)?;
        self.findings.count_shortcuts(count);
        Ok(())
    }
}
