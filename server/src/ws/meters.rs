//! What the sockets measure.

use std::sync::LazyLock;

use app::protocol::{ClientFrame, Command, FrameError};
use metrics::{Counter, Unit, counter, describe_counter, describe_gauge, gauge};

use super::end::End;

const SOCKETS: &str = "kith_sockets";
const WAITING: &str = "kith_socket_queue_frames";
const RECEIVED: &str = "kith_frames_received_total";
const SENT: &str = "kith_frames_sent_total";
const CLOSED: &str = "kith_sockets_closed_total";
const SLOW: &str = "kith_slow_sockets_total";
const GAPS: &str = "kith_gaps_total";

/// Says what the sockets' metrics mean, to the recorder that is installed.
pub fn describe_metrics() {
    describe_gauge!(SOCKETS, Unit::Count, "Sockets that are signed in");
    describe_gauge!(WAITING, Unit::Count, "Frames that wait to go out, on all sockets together");
    describe_counter!(RECEIVED, Unit::Count, "Frames from clients, by type");
    describe_counter!(SENT, Unit::Count, "Frames to clients, by type");
    describe_counter!(
        CLOSED,
        Unit::Count,
        "Sockets that ended, by the close code we gave; \"gone\" where the client left"
    );
    describe_counter!(SLOW, Unit::Count, "Sockets cut off because they did not read");
    describe_counter!(
        GAPS,
        Unit::Count,
        "Holes in a conversation that were closed from the database"
    );
    // What seldom happens is there all the same, as zero.
    for name in [SLOW, GAPS] {
        counter!(name).increment(0);
    }
}

/// The frames that we send, and one name for all others. Handles are taken once: looking them up by
/// name costs more than what they count.
static SENT_BY_TYPE: LazyLock<Vec<(&str, Counter)>> = LazyLock::new(|| {
    let types = [
        "new_message",
        "message_ack",
        "receipt",
        "offline_messages",
        "conversation",
        "pong",
        "error",
        "ready",
        "message_updated",
        "typing",
        "presence",
        "user",
        "conversation_removed",
        "notification",
        "resync",
        OTHER,
    ];
    types.into_iter().map(|name| (name, counter!(SENT, "type" => name))).collect()
});
const OTHER: &str = "other";

/// A frame went out. Its type is the first thing in it.
pub(super) fn sent(frame: &str) {
    let name = frame.strip_prefix(r#"{"type":""#).and_then(|rest| rest.split('"').next());
    let find = |wanted| SENT_BY_TYPE.iter().find(|(name, _)| *name == wanted);
    if let Some((_, counter)) = find(name.unwrap_or(OTHER)).or_else(|| find(OTHER)) {
        counter.increment(1);
    }
}

/// A frame came in.
pub(super) fn received(frame: &Result<ClientFrame, FrameError>) {
    let name = match frame {
        Ok(frame) => match frame.command {
            Command::Auth { .. } => "auth",
            // The one that comes in thousands.
            Command::Message(_) => {
                static MESSAGES: LazyLock<Counter> =
                    LazyLock::new(|| counter!(RECEIVED, "type" => "message"));
                return MESSAGES.increment(1);
            }
            Command::Delivered(_) => "delivered",
            Command::Read(_) => "read",
            Command::Typing { .. } => "typing",
            Command::Presence { .. } => "presence",
            Command::Join { .. } => "join",
            Command::Leave { .. } => "leave",
            Command::Ping {} => "ping",
        },
        Err(_) => "invalid",
    };
    counter!(RECEIVED, "type" => name).increment(1);
}

/// Counts a socket that ended.
pub(super) fn ended(end: End) {
    let code = match end {
        End::Close(code) => code.to_string(),
        End::Gone => "gone".to_owned(),
    };
    counter!(CLOSED, "code" => code).increment(1);
}

/// A socket was cut off because it did not read.
pub(super) fn cut_off() {
    counter!(SLOW).increment(1);
}

/// A hole in a conversation was closed from the database.
pub(super) fn gap() {
    counter!(GAPS).increment(1);
}

/// So many sockets are signed in, and so many frames wait to go out on them.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; both are far below 2^52")]
pub(super) fn measure(sockets: usize, waiting: usize) {
    gauge!(SOCKETS).set(sockets as f64);
    gauge!(WAITING).set(waiting as f64);
}

#[cfg(test)]
mod tests {
    use app::protocol::{ApiError, ServerFrame};

    use super::super::frames::encode;
    use super::SENT_BY_TYPE;

    #[test]
    fn a_frame_begins_with_its_type() {
        for (frame, name) in [
            (ServerFrame::Resync { spread_ms: 5 }, "resync"),
            (ServerFrame::Pong { id: Some("x".into()), timestamp: 7 }, "pong"),
            (
                ServerFrame::Error { id: None, client_id: None, error: ApiError::not_found() },
                "error",
            ),
        ] {
            assert!(encode(&frame).starts_with(&format!(r#"{{"type":"{name}""#)), "{frame:?}");
            assert!(SENT_BY_TYPE.iter().any(|(known, _)| *known == name));
        }
    }
}
