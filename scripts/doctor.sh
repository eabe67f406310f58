#!/usr/bin/env bash
# Checks the machine: what is missing or in the way, and how to fix it; with KUBE_CONTEXT or RUNTIME=kubernetes, the cluster
# as well. Changes nothing. Exits with 1 if the stack cannot start here.
#
#   make doctor

# shellcheck source=scripts/lib/common.sh
. "$(dirname "$0")/lib/common.sh"
usage_if_asked "$@"

# finding MARK NAME VALUE [FIX]
finding() {
  printf '  %-4s%-15s%s\n' "$1" "$2" "$3"
  [ $# -lt 4 ] || printf '  %-19s-> %s\n' '' "$4"
}

ok() { finding ok "$@"; }
no() { finding NO "$@"; }
note() { finding - "$@"; }

# --- The machine ---

check_machine() {
  say "Machine"
  check_folder
  check_memory
  check_disk
  check_ports
}

check_folder() {
  if [ -w "$ROOT" ] && { [ ! -e "$STATE" ] || [ -w "$STATE" ]; }; then
    ok folder "$ROOT can be written to"
  else
    no folder "$ROOT cannot be written to" "sudo chown -R $(id -un) '$ROOT'"
  fi
}

check_memory() {
  local free
  if [ -r /proc/meminfo ]; then
    free=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
    if [ "$free" -ge 1024 ]; then
      ok memory "$free MB are free"
    else
      no memory "$free MB are free, 1024 are needed to build and run" "close other programs"
    fi
  fi
}

check_disk() {
  local free
  free=$(df -Pk "$ROOT" | awk 'NR == 2 { print int($4 / 1024) }')
  if [ "$free" -ge 4096 ]; then
    ok disk "$free MB are free"
  else
    no disk "$free MB are free, 4096 are needed for builds, tools and metrics" "free space on the disk of $ROOT"
  fi
}

check_ports() {
  local started service name port free=yes
  started=$(started_runtime)
  if [ -n "$started" ]; then
    ok ports "held by the stack itself, started with RUNTIME=$started"
    return
  fi
  for service in $SERVICES_WITH_PORT; do
    for name in $(port_settings "$service"); do
      port=${!name}
      if port_answers "$port"; then
        free=no
        no "port $port" "$service needs it; held by $(port_holder "$port")" "stop that, or set $name in .env"
      fi
    done
  done
  [ "$free" = no ] || ok ports "all free"
}

# --- Docker Compose ---

# check_compose: returns 1 if Compose cannot run, 2 if it has to pull images first, which may fail.
check_compose() {
  local reason missing
  say "Docker Compose (RUNTIME=compose)"
  if reason=$(compose_finds_engine); then
    ok engine "$(docker version --format '{{.Server.Version}}')"
  else
    no engine "$reason" "if Docker is not installed: https://docs.docker.com/engine/install/"
    return 1
  fi
  if reason=$(compose_finds_version); then
    ok compose "$(docker compose version --short)"
  else
    no compose "$reason" "install the plugin: https://docs.docker.com/compose/install/linux/"
    return 1
  fi
  missing=$(compose_missing_images)
  if [ -z "$missing" ]; then
    ok images "all present"
  else
    note images "to be pulled: $(tr '\n' ' ' <<<"$missing")"
    return 2
  fi
}

# --- Local processes ---

check_local() {
  say "Local processes (RUNTIME=local)"
  check_cargo
  check_tool postgres "$(postgres_bin)/postgres" postgresql
  check_tool prometheus "$(tool_path prometheus)" prometheus
  check_tool alertmanager "$(tool_path alertmanager)" prometheus-alertmanager
  check_supervisor
  check_load_tool
  check_grafana
}

check_cargo() {
  if [ -n "${OBSERVER_BINARY:-}" ]; then
    ok observer "$OBSERVER_BINARY, not built"
  elif command -v cargo >/dev/null; then
    ok cargo "$(cargo --version), $(command -v cargo)"
  else
    no cargo "not on the PATH" "install Rust: https://rustup.rs"
  fi
}

# check_tool NAME PATH PACKAGE
check_tool() {
  if [ -x "$2" ]; then
    ok "$1" "$(version_of "$2"), $2"
  elif can_fetch_packages; then
    note "$1" "missing; will be fetched from the distribution's packages into .observer/"
  else
    no "$1" "missing" "$(how_to_install "$3")"
  fi
}

# version_of PROGRAM: the first number with a dot that it prints when asked for its version.
version_of() {
  "$1" --version 2>&1 | grep -Eo '[0-9]+(\.[0-9]+)+' | head -n 1
}

check_supervisor() {
  if supervisor_works; then
    ok supervisor "$(supervisor supervisord --version)"
  elif python3 -m pip --version >/dev/null 2>&1; then
    note supervisor "missing; will be fetched from PyPI into .observer/"
  else
    check_tool supervisor '' supervisor
  fi
}

check_load_tool() {
  local tool
  if tool=$(load_tool); then
    ok load "$tool"
  else
    note load "neither vegeta nor trunks found; cargo will build trunks (2 minutes)"
  fi
}

check_grafana() {
  if has_grafana; then
    ok grafana "$(version_of "$(tool_path grafana)"), $(tool_path grafana)"
  else
    note grafana "not on the PATH; the stack runs without it" "the console draws its dashboards"
  fi
}

# --- The verdict ---

# wants_kubernetes: whether make start_observer would start it in a cluster.
wants_kubernetes() {
  local started
  started=$(started_runtime)
  [ "${started:-$RUNTIME}" = kubernetes ]
}

# check_choice COMPOSE KUBERNETES: with the results of check_compose and check_kubernetes.
check_choice() {
  local answer
  say
  if [ "$1" -eq 2 ] && [[ $RUNTIME == auto || $RUNTIME == compose ]]; then
    say "make start_observer would use Docker Compose if these images can be pulled (auto: else local processes)."
  elif wants_kubernetes && [ "$2" -ne 0 ]; then
    say "make start_observer would fail: see Kubernetes above."
    return 1
  elif answer=$(choose_runtime 2>&1); then
    say "make start_observer would choose:"
    say "  $answer"
  else
    say "make start_observer would fail:"
    say "  $answer"
    return 1
  fi
}

check_machine
compose=0 kubernetes=0
(use_runtime compose && check_compose) || compose=$?
(use_runtime local && check_local)
if [ -n "$KUBE_CONTEXT" ] || wants_kubernetes; then
  (use_runtime kubernetes && check_kubernetes) || kubernetes=$?
fi
check_choice "$compose" "$kubernetes"
