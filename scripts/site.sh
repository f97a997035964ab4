#!/usr/bin/env bash
# Builds the site that the binary carries, in target/site: kith.js, kith_bg.wasm, kith.css, static.css, files.css and what is
# loaded later (parts/) in pkg/, and what lies in frontend/public. A step whose inputs have not changed is left out.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

site=target/site
stamps=target/site-stamps
mkdir -p "$site/pkg" "$stamps"

# Runs step $1 (a function) unless it was last run on the very same files (the other arguments).
# The hash covers these scripts, too: their options decide what comes out.
unless_unchanged() {
    local step=$1 hash
    shift
    hash=$(sha256sum "$@" scripts/site.sh scripts/{short-names,like-functions,wasm-file}.mjs scripts/npm/package.json | sha256sum)
    [[ -f $stamps/$step && $(<"$stamps/$step") == "$hash" ]] && return
    rm -f "$stamps/$step"
    "$step" "$@"
    echo "$hash" >"$stamps/$step"
}

wasm=target/wasm32-unknown-unknown/wasm-release/frontend.wasm

# Those that rustc's wasm32 target has on; wasm-opt must be told of them.
features=(--enable-bulk-memory --enable-bulk-memory-opt --enable-call-indirect-overlong --enable-multivalue
    --enable-mutable-globals --enable-nontrapping-float-to-int --enable-reference-types --enable-sign-ext)

bindings() {
    say "wasm-bindgen, wasm-opt and terser: making the WebAssembly and its JavaScript small (about 20 s)"
    local made=target/site-bindgen
    rm -rf "$made"
    wasm-bindgen --target web --no-typescript --remove-name-section --remove-producers-section \
        --out-dir "$made" --out-name kith "$wasm"
    node scripts/short-names.mjs "$made/kith.js" "$made/kith_bg.wasm"
    # What counts is the size after brotli: -Os does better by it than -Oz, and better without what makes
    # like pieces of code unlike.
    # Of the lowest kilobyte of memory, the far end of the stack, nothing is used.
    wasm-opt -Os --skip-pass=local-cse --skip-pass=inlining-optimizing --skip-pass=simplify-locals \
        --low-memory-unused --strip-debug "${features[@]}" "$made/kith_bg.wasm" -o "$made/kith_opt.wasm"
    # Like functions beside one another: some 4 KB less.
    node scripts/like-functions.mjs "$made/kith_opt.wasm" "$made/kith_named.wasm"
    wasm-opt --reorder-functions-by-name --strip-debug "${features[@]}" "$made/kith_named.wasm" \
        -o "$site/pkg/kith_bg.wasm"
    terser "$made/kith.js" --module --compress passes=2 --mangle --output "$site/pkg/kith.js"
    # Code that wasm-bindgen takes out of crates as modules of its own.
    rm -rf "$site/pkg/snippets"
    if [[ -d $made/snippets ]]; then mv "$made/snippets" "$site/pkg/snippets"; fi
    rm -rf "$made"
}

styles() {
    say "sass: the styles (about 1 s)"
    sass --no-source-map --style=compressed "style/main.scss:$site/pkg/kith.css" \
        "style/static.scss:$site/pkg/static.css" "style/files.scss:$site/pkg/files.css" \
        "style/docs.scss:$site/pkg/docs.css"
}

# A part is a module that browsers load when it is first used; starter.js, which loads them, is on each page.
parts() {
    say "terser: the parts (about 2 s)"
    rm -rf "$site/pkg/parts"
    mkdir "$site/pkg/parts"
    local part
    for part in "$@"; do
        terser "$part" --module --compress passes=2 --mangle --output "$site/pkg/${part#frontend/}"
    done
}

# Everything outside pkg/ is a copy of frontend/public, and what is gone there goes here.
public() {
    find "$site" -mindepth 1 -maxdepth 1 -not -name pkg -exec rm -rf {} +
    if [[ -d frontend/public ]]; then cp -R frontend/public/. "$site/"; fi
}

# Panics name the file that they come from: by its name in the crate, not by where this machine has it.
without_paths() {
    local sources=${CARGO_HOME:-$HOME/.cargo}/registry/src
    [[ -d $sources ]] || cargo fetch --quiet --locked
    printf -- '--remap-path-prefix=%s/= ' "$root" "$sources"/*
}
CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=$(without_paths)
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS

files_in() { find "$@" -type f 2>/dev/null | LC_ALL=C sort; }

cargo_build "cargo: the frontend for WebAssembly (from nothing about 4 minutes on two cores, later 1)" \
    "$wasm" --package frontend --target wasm32-unknown-unknown --profile wasm-release

mapfile -t scss < <(files_in style)
mapfile -t modules < <(files_in frontend/starter.js frontend/parts)
mapfile -t assets < <(files_in frontend/public)
unless_unchanged bindings "$wasm"
unless_unchanged styles "${scss[@]}"
unless_unchanged parts "${modules[@]}"
unless_unchanged public "${assets[@]}"
