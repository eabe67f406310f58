#!/usr/bin/env bash
# The dashboard HTTP Services in this terminal, by grafatui. The first time cargo builds it (3 minutes).
#
#   make tui

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
usage_if_asked "$@"

port_answers "$PROMETHEUS_PORT" ||
  die "Prometheus does not answer on port $PROMETHEUS_PORT" "make start_observer starts it."
tool_path grafatui >/dev/null || step fetch "grafatui, built by cargo (3 minutes)" need_grafatui
# The interval is that of prometheus/prometheus.yml.
exec "$(tool_path grafatui)" --prometheus-url "http://127.0.0.1:$PROMETHEUS_PORT" --scrape-interval 5s \
  --grafana-json "$ROOT/grafana/source/dashboards/http-services.json"
