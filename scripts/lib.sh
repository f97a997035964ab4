# shellcheck shell=bash disable=SC2034
# What the other scripts share: where things are, how they speak, and how they measure time.
# To be sourced by bash, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit 1

# Tools that Kith installs for itself come first; tools.sh has seen to it that they are the right
# version. Debian keeps mariadbd in sbin, which ordinary users do not have on their PATH.
tools=$root/.tools
PATH=$tools/bin:$tools/npm/node_modules/.bin:$PATH:/usr/sbin:/sbin
export PATH

# Whoever watches sees cargo's progress; a log is spared it.
quiet=()
[[ -t 2 ]] || quiet=(--quiet)

# Says what happens now.
say() { printf '==> %s\n' "$*"; }

# Says what went wrong, and ends the script.
die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Seconds as people read them: 75 becomes "1 min 15 s".
minutes() { if (($1 < 60)); then echo "$1 s"; else echo "$(($1 / 60)) min $(($1 % 60)) s"; fi; }

# Builds with cargo: $1 says what and how long it takes, $2 is what comes out, the rest are cargo's
# arguments. On a terminal cargo shows its own progress; a log is told once that something is
# compiled, and not of each crate. Where nothing is to be done nothing is said.
cargo_build() {
    local what=$1 artifact=$2
    shift 2
    if [[ -t 2 ]]; then
        [[ -e $artifact ]] || say "$what"
        cargo build "$@"
        return
    fi
    cargo build "$@" 2>&1 | awk -v what="==> $what" '
        /^ *(Updating|Locking|Adding|Downloading|Downloaded|Compiling|Finished) / {
            if (!/Finished/ && !said++) { print what; fflush() }
            next
        }
        { print >"/dev/stderr" }'
}

# A TCP port of this machine that nobody listens on.
free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}
