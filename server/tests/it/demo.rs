//! `kith demo`: made once, served again, and never mixed with people's own data.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::process::{Child, Stdio};

use app::protocol::{
    AuthResponse, Conversation, ConversationKind, File, ListPage, Message, MessagePage,
    MessageType, Role, SystemEvent,
};
use serde_json::json;

use crate::harness::{Client, Person, command, learn};

/// A running demo. It is killed when the test lets go of it.
struct Demo {
    child: Child,
    said: Vec<String>,
}

impl Demo {
    /// Runs `kith demo` in this folder until it is ready.
    fn run(folder: &Path) -> Self {
        let mut kith = command(folder);
        // Settings of another server, which the demo must leave alone.
        kith.env("KITH_DATABASE_URL", "mysql://nobody@127.0.0.1:1/none");
        kith.env("KITH_DATA_DIR", "people").env("KITH_PUBLIC_URL", "https://chat.example");
        kith.env("KITH_RATE_LOGIN", "0").arg("demo").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = kith.spawn().expect("kith starts");
        let stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut demo = Self { child, said: Vec::new() };
        let is_ready = |line: &String| line.starts_with("Kith is ready at ");
        let mut lines = stdout.lines().map_while(Result::ok);
        while !demo.said.last().is_some_and(is_ready) {
            let line = lines.next();
            demo.said.push(line.unwrap_or_else(|| panic!("{:?}", demo.said)));
        }
        demo
    }

    fn url(&self) -> String {
        let ready = self.said.last().expect("it is ready");
        ready.trim_start_matches("Kith is ready at ").to_owned()
    }

    fn client(&self) -> Client {
        Client::new(self.url())
    }

    /// Usernames and passwords, as they are printed.
    fn logins(&self) -> Vec<(&str, &str)> {
        let words = self.said.iter().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let login = |words: Vec<_>| match words[..] {
            ["username", username, "password", password] => Some((username, password)),
            _ => None,
        };
        words.filter_map(login).collect()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It fails only when the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn log_in(demo: &Demo, (username, password): (&str, &str)) -> Person {
    let body = json!({"username": username, "password": password});
    let answer = demo.client().post("/api/v1/auth/login", body).await;
    Person::of(&demo.client(), &answer.json::<AuthResponse>(200))
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_made_once_and_served_again() {
    let folder = tempfile::tempdir().expect("a folder");
    // One that was broken off.
    let mut private = std::fs::DirBuilder::new();
    private.recursive(true).mode(0o700);
    private.create(folder.path().join("data-demo/new")).expect("made");
    std::fs::write(folder.path().join("data-demo/new/kith.db"), "half").expect("written");

    let demo = Demo::run(folder.path());
    learn(&demo.url()).await;
    assert_private(&folder.path().join("data-demo"));
    let logins = demo.logins();
    assert_eq!(logins.len(), 2, "{:?}", demo.said);
    assert!(!folder.path().join("people").exists(), "people's own data are left alone");
    let ada = log_in(&demo, logins[0]).await;
    log_in(&demo, logins[1]).await;
    let chats: ListPage<Conversation> = ada.client.get("/api/v1/conversations").await.json(200);
    let chats = chats.items;
    assert!(chats.len() >= 12, "{}", chats.len());
    let unread = chats.iter().filter(|conversation| conversation.unread > 0).count();
    assert!((2..chats.len() - 2).contains(&unread), "{unread} are unread");
    let said_last = |chat: &Conversation| chat.last_message.as_ref().map(|last| last.sender.id);
    let by_oneself = |chat: &&Conversation| said_last(chat) == Some(ada.user.id);
    assert!(!chats.iter().filter(|chat| chat.unread > 0).any(|chat| by_oneself(&chat)));
    has_lively_groups(&ada, &chats).await;
    has_faces(&ada, &chats).await;
    let shown = &chats[0];
    assert_eq!((shown.name.as_str(), shown.unread), ("Mei Lin 林美", 0));
    assert!(shown.peer_read_seq.is_some_and(|read| read == shown.last_seq), "{shown:?}");
    let path = format!("/api/v1/conversations/{}/messages?limit=100", shown.id);
    let page: MessagePage = ada.client.get(&path).await.json(200);
    assert!(page.items.is_sorted_by_key(|message| message.created_at), "as they were said");
    let (first, last) = (page.items[0].created_at, page.items[99].created_at);
    assert!(last - first > 7 * 24 * 60 * 60 * 1000, "over weeks: {first} {last}");
    assert!(page.has_more_before);
    let album = shows_files(&ada, &page).await;
    let message = ada.write(shown.id, "mine", "still here tomorrow?").await;

    let logins: Vec<_> =
        demo.logins().into_iter().map(|(name, word)| (name.to_owned(), word.to_owned())).collect();
    drop(demo);
    let again = Demo::run(folder.path());
    let reprinted = again.logins();
    assert!(reprinted.into_iter().eq(logins.iter().map(|(name, word)| (&**name, &**word))));
    let ada = log_in(&again, again.logins()[0]).await;
    let page: MessagePage = ada.client.get(&path).await.json(200);
    assert_eq!(page.items.last(), Some(&message));
    assert_served(&ada, &album).await;
}

/// An album of five with a caption, a file and a voice message are among what was said last, as if they had been uploaded;
/// returns a picture of the album.
async fn shows_files(ada: &Person, page: &MessagePage) -> File {
    let last = &page.items[page.items.len() - 6..];
    let held = |is: fn(&File) -> bool| last.iter().flat_map(Message::files).find(|file| is(file));
    let album = last.iter().find(|message| message.files().len() == 5).expect("an album");
    assert_eq!(album.content.kind(), MessageType::Image);
    assert!(!album.content.text().is_empty(), "a caption");
    for picture in album.files() {
        assert_eq!(picture.mime, "image/jpeg");
        assert!(picture.color.is_some() && picture.thumbnail_url.is_some(), "{picture:?}");
        assert_served(ada, picture).await;
    }
    let file = held(|file| !file.voice && file.mime == "application/octet-stream");
    assert_served(ada, file.expect("a file")).await;
    let voice = held(|file| file.voice).expect("a voice message");
    assert_eq!((voice.mime.as_str(), voice.duration_ms), ("audio/mp4", Some(6_400)));
    assert_eq!(voice.waveform.as_ref().map(Vec::len), Some(64));
    assert_served(ada, voice).await;
    album.files()[0].clone()
}

/// The reader can have it, whole.
async fn assert_served(reader: &Person, file: &File) {
    let answer = reader.client.get(file.url.as_deref().expect("it is kept")).await;
    assert_eq!((answer.status, answer.header("content-length")), (200, &*file.size.to_string()));
}

/// Most people have a picture, and so has a group, which was told of it.
async fn has_faces(ada: &Person, chats: &[Conversation]) {
    let peers: Vec<_> = chats.iter().filter_map(|chat| chat.peer.as_ref()).collect();
    let pictures: Vec<_> = peers.iter().filter_map(|peer| peer.avatar_url.as_deref()).collect();
    assert!(pictures.len() * 2 > peers.len() && pictures.len() < peers.len(), "{pictures:?}");
    let mut groups = chats.iter().filter(|chat| chat.kind == ConversationKind::Group);
    let of_group = groups.find_map(|group| group.avatar_url.as_deref());
    for picture in pictures.into_iter().chain([of_group.expect("a group with a picture")]) {
        let answer = ada.client.get(picture).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "image/jpeg"));
    }
}

/// Nobody else on this machine can read the folder, nor a file in it.
fn assert_private(folder: &Path) {
    let mode = |path: &Path| path.metadata().expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(folder), 0o700);
    for entry in folder.read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        let private = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(mode(&path), private, "{}", path.display());
    }
}

