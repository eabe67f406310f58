#!/usr/bin/env bash
# Tests the running stack: every target is up, every panel has data, the console serves its pages and can draw every panel,
# the load and the peer calls arrive, and the services use little memory.
#
#   make verify

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

use_started_runtime
export_addresses
cd "$ROOT"
exec cargo test --locked --workspace --test live
