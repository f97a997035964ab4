#!/usr/bin/env bash
# Sees to the tools for the site (`tools.sh site`), the tests (`tools.sh test`), their bots (`tools.sh bots`)
# and the fuzzing (`tools.sh fuzz`): one on PATH is used if it is exactly the version wanted, else it is
# installed into .tools/.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The version that Cargo.lock has of a crate.
locked() {
    awk -v name="name = \"$1\"" '$0 == name { getline; gsub(/version = |"/, ""); print; exit }' Cargo.lock
}

# The version that package.json has of a tool from npm.
pinned() { node -p "require('./scripts/npm/package.json').dependencies['$1']"; }

# Whether a tool ($1) is there and its --version names version $2.
have() {
    command -v "$1" >/dev/null 2>&1 || return 1
    [[ " $("$1" --version 2>/dev/null | head -n 1) " == *" $2 "* ]]
}

# Builds crate $1, version $2, whose binary is $3; $4 says how long that takes. Without optimization, which takes
# three times as long to build and spares a second or two a run.
from_cargo() {
    have "$3" "$2" && return
    rm -f "$tools/bin/$3"
    have "$3" "$2" && return
    say "Building $1 $2 into .tools/ (once; about $4 on two cores)"
    CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_STRIP=true \
        cargo install "${quiet[@]}" --root "$tools" --version "$2" "$1"
    have "$3" "$2" || die "$3 was built, but is not version $2"
}

# Installs sass, wasm-opt and terser as scripts/npm/package-lock.json has them.
from_npm() {
    local sass binaryen terser
    sass=$(pinned sass)
    binaryen=$(pinned binaryen)
    binaryen=${binaryen%%.*}
    terser=$(pinned terser)
    have sass "$sass" && have wasm-opt "$binaryen" && have terser "$terser" && return
    say "Installing sass $sass, wasm-opt $binaryen and terser $terser into .tools/npm (once; about 10 s)"
    mkdir -p "$tools/npm"
    cp scripts/npm/package.json scripts/npm/package-lock.json "$tools/npm/"
    (cd "$tools/npm" && npm ci --omit=optional --no-audit --no-fund --loglevel=error)
    have sass "$sass" || die "sass was installed, but is not version $sass"
    have wasm-opt "$binaryen" || die "wasm-opt was installed, but is not version $binaryen"
    have terser "$terser" || die "terser was installed, but is not version $terser"
}

# Installs what the bots of docs/bots.md and clients of tus need, for the tests that run them. Not into an environment of
# Python's own making: Debian has the module for that in a package apart.
for_bots() {
    local wanted=server/tests/bots made=$tools/bots
    cmp --silent "$wanted/requirements.txt" "$made/requirements.txt" &&
        cmp --silent "$wanted/package-lock.json" "$made/package-lock.json" && return
    say "Installing what the bots need from PyPI and npm into .tools/bots (once; about 10 s)"
    rm -rf "$made"
    mkdir -p "$made"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps \
        --target "$made/python" --requirement "$wanted/requirements.txt"
    cp "$wanted/package.json" "$wanted/package-lock.json" "$made/"
    (cd "$made" && npm ci --no-audit --no-fund --loglevel=error)
    cp "$wanted/requirements.txt" "$made/"
}

# The standard library for WebAssembly.
wasm_target() {
    local target=wasm32-unknown-unknown
    [[ -d $(rustc --print target-libdir --target "$target") ]] && return
    command -v rustup >/dev/null || die "Rust's target $target is missing, and there is no rustup to add it."
    say "Adding Rust's target $target (once; about 20 s)"
    rustup target add "$target"
}

# What has to be there beforehand, and from when on it will do.
at_least() {
    local name=$1 wanted=$2 found=$3
    [[ $(printf '%s\n%s\n' "$wanted" "$found" | sort --version-sort | head -n 1) == "$wanted" ]] ||
        die "$name $found is too old: Kith needs $wanted or newer."
}

command -v cargo >/dev/null || die "cargo is missing: install Rust 1.95 or newer with rustup (https://rustup.rs)."
command -v npm >/dev/null || die "npm is missing: install Node 20 or newer (https://nodejs.org)."
command -v cc >/dev/null || die "a C compiler is missing: apt-get install build-essential"
at_least Rust 1.95.0 "$(rustc --version | awk '{ print $2 }')"
at_least Node 20.0.0 "$(node -p process.versions.node)"

case ${1:-site} in
site)
    wasm_target
    from_npm
    from_cargo wasm-bindgen-cli "$(locked wasm-bindgen)" wasm-bindgen "1 minute"
    ;;
test)
    from_cargo cargo-deny 0.20.2 cargo-deny "1 minute"
    ;;
bots) for_bots ;;
fuzz)
    command -v c++ >/dev/null || die "a C++ compiler is missing: apt-get install build-essential"
    from_cargo cargo-fuzz 0.13.2 cargo-fuzz "half a minute"
    ;;
*) die "tools.sh knows 'site', 'test', 'bots' and 'fuzz', not '$1'" ;;
esac
