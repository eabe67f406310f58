#!/usr/bin/env bash
# Stops the stack and removes its data: the database, the metrics, the logs.
# Downloaded tools stay in .observer/tools for the next start.
#
#   make clean_observer

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

lock_stack
for runtime in local compose kubernetes; do
  if [ -f "$STATE/used/$runtime" ]; then
    (use_runtime "$runtime" && runtime_clean)
    rm -f "$STATE/used/$runtime"
  fi
done
forget_runtime
say "Stopped, and all data removed."
