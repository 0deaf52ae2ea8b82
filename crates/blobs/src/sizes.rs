//! Lengths between memory (`usize`) and disk (`u64`, `u32`).

/// A length in memory as a length on disk; exact on every platform with pointers of up to 64 bits.
pub(crate) fn on_disk(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

/// A length on disk as one in memory, saturating; callers have bounded it by a buffer before.
pub(crate) fn in_memory(len: u64) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}

/// A length of at most one frame as the 32 bits an index holds, saturating.
pub(crate) fn in_index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
