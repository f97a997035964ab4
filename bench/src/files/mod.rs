//! Files: how fast they come and go beside nginx, the memory that many at once take, and how soon a photo shows.

mod client;
mod crowd;
mod nginx;
mod photo;
mod throughput;

use std::fmt;
use std::io::Write as _;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::account::register_all;
use crate::server::Server;
use crate::{Failure, Report as _};
use client::Client;
use crowd::Memory;
use nginx::Nginx;
use throughput::{Rates, Way};

/// Syncs of a few bytes, to know the disk by.
const SYNCS: usize = 200;

/// What is measured.
pub(crate) struct Plan {
    pub(crate) rounds: usize,
    pub(crate) photos: usize,
}

/// What came out.
pub(crate) struct Report {
    cores: usize,
    /// In order of time.
    syncs: Vec<Duration>,
    rates: Rates,
    memory: Memory,
    /// In order of time.
    photos: Vec<Duration>,
}

/// Measures all of it, one after the other, on a Kith of our own.
pub(crate) async fn run(server: &mut Server, plan: &Plan) -> Result<Report, Failure> {
    let http = reqwest::Client::new();
    let accounts = register_all(&http, &server.url, "f", crowd::PEOPLE).await?;
    // Log-ins leave memory behind, which would hide what uploads take.
    server.restart()?;
    let client = |account: &_| {
        let (http, url) = (http.clone(), server.url.clone());
        Client { http, url, account: Clone::clone(account) }
    };
    let people: Vec<_> = accounts.iter().map(client).collect();
    let [sender, receiver, ..] = &people[..] else { return Err("no people".into()) };
    let folder = TempDir::new()?;
    let memory = crowd::measure(&people, server.kith_pid()).await?;
    let photos = photo::measure(sender, receiver, plan.photos).await?;
    let nginx = Nginx::start(folder.path()).await?;
    let rates = throughput::measure(sender, &nginx, plan.rounds).await?;
    let cores = std::thread::available_parallelism()?.get();
    Ok(Report { cores, syncs: syncs(folder.path())?, rates, memory, photos })
}

/// How long it takes until four kilobytes are on the disk.
fn syncs(folder: &std::path::Path) -> Result<Vec<Duration>, Failure> {
    let mut file = std::fs::File::create(folder.join("sync"))?;
    let mut took = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        file.write_all(&[0; 4096])?;
        let begun = Instant::now();
        file.sync_data()?;
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    Ok(took)
}

impl crate::Report for Report {
    fn is_valid(&self) -> bool {
        true
    }
}

impl fmt::Display for Report {
    #[expect(clippy::cast_precision_loss, reason = "megabytes for people")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let sync = ms(self.syncs[self.syncs.len() / 2]);
        writeln!(f, "{} cores, fdatasync {sync:.2} ms", self.cores)?;
        writeln!(f, "{:<26}{:>8}{:>16}{:>12}{:>16}", "100 MiB", "MB/s", "", "of nginx", "")?;
        for (index, (_, other, name)) in Way::ALL.iter().enumerate() {
            let beside = Way::ALL.iter().position(|(way, ..)| way == other).unwrap_or(index);
            let (rates, others) = (&self.rates[index], &self.rates[beside]);
            let ratios: Vec<_> =
                rates.iter().zip(others).map(|(rate, other)| rate / other).collect();
            let ((rate, slow, fast), (ratio, least, most)) = (spread(rates), spread(&ratios));
            write!(f, "{name:<26}{rate:>8.0}{:>16}", format!("({slow:.0} to {fast:.0})"))?;
            writeln!(f, "{ratio:>12.2}{:>16}", format!("({least:.2} to {most:.2})"))?;
        }
        let mb = |bytes: u64| bytes as f64 / 1e6;
        let Memory { idle, most } = self.memory;
        let more = mb(most.saturating_sub(idle));
        writeln!(f, "100 uploads at once: {:.1} MB, {more:.1} above idle", mb(most))?;
        let [first, .., last] = self.photos[..] else { return write!(f, "no photos") };
        let median = ms(self.photos[self.photos.len() / 2]);
        let (first, last, count) = (ms(first), ms(last), self.photos.len());
        writeln!(
            f,
            "a photo of 5 MB shows after {median:.0} ms ({first:.0} to {last:.0}, {count} times)"
        )?;
        write!(f, "{}: each byte that was sent was fetched", self.verdict())
    }
}

/// The median, the least and the most.
fn spread(figures: &[f64]) -> (f64, f64, f64) {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or_default();
    (at(sorted.len() / 2), at(0), at(sorted.len().saturating_sub(1)))
}
