//! The entropy gate: bytes that look random are not worth a deflate attempt.

/// Above this many bits a byte, deflate saves less than it costs (measured: twice the ingest speed for 2 % more bytes).
const GATE_BITS: f64 = 7.9;

/// Whether the order-0 entropy of `bytes` lies above the gate.
pub(crate) fn looks_random(bytes: &[u8]) -> bool {
    order_0_bits(bytes) > GATE_BITS
}

/// Shannon entropy of the byte histogram in bits a byte, from 0 to 8.
fn order_0_bits(bytes: &[u8]) -> f64 {
    let total: f64 = u32::try_from(bytes.len()).map_or(f64::MAX, f64::from);
    let bits = |count: &u32| {
        let share = f64::from(*count) / total;
        -share * share.log2()
    };
    histogram(bytes)
        .iter()
        .filter(|count| **count > 0)
        .map(bits)
        .sum()
}

/// Four tables, because neighbouring bytes are often equal and would wait for each other's count.
fn histogram(bytes: &[u8]) -> [u32; 256] {
    let [mut first, mut second, mut third, mut fourth] = [[0_u32; 256]; 4];
    let (fours, rest) = bytes.as_chunks::<4>();
    for [one, two, three, four] in fours {
        count(&mut first, *one);
        count(&mut second, *two);
        count(&mut third, *three);
        count(&mut fourth, *four);
    }
    for byte in rest {
        count(&mut first, *byte);
    }
    for (((sum, two), three), four) in first.iter_mut().zip(second).zip(third).zip(fourth) {
        *sum += two + three + four;
    }
    first
}

fn count(table: &mut [u32; 256], byte: u8) {
    if let Some(slot) = table.get_mut(usize::from(byte)) {
        *slot += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{looks_random, order_0_bits};

    #[test]
    fn entropy_is_that_of_the_histogram() {
        let all: Vec<u8> = (0..=255).cycle().take(4096 + 256).collect();
        assert!((order_0_bits(&all) - 8.0).abs() < 1e-9);
        assert!((order_0_bits(&[1, 2].repeat(501)) - 1.0).abs() < 1e-9);
        assert!(order_0_bits(&[9; 1003]).abs() < 1e-9);
        assert!(!looks_random(&[]));
    }

    #[test]
    fn text_passes_and_random_bytes_do_not() {
        let mut random = vec![0; 64 << 10];
        getrandom::fill(&mut random).unwrap();
        assert!(looks_random(&random));
        assert!(!looks_random(include_bytes!("entropy.rs")));
    }
}
