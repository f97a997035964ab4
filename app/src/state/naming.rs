//! People under another name or with another picture, wherever a message names them.

use crate::protocol::{Content, Message, User};

/// The person is called, and looks, as told.
pub(super) fn rename(person: &mut User, told: &User) {
    if person.id == told.id {
        person.nickname.clone_from(&told.nickname);
        person.avatar_url.clone_from(&told.avatar_url);
    }
}

/// A message names the person so: as its sender, among whom it speaks to, in what it answers or carries on, in what it
/// tells of.
pub(super) fn rename_in(message: &mut Message, told: &User) {
    rename(&mut message.sender, told);
    message.mentioned.iter_mut().for_each(|person| rename(person, told));
    message.forwarded_from.iter_mut().for_each(|person| rename(person, told));
    message.reply_to.iter_mut().for_each(|quote| rename(&mut quote.sender, told));
    if let Content::System(notice) = &mut message.content {
        rename(&mut notice.actor, told);
        notice.subjects.iter_mut().for_each(|person| rename(person, told));
    }
}
