//! CPU time of other processes, from `/proc/PID/stat` (see `proc_pid_stat(5)`).

use std::time::Duration;

/// Kernel ticks a second, as every Linux reports them to programs (`USER_HZ`).
const TICKS: u64 = 100;

/// User and system time that these processes have used so far.
pub(crate) fn used(pids: &[u32]) -> Duration {
    let ticks: u64 = pids.iter().filter_map(|pid| ticks(*pid)).sum();
    Duration::from_millis(ticks * 1_000 / TICKS)
}

fn ticks(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the name in parentheses, and may itself hold spaces.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}
