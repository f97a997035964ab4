//! Where one writes: a plain form that the browser's code takes over.

use std::cell::Cell;

use leptos::prelude::*;
use leptos::{ev, html, web_sys};

use super::bar::{Bar, leave};
use super::field::{grow, insert};
use super::files::tools;
use super::mentions::Mentions;
use super::rows::conversation_of;
use super::scroll::Goal;
use crate::client::{Client, use_client};
use crate::forms::FormOutcome;
use crate::protocol::{ApiError, ConversationId, MessageText, Seq, Target, limits};
use crate::state::{Action, Edit};
use crate::ui::overlays::{Overlays, PICKER, asking};
use crate::ui::route::target_path;
use crate::ui::shared::dom::has_keyboard;
use crate::ui::shared::errors::{about, message};
use crate::ui::shared::keys::Key;
use crate::ui::shared::newline::behind_tag;
use crate::ui::shared::{Icon, IconView};
use crate::ui::words::{Words, counted, td_string, words};

/// The counter shows when so few characters are left.
const COUNTER_SHOWN_BELOW: usize = 500;

/// What the plain form carries.
pub(super) struct Form {
    /// The name of the next message, so that sending the form twice makes one message.
    pub client_id: String,
    /// The newest message on the page: whoever answers has read up to it.
    pub read_seq: Option<Seq>,
    /// The try that failed.
    pub failed: Option<FormOutcome>,
}

/// The field, its counter and the button.
#[component]
pub(super) fn Composer(
    /// The conversation or the person that is written to.
    target: Memo<Target>,
    /// Where the log is to scroll to.
    goal: RwSignal<Option<Goal>>,
    /// What came with the page.
    delivered: Option<Form>,
) -> impl IntoView {
    let words = words();
    let client = use_client();
    let field = NodeRef::<html::Textarea>::new();
    let length = RwSignal::new(0_usize);
    let fresh = delivered.is_none();
    let (client_id, read_seq, failed) = match delivered {
        Some(form) => (form.client_id, form.read_seq, form.failed),
        None => Default::default(),
    };
    let (typed, error) = match failed {
        Some(outcome) => {
            let error = about(&outcome.values.content, outcome.error);
            (outcome.values.content, Some(error))
        }
        None => (String::new(), None),
    };
    let error = RwSignal::new(error);
    let begun = Cell::new(None);
    let mentions = Mentions::new(client, target, field);
    let overlays = Overlays::of_page();
    let composer = ComposerState { client, overlays, field, target, goal, length, error, mentions };
    Effect::new(move |_| composer.show(&begun, fresh));
    let label = move || {
        if composer.edit().is_some() {
            td_string!(words, composer.save)
        } else {
            td_string!(words, composer.send)
        }
    };
    let sign = move || {
        let icon = if composer.edit().is_some() { Icon::Check } else { Icon::Send };
        view! { <IconView icon /> }
    };
    let submit = move |submit: ev::SubmitEvent| {
        submit.prevent_default();
        composer.send();
    };
    view! {
        <form class="composer" method="post" action=move || target_path(target.get()) on:submit=submit>
            {move || error.get().map(|error| refusal(&error, words))}
            <input type="hidden" name="client_id" value=client_id />
            {read_seq
                .map(|seq| view! { <input type="hidden" name="read_seq" value=seq.to_string() /> })}
            <Bar target />
            // A press does not take the focus from the field.
            <div
                id="mention-suggestions"
                class="mention-suggestions"
                node_ref=mentions.list
                on:mousedown=|press| press.prevent_default()
                on:click=move |press| mentions.on_press(&press)
            ></div>
            <div class="box">
                <textarea
                    name="content"
                    rows="1"
                    dir="auto"
                    required
                    aria-label=td_string!(words, composer.label)
                    placeholder=td_string!(words, composer.label)
                    enterkeyhint="send"
                    aria-autocomplete="list"
                    aria-controls="mention-suggestions"
                    node_ref=field
                    on:input=move |_| composer.changed()
                    on:blur=move |_| mentions.leave()
                    on:keydown=move |press| composer.on_key(&press)
                >
                    {behind_tag(typed)}
                </textarea>
                {move || left(length.get(), words)}
                // Emoji, and what attaches.
                <div class="tools" inner_html=tools() on:click=move |press| composer.pick_emoji(&press)></div>
                <button
                    class="round send"
                    aria-label=label
                    on:mousedown=|press| press.prevent_default()
                >
                    {sign}
                </button>
            </div>
        </form>
    }
}

/// The field, and what is done there.
#[derive(Clone, Copy)]
struct ComposerState {
    client: Client,
    overlays: Overlays,
    field: NodeRef<html::Textarea>,
    target: Memo<Target>,
    goal: RwSignal<Option<Goal>>,
    length: RwSignal<usize>,
    error: RwSignal<Option<ApiError>>,
    mentions: Mentions,
}

impl ComposerState {
    /// What is being edited, and where.
    fn edit(self) -> Option<(ConversationId, Edit)> {
        let id = conversation_of(self.target.get())?;
        Some((id, self.client.edit(id)?))
    }

    /// Puts into the field what belongs there: the message that is edited, else the draft. `begun`
    /// is the target whose draft it had before.
    fn show(self, begun: &Cell<Option<Target>>, fresh: bool) {
        let Some(field) = self.field.get() else { return };
        let target = self.target.get();
        let before = begun.replace(Some(target));
        match self.edit() {
            Some((_, Edit { text, .. })) => {
                // The draft stays kept, and comes back afterwards; what was typed before the code
                // arrived is one, unless the browser has put back what stood here before a reload.
                let typed = field.value();
                if before.is_none() && !typed.is_empty() && typed != text {
                    self.client.set_draft(target, &typed);
                }
                if typed != text {
                    field.set_value(&text);
                }
            }
            None => adopt_draft(&field, self.client, before, target),
        }
        // For the plain form alone: a caption may go.
        field.set_required(false);
        self.measure(&field);
        if before.is_none() && fresh && has_keyboard() {
            let _ = field.focus();
        }
    }

