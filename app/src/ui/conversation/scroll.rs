//! Keeps what is read in its place while messages come and go around it.
//!
//! After every change of the list, in the same task and so before anything is painted, the
//! article in mid-view is put back to where it stood. At the end the view follows what arrives,
//! as long as someone looks; otherwise it stops at the first unread message.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use leptos::web_sys::{
    Element, HtmlCollection, HtmlElement, MutationObserver, MutationObserverInit, ResizeObserver,
    VisibilityState,
};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::article::article_id;
use super::reading_positions::ReadingPosition;
use crate::protocol::Seq;

/// So near to the end counts as at the end, in CSS pixels.
const AT_END_PX: f64 = 48.0;
/// What is aimed at stands so far below the upper edge, in CSS pixels.
const GOAL_MARGIN_PX: f64 = 16.0;

/// Where the view is to go next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// The newest message.
    End,
    /// The "New" divider, else where the reader was before, else the end.
    Unread,
    /// This message.
    Message(Seq),
}

/// What the scroll asks of the list, and tells it.
pub(super) trait Owner {
    /// Whether the newest message is in the list, so that its end is the conversation's.
    fn is_live(&self) -> bool;
    /// The lowest position that is not read yet, if any.
    fn first_unread(&self) -> Option<Seq>;
    /// Whether the "New" divider stands somewhere in what is loaded.
    fn is_divided(&self) -> bool;
    /// Whether what is to be seen first is still on its way.
    fn is_opening(&self) -> bool;
    /// Whether a message cannot be had.
    fn leads_nowhere(&self, seq: Seq) -> bool;
    /// Where the reader was before, if it is loaded and was not the end.
    fn before(&self) -> Option<ReadingPosition>;
    /// The view has moved, or its content has changed.
    fn settled(&self, view: &View);
}

/// What stands in the viewport.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct View {
    /// Pixels of the list above the viewport.
    pub above: f64,
    /// Pixels of the list below it.
    pub below: f64,
    /// The newest message of others that is wholly inside, if someone looks at it.
    pub seen: Option<Seq>,
    /// The message in mid-view, and where it stands.
    pub middle: Option<ReadingPosition>,
    /// A goal is not reached yet.
    pub on_its_way: bool,
    /// The reader has moved it; else what stands in it has changed.
    pub by_reader: bool,
}

impl View {
    /// Whether the end of the list is in view.
    pub fn at_end(&self) -> bool {
        self.below <= AT_END_PX
    }
}

/// The scroll of one log.
#[derive(Clone)]
pub(super) struct Scroll(Rc<Inner>);

struct Inner {
    log: HtmlElement,
    lane: HtmlElement,
    /// The lane's articles, as they come and go.
    articles: HtmlCollection,
    owner: Box<dyn Owner>,
    /// The articles in view and how far each stood below the lane's beginning.
    anchors: RefCell<Vec<(Element, f64)>>,
    /// The height of the list and of the viewport when they were last measured.
    heights: Cell<(f64, f64)>,
    was_live: Cell<bool>,
    /// Whether the end was in view when that was last looked at.
    stood_at_end: Cell<bool>,
    /// What rounding to whole pixels has left over.
    residue: Cell<f64>,
    goal: Cell<Option<Goal>>,
    /// What in the list has the focus, and the article around it.
    focused: RefCell<Option<(Element, Option<Element>)>>,
    watch: RefCell<Option<Watch>>,
}

/// The observers, ended with the log.
struct Watch {
    mutations: MutationObserver,
    sizes: ResizeObserver,
    _changed: Closure<dyn Fn()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.mutations.disconnect();
        self.sizes.disconnect();
    }
}

impl Scroll {
    /// Takes the scroll of `log` in hand, whose only child is `lane`.
    pub fn begin(
        log: HtmlElement,
        lane: HtmlElement,
        goal: Option<Goal>,
        owner: Box<dyn Owner>,
    ) -> Self {
        let scroll = Self(Rc::new(Inner {
            articles: lane.get_elements_by_tag_name("article"),
            log,
            lane,
            owner,
            anchors: RefCell::default(),
            heights: Cell::default(),
            was_live: Cell::default(),
            stood_at_end: Cell::default(),
            residue: Cell::default(),
            goal: Cell::new(goal),
            focused: RefCell::default(),
            watch: RefCell::default(),
        }));
        scroll.watch();
        scroll.settle();
        scroll
    }

    /// Ends the observers: they hold the log and what belongs to it.
    pub fn end(&self) {
        self.0.watch.borrow_mut().take();
    }

    /// Goes there, now or as soon as it is loaded.
    pub fn aim(&self, goal: Goal) {
        self.0.goal.set(Some(goal));
        self.settle();
    }

