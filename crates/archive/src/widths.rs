//! Moves between `usize` and `u64` without casts, and fields in bytes: little-endian ones and those of variable length.

use alloc::vec::Vec;

/// A length in memory as a length on disk.
pub(crate) fn widen(len: usize) -> u64 {
    u64::try_from(len).unwrap_or(u64::MAX)
}

/// A length on disk as a length in memory; one that cannot exist in memory becomes `usize::MAX`, which every
/// checked slice access refuses.
pub(crate) fn narrow(len: u64) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}

/// Takes the next `N` bytes off the front, or `None` when fewer are left.
pub(crate) fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (field, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*field)
}

/// Appends a number in as many bytes as it needs: seven bits a byte, the lowest first, the high bit on all but the last.
pub(crate) fn put_varint(mut number: u64, out: &mut Vec<u8>) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            return out.push(low & 0x7F);
        }
        out.push(low | 0x80);
    }
}

/// Takes a number of [`put_varint`] off the front, or `None` when it does not end or exceeds 64 bits.
pub(crate) fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let [byte] = take(bytes)?;
        let bits = u64::from(byte & 0x7F);
        if bits << shift >> shift != bits {
            return None;
        }
        number |= bits << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// How far it is from one number to another, small for near ones on either side.
pub(crate) fn distance(from: u64, to: u64) -> u64 {
    let difference = to.wrapping_sub(from).cast_signed();
    ((difference << 1) ^ (difference >> 63)).cast_unsigned()
}

/// The number at a [`distance`] from another.
pub(crate) fn at_distance(from: u64, distance: u64) -> u64 {
    let sign = (distance & 1).wrapping_neg();
    from.wrapping_add((distance >> 1) ^ sign)
}

/// Takes a little-endian `u16` off the front.
pub(crate) fn take_u16(bytes: &mut &[u8]) -> Option<u16> {
    take(bytes).map(u16::from_le_bytes)
}

/// Takes a little-endian `u32` off the front.
pub(crate) fn take_u32(bytes: &mut &[u8]) -> Option<u32> {
    take(bytes).map(u32::from_le_bytes)
}

/// Takes a little-endian `u64` off the front.
pub(crate) fn take_u64(bytes: &mut &[u8]) -> Option<u64> {
    take(bytes).map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::{at_distance, distance, put_varint, take_varint};
    use alloc::vec::Vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn varints_come_back(number in prop_oneof![any::<u64>(), 0_u64..300, Just(u64::MAX)], tail in any::<u8>()) {
            let mut bytes = Vec::new();
            put_varint(number, &mut bytes);
            bytes.push(tail);
            let mut rest = bytes.as_slice();
            prop_assert_eq!(take_varint(&mut rest), Some(number));
            prop_assert_eq!(rest, [tail]);
        }

        #[test]
        fn distances_lead_back(from in any::<u64>(), to in any::<u64>(), near in 0_u64..60) {
            prop_assert_eq!(at_distance(from, distance(from, to)), to);
            prop_assert!(distance(from, from.wrapping_sub(near)) < 128);
            prop_assert!(distance(from, from.wrapping_add(near)) < 128);
        }
    }

    #[test]
    fn l9_varints_without_end_or_beyond_64_bits_are_refused() {
        assert_eq!(take_varint(&mut [0x80; 9].as_slice()), None);
        assert_eq!(take_varint(&mut [0xFF; 20].as_slice()), None);
        assert_eq!(
            take_varint(&mut [[0xFF; 9].as_slice(), &[2]].concat().as_slice()),
            None
        );
        assert_eq!(take_varint(&mut [].as_slice()), None);
    }
}
