#!/usr/bin/env bash
# Builds target/release/kith, the one binary that carries the site and the migrations.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/tools.sh site
scripts/site.sh
if [[ ! -x target/release/kith ]]; then
    say "cargo: the server, as a release (from nothing about 8 minutes on two cores)"
fi
cargo build --quiet --release --package server
