//! P8 and P9: a million entries in bounded memory, measured in a process of their own.

use std::fs;
use std::process::Command;

use holdall_archive::{
    Child, Entry, EntryKind, EntryName, LayoutError, Namer, Plan, PlanBuilder, ReadAt, ReadError,
};

use crate::forest::document;

const ENTRIES: u64 = 1_000_000;
/// Set in the process that is measured.
const MEASURED: &str = "HOLDALL_ARCHIVE_MEASURED";

/// A plan in a file, read where it lies.
struct File(fs::File, u64);

impl ReadAt for File {
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        use std::os::unix::fs::FileExt as _;
        self.0
            .read_exact_at(buf, offset)
            .map_err(|cause| ReadError::Failed(cause.into()))
    }

    fn len(&self) -> u64 {
        self.1
    }
}

#[test]
fn p8_a_million_entries_take_at_most_256_bytes_each() {
    let Ok(path) = std::env::var(MEASURED) else {
        let this_test = "memory::p8_a_million_entries_take_at_most_256_bytes_each";
        let directory = tempfile::tempdir().unwrap();
        let test_binary = std::env::current_exe().unwrap();
        let mut child = Command::new(test_binary);
        child
            .args(["--exact", this_test])
            .env(MEASURED, directory.path().join("plan"));
        assert!(child.status().unwrap().success());
        return;
    };
    let before = peak();
    lay_out(&path);
    let per_entry = (peak() - before) / ENTRIES;
    assert!(per_entry <= 256, "{per_entry} bytes an entry");
    let len = fs::metadata(&path).unwrap().len();
    reset_peak();
    let before = peak();
    let plan = Plan::open(File(fs::File::open(&path).unwrap(), len)).unwrap();
    let pieces = plan
        .splice(plan.zip_len() / 2..plan.zip_len())
        .map(|piece| piece.unwrap().len())
        .sum::<u64>();
    assert_eq!(pieces, plan.zip_len() - plan.zip_len() / 2);
    let opened = peak().saturating_sub(before);
    assert!(opened <= 2 << 20, "opening and streaming takes {opened} bytes");
}

/// A thousand folders of a thousand documents, named and laid out into a file.
fn lay_out(path: &str) {
    use std::io::Write as _;
    let (mut namer, mut builder) = (Namer::new(), PlanBuilder::new());
    for folder in (0..1000).rev() {
        let parent = EntryName::new(format!("Library/Records/Year {folder:04}")).unwrap();
        let names: Vec<String> = (0..ENTRIES / 1000)
            .map(|number| format!("Contract {number:06}.pdf"))
            .collect();
        let children: Vec<Child<'_>> = names
            .iter()
            .map(|name| Child {
                name,
                kind: EntryKind::Document,
                id: 1,
            })
            .collect();
        for named in namer.name_children(Some(&parent), &children) {
            builder
                .push(Entry {
                    name: named.path,
                    ..document("x", 900, 400)
                })
                .unwrap();
        }
    }
    let mut file = fs::File::create(path).unwrap();
    let summary = builder.finish_into(|part| {
        file.write_all(part).unwrap();
        Ok::<(), LayoutError>(())
    });
    assert_eq!(summary.unwrap().entry_count, ENTRIES);
}

/// The most resident memory this process had so far, in bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// Forgets the peak: from here on it is what is resident now (proc(5), `clear_refs`).
fn reset_peak() {
    fs::write("/proc/self/clear_refs", "5").unwrap();
}
