#!/usr/bin/env bash
# Proves that Kith works, stage by stage: lints, tests on SQLite and MariaDB, a real browser.
# Each stage prints its time; the last line counts what passed and what failed. With KITH_TEST_ALL=1 what takes long
# is tried at length, and what does not differ by the database is tried on both all the same.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$root/scripts/mariadb.sh"

passed=0
failed=0
log=
beside=
said_beside=
finish() {
    local status=$?
    trap - EXIT INT TERM
    stop_mariadb
    if [[ -n $beside ]]; then kill "$beside" 2>/dev/null || true; fi
    rm -f "$log" "$said_beside"
    # Whatever stopped this script before its end is a failure, too.
    if [[ $status -ne 0 && $failed -eq 0 ]]; then failed=1; fi
    echo "$passed passed, $failed failed"
    # Never another code than 1: the Makefile relies on it.
    if [[ $failed -ne 0 ]]; then exit 1; fi
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
log=$(mktemp)
said_beside=$(mktemp)

# Runs a stage: $1 is what it shows, $2 how its output is counted, the rest is the command.
stage() {
    local title=$1 count=$2 start=$SECONDS status=0 outcome=good
    shift 2
    say "$title"
    "$@" 2>&1 | tee "$log" || status=1
    "count_$count" "$status"
    if [[ $status -ne 0 ]]; then outcome=FAILED; fi
    say "$title: $outcome after $(minutes $((SECONDS - start)))"
    return "$status"
}

# A stage that is one check.
count_check() { if [[ $1 -eq 0 ]]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi; }

# A stage without which there is nothing to test; it counts only when it fails.
count_build() { if [[ $1 -ne 0 ]]; then failed=$((failed + 1)); fi; }

# Adds what the runner counted. One that broke without a failed test is one failure.
add() {
    passed=$((passed + $2))
    failed=$((failed + $3))
    if [[ $1 -ne 0 && $3 -eq 0 ]]; then failed=$((failed + 1)); fi
}

# cargo test: "test result: ok. 12 passed; 0 failed; …", once for each test binary.
count_cargo() {
    local good bad
    good=$(awk '/^test result:/ { n += $4 } END { print n + 0 }' "$log")
    bad=$(awk '/^test result:/ { n += $6 } END { print n + 0 }' "$log")
    add "$1" "$good" "$bad"
}

# Playwright's summary: "  12 passed (3.0m)", "  1 failed", "  1 flaky", "  2 did not run". What was
# flaky has passed in the end.
count_playwright() {
    local good bad
    good=$(awk '/^ +[0-9]+ (passed|flaky)/ { n += $1 } END { print n + 0 }' "$log")
    bad=$(awk '/^ +[0-9]+ (failed|interrupted|did not run)/ { n += $1 } END { print n + 0 }' "$log")
    add "$1" "$good" "$bad"
}

export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}
export FORCE_COLOR=0
export KITH_BIN=$root/target/release/kith
fuzzed=15
if [[ -n ${KITH_TEST_ALL:-} ]]; then
    fuzzed=600
    export PROPTEST_CASES=${PROPTEST_CASES:-20000}
fi

# Integration tests make cargo build the binary as well: one release build serves all that follows.
# Server and app are always named together, so that the features of what they depend on are the same
# in every call and nothing is compiled twice.
build() { tests --no-run; }
tests() { cargo test --quiet --release --package server --package app "$@"; }

# What the tests need beside Kith, made while the site is: its last steps leave a processor to others.
tools_of_tests() { scripts/tools.sh bots && scripts/tools.sh test && scripts/tools.sh fuzz && echo made; }
wait_for_tools() {
    tail --pid="$beside" --follow /dev/null
    head -n -1 "$said_beside"
    [[ $(tail -n 1 "$said_beside") == made ]]
}

# What has to be there: without it nothing else can be tested.
stage "Tools" build scripts/tools.sh site
stage "Packages of Debian" build scripts/debian.sh
say "MariaDB: starting one (about 3 s)"
start_mariadb

stage "Formatting" check scripts/lint.sh fmt || true
tools_of_tests >"$said_beside" 2>&1 &
beside=$!
stage "Site" build scripts/site.sh
stage "Tools of the tests, made meanwhile" build wait_for_tools
stage "Release build of server and tests (from nothing about 10 minutes on two cores)" build build
stage "Clippy" check scripts/lint.sh clippy || true
stage "Types of the browser tests" check scripts/lint.sh types || true
stage "Layering" cargo tests --test layering || true
stage "Unit and property tests of client state, pages and server" cargo tests --lib || true
stage "Store on SQLite and MariaDB" cargo tests --test 'store*' || true
stage "HTTP and WebSocket on SQLite and MariaDB" cargo tests --test it || true
stage "The frame decoder, the grammar of texts, the cleaning of pictures and the headers of uploads, fuzzed for $fuzzed s each" check scripts/fuzz.sh "$fuzzed" || true
stage "Dependencies: bans, licences, sources" check cargo-deny --log-level error --all-features check --hide-inclusion-graph bans licenses sources || true
stage "Dependencies: advisories, where they can be fetched" check scripts/advisories.sh || true
stage "Page weight" check node scripts/page-weight.mjs || true
stage "Browser" playwright scripts/browser-tests.sh test || true
