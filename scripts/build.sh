#!/usr/bin/env bash
# Builds target/release/kith, the one binary that carries the site and the migrations.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/tools.sh site
scripts/site.sh
cargo_build "cargo: the server, as a release (from nothing about 8 minutes on two cores, later less)" \
    target/release/kith --release --package server
