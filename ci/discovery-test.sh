#!/usr/bin/env bash
# Tests the discovery against the machine's real engine, with stand-ins for the images of a registry (standins.sh):
# under Compose, where a service is scaled, and in a Swarm of one node, which this makes and leaves. Needs root, as they
# do.
#
#   ci/discovery-test.sh        OBSERVER_BINARY=path takes that program instead of building one

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. ci/checks.sh
. scripts/lib/common.sh
. scripts/lib/health.sh
. scripts/lib/tools.sh

[ "$(id -u)" -eq 0 ] || die "ci/discovery-test.sh needs root"
docker version --format 'Docker Engine {{.Server.Version}}'
if [ -z "${OBSERVER_BINARY:-}" ]; then
  cargo build --release --locked --bin observer
  export OBSERVER_BINARY=${CARGO_TARGET_DIR:-target}/release/observer
fi
DOCKER_CONFIG=$(ci/compose-v2.sh)
export DOCKER_CONFIG
section "Preparing"
ci/standins.sh

# found_by PORT: the jobs of a Prometheus' targets that are up, one a line.
found_by() {
  http_get "$1" '/api/v1/targets?state=active' | tail -n 1 |
    python3 -c '
import json, sys
for target in json.load(sys.stdin)["data"]["activeTargets"]:
    if target["health"] == "up":
        print(target["labels"]["job"])' | sort
}

# within SECONDS COMMAND...: until it succeeds. What it said last is shown if it does not.
within() {
  local limit=$((SECONDS + $1)) began=$SECONDS output
  shift
  until output=$("$@" 2>&1); do
    [ "$SECONDS" -lt "$limit" ] || {
      echo "not after $((SECONDS - began)) s: $output"
      return 1
    }
    sleep 0.5
  done
}

section "Scale"
OBSERVER_BINARY=$(realpath "$OBSERVER_BINARY") check "a poll of 10,000 containers takes less than a second" \
  cargo test --locked --test integration -- --ignored discovery::

. ci/discovery/compose.sh
. ci/discovery/swarm.sh
summary
