//! Memory does not grow with the document.

use crate::contents::{Generated, Kind, MIB, Shelf};
use std::io::{self, Read as _};

/// Optimised builds take a document of a realistic size.
const LEN: u64 = if cfg!(debug_assertions) {
    128_000_000
} else {
    300_000_000
};

/// Megabytes of memory from the kernel's table, by its name there.
fn status_mib(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() / 1024
}

#[test]
fn p9_a_large_document_passes_through_little_memory() {
    let shelf = Shelf::new();
    let before = status_mib("VmRSS");
    let blob = shelf
        .blobs
        .put(Generated::new(Kind::TextFirst, 1).take(LEN), &|_| None)
        .unwrap()
        .blob;
    let mut reader = shelf.blobs.read_raw(blob.locator(), 0..LEN).unwrap();
    let mut original = Generated::new(Kind::TextFirst, 1).take(LEN);
    let (mut here, mut there) = (vec![0; MIB], vec![0; MIB]);
    while reader.remaining() > 0 {
        let len = MIB.min(usize::try_from(reader.remaining()).unwrap());
        reader.read_exact(&mut here[..len]).unwrap();
        original.read_exact(&mut there[..len]).unwrap();
        assert!(here[..len] == there[..len]);
    }
    assert_eq!(io::copy(&mut reader, &mut io::sink()).unwrap(), 0);
    let grown = status_mib("VmHWM") - before;
    assert!(grown < 80, "{grown} MiB");
}
