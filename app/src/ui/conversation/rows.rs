//! What each article of a conversation shows.

use super::frame::Frame;
use crate::client::Client;
use crate::protocol::{ApiError, ClientId, ConversationId, Seq, Target, Timestamp, User, UserId};
use crate::state::{Delivery, Item, State, Status};
use crate::ui::shared::{Clock, called};
use crate::ui::words::Words;

/// What names an article: the same before and after the server has stored the message, so that it
/// keeps its view.
pub(super) type Key = (UserId, ClientId);

/// What an article shows, and what stands above it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub sender: UserId,
    pub client_id: ClientId,
    pub seq: Option<Seq>,
    /// The day divider above it.
    pub day: Option<String>,
    /// "New" stands above it.
    pub new: bool,
    /// The first of those that stand together.
    pub first: bool,
    pub mine: bool,
    pub name: String,
    pub at: Timestamp,
    pub content: Content,
    pub delivery: Option<Delivery>,
    pub failure: Option<ApiError>,
}

/// The words of an article.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    Text(String),
    Recalled,
}

impl Row {
    pub fn key(&self) -> Key {
        (self.sender, self.client_id.clone())
    }
}

/// The conversation that a target is.
pub(super) const fn conversation_of(target: Target) -> Option<ConversationId> {
    match target {
        Target::Conversation(id) => Some(id),
        Target::User(_) => None,
    }
}

/// The rows of the articles that stand in the DOM.
pub(super) fn rows(
    client: Client,
    target: Target,
    frame: Frame,
    clock: Clock,
    words: Words,
) -> Vec<Row> {
    let me = client.me();
    let count = client.item_count(target);
    let (range, divider) = match conversation_of(target) {
        Some(id) => client.with_timeline(id, |timeline| {
            timeline.map_or((0..count, None), |timeline| {
                (frame.range(timeline.messages(), count), timeline.new_divider())
            })
        }),
        None => (0..count, None),
    };
    // The one before the first tells how the first stands.
    let from = range.start.saturating_sub(1);
    client.with_items(target, from..range.end, |items, state| {
        let shown = range.start - from;
        items
            .iter()
            .enumerate()
            .skip(shown)
            .map(|(index, item)| {
                let previous = index.checked_sub(1).and_then(|index| items.get(index));
                row(item, previous, &me, divider, state, (clock, words))
            })
            .collect()
    })
}

fn row(
    item: &Item<'_>,
    previous: Option<&Item<'_>>,
    me: &User,
    divider: Option<Seq>,
    state: &State,
    (clock, words): (Clock, Words),
) -> Row {
    let placement = item.placement(previous, me.id, divider, |at| clock.day(at));
    let (name, content, failure) = match item {
        Item::Message(message) => {
            let content = if message.recalled {
                Content::Recalled
            } else {
                Content::Text(message.content.clone())
            };
            (called(&message.sender, words), content, None)
        }
        Item::Pending(entry) => {
            let failure = match &entry.status {
                Status::NotSent(error) => Some(error.clone()),
                _ => None,
            };
            (me.nickname.clone(), Content::Text(entry.content.clone()), failure)
        }
    };
    let sender = item.sender().unwrap_or(me.id);
    Row {
        sender,
        client_id: item.client_id().clone(),
        seq: item.seq(),
        day: placement.starts_day.then(|| clock.long(item.created_at())),
        new: placement.starts_new,
        first: placement.starts_group,
        mine: sender == me.id,
        name,
        at: item.created_at(),
        content,
        delivery: state.delivery(item),
        failure,
    }
}
