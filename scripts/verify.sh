#!/usr/bin/env bash
# Tests the stack that runs: every target up, every panel with data, the load and the calls flowing.
#
#   make verify

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

use_started_runtime
export_addresses
cd "$ROOT"
exec cargo test --locked --workspace --test live
