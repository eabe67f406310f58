# shellcheck shell=bash
# The stack as local processes under supervisor (local/supervisord.conf, local/run.sh).

# shellcheck source=scripts/lib/tools.sh
. "$ROOT/scripts/lib/tools.sh"
# shellcheck source=scripts/lib/postgres.sh
. "$ROOT/scripts/lib/postgres.sh"
# shellcheck source=scripts/lib/render.sh
. "$ROOT/scripts/lib/render.sh"
# shellcheck source=scripts/lib/manager.sh
. "$ROOT/scripts/lib/manager.sh"
# shellcheck source=scripts/lib/health.sh
. "$ROOT/scripts/lib/health.sh"

# The services run from a copy, so that a build does not replace a running program.
OBSERVER=$STATE/bin/observer
CONSOLE=$STATE/bin/observer-console
DATABASE_URL=postgres://observer:$POSTGRES_PASSWORD@127.0.0.1:$POSTGRES_PORT/observer
DATABASE=$(database_home)/postgres

MANAGER_CONFIGURATION=$ROOT/local/supervisord.conf

owns_process() {
  case $1 in
    "$OBSERVER "* | "$CONSOLE" | "$CONSOLE "* | *" -D $DATABASE "* | *" $ROOT/local/run.sh "*) return 0 ;;
  esac
  return 1
}

# --- Can it run here? ---

runtime_usable() {
  if [ -n "${OBSERVER_BINARY:-}" ]; then
    [ -x "$OBSERVER_BINARY" ] || {
      say "OBSERVER_BINARY: found '$OBSERVER_BINARY', expected a program"
      return 1
    }
    [ -x "$(console_binary)" ] || {
      say "OBSERVER_BINARY: found no program observer-console beside '$OBSERVER_BINARY'"
      return 1
    }
  elif ! command -v cargo >/dev/null; then
    say "cargo is not on the PATH (install Rust: https://rustup.rs)"
    return 1
  fi
  { postgres_bin && tool_path prometheus && tool_path alertmanager && command -v python3; } >/dev/null && return 0
  can_fetch_packages && return 0
  say "a program is missing: $(how_to_install Postgres, Prometheus, Alertmanager and Python)"
  return 1
}

# console_binary: the console's program as it was built: beside that of the service.
console_binary() {
  say "$(dirname "$(service_binary)")/observer-console"
}

service_binary() {
  say "${OBSERVER_BINARY:-${CARGO_TARGET_DIR:-$ROOT/target}/release/observer}"
}

# --- Start ---

runtime_start() {
  local missing
  # Before the first process starts there is nothing to undo, and running services must keep running.
  undo_needed=no
  fetch_missing
  step build "$(build_detail)" build_observer
  manager_answers || recover_all
  missing=$(services_to_start)
  # shellcheck disable=SC2086 # one word a service
  check_ports_free $missing
  undo_needed=yes
  manager_answers || step manager "supervisor, which restarts processes that die" start_manager
  has_state postgres RUNNING || step cluster "the database's files" prepare_cluster "$DATABASE"
  start_services postgres
  step migrate "the database's schema" migrate
  start_services app beta pager alertmanager prometheus console
  ! has_grafana || start_services grafana
  step targets "Prometheus scrapes all of its targets" wait_for_targets
}

recover_all() {
  recover
  rm -f "$DATABASE/postmaster.pid"
}

# Prints one line for each tool that it fetches.
fetch_missing() {
  local origin="from the distribution's packages"
  mkdir -p "$TOOLS" "$RUN" "$LOGS" "$STATE/bin" "$STATE/load"
  supervisor_works || step fetch "supervisor, the process manager" need_supervisor
  tool_path promtool >/dev/null || step fetch "prometheus, $origin" need_prometheus
  tool_path amtool >/dev/null || step fetch "alertmanager, $origin" need_alertmanager
  if [ "$(database_home)" = "$OUTSIDE" ]; then
    say "  The user $DATABASE_USER has no access to $STATE: Postgres' data is in $OUTSIDE."
  fi
  postgres_bin >/dev/null || step fetch "postgresql, $origin" need_postgres
  load_tool >/dev/null || step fetch "trunks, the load generator: built by cargo (2 minutes)" need_load_tool
}

build_detail() {
  if [ -n "${OBSERVER_BINARY:-}" ]; then
    say "not built: $OBSERVER_BINARY"
  else
    say "cargo build --release (the first time: minutes)"
  fi
}

build_observer() {
  if [ -z "${OBSERVER_BINARY:-}" ]; then
    need_cargo && (cd "$ROOT" && cargo build --release --locked --package observer --package console --bins) || return 1
  fi
  replace_program "$(service_binary)" "$OBSERVER" && replace_program "$(console_binary)" "$CONSOLE"
}

# replace_program FROM TO: renamed into place, because a running program cannot be overwritten.
replace_program() {
  cp "$1" "$2.new" && mv "$2.new" "$2"
}

# services_to_start: those with a port that are not running yet.
services_to_start() {
  local service states
  states=$(service_states)
  for service in $SERVICES_WITH_PORT; do
    [ "$service" != grafana ] || has_grafana || continue
    grep -Eq "^$service +RUNNING" <<<"$states" || say "$service"
  done
}

migrate() {
  # A log file, as every service has one.
  DATABASE_URL=$DATABASE_URL "$OBSERVER" migrate 2>&1 | tee "$LOGS/migrate.log"
}

