//! Refresh tokens: derived from login and generation under the server's key, so that a repeated use
//! gives the same successor without keeping it; the database holds only the newest one's hash.

use app::protocol::{LoginId, Timestamp};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::store::logins::{LoginRow, MAX_GAPS};

/// So long after its successor was first used a token stays good, in milliseconds: two tabs, a lost
/// answer and a cancelled navigation log nobody out.
const GRACE_MS: i64 = 30_000;
/// So long after its own first use a token stays good at most, in milliseconds, even if its successor is
/// never used: whoever stole it cannot live by it.
const MAX_REUSE_MS: i64 = 24 * 60 * 60 * 1000;
/// Keeps this use of the server's key apart from its others.
const PURPOSE: &[u8] = b"kith refresh token v1";

/// What a refresh token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RefreshToken {
    pub(super) login_id: LoginId,
    pub(super) generation: i64,
}

impl RefreshToken {
    /// The one that a login begins with.
    pub(super) fn first(login_id: LoginId) -> Self {
        Self { login_id, generation: 1 }
    }

    /// The one that its use gives.
    pub(super) fn successor(self) -> Self {
        Self { generation: self.generation + 1, ..self }
    }
}

/// What to do with a genuine token of a login that lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// The newest: step on.
    Newest,
    /// Used before, still good: answer with its successor again.
    Repeated,
    /// Good no more, so that it may be stolen: end the login.
    TooOld,
}

/// Writes and reads refresh tokens.
pub(super) struct RefreshTokens {
    mac: Hmac<Sha256>,
}

impl RefreshTokens {
    pub(super) fn new(key: &[u8]) -> Self {
        let mut purpose = keyed(key);
        purpose.update(PURPOSE);
        Self { mac: keyed(&purpose.finalize().into_bytes()) }
    }

    /// `login.generation.proof`.
    pub(super) fn write(&self, token: RefreshToken) -> String {
        let text = format!("{}.{}", token.login_id, token.generation);
        let mut mac = self.mac.clone();
        mac.update(text.as_bytes());
        format!("{text}.{}", BASE64.encode(mac.finalize().into_bytes()))
    }

    /// Reads a token; absent unless it was written under our key.
    pub(super) fn read(&self, text: &str) -> Option<RefreshToken> {
        let (said, proof) = text.rsplit_once('.')?;
        let mut mac = self.mac.clone();
        mac.update(said.as_bytes());
        mac.verify_slice(&BASE64.decode(proof).ok()?).ok()?;
        let (login, generation) = said.split_once('.')?;
        Some(RefreshToken { login_id: login.parse().ok()?, generation: generation.parse().ok()? })
    }

    /// What the database keeps of a token.
    pub(super) fn hash(&self, token: RefreshToken) -> Vec<u8> {
        Sha256::digest(self.write(token)).to_vec()
    }

    /// What to do with a token of this login.
    pub(super) fn judge(&self, token: RefreshToken, login: &LoginRow, now: Timestamp) -> Judgement {
        let older = login.generation - token.generation;
        if older == 0 && self.hash(token) == login.refresh_hash {
            return Judgement::Newest;
        }
        match good_until(login, older) {
            Some(until) if now <= until => Judgement::Repeated,
            _ => Judgement::TooOld,
        }
    }

    /// The login one step on.
    pub(super) fn step(&self, login: &LoginRow, now: Timestamp) -> LoginRow {
        let newest = RefreshToken { login_id: login.id, generation: login.generation };
        // Where the last use is longer ago than the grace, so are all before it.
        let gap = (now - login.last_used_at).clamp(0, GRACE_MS + 1);
        let gap = u16::try_from(gap).unwrap_or(u16::MAX);
        let use_gaps = if i64::from(gap) > GRACE_MS {
            Vec::new()
        } else {
            std::iter::once(gap).chain(login.use_gaps.iter().copied()).take(MAX_GAPS).collect()
        };
        LoginRow {
            generation: login.generation + 1,
            refresh_hash: self.hash(newest.successor()),
            last_used_at: now,
            prior_used_at: login.last_used_at,
            use_gaps,
            ..login.clone()
        }
    }
}

/// Until when the token so many generations before the newest one stays good; absent when that is long
/// past, or there is none.
fn good_until(login: &LoginRow, older: i64) -> Option<Timestamp> {
    match older {
        1 => Some(login.last_used_at + MAX_REUSE_MS),
        2 => Some((login.last_used_at + GRACE_MS).min(login.prior_used_at + MAX_REUSE_MS)),
        // First used less than the grace before its successor was: its day ends later.
        3.. => Some(first_used(login, older - 1)? + GRACE_MS),
        _ => None,
    }
}

/// When the token so many generations before the newest one was first used; absent when that is
/// longer ago than anyone asks.
fn first_used(login: &LoginRow, before_newest: i64) -> Option<Timestamp> {
    let gaps = login.use_gaps.get(..usize::try_from(before_newest - 1).ok()?)?;
    Some(login.last_used_at - gaps.iter().copied().map(i64::from).sum::<i64>())
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    let Ok(mac) = Hmac::new_from_slice(key) else { unreachable!("HMAC takes keys of any length") };
    mac
}

