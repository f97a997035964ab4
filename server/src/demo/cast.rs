//! Who is in the demo, who talks with whom, and the conversation that is shown first.

use super::attachments::Attachment::{self, Log, Picture, Voice};
use super::faces::Style::{Beard, Bun, Long, Scarf, Short};
use super::faces::{Face, Portrait, Style};
use super::views::LAKE;

/// A person: username, nickname and what they look like.
pub(super) struct Person(pub(super) &'static str, pub(super) &'static str, pub(super) Face);

/// Someone's face: the colours of what is behind them, of their clothes, skin and hair, and how they wear it.
const fn face([ground, cloth, skin, hair]: [u32; 4], style: Style) -> Face {
    Face::Person(Portrait { ground, cloth, skin, hair, style })
}

/// Everyone. The first two are the log-ins that are printed.
pub(super) const PEOPLE: [Person; 12] = [
    Person("ada", "Ada Wong", face([0x8e_c5_c0, 0x2f_4b_6e, 0xe8_b8_92, 0x2b_1d_1a], Long)),
    Person("mei", "Mei Lin 林美", face([0xf6_c9_a8, 0xb8_3b_4b, 0xf3_cf_b0, 0x1c_18_1c], Bun)),
    Person("jana", "Jana Berg", face([0xc9_b8_e8, 0x4a_7c_59, 0xf5_d3_bd, 0xd9_a4_4a], Long)),
    Person("noor", "نور الهاشمي", face([0xf0_e0_c0, 0x5a_5f_8c, 0xd9_a0_78, 0x3f_8f_8a], Scarf)),
    Person(
        "tomas",
        "Tomás Kowalczyk-Hernández",
        face([0xa8_c8_e8, 0x8c_5a_33, 0xee_c1_9c, 0x6a_40_22], Beard),
    ),
    Person("wei", "王伟", Face::Shelf),
    Person("omar", "عمر منصور", face([0xe8_d8_a0, 0x33_55_44, 0xc0_86_5c, 0x1e_16_14], Beard)),
    Person("priya", "Priya Raman", face([0xf4_b8_b8, 0xe0_8a_1e, 0xb0_74_4c, 0x20_14_14], Long)),
    Person("sam", "Sam Okafor", Face::None),
    Person("yuki", "佐藤ゆき", face([0xb8_e0_b8, 0x6b_4f_8c, 0xf2_cc_aa, 0x30_20_20], Short)),
    Person("captain", "Donaudampfschifffahrtsgesellschaftskapitän", Face::Lake(1)),
    Person("nina", "Nina 🌻", Face::Sunflower),
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

/// What Ada (`true`) and Mei said last, and what they sent with it.
pub(super) const SHOWN_FIRST: &[(bool, &str, &[Attachment])] = &[
    (false, "早上好 👋 Did the migration go through?", &[]),
    (
        true,
        "It did, 10 million rows and nobody had to log out. Figures are at https://kith.example/perf",
        &[],
    ),
    (false, "太好了！", &[]),
    (
        false,
        "Then I can tell the others that we move on Monday. Two things before that:\n\
         • the backup runs at 03:00\n\
         • Omar wants to see the log",
        &[],
    ),
    (true, "Both done. The log is long, but there is nothing in it.", &[Log]),
    (
        false,
        "The lake after work? North gate, half past five.",
        &[
            Picture(&LAKE[0]),
            Picture(&LAKE[1]),
            Picture(&LAKE[2]),
            Picture(&LAKE[3]),
            Picture(&LAKE[4]),
        ],
    ),
    (true, "Yes, and I bring the small tripod.", &[]),
    (false, "", &[Voice]),
    (true, "Already on my list 🎻", &[]),
];

/// What Ada has noted for herself, days ago.
pub(super) const NOTES: &[(i64, &str)] = &[
    (26, "Passport: renew before the spring. Photos are in the blue folder."),
    (19, "Bücher zurückgeben! 📚"),
    (11, "Mei's birthday: the cello suites, on vinyl"),
    (8, "https://www.rfc-editor.org/rfc/rfc6455"),
    (4, "Router: the reset button is behind the sticker"),
];