# start_services NAME...: starts each when the one before is healthy.
start_services() {
  local service
  for service in "$@"; do
    step "$service" "$(url_of "$service")" start_service "$service"
  done
}

start_service() {
  # Fails if it is running already, which is fine.
  supervisorctl start "$1" || true
  wait_until_healthy "$1" && return 0
  say "$1 is not healthy. Its state: $(state_of "$1" "$(service_states)"). Its health check:"
  is_healthy "$1" || true
  say "The end of its log, $LOGS/$1.log:"
  tail -n 8 "$LOGS/$1.log"
  return 1
}

wait_until_healthy() {
  local deadline=$((SECONDS + PATIENCE))
  until is_healthy "$1" 1s 2>/dev/null; do
    # In these states, the manager has given up on it.
    [ "$SECONDS" -lt "$deadline" ] && ! has_state "$1" 'FATAL|EXITED|STOPPED' || return 1
  done
}

# --- Stop ---

runtime_stop() {
  end_all
}

runtime_clean() {
  runtime_stop
  rm -rf "$DATABASE" "$DATABASE.new" "$STATE/pager" "$STATE/prometheus" "$STATE/alertmanager" "$STATE/grafana"
  rm -rf "$LOGS" "$RUN" "$STATE/load"
  [ ! -O "$OUTSIDE" ] || rm -rf "$OUTSIDE"
}

# --- One service ---

runtime_restart() {
  case $1 in
    app | beta | pager | console | migrate) step build "$(build_detail)" build_observer ;;
  esac
  case $1 in
    migrate) step migrate "the database's schema" migrate ;;
    vegeta) step load "$(load_detail)" runtime_load_background "$RATE" "$DURATION" ;;
    *)
      [ "$1" != grafana ] || has_grafana ||
        die "grafana: not on the PATH" "The console draws its dashboards: http://127.0.0.1:$CONSOLE_PORT"
      supervisorctl stop "$1" >/dev/null
      start_services "$1"
      ;;
  esac
}

runtime_stop_one() {
  supervisorctl stop "$1"
}

# The manager restarts a process that dies unless it is stopping it. So the process is suspended, the manager starts to
# stop it, which the process cannot react to, and then it is killed.
runtime_kill_one() {
  local pid
  pid=$(running_pid "$1")
  kill -STOP "$pid"
  supervisorctl stop "$1" >/dev/null &
  until has_state "$1" STOPPING; do
    sleep 0.1
  done
  kill -KILL "$pid"
  wait
}

# The parent first, so that no new child is missed: each connection of Postgres is one.
runtime_freeze_one() {
  local pid
  pid=$(running_pid "$1")
  kill -STOP "$pid"
  # shellcheck disable=SC2046 # a list of words
  kill -STOP "$pid" $(children_of "$pid")
}

# The manager considers a frozen service running: it is resumed.
runtime_start_one() {
  local pid
  if has_state "$1" RUNNING; then
    pid=$(running_pid "$1")
    # shellcheck disable=SC2046
    kill -CONT "$pid" $(children_of "$pid")
  fi
  start_services "$1"
}

runtime_reload() {
  kill -HUP "$(running_pid "$1")"
}

# runtime_prometheus_folder: the configuration that it reads.
runtime_prometheus_folder() {
  say "$RUN/prometheus"
}

# running_pid SERVICE: its pid, from the manager.
running_pid() {
  has_state "$1" RUNNING || die "$1 is not running" "make status lists the services."
  supervisorctl pid "$1"
}

runtime_logs() {
  local log=$LOGS/$1.log
  [ -f "$log" ] || die "$1 has no log yet" "make status lists the services."
  if [ "${2:-}" = -f ]; then
    # By name, because logs are rotated.
    exec tail -n 50 -F "$log"
  fi
  tail -n 200 "$log"
}

# --- Status ---

runtime_status() {
  local service state health states unhealthy=0
  states=$(service_states)
  table_row SERVICE STATE HEALTH ADDRESS
  for service in $SERVICES_WITH_PORT; do
    state=$(state_of "$service" "$states")
    if [ "$service" = grafana ] && ! has_grafana; then
      # Not unhealthy: Grafana is optional.
      table_row grafana missing - "the console draws its dashboards"
      continue
    fi
    if is_healthy "$service" >/dev/null 2>&1; then
      health=healthy
    else
      health=unhealthy
      unhealthy=1
    fi
    table_row "$service" "$state" "$health" "$(url_of "$service")"
  done
  table_row vegeta "$(state_of vegeta "$states")" - "make load"
  return "$unhealthy"
}

# state_of SERVICE STATES: supervisor's name for it, in lower case.
state_of() {
  awk -v name="$1" '$1 == name { state = tolower($2) } END { print state ? state : "stopped" }' <<<"$2"
}

# --- Load ---

runtime_load() {
  supervisorctl stop vegeta >/dev/null
  prepare_load "$1" "$2"
  "$ROOT/local/run.sh" vegeta
  say "The plot: $STATE/load/plot.html"
}

runtime_load_background() {
  supervisorctl stop vegeta >/dev/null
  prepare_load "$1" "$2"
  supervisorctl start vegeta >/dev/null
}

prepare_load() {
  load_tool >/dev/null || step fetch "trunks, the load generator: built by cargo (2 minutes)" need_load_tool
  mkdir -p "$STATE/load"
  say "$1 $2" >"$RUN/load"
}
