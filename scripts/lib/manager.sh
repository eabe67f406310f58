# shellcheck shell=bash
# The process manager: supervisor. It keeps the services of the local runtime, and the port-forwards of the Kubernetes
# runtime. A runtime defines
#
#   MANAGER_CONFIGURATION    the file of supervisor
#   owns_process LINE        whether this command line is that of one of its processes, besides those with a path in $RUN

# A socket's path may have about 100 characters, to which supervisor adds some; a deep clone has more.
SUPERVISOR_SOCKET=$RUN/supervisor.sock
if [ ${#SUPERVISOR_SOCKET} -gt 90 ]; then
  SUPERVISOR_SOCKET=$OUTSIDE/supervisor.sock
fi

# supervised MODULE ARGUMENT...: runs the daemon or its client with the variables that the configuration file expands.
supervised() {
  LOGS=$LOGS SUPERVISOR_SOCKET=$SUPERVISOR_SOCKET \
    supervisor "$1" --configuration "$MANAGER_CONFIGURATION" "${@:2}"
}

supervisorctl() {
  supervised supervisorctl "$@"
}

start_manager() {
  make_parent "$SUPERVISOR_SOCKET" && supervised supervisord --pidfile="$RUN/supervisord.pid" || return 1
  local deadline=$((SECONDS + PATIENCE))
  while [ "$SECONDS" -lt "$deadline" ]; do
    ! manager_answers || return 0
    sleep 0.1
  done
  say "supervisor does not answer"
  cat "$LOGS/supervisord.log"
  return 1
}

manager_answers() {
  [ -S "$SUPERVISOR_SOCKET" ] && supervisorctl pid >/dev/null 2>&1
}

# stop_manager: the manager stops all services, the database last. Its process is found by its command line: its pid stays
# taken while nobody reaps it, as in containers without an init.
stop_manager() {
  supervisorctl shutdown
  while [[ $(command_lines) == *" --pidfile=$RUN/supervisord.pid"* ]]; do
    sleep 0.1
  done
}

# service_states: "NAME STATE ..." of every service; nothing where no manager runs.
service_states() {
  # It exits with an error as soon as one service is stopped.
  [ ! -S "$SUPERVISOR_SOCKET" ] || supervisorctl status 2>/dev/null || true
}

# has_state SERVICE PATTERN, e.g. has_state app RUNNING
has_state() {
  grep -Eq "^$1 +($2)" <<<"$(service_states)"
}

# --- What a killed manager leaves behind ---

# our_processes: the pids of the processes of this stack, found by the paths on their command lines. A user's shell whose
# command names such a path is not one of them.
our_processes() {
  local pid line
  command_lines | while read -r pid line; do
    case $line in
      *"sh -c "*) ;;
      *" $RUN/"* | *"=$RUN/"*) say "$pid" ;;
      *) ! owns_process "$line" || say "$pid" ;;
    esac
  done
}

# end_our_processes: asks them to stop, and kills them after ten seconds.
end_our_processes() {
  local tenth left
  for tenth in {0..99}; do
    left=$(our_processes)
    [ -n "$left" ] || return 0
    # Again every second, because a script may have started another one.
    # shellcheck disable=SC2086 # one word a process
    [ $((tenth % 10)) -ne 0 ] || ask_to_stop $left
    sleep 0.1
  done
  # shellcheck disable=SC2086
  kill -KILL $left 2>/dev/null || true
}

# ask_to_stop PID...: SIGTERM, then SIGINT for Postgres, which after SIGTERM waits for its clients to disconnect.
ask_to_stop() {
  kill -TERM "$@" 2>/dev/null || true
  kill -INT "$@" 2>/dev/null || true
}

# end_all: stops the manager and what it keeps, and what an earlier manager has lost.
end_all() {
  local left
  ! manager_answers || stop_manager >/dev/null
  end_our_processes
  left=$(our_processes)
  [ -z "$left" ] || die "these processes do not exit: $left"
}

recover() {
  local left
  left=$(our_processes)
  if [ -n "$left" ]; then
    say "  An earlier stack lost its manager: ending its $(wc -l <<<"$left" | tr -d ' ') processes."
    end_our_processes
  fi
  # Stale once all processes are gone.
  rm -f "$RUN/supervisord.pid" "$SUPERVISOR_SOCKET"
}
