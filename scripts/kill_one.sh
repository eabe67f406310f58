#!/usr/bin/env bash
# Kills one service with SIGKILL, as a crash would. It stays dead until it is started again; the others keep running.
#
#   make kill APP=postgres

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

check_service "${1:-}"
lock_stack
use_started_runtime
runtime_kill_one "$1"
say "$1 is killed; make start APP=$1 starts it again."
