#!/usr/bin/env bash
# Fuzzes what reads the frames of clients, the texts and pictures of people, and the headers of uploads: every kept input
# (fuzz/corpus) by its name, then whatever libFuzzer makes of them, for the seconds given as argument each; without, the
# decoder of frames until something breaks or Ctrl-C (`fuzz.sh "" text`: the grammar of texts; `picture`: the cleaning
# of pictures; `upload_headers`: the headers of uploads).
# What broke it lies in fuzz/artifacts, what led to new paths in fuzz/found; neither is committed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

limit=${1:-}
targets=("${2:-client_frame}")
if [[ -n $limit && -z ${2:-} ]]; then targets=(client_frame text picture upload_headers); fi
[[ $limit =~ ^[0-9]*$ ]] || die "how long to fuzz is a whole number of seconds, not '$limit'"

scripts/tools.sh fuzz
if [[ ${#quiet[@]} -gt 0 ]]; then export CARGO_TERM_QUIET=true; fi

# The sanitizers are nightly's; decoding is safe Rust, in which they find nothing (docs/decisions/0014).
cargo_fuzz() { cargo-fuzz fuzz "$1" --sanitizer none "${@:2}"; }

# Leaves of what libFuzzer says what a log needs: what broke, on which input, and how much was tried.
in_short() {
    awk '/^Running: / { input = $0; next }
        /^(Executed |INFO: |WARNING: Failed to find function |######|\*\*\*)|^\tNEW_FUNC|# Uses: [0-9]+$|: Running [0-9]+ inputs/ { next }
        /^stat::number_of_executed_units/ { inputs = $2 }
        /^stat::average_exec_per_sec/ { printf "==> %s inputs, %s a second\n", inputs, $2 }
        /^stat::/ { next }
        { if (input) print input; input = ""; print; fflush() }' >&2
}

say "cargo-fuzz: what is fuzzed, with libFuzzer (from nothing about 1 minute on two cores, later 15 s)"
cargo_fuzz build

# Every kept input of the target $1, then new ones.
fuzz_target() {
    local target=$1 corpus options
    corpus=(fuzz/corpus/"$target"/*)
    mkdir -p "fuzz/found/$target"
    say "$target: each of the ${#corpus[@]} kept inputs"
    cargo_fuzz run "$target" "${corpus[@]}" 2>&1 | in_short

    # The first folder is where libFuzzer leaves what it found. It has never needed more than a millisecond
    # for an input, nor 100 MB.
    options=(-dict="fuzz/$target.dict" -max_total_time="${limit:-0}" -timeout=10 -rss_limit_mb=512 -print_final_stats=1)
    fuzz() { cargo_fuzz run "$target" "fuzz/found/$target" "fuzz/corpus/$target" -- "${options[@]}" "$@"; }

    say "$target: new inputs ${limit:+for $limit s, or }until something breaks (Ctrl-C ends it)"
    if [[ -t 2 ]]; then fuzz; else fuzz -verbosity=0 2>&1 | in_short; fi
}

if [[ ${#targets[@]} -eq 1 ]]; then
    fuzz_target "${targets[0]}"
    exit
fi

# Several go side by side, one a processor, and each says what it has to say when it ends.
said=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$said"' EXIT
broke=0
for target in "${targets[@]}"; do
    while (($(jobs -rp | wc -l) >= $(nproc))); do wait -n || broke=1; done
    (
        set +e
        (set -e && fuzz_target "$target") >"$said/$target" 2>&1
        rc=$?
        cat "$said/$target"
        exit "$rc"
    ) &
done
while [[ -n $(jobs -p) ]]; do wait -n || broke=1; done
exit "$broke"