#[cfg(test)]
mod tests {
    use app::protocol::UserId;

    use super::{
        GRACE_MS, Judgement, LoginId, LoginRow, MAX_GAPS, MAX_REUSE_MS, RefreshToken, RefreshTokens,
    };

    fn login(tokens: &RefreshTokens, generation: i64, last_used_at: i64) -> LoginRow {
        let newest = RefreshToken { login_id: LoginId::new(9), generation };
        LoginRow {
            id: newest.login_id,
            user_id: UserId::new(5),
            generation,
            refresh_hash: tokens.hash(newest),
            device: String::new(),
            created_at: 0,
            last_used_at,
            prior_used_at: last_used_at - 100_000,
            use_gaps: Vec::new(),
        }
    }

    #[test]
    fn only_our_own_tokens_are_read() {
        let tokens = RefreshTokens::new(&[7; 32]);
        let token = RefreshToken { login_id: LoginId::new(9), generation: 3 };
        let text = tokens.write(token);
        assert_eq!(tokens.read(&text), Some(token));
        assert_eq!(RefreshTokens::new(&[8; 32]).read(&text), None);
        let proof = text.rsplit_once('.').expect("a proof").1;
        for bad in ["", ".", "9.3", "9.3.", &format!("9.4.{proof}"), &format!("{text}A")] {
            assert_eq!(tokens.read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_token_stays_good_until_after_its_successor_was_used() {
        let tokens = RefreshTokens::new(&[7; 32]);
        let used_at = 1_000_000;
        let login = login(&tokens, 5, used_at);
        let judge = |generation, now| {
            tokens.judge(RefreshToken { login_id: login.id, generation }, &login, now)
        };
        let (soon, late) = (used_at + GRACE_MS, used_at + GRACE_MS + 1);
        assert_eq!(judge(5, late), Judgement::Newest);
        // Its successor was never used.
        assert_eq!(judge(4, used_at + MAX_REUSE_MS), Judgement::Repeated);
        assert_eq!(judge(4, used_at + MAX_REUSE_MS + 1), Judgement::TooOld);
        assert_eq!(judge(3, soon), Judgement::Repeated);
        assert_eq!(judge(3, late), Judgement::TooOld);
        assert_eq!(judge(2, soon), Judgement::TooOld);
        assert_eq!(judge(6, soon), Judgement::TooOld);
    }

    /// Whoever steals a token and keeps step with its owner has it for a day, whenever the owner comes.
    #[test]
    fn a_token_has_one_day_even_if_its_successor_is_used_at_its_end() {
        let tokens = RefreshTokens::new(&[7; 32]);
        for (pause, left) in [
            (GRACE_MS + 1, GRACE_MS),
            (MAX_REUSE_MS - GRACE_MS, GRACE_MS),
            (MAX_REUSE_MS - 10_000, 10_000),
            (MAX_REUSE_MS, 0),
            (MAX_REUSE_MS + 1, -1),
            (2 * MAX_REUSE_MS, -MAX_REUSE_MS),
        ] {
            let first = login(&tokens, 1, 0);
            let used = tokens.step(&first, 1_000_000);
            let successor_used_at = 1_000_000 + pause;
            let login = tokens.step(&used, successor_used_at);
            let token = RefreshToken::first(login.id);
            let judge = |now| tokens.judge(token, &login, now);
            if left >= 0 {
                assert_eq!(judge(successor_used_at + left), Judgement::Repeated, "{pause}");
            }
            assert_eq!(judge(successor_used_at + left.max(0) + 1), Judgement::TooOld, "{pause}");
        }
    }

    /// Each token's half minute is counted from the first use of its successor, however many others
    /// were used since.
    #[test]
    fn every_token_of_a_busy_login_has_its_grace() {
        let tokens = RefreshTokens::new(&[7; 32]);
        let mut login = login(&tokens, 1, 0);
        // Generation n is first used at n × 7 seconds.
        for generation in 1..=100 {
            assert_eq!(login.generation, generation);
            login = tokens.step(&login, generation * 7_000);
        }
        let judge = |generation, now| {
            tokens.judge(RefreshToken { login_id: login.id, generation }, &login, now)
        };
        for generation in 90..=99 {
            let end = (generation + 1) * 7_000 + GRACE_MS;
            let now = 100 * 7_000;
            let expected = if now <= end { Judgement::Repeated } else { Judgement::TooOld };
            assert_eq!(judge(generation, now), expected, "{generation}");
            if now <= end {
                assert_eq!(judge(generation, end), Judgement::Repeated, "{generation}");
                assert_eq!(judge(generation, end + 1), Judgement::TooOld, "{generation}");
            }
        }
        assert_eq!(judge(101, 10_000_000), Judgement::Newest);
        assert!(login.use_gaps.len() <= MAX_GAPS);
        // A pause: whatever was before it is too old.
        let login = tokens.step(&login, 100 * 7_000 + GRACE_MS + 1);
        assert!(login.use_gaps.is_empty());
    }
}
