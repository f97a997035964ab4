//! The scrolling list of messages: a window of at most 200 articles over the loaded history.

use std::cell::Cell;

use leptos::either::EitherOf4;
use leptos::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::JsCast;

use super::About;
use super::article::Article;
use super::menu::Menus;
use super::reading_positions::{ReadingPosition, ReadingPositions};
use super::render_window::RenderWindow;
use super::rows::{ArticleRow, conversation_of, rows};
use super::scroll::{Goal, Owner, Scroll, View};
use crate::client::{Client, use_client};
use crate::protocol::{ApiError, ConversationId, ErrorKind, Seq, Target, limits};
use crate::state::Timeline;
use crate::ui::overlays::Overlays;
use crate::ui::route::conversation_path;
use crate::ui::shared::dom::pressed;
use crate::ui::shared::errors::message;
use crate::ui::shared::keyed::keyed;
use crate::ui::shared::{Clock, Icon, IconView, within};
use crate::ui::words::{Words, td_string, words};

/// More is brought into the DOM when so few pixels of the list are left outside the viewport: an
/// article each time that the reader scrolls, so that one frame of time has not much more to do than
/// the next.
const RENDER_AHEAD_PX: f64 = 1_500.0;
/// As much as it takes is brought into the DOM at once when so few are left.
const MIN_RENDERED_AHEAD_PX: f64 = 1_000.0;
/// More is loaded when so few messages are left outside the DOM, so that it is there in time.
const LOAD_AHEAD: usize = 50;

/// The messages of a conversation.
#[expect(clippy::too_many_lines, reason = "what scrolls, and what it shows, is one view")]
#[component]
pub(super) fn Log(
    /// The conversation or the person whose messages it shows.
    target: Memo<Target>,
    /// The person or group that the conversation is with.
    about: Memo<About>,
    /// Where the view is to go.
    goal: RwSignal<Option<Goal>>,
) -> impl IntoView {
    let words = words();
    let client = use_client();
    let positions = ReadingPositions::of_page();
    let menus = Menus { client, overlays: Overlays::of_page(), target };
    let clock = Clock::of_page();
    let rendered = RwSignal::new(RenderWindow::default());
    let at_end = RwSignal::new(true);
    let entries = keyed(
        move || rows(client, target.get(), rendered.get(), clock, words),
        |row: &ArticleRow| row.key(),
    );
    let (log, lane) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let scroll = StoredValue::new_local(None::<Scroll>);
    Effect::new(move |_| {
        let (Some(log), Some(lane)) = (log.get(), lane.get()) else { return };
        let turned = Cell::default();
        let owner = LogOwner { client, target, positions, rendered, at_end, turned };
        let first = goal.get_untracked();
        if let Some(first) = first {
            aim(client, target.get_untracked(), positions, rendered, first);
        }
        scroll.set_value(Some(Scroll::begin(log.into(), lane.into(), first, Box::new(owner))));
        goal.set(None);
    });
    let moved = move || {
        scroll.try_with_value(|scroll| scroll.as_ref().map(Scroll::moved));
    };
    Effect::new(move |_| {
        if let Some(next) = goal.get() {
            aim(client, target.get_untracked(), positions, rendered, next);
            let scroll = scroll.try_with_value(Clone::clone).flatten();
            if let Some(scroll) = scroll {
                goal.set(None);
                scroll.aim(next);
            }
        }
    });
    Effect::new(move |_| {
        let focus = window_event_listener(ev::focus, move |_| moved());
        let shown = window_event_listener(ev::visibilitychange, move |_| moved());
        let typed = window_event_listener(ev::input, move |_| {
            scroll.try_with_value(|scroll| scroll.as_ref().map(Scroll::typed));
        });
        on_cleanup(move || {
            focus.remove();
            shown.remove();
            typed.remove();
        });
    });
    on_cleanup(move || {
        scroll.try_with_value(|scroll| scroll.as_ref().map(Scroll::end));
    });
    let timeline = move |read: fn(&Timeline) -> bool| match conversation_of(target.get()) {
        Some(id) => client.with_timeline(id, |timeline| timeline.is_some_and(read)),
        None => false,
    };
    let focused = move |element| {
        scroll.try_with_value(|scroll| scroll.as_ref().map(|scroll| scroll.focused(element)));
    };
    // A focus that leaves for elsewhere is nothing to be kept; one whose element goes leaves for nowhere.
    let focus_moves = move |moved: ev::FocusEvent| {
        let entered = moved.type_() == "focusin";
        if entered || moved.related_target().is_some() {
            focused(moved.target().filter(|_| entered).and_then(|at| at.dyn_into().ok()));
        }
    };
    let missing = move || {
        let id = conversation_of(target.get())?;
        client.with_timeline(id, |timeline| timeline.is_none()).then_some(id)
    };
    let has_older = Memo::new(move |_| timeline(Timeline::has_more_before));
    let has_newer = move || timeline(Timeline::has_more_after);
    let head = move || {
        if let Some(id) = missing() {
            return match client.failure(id) {
                None => {
                    EitherOf4::A(view! { <p class="wait">{td_string!(words, talk.loading)}</p> })
                }
                Some(error) => EitherOf4::D(view! { <Failure id error /> }),
            };
        }
        if has_older.get() {
            return EitherOf4::B(view! { <More target older=true /> });
        }
        let text = about.with(|about| beginning(about, words));
        EitherOf4::C(view! { <p class="beginning">{text}</p> })
    };
    view! {
        <div class="stage">
            <div
                class="log"
                role="log"
                aria-label=td_string!(words, talk.messages)
                aria-live="off"
                tabindex="0"
                node_ref=log
                on:scroll=move |_| moved()
                on:focusin=focus_moves
                on:focusout=focus_moves
                on:pointerdown=move |_| focused(None)
                on:click=move |press| pressed_in_log(&press, menus, goal)
                on:contextmenu=move |press| menus.on_press(&press)
            >
                <div class="lane" node_ref=lane>
                    {head}
                    <For each=move || entries.get() key=|(key, _)| key.clone() let:entry>
                        <Article row=entry.1 id=conversation_of(target.get_untracked()) />
                    </For>
                    {move || has_newer().then(|| view! { <More target older=false /> })}
                </div>
            </div>
            <Jump target at_end goal />
        </div>
    }
}

