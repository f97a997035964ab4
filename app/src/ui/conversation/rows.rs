//! What each article of a conversation shows.

use super::render_window::RenderWindow;
use crate::client::Client;
use crate::protocol::{
    ApiError, ClientId, Content, ConversationId, ConversationKind, Message, Quote, Reaction, Seq,
    Target, Timestamp, User, UserId,
};
use crate::state::{Delivery, Item, State, Status};
use crate::ui::shared::{Clock, called};
use crate::ui::words::Words;

/// What names an article: the same before and after the server has stored the message, so that it
/// keeps its view.
pub(super) type Key = (UserId, ClientId);

/// What an article shows, and what stands above it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ArticleRow {
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
    /// Where the sender's picture is.
    pub avatar: Option<String>,
    pub at: Timestamp,
    pub content: Content,
    /// Others' messages in a group carry their sender's avatar and name.
    pub signed: bool,
    /// Whose words it carries on.
    pub forwarded: Option<String>,
    pub quote: Option<Quote>,
    pub reactions: Vec<Reaction>,
    pub edited: bool,
    /// Whom it names one by one, and whether all.
    pub mentioned: Vec<User>,
    pub mentions_all: bool,
    pub delivery: Option<Delivery>,
    pub failure: Option<ApiError>,
}

impl ArticleRow {
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
    rendered: RenderWindow,
    clock: Clock,
    words: Words,
) -> Vec<ArticleRow> {
    let me = client.me();
    let count = client.item_count(target);
    let (range, divider) = match conversation_of(target) {
        Some(id) => client.with_timeline(id, |timeline| {
            timeline.map_or((0..count, None), |timeline| {
                (rendered.range(timeline.messages(), count), timeline.new_divider())
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
) -> ArticleRow {
    let placement = item.placement(previous, me.id, divider, |at| clock.day(at));
    let sender = item.sender().unwrap_or(me.id);
    let mut row = ArticleRow {
        sender,
        client_id: item.client_id().clone(),
        seq: item.seq(),
        day: placement.starts_day.then(|| clock.long(item.created_at())),
        new: placement.starts_new,
        first: placement.starts_group,
        mine: sender == me.id,
        name: String::new(),
        avatar: None,
        at: item.created_at(),
        content: Content::Text(String::new()),
        signed: false,
        forwarded: None,
        quote: None,
        reactions: Vec::new(),
        edited: false,
        mentioned: Vec::new(),
        mentions_all: false,
        delivery: state.delivery(item),
        failure: None,
    };
    match item {
        Item::Message(message) => tell(&mut row, message, state, words),
        Item::Pending(entry) => {
            row.name.clone_from(&me.nickname);
            row.content = Content::Text(entry.content.clone());
            row.quote.clone_from(&entry.reply_to);
            if let Status::NotSent(error) = &entry.status {
                row.failure = Some(error.clone());
            }
        }
    }
    row
}

/// What the server has stored.
fn tell(row: &mut ArticleRow, message: &Message, state: &State, words: Words) {
    row.name = called(&message.sender, words);
    row.avatar.clone_from(&message.sender.avatar_url);
    row.content.clone_from(&message.content);
    if message.notice().is_some() {
        return;
    }
    let conversation = state.chats().get(message.conversation_id);
    let is_group = conversation.is_some_and(|row| row.kind == ConversationKind::Group);
    row.signed = is_group && !row.mine;
    if message.is_recalled() {
        return;
    }
    row.forwarded = message.forwarded_from.as_ref().map(|author| called(author, words));
    row.quote.clone_from(&message.reply_to);
    row.reactions = state.reactions(message);
    row.edited = message.edited_at.is_some();
    row.mentioned.clone_from(&message.mentioned);
    row.mentions_all = message.mentions_all;
}
