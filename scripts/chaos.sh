#!/usr/bin/env bash
# The chaos proof: breaks the running stack on purpose and checks that each alert reaches the pager and resolves.
# Three quarters of an hour for all scenarios; docs/chaos.md says what each expects. Ctrl-C ends it; it always restores what
# it broke.
#
#   make chaos [SCENARIO=postgres-killed,error-burst]
#
# Writes a report to .observer/chaos/, as Markdown and JSON. Exits with 1 if a scenario did not go as expected.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

use_started_runtime
export_addresses
if [ "$RUNTIME" = kubernetes ]; then
  export KUBE_CONTEXT KUBE_NAMESPACE
else
  OBSERVER_PROMETHEUS_FOLDER=$(runtime_prometheus_folder)
  export OBSERVER_PROMETHEUS_FOLDER
fi
cd "$ROOT"
exec cargo run --quiet --locked --package chaos -- --runtime "$RUNTIME" --reports "$STATE/chaos" ${1:+"$1"}
