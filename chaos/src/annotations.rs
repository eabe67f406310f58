//! The dashboards' annotations, which mark alerts and faults on the time axis.

use anyhow::ensure;

use crate::{alert::Alert, fault::Instance, stack::Stack};
use test_support::dashboard::{Annotation, Dashboard, fill_in};

/// The annotation of firing alerts, on every dashboard.
const ALERTS: &str = "Alerts";

/// The variable that selects a service on a dashboard.
const SERVICE: &str = "service";

/// The annotations of all dashboards.
pub struct Annotations(Vec<Dashboard>);

impl Annotations {
    pub fn read() -> Self {
        Self(Dashboard::all())
    }

    /// Returns whether every dashboard of the alert's service draws it.
    pub async fn draw(&self, stack: &Stack, alert: &Alert) -> anyhow::Result<bool> {
        let is_instance = Instance::BOTH.iter().any(|instance| instance.name() == alert.job);
        for dashboard in &self.0 {
            if has_service(dashboard) && !is_instance {
                continue;
            }
            for annotation in named(dashboard, ALERTS) {
                let series = stack.query(&expr(dashboard, annotation, &alert.job)).await?;
                if !series
                    .iter()
                    .any(|series| Alert::from_object(&series["metric"]) == *alert)
                {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Succeeds if every annotation of this name has data for the instance.
    pub async fn check(&self, stack: &Stack, name: &str, instance: Instance) -> anyhow::Result<()> {
        let mut shown = 0;
        for dashboard in &self.0 {
            for annotation in named(dashboard, name) {
                let series = stack.query(&expr(dashboard, annotation, instance.name())).await?;
                ensure!(
                    !series.is_empty(),
                    "the annotation {name} shows nothing for {}",
                    instance.name()
                );
                shown += 1;
            }
        }
        ensure!(shown > 0, "no dashboard has the annotation {name}");
        Ok(())
    }
}

fn has_service(dashboard: &Dashboard) -> bool {
    dashboard.variables().iter().any(|variable| variable.name == SERVICE)
}

fn named<'a>(dashboard: &'a Dashboard, name: &str) -> impl Iterator<Item = &'a Annotation> {
    dashboard
        .annotations()
        .iter()
        .filter(move |annotation| annotation.name == name)
}

fn expr(dashboard: &Dashboard, annotation: &Annotation, job: &str) -> String {
    let mut values = dashboard.any_values();
    values.insert(SERVICE, job.to_owned());
    fill_in(&annotation.expr, &values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dashboard_has_one_annotation_of_firing_alerts() {
        for dashboard in &Annotations::read().0 {
            assert_eq!(named(dashboard, ALERTS).count(), 1, "{}", dashboard.title);
        }
    }
}
