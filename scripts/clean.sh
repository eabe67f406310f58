#!/usr/bin/env bash
# Stops everything and removes the data: the database, the metrics, the logs.
# Tools that were fetched stay in .observer/tools, for the next start.
#
#   make clean_observer

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

lock_stack
for runtime in local compose; do
  if [ -f "$STATE/used/$runtime" ]; then
    (use_runtime "$runtime" && runtime_clean)
    rm -f "$STATE/used/$runtime"
  fi
done
forget_runtime
say "Clean: nothing of it runs any more, and its data is gone."
