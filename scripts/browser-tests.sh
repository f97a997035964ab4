#!/usr/bin/env bash
# Runs one of end2end's npm scripts (test, types, screens, measures) with what follows as its arguments:
#     scripts/with-mariadb.sh scripts/browser-tests.sh test history
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cd end2end
# The hidden copy of the lock file is npm's record of what is installed.
if [[ ! node_modules/.package-lock.json -nt package-lock.json ]]; then
    say "Installing Playwright and axe into end2end/node_modules (once; about 10 s)"
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --omit=optional --no-audit --no-fund --loglevel=error
fi
script=${1:-test}
shift || true
exec npm run --silent "$script" -- "$@"
