#!/usr/bin/env bash
# Rebuilds and restarts one service, and waits until it is healthy. The others keep running.
#
#   make restart APP=beta

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

check_service "${1:-}"
lock_stack
use_started_runtime
runtime_restart "$1"
