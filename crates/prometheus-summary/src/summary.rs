//! A summary: quantiles of what is observed.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use prometheus::{
    core::{Collector, Desc, Describer, Metric},
    proto::{self, LabelPair, MetricFamily, MetricType},
};

use crate::{labels::label_pairs, options::SummaryOpts, shard::Shards};

/// Quantiles of what is observed. Cloning it is cheap; clones are the same summary.
#[derive(Clone, Debug)]
pub struct Summary {
    core: Arc<Core>,
}

#[derive(Debug)]
struct Core {
    desc: Desc,
    labels: Vec<LabelPair>,
    quantiles: Vec<f64>,
    /// The slices of the window are numbered from here on.
    epoch: Instant,
    /// How long a slice is.
    slice_nanoseconds: u64,
    shards: Shards,
}

impl Summary {
    /// A summary without labels.
    ///
    /// # Errors
    ///
    /// Fails if a name is malformed, if `opts` names variable labels, or if it asks for a quantile outside of 0 to 1
    /// or for a window without a length.
    pub fn new(opts: &SummaryOpts) -> prometheus::Result<Self> {
        Self::with_labels::<&str>(opts, &[], Instant::now())
    }

    pub(crate) fn with_labels<V: AsRef<str>>(
        opts: &SummaryOpts,
        values: &[V],
        epoch: Instant,
    ) -> prometheus::Result<Self> {
        let desc = opts.describe()?;
        let core = Core {
            labels: label_pairs(&desc, values)?,
            desc,
            quantiles: opts.quantiles.clone(),
            epoch,
            slice_nanoseconds: nanoseconds(opts.slice()),
            shards: Shards::new(opts.age_buckets as usize),
        };
        Ok(Self { core: Arc::new(core) })
    }

    /// Records a value. One that is not finite is left out: it has no place among the others, and would make the sum
    /// useless for good.
    pub fn observe(&self, value: f64) {
        self.observe_at(value, Instant::now());
    }

    /// The same, for those who have just read the clock.
    pub fn observe_at(&self, value: f64, now: Instant) {
        if value.is_finite() {
            self.core.shards.observe(value, self.core.slice_number(now));
        }
    }

    fn read(&self, now: Instant) -> proto::Summary {
        let reading = self.core.shards.read(self.core.slice_number(now));
        let quantile = |&quantile: &f64| {
            let mut pair = proto::Quantile::default();
            pair.set_quantile(quantile);
            pair.set_value(reading.quantile(quantile));
            pair
        };
        let mut summary = proto::Summary::default();
        summary.set_quantile(self.core.quantiles.iter().map(quantile).collect());
        summary.set_sample_sum(reading.sum());
        summary.set_sample_count(reading.count());
        summary
    }
}

impl Core {
    fn slice_number(&self, now: Instant) -> u64 {
        // A thread may have read the clock just before the summary was made.
        let age = now.saturating_duration_since(self.epoch);
        nanoseconds(age) / self.slice_nanoseconds
    }
}

/// In 64 bits, which are enough for 584 years and quick to divide.
fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl Metric for Summary {
    fn metric(&self) -> proto::Metric {
        let mut metric = proto::Metric::from_label(self.core.labels.clone());
        metric.set_summary(self.read(Instant::now()));
        metric
    }
}

impl Collector for Summary {
    fn desc(&self) -> Vec<&Desc> {
        vec![&self.core.desc]
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let mut family = MetricFamily::default();
        family.set_name(self.core.desc.fq_name.clone());
        family.set_help(self.core.desc.help.clone());
        family.set_field_type(MetricType::SUMMARY);
        family.set_metric(vec![self.metric()]);
        vec![family]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLICE: Duration = Duration::from_mins(2);

    /// A summary, and the moment from which its slices are numbered.
    fn summary() -> (Summary, Instant) {
        let start = Instant::now();
        let opts = SummaryOpts::new("test_seconds", "A test.");
        let summary = Summary::with_labels::<&str>(&opts, &[], start).expect("valid options");
        (summary, start)
    }

    fn median(summary: &Summary, now: Instant) -> f64 {
        let reading = summary.read(now);
        assert_eq!(reading.get_quantile()[0].quantile(), 0.5);
        reading.get_quantile()[0].value()
    }

    #[track_caller]
    fn assert_close(value: f64, expected: f64) {
        // The bound of the sketch, and room for rounding.
        assert!(
            (value - expected).abs() <= 0.010_001 * expected,
            "{value} is not {expected}"
        );
    }

    #[test]
    fn an_empty_window_has_no_quantiles() {
        let (summary, start) = summary();
        assert!(median(&summary, start).is_nan());
        assert_eq!(summary.read(start).sample_count(), 0);
    }

    #[test]
    fn an_observation_stays_in_the_window_for_eight_to_ten_minutes() {
        for (age_in_slice, stays) in [(0, 600), (119, 481)] {
            let (summary, start) = summary();
            let observed = start + Duration::from_secs(age_in_slice);
            summary.observe_at(3.0, observed);
            let last = observed + Duration::from_secs(stays - 1);
            assert_close(median(&summary, last), 3.0);
            let gone = observed + Duration::from_secs(stays + 1);
            assert!(
                median(&summary, gone).is_nan(),
                "observed {age_in_slice} s into a slice"
            );
        }
    }

    #[test]
    fn the_oldest_slice_makes_room_for_the_newest() {
        let (summary, start) = summary();
        for number in 0..20_u32 {
            summary.observe_at(f64::from(number + 1), start + SLICE * number);
            // The middle one of the last five, or of as many as there are.
            let oldest = number.saturating_sub(4);
            let middle = f64::from(oldest + (number - oldest) / 2 + 1);
            assert_close(median(&summary, start + SLICE * number), middle);
        }
    }

    #[test]
    fn sum_and_count_outlive_the_window() {
        let (summary, start) = summary();
        summary.observe_at(3.0, start);
        summary.observe_at(4.5, start + SLICE);
        let reading = summary.read(start + SLICE * 100);
        assert_eq!((reading.sample_sum(), reading.sample_count()), (7.5, 2));
    }

    #[test]
    fn a_thread_that_was_held_up_does_not_bring_an_old_slice_back() {
        let (summary, start) = summary();
        summary.observe_at(1.0, start + SLICE * 7);
        summary.observe_at(100.0, start + SLICE * 2);
        assert_close(median(&summary, start + SLICE * 7), 1.0);
        assert_eq!(summary.read(start + SLICE * 7).sample_count(), 2);
    }
}
