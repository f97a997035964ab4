//! Opening the doors and closing them again: one HTTP server until it is told to stop.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// So long answers may take to end after we were told to stop.
pub(crate) const FAREWELL: Duration = Duration::from_secs(10);

/// Serves until `stop`, then takes no more connections and waits a while for the answers that are on
/// their way.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
) -> io::Result<()> {
    let listener = listener.tap_io(|connection| {
        // Small frames go out at once; it fails only when the other side is gone already.
        let _ = connection.set_nodelay(true);
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let stopping = stop.clone().cancelled_owned();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stopping);
    let farewell = async {
        stop.cancelled().await;
        tokio::time::sleep(FAREWELL).await;
    };
    tokio::select! {
        result = serving.into_future() => result,
        () = farewell => Ok(()),
    }
}
