//! What messages hold beside their words, as the server alone renders it: pictures, films, sound, other files,
//! and appointments.

mod album;
mod download;
mod film;
mod schedule;
mod sound;

use app::protocol::text::one_line;
use app::protocol::{Content, ConversationId, File, Message, MessageRef, Seq, limits};
use app::ui::shared::room::is_film;
use app::ui::words::{td_string, words};
use leptos::either::EitherOf3;
use leptos::prelude::*;

use self::album::Album;
pub(super) use self::album::Tile;
pub(super) use self::download::{Download, size};
use self::film::Film;
use self::schedule::card;
use self::sound::Sound;

/// What a message holds beside its words, under the current owner, in whose context are words; empty where it is
/// words alone.
pub(super) fn content_html(content: &Content, of: Option<MessageRef>) -> String {
    match content {
        Content::Image { files, caption } => {
            view! { <Album files=files.clone() caption=caption.clone() /> }.to_html()
        }
        Content::File { files, .. } => {
            files.iter().map(|file| view! { <OneFile file=file.clone() /> }.to_html()).collect()
        }
        Content::Schedule { schedule, .. } => {
            of.map(|of| card(schedule, of).to_html()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The same for a page that is open, which looks for it by the message's position.
pub(super) fn message_html(message: &Message) -> Option<String> {
    let of = MessageRef { conversation_id: message.conversation_id, seq: message.seq };
    let html = content_html(&message.content, Some(of));
    let rev = match &message.content {
        Content::Schedule { schedule, .. } => schedule.rev,
        _ => 0,
    };
    let (id, seq): (ConversationId, Seq) = (message.conversation_id, message.seq);
    (!html.is_empty()).then(|| {
        view! {
            <div data-seq=seq.to_string() data-rev=rev.to_string()>
                <span data-message=format!("/c/{id}/{seq}") inner_html=html></span>
            </div>
        }
        .to_html()
    })
}

/// What a picture or a film is called: the caption, else that it is one.
fn described(file: &File, caption: &str) -> String {
    let caption = one_line(caption, limits::EXCERPT);
    if caption.is_empty() { named(file).to_owned() } else { caption }
}

/// That it is a picture or a film.
fn named(file: &File) -> &'static str {
    if is_film(file) { td_string!(words(), files.video) } else { td_string!(words(), files.photo) }
}

/// A file that was sent as one: heard or seen in its place where browsers can, and to be downloaded in any case.
#[component]
pub(super) fn OneFile(file: File) -> impl IntoView {
    if is_film(&file) {
        EitherOf3::A(view! { <Film file /> })
    } else if file.url.is_some() && (file.voice || file.mime.starts_with("audio/")) {
        EitherOf3::B(view! { <Sound file /> })
    } else {
        EitherOf3::C(view! { <Download file /> })
    }
}
