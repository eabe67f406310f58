#!/usr/bin/env bash
# What runs, and whether it is healthy. Exit code 1 if a service is not.
#
#   make status

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

use_started_runtime
say "Runtime: $RUNTIME"
runtime_status
