//! Which page an address names: read by the server that loads it and by the browser that shows it.

use serde::{Deserialize, Serialize};

use crate::protocol::urls::decode;
use crate::protocol::{ConversationId, Seq, Target, UserId};

/// The page that a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Route {
    /// `/login`
    LogIn,
    /// `/register`
    Register,
    /// `/`
    Home,
    /// `/c/{id}`, or `/new/{user_id}` while nothing was said.
    Talk(Target),
    /// `/new`
    People,
    /// `/settings`, and what its forms post to.
    Settings,
    /// `/u/{id}`
    Profile(UserId),
    /// `/contacts`
    Contacts,
    /// `/groups`: the open ones.
    Groups,
    /// `/new/group`
    NewGroup,
    /// `/c/{id}/info`
    Info(ConversationId),
    /// `/c/{id}/forward`: where to carry a message on to.
    Forward(ConversationId),
    /// `/c/{id}/remind`: when to be reminded of a message.
    Remind(ConversationId),
    /// `/reminders`
    Reminders,
    /// Any other path.
    Missing,
}

/// What the forms of `/settings` post to; the page stands there when one was refused.
const SETTINGS_FORMS: [&str; 5] = ["nickname", "privacy", "password", "devices", "delete"];

impl Route {
    /// The page at this path.
    #[must_use]
    pub fn parse(path: &str) -> Self {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Self::Home,
            (Some("login"), None, _) => Self::LogIn,
            (Some("register"), None, _) => Self::Register,
            (Some("new"), None, _) => Self::People,
            (Some("settings"), None, _) => Self::Settings,
            (Some("settings"), Some(part), _) if SETTINGS_FORMS.contains(&part) => Self::Settings,
            (Some("u"), Some(id), None) => id.parse().map_or(Self::Missing, Self::Profile),
            (Some("contacts"), None, _) => Self::Contacts,
            (Some("groups"), None, _) => Self::Groups,
            (Some("new"), Some("group"), None) => Self::NewGroup,
            (Some("c"), Some(id), Some("info")) if parts.next().is_none() => {
                id.parse().map_or(Self::Missing, Self::Info)
            }
            (Some("c"), Some(id), Some("forward")) if parts.next().is_none() => {
                id.parse().map_or(Self::Missing, Self::Forward)
            }
            (Some("c"), Some(id), Some("remind")) if parts.next().is_none() => {
                id.parse().map_or(Self::Missing, Self::Remind)
            }
            (Some("reminders"), None, _) => Self::Reminders,
            (Some("c"), Some(id), None) => {
                id.parse().map_or(Self::Missing, |id| Self::Talk(Target::Conversation(id)))
            }
            (Some("new"), Some(id), None) => {
                id.parse().map_or(Self::Missing, |id| Self::Talk(Target::User(id)))
            }
            _ => Self::Missing,
        }
    }

    /// Whether the server alone renders it, so that the browser has to load it.
    #[must_use]
    pub const fn is_static(self) -> bool {
        matches!(
            self,
            Self::Settings
                | Self::Profile(_)
                | Self::Contacts
                | Self::Groups
                | Self::NewGroup
                | Self::Info(_)
                | Self::Forward(_)
                | Self::Remind(_)
                | Self::Reminders
        )
    }

    /// Whether it can be seen without being signed in.
    #[must_use]
    pub const fn is_sign_in(self) -> bool {
        matches!(self, Self::LogIn | Self::Register)
    }
}

/// The address of a conversation.
#[must_use]
pub fn conversation_path(id: ConversationId) -> String {
    format!("/c/{id}")
}

/// The address of a message in its conversation.
#[must_use]
pub fn message_path(id: ConversationId, seq: Seq) -> String {
    format!("/c/{id}?m={seq}")
}

/// The address of what there is to know and to set about a conversation.
#[must_use]
pub fn info_path(id: ConversationId) -> String {
    format!("/c/{id}/info")
}

/// The address where one says where to forward a message.
#[must_use]
pub fn forward_path(id: ConversationId, seq: Seq) -> String {
    format!("/c/{id}/forward?m={seq}")
}

/// The address where one says when to be reminded of a message.
#[must_use]
pub fn remind_path(id: ConversationId, seq: Seq) -> String {
    format!("/c/{id}/remind?m={seq}")
}

/// Where a conversation's members are offered whom an `@` may mean.
#[must_use]
pub fn mentions_path(id: ConversationId) -> String {
    format!("/c/{id}/mentions")
}

/// The address of a conversation that exists only once something was said.
#[must_use]
pub fn person_path(id: UserId) -> String {
    format!("/new/{id}")
}

/// The address of a conversation or of the person to write to.
#[must_use]
pub fn target_path(target: Target) -> String {
    match target {
        Target::Conversation(id) => conversation_path(id),
        Target::User(id) => person_path(id),
    }
}

/// The address of a person's profile.
#[must_use]
pub fn profile_path(id: UserId) -> String {
    format!("/u/{id}")
}

/// An address, taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The page that the path names.
    pub route: Route,
    /// What stands behind the `?`, still encoded.
    pub query: String,
}

