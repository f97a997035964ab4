//! The way to one socket: what waits to go out on it, and whether it is asked to close.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_util::future::poll_fn;

use super::outbound::Outbound;

/// Frames that may wait for one socket. A reader that falls further behind is cut off and catches
/// up from the database; a smaller number would cut off readers for a mere burst.
pub(super) const CAPACITY: usize = 1_024;

/// Frames for which room is kept while none waits.
const KEPT_CAPACITY: usize = 4;

/// See the module. Cheap to clone; all clones are one. Not tokio's channel, which keeps 2.5 KB for what
/// may come: of ten thousand sockets nearly all are idle.
#[derive(Clone, Debug, Default)]
pub(super) struct Mailbox(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Outbound>,
    closing: Option<u16>,
    /// The task of the socket's session, while it waits for something.
    session: Option<Waker>,
}

/// So many wait that the socket is to be cut off.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Mailbox {
    /// Puts something behind all that waits.
    pub(super) fn push(&self, outbound: Outbound) -> Result<(), Full> {
        let mut state = self.state();
        if state.waiting.len() >= CAPACITY {
            return Err(Full);
        }
        state.waiting.push_back(outbound);
        wake(state);
        Ok(())
    }

    /// Asks the socket to close; the first code given counts.
    pub(super) fn close(&self, code: u16) {
        let mut state = self.state();
        state.closing.get_or_insert(code);
        wake(state);
    }

    /// Waits until something waits to go out, and moves up to so many of it to the end of `batch`. To be
    /// called by the session's task alone, as [`closing`](Self::closing) is. May be dropped and called
    /// again.
    pub(super) async fn take(&self, batch: &mut Vec<Outbound>, most: usize) {
        poll_fn(|context| {
            let mut state = self.state();
            if state.waiting.is_empty() {
                return state.wait(context);
            }
            let count = state.waiting.len().min(most);
            batch.extend(state.waiting.drain(..count));
            if state.waiting.is_empty() && state.waiting.capacity() > KEPT_CAPACITY {
                state.waiting = VecDeque::new();
            }
            Poll::Ready(())
        })
        .await;
    }

    /// Waits until the socket is asked to close, and with which code.
    pub(super) async fn closing(&self) -> u16 {
        poll_fn(|context| {
            let mut state = self.state();
            match state.closing {
                Some(code) => Poll::Ready(code),
                None => state.wait(context),
            }
        })
        .await
    }

    /// How many frames wait to go out.
    pub(super) fn len(&self) -> usize {
        self.state().waiting.len()
    }

    /// Takes out what is next.
    #[cfg(test)]
    pub(super) fn pop(&self) -> Option<Outbound> {
        self.state().waiting.pop_front()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing under the lock panics half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wait<T>(&mut self, context: &Context<'_>) -> Poll<T> {
        match &mut self.session {
            Some(session) => session.clone_from(context.waker()),
            None => self.session = Some(context.waker().clone()),
        }
        Poll::Pending
    }
}

/// Wakes the session, after the lock is free again.
fn wake(mut state: MutexGuard<'_, State>) {
    let session = state.session.take();
    drop(state);
    if let Some(session) = session {
        session.wake();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::{CAPACITY, Full, Mailbox, Outbound};

    #[tokio::test]
    async fn what_is_pushed_comes_out_in_order_and_no_more_than_asked_for() {
        let mailbox = Mailbox::default();
        for number in 0..CAPACITY {
            assert_eq!(mailbox.push(Outbound::Frame(number.to_string().into())), Ok(()));
        }
        assert_eq!(mailbox.push(Outbound::Frame("more".into())), Err(Full));
        let mut batch = Vec::new();
        mailbox.take(&mut batch, 64).await;
        mailbox.take(&mut batch, CAPACITY).await;
        let number = |outbound: &Outbound| match outbound {
            Outbound::Frame(frame) => frame.as_str().parse::<usize>().ok(),
            _ => None,
        };
        assert!(batch.iter().map(number).eq((0..CAPACITY).map(Some)));
        assert_eq!(mailbox.take(&mut batch, 64).now_or_never(), None);
    }

    #[tokio::test]
    async fn whoever_waits_is_woken_for_either() {
        let mailbox = Mailbox::default();
        let session = tokio::spawn({
            let mailbox = mailbox.clone();
            async move {
                let mut frames = Vec::new();
                loop {
                    tokio::select! {
                        code = mailbox.closing() => return (frames.len(), code),
                        () = mailbox.take(&mut frames, 64) => {}
                    }
                }
            }
        });
        for number in 1..=3 {
            mailbox.push(Outbound::Frame("x".into())).expect("room");
            while mailbox.len() > 0 {
                tokio::task::yield_now().await;
            }
            assert!(!session.is_finished(), "{number}");
        }
        mailbox.close(4409);
        mailbox.close(4401);
        assert_eq!(session.await.expect("it ran"), (3, 4409));
    }
}
