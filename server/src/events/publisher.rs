//! To whom events go: all of them to the sockets of this node, and each fact to whoever subscribes. The composition root
//! puts them together, from top to bottom: a subscriber knows nobody who publishes.

use std::sync::Arc;

use super::{Event, Fact};

/// Hears of every fact, a conversation's in the order of their commits.
pub trait Subscriber: Send + Sync {
    /// Takes note of a fact. It is called by the task that has committed it, between the commit and the acks: it must
    /// not block, nor wait for anything.
    fn hear(&self, fact: &Fact);
}

/// Where events are handed in. Cheap to clone.
#[derive(Clone)]
pub struct Publisher(Arc<Listeners>);

struct Listeners {
    subscribers: Vec<Box<dyn Subscriber>>,
    sockets: Box<dyn Fn(Vec<Event>) + Send + Sync>,
}

impl Publisher {
    /// A publisher to the sockets of this node, by a function that must not block, and to these subscribers.
    pub fn new(
        sockets: impl Fn(Vec<Event>) + Send + Sync + 'static,
        subscribers: Vec<Box<dyn Subscriber>>,
    ) -> Self {
        Self(Arc::new(Listeners { subscribers, sockets: Box::new(sockets) }))
    }

    /// Tells of these, in their order.
    pub fn publish(&self, events: Vec<Event>) {
        if events.is_empty() {
            return;
        }
        for subscriber in &self.0.subscribers {
            for event in &events {
                if let Event::Fact { fact, .. } = event {
                    subscriber.hear(fact);
                }
            }
        }
        // Last, since they take the events: an origin's ack is made of what was queued, without a copy.
        (self.0.sockets)(events);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use app::protocol::{ApiError, ConversationId, UserId};

    use super::{Publisher, Subscriber};
    use crate::events::{ConnectionId, Event, Fact, Origin, Reply};

    #[derive(Clone, Default)]
    struct Heard(Arc<Mutex<Vec<String>>>);

    impl Heard {
        fn note(&self, what: String) {
            self.0.lock().expect("no panic").push(what);
        }
    }

    impl Subscriber for Heard {
        fn hear(&self, fact: &Fact) {
            let Fact::ConversationChanged { conversation_id, .. } = fact else {
                panic!("{fact:?}")
            };
            self.note(format!("fact {conversation_id}"));
        }
    }

    #[test]
    fn subscribers_hear_of_facts_and_sockets_of_replies_too_in_one_order() {
        let (one, other, sockets) = (Heard::default(), Heard::default(), Heard::default());
        let told = sockets.clone();
        let tell = move |events: Vec<Event>| {
            for event in events {
                match event {
                    Event::Fact { fact, .. } => told.hear(&fact),
                    Event::Reply(_) => told.note("reply".into()),
                }
            }
        };
        let subscribers: Vec<Box<dyn Subscriber>> =
            vec![Box::new(one.clone()), Box::new(other.clone())];
        let publisher = Publisher::new(tell, subscribers);
        let changed = |id| {
            let conversation_id = ConversationId::new(id);
            Event::from(Fact::ConversationChanged { conversation_id, to: UserId::new(1) })
        };
        let reply = Event::Reply(Reply::Refused {
            error: ApiError::not_found(),
            conversation_id: ConversationId::new(7),
            client_id: None,
            to: Origin { connection: ConnectionId(1), frame_id: None },
        });
        publisher.publish(vec![changed(7), reply, changed(8)]);
        publisher.publish(vec![changed(9)]);
        let heard = |by: &Heard| by.0.lock().expect("no panic").join(", ");
        assert_eq!(heard(&sockets), "fact 7, reply, fact 8, fact 9");
        assert_eq!((heard(&one), heard(&other)), ("fact 7, fact 8, fact 9".into(), heard(&one)));
    }
}
