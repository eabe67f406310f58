# shellcheck shell=bash
# The process manager of the local runtime: supervisor, with local/supervisord.conf.

# A socket's path may have about 100 characters, to which supervisor adds some; a deep clone has more.
SUPERVISOR_SOCKET=$RUN/supervisor.sock
if [ ${#SUPERVISOR_SOCKET} -gt 90 ]; then
  SUPERVISOR_SOCKET=$OUTSIDE/supervisor.sock
fi

# supervised MODULE ARGUMENT...: the daemon or its client, with what the configuration file expands.
supervised() {
  LOGS=$LOGS SUPERVISOR_SOCKET=$SUPERVISOR_SOCKET \
    supervisor "$1" --configuration "$ROOT/local/supervisord.conf" "${@:2}"
}

supervisorctl() {
  supervised supervisorctl "$@"
}

start_manager() {
  make_parent "$SUPERVISOR_SOCKET" && supervised supervisord --pidfile="$RUN/supervisord.pid" || return 1
  local tenth
  for tenth in {1..100}; do
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

# stop_manager: it stops all services, the database last. Its process is looked for by its command line, because a
# pid also belongs to a dead process that nobody has reaped, as in containers without an init.
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

# our_processes: the pids of what runs from this folder, known by the paths on their command lines. A user's shell
# whose text names such a path is not ours.
our_processes() {
  local pid line
  command_lines | while read -r pid line; do
    case $line in
      *"sh -c "*) ;;
      "$OBSERVER "* | *" $RUN/"* | *"=$RUN/"* | *" -D $DATABASE "* | *" $ROOT/local/run.sh "*) say "$pid" ;;
    esac
  done
}

# end_our_processes: asks them to stop, and makes sure after ten seconds.
end_our_processes() {
  local tenth left
  for tenth in {0..99}; do
    left=$(our_processes)
    [ -n "$left" ] || return 0
    # Again each second, for a script may have started another meanwhile.
    # shellcheck disable=SC2086 # one word a process
    [ $((tenth % 10)) -ne 0 ] || ask_to_stop $left
    sleep 0.1
  done
  # shellcheck disable=SC2086
  kill -KILL $left 2>/dev/null || true
}

# ask_to_stop PID...: SIGTERM for all, and SIGINT for Postgres, which after SIGTERM waits until its clients have left.
ask_to_stop() {
  kill -TERM "$@" 2>/dev/null || true
  kill -INT "$@" 2>/dev/null || true
}

recover() {
  local left
  left=$(our_processes)
  if [ -n "$left" ]; then
    say "  An earlier stack lost its manager: ending its $(wc -l <<<"$left" | tr -d ' ') processes."
    end_our_processes
  fi
  # With all processes gone, these would only mislead.
  rm -f "$RUN/supervisord.pid" "$SUPERVISOR_SOCKET" "$DATABASE/postmaster.pid"
}
