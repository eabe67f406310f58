#!/usr/bin/env bash
# Restarts app on the running stack under 200 requests per second to app and to beta. No request to beta may fail; a
# connection to app may be refused, but no response may be cut off.
#
#   make verify_restart

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

use_started_runtime
export_addresses
cd "$ROOT"
exec cargo test --locked --workspace --test abuse -- --ignored --nocapture make_restart
