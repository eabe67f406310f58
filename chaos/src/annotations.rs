//! The annotations of the dashboards: what they draw over the time axis of an alert, and of a fault.

use crate::{alert::Alert, fault::Instance, stack::Stack};
use test_support::dashboard::{Annotation, Dashboard, fill_in};

/// The annotation of what fires. Each dashboard has it.
const ALERTS: &str = "Alerts";

/// The variable by which a dashboard is about one of the two services.
const SERVICE: &str = "service";

/// All dashboards.
pub struct Annotations(Vec<Dashboard>);

impl Annotations {
    pub fn read() -> Self {
        Self(Dashboard::all())
    }

    /// Whether every dashboard that is about this alert's service shows it.
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
                    .any(|series| Alert::in_object(&series["metric"]) == *alert)
                {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Whether every annotation of this name shows something of this instance.
    pub async fn show(&self, stack: &Stack, name: &str, instance: Instance) -> anyhow::Result<bool> {
        let mut shown = 0;
        for dashboard in &self.0 {
            for annotation in named(dashboard, name) {
                if stack
                    .query(&expr(dashboard, annotation, instance.name()))
                    .await?
                    .is_empty()
                {
                    return Ok(false);
                }
                shown += 1;
            }
        }
        Ok(shown > 0)
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
    fn every_dashboard_annotates_what_fires() {
        for dashboard in &Annotations::read().0 {
            assert_eq!(named(dashboard, ALERTS).count(), 1, "{}", dashboard.title);
        }
    }
}
