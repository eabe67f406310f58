# shellcheck shell=bash
# Which runtime: Docker Compose, local processes or a Kubernetes cluster. All define the same functions
# (scripts/runtime/*.sh).
#
# $STATE/runtime names the one that is started, so that every command acts on it.

use_runtime() {
  RUNTIME=$1
  # shellcheck disable=SC1090 # one of three files, each checked by itself
  . "$ROOT/scripts/runtime/$1.sh"
}

# started_runtime: its name, or nothing.
started_runtime() {
  [ ! -f "$STATE/runtime" ] || cat "$STATE/runtime"
}

# use_started_runtime: for commands that need a running stack.
use_started_runtime() {
  local started
  started=$(started_runtime)
  [ -n "$started" ] || die "nothing runs here" "make start_observer starts it."
  use_runtime "$started"
}

# why_unusable RUNTIME: returns 0 and says why, if it cannot run here.
# In a subshell, because all runtimes define the same names.
why_unusable() {
  ! (use_runtime "$1" && runtime_usable)
}

# choose_runtime: for a start. Prints in one line which it chose and why.
choose_runtime() {
  local started reason
  started=$(started_runtime)
  if [ -n "$started" ]; then
    [ "$RUNTIME" = auto ] || [ "$RUNTIME" = "$started" ] ||
      die "the stack was started with RUNTIME=$started" "make stop_observer first, then start it with RUNTIME=$RUNTIME."
    say "Runtime: $started, which is already started."
    use_runtime "$started"
  elif [ "$RUNTIME" = auto ]; then
    choose_by_machine
  else
    if reason=$(why_unusable "$RUNTIME"); then
      die "RUNTIME=$RUNTIME cannot run here: $reason" "make doctor says more."
    fi
    say "Runtime: $RUNTIME, as requested."
    use_runtime "$RUNTIME"
  fi
}

choose_by_machine() {
  local no_compose no_local
  if ! no_compose=$(why_unusable compose); then
    say "Runtime: Docker Compose (RUNTIME=local would run the same stack as local processes)."
    use_runtime compose
  elif ! no_local=$(why_unusable local); then
    say "Runtime: local processes, because Docker Compose cannot run here: $no_compose."
    use_runtime local
  else
    die "neither runtime can run here" "compose: $no_compose" "local: $no_local" "make doctor says more."
  fi
}

# remember_runtime: called before anything is started, so that an interrupted start can be stopped.
# $STATE/used/ also keeps stopped ones: they have data to clean.
remember_runtime() {
  mkdir -p "$STATE/used"
  touch "$STATE/used/$RUNTIME"
  say "$RUNTIME" >"$STATE/runtime"
}

forget_runtime() {
  rm -f "$STATE/runtime"
}

# revision: of the source, for the images that are built.
revision() {
  git -C "$ROOT" describe --always --dirty 2>/dev/null || echo unknown
}

# load_detail: the text of the background load's step.
load_detail() {
  say "$RATE requests/s for $DURATION, in the background"
}

# export_addresses: for programs that talk to the running stack.
export_addresses() {
  export OBSERVER_APP_URL=http://127.0.0.1:$APP_PORT
  export OBSERVER_BETA_URL=http://127.0.0.1:$BETA_PORT
  export OBSERVER_APP_CONTROL_URL=http://127.0.0.1:$APP_CONTROL_PORT
  export OBSERVER_BETA_CONTROL_URL=http://127.0.0.1:$BETA_CONTROL_PORT
  export OBSERVER_CONTROL_TOKEN=$CONTROL_TOKEN
  export OBSERVER_PAGER_URL=http://127.0.0.1:$PAGER_PORT
  export OBSERVER_CONSOLE_URL=http://127.0.0.1:$CONSOLE_PORT
  export OBSERVER_PROMETHEUS_URL=http://127.0.0.1:$PROMETHEUS_PORT
  export OBSERVER_ALERTMANAGER_URL=http://127.0.0.1:$ALERTMANAGER_PORT
}

# console_links: the addresses that the console links to, NAME=URL with commas between.
console_links() {
  local links=() service
  for service in app beta pager alertmanager prometheus grafana; do
    links+=("$service=http://127.0.0.1:$(port_of "$service")")
  done
  for service in app beta; do
    links+=("faults of $service=http://127.0.0.1:$(control_port_of "$service")")
  done
  local IFS=,
  say "${links[*]}"
}

# check_service TARGET NAME: TARGET is the make target that takes the name.
check_service() {
  case " $SERVICES " in
    *" ${2:-?} "*) ;;
    *) die "APP: found '$2', expected one of: $SERVICES" "For example: make $1 APP=beta" ;;
  esac
}
