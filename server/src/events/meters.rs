//! What is measured of facts.

use metrics::{Unit, counter, describe_counter};

use super::PassedOver;

const PASSED_OVER: &str = "kith_facts_passed_over_total";

/// Says what the metrics of facts mean, to the recorder that is installed.
pub fn describe_metrics() {
    describe_counter!(
        PASSED_OVER,
        Unit::Count,
        "Facts from other nodes that this one could not read, by reason"
    );
    // What seldom happens is there all the same, as zero.
    for reason in ["newer_version", "unknown_kind", "unreadable"] {
        counter!(PASSED_OVER, "reason" => reason).increment(0);
    }
}

/// A fact from another node was passed over.
pub(super) fn passed_over(why: &PassedOver) {
    let reason = match why {
        PassedOver::NewerVersion(_) => "newer_version",
        PassedOver::UnknownKind(_) => "unknown_kind",
        PassedOver::Unreadable(_) => "unreadable",
    };
    counter!(PASSED_OVER, "reason" => reason).increment(1);
}
