#!/usr/bin/env bash
# Tests the service under abuse: overload, slow clients, malformed requests, large bodies, no free file descriptors,
# restarts under load, and a private Postgres that is killed again and again. Takes some minutes.
#
#   make abuse
#   scripts/abuse.sh --short               a tenth of it, as in CI
#   scripts/abuse.sh slow_clients          only the tests with this name
#
# OBSERVER_ABUSE_SLOW_SECONDS (60), OBSERVER_ABUSE_MALFORMED (100000) and OBSERVER_ABUSE_KILLS (20) set the amounts.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
# shellcheck source=scripts/lib/postgres.sh
. "$ROOT/scripts/lib/postgres.sh"
usage_if_asked "$@"

if [ "${1:-}" = --short ]; then
  shift
  export OBSERVER_ABUSE_SLOW_SECONDS=10 OBSERVER_ABUSE_MALFORMED=10000 OBSERVER_ABUSE_KILLS=3
fi

# In /tmp, where Postgres' unprivileged user can reach it wherever the project is.
scratch=$(mktemp -d /tmp/observer-abuse.XXXXXX)
chmod 711 "$scratch"
trap 'rm -rf "$scratch"' EXIT

cd "$ROOT"
mkdir -p "$STATE"
postgres_bin >/dev/null || step fetch "postgresql, from the distribution's packages" need_postgres
step postgres "a private cluster" prepare_cluster "$scratch/data"
port=$(free_port)
# The test starts and kills it itself.
set_postgres_server "$scratch/data" "$port"
OBSERVER_ABUSE_POSTGRES=$(printf '%q ' "${POSTGRES[@]}")
DATABASE_URL=postgres://observer:$POSTGRES_PASSWORD@127.0.0.1:$port/observer
export OBSERVER_ABUSE_POSTGRES DATABASE_URL

# One at a time: each loads the whole machine.
cargo test --locked --workspace --test abuse -- --test-threads=1 --nocapture "$@"
