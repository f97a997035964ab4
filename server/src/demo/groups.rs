//! The demo's groups, and all that happens in them: whatever a group can do is done in one of them.

use app::protocol::{Answer as Come, History, Role};

use super::attachments::Attachment::{self, Picture};
use super::views::{LAKE, SHELF, View};

/// A group, made by its owner.
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) owner: &'static str,
    pub(super) members: &'static [&'static str],
    /// Anyone may find and join it.
    pub(super) open: bool,
    pub(super) history: History,
    /// What happens after it was made: minutes before now, by whom, and what.
    pub(super) deeds: &'static [(i64, &'static str, Deed)],
    /// Who reads along, and how many of the last messages each has not read.
    pub(super) readers: &'static [(&'static str, i64)],
}

/// Something that someone does. What was said is known by a label, in whatever group.
pub(super) enum Deed {
    Say(&'static str, &'static str),
    /// Answers what has the first label.
    Answer(&'static str, &'static str, &'static str),
    /// Sends files, with a caption.
    Show(&'static str, &'static str, &'static [Attachment]),
    /// Makes an appointment with this title at this place, so many minutes from now.
    Plan(&'static str, &'static str, &'static str, i64),
    /// Answers the appointment of this label.
    Coming(&'static str, Come),
    /// Carries the words, or the files, of this label on.
    Forward(&'static str),
    React(&'static str, &'static str),
    Edit(&'static str, &'static str),
    Recall(&'static str),
    Add(&'static [&'static str]),
    Remove(&'static str),
    Join,
    Leave,
    Role(&'static str, Role),
    Rename(&'static str),
    /// Gives the group a picture.
    Portray(&'static View),
    /// For oneself: silent for ever.
    Mute,
}

use Deed::{
    Add, Answer, Coming, Edit, Forward, Join, Leave, Mute, Plan, Portray, React, Recall, Remove,
    Rename, Role as Give, Say, Show,
};

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// All of them.
pub(super) const GROUPS: [Group; 3] = [
    Group {
        name: "Lake weekend",
        owner: "ada",
        members: &["mei", "jana", "omar", "noor"],
        open: false,
        history: History::All,
        deeds: &[
            (
                6 * DAY,
                "ada",
                Say("where", "Who is in for the **lake** at the end of the month? 🏕️"),
            ),
            (6 * DAY - 2, "mei", React("where", "👍")),
            (6 * DAY - 3, "jana", React("where", "👍")),
            (6 * DAY - 4, "omar", React("where", "🎉")),
            (6 * DAY - 9, "jana", Answer("where", "in", "In! I can take three in the car.")),
            (6 * DAY - 20, "noor", Say("noor", "أنا معكم إن شاء الله")),
            (5 * DAY, "ada", Give("mei", Role::Admin)),
            (5 * DAY - 1, "mei", Rename("Lake weekend 周末湖边")),
            (5 * DAY - 1, "mei", Portray(&LAKE[0])),
            (5 * DAY - 2, "mei", Add(&["tomas", "sam"])),
            (
                5 * DAY - 8,
                "tomas",
                Say("hello", "Hello all! I read everything from above, the boats sound great."),
            ),
            (5 * DAY - 9, "sam", Say("wrong", "Happy birthday Nina!!! 🎂")),
            (5 * DAY - 10, "sam", Recall("wrong")),
            (5 * DAY - 11, "sam", Say("sorry", "Sorry, wrong chat. _Very_ sorry.")),
            (5 * DAY - 12, "omar", React("sorry", "😂")),
            (5 * DAY - 12, "ada", React("sorry", "😂")),
            (4 * DAY, "sam", Leave),
            (
                3 * DAY,
                "mei",
                Say(
                    "list",
                    "What is still missing:\n• a second tent\n• the small tripod (@ada)\n• `sunscreen`",
                ),
            ),
            (3 * DAY - 4, "ada", Answer("list", "tripod", "Packed. @jana, is there room for it?")),
            (3 * DAY - 30, "jana", Edit("in", "In! I can take four in the car, and the tripod.")),
            (
                2 * DAY,
                "omar",
                Say(
                    "boat",
                    "The boat is ours from 10 to 4: https://kith.example/boats?day=saturday",
                ),
            ),
            (2 * DAY - 1, "omar", Show("ours", "", &[Picture(&LAKE[1])])),
            (2 * DAY - 5, "noor", React("boat", "❤️")),
            (2 * DAY - 6, "tomas", React("boat", "❤️")),
            (2 * DAY - 7, "ada", React("boat", "👍")),
            (DAY, "ada", Plan("lake", "To the lake", "North gate", 3 * DAY)),
            (DAY - 1, "mei", Coming("lake", Come::Yes)),
            (DAY - 2, "jana", Coming("lake", Come::Yes)),
            (DAY - 3, "tomas", Coming("lake", Come::Maybe)),
            (DAY - 4, "noor", Coming("lake", Come::No)),
            (
                3 * HOUR,
                "tomas",
                Say("train", "My train is at half past five, platform 3. Shall I bring bread?"),
            ),
            (2 * HOUR, "jana", Answer("train", "bread", "Always bring bread.")),
            (34, "mei", Say("all", "@all we meet at the north gate, 5:30. 别迟到！")),
            (31, "omar", Say("cook", "@ada can you ask your neighbour for the big pot?")),
        ],
        readers: &[("ada", 2), ("mei", 0), ("jana", 1), ("omar", 0), ("noor", 4), ("tomas", 0)],
    },
    Group {
        name: "图书馆小组 Library",
        owner: "wei",
        members: &["mei", "yuki", "captain"],
        open: true,
        history: History::Joined,
        deeds: &[
            (20 * DAY, "wei", Say("open", "新书单在这里，大家看看 📚")),
            (
                19 * DAY,
                "captain",
                Say("rules", "Ist das hier die Bibliotheksordnungsänderungsbesprechung?"),
            ),
            (19 * DAY - 3, "yuki", React("rules", "🤔")),
            (18 * DAY, "ada", Join),
            (18 * DAY - 2, "ada", Say("new", "Hi, I am new here. Which *shelf* are we at?")),
            (18 * DAY - 4, "wei", Answer("new", "shelf", "欢迎！第三排，窗户旁边。")),
            (12 * DAY, "wei", Remove("captain")),
            (
                12 * DAY - 2,
                "mei",
                Say("code", "Search by call number:\n```\nQA76.9 .D3\nPL2265\n```"),
            ),
            (7 * DAY, "wei", Give("mei", Role::Owner)),
            (3 * DAY, "wei", Show("books", "新书架装好了！", &[Picture(&SHELF)])),
            (3 * DAY - 4, "yuki", React("books", "📚")),
            (2 * DAY, "mei", Forward("list")),
            (DAY, "yuki", Say("late", "明日、本を返します。")),
            (DAY - 1, "ada", Mute),
            (5 * HOUR, "wei", Say("moved", "周五的读书会改到七点")),
        ],
        readers: &[("ada", 1), ("mei", 0), ("yuki", 1), ("wei", 0)],
    },
    Group {
        name: "Sunday football",
        owner: "sam",
        members: &["nina", "tomas"],
        open: true,
        history: History::All,
        deeds: &[
            (8 * DAY, "sam", Say("pitch", "The pitch is booked, ten to noon. Anyone may join!")),
            (8 * DAY - 3, "nina", React("pitch", "⚽")),
            (2 * DAY, "tomas", Say("knee", "My knee says no this week.")),
        ],
        readers: &[("sam", 0), ("nina", 0), ("tomas", 0)],
    },
];
