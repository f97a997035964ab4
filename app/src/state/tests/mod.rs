//! The property that matters: whatever happens to frames and answers on their way, after one
//! good reconnection each device knows what the server knows.

mod changes;
mod checks;
mod lists;
mod long;
mod manners;
mod play;
mod scenes;
mod server;
mod world;

use proptest::prelude::*;

use play::{play, step};

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn after_a_reconnection_each_device_knows_what_the_server_knows(
        steps in proptest::collection::vec(step(), 0..200)
    ) {
        play(steps)?;
    }
}
