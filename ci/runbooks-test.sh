#!/usr/bin/env bash
# Opens the runbook of every alert of a running stack in headless Chromium, and runs its queries. Keeps the screenshots in
# .observer/ci/screenshots/.
#
#   ci/runbooks-test.sh [PAGER PROMETHEUS]      their URLs; without them, those of the stack that runs here

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
. "$ROOT/ci/apt.sh"
# shellcheck source=ci/browser.sh
. "$ROOT/ci/browser.sh"
usage_if_asked "$@"

export_addresses
need_browser
in_browser runbooks \
  "${1:-$OBSERVER_PAGER_URL}" "${2:-$OBSERVER_PROMETHEUS_URL}" "$(command -v chromium)" "$SCREENSHOTS"