    /// The reader has scrolled, or has come back to the tab.
    pub fn moved(&self) {
        self.0.measure(true);
    }

    /// What is written has changed, and perhaps the height of its field. Some browsers lay the field
    /// out as one line in between, and so move the end of the list out of view.
    pub fn typed(&self) {
        let inner = &self.0;
        if inner.was_live.get() && inner.stood_at_end.get() {
            inner.follow_end();
            inner.measure(false);
        }
    }

    /// Something in the list has the focus now.
    pub fn focused(&self, element: Option<Element>) {
        let article = element.as_ref().and_then(|element| element.closest("article").ok()?);
        *self.0.focused.borrow_mut() = element.map(|element| (element, article));
    }

    fn watch(&self) {
        let weak = Rc::downgrade(&self.0);
        let changed = Closure::<dyn Fn()>::new(move || {
            if let Some(inner) = weak.upgrade() {
                Self(inner).settle();
            }
        });
        let callback = changed.as_ref().unchecked_ref();
        let (Ok(mutations), Ok(sizes)) =
            (MutationObserver::new(callback), ResizeObserver::new(callback))
        else {
            return;
        };
        let what = MutationObserverInit::new();
        what.set_child_list(true);
        what.set_subtree(true);
        what.set_attributes(true);
        what.set_character_data(true);
        // An observer of an element that exists and a valid choice cannot fail.
        let _ = mutations.observe_with_options(&self.0.lane, &what);
        sizes.observe(&self.0.lane);
        sizes.observe(&self.0.log);
        *self.0.watch.borrow_mut() = Some(Watch { mutations, sizes, _changed: changed });
    }

    fn settle(&self) {
        let inner = &self.0;
        if !inner.reach_goal() {
            if inner.was_live.get() && inner.was_at_end() {
                inner.follow_end();
            } else {
                inner.hold();
            }
        }
        if inner.focused.borrow().as_ref().is_some_and(|(had, _)| !had.is_connected()) {
            let lost = inner.focused.take();
            keep_focus(lost.and_then(|(_, article)| article), inner.log.clone());
        }
        inner.measure(false);
    }
}

/// When what had the focus is gone, because someone else has changed the list, its article has it, so
/// that the reader stays where they were. Where that is gone, too, the list has it, unless the reader
/// has pressed what is gone: that leads on (see `live`).
fn keep_focus(article: Option<Element>, log: HtmlElement) {
    let focus = |element: &HtmlElement| {
        if document().active_element().is_none_or(|active| active.tag_name() == "BODY") {
            // An element that is there can be focused.
            let _ = element.focus();
        }
    };
    request_animation_frame(move || {
        let article = article.filter(|article| article.is_connected());
        match article.and_then(|article| article.dyn_into::<HtmlElement>().ok()) {
            Some(article) => {
                article.set_tab_index(-1);
                focus(&article);
            }
            None => request_animation_frame(move || focus(&log)),
        }
    });
}

impl Inner {
    fn top_of(&self, element: &Element) -> f64 {
        element.get_bounding_client_rect().top() - self.lane.get_bounding_client_rect().top()
    }

    /// How far below the upper edge of the viewport an element stands.
    fn offset_in_view(&self, element: &Element) -> f64 {
        element.get_bounding_client_rect().top() - self.log.get_bounding_client_rect().top()
    }

    fn was_at_end(&self) -> bool {
        let (height, client) = self.heights.get();
        let top = self.log.scroll_top();
        // A list that has become lower has been moved to its end by the browser.
        let is_there = top >= self.log.scroll_height() - self.log.client_height();
        is_there || height - client - f64::from(top) <= AT_END_PX
    }

    /// Goes to the goal if it is there; a goal that is not loaded yet stays.
    fn reach_goal(&self) -> bool {
        let Some(goal) = self.goal.get() else { return false };
        let reached = match goal {
            Goal::End => {
                self.scroll_to(f64::from(self.log.scroll_height()));
                self.owner.is_live()
            }
            Goal::Unread if self.owner.is_opening() => false,
            Goal::Unread => {
                if let Ok(Some(divider)) = self.lane.query_selector(".new-line") {
                    self.scroll_by(self.offset_in_view(&divider) - GOAL_MARGIN_PX);
                    true
                } else if let Some((article, offset)) = self.before() {
                    self.scroll_by(self.offset_in_view(&article) - offset);
                    true
                } else {
                    self.scroll_to(f64::from(self.log.scroll_height()));
                    let is_there = matches!(self.lane.query_selector("article"), Ok(Some(_)));
                    is_there && !self.owner.is_divided() && self.owner.before().is_none()
                }
            }
            Goal::Message(seq) => {
                let article = document().get_element_by_id(&article_id(seq));
                if let Some(article) = &article {
                    let third = f64::from(self.log.client_height()) / 3.0;
                    // It flashes, so that the eye finds it.
                    let _ = article.class_list().add_1("sought");
                    self.scroll_by(self.offset_in_view(article) - third);
                } else if self.owner.leads_nowhere(seq) {
                    self.goal.set(None);
                }
                article.is_some()
            }
        };
        if reached {
            self.goal.set(None);
        }
        self.residue.set(0.0);
        reached || goal == Goal::End
    }

