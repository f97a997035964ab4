//! What the browser keeps of a user: unsent messages, drafts, what they answer, begun edits, a key each, so
//! that tabs do not overwrite one another's. A storage that is full, or refused, loses nothing but
//! the keeping.

use web_sys::{Storage, StorageEvent};

use super::json;
use crate::protocol::{ClientId, ConversationId, Quote, Target, UserId};
use crate::state::{Edit, Entry};

/// What another tab did to the storage.
pub(super) enum Elsewhere {
    Kept(Box<Entry>),
    Forgot(ClientId),
    Draft(Target, String),
    Reply(Target, Option<Quote>),
    Edit(ConversationId, Option<Edit>),
}

/// All that is kept of a user.
#[derive(Default)]
pub(super) struct Kept {
    pub entries: Vec<Entry>,
    pub drafts: Vec<(Target, String)>,
    pub replies: Vec<(Target, Quote)>,
    pub edits: Vec<(ConversationId, Edit)>,
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

fn prefix(user: UserId) -> String {
    format!("kith:{user}:")
}

fn entry_key(user: UserId, client_id: &ClientId) -> String {
    format!("{}unsent:{client_id}", prefix(user))
}

fn target_key(user: UserId, kind: &str, target: Target) -> String {
    let target = match target {
        Target::Conversation(id) => format!("c{id}"),
        Target::User(id) => format!("u{id}"),
    };
    format!("{}{kind}:{target}", prefix(user))
}

fn parse_target(text: &str) -> Option<Target> {
    if let Some(id) = text.strip_prefix('c') {
        return id.parse().ok().map(Target::Conversation);
    }
    text.strip_prefix('u')?.parse().ok().map(Target::User)
}

fn write(key: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    // A full storage refuses: see above.
    let _ = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}

/// Keeps an unsent message.
pub(super) fn keep(user: UserId, entry: &Entry) {
    if let Ok(text) = serde_json::to_string(entry) {
        write(&entry_key(user, &entry.client_id), Some(&text));
    }
}

/// Lets go of one.
pub(super) fn remove(user: UserId, client_id: &ClientId) {
    write(&entry_key(user, client_id), None);
}

/// Keeps a draft; an empty one is let go of.
pub(super) fn keep_draft(user: UserId, target: Target, text: &str) {
    write(&target_key(user, "draft", target), (!text.is_empty()).then_some(text));
}

/// Keeps what a draft answers, or lets go of it.
pub(super) fn keep_reply(user: UserId, target: Target, quote: Option<&Quote>) {
    let text = quote.and_then(|quote| serde_json::to_string(quote).ok());
    write(&target_key(user, "reply", target), text.as_deref());
}

/// Keeps what is being edited, or lets go of it.
pub(super) fn keep_edit(user: UserId, id: ConversationId, edit: Option<&Edit>) {
    let text = edit.map(|edit| format!("{} {}", edit.seq, edit.text));
    write(&target_key(user, "edit", Target::Conversation(id)), text.as_deref());
}

/// All that is kept of a user.
pub(super) fn load(user: UserId) -> Kept {
    let mut kept = Kept::default();
    for key in keys(user) {
        let Some(value) = storage().and_then(|storage| storage.get_item(&key).ok()?) else {
            continue;
        };
        match read(user, &key, Some(value)) {
            Some(Elsewhere::Kept(entry)) => kept.entries.push(*entry),
            Some(Elsewhere::Draft(target, text)) => kept.drafts.push((target, text)),
            Some(Elsewhere::Reply(target, Some(quote))) => kept.replies.push((target, quote)),
            Some(Elsewhere::Edit(id, Some(edit))) => kept.edits.push((id, edit)),
            _ => {}
        }
    }
    kept
}

/// Removes all that is kept of a user.
pub(super) fn forget(user: UserId) {
    for key in keys(user) {
        write(&key, None);
    }
}

/// What another tab did, if it concerns this user.
pub(super) fn elsewhere(user: UserId, event: &StorageEvent) -> Option<Elsewhere> {
    read(user, &event.key()?, event.new_value())
}

fn read(user: UserId, key: &str, value: Option<String>) -> Option<Elsewhere> {
    let key = key.strip_prefix(&prefix(user))?;
    if let Some(target) = key.strip_prefix("draft:") {
        return Some(Elsewhere::Draft(parse_target(target)?, value.unwrap_or_default()));
    }
    if let Some(target) = key.strip_prefix("reply:") {
        return Some(Elsewhere::Reply(
            parse_target(target)?,
            value.and_then(|text| json::read(&text)),
        ));
    }
    if let Some(target) = key.strip_prefix("edit:") {
        let Target::Conversation(id) = parse_target(target)? else { return None };
        let edit = value.and_then(|kept| {
            let (seq, text) = kept.split_once(' ')?;
            Some(Edit { seq: seq.parse().ok()?, text: text.to_owned() })
        });
        return Some(Elsewhere::Edit(id, edit));
    }
    let client_id = ClientId::parse(key.strip_prefix("unsent:")?).ok()?;
    Some(match value {
        Some(text) => Elsewhere::Kept(json::read(&text)?),
        None => Elsewhere::Forgot(client_id),
    })
}

fn keys(user: UserId) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let length = storage.length().unwrap_or(0);
    let all = (0..length).filter_map(|index| storage.key(index).ok()?);
    all.filter(|key| key.starts_with(&prefix(user))).collect()
}
