#!/usr/bin/env bash
# Measures Kith with bench/ on a MariaDB of its own; arguments go to the load generator.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/build.sh
say "cargo: the load generator"
cargo build --quiet --release --package bench
export KITH_BIN=$root/target/release/kith
exec scripts/with-mariadb.sh target/release/bench "$@"
