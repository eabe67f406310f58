#!/usr/bin/env bash
# Another attack on both instances, in place of one that is still running. It ends with the report, and a plot.
#
#   make load [RATE=40] [DURATION=5m]
#
# RATE is requests a second. Ctrl-C ends it early; the report still comes.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

use_started_runtime
say "$RATE requests a second for $DURATION"
runtime_load "$RATE" "$DURATION"
