#!/usr/bin/env bash
# The log of one service. FOLLOW=1 goes on until Ctrl-C.
#
#   make logs APP=app [FOLLOW=1]

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

check_service logs "${1:-}"
started=$(started_runtime)
# Local logs outlive the stack: after a failed start they are what one wants to read.
use_runtime "${started:-local}"
if [ -n "${FOLLOW:-}" ]; then
  runtime_logs "$1" -f
else
  runtime_logs "$1"
fi