    fn measure(self, field: &web_sys::HtmlTextAreaElement) {
        self.length.set(field.value().trim().chars().count());
        grow(field);
    }

    /// Something was typed.
    fn changed(self) {
        let Some(field) = self.field.get_untracked() else { return };
        let text = field.value();
        if let Some((id, _)) = untrack(|| self.edit()) {
            self.client.write_edit(id, &text);
        } else {
            let target = self.target.get_untracked();
            self.client.set_draft(target, &text);
            self.client.typing(target, !text.trim().is_empty());
        }
        self.error.set(None);
        self.measure(&field);
        self.mentions.look(&field);
    }

    fn send(self) {
        let Some(field) = self.field.get_untracked() else { return };
        let text = field.value();
        if let Some((id, edit)) = untrack(|| self.edit()) {
            self.save(id, edit.seq, text.trim());
            return;
        }
        if text.trim().is_empty() {
            return;
        }
        match self.client.send(self.target.get_untracked(), &text) {
            Ok(_) => {
                field.set_value("");
                self.changed();
                self.goal.set(Some(Goal::End));
            }
            Err(refused) => self.error.set(Some(about(&text, refused))),
        }
    }

    /// Offers all emoji, to write one where the caret stands.
    fn pick_emoji(self, press: &ev::MouseEvent) {
        if let Some(button) = asking(press, ".emoji") {
            self.overlays.open(PICKER, &button, &[], move |emoji| {
                if let Some(field) = self.field.try_get_untracked().flatten() {
                    insert(&field, emoji);
                }
            });
        }
    }

    /// Puts other words into a message; the field keeps them until that is done.
    fn save(self, id: ConversationId, seq: Seq, text: &str) {
        let Self { client, error, .. } = self;
        let before = untrack(|| {
            client.with_timeline(id, |timeline| {
                let message = timeline?.get(seq)?;
                Some((message.text().to_owned(), message.files().is_empty()))
            })
        });
        let (before, is_text) = before.unwrap_or_default();
        if before == text {
            client.end_edit(id, seq);
            return;
        }
        // A caption may go.
        if text.is_empty() {
            if is_text {
                return;
            }
        } else if let Err(refused) = MessageText::parse(text) {
            error.set(Some(about(text, refused)));
            return;
        }
        client.act(Action::Edit(id, seq, text.to_owned()), move |result| match result {
            Ok(_) => client.end_edit(id, seq),
            Err(refused) => drop(error.try_set(Some(refused))),
        });
    }

    /// Enter sends; Esc leaves what is answered or edited; ↑ edits the last own message. Only a key
    /// that stands for itself: with others held down it belongs to the caret or the system.
    fn on_key(self, press: &ev::KeyboardEvent) {
        let Some(key) = Key::of(press).filter(Key::is_alone) else { return };
        let (client, target) = (self.client, self.target.get_untracked());
        let is_done = match key.name.as_str() {
            name if self.mentions.on_key(name) => true,
            "Enter" => {
                self.send();
                true
            }
            "Escape" => leave(client, target),
            "ArrowUp" if event_target_value(press).is_empty() => edit_last(client, target),
            _ => false,
        };
        if is_done {
            press.prevent_default();
        }
    }
}

/// Begins to edit the last own message, unless one is edited already; tells whether it did.
fn edit_last(client: Client, target: Target) -> bool {
    let Some(id) = conversation_of(target) else { return false };
    let last = client.last_own(id).filter(|_| untrack(|| client.edit(id)).is_none());
    if let Some(last) = last {
        client.begin_edit(id, last);
    }
    last.is_some()
}

fn refusal(error: &ApiError, words: Words) -> impl IntoView + use<> {
    view! { <p class="alert" role="alert">{message(error, words)}</p> }
}

/// How many characters are left, once that is worth knowing. It is told at every hundred, and once
/// when there are too many.
fn left(length: usize, words: Words) -> Option<impl IntoView> {
    if length + COUNTER_SHOWN_BELOW < limits::TEXT {
        return None;
    }
    let over = length > limits::TEXT;
    let count = limits::TEXT.abs_diff(length);
    let text = |count: usize| {
        if over {
            counted!(words, count, composer.over)
        } else {
            counted!(words, count, composer.left)
        }
    };
    let told = if over { 1 } else { count.next_multiple_of(100) };
    Some(view! {
        <span class="left" class:over=over aria-hidden="true">
            {text(count)}
        </span>
        <span class="unseen" role="status">
            {text(told)}
        </span>
    })
}

/// Brings the field and what is kept for a conversation together, when the one or the other changed.
fn adopt_draft(
    field: &web_sys::HtmlTextAreaElement,
    client: Client,
    before: Option<Target>,
    target: Target,
) {
    let (typed, kept) = (field.value(), client.draft(target));
    match before {
        // What was typed before the code arrived stands; else what was begun the last time.
        None if !typed.is_empty() => client.set_draft(target, &typed),
        // The person has become a conversation: what is begun goes along.
        Some(before) if before != target => {
            client.set_draft(before, "");
            client.set_draft(target, &typed);
        }
        // It may be written in another tab.
        _ if typed != kept => field.set_value(&kept),
        _ => {}
    }
}
