//! What files measure.

use std::time::Duration;

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};

const RECEIVED: &str = "kith_files_received_bytes_total";
const SERVED: &str = "kith_files_served_bytes_total";
const DELETED: &str = "kith_files_deleted_total";
const BYTES: &str = "kith_files_bytes";
const FREE: &str = "kith_files_disk_free_bytes";
const THERE: &str = "kith_files_store_up";
const SWEEP: &str = "kith_files_sweep_seconds";
const SWEEP_AGE: &str = "kith_files_sweep_age_seconds";
const MISSING: &str = "kith_files_missing";
const STRANGERS: &str = "kith_files_strangers";

/// Says what the metrics of files mean, to the recorder that is installed.
pub fn describe_metrics() {
    describe_counter!(RECEIVED, Unit::Bytes, "Bytes of files that came in");
    describe_counter!(SERVED, Unit::Bytes, "Bytes of files and thumbnails that were asked for");
    describe_counter!(DELETED, Unit::Count, "Files that were deleted");
    describe_gauge!(BYTES, Unit::Bytes, "Bytes of all files together, ten minutes ago at most");
    describe_gauge!(FREE, Unit::Bytes, "Bytes that are free on the disk that uploads pass");
    describe_gauge!(THERE, Unit::Count, "1 while the store of files answers, else 0");
    describe_histogram!(SWEEP, Unit::Seconds, "Seconds that a sweep of files took");
    describe_gauge!(SWEEP_AGE, Unit::Seconds, "Seconds since the last sweep, by whichever node");
    describe_gauge!(
        MISSING,
        Unit::Count,
        "Objects that are not in the store, as this node last compared it with the database"
    );
    describe_gauge!(
        STRANGERS,
        Unit::Count,
        "Objects that no row knows, as this node last compared the store with the database"
    );
    // What has not happened yet is there all the same, as zero.
    for name in [RECEIVED, SERVED, DELETED] {
        counter!(name).increment(0);
    }
    compared(0, 0);
}

pub(super) fn received(bytes: i64) {
    counter!(RECEIVED).increment(u64::try_from(bytes).unwrap_or(0));
}

pub(super) fn served(bytes: u64) {
    counter!(SERVED).increment(bytes);
}

pub(super) fn deleted(count: usize) {
    counter!(DELETED).increment(count as u64);
}

pub(super) fn swept(took: Duration) {
    histogram!(SWEEP).record(took);
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
pub(super) fn set_bytes(bytes: i64) {
    gauge!(BYTES).set(bytes as f64);
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
pub(super) fn set_free(bytes: u64) {
    gauge!(FREE).set(bytes as f64);
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
pub(super) fn compared(missing: u64, strangers: u64) {
    gauge!(MISSING).set(missing as f64);
    gauge!(STRANGERS).set(strangers as f64);
}

pub(super) fn set_there(there: bool) {
    gauge!(THERE).set(if there { 1.0 } else { 0.0 });
}

pub(super) fn set_sweep_age(age: Duration) {
    gauge!(SWEEP_AGE).set(age.as_secs_f64());
}
