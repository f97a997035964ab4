#!/usr/bin/env bash
# Runs a command beside a MariaDB of its own, whose address it finds in KITH_TEST_MYSQL_URL:
#     scripts/with-mariadb.sh cargo test -p server
# When the command ends, the database and its data are gone.
set -euo pipefail
caller=$PWD
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$root/scripts/mariadb.sh"

trap stop_mariadb EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

start_mariadb
cd "$caller"
"$@"