/// What stands above the first message.
fn beginning(about: &About, words: Words) -> String {
    let name = within(&about.avatar.name);
    if about.members.is_some() {
        td_string!(words, talk.beginning_group, name = name)
    } else if about.peer.is_none() {
        td_string!(words, talk.beginning_notes).to_owned()
    } else {
        td_string!(words, talk.beginning, name = name)
    }
}

/// A press in the log, where one listener serves all articles.
fn pressed_in_log(press: &ev::MouseEvent, menus: Menus, goal: RwSignal<Option<Goal>>) {
    menus.on_press(press);
    // Again to where the address leads already.
    let quoted = pressed(press, "a.quote")
        .and_then(|quote| quote.get_attribute("href")?.rsplit_once("?m=")?.1.parse().ok());
    if let Some(seq) = quoted {
        goal.set(Some(Goal::Message(seq)));
    }
}

/// Brings the goal into what is loaded and into the window.
fn aim(
    client: Client,
    target: Target,
    positions: ReadingPositions,
    rendered: RwSignal<RenderWindow>,
    goal: Goal,
) {
    let Some(id) = conversation_of(target) else { return };
    let count = untrack(|| client.item_count(target));
    let next = untrack(|| {
        client.with_timeline(id, |timeline| {
            let timeline = timeline?;
            let sought = match goal {
                Goal::End => return (!timeline.has_more_after()).then_some(RenderWindow::Newest),
                Goal::Unread => {
                    let before = positions.get(id).map(|(seq, _)| seq);
                    match timeline.new_divider().or(before) {
                        Some(seq) => seq,
                        None => return Some(RenderWindow::Newest),
                    }
                }
                Goal::Message(seq) => seq,
            };
            let index = timeline.index_of(sought)?;
            Some(RenderWindow::around(index, timeline.messages(), count))
        })
    });
    match (next, goal) {
        (Some(next), _) => rendered.set(next),
        (None, Goal::End) => {
            rendered.set(RenderWindow::Newest);
            client.load_latest(id);
        }
        (None, Goal::Message(seq)) => client.load_around(id, seq),
        (None, Goal::Unread) => {}
    }
}

