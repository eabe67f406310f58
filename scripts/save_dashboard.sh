#!/usr/bin/env bash
# Writes a dashboard that was changed or made in Grafana into its file in grafana/source/dashboards/.
#
#   make save_dashboard UID=http-services
#
# UID is the part of the dashboard's address after /d/. The file is the one with this uid, else a new one: the title names
# it, and gives it its uid. It has no ids and versions, and the order and indentation of the other files, so that git shows
# what was changed and nothing else. Grafana is asked at GRAFANA_PORT, as admin with GRAFANA_PASSWORD.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

GRAFANA_PASSWORD=$GRAFANA_PASSWORD python3 -B "$ROOT/scripts/lib/save_dashboard.py" \
  "http://127.0.0.1:$GRAFANA_PORT" "${1:-}" "$ROOT/grafana/source/dashboards"
