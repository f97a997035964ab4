//! What the browser's tab says of a page.

use app::ui::page::{self, Pane, unread};
use app::ui::route::Route;
use app::ui::shared::called;
use app::ui::shared::naming::conversation_name;
use app::ui::words::{Words, td_string};

use crate::pages::load::LoadedPage;
use crate::pages::panes::StaticPane;

/// How much is unread, what is shown, the site.
pub(super) fn title(loaded: &LoadedPage, words: Words) -> String {
    let chats = loaded.page.session.iter().flat_map(|session| &session.chats.items);
    page::title(&subject(loaded, words), unread(chats), words)
}

fn subject(loaded: &LoadedPage, words: Words) -> String {
    let LoadedPage { page, static_pane, .. } = loaded;
    let is_me = |id| page.session.as_ref().is_some_and(|session| session.me.id == id);
    let text = match (page.place.route, page.session.as_ref().map(|session| &session.pane)) {
        (_, Some(Pane::Talk(talk))) => return conversation_name(&talk.conversation, words),
        (_, Some(Pane::Person { user, .. })) if is_me(user.id) => td_string!(words, chats.notes),
        (_, Some(Pane::Person { user, .. })) => return called(user, words),
        (_, Some(Pane::Static)) => match static_pane {
            Some(StaticPane::Settings(_)) => td_string!(words, settings.title),
            Some(StaticPane::Profile(profile)) => return called(&profile.user, words),
            Some(StaticPane::Contacts(_)) => td_string!(words, contacts.title),
            Some(StaticPane::Groups(_)) => td_string!(words, groups.title),
            Some(StaticPane::NewGroup(_)) => td_string!(words, groups.new),
            Some(StaticPane::Info(info)) => &info.conversation.name,
            Some(StaticPane::Receipts(_)) => td_string!(words, groups.message_info),
            Some(StaticPane::Forward(_)) => td_string!(words, forward.title),
            Some(StaticPane::Remind(_)) => td_string!(words, reminders.remind),
            Some(StaticPane::Reminders(_)) => td_string!(words, reminders.title),
            Some(StaticPane::People(_)) => td_string!(words, people.title),
            Some(StaticPane::Missing) => td_string!(words, missing.title),
            Some(StaticPane::Failed(_)) => td_string!(words, talk.failed_title),
            Some(StaticPane::Nobody) => td_string!(words, profile.nobody_title),
            Some(StaticPane::Nothing) | None => "",
        },
        (Route::LogIn, _) => td_string!(words, sign_in.log_in),
        (Route::Register, _) => td_string!(words, sign_in.create),
        _ => "",
    };
    text.to_owned()
}
