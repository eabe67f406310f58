#!/usr/bin/env bash
# Prints the log of one service. FOLLOW=1 follows it until Ctrl-C.
#
#   make logs APP=app [FOLLOW=1]

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

check_service logs "${1:-}"
started=$(started_runtime)
# Local logs outlive the stack, so they can be read after a failed start.
use_runtime "${started:-local}"
if [ -n "${FOLLOW:-}" ]; then
  runtime_logs "$1" -f
else
  runtime_logs "$1"
fi
