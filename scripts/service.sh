#!/usr/bin/env bash
# Acts on one service of the running stack. The others keep running.
#
#   make restart APP=beta        rebuilds and restarts it, and waits until it is healthy
#   make stop APP=prometheus     stops it; its data stays
#   make kill APP=postgres       kills it with SIGKILL, as a crash would; it stays down until it is started
#   make freeze APP=postgres     suspends its processes; its connections stay open
#   make reload APP=prometheus   reads its configuration again; prometheus or alertmanager
#   make start APP=prometheus    starts it after a stop or a kill, resumes it after a freeze, waits until it is healthy

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

action=${1:-}
service=${2:-}
check_service "$action" "$service"
lock_stack
use_started_runtime
case $action in
  restart) runtime_restart "$service" ;;
  start) runtime_start_one "$service" ;;
  stop)
    runtime_stop_one "$service"
    say "$service is stopped; make start APP=$service starts it again."
    ;;
  kill)
    runtime_kill_one "$service"
    say "$service is killed; make start APP=$service starts it again."
    ;;
  reload)
    case $service in
      prometheus | alertmanager) runtime_reload "$service" ;;
      *) die "APP: found '$service', expected prometheus or alertmanager" "The others read their settings at a start." ;;
    esac
    say "$service reads its configuration again; its log says whether it accepts it."
    ;;
  freeze)
    runtime_freeze_one "$service"
    say "$service is frozen; make start APP=$service resumes it."
    ;;
  *) die "found '$action', expected restart, reload, stop, kill, freeze or start" ;;
esac
