//! Two commands in one batch do what they do one after the other, whichever two they are: what one of
//! them asks for is asked after the other has happened.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::protocol::{
    ApiError, Caption, ClientId, ConversationId, GroupName, History, MessageRef, MessageText,
    NewContent, Role, Seq, User, UserId,
};
use server::chat::permissions::{Action, may};
use server::store::mentions::Mentions;
use server::store::writer::{
    Append, Boundary, Change, ChangeKind, Extras, GroupSettings, NewGroup, ReplyTo, Rule,
};
use tokio::sync::oneshot;

use crate::database::{Database, NOW, TestWriter};

/// People, and who they are in the group: its owner, an admin, a member who came later, and nobody.
const OWNER: usize = 0;
const ADMIN: usize = 1;
const MEMBER: usize = 2;
const STRANGER: usize = 3;

/// Where something was said before the member came, by the admin, by the member; and what comes next.
const BEFORE: i64 = 3;
const ADMINS: i64 = 5;
const MEMBERS: i64 = 6;
const NEXT: i64 = 7;
/// What the stranger said in the other group, of which the admin is a member.
const ELSEWHERE: i64 = 2;

/// In which of a play's two groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Here,
    There,
}
use Group::{Here, There};

/// A command of a play.
#[derive(Clone, Copy, Debug)]
enum Command {
    Send(&'static str),
    Reply(i64),
    Forward(Group, i64),
    Join,
    Leave,
    Add(usize),
    Remove(usize),
    Appoint(usize, Role),
    Rename,
    Open(bool),
    ShowHistory,
    Edit(i64, &'static str),
    Recall(i64),
    React(i64, bool),
}

/// Who does what where.
const COMMANDS: &[(usize, Group, Command)] = &[
    (STRANGER, Here, Command::Join),
    (MEMBER, There, Command::Join),
    (MEMBER, Here, Command::Leave),
    (OWNER, Here, Command::Leave),
    (ADMIN, There, Command::Leave),
    (ADMIN, Here, Command::Add(STRANGER)),
    (ADMIN, Here, Command::Remove(MEMBER)),
    (OWNER, Here, Command::Remove(ADMIN)),
    (OWNER, Here, Command::Appoint(MEMBER, Role::Admin)),
    (OWNER, Here, Command::Appoint(ADMIN, Role::Owner)),
    (ADMIN, Here, Command::Rename),
    (OWNER, Here, Command::Open(false)),
    (OWNER, Here, Command::ShowHistory),
    (STRANGER, Here, Command::Send("@member, @all: let me in")),
    (MEMBER, Here, Command::Send("@all, @admin and @stranger")),
    (ADMIN, There, Command::Send("@member")),
    (STRANGER, Here, Command::Reply(BEFORE)),
    (MEMBER, Here, Command::Reply(BEFORE)),
    (MEMBER, Here, Command::Reply(ADMINS)),
    (ADMIN, Here, Command::Reply(MEMBERS)),
    (OWNER, Here, Command::Reply(NEXT)),
    (ADMIN, Here, Command::Forward(There, ELSEWHERE)),
    (MEMBER, Here, Command::Forward(There, ELSEWHERE)),
    (ADMIN, There, Command::Forward(Here, NEXT)),
    (STRANGER, There, Command::Forward(Here, BEFORE)),
    (STRANGER, There, Command::Edit(ELSEWHERE, "@admin, other words")),
    (STRANGER, There, Command::Recall(ELSEWHERE)),
    (MEMBER, Here, Command::Edit(MEMBERS, "@owner, other words")),
    (MEMBER, Here, Command::Edit(NEXT, "at once other words")),
    (ADMIN, Here, Command::Recall(ADMINS)),
    (ADMIN, Here, Command::Recall(MEMBERS)),
    (ADMIN, Here, Command::Recall(NEXT)),
    (OWNER, Here, Command::React(MEMBERS, true)),
    (OWNER, Here, Command::React(NEXT, true)),
    (STRANGER, Here, Command::React(BEFORE, true)),
];

const NAMES: [&str; 4] = ["owner", "admin", "member", "stranger"];

/// Whom a text may name, as `chat` finds out.
fn mentions(text: &str, people: &[Arc<User>]) -> Mentions {
    let named = people.iter().filter(|user| text.contains(&format!("@{}", user.username)));
    let known: Vec<_> = named.map(|user| (**user).clone()).collect();
    let people = known.iter().map(|user| vec![user.id]).collect();
    Mentions { everyone: text.contains("@all"), people, known }
}

struct Stage {
    db: Database,
    writer: TestWriter,
    people: Vec<Arc<User>>,
    commits: Arc<AtomicUsize>,
}

/// The answer to a command, in words.
type AnswerInWords = std::pin::Pin<Box<dyn Future<Output = String>>>;

fn in_words<T: Debug + 'static>(answer: oneshot::Receiver<Result<T, ApiError>>) -> AnswerInWords {
    Box::pin(async move { format!("{:?}", answer.await.expect("an answer")) })
}

impl Stage {
    async fn new(db: Database) -> Self {
        let mut people = Vec::new();
        for (id, name) in (1..).zip(NAMES) {
            people.push(db.person(id, name, name).await);
        }
        let commits = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&commits);
        let writer = db.writer_with(Some(Arc::new(move |at| {
            counted.fetch_add(usize::from(at == Boundary::AfterCommit), Ordering::SeqCst);
            false
        })));
        Self { db, writer, people, commits }
    }