/// Whatever can happen in a group has happened in one of Ada's.
async fn has_lively_groups(ada: &Person, chats: &[Conversation]) {
    let groups: Vec<_> = chats.iter().filter(|chat| chat.kind == ConversationKind::Group).collect();
    assert!(groups.iter().any(|group| group.role == Some(Role::Owner) && !group.open));
    assert!(groups.iter().any(|group| group.role == Some(Role::Member) && group.open));
    assert!(groups.iter().any(|group| group.mention_seq.is_some() && group.unread > 0));
    assert!(groups.iter().any(|group| group.muted_until.is_some()));
    let mut messages: Vec<Message> = Vec::new();
    for group in &groups {
        let path = format!("/api/v1/conversations/{}/messages?limit=100", group.id);
        messages.extend(ada.client.get(&path).await.json::<MessagePage>(200).items);
    }
    let told = |event| messages.iter().any(|m| m.notice().is_some_and(|s| s.event == event));
    for event in [
        SystemEvent::Created,
        SystemEvent::Renamed,
        SystemEvent::Avatar,
        SystemEvent::Added,
        SystemEvent::Joined,
        SystemEvent::Left,
        SystemEvent::Removed,
        SystemEvent::Role,
        SystemEvent::Owner,
    ] {
        assert!(told(event), "{event:?}");
    }
    let any = |is: fn(&Message) -> bool| messages.iter().any(is);
    assert!(any(|message| message.reply_to.is_some()), "an answer");
    assert!(any(|message| message.edited_at.is_some()), "an edit");
    assert!(any(Message::is_recalled), "a recall");
    assert!(any(|message| message.forwarded_from.is_some()), "a forward");
    assert!(any(|message| message.reactions.iter().any(|reaction| reaction.count > 1)));
    assert!(any(|message| !message.mentions.is_empty()), "someone is named");
    let open: ListPage<serde_json::Value> =
        ada.client.get("/api/v1/groups?query=sunday").await.json(200);
    assert_eq!(open.items.len(), 1, "one to be found and joined");
}
