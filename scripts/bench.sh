#!/usr/bin/env bash
# Measures the metrics layer, the counter and the service beside their peers, and compares the figures with their targets.
#
#   make bench                             all parts: a quarter of an hour, and the builds
#   make bench PART="service counter"      some of cost layer summary service counter scrape footprint build
#
# The results are in .observer/bench/ afterwards: as text, as JSON, and as the table of docs/performance.md.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
# shellcheck source=scripts/lib/postgres.sh
. "$ROOT/scripts/lib/postgres.sh"
usage_if_asked "$@"

finish() {
  local status=$?
  trap - EXIT
  trap '' INT TERM
  [ -z "$benches" ] || { kill "$benches" && wait "$benches"; } 2>/dev/null || true
  stop_cluster
  rm -rf "$scratch"
  exit "$status"
}

benches=
# Not in /tmp, which may be in memory: writing through to the disk would cost nothing there.
scratch=$(mktemp -d /var/tmp/observer-bench.XXXXXX)
chmod 711 "$scratch" # Postgres' unprivileged user must get through it.
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$ROOT"
need_cargo || exit 1
step fetch "wrk, where it is missing" need_wrk
step fetch "postgresql, where it is missing" need_postgres
# Apart: built together, the service would get features that only the benchmarks want of what both use.
step build "the service" cargo build --release --locked -p observer --target-dir target
step build "the benchmarks" cargo build --release --locked -p observer-benches --target-dir target
step postgres "durable, for this run only" prepare_cluster "$scratch/data"
start_cluster "$scratch" -c max_connections=300 # pgbench takes one for each client.
step migrate "the database" target/release/observer migrate
set_wrk && set_postgres pgbench
read -ra parts <<<"$*"
# timeout ends all that the program has started, too. In the background, because a trap waits for the foreground.
timeout --kill-after=20 2h target/release/observer-benches --results "$STATE/bench" \
  "${WRK[@]/#/--wrk=}" "${POSTGRES[@]/#/--pgbench=}" "${parts[@]}" &
benches=$! && wait "$benches"
