//! Disruptions that only a cluster has, by kubectl.

use std::{env, time::Duration};

use anyhow::{Context, bail};
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::{command, fault::Instance};

/// A disruption.
#[derive(Clone, Copy, Debug)]
pub enum Disruption {
    /// A pod is evicted, as the drain of a node does it: the disruption budget has to allow it.
    Evict(Instance),
    /// The node of a pod of app takes no new pods, and those of app and beta on it are evicted.
    Drain,
    /// The pods lose the annotation by which Prometheus finds them.
    Unscrape(Instance),
}

/// The annotation by which Prometheus finds a pod.
const SCRAPE: &str = "prometheus.io/scrape";

/// The label of a node that was drained, with the namespace, so that another run can restore it if this one is killed.
const DRAINED: &str = "observer.chaos/drained-for";

/// The selector of the pods of both services.
const SERVICES: &str = "--selector=app.kubernetes.io/name=observer";

/// How long an eviction that the budget refuses is attempted, and the pause in between.
const EVICTION_TIMEOUT: Duration = Duration::from_secs(20);
const RETRY_PAUSE: Duration = Duration::from_secs(2);

impl Disruption {
    /// Returns whether clients in the cluster must not notice it.
    pub const fn is_unnoticed(self) -> bool {
        matches!(self, Self::Evict(_) | Self::Drain)
    }

    pub async fn inject(self) -> anyhow::Result<()> {
        match self {
            Self::Evict(instance) => {
                let pods = kubectl(&["get", "pods", &of(instance), "--output=name"]).await?;
                let pod = pods.lines().next().context("it has no pod")?;
                evict(pod).await
            }
            Self::Drain => drain().await,
            Self::Unscrape(instance) => annotate(instance, &format!("{SCRAPE}-")).await,
        }
    }

    /// Restores the cluster, whatever its state, and waits until all pods are ready.
    pub async fn restore(self) -> anyhow::Result<()> {
        match self {
            Self::Evict(_) => {}
            Self::Drain => uncordon().await.map(drop)?,
            Self::Unscrape(instance) => return annotate(instance, &format!("{SCRAPE}=true")).await,
        }
        for instance in Instance::BOTH {
            let deployment = format!("deployment/observer-{}", instance.name());
            kubectl(&["rollout", "status", &deployment, "--timeout=2m"]).await?;
        }
        Ok(())
    }
}

/// Restores what a killed run has left.
pub async fn restore_all() -> anyhow::Result<()> {
    if uncordon().await? {
        println!("          uncordoned a node, which an earlier run had left drained");
    }
    for instance in Instance::BOTH {
        annotate(instance, &format!("{SCRAPE}=true")).await?;
    }
    Ok(())
}

async fn annotate(instance: Instance, annotation: &str) -> anyhow::Result<()> {
    kubectl(&["annotate", "pods", &of(instance), "--overwrite", annotation])
        .await
        .map(drop)
}

/// Drains the node of a pod of app, as `kubectl drain` does it, but of this stack's pods only. Those that the budget keeps
/// are left: with one node, the pods that would replace the evicted ones find no other.
async fn drain() -> anyhow::Result<()> {
    const NODE: &str = "--output=jsonpath={.items[0].spec.nodeName}";
    let node = kubectl(&["get", "pods", &of(Instance::App), NODE]).await?;
    let label = format!("{DRAINED}={}", variable("KUBE_NAMESPACE")?);
    kubectl(&["label", "node", &node, "--overwrite", &label]).await?;
    kubectl(&["cordon", &node]).await?;
    let on_node = format!("--field-selector=spec.nodeName={node}");
    let pods = kubectl(&["get", "pods", SERVICES, &on_node, "--output=name"]).await?;
    let (mut evicted, mut kept) = (0, 0);
    for pod in pods.lines() {
        match evict(pod).await {
            Ok(()) => evicted += 1,
            Err(error) if is_refused(&error) => kept += 1,
            Err(error) => return Err(error),
        }
    }
    println!("          the node {node}: {evicted} pods evicted, {kept} kept by the disruption budget");
    if evicted == 0 {
        bail!("the budget allowed no eviction");
    }
    Ok(())
}

/// Takes new pods again on the nodes that were drained. Returns whether there was one.
async fn uncordon() -> anyhow::Result<bool> {
    let drained = format!("--selector={DRAINED}={}", variable("KUBE_NAMESPACE")?);
    let nodes = kubectl(&["get", "nodes", &drained, "--output=name"]).await?;
    for node in nodes.lines() {
        kubectl(&["uncordon", node]).await?;
        kubectl(&["label", node, &format!("{DRAINED}-")]).await?;
    }
    Ok(!nodes.is_empty())
}

/// Evicts a pod by the API that `kubectl drain` uses, which asks the disruption budget. Repeats it while that refuses.
async fn evict(pod: &str) -> anyhow::Result<()> {
    let name = pod.trim_start_matches("pod/");
    let namespace = variable("KUBE_NAMESPACE")?;
    let path = format!("/api/v1/namespaces/{namespace}/pods/{name}/eviction");
    let eviction = json!({
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": name, "namespace": namespace},
    });
    let began = Instant::now();
    loop {
        match with_input(&["create", "--raw", &path, "--filename=-"], Some(eviction.to_string())).await {
            Err(error) if is_refused(&error) && began.elapsed() < EVICTION_TIMEOUT => sleep(RETRY_PAUSE).await,
            result => return result.map(drop),
        }
    }
}

/// Returns whether an eviction failed because of the budget.
fn is_refused(error: &anyhow::Error) -> bool {
    error.to_string().contains("disruption budget")
}

/// The selector of the pods of an instance.
fn of(instance: Instance) -> String {
    format!("--selector=app.kubernetes.io/component={}", instance.name())
}

async fn kubectl(arguments: &[&str]) -> anyhow::Result<String> {
    with_input(arguments, None).await
}

async fn with_input(arguments: &[&str], input: Option<String>) -> anyhow::Result<String> {
    let context = format!("--context={}", variable("KUBE_CONTEXT")?);
    let namespace = format!("--namespace={}", variable("KUBE_NAMESPACE")?);
    command::run("kubectl", &[&[&*context, &*namespace], arguments].concat(), input).await
}

/// Returns a variable that `scripts/chaos.sh` sets.
fn variable(name: &str) -> anyhow::Result<String> {
    env::var(name).with_context(|| format!("{name} is not set; `make chaos` sets it"))
}
