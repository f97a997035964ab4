#!/usr/bin/env bash
# Sees to what the tests need from Debian: MariaDB, Chromium, fonts, Python for a bot, and nginx.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

missing=()
has_font() { command -v fc-list >/dev/null && [[ -n $(fc-list ":lang=$1" | head -n 1) ]]; }
# The core packages: the programs alone, without a database that Debian starts for the machine.
command -v mariadbd >/dev/null && command -v mariadb-install-db >/dev/null || missing+=(mariadb-server-core)
command -v mariadb >/dev/null || missing+=(mariadb-client-core)
command -v "${KITH_CHROMIUM:-chromium}" >/dev/null || missing+=(chromium)
python3 -m pip --version >/dev/null 2>&1 || missing+=(python3-pip)
has_font hi || missing+=(fonts-noto-core)
has_font zh || missing+=(fonts-noto-cjk)
has_font und-zsye || missing+=(fonts-noto-color-emoji)

install_missing() {
    if [[ $(id -u) -ne 0 ]]; then
        echo "The tests need packages of Debian that are missing here. Install them, then try again:" >&2
        echo "    sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
        exit 1
    fi
    say "Installing ${missing[*]} from Debian (once; about 2 minutes)"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The program alone, unpacked: with its package Debian starts a web server for the machine.
unpack_nginx() {
    say "Unpacking Debian's nginx into .tools (once; about 5 s)"
    local scratch
    scratch=$(mktemp -d)
    (
        cd "$scratch"
        apt-get download -qq nginx 2>/dev/null || { apt-get update -qq && apt-get download -qq nginx; }
        dpkg-deb -x nginx_*.deb .
    )
    install -D "$scratch/usr/sbin/nginx" "$tools/bin/nginx"
    rm -rf "$scratch"
}

[[ ${#missing[@]} -eq 0 ]] || install_missing
command -v nginx >/dev/null || unpack_nginx
