#!/usr/bin/env bash
# Sets up what the tests need and runs them all: the Rust tests against a private Postgres, then the script tests.
# With arguments, runs only cargo test with these arguments.
#
#   make test
#   scripts/test.sh --test integration service::counter

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
# shellcheck source=scripts/lib/postgres.sh
. "$ROOT/scripts/lib/postgres.sh"
usage_if_asked "$@"
# shellcheck source=ci/shared-tools.sh
. "$ROOT/ci/shared-tools.sh"

finish() {
  local status=$?
  trap - EXIT
  trap '' INT TERM
  stop_cluster
  rm -rf "$scratch"
  exit "$status"
}

get_tools() {
  tool_path promtool >/dev/null || step fetch "promtool, from the distribution's packages" need_prometheus
  tool_path amtool >/dev/null || step fetch "amtool, from the distribution's packages" need_alertmanager
  postgres_bin >/dev/null || step fetch "postgresql, from the distribution's packages" need_postgres
  pgbouncer_path >/dev/null || step fetch "pgbouncer, from the distribution's packages" need_pgbouncer
  set_pgbouncer
  OBSERVER_TEST_PGBOUNCER=$(printf '%q ' "${PGBOUNCER[@]}")
  PROMTOOL=$(tool_path promtool)
  AMTOOL=$(tool_path amtool)
  PROMETHEUS=$(tool_path prometheus)
  ALERTMANAGER=$(tool_path alertmanager)
  export PROMTOOL AMTOOL PROMETHEUS ALERTMANAGER OBSERVER_TEST_PGBOUNCER
  if PROMTOOL_OF_COMPOSE=$(shared_tool promtool); then
    export PROMTOOL_OF_COMPOSE
    say "promtool $(version_of "$PROMTOOL") and $(version_of "$PROMTOOL_OF_COMPOSE")"
  else
    unset PROMTOOL_OF_COMPOSE
    say "promtool $(version_of "$PROMTOOL") alone: that of compose.yml is not on this machine"
  fi
}

# version_of PROGRAM: its version, of a program of Prometheus' project.
version_of() {
  "$1" --version 2>&1 | sed -n '1s/.*version \([^ ]*\).*/\1/p'
}

# No durability: the data lives as long as the run.
start_postgres() {
  step postgres "a private cluster, for this run" prepare_cluster "$scratch/data"
  start_cluster "$scratch" -c fsync=off -c full_page_writes=off -c max_connections=200
}

# run COMMAND...: also keeps its output, for sum_up.
run() {
  "$@" 2>&1 | tee -a "$scratch/output"
}

# Prints "N passed, N failed" over all: cargo and tests/scripts/run.sh print their results in the same form.
sum_up() {
  awk '/^test result:/ { passed += $4; failed += $6 }
    END { printf "%d passed, %d failed\n", passed, failed }' "$scratch/output"
}

# In /tmp, where Postgres' unprivileged user can reach it wherever the project is.
scratch=$(mktemp -d /tmp/observer-test.XXXXXX)
chmod 711 "$scratch"
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cd "$ROOT"
mkdir -p "$STATE"
get_tools
start_postgres

status=0
run cargo test --locked --workspace --no-fail-fast "$@" || status=$?
if [ $# -eq 0 ]; then
  run tests/scripts/run.sh || status=$?
fi
say
sum_up
exit "$status"
