//! How fast a large file comes and goes, beside nginx on the same disk: by turns, in another order each round.

use std::time::Duration;

use app::protocol::FileId;
use bytes::Bytes;
use futures_util::future::try_join_all;

use super::client::{Client, PIECE, drain, timed};
use super::nginx::Nginx;
use crate::Failure;

/// Of the file that is carried: 100 MiB.
pub(super) const SIZE: usize = 100 << 20;

/// Downloads at once, where there are several.
const AT_ONCE: usize = 4;

/// A way of carrying the file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// nginx takes it in; then it is synced.
    NginxPut,
    /// In one piece.
    Tus,
    /// In pieces that pass any proxy.
    TusPieces,
    Form,
    NginxGet,
    Get,
    NginxGets,
    Gets,
}

use Way::{Form, Get, Gets, NginxGet, NginxGets, NginxPut, Tus, TusPieces};

impl Way {
    /// What is measured, with what it is compared to.
    pub(super) const ALL: [(Self, Self, &str); 8] = [
        (NginxPut, NginxPut, "up: nginx, PUT and sync"),
        (Tus, NginxPut, "up: tus, one piece"),
        (TusPieces, NginxPut, "up: tus, 900 KB pieces"),
        (Form, NginxPut, "up: multipart"),
        (NginxGet, NginxGet, "down: nginx"),
        (Get, NginxGet, "down"),
        (NginxGets, NginxGets, "4 at once: nginx"),
        (Gets, NginxGets, "4 at once"),
    ];

    /// Bytes that go at once.
    fn bytes(self) -> usize {
        if matches!(self, NginxGets | Gets) { AT_ONCE * SIZE } else { SIZE }
    }
}

/// Megabytes a second of each way, a figure a round.
pub(super) type Rates = [Vec<f64>; Way::ALL.len()];

/// Carries the file each way, so many rounds and one before them that does not count.
pub(super) async fn measure(
    client: &Client,
    nginx: &Nginx,
    rounds: usize,
) -> Result<Rates, Failure> {
    // Nothing on the way can make it smaller, nor know it from the last one.
    let bytes: Vec<u8> = (0..SIZE / 8).flat_map(|number| scatter(number as u64)).collect();
    let bytes = Bytes::from(bytes);
    let stored = client.tus(&bytes, SIZE, "file").await?;
    put(client, nginx, &bytes, "stored").await?;
    let mut rates = Rates::default();
    for round in 0..=rounds {
        for turn in 0..Way::ALL.len() {
            let index = (turn + round) % Way::ALL.len();
            let way = Way::ALL[index].0;
            let time = carry(way, client, nginx, &bytes, stored, round).await?;
            settle()?;
            if round > 0 {
                #[expect(clippy::cast_precision_loss, reason = "some hundred megabytes")]
                rates[index].push(way.bytes() as f64 / 1e6 / time.as_secs_f64());
            }
        }
    }
    Ok(rates)
}

async fn carry(
    way: Way,
    client: &Client,
    nginx: &Nginx,
    bytes: &Bytes,
    stored: FileId,
    round: usize,
) -> Result<Duration, Failure> {
    let theirs = format!("{}/stored", nginx.url);
    let ours = format!("files/{stored}");
    Ok(match way {
        // Nothing is deleted meanwhile: a disk that is told of it has that to do first, whoever comes next.
        NginxPut => timed(put(client, nginx, bytes, &format!("fresh-{round}"))).await?.1,
        Tus => timed(client.tus(bytes, SIZE, "file")).await?.1,
        TusPieces => timed(client.tus(bytes, PIECE, "file")).await?.1,
        Form => timed(client.form(bytes)).await?.1,
        NginxGet => whole(timed(drain(client.http.get(theirs))).await?)?,
        Get => whole(timed(client.fetch(&ours)).await?)?,
        NginxGets => {
            let all = (0..AT_ONCE).map(|_| drain(client.http.get(&theirs)));
            timed(try_join_all(all)).await?.1
        }
        Gets => timed(try_join_all((0..AT_ONCE).map(|_| client.fetch(&ours)))).await?.1,
    })
}

/// What was left to do for the disk is nobody's time.
fn settle() -> Result<(), Failure> {
    let synced = std::process::Command::new("sync").status()?;
    if synced.success() { Ok(()) } else { Err("sync failed".into()) }
}

async fn put(client: &Client, nginx: &Nginx, bytes: &Bytes, name: &str) -> Result<(), Failure> {
    let put = client.http.put(format!("{}/{name}", nginx.url)).body(bytes.clone());
    put.send().await?.error_for_status()?;
    nginx.sync(name)
}

fn whole((count, time): (usize, Duration)) -> Result<Duration, Failure> {
    if count == SIZE { Ok(time) } else { Err(format!("{count} bytes came of {SIZE}").into()) }
}

/// Eight bytes that look like chance (splitmix64).
fn scatter(number: u64) -> [u8; 8] {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ mixed >> 31).to_le_bytes()
}
