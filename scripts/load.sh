#!/usr/bin/env bash
# Runs a load test on both instances, replacing one that is still running. Ends with a report and a plot.
#
#   make load [RATE=40] [DURATION=5m]
#
# RATE is in requests per second. Ctrl-C ends it early and still prints the report.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

use_started_runtime
say "$RATE requests per second for $DURATION"
runtime_load "$RATE" "$DURATION"
