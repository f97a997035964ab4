//! Who may do what: the one place that says so.
//!
//! What a role may do is asked under the writer's lock, where it cannot change before the commit:
//! a use case hands the writer its rule with the change. What every member may do (reading, writing,
//! marks) needs no more than the session that its statement reads anyway, or the writer has locked.
//! `docs/permissions.md` is made from here, and a test tries all of it over HTTP and sockets.

use app::protocol::{ApiError, ConversationKind, ErrorKind, Role};

use crate::store::writer::Standing;

/// Something that a member of a conversation may want to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Read it and its history.
    Read,
    /// Say something in it.
    Write,
    /// Move one's own marks, type, set one's own entry for it.
    Mark,
    /// See who holds a message, and who has seen it.
    SeeReceipts,
    /// Change the name, the openness, the history of a group.
    Set,
    /// Bring people into a group.
    Add,
    /// Come into an open group.
    Join,
    /// Take someone out of a group; oneself: leave it.
    Remove,
    /// Make a member of a group an admin, or an admin a member.
    Appoint,
    /// Give one's group to another member.
    HandOver,
    /// See who is in a group.
    ListMembers,
    /// Give a message other words.
    Edit,
    /// Take a message back.
    Recall,
    /// Put a reaction on a message.
    React,
    /// Take one's own reaction off a message.
    TakeReactionOff,
}

/// Whether this may be done by someone who stands so.
///
/// # Errors
/// `not_found` for whoever is no member, as if there were nothing; `forbidden` for a member whose
/// it is not to do; `conflict` where it is so already.
pub fn may(action: Action, standing: &Standing) -> Result<(), ApiError> {
    let open = standing.kind == ConversationKind::Group && standing.open;
    let role = match (standing.actor, action) {
        (Some(role), _) => role,
        (None, Action::Join) if open => return Ok(()),
        (None, _) => return Err(ApiError::not_found()),
    };
    match action {
        Action::Write if standing.blocked => Err(ApiError::blocked()),
        Action::Read | Action::Write | Action::Mark | Action::SeeReceipts => Ok(()),
        Action::Edit | Action::Recall | Action::React | Action::TakeReactionOff => {
            may_change_message(action, *standing, role)
        }
        _ if standing.kind == ConversationKind::Private => Err(forbidden("This is not a group")),
        Action::ListMembers => Ok(()),
        Action::Remove if standing.oneself => Ok(()),
        Action::Join => Err(ApiError::new(ErrorKind::Conflict, "You are a member already")),
        Action::Set | Action::Add => at_least(role, Role::Admin),
        Action::Remove => {
            at_least(role, Role::Admin)?;
            let subject = standing.subject.ok_or_else(ApiError::not_found)?;
            above(role, subject)
        }
        Action::Appoint | Action::HandOver => {
            at_least(role, Role::Owner)?;
            if standing.oneself && action == Action::Appoint {
                return Err(forbidden("Hand the group over to someone else first"));
            }
            standing.subject.map(drop).ok_or_else(ApiError::not_found)
        }
    }
}

/// To take back what is one's own is always allowed; to say more is not where nobody can write.
fn may_change_message(action: Action, standing: Standing, role: Role) -> Result<(), ApiError> {
    let private = standing.kind == ConversationKind::Private;
    match action {
        Action::Edit if !standing.oneself => Err(forbidden("This is not your message")),
        Action::Recall if !standing.oneself && private => {
            Err(forbidden("This is not your message"))
        }
        Action::Recall if !standing.oneself => at_least(role, Role::Admin),
        Action::Edit | Action::React if standing.blocked => Err(ApiError::blocked()),
        Action::Edit | Action::React if standing.gone => Err(ApiError::closed()),
        _ => Ok(()),
    }
}

fn at_least(role: Role, least: Role) -> Result<(), ApiError> {
    if rank(role) >= rank(least) {
        return Ok(());
    }
    Err(forbidden(match least {
        Role::Owner => "Only the owner of the group may do this",
        _ => "Only admins of the group may do this",
    }))
}

fn above(role: Role, subject: Role) -> Result<(), ApiError> {
    if rank(role) > rank(subject) {
        return Ok(());
    }
    Err(forbidden("Only the owner of the group may do this to an admin"))
}

const fn rank(role: Role) -> u8 {
    match role {
        Role::Member => 0,
        Role::Admin => 1,
        Role::Owner => 2,
    }
}

fn forbidden(message: &str) -> ApiError {
    ApiError::new(ErrorKind::Forbidden, message)
}

#[cfg(test)]
mod table;
