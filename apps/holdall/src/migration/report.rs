//! What a migration did, and what could not come along.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Items that are listed one by one; of more, only the number is told.
const MOST_LISTED: usize = 10_000;

/// What a migration did.
#[derive(Clone, Debug, Default)]
pub(crate) struct MigrationReport {
    /// Folders that were looked at, the topmost one left out.
    pub(crate) folders: u64,
    /// Folders that were made.
    pub(crate) folders_made: u64,
    /// Documents that were looked at, shortcuts too.
    pub(crate) documents: u64,
    /// Documents that were made.
    pub(crate) added: u64,
    /// Versions that were stored.
    pub(crate) versions: u64,
    /// Shortcuts that were made.
    pub(crate) shortcuts: u64,
    /// Versions that were here already.
    pub(crate) unchanged: u64,
    /// Bytes that were stored.
    pub(crate) raw_len: u64,
    /// Items that could not come along: path there, and why.
    pub(crate) left_out: Vec<(String, String)>,
    /// How many those are.
    pub(crate) left_out_count: u64,
    /// Items that have another name here: path there, and the name.
    pub(crate) renamed: Vec<(String, String)>,
    /// Documents that somebody has checked out there: path, and who. The lock stays there.
    pub(crate) locked: Vec<(String, String)>,
    /// What lacks an account or a group here, in words, and how often.
    pub(crate) lacking: BTreeMap<String, u64>,
}

/// A report that threads write together.
#[derive(Debug, Default)]
pub(super) struct Findings(Mutex<MigrationReport>);

impl Findings {
    pub(super) fn into_report(self) -> MigrationReport {
        let mut report = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        report.left_out.sort();
        report.renamed.sort();
        report.locked.sort();
        report
    }

    pub(super) fn leave_out(&self, path: &str, reason: &str) {
        self.change(|report| {
            report.left_out_count += 1;
            keep(&mut report.left_out, path, reason);
        });
    }

    pub(super) fn rename(&self, path: &str, name: &str) {
        self.change(|report| keep(&mut report.renamed, path, name));
    }

    pub(super) fn lock(&self, path: &str, holder: &str) {
        self.change(|report| keep(&mut report.locked, path, holder));
    }

    /// Something that lacks an account or a group here.
    pub(super) fn lack(&self, what: String) {
        self.change(|report| *report.lacking.entry(what).or_default() += 1);
    }

    pub(super) fn count_folders(&self, seen: usize, made: usize) {
        self.change(|report| {
            report.folders += number(seen);
            report.folders_made += number(made);
        });
    }

    pub(super) fn count_document(&self, unchanged: usize) {
        self.change(|report| {
            report.documents += 1;
            report.unchanged += number(unchanged);
        });
    }

    pub(super) fn count_version(&self, is_new: bool, raw_len: u64) {
        self.change(|report| {
            report.added += u64::from(is_new);
            report.versions += 1;
            report.raw_len += raw_len;
        });
    }

    pub(super) fn count_shortcuts(&self, made: usize) {
        self.change(|report| report.shortcuts += number(made));
    }

    fn change(&self, change: impl FnOnce(&mut MigrationReport)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn keep(list: &mut Vec<(String, String)>, path: &str, what: &str) {
    if list.len() < MOST_LISTED {
        list.push((path.to_owned(), what.to_owned()));
    }
}
