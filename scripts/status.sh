#!/usr/bin/env bash
# Lists the services and their health. Exits with 1 if one is not healthy.
#
#   make status

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

use_started_runtime
say "Runtime: $RUNTIME"
runtime_status
