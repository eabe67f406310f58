#!/usr/bin/env bash
# Builds and starts the stack, waits until it is healthy, prints every URL and login.
# Then a load test runs in the background for 5 minutes.
#
#   make start_observer [RUNTIME=auto|compose|local|kubernetes] [RATE=40] [DURATION=5m]
#
# auto uses Docker Compose where it can run, else local processes. OBSERVER_BINARY=path uses that program instead of
# building one (local runtime only). kubernetes needs KUBE_CONTEXT, the context of the cluster; docs/clusters.md has the
# rest. Exits with 2 if it is missing or unknown, with 1 if the stack does not start.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

# A runtime sets it to "no" while it has started nothing.
undo_needed=yes

finish() {
  local status=$?
  trap - EXIT
  # A second Ctrl-C must not leave half of the stack running.
  trap '' INT TERM
  if [ "$status" -ne 0 ] && [ "$undo_needed" = yes ]; then
    warn "  Stopping the stack again."
    # Where it cannot be stopped, make stop_observer still knows of it.
    (runtime_stop) && forget_runtime
  elif [ "$status" -ne 0 ] && [ -z "$started_before" ]; then
    forget_runtime
  fi
  exit "$status"
}

print_guide() {
  local grafana="http://127.0.0.1:$GRAFANA_PORT     admin / $GRAFANA_PASSWORD"
  port_answers "$GRAFANA_PORT" || grafana="not there; the console draws its dashboards"
  cat <<GUIDE

  console       $(console_url)     everything in one page: dashboards, alerts, queries
  app           http://127.0.0.1:$APP_PORT     its faults: http://127.0.0.1:$APP_CONTROL_PORT
  beta          http://127.0.0.1:$BETA_PORT     its faults: http://127.0.0.1:$BETA_CONTROL_PORT
  Grafana       $grafana
  Prometheus    http://127.0.0.1:$PROMETHEUS_PORT
  Alertmanager  http://127.0.0.1:$ALERTMANAGER_PORT
  pager         http://127.0.0.1:$PAGER_PORT

  make status           lists the services and their health
  make stop_observer    stops the stack and keeps its data
GUIDE
}

# In a container, the console's API takes a token, which a browser reads from the fragment and sends to no other server.
console_url() {
  local url=http://127.0.0.1:$CONSOLE_PORT
  [ "$RUNTIME" = local ] || url="$url/#token=$CONTROL_TOKEN"
  say "$url"
}

lock_stack
started_before=$(started_runtime)
choose_runtime
remember_runtime
trap finish EXIT
trap 'echo; exit 130' INT
trap 'exit 143' TERM

began=$SECONDS
runtime_start
step load "$(load_detail)" runtime_load_background "$RATE" "$DURATION"
say "Everything is healthy after $((SECONDS - began)) s."
print_guide
