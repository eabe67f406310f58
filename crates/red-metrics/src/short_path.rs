//! Paths that fit into two numbers.

/// A path of at most 16 bytes. Two of them are compared in three steps, where two texts take a call and a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ShortPath {
    length: usize,
    /// The first half of the bytes, at least.
    head: u64,
    /// The last half, at least: where there are fewer bytes than two numbers hold, some are in both.
    tail: u64,
}

impl ShortPath {
    /// `None` where the path is longer.
    #[inline]
    pub(super) fn new(path: &str) -> Option<Self> {
        let bytes = path.as_bytes();
        // The longer ones first, of which there are more.
        let (head, tail) = match bytes.len() {
            8..=16 => (
                u64::from_ne_bytes(*bytes.first_chunk()?),
                u64::from_ne_bytes(*bytes.last_chunk()?),
            ),
            4..8 => (
                u32::from_ne_bytes(*bytes.first_chunk()?).into(),
                u32::from_ne_bytes(*bytes.last_chunk()?).into(),
            ),
            length @ 1..4 => (
                bytes[0].into(),
                u64::from(bytes[length / 2]) << 8 | u64::from(bytes[length - 1]),
            ),
            0 => (0, 0),
            _ => return None,
        };
        Some(Self {
            length: bytes.len(),
            head,
            tail,
        })
    }

    /// A number of `64 - shift` bits, as different as can be for paths that differ: Knuth's multiplicative hashing, with the
    /// golden ratio.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "shifted to the number of a slot")]
    pub(super) fn scattered(self, shift: u32) -> usize {
        ((self.head ^ self.tail.rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> shift) as usize
    }
}
