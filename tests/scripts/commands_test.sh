# shellcheck shell=bash
# The commands: --help, wrong arguments, and no running stack.

test_every_command_has_help() {
  local script
  for script in scripts/*.sh; do
    succeeds "$script" --help
    says 'make '
    says_not '#'
  done
}

test_make_help_names_every_target() {
  succeeds make
  local target
  while read -r target; do
    says "make $target "
  done < <(sed -n 's/^\([a-z_]*\):.*/\1/p' Makefile)
}

test_unknown_service_is_named() {
  fails make restart APP=gamma
  says "APP: found 'gamma', expected one of: postgres migrate app beta"
}

test_example_names_the_command_that_was_typed() {
  fails make kill APP=gamma
  says 'For example: make kill APP=beta'
}

test_missing_service_is_named() {
  fails make logs
  says "APP: found '', expected one of"
}

test_text_of_a_shell_in_an_argument_is_not_run() {
  fails make restart APP='$(touch ran); touch ran'
  fails make load RATE="1'; touch ran; '"
  [ ! -e ran ]
}

test_commands_that_need_a_stack_say_so() {
  local command
  for command in status load verify verify_restart chaos pictures 'restart APP=beta' 'kill APP=beta' 'freeze APP=beta'; do
    # shellcheck disable=SC2086 # words
    fails make $command
    says 'nothing runs here'
    says 'make start_observer starts it'
  done
}

test_log_that_is_not_there_is_named() {
  fails make logs APP=app
  says 'app has no log yet'
}

test_stop_and_clean_are_harmless_where_nothing_runs() {
  succeeds make stop_observer
  says 'Stopped.'
  succeeds make clean_observer
}

test_second_command_waits_for_the_first() {
  mkdir -p .observer
  # This shell stands in for the first: its command line contains the name of a script.
  bash -c 'sleep 60; :' scripts/start.sh &
  local first=$!
  echo "$first" >.observer/lock
  fails scripts/stop.sh
  kill "$first"
  says "another command is working on this stack (pid $first)"
}

test_lock_of_a_dead_command_is_void() {
  mkdir -p .observer
  echo 999999999 >.observer/lock
  succeeds scripts/stop.sh
}
