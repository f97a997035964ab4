//! The metrics: counted where things happen, read at `/metrics` on the admin address.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use metrics::{describe_gauge, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

/// Seconds up to which answers are counted, for `_seconds` metrics.
const SECONDS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// Sizes up to which batches are counted, for `_messages` metrics.
const SIZES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// How often [`tidy_metrics`] is to be called.
pub const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

const BUILD: &str = "kith_build_info";

/// Where the process's metrics are read; starts counting with the first call.
pub fn metrics() -> &'static PrometheusHandle {
    static METRICS: OnceLock<PrometheusHandle> = OnceLock::new();
    METRICS.get_or_init(|| {
        let builder = with_buckets("_seconds", PrometheusBuilder::new(), &SECONDS);
        let recorder = with_buckets("_messages", builder, &SIZES).build_recorder();
        let handle = recorder.handle();
        // It fails only where another recorder counts already; ours then stays empty.
        let _ = metrics::set_global_recorder(recorder);
        metrics_process::Collector::default().describe();
        describe_gauge!(BUILD, "1, for each version that runs");
        gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        handle
    })
}

fn with_buckets(suffix: &str, builder: PrometheusBuilder, buckets: &[f64]) -> PrometheusBuilder {
    builder
        .set_buckets_for_metric(Matcher::Suffix(suffix.to_owned()), buckets)
        // It fails only on an empty list.
        .unwrap_or_default()
}

/// `/metrics`, for the admin address. `measure` is called before each answer: it sets the gauges
/// that nobody keeps up to date.
pub fn routes(measure: impl Fn() + Send + Sync + 'static) -> Router {
    let measure = Arc::new(measure);
    let answer = move || {
        measure();
        metrics_process::Collector::default().collect();
        let text = metrics().render();
        async { ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text) }
    };
    Router::new().route("/metrics", get(answer))
}

/// Tidies the metrics' memory. To be called every [`UPKEEP_INTERVAL`], lest it grow.
pub fn tidy_metrics() {
    metrics().run_upkeep();
}
