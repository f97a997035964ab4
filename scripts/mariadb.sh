# shellcheck shell=bash
# A MariaDB for tests: its data lie in memory where that can be, and are gone when it is stopped.
# To be sourced after lib.sh; whoever calls start_mariadb sees to it that stop_mariadb is called.

mariadb_folder=
mariadb_pid=

# Starts it on a free port, waits until it answers, and leaves its address in KITH_TEST_MYSQL_URL.
start_mariadb() {
    # Containers often have but 64 MB of it.
    local parent=${TMPDIR:-/tmp} user port socket tries=0
    if [[ -w /dev/shm && $(df --output=avail /dev/shm | tail -n 1) -gt 1000000 ]]; then parent=/dev/shm; fi
    mariadb_folder=$(mktemp -d "$parent/kith-mariadb.XXXXXX")
    port=$(free_port)
    user=$(id -un)
    socket=$mariadb_folder/socket
    mariadb-install-db --no-defaults --user="$user" --datadir="$mariadb_folder/data" --skip-test-db \
        --auth-root-authentication-method=normal >"$mariadb_folder/install.log" 2>&1 ||
        { cat "$mariadb_folder/install.log" >&2; die "MariaDB could not make its data folder."; }
    # Durable at every commit, as a real one is: what the tests prove is about that.
    mariadbd --no-defaults --user="$user" --datadir="$mariadb_folder/data" --socket="$socket" \
        --port="$port" --bind-address=127.0.0.1 --pid-file="$mariadb_folder/pid" --max-connections=500 \
        --innodb-buffer-pool-size=512M --innodb-flush-log-at-trx-commit=1 --skip-log-bin \
        >"$mariadb_folder/server.log" 2>&1 &
    mariadb_pid=$!

    # Until it answers; it has no way to tell that it is ready.
    until mariadb --no-defaults --user=root --socket="$socket" --execute='SELECT 1' >/dev/null 2>&1; do
        kill -0 "$mariadb_pid" 2>/dev/null ||
            { cat "$mariadb_folder/server.log" >&2; die "MariaDB ended at its start."; }
        ((++tries < 600)) ||
            { cat "$mariadb_folder/server.log" >&2; die "MariaDB was not ready after a minute."; }
        sleep 0.1
    done
    mariadb --no-defaults --user=root --socket="$socket" --execute="
        CREATE USER kith@'127.0.0.1' IDENTIFIED BY 'kith';
        GRANT ALL PRIVILEGES ON *.* TO kith@'127.0.0.1';"
    export KITH_TEST_MYSQL_URL=mysql://kith:kith@127.0.0.1:$port/
}

# Ends it, by its process id, if it was started.
stop_mariadb() {
    if [[ -n $mariadb_pid ]]; then
        kill "$mariadb_pid" 2>/dev/null || true
        wait "$mariadb_pid" 2>/dev/null || true
    fi
    if [[ -n $mariadb_folder ]]; then rm -rf "$mariadb_folder"; fi
}
