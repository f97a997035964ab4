#!/usr/bin/env bash
# Runs a command beside a MariaDB of its own, whose address it finds in KITH_TEST_MYSQL_URL:
#     scripts/with-mariadb.sh cargo test -p server
# The data lie in memory where that can be; when the command ends, the database and they are gone.
set -euo pipefail
caller=$PWD
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [[ -d /dev/shm && -w /dev/shm ]]; then parent=/dev/shm; else parent=${TMPDIR:-/tmp}; fi
folder=$(mktemp -d "$parent/kith-mariadb.XXXXXX")
database=

clean_up() {
    trap - EXIT INT TERM
    if [[ -n $database ]]; then
        kill "$database" 2>/dev/null || true
        wait "$database" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=$(free_port)
user=$(id -un)
socket=$folder/socket
mariadb-install-db --no-defaults --user="$user" --datadir="$folder/data" --skip-test-db \
    --auth-root-authentication-method=normal >"$folder/install.log" 2>&1 ||
    { cat "$folder/install.log" >&2; die "MariaDB could not make its data folder."; }
# Durable at every commit, as a real one is: what the tests prove is about that.
mariadbd --no-defaults --user="$user" --datadir="$folder/data" --socket="$socket" \
    --port="$port" --bind-address=127.0.0.1 --pid-file="$folder/pid" --max-connections=500 \
    --innodb-buffer-pool-size=512M --innodb-flush-log-at-trx-commit=1 --skip-log-bin \
    >"$folder/server.log" 2>&1 &
database=$!

# Until it answers; it has no way to tell that it is ready.
tries=0
until mariadb --no-defaults --user=root --socket="$socket" --execute='SELECT 1' >/dev/null 2>&1; do
    kill -0 "$database" 2>/dev/null || { cat "$folder/server.log" >&2; die "MariaDB ended at its start."; }
    ((++tries < 600)) || { cat "$folder/server.log" >&2; die "MariaDB was not ready after a minute."; }
    sleep 0.1
done
mariadb --no-defaults --user=root --socket="$socket" --execute="
    CREATE USER kith@'127.0.0.1' IDENTIFIED BY 'kith';
    GRANT ALL PRIVILEGES ON *.* TO kith@'127.0.0.1';"

export KITH_TEST_MYSQL_URL=mysql://kith:kith@127.0.0.1:$port/
cd "$caller"
"$@"
