# shellcheck shell=bash
# The choice of the runtime, and the checks before a start.

# An engine with Compose v2 and all images, as far as scripts/runtime/compose.sh checks.
fake_docker() {
  fake docker 'case "$*" in' \
    '  "compose version"*) echo 2.30.0 ;;' \
    '  "compose config"*) printf "services:\n  app:\n    image: app\n" ;;' \
    '  *) exit 0 ;;' \
    'esac'
}

no_docker() {
  fake docker 'echo "Cannot connect to the Docker daemon" >&2; exit 1'
}

# The programs that the local runtime looks for.
fake_local_tools() {
  local tool
  for tool in cargo initdb prometheus alertmanager python3; do
    fake "$tool" 'exit 0'
  done
}

chosen() {
  in_scripts 'choose_runtime; echo "chosen: $RUNTIME"'
}

test_auto_takes_compose_where_it_can_run() {
  fake_docker
  fake_local_tools
  succeeds chosen
  says 'Docker Compose'
  says 'chosen: compose'
}

test_auto_takes_local_without_an_engine_and_says_why() {
  no_docker
  fake_local_tools
  succeeds chosen
  says 'Cannot connect to the Docker daemon'
  says 'chosen: local'
  equals "$(wc -l <<<"$output" | tr -d ' ')" 2
}

test_runtime_that_was_asked_for_is_not_replaced() {
  no_docker
  fake_local_tools
  RUNTIME=compose fails chosen
  says 'RUNTIME=compose cannot run here'
  says 'Cannot connect to the Docker daemon'
}

test_commands_act_on_the_runtime_that_was_started() {
  fake_docker
  mkdir -p .observer
  echo local >.observer/runtime
  succeeds chosen
  says 'chosen: local'
}

test_other_runtime_is_refused_while_one_runs() {
  mkdir -p .observer
  echo local >.observer/runtime
  RUNTIME=compose fails chosen
  says 'the stack was started with RUNTIME=local'
  says 'make stop_observer first'
}

test_taken_port_is_named_with_its_setting() {
  local port=$((20000 + RANDOM % 10000))
  python3 -c "
import socket, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', $port)); s.listen()
time.sleep(30)" &
  local holder=$!
  until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.1; done
  echo "PAGER_PORT=$port" >.env
  fails in_scripts 'check_ports_free pager'
  kill "$holder"
  says "port $port (pager) is held by python3 (pid $holder)"
  says 'set PAGER_PORT in .env'
}

test_program_that_is_missing_is_named() {
  fake_local_tools
  OBSERVER_BINARY=/nowhere/observer RUNTIME=local fails scripts/start.sh
  says "OBSERVER_BINARY: found '/nowhere/observer', expected a program"
  [ ! -e .observer/runtime ]
}

test_console_that_is_missing_beside_the_service_is_named() {
  fake_local_tools
  fake observer 'exit 0'
  OBSERVER_BINARY=$sandbox/bin/observer RUNTIME=local fails scripts/start.sh
  says "OBSERVER_BINARY: found no program observer-console beside '$sandbox/bin/observer'"
}

test_processes_of_a_lost_manager_are_found_with_and_without_arguments() {
  local program
  for program in '$CONSOLE' '$OBSERVER serve'; do
    equals "$(in_scripts "use_runtime local
      command_lines() { echo \"1 $program\"; echo \"2 /bin/sh -c \$CONSOLE\"; echo '3 other'; }
      our_processes")" 1
  done
}
