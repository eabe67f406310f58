#!/usr/bin/env bash
# Starts one service that was stopped or killed, thaws one that is frozen, and waits until it is healthy.
#
#   make start APP=prometheus

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

check_service "${1:-}"
lock_stack
use_started_runtime
runtime_start_one "$1"
