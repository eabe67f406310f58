#!/usr/bin/env bash
# Validates the dashboards with two independent readers of Grafana's format: grafana-foundation-sdk, generated from
# Grafana's schema, and grafatui, which draws dashboards. Needs Python 3.11 with venv; both are fetched into .observer/.
#
#   ci/validate-dashboards.sh

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
usage_if_asked "$@"

# The number before the exclamation mark is the epoch of the package version, the one after it is Grafana's version.
SDK='grafana-foundation-sdk==1769699379!11.6.0'
VENV=$STATE/ci/dashboards

make_venv() {
  python3 -m venv "$VENV" && "$VENV/bin/pip" install --quiet "$SDK"
}

"$VENV/bin/python" -c 'import grafana_foundation_sdk' 2>/dev/null || step fetch "$SDK" make_venv
# Without optimization: it compiles in a fraction of the time, and validates files in milliseconds either way.
export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256
tool_path grafatui >/dev/null || step fetch "grafatui, built by cargo (minutes)" need_grafatui

for dashboard in "$ROOT"/grafana/source/dashboards/*.json; do
  "$VENV/bin/python" "$ROOT/ci/validate_dashboard.py" "$dashboard"
  "$(tool_path grafatui)" --validate --strict --grafana-json "$dashboard"
done
