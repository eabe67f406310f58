//! Upper bounds of the histograms' buckets.

/// Bounds for durations, in seconds.
///
/// A quantile read from a histogram is only as true as its buckets, so every latency objective (0.1 s, 0.5 s) is one
/// of the bounds: the share of requests below an objective is then exact.
pub const DURATION_BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

/// Bounds for sizes, in bytes: powers of four from 64 B to 1 MiB.
pub const SIZE_BUCKETS: &[f64] = &[64.0, 256.0, 1024.0, 4096.0, 16_384.0, 65_536.0, 262_144.0, 1_048_576.0];
