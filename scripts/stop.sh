#!/usr/bin/env bash
# Stops everything and leaves nothing running. The data stays.
#
#   make stop_observer

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

lock_stack
started=$(started_runtime)
# Nothing was started, or its trace is lost: processes could still be left, containers are Compose's to know.
use_runtime "${started:-local}"
runtime_stop
forget_runtime
say "Stopped: nothing of it runs any more. Its data stays; make clean_observer removes it."
