#!/usr/bin/env bash
# Stops the stack: no process or container stays. Its data does.
#
#   make stop_observer

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

lock_stack
started=$(started_runtime)
# Without a record of a start, processes can still be left over; Compose keeps track of its containers itself.
use_runtime "${started:-local}"
runtime_stop
forget_runtime
say "Stopped. The data stays; make clean_observer removes it."
