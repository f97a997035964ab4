#!/usr/bin/env bash
# Holds the dependencies against the RustSec advisories. Where these cannot be fetched within a minute it says so, and
# fails only with --strict.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/tools.sh test
if ! said=$(timeout 60 cargo-deny --log-level error fetch db 2>&1); then
    [[ ${1:-} != --strict ]] || die "The advisories could not be fetched: $said"
    say "Skipped: the advisories (https://github.com/rustsec/advisory-db) could not be fetched from here"
    exit 0
fi
for manifest in Cargo.toml fuzz/Cargo.toml; do
    cargo-deny --log-level error --config .deny.toml --manifest-path "$manifest" --all-features \
        check --hide-inclusion-graph advisories
done
