//! Service discovery: asks Docker what runs, and tells Prometheus where to scrape.
//!
//! Data goes one way:
//!
//! 1. `docker` asks the API: a fixed number of calls, however many containers there are,
//! 2. [`target_groups`] makes target groups of the [answers](Answers): a pure function of bytes, by `plain` or `swarm`,
//! 3. `watch` does both at once, after each event of Docker and every interval, and hands the groups to
//! 4. the `file`, which is exchanged whole, and the HTTP service of `routes`.
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
mod metrics;
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
use tokio::{net::TcpListener, sync::watch as cell};
use tracing::info;

pub use answers::{Answers, BadAnswer, target_groups};
pub use groups::{Skipped, TargetGroups};
pub use selection::{ExtraLabel, Selection};
pub use settings::DiscoverSettings;

use docker::Docker;
use file::TargetsFile;
use metrics::DiscoveryMetrics;
use routes::Discovery;
use watch::Watch;

use crate::web::{exposition, metrics::ServerMetrics, middleware, server};

/// The most bytes of a request's body. Nobody has a reason to send any.
const BODY_LIMIT: usize = 1024;

/// Discovers until `stop` resolves. That Docker does not answer, or nonsense, is logged and tried again, for ever.
///
/// # Errors
///
/// Fails if the address cannot be bound, or the file's folder is not there.
pub async fn run(settings: &DiscoverSettings, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let registry = exposition::registry()?;
    let http_metrics = RedMetrics::register(&registry)?;
    let server_metrics = ServerMetrics::register(&registry)?;
    let metrics = DiscoveryMetrics::register(&registry)?;
    let docker = Docker::connect(&settings.docker_host)?;
    let file = settings.file.as_deref().map(TargetsFile::open).transpose()?;
    let listener = match settings.listen {
        Some(address) => Some(
            TcpListener::bind(address)
                .await
                .with_context(|| format!("cannot listen on {address}"))?,
        ),
        None => None,
    };

    let (published, current) = cell::channel(None);
    let watch = Watch {
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
            routes::monitored(Discovery { current, registry }).into_parts(),
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