/// What the scroll needs to know of the list, and where it reports to.
struct LogOwner {
    client: Client,
    target: Memo<Target>,
    positions: ReadingPositions,
    rendered: RwSignal<RenderWindow>,
    at_end: RwSignal<bool>,
    /// The way in which the window has moved since the reader did: upwards or downwards.
    turned: Cell<Option<bool>>,
}

impl LogOwner {
    fn id(&self) -> Option<ConversationId> {
        conversation_of(self.target.try_get_untracked()?)
    }

    fn timeline<T>(&self, id: ConversationId, read: impl FnOnce(&Timeline) -> T) -> Option<T> {
        untrack(|| self.client.with_timeline(id, |timeline| timeline.map(read)))
    }

    /// Moves the window, or asks for more where it ends.
    fn extend(&self, id: ConversationId, view: &View) {
        let Some(target) = self.target.try_get_untracked() else { return };
        let count = untrack(|| self.client.item_count(target));
        let rendered = self.rendered.get_untracked();
        // It never turns round by itself: there would be no end of it.
        let turned = self.turned.get().filter(|_| !view.by_reader);
        let asked = self.timeline(id, |timeline| {
            let messages = timeline.messages();
            let idle = !timeline.loading().failed;
            let (up, down) = (rendered.up(messages, count), rendered.down(messages, count));
            let held = (!view.at_end() && rendered == RenderWindow::Newest)
                .then(|| rendered.held(messages, count));
            let shown = rendered.range(messages, count);
            let (before, after) = (shown.start < LOAD_AHEAD, count - shown.end < LOAD_AHEAD);
            let older =
                view.above < RENDER_AHEAD_PX && before && timeline.has_more_before() && idle;
            let newer = view.below < RENDER_AHEAD_PX && after && timeline.has_more_after() && idle;
            // Where the viewport is nearly as high as the window, there is less to go ahead by.
            let wanted = if view.by_reader { RENDER_AHEAD_PX } else { MIN_RENDERED_AHEAD_PX };
            let ahead = wanted.min((view.above + view.below) / 3.0);
            let moved = if view.above < ahead && up.is_some() && turned != Some(false) {
                self.turned.set(Some(true));
                up
            } else if view.below < ahead && down.is_some() && turned != Some(true) {
                self.turned.set(Some(false));
                down
            } else {
                held
            };
            let top = moved.unwrap_or(rendered).top(messages, count);
            (moved, older, newer, top)
        });
        let Some((moved, older, newer, top)) = asked else { return };
        if let Some(moved) = moved
            && moved != rendered
        {
            self.rendered.set(moved);
        }
        self.client.look_at(id, top);
        if older {
            self.client.load_older(id);
        }
        if newer {
            self.client.load_newer(id);
        }
    }
}

impl Owner for LogOwner {
    fn is_live(&self) -> bool {
        let Some(id) = self.id() else { return true };
        let Some(target) = self.target.try_get_untracked() else { return false };
        let count = untrack(|| self.client.item_count(target));
        let rendered = self.rendered.get_untracked();
        self.timeline(id, |timeline| {
            !timeline.has_more_after() && rendered.range(timeline.messages(), count).end == count
        })
        .unwrap_or(true)
    }

    fn first_unread(&self) -> Option<Seq> {
        let id = self.id()?;
        let me = self.client.me().id;
        let read = untrack(|| self.client.conversation(id))?.read_seq;
        self.timeline(id, |timeline| {
            let unread =
                |message: &&crate::protocol::Message| message.seq > read && message.sender.id != me;
            timeline.messages().iter().find(unread).map(|message| message.seq)
        })?
    }

