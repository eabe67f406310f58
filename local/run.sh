#!/usr/bin/env bash
# Replaces itself with one service of the local runtime. The process manager runs it:
#
#   run.sh postgres | app | beta | pager | alertmanager | prometheus | console | grafana | vegeta
#
# It reads the settings and renders the configuration on every start, so that a restart picks up changes.
# Every command line contains a path under .observer/run/, .observer/bin/ or the database's folder: by these,
# scripts/lib/manager.sh finds processes whose manager was killed.

set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/../scripts/lib/common.sh"
use_runtime local

# serve NAME PEER: one instance. Its OBSERVER_* settings may come from .env, which the binary does not read.
serve() {
  OBSERVER_NAME=$1
  OBSERVER_LISTEN=127.0.0.1:$(port_of "$1")
  OBSERVER_CONTROL_LISTEN=127.0.0.1:$(control_port_of "$1")
  OBSERVER_PEER_NAME=$2
  OBSERVER_PEER_URL=http://127.0.0.1:$(port_of "$2")
  export DATABASE_URL "${!OBSERVER_@}"
  exec "$OBSERVER" serve
}

page() {
  OBSERVER_PAGER_LISTEN=127.0.0.1:$PAGER_PORT
  OBSERVER_PAGER_LEDGER=$STATE/pager/ledger.jsonl
  : "${OBSERVER_PROMETHEUS_URL:=$(prometheus_pages)}"
  OBSERVER_RUNBOOKS_URL=$RUNBOOKS_URL
  mkdir -p "$STATE/pager"
  export "${!OBSERVER_@}"
  exec "$OBSERVER" pager
}

serve_postgres() {
  # The database's user may have no access to the current folder.
  cd /
  set_postgres_server "$DATABASE" "$POSTGRES_PORT"
  exec "${POSTGRES[@]}"
}

serve_alertmanager() {
  render alertmanager
  cd "$(alertmanager_folder)"
  exec "$(tool_path alertmanager)" \
    --config.file="$RUN/alertmanager/alertmanager.yml" \
    --storage.path="$STATE/alertmanager" \
    --web.listen-address="127.0.0.1:$ALERTMANAGER_PORT" \
    --web.external-url="http://127.0.0.1:$ALERTMANAGER_PORT" \
    --cluster.listen-address= # a single instance needs no gossip
}

serve_prometheus() {
  local flags=()
  render prometheus
  # A target that is always down would keep an alert firing.
  has_grafana || rm "$RUN/prometheus/targets/grafana.yml"
  case $(tool_path prometheus) in
    "$TOOLS"/*) flags+=(--web.local-assets="$TOOLS/prometheus/usr/share/prometheus/web") ;;
  esac
  exec "$(tool_path prometheus)" \
    --config.file="$RUN/prometheus/prometheus.yml" \
    --storage.tsdb.path="$STATE/prometheus" \
    --storage.tsdb.retention.time=31d \
    --storage.tsdb.retention.size=2GB \
    --web.listen-address="127.0.0.1:$PROMETHEUS_PORT" \
    --web.external-url="http://127.0.0.1:$PROMETHEUS_PORT" \
    ${flags[@]+"${flags[@]}"}
}

serve_console() {
  OBSERVER_CONSOLE_LISTEN=127.0.0.1:$CONSOLE_PORT
  OBSERVER_CONSOLE_DASHBOARDS=$ROOT/grafana/source/dashboards
  OBSERVER_CONSOLE_PROMETHEUS_URL=http://127.0.0.1:$PROMETHEUS_PORT
  OBSERVER_CONSOLE_ALERTMANAGER_URL=http://127.0.0.1:$ALERTMANAGER_PORT
  OBSERVER_CONSOLE_PAGER_URL=http://127.0.0.1:$PAGER_PORT
  OBSERVER_CONSOLE_GRAFANA_URL=http://127.0.0.1:$GRAFANA_PORT
  OBSERVER_CONSOLE_LINKS=$(console_links)
  export "${!OBSERVER_@}"
  exec "$CONSOLE"
}

serve_grafana() {
  export GF_SERVER_HTTP_ADDR=127.0.0.1 GF_SERVER_HTTP_PORT=$GRAFANA_PORT
  export GF_SECURITY_ADMIN_PASSWORD=$GRAFANA_PASSWORD
  export GF_AUTH_ANONYMOUS_ENABLED=true GF_AUTH_ANONYMOUS_ORG_ROLE=Viewer
  export GF_ANALYTICS_REPORTING_ENABLED=false GF_ANALYTICS_CHECK_FOR_UPDATES=false
  export GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES=false GF_NEWS_NEWS_FEED_ENABLED=false
  export GF_PLUGINS_PREINSTALL_DISABLED=true
  export GF_PATHS_DATA=$STATE/grafana GF_PATHS_LOGS=$STATE/grafana GF_PATHS_PLUGINS=$STATE/grafana/plugins
  export GF_PATHS_PROVISIONING=$ROOT/grafana/provisioning GF_LOG_MODE=console
  export PROMETHEUS_URL=http://127.0.0.1:$PROMETHEUS_PORT ALERTMANAGER_URL=http://127.0.0.1:$ALERTMANAGER_PORT
  export DASHBOARDS_PATH=$ROOT/grafana/source/dashboards
  local home
  home=$(grafana_home)
  exec "$(tool_path grafana)" server --homepath="$home" --pidfile="$RUN/grafana.pid"
}

attack() {
  local rate duration
  read -r rate duration <"$RUN/load"
  render vegeta
  cd "$RUN/vegeta"
  export PATH="$PATH:$TOOLS/bin"
  exec sh "$RUN/vegeta/attack.sh" "$rate" "$duration" "$STATE/load"
}

case $1 in
  postgres) serve_postgres ;;
  app) serve app beta ;;
  beta) serve beta app ;;
  pager) page ;;
  alertmanager) serve_alertmanager ;;
  prometheus) serve_prometheus ;;
  console) serve_console ;;
  grafana) serve_grafana ;;
  vegeta) attack ;;
esac
