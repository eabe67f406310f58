#!/usr/bin/env bash
# Validates the dashboards by two programs that know Grafana's format, each from a source of its own:
# grafana-foundation-sdk, generated from Grafana's schema, and grafatui, which reads dashboards to draw them.
# Needs Python 3.11 with venv; both programs are fetched into .observer/.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
usage_if_asked "$@"

# The number before the mark is an epoch of the package's versions, the one after it is Grafana's version.
SDK='grafana-foundation-sdk==1769699379!11.6.0'
VENV=$STATE/ci/dashboards

make_venv() {
  python3 -m venv "$VENV" && "$VENV/bin/pip" install --quiet "$SDK"
}

"$VENV/bin/python" -c 'import grafana_foundation_sdk' 2>/dev/null || step fetch "$SDK" make_venv
tool_path grafatui >/dev/null || step fetch "grafatui, built by cargo (3 minutes)" need_grafatui

for dashboard in "$ROOT"/grafana/source/dashboards/*.json; do
  "$VENV/bin/python" "$ROOT/ci/validate_dashboard.py" "$dashboard"
  "$(tool_path grafatui)" --validate --strict --grafana-json "$dashboard"
done