    async fn change(&self, by: usize, id: i64, kind: ChangeKind, rule: Rule) -> AnswerInWords {
        let (reply, answer) = oneshot::channel();
        let change = Change {
            conversation_id: ConversationId::new(id),
            actor: Arc::clone(&self.people[by]),
            kind,
            rule,
            reply: ReplyTo::Caller(reply),
        };
        self.writer.writer.change(change).await.expect("taken");
        in_words(answer)
    }

    async fn say(&self, by: usize, id: i64, content: NewContent, extras: Extras) -> AnswerInWords {
        let (reply, answer) = oneshot::channel();
        let append = Append {
            conversation_id: ConversationId::new(id),
            sender: Arc::clone(&self.people[by]),
            client_id: ClientId::parse(
                &format!("{content:?}").replace(|c| !char::is_alphanumeric(c), "-"),
            )
            .or_else(|_| ClientId::parse("long"))
            .expect("a name"),
            content,
            extras: Some(Box::new(extras)),
            reply: ReplyTo::Caller(reply),
        };
        self.writer.writer.append(append).await.expect("taken");
        in_words(answer)
    }

    async fn text(&self, by: usize, id: i64, text: &str, reply_to: Option<i64>) -> AnswerInWords {
        let content = NewContent::Text(MessageText::parse(text).expect("a text"));
        let mentions = mentions(text, &self.people);
        self.say(by, id, content, Extras { reply_to: reply_to.map(Seq::new), mentions }).await
    }

    /// Queues a command in one of a play's groups.
    async fn queue(
        &self,
        play: i64,
        (by, group, command): (usize, Group, Command),
    ) -> AnswerInWords {
        let at = |group| if group == Here { play } else { play + 2 };
        let (id, person) = (at(group), |who: usize| self.people[who].id);
        let (kind, rule): (_, Rule) = match command {
            Command::Send(text) => return self.text(by, id, text, None).await,
            Command::Reply(seq) => return self.text(by, id, "an answer", Some(seq)).await,
            Command::Forward(from, seq) => {
                let of = MessageRef {
                    conversation_id: ConversationId::new(at(from)),
                    seq: Seq::new(seq),
                };
                return self.say(by, id, NewContent::Forward(of), Extras::default()).await;
            }
            Command::Join => (ChangeKind::Join, |it| may(Action::Join, it)),
            Command::Leave => (ChangeKind::Remove(person(by)), |it| may(Action::Remove, it)),
            Command::Add(who) => (ChangeKind::Add(vec![person(who)]), |it| may(Action::Add, it)),
            Command::Remove(who) => (ChangeKind::Remove(person(who)), |it| may(Action::Remove, it)),
            Command::Appoint(who, to) => {
                let rule: Rule = match to {
                    Role::Owner => |it| may(Action::HandOver, it),
                    _ => |it| may(Action::Appoint, it),
                };
                (ChangeKind::SetRole(person(who), to), rule)
            }
            Command::Rename => {
                let name = Some(GroupName::parse("Coffee").expect("a name"));
                (set(GroupSettings { name, ..GroupSettings::default() }), |it| may(Action::Set, it))
            }
            Command::Open(open) => {
                let open = Some(open);
                (set(GroupSettings { open, ..GroupSettings::default() }), |it| may(Action::Set, it))
            }
            Command::ShowHistory => {
                let history = Some(History::All);
                let settings = GroupSettings { history, ..GroupSettings::default() };
                (set(settings), |it| may(Action::Set, it))
            }
            Command::Edit(seq, text) => {
                let words = Caption::parse(text).expect("a text");
                let mentions = mentions(text, &self.people);
                (ChangeKind::Edit(Seq::new(seq), words, mentions), |it| may(Action::Edit, it))
            }
            Command::Recall(seq) => {
                (ChangeKind::Recall(Seq::new(seq)), |it| may(Action::Recall, it))
            }
            Command::React(seq, added) => {
                (ChangeKind::React(Seq::new(seq), "👍", added), |it| may(Action::React, it))
            }
        };
        self.change(by, id, kind, rule).await
    }

