//! Who is in the demo, who talks with whom, and the conversation that is shown first.

/// A person: username and nickname.
pub(super) struct Person(pub(super) &'static str, pub(super) &'static str);

/// Everyone. The first two are the log-ins that are printed.
pub(super) const PEOPLE: [Person; 12] = [
    Person("ada", "Ada Wong"),
    Person("mei", "Mei Lin 林美"),
    Person("jana", "Jana Berg"),
    Person("noor", "نور الهاشمي"),
    Person("tomas", "Tomás Kowalczyk-Hernández"),
    Person("wei", "王伟"),
    Person("omar", "عمر منصور"),
    Person("priya", "Priya Raman"),
    Person("sam", "Sam Okafor"),
    Person("yuki", "佐藤ゆき"),
    Person("captain", "Donaudampfschifffahrtsgesellschaftskapitän"),
    Person("nina", "Nina 🌻"),
];

/// Two people who talk, and how far each has come.
pub(super) struct Pair {
    /// Their usernames; twice the same for Notes.
    pub(super) between: [&'static str; 2],
    /// The languages that they talk in.
    pub(super) languages: &'static [&'static str],
    /// How many threads they have had.
    pub(super) threads: usize,
    /// What was written to each last, and is not read yet.
    pub(super) unread: [&'static [&'static str]; 2],
    /// Minutes since the last message.
    pub(super) quiet_for: i64,
}

const fn pair(
    between: [&'static str; 2],
    languages: &'static [&'static str],
    threads: usize,
    unread: [&'static [&'static str]; 2],
    quiet_for: i64,
) -> Pair {
    Pair { between, languages, threads, unread, quiet_for }
}

/// In minutes.
const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// Everyone who talks with someone.
pub(super) const PAIRS: [Pair; 24] = [
    pair(["ada", "mei"], &["en", "zh"], 34, [&[], &[]], 2),
    pair(
        ["ada", "jana"],
        &["en"],
        28,
        [&["Dinner at ours on Tuesday?", "Bring nothing, Omar cooks"], &[]],
        19,
    ),
    pair(["ada", "noor"], &["ar", "en"], 26, [&["شكراً، أراك غداً في الصباح"], &[]], 47),
    pair(["ada", "tomas"], &["en"], 24, [&[], &[]], 3 * HOUR),
    pair(
        ["ada", "wei"],
        &["zh"],
        17,
        [&["新书架装好了 📚", "图片明天发", "你什么时候来看？"], &[]],
        5 * HOUR,
    ),
    pair(
        ["ada", "captain"],
        &["de", "en"],
        20,
        [&["Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"], &[]],
        DAY,
    ),
    pair(
        ["ada", "nina"],
        &["en"],
        20,
        [&[], &["Sunflowers are out at the market 🌻"]],
        DAY + 2 * HOUR,
    ),
    pair(["ada", "sam"], &["en"], 22, [&[], &[]], 2 * DAY),
    pair(
        ["ada", "priya"],
        &["en"],
        18,
        [&[], &["I found your umbrella", "It was in my umbrella"]],
        3 * DAY,
    ),
    pair(["ada", "yuki"], &["zh", "en"], 16, [&[], &[]], 5 * DAY),
    pair(["ada", "omar"], &["ar", "en"], 14, [&[], &[]], 9 * DAY),
    pair(["mei", "wei"], &["zh"], 18, [&["到了告诉我一声"], &[]], 12),
    pair(
        ["mei", "jana"],
        &["en"],
        22,
        [
            &[
                "Are you still up?",
                "Never mind, found it",
                "It was in the blue folder",
                "Of course it was",
            ],
            &[],
        ],
        HOUR,
    ),
    pair(["mei", "sam"], &["en"], 20, [&[], &[]], 6 * HOUR),
    pair(["mei", "yuki"], &["zh"], 17, [&[], &["晚安 🌙"]], DAY),
    pair(["mei", "nina"], &["en"], 18, [&[], &[]], 2 * DAY + HOUR),
    pair(["mei", "priya"], &["en"], 14, [&[], &[]], 6 * DAY),
    pair(["noor", "omar"], &["ar"], 13, [&[], &[]], 2 * HOUR),
    pair(
        ["jana", "captain"],
        &["de", "en"],
        18,
        [&[], &["Der Termin ist jetzt um neun", "Nein, doch um zehn", "Ich rufe an"]],
        4 * HOUR,
    ),
    pair(["tomas", "priya"], &["en"], 16, [&[], &[]], DAY),
    pair(["sam", "nina"], &["en"], 16, [&["Look what I drew: a cat, or possibly a car"], &[]], 30),
    pair(["jana", "tomas"], &["en"], 14, [&[], &[]], 3 * DAY),
    pair(["yuki", "wei"], &["zh"], 14, [&[], &[]], 2 * DAY),
    pair(["sam", "omar"], &["en"], 12, [&[], &[]], 4 * DAY),
];

/// What Ada (A) and Mei (B) said last.
pub(super) const SHOWN_FIRST: &[(bool, &str)] = &[
    (false, "早上好 👋 Did the migration go through?"),
    (
        true,
        "It did, 10 million rows and nobody had to log out. Figures are at https://kith.example/perf",
    ),
    (false, "太好了！"),
    (
        false,
        "Then I can tell the others that we move on Monday. Two things before that:\n\
         • the backup runs at 03:00\n\
         • Omar wants to see the log",
    ),
    (true, "Both done. The log is long, but there is nothing in it."),
    (false, "🎉"),
    (false, "Will you come to the lake after work? North gate, half past five."),
    (true, "Yes, and I bring the small tripod."),
    (false, "نور تقول: أراك غداً في الصباح"),
    (true, "Already on my list"),
];

/// What Ada has noted for herself, days ago.
pub(super) const NOTES: &[(i64, &str)] = &[
    (26, "Passport: renew before the spring. Photos are in the blue folder."),
    (19, "Bücher zurückgeben! 📚"),
    (11, "Mei's birthday: the cello suites, on vinyl"),
    (8, "https://www.rfc-editor.org/rfc/rfc6455"),
    (4, "Router: the reset button is behind the sticker"),
];
