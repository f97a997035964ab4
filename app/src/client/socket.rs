//! One WebSocket: from the browser's events to the state's inputs.

use wasm_bindgen::prelude::*;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use super::{Client, json};
use crate::protocol::{ClientFrame, ServerFrame};

#[wasm_bindgen]
extern "C" {
    /// `frontend/starter.js` hears of frames that tell the person something, and that the socket is ready.
    #[wasm_bindgen(catch)]
    fn told(frame: &str) -> Result<(), JsValue>;
}

/// An open, or opening, socket. Dropped, it is closed, and nothing more is heard from it.
pub(super) struct Socket {
    inner: WebSocket,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens a socket to where the page came from. The cookie says who we are.
    pub fn open(client: Client) -> Option<Self> {
        let location = web_sys::window()?.location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let inner = WebSocket::new(&format!("{scheme}://{}/ws", location.host().ok()?)).ok()?;
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            let frame = json::read_frame(&text);
            if matches!(frame, None | Some(ServerFrame::Ready(_))) {
                // On a page whose other script did not come, nobody shows it.
                let _ = told(&text);
            }
            // One that we cannot read is of a later version, or read by who was told.
            if let Some(frame) = frame {
                client.input(|state, now| state.apply(frame, now));
            }
        });
        let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            client.input(|state, now| state.socket_closed(Some(event.code()), now));
        });
        inner.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        inner.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Some(Self { inner, _on_message: on_message, _on_close: on_close })
    }

    /// Sends a frame. A failure shows as a closed socket, or as an answer that fails to come.
    pub fn send(&self, frame: &ClientFrame) {
        // Between the close and our hearing of it the browser would complain.
        if self.inner.ready_state() == WebSocket::OPEN
            && let Ok(text) = serde_json::to_string(frame)
        {
            let _ = self.inner.send_with_str(&text);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.inner.set_onmessage(None);
        self.inner.set_onclose(None);
        // It may be closed already.
        let _ = self.inner.close();
    }
}
