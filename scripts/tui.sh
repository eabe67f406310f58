#!/usr/bin/env bash
# Shows the dashboard HTTP Services in this terminal with grafatui. The first time, cargo builds it (minutes).
#
#   make tui

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
usage_if_asked "$@"

port_answers "$PROMETHEUS_PORT" ||
  die "Prometheus does not answer on port $PROMETHEUS_PORT" "make start_observer starts it."
tool_path grafatui >/dev/null || step fetch "grafatui, built by cargo (minutes)" need_grafatui
# The interval is that of prometheus/prometheus.yml.
exec "$(tool_path grafatui)" --prometheus-url "http://127.0.0.1:$PROMETHEUS_PORT" --scrape-interval 5s \
  --grafana-json "$ROOT/grafana/source/dashboards/http-services.json"
