//! Service discovery: finds running containers through Docker's API and lists them as targets for Prometheus.
//!
//! Data goes one way:
//!
//! 1. `poll` calls the API through `docker`: a fixed number of calls, regardless of the number of containers.
//! 2. [`target_groups`] maps the [answers](Answers) to target groups. It is a pure function, implemented by `plain` and
//!    `swarm`.
//! 3. `watch` runs both at startup, after each Docker event, and at every interval.
//! 4. `file` replaces the targets file atomically, and `routes` serves the groups over HTTP.
//!
//! The groups are in the form that Prometheus reads from a file (`file_sd_configs`) or over HTTP (`http_sd_configs`):
//!
//! ```
//! use observer::discovery::{Answers, Selection, target_groups};
//!
//! let answers = Answers::Plain {
//!     node: "laptop".to_owned(),
//!     containers: br#"[{
//!         "Id": "4c01db0b339c", "Names": ["/shop-cart-1"], "State": "running",
//!         "Labels": {"com.docker.compose.project": "shop", "com.docker.compose.service": "cart"},
//!         "Ports": [{"PrivatePort": 6767, "PublicPort": 32768, "Type": "tcp"}],
//!         "NetworkSettings": {"Networks": {"shop_default": {"IPAddress": "172.18.0.2"}}}
//!     }]"#.as_slice().into(),
//! };
//! let found = target_groups(&answers, &Selection::default())?;
//! assert_eq!(found.to_json(), br#"[{"targets":["172.18.0.2:6767"],"labels":{"task":"cart"}}]"#);
//! # Ok::<(), observer::discovery::BadAnswer>(())
//! ```

mod answers;
mod docker;
mod endpoint;
mod events;
mod file;
mod groups;
mod mapping;
mod metrics;
mod model;
mod plain;
mod poll;
mod port;
mod routes;
mod selection;
mod settings;
mod swarm;
mod watch;

use anyhow::Context;
use red_metrics::RedMetrics;
use tokio::sync::watch as cell;
use tracing::info;

pub use answers::{Answers, BadAnswer};
pub use groups::{Skipped, TargetGroups};
pub use mapping::target_groups;
pub use selection::{ExtraLabel, Selection};
pub use settings::DiscoverSettings;

use docker::Docker;
use file::TargetsFile;
use metrics::DiscoveryMetrics;
use routes::DiscoveryState;
use watch::Watcher;

use crate::web::{exposition, listener, metrics::ServerMetrics, middleware, server};

/// The largest request body, in bytes. No route reads one.
const BODY_LIMIT: usize = 1024;

/// Runs the discovery until `stop` resolves. Failures of Docker are logged and retried indefinitely.
///
/// # Errors
///
/// Fails if the address cannot be bound, or the file's folder does not exist.
pub async fn run(settings: &DiscoverSettings, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let registry = exposition::registry()?;
    let http_metrics = RedMetrics::register(&registry)?;
    let server_metrics = ServerMetrics::register(&registry)?;
    let metrics = DiscoveryMetrics::register(&registry)?;
    let docker = Docker::connect(&settings.docker_host)?;
    let file = settings.file.as_deref().map(TargetsFile::open).transpose()?;
    let listener = settings
        .listen
        .map(|address| listener::bind(address).with_context(|| format!("cannot listen on {address}")))
        .transpose()?;

    let (published, current) = cell::channel(None);
    let watch = Watcher {
        docker,
        mode: settings.mode,
        selection: settings.selection.to_selection(),
        interval: settings.interval,
        file,
        published,
        metrics,
    };
    info!(
        docker = %settings.docker_host,
        file = settings.file.as_ref().map(|file| tracing::field::display(file.display())),
        "discovering"
    );
    let serve = async {
        let Some(listener) = listener else {
            return stop.await;
        };
        if let Ok(address) = listener.local_addr() {
            info!(%address, "serving /targets and /metrics");
        }
        let service = middleware::apply(
            routes::monitored(DiscoveryState { current, registry }).into_parts(),
            Some(&http_metrics),
            &server_metrics,
            BODY_LIMIT,
            &settings.limits,
        );
        server::serve(listener, service, stop, settings.limits, server_metrics).await;
    };
    tokio::select! {
        () = serve => Ok(()),
        never = watch.run() => match never {},
    }
}
