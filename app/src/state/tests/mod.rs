//! The property that matters: whatever happens to frames and answers on their way, after one
//! good reconnection each device knows what the server knows.

mod changes;
mod lists;
mod long;
mod scenarios;
mod server;
mod simulation;
mod tabs_and_presence;

use proptest::prelude::*;

use simulation::{simulate, step};

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn after_a_reconnection_each_device_knows_what_the_server_knows(
        steps in proptest::collection::vec(step(), 0..200)
    ) {
        simulate(steps)?;
    }
}