    /// The article at which the reader was before, if it is there, and where it stood.
    fn before(&self) -> Option<(Element, f64)> {
        let (seq, offset) = self.owner.before()?;
        Some((document().get_element_by_id(&article_id(seq))?, offset))
    }

    /// To the end; but no further than to the first unread message while nobody looks.
    fn follow_end(&self) {
        let end = f64::from(self.log.scroll_height() - self.log.client_height());
        let unread = self
            .owner
            .first_unread()
            .filter(|_| !attended())
            .and_then(|seq| document().get_element_by_id(&article_id(seq)));
        let limit = unread.map_or(end, |article| {
            let now = f64::from(self.log.scroll_top());
            end.min((now + self.offset_in_view(&article) - 2.0 * GOAL_MARGIN_PX).max(now))
        });
        self.scroll_to(limit);
        self.residue.set(0.0);
    }

    /// Puts the article in mid-view back to where it stood.
    fn hold(&self) {
        let anchors = self.anchors.borrow();
        let middle = anchors.len() / 2;
        let there = anchors.iter().enumerate().filter(|(_, (element, _))| element.is_connected());
        let Some((_, (element, before))) = there.min_by_key(|(index, _)| index.abs_diff(middle))
        else {
            return;
        };
        let moved = self.top_of(element) - before + self.residue.get();
        if moved.abs() >= 0.5 {
            self.scroll_by(moved);
            self.residue.set(moved - moved.round());
        } else {
            self.residue.set(moved);
        }
    }

    fn scroll_to(&self, top: f64) {
        self.log.set_scroll_top(rounded(top));
    }

    fn scroll_by(&self, distance: f64) {
        self.log.set_scroll_top(self.log.scroll_top() + rounded(distance));
    }

    /// The index of the first article that is not wholly above this line of the window.
    fn first_below(&self, line: f64) -> u32 {
        let is_above = |index| {
            let article = self.articles.item(index);
            article.is_some_and(|article| article.get_bounding_client_rect().bottom() <= line)
        };
        let (mut above, mut below) = (0, self.articles.length());
        while above < below {
            let middle = u32::midpoint(above, below);
            if is_above(middle) {
                above = middle + 1;
            } else {
                below = middle;
            }
        }
        above
    }

    fn measure(&self, by_reader: bool) {
        let viewport = self.log.get_bounding_client_rect();
        let lane_top = self.lane.get_bounding_client_rect().top();
        // On the way to the first unread message nothing counts as seen that is passed.
        let attended = attended() && self.goal.get() != Some(Goal::Unread);
        let mut anchors = Vec::new();
        let mut seen = None;
        let mut standing = Vec::new();
        for index in self.first_below(viewport.top()).. {
            let Some(article) = self.articles.item(index) else { break };
            let place = article.get_bounding_client_rect();
            if place.top() >= viewport.bottom() {
                break;
            }
            let position = position(&article);
            if attended && place.bottom() <= viewport.bottom() + 1.0 {
                let of_others = !article.class_list().contains("mine");
                seen = position.filter(|_| of_others).or(seen);
            }
            standing.extend(position.map(|seq| (seq, place.top() - viewport.top())));
            anchors.push((article, place.top() - lane_top));
        }
        *self.anchors.borrow_mut() = anchors;
        let (height, client) = (self.log.scroll_height(), self.log.client_height());
        self.heights.set((f64::from(height), f64::from(client)));
        self.was_live.set(self.owner.is_live());
        let above = f64::from(self.log.scroll_top());
        let middle = standing.get(standing.len() / 2).copied();
        let below = f64::from(height - client) - above;
        let on_its_way = self.goal.get().is_some();
        let view = View { above, below, seen, middle, on_its_way, by_reader };
        self.stood_at_end.set(view.at_end());
        self.owner.settled(&view);
    }
}

/// Whether someone can see the page: it is the visible tab of the window that has the focus.
fn attended() -> bool {
    let document = document();
    document.visibility_state() == VisibilityState::Visible && document.has_focus().unwrap_or(false)
}

/// The position of an article that is stored.
fn position(article: &Element) -> Option<Seq> {
    article.id().strip_prefix("m-")?.parse().ok()
}

#[expect(clippy::cast_possible_truncation, reason = "scroll positions are far below 2^31")]
fn rounded(pixels: f64) -> i32 {
    pixels.round() as i32
}
