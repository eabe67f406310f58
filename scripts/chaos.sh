#!/usr/bin/env bash
# The chaos proof: breaks the stack that runs, on purpose, and follows the alerts to the pager and back. Half an hour
# for all scenarios; docs/chaos.md says what each expects. Ctrl-C ends it, and what was broken is mended in any case.
#
#   make chaos [SCENARIO=postgres-killed,error-burst]
#
# The report is in .observer/chaos/, as Markdown and as JSON. Exit code 1 if anything was not as expected.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

use_started_runtime
export_addresses
cd "$ROOT"
exec cargo run --quiet --locked --package chaos -- --runtime "$RUNTIME" --reports "$STATE/chaos" ${1:+"$1"}
