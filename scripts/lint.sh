#!/usr/bin/env bash
# Lints everything: formatting, clippy with warnings as errors for each target, the browser tests' types.
# With an argument (fmt, clippy, types) only that.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The fuzz target is a workspace of its own.
fuzz=fuzz/Cargo.toml

formatting() {
    cargo fmt --all --check
    cargo fmt --manifest-path "$fuzz" --check
}

# Leptos wants exactly one mode a target, hence one call for each instead of --workspace: what runs on a server (app with
# `ssr`), and the frontend (and app) with `hydrate`. The load generator goes with the server: by itself it would have
# most crates looked at once more, for they have other features then.
# The profiles are those of the builds, so that proc macros and build scripts are compiled once.
clippy() {
    cargo clippy --quiet --release --package server --package app --package bench --all-targets -- --deny warnings
    cargo clippy --quiet --profile wasm-release --package frontend \
        --target wasm32-unknown-unknown -- --deny warnings
    # Nothing is linked, so libFuzzer itself need not be compiled: this says that it lies elsewhere.
    CUSTOM_LIBFUZZER_PATH=/elsewhere cargo clippy --quiet --manifest-path "$fuzz" --all-targets -- --deny warnings
}

types() {
    scripts/browser-tests.sh types
}

case ${1:-all} in
fmt) formatting ;;
clippy) clippy ;;
types) types ;;
all)
    formatting
    clippy
    types
    ;;
*) die "lint.sh knows 'fmt', 'clippy' and 'types', not '$1'" ;;
esac