    fn is_divided(&self) -> bool {
        let divider = |id| self.timeline(id, |timeline| timeline.new_divider().is_some());
        self.id().and_then(divider).unwrap_or_default()
    }

    fn before(&self) -> Option<ReadingPosition> {
        let id = self.id()?;
        let position = self.positions.get(id)?;
        self.timeline(id, |timeline| timeline.index_of(position.0).is_some())?.then_some(position)
    }

    fn is_opening(&self) -> bool {
        self.id().is_some_and(|id| self.client.is_opening(id))
    }

    fn leads_nowhere(&self, seq: Seq) -> bool {
        let Some(id) = self.id() else { return true };
        let is_absent = |timeline: &Timeline| {
            let covered =
                timeline.from() <= seq && (seq <= timeline.to() || !timeline.has_more_after());
            covered && timeline.index_of(seq).is_none()
        };
        let has_failed = untrack(|| self.client.failure(id)).is_some();
        has_failed || self.timeline(id, is_absent).unwrap_or_default()
    }

    fn settled(&self, view: &View) {
        let at_end = view.at_end() && self.is_live();
        if self.at_end.try_get_untracked().is_some_and(|before| before != at_end) {
            self.at_end.set(at_end);
        }
        let Some(id) = self.id() else { return };
        if !view.on_its_way {
            self.positions.note(id, view.middle.filter(|_| !at_end));
        }
        if let Some(seq) = view.seen {
            self.client.seen(id, seq);
        }
        self.extend(id, view);
    }
}

/// What to say, and what to do, when a conversation could not be loaded.
#[component]
fn Failure(id: ConversationId, error: ApiError) -> impl IntoView {
    let words = words();
    let client = use_client();
    let gone = error.kind == ErrorKind::NotFound;
    let text = if gone { td_string!(words, talk.gone) } else { message(&error, words) };
    let again = (!gone).then(|| {
        view! {
            <button type="button" on:click=move |_| client.open(id)>
                {td_string!(words, talk.try_again)}
            </button>
        }
    });
    view! {
        <div class="alert" role="alert">
            {text} " " {again}
        </div>
    }
}

/// The link to older or newer messages; it also works without JavaScript.
#[component]
fn More(target: Memo<Target>, older: bool) -> impl IntoView {
    let words = words();
    let client = use_client();
    let id = move || conversation_of(target.get());
    let href = move || {
        let id = id()?;
        let edge = client.with_timeline(id, |timeline| {
            timeline.map(|timeline| if older { timeline.from() } else { timeline.to() })
        })?;
        let name = if older { "before" } else { "after" };
        Some(format!("{}?{name}={edge}", conversation_path(id)))
    };
    let load = move |click: ev::MouseEvent| {
        let Some(id) = untrack(id) else { return };
        click.prevent_default();
        if older {
            client.load_older(id);
        } else {
            client.load_newer(id);
        }
    };
    let text = if older { td_string!(words, talk.older) } else { td_string!(words, talk.newer) };
    view! { <a class="more" href=href on:click=load>{text}</a> }
}

/// The way to the newest message, while it is out of sight.
#[component]
fn Jump(
    target: Memo<Target>,
    at_end: RwSignal<bool>,
    goal: RwSignal<Option<Goal>>,
) -> impl IntoView {
    let words = words();
    let client = use_client();
    let unread = move || {
        let id = conversation_of(target.get())?;
        client.with_chats(|chats| chats.get(id).map(|conversation| conversation.unread))
    };
    let count = move || match unread().unwrap_or_default() {
        0 => None,
        limits::UNREAD.. => Some(td_string!(words, chats.unread_most).to_owned()),
        unread => Some(unread.to_string()),
    };
    let label = move || match count() {
        Some(count) => td_string!(words, talk.jump_count, count = count),
        None => td_string!(words, talk.jump).to_owned(),
    };
    move || {
        (!at_end.get()).then(|| {
            view! {
                <button
                    type="button"
                    class="jump"
                    aria-label=label
                    on:click=move |_| goal.set(Some(Goal::End))
                >
                    <IconView icon=Icon::Down />
                    {count}
                </button>
            }
        })
    }
}
