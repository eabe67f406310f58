//! What a scrape gets: the series as families of the prometheus crate.

use std::{collections::HashMap, sync::Arc};

use prometheus::{
    core::{Collector, Desc},
    proto::{Counter, Gauge, LabelPair, Metric, MetricFamily, MetricType},
};

use super::{catalogue::Catalogue, series::MethodSeries, tally::Totals};

/// Reads the series at each scrape.
pub(super) struct HttpCollector {
    catalogue: Arc<Catalogue>,
    requests: Desc,
    duration: Desc,
    concurrent: Desc,
    response_size: Desc,
}

impl HttpCollector {
    pub(super) fn new(catalogue: Arc<Catalogue>) -> prometheus::Result<Self> {
        let desc = |name: &str, help: &str, labels: &[&str]| {
            let labels = labels.iter().map(|label| (*label).to_owned()).collect();
            Desc::new(name.to_owned(), help.to_owned(), labels, HashMap::new())
        };
        Ok(Self {
            catalogue,
            requests: desc(
                "http_requests_total",
                "Requests answered, by the status sent, or aborted where the client left before the end.",
                &["method", "path", "status_code"],
            )?,
            duration: desc(
                "http_request_duration_seconds",
                "Time from a request's arrival to the end of the response's body.",
                &["method", "path", "status_code"],
            )?,
            concurrent: desc(
                "http_concurrent_requests",
                "Requests being served now.",
                &["method", "path"],
            )?,
            response_size: desc(
                "http_response_size_bytes",
                "Bytes of the response's body that were sent.",
                &["method", "path"],
            )?,
        })
    }
}

impl Collector for HttpCollector {
    fn desc(&self) -> Vec<&Desc> {
        vec![&self.requests, &self.duration, &self.concurrent, &self.response_size]
    }

    fn collect(&self) -> Vec<MetricFamily> {
        let mut metrics = Metrics::default();
        for route in self.catalogue.routes() {
            for (verb, series) in route.methods() {
                metrics.add(&[("method", verb.as_str()), ("path", route.path())], series);
            }
        }
        vec![
            family(&self.requests, MetricType::COUNTER, metrics.requests),
            family(&self.duration, MetricType::HISTOGRAM, metrics.duration),
            family(&self.concurrent, MetricType::GAUGE, metrics.concurrent),
            family(&self.response_size, MetricType::HISTOGRAM, metrics.response_size),
        ]
    }
}

/// The samples of the four families.
#[derive(Default)]
struct Metrics {
    requests: Vec<Metric>,
    duration: Vec<Metric>,
    concurrent: Vec<Metric>,
    response_size: Vec<Metric>,
}

impl Metrics {
    /// Adds the samples of one route and method. All come from one reading, so that they agree with each other.
    fn add(&mut self, labels: &[(&str, &str)], series: &MethodSeries) {
        let (outcomes, running) = series.read();
        let labels: Vec<_> = labels.iter().map(|(name, value)| label(name, value)).collect();
        let mut all = Totals::default();
        for (outcome, totals) in outcomes {
            let mut labels = labels.clone();
            labels.push(label("status_code", &outcome.label()));

            let mut requests = Metric::from_label(labels.clone());
            let mut counter = Counter::default();
            counter.set_value(totals.requests() as f64);
            requests.set_counter(counter);
            self.requests.push(requests);

            let mut duration = Metric::from_label(labels);
            duration.set_histogram(totals.durations());
            self.duration.push(duration);
            all.merge(&totals);
        }

        let mut concurrent = Metric::from_label(labels.clone());
        let mut gauge = Gauge::default();
        gauge.set_value(running as f64);
        concurrent.set_gauge(gauge);
        self.concurrent.push(concurrent);

        let mut response_size = Metric::from_label(labels);
        response_size.set_histogram(all.sizes());
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
