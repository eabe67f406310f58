#!/usr/bin/env bash
# Tests the running stack: every target is up, every panel has data and is drawn by the console, the load
# and the peer calls arrive.
#
#   make verify

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

use_started_runtime
export_addresses
cd "$ROOT"
exec cargo test --locked --workspace --test live
