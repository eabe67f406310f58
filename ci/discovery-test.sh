#!/usr/bin/env bash
# Tests the discovery against the machine's real engine, with stand-ins for the images that cannot be pulled
# (standins.sh): under Compose, where a service is scaled, and in a Swarm of one node, which this makes and leaves.
# Needs root, as they do.
#
#   ci/discovery-test.sh

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=ci/stack.sh
. ci/stack.sh
# shellcheck source=ci/standins.sh
. ci/standins.sh
# shellcheck source=ci/swarm.sh
. ci/swarm.sh

section "Preparing"
need_engine
enter .
set_bases
build_standins
build_image
cargo build --release --locked --bin observer
OBSERVER_BINARY=$(realpath "${CARGO_TARGET_DIR:-target}/release/observer")
export OBSERVER_BINARY

# found_by PORT: the jobs of a Prometheus' targets that are up, one a line.
found_by() {
  http_get "$1" '/api/v1/targets?state=active' | tail -n 1 |
    python3 -c '
import json, sys
for target in json.load(sys.stdin)["data"]["activeTargets"]:
    if target["health"] == "up":
        print(target["labels"]["job"])' | sort
}

section "Scale"
OBSERVER_BINARY=$(realpath "$OBSERVER_BINARY") check "a poll of 10,000 containers takes less than a second" \
  cargo test --locked --test integration -- --ignored discovery::

. ci/discovery/compose.sh
. ci/discovery/swarm.sh
summary
