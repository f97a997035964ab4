//! The store's contract, held against both engines: every test runs on SQLite and on MariaDB.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails; the lints know only functions marked as tests"
)]

mod accounts;
mod avatars;
mod blocks;
mod catching_up;
mod chat_list;
mod contacts;
mod conversations;
mod database;
mod extras;
mod followers;
mod group_changes;
mod history;
mod jobs;
mod logins;
mod message_changes;
mod message_files;
mod opening;
mod other_writes;
mod pairs;
mod people;
mod presence;
mod proxy;
mod random_groups;
mod random_runs;
mod reminders;
mod sessions;
mod shared_files;
mod sweeps;
mod time_limits;
mod upgrading;
mod uploads;
mod writer;
mod writer_away;
mod writer_failures;
mod writer_load;
mod writer_marks;
