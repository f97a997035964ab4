//! Carries out what the state asks for, and brings it what the browser tells: events, time.

use std::cell::Cell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::StorageEvent;

use super::actions::Done;
use super::clock::now;
use super::socket::Socket;
use super::storage::{self, Elsewhere};
use super::{Client, api, refresh, tab_leader};
use crate::protocol::{ApiError, ErrorKind, Timestamp, limits};
use crate::state::{Action, Effect, Outcome, Request, Response, Token};

/// So often, at most, the state hears that the user does something.
const ACTIVITY_INTERVAL_MS: Timestamp = 5_000;

/// Browsers count no further than 2^31 milliseconds; who wants to sleep longer is asked again.
const MAX_TIMER_MS: Timestamp = 24 * 60 * 60 * 1_000;

/// What is open in the browser on the state's behalf.
#[derive(Default)]
pub(super) struct Runtime {
    started: bool,
    /// Waits in the line of those who would lead.
    pub(super) queued: bool,
    socket: Option<Socket>,
    /// Who waits for what comes of an action.
    waiting: Vec<(Token, Done)>,
    last_token: Token,
    /// When the timer fires, and the timer.
    timer: Option<(Timestamp, Timeout)>,
}

/// Brings the client to life; the server's clock showed `server_time` when it rendered the page.
pub(super) fn start(client: Client, server_time: Timestamp) {
    let first = client
        .runtime
        .try_update_value(|runtime| !std::mem::replace(&mut runtime.started, true))
        .unwrap_or(false);
    if !first {
        return;
    }
    listen(client);
    let kept = storage::load(client.me().id);
    client.input(|state, now| {
        for (target, quote) in kept.replies {
            state.note_reply(target, Some(quote));
        }
        for (id, edit) in kept.edits {
            state.note_edit(id, Some(edit));
        }
        state.tell_time(server_time, now);
        state.start(seed(), kept.entries, kept.drafts, now)
    });
    let offline = web_sys::window().is_some_and(|window| !window.navigator().on_line());
    tab_leader::queue(client);
    if offline {
        client.input(|state, now| state.network(false, now));
    }
}

impl Client {
    /// What there is to [`Client::act`] for all actions alike.
    pub(super) fn act_now(self, action: Action, done: Done) {
        let token = self.runtime.try_update_value(|runtime| {
            runtime.last_token += 1;
            runtime.waiting.push((runtime.last_token, done));
            runtime.last_token
        });
        if let Some(token) = token {
            self.input(|state, now| state.act(token, action, now));
        }
    }

    fn tell_outcome(self, token: Token, result: Result<Outcome, ApiError>) {
        let done = self.runtime.try_update_value(|runtime| {
            let at = runtime.waiting.iter().position(|(waits, _)| *waits == token)?;
            Some(runtime.waiting.swap_remove(at).1)
        });
        if let Some(done) = done.flatten() {
            done(result);
        }
    }
}

/// Does one thing that the state asks for.
pub(super) fn perform(client: Client, effect: Effect) {
    let me = client.me().id;
    match effect {
        Effect::Connect => connect(client),
        Effect::Send(frame) => client.runtime.with_value(|runtime| {
            if let Some(socket) = &runtime.socket {
                socket.send(&frame);
            }
        }),
        Effect::Fetch(request) => spawn_local(async move {
            let result = ask(&request).await;
            client.input(|state, now| state.answered(request, result, now));
        }),
        Effect::Act(token, action) => spawn_local(async move {
            let result = api::act(&action).await;
            client.input(|state, now| state.acted(token, &action, &result, now));
            client.tell_outcome(token, result);
        }),
        Effect::RefreshLogin => spawn_local(async move {
            let result = refresh::login().await;
            client.input(|state, now| state.refreshed(result.as_ref().copied(), now));
        }),
        Effect::SignIn => refresh::sign_in(),
        Effect::Reload => {
            if let Some(window) = web_sys::window() {
                // A refused reload leaves the page as it is.
                let _ = window.location().reload();
            }
        }
        Effect::Keep(entry) => storage::keep(me, &entry),
        Effect::Forget(client_id) => storage::remove(me, &client_id),
        Effect::KeepDraft(target, text) => storage::keep_draft(me, target, &text),
        Effect::KeepReply(target, quote) => storage::keep_reply(me, target, quote.as_deref()),
        Effect::KeepEdit(id, edit) => storage::keep_edit(me, id, edit.as_ref()),
        // Told to whoever reads, before it came here.
        Effect::Opened(..) | Effect::Found(..) | Effect::Refused(_) | Effect::Announce(_) => {}
    }
}

