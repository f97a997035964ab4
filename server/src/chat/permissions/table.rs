//! Holds `docs/permissions.md` against the rules. `UPDATE_DOCS=1` writes it anew.

use std::fmt::Write;
use std::path::Path;

use app::protocol::{ConversationKind, Role};

use super::{Action, may};
use crate::store::writer::Standing;

const ABOUT: &str = "\
# Who may do what

Made from `server/src/chat/permissions.rs`, the one place that decides it: change it there, and write
this page anew with `UPDATE_DOCS=1 cargo test -p server --lib permissions`. Another test tries each
field of these tables over HTTP and sockets.

**yes**: it is done. **404**: there is no such conversation, as far as they can tell; the answer is the
same as for one that does not exist. **403**: known to them, but not theirs to do. **409**: it is so
already. Whoever has left a group or was removed from it is a former member, who sees no more of it than
a stranger does; but what they had sent before is acknowledged when they send it again. What changes
members and settings is decided under the lock that also orders the messages: nobody slips in between.
";

const GROUP: &str = "
## In a group

An admin acts upon members, the owner upon all others. A group always has one owner, unless nobody is
left in it: an owner who leaves hands over to the admin who has been there longest, else to the member.

Nobody is asked before they are added to a group, or before one is made with them. But who blocks the one
who does it is left out, and so is, for 24 hours, who left the group by themselves after the same person
had brought them in (others may add them, and an open group they may join). It is not said that they were
left out: the answer is 201, with those who came, perhaps nobody.
";

const PRIVATE: &str = "
## In a private conversation

It has the members it was made with. The block may be of the one or of the other.
";

/// Decided by who uploaded a file and by who can read a message, not by a role.
const FILES: &str = "
## Files and pictures

Asked at each request: whoever can read a message that holds a file may have it, and whoever uploaded it, until it is
gone. It goes with the last message that held it, or unsent after a week. A forwarded message holds the same file. Who was
removed or has left, who came later than the message where the history is from joining, and who has hidden it for
themselves can read it no more, or not at all. Files that were sent stay when their uploader's account ends.

| | its uploader | who can read a message that holds it | anyone else | not signed in |
|---|---|---|---|---|
| see how far an upload is, go on with it, end it | yes | – | 404 | 401 |
| have a file that was not sent, and its thumbnail | yes | – | 404 | 401 |
| have one that a message holds | yes | yes | 404 | 401 |
| have one that no message holds any more | 404 | 404 | 404 | 401 |
| send it | yes | 422 | 422 | 401 |
| forward a message that holds it | yes | yes | 404 | 401 |
| end an upload that a message holds | 409 | 404 | 404 | 401 |
| see the picture of a person or a group | yes | yes | yes | 401 |
";

/// What is done: in words, how, to whom.
struct TableRow {
    words: &'static str,
    action: Action,
    subject: Option<Role>,
    oneself: bool,
    open: bool,
}

const fn row(words: &'static str, action: Action) -> TableRow {
    TableRow { words, action, subject: None, oneself: false, open: false }
}

const fn done_to(role: Role, words: &'static str, action: Action) -> TableRow {
    TableRow { subject: Some(role), ..row(words, action) }
}

const ROWS: [TableRow; 23] = [
    row("read it and its history", Action::Read),
    row("write", Action::Write),
    row("move one's marks, type", Action::Mark),
    row("see who has read a message", Action::SeeReceipts),
    TableRow { oneself: true, ..row("edit one's own message", Action::Edit) },
    row("edit another's message", Action::Edit),
    row("react to a message", Action::React),
    row("take one's reaction off", Action::TakeReactionOff),
    row("recall another's message", Action::Recall),
    TableRow { oneself: true, ..row("recall one's own message", Action::Recall) },
    row("see the members", Action::ListMembers),
    row("rename it, open it, set its history", Action::Set),
    row("give it a picture, take it away", Action::Set),
    row("add someone", Action::Add),
    done_to(Role::Member, "remove a member", Action::Remove),
    done_to(Role::Admin, "remove an admin", Action::Remove),
    done_to(Role::Owner, "remove the owner", Action::Remove),
    done_to(Role::Member, "make a member an admin", Action::Appoint),
    done_to(Role::Admin, "make an admin a member", Action::Appoint),
    done_to(Role::Member, "hand it over", Action::HandOver),
    row("join while it is closed", Action::Join),
    TableRow { open: true, ..row("join while it is open", Action::Join) },
    TableRow { oneself: true, ..row("leave", Action::Remove) },
];

fn field(row: &TableRow, kind: ConversationKind, actor: Option<Role>, blocked: bool) -> String {
    let subject = if row.oneself { actor } else { row.subject };
    if (row.subject, actor) == (Some(Role::Owner), Some(Role::Owner)) {
        // There is but one.
        return "–".into();
    }
    let open = row.open && kind == ConversationKind::Group;
    let standing =
        Standing { kind, open, actor, subject, oneself: row.oneself, blocked, gone: false };
    match may(row.action, &standing) {
        Ok(()) => "yes".into(),
        Err(error) => error.code.to_string(),
    }
}

fn document() -> String {
    let mut text = String::from(ABOUT);
    let roles = [None, None, Some(Role::Member), Some(Role::Admin), Some(Role::Owner)];
    text += GROUP;
    text +=
        "\n| | stranger | former member | member | admin | owner |\n|---|---|---|---|---|---|\n";
    for row in &ROWS {
        let fields = roles.map(|role| field(row, ConversationKind::Group, role, false)).join(" | ");
        writeln!(text, "| {} | {fields} |", row.words).expect("a text takes it");
    }
    text += PRIVATE;
    text += "\n| | stranger | one of the two | across a block |\n|---|---|---|---|\n";
    let sides = [(None, false), (Some(Role::Member), false), (Some(Role::Member), true)];
    for row in &ROWS {
        let private = |(role, blocked)| field(row, ConversationKind::Private, role, blocked);
        let fields = sides.map(private).join(" | ");
        writeln!(text, "| {} | {fields} |", row.words).expect("a text takes it");
    }
    text + FILES
}

#[test]
fn the_page_says_what_the_rules_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/permissions.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, document()).expect("it is written");
    }
    let page = std::fs::read_to_string(&path).expect("docs/permissions.md");
    assert!(page == document(), "docs/permissions.md is not what the rules say: UPDATE_DOCS=1");
}
