//! How full a disk is: when that is said, and when nothing more is taken in, so that the database beside the files goes
//! on.

/// A disk has little room when less than this part of it is free, or this many bytes.
const LOW_PART: u64 = 20;
const LOW_BYTES: u64 = 1024 * 1024 * 1024;
/// It is full when less than this part of it is free, or this many bytes: what is left is the database's.
const FULL_PART: u64 = 100;
const FULL_BYTES: u64 = 256 * 1024 * 1024;
/// By how much a threshold has to be passed again, a part of it, so that what lies near it is not said again and again.
const BAND_PART: u64 = 10;

/// Bytes of a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// Those that are free.
    pub free: u64,
    /// All of them.
    pub all: u64,
}

/// How full a disk is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Room {
    /// There is room.
    #[default]
    Enough,
    /// Somebody should make room.
    Low,
    /// Nothing more is taken in.
    Full,
}

impl Space {
    /// Whether nothing more is taken in.
    pub fn is_full(self) -> bool {
        self.free < self.full_below()
    }

    fn full_below(self) -> u64 {
        (self.all / FULL_PART).min(FULL_BYTES)
    }

    fn low_below(self) -> u64 {
        (self.all / LOW_PART).min(LOW_BYTES)
    }

    /// How full it is, after it was `before`.
    pub fn room(self, before: Room) -> Room {
        let beyond = |threshold: u64| threshold + threshold / BAND_PART;
        if self.is_full() || (before == Room::Full && self.free < beyond(self.full_below())) {
            return Room::Full;
        }
        let low_below = self.low_below();
        if self.free < low_below || (before != Room::Enough && self.free < beyond(low_below)) {
            return Room::Low;
        }
        Room::Enough
    }
}

#[cfg(test)]
mod tests {
    use super::{Room, Space};

    #[test]
    fn what_lies_near_a_threshold_is_said_once() {
        let mut room = Room::default();
        let mut told = Vec::new();
        // 5 % is little, and 1 % is full.
        for free in [90, 51, 49, 51, 49, 54, 9, 10, 9, 11, 10, 54, 56, 49, 0] {
            let now = Space { free: free * 1_000, all: 1_000_000 }.room(room);
            if now != room {
                told.push((free, now));
            }
            room = now;
        }
        let expected = [
            (49, Room::Low),
            (9, Room::Full),
            (11, Room::Low),
            (56, Room::Enough),
            (49, Room::Low),
            (0, Room::Full),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_large_disk_is_not_full_while_gigabytes_are_free() {
        let gib = 1024 * 1024 * 1024;
        let of = |free| Space { free, all: 4096 * gib }.room(Room::Enough);
        let rooms = [of(2 * gib), of(gib - 1), of(gib / 4 - 1)];
        assert_eq!(rooms, [Room::Enough, Room::Low, Room::Full]);
    }
}
