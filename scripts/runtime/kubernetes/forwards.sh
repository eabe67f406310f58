# shellcheck shell=bash
# The port-forwards: each part on its usual port of this machine. The process manager keeps them.

MANAGER_CONFIGURATION=$RUN/kubernetes/forwards.conf
KUBE_FORWARD=$ROOT/scripts/runtime/kubernetes/forward.sh

owns_process() {
  [[ $1 == *" $KUBE_FORWARD "* ]]
}

# kube_published: the services that a port of this machine leads to.
kube_published() {
  kube_services | grep -vx -e postgres -e migrate
}

# kube_forwarded SERVICE: "LOCAL:REMOTE" of each of its ports.
kube_forwarded() {
  case $1 in
    # One connection for both, so that both lead to the same pod.
    app) say "$APP_PORT:8080 $APP_CONTROL_PORT:9901" ;;
    beta) say "$BETA_PORT:8080 $BETA_CONTROL_PORT:9901" ;;
    console) say "$CONSOLE_PORT:8000" ;;
    pager) say "$PAGER_PORT:8090" ;;
    grafana) say "$GRAFANA_PORT:3000" ;;
    prometheus) say "$PROMETHEUS_PORT:9090" ;;
    alertmanager) say "$ALERTMANAGER_PORT:9093" ;;
  esac
}

# kube_next_pause PAUSE LASTED: the seconds until a port-forward is started again, after the last pause and one that lasted
# so long: longer each time, up to a quarter of a minute, while it finds nobody.
kube_next_pause() {
  if [ "$2" -ge 5 ]; then
    say 1
  else
    say "$(($1 < 7 ? $1 * 2 + 1 : 15))"
  fi
}

kube_forwards_configuration() {
  local service
  cat <<CONFIGURATION
[supervisord]
logfile=%(ENV_LOGS)s/supervisord.log
logfile_maxbytes=1MB
logfile_backups=1

[unix_http_server]
file=%(ENV_SUPERVISOR_SOCKET)s

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://%(ENV_SUPERVISOR_SOCKET)s
CONFIGURATION
  for service in $(kube_published); do
    cat <<CONFIGURATION

[program:$service]
command="${KUBE_FORWARD//%/%%}" $service
autorestart=true
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile=%(ENV_LOGS)s/forward-$service.log
stdout_logfile_maxbytes=1MB
stdout_logfile_backups=1
CONFIGURATION
  done
}

# kube_start_forwards: from settings that may have changed since the last start.
kube_start_forwards() {
  local service
  mkdir -p "$RUN/kubernetes"
  kube_forwards_configuration >"$MANAGER_CONFIGURATION"
  end_all
  recover
  start_manager || return 1
  for service in $(kube_published); do
    kube_wait_forward "$service" || return 1
  done
}

# kube_reaches SERVICE: whether it says that it is ready, by its port of this machine.
kube_reaches() {
  http_get "$(port_of "$1")" "$(health_path "$1")" 2>/dev/null | head -n 1 | grep -q ' 20[04] '
}

# kube_wait_forward SERVICE: until it is reached. A pod that was replaced is noticed at the next connection only.
kube_wait_forward() {
  local deadline=$((SECONDS + PATIENCE))
  until kube_reaches "$1"; do
    kube_answers || return 1
    [ "$SECONDS" -lt "$deadline" ] || {
      say "$1 does not answer on the port $(port_of "$1"). The end of the log of its port-forward:"
      tail -n 5 "$LOGS/forward-$1.log"
      return 1
    }
    sleep 0.5
  done
}
