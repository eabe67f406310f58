#!/usr/bin/env bash
# Freezes one service: its processes and connections stay, but do nothing any more. The others keep running.
#
#   make freeze APP=postgres

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

check_service "${1:-}"
lock_stack
use_started_runtime
runtime_freeze_one "$1"
say "$1 is frozen; make start APP=$1 thaws it."
