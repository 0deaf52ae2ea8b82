//! Check blocks: a CRC-32 for every 64 KiB of a blob's stored bytes, counted from the blob's start.

use crc32fast::Hasher;

/// Stored bytes under one checksum: 64 KiB.
pub(crate) const CHECK_LEN: usize = 64 << 10;

/// [`CHECK_LEN`] as a length on disk.
pub(crate) const CHECK_STEP: u64 = 64 << 10;

/// Checksums of a run of bytes that arrives in pieces of any length.
#[derive(Debug, Default)]
pub(crate) struct CheckSums {
    done: Vec<u32>,
    open: Hasher,
    open_len: usize,
}

impl CheckSums {
    pub(crate) fn push(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = (CHECK_LEN - self.open_len).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            self.open.update(now);
            self.open_len += room;
            if self.open_len == CHECK_LEN {
                self.close();
            }
            bytes = later;
        }
    }

    fn close(&mut self) {
        self.done.push(std::mem::take(&mut self.open).finalize());
        self.open_len = 0;
    }

    /// One CRC-32 per block; the last block may be short.
    pub(crate) fn finish(mut self) -> Vec<u32> {
        if self.open_len > 0 {
            self.close();
        }
        self.done
    }

    /// The checksums of all whole blocks so far.
    pub(crate) fn whole_blocks(&self) -> &[u32] {
        &self.done
    }
}

/// The checksum of `stored_len` bytes from those of their blocks.
pub(crate) fn joined(blocks: &[u32], stored_len: u64) -> u32 {
    let (mut whole, mut left) = (Hasher::new(), stored_len);
    for block in blocks {
        let len = left.min(CHECK_STEP);
        whole.combine(&Hasher::new_with_initial_len(*block, len));
        left -= len;
    }
    whole.finalize()
}

/// Whether `parts` in a row, starting on a block's first byte, have exactly the checksums at the front of `expected`.
pub(crate) fn holds(parts: &[&[u8]], expected: &[u32]) -> bool {
    let mut sums = CheckSums::default();
    for part in parts {
        sums.push(part);
    }
    expected.starts_with(&sums.finish())
}

#[cfg(test)]
mod tests {
    use super::{CHECK_LEN, CheckSums, holds};

    #[test]
    fn pieces_of_any_length_sum_alike() {
        let bytes: Vec<u8> = (0..CHECK_LEN * 2 + 17)
            .map(|index| u8::try_from(index % 251).unwrap())
            .collect();
        let expected: Vec<u32> = bytes.chunks(CHECK_LEN).map(crc32fast::hash).collect();
        for piece in [1000, CHECK_LEN - 1, CHECK_LEN, CHECK_LEN + 1, bytes.len()] {
            let mut sums = CheckSums::default();
            bytes.chunks(piece).for_each(|part| sums.push(part));
            assert_eq!(sums.finish(), expected, "{piece}");
            let parts: Vec<&[u8]> = bytes.chunks(piece).collect();
            assert!(holds(&parts, &expected), "{piece}");
            assert!(!holds(&parts, &expected[..2]), "{piece}");
        }
    }

    #[test]
    fn l4_a_changed_byte_does_not_hold() {
        let mut bytes = vec![7; CHECK_LEN + 3];
        let expected: Vec<u32> = bytes.chunks(CHECK_LEN).map(crc32fast::hash).collect();
        for at in [0, CHECK_LEN - 1, CHECK_LEN, CHECK_LEN + 2] {
            bytes[at] ^= 1;
            assert!(!holds(&[&bytes], &expected), "{at}");
            bytes[at] ^= 1;
        }
        assert!(holds(&[&bytes], &expected));
    }
}
