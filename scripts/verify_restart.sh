#!/usr/bin/env bash
# Restarts app on the stack that runs, while 200 requests a second go to app and to beta: beta loses none, and of app
# some may find nobody, but none is cut.
#
#   make verify_restart

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

use_started_runtime
export_addresses
cd "$ROOT"
exec cargo test --locked --workspace --test abuse -- --ignored --nocapture make_restart