impl Address {
    /// The address that a path with its query is.
    #[must_use]
    pub fn parse(path_and_query: &str) -> Self {
        let without_hash = path_and_query.split('#').next().unwrap_or_default();
        let (path, query) = without_hash.split_once('?').unwrap_or((without_hash, ""));
        Self { route: Route::parse(path), query: query.to_owned() }
    }

    /// The first value of this name in the query, decoded.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<String> {
        self.query.split('&').find_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key == name).then(|| decode(value))
        })
    }

    /// All values of this name in the query, decoded.
    #[cfg(feature = "ssr")]
    #[must_use]
    pub fn params(&self, name: &str) -> Vec<String> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| decode(value)).collect()
    }

    /// A position in the query, such as `m`, `before` or `after`.
    #[must_use]
    pub fn seq(&self, name: &str) -> Option<Seq> {
        self.param(name)?.parse().ok()
    }
}

/// A path on this site as it is, and `/` for anything else: for what a browser could read as another
/// site's address, and for what cannot stand in an address as it is.
#[must_use]
pub fn own_path(path: &str) -> &str {
    let own = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if own { path } else { "/" }
}

/// The way back to where someone wanted to go before signing in: a path on this site that is not the
/// sign-in page itself, or `/`.
#[must_use]
pub fn safe_next(next: &str) -> &str {
    let path = own_path(next);
    if Address::parse(path).route.is_sign_in() { "/" } else { path }
}

#[cfg(test)]
mod tests {
    use super::{Address, Route, forward_path, own_path, remind_path, safe_next};
    use crate::protocol::urls::encode;
    use crate::protocol::{ConversationId, Seq, Target, UserId};

    #[test]
    fn paths_name_pages() {
        let to = |path| Address::parse(path).route;
        assert_eq!(to("/"), Route::Home);
        assert_eq!(to("/login?next=/c/7"), Route::LogIn);
        assert_eq!(to("/c/7?m=3#x"), Route::Talk(Target::Conversation(ConversationId::new(7))));
        assert_eq!(to("/new/9"), Route::Talk(Target::User(UserId::new(9))));
        assert_eq!(to("/settings/password"), Route::Settings);
        assert_eq!(to("/u/12?x"), Route::Profile(UserId::new(12)));
        assert_eq!(to("/new/group"), Route::NewGroup);
        assert_eq!(to("/c/7/info?m=3"), Route::Info(ConversationId::new(7)));
        let (id, seq) = (ConversationId::new(7), Seq::new(3));
        let forward = Address::parse(&forward_path(id, seq));
        assert_eq!((forward.route, forward.seq("m")), (Route::Forward(id), Some(seq)));
        let remind = Address::parse(&remind_path(id, seq));
        assert_eq!((remind.route, remind.seq("m")), (Route::Remind(id), Some(seq)));
        assert_eq!(to("/reminders?cursor=1.2"), Route::Reminders);
        assert_eq!((to("/contacts"), to("/groups")), (Route::Contacts, Route::Groups));
        for missing in [
            "/settings/other",
            "/u/0",
            "/u/me",
            "/u/1/2",
            "/c/0",
            "/c/x",
            "/c/1/2",
            "/c/x/info",
            "/c/1/info/2",
            "/c/1/forward/2",
            "/c/1/remind/2",
            "/reminders/1",
            "/contacts/1",
            "/nothing",
            "/new/-1",
        ] {
            assert_eq!(to(missing), Route::Missing, "{missing}");
        }
    }

    #[test]
    fn queries_survive_encoding() {
        for text in ["a b+c", "林美 100%", "?&=#/\\", "%zz"] {
            let address = Address::parse(&format!("/new?x=1&query={}", encode(text)));
            assert_eq!(address.param("query").as_deref(), Some(text));
        }
        assert_eq!(Address::parse("/c/1?m=12").seq("m"), Some(Seq::new(12)));
        assert_eq!(Address::parse("/c/1?m=-2").seq("m"), None);
        assert_eq!(Address::parse("/new?query=a%2").param("query").as_deref(), Some("a%2"));
    }

    #[test]
    fn the_way_back_stays_on_this_site() {
        for good in ["/", "/c/7?m=1", "/new/3#x", "/new?query=%C3%A9", "/c/7?next=//evil.example"] {
            assert_eq!((own_path(good), safe_next(good)), (good, good));
        }
        for bad in ["https://evil.example", "//evil.example", "/\\evil", "c/5", "", "/\t/evil"] {
            assert_eq!((own_path(bad), safe_next(bad)), ("/", "/"), "{bad}");
        }
        // What a header cannot hold.
        for bad in ["/\0x", "/a b", "/c/7\r\nx: y", "/\u{7f}", "/林", "/\u{2028}"] {
            assert_eq!((own_path(bad), safe_next(bad)), ("/", "/"), "{bad:?}");
        }
        for sign_in in ["/login", "/register?next=/c/7"] {
            assert_eq!((own_path(sign_in), safe_next(sign_in)), (sign_in, "/"));
        }
    }
}