/// Ends the login, and then what the browser keeps of the user.
pub(super) fn log_out(client: Client, failed: impl FnOnce(ApiError) + 'static) {
    // The login's end closes the socket, maybe before its answer is here.
    disconnect(client);
    spawn_local(async move {
        match api::log_out().await {
            Err(error) if error.kind != ErrorKind::Unauthenticated => {
                client.input(|state, now| state.socket_closed(None, now));
                failed(error);
            }
            // It is over already, or now: nothing may be kept after what was kept is removed.
            _ => {
                disconnect(client);
                storage::forget(client.me().id);
                refresh::go_to("/login");
            }
        }
    });
}

/// Hears nothing more of the socket.
pub(super) fn disconnect(client: Client) {
    let _ = client.runtime.try_update_value(|runtime| runtime.socket = None);
}

/// Sees to it that the state hears of the time when it wants to.
pub(super) fn schedule(client: Client) {
    let Some(next) = client.state.try_with_value(crate::state::State::next_tick) else { return };
    let _ = client.runtime.try_update_value(|runtime| {
        if !runtime.started || runtime.timer.as_ref().map(|(at, _)| *at) == next {
            return;
        }
        runtime.timer = next.map(|at| {
            let wait = (at - now()).clamp(0, MAX_TIMER_MS);
            let wait = u32::try_from(wait).unwrap_or(0);
            (at, Timeout::new(wait, move || tick(client)))
        });
    });
}

fn tick(client: Client) {
    let _ = client.runtime.try_update_value(|runtime| runtime.timer = None);
    client.input(crate::state::State::tick);
}

fn connect(client: Client) {
    let _ = client.runtime.try_update_value(|runtime| runtime.socket = None);
    let socket = Socket::open(client);
    let failed = socket.is_none();
    let _ = client.runtime.try_update_value(|runtime| runtime.socket = socket);
    if failed {
        client.input(|state, now| state.socket_closed(None, now));
    }
}

async fn ask(request: &Request) -> Result<Response, ApiError> {
    Ok(match request {
        Request::Heads => Response::Heads(api::heads().await?),
        Request::List(archived, cursor) => {
            Response::List(api::conversations(*archived, cursor.as_deref()).await?)
        }
        Request::Conversation(id) => {
            Response::Conversation(Box::new(api::conversation(*id).await?))
        }
        Request::View(id, window) => {
            Response::Messages(api::messages(*id, *window, limits::PAGE_DEFAULT).await?)
        }
        Request::ViewAt(id, at) => Response::Messages(api::messages_at(*id, *at).await?),
        Request::Changes(id, after) => Response::Changes(api::changes(*id, *after).await?),
        Request::CatchUp(id, after) => {
            let window = crate::protocol::Window::After(*after);
            Response::Messages(api::messages(*id, window, limits::PAGE_MAX).await?)
        }
    })
}

/// The browser's events: a network found or lost, the user's return, another tab's storage.
fn listen(client: Client) {
    window_event_listener_untyped("online", move |_| {
        client.input(|state, now| state.network(true, now));
    });
    window_event_listener_untyped("offline", move |_| {
        client.input(|state, now| state.network(false, now));
    });
    for event in ["focus", "pageshow", "visibilitychange"] {
        window_event_listener_untyped(event, move |_| {
            if document().visibility_state() == web_sys::VisibilityState::Visible {
                client.input(crate::state::State::woken);
                client.input(crate::state::State::used);
                tab_leader::take_over(client);
            }
        });
    }
    let used = Cell::new(0);
    let use_it = Rc::new(move || {
        let now = now();
        // A hand on the mouse is a hundred events a second.
        if now - used.get() > ACTIVITY_INTERVAL_MS {
            used.set(now);
            client.input(crate::state::State::used);
            tab_leader::take_over(client);
        }
    });
    for event in ["keydown", "pointerdown", "pointermove", "wheel"] {
        let use_it = Rc::clone(&use_it);
        window_event_listener_untyped(event, move |_| use_it());
    }
    let me = client.me().id;
    window_event_listener_untyped("storage", move |event| {
        let Ok(event) = event.dyn_into::<StorageEvent>() else { return };
        client.input(|state, now| match storage::elsewhere(me, &event) {
            Some(Elsewhere::Kept(entry)) => state.kept_elsewhere(*entry, now),
            Some(Elsewhere::Forgot(client_id)) => state.forgotten_elsewhere(&client_id, now),
            Some(Elsewhere::Reply(target, quote)) => {
                state.note_reply(target, quote);
                Vec::new()
            }
            Some(Elsewhere::Edit(id, edit)) => {
                state.note_edit(id, edit);
                Vec::new()
            }
            Some(Elsewhere::Draft(target, text)) => {
                state.note_draft(target, &text);
                Vec::new()
            }
            None => Vec::new(),
        });
    });
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "any bits will do")]
fn seed() -> u64 {
    (js_sys::Math::random() * 9e15) as u64
}
