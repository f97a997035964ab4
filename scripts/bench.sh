#!/usr/bin/env bash
# Measures Kith with bench/ on a MariaDB of its own; arguments go to the load generator.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/build.sh
cargo_build "cargo: the load generator (from nothing about 2 minutes on two cores)" \
    target/release/bench --release --package bench
export KITH_BIN=$root/target/release/kith
exec scripts/with-mariadb.sh target/release/bench "$@"
