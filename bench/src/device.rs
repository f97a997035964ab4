//! A device that comes back: it takes in what waited for it, confirms each page, and keeps an eye on
//! the order.

use std::collections::HashMap;

use app::protocol::{Command, ConversationId, Mark, MessageAck, Seq, ServerFrame};

use crate::Failure;
use crate::account::Account;
use crate::socket::{Receiver, Sender, connect};

/// A device, as far as it has got.
pub(crate) struct Device {
    sender: Sender,
    receiver: Receiver,
    /// Of each conversation, where what it was told began, and the newest position of it.
    told: HashMap<ConversationId, (Seq, Seq)>,
    /// Messages that it was told.
    pub(crate) received: usize,
    /// Those that did not follow upon what was told before.
    pub(crate) disordered: usize,
}

impl Device {
    /// Signs in.
    pub(crate) async fn sign_in(url: &str, account: &Account) -> Result<Self, Failure> {
        let (sender, receiver) = connect(url, account).await?;
        Ok(Self { sender, receiver, told: HashMap::new(), received: 0, disordered: 0 })
    }

    /// Takes in the next frame, and confirms it; the ack of what it said is given back.
    pub(crate) async fn take_in(&mut self) -> Result<Option<MessageAck>, Failure> {
        match self.receiver.next().await? {
            ServerFrame::OfflineMessages(page) => {
                for message in &page.messages {
                    self.told(page.conversation_id, message.seq);
                }
                if let Some(last) = page.messages.last() {
                    let mark = Mark { conversation_id: page.conversation_id, seq: last.seq };
                    self.say(Command::Delivered(mark)).await?;
                }
            }
            ServerFrame::MessageAck(ack) => return Ok(Some(ack)),
            ServerFrame::Error { error, .. } => return Err(error.message.into()),
            _ => {}
        }
        Ok(None)
    }

    /// Says something.
    pub(crate) async fn say(&mut self, command: Command) -> Result<(), Failure> {
        self.sender.feed(command).await?;
        self.sender.flush().await
    }

    /// From where to where it was told of a conversation.
    pub(crate) fn extent(&self, id: ConversationId) -> Option<(Seq, Seq)> {
        self.told.get(&id).copied()
    }

    fn told(&mut self, id: ConversationId, seq: Seq) {
        let (_, last) = self.told.entry(id).or_insert((seq, seq.previous()));
        if seq != last.next() {
            self.disordered += 1;
        }
        *last = seq;
        self.received += 1;
    }
}
