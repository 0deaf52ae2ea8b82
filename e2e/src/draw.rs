//! Random draws that can be repeated.

/// A seeded source of numbers (xorshift).
#[derive(Debug)]
pub struct Draw(u64);

impl Draw {
    /// Draws that are the same for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `bound`, which is above zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound.max(1)
    }

    /// Bytes that do not compress.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(len + 8);
        while bytes.len() < len {
            bytes.extend(self.below(u64::MAX).to_le_bytes().iter().take(6));
        }
        bytes.truncate(len);
        bytes
    }

    /// Words that compress about as prose does.
    pub fn prose(&mut self, len: usize) -> Vec<u8> {
        const WORDS: [&str; 12] = [
            "beam", "column", "drawing", "girder", "invoice", "minutes", "of", "pier", "revision", "section",
            "the", "weld",
        ];
        let mut text = String::with_capacity(len + 16);
        while text.len() < len {
            let index = usize::try_from(self.below(12)).unwrap_or(0);
            text.push_str(WORDS.get(index).copied().unwrap_or("and"));
            text.push(if self.below(12) == 0 { '\n' } else { ' ' });
        }
        text.truncate(len);
        text.into_bytes()
    }
}