    /// Has the two groups of a play made.
    async fn set_up(&self, play: i64) -> Vec<AnswerInWords> {
        let person = |who: usize| self.people[who].id;
        let group = |members: Vec<UserId>| {
            let name = GroupName::parse("Tea").expect("a name");
            ChangeKind::Create(NewGroup { name, members, open: true, history: History::Joined })
        };
        let (here, there, allowed): (_, _, Rule) = (play, play + 2, |_| Ok(()));
        vec![
            self.change(OWNER, here, group(vec![person(ADMIN)]), allowed).await,
            self.change(OWNER, here, ChangeKind::SetRole(person(ADMIN), Role::Admin), allowed)
                .await,
            self.text(OWNER, here, "before", None).await,
            self.change(OWNER, here, ChangeKind::Add(vec![person(MEMBER)]), allowed).await,
            self.text(ADMIN, here, "the admin's", None).await,
            self.text(MEMBER, here, "the member's", None).await,
            self.change(STRANGER, there, group(vec![person(ADMIN)]), allowed).await,
            self.text(STRANGER, there, "elsewhere", None).await,
        ]
    }

    /// All that can be seen of a play: what is stored, who is in it, how each sees it, what was told.
    async fn seen(&self, play: i64) -> String {
        let mut seen = Vec::new();
        for id in [play, play + 2].map(ConversationId::new) {
            let all = self.db.messages_between(id, Seq::new(1), Seq::new(99)).await;
            seen.push(format!("{:#?}", all.expect("a read")));
            let members = self.db.members(id, "", None, 100).await.expect("a read").items;
            seen.push(format!("{members:#?}"));
            for user in self.people.iter().filter(|_| id.get() == play) {
                let found = self.db.conversation(user.id, id, NOW).await.expect("a read");
                seen.push(format!("{} sees {found:#?}", user.username));
            }
        }
        seen.push(format!("told: {:#?}", self.writer.events.take()));
        seen.join("\n")
    }
}

fn set(settings: GroupSettings) -> ChangeKind {
    ChangeKind::Set(settings)
}

/// Without what differs by play: the groups' ids, and the names of messages that tell of changes.
fn alike(text: &str, play: i64) -> String {
    let text = text.replace(&(play + 2).to_string(), "THERE").replace(&play.to_string(), "HERE");
    let mut parts = text.split("sys:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        all + "sys:" + part.trim_start_matches(|c: char| c.is_ascii_hexdigit())
    })
}

/// A play's groups have ids that end up with the same of the writer's tasks.
fn number(play: usize) -> i64 {
    1_000_000 + 4 * i64::try_from(play).expect("few")
}

/// So many pairs are set up at once, which is quicker.
const SET_UP: usize = 15;

async fn two_in_one_batch_are_as_one_after_the_other(db: Database) {
    let stage = Stage::new(db).await;
    let pairs = COMMANDS.iter().flat_map(|one| COMMANDS.iter().map(|other| (*one, *other)));
    let mut differ = Vec::new();
    for (at, (one, other)) in pairs.enumerate() {
        let (single, both) = (number(2 * at), number(2 * at + 1));
        if at % SET_UP == 0 {
            let mut made = Vec::new();
            for play in 2 * at..2 * (at + SET_UP) {
                made.extend(stage.set_up(number(play)).await);
            }
            for answer in made {
                let answer = answer.await;
                assert!(answer.starts_with("Ok"), "{answer}");
            }
            stage.writer.events.take();
        }

        let mut apart = vec![stage.queue(single, one).await.await];
        apart.push(stage.queue(single, other).await.await);
        apart.push(stage.seen(single).await);

        // On one thread the writer's task has its turn only when we wait for an answer.
        let commits = stage.commits.load(Ordering::SeqCst);
        let (first, second) = (stage.queue(both, one).await, stage.queue(both, other).await);
        let mut together = vec![first.await, second.await];
        assert_eq!(stage.commits.load(Ordering::SeqCst), commits + 1, "one batch");
        together.push(stage.seen(both).await);

        let apart = alike(&apart.join("\n"), single);
        let together = alike(&together.join("\n"), both);
        if apart != together {
            let lines = apart.lines().zip(together.lines()).filter(|(one, other)| one != other);
            let first = lines.take(6).map(|(one, other)| format!("  {one}\n  {other}"));
            let first = first.collect::<Vec<_>>().join("\n");
            differ.push(format!("{one:?}, then {other:?}; apart and together:\n{first}"));
        }
    }
    assert!(differ.is_empty(), "{} pairs differ:\n{}", differ.len(), differ.join("\n\n"));
}

#[tokio::test]
async fn two_in_one_batch_are_as_one_after_the_other_on_sqlite() {
    two_in_one_batch_are_as_one_after_the_other(Database::sqlite().await).await;
}

#[tokio::test]
async fn two_in_one_batch_are_as_one_after_the_other_on_mysql() {
    two_in_one_batch_are_as_one_after_the_other(Database::mysql().await).await;
}
