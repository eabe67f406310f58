//! The series as metric families of the prometheus crate, read at each scrape.

use std::{collections::HashMap, sync::Arc};

use prometheus::{
    core::{Collector, Desc},
    proto::{Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType},
};

use crate::{
    config::{Config, NANOSECONDS_PER_SECOND},
    labels::MethodLabel,
    registry::{MethodSeries, SeriesRegistry},
};

/// The four families of one [`SeriesRegistry`].
pub(crate) struct RedCollector {
    series: Arc<SeriesRegistry>,
    requests: Desc,
    duration: Desc,
    concurrent: Desc,
    response_size: Desc,
}

impl RedCollector {
    /// # Errors
    ///
    /// Fails if a name has characters that Prometheus does not allow.
    pub(crate) fn new(series: Arc<SeriesRegistry>) -> prometheus::Result<Self> {
        let names = &series.config().names;
        let by_method_and_path = [&names.method, &names.path];
        let by_status_too = [&names.method, &names.path, &names.status_code];
        let desc = |name: &str, help: &str, labels: &[&String]| {
            let labels = labels.iter().map(|label| (*label).clone()).collect();
            Desc::new(
                format!("{}_{name}", names.prefix),
                help.to_owned(),
                labels,
                HashMap::new(),
            )
        };
        Ok(Self {
            requests: desc(
                "requests_total",
                "Requests by the status that was sent, or aborted where the client left before the end.",
                &by_status_too,
            )?,
            duration: desc(
                "request_duration_seconds",
                "Time from a request's arrival to the end of the response's body.",
                &by_status_too,
            )?,
            concurrent: desc("concurrent_requests", "Requests in flight.", &by_method_and_path)?,
            response_size: desc(
                "response_size_bytes",
                "Bytes of the response's body that were sent.",
                &by_method_and_path,
            )?,
            series,
        })
    }
}

impl Collector for RedCollector {
    fn desc(&self) -> Vec<&Desc> {
        vec![&self.requests, &self.duration, &self.concurrent, &self.response_size]
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let mut samples = Samples::new(self.series.config());
        for route in self.series.all() {
            for (method, series) in route.methods() {
                samples.add(method, route.path(), series);
            }
        }
        vec![
            family(&self.requests, MetricType::COUNTER, samples.requests),
            family(&self.duration, MetricType::HISTOGRAM, samples.duration),
            family(&self.concurrent, MetricType::GAUGE, samples.concurrent),
            family(&self.response_size, MetricType::HISTOGRAM, samples.response_size),
        ]
    }
}

/// The samples of the four families.
struct Samples<'a> {
    config: &'a Config,
    requests: Vec<Metric>,
    duration: Vec<Metric>,
    concurrent: Vec<Metric>,
    response_size: Vec<Metric>,
}

impl<'a> Samples<'a> {
    fn new(config: &'a Config) -> Self {
        Self {
            config,
            requests: Vec::new(),
            duration: Vec::new(),
            concurrent: Vec::new(),
            response_size: Vec::new(),
        }
    }

    /// Adds the samples of one path and method. Those of ended requests come from one snapshot, so that they agree.
    fn add(&mut self, method: MethodLabel, path: &str, series: &MethodSeries) {
        let snapshot = series.snapshot();
        let names = &self.config.names;
        let labels = vec![label(&names.method, method.as_str()), label(&names.path, path)];
        for (outcome, durations) in snapshot.outcomes() {
            let mut labels = labels.clone();
            labels.push(label(&names.status_code, &outcome.label()));

            let mut counter = Counter::default();
            counter.set_value(durations.count() as f64);
            let mut requests = Metric::from_label(labels.clone());
            requests.set_counter(counter);
            self.requests.push(requests);

            let seconds = durations.sum / NANOSECONDS_PER_SECOND;
            let mut duration = Metric::from_label(labels);
            duration.set_histogram(self.config.durations.histogram(&durations.counts, seconds));
            self.duration.push(duration);
        }

        let mut gauge = Gauge::default();
        gauge.set_value(series.in_flight() as f64);
        let mut concurrent = Metric::from_label(labels.clone());
        concurrent.set_gauge(gauge);
        self.concurrent.push(concurrent);

        let sizes = snapshot.sizes();
        let mut response_size = Metric::from_label(labels);
        response_size.set_histogram(self.config.sizes.histogram(&sizes.counts, sizes.sum));
        self.response_size.push(response_size);
    }
}

fn label(name: &str, value: &str) -> LabelPair {
    let mut label = LabelPair::default();
    label.set_name(name.to_owned());
    label.set_value(value.to_owned());
    label
}

fn family(desc: &Desc, kind: MetricType, metrics: Vec<Metric>) -> MetricFamily {
    let mut family = MetricFamily::default();
    family.set_name(desc.fq_name.clone());
    family.set_help(desc.help.clone());
    family.set_field_type(kind);
    family.set_metric(metrics);
    family
}
