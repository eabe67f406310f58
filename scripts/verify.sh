#!/usr/bin/env bash
# Tests the stack that runs. The arguments go to cargo test and choose what is tested:
#
#   make verify           every target up, every panel with data, the load and the calls flowing (--test live)
#   make verify_alerts    breaks it, and follows the alerts to the pager and back (--test alerting)

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

use_started_runtime
export OBSERVER_APP_URL=http://127.0.0.1:$APP_PORT
export OBSERVER_BETA_URL=http://127.0.0.1:$BETA_PORT
export OBSERVER_APP_CONTROL_URL=http://127.0.0.1:$APP_CONTROL_PORT
export OBSERVER_BETA_CONTROL_URL=http://127.0.0.1:$BETA_CONTROL_PORT
export OBSERVER_CONTROL_TOKEN=$CONTROL_TOKEN
export OBSERVER_PAGER_URL=http://127.0.0.1:$PAGER_PORT
export OBSERVER_PROMETHEUS_URL=http://127.0.0.1:$PROMETHEUS_PORT
export OBSERVER_ALERTMANAGER_URL=http://127.0.0.1:$ALERTMANAGER_PORT
cd "$ROOT"
exec cargo test --locked "$@"
