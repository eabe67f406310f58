#!/usr/bin/env bash
# Validates the dashboards with an independent reader of Grafana's format: grafana-foundation-sdk, generated from Grafana's
# schema. Needs Python 3.11 with venv; it is fetched into .observer/. The console's tests read them strictly as well.
#
#   ci/validate-dashboards.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
usage_if_asked "$@"

# The number before the exclamation mark is the epoch of the package version, the one after it is Grafana's version.
SDK='grafana-foundation-sdk==1769699379!11.6.0'
VENV=$STATE/ci/dashboards

make_venv() {
  python3 -m venv "$VENV" && "$VENV/bin/pip" install --quiet "$SDK"
}

"$VENV/bin/python" -c 'import grafana_foundation_sdk' 2>/dev/null || step fetch "$SDK" make_venv

passed=0
for dashboard in "$ROOT"/grafana/source/dashboards/*.json; do
  "$VENV/bin/python" "$ROOT/ci/validate_dashboard.py" "$dashboard"
  passed=$((passed + 1))
done
say "$passed passed, 0 failed"
