//! What the server tells of itself: its log, on standard error, and its metrics.

use std::io::{self, IsTerminal};
use std::sync::OnceLock;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::config::{Config, LogFormat};

/// Seconds up to which answers are counted, for `_seconds` metrics.
const SECONDS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// Sizes up to which things are counted, for `_size` metrics.
const SIZES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Starts the log. A second call does nothing.
pub fn start_log(config: &Config) {
    let on_terminal = io::stderr().is_terminal();
    let format =
        config.log_format.unwrap_or(if on_terminal { LogFormat::Human } else { LogFormat::Json });
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // It fails only where a log was started before.
    let _ = match format {
        LogFormat::Human => log.with_ansi(on_terminal).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
}

/// Where the process's metrics are read; starts counting with the first call.
pub fn metrics() -> &'static PrometheusHandle {
    static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();
    METRICS.get_or_init(|| {
        let builder = with_buckets("_seconds", PrometheusBuilder::new(), &SECONDS);
        let recorder = with_buckets("_size", builder, &SIZES).build_recorder();
        let handle = recorder.handle();
        // It fails only where another recorder counts already; ours then stays empty.
        let _ = metrics::set_global_recorder(recorder);
        handle
    })
}

fn with_buckets(suffix: &str, builder: PrometheusBuilder, buckets: &[f64]) -> PrometheusBuilder {
    builder
        .set_buckets_for_metric(Matcher::Suffix(suffix.to_owned()), buckets)
        // It fails only on an empty list.
        .unwrap_or_default()
}

/// `/metrics`, for the admin address.
pub fn routes() -> Router {
    Router::new().route("/metrics", get(async || metrics().render()))
}

/// Tidies the metrics' memory from time to time; runs until it is dropped.
pub async fn keep_metrics_small() {
    let mut tick = tokio::time::interval(Duration::from_secs(5));
    loop {
        tick.tick().await;
        metrics().run_upkeep();
    }
}
