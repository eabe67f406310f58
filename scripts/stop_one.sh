#!/usr/bin/env bash
# Stops one service, to see what that does. The others keep running, and its data stays.
#
#   make stop APP=prometheus

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

check_service "${1:-}"
lock_stack
use_started_runtime
runtime_stop_one "$1"
say "$1 is stopped; make start APP=$1 starts it again."
