//! What the miniature server answers over HTTP.

use super::{ME, Server};
use crate::protocol::{ApiError, Conversation, ConversationId, ListPage, Seq, Window};
use crate::state::{Action, Outcome, Request, Response, Setting};

impl Server {
    pub fn row(&self, id: ConversationId) -> Conversation {
        self.threads[&id].row(self.now)
    }

    pub fn list(&self, archived: bool) -> ListPage<Conversation> {
        let rows = self.ids().into_iter().map(|id| self.row(id));
        let shown = |row: &Conversation| row.archived == archived && row.last_seq >= row.first_seq;
        ListPage { items: rows.filter(shown).collect(), next_cursor: None }
    }

    pub fn answer(&self, request: &Request) -> Result<Response, ApiError> {
        let thread = |id| {
            let thread = self.threads.get(id).filter(|thread| thread.within);
            thread.ok_or_else(ApiError::not_found)
        };
        Ok(match request {
            Request::Heads => {
                let ids = self.ids();
                Response::Heads(ids.iter().map(|id| self.threads[id].head(self.now)).collect())
            }
            Request::List(archived, _) => Response::List(self.list(*archived)),
            Request::Conversation(id) => {
                thread(id)?;
                Response::Conversation(Box::new(self.row(*id)))
            }
            Request::View(id, window) => Response::Messages(thread(id)?.page(*window)),
            Request::CatchUp(id, after) => {
                Response::Messages(thread(id)?.page(Window::After(*after)))
            }
            Request::Changes(id, after) => Response::Changes(thread(id)?.changes(*after)),
            Request::ViewAt(id, at) => {
                let thread = thread(id)?;
                let mut then = thread.messages.iter().filter(|message| message.created_at >= *at);
                let seq = then.next().map_or(thread.last().next(), |message| message.seq);
                Response::Messages(thread.page(Window::Around(seq)))
            }
        })
    }

    /// Does what the person asks for by one of their devices.
    pub fn act(&mut self, action: &Action) -> Result<Outcome, ApiError> {
        if !self.threads.get(&action.conversation()).is_some_and(|thread| thread.within) {
            return Err(ApiError::not_found());
        }
        match action {
            Action::Edit(id, seq, text) => {
                self.edit(*id, *seq, ME, text)?;
                let message = self.threads[id].view(*seq, true);
                return Ok(Outcome::Message(Box::new(message)));
            }
            Action::Recall(id, seq) => self.recall(*id, *seq, ME)?,
            Action::React(id, seq, emoji, added) => self.react(*id, *seq, ME, emoji, *added)?,
            Action::Set(id, setting) => self.set(*id, *setting),
            Action::Hide(id) => {
                let thread = self.thread(*id);
                thread.cleared = thread.last();
                thread.version += 1;
                self.push_row(*id);
            }
        }
        Ok(Outcome::Done)
    }

    fn set(&mut self, id: ConversationId, setting: Setting) {
        let thread = self.thread(id);
        match setting {
            Setting::Pinned(pinned) => thread.pinned = pinned,
            Setting::MutedUntil(until) => thread.muted_until = until,
            Setting::Archived(true) => thread.archived = thread.last(),
            Setting::Archived(false) => thread.archived = Seq::ZERO,
            Setting::MarkedUnread(marked) => thread.marked_unread = marked,
        }
        thread.version += 1;
        self.push_row(id);
    }
}
